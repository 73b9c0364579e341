"""Settings of every map: extent, base map, tiles, inset and attributions."""

import json
from typing import Any

from django.conf import settings
from django.templatetags.static import static


def base_credits() -> list[dict[str, str]]:
    """Return {layer, source, licence, url} of each layer of the base map, in the current language.

    The licence of the data does not apply to these layers: they are drawn, and nothing else.
    """
    return [
        {
            "layer": str(credit.layer),
            "source": credit.source,
            "licence": str(credit.licence),
            "url": credit.licence_url,
        }
        for credit in settings.PLACE.basemap_credits
    ]


def map_data() -> dict[str, Any]:
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
        "base_credits": base_credits(),
        "base_credits_json": json.dumps(base_credits(), ensure_ascii=False),
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
