"""The pages of districts and communes, former and current."""

from urllib.parse import urlencode

from django.conf import settings
from django.db.models import Count
from django.shortcuts import get_object_or_404, render
from django.urls import reverse

from districts.models import Boundary, Level, Succession, Unit, last_day_of_old_units
from frontend import labels, structured_data
from geodata.formats.registry import FORMATS
from geodata.mapview import map_data
from geodata.page_cache import cached_page
from geodata.spans import today
from products.ocop.models import Product
from products.register.models import Producer

from .places import buy_and_visit_in
from .records import (
    card_photo_rows,
    district_outlines_url,
    for_list,
    items_url,
    public_rights,
    redirect_to_current_slug,
)
from .share_images import share_image_url

# Products listed on the page of a unit; a district may have thousands, which the map shows.
MAX_PRODUCTS = 100
# File formats offered for the products of a unit.
FILE_EXTENSIONS = ("csv", "xlsx", "geojson")

# Provinces have no page.
_UNITS = Unit.objects.exclude(level=Level.PROVINCE)


@cached_page()
def units(request, revision):
    """All districts and communes: the current ones, then the former ones by district."""
    products = _products_by_unit()
    every = list(_UNITS.select_related("parent").order_by("name", "public_id"))
    for unit in every:
        unit.product_count = products.get(unit.pk, 0)
    current, former = [], []
    for unit in every:
        (current if today() in unit.validity else former).append(unit)
    districts = [unit for unit in former if unit.level == Level.DISTRICT]
    for district in districts:
        district.communes = [unit for unit in former if unit.parent_id == district.pk]
    return render(
        request,
        "frontend/units.html",
        {
            "current_units": current,
            "districts": districts,
            "former_commune_count": sum(len(district.communes) for district in districts),
        },
    )


def _products_by_unit():
    """Primary key of each unit that has public products → their number."""
    counts = {}
    # A commune that the reform did not change is both old and current: the current one, last in
    # this order, decides.
    for place in ("district", "old_commune", "commune"):
        products = Product.objects.published().exclude(**{place: None}).order_by()
        counts |= dict(products.values_list(place).annotate(Count("pk")))
    return counts


@cached_page(state=card_photo_rows)
def unit(request, revision, code, slug):
    """A district or commune: its validity, predecessors, successors, products and rights."""
    unit = get_object_or_404(_UNITS.select_related("parent", "source"), public_id=code)
    if slug != unit.slug:
        return redirect_to_current_slug(unit)
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
            "confusable": Unit.objects.confusable_with(unit).order_by("public_id"),
            "formed_from": formed_from.order_by("predecessor__name"),
            "became": became.order_by("-share", "successor__name"),
            "communes": unit.children.order_by("name"),
            "communes_became": Succession.objects.filter(predecessor__parent=unit)
            .select_related("predecessor", "successor")
            .order_by("successor__name", "successor", "predecessor__name"),
            "products": for_list(placed)[:MAX_PRODUCTS],
            "max_products": MAX_PRODUCTS,
            "producers": Producer.objects.published().placed_in(unit).order_by("name", "code"),
            "rights": public_rights().covering(unit).order_by("-covered", "name"),
            "is_former": unit.validity.upper is not None and unit.validity.upper <= today(),
            "collection": layer,
            "map": map_data() if boundary else None,
            "share_image": share_image_url(unit) if boundary else None,
            "area_url": reverse("ogc:item", args=[layer, unit.public_id]),
            "districts_url": district_outlines_url(),
            "document": structured_data.unit(unit),
            **_lists(unit, placed),
            **buy_and_visit_in(unit),
        },
    )


def _filters(unit):
    """Return (filter of the map page, filter of the API) that select the records in the unit.

    None if the unit existed neither on the day of the reform nor on the day before, by which
    records are assigned to units: another unit may have had its code on those days.
    """
    change = settings.PLACE.units_changed_on
    last_old_day = last_day_of_old_units()
    if unit.level == Level.DISTRICT:
        return ("huyen", "district_code") if last_old_day in unit.validity else None
    if change in unit.validity:
        return "xa", "commune_code"
    return ("xa-cu", "old_commune_code") if last_old_day in unit.validity else None


def _lists(unit, placed):
    """Template context with the numbers of products by status and the URLs of their lists."""
    products = placed.published().with_rating_on(today()).order_by()
    statuses = dict(products.values_list("ocop_status").annotate(Count("pk")))
    numbers = {"product_count": sum(statuses.values())}
    filters = _filters(unit)
    if not filters:
        return numbers
    map_filter, api_filter = filters

    def map_url(**more):
        return f"{reverse('frontend:map')}?{urlencode({map_filter: unit.code, **more})}"

    query = urlencode({api_filter: unit.code})
    return {
        **numbers,
        "map_url": map_url(),
        "statuses": [
            {"name": name, "count": statuses[status], "url": map_url(**{"trang-thai": status})}
            for status, name in labels.STATUSES.items()
            if status in statuses
        ],
        "files": [
            (
                FORMATS[extension].title,
                f"{reverse('ogc:download', args=['products', extension])}?{query}",
            )
            for extension in FILE_EXTENSIONS
        ],
        "producers_url": f"{items_url('producers')}?{query}",
    }
