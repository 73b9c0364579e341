"""The names of places that the search box of the map suggests, for JavaScript."""

from django.contrib.gis.db.models import Extent
from django.utils.translation import gettext_lazy as _

from districts.models import Boundary, Level
from geodata.spans import today
from products.places.models import PlaceName

from .labels import TEXTS, unit_label, units_changed_on, without_repository_paths

# Decimals of a degree (about 100 m): enough to zoom to a unit.
BOX_DECIMALS = 3
APPROXIMATE = _("{kind}, khoảng: cả {unit}")


def gazetteer():
    """Return a row for each name that leads to a place which is public and has a position.

    [code, name, what it is, [lng, lat] or null, [layer of outlines, code of the unit] or null,
    [west, south, east, north] of the unit or null, [layer of points, code of the record] or null,
    title of the source, its address]. A name has a point, a unit, or a record.
    """
    names = PlaceName.objects.select_related("unit", "sales_point", "source")
    names = list(names.order_by("name", "code"))
    boxes = _boxes({one.unit_id for one in names if one.unit_id})
    rows = []
    for one in names:
        at = unit = box = record = None
        kind = one.get_kind_display()
        if one.unit:
            unit, box = [_layer(one.unit), one.unit.code], boxes.get(one.unit_id)
            kind = APPROXIMATE.format(kind=kind, unit=_unit(one.unit))
        elif one.sales_point:
            place = one.sales_point
            if not place.is_public:
                continue
            record = ["sales-points", place.code]
            at = place.point and [place.point.x, place.point.y]
        else:
            at = [one.point.x, one.point.y]
        if at or box or record:
            title = without_repository_paths(one.source.name)
            rows.append([one.code, one.name, kind, at, unit, box, record, title, one.source.url])
    return rows


def _boxes(units):
    """{id of the unit: box} of those that have a boundary."""
    extents = Boundary.objects.filter(unit__in=units).values_list("unit")
    return {
        pk: [round(side, BOX_DECIMALS) for side in box]
        for pk, box in extents.annotate(box=Extent("geometry")).order_by()
    }


def _layer(unit):
    """The layer of outlines of the map page that contains the unit."""
    if unit.level == Level.DISTRICT:
        return "district"
    return "commune" if today() in unit.validity else "oldCommune"


def _unit(unit):
    """The name of the unit; of a former one with the day until which it existed."""
    if today() in unit.validity:
        return unit_label(unit)
    return TEXTS["former_unit"].format(unit=unit_label(unit), day=units_changed_on())
