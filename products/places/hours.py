"""Opening hours in the syntax of OpenStreetMap's tag opening_hours, such as "Mo-Sa 07:00-17:00".

The specification is https://wiki.openstreetmap.org/wiki/Key:opening_hours/specification.
"""

import datetime
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from opening_hours import OpeningHours, ParserError, State

DAYS_OF_A_WEEK = 7


@dataclass(frozen=True)
class Day:
    """The opening hours of one day.

    times: (from, to) pairs of datetime.time, in their order; 00:00 as the end is midnight.
    is_certain: False if the hours depend on something that the text only names, such as weather.
    """

    date: datetime.date
    times: tuple[tuple[datetime.time, datetime.time], ...]
    is_certain: bool


def validate_opening_hours(text):
    """Raise ValidationError if the text is not in the syntax of opening_hours."""
    try:
        _parsed(text)
    except ParserError:
        raise ValidationError(
            _("Giờ mở cửa viết theo cú pháp của OpenStreetMap, ví dụ: Mo-Sa 07:00-17:00; Su off.")
        ) from None


def week(text, first):
    """Return the Days of the week that begins on that date, in Vietnamese time.

    text: valid opening hours. Public holidays are those of Viet Nam.
    """
    hours = _parsed(text)
    dates = [first + datetime.timedelta(days) for days in range(DAYS_OF_A_WEEK)]
    return [_day(hours, date) for date in dates]


def _day(hours, date):
    midnight = datetime.datetime.combine(date, datetime.time())
    intervals = list(hours.intervals(midnight, midnight + datetime.timedelta(days=1)))
    open_times = tuple(
        (begin.time(), end.time())
        for begin, end, state, _comment in intervals
        if state == State.OPEN
    )
    is_certain = all(state != State.UNKNOWN for _begin, _end, state, _comment in intervals)
    return Day(date, open_times, is_certain)


def _parsed(text):
    return OpeningHours(text, country="VN")
