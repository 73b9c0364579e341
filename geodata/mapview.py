"""Settings of every map: extent, base map, tiles, inset and attributions."""

import json

from django.conf import settings
from django.templatetags.static import static


def map_data() -> dict[str, str]:
    """Return the variable `map` of the template geodata/map_attributes.html."""
    return {
        # The first view: west, south, east, north in degrees of WGS 84.
        "extent": ",".join(map(str, settings.PLACE.map_extent)),
        # Built by `manage.py build_basemap`.
        "basemap_url": static("build/basemap.json"),
        # Both are empty without street tiles.
        "tile_url": settings.TILE_URL,
        "tile_credit": settings.TILE_ATTRIBUTION if settings.TILE_URL else "",
        "credit": settings.PLACE.boundary_credit,
        "inset": _inset(),
    }


def _inset():
    """The frame with names as JSON {corner, names}; empty without one."""
    inset = settings.PLACE.map_inset
    if inset is None:
        return ""
    return json.dumps(
        {"corner": inset.corner, "names": [str(name) for name in inset.names]}, ensure_ascii=False
    )
