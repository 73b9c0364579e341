"""`datetime` of products and producers: their last change, to the second in which it is told."""

import pytest

from tests.factories import ProducerFactory, ProductFactory

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("collection", "factory"), [("products", ProductFactory), ("producers", ProducerFactory)]
)
@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("2026-11-23T10:00:00Z", True),
        ("2026-11-23T09:59:59Z", False),
        ("2026-11-23T10:00:01Z", False),
        # The same moment on other clocks; a plus sign that was not encoded arrives as a blank.
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
        # Fractions count: the change is told as 10:00:00 sharp.
        ("2026-11-23T10:00:00.000001Z/..", False),
        ("2026-11-23T10:00:00.7Z", False),
        ("../2026-11-23T09:59:59.999999Z", False),
        ("2026-11-23T09:59:59.999999Z/2026-11-23T10:00:00.000001Z", True),
        # A date is that whole day in Viet Nam, beside a moment too.
        ("2026-11-23", True),
        ("2026-11-22/2026-11-23", True),
        ("2026-11-23/2026-11-23T10:00:00Z", True),
        ("2026-11-23T10:00:01Z/2026-11-23", False),
        ("0001-01-01T00:00:00Z/9999-12-31", True),
        ("0001-01-01/9999-12-31T00:00:00Z", True),
    ],
)
def test_the_change_intersects_the_time(items, collection, factory, asked, found):
    factory(code="NT-1", published=True, updated_at="2026-11-23T10:00:00.700000+00:00")
    told = items(collection).json()["features"][0]["properties"]["updated_at"]

    features = items(collection, f"datetime={asked}").json()["features"]

    assert told == "2026-11-23T17:00:00+07:00"
    assert [feature["id"] for feature in features] == (["NT-1"] if found else [])


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        # The last second of 23 November in Viet Nam.
        ("2026-11-23", True),
        ("2026-11-24", False),
        ("../2026-11-23", True),
        ("2026-11-24/..", False),
        ("2026-11-23T16:59:59Z/..", True),
        ("2026-11-23T17:00:00Z/..", False),
    ],
)
def test_a_day_ends_with_its_last_second_in_viet_nam(items, asked, found):
    ProductFactory(code="NT-1", published=True, updated_at="2026-11-23T23:59:59.900000+07:00")

    features = items("products", f"datetime={asked}").json()["features"]

    assert [feature["id"] for feature in features] == (["NT-1"] if found else [])


def test_what_a_feature_tells_finds_the_feature(items):
    """Whoever asks for what has changed since the newest change they know gets it again."""
    ProductFactory(code="NT-1", published=True, updated_at="2026-11-23T10:00:00.700000+00:00")
    ProductFactory(code="NT-2", published=True, updated_at="2026-11-23T10:00:01.200000+00:00")
    told = [f["properties"]["updated_at"] for f in items("products").json()["features"]]

    found = [
        [f["id"] for f in items("products", f"datetime={since}/..").json()["features"]]
        for since in told
    ]

    assert found == [["NT-1", "NT-2"], ["NT-2"]]
