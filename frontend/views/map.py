"""The map page: its filters, the first of its list, and what its search box suggests."""

from django.contrib.gis.db.models.functions import Envelope
from django.db.models import Count, Q
from django.db.models.functions import Coalesce
from django.shortcuts import render

from districts.models import Level, Unit, last_day_of_old_units
from frontend import records, words
from frontend.layers import layer_data
from geodata.mapview import map_data
from geodata.spans import today
from geodata.text import fold
from products.ocop.models import RATING_MONTHS, Product
from products.register.models import Category, Producer, Sector
from products.register.states import State
from products.rights.models import IpRight

# So many products come with the page; the rest follows with the map.
FIRST_PRODUCTS = 100
# Some 100 m: enough to bring a place into view.
BOX_DECIMALS = 3


def map_page(request):
    """The map, its filters and the first products of the list."""
    # A right that is only applied for never has an area to draw.
    is_drawn = Q(stage=IpRight.Stage.REGISTERED, area__isnull=False)
    rights = list(records.rights().annotate(is_drawn=is_drawn))
    then, now = (list(units) for units in _units())
    districts = [unit for unit in then if unit.level == Level.DISTRICT]
    old_communes = [unit for unit in then if unit.level == Level.COMMUNE]
    producers = (
        Producer.objects.published()
        .annotate(count=Count("products", filter=Q(products__state=State.PUBLISHED)))
        .order_by("name", "code")
    )
    kinds = {right.kind for right in rights}
    # What the search box suggests in addition to products; static/frontend/js/map/suggest.js reads
    # it. Rows are lists, which are shorter than objects: the code and the name first.
    index = {
        "changed": words.changed_on(),
        "huyen": [_place(unit) for unit in districts],
        "xa": [_place(unit) for unit in now],
        "xa-cu": [_place(unit) for unit in old_communes],
        "chu-the": [[maker.code, maker.name, maker.count] for maker in producers],
        "bao-ho": [_right(right) for right in rights],
        "kinds": {
            fold(unit.kind): str(words.UNIT_KINDS.get(unit.kind, unit.kind))
            for unit in (*then, *now)
        },
        "rights": {right.kind: right.get_kind_display() for right in rights},
    }
    return render(
        request,
        "frontend/map.html",
        {
            "map": map_data(),
            "products_url": records.items("products") + "?limit=10000",
            "protections_url": records.items("protections") + "?limit=10000&geometry=outline",
            "products": records.listed(Product.objects.all())[:FIRST_PRODUCTS],
            "count": Product.objects.published().count(),
            "districts": districts,
            "communes": now,
            "old_communes": old_communes,
            "groups": Category.objects.filter(scheme=Category.Scheme.QD148),
            "sectors": Sector.choices,
            "statuses": words.STATUSES.items(),
            "producers": producers,
            "rights": [right for right in rights if right.is_drawn],
            "right_kinds": [(kind, name) for kind, name in IpRight.Kind.choices if kind in kinds],
            "index": index,
            "texts": words.map_texts(),
            "layers": layer_data(),
            "rating_months": RATING_MONTHS,
        },
    )


def _units():
    """The province's districts and communes of then, and its communes of now, without polygons."""
    communes = Unit.objects.filter(level=Level.COMMUNE)
    then = Unit.objects.districts_then() | communes.on(last_day_of_old_units())
    now = communes.on(today())
    ground = Envelope(Coalesce("boundary__outline", "boundary__geometry"))
    return (
        units.annotate(ground=ground)
        .select_related("parent")
        .order_by("parent__name", "name", "code")
        for units in (then, now)
    )


def _place(unit):
    """[code, name, folded kind, [west, south, east, north]]; without a boundary the box is null."""
    box = unit.ground and [round(side, BOX_DECIMALS) for side in unit.ground.extent]
    return [unit.code, unit.name, fold(unit.kind), box]


def _right(right):
    """[code, name, kind, whether it has an area, what it is if it is not registered]."""
    registered = right.stage == IpRight.Stage.REGISTERED
    said = "" if registered else str(words.RIGHT_STATUSES[right.status])
    return [right.code, right.name, right.kind, right.is_drawn, said]
