"""The map page: its filters, the start of its list, and the index of its search box."""

from django.conf import settings
from django.contrib.gis.db.models.functions import Envelope
from django.contrib.gis.geos import Point
from django.db.models import Count, Exists, OuterRef, Q
from django.db.models.functions import Coalesce
from django.shortcuts import render
from django.templatetags.static import static
from django.urls import reverse

from districts.models import Boundary, Level, Unit, last_day_of_old_units
from frontend import drawings, labels
from frontend.gazetteer import gazetteer
from frontend.layers import layer_data, point_layers
from geodata.feature_model import FEATURE_ID, GEOMETRY
from geodata.mapview import map_data
from geodata.page_cache import cached_page
from geodata.spans import today
from geodata.text import fold
from products.ocop.models import RATING_MONTHS, Product, ProductCertificate
from products.register.models import (
    Category,
    Producer,
    ProductType,
    QualityCertificate,
    SeasonState,
    Sector,
)
from products.register.models.located import CENTRE
from products.register.states import State, is_published
from products.rights.models import GoodsType, IpRight, is_registered

from .records import all_items_url, card_photo_rows, card_photos, for_list, items_url, public_rights

# Products rendered with the page; the script loads the others from the API. The second number is
# that of a page whose script does not load all products; pageSize in map/data.js is the same.
FIRST_PRODUCTS, FIRST_OF_MANY = 100, 50
# Decimals of a degree (about 100 m): enough to zoom to a unit.
BOX_DECIMALS = 3
# Rows and columns of the points that are offered for a badge.
GRID_STEPS = 6


@cached_page(state=card_photo_rows)
def map_page(request, revision):
    """The map, its filters and the first products of the list.

    With more products than MAP_LOADS_WHOLE, the page leaves out what grows with their number, and
    its script loads an index of all products and the products that are displayed.
    """
    count = Product.objects.published().count()
    is_paged = count > settings.MAP_LOADS_WHOLE
    # The map can show the area of a right, or the products of its goods.
    on_map = Q(area__isnull=False) | Exists(GoodsType.objects.filter(right=OuterRef("pk")))
    rights = list(public_rights().annotate(is_on_map=is_registered() & on_map))
    former, current = (list(units) for units in _units())
    districts = [unit for unit in former if unit.level == Level.DISTRICT]
    old_communes = [unit for unit in former if unit.level == Level.COMMUNE]
    provinces = {unit.parent for unit in current if unit.parent}
    (province,) = provinces if len(provinces) == 1 else [None]
    # Of many, the search box finds them by name.
    producers = [] if is_paged else _producers()
    kinds = {right.kind for right in rights}
    types = list(types_by_number())
    # Everything but products that the search box suggests; JavaScript reads it. Rows are lists,
    # code and name first, because every page carries them.
    index = {
        "changed": labels.units_changed_on(),
        # Of all present communes.
        "province": str(province) if province else "",
        "huyen": _districts(districts),
        "xa": [_place(unit) for unit in current],
        "xa-cu": [_place(unit) for unit in old_communes],
        "chu-the": [[one.code, one.name, one.count] for one in producers],
        "bao-ho": [_right(right) for right in rights],
        "kinds": {
            fold(unit.kind): str(labels.UNIT_KINDS.get(unit.kind, unit.kind))
            for unit in (*former, *current, *([province] if province else []))
        },
        "rights": {right.kind: right.get_kind_display() for right in rights},
        # Name; the words that find the products of the type and what is made from it; pictogram.
        "types": {
            one.code: [labels.localized_name(one), one.words, drawings.pictogram_id(one)]
            for one in ProductType.objects.select_related("group")
        },
        "places": gazetteer(),
        # What a card shows: the photo of a product, else the illustration of its type or group.
        "photos": card_photos(),
        "illustrations": _illustrations(types),
        "points": {id: _points(collection) for id, collection in point_layers().items()},
    }
    return render(
        request,
        "frontend/map.html",
        {
            "map": map_data(),
            "is_paged": is_paged,
            "products_url": all_items_url("products"),
            "columns_url": reverse("ogc:columns", args=["products"]),
            "items_url": items_url("products"),
            "producers_url": items_url("producers"),
            "protections_url": items_url("protections") + "?limit=10000&geometry=outline",
            "products": for_list(Product.objects.all())[
                : FIRST_OF_MANY if is_paged else FIRST_PRODUCTS
            ],
            "count": count,
            "districts": districts,
            "communes": current,
            "old_communes": old_communes,
            "types": types,
            "groups": Category.objects.filter(scheme=Category.Scheme.QD148),
            "sectors": Sector.choices,
            "seasons": SeasonState.choices,
            "statuses": labels.STATUSES.items(),
            "producers": producers,
            "rights": [right for right in rights if right.is_on_map],
            "certificates": _certificates(),
            "right_kinds": [(kind, name) for kind, name in IpRight.Kind.choices if kind in kinds],
            "index": index,
            "texts": labels.map_texts(),
            "layers": layer_data(),
            "rating_months": RATING_MONTHS,
        },
    )


def _certificates():
    """(code, title) of the kinds of quality certificates that public products have today."""
    held = ProductCertificate.objects.on(today())
    kinds = set(held.filter(is_published("product__")).values_list("kind", flat=True))
    return [(kind, title) for kind, title in QualityCertificate.Kind.choices if kind in kinds]


def _producers():
    """Public producers with the number of their public products, by name."""
    return (
        Producer.objects.published()
        .annotate(count=Count("products", filter=Q(products__state=State.PUBLISHED)))
        .order_by("name", "code")
    )


def _illustrations(types):
    """{id of a pictogram: path of the illustration} of types and groups."""
    groups = (f"group-{code}" for code in (*labels.GROUPS, "none"))
    names = [*map(drawings.pictogram_id, types), *groups]
    return {name: static(f"{drawings.ILLUSTRATIONS}/{name}.svg") for name in names}


def types_by_number():
    """The types of public products with their number as `count`, the most frequent first."""
    number = Count("products", filter=Q(products__state=State.PUBLISHED))
    types = ProductType.objects.select_related("group").annotate(count=number)
    return types.filter(count__gt=0).order_by("-count", "name")


def _units():
    """Return (former districts and communes, current communes) with `box`, their bounding box."""
    communes = Unit.objects.filter(level=Level.COMMUNE)
    former = Unit.objects.old_districts() | communes.on(last_day_of_old_units())
    current = communes.on(today())
    box = Envelope(Coalesce("boundary__outline", "boundary__geometry"))
    return (
        units.annotate(box=box).select_related("parent").order_by("parent__name", "name", "code")
        for units in (former, current)
    )


def _place(unit):
    """[code, name, folded kind, [west, south, east, north] or None without a boundary]."""
    box = unit.box and [round(side, BOX_DECIMALS) for side in unit.box.extent]
    return [unit.code, unit.name, fold(unit.kind), box]


def _districts(districts):
    """Rows of _place(), with points inside where products known only to the district are shown."""
    boundaries = Boundary.objects.filter(unit__in=districts)
    shapes = boundaries.values_list("unit", Coalesce("outline", "geometry"), CENTRE)
    points = {pk: points_inside(shape, centre) for pk, shape, centre in shapes}
    return [[*_place(unit), points.get(unit.pk, [])] for unit in districts]


def points_inside(shape, centre):
    """(lng, lat) of the centre, then of a grid in the shape, the nearest to the centre first."""
    west, south, east, north = shape.extent
    steps = [(step + 0.5) / GRID_STEPS for step in range(GRID_STEPS)]
    lngs = [west + step * (east - west) for step in steps]
    lats = [south + step * (north - south) for step in steps]
    inside = shape.prepared
    points = [Point(lng, lat) for lng in lngs for lat in lats]
    grid = sorted(filter(inside.contains, points), key=centre.distance)
    return [tuple(round(number, BOX_DECIMALS) for number in point) for point in (centre, *grid)]


def _right(right):
    """[code, name, kind, whether the map can show it, status if not registered, status, owner].

    The last two are the texts of its card.
    """
    registered = right.stage == IpRight.Stage.REGISTERED
    status = "" if registered else str(labels.RIGHT_STATUSES[right.status])
    note = labels.owner_note(right)
    card = [labels.right_label(right), f"{right.owner} ({note})" if note else right.owner]
    return [right.code, right.name, right.kind, right.is_on_map, status, *card]


def _points(collection):
    """[code, name, [lng, lat] or null] of each feature of a point layer."""
    rows = collection.public().order_by("name", FEATURE_ID)
    return [
        [code, name, point and [point.x, point.y]]
        for code, name, point in rows.values_list(FEATURE_ID, "name", GEOMETRY)
    ]
