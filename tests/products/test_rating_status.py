"""Status of a rating on a day: valid for 36 months from a decision that may be approximate."""

import datetime

import pytest

from geodata.spans import day_span, span, span_of
from products.ocop.models import Product
from tests.factories import ProductFactory, RatingFactory

date = datetime.date
NOTHING = ("none", None, None)

pytestmark = pytest.mark.django_db


def on(day):
    """(status, stars, stars of the latest rating) of the only product."""
    product = Product.objects.with_rating_on(day)
    return product.values_list("ocop_status", "stars", "rating__stars").get()


# --- the day of the decision is known ------------------------------------------------------


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (date(2024, 12, 9), NOTHING),
        (date(2024, 12, 10), ("valid", 3, 3)),
        (date(2027, 9, 10), ("valid", 3, 3)),
        # 90 days before 10 December 2027.
        (date(2027, 9, 11), ("expiring", 3, 3)),
        (date(2027, 12, 9), ("expiring", 3, 3)),
        (date(2027, 12, 10), ("expiring", 3, 3)),
        (date(2027, 12, 11), ("expired", None, 3)),
        (date(2099, 1, 1), ("expired", None, 3)),
    ],
)
def test_a_rating_is_valid_for_36_months_and_expiring_for_the_last_90_days(day, expected):
    RatingFactory(on=date(2024, 12, 10))

    assert on(day) == expected


def test_a_rating_is_expiring_90_days_before_its_last_day_and_valid_91_days_before():
    RatingFactory(on=date(2024, 12, 10))
    last = date(2027, 12, 10)

    assert on(last - datetime.timedelta(90))[0] == "expiring"
    assert on(last - datetime.timedelta(91))[0] == "valid"


@pytest.mark.parametrize(
    ("decided", "last"),
    [
        (date(2024, 2, 29), date(2027, 2, 28)),
        (date(2025, 2, 28), date(2028, 2, 28)),
        (date(2024, 8, 31), date(2027, 8, 31)),
        (date(2021, 3, 1), date(2024, 3, 1)),
    ],
)
def test_a_rating_of_29_february_ends_on_28_february(decided, last):
    RatingFactory(on=decided)

    assert on(last) == ("expiring", 3, 3)
    assert on(last + datetime.timedelta(1)) == ("expired", None, 3)
    product = Product.objects.with_rating_on(last).get()
    assert (product.rated_from, product.rated_to, product.holds_at_least_to) == (
        decided,
        last,
        last,
    )


# --- the day of the decision is approximate ------------------------------------------------


@pytest.mark.parametrize(
    ("decided", "day", "expected"),
    [
        # Sometime in 2023: certain until 1 January 2026, possible until 31 December 2026.
        (span_of(2023), date(2025, 10, 2), ("valid", 3, 3)),
        (span_of(2023), date(2025, 10, 3), ("expiring", 3, 3)),
        (span_of(2023), date(2026, 1, 1), ("expiring", 3, 3)),
        (span_of(2023), date(2026, 1, 2), ("unknown", None, 3)),
        (span_of(2023), date(2026, 12, 31), ("unknown", None, 3)),
        (span_of(2023), date(2027, 1, 1), ("expired", None, 3)),
        # A council met on 25 September 2023; the decision followed by the end of that year.
        (span(date(2023, 9, 25), date(2024, 1, 1)), date(2026, 9, 25), ("expiring", 3, 3)),
        (span(date(2023, 9, 25), date(2024, 1, 1)), date(2026, 9, 26), ("unknown", None, 3)),
        (span(date(2023, 9, 25), date(2024, 1, 1)), date(2026, 11, 23), ("unknown", None, 3)),
        (span(date(2023, 9, 25), date(2024, 1, 1)), date(2027, 1, 1), ("expired", None, 3)),
        # Held by September 2022, decided on an unknown day before.
        (span(None, date(2022, 10, 1)), date(2022, 9, 15), ("unknown", None, 3)),
        (span(None, date(2022, 10, 1)), date(2025, 9, 30), ("unknown", None, 3)),
        (span(None, date(2022, 10, 1)), date(2025, 10, 1), ("expired", None, 3)),
        # The day is unknown.
        (span(None, None), date(2026, 11, 23), ("unknown", None, 3)),
        # Decided on or after a day: certain for 36 months from that day.
        (span(date(2025, 1, 1), None), date(2026, 1, 1), ("valid", 3, 3)),
        (span(date(2025, 1, 1), None), date(2028, 1, 2), ("unknown", None, 3)),
        # A month.
        (span_of(2020, 12), date(2023, 12, 1), ("expiring", 3, 3)),
        (span_of(2020, 12), date(2023, 12, 31), ("unknown", None, 3)),
        (span_of(2020, 12), date(2024, 1, 1), ("expired", None, 3)),
    ],
)
def test_stars_are_shown_only_while_a_rating_is_certainly_valid(decided, day, expected):
    RatingFactory(decided=decided)

    assert on(day) == expected


# --- no rating -----------------------------------------------------------------------------


def test_a_product_without_a_rating_has_status_none():
    ProductFactory()

    assert on(date(2026, 11, 23)) == NOTHING


def test_a_nomination_alone_is_not_a_rating():
    RatingFactory(stars=None, nominated_stars=5, decided=span_of(2026))

    assert on(date(2026, 11, 23)) == NOTHING


def test_a_later_nomination_does_not_hide_valid_stars():
    rating = RatingFactory(stars=4, on=date(2024, 12, 10))
    RatingFactory(product=rating.product, stars=None, nominated_stars=5, on=date(2025, 6, 1))

    assert on(date(2026, 11, 23)) == ("valid", 4, 4)


def test_a_nomination_with_stars_counts_with_its_stars():
    RatingFactory(stars=4, nominated_stars=5, score="91.11", on=date(2025, 6, 1))

    assert on(date(2026, 11, 23)) == ("valid", 4, 4)


def test_a_rating_without_stars_has_status_unknown():
    RatingFactory(stars=None, decided=span(None, date(2023, 10, 1)))

    assert on(date(2023, 9, 8)) == ("unknown", None, None)
    assert on(date(2099, 1, 1)) == ("unknown", None, None)


def test_a_rating_of_the_future_does_not_count_yet():
    RatingFactory(on=date(2026, 11, 24))

    assert on(date(2026, 11, 23)) == NOTHING
    assert on(date(2026, 11, 24)) == ("valid", 3, 3)


# --- revoked, renewed ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (date(2025, 5, 31), ("valid", 3, 3)),
        (date(2025, 6, 1), ("revoked", None, 3)),
        (date(2030, 1, 1), ("revoked", None, 3)),
    ],
)
def test_a_revoked_rating_has_status_revoked_from_that_day(day, expected):
    RatingFactory(on=date(2024, 12, 10), revoked_on=date(2025, 6, 1))

    assert on(day) == expected


def test_a_rating_without_stars_may_be_revoked():
    RatingFactory(stars=None, decided=span_of(2024), revoked_on=date(2025, 6, 1))

    assert on(date(2025, 6, 1)) == ("revoked", None, None)


def test_a_rating_is_superseded_by_the_next_one():
    first = RatingFactory(stars=3, on=date(2023, 3, 1))
    RatingFactory(product=first.product, stars=4, on=date(2025, 3, 1))

    assert on(date(2025, 2, 28)) == ("valid", 3, 3)
    assert on(date(2025, 3, 1)) == ("valid", 4, 4)
    assert on(date(2026, 3, 2)) == ("valid", 4, 4)
    assert on(date(2028, 3, 2)) == ("expired", None, 4)


def test_a_renewal_after_a_revocation_counts():
    first = RatingFactory(stars=4, on=date(2023, 3, 1), revoked_on=date(2024, 1, 1))
    RatingFactory(product=first.product, stars=3, on=date(2025, 3, 1))

    assert on(date(2024, 6, 1)) == ("revoked", None, 4)
    assert on(date(2025, 3, 1)) == ("valid", 3, 3)


def test_a_rating_of_another_product_does_not_count():
    ProductFactory(name="A")
    RatingFactory(product=ProductFactory(name="B"), on=date(2024, 12, 10))

    statuses = Product.objects.with_rating_on(date(2026, 1, 1)).order_by("name")
    assert list(statuses.values_list("name", "ocop_status")) == [("A", "none"), ("B", "valid")]


def test_a_product_with_several_ratings_is_returned_once():
    first = RatingFactory(decided=day_span(date(2017, 1, 1)))
    for year in (2020, 2023):
        RatingFactory(product=first.product, on=date(year, 1, 1))

    assert Product.objects.with_rating_on(date(2023, 6, 1)).count() == 1


@pytest.mark.parametrize("status", ["valid", "expiring", "expired", "revoked", "unknown", "none"])
def test_products_can_be_filtered_by_every_status(status):
    day = date(2026, 11, 23)
    ProductFactory(name="none")
    RatingFactory(product__name="valid", on=date(2025, 12, 10))
    RatingFactory(product__name="expiring", on=date(2023, 12, 10))
    RatingFactory(product__name="expired", on=date(2022, 12, 10))
    RatingFactory(product__name="revoked", on=date(2025, 1, 1), revoked_on=date(2025, 2, 1))
    RatingFactory(product__name="unknown", decided=span_of(2023))

    filtered = Product.objects.with_rating_on(day).filter(ocop_status=status)

    assert [product.name for product in filtered] == [status]
