"""The tables of a DOCX file."""

import io
import re

import docx

from .grids import MAX_CELLS, Grid, grid_of, joined
from .refusals import AnnexRefused, gettext_noop

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
# Elements whose content is displayed in the place of the element itself.
_WRAPPERS = {_W + name for name in ("sdt", "sdtContent", "ins", "moveTo", "smartTag", "customXml")}


def docx_grids(content):
    """Return the Grids of a DOCX file."""
    body = docx.Document(io.BytesIO(content)).element.body
    grids, caption = [], []
    for element in _unwrapped(body):
        if element.tag == _W + "p":
            if text := joined(_paragraph(element).split("\n")):
                caption.append(text)
        elif element.tag == _W + "tbl":
            tables = [element, *element.iter(_W + "tbl")][1:]
            for number, table in enumerate(tables):
                above = " ".join(caption[-4:]) if number == 0 else ""
                rows = _docx_rows(table)
                places = [f"bảng {len(grids) + 1}, dòng {row + 1}" for row in range(len(rows))]
                grids.append(Grid(rows, places, above))
            caption = []
    return grids


def _unwrapped(parent):
    for element in parent:
        if element.tag in _WRAPPERS:
            yield from _unwrapped(element)
        else:
            yield element


def _docx_rows(table):
    rows, width = [], 0
    open_cells = {}
    regions = []
    for tr in _unwrapped(table):
        if tr.tag != _W + "tr":
            continue
        top = len(rows)
        rows.append(tr)
        column = _number(tr.find(f"{_W}trPr/{_W}gridBefore"), 0)
        for tc in _unwrapped(tr):
            if tc.tag != _W + "tc":
                continue
            properties = tc.find(_W + "tcPr")
            span, merge = 1, None
            if properties is not None:
                span = min(_number(properties.find(_W + "gridSpan"), 1), 100)
                merge = properties.find(_W + "vMerge")
            if merge is not None and merge.get(_W + "val") != "restart" and column in open_cells:
                open_cells[column][2] = top + 1
            else:
                region = [_cell_text(tc), top, top + 1, column, column + span]
                regions.append(region)
                open_cells[column] = region
            column += span
            width = max(width, column)
        # A cell that has ended cannot be continued by a later row.
        open_cells = {at: one for at, one in open_cells.items() if one[2] == top + 1}
    if len(rows) * width > MAX_CELLS:
        raise AnnexRefused(gettext_noop("Bảng quá lớn."))
    return grid_of(regions, len(rows), width)


def _number(element, otherwise):
    text = "" if element is None else element.get(_W + "val") or ""
    return int(text) if re.fullmatch(r"[0-9]{1,4}", text) else otherwise


def _cell_text(tc):
    lines = []
    for element in _unwrapped(tc):
        if element.tag != _W + "p":
            continue
        text = _paragraph(element)
        if not text.strip() and element.find(f"{_W}pPr/{_W}numPr") is not None:
            # An automatic number, as Word writes in the first column.
            text = "#"
        lines += text.split("\n")
    return joined(lines)


def _paragraph(paragraph):
    """The text of a paragraph, without deleted text and without the marks of footnotes."""
    parts = []
    for run in paragraph.iter(_W + "r"):
        raised = run.find(f"{_W}rPr/{_W}vertAlign")
        if raised is not None and raised.get(_W + "val") == "superscript":
            continue
        for element in run:
            if element.tag == _W + "t":
                parts.append(element.text or "")
            elif element.tag == _W + "tab":
                parts.append(" ")
            elif element.tag in (_W + "br", _W + "cr"):
                parts.append("\n")
            elif element.tag == _W + "noBreakHyphen":
                parts.append("-")
    return "".join(parts)
