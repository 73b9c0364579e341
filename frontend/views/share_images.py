"""The addresses of the pictures in frontend/share_images.py.

An address holds the data's revision, so that what was fetched may be kept for ever, and whoever
reads a page after a change is given another address.
"""

import hashlib
import json

from django.conf import settings
from django.contrib.gis.db.models import Extent
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect

from districts.models import Boundary, Unit
from frontend.records import address_for_all
from frontend.share_images import NEAR, WHOLE, Picture
from geodata.revision import current_revision
from products.ocop.models import Product
from products.register.models import Position, Producer
from products.rights.models import IpRight

# Pixels within which one sign would hide the other: twenty thousand products took twelve seconds.
SPOT = 12
# Counted up when pictures are drawn in another way.
LOOK = 1
KINDS = {"san-pham": Product, "chu-the": Producer, "bao-ho": IpRight}


def picture_of(record=None):
    """The full address of the picture of a record, or of the whole map."""
    version = _version(current_revision())
    if record is None:
        return address_for_all("picture", version)
    kind = next(kind for kind, model in KINDS.items() if isinstance(record, model))
    return address_for_all("record-picture", version, kind, record.code)


def whole(request, version):
    """All public products on the map of the province."""
    revision = current_revision()
    if version != _version(revision):
        return redirect(picture_of())

    def draw():
        west, south, east, north = settings.PLACE.map_extent
        picture = _sheet(((west + east) / 2, (south + north) / 2), WHOLE)
        _sign(picture, Product.objects.all(), size=38)
        return picture.png()

    # Asked for most, and the most to draw.
    return _answer(revision.remember("picture", draw))


def record(request, version, kind, code):
    """A product in its surroundings, the products of a producer, the area of a right."""
    found = get_object_or_404(KINDS[kind].objects.published(), code=code)
    if version != _version(current_revision()):
        return redirect(picture_of(found))
    if isinstance(found, IpRight):
        picture = _of_area(found)
    else:
        mine = Product.objects.filter(**{"pk" if kind == "san-pham" else "producer": found.pk})
        picture = _of_products(mine)
    if picture is None:
        raise Http404("It has no place.")
    return _answer(picture.png())


def _of_products(products):
    extent = products.published().aggregate(extent=Extent("point"))["extent"]
    if extent is None:
        return None
    picture = _sheet(*_around(extent))
    _sign(picture, products, size=72)
    return picture


def _of_area(right):
    if right.stage != IpRight.Stage.REGISTERED or right.area is None:
        return None
    outline = right.outline or right.area
    picture = _sheet(*_around(outline.extent))
    picture.area(json.loads(outline.geojson))
    return picture


def _around(extent):
    """(centre, degrees of latitude) of a picture with room around the extent."""
    west, south, east, north = extent
    tall = max(NEAR, 1.3 * (north - south), 0.7 * (east - west))
    return ((west + east) / 2, (south + north) / 2), min(tall, WHOLE)


def _sheet(centre, tall):
    districts = Unit.objects.districts_then()
    outlines = Boundary.objects.filter(unit__in=districts, outline__isnull=False)
    picture = Picture(centre, tall)
    picture.ground([json.loads(one.geojson) for one in outlines.values_list("outline", flat=True)])
    return picture


def _sign(picture, products, *, size):
    for at, group, hollow in spots(picture, products):
        picture.sign(at, group, size=size, hollow=hollow)


def spots(picture, products):
    """(position, group, hollow) of the public ones among the products; of nearly one spot, one."""
    located = products.published().filter(point__isnull=False).order_by("code")
    found = {}
    for point, position, group in located.values_list("point", "position", "category__code"):
        x, y = picture.pixel(point.coords)
        found[x // SPOT, y // SPOT] = point.coords, group, position == Position.COMMUNE
    return list(found.values())


def _version(revision):
    # Without the day: no calendar changes what is on a picture.
    named = f"{LOOK}-{revision.number}-{revision.changed_at}"
    return hashlib.sha256(named.encode()).hexdigest()[:12]


def _answer(png):
    response = HttpResponse(png, content_type="image/png")
    response["Cache-Control"] = "public, max-age=31536000, immutable"
    # Cards of shared links are shown by other sites.
    response["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response
