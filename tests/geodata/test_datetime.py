"""`datetime`: days in Viet Nam, instants with their zone, intervals with open ends."""

import datetime

import pytest

from geodata.ogc import parameters
from geodata.problems import ParameterError
from geodata.spans import span
from tests.factories import SINCE_THE_CHANGE, UNTIL_THE_CHANGE, ProductFactory, UnitFactory

date = datetime.date


@pytest.mark.parametrize(
    ("text", "first", "end"),
    [
        ("2024-02-29", date(2024, 2, 29), date(2024, 3, 1)),
        ("2024-02-29T00:00:00Z", date(2024, 2, 29), date(2024, 3, 1)),
        # 17:00 in Greenwich is midnight in Viet Nam.
        ("2024-02-29T16:59:59Z", date(2024, 2, 29), date(2024, 3, 1)),
        ("2024-02-29T17:00:00Z", date(2024, 3, 1), date(2024, 3, 2)),
        ("2024-02-29T23:59:59+07:00", date(2024, 2, 29), date(2024, 3, 1)),
        # No place has such an offset, and PostgreSQL refuses it.
        ("2024-02-29T00:00:00+18:06", date(2024, 2, 28), date(2024, 2, 29)),
        ("2024-02-29T23:59:59.5-07:00", date(2024, 3, 1), date(2024, 3, 2)),
        ("2024-02-29t17:00:00z", date(2024, 3, 1), date(2024, 3, 2)),
        # A plus sign that was not encoded arrives as a blank.
        ("2024-03-01T00:00:00 07:00", date(2024, 3, 1), date(2024, 3, 2)),
        ("2024-02-29/2024-03-01", date(2024, 2, 29), date(2024, 3, 2)),
        ("2024-02-29/2024-02-29", date(2024, 2, 29), date(2024, 3, 1)),
        ("2024-02-29/..", date(2024, 2, 29), None),
        ("2024-02-29/", date(2024, 2, 29), None),
        ("../2024-02-29", None, date(2024, 3, 1)),
        ("/2024-02-29", None, date(2024, 3, 1)),
        ("2024-02-29T17:00:00Z/2024-03-01", date(2024, 3, 1), date(2024, 3, 2)),
        ("0001-01-01/9999-12-31", date(1, 1, 1), None),
    ],
)
def test_a_datetime_is_compared_by_its_day_in_viet_nam(text, first, end):
    assert parameters.interval(text).days == span(first, end)


def local(text):
    return datetime.datetime.fromisoformat(f"{text}+07:00")


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2024-02-29", "2024-02-29T00:00:00", "2024-02-29T23:59:59.999999"),
        ("2024-02-29T17:00:00Z", "2024-03-01T00:00:00", "2024-03-01T00:00:00"),
        ("2024-02-29T23:59:59.5-07:00", "2024-03-01T13:59:59.5", "2024-03-01T13:59:59.5"),
        # Finer than any timestamp of PostgreSQL.
        (
            "2024-02-29T00:00:00.1234567Z",
            "2024-02-29T07:00:00.123456",
            "2024-02-29T07:00:00.123456",
        ),
        ("2024-02-29/2024-03-01", "2024-02-29T00:00:00", "2024-03-01T23:59:59.999999"),
        ("2024-02-29T10:00:00Z/2024-02-29", "2024-02-29T17:00:00", "2024-02-29T23:59:59.999999"),
        ("2024-02-29/2024-02-28T17:00:00Z", "2024-02-29T00:00:00", "2024-02-29T00:00:00"),
        ("2024-02-29T10:00:00Z/..", "2024-02-29T17:00:00", None),
        ("../2024-02-29T10:00:00Z", None, "2024-02-29T17:00:00"),
        ("9999-12-31", "9999-12-31T00:00:00", "9999-12-31T23:59:59.999999"),
    ],
)
def test_a_date_time_is_exact_and_a_date_is_that_whole_day(text, first, last):
    interval = parameters.interval(text)

    assert (interval.first, interval.last) == (
        first and local(first),
        last and local(last),
    )


@pytest.mark.parametrize(
    "text",
    [
        "hôm nay",
        "..",
        "2025",
        "2025-06",
        "2025-02-29",
        "2025-13-01",
        "29/2/2024",
        "20250630",
        "2025-W27-1",
        "2025-6-30",
        "2024-02-29T00:00:00",
        "2024-02-29T25:00:00Z",
        "2024-02-29 ",
        "2024-03-01/2024-02-29",
        "2024-02-29T10:00:00Z/2024-02-29T16:59:59+07:00",
        "2024-02-29/2024-02-28T16:59:59Z",
        "2024-02-29/2024-03-01/2024-03-02",
        "2024-02-29/hôm nay",
        "0001-01-01T00:00:00+14:00",
        "9999-12-31T23:59:59Z",
        "2025-06-3０",
    ],
)
def test_an_invalid_time_is_refused(text):
    with pytest.raises(ParameterError) as refusal:
        parameters.interval(text)

    assert refusal.value.parameter == "datetime"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("query", "ids"),
    [
        ("", ["82738", "82738-2024-03-01", "82741"]),
        ("datetime=2024-02-29", ["82738", "82741"]),
        ("datetime=2024-03-01", ["82738-2024-03-01", "82741"]),
        ("datetime=2024-02-29T16:59:59Z", ["82738", "82741"]),
        ("datetime=2024-02-29T17:00:00Z", ["82738-2024-03-01", "82741"]),
        ("datetime=2024-02-29/2024-03-01", ["82738", "82738-2024-03-01", "82741"]),
        ("datetime=../2024-02-29", ["82738", "82741"]),
        ("datetime=2024-03-01/..", ["82738-2024-03-01", "82741"]),
    ],
)
def test_units_are_selected_by_their_existence(items, query, ids):
    """The third has no known beginning and no end: it matches every time."""
    UnitFactory(code="82738", validity=UNTIL_THE_CHANGE)
    UnitFactory(code="82738", validity=SINCE_THE_CHANGE)
    UnitFactory(code="82741")

    answer = items("communes", query).json()

    assert [feature["id"] for feature in answer["features"]] == ids
    assert answer["numberMatched"] == len(ids)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("2026-11-23", True),
        ("2026-11-22", False),
        ("2026-11-24", False),
        ("2026-11-23/..", True),
        ("../2026-11-23", True),
        ("../2026-11-22", False),
        ("2026-11-24/..", False),
        ("2026-01-01/2026-12-31", True),
        ("9999-12-31", False),
        ("0001-01-01/9999-12-31", True),
    ],
)
def test_products_are_selected_by_their_last_change(items, query, found):
    # The first minute of 23 November in Viet Nam, still the 22nd in Greenwich.
    ProductFactory(code="MAU-1", published=True, updated_at="2026-11-23T00:01:00+07:00")

    features = items("products", f"datetime={query}").json()["features"]

    assert [feature["id"] for feature in features] == (["MAU-1"] if found else [])


@pytest.mark.usefixtures("shipped")
@pytest.mark.parametrize(
    ("query", "counts"),
    [
        ("", (7, 86)),
        ("datetime=2024-12-31", (7, 62)),
        ("datetime=2025-06-30", (7, 62)),
        ("datetime=2025-07-01", (0, 24)),
        ("datetime=2026-01-01", (0, 24)),
    ],
)
def test_the_real_units_of_a_day(items, query, counts):
    answers = [items(which, query).json() for which in ("districts", "communes")]

    assert tuple(answer["numberMatched"] for answer in answers) == counts
    assert tuple(len(answer["features"]) for answer in answers) == counts
