"""The features of a collection as columns: a compact index for clients that draw or count all.

Ten times smaller than the same properties as GeoJSON features: a property name is written once, a
repeated value is a number, and coordinates are whole numbers from a corner. The map page uses it
for collections with too many features to load them whole.
"""

import json
import math
from collections.abc import Iterable, Mapping
from typing import Any

from django.contrib.gis.db.models import PointField
from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import F, FloatField, Func
from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _
from rest_framework.request import Request

from geodata.collection import Collection
from geodata.feature_model import FEATURE_ID, GEOMETRY
from geodata.page_cache import StoredPage
from geodata.problems import BadParameters, ParameterError

from . import paging
from .query import ItemsQuery, Parser
from .views import HTML, PublicView

# Parts of a degree in which coordinates are written: 1.1 m, more exact than a marker on a screen.
SCALE = 100_000
# Features in one response. More are refused and not cut: clients filter, or page through items.
MAX_FEATURES = 100_000


class ColumnsQuery(ItemsQuery):
    """The parsed query of a request for columns: the filters and the order of items, no pages."""

    def parsers(self, params: Mapping[str, str]) -> dict[str, Parser]:
        """Return the parsers of ItemsQuery that apply to columns."""
        parsers = super().parsers(params)
        for name in ("limit", "cursor", "crs", "geometry"):
            parsers.pop(name, None)
        return parsers

    def rows(self) -> Iterable[tuple]:
        """Return the id, x and y of each feature, and the values of the properties.

        x, y: in degrees of CRS84, None without a geometry or if the geometries are no points.
        """
        collection = self.collection
        names = self.names or collection.columns
        if not self.sort_keys:
            self.sort_keys = paging.sort_keys(collection.columns_order, collection)
        is_point = isinstance(collection.model._meta.get_field(GEOMETRY), PointField)
        values = [collection.queryables[name] for name in names]
        if is_point:
            values = [_coordinate("ST_X"), _coordinate("ST_Y"), *values]
        found = self.filtered(self.ordered()).values_list(FEATURE_ID, *values)
        rows = found[: MAX_FEATURES + 1].iterator(chunk_size=5_000)
        return rows if is_point else ((row[0], None, None, *row[1:]) for row in rows)


def _coordinate(function):
    return Func(F(GEOMETRY), function=function, output_field=FloatField())


class ColumnsView(PublicView):
    """GET /collections/{id}/columns: the features as columns."""

    def get_object(self, request: Request, collection_id: str) -> ColumnsQuery:
        """Return the parsed query.

        Raises BadParameters, or Http404 for a collection that is unknown or has no columns.
        """
        collection = self.find_collection(collection_id)
        if not collection.columns:
            raise Http404(_("Bộ dữ liệu này không có dạng cột."))
        return ColumnsQuery.parse(collection, request.GET, also={"f": self.parse_format})

    def render(self, request: Request, query: ColumnsQuery) -> HttpResponse:
        """Return the columns as JSON; raise BadParameters if there are too many features."""
        if request.GET:
            return self.response(query)
        # Every first visit to the map needs these; no other query is worth its memory.
        stored = self.revision.remember(
            f"columns:{query.collection.id}", lambda: StoredPage.of(self.response(query))
        )
        return stored.response(request, self.etag(request))

    def response(self, query: ColumnsQuery) -> HttpResponse:
        """Return the document of a query as an uncompressed response."""
        document = {
            **columns(query),
            "links": [
                *self.self_links,
                self.collection_link(query.collection),
                self.link("license", query.collection.license.url, HTML, "license"),
            ],
        }
        text = json.dumps(
            document, ensure_ascii=False, separators=(",", ":"), cls=DjangoJSONEncoder
        )
        return HttpResponse(text, content_type=self.media_type)


def columns(query: ColumnsQuery) -> dict[str, Any]:
    """Return the document of a query.

    numberReturned: features, all that match. ids: of each. x, y: degrees from `origin` (longitude
    and latitude, CRS84) in units of 1/`scale` degree, null without a position. properties: name →
    {"values": the different values, "rows": for each feature the number of its value}; with
    "same_rows_as", the name of an earlier property, instead of "rows" if they would be equal.

    Raises BadParameters if more than MAX_FEATURES match.
    """
    names = query.names or query.collection.columns
    found = list(query.rows())
    if len(found) > MAX_FEATURES:
        detail = _("Dạng cột có nhiều nhất %s đối tượng; hãy lọc bớt.") % MAX_FEATURES
        raise BadParameters([ParameterError("filter", detail)])
    ids, xs, ys, *values = zip(*found, strict=True) if found else [()] * (3 + len(names))
    corner = [min((one for one in each if one is not None), default=0) for each in (xs, ys)]
    origin = [math.floor(one * SCALE) / SCALE for one in corner]
    return {
        "collection": query.collection.id,
        "numberReturned": len(found),
        "scale": SCALE,
        "origin": origin,
        "ids": ids,
        **{
            axis: [None if one is None else round((one - start) * SCALE) for one in each]
            for axis, each, start in zip("xy", (xs, ys), origin, strict=True)
        },
        "properties": _encoded(dict(zip(names, values, strict=True))),
    }


def _encoded(columns):
    """Return the properties of columns(); columns: name → values."""
    encoded, name_of = {}, {}
    for name, values in columns.items():
        numbers: dict[Any, int] = {}
        # Numbered as they appear, so that columns that depend on each other have equal rows.
        rows = tuple(numbers.setdefault(value, len(numbers)) for value in values)
        earlier = name_of.setdefault(rows, name)
        encoded[name] = {
            "values": [*numbers],
            **({"rows": rows} if earlier == name else {"same_rows_as": earlier}),
        }
    return encoded


def describe_columns(collection: Collection) -> dict[str, Any]:
    """Return the JSON Schema of columns() in OpenAPI."""
    whole = {"type": "integer", "minimum": 0}
    list_of = lambda items: {"type": "array", "items": items}  # noqa: E731
    column = {
        "type": "object",
        "required": ["values"],
        "properties": {
            "values": list_of({"nullable": True}),
            "rows": list_of(whole),
            "same_rows_as": {"type": "string"},
        },
    }
    return {
        "type": "object",
        "required": ["numberReturned", "scale", "origin", "ids", "x", "y", "properties", "links"],
        "properties": {
            "collection": {"type": "string", "enum": [collection.id]},
            "numberReturned": whole,
            "scale": whole,
            "origin": {**list_of({"type": "number"}), "minItems": 2, "maxItems": 2},
            "ids": list_of({"type": "string"}),
            "x": list_of({**whole, "nullable": True}),
            "y": list_of({**whole, "nullable": True}),
            "properties": {"type": "object", "additionalProperties": column},
            "links": {"$ref": "#/components/schemas/links"},
        },
    }
