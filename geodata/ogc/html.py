"""Template contexts of the API's pages: headings, cells, conditions, files, the map.

No queries are made here: a page displays what its document contains.
"""

from collections.abc import Iterator
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from geodata.collection import Collection
from geodata.feature_model import OUTLINE
from geodata.formats.registry import FORMATS
from geodata.mapview import map_data
from geodata.property_types import render_html
from geodata.value_html import datetime_html

from .query import PAGE_PARAMETERS, ItemsQuery, url_with

# Features in an HTML page at most; programs get more.
MAX_ROWS = 1_000

# Headings of the parameters that are not properties.
CONDITIONS = {
    "q": gettext_lazy("Tìm"),
    "bbox": gettext_lazy("Trong khung"),
    "bbox-crs": gettext_lazy("Hệ toạ độ của khung"),
    "datetime": gettext_lazy("Vào lúc"),
    "filter": gettext_lazy("Điều kiện"),
    "sortby": gettext_lazy("Sắp xếp theo"),
    "properties": gettext_lazy("Chỉ các thuộc tính"),
    "geometry": gettext_lazy("Hình"),
    "crs": gettext_lazy("Hệ toạ độ"),
}


def limit_for_html(query: ItemsQuery) -> ItemsQuery:
    """Reduce a query, in place, to what an HTML page displays, and return it.

    At most MAX_ROWS features, and simplified outlines where the collection has them.
    """
    query.limit = min(query.limit, MAX_ROWS)
    if query.collection.outline:
        query.geometry = OUTLINE
    return query


def items_context(
    request: HttpRequest, query: ItemsQuery, document: dict[str, Any]
) -> dict[str, Any]:
    """Return the context of the template items.html.

    document: the FeatureCollection of the page, as programs get it.
    """
    collection = query.collection
    names = query.names or tuple(collection.properties)
    # The name is the heading of its row.
    names = tuple(name for name in names if name != "name")
    return {
        "collection": collection,
        "timestamp": datetime_html(document["timeStamp"]),
        "has_search": collection.search is not None,
        "search_text": request.GET.get("q", ""),
        # A search preserves the other conditions and begins at the first page.
        "hidden_fields": [
            (name, text) for name, text in request.GET.items() if name not in {"q", "cursor"}
        ],
        "conditions": [
            {
                "title": _title(collection, name),
                "text": text,
                "without": url_with(request, **{name: None, "cursor": None}),
            }
            for name, text in _conditions(request).items()
        ],
        "headings": [collection.title_of(name) for name in ("name", *names)],
        "rows": [_row(collection, feature, names) for feature in document["features"]],
        "files": list(_files(request, collection)),
        "map": map_data() if document["features"] else None,
        "features_url": _map_features_url(request, collection, max(1, len(document["features"]))),
    }


def item_context(
    request: HttpRequest, collection: Collection, document: dict[str, Any]
) -> dict[str, Any]:
    """Return the context of the template item.html.

    document: the Feature, as programs get it.
    """
    return {
        "collection": collection,
        "name": name_of(document),
        "facts": [
            (collection.title_of(name), name, render_html(collection.fields[name], value))
            for name, value in document["properties"].items()
        ],
        "position": position_html(document["geometry"]),
        "map": map_data() if document["geometry"] else None,
        "features_url": f"{request.path}?f=json",
    }


def schema_context(document: dict[str, Any]) -> dict[str, Any]:
    """Return the context of the template schema.html: a data dictionary.

    document: a JSON Schema of geodata.ogc.schemas.
    """
    in_columns = {"title", "description", "type", "format", "enum", "oneOf"}
    return {
        "address": document["$id"],
        "dialect": document["$schema"],
        "properties": [
            {
                "name": name,
                "schema": schema,
                "type": _type_words(schema),
                "codes": [
                    code for code in schema.get("oneOf", []) if code.get("const") is not None
                ],
                "values": [value for value in schema.get("enum", []) if value is not None],
                "rest": {key: value for key, value in schema.items() if key not in in_columns},
            }
            for name, schema in document["properties"].items()
        ],
    }


def _type_words(schema):
    """Return the type of a JSON Schema as text: "string date, null"."""
    types = schema.get("type", "")
    first, *others = types if isinstance(types, list) else [types]
    return ", ".join([f"{first} {schema.get('format', '')}".strip(), *others])


def name_of(feature: dict[str, Any]) -> str:
    """Return the name of a GeoJSON feature, or its id if it has none."""
    return feature["properties"].get("name") or feature["id"]


def _conditions(request):
    """Return the parameters, name → text, that select more than a page and its format."""
    return {
        name: text for name, text in request.GET.items() if name not in {"f", "limit", "cursor"}
    }


def _title(collection, name):
    return CONDITIONS.get(name) or collection.title_of(name)


def _row(collection, feature, names):
    properties = feature["properties"]
    cells = [
        (collection.title_of(name), render_html(collection.fields[name], properties[name]))
        for name in names
    ]
    return {
        "name": name_of(feature),
        "address": reverse("ogc:item", args=[collection.id, feature["id"]]),
        "cells": [*cells, (_("Toạ độ"), position_html(feature["geometry"]))],
    }


def _files(request: HttpRequest, collection: Collection) -> Iterator[tuple[str, str]]:
    """Yield (title, URL) of the file of the matching features in each format."""
    removed = dict.fromkeys((*PAGE_PARAMETERS, "f"))
    is_filtered = bool(set(request.GET) - set(removed))
    for extension, file_format in FORMATS.items():
        if not (is_filtered and file_format.whole):
            address = reverse("ogc:download", args=[collection.id, extension])
            yield file_format.title, url_with(request, address, **removed)


def _map_features_url(request, collection, limit):
    """Return the URL of this page's features for the map: few properties, outlines, WGS 84."""
    params = {"crs": None, "f": "json", "limit": limit}
    if "name" in collection.properties:
        params["properties"] = "name"
    if collection.outline:
        params["geometry"] = "outline"
    return url_with(request, **params)


def position_html(geometry: dict[str, Any] | None) -> str:
    """Return the coordinates of a GeoJSON point in their order; a remark for other geometries."""
    if geometry is None:
        return ""
    if geometry["type"] == "Point":
        return ", ".join(str(number) for number in geometry["coordinates"])
    return _("vùng, xem trên bản đồ")
