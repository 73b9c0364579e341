"""Imports the names of places that people look for, from a CSV file."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from geodata.importing import upsert
from geodata.models import Source
from products.register.importing.csv_file import csv_rows
from products.register.importing.unit_names import UnitNames

from .models import PlaceName, SalesPoint

KINDS = {str(kind): kind for kind in PlaceName.Kind}


def load_gazetteer(path, report):
    """Load names of places; report: a geodata.importing.Report.

    A name leads to a point, to the commune or district that its source names, or to a sales point.
    """
    columns = ["name_id", "name", "kind", "lat", "lon", "commune_as_stated", "district_as_stated"]
    columns += ["record_code", "source", "source_date"]
    unit_names = UnitNames()
    records = SalesPoint.objects.in_bulk(field_name="code")
    for row in csv_rows(path, columns, report, key=["name_id"]):
        units = unit_names.declared(row, "commune_as_stated", "district_as_stated")
        values = {
            "name": row["name"],
            "kind": row.choice("kind", KINDS),
            "point": row.point(),
            "unit": units["declared_commune"] or units["declared_district"],
            "sales_point": row.choice("record_code", records | {"": None}) or None,
            "source": _source(row),
        }
        if row.ok:
            upsert(PlaceName.objects, {"code": row["name_id"]}, values, report, line=row.line)


def _source(row):
    """Return the Source of a row: a page, or the title of a document or data set."""
    text = row["source"]
    if text.startswith(("http://", "https://")):
        return row.source("source")
    if not text:
        row.refuse("source", _("Mọi dữ kiện cần có nguồn."))
        return None
    if not row.ok:
        return None
    source = Source(title=text)
    try:
        source.clean_fields()
    except ValidationError as error:
        row.refuse("source", " ".join(error.messages))
        return None
    return Source.objects.get_or_create(title=text, url="")[0]
