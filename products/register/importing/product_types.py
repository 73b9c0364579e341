"""Imports the types of products that the project ships."""

from geodata.importing import upsert
from products.register.models import Category, ProductType, people_changed

from .csv_file import csv_rows


def load_product_types(path, report):
    """Load the types of products; report: a geodata.importing.Report.

    Types that people have changed stay unchanged.
    """
    columns = ["code", "name_vi", "name_en", "synonyms_vi", "synonyms_en", "group", "symbol"]
    groups = {c.name: c for c in Category.objects.filter(scheme=Category.Scheme.QD148)}
    edited = set(people_changed(ProductType).values_list("code", flat=True))
    for row in csv_rows(path, columns, report, key=["code"]):
        values = {
            "name": row["name_vi"],
            "name_en": row["name_en"],
            "synonyms_vi": row["synonyms_vi"],
            "synonyms_en": row["synonyms_en"],
            "group": row.choice("group", groups | {"": None}) or None,
            "symbol": row["symbol"],
        }
        if not row.ok:
            continue
        if row["code"] in edited:
            report.retained += 1
            continue
        upsert(ProductType.objects, {"code": row["code"]}, values, report, line=row.line)
