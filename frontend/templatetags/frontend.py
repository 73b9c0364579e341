"""What the templates of the public pages ask for by name."""

import json
import unicodedata

from django import template
from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.html import format_html
from django.utils.safestring import mark_safe
from django.utils.translation import get_language

from frontend import language, structured_data, words
from frontend.views.share_images import picture_of
from geodata.spans import format_span
from products.register.models import Basis

register = template.Library()

# The languages of the site as cards of shared links name them.
LOCALES = {"vi": "vi_VN", "en": "en_GB"}

register.filter("rating_words", words.rating_words)
register.filter("right_words", words.right_words)
register.filter("number_words", words.number_words)
register.simple_tag(structured_data.website, name="website_data")
register.filter("alt_words", words.alt_words)
register.filter("distance_words", words.distance_words)
register.filter("name_words", words.name_words)
register.filter("position_words", words.position_words)
register.filter("product_summary", words.product_summary)
register.filter("producer_summary", words.producer_summary)
register.filter("right_summary", words.right_summary)
register.filter("term_words", words.term_words)
register.filter("span", format_span)
register.simple_tag(words.changed_on)


@register.filter
def in_vietnamese(text):
    """Content inside a sentence of the page's own language, for voices to read as it is written."""
    return format_html('<span lang="vi">{}</span>', text)


@register.filter
def in_its_language(text):
    """What a source is called or says, which may be in any language; Vietnamese is marked so."""
    return in_vietnamese(text) if words.is_vietnamese(text) else text


@register.filter
def place_words(record):
    """Names of places are Vietnamese whatever the page is; that none is known is not."""
    text = words.place_words(record)
    return text if text == words.TEXTS["no_place"] else in_vietnamese(text)


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


@register.inclusion_tag("frontend/share_card.html", takes_context=True)
def share_card(context, title, description="", picture=None):
    """What other sites show of a link to this page; the whole map where there is no picture."""
    locale = LOCALES[get_language()]
    return {
        "title": title,
        "description": description,
        "picture": picture or picture_of(),
        "address": settings.SITE_URL + context["request"].path,
        "locale": locale,
        "other_locales": [other for other in LOCALES.values() if other != locale],
        "site_name": settings.SITE_NAME,
    }


@register.simple_tag
def site_name():
    return settings.SITE_NAME


@register.simple_tag
def site_url():
    """The one public address, which canonical links and the API name alike."""
    return settings.SITE_URL


@register.simple_tag(takes_context=True)
def other_languages(context):
    """The other languages, each with its code, its own name for itself, and the address there.

    Of a page with its query, so that nobody loses a filter; of anything else the front page.
    """
    request = context["request"]
    here = translation.get_language()
    path, query = reverse("frontend:map"), ""
    is_page = language.is_page(request)
    if is_page:
        path, query = request.path, request.META["QUERY_STRING"]
    return [
        {
            "code": code,
            # Django writes some of these names in letters with their tones apart.
            "name": unicodedata.normalize("NFC", translation.get_language_info(code)["name_local"]),
            "url": language.in_language(path, code) + (query and f"?{query}"),
            "is_same_page": is_page,
        }
        for code, _name in settings.LANGUAGES
        if code != here
    ]


@register.inclusion_tag("frontend/addresses.html", takes_context=True)
def page_addresses(context):
    """The one address of this page and those of its translations; none where there is no page."""
    request = context["request"]
    if not language.is_page(request):
        return {}
    if request.resolver_match.view_name == "frontend:embed":
        # The map has its own address; this one is for frames.
        return {"unlisted": True}
    codes = [code for code, _name in settings.LANGUAGES]
    return {
        "path": request.path,
        "translations": [
            (name, language.in_language(request.path, code))
            for name, code in [*zip(codes, codes, strict=True), ("x-default", codes[0])]
        ],
    }


@register.simple_tag
def sample_note():
    return settings.PLACE.sample_note


@register.simple_tag
def sample_details():
    return settings.PLACE.sample_details
