"""Sales points and craft villages: their lists, their pages, and the lists on other pages."""

import itertools

from django.shortcuts import render
from django.utils.translation import gettext as _

from districts.models import Unit
from frontend import labels, structured_data
from frontend.layers import symbol_of
from geodata.collection import collections
from geodata.mapview import map_data
from geodata.page_cache import cached_page
from geodata.spans import today
from products.places.hours import week
from products.places.models import CraftVillage, Relation, SalesPoint

from .records import (
    UNIT_RELATIONS,
    district_outlines_url,
    get_public_or_withdrawn,
    items_url,
    redirect_or_gone,
)

# Places of each kind that the page of a product or producer lists.
RELATED = 5
MODELS = (CraftVillage, SalesPoint)


# --- lists ---------------------------------------------------------------------------------


@cached_page()
def sales_points(request, revision):
    """All places that sell, by commune or former district."""
    return _list(
        request,
        _for_list(SalesPoint.objects.selling()),
        title=_("Mua ở đâu"),
        collections=["sales-points"],
    )


@cached_page()
def craft_villages(request, revision):
    """All craft villages and places that receive visitors, by commune or former district."""
    villages = _for_list(CraftVillage.objects.all())
    return _list(
        request,
        [*villages, *_for_list(SalesPoint.objects.to_visit())],
        title=_("Làng nghề và nơi đón khách"),
        collections=["craft-villages", "sales-points"],
    )


def _list(request, places, **context):
    page = request.resolver_match.url_name
    groups = _by_unit(places)
    ordered = [place for group in groups for place in group["places"]]
    points = place_points(ordered)
    return render(
        request,
        "frontend/places.html",
        {
            **context,
            "page": page,
            "places": ordered,
            "groups": groups,
            "points": points,
            "unlocated": sum(place.point is None for place in ordered),
            "any_hours": any(place.opening_hours for place in ordered),
            "some_inexact": any(point["inexact"] for point in points),
            "files": [(collections()[one].title, items_url(one)) for one in context["collections"]],
            "map": map_data(),
            "districts_url": district_outlines_url(),
            "structured": structured_data.listing(page, context["title"], ordered),
        },
    )


def _for_list(places):
    """Public places with what a list shows of them, by name."""
    return places.published().select_related(*UNIT_RELATIONS, "producer").order_by("name", "code")


def _by_unit(places):
    """Return [{unit, is_district, places}] by name: communes, then districts, then unknown.

    A place is in the group of its present commune, or if it has none, of its former district.
    """
    places = list(places)
    units = {place.commune_id or place.district_id for place in places} - {None}
    names = Unit.objects.filter(pk__in=units).order_by("name", "pk").values_list("pk", flat=True)
    numbers = {pk: number for number, pk in enumerate(names)}

    def key(place):
        unit = place.commune_id or place.district_id
        return (0 if place.commune_id else 1 if unit else 2), numbers.get(unit, 0)

    groups = []
    for (level, _number), found in itertools.groupby(sorted(places, key=key), key):
        found = list(found)
        unit = found[0].commune or found[0].district
        groups.append({"unit": unit, "is_district": level == 1, "places": found})
    return groups


def place_points(places):
    """Return the places with a point as the small map of a page draws them, ready for JSON."""
    return [
        {
            "lng": place.point.x,
            "lat": place.point.y,
            "symbol": symbol_of(place),
            "inexact": not place.is_exact,
            "name": place.name,
        }
        for place in places
        if place.point
    ]


# --- pages ---------------------------------------------------------------------------------


@cached_page()
def sales_point(request, revision, code, slug):
    """A place that sells or receives visitors."""
    return _page(request, SalesPoint, code, slug)


@cached_page()
def craft_village(request, revision, code, slug):
    """A craft village, or another place where a craft is practised."""
    return _page(request, CraftVillage, code, slug)


def _page(request, model, code, slug):
    records = model.objects.select_related(*UNIT_RELATIONS, "source", "position_source", "producer")
    record = get_public_or_withdrawn(records, code)
    if response := redirect_or_gone(request, record, slug):
        return response
    return render(
        request,
        "frontend/place.html",
        {
            "place": record,
            "collection": collections()[model.features.collection],
            "week": week(record.opening_hours, today()) if record.opening_hours else [],
            "map": map_data(),
            "points": place_points([record]),
            "districts_url": district_outlines_url(),
            "structured": structured_data.destination(record),
        },
    )


# --- lists on the pages of products, producers and units -----------------------------------


def buy_and_visit(record, producer):
    """Return the context of frontend/buy_and_visit.html for a product or producer.

    record: with its units. producer: whose own places come first, or None.
    """
    buy = _related(SalesPoint.objects.selling(), record, producer)
    visit = [
        place for model in MODELS for place in _related(model.objects.to_visit(), record, producer)
    ]
    visit.sort(key=lambda place: place.relation)
    return {
        "buy": _by_relation(buy[:RELATED]),
        "visit": _by_relation(visit[:RELATED]),
        "about": record,
    }


def buy_and_visit_in(unit):
    """Return the context of frontend/buy_and_visit.html for a unit."""
    buy = _for_list(SalesPoint.objects.selling().placed_in(unit))
    villages = _for_list(CraftVillage.objects.placed_in(unit))
    visit = [*villages, *_for_list(SalesPoint.objects.to_visit().placed_in(unit))]
    return {
        "buy": [{"heading": "", "places": list(buy)}] if buy else [],
        "visit": [{"heading": "", "places": visit}] if visit else [],
    }


def _related(places, record, producer):
    found = places.published().related_to(record, producer)
    return list(found.select_related(*UNIT_RELATIONS, "producer"))


def _by_relation(places):
    """Return [{heading, places}] of places sorted by `relation`."""
    groups = itertools.groupby(places, lambda place: place.relation)
    return [
        {"heading": labels.RELATIONS[Relation(relation)], "places": list(found)}
        for relation, found in groups
    ]
