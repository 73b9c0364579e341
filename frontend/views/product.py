"""The page of a product, and the code on its label that leads there."""

import segno
from django.db.models import F, Prefetch
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.safestring import mark_safe

from frontend import structured_data
from frontend.records import (
    LISTED,
    PLACES,
    address_for_all,
    drawn,
    elsewhere,
    find,
    items,
    marker,
    rights,
)
from geodata.mapview import map_data
from geodata.spans import today
from products.ocop.models import Product, ProtectedProduct
from products.rights.models import IpRight

from .share_images import picture_of

NEIGHBOURS = 5


def product(request, code, slug):
    """A product: who, where, what it is rated, what protects it, and the source of each."""
    record = find(
        Product.objects.with_rating_on(today())
        .annotate(rating_pk=F("rating__pk"))
        .select_related(*PLACES, "declared_commune", "category", "source")
        .select_related("producer__commune", "producer__district", "producer__source"),
        code,
    )
    if answer := elsewhere(request, record, slug):
        return answer
    # A right that is only applied for protects nothing yet, whatever it names.
    naming = list(
        rights()
        .filter(protected_products__product=record, stage=IpRight.Stage.REGISTERED)
        .prefetch_related(
            Prefetch(
                "protected_products",
                ProtectedProduct.objects.filter(product=record).select_related("source"),
                to_attr="statements",
            )
        )
    )
    covering = drawn(rights()).filter(area__covers=record.point) if record.point else []
    photos = list(record.photos.select_related("source"))
    return render(
        request,
        "frontend/product.html",
        {
            "product": record,
            "photos": photos,
            "ratings": record.ratings.with_term().select_related("source").order_by("-decided"),
            "named": naming,
            "covering": [right for right in covering if right not in naming],
            "neighbours": _neighbours(record),
            "short_address": address_for_all("short", record.code),
            "qr": mark_safe(_qr(record).svg_inline(omitsize=True, border=2, light="#fff")),
            "day": today(),
            "map": map_data(),
            "places": [marker(record)] if record.point else [],
            "districts_url": items("districts") + "?geometry=outline",
            "picture": picture_of(record) if record.point else None,
            "structured": structured_data.product(record, naming, photos),
        },
    )


def short(request, code):
    """The address on a label; it stays when the product's name changes."""
    record = find(Product.objects.all(), code)
    # The name of what was withdrawn may be another by now, so no address tells it.
    return elsewhere(request, record, record.slug) or redirect(record)


def qr(request, code):
    """The code for a label as a file: it can be printed at any size."""
    record = get_object_or_404(Product.objects.published(), code=code)
    response = HttpResponse(content_type="image/svg+xml")
    _qr(record).save(response, kind="svg", scale=10, light="#fff", title=record.name)
    response["Content-Disposition"] = f'attachment; filename="{record.code}-qr.svg"'
    return response


def _qr(product):
    # A label may be scratched or bent: M reads on with 15 % of it lost.
    return segno.make(address_for_all("short", product.code), error="m", micro=False)


def _neighbours(product):
    if product.point is None:
        return []
    others = Product.objects.published().exclude(pk=product.pk)
    return (
        others.nearest_to(product.point, limit=NEIGHBOURS)
        .with_rating_on(today())
        .select_related(*LISTED)
    )
