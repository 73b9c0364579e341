"""Units as facts with dates: when they exist, what they cover, who looks after them."""

import datetime

import pytest

from districts.models import Level, Role, Unit
from geodata.spans import span
from tests.factories import (
    CHANGE,
    SINCE_THE_CHANGE,
    UNTIL_THE_CHANGE,
    SuccessionFactory,
    UnitFactory,
    UserFactory,
    at,
    editor_of,
    publisher_of,
    square,
    steward,
)

ONE_DAY = datetime.timedelta(days=1)

pytestmark = pytest.mark.django_db


def test_a_unit_exists_from_its_first_day_until_before_the_day_that_ends_it():
    old = UnitFactory(validity=UNTIL_THE_CHANGE)
    new = UnitFactory(validity=SINCE_THE_CHANGE)

    assert list(Unit.objects.on(CHANGE - ONE_DAY)) == [old]
    assert list(Unit.objects.on(CHANGE)) == [new]
    assert list(Unit.objects.on(datetime.date.max)) == [new]
    assert list(Unit.objects.on(datetime.date.min)) == [old]


@pytest.mark.parametrize(
    ("point", "covered"),
    [
        (at(109.05, 11.55), True),
        (at(109.0, 11.55), True),  # on the border
        (at(109.1, 11.6), True),  # on the corner
        (at(108.999999, 11.55), False),
        (at(11.55, 109.05), False),
    ],
)
def test_a_unit_covers_its_ground_and_its_border(point, covered):
    unit = UnitFactory(area=square(109, 11.5))
    UnitFactory()

    assert list(Unit.objects.covering(point)) == ([unit] if covered else [])


@pytest.mark.parametrize(
    ("code", "first", "public_id"),
    [
        ("58", None, "58"),
        ("582", None, "582"),
        ("22738", None, "22738"),
        ("22738", CHANGE, "22738-2025-07-01"),
    ],
)
def test_an_id_is_the_code_and_the_first_day_where_it_is_known(code, first, public_id):
    assert UnitFactory(code=code, validity=span(first, None)).public_id == public_id


def test_an_id_stays_when_the_first_day_becomes_known():
    unit = UnitFactory(code="22738")
    unit.validity = SINCE_THE_CHANGE
    unit.save()

    assert Unit.objects.get().public_id == "22738"


def test_a_boundary_knows_its_area_on_the_ellipsoid():
    unit = UnitFactory(area=square(109, 11.5))
    unit.boundary.refresh_from_db()

    # 0.1° × 0.1° at 11.55° N: 10.905 km × 11.062 km.
    assert unit.boundary.area_km2 == pytest.approx(120.6, abs=0.1)


# --- stewardship ---------------------------------------------------------------------------


@pytest.fixture
def grounds():
    """Two districts with two old communes; one of each became today's `new`, one another."""
    province = UnitFactory(code="58", validity=UNTIL_THE_CHANGE)
    today = UnitFactory(code="56", validity=SINCE_THE_CHANGE)
    district = UnitFactory(code="582", validity=UNTIL_THE_CHANGE, parent=province)
    other_district = UnitFactory(code="584", validity=UNTIL_THE_CHANGE, parent=province)
    old = UnitFactory(code="22738", validity=UNTIL_THE_CHANGE, parent=district)
    other_old = UnitFactory(code="22810", validity=UNTIL_THE_CHANGE, parent=other_district)
    new = UnitFactory(code="22739", validity=SINCE_THE_CHANGE, parent=today)
    other_new = UnitFactory(code="22811", validity=SINCE_THE_CHANGE, parent=today)
    elsewhere = UnitFactory(code="22000", validity=SINCE_THE_CHANGE)
    SuccessionFactory(predecessor=old, successor=new)
    SuccessionFactory(predecessor=other_old, successor=other_new)
    return {
        unit.code: unit
        for unit in (
            province,
            today,
            district,
            other_district,
            old,
            other_old,
            new,
            other_new,
            elsewhere,
        )
    }


@pytest.mark.parametrize(
    ("ground", "codes"),
    [
        # Not what it became: of several old communes a new one was formed.
        ("22738", ["22738"]),
        ("22739", ["22739"]),
        ("582", ["22738", "582"]),
        ("58", ["22738", "22810", "58", "582", "584"]),
        ("56", ["22739", "22811", "56"]),
    ],
)
def test_a_steward_looks_after_a_unit_and_what_is_below_it(grounds, ground, codes):
    user = editor_of(grounds[ground])

    stewarded = Unit.objects.stewarded_by(user, Role.EDITOR)

    assert sorted(unit.code for unit in stewarded) == codes


def test_an_editor_is_no_publisher_but_a_publisher_is_an_editor(grounds):
    editor, publisher = editor_of(grounds["22739"]), publisher_of(grounds["22739"])

    assert list(Unit.objects.stewarded_by(editor, Role.PUBLISHER)) == []
    assert list(Unit.objects.stewarded_by(publisher, Role.PUBLISHER)) == [grounds["22739"]]
    assert list(Unit.objects.stewarded_by(publisher, Role.EDITOR)) == [grounds["22739"]]


def test_roles_on_several_grounds_are_kept_apart(grounds):
    user = steward(grounds["22739"], Role.EDITOR)
    user.stewardships.create(unit=grounds["22811"], role=Role.PUBLISHER)

    assert list(Unit.objects.stewarded_by(user, Role.PUBLISHER)) == [grounds["22811"]]
    assert sorted(u.code for u in Unit.objects.stewarded_by(user, Role.EDITOR)) == [
        "22739",
        "22811",
    ]


def test_nobody_looks_after_nothing_and_a_superuser_after_all(grounds):
    editor_of(grounds["58"])

    assert list(Unit.objects.stewarded_by(UserFactory(), Role.EDITOR)) == []
    everything = Unit.objects.stewarded_by(UserFactory(is_superuser=True), Role.PUBLISHER)
    assert everything.count() == len(grounds)


def test_communes_of_today_can_be_asked_for_within_what_a_steward_looks_after(grounds):
    user = editor_of(grounds["56"])

    today = Unit.objects.on(CHANGE).filter(level=Level.COMMUNE).stewarded_by(user, Role.EDITOR)

    assert sorted(unit.code for unit in today) == ["22739", "22811"]
