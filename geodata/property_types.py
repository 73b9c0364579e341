"""The types of property values: schema, parser, comparison, columns of files, display.

PROPERTY_TYPES is the only place that maps model fields to types; property_type() looks a field up.
"""

import datetime
import math
import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pyarrow
from django.db.models import (
    BooleanField,
    CharField,
    DateField,
    DateTimeField,
    Field,
    FloatField,
    IntegerField,
    TextChoices,
    TextField,
    URLField,
)
from django.utils import dateparse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from . import value_html
from .spans import is_iso_date

_INTEGER = re.compile(r"[+-]?[0-9]{1,18}")
_NUMBER = re.compile(r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]{1,3})?")
# RFC 3339: date-time.
_DATETIME = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]+)?(Z|[+-][0-9]{2}:[0-9]{2})"
)


# --- parsers -------------------------------------------------------------------------------


def parse_boolean(text: str) -> bool:
    """Return the bool of "true" or "false"; raise ValueError with a sentence for the user."""
    if text not in {"true", "false"}:
        raise ValueError(_("Giá trị dùng được: %s.") % "true, false")
    return text == "true"


def parse_integer(text: str) -> int:
    """Return an int of at most 18 digits; raise ValueError with a sentence for the user."""
    if not _INTEGER.fullmatch(text):
        raise ValueError(_("Cần một số nguyên."))
    return int(text)


def parse_number(text: str) -> float:
    """Return a finite float; raise ValueError with a sentence for the user."""
    # float() alone would accept "1_0", " 1" and digits of other scripts.
    number = float(text) if _NUMBER.fullmatch(text) else math.nan
    if not math.isfinite(number):
        raise ValueError(_("“%s” không phải là số.") % text)
    return number


def parse_date(text: str) -> datetime.date:
    """Return the date of an RFC 3339 full-date; raise ValueError with a sentence for the user."""
    if not is_iso_date(text):
        raise ValueError(_("“%s” không phải là ngày. Viết 2025-06-30.") % text)
    return datetime.date.fromisoformat(text)


def parse_datetime(text: str) -> datetime.datetime:
    """Return the aware datetime, in UTC, of an RFC 3339 date-time with its offset.

    Raises ValueError with a sentence for the user.
    """
    # A space is what a plus sign becomes that was not encoded in the URL.
    normalized = text.replace(" ", "+").upper()
    value = None
    try:
        if _DATETIME.fullmatch(normalized):
            # In UTC, because PostgreSQL refuses offsets of 16 hours and more.
            parsed = dateparse.parse_datetime(normalized)
            value = parsed and parsed.astimezone(datetime.UTC)
    except (ValueError, OverflowError):
        pass
    if value is None:
        raise ValueError(_("“%s” không phải là thời điểm. Viết 2025-06-30T00:00:00+07:00.") % text)
    return value


def parse_text(text: str) -> str:
    """Return the text in NFC, as the database holds it; some keyboards send decomposed letters."""
    return unicodedata.normalize("NFC", text)


# --- the table -----------------------------------------------------------------------------


class ScalarKind(TextChoices):
    """The kinds of scalars of CQL2; only values of one kind can be compared."""

    BOOLEAN = "boolean", gettext_lazy("đúng/sai")
    NUMBER = "number", gettext_lazy("số")
    TIMESTAMP = "timestamp", gettext_lazy("thời điểm")
    DATE = "date", gettext_lazy("ngày")
    TEXT = "text", gettext_lazy("chữ")


@dataclass(frozen=True, kw_only=True)
class PropertyType:
    """One type of property values.

    json_schema: JSON Schema of a value that is not null, without the codes of a field.
    parse: text of a query parameter → Python value; raises ValueError with a sentence for the
        user.
    scalar_kind: with which other values CQL2 compares it.
    arrow: type of the column in Arrow, Parquet and the formats of GDAL.
    label: name of the type in the data dictionary of a workbook.
    html: value as JSON has it, not null → HTML of it for people.
    """

    json_schema: dict[str, str]
    parse: Callable[[str], object]
    scalar_kind: ScalarKind
    arrow: pyarrow.DataType
    label: str | Promise
    html: Callable[[object], str]


_TEXT = PropertyType(
    json_schema={"type": "string"},
    parse=parse_text,
    scalar_kind=ScalarKind.TEXT,
    arrow=pyarrow.string(),
    label=gettext_lazy("chữ"),
    html=value_html.text_html,
)

# The first class of which the field is an instance decides: a DateTimeField is a DateField too.
PROPERTY_TYPES = {
    BooleanField: PropertyType(
        json_schema={"type": "boolean"},
        parse=parse_boolean,
        scalar_kind=ScalarKind.BOOLEAN,
        arrow=pyarrow.bool_(),
        label=gettext_lazy("có hoặc không"),
        html=value_html.boolean_html,
    ),
    IntegerField: PropertyType(
        json_schema={"type": "integer"},
        parse=parse_integer,
        scalar_kind=ScalarKind.NUMBER,
        arrow=pyarrow.int64(),
        label=gettext_lazy("số nguyên"),
        html=value_html.number_html,
    ),
    FloatField: PropertyType(
        json_schema={"type": "number"},
        parse=parse_number,
        scalar_kind=ScalarKind.NUMBER,
        arrow=pyarrow.float64(),
        label=gettext_lazy("số"),
        html=value_html.number_html,
    ),
    DateTimeField: PropertyType(
        json_schema={"type": "string", "format": "date-time"},
        parse=parse_datetime,
        scalar_kind=ScalarKind.TIMESTAMP,
        # A GeoPackage may hold UTC only, and GDAL drops a time zone given by name.
        arrow=pyarrow.timestamp("ms", "UTC"),
        label=gettext_lazy("thời điểm, giờ Việt Nam"),
        html=value_html.datetime_html,
    ),
    DateField: PropertyType(
        json_schema={"type": "string", "format": "date"},
        parse=parse_date,
        scalar_kind=ScalarKind.DATE,
        arrow=pyarrow.date32(),
        label=gettext_lazy("ngày"),
        html=value_html.date_html,
    ),
    URLField: PropertyType(
        json_schema={"type": "string", "format": "uri"},
        parse=parse_text,
        scalar_kind=ScalarKind.TEXT,
        arrow=pyarrow.string(),
        label=gettext_lazy("chữ"),
        html=value_html.text_html,
    ),
    CharField: _TEXT,
    TextField: _TEXT,
}


def property_type(field: Field) -> PropertyType:
    """Return the PropertyType of the values of a model field.

    Raises TypeError for a field that a property cannot have.
    """
    for field_class, known in PROPERTY_TYPES.items():
        if isinstance(field, field_class):
            return known
    raise TypeError(f"No property type for {type(field).__name__}.")


# --- values of one field: its type, and its codes ------------------------------------------


def json_schema(field: Field) -> dict[str, Any]:
    """Return the JSON Schema of the values of a model field that are not null, with its codes."""
    schema: dict[str, Any] = dict(property_type(field).json_schema)
    if field.choices:
        schema["enum"] = [code for code, _title in field.flatchoices]
    return schema


def code_titles(field: Field) -> dict[Any, str]:
    """Return {code: title for people} of a model field; empty if it has no list of codes."""
    return {code: str(title) for code, title in field.flatchoices if code not in {None, ""}}


def parse_value(field: Field, text: str) -> Any:
    """Return the value of that model field that the text of a query parameter denotes.

    Raises ValueError with a sentence for the user, also if the value is not one of the codes.
    """
    value = property_type(field).parse(text)
    if field.choices and value not in code_titles(field):
        codes = ", ".join(str(code) for code in code_titles(field))
        raise ValueError(_("Giá trị dùng được: %s.") % codes)
    return value


def render_html(field: Field, value: Any) -> str:
    """Return the HTML of a value for people: of a code its title; "" for null.

    value: of that model field, as JSON has it.
    """
    if value is None:
        return ""
    if field.choices:
        return value_html.code_html(value, code_titles(field).get(value, value))
    return property_type(field).html(value)
