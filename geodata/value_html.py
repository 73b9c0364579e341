"""HTML of single values, as JSON has them, for people; used by the pages of the API."""

import datetime
from typing import Any

from django.utils import timezone
from django.utils.formats import localize
from django.utils.html import format_html
from django.utils.translation import gettext as _

from .spans import format_day, is_iso_date


def boolean_html(value: Any) -> str:
    """Return "có" or "không", translated."""
    return _("có") if value else _("không")


def number_html(value: Any) -> str:
    """Return a number with the separators of the current language."""
    return localize(value)


def code_html(code: Any, title: Any) -> str:
    """Return the title of a code, with the code itself for programs."""
    return format_html('<data value="{}">{}</data>', code, title)


def date_html(text: Any) -> str:
    """Return a <time> of an ISO 8601 date, displayed as day/month/year."""
    day = format_day(datetime.date.fromisoformat(text))
    return format_html('<time datetime="{}">{}</time>', text, day)


def datetime_html(text: Any) -> str:
    """Return a <time> of an ISO 8601 date-time, displayed in the zone of Viet Nam."""
    value = timezone.localtime(datetime.datetime.fromisoformat(text))
    return format_html('<time datetime="{}">{}</time>', text, f"{format_day(value)} {value:%H:%M}")


def text_html(text: Any) -> str:
    """Return text; one that is a date or a web address is rendered as such.

    Dates that may be known only to the year are published as text.
    """
    if is_iso_date(text):
        return date_html(text)
    if is_web_address(text):
        return link_html(text)
    return text


def link_html(url: str) -> str:
    """Return a link to a web address; see is_web_address()."""
    return format_html('<a href="{}" rel="noopener">{}</a>', url, url)


def is_web_address(value: Any) -> bool:
    """Whether a value is an http or https URL: nothing else becomes a link."""
    return isinstance(value, str) and value.startswith(("https://", "http://"))
