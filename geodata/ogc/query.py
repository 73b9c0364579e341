"""From the query parameters of a request to the rows of a collection."""

import functools
import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Self
from urllib.parse import urlencode

from django.core.exceptions import EmptyResultSet
from django.db.models import F, Func, Q, QuerySet, TextField, Value
from django.db.models.lookups import Exact
from django.http import HttpRequest, QueryDict
from django.utils.translation import gettext as _

from geodata.collection import Collection
from geodata.copying import copy_texts
from geodata.crs import CRS84, OFFERED, Crs
from geodata.feature_model import GEOMETRY
from geodata.problems import BadParameters, ParameterError
from geodata.revision import DataRevision
from geodata.spans import today

from . import cql2, paging, parameters

# Parses the text of one parameter, and raises ParameterError if it cannot.
Parser = Callable[[str], Any]

# Parameters of pages, which files do not have.
PAGE_PARAMETERS = ("limit", "cursor", "sortby", "properties", "crs")
# Parameters that do not decide which rows match.
NOT_CONDITIONS = {*PAGE_PARAMETERS, "geometry", "f"}


def parse_parameters(params: QueryDict, parsers: Mapping[str, Parser]) -> list[ParameterError]:
    """Call the parser of every parameter of a request; return the errors.

    parsers: name → function of the text, which may raise ParameterError. Unknown, repeated and
    empty parameters are errors too.
    """
    errors = []
    for name, values in params.lists():
        try:
            if name not in parsers:
                raise ParameterError(name, _("Không có tham số này."))
            if len(values) > 1:
                raise ParameterError(name, _("Tham số chỉ được nêu một lần."))
            if not values[0].strip():
                raise ParameterError(name, _("Tham số không có giá trị."))
            if "\x00" in values[0]:
                raise ParameterError(name, _("Tham số có ký tự không dùng được."))
            parsers[name](values[0])
        except ParameterError as error:
            errors.append(error)
    return errors


def url_with(request: HttpRequest, path: str = "", /, **changed: object) -> str:
    """Return the current URL, without scheme and host, with some query parameters replaced.

    path: another path; by default that of the request. changed: parameter → new value; None
    removes the parameter.
    """
    params = {**request.GET.dict(), **changed}
    text = urlencode({name: value for name, value in params.items() if value is not None})
    path = path or request.path
    return f"{path}?{text}" if text else path


def refuse_unknown(params: QueryDict, *, known: Mapping[str, Parser]) -> None:
    """Raise BadParameters with every error of parse_parameters(), if there is one.

    known: the parsers by parameter name.
    """
    if errors := parse_parameters(params, known):
        raise BadParameters(errors)


@dataclass
class ItemsQuery:
    """The parsed query of a request for the items of a collection.

    limit: features in a page at most. after: decoded cursor, or None for the first page.
    sort_keys: as paging.sort_keys() returns them; by relevance if `q` is given without `sortby`.
    names: properties to write; empty for all.
    geometry: column of the geometry to write, GEOMETRY or OUTLINE. crs: of the coordinates
    written. conditions: parameter → parsed value, of the parameters that decide which rows match.
    cache_key_params: the same parameters as (name, text), sorted; with the revision they identify
    the number of rows.
    """

    collection: Collection
    limit: int = parameters.DEFAULT_LIMIT
    after: list | None = None
    sort_keys: tuple[paging.SortKey, ...] = ()
    names: tuple[str, ...] = ()
    geometry: str = GEOMETRY
    crs: Crs = CRS84
    conditions: dict[str, Any] = field(default_factory=dict)
    cache_key_params: list[tuple[str, str]] = field(default_factory=list)

    @classmethod
    def parse(
        cls,
        collection: Collection,
        params: QueryDict,
        *,
        also: Mapping[str, Parser] | None = None,
        **fields: Any,
    ) -> Self:
        """Return the query of a request's parameters.

        also: parsers of further parameters, which do not decide which rows match. fields: initial
        values of fields. Raises BadParameters with every parameter that is unknown, repeated,
        empty or invalid.
        """
        query = cls(collection, **fields)
        if errors := parse_parameters(params, query.parsers(params) | dict(also or {})):
            raise BadParameters(errors)
        if not query.sort_keys and collection.relevance and "q" in query.conditions:
            query.sort_keys = paging.BY_RELEVANCE
        query.cache_key_params = sorted(
            (name, str(params[name])) for name in params if name not in NOT_CONDITIONS
        )
        return query

    def parsers(self, params: Mapping[str, str]) -> dict[str, Parser]:
        """Return parameter name → function that parses its text and stores the value in self.

        Only parameters that the collection supports, and of its queryables only those in `params`:
        a collection may have dozens. params: all parameters as text, because some decide how
        another one is parsed.
        """
        collection = self.collection

        def condition(name, parse):
            return lambda text: self.conditions.__setitem__(name, parse(text))

        def attribute(name, parse):
            return lambda text: setattr(self, name, parse(text))

        def queryable(name):
            return lambda text: parameters.value(text, name, collection.fields[name])

        # An unknown CRS or language is reported under its own parameter.
        bbox_crs = OFFERED.get(params.get("bbox-crs", ""), CRS84)
        filter_language = params.get("filter-lang", cql2.TEXT)
        filter_crs = OFFERED.get(params.get("filter-crs", ""), CRS84)

        def parse_filter(text):
            return cql2.condition(text, filter_language, filter_crs, collection)

        def parse_order(text):
            return paging.sort_keys(text, collection, params.get("q", ""))

        parsers = {
            "limit": attribute("limit", parameters.limit),
            "cursor": attribute("after", paging.decode_cursor),
            "sortby": attribute("sort_keys", parse_order),
            "properties": attribute("names", lambda text: parameters.properties(text, collection)),
            "crs": attribute("crs", parameters.crs),
            "bbox": condition("bbox", lambda text: parameters.bbox(text, bbox_crs)),
            "bbox-crs": lambda text: parameters.crs(text, "bbox-crs"),
            "filter": condition("filter", parse_filter),
            "filter-lang": cql2.language,
            "filter-crs": lambda text: parameters.crs(text, "filter-crs"),
        }
        if collection.during:
            parsers["datetime"] = condition("datetime", parameters.interval)
        if collection.search:
            parsers["q"] = condition("q", str)
        if collection.outline:
            parsers["geometry"] = attribute("geometry", parameters.geometry)
        requested = [name for name in params if name in collection.queryables]
        return parsers | {name: condition(name, queryable(name)) for name in requested}

    def all_parsers(self) -> dict[str, Parser]:
        """Return parsers() with those of every queryable."""
        return self.parsers(dict.fromkeys(self.collection.queryables, ""))

    def matched(self) -> QuerySet:
        """Return all rows that match the conditions, regardless of the page."""
        return self.filtered(self.collection.public())

    def filtered(self, rows: QuerySet) -> QuerySet:
        """Return those of the rows that match the conditions.

        rows: a QuerySet derived from Collection.public().
        """
        collection = self.collection
        for name, value in self.conditions.items():
            if name == "bbox":
                # Features without geometry match every box: /req/core/fc-bbox-response C.
                rows = rows.filter(Q(geometry__intersects=value) | Q(geometry=None))
            elif name == "datetime" and collection.during:
                rows = self._among(rows, collection.during(collection.queryset(), value))
            elif name == "q" and collection.search:
                rows = self._among(rows, collection.search(collection.queryset(), value))
            elif name == "filter":
                rows = rows.filter(value)
            else:
                rows = rows.filter(Exact(collection.queryables[name], Value(value)))
        return rows

    def _among(self, rows, records):
        """Return those of the rows whose records are in that QuerySet."""
        return rows.filter(feature_id__in=records.order_by().values(self.collection.key))

    def page(self) -> "Page":
        """Return the Page; raise ParameterError if the cursor does not fit the sort keys."""
        features: list[bytes] = []
        sorted_by: list[bytes] = []

        def receive(feature, *values):
            features.append(feature)
            sorted_by.extend(values)

        # Without rows to select there is no statement: the conditions exclude each other.
        with suppress(EmptyResultSet):
            sql, values = self.page_statement()
            copy_texts(sql, values, receive if self._has_sort_column else features.append)
        if len(features) <= self.limit:
            return Page(features, "")
        # The last row is the first of the next page.
        del features[self.limit :]
        last = json.loads(features[-1])
        if self._has_sort_column:
            row = json.loads(sorted_by[self.limit - 1])
        else:
            row = [last["properties"][key.name] for key in self.sort_keys]
        return Page(features, paging.encode_cursor([*row, last["id"]]))

    @property
    def _has_sort_column(self):
        """Whether the values of the sort keys are a column, because features lack one of them."""
        written = self.names or self.collection.properties
        return not {key.name for key in self.sort_keys} <= {*written}

    def page_statement(self) -> tuple[str, Sequence[Any]]:
        """Return the SQL of page_rows() and its parameters; raise what page_rows() does.

        EmptyResultSet if the conditions exclude each other.
        """
        if self.conditions or self.sort_keys:
            return self.page_rows().query.sql_with_params()
        # Most pages differ in the id of the cursor only.
        last_ids = [] if self.after is None else [paging.last_id(self.sort_keys, self.after)]
        sql, values = _statement(
            self.collection,
            today(),
            self.collection.written_with,
            bool(last_ids),
            limit=self.limit,
            geometry=self.geometry,
            crs=self.crs,
            names=self.names,
        )
        return sql, [last_ids[0] if value == _ANY_ID else value for value in values]

    def page_rows(self) -> QuerySet:
        """Return the features of this page as JSON texts, and one more if another page follows.

        With a second column, a JSON array of the values of the sort keys, where the features do not
        contain them. Raises ParameterError if the cursor does not fit the sort keys.
        """
        rows = self.filtered(self.ordered())
        if self.after is not None:
            rows = rows.filter(paging.keyset_filter(self.collection, self.sort_keys, self.after))
        columns: list[Any] = ["feature"]
        if self._has_sort_column:
            values = map(F, paging.columns_of(self.sort_keys))
            array = "json_build_array(%(expressions)s)::text"
            columns.append(Func(*values, template=array, output_field=TextField()))
        return rows.values_list(*columns)[: self.limit + 1]

    def ordered(self) -> QuerySet:
        """Return all features in order, annotated with `feature` and the sort keys."""
        collection = self.collection
        if self.sort_keys == paging.BY_RELEVANCE:
            # Not cached: the order depends on the text of the search.
            rows = collection.features(geometry=self.geometry, crs=self.crs, names=self.names)
            return paging.ordered(rows, collection, self.sort_keys, self.conditions["q"])
        return ordered_features(
            collection,
            today(),
            collection.written_with,
            self.geometry,
            self.crs,
            self.names,
            self.sort_keys,
        )

    def count(self, revision: DataRevision) -> int:
        """Return numberMatched; counted once per revision and cached."""
        digest = hashlib.sha256(repr(self.cache_key_params).encode()).hexdigest()
        return revision.remember(f"{self.collection.id}:{digest}", self._count)

    def _count(self):
        return self.matched().count() if self.conditions else self.collection.count()


@dataclass(frozen=True)
class Page:
    """The features of a page.

    features: the JSON text of each, as UTF-8. next_cursor: of the following page, or "".
    """

    features: list[bytes]
    next_cursor: str


# Placeholder for the id of the cursor in a cached statement.
_ANY_ID = "\x00id"


@functools.lru_cache(maxsize=500)
def _statement(collection, day, written_with, has_cursor, **fields):
    """Return (SQL, parameters) of a page without conditions; the id of its cursor is _ANY_ID.

    day, written_with: what the SQL depends on beside the fields of the ItemsQuery.
    """
    query = ItemsQuery(collection, after=[_ANY_ID] if has_cursor else None, **fields)
    return query.page_rows().query.sql_with_params()


@functools.lru_cache(maxsize=100)
def ordered_features(
    collection: Collection,
    day: date,
    written_with: str,
    geometry: str,
    crs: Crs,
    names: tuple[str, ...],
    sort_keys: tuple[paging.SortKey, ...],
) -> QuerySet:
    """Return all features of that day in order, annotated with `feature` and the sort keys.

    day, written_with: what Collection.features() depends on beside its parameters. Cached: refining
    a QuerySet copies it, so that one serves all pages.
    """
    rows = collection.features(geometry=geometry, crs=crs, names=names)
    return paging.ordered(rows, collection, sort_keys)


def clear_cached_queries() -> None:
    """Discard the cached queries, for tests that change what they depend on."""
    ordered_features.cache_clear()
    _statement.cache_clear()
