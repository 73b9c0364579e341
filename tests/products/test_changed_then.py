"""`datetime` of products and producers filters by `updated_at`, to the second."""

import pytest

from tests.factories import ProducerFactory, ProductFactory

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("collection", "factory"), [("products", ProductFactory), ("producers", ProducerFactory)]
)
@pytest.mark.parametrize(
    ("interval", "found"),
    [
        ("2026-11-23T10:00:00Z", True),
        ("2026-11-23T09:59:59Z", False),
        ("2026-11-23T10:00:01Z", False),
        # The same instant with other UTC offsets; an unencoded plus sign arrives as a space.
        ("2026-11-23T17:00:00%2B07:00", True),
        ("2026-11-23T17:00:00+07:00", True),
        ("2026-11-22T23:00:00-11:00", True),
        ("2026-11-23T10:00:00-07:00", False),
        # Closed at both ends.
        ("2026-11-23T10:00:00Z/..", True),
        ("../2026-11-23T10:00:00Z", True),
        ("2026-11-23T10:00:00Z/2026-11-23T10:00:00Z", True),
        ("2026-11-23T09:00:00Z/2026-11-23T11:00:00Z", True),
        ("2026-11-23T10:00:01Z/..", False),
        ("../2026-11-23T09:59:59Z", False),
        # Fractions of a second count: `updated_at` is 10:00:00, without a fraction.
        ("2026-11-23T10:00:00.000001Z/..", False),
        ("2026-11-23T10:00:00.7Z", False),
        ("../2026-11-23T09:59:59.999999Z", False),
        ("2026-11-23T09:59:59.999999Z/2026-11-23T10:00:00.000001Z", True),
        # A date is that whole day in Vietnam, also in an interval with a datetime.
        ("2026-11-23", True),
        ("2026-11-22/2026-11-23", True),
        ("2026-11-23/2026-11-23T10:00:00Z", True),
        ("2026-11-23T10:00:01Z/2026-11-23", False),
        ("0001-01-01T00:00:00Z/9999-12-31", True),
        ("0001-01-01/9999-12-31T00:00:00Z", True),
    ],
)
def test_datetime_filters_by_the_time_of_the_last_change(
    items, collection, factory, interval, found
):
    factory(code="MAU-1", published=True, updated_at="2026-11-23T10:00:00.700000+00:00")
    updated_at = items(collection).json()["features"][0]["properties"]["updated_at"]

    features = items(collection, f"datetime={interval}").json()["features"]

    assert updated_at == "2026-11-23T17:00:00+07:00"
    assert [feature["id"] for feature in features] == (["MAU-1"] if found else [])


@pytest.mark.parametrize(
    ("interval", "found"),
    [
        # The last second of 23 November in Vietnam.
        ("2026-11-23", True),
        ("2026-11-24", False),
        ("../2026-11-23", True),
        ("2026-11-24/..", False),
        ("2026-11-23T16:59:59Z/..", True),
        ("2026-11-23T17:00:00Z/..", False),
    ],
)
def test_a_day_ends_with_its_last_second_in_vietnam(items, interval, found):
    ProductFactory(code="MAU-1", published=True, updated_at="2026-11-23T23:59:59.900000+07:00")

    features = items("products", f"datetime={interval}").json()["features"]

    assert [feature["id"] for feature in features] == (["MAU-1"] if found else [])


def test_the_updated_at_of_a_feature_as_datetime_returns_that_feature(items):
    """A query from the newest known `updated_at` on returns that feature again."""
    ProductFactory(code="MAU-1", published=True, updated_at="2026-11-23T10:00:00.700000+00:00")
    ProductFactory(code="MAU-2", published=True, updated_at="2026-11-23T10:00:01.200000+00:00")
    times = [f["properties"]["updated_at"] for f in items("products").json()["features"]]

    found = [
        [f["id"] for f in items("products", f"datetime={since}/..").json()["features"]]
        for since in times
    ]

    assert found == [["MAU-1", "MAU-2"], ["MAU-2"]]
