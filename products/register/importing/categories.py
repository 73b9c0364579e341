"""Imports the categories of the OCOP programme."""

from geodata.importing import upsert
from products.register.models import Category

from .csv_file import csv_rows


def load_categories(path, report):
    """Load the categories of the programme; report: a geodata.importing.Report."""
    columns = ["scheme", "code", "name", "name_en", "source_url", "source_date"]
    for row in csv_rows(path, columns, report, key=["scheme", "code"]):
        source = row.source()
        if row.ok:
            upsert(
                Category.objects,
                {"scheme": row["scheme"], "code": row["code"]},
                {"name": row["name"], "name_en": row["name_en"], "source": source},
                report,
                line=row.line,
            )
