"""Pages by key: what follows a row in an order, whatever is added or removed meanwhile.

An order may hold nulls; they come last in both directions. `(stars, id) > (2, 8)` would lose them,
so each column is compared on its own.
"""

import base64
import json
from dataclasses import dataclass

from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import F, Q
from django.utils.translation import gettext as _

from geodata.problems import ParameterError
from geodata.property_types import ScalarKind, parse_value, property_type

from .parameters import require_property

# Longer ones are none of ours; JSON that is nested a thousand times is not even read.
LONGEST_CURSOR = 4_000


@dataclass(frozen=True)
class SortKey:
    """One property to sort by."""

    name: str
    descending: bool = False


def sort_keys(text, collection):
    """The keys of `sortby`: names of properties, each with an optional + or - before it."""
    keys = []
    for part in text.split(","):
        # A blank is what a plus sign becomes that was not encoded in the address.
        name = part.strip().lstrip("+")
        key = SortKey(name.removeprefix("-"), descending=name.startswith("-"))
        require_property(key.name, collection, "sortby")
        if key.name in {earlier.name for earlier in keys}:
            raise ParameterError("sortby", _("“%s” được nêu hai lần.") % key.name)
        keys.append(key)
    return tuple(keys)


def columns_of(keys):
    """The names under which ordered() annotates the values of the keys."""
    return [f"sort_{number}" for number in range(len(keys))]


def ordered(rows, collection, keys):
    """The rows in that order, each with the values of its keys in columns_of(keys)."""
    expressions = (collection.properties[key.name] for key in keys)
    columns = dict(zip(columns_of(keys), expressions, strict=True))
    order = [
        (F(column).desc if key.descending else F(column).asc)(nulls_last=True)
        for column, key in zip(columns, keys, strict=True)
    ]
    return rows.annotate(**columns).order_by(*order, collection.key)


def behind(collection, keys, after):
    """Which of the ordered rows come behind the row with those values.

    after: the values of the sort keys and the id of a row, as read_cursor() gives them.
    Raises ParameterError when they do not fit the order.
    """
    *told, last = after or [None]
    if len(told) != len(keys) or not isinstance(last, str):
        raise bad_cursor()
    behind, level = Q(), Q()
    for column, key, value in zip(columns_of(keys), keys, told, strict=True):
        value = _read_back(value, collection.fields[key.name])
        if value is None:
            level &= Q(**{f"{column}__isnull": True})
            continue
        beyond = Q(**{f"{column}__{'lt' if key.descending else 'gt'}": value})
        behind |= level & (beyond | Q(**{f"{column}__isnull": True}))
        level &= Q(**{column: value})
    return behind | (level & Q(**{f"{collection.key}__gt": last}))


def _read_back(value, field):
    """Return a value of a cursor as the database compares it with that model field.

    None stays None. Raises the ParameterError of bad_cursor() if it is not a value of the field.
    """
    is_text = property_type(field).scalar_kind == ScalarKind.TEXT
    if value is None or (isinstance(value, str) and is_text):
        return value
    try:
        return parse_value(field, value if isinstance(value, str) else json.dumps(value))
    except ValueError:
        raise bad_cursor() from None


def write_cursor(row):
    """The opaque place behind the row with those values of the sort keys and that id."""
    text = json.dumps(row, ensure_ascii=False, separators=(",", ":"), cls=DjangoJSONEncoder)
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def read_cursor(text):
    """The values behind which the page begins."""
    try:
        if len(text) > LONGEST_CURSOR:
            raise ValueError(len(text))
        padded = text + "=" * (-len(text) % 4)
        decoded = base64.b64decode(padded, altchars=b"-_", validate=True).decode()
        row = json.loads(decoded)
        # Lone surrogates and zero bytes are valid JSON, but no text of PostgreSQL's; Infinity and
        # NaN are no JSON, but Python reads them.
        json.dumps(row, ensure_ascii=False, allow_nan=False).encode()
        if not isinstance(row, list) or "\\u0000" in decoded:
            raise ValueError(decoded)
        if not all(value is None or isinstance(value, str | int | float) for value in row):
            raise ValueError(decoded)
    except (ValueError, RecursionError):
        raise bad_cursor() from None
    return row


def bad_cursor():
    return ParameterError("cursor", _("Hãy dùng nguyên liên kết “next” của trang trước."))
