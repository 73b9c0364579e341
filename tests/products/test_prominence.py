"""The order of lists without a search."""

import datetime

import pytest

from geodata.spans import day_span, span_of
from products.ocop.models import Product
from tests.factories import ProductFactory, RatingFactory, at

pytestmark = pytest.mark.django_db

DAY = datetime.date(2026, 11, 28)


def rated(name, year=None, **fields):
    """A product; year: of its rating."""
    fields = {"point": at(109, 11.6), "published": True} | fields
    product = ProductFactory(name=name, **fields)
    if year:
        RatingFactory(product=product, decided=day_span(datetime.date(year, 3, 1)))
    return product


def test_products_are_in_the_order_of_lists():
    expected = [
        rated("Ớt", 2026),
        rated("Dứa", 2025),
        rated("Đậu", 2025),
        # Ends in less than 90 days.
        rated("A1", None),
        rated("A2", 2020),
        rated("A3", 2019),
        rated("A4"),
        rated("A5"),
        rated("Có nhãn", 2026, name_basis="brand", point=None),
        rated("B1", 2020, point=None),
        rated("C1", 2026, name_basis="generic"),
        rated("C2", 2026, name_basis="back_translated"),
        rated("C3", 2020, name_basis="back_translated"),
        rated("A6", 2026, name_basis="generic", point=None),
    ]
    RatingFactory(product=expected[3], decided=day_span(datetime.date(2023, 12, 20)))
    RatingFactory(product=expected[7], decided=day_span(datetime.date(2026, 3, 1)))
    expected[7].ratings.update(revoked_on=datetime.date(2026, 6, 1))

    found = Product.objects.with_rating_on(DAY).by_prominence()

    assert [one.name for one in found] == [one.name for one in expected]


def test_a_rating_whose_end_is_not_known_is_between_expiring_and_expired():
    expired = rated("A", 2020)
    unknown = rated("B")
    RatingFactory(product=unknown, decided=span_of(2023))
    expiring = rated("C")
    RatingFactory(product=expiring, decided=day_span(datetime.date(2023, 12, 20)))

    found = Product.objects.with_rating_on(DAY).by_prominence()

    assert list(found) == [expiring, unknown, expired]
