"""A public layer, described once; map, API, downloads and catalogue all use this description."""

import datetime
import decimal
import functools
import hashlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.contrib.gis.db.models import Extent
from django.contrib.gis.gdal import OGRGeomType
from django.db.models import (
    Count,
    DateField,
    Expression,
    F,
    Field,
    Func,
    JSONField,
    Max,
    Min,
    Q,
    QuerySet,
    TextField,
)
from django.utils import timezone, translation
from django.utils.functional import Promise
from django.utils.module_loading import import_string

from .crs import CRS84, Crs, Transformed
from .nullability import may_be_null
from .spans import ONE_DAY, Interval, today


@dataclass(frozen=True)
class License:
    """The licence of the data: its short name, and the URL of its text."""

    title: str
    url: str


CC_BY = License("CC BY 4.0", "https://creativecommons.org/licenses/by/4.0/")


@dataclass(frozen=True, kw_only=True)
class MapLayer:
    """How the map page shows the points of a collection: a layer that users switch on.

    symbol: path data of an SVG in a box of 24 × 24 units, for markers and legend.
    popup: names of the properties in the popup, below the name of the feature, which is the
        property `name`. The property `url`, if there is one, is the link of the name.
    """

    symbol: str
    popup: tuple[str, ...] = ()


# The calendar of all times here, as a URI of OGC.
GREGORIAN = "http://www.opengis.net/def/uom/ISO-8601/0/Gregorian"


def rfc3339(value: datetime.date | None) -> str | None:
    """Return a datetime, or midnight of a date, as RFC 3339 text in the zone of Viet Nam.

    value: aware datetime or date; None is returned as it is.
    """
    if value is None:
        return None
    time = value if isinstance(value, datetime.datetime) else _midnight(value)
    return timezone.localtime(time).isoformat(timespec="seconds")


def _midnight(day):
    return timezone.make_aware(datetime.datetime.combine(day, datetime.time()))


class _Geometry(Func):
    """GeoJSON with the decimals of the CRS, and without the member `crs` (RFC 7946)."""

    output_field = JSONField()

    def __init__(self, expression, crs):
        template = f"ST_AsGeoJSON(%(expressions)s, {crs.decimals}, 0)::json"
        super().__init__(Transformed(expression, crs), template=template)


class _Feature(Func):
    """A feature as JSON text written by PostgreSQL; Python passes it on without parsing it.

    row_to_json() preserves the order of its columns and takes two thirds of the time of
    json_build_object(), which looks up the type of each value of each row; jsonb would sort the
    keys.

    The SQL is compiled once and cached in the instance: most of the time of a small page went into
    compiling the same hundred expressions again. It depends only on the aliases of the tables in
    the query, which are fixed when the expression is resolved.
    """

    template = (
        "(SELECT row_to_json(feature)::text FROM"
        " (SELECT 'Feature' AS type, {id} AS id, {geometry} AS geometry, properties"
        " FROM (SELECT {properties}) AS properties) AS feature)"
    )
    output_field = TextField()
    sql = None

    def __init__(self, *, id, geometry, properties):
        self.names = list(properties)
        super().__init__(id, geometry, *properties.values())

    def as_sql(self, compiler, connection, **extra_context):
        if self.sql is None:
            parts = [compiler.compile(part) for part in self.source_expressions]
            id, geometry, *properties = (sql for sql, _values in parts)
            named = zip(properties, map(connection.ops.quote_name, self.names), strict=True)
            sql = self.template.format(
                id=id,
                geometry=geometry,
                properties=", ".join(f"{sql} AS {name}" for sql, name in named),
            )
            self.sql = sql, [value for _sql, values in parts for value in values]
        sql, values = self.sql
        return sql, list(values)

    def relabeled_clone(self, relabels):
        # Aliases of tables change.
        clone = super().relabeled_clone(relabels)
        clone.sql = None
        return clone


@dataclass(frozen=True, kw_only=True, eq=False)
class Collection:
    """One public layer.

    id: in URLs. title, description: for people, translated when read. license: of the data.
    queryset: () → the public rows and no others; every endpoint starts from it. Evaluated once per
        day: it may depend on today() but on nothing else.
    key: field of the public id, which is stored, unique and never changes; also the page order.
    geometry, outline: paths of geometry columns in EPSG:4326; the outline is simplified for maps.
    properties: public name → expression that the database evaluates; flat, so that a feature is
        also one row of a table.
    titles: public name → heading for people.
    filters: further name → expression that features can be filtered by but do not contain.
    period: paths of the first and last date or datetime of each row, for the temporal extent.
    during: (queryset, Interval) → the rows that the parameter `datetime` selects.
    search: (queryset, text) → the rows that the parameter `q` selects.
    gone: id → the reason why a record is public no longer, "" if the reason is not public; None if
        it never was public.
    themes: codes of the EU's data themes, for catalogues.
    keywords: keywords of the data set in catalogues, besides those of the province pack.
    map_layer: how the map page shows the features; None for collections that it shows in its own
        way, or not at all.
    """

    id: str
    title: str | Promise
    description: str | Promise
    queryset: Callable[[], QuerySet]
    geometry: str
    properties: Mapping[str, Expression]
    period: tuple[str, str]
    titles: Mapping[str, str | Promise] = field(default_factory=dict)
    key: str = "code"
    outline: str | None = None
    license: License = CC_BY
    filters: Mapping[str, Expression] = field(default_factory=dict)
    during: Callable[[QuerySet, Interval], QuerySet] | None = None
    search: Callable[[QuerySet, str], QuerySet] | None = None
    gone: Callable[[str], str | None] = lambda key: None
    themes: tuple[str, ...] = ()
    keywords: tuple[str | Promise, ...] = ()
    map_layer: MapLayer | None = None

    def with_property(self, name: str, expression: Expression, *, before: str) -> "Collection":
        """Return the collection with one more property.

        name: of the property. expression: evaluated in the rows of `queryset`. before: name of the
        existing property that follows it. Raises KeyError if there is no such property.
        """
        properties = {}
        for existing, own in self.properties.items():
            if existing == before:
                properties[name] = expression
            properties[existing] = own
        if name not in properties:
            raise KeyError(before)
        return replace(self, properties=properties)

    def feature(
        self, *, geometry: str | None = None, crs: Crs = CRS84, names: Iterable[str] = ()
    ) -> Expression:
        """Return the expression of a row's GeoJSON feature, as JSON text.

        geometry: path of the geometry to write, by default the collection's. crs: of the
        coordinates written. names: properties to write, by default all.
        """
        return _Feature(
            id=F(self.key),
            geometry=_Geometry(F(geometry or self.geometry), crs),
            properties={name: self.properties[name] for name in names or self.properties},
        )

    def public(self) -> QuerySet:
        """Return all public rows.

        The QuerySet is cached for the day; refining it copies it.
        """
        return _public(self, today()).all()

    def features(
        self, *, geometry: str | None = None, crs: Crs = CRS84, names: tuple[str, ...] = ()
    ) -> QuerySet:
        """Return all public rows, annotated with `feature`; parameters as of feature().

        Cached as public() is.
        """
        return _features(self, today(), geometry, crs, names).all()

    def rows(self, queryset: QuerySet, *more: Expression | F) -> QuerySet:
        """Return the rows as tuples: the values of the properties, then those of `more`.

        queryset: derived from the collection's. more: further expressions.
        """
        return queryset.values_list(*self.properties.values(), *more)

    @property
    def queryables(self) -> dict[str, Any]:
        """Name → expression that features can be filtered by; without the geometry."""
        return {**self.properties, **self.filters}

    @functools.cached_property
    def fields(self) -> dict[str, Field]:
        """Queryable → model field of its values: the output field of the expression."""
        query = self.queryset().query
        return {
            name: expression.resolve_expression(query).output_field
            for name, expression in self.queryables.items()
        }

    @functools.cached_property
    def nullable(self) -> frozenset[str]:
        """Names of the properties whose values can be null, and "geometry" if it can be."""
        query = self.queryset().query
        named: dict[str, Any] = {**self.properties, "geometry": F(self.geometry)}
        return frozenset(
            name
            for name, expression in named.items()
            if may_be_null(expression.resolve_expression(query), query)
        )

    @functools.cached_property
    def geometry_type(self) -> str:
        """The type of the geometries as GeoJSON and OGR spell it, such as "MultiPolygon"."""
        geometry: Any = F(self.geometry).resolve_expression(self.queryset().query)
        return OGRGeomType(geometry.output_field.geom_type).name

    @functools.cached_property
    def temporal_roles(self) -> dict[str, str]:
        """Property → its temporal role (OGC 23-058r2), of the properties that hold the period.

        Only if both ends are properties of dates or datetimes: a half-open interval would be
        misread as unbounded.
        """
        names = [self._property_of(path) for path in self.period]
        if not all(name and isinstance(self.fields[name], DateField) for name in names):
            return {}
        if names[0] == names[1]:
            return {names[0]: "primary-instant"}
        return dict(zip(names, ("primary-interval-start", "primary-interval-end"), strict=True))

    def _property_of(self, path):
        """Return the name of the property whose value is that path, possibly truncated, or None."""
        for name, expression in self.properties.items():
            if F(path) in (expression, *getattr(expression, "flatten", tuple)()):
                return name
        return None

    def extent(self) -> dict[str, Any]:
        """Return the spatial and temporal extent of the public features: an OGC extent object.

        The box is west, south, east, north in CRS84 with the decimals of published coordinates,
        rounded outward, so that it contains every feature as published; left out if no row has a
        geometry. An end of the interval that is open or unknown is None; the last second of the
        last day belongs to it.
        """
        first, last = self.period
        found = self.queryset().aggregate(
            box=Extent(self.geometry),
            first=Min(first),
            unknown_first=Count("pk", filter=Q(**{f"{first}__isnull": True})),
            last=Max(last),
            unknown_last=Count("pk", filter=Q(**{f"{last}__isnull": True})),
        )
        found["last"] = self._last_second(found["last"])
        times = [
            None if found[f"unknown_{end}"] else rfc3339(found[end]) for end in ("first", "last")
        ]
        extent: dict[str, Any] = {"temporal": {"interval": [times], "trs": GREGORIAN}}
        if found["box"]:
            extent["spatial"] = {"bbox": [rounded_outward(found["box"])], "crs": CRS84.uri}
        return extent

    def earliest_known(self) -> str | None:
        """Return midnight of the earliest day known as the first or last of any feature, or None.

        RFC 3339 text, for catalogues, if neither end of the temporal extent is known.
        """
        first, last = self.period
        found = self.queryset().aggregate(first=Min(first), last=Min(last))
        last = self._last_second(found["last"])
        days = [found["first"], last and timezone.localdate(last)]
        return rfc3339(min((day for day in days if day), default=None))

    def _last_second(self, end):
        if end is None or isinstance(end, datetime.datetime):
            return end
        # The upper bound of a date range is the day after the last one.
        after = end if self.period[1].endswith("__endswith") else end + ONE_DAY
        return _midnight(after) - datetime.timedelta(seconds=1)

    def title_of(self, name: str) -> str:
        """Return the heading of a property in the current language; its name if it has none."""
        return str(self.titles.get(name, name))

    @functools.cached_property
    def fingerprint(self) -> str:
        """A text that changes with the description or the software; part of every entity tag."""
        sql, values = self.features().query.sql_with_params()
        # The date is part of the revision; here it would change the fingerprint at midnight.
        fixed = [str(value) for value in values if not isinstance(value, datetime.date)]
        texts = [self.license.url]
        # In every language, so that all processes compute the same fingerprint.
        for language, _name in settings.LANGUAGES:
            with translation.override(language):
                texts += [str(self.title), str(self.description), *map(str, self.keywords)]
                texts += [self.title_of(name) for name in self.properties]
        parts = [sql, fixed, texts, sorted(self.nullable), software_fingerprint()]
        return hashlib.sha256(repr(parts).encode()).hexdigest()[:8]


@functools.cache
def software_fingerprint() -> str:
    """Return a text that changes with every release of this project's Python code."""
    digest = hashlib.sha256()
    for app in apps.get_app_configs():
        folder = Path(app.path)
        if folder == settings.BASE_DIR.joinpath(*app.name.split(".")):
            for file in sorted(folder.rglob("*.py")):
                digest.update(file.read_bytes())
    return digest.hexdigest()[:8]


def rounded_outward(box: Iterable[float]) -> list[float]:
    """Return the smallest box around a box whose numbers have the decimals of published ones.

    box: west, south, east, north in degrees; the result is a list of the same.

    Decimal arithmetic on the shortest text of each number: a number that has no more decimals
    stays equal, which multiplying and dividing would not guarantee.
    """
    step = decimal.Decimal(1).scaleb(-CRS84.decimals)
    roundings = (
        decimal.ROUND_FLOOR,
        decimal.ROUND_FLOOR,
        decimal.ROUND_CEILING,
        decimal.ROUND_CEILING,
    )
    return [
        float(decimal.Decimal(repr(number)).quantize(step, rounding=rounding))
        for number, rounding in zip(box, roundings, strict=True)
    ]


@functools.lru_cache(maxsize=100)
def _public(collection, day):
    return collection.queryset()


@functools.lru_cache(maxsize=100)
def _features(collection, day, geometry, crs, names):
    feature = collection.feature(geometry=geometry, crs=crs, names=names)
    return collection.public().annotate(feature=feature)


def clear_cached_queries() -> None:
    """Discard the cached queries of all collections, for tests that change what they depend on."""
    _public.cache_clear()
    _features.cache_clear()


@functools.cache
def collections() -> dict[str, Collection]:
    """Return {id: Collection} of the public collections, in the order of settings.COLLECTIONS."""
    described = [import_string(path) for path in settings.COLLECTIONS]
    return {collection.id: collection for collection in described}
