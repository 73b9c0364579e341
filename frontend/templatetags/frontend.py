"""Template tags and filters of the public pages."""

import datetime
import json
import unicodedata
from urllib.parse import urlsplit

from django import template
from django.conf import settings
from django.templatetags.static import static
from django.urls import reverse
from django.utils import translation
from django.utils.html import format_html, format_html_join
from django.utils.safestring import mark_safe
from django.utils.text import capfirst
from django.utils.timezone import localtime
from django.utils.translation import get_language

from districts.models import Level
from frontend import drawings, feeds, labels, language, navigation, structured_data
from frontend.layers import symbol_of
from frontend.views.share_images import share_image_url
from geodata.spans import format_day, format_span, today

register = template.Library()

# The languages of the site as locales of the Open Graph protocol.
LOCALES = {"vi": "vi_VN", "en": "en_GB"}

register.filter("rating_label", labels.rating_label)
register.filter("rating_until_label", labels.rating_until_label)
register.filter("right_label", labels.right_label)
register.filter("right_number_label", labels.right_number_label)
register.filter("localized_alt", labels.localized_alt)
register.filter("distance_label", labels.distance_label)
register.filter("shop_label", labels.shop_label)
register.filter("localized_name", labels.localized_name)
register.filter("position_label", labels.position_label)
register.filter("product_summary", labels.product_summary)
register.filter("place_summary", labels.place_summary)
register.filter("last_seen_label", labels.last_seen_label)
register.filter("month_name", labels.month_name)
register.filter("month_heading", labels.month_heading)
register.filter("season_months", labels.season_months)
register.filter("certificate_term", labels.certificate_term)
register.filter("producer_summary", labels.producer_summary)
register.filter("right_summary", labels.right_summary)
register.filter("rating_term_label", labels.rating_term_label)
register.filter("rating_heading", labels.rating_heading)
register.filter("basis_note", labels.basis_note)
register.filter("name_mark", labels.name_mark)
register.filter("name_note", labels.name_note)
register.filter("owner_note", labels.owner_note)
register.filter("quotation", labels.quotation)
register.filter("without_repository_paths", labels.without_repository_paths)
register.filter("with_clear_dates", labels.with_clear_dates)
register.filter("percent", labels.percent_label)
register.filter("unit_label", labels.unit_label)
register.filter("unit_kind", labels.unit_kind)
register.filter("day", format_day, expects_localtime=True)
register.filter("span", format_span)
register.simple_tag(today)
register.simple_tag(feeds.links, name="feed_links")
register.simple_tag(structured_data.website, name="website_data")
register.simple_tag(labels.units_changed_on)


@register.filter
def in_vietnamese(text):
    """Vietnamese content inside text of the page's language, marked for screen readers."""
    return format_html('<span lang="vi">{}</span>', text)


@register.filter
def issuer_label(name):
    """The issuer of a rating, marked as Vietnamese; a level in the language of the page."""
    return labels.ISSUERS.get(name) or in_vietnamese(name)


@register.filter
def in_its_language(text):
    """A title of or quotation from a source, marked if it is certainly Vietnamese."""
    return in_vietnamese(text) if labels.is_vietnamese(text) else text


@register.filter
def place_label(record):
    """The parts of labels.place_label(), each an element, with names marked as Vietnamese."""
    now, then = _units(labels.units_now(record)), _units(labels.units_then(record))
    if not (now or then):
        return labels.TEXTS["no_place"]
    parts = [format_html('<span class="place-now">{}</span>', now)] if now else []
    if then:
        text = str(labels.TEXTS["place_then"])
        text = format_html(text, day=labels.units_changed_on(), place=then)
        parts.append(format_html('<span class="place-before">{}</span>', text))
    return format_html_join(" ", "{}", ((part,) for part in parts))


@register.filter
def show_on_map(product):
    """The name of the button that shows a product on the map."""
    return str(labels.TEXTS["show_on_map"]).format(name=product.name)


@register.filter
def card_place(record):
    """The name of the smallest known unit of a record; of a former unit with its kind."""
    unit, is_present = labels.nearest_unit(record)
    if unit is None:
        return labels.TEXTS["no_place"]
    name = in_vietnamese(unit.name)
    if is_present:
        return name
    text = str(labels.TEXTS["place_former"])
    return format_html(text, name=name, kind=labels.unit_kind(unit))


@register.filter
def status_name(product):
    """The status of the product's rating in one or two words."""
    return labels.STATUSES[product.ocop_status] if product else ""


@register.filter
def foreign_type(product):
    """The type of a product on pages in another language than Vietnamese, else ""."""
    if get_language() == "vi" or not product.type:
        return ""
    return capfirst(labels.localized_name(product.type))


@register.filter
def term_label(product):
    """See labels.term_label(); "" without a product."""
    return labels.term_label(product) if product else ""


@register.filter
def star_row(count):
    """As many stars, as text."""
    return "★" * (count or 0)


def _units(units):
    return format_html_join(", ", "{}", ((unit_name(unit),) for unit in units))


@register.filter
def day_range(period):
    """The days of (first, last), each a date or datetime or None, as text; one day only once."""
    first, last = (each and format_day(_local_day(each)) for each in period)
    return first if first == last else f"{first or '…'} – {last or '…'}"


def _local_day(value):
    return localtime(value).date() if isinstance(value, datetime.datetime) else value


@register.filter
def unit_name(unit):
    """The label of a unit with its Vietnamese part marked: on English pages the name alone.

    It is one element: flex containers would drop the space between name and kind.
    """
    if get_language() == "vi":
        return in_vietnamese(labels.unit_label(unit))
    label = format_html(
        str(labels.TEXTS["unit"]), kind=labels.unit_kind(unit), name=in_vietnamese(unit.name)
    )
    return format_html("<span>{}</span>", label)


@register.filter
def unit_heading(unit):
    """The label of a unit as a heading or list entry, which begins with a capital letter."""
    if get_language() == "vi":
        return capfirst(labels.unit_label(unit))
    return unit_name(unit)


@register.filter
def host(url):
    """The host of a URL without "www."."""
    return (urlsplit(url).hostname or "").removeprefix("www.")


@register.filter
def status_label(status):
    """The status of a rating in a few words; status: a value of OcopStatus."""
    return labels.STATUSES[status]


@register.filter
def group_name(code):
    """The short name of a product group."""
    return labels.GROUPS.get(code, "")


@register.filter
def symbol_path(place):
    """The path data of the symbol of a sales point or craft village."""
    return symbol_of(place)


@register.simple_tag
def pictogram(product_type, group=None):
    """The pictogram of a product type; without a type, the shape of the product's group."""
    sprite, name = static(drawings.SPRITE), drawings.pictogram_id(product_type, group)
    use = format_html('<use href="{}#{}"/>', sprite, name)
    return format_html('<svg class="pictogram" aria-hidden="true">{}</svg>', use)


@register.simple_tag
def illustration(product_type, group=None, loading="lazy"):
    """The illustration of a product type; without a type, the shape of the product's group.

    Decoration beside the name of the product, therefore without a text alternative. loading:
    "eager" for the main picture of a page.
    """
    name = drawings.pictogram_id(product_type, group)
    return format_html(
        '<img class="illustration" src="{}" alt="" loading="{}" width="320" height="240">',
        static(f"{drawings.ILLUSTRATIONS}/{name}.svg"),
        loading,
    )


@register.filter
def is_level(unit, name):
    """Whether the unit is a "province", "district" or "commune"."""
    return unit.level == Level[name.upper()]


@register.filter
def json_ld(document):
    """The document as content of <script type="application/ld+json">, with <, > and & escaped."""
    text = json.dumps(document, ensure_ascii=False)
    return mark_safe(
        text.translate({ord(character): f"\\u{ord(character):04x}" for character in "<>&"})
    )


@register.inclusion_tag("frontend/share_card.html", takes_context=True)
def share_card(context, title, description="", image=None):
    """Open Graph metadata of the page; image: URL, by default that of the whole map."""
    locale = LOCALES[get_language()]
    return {
        "title": title,
        "description": description,
        "image": image or share_image_url(),
        "url": settings.SITE_URL + context["request"].path,
        "locale": locale,
        "other_locales": [other for other in LOCALES.values() if other != locale],
        "site_name": settings.SITE_NAME,
    }


@register.simple_tag(takes_context=True)
def site_links(context, *, in_header=False):
    """The links of header or footer; see navigation.links()."""
    return navigation.links(context["request"].path, in_header=in_header)


@register.simple_tag
def site_name():
    return settings.SITE_NAME


@register.simple_tag
def region_name():
    """What the region of the pack is called, without its kind."""
    return settings.PLACE.region_name


@register.simple_tag
def site_url():
    """The public URL of the site, without a trailing slash."""
    return settings.SITE_URL


@register.simple_tag(takes_context=True)
def other_languages(context):
    """The other languages: code, native name, and URL of the same page or else of the map.

    The URL of the same page keeps the query string of pages that depend on it; on the map, site.js
    adds that of the filters.
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
            # Django stores some of these names in decomposed letters.
            "name": unicodedata.normalize("NFC", translation.get_language_info(code)["name_local"]),
            "url": language.in_language(path, code) + (query and f"?{query}"),
            "is_same_page": is_page,
        }
        for code, _name in settings.LANGUAGES
        if code != here
    ]


@register.inclusion_tag("frontend/canonical.html", takes_context=True)
def page_addresses(context):
    """Canonical URL of the page and its translations; empty if the response is not a page."""
    request = context["request"]
    if not language.is_page(request):
        return {}
    if request.resolver_match.view_name == "frontend:embed":
        # The map page is canonical; this one is for frames.
        return {"noindex": True}
    codes = [code for code, _name in settings.LANGUAGES]
    return {
        "path": request.path,
        "translations": [
            (name, language.in_language(request.path, code))
            for name, code in [*zip(codes, codes, strict=True), ("x-default", codes[0])]
        ],
    }


@register.simple_tag
def contact():
    """How to reach the operator of the site: {name, address, phone, email, url}; {} if unknown."""
    parts = ("name", "address", "phone", "email", "url")
    known = {part: getattr(settings, f"CONTACT_{part.upper()}") for part in parts}
    return {part: value for part, value in known.items() if value}


@register.simple_tag
def sample_note():
    return settings.PLACE.sample_note


@register.simple_tag
def sample_details():
    return settings.PLACE.sample_details
