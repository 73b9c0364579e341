"""The pages of districts and communes, then and now."""

from urllib.parse import urlencode

from django.conf import settings
from django.db.models import Count
from django.shortcuts import get_object_or_404, render
from django.urls import reverse

from districts.models import Boundary, Level, Succession, Unit, last_day_of_old_units
from frontend import structured_data, words
from frontend.records import items, listed, moved, rights
from geodata.formats.registry import FORMATS
from geodata.mapview import map_data
from geodata.spans import today
from products.ocop.models import Product
from products.register.models import Producer

# So many products are listed; a whole district may have thousands, which the map shows.
MOST_PRODUCTS = 100
# The files of what stands in a unit: those that people open, and the one for programs.
FILES = ("csv", "xlsx", "geojson")

_UNITS = Unit.objects.exclude(level=Level.PROVINCE)


def units(request):
    """All districts and communes: those of today, then those before with what they consisted of."""
    products = _products_by_unit()
    every = list(_UNITS.select_related("parent").order_by("name", "public_id"))
    for unit in every:
        unit.product_count = products.get(unit.pk, 0)
    now, then = [], []
    for unit in every:
        (now if today() in unit.validity else then).append(unit)
    districts = [unit for unit in then if unit.level == Level.DISTRICT]
    for district in districts:
        district.communes = [unit for unit in then if unit.parent_id == district.pk]
    return render(
        request,
        "frontend/units.html",
        {
            "now": now,
            "districts": districts,
            "old_communes": sum(len(district.communes) for district in districts),
        },
    )


def _products_by_unit():
    """Number of public products of each unit that has any, then or now."""
    counts = {}
    # A commune that stayed as it was is both, and is asked for as that of today.
    for place in ("district", "old_commune", "commune"):
        products = Product.objects.published().exclude(**{place: None}).order_by()
        counts |= dict(products.values_list(place).annotate(Count("pk")))
    return counts


def unit(request, code, slug):
    """A district or commune: how long, from what, into what, and what stands there."""
    unit = get_object_or_404(_UNITS.select_related("parent", "source"), public_id=code)
    if slug != unit.slug:
        return moved(unit)
    boundary = (
        Boundary.objects.filter(unit=unit)
        .defer("geometry", "outline")
        .select_related("source")
        .first()
    )
    placed = Product.objects.placed_in(unit)
    formed_from = unit.predecessions.select_related("predecessor__parent", "source")
    became = unit.successions.select_related("successor__parent", "source")
    layer = "districts" if unit.level == Level.DISTRICT else "communes"
    return render(
        request,
        "frontend/unit.html",
        {
            "unit": unit,
            "boundary": boundary,
            "mistaken": Unit.objects.confusable_with(unit).order_by("public_id"),
            "formed_from": formed_from.order_by("predecessor__name"),
            "became": became.order_by("-share", "successor__name"),
            "communes": unit.children.order_by("name"),
            "communes_became": Succession.objects.filter(predecessor__parent=unit)
            .select_related("predecessor", "successor")
            .order_by("successor__name", "successor", "predecessor__name"),
            "products": listed(placed)[:MOST_PRODUCTS],
            "most_products": MOST_PRODUCTS,
            "producers": Producer.objects.published().placed_in(unit).order_by("name", "code"),
            "rights": rights().covering(unit).order_by("-covered", "name"),
            "then": unit.validity.upper is not None and unit.validity.upper <= today(),
            "collection": layer,
            "map": map_data() if boundary else None,
            "area_url": reverse("ogc:item", args=[layer, unit.public_id]),
            "districts_url": items("districts") + "?geometry=outline",
            "document": structured_data.unit(unit),
            **_lists(unit, placed),
        },
    )


def _filters(unit):
    """The filters of the map page and of the API that choose what stands in the unit.

    None for a unit of neither of the days by which records know their places: its code may have
    been another's on these.
    """
    change = settings.PLACE.units_changed_on
    eve = last_day_of_old_units()
    if unit.level == Level.DISTRICT:
        return ("huyen", "district_code") if eve in unit.validity else None
    if change in unit.validity:
        return "xa", "commune_code"
    return ("xa-cu", "old_commune_code") if eve in unit.validity else None


def _lists(unit, placed):
    """How many products there are, of which status, and the addresses of the lists behind."""
    products = placed.published().with_rating_on(today()).order_by()
    statuses = dict(products.values_list("ocop_status").annotate(Count("pk")))
    numbers = {"product_count": sum(statuses.values())}
    filters = _filters(unit)
    if not filters:
        return numbers
    on_map, in_api = filters

    def map_page(**more):
        return f"{reverse('frontend:map')}?{urlencode({on_map: unit.code, **more})}"

    chosen = urlencode({in_api: unit.code})
    return {
        **numbers,
        "on_map": map_page(),
        "statuses": [
            {"name": name, "count": statuses[status], "page": map_page(**{"trang-thai": status})}
            for status, name in words.STATUSES.items()
            if status in statuses
        ],
        "files": [
            (
                FORMATS[extension].title,
                f"{reverse('ogc:download', args=['products', extension])}?{chosen}",
            )
            for extension in FILES
        ],
        "producers_url": f"{items('producers')}?{chosen}",
    }
