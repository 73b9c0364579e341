"""Writes the spreadsheets of the tests of imports."""

import csv
import io

import openpyxl


def workbook(path, *rows):
    """Write an XLSX with these rows of cells, the header first; return the path."""
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    book.save(path)
    return path


def table(*records):
    """The header and the rows of dicts {heading: cell}."""
    headings = list(dict.fromkeys(name for record in records for name in record))
    return [headings, *([record.get(name) for name in headings] for record in records)]


def csv_text(rows, delimiter=","):
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter, lineterminator="\r\n").writerows(rows)
    return text.getvalue()
