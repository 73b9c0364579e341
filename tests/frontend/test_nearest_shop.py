"""How far the nearest place to buy is; tests/js/map/nearest-shop.test.js has the same cases."""

import re

import pytest

from products.places.models import SalesPoint
from products.register.states import State
from tests.factories import ProducerFactory, ProductFactory, SalesPointFactory, at

pytestmark = pytest.mark.django_db


@pytest.fixture
def producer():
    return ProducerFactory(published=True, point=at(109, 11.5))


@pytest.fixture
def product(producer):
    return ProductFactory(published=True, producer=producer, point=at(109, 11.5))


@pytest.fixture
def shops(producer):
    """Public places at several distances, and nearer ones that do not count."""
    here = at(109, 11.5)
    SalesPointFactory(published=True, sells=False, producer=producer, point=here)
    SalesPointFactory(published=True, sells=True, producer=producer, point=None)
    SalesPointFactory(state=State.DRAFT, sells=True, producer=producer, point=here)
    SalesPointFactory(published=True, sells=True, name="Xa", point=at(109.2, 11.5))
    SalesPointFactory(published=True, sells=True, name="Gần", point=at(109.1, 11.5))


def stated(client, product):
    """What the page states about the nearest place to buy."""
    return re.findall(
        r"Nơi bán (?:gần nhất|của chính)[^<]*(?=, <)", client.get(product.get_absolute_url()).text
    )


def test_the_page_names_the_nearest_place_that_sells_and_has_a_point(client, product, shops):
    assert stated(client, product) == ["Nơi bán gần nhất: 11 km"]
    shop = SalesPoint.objects.nearest_shop(product, product.producer)
    assert (shop.name, round(shop.away)) == ("Gần", 10_910)


def test_a_place_of_the_producer_is_preferred_to_a_nearer_one(client, product, producer, shops):
    own = {"published": True, "sells": True, "producer": producer}
    SalesPointFactory(name="Của mình", point=at(109.15, 11.5), **own)

    assert stated(client, product) == ["Nơi bán của chính chủ thể: 16 km"]


def test_without_a_point_or_a_shop_there_is_no_distance(client, product, producer):
    unlocated = ProductFactory(published=True, producer=producer, point=None)
    assert stated(client, product) == []

    SalesPointFactory(published=True, sells=True, point=at(109.1, 11.5))

    assert stated(client, unlocated) == []
