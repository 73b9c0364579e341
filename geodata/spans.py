"""Dates that are known only as a span of days: a year, a month, "by September 2022".

A span is a half-open DateRange, as PostgreSQL stores it: the upper bound is the day after the last
one, and an open bound means that nothing is known on that side. It is displayed and parsed at the
precision at which it is known.
"""

import datetime
import re
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db.backends.postgresql.psycopg_any import DateRange
from django.db.models import CharField, DateField, Func, Q
from django.utils import dateformat, timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

ONE_DAY = datetime.timedelta(days=1)
# Words for a span of which nothing is known, and for one whose beginning is unknown.
UNKNOWN = {"chưa rõ", "unknown"}
UNTIL = ("đến ", "by ")
# Years of decisions and rights; others are typing errors, and Python ends at 9999.
FIRST_YEAR, LAST_YEAR = 1900, 2100

# Full-date of RFC 3339; date.fromisoformat() alone would accept "20250630" and "2025-W26-1".
_FULL_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_ISO = re.compile(r"(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?", re.ASCII)
_VIETNAMESE = re.compile(r"(?:(?:(\d{1,2})[/-])?(\d{1,2})[/-])?(\d{4})", re.ASCII)
# fmt: off
_MONTHS = (
    "january", "february", "march", "april", "may", "june",
    "july", "august", "september", "october", "november", "december",
)
# fmt: on
_ENGLISH = re.compile(r"(?:(\d{1,2}) )?([a-z]+) (\d{4})", re.ASCII)


def today() -> datetime.date:
    """Return the current date in Viet Nam, by which every status is computed."""
    return timezone.localdate()


def is_iso_date(text: str) -> bool:
    """Whether a text is a day as RFC 3339 writes it, YYYY-MM-DD, that the calendar has."""
    try:
        return bool(_FULL_DATE.fullmatch(text) and datetime.date.fromisoformat(text))
    except ValueError:
        return False


def span(lower: datetime.date | None, upper: datetime.date | None) -> DateRange:
    """Return the DateRange from lower, inclusive, to upper, exclusive; None is an open bound.

    PostgreSQL writes an open lower bound as "(", so that this compares equal to it.
    """
    return DateRange(lower, upper, "[)" if lower else "()")


def day_span(day: datetime.date) -> DateRange:
    """Return the span of exactly that day."""
    return span(day, day + ONE_DAY)


@dataclass(frozen=True)
class Interval:
    """The time from one datetime to another, both inclusive, aware, in the zone of Viet Nam.

    None is an open end. A whole day is from its first to its last microsecond, the smallest unit of
    PostgreSQL and Python.
    """

    first: datetime.datetime | None
    last: datetime.datetime | None

    @property
    def days(self) -> DateRange:
        """The span of the days in Viet Nam that it overlaps."""
        first, last = (end and end.date() for end in (self.first, self.last))
        return span(first, last + ONE_DAY if last and last < datetime.date.max else None)


def overlap(one: DateRange, other: DateRange) -> bool:
    """Return whether two spans have a day in common."""
    return _begins_before_end_of(one, other) and _begins_before_end_of(other, one)


def _begins_before_end_of(one, other):
    return one.lower is None or other.upper is None or one.lower < other.upper


def span_of(year: int, month: int | None = None, day: int | None = None) -> DateRange:
    """Return the span of a year, a month or a day.

    Raises ValueError if the calendar has no such day, or the year is not one from FIRST_YEAR to
    LAST_YEAR.
    """
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise ValueError(year)
    if month is not None and day is not None:
        return day_span(datetime.date(year, month, day))
    if month is not None:
        first = datetime.date(year, month, 1)
        return span(first, (first + datetime.timedelta(days=32)).replace(day=1))
    return span(datetime.date(year, 1, 1), datetime.date(year + 1, 1, 1))


def parse_span(text: str) -> DateRange:
    """Return the span that text denotes: 2024, 12/2024, 10/12/2024, 2024-12-10, or two as "a – b".

    English dates such as "10 December 2024" and "December 2024" are read too.
    "– b", "đến b" or "by b" leaves the lower bound open, "chưa rõ" or "unknown" both. Raises
    ValidationError for anything else, and if the end is before the beginning.
    """
    text = " ".join(text.split())
    if text.lower() in UNKNOWN:
        return span(None, None)
    try:
        begin, dash, end = _halves(text)
        if not dash:
            return _parse_one(begin)
        lower = _parse_one(begin).lower if begin else None
        upper = _parse_one(end).upper if end else None
    except ValueError:
        raise ValidationError(
            _("“%(text)s” không phải là ngày. Viết 2024, 12/2024, 10/12/2024 hoặc “đến 9/2022”."),
            params={"text": text},
        ) from None
    if lower and upper and lower >= upper:
        raise ValidationError(_("Khoảng thời gian kết thúc trước khi bắt đầu."))
    return span(lower, upper)


def _halves(text):
    for word in UNTIL:
        if text.lower().startswith(word):
            return "", "–", text[len(word) :].strip()
    begin, dash, end = re.sub(r"\s+-\s+|\s*–\s*", "–", text).partition("–")
    return begin.strip(), dash, end.strip()


def _parse_one(text):
    if match := _ISO.fullmatch(text):
        return span_of(*(int(part) for part in match.groups() if part is not None))
    if match := _VIETNAMESE.fullmatch(text):
        return span_of(*(int(part) for part in reversed(match.groups()) if part is not None))
    if match := _ENGLISH.fullmatch(text.lower()):
        day, month, year = match.groups()
        if month in _MONTHS:
            return span_of(int(year), _MONTHS.index(month) + 1, day and int(day))
    raise ValueError(text)


def precision(days: DateRange | None) -> str | None:
    """Return "day", "month" or "year" if the span is exactly one, else None.

    days: a span or None.
    """
    if days is None or days.lower is None or days.upper is None:
        return None
    if days == day_span(days.lower):
        return "day"
    if days == span_of(days.lower.year, days.lower.month):
        return "month"
    if days == span_of(days.lower.year):
        return "year"
    return None


def format_span(days: DateRange | None) -> str:
    """Return a span as text in the current language, which parse_span() parses; "" for None."""
    if days is None:
        return ""
    if days.lower is None and days.upper is None:
        return _("chưa rõ")
    if known := precision(days):
        return _write(days.lower, known)
    begin = _write(days.lower, "day") if days.lower else ""
    last = days.upper - ONE_DAY if days.upper else None
    end = ""
    if last:
        # "by September 2022" is stored with the end of that month.
        end = _write(last, "month" if days.upper.day == 1 else "day")
    return f"{begin} – {end}" if begin else _("đến %s") % end


def format_day(day: datetime.date) -> str:
    """Return a date in the active language: 15/9/2026, in English 15 September 2026."""
    if get_language() == "en":
        return dateformat.format(day, "j F Y")
    return f"{day.day}/{day.month}/{day.year}"


def format_month(day: datetime.date) -> str:
    """Return the month of a date in the active language: 9/2026, in English September 2026."""
    if get_language() == "en":
        return dateformat.format(day, "F Y")
    return f"{day.month}/{day.year}"


def _write(day, known):
    return {
        "day": format_day(day),
        "month": format_month(day),
        "year": f"{day.year}",
    }[known]


def within_the_calendar(*names: str) -> Q:
    """Return the Q of a constraint: the fields are in the years FIRST_YEAR to LAST_YEAR.

    names: of DateRangeFields, or "name:date" of a DateField. Null and open bounds are allowed.
    """
    first, after = datetime.date(FIRST_YEAR, 1, 1), datetime.date(LAST_YEAR + 1, 1, 1)
    condition = Q()
    for name in names:
        name, _, plain = name.partition(":")
        low, high = (name, name) if plain else (f"{name}__startswith", f"{name}__endswith")
        condition &= Q(**{f"{low}__isnull": True}) | Q(**{f"{low}__gte": first})
        condition &= Q(**{f"{high}__isnull": True}) | Q(**{f"{high}__lte": after})
    return condition


class IsoSpan(Func):
    """A date range as ISO 8601 text at the precision at which it is known, else null.

    2017-07-26 for a day, 2020-12 for a month, 2013 for a year; any other span is null, so that no
    invented date is published.
    """

    output_field = CharField()
    makes_null = True
    template = (
        "(CASE WHEN upper(%(expressions)s) = lower(%(expressions)s) + 1"
        " THEN to_char(lower(%(expressions)s), 'YYYY-MM-DD')"
        " WHEN lower(%(expressions)s) = date_trunc('month', lower(%(expressions)s))"
        " AND upper(%(expressions)s) = lower(%(expressions)s) + interval '1 month'"
        " THEN to_char(lower(%(expressions)s), 'YYYY-MM')"
        " WHEN lower(%(expressions)s) = date_trunc('year', lower(%(expressions)s))"
        " AND upper(%(expressions)s) = lower(%(expressions)s) + interval '1 year'"
        " THEN to_char(lower(%(expressions)s), 'YYYY') END)"
    )
    arity = 1


class EachDay(Func):
    """One row for each of the given dates; null for those that are null."""

    template = "unnest(ARRAY[%(expressions)s]::date[])"
    output_field = DateField()
    set_returning = True


class AddInterval(Func):
    """A date plus an interval; 29 February plus a year is 28 February.

    interval: text of PostgreSQL, such as "36 months"; it becomes part of the SQL.
    """

    output_field = DateField()

    def __init__(self, expression, interval, **extra):
        super().__init__(
            expression, template=f"(%(expressions)s + interval '{interval}')::date", **extra
        )
