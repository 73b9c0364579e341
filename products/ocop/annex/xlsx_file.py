"""The tables of a XLSX file."""

import io
import warnings

import openpyxl

from .grids import MAX_CELLS, Grid, grid_of, joined
from .refusals import AnnexRefused, gettext_noop


def xlsx_grids(content):
    """Return the Grids of a XLSX file, one for each visible sheet."""
    with warnings.catch_warnings():
        # Of openpyxl, about extensions that it leaves out.
        warnings.simplefilter("ignore")
        book = openpyxl.load_workbook(io.BytesIO(content), data_only=True, keep_links=False)
        grids = [
            _sheet_grid(sheet, len(book.worksheets) > 1)
            for sheet in book.worksheets
            if sheet.sheet_state == "visible"
        ]
    return [grid for grid in grids if grid.rows]


def _sheet_grid(sheet, named):
    filled = {
        (row, column): text
        for (row, column), cell in sheet._cells.items()
        if (text := _value_text(cell.value))
    }
    if not filled:
        return Grid([], [])
    height = max(row for row, _column in filled)
    width = max(column for _row, column in filled)
    if height * width > MAX_CELLS:
        raise AnnexRefused(gettext_noop("Trang tính quá lớn."))
    regions, merged = [], set()
    for area in sheet.merged_cells.ranges:
        corner = (area.min_row, area.min_col)
        text = filled.pop(corner, "")
        merged.add(corner)
        below, beyond = min(area.max_row, height), min(area.max_col, width)
        regions.append((text, area.min_row - 1, below, area.min_col - 1, beyond))
    regions += [(text, row - 1, row, column - 1, column) for (row, column), text in filled.items()]
    where = f"trang tính {sheet.title}, " if named else ""
    places = [f"{where}dòng {row}" for row in range(1, height + 1)]
    return Grid(grid_of(regions, height, width), places)


def _value_text(value):
    if value is None or isinstance(value, bool):
        return ""
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else repr(round(value, 6))
    return joined(str(value).split("\n"))
