"""What the templates of the public pages ask for by name."""

import json

from django import template
from django.conf import settings
from django.utils.safestring import mark_safe

from frontend import words
from geodata.spans import format_span
from products.models import Basis

register = template.Library()

register.filter("rating_words", words.rating_words)
register.filter("place_words", words.place_words)
register.filter("right_words", words.right_words)
register.filter("number_words", words.number_words)
register.filter("span", format_span)


@register.filter
def group_name(code):
    """The short name of a product group."""
    return words.GROUPS.get(code, "")


@register.filter
def not_stated(basis):
    """Whether a value was not stated by its source, so that the page must say how it is known."""
    return basis not in ("", Basis.STATED)


@register.filter
def json_ld(document):
    """The document as text of a <script type="application/ld+json">, which nothing in it ends."""
    text = json.dumps(document, ensure_ascii=False)
    return mark_safe(text.translate({ord(sign): f"\\u{ord(sign):04x}" for sign in "<>&"}))


@register.simple_tag
def site_name():
    return settings.SITE_NAME


@register.simple_tag
def site_url():
    """The one public address, which canonical links and the API name alike."""
    return settings.SITE_URL


@register.simple_tag
def sample_note():
    return settings.SAMPLE_NOTE


@register.simple_tag
def sample_details():
    return settings.SAMPLE_DETAILS


@register.simple_tag
def changed_on():
    """The first day of the units of today, as people write it."""
    day = settings.UNITS_CHANGED_ON
    return f"{day.day}/{day.month}/{day.year}"
