"""Feeds for subscribers, in Atom and JSON Feed: what is newly rated, newly protected, expiring."""

import datetime
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.syndication.views import Feed
from django.db.models import F, OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.http import JsonResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.feedgenerator import Atom1Feed
from django.utils.html import escape
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from frontend import labels
from frontend.feeds import FEEDS, FORMATS
from geodata.models import Change
from geodata.page_cache import cached_page
from geodata.spans import format_span, today
from products.ocop.models import OcopStatus, Product
from products.rights.models import IpRight

from .records import LIST_RELATIONS, public_rights

# Entries of the feeds of new facts; that of expiring ratings is complete.
NEWEST = 50


@dataclass(frozen=True)
class Entry:
    """An entry of a feed. id: never changes. updated: aware datetime of its last change."""

    id: str
    url: str
    title: str
    text: str
    updated: datetime.datetime


@dataclass(frozen=True)
class Document:
    """A feed with its absolute URLs, to be written in either format."""

    title: str
    description: str
    page: str
    url: str
    updated: datetime.datetime
    entries: list[Entry]


# --- entries -------------------------------------------------------------------------------


def newly_rated():
    """Products whose rating is valid, the latest decision first."""
    rated = _rated().filter(stars__isnull=False).order_by("-rated_from", "code")
    return [
        Entry(
            id=_id("rated", product, product.rating_pk),
            url=_full(product.get_absolute_url()),
            title=f"{product.name} – {labels.stars_label(product.stars)}",
            text=_text_of(product),
            updated=product.changed_at,
        )
        for product in rated[:NEWEST]
    ]


def expiring():
    """Products whose rating is valid and may end within EXPIRING_DAYS, the first to end first."""
    ending = _rated().filter(ocop_status=OcopStatus.EXPIRING)
    return [
        Entry(
            id=_id("expiring", product, product.rating_pk),
            url=_full(product.get_absolute_url()),
            title=f"{product.name} – {labels.rating_label(product)}",
            text=_text_of(product),
            # It became an entry on that day without any change of the data.
            updated=max(product.changed_at, _midnight(product.expires_soon_from)),
        )
        for product in ending.order_by("holds_at_least_to", "code")
    ]


def newly_protected():
    """Registered rights whose term has not passed, the latest grant first."""
    rights = _with_last_change(public_rights().registered(), IpRight)
    granted = rights.filter(granted__startswith__isnull=False).exclude(
        status=IpRight.Status.RENEWAL_UNKNOWN
    )
    return [
        Entry(
            id=_id("protected", right),
            url=_full(right.get_absolute_url()),
            title=f"{right.name} – {right.get_kind_display()}",
            text=" ".join(
                [
                    labels.right_summary(right),
                    _("Ngày cấp: {when}.").format(when=format_span(right.granted)),
                ]
            ),
            updated=right.changed_at,
        )
        for right in granted.order_by(F("granted__startswith").desc(), "code")[:NEWEST]
    ]


def _rated():
    """Public products with their rating today and the last change of their feature."""
    rated = Product.objects.published().with_rating_on(today())
    return (
        _with_last_change(rated, Product)
        .annotate(rating_pk=F("rating__pk"), decided=F("rating__decided"))
        .select_related(*LIST_RELATIONS)
    )


def _with_last_change(records, model):
    """Add `changed_at`: when the feature, or what it is made from, last changed."""
    changes = Change.objects.filter(
        collection=model.features.collection, feature_id=OuterRef("code")
    )
    last = Subquery(changes.order_by("-seq").values("at")[:1])
    return records.annotate(changed_at=Coalesce(last, F("updated_at")))


def _text_of(product):
    decided = _("Ngày quyết định: {when}.").format(when=format_span(product.decided))
    return f"{labels.product_summary(product)} {decided}"


def _id(subject, record, part=None):
    """The id of an entry: a tag URI, which neither a new name nor another language changes."""
    parts = [subject, record.code, *([str(part)] if part else [])]
    return f"tag:{urlsplit(settings.SITE_URL).hostname},2026:{'/'.join(parts)}"


def _midnight(day):
    return timezone.make_aware(datetime.datetime.combine(day, datetime.time()))


def _full(path):
    return settings.SITE_URL + path


# Name of the feed → URL name of the page that it belongs to, and its entries.
ENTRIES = {
    "newly-rated": ("frontend:map", newly_rated),
    "newly-protected": ("frontend:protections", newly_protected),
    "expiring": ("frontend:map", expiring),
}


# --- formats -------------------------------------------------------------------------------


class _Generator(Atom1Feed):
    def latest_post_date(self):
        return self.feed["updated"]


class AtomFeed(Feed):
    """A Document in Atom (RFC 4287); called with the request and `document`."""

    feed_type = _Generator

    def get_object(self, request, document):
        return document

    def title(self, document):
        return document.title

    def subtitle(self, document):
        return document.description

    def link(self, document):
        return document.page

    def feed_url(self, document):
        return document.url

    feed_guid = feed_url

    def author_name(self, document):
        return str(settings.SITE_NAME)

    def feed_extra_kwargs(self, document):
        return {"updated": document.updated}

    def items(self, document):
        return document.entries

    def item_guid(self, entry):
        return entry.id

    def item_link(self, entry):
        return entry.url

    def item_title(self, entry):
        return entry.title

    def item_description(self, entry):
        # Atom1Feed declares it as HTML.
        return escape(entry.text)

    def item_updateddate(self, entry):
        return entry.updated


def atom(request, document):
    """The Document in Atom."""
    response = AtomFeed()(request, document=document)
    # Responses are validated by their tag only: a status may change without a change of data.
    del response.headers["Last-Modified"]
    return response


def json_feed(request, document):
    """The Document in JSON Feed 1.1."""
    feed = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": document.title,
        "description": document.description,
        "home_page_url": document.page,
        "feed_url": document.url,
        "language": get_language(),
        "authors": [{"name": str(settings.SITE_NAME)}],
        "items": [
            {
                "id": entry.id,
                "url": entry.url,
                "title": entry.title,
                "content_text": entry.text,
                "date_modified": timezone.localtime(entry.updated).isoformat(timespec="seconds"),
            }
            for entry in document.entries
        ],
    }
    return JsonResponse(
        feed,
        content_type=FORMATS["json"][0],
        json_dumps_params={"ensure_ascii": False},
    )


@cached_page()
def feed(request, revision, name, extension):
    """A feed, in the language of its path."""
    title, description = FEEDS[name]
    page, entries_of = ENTRIES[name]
    entries = entries_of()
    document = Document(
        title=f"{title} – {settings.SITE_NAME}",
        description=str(description),
        page=_full(reverse(page)),
        url=_full(request.path),
        updated=max((entry.updated for entry in entries), default=revision.last_modified),
        entries=entries,
    )
    write = {"atom": atom, "json": json_feed}[extension]
    return write(request, document)
