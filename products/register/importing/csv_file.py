"""Reads CSV files of records: parses cells, reports problems by line and column."""

import re

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from geodata.coordinates import from_degrees
from geodata.importing import page_source, read_csv
from geodata.spans import parse_span
from geodata.text import hidden_characters
from products.register.models import Basis, Sector

# The words of the files are Vietnamese, whatever the language of the user.
SECTORS = {
    "trồng trọt": Sector.CROPS,
    "chăn nuôi": Sector.LIVESTOCK,
    "thủy sản": Sector.AQUACULTURE,
    "chế biến": Sector.PROCESSING,
    "thủ công": Sector.CRAFTS,
    "dịch vụ": Sector.SERVICES,
    "": "",
}
# float() also reads nan, inf and 1_0.
DEGREES = re.compile(r"[-+]?\d+(?:\.\d+)?", re.ASCII)
VALUE_BASES = {"stated": Basis.STATED, "inferred": Basis.INFERRED, "": ""}


class CsvRow:
    """One line of a file: parses its cells and reports those that cannot be used.

    line: number in the file, from 1. cells: {column: text}. report: a geodata.importing.Report.
    """

    def __init__(self, line, cells, report):
        self.line = line
        self.cells = cells
        self.report = report
        self.ok = True

    def __getitem__(self, column):
        return self.cells[column]

    def refuse(self, column, message):
        self.ok = False
        self.report.refuse(self.line, column, message)

    def choice(self, column, choices):
        """Return choices[text of the cell]; if it is not among them, "" and a problem."""
        try:
            return choices[self[column]]
        except KeyError:
            self.refuse(
                column,
                _("“%(value)s” không thuộc: %(choices)s.")
                % {
                    "value": self[column],
                    "choices": ", ".join(str(choice) for choice in choices if choice),
                },
            )
            return ""

    def span(self, column):
        """Return the span of days in the cell, None if it is empty or cannot be parsed."""
        try:
            return parse_span(self[column]) if self[column] else None
        except ValidationError as error:
            self.refuse(column, " ".join(error.messages))
            return None

    def point(self):
        """Return the Point in the columns lat and lon; None without one, or if it cannot be used.

        Only a position in Viet Nam can. Degrees of WGS 84 with a decimal point; files may leave out
        the columns.
        """
        lat, lon = self.cells.get("lat", ""), self.cells.get("lon", "")
        if not (lat or lon):
            return None
        if not (DEGREES.fullmatch(lat) and DEGREES.fullmatch(lon)):
            self.refuse("lat", _("Toạ độ cần hai số, vĩ độ và kinh độ."))
            return None
        try:
            return from_degrees(float(lat), float(lon))
        except ValidationError as error:
            self.refuse("lat", " ".join(error.messages))
            return None

    def source(self, column="source_url", dated="source_date"):
        """Return the Source of the page in the cell, created if it is new; None and a problem
        without one.

        dated: name of the column with the date of the page, or None.
        """
        if not self[column]:
            self.refuse(column, _("Mọi dữ kiện cần có nguồn."))
            return None
        if dated:
            self.span(dated)
        try:
            return page_source(self[column], self[dated] if dated else "") if self.ok else None
        except ValidationError as error:
            self.refuse(column, " ".join(error.messages))
            return None


def csv_rows(path, columns, report, *, key):
    """Yield the CsvRows of a UTF-8 file; duplicate keys and hidden characters are reported.

    columns: names of the required columns. key: names of the columns that identify a record.
    Raises ValidationError if a column is missing; see geodata.importing.read_csv().
    """
    rows = [CsvRow(line, cells, report) for line, cells in read_csv(path, columns)]
    seen = set()
    for done, row in enumerate(rows, 1):
        name = tuple(row[column] for column in key)
        if name in seen:
            row.refuse(key[-1], _("“%s” đã có ở một dòng trước.") % " ".join(name))
        seen.add(name)
        for column, sentence in hidden_characters(row.cells).items():
            row.refuse(column, sentence)
        yield row
        report.progress(done, len(rows))


def joined_note(*parts):
    """Return the parts that are not empty, one per line."""
    return "\n".join(part for part in parts if part)
