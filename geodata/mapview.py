"""What every map is told before it draws: the base map, the tiles, and whom to name."""

from django.conf import settings
from django.templatetags.static import static


def map_data():
    """The values of templates/geodata/map_attributes.html."""
    return {
        # Of the first view, in degrees of WGS 84: west, south, east, north.
        "extent": ",".join(map(str, settings.PLACE.map_extent)),
        # Made by `manage.py build_basemap`.
        "basemap_url": static("build/basemap.json"),
        "tile_url": settings.TILE_URL,
        "tile_credit": settings.TILE_ATTRIBUTION,
        "credit": settings.PLACE.boundary_credit,
    }
