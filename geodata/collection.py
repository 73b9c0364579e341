"""A public layer, described once; map, API, downloads and catalogue all read this description."""

import datetime
import decimal
import functools
import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.contrib.gis.db.models import Extent
from django.contrib.gis.gdal import OGRGeomType
from django.db.models import (
    Count,
    DateField,
    Expression,
    F,
    Func,
    JSONField,
    Max,
    Min,
    Q,
    QuerySet,
    TextField,
)
from django.utils import timezone, translation
from django.utils.module_loading import import_string

from .crs import CRS84, Transformed
from .nullability import may_be_null
from .spans import ONE_DAY, today


@dataclass(frozen=True)
class License:
    """Under which terms the data may be used."""

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


# The calendar of all times here, as OGC names it.
GREGORIAN = "http://www.opengis.net/def/uom/ISO-8601/0/Gregorian"


def moment(value):
    """A day's beginning in Viet Nam, or a moment, as RFC 3339 text; None stays None."""
    if value is None:
        return None
    if not isinstance(value, datetime.datetime):
        value = _beginning(value)
    return timezone.localtime(value).isoformat(timespec="seconds")


def _beginning(day):
    return timezone.make_aware(datetime.datetime.combine(day, datetime.time()))


class _Geometry(Func):
    """GeoJSON with the decimals of the system, and no member `crs` (RFC 7946)."""

    output_field = JSONField()

    def __init__(self, expression, crs):
        template = f"ST_AsGeoJSON(%(expressions)s, {crs.decimals}, 0)::json"
        super().__init__(Transformed(expression, crs), template=template)


class _Feature(Func):
    """A feature as PostgreSQL writes it; Python passes the text on without reading it.

    row_to_json() keeps the order of its columns and takes two thirds of json_build_object()'s time,
    which looks up the type of each value of each row; jsonb would sort the keys.

    Its SQL is written once and kept: most of the time of a small page went into writing the same
    hundred expressions again. What they say depends on nothing but the names of the tables in the
    query, and those are fixed as soon as the expression is resolved in one.
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
        # The tables get other names.
        clone = super().relabeled_clone(relabels)
        clone.sql = None
        return clone


@dataclass(frozen=True, kw_only=True, eq=False)
class Collection:
    """One public layer.

    queryset: what is public, and nothing else; every door starts from it. The same for a whole
        day.
    key: field of the id that is stored, unique and never changes; also the order of pages.
    geometry, outline: paths of geometry columns in EPSG:4326; outline is simplified for drawing.
    properties: public name → expression that the database evaluates; flat, so that a feature is
        also one row of a table.
    titles: public name → heading for people.
    filters: further name → expression by which features are chosen but that they do not say.
    period: paths of the first and last day or moment of each row, for the extent in time.
    during: (queryset, Interval) → the rows that `datetime` means.
    search: (queryset, text) → the rows that `q` means.
    gone: id → why a record that was public is so no more, "" if that is not told, else None.
    themes: codes of the EU's data themes, by which catalogues sort data sets.
    keywords: words by which people look for the data set in catalogues, beside those of the place
        (settings.PLACE.catalog_keywords).
    map_layer: how the map page shows the features; None for collections that it shows in its own
        way, or not at all.
    """

    id: str
    title: str
    description: str
    queryset: Callable[[], QuerySet]
    geometry: str
    properties: Mapping[str, Expression]
    period: tuple[str, str]
    titles: Mapping[str, str] = field(default_factory=dict)
    key: str = "code"
    outline: str | None = None
    license: License = CC_BY
    filters: Mapping[str, Expression] = field(default_factory=dict)
    during: Callable | None = None
    search: Callable | None = None
    gone: Callable[[str], str | None] = lambda key: None
    themes: tuple[str, ...] = ()
    keywords: tuple[str, ...] = ()
    map_layer: MapLayer | None = None

    def with_property(self, name, expression, *, before):
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

    def feature(self, *, geometry=None, crs=CRS84, names=()):
        """The expression of a row's feature as JSON text.

        geometry: the path of the geometry to write; the collection's own unless told. crs: the
        system of its coordinates. names: the properties to write; all unless told.
        """
        return _Feature(
            id=F(self.key),
            geometry=_Geometry(F(geometry or self.geometry), crs),
            properties={name: self.properties[name] for name in names or self.properties},
        )

    def features(self, *, geometry=None, crs=CRS84, names=()):
        """All public rows, each with its `feature`, to be chosen from and ordered."""
        # A QuerySet changes nothing of the one that it is made from, so that one serves all.
        return _features(self, today(), geometry, crs, names).all()

    def rows(self, queryset, *more):
        """The values of the properties of each row, then those of more expressions."""
        return queryset.values_list(*self.properties.values(), *more)

    @property
    def queryables(self):
        """Name → expression by which features can be chosen; the geometry is not among them."""
        return {**self.properties, **self.filters}

    @functools.cached_property
    def fields(self):
        """Queryable → model field of its values, as the expression says, not the data."""
        query = self.queryset().query
        return {
            name: expression.resolve_expression(query).output_field
            for name, expression in self.queryables.items()
        }

    @functools.cached_property
    def nullable(self):
        """Names of the properties whose values can be null; "geometry" where that can."""
        query = self.queryset().query
        named = {**self.properties, "geometry": F(self.geometry)}
        return frozenset(
            name
            for name, expression in named.items()
            if may_be_null(expression.resolve_expression(query), query)
        )

    @functools.cached_property
    def geometry_type(self):
        """The type of the geometries as GeoJSON and OGR spell it: MultiPolygon."""
        field = F(self.geometry).resolve_expression(self.queryset().query).output_field
        return OGRGeomType(field.geom_type).name

    @functools.cached_property
    def temporal_roles(self):
        """Property → its role among those of OGC 23-058r2, of properties that say the period.

        Only where both ends are told as days or moments: an end alone would say that there is no
        beginning.
        """
        names = [self._property_of(path) for path in self.period]
        if not all(name and isinstance(self.fields[name], DateField) for name in names):
            return {}
        if names[0] == names[1]:
            return {names[0]: "primary-instant"}
        return dict(zip(names, ("primary-interval-start", "primary-interval-end"), strict=True))

    def _property_of(self, path):
        """The property that says what is at that path, as it is or to the second; or None."""
        for name, expression in self.properties.items():
            if F(path) in (expression, *getattr(expression, "flatten", tuple)()):
                return name
        return None

    def extent(self):
        """Where and when the public features are, as OGC API – Features describes it.

        The box is west, south, east, north with the decimals of published coordinates, rounded
        outward, so that it contains every feature as published; an end of time that is open or
        unknown is null. Both ends of the time are part of it: it ends with the last second of its
        last day.
        """
        first, last = self.period
        found = self.queryset().aggregate(
            box=Extent(self.geometry),
            first=Min(first),
            unknown_first=Count("pk", filter=Q(**{f"{first}__isnull": True})),
            last=Max(last),
            unknown_last=Count("pk", filter=Q(**{f"{last}__isnull": True})),
        )
        found["last"] = self._last_moment(found["last"])
        times = [
            None if found[f"unknown_{end}"] else moment(found[end]) for end in ("first", "last")
        ]
        extent = {"temporal": {"interval": [times], "trs": GREGORIAN}}
        if found["box"]:
            extent["spatial"] = {"bbox": [outward(found["box"])], "crs": CRS84.uri}
        return extent

    def earliest_known(self):
        """The beginning of the earliest day that a feature names as its first or last, or None.

        RFC 3339 text. For catalogues, of collections of which neither end of the time is known.
        """
        first, last = self.period
        found = self.queryset().aggregate(first=Min(first), last=Min(last))
        last = self._last_moment(found["last"])
        days = [found["first"], last and timezone.localdate(last)]
        return moment(min((day for day in days if day), default=None))

    def _last_moment(self, end):
        if end is None or isinstance(end, datetime.datetime):
            return end
        # A span of days is stored with the day after it.
        after = end if self.period[1].endswith("__endswith") else end + ONE_DAY
        return _beginning(after) - datetime.timedelta(seconds=1)

    def title_of(self, name):
        """The heading of a property."""
        return str(self.titles.get(name, name))

    @functools.cached_property
    def fingerprint(self):
        """Changes when the description does, so that no cache keeps what an older release wrote."""
        sql, values = self.features().query.sql_with_params()
        # The day is part of the revision; a description that knew it would change every midnight.
        fixed = [str(value) for value in values if not isinstance(value, datetime.date)]
        told = [self.license.url]
        # In every language, whichever the first reader has: each process says the same.
        for language, _name in settings.LANGUAGES:
            with translation.override(language):
                told += [str(self.title), str(self.description), *map(str, self.keywords)]
                told += [self.title_of(name) for name in self.properties]
        parts = [sql, fixed, told, sorted(self.nullable), software_fingerprint()]
        return hashlib.sha256(repr(parts).encode()).hexdigest()[:8]


@functools.cache
def software_fingerprint():
    """Return a digest of the project's own Python code, which changes with every release."""
    digest = hashlib.sha256()
    for app in apps.get_app_configs():
        folder = Path(app.path)
        if folder == settings.BASE_DIR.joinpath(*app.name.split(".")):
            for file in sorted(folder.rglob("*.py")):
                digest.update(file.read_bytes())
    return digest.hexdigest()[:8]


def outward(box):
    """The smallest box with published decimals around a box in degrees: [west, south, east, north].

    Decimal arithmetic on the shortest text of each number: a number that has no more decimals
    stays as it is, which multiplying and dividing would not guarantee.
    """
    step = decimal.Decimal(1).scaleb(-CRS84.decimals)
    ways = (decimal.ROUND_FLOOR, decimal.ROUND_FLOOR, decimal.ROUND_CEILING, decimal.ROUND_CEILING)
    return [
        float(decimal.Decimal(repr(number)).quantize(step, rounding=way))
        for number, way in zip(box, ways, strict=True)
    ]


@functools.lru_cache(maxsize=100)
def _features(collection, day, geometry, crs, names):
    feature = collection.feature(geometry=geometry, crs=crs, names=names)
    return collection.queryset().annotate(feature=feature)


def forget_features():
    """Build the queries anew, for tests that change what they hold."""
    _features.cache_clear()


@functools.cache
def collections():
    """The public collections by id, in the order in which the settings name them."""
    described = [import_string(path) for path in settings.COLLECTIONS]
    return {collection.id: collection for collection in described}
