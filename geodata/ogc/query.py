"""From the query parameters of a request to the rows of a collection."""

import functools
import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Self
from urllib.parse import urlencode

from django.db.models import Q, QuerySet, Value
from django.db.models.lookups import Exact
from django.http import HttpRequest, QueryDict
from django.utils.translation import gettext as _

from geodata.collection import Collection
from geodata.crs import CRS84, OFFERED, Crs
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
    sort_keys: as paging.sort_keys() returns them. names: properties to write; empty for all.
    geometry: path of the geometry to write; "" for the collection's own. crs: of the coordinates
    written. conditions: parameter → parsed value, of the parameters that decide which rows match.
    cache_key_params: the same parameters as (name, text), sorted; with the revision they identify
    the number of rows.
    """

    collection: Collection
    limit: int = parameters.DEFAULT_LIMIT
    after: list | None = None
    sort_keys: tuple[paging.SortKey, ...] = ()
    names: tuple[str, ...] = ()
    geometry: str = ""
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
        query.cache_key_params = sorted(
            (name, str(params[name])) for name in params if name not in NOT_CONDITIONS
        )
        return query

    def parsers(self, params: Mapping[str, str]) -> dict[str, Parser]:
        """Return parameter name → function that parses its text and stores the value in self.

        Only parameters that the collection supports. params: all parameters as text, because some
        decide how another one is parsed.
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

        parsers = {
            "limit": attribute("limit", parameters.limit),
            "cursor": attribute("after", paging.decode_cursor),
            "sortby": attribute("sort_keys", lambda text: paging.sort_keys(text, collection)),
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
            parsers["geometry"] = attribute(
                "geometry", lambda text: parameters.geometry(text, collection)
            )
        return parsers | {name: condition(name, queryable(name)) for name in collection.queryables}

    def matched(self) -> QuerySet:
        """Return all rows that match the conditions, regardless of the page."""
        return self.filtered(self.collection.public())

    def filtered(self, rows: QuerySet) -> QuerySet:
        """Return those of the rows that match the conditions.

        rows: a QuerySet derived from the collection's.
        """
        collection = self.collection
        for name, value in self.conditions.items():
            if name == "bbox":
                # Features without geometry match every box: /req/core/fc-bbox-response C.
                path = collection.geometry
                rows = rows.filter(
                    Q(**{f"{path}__intersects": value}) | Q(**{f"{path}__isnull": True})
                )
            elif name == "datetime" and collection.during:
                rows = collection.during(rows, value)
            elif name == "q" and collection.search:
                rows = collection.search(rows, value)
            elif name == "filter":
                rows = rows.filter(value)
            else:
                rows = rows.filter(Exact(collection.queryables[name], Value(value)))
        return rows

    def page(self) -> QuerySet:
        """Return the rows of this page, and one more if another page follows.

        Each is a tuple: id, JSON text of the feature, values of the sort keys. Raises
        ParameterError if the cursor does not fit the sort keys.
        """
        rows = ordered_features(
            self.collection, today(), self.geometry or None, self.crs, self.names, self.sort_keys
        )
        rows = self.filtered(rows)
        if self.after is not None:
            rows = rows.filter(paging.keyset_filter(self.collection, self.sort_keys, self.after))
        return rows[: self.limit + 1]

    def count(self, revision: DataRevision) -> int:
        """Return numberMatched; counted once per revision and cached."""
        digest = hashlib.sha256(repr(self.cache_key_params).encode()).hexdigest()
        return revision.remember(f"{self.collection.id}:{digest}", lambda: self.matched().count())


@functools.lru_cache(maxsize=100)
def ordered_features(
    collection: Collection,
    day: date,
    geometry: str | None,
    crs: Crs,
    names: tuple[str, ...],
    sort_keys: tuple[paging.SortKey, ...],
) -> QuerySet:
    """Return all public rows of that day in order, as the tuples of ItemsQuery.page().

    Cached: refining a QuerySet copies it, so that one serves all pages.
    """
    rows = collection.features(geometry=geometry, crs=crs, names=names)
    rows = paging.ordered(rows, collection, sort_keys)
    return rows.values_list(collection.key, "feature", *paging.columns_of(sort_keys))
