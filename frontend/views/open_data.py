"""The open data page: collections, their files, and recipes for using them."""

import datetime

from django.conf import settings
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from geodata.collection import collections
from geodata.formats.registry import FORMATS
from geodata.mapview import map_data
from geodata.ogc.catalog import CatalogView
from geodata.ogc.query import ItemsQuery
from geodata.page_cache import cached_page

# Extension → the programs that people open such a file with.
OPENS_WITH = {
    "geojson": _("QGIS, geojson.io, bản đồ trên web"),
    "csv": _("Excel, LibreOffice, Google Trang tính"),
    "xlsx": _("Excel, LibreOffice, Google Trang tính"),
    "gpkg": "QGIS, ArcGIS",
    "fgb": _("QGIS, bản đồ trên web"),
    "parquet": "Python, R, DuckDB",
    "kml": "Google Earth, Google My Maps",
}


def file_sizes():
    """The sizes of the files to download, which are recorded when a file is written."""
    return CatalogView().etag_parts()


@cached_page(state=file_sizes)
def open_data(request, revision):
    """Every collection as the API describes it, with its number of features; recipes to copy."""
    catalog = CatalogView.for_reuse(request, revision)
    counts = {
        collection.id: ItemsQuery(collection).count(revision)
        for collection in collections().values()
    }
    layers = [
        {
            **described,
            "count": counts[described["id"]],
            "period": _period(described["extent"]),
            "changed_at": catalog.changed_at(collections()[described["id"]]),
        }
        for described in catalog.descriptions()
    ]
    return render(
        request,
        "frontend/open_data.html",
        {
            "layers": layers,
            "formats": [
                {
                    "extension": extension.upper(),
                    "title": format.title,
                    "description": format.description,
                    "opens_with": OPENS_WITH[extension],
                }
                for extension, format in FORMATS.items()
            ],
            "licenses": {c.license.url: c.license.title for c in collections().values()},
            "changed_at": catalog.all_changed_at,
            "root": settings.SITE_URL + reverse("ogc:landing").rstrip("/"),
            "datasets": catalog.schema_org_graph(),
            "map": map_data(),
            "features_url": reverse("ogc:items", args=["products"])
            + "?limit=10000&properties=name",
            "outlines_url": reverse("ogc:items", args=["districts"]) + "?geometry=outline",
        },
    )


def _period(extent):
    """[first, last] datetime of the data; None for an open end."""
    interval = extent["temporal"]["interval"][0]
    return [end and datetime.datetime.fromisoformat(end) for end in interval]
