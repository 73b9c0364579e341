"""A public layer, described once; map, API, downloads and catalogue all read this description."""

import datetime
import functools
import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from django.conf import settings
from django.db.models import Expression, F, Func, JSONField, QuerySet, TextField, Value
from django.utils.module_loading import import_string

from .crs import CRS84, Transformed


@dataclass(frozen=True)
class License:
    """Under which terms the data may be used."""

    title: str
    url: str


CC_BY = License("CC BY 4.0", "https://creativecommons.org/licenses/by/4.0/")


class _JsonObject(Func):
    """json_build_object keeps the order of its keys; jsonb sorts them and is 1.5 × slower."""

    function = "json_build_object"
    output_field = JSONField()

    def __init__(self, members):
        arguments = []
        for name, value in members.items():
            arguments += [Value(name), value]
        super().__init__(*arguments)


class _Geometry(Func):
    """GeoJSON with no more decimals than the data are worth, and no member `crs` (RFC 7946)."""

    output_field = JSONField()

    def __init__(self, expression, crs):
        template = f"ST_AsGeoJSON(%(expressions)s, {crs.decimals}, 0)::json"
        super().__init__(Transformed(expression, crs), template=template)


class _Text(Func):
    """The JSON as PostgreSQL writes it; Python passes it on without reading it."""

    template = "(%(expressions)s)::text"
    output_field = TextField()


@dataclass(frozen=True, kw_only=True)
class Collection:
    """One public layer.

    queryset: what is public, and nothing else; every door starts from it.
    key: field of the id that is stored, unique and never changes; also the order of pages.
    geometry, outline: paths of geometry columns in EPSG:4326; outline is simplified for drawing.
    properties: public name → expression that the database evaluates; flat, so that a feature is
        also one row of a table.
    titles: public name → heading for people, in tables.
    filterset_class: a django_filters.FilterSet; its names are the collection's own parameters.
    during: (queryset, days) → the rows that `datetime` means; days is a date range.
    search: (queryset, text) → the rows that `q` means.
    gone: id → why a record that was public is so no more, or None.
    """

    id: str
    title: str
    description: str
    queryset: Callable[[], QuerySet]
    geometry: str
    properties: Mapping[str, Expression]
    titles: Mapping[str, str] = field(default_factory=dict)
    key: str = "code"
    outline: str | None = None
    license: License = CC_BY
    filterset_class: type | None = None
    during: Callable | None = None
    search: Callable | None = None
    gone: Callable[[str], str | None] = lambda key: None

    def features(self, queryset, *, geometry=None, crs=CRS84, names=(), also=()):
        """(key, feature as JSON text) of each row, written by PostgreSQL.

        geometry: the path of the geometry to write; the collection's own unless told. crs: the
        system of its coordinates. names: the properties to write; all unless told.
        also: further columns of the queryset to give with each row.
        """
        properties = {name: self.properties[name] for name in names or self.properties}
        feature = _JsonObject(
            {
                "type": Value("Feature"),
                "id": F(self.key),
                "geometry": _Geometry(F(geometry or self.geometry), crs),
                "properties": _JsonObject(properties),
            }
        )
        return queryset.annotate(feature=_Text(feature)).values_list(self.key, "feature", *also)

    def rows(self, queryset, *more):
        """The values of the properties of each row, then those of more expressions."""
        return queryset.values_list(*self.properties.values(), *more)

    def fields(self):
        """Public name → model field of its values, as the expression says, not the data."""
        query = self.queryset().query
        return {
            name: expression.resolve_expression(query).output_field
            for name, expression in self.properties.items()
        }

    def title_of(self, name):
        """The heading of a property."""
        return str(self.titles.get(name, name))

    @functools.cached_property
    def fingerprint(self):
        """Changes when the description does, so that no cache keeps what an older release wrote."""
        sql, values = self.features(self.queryset()).query.sql_with_params()
        # The day is part of the revision; a description that knew it would change every midnight.
        fixed = [str(value) for value in values if not isinstance(value, datetime.date)]
        told = [str(self.title), str(self.description), self.license.url]
        told += [self.title_of(name) for name in self.properties]
        return hashlib.sha256(repr([sql, fixed, told]).encode()).hexdigest()[:8]


@functools.cache
def collections():
    """The public collections by id, in the order in which the settings name them."""
    described = [import_string(path) for path in settings.COLLECTIONS]
    return {collection.id: collection for collection in described}
