"""What is probably wrong with a product is said, not refused."""

import datetime

import pytest

from products.ocop.warnings import warnings_of
from tests.factories import ProducerFactory, ProductFactory, RatingFactory, at

pytestmark = pytest.mark.django_db

PLACE = (108.95, 11.55)


@pytest.mark.parametrize(
    ("other", "is_reported"),
    [
        ({"name": "NHO XANH"}, True),
        ({"name": "nho xành"}, True),
        ({"name": "Nho xanh", "point": at(108.9501, 11.5501)}, True),
        ({"name": "Nho đỏ"}, False),
        ({"name": "Nho xanh", "producer": "another", "point": at(108.96, 11.55)}, False),
        ({"name": "Nho xanh", "producer": "another", "point": at(108.9501, 11.5501)}, True),
    ],
)
def test_a_probable_duplicate(other, is_reported):
    product = ProductFactory(name="Nho xanh", producer=ProducerFactory(), point=at(*PLACE))
    if other.get("producer"):
        other = other | {"producer": ProducerFactory()}
    ProductFactory(**other)
    product.refresh_from_db()

    assert bool(warnings_of(product)) == is_reported


@pytest.mark.parametrize(
    ("gtin", "is_reported"),
    [("8934588012342", True), ("8934588012341", False), ("73513537", False), ("", False)],
)
def test_the_check_digit_of_a_gtin(gtin, is_reported):
    assert bool(warnings_of(ProductFactory(gtin=gtin))) == is_reported


def test_a_decision_dated_in_the_future(on_day):
    on_day("2026-06-01")
    product = ProductFactory()
    RatingFactory(product=product, on=datetime.date(2026, 6, 1))
    RatingFactory(product=product, on=datetime.date(2026, 6, 2))

    assert warnings_of(product) == ["Ngày quyết định ở tương lai: 2/6/2026."]
