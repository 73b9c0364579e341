"""Excel workbooks (XLSX)."""

import datetime
import itertools
import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import xlsxwriter
from django.db.models import Field
from django.utils import timezone
from django.utils.translation import gettext as _

from geodata.property_types import ScalarKind, code_titles, property_type

from .export import ABOUT_TITLES, Export

# Excel's limits of rows in a sheet and characters in a cell.
SHEET_ROWS = 1_048_576
CELL_CHARACTERS = 32_767
# Widths of columns in characters; longer text takes several lines.
NARROWEST, WIDEST = 6, 30
# Heights of rows in points; a heading is wrapped, and a very long text is cut on the screen.
LINE_HEIGHT, HEADING_LINES, CELL_LINES = 15, 4, 10
# Excel's codes of paper sizes, and the longest line that is readable on A4, in characters.
A3, A4, WIDEST_ON_A4 = 8, 9, 200
# Width of the column of codes in the dictionary, in characters.
DICTIONARY_WIDTH = 70


def write_xlsx(export: Export, path: Path) -> None:
    """Write an Export to that path as a workbook: sheets of rows, then a sheet about the columns.

    Cells hold the codes; beside each column of text codes is one with their titles. The last sheet
    lists for each column its title, API name, type and codes, then the metadata of the file.
    """
    with xlsxwriter.Workbook(
        path,
        # Rows are written to a temporary file beside it as they arrive, not collected in memory.
        {"constant_memory": True, "tmpdir": str(path.parent)},
    ) as book:
        book.set_properties({"title": export.about["title"], "comments": export.description()})
        formats = _Formats(book)
        columns = _sheet_columns(export)
        # Widths of columns are known only when the sheet is full.
        rows = export.table_rows()
        # One row is read ahead, so that a full sheet is not followed by an empty one.
        ahead = list(itertools.islice(rows, 1))
        for number in itertools.count(1):
            name = _("Dữ liệu %d") % number if number > 1 else _("Dữ liệu")
            sheet = _add_table(book, name, columns, formats)
            lines = 0
            here = itertools.chain(ahead, itertools.islice(rows, SHEET_ROWS - 1 - len(ahead)))
            for lines, row in enumerate(here, start=1):
                cells = [column.value_in(row) for column in columns]
                _set_height(sheet, lines, cells, WIDEST)
                for at, value in enumerate(cells):
                    _write_cell(sheet, lines, at, value, formats)
            _set_layout(sheet, columns, lines)
            ahead = list(itertools.islice(rows, 1))
            if not ahead:
                break
        _write_dictionary(book.add_worksheet(_("Giải thích")), columns, export.about, formats)


class _Formats:
    """Cell formats, all aligned to the top, because a long text takes several lines."""

    def __init__(self, book):
        self.bold = book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
        self.value = book.add_format({"valign": "top"})
        self.long = book.add_format({"valign": "top", "text_wrap": True})
        self.day = book.add_format({"valign": "top", "num_format": "yyyy-mm-dd"})
        self.datetime = book.add_format({"valign": "top", "num_format": "yyyy-mm-dd hh:mm:ss"})


@dataclass
class _Column:
    """A column of a sheet.

    title: the heading. name: API name of the property, "" for a column of titles.
    position: index of its value in Export.table_rows(). kind: model field of the values.
    codes: code → title, for a column that displays titles instead of codes.
    width: of the widest cell so far, in characters.
    """

    title: str
    name: str
    kind: Field
    position: int
    codes: Mapping | None = None
    width: int = NARROWEST

    def __post_init__(self):
        # A heading is wrapped between words; three characters are for the arrow of the filter.
        self.widen(max(map(len, self.title.split()), default=0) + 3)

    def value_in(self, row):
        """Return the value of this column in a row of Export.table_rows(), and widen to fit it."""
        value = row[self.position]
        if self.codes is not None:
            value = self.codes.get(value)
        if value is not None and (characters := _characters(value)) > self.width:
            self.widen(characters)
        return value

    def widen(self, characters):
        self.width = max(self.width, min(characters, WIDEST))


def _characters(value):
    """Return how many characters a cell displays."""
    if isinstance(value, str):
        return len(value)
    return len("2025-06-30 00:00:00" if isinstance(value, datetime.datetime) else str(value))


def _sheet_columns(export):
    """Return the columns of the export, each column of text codes followed by one of titles."""
    columns = []
    for position, (name, title, kind) in enumerate(export.columns):
        columns.append(_Column(title, name, kind, position))
        # The title of a number, as of stars, contains nothing more than the number.
        if kind.choices and property_type(kind).scalar_kind != ScalarKind.NUMBER:
            heading = _("%s (diễn giải)") % title
            codes = code_titles(kind)
            columns.append(_Column(heading, "", kind, position, codes=codes))
    return columns


def _add_table(book, name, columns, formats):
    """Add a sheet whose heading row stays in view and is printed on every page."""
    sheet = book.add_worksheet(name)
    sheet.freeze_panes(1, 0)
    sheet.repeat_rows(0)
    _set_page_layout(sheet)
    # At most one line for each word of a heading.
    words = max(len(column.title.split()) for column in columns)
    sheet.set_row(0, LINE_HEIGHT * min(words, HEADING_LINES))
    _write_texts(sheet, 0, [column.title for column in columns], formats.bold)
    return sheet


def _set_page_layout(sheet):
    """Print in landscape, one page wide, with sheet name and page number in the footer."""
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
    sheet.set_footer("&L&A&R&P / &N")


def _set_height(sheet, line, texts, width):
    """Set the height of a row whose longest text takes several lines of that width.

    width: in characters. Programs that do not adjust row heights themselves would print the lines
    over the next row.
    """
    longest = max((len(text) for text in texts if isinstance(text, str)), default=0)
    if longest > width:
        sheet.set_row(line, LINE_HEIGHT * min(math.ceil(longest / width), CELL_LINES))


def _set_layout(sheet, columns, lines):
    """Set what depends on all rows of a sheet: column widths, paper size, filter range."""
    for at, column in enumerate(columns):
        sheet.set_column(at, at, column.width + 2)
    wide = sum(column.width for column in columns) > WIDEST_ON_A4
    sheet.set_paper(A3 if wide else A4)
    sheet.autofilter(0, 0, max(lines, 1), len(columns) - 1)


def _write_texts(sheet, line, texts, style=None):
    for column, text in enumerate(texts):
        sheet.write_string(line, column, str(text), style)


def _write_cell(sheet, line, column, value, formats):
    """Write a value by its Python type, so that no text becomes a formula, a link or a number."""
    if isinstance(value, datetime.datetime):
        # Excel has no time zones; the dictionary states which one the column is in.
        sheet.write_datetime(line, column, timezone.make_naive(value), formats.datetime)
    elif isinstance(value, datetime.date) and value.year >= 1900:
        sheet.write_datetime(line, column, value, formats.day)
    elif isinstance(value, bool):
        sheet.write_boolean(line, column, value, formats.value)
    elif isinstance(value, int | float):
        sheet.write_number(line, column, value, formats.value)
    elif value is not None:
        text = str(value)
        cut = len(text) > CELL_CHARACTERS
        text = text[: CELL_CHARACTERS - 1] + "…" if cut else text
        style = formats.long if len(text) > WIDEST else formats.value
        sheet.write_string(line, column, text, style)


def _write_dictionary(sheet, columns, about, formats):
    _set_page_layout(sheet)
    sheet.set_paper(A4)
    sheet.set_column(0, 1, 30)
    sheet.set_column(2, 2, 25)
    sheet.set_column(3, 3, DICTIONARY_WIDTH)
    lines = itertools.count()
    headings = [_("Cột"), _("Tên trong API"), _("Kiểu"), _("Giá trị")]
    _write_texts(sheet, next(lines), headings, formats.bold)
    for column in columns:
        known = code_titles(column.kind).items()
        codes = "; ".join(f"{code}: {text}" for code, text in known)
        if column.codes is not None:
            codes = _("Nghĩa của mã ở cột bên trái")
        line = next(lines)
        _set_height(sheet, line, [codes], DICTIONARY_WIDTH)
        texts = [column.title, column.name, str(property_type(column.kind).label), codes]
        _write_texts(sheet, line, texts, formats.long)
    next(lines)
    for name, text in about.items():
        line = next(lines)
        _set_height(sheet, line, [text], DICTIONARY_WIDTH)
        sheet.write_string(line, 0, str(ABOUT_TITLES[name]), formats.bold)
        sheet.write_string(line, 3, text, formats.long)
