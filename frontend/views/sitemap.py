"""Sitemap with every page and its last change, and robots.txt."""

import functools
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.sitemaps import Sitemap
from django.contrib.sitemaps.views import sitemap
from django.db.models import Max
from django.http import HttpResponse
from django.urls import reverse

from districts.models import Level, Unit
from geodata.models import Change
from geodata.page_cache import cached_page
from geodata.revision import current_revision

from .record import record_models


class Pages(Sitemap):
    """Pages at SITE_URL, each in all languages."""

    i18n = alternates = x_default = True

    @property
    def protocol(self):
        return urlsplit(settings.SITE_URL).scheme

    def get_domain(self, site=None):
        return urlsplit(settings.SITE_URL).netloc


class FixedPages(Pages):
    """Pages that exist independently of the records; they change with the data."""

    def items(self):
        return [
            *("map", "units", "protections", "producers", "sales-points", "craft-villages"),
            *("seasons", "trip", "statistics", "open-data", "recognition", "my-products"),
            *("about", "privacy", "accessibility"),
        ]

    def location(self, name):
        return reverse(f"frontend:{name}")

    def lastmod(self, name):
        return self.changed_at

    @functools.cached_property
    def changed_at(self):
        return current_revision().changed_at


class FeaturePages(Pages):
    """Pages of the features of `collections`."""

    collections = ()

    @functools.cached_property
    def changed(self):
        """Feature id → its last entry in the change feed, which also lists changes of its parts."""
        changes = Change.objects.filter(collection__in=self.collections)
        return dict(changes.order_by().values_list("feature_id").annotate(Max("at")))


class RecordPages(FeaturePages):
    """Pages of the public records of a model."""

    def __init__(self, model):
        self.model = model
        self.collections = [model.features.collection]

    def items(self):
        return self.model.objects.published().only("code", "name", "updated_at").order_by("code")

    def lastmod(self, record):
        return self.changed.get(record.code, record.updated_at)


class UnitPages(FeaturePages):
    collections = ["districts", "communes"]

    def items(self):
        units = Unit.objects.exclude(level=Level.PROVINCE)
        return units.only("public_id", "full_name", "kind", "name").order_by("public_id")

    def lastmod(self, unit):
        return self.changed.get(unit.public_id)


def sitemaps():
    """Section → sitemap: fixed pages, units, and all kinds of records."""
    records = {model._meta.label_lower: RecordPages(model) for model in record_models()}
    return {"pages": FixedPages, "units": UnitPages, **records}


@cached_page(uses_query=True)
def sitemap_xml(request, revision):
    return sitemap(request, sitemaps())


def robots_txt(request):
    lines = [
        "User-agent: *",
        "Disallow: /admin/",
        "Allow: /",
        "",
        f"Sitemap: {settings.SITE_URL}{reverse('sitemap')}",
    ]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")
