"""CSV that opens in Excel as well as in a program (RFC 4180)."""

import csv
import datetime
import io
from collections.abc import Generator, Iterable, Iterator

from django.utils import timezone

from .export import Export, join_chunks


def write_csv(export: Export) -> Generator[bytes, None, None]:
    """Yield the rows of an Export as CSV in pieces of text, with the names as the header."""
    names = [name for name, _title, _kind in export.columns]
    return join_chunks(csv_lines(names, export.table_rows(), bom=export.bom))


def csv_lines(names: Iterable[str], rows: Iterable[Iterable], *, bom: bool = True) -> Iterator[str]:
    """Yield lines of CSV, each with CRLF at its end.

    names: texts of the header. rows: iterable of sequences of values. Datetimes are written in
    the zone of Viet Nam; text that a spreadsheet would take for a formula gets an apostrophe.
    bom: whether the first line begins with the byte order mark by which Excel recognises UTF-8.
    """
    line = io.StringIO()
    writer = csv.writer(line)

    def as_line(values):
        line.seek(0)
        line.truncate()
        writer.writerow(values)
        return line.getvalue()

    mark = "\ufeff" if bom else ""
    yield mark + as_line(names)
    for row in rows:
        yield as_line([_cell(value) for value in row])


def _cell(value):
    if isinstance(value, datetime.datetime):
        return timezone.localtime(value).isoformat()
    # A spreadsheet would take such text for a formula; numbers are not text.
    if isinstance(value, str) and value.startswith(("=", "+", "-", "@", "\t", "\r", "\n")):
        return f"'{value}"
    return value
