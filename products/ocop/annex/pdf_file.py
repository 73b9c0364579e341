"""The tables of a PDF file with text and ruled lines."""

import io
from collections import Counter

import pdfplumber
from pdfminer.pdfdocument import PDFEncryptionError, PDFPasswordIncorrect
from pdfplumber.utils.exceptions import PdfminerException
from pdfplumber.utils.text import extract_text

from .grids import MAX_CELLS, Grid, grid_of, joined
from .refusals import PASSWORD, SCAN, AnnexRefused, gettext_noop

MAX_PAGES = 100
# Points (1/72 inch) by which the lines of one edge may differ.
_SNAP = 3


def pdf_grids(content, annex):
    """Return the Grids of a PDF file with text; adds a warning to the Annex for scanned pages."""
    grids, scanned = [], []
    try:
        with pdfplumber.open(io.BytesIO(content)) as document:
            if len(document.pages) > MAX_PAGES:
                raise AnnexRefused(gettext_noop("Tệp có hơn %(most)d trang."), most=MAX_PAGES)
            for page in document.pages:
                if len(page.chars) > MAX_CELLS:
                    raise AnnexRefused(gettext_noop("Trang quá lớn."))
                if not page.chars and page.images:
                    scanned.append(page.page_number)
                grids += _page_grids(page)
                page.close()
    except PdfminerException as error:
        cause = error.args[0] if error.args else None
        if isinstance(cause, PDFPasswordIncorrect | PDFEncryptionError):
            raise AnnexRefused(PASSWORD) from None
        raise
    if scanned and not grids:
        raise AnnexRefused(SCAN)
    if scanned:
        message = gettext_noop("Trang %(pages)s là ảnh quét, không đọc được.")
        annex.warnings.append((message, {"pages": ", ".join(map(str, scanned))}))
    return grids


def _page_grids(page):
    lines = page.extract_text_lines(return_chars=False)
    above = 0
    ends = {"explicit_horizontal_lines": _ends_of_vertical_lines(page)}
    for table in sorted(page.find_tables(ends), key=lambda table: table.bbox[1]):
        xs = _clusters([x for x0, _top, x1, _bottom in table.cells for x in (x0, x1)])
        ys = _clusters([y for _x0, top, _x1, bottom in table.cells for y in (top, bottom)])
        chars = [char for char in page.chars if _inside(char, table.bbox)]
        regions = []
        for x0, top, x1, bottom in table.cells:
            text = _pdf_text([char for char in chars if _inside(char, (x0, top, x1, bottom))])
            row, below, column, beyond = (
                _index(edges, at) for edges, at in ((ys, top), (ys, bottom), (xs, x0), (xs, x1))
            )
            regions.append((text, row, below, column, beyond))
        height = len(ys) - 1
        yield Grid(
            grid_of(regions, height, len(xs) - 1),
            [f"trang {page.page_number}, dòng {row + 1}" for row in range(height)],
            caption=" ".join(
                line["text"] for line in lines if above <= line["top"] < table.bbox[1]
            )[-400:],
            edges=tuple(xs),
        )
        above = table.bbox[3]


def _ends_of_vertical_lines(page):
    """The y coordinates between which vertical lines extend, as blocks that do not overlap.

    A row that continues on the next page may have no line at the end of the page; without one, no
    cell would be found there, and its text would be lost.
    """
    blocks = []
    vertical = [edge for edge in page.edges if edge["orientation"] == "v"]
    for edge in sorted(vertical, key=lambda edge: edge["top"]):
        if blocks and edge["top"] <= blocks[-1][1] + _SNAP:
            blocks[-1][1] = max(blocks[-1][1], edge["bottom"])
        else:
            blocks.append([edge["top"], edge["bottom"]])
    return [end for block in blocks for end in block]


def _clusters(values):
    """The distinct values, those within _SNAP of each other as one."""
    found = []
    for value in sorted(values):
        if not found or value - found[-1] > _SNAP:
            found.append(value)
    return found


def _index(edges, value):
    return min(range(len(edges)), key=lambda index: abs(edges[index] - value))


def _inside(char, box):
    x, y = (char["x0"] + char["x1"]) / 2, (char["top"] + char["bottom"]) / 2
    return box[0] <= x < box[2] and box[1] <= y < box[3]


def _pdf_text(chars):
    if not chars:
        return ""
    usual = Counter(round(char["size"], 1) for char in chars).most_common(1)[0][0]
    full = [char for char in chars if char["size"] > 0.9 * usual]

    def is_raised(char):
        # The mark of a footnote: smaller than the text around it, and above its baseline.
        return char["size"] <= 0.9 * usual and any(
            other["top"] <= char["bottom"] < other["bottom"] - 0.1 * usual
            and abs(other["x1"] - char["x0"]) < usual
            for other in full
        )

    text = extract_text(
        [char for char in chars if not is_raised(char)], x_tolerance=usual * 0.2, y_tolerance=3
    )
    return joined(text.split("\n"))
