"""Imports the seasons of types of products that pages state."""

import re

from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.translation import gettext as _

from districts.models import Level
from geodata.importing import upsert
from products.register.models import ProductType, Season, SeasonUnit, people_changed

from .csv_file import csv_rows
from .unit_names import UnitNames

YES = {"yes": True, "": False}
MONTHS = {"": None} | {str(month): month for month in range(1, 13)}
# "huyện Minh Phước", or "xã Phước Sang (huyện Minh Phước)".
UNIT = re.compile(r"(?P<unit>[^()]+?)(?: \((?P<district>[^()]+)\))?")
DISTRICT_KINDS = ("huyện ", "thị xã ", "thành phố ")


def load_seasons(path, report):
    """Load the seasons of types of products; report: a geodata.importing.Report.

    A row with several types becomes a season of each; one without a type is not a season of a
    product and left out. The season of a type that its row no longer names is deleted. Seasons that
    people have changed stay unchanged, also if they have changed the type.
    """
    columns = ["season_id", "type", "variety", "pattern_as_stated", "from_month", "to_month"]
    columns += ["all_year", "place_as_stated", "units", "source_url", "source_date"]
    types = ProductType.objects.in_bulk(field_name="code")
    unit_names = UnitNames()
    edited = _changed_by_people()
    for row in csv_rows(path, columns, report, key=["season_id"]):
        values = {
            "variety": row["variety"],
            "from_month": row.choice("from_month", MONTHS) or None,
            "to_month": row.choice("to_month", MONTHS) or None,
            "all_year": row.choice("all_year", YES),
            "statement": row["pattern_as_stated"],
            "place": row["place_as_stated"],
            "source": row.source(),
        }
        units = _units(row, unit_names)
        of_types = _types(row, types)
        if not row.ok:
            continue
        for type in of_types:
            if (row["season_id"], type.pk) in edited:
                report.retained += 1
            else:
                _write(row, type, values, units, report)
        _delete_others(row, of_types, edited, report)


def _parts(text):
    return [part.strip() for part in text.split(";") if part.strip()]


def _types(row, types):
    """Return the ProductTypes whose codes the row lists."""
    found = []
    for code in _parts(row["type"]):
        if code in types:
            found.append(types[code])
        else:
            row.refuse("type", _("Không có loại sản phẩm mang mã “%s”.") % code[:30])
    return found


def _units(row, unit_names):
    """Return the units whose names the row lists."""
    units = []
    for text in _parts(row["units"]):
        named = UNIT.fullmatch(text)
        try:
            if named is None:
                raise ValidationError(_("Không có đơn vị nào tên “%s”.") % text)
            district = named["district"] and unit_names.find(Level.DISTRICT, named["district"])
            is_district = named["unit"].casefold().startswith(DISTRICT_KINDS)
            level = Level.DISTRICT if is_district else Level.COMMUNE
            units.append(unit_names.find(level, named["unit"], district))
        except ValidationError as error:
            row.refuse("units", " ".join(error.messages))
    return units


def _changed_by_people():
    """Return each (code, id of the type), past and present, of seasons that people have changed.

    Of those whose units they have changed as well.
    """
    changed = Q(pgh_obj_id__in=people_changed(Season).values("pgh_obj_id"))
    changed |= Q(pgh_obj_id__in=people_changed(SeasonUnit).values("season"))
    events = Season.pgh_event_model.objects.filter(changed)
    return set(events.values_list("code", "type_id"))


def _delete_others(row, of_types, edited, report):
    """Delete the seasons of a row with types that it no longer names, except edited ones."""
    for season in Season.objects.filter(code=row["season_id"]).exclude(type__in=of_types):
        if (season.code, season.type_id) not in edited:
            season.delete()
            report.updated += 1


def _write(row, type, values, units, report):
    unchanged = report.unchanged
    season = upsert(
        Season.objects, {"code": row["season_id"], "type": type}, values, report, line=row.line
    )
    if season is None:
        return
    stored = set(season.units.all())
    if stored == set(units):
        return
    season.units.set(units)
    if report.unchanged > unchanged:
        report.unchanged -= 1
        report.updated += 1
