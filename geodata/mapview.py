"""Settings of every map: extent, base map, tiles, inset and attributions."""

import json
from typing import Any

from django.conf import settings
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import gettext as _

from .models import BaseExtract


def base_credits() -> list[dict[str, str]]:
    """Return {layer, source, licence, url} of each layer of the base map, in the current language.

    The licence of the data does not apply to these layers: they are drawn, and nothing else.
    """
    credits = [
        {
            "layer": str(credit.layer),
            "source": credit.source,
            "licence": str(credit.licence),
            "url": credit.licence_url,
        }
        for credit in settings.PLACE.basemap_credits
    ]
    if BaseExtract.objects.exists():
        credits.append(
            {
                "layer": _("Đường bộ, đường sắt, mặt nước, khu bảo tồn, thôn làng"),
                "source": _("© những người đóng góp OpenStreetMap"),
                "licence": "ODbL 1.0",
                "url": "https://www.openstreetmap.org/copyright",
            }
        )
    return credits


def map_data() -> dict[str, Any]:
    """Return the variable `map` of the template geodata/map_attributes.html."""
    credits = base_credits()
    return {
        # The first view: west, south, east, north in degrees of WGS 84.
        "extent": ",".join(map(str, settings.PLACE.map_extent)),
        # Built by `manage.py build_basemap`.
        "basemap_url": static("build/basemap-drawing.json"),
        # Both are empty without street tiles.
        "tile_url": settings.TILE_URL,
        "tile_credit": settings.TILE_ATTRIBUTION if settings.TILE_URL else "",
        "credit": settings.PLACE.boundary_credit,
        "base_credits": credits,
        "base_credits_json": json.dumps(credits, ensure_ascii=False),
        # Loaded by `manage.py load_basemap`.
        "base_squares": _base_squares(),
        "inset": _inset(),
    }


def _base_squares():
    """{url, box} of the squares of the OpenStreetMap extract as JSON; empty without one."""
    extract = BaseExtract.objects.first()
    if extract is None:
        return ""
    address = reverse("base-square", args=[extract.version, 0, 0, 0])
    return json.dumps({"url": address.removesuffix("0/0/0.json"), "box": extract.box})


def _inset():
    """The frame with names as JSON {corner, names}; empty without one."""
    inset = settings.PLACE.map_inset
    if inset is None:
        return ""
    return json.dumps(
        {"corner": inset.corner, "names": [str(name) for name in inset.names]}, ensure_ascii=False
    )
