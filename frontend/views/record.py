"""The page of records whose kind has no page of its own."""

import json

from django.apps import apps
from django.conf import settings
from django.http import Http404
from django.shortcuts import render

from geodata.collection import collections
from geodata.mapview import map_data
from geodata.ogc import html
from geodata.page_cache import cached_page
from products.register.models import Located, Record

from .records import district_outlines_url, get_public_or_withdrawn, redirect_or_gone

# Properties that the page shows in its own way, or not at all.
NOT_FACTS = {"name", "url", "source_url"}


def record_models():
    """The kinds of record that are public data."""
    return [m for m in apps.get_models() if issubclass(m, Record) and not m._meta.proxy]


@cached_page()
def record(request, revision, code, slug):
    """A record with the properties of its feature, a map if it has a point, and its source."""
    model = _model_of(code)
    found = get_public_or_withdrawn(model.objects.select_related("source"), code)
    if response := redirect_or_gone(request, found, slug):
        return response
    collection = collections()[model.features.collection]
    feature = collection.features().filter(feature_id=code).values_list("feature").get()
    document = json.loads(feature[0])
    shown = html.item_context(request, collection, document)
    has_point = isinstance(found, Located) and found.point
    return render(
        request,
        "frontend/record.html",
        {
            "record": found,
            "collection": collection,
            "facts": [fact for fact in shown["facts"] if fact[1] not in NOT_FACTS and fact[2]],
            "map": map_data(),
            "points": [_map_point(found)] if has_point else [],
            "districts_url": district_outlines_url(),
        },
    )


def _model_of(code):
    """The model of a code, by its prefix; raises Http404 for kinds that have their own page."""
    prefix, _dash, _number = code.rpartition("-")
    for model in record_models():
        own_page = model._meta.label_lower in settings.RECORD_PAGES
        if model.code_prefix == prefix and not own_page:
            return model
    raise Http404(code)


def _map_point(found):
    return {
        "lng": found.point.x,
        "lat": found.point.y,
        "group": "",
        "inexact": not found.is_exact,
        "name": found.name,
    }
