"""What kind of value a property has: how it is described, and read from the text of an address."""

import datetime
import math
import re
import unicodedata

from django.db.models import (
    BooleanField,
    CharField,
    DateField,
    DateTimeField,
    FloatField,
    IntegerField,
    TextField,
    URLField,
)
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

# The first that fits decides: a DateTimeField is a DateField too.
_SCHEMAS = {
    BooleanField: {"type": "boolean"},
    IntegerField: {"type": "integer"},
    FloatField: {"type": "number"},
    DateTimeField: {"type": "string", "format": "date-time"},
    DateField: {"type": "string", "format": "date"},
    URLField: {"type": "string", "format": "uri"},
    CharField: {"type": "string"},
    TextField: {"type": "string"},
}

_WHOLE = re.compile(r"[+-]?[0-9]{1,18}")
_NUMBER = re.compile(r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]{1,3})?")
# RFC 3339: full-date, date-time.
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_MOMENT = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]+)?(Z|[+-][0-9]{2}:[0-9]{2})"
)


def json_schema(field):
    """The JSON Schema of the values of a model field, its codes included."""
    schema = next(dict(known) for kind, known in _SCHEMAS.items() if isinstance(field, kind))
    if field.choices:
        schema["enum"] = [code for code, _title in field.flatchoices]
    return schema


def code_titles(field):
    """Code → title for people, of a field with a list of codes; else empty."""
    return {code: str(title) for code, title in field.flatchoices if code not in {None, ""}}


def read_value(field, text):
    """The value of that model field that the text of a query parameter means.

    Raises ValueError with a sentence for the reader.
    """
    value = _read(field, text)
    if field.choices and value not in code_titles(field):
        codes = ", ".join(str(code) for code in code_titles(field))
        raise ValueError(_("Giá trị dùng được: %s.") % codes)
    return value


def _read(field, text):
    if isinstance(field, BooleanField):
        if text not in {"true", "false"}:
            raise ValueError(_("Giá trị dùng được: %s.") % "true, false")
        return text == "true"
    if isinstance(field, IntegerField):
        if not _WHOLE.fullmatch(text):
            raise ValueError(_("Cần một số nguyên."))
        return int(text)
    if isinstance(field, FloatField):
        return read_number(text)
    if isinstance(field, DateTimeField):
        return read_moment(text)
    if isinstance(field, DateField):
        return read_date(text)
    # The database holds composed letters; some keyboards send others.
    return unicodedata.normalize("NFC", text)


def read_number(text):
    """A finite number; raises ValueError with a sentence for the reader."""
    # float() alone would take "1_0", " 1" and digits of other scripts.
    number = float(text) if _NUMBER.fullmatch(text) else math.nan
    if not math.isfinite(number):
        raise ValueError(_("“%s” không phải là số.") % text)
    return number


def read_date(text):
    """An RFC 3339 date; raises ValueError with a sentence for the reader."""
    try:
        if not _DATE.fullmatch(text):
            raise ValueError(text)
        return datetime.date.fromisoformat(text)
    except ValueError:
        raise ValueError(_("“%s” không phải là ngày. Viết 2025-06-30.") % text) from None


def read_moment(text):
    """An RFC 3339 date-time, in UTC; raises ValueError with a sentence for the reader."""
    # A blank is what a plus sign becomes that was not encoded in the address.
    written = text.replace(" ", "+").upper()
    moment = None
    try:
        if _MOMENT.fullmatch(written):
            # PostgreSQL reads no zone that is more than 15:59 from Greenwich.
            parsed = parse_datetime(written)
            moment = parsed and parsed.astimezone(datetime.UTC)
    except (ValueError, OverflowError):
        pass
    if moment is None:
        raise ValueError(_("“%s” không phải là thời điểm. Viết 2025-06-30T00:00:00+07:00.") % text)
    return moment
