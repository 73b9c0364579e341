"""What a request asks of a collection: from query parameters to rows."""

import functools
import hashlib
from dataclasses import dataclass, field
from urllib.parse import urlencode

from django.db.models import Q, Value
from django.db.models.lookups import Exact
from django.utils.translation import gettext as _

from geodata.crs import CRS84, OFFERED, Crs
from geodata.problems import BadParameters, ParameterError
from geodata.spans import today

from . import cql2, paging, parameters

# Parameters of pages, which a file does not have.
OF_PAGES = ("limit", "cursor", "sortby", "properties", "crs")
# Parameters that choose a page or a form, not rows.
NOT_CONDITIONS = {*OF_PAGES, "geometry", "f"}


def read_parameters(asked, readers):
    """Read every parameter of a request; return what is wrong with them.

    readers: name → function that takes the text; other names, repeated and empty ones are errors.
    """
    errors = []
    for name, values in asked.lists():
        try:
            if name not in readers:
                raise ParameterError(name, _("Không có tham số này."))
            if len(values) > 1:
                raise ParameterError(name, _("Tham số chỉ được nêu một lần."))
            if not values[0].strip():
                raise ParameterError(name, _("Tham số không có giá trị."))
            if "\x00" in values[0]:
                raise ParameterError(name, _("Tham số có ký tự không dùng được."))
            readers[name](values[0])
        except ParameterError as error:
            errors.append(error)
    return errors


def url_with(request, path="", **changed):
    """The address of the same question with other parameters; None takes one away.

    path: where to ask it; at the request's own address unless told.
    """
    asked = {**request.GET.dict(), **changed}
    text = urlencode({name: value for name, value in asked.items() if value is not None})
    path = path or request.path
    return f"{path}?{text}" if text else path


def refuse_unknown(asked, *, known):
    """Raise BadParameters unless every parameter is known and can be read; see read_parameters."""
    if errors := read_parameters(asked, known):
        raise BadParameters(errors)


@dataclass
class ItemsQuery:
    """What a request for items asks of a collection.

    Raises BadParameters with everything that is wrong, or unknown, or given twice or empty.
    """

    collection: object
    limit: int = parameters.DEFAULT_LIMIT
    after: list | None = None
    sort_keys: tuple = ()
    names: tuple = ()
    geometry: str = ""
    crs: Crs = CRS84
    # Parameter → its value, of those that choose rows.
    conditions: dict = field(default_factory=dict)
    # What decides which rows match, as it was asked: the key under which their number is kept.
    asked: list = field(default_factory=list)

    @classmethod
    def parse(cls, collection, asked, *, also=None, **given):
        """The query of a request's parameters; also: readers of parameters that choose no rows."""
        query = cls(collection, **given)
        if errors := read_parameters(asked, query.readers(asked) | (also or {})):
            raise BadParameters(errors)
        query.asked = sorted((name, asked[name]) for name in asked if name not in NOT_CONDITIONS)
        return query

    def readers(self, asked):
        """Parameter name → what notes its value; only those that the collection knows.

        asked: the parameters as text, for those that say how another is to be read.
        """
        collection = self.collection

        def note(name, read):
            return lambda text: self.conditions.__setitem__(name, read(text))

        def put(name, read):
            return lambda text: setattr(self, name, read(text))

        def queryable(name):
            return lambda text: parameters.value(text, name, collection.fields[name])

        # A system or a language that is none is told under its own name.
        bbox_crs = OFFERED.get(asked.get("bbox-crs"), CRS84)
        filter_in = {
            "language": asked.get("filter-lang", cql2.TEXT),
            "crs": OFFERED.get(asked.get("filter-crs"), CRS84),
            "collection": collection,
        }
        readers = {
            "limit": put("limit", parameters.limit),
            "cursor": put("after", paging.read_cursor),
            "sortby": put("sort_keys", lambda text: paging.sort_keys(text, collection)),
            "properties": put("names", lambda text: parameters.properties(text, collection)),
            "crs": put("crs", parameters.crs),
            "bbox": note("bbox", lambda text: parameters.bbox(text, bbox_crs)),
            "bbox-crs": lambda text: parameters.crs(text, "bbox-crs"),
            "filter": note("filter", lambda text: cql2.condition(text, **filter_in)),
            "filter-lang": cql2.language,
            "filter-crs": lambda text: parameters.crs(text, "filter-crs"),
        }
        if collection.during:
            readers["datetime"] = note("datetime", parameters.interval)
        if collection.search:
            readers["q"] = note("q", str)
        if collection.outline:
            readers["geometry"] = put(
                "geometry", lambda text: parameters.geometry(text, collection)
            )
        return readers | {name: note(name, queryable(name)) for name in collection.queryables}

    def matched(self):
        """All rows that match, on whatever page."""
        return self.chosen_from(self.collection.queryset())

    def chosen_from(self, rows):
        """Those of the collection's rows that match."""
        collection = self.collection
        for name, asked in self.conditions.items():
            if name == "bbox":
                # Features without geometry match every box: /req/core/fc-bbox-response C.
                path = collection.geometry
                rows = rows.filter(
                    Q(**{f"{path}__intersects": asked}) | Q(**{f"{path}__isnull": True})
                )
            elif name == "datetime":
                rows = collection.during(rows, asked)
            elif name == "q":
                rows = collection.search(rows, asked)
            elif name == "filter":
                rows = rows.filter(asked)
            else:
                rows = rows.filter(Exact(collection.queryables[name], Value(asked)))
        return rows

    def page(self):
        """(id, feature text, values of the sort keys…) of the rows of this page, and of one more
        if another page follows.
        """
        rows = in_order(
            self.collection, today(), self.geometry or None, self.crs, self.names, self.sort_keys
        )
        rows = self.chosen_from(rows)
        if self.after is not None:
            rows = rows.filter(paging.behind(self.collection, self.sort_keys, self.after))
        return rows[: self.limit + 1]

    def count(self, revision):
        """numberMatched: true for this revision, and counted once for it."""
        digest = hashlib.sha256(repr(self.asked).encode()).hexdigest()
        return revision.remember(f"{self.collection.id}:{digest}", lambda: self.matched().count())


# A QuerySet changes nothing of the one that it is made from, so that one serves all pages.
@functools.lru_cache(maxsize=100)
def in_order(collection, day, geometry, crs, names, sort_keys):
    """What page() tells of all public rows of that day."""
    rows = collection.features(geometry=geometry, crs=crs, names=names)
    rows = paging.ordered(rows, collection, sort_keys)
    return rows.values_list(collection.key, "feature", *paging.columns_of(sort_keys))
