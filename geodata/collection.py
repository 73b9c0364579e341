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
    Case,
    Count,
    DateField,
    Expression,
    F,
    Field,
    Max,
    Min,
    Q,
    QuerySet,
    When,
)
from django.db.models.expressions import RawSQL
from django.utils import timezone, translation
from django.utils.functional import Promise
from django.utils.module_loading import import_string

from .crs import CRS84, Crs
from .feature_model import (
    FEATURE_ID,
    GEOMETRY,
    OUTLINE,
    Feature,
    feature_model,
)
from .feature_sql import (
    FeatureText,
    GeoJsonGeometry,
    StoredGeometry,
    feature_sql,
    geojson_sql,
    quoted,
)
from .models import FeatureCount
from .nullability import may_be_null
from .pages import PageAddress, pages_fingerprint
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


@dataclass(frozen=True, kw_only=True, eq=False)
class Collection:
    """One public layer.

    id: in URLs. title, description: for people, translated when read. license: of the data.
    queryset: () → the public rows of the records and no others. The database derives the features
        from them (feature_tables.py); requests read `model`, the table with the features, and
        this queryset only for `datetime` and `q`.
    on_day: (queryset, day) → the queryset with the values that depend on the date; the day is a
        date or an expression of one.
    change_days: () → queryset of (key, first day on which a value that depends on the date is
        another one) tuples; further days do no harm. None if nothing depends on the date.
    key: field of the public id, which is stored, unique and never changes; also the page order.
    geometry, outline: paths of geometry columns in EPSG:4326; the outline is simplified for maps.
    properties: public name → expression that the database evaluates; flat, so that a feature is
        also one row of a table.
    titles: public name → heading for people.
    filters: further name → expression that features can be filtered by but do not contain.
    orders: further name → integer expression by which features can be sorted, the lowest first,
        then by the property `name`; features do not contain it.
    indexed: names of the properties, filters and orders that get an index.
    period: paths of the first and last date or datetime of each row, for the temporal extent.
    during: (queryset, Interval) → the rows that the parameter `datetime` selects.
    search: (queryset, text) → the rows that the parameter `q` selects.
    relevance: text of `q` → integer expression over the rows of `queryset`, by which they are
        sorted, the lowest first; then by the property `name`.
    gone: id → the reason why a record is public no longer, "" if the reason is not public; None if
        it never was public.
    themes: codes of the EU's data themes, for catalogues.
    keywords: keywords of the data set in catalogues, besides those of the province pack.
    map_layer: how the map page shows the features; None for collections that it shows in its own
        way, or not at all.
    writable: names of the properties that clients may write; see ogc/transactions.py.
    columns: names of the properties in the compact representation, ogc/columns.py; () for none.
    columns_order: how that is sorted by default, as in the parameter `sortby`.
    """

    id: str
    title: str | Promise
    description: str | Promise
    queryset: Callable[[], QuerySet]
    geometry: str
    properties: Mapping[str, Expression]
    period: tuple[str, str]
    on_day: Callable[[QuerySet, Any], QuerySet] = lambda rows, day: rows
    change_days: Callable[[], QuerySet] | None = None
    titles: Mapping[str, str | Promise] = field(default_factory=dict)
    key: str = "code"
    outline: str | None = None
    license: License = CC_BY
    filters: Mapping[str, Expression] = field(default_factory=dict)
    orders: Mapping[str, Expression] = field(default_factory=dict)
    indexed: tuple[str, ...] = ()
    during: Callable[[QuerySet, Interval], QuerySet] | None = None
    search: Callable[[QuerySet, str], QuerySet] | None = None
    relevance: Callable[[str], Expression] | None = None
    gone: Callable[[str], str | None] = lambda key: None
    themes: tuple[str, ...] = ()
    keywords: tuple[str | Promise, ...] = ()
    map_layer: MapLayer | None = None
    writable: tuple[str, ...] = ()
    columns: tuple[str, ...] = ()
    columns_order: str = "name"

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

    # --- the described rows ---

    def described(self, day: Any) -> QuerySet:
        """Return all public rows of the records, with the values of a day.

        day: a date, or an expression of one. The properties are expressions over these rows.
        """
        return self.on_day(self.queryset(), day)

    @property
    def expressions(self) -> dict[str, Any]:
        """Property, filter or order → its expression over the rows of described()."""
        return {**self.properties, **self.filters, **self.orders}

    def described_feature(self) -> Expression:
        """Return the expression over described() of the GeoJSON feature, as JSON text."""
        return FeatureText(
            id=F(self.key),
            geometry=GeoJsonGeometry(F(self.geometry), CRS84),
            properties=self.properties,
        )

    # --- the stored features ---

    @property
    def model(self) -> type[Feature]:
        """The model of the table with the features."""
        return feature_models()[self.id]

    @functools.cached_property
    def queryables(self) -> dict[str, Any]:
        """Name → expression over public() that features can be filtered by; without the geometry.

        The properties first.
        """
        return {name: self._from_column(name) for name in (*self.properties, *self.filters)}

    def _from_column(self, name):
        expression = self.expressions[name]
        column = F(self.column_of(name))
        return expression.from_column(column) if isinstance(expression, PageAddress) else column

    def column_of(self, name: str) -> str:
        """Return the name of the column of `model` with the values of one of `expressions`."""
        return FEATURE_ID if self.expressions[name] == F(self.key) else name

    def stored_expressions(self) -> dict[str, Any]:
        """Column of `model`, without id and geometries → its expression over described()."""
        return {
            name: expression.stored if isinstance(expression, PageAddress) else expression
            for name, expression in self.expressions.items()
            if self.column_of(name) == name
        }

    def stored_geometries(self) -> dict[str, str]:
        """Geometry column of `model` → path of the geometry in described()."""
        return {GEOMETRY: self.geometry} | ({OUTLINE: self.outline} if self.outline else {})

    def public(self) -> QuerySet:
        """Return all public features as they are today: rows of `model`."""
        return _public(self, today()).all()

    def count(self) -> int:
        """Return the number of public features."""
        stored = FeatureCount.objects.filter(collection=self.id)
        return stored.values_list("number", flat=True).first() or 0

    def feature(
        self, *, geometry: str = GEOMETRY, crs: Crs = CRS84, names: Iterable[str] = ()
    ) -> Expression:
        """Return the expression over public() of the GeoJSON feature, as JSON text.

        geometry: the column to write, GEOMETRY or OUTLINE. crs: of the coordinates written. names:
        properties to write, by default all.

        The stored text is used if it is of this definition and this site; everything else is
        computed from the columns of the same row.
        """
        names = tuple(names)
        computed = self.computed_feature(geometry, crs, names)
        if (geometry, crs, names) != (GEOMETRY, CRS84, ()):
            return computed
        return Case(When(written_with=self.written_with, then=F("feature_json")), default=computed)

    def computed_feature(self, geometry: str, crs: Crs, names: tuple[str, ...]) -> Expression:
        """Return feature(), computed from the columns; parameters as of feature()."""
        return FeatureText(
            id=F(FEATURE_ID),
            geometry=GeoJsonGeometry(F(geometry), crs),
            properties={name: self.queryables[name] for name in names or self.properties},
        )

    @property
    def written_with(self) -> str:
        """The value of Feature.written_with with which this software and site write features."""
        return f"{self.definition}-{pages_fingerprint()}"

    @functools.cached_property
    def definition(self) -> str:
        """A text that changes with the SQL of the features."""
        parts = [self.sql_of_columns(), self.sql_of_text("found")]
        return hashlib.sha256(repr(parts).encode()).hexdigest()[:8]

    def sql_of_columns(self) -> tuple[str, tuple]:
        """Return the query of id, stored_expressions() and geometries of one feature on one day.

        SQL with parameters; the row `period` has the columns feature_id and day.
        """
        day = RawSQL("period.day", (), output_field=DateField())
        rows = self.described(day).filter(**{self.key: RawSQL("period.feature_id", ())})
        columns = rows.order_by().values_list(
            F(self.key),
            *self.stored_expressions().values(),
            *(StoredGeometry(F(path)) for path in self.stored_geometries().values()),
        )
        return columns.query.sql_with_params()

    def sql_of_text(self, row: str) -> str:
        """Return the SQL of the JSON text of a row with the columns of `model`.

        row: its name. The row `site` is that of SitePages.
        """

        def value(name):
            expression, column = self.expressions[name], f"{row}.{quoted(self.column_of(name))}"
            is_page = isinstance(expression, PageAddress)
            return expression.sql_from_row(column) if is_page else column

        return feature_sql(
            id=f"{row}.{FEATURE_ID}",
            geometry=geojson_sql(f"{row}.{GEOMETRY}", CRS84),
            properties={name: value(name) for name in self.properties},
        )

    def features(
        self, *, geometry: str = GEOMETRY, crs: Crs = CRS84, names: tuple[str, ...] = ()
    ) -> QuerySet:
        """Return public(), annotated with `feature`; parameters as of feature()."""
        return _features(self, today(), geometry, crs, names, self.written_with).all()

    def rows(self, queryset: QuerySet, *more: Expression | F) -> QuerySet:
        """Return the rows as tuples: the values of the properties, then those of `more`.

        queryset: derived from public(). more: further expressions.
        """
        return queryset.values_list(*(self.queryables[name] for name in self.properties), *more)

    @functools.cached_property
    def fields(self) -> dict[str, Field]:
        """Queryable or order → model field of its values: the output field of the expression."""
        query = self.described(today()).query
        return {
            name: expression.resolve_expression(query).output_field
            for name, expression in self.expressions.items()
        }

    @functools.cached_property
    def nullable(self) -> frozenset[str]:
        """Names of the properties whose values can be null, and "geometry" if it can be."""
        query = self.described(today()).query
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
        texts = [self.license.url]
        # In every language, so that all processes compute the same fingerprint.
        for language, _name in settings.LANGUAGES:
            with translation.override(language):
                texts += [str(self.title), str(self.description), *map(str, self.keywords)]
                texts += [self.title_of(name) for name in self.properties]
        parts = [self.definition, texts, sorted(self.nullable), software_fingerprint()]
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
    return collection.model.objects.on(day)


@functools.lru_cache(maxsize=100)
def _features(collection, day, geometry, crs, names, written_with):
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


@functools.cache
def feature_models() -> dict[str, type[Feature]]:
    """Return {id of a collection: the model of the table with its features}.

    Created when the applications are ready: the columns follow from the properties, whose types are
    known when all models are. The table belongs to the application that defines the collection.
    """
    models = {}
    for path, collection in zip(settings.COLLECTIONS, collections().values(), strict=True):
        app: Any = apps.get_containing_app_config(path)
        name = "".join(word.capitalize() for word in collection.id.split("-"))
        query = collection.described(today()).query
        models[collection.id] = feature_model(
            f"{name}Feature",
            app_label=app.label,
            fields={
                column: expression.resolve_expression(query).output_field
                for column, expression in collection.stored_expressions().items()
            },
            geometries={
                column: F(path).resolve_expression(query).output_field
                for column, path in collection.stored_geometries().items()
            },
            indexed=map(collection.column_of, collection.indexed),
        )
    return models
