"""Keyset paging: the rows after a given row, whatever is added or removed meanwhile.

An order may contain nulls, which sort last in both directions. `(stars, id) > (2, 8)` would lose
them, so each column is compared separately.
"""

import base64
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import F, Field, IntegerField, OuterRef, Q, QuerySet, Subquery
from django.utils.translation import gettext as _

from geodata.collection import Collection
from geodata.feature_model import FEATURE_ID
from geodata.problems import ParameterError
from geodata.property_types import ScalarKind, parse_value, property_type

from .parameters import require_property

# Longer text is never a cursor of ours; JSON nested a thousand times is not even parsed.
MAX_CURSOR_CHARACTERS = 4_000


# The value of `sortby` for the order of the results of `q`.
RELEVANCE = "relevance"


@dataclass(frozen=True)
class SortKey:
    """One property to sort by: its name, and whether the largest value comes first."""

    name: str
    descending: bool = False


# The best results first; equally relevant ones by name.
BY_RELEVANCE = (SortKey(RELEVANCE), SortKey("name"))


def sort_keys(text: str, collection: Collection, searched: str = "") -> tuple[SortKey, ...]:
    """Parse `sortby`: property names with commas between, each with an optional + or - before it.

    searched: the text of `q`, by which RELEVANCE sorts. No other key goes with it or with one of
    Collection.orders. Raises ParameterError for a name that is no property or is repeated.
    """
    if collection.relevance and text.strip().lstrip("+") == RELEVANCE:
        if not searched.strip():
            raise ParameterError("sortby", _("Xếp theo “relevance” cần có từ tìm, tham số q."))
        return BY_RELEVANCE
    if (name := text.strip().lstrip("+")) in collection.orders:
        return (SortKey(name), SortKey("name"))
    keys: list[SortKey] = []
    for part in text.split(","):
        # A space is what a plus sign becomes that was not encoded in the URL.
        name = part.strip().lstrip("+")
        key = SortKey(name.removeprefix("-"), descending=name.startswith("-"))
        require_property(key.name, collection, "sortby")
        if key.name in {earlier.name for earlier in keys}:
            raise ParameterError("sortby", _("“%s” được nêu hai lần.") % key.name)
        keys.append(key)
    return tuple(keys)


def columns_of(keys: Sequence[SortKey]) -> list[str]:
    """Return the names under which ordered() annotates the values of the keys."""
    return [f"sort_{number}" for number in range(len(keys))]


def ordered(
    rows: QuerySet, collection: Collection, keys: Sequence[SortKey], searched: str = ""
) -> QuerySet:
    """Return the rows sorted by the keys, then by their ids.

    rows: a QuerySet derived from Collection.public(). searched: the text of `q`.

    Each row is annotated with the values of the keys under the names of columns_of(keys).
    """
    sortable = collection.queryables | {name: F(name) for name in collection.orders}
    expressions = (
        _relevance(collection, searched) if key.name == RELEVANCE else sortable[key.name]
        for key in keys
    )
    columns = dict(zip(columns_of(keys), expressions, strict=True))
    order = [
        (F(column).desc if key.descending else F(column).asc)(nulls_last=True)
        for column, key in zip(columns, keys, strict=True)
    ]
    return rows.annotate(**columns).order_by(*order, FEATURE_ID)


def _relevance(collection, searched):
    """Return the relevance of the record of each row as an expression over Collection.public()."""
    record = collection.queryset().filter(**{collection.key: OuterRef(FEATURE_ID)}).order_by()
    return Subquery(record.values_list(collection.relevance(searched)))


def keyset_filter(collection: Collection, keys: Sequence[SortKey], after: Sequence) -> Q:
    """Return the condition for rows of ordered() to come after a given row.

    after: values of the sort keys and id of that row, as decode_cursor() returns them.
    Raises ParameterError if they do not fit the keys.
    """
    id, values = last_id(keys, after), after[:-1]
    following, equal_so_far = Q(), Q()
    for column, key, value in zip(columns_of(keys), keys, values, strict=True):
        field = IntegerField() if key.name == RELEVANCE else collection.fields[key.name]
        value = _comparable(value, field)
        if value is None:
            equal_so_far &= Q(**{f"{column}__isnull": True})
            continue
        beyond = Q(**{f"{column}__{'lt' if key.descending else 'gt'}": value})
        following |= equal_so_far & (beyond | Q(**{f"{column}__isnull": True}))
        equal_so_far &= Q(**{column: value})
    return following | (equal_so_far & Q(feature_id__gt=id))


def last_id(keys: Sequence[SortKey], after: Sequence) -> str:
    """Return the id in a cursor; raise ParameterError if the cursor does not fit the keys.

    after: values of the sort keys and id, as decode_cursor() returns them.
    """
    if len(after) != len(keys) + 1 or not isinstance(after[-1], str):
        raise cursor_error()
    return after[-1]


def _comparable(value: Any, field: Field) -> Any:
    """Return a value of a cursor as the database compares it with that model field.

    None stays None. Raises ParameterError if it is not a value of the field.
    """
    is_text = property_type(field).scalar_kind == ScalarKind.TEXT
    if value is None or (isinstance(value, str) and is_text):
        return value
    try:
        return parse_value(field, value if isinstance(value, str) else json.dumps(value))
    except ValueError:
        raise cursor_error() from None


def encode_cursor(row: Iterable) -> str:
    """Return the opaque cursor of the page after a row.

    row: the values of the sort keys, then the id.
    """
    text = json.dumps(list(row), ensure_ascii=False, separators=(",", ":"), cls=DjangoJSONEncoder)
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def decode_cursor(text: str) -> list:
    """Return the values that encode_cursor() was given, as JSON has them.

    Raises ParameterError for anything else; the values themselves are checked by keyset_filter().
    """
    try:
        if len(text) > MAX_CURSOR_CHARACTERS:
            raise ValueError(len(text))
        padded = text + "=" * (-len(text) % 4)
        decoded = base64.b64decode(padded, altchars=b"-_", validate=True).decode()
        row = json.loads(decoded)
        # Lone surrogates and zero bytes are valid JSON but not valid text of PostgreSQL; Infinity
        # and NaN are not JSON, but Python accepts them.
        json.dumps(row, ensure_ascii=False, allow_nan=False).encode()
        if not isinstance(row, list) or "\\u0000" in decoded:
            raise ValueError(decoded)
        if not all(value is None or isinstance(value, str | int | float) for value in row):
            raise ValueError(decoded)
    except (ValueError, RecursionError):
        raise cursor_error() from None
    return row


def cursor_error() -> ParameterError:
    """Return the error for a cursor that this API did not return for this query."""
    return ParameterError("cursor", _("Hãy dùng nguyên liên kết “next” của trang trước."))
