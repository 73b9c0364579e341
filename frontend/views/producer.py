"""The page of a producer."""

from django.shortcuts import render

from frontend import structured_data
from frontend.records import PLACES, elsewhere, find, items, listed, marker, rights
from geodata.mapview import map_data
from products.register.models import Producer

from .share_images import picture_of


def producer(request, code, slug):
    """A producer, its products and the rights that a source says cover them."""
    record = find(Producer.objects.select_related(*PLACES, "source"), code)
    if answer := elsewhere(request, record, slug):
        return answer
    products = list(listed(record.products.all()))
    places = [marker(product) for product in products if product.point]
    covering = rights().filter(products__in=products, stage="registered").distinct()
    return render(
        request,
        "frontend/producer.html",
        {
            "producer": record,
            "products": products,
            "rights": covering,
            "map": map_data(),
            "places": places,
            "some_inexact": any(place["inexact"] for place in places),
            "districts_url": items("districts") + "?geometry=outline",
            "picture": picture_of(record) if places else None,
            "structured": structured_data.producer(record),
        },
    )
