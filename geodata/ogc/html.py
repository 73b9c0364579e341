"""What the pages of the API show beside their documents: headings, cells, files, what to take away.

Nothing is asked of the database here: a page says what its document says.
"""

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from geodata.formats.registry import FORMATS
from geodata.mapview import map_data
from geodata.property_types import render_html
from geodata.value_html import datetime_html

from .query import OF_PAGES, url_with

# Rows of a page for people; programs get more at a time.
MOST_ROWS = 1_000

# Headings of the conditions that are no properties.
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


def lighter(query):
    """The query with no more rows than a page holds, and areas as they are drawn."""
    query.limit = min(query.limit, MOST_ROWS)
    query.geometry = query.geometry or query.collection.outline or ""
    return query


def items(request, query, document):
    """What the page of a collection's features shows."""
    collection = query.collection
    names = query.names or tuple(collection.properties)
    # The name heads its row.
    names = tuple(name for name in names if name != "name")
    return {
        "collection": collection,
        "timestamp": datetime_html(document["timeStamp"]),
        "has_search": collection.search is not None,
        "searched": request.GET.get("q", ""),
        # Whoever searches keeps the other conditions and begins at the first page.
        "kept": [(name, text) for name, text in request.GET.items() if name not in {"q", "cursor"}],
        "conditions": [
            {
                "title": _title(collection, name),
                "text": text,
                "without": url_with(request, **{name: None, "cursor": None}),
            }
            for name, text in _said(request).items()
        ],
        "headings": [collection.title_of(name) for name in ("name", *names)],
        "rows": [_row(collection, feature, names) for feature in document["features"]],
        "files": list(_files(request, collection)),
        "map": map_data() if document["features"] else None,
        "features_url": _drawn(request, collection, limit=max(1, len(document["features"]))),
    }


def item(request, collection, document):
    """What the page of one feature shows."""
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


def schema(document):
    """What the page of a JSON Schema shows: a dictionary of the properties."""
    told = {"title", "description", "type", "format", "enum", "oneOf"}
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
                "rest": {key: value for key, value in schema.items() if key not in told},
            }
            for name, schema in document["properties"].items()
        ],
    }


def _type_words(schema):
    """The type of a JSON Schema in words: "string date, null"."""
    types = schema.get("type", "")
    first, *others = types if isinstance(types, list) else [types]
    return ", ".join([f"{first} {schema.get('format', '')}".strip(), *others])


def name_of(feature):
    """What people call a feature; the id where it has no name."""
    return feature["properties"].get("name") or feature["id"]


def _said(request):
    """The parameters of a request that say more than which page in which form."""
    return {
        name: text for name, text in request.GET.items() if name not in {"f", "limit", "cursor"}
    }


def _title(collection, name):
    return CONDITIONS.get(name) or collection.title_of(name)


def _row(collection, feature, names):
    said = feature["properties"]
    cells = [
        (collection.title_of(name), render_html(collection.fields[name], said[name]))
        for name in names
    ]
    return {
        "name": name_of(feature),
        "address": reverse("ogc:item", args=[collection.id, feature["id"]]),
        "cells": [*cells, (_("Toạ độ"), position_html(feature["geometry"]))],
    }


def _files(request, collection):
    """(name, address) of the files of the features that match, in each format."""
    left_out = dict.fromkeys((*OF_PAGES, "f"))
    chosen = set(request.GET) - set(left_out)
    for extension, form in FORMATS.items():
        if not (chosen and form.whole):
            address = reverse("ogc:download", args=[collection.id, extension])
            yield form.title, url_with(request, address, **left_out)


def _drawn(request, collection, limit):
    """The address of the features of this page as a map draws them: light, and in WGS 84."""
    drawn = {"crs": None, "f": "json", "limit": limit}
    if "name" in collection.properties:
        drawn["properties"] = "name"
    if collection.outline:
        drawn["geometry"] = "outline"
    return url_with(request, **drawn)


def position_html(geometry):
    """The position of a point, in the order of the document; an area is on the map."""
    if geometry is None:
        return ""
    if geometry["type"] == "Point":
        return ", ".join(str(number) for number in geometry["coordinates"])
    return _("vùng, xem trên bản đồ")
