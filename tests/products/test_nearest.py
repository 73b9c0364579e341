"""nearest_to() orders records by their geodesic distance in metres."""

import pytest

from products.ocop.models import Product
from tests.factories import ProductFactory, at

pytestmark = pytest.mark.django_db


def test_neighbours_are_ordered_by_metres_not_by_degrees():
    east = ProductFactory(published=True, point=at(109.1000, 11.6))
    ProductFactory(published=True, point=at(109, 11.6 + 0.0995))

    found = list(Product.objects.nearest_to(at(109, 11.6), limit=2))

    assert found[0] == east
    assert [round(product.away / 1000, 1) for product in found] == [10.9, 11.0]


def test_records_without_a_point_are_left_out_and_the_limit_applies():
    ProductFactory()
    for north in range(1, 4):
        ProductFactory(name=f"{north}", point=at(109, 11.6 + north / 100))

    found = Product.objects.nearest_to(at(109, 11.6), limit=2)

    assert [product.name for product in found] == ["1", "2"]
