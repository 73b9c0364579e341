"""Imports sales points and craft villages from CSV files gathered from public pages.

The columns are documented in places/SOURCES.md of the shipped pack. Unknown values stay empty.
"""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from geodata.models import Source
from products.register.importing.csv_file import csv_rows, joined_note
from products.register.importing.unit_names import UnitNames
from products.register.importing.writing import (
    PLACE_REFERENCES,
    RecordRow,
    unless_on_commune,
    write_records,
)
from products.register.models import Position, Producer

from .hours import validate_opening_hours
from .models import CraftVillage, SalesPoint

YES = {"yes": True, "": False}
# Rows that are stored but not published, such as a place that is only planned.
RECORD_STATUSES = {"public": True, "draft": False}
COMMON_COLUMNS = [
    *("name", "kind_code", "producer_code", "visit_code", "last_seen"),
    *("commune_as_stated", "district_as_stated", "address_as_stated"),
    *("lat", "lon", "coord_source", "coord_confidence"),
    *("record_status", "source_url", "source_date", "note"),
]
NO_POINT = {"point": None, "position": "", "position_source": None}


def load_sales_points(path, report):
    """Load sales points; those without coordinates are on their declared commune."""
    columns = ["point_id", "kind", "sells", "what_is_sold_or_shown", "status"]
    columns += ["opening_hours", "season", "price_as_stated"]

    def values(row):
        validate = row["opening_hours"] and _checked_hours(row)
        return {
            "sells": row.choice("sells", YES),
            "goods": row["what_is_sold_or_shown"],
            "opening_hours": validate or "",
            "season_note": row["season"],
            "price_note": row["price_as_stated"],
            "note": _note(row, "kind", "status"),
        }

    _load(SalesPoint, path, report, "point_id", columns, values)


def load_craft_villages(path, report):
    """Load craft villages; parameters as of load_sales_points()."""
    columns = ["village_id", "craft", "recognised", "recognised_as_stated"]
    columns += ["households_or_members", "operators", "visit"]

    def values(row):
        return {
            "craft": row["craft"],
            "recognised": row.choice("recognised", YES),
            "note": _note(
                row, "recognised_as_stated", "households_or_members", "operators", "visit"
            ),
        }

    _load(CraftVillage, path, report, "village_id", columns, values)


def _load(model, path, report, key, columns, own_values):
    unit_names = UnitNames()
    producers = {producer.code: producer for producer in Producer.objects.all()}
    kinds = {str(kind): kind for kind in model.Kind}
    rows, public = [], []
    for row in csv_rows(path, [*columns, *COMMON_COLUMNS], report, key=[key]):
        values = {
            "name": row["name"],
            "kind": row.choice("kind_code", kinds),
            "producer": row.choice("producer_code", producers | {"": None}) or None,
            "visit": row.choice("visit_code", YES),
            "last_seen": _year(row),
            "address": row["address_as_stated"],
            "source": row.source(),
            **unit_names.declared(row, "commune_as_stated", "district_as_stated"),
            **_position(row),
            **own_values(row),
        }
        if row.choice("record_status", RECORD_STATUSES):
            public.append(row[key])
        if row.ok:
            rows.append(RecordRow(row.line, row[key], unless_on_commune(values)))
    related = [*PLACE_REFERENCES, "producer", "position_source"]
    write_records(model, rows, report, public=public, related=related)


def _year(row):
    text = row["last_seen"]
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and len(text) == 4):
        row.refuse("last_seen", _("Không phải năm."))
        return None
    return int(text)


def _checked_hours(row):
    try:
        validate_opening_hours(row["opening_hours"])
    except ValidationError as error:
        row.refuse("opening_hours", " ".join(error.messages))
    return row["opening_hours"]


def _position(row):
    """Return point, position and position_source of a row; the source of a point is required."""
    point = row.point()
    if point is None:
        return NO_POINT
    if not row["coord_source"]:
        row.refuse("coord_source", _("Mọi dữ kiện cần có nguồn."))
        return NO_POINT
    source, _created = Source.objects.get_or_create(title=row["coord_source"], url="")
    return {"point": point, "position": Position.MAP, "position_source": source}


def _note(row, *columns):
    """Return the internal note: that of the row, and what the page states in these columns."""
    columns = [*columns, "coord_confidence"]
    return joined_note(row["note"], *(f"{name}: {row[name]}" for name in columns if row[name]))
