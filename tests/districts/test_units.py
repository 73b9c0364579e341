"""Units: their validity, the area that they cover, and their stewards."""

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


def test_on_includes_the_first_day_and_excludes_the_end_day():
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
def test_covering_includes_the_interior_and_the_border(point, covered):
    unit = UnitFactory(area=square(109, 11.5))
    UnitFactory()

    assert list(Unit.objects.covering(point)) == ([unit] if covered else [])


@pytest.mark.parametrize(
    ("code", "first", "public_id"),
    [
        ("99", None, "99"),
        ("992", None, "992"),
        ("82738", None, "82738"),
        ("82738", CHANGE, "82738-2024-03-01"),
    ],
)
def test_a_public_id_is_the_code_and_the_first_day_where_known(code, first, public_id):
    assert UnitFactory(code=code, validity=span(first, None)).public_id == public_id


def test_a_public_id_does_not_change_when_the_first_day_becomes_known():
    unit = UnitFactory(code="82738")
    unit.validity = SINCE_THE_CHANGE
    unit.save()

    assert Unit.objects.get().public_id == "82738"


def test_the_area_of_a_boundary_is_geodesic():
    unit = UnitFactory(area=square(109, 11.5))
    unit.boundary.refresh_from_db()

    # 0.1° × 0.1° at 11.55° N: 10.905 km × 11.062 km.
    assert unit.boundary.area_km2 == pytest.approx(120.6, abs=0.1)


# --- stewardship ---------------------------------------------------------------------------


@pytest.fixture
def units():
    """Two districts with one old commune each, and a new commune as the successor of each."""
    province = UnitFactory(code="99", validity=UNTIL_THE_CHANGE)
    today = UnitFactory(code="98", validity=SINCE_THE_CHANGE)
    district = UnitFactory(code="992", validity=UNTIL_THE_CHANGE, parent=province)
    other_district = UnitFactory(code="994", validity=UNTIL_THE_CHANGE, parent=province)
    old = UnitFactory(code="82738", validity=UNTIL_THE_CHANGE, parent=district)
    other_old = UnitFactory(code="82810", validity=UNTIL_THE_CHANGE, parent=other_district)
    new = UnitFactory(code="82739", validity=SINCE_THE_CHANGE, parent=today)
    other_new = UnitFactory(code="82811", validity=SINCE_THE_CHANGE, parent=today)
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
    ("unit_code", "codes"),
    [
        # Not its successor, which was formed from several old communes.
        ("82738", ["82738"]),
        ("82739", ["82739"]),
        ("992", ["82738", "992"]),
        ("99", ["82738", "82810", "99", "992", "994"]),
        ("98", ["82739", "82811", "98"]),
    ],
)
def test_a_stewardship_covers_the_unit_and_its_descendants(units, unit_code, codes):
    user = editor_of(units[unit_code])

    stewarded = Unit.objects.stewarded_by(user, Role.EDITOR)

    assert sorted(unit.code for unit in stewarded) == codes


def test_the_publisher_role_includes_the_editor_role(units):
    editor, publisher = editor_of(units["82739"]), publisher_of(units["82739"])

    assert list(Unit.objects.stewarded_by(editor, Role.PUBLISHER)) == []
    assert list(Unit.objects.stewarded_by(publisher, Role.PUBLISHER)) == [units["82739"]]
    assert list(Unit.objects.stewarded_by(publisher, Role.EDITOR)) == [units["82739"]]


def test_roles_apply_only_to_the_unit_of_their_stewardship(units):
    user = steward(units["82739"], Role.EDITOR)
    user.stewardships.create(unit=units["82811"], role=Role.PUBLISHER)

    assert list(Unit.objects.stewarded_by(user, Role.PUBLISHER)) == [units["82811"]]
    assert sorted(u.code for u in Unit.objects.stewarded_by(user, Role.EDITOR)) == [
        "82739",
        "82811",
    ]


def test_a_user_without_stewardship_has_no_units_and_a_superuser_all(units):
    editor_of(units["99"])

    assert list(Unit.objects.stewarded_by(UserFactory(), Role.EDITOR)) == []
    everything = Unit.objects.stewarded_by(UserFactory(is_superuser=True), Role.PUBLISHER)
    assert everything.count() == len(units)


def test_stewarded_units_can_be_filtered_by_day_and_level(units):
    user = editor_of(units["98"])

    today = Unit.objects.on(CHANGE).filter(level=Level.COMMUNE).stewarded_by(user, Role.EDITOR)

    assert sorted(unit.code for unit in today) == ["82739", "82811"]
