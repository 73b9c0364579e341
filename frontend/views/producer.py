"""The page of a producer."""

from django.shortcuts import render

from frontend import structured_data
from geodata.mapview import map_data
from geodata.page_cache import cached_page
from products.register.models import Producer

from .places import buy_and_visit
from .records import (
    UNIT_RELATIONS,
    district_outlines_url,
    for_list,
    get_public_or_withdrawn,
    map_point,
    public_rights,
    redirect_or_gone,
)
from .share_images import share_image_url


@cached_page()
def producer(request, revision, code, slug):
    """A producer, its products and the rights that a source states cover them."""
    record = get_public_or_withdrawn(
        Producer.objects.select_related(*UNIT_RELATIONS, "source"), code
    )
    if response := redirect_or_gone(request, record, slug):
        return response
    products = list(for_list(record.products.all()))
    points = [map_point(product) for product in products if product.point]
    rights = public_rights().registered().filter(products__in=products).distinct()
    return render(
        request,
        "frontend/producer.html",
        {
            "producer": record,
            "products": products,
            "rights": rights,
            **buy_and_visit(record, record),
            "map": map_data(),
            "points": points,
            "some_inexact": any(point["inexact"] for point in points),
            "districts_url": district_outlines_url(),
            "share_image": share_image_url(record) if points else None,
            "structured": structured_data.producer(record),
        },
    )
