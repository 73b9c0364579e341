"""URLs and responses of the share images (frontend/share_images.py).

A URL contains the data's revision. A response may therefore be cached for ever, and after a change
pages link to another URL.
"""

import hashlib
import json
import math

from django.conf import settings
from django.contrib.gis.db.models import Extent
from django.contrib.gis.geos import MultiPolygon
from django.db.models import Count
from django.db.models.functions import Coalesce
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import override

from districts.models import Boundary, Level, Unit
from frontend import drawings, labels
from frontend.share_images import NEAR, WHOLE, MapImage
from geodata.revision import current_revision
from geodata.spans import today
from products.ocop.models import Product
from products.register.models import Position, Producer
from products.register.models.located import CENTRE
from products.rights.models import IpRight

from .map import points_inside
from .records import language_neutral_url

# Symbols closer than this many pixels hide each other, so one is drawn: without this rule an image
# of 20,000 products took twelve seconds.
SPOT = 12
# Pixels between a badge and a symbol that it does not cover.
GAP = 50
# Increment when images are drawn differently, so that their URLs change.
DRAWING_VERSION = 3
KINDS = {"san-pham": Product, "chu-the": Producer, "bao-ho": IpRight, "don-vi": Unit}


def share_image_url(record=None):
    """The full URL of the share image of a record, or of the whole map."""
    version = _version(current_revision())
    if record is None:
        return language_neutral_url("share-image", version)
    kind = next(kind for kind, model in KINDS.items() if isinstance(record, model))
    code = record.public_id if isinstance(record, Unit) else record.code
    return language_neutral_url("record-share-image", version, kind, code)


def is_drawn(product):
    """Whether the product has an image: of its surroundings, or else of its district."""
    return bool(product.point) or Boundary.objects.filter(unit=product.district_id).exists()


def whole(request, version):
    """All public products on the map of the province."""
    revision = current_revision()
    if version != _version(revision):
        return redirect(share_image_url())

    def draw():
        west, south, east, north = settings.PLACE.map_extent
        image = _map_image(((west + east) / 2, (south + north) / 2), WHOLE)
        drawn = _draw_products(image, Product.objects.all(), size=38)
        _draw_badges(image, [image.pixel(position) for position, *_ in drawn])
        count = Product.objects.published().count()
        with override("vi"):
            image.panel(
                str(settings.SITE_NAME),
                _("Sản phẩm OCOP và đặc sản trên bản đồ"),
                lines=[_product_count(count)],
            )
        return image.png()

    # Requested most often and the slowest to draw.
    return _png_response(revision.remember("share-image", draw))


def record(request, version, kind, code):
    """A product in its surroundings, the products of a producer, the area of a right or unit."""
    found = _public_record(kind, code)
    if version != _version(current_revision()):
        return redirect(share_image_url(found))
    if isinstance(found, IpRight):
        image = _of_area(found.outline or found.area)
    elif isinstance(found, Unit):
        image = _of_unit(found)
    else:
        products = Product.objects.filter(**{"pk" if kind == "san-pham" else "producer": found.pk})
        image = _of_products(products)
    if image is None:
        raise Http404("The record has no location.")
    # The names are Vietnamese, and the image serves the pages of both languages.
    with override("vi"):
        name, stars, lines = _texts(found)
        image.panel(str(settings.SITE_NAME), name, stars=stars, lines=lines)
    return _png_response(image.png())


def _public_record(kind, code):
    if KINDS[kind] is Unit:
        units = Unit.objects.exclude(level=Level.PROVINCE).select_related("parent")
        return get_object_or_404(units, public_id=code)
    return get_object_or_404(KINDS[kind].objects.published(), code=code)


def _texts(record):
    """(name, stars, lines of text) of the panel. They do not depend on the date: see _version()."""
    if isinstance(record, Unit):
        parent = [labels.unit_label(record.parent)] if record.parent else []
        placed = Product.objects.placed_in(record).published().count()
        return capfirst(labels.unit_label(record)), 0, [*parent, _product_count(placed)]
    if isinstance(record, IpRight):
        kind = capfirst(record.get_kind_display())
        return record.name, 0, [kind, labels.right_number_label(record)]
    place = labels.place_now(record) or labels.place_then(record)
    if isinstance(record, Producer):
        public = Product.objects.published().filter(producer=record).count()
        return record.name, 0, [_product_count(public), place]
    rating = _last_rating(record)
    if rating is None:
        return record.name, 0, [place]
    return record.name, rating.stars, [labels.rating_term_label(rating), place]


def _last_rating(product):
    """The last rating with stars, with its term; None without one or if it was revoked."""
    rated = Product.objects.with_rating_on(today()).filter(pk=product.pk)
    rating, revoked_from = rated.values_list("rating__pk", "revoked_from").get()
    if revoked_from:
        return None
    return product.ratings.with_term().filter(pk=rating, stars__isnull=False).first()


def _product_count(count):
    return labels.TEXTS["count_all"].format(count=count)


def _of_products(products):
    extent = products.published().aggregate(extent=Extent("point"))["extent"]
    if extent is None:
        return _of_districts(products)
    image = _map_image(*_around(extent))
    _draw_products(image, products, size=72)
    return image


def _of_districts(products):
    """The districts to which the products are known; None if they are not."""
    districts = products.published().values("district")
    boundaries = Boundary.objects.filter(unit__in=districts)
    outlines = [one.outline or one.geometry for one in boundaries]
    if not outlines:
        return None
    extent = MultiPolygon([part for one in outlines for part in one]).extent
    image = _map_image(*_around(extent))
    for outline in outlines:
        image.area(json.loads(outline.geojson))
    return image


def _of_area(outline):
    """The map around an area, a geometry or None."""
    if outline is None:
        return None
    image = _map_image(*_around(outline.extent))
    image.area(json.loads(outline.geojson))
    return image


def _of_unit(unit):
    """The area of a district or commune and the products in it."""
    boundary = Boundary.objects.filter(unit=unit).first()
    image = _of_area(boundary and (boundary.outline or boundary.geometry))
    if image:
        _draw_products(image, Product.objects.placed_in(unit), size=48)
    return image


def _around(extent):
    """Return (centre, height in degrees of latitude) of an image of the extent with a margin."""
    west, south, east, north = extent
    height = max(NEAR, 1.3 * (north - south), 1.3 * (east - west))
    return ((west + east) / 2, (south + north) / 2), min(height, WHOLE)


def _map_image(centre, height):
    districts = Unit.objects.old_districts()
    outlines = Boundary.objects.filter(unit__in=districts, outline__isnull=False)
    image = MapImage(centre, height)
    image.base_map([json.loads(one.geojson) for one in outlines.values_list("outline", flat=True)])
    return image


def _draw_products(image, products, *, size):
    """Draw the spots() of the products, and return them."""
    drawn = spots(image, products)
    for position, group, hollow, pictogram in drawn:
        image.symbol(position, group, size=size, hollow=hollow, pictogram=pictogram)
    return drawn


def _draw_badges(image, symbols):
    """Draw the number of the products without a point in each district.

    symbols: (x, y) of the symbols, which a badge covers only if there is no other place.
    """
    unlocated = Product.objects.published().filter(point=None, district__isnull=False)
    counts = unlocated.order_by().values_list("district").annotate(count=Count("pk"))
    counts = dict(counts)
    centres = Boundary.objects.filter(unit__in=counts).order_by("unit__code")
    shapes = centres.values_list("unit", Coalesce("outline", "geometry"), CENTRE)
    for district, shape, centre in shapes:
        gaps = {
            position: min((math.dist(image.pixel(position), one) for one in symbols), default=GAP)
            for position in points_inside(shape, centre)
        }
        free = next((position for position, gap in gaps.items() if gap >= GAP), None)
        image.badge(free or max(gaps, key=gaps.get), counts[district], size=40)


def spots(image, products):
    """What MapImage.symbol() draws for the public products, one for each square of SPOT pixels.

    (position, group, hollow, pictogram); pictogram is "" if the type has none.
    """
    located = products.published().filter(point__isnull=False).order_by("code")
    found = {}
    drawn = drawings.symbols()
    values = located.values_list("point", "position", "category__code", "type__symbol")
    for point, position, group, symbol in values:
        x, y = image.pixel(point.coords)
        pictogram = symbol if symbol in drawn else ""
        hollow = position == Position.COMMUNE
        found[x // SPOT, y // SPOT] = point.coords, group, hollow, pictogram
    return list(found.values())


def _version(revision):
    # Without the day: images do not depend on the date.
    named = f"{DRAWING_VERSION}-{revision.number}-{revision.changed_at}"
    return hashlib.sha256(named.encode()).hexdigest()[:12]


def _png_response(png):
    response = HttpResponse(png, content_type="image/png")
    response["Cache-Control"] = "public, max-age=31536000, immutable"
    # Other sites show the image in link previews.
    response["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response
