"""Which land the base map of the pack has at a position: a province, other land, or the sea."""

import json
from functools import cache

import shapely
from django.conf import settings


def province_at(*, lng: float, lat: float) -> str | None:
    """Return the name of the present province at a position; "" for other land, None for the sea.

    lng, lat: degrees of WGS 84. Coastlines are those of the base map: exact to some 10 m near the
    province, to some kilometres far from it.
    """
    point = shapely.Point(lng, lat)
    for name, area in _land():
        if area.intersects(point):
            return name
    return None


@cache
def _land():
    """Return (name, area) of each province and of other land, read once for each process."""
    land = []
    for part in ("provinces", "surroundings"):
        collection = json.loads(settings.PLACE.basemap[part].read_text(encoding="utf-8"))
        for feature in collection["features"]:
            area = shapely.from_geojson(json.dumps(feature["geometry"]))
            shapely.prepare(area)
            land.append((feature["properties"].get("name_vi", ""), area))
    return land
