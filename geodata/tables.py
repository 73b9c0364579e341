"""Formats of django-import-export that read a table row by row: XLSX, CSV and GeoJSON.

tablib, which the library uses otherwise, would hold all rows in memory. Cells become text, as
people see it, so that a column is parsed in one way whatever the file.
"""

import csv
import datetime
import io
import json
import re
import unicodedata
from collections.abc import Callable, Iterator
from itertools import count
from typing import Any, BinaryIO

from django.core.exceptions import ValidationError
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from import_export.formats.base_formats import Format

MAX_ROWS = 100_000
MAX_COLUMNS = 200
# Of the JSON text of one feature; a point with its properties has less than a kilobyte.
MAX_FEATURE_CHARACTERS = 1_000_000
# The heading of the pseudo-column with the line of a row; no file has it.
LINE = "\0line"
# Headings of the coordinates of GeoJSON features.
LATITUDE, LONGITUDE = "Vĩ độ", "Kinh độ"

# What our exports put before text that a spreadsheet would take for a formula.
_NEUTRALISED = re.compile(r"'(?=[=+\-@\t\r\n])")
_ERRORS = re.compile(r"#(?:N/A|REF!|VALUE!|DIV/0!|NAME\?|NUM!|NULL!)")


class Table:
    """The rows of a file, for Resource.import_data(): `headers`, the number of rows, the rows.

    headers: LINE, then the headings of the file. rows: function that returns an iterator over
    (line, cells as text), without empty rows; called once for each iteration.
    """

    def __init__(
        self,
        headings: list[str],
        count: int,
        rows: Callable[[], Iterator[tuple[int, list[str]]]],
    ):
        if count > MAX_ROWS:
            raise ValidationError(
                _("Tệp có %(rows)s dòng; mỗi lần nhập nhiều nhất %(most)s dòng. Hãy chia tệp.")
                % {"rows": _grouped(count), "most": _grouped(MAX_ROWS)}
            )
        if not any(headings):
            raise ValidationError(_("Tệp không có dòng tiêu đề cột."))
        if len(headings) > MAX_COLUMNS:
            raise ValidationError(_("Tệp có quá %d cột.") % MAX_COLUMNS)
        twice = {one for one in headings if one and headings.count(one) > 1}
        if twice:
            raise ValidationError(_("Hai cột cùng tiêu đề “%s”.") % "”, “".join(sorted(twice)))
        self.headers = [LINE, *headings]
        self._count = count
        self._rows = rows

    @property
    def headings(self) -> list[str]:
        """The headings of the file in its order; "" for a column without one."""
        return self.headers[1:]

    def __len__(self) -> int:
        return self._count

    def __iter__(self) -> Iterator[list]:
        width = len(self.headers) - 1
        for line, cells in self._rows():
            beyond = [cell for cell in cells[width:] if cell]
            unnamed = [
                cell
                for heading, cell in zip(self.headings, cells, strict=False)
                if cell and not heading
            ]
            if beyond or unnamed:
                raise ValidationError(
                    _("Dòng %(line)d: ô “%(cell)s” ở ngoài các cột có tiêu đề.")
                    % {"line": line, "cell": (unnamed + beyond)[0][:40]}
                )
            yield [line, *cells[:width], *[""] * (width - len(cells))]


def _grouped(number):
    # Django does not group the digits of Vietnamese numbers.
    separator = "," if get_language() == "en" else "."
    return f"{number:,}".replace(",", separator)


def cell_text(value: Any) -> str:
    """Return the value of a cell as text in NFC, without spaces around it; "" for an empty cell.

    Dates become ISO 8601, whole numbers lose their ".0", and an apostrophe before what looks like a
    formula is removed. Line breaks are "\\n".
    """
    if value is None:
        return ""
    if isinstance(value, str):
        text = unicodedata.normalize("NFC", value).replace("\r\n", "\n").replace("\r", "\n").strip()
        return _NEUTRALISED.sub("", text, count=1) if text.startswith("'") else text
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    if isinstance(value, datetime.datetime):
        midnight = value.time() == datetime.time()
        return value.date().isoformat() if midnight else value.isoformat(sep=" ")
    return str(value)


def is_error(text: str) -> bool:
    """Whether the text of a cell is an error value of a spreadsheet, such as #REF!."""
    return bool(_ERRORS.fullmatch(text))


class TableFormat(Format):
    """A format that reads a Table."""

    def can_import(self) -> bool:
        """Return True."""
        return True

    def create_dataset(self, in_stream: BinaryIO) -> Table:
        """Return the Table of a file that is open in binary mode until all rows are read.

        Raises ValidationError, in words, if the file as a whole cannot be used.
        """
        raise NotImplementedError


# --- XLSX ----------------------------------------------------------------------------------


class XlsxTable(TableFormat):
    """The first visible sheet of a workbook; its first row that is not empty is the header."""

    def create_dataset(self, in_stream: BinaryIO) -> Table:
        """See TableFormat; formulas have the values that the file stores."""
        from openpyxl.reader.excel import ExcelReader

        reader = ExcelReader(in_stream, read_only=True, data_only=True, keep_links=False)
        try:
            reader.read()
            sheets = {sheet.name: rel.target for sheet, rel in reader.parser.find_sheets()}
            sheet = next((s for s in reader.wb.worksheets if s.sheet_state == "visible"), None)
            if sheet is None:
                raise ValidationError(_("Bảng tính không có trang nào để đọc."))
            scanned = _SheetScan(reader.archive, sheets[sheet.title])
        except ValidationError:
            raise
        except Exception as error:
            # openpyxl raises what it meets in a damaged file: KeyError, TypeError, SyntaxError …
            raise _damaged_workbook() from error
        # What the file states about its size may be wrong or missing.
        sheet.reset_dimensions()

        def filled() -> Iterator[tuple[int, list[str]]]:
            sheet_rows = sheet.iter_rows(values_only=True)
            for line in count(1):
                try:
                    row = next(sheet_rows, None)
                except Exception as error:
                    raise _damaged_workbook() from error
                if row is None:
                    return
                cells = [cell_text(value) for value in row]
                if any(cells):
                    yield line, cells

        if scanned.rows > MAX_ROWS + 1:
            # Before any row is parsed.
            return Table(["…"], scanned.rows - 1, filled)
        line, headings = next(filled(), (0, []))
        scanned.refuse_merged_cells()
        scanned.refuse_formulas_without_values()

        def rows() -> Iterator[tuple[int, list[str]]]:
            every_row = filled()
            next(every_row)
            return every_row

        return Table(_headings(headings), max(scanned.rows - line, 0), rows)


def _damaged_workbook():
    return ValidationError(_("Tệp .xlsx bị hỏng: không đọc được. Hãy mở bằng Excel và lưu lại."))


def _headings(cells):
    """The cells of a header on one line each, without empty ones at the end."""
    headings = [" ".join(cell.split()) for cell in cells]
    while headings and not headings[-1]:
        headings.pop()
    return headings


class _SheetScan:
    """What openpyxl does not report of a sheet that it reads row by row.

    rows: number of rows in the XML of the sheet, empty ones included.
    """

    BLOCK = 1 << 20
    # Longer than any of the elements that are searched for.
    OVERLAP = 200
    ROW = re.compile(rb"<(?:\w+:)?row[\s/>]")
    FORMULA = re.compile(rb"<(?:\w+:)?f[\s/>]")
    MERGED = re.compile(rb'<(?:\w+:)?mergeCell\s+ref="([A-Z0-9:]{1,40})"')

    def __init__(self, archive, part):
        self._archive, self._part = archive, part
        self.rows = 0
        self.merged = []
        self.has_formulas = False
        rest = b""
        with archive.open(part) as sheet:
            while block := sheet.read(self.BLOCK):
                # An element is counted in the block in which it begins.
                text = rest + block
                end = len(text) - self.OVERLAP
                self._note(text, end)
                rest = text[max(end, 0) :]
            self._note(rest, len(rest))

    def _note(self, text, end):
        self.rows += sum(found.start() < end for found in self.ROW.finditer(text))
        self.has_formulas = self.has_formulas or bool(self.FORMULA.search(text))
        self.merged += [
            found[1].decode() for found in self.MERGED.finditer(text) if found.start() < end
        ]

    def refuse_merged_cells(self):
        """A merged cell is one value over several columns or rows: the others would be empty."""
        if self.merged:
            raise ValidationError(
                _("Ô %s bị gộp. Hãy bỏ gộp ô: mỗi cột một tiêu đề, mỗi dòng đủ giá trị.")
                % ", ".join(self.merged[:5])
            )

    def refuse_formulas_without_values(self):
        """A program that writes a formula without its value leaves the computing to Excel."""
        if not self.has_formulas:
            return
        from openpyxl.xml.functions import iterparse

        empty = []
        with self._archive.open(self._part) as sheet:
            for _event, element in iterparse(sheet, events=("end",)):
                name = element.tag.rpartition("}")[2]
                if name == "c":
                    parts = {child.tag.rpartition("}")[2]: child for child in element}
                    value = parts.get("v")
                    has_value = value is not None and value.text
                    # A formula whose value is "" is stored with t="str".
                    if "f" in parts and not has_value and element.get("t") != "str":
                        empty.append(element.get("r", "?"))
                elif name == "row":
                    element.clear()
        if empty:
            raise ValidationError(
                ngettext(
                    "%(cells)s có công thức mà tệp không lưu kết quả. Hãy mở bằng Excel, lưu lại.",
                    "%(cells)s … (%(count)d ô) có công thức mà tệp không lưu kết quả. Hãy mở bằng"
                    " Excel, lưu lại.",
                    len(empty),
                )
                % {"cells": ", ".join(empty[:5]), "count": len(empty)}
            )


# --- CSV -----------------------------------------------------------------------------------

# Letters that Windows-1258 has besides those of Vietnamese, and that no Vietnamese text contains:
# a file in another encoding of one byte, such as TCVN3, decodes to them.
_VIETNAMESE = set(
    "àáảãạăằắẳẵặâầấẩẫậèéẻẽẹêềếểễệìíỉĩịòóỏõọôồốổỗộơờớởỡợùúủũụưừứửữựỳýỷỹỵđ"
    "ÀÁẢÃẠĂẰẮẲẴẶÂẦẤẨẪẬÈÉẺẼẸÊỀẾỂỄỆÌÍỈĨỊÒÓỎÕỌÔỒỐỔỖỘƠỜỚỞỠỢÙÚỦŨỤƯỪỨỬỮỰỲÝỶỸỴĐ"
    "“”‘’–—…•°²³×±®©™₫€«»\u00a0½¼¾%"
)
_DELIMITERS = ",;\t"


class CsvTable(TableFormat):
    """CSV with commas, semicolons or tabs, in UTF-8, UTF-16 with a mark, or Windows-1258."""

    def create_dataset(self, in_stream: BinaryIO) -> Table:
        """See TableFormat."""
        encoding = _encoding(in_stream)

        def lines(delimiter: str) -> Iterator[tuple[int, list[str]]]:
            in_stream.seek(0)
            text = io.TextIOWrapper(in_stream, encoding=encoding, newline="")
            try:
                reader = csv.reader(text, delimiter=delimiter, strict=True)
                first = 1
                for row in reader:
                    cells = [cell_text(cell) for cell in row]
                    if any(cells):
                        yield first, cells
                    first = reader.line_num + 1
            except csv.Error as error:
                raise ValidationError(
                    _("Dòng %(line)d không phải CSV: %(error)s.")
                    % {"line": reader.line_num, "error": error}
                ) from None
            finally:
                # The file stays open for the next pass.
                text.detach()

        candidates = ((next(lines(one), (0, [])), one) for one in _DELIMITERS)
        (line, header), delimiter = max(candidates, key=lambda one: len(one[0][1]))

        def rows() -> Iterator[tuple[int, list[str]]]:
            for at, cells in lines(delimiter):
                if at == line:
                    continue
                if len(cells) < len(header):
                    raise ValidationError(
                        _("Dòng %(line)d có %(cells)d ô, tiêu đề có %(columns)d.")
                        % {"line": at, "cells": len(cells), "columns": len(header)}
                    )
                yield at, cells

        lines_in_file = sum(1 for _row in lines(delimiter))
        return Table(_headings(header), max(lines_in_file - 1, 0), rows)


def _encoding(file):
    """Return the encoding of a CSV file; raise ValidationError if it is none of the known ones."""
    file.seek(0)
    head = file.read(4)
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        encodings = ["utf-16"]
    else:
        encodings = ["utf-8-sig", "cp1258"]
    for encoding in encodings:
        file.seek(0)
        reader = io.TextIOWrapper(file, encoding=encoding, newline="")
        try:
            if _is_readable(reader, checked=encoding == "cp1258"):
                return encoding
        except UnicodeError:
            pass
        finally:
            reader.detach()
    raise ValidationError(
        _(
            "Không nhận ra bảng mã của tệp (TCVN3, VNI?). Trong Excel, hãy lưu thành “CSV UTF-8”"
            " hoặc .xlsx."
        )
    )


def _is_readable(reader, *, checked):
    """Read a whole text; whether it is Vietnamese, if that is to be checked.

    Every byte means something in an encoding of one byte, so what it means is looked at.
    """
    letters = others = 0
    while text := reader.read(1 << 20):
        if "\0" in text:
            return False
        if checked:
            for character in unicodedata.normalize("NFC", text):
                if character > "\x7f":
                    letters += 1
                    others += character not in _VIETNAMESE
    return others * 50 <= letters


# --- GeoJSON -------------------------------------------------------------------------------


class GeoJsonTable(TableFormat):
    """A FeatureCollection of points in WGS 84: its properties, and the coordinates as columns.

    The line of a row is the number of its feature, from 1.
    """

    def create_dataset(self, in_stream: BinaryIO) -> Table:
        """See TableFormat."""
        names: dict[str, None] = {}
        number = 0
        located = False
        for number, (properties, point) in enumerate(_features(in_stream), 1):
            names.update(dict.fromkeys(properties))
            located = located or point is not None
            if number > MAX_ROWS or len(names) > MAX_COLUMNS:
                break
        headings = list(names)
        if located:
            headings += [name for name in (LATITUDE, LONGITUDE) if name not in names]

        def rows() -> Iterator[tuple[int, list[str]]]:
            for number, (properties, point) in enumerate(_features(in_stream), 1):
                cells = {name: cell_text(value) for name, value in properties.items()}
                if point:
                    cells[LONGITUDE], cells[LATITUDE] = map(cell_text, point)
                yield number, [cells.get(name, "") for name in headings]

        return Table([" ".join(name.split()) for name in headings], number, rows)


def _features(file) -> Iterator[tuple[dict, tuple[float, float] | None]]:
    """Yield (properties, (longitude, latitude) or None) of each feature."""
    file.seek(0)
    reader = io.TextIOWrapper(file, encoding="utf-8-sig")
    number = 0
    try:
        for number, feature in enumerate(_members(reader), 1):
            yield _feature(feature, number)
    except UnicodeDecodeError:
        raise ValidationError(_("Tệp GeoJSON không phải UTF-8.")) from None
    except (ValueError, RecursionError):
        raise ValidationError(
            _("Tệp không phải GeoJSON: hỏng sau đối tượng thứ %d.") % number
        ) from None
    finally:
        reader.detach()


def _feature(feature, number):
    if not isinstance(feature, dict) or feature.get("type") != "Feature":
        raise ValidationError(_("Đối tượng thứ %d không phải Feature.") % number)
    properties = feature.get("properties") or {}
    if not isinstance(properties, dict) or any(
        isinstance(value, dict | list) for value in properties.values()
    ):
        raise ValidationError(
            _("Đối tượng thứ %d: mỗi thuộc tính chỉ được là một số hay một đoạn chữ.") % number
        )
    geometry = feature.get("geometry")
    if geometry is None:
        return properties, None
    coordinates = geometry.get("coordinates") if isinstance(geometry, dict) else None
    is_point = (
        isinstance(geometry, dict)
        and geometry.get("type") == "Point"
        and isinstance(coordinates, list)
        and len(coordinates) in (2, 3)
        and all(type(one) in (int, float) for one in coordinates)
    )
    if not is_point:
        raise ValidationError(
            _("Đối tượng thứ %d: chỉ nhận điểm (Point) hoặc không có hình.") % number
        )
    return properties, tuple(coordinates[:2])


class _Scanner:
    """Decodes JSON values one after the other from a text that is read in blocks."""

    BLOCK = 1 << 16
    _decode = json.JSONDecoder().raw_decode

    def __init__(self, reader):
        self._reader = reader
        self._text, self._at, self._is_whole = "", 0, False

    def _fill(self):
        block = self._reader.read(self.BLOCK)
        self._is_whole = not block
        self._text = self._text[self._at :] + block
        self._at = 0

    def peek(self):
        """Return the next character that is no white space, without consuming it; "" at the end."""
        while True:
            while self._at < len(self._text) and self._text[self._at] in " \t\r\n":
                self._at += 1
            if self._at < len(self._text):
                return self._text[self._at]
            if self._is_whole:
                return ""
            self._fill()

    def consume(self, character):
        """Consume that character; raise JSONDecodeError if another one is next."""
        if self.peek() != character:
            raise json.JSONDecodeError(f"not {character}", self._text, self._at)
        self._at += 1

    def value(self):
        """Decode and consume the next value."""
        self.peek()
        while True:
            try:
                value, end = self._decode(self._text, self._at)
                # A number may go on in the next block.
                if end < len(self._text) or self._is_whole:
                    self._at = end
                    return value
            except json.JSONDecodeError:
                if self._is_whole:
                    raise
            if len(self._text) - self._at > MAX_FEATURE_CHARACTERS:
                raise ValidationError(_("Một đối tượng của tệp GeoJSON quá lớn."))
            self._fill()


def _members(reader) -> Iterator[Any]:
    """Yield the members of the array "features" of a JSON object, one in memory at a time."""
    scanner = _Scanner(reader)
    scanner.consume("{")
    has_features = False
    while scanner.peek() != "}":
        name = scanner.value()
        scanner.consume(":")
        if name == "features":
            has_features = True
            yield from _elements(scanner)
        elif name == "crs" and not _is_wgs84(scanner.value()):
            raise ValidationError(_("Tệp GeoJSON phải ở hệ WGS 84 (kinh độ, vĩ độ)."))
        elif name != "crs":
            scanner.value()
        if scanner.peek() == ",":
            scanner.consume(",")
    if not has_features:
        raise ValidationError(_("Tệp GeoJSON không có danh sách đối tượng (FeatureCollection)."))


def _elements(scanner):
    scanner.consume("[")
    while scanner.peek() != "]":
        yield scanner.value()
        if scanner.peek() == ",":
            scanner.consume(",")
    scanner.consume("]")


def _is_wgs84(crs):
    """Whether the member "crs" of GeoJSON of 2008 names WGS 84."""
    return crs is None or bool(re.search(r"CRS84|EPSG\D+4326\b", json.dumps(crs)))


FORMATS: dict[str, type[TableFormat]] = {
    "xlsx": XlsxTable,
    "csv": CsvTable,
    "geojson": GeoJsonTable,
}


def open_table(file: BinaryIO, kind: str) -> Table:
    """Return the Table of a file; kind: of inspect_upload(). Raises ValidationError."""
    return FORMATS[kind]().create_dataset(file)
