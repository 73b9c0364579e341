"""District and commune of a record, then and now: declared, else read off its point."""

import pytest
from django.contrib.gis.geos import MultiPolygon
from django.core.exceptions import ValidationError
from pyproj import Geod

from districts.models import Boundary
from districts.signals import units_changed
from products.ocop.models import Product
from products.register.models import Position
from products.register.models.located import distance_to
from tests.factories import (
    SINCE_THE_CHANGE,
    UNTIL_THE_CHANGE,
    BoundaryFactory,
    ProducerFactory,
    ProductFactory,
    SuccessionFactory,
    UnitFactory,
    at,
    square,
)

pytestmark = pytest.mark.django_db


def places(record):
    """(district, commune then, commune now) by their codes."""
    record.refresh_from_db()
    return tuple(
        unit.public_id if unit else None
        for unit in (record.district, record.old_commune, record.commune)
    )


def old(code, lng=None, *, district=None, **values):
    area = square(lng, 11.5) if lng else None
    return UnitFactory(code=code, validity=UNTIL_THE_CHANGE, parent=district, area=area, **values)


def new(code, lng=None, lat=11.5, size=0.1, **values):
    area = square(lng, lat, size) if lng else None
    return UnitFactory(code=code, validity=SINCE_THE_CHANGE, area=area, **values)


# --- a located point -----------------------------------------------------------------------


@pytest.mark.parametrize("factory", [ProductFactory, ProducerFactory])
def test_a_located_point_tells_district_and_commune_then_and_now(factory):
    old("22738", 109.0, district=UnitFactory(code="582", validity=UNTIL_THE_CHANGE))
    new("22900", 109.0)
    old("22741", 109.1, district=UnitFactory(code="584", validity=UNTIL_THE_CHANGE))
    new("22901", 109.1)

    record = factory(point=at(109.05, 11.55))

    assert places(record) == ("582", "22738", "22900-2025-07-01")


def test_a_point_on_a_border_goes_to_the_lower_code():
    old("22870", 109.0)
    old("22780", 108.9)
    new("22871", 109.0)
    new("22781", 108.9)

    product = ProductFactory(point=at(109.0, 11.55))

    assert places(product) == (None, "22780", "22781-2025-07-01")


def test_a_point_outside_all_units_has_none():
    old("22738", 109.0)

    assert places(ProductFactory(point=at(109.3, 11.55))) == (None, None, None)


def test_a_record_without_point_and_place_has_no_units():
    old("22738", 109.0)

    assert places(ProductFactory()) == (None, None, None)


def test_moving_the_point_moves_the_units():
    old("22738", 109.0)
    old("22741", 109.1)
    product = ProductFactory(point=at(109.05, 11.55))

    product.point = at(109.15, 11.55)
    product.save()

    assert places(product) == (None, "22741", None)


def test_taking_the_point_away_takes_the_units_away():
    old("22738", 109.0)
    product = ProductFactory(point=at(109.05, 11.55))

    product.point, product.position = None, ""
    product.save()

    assert places(product) == (None, None, None)


def test_many_rows_are_placed_in_two_updates(django_assert_num_queries):
    old("22738", 109.0)
    for _ in range(3):
        ProductFactory(point=at(109.05, 11.55))
    Product.objects.update(old_commune=None)

    with django_assert_num_queries(2):
        Product.objects.assign_units()

    assert {places(product) for product in Product.objects.all()} == {(None, "22738", None)}


# --- what the source declares goes first ---------------------------------------------------


def test_the_declared_commune_goes_before_the_point():
    """Inner lines of old communes are right within 200 m only."""
    declared = old("22738", 109.0)
    old("22741", 109.1)

    product = ProductFactory(declared_commune=declared, point=at(109.101, 11.55))

    assert places(product) == (None, "22738", None)


def test_what_the_declared_commune_became_goes_before_the_point():
    """A quay 100 m beyond the line stands in no commune that its own one never was a part of."""
    declared = old("22738", 109.0)
    successor = new("22900", 109.0)
    SuccessionFactory(predecessor=declared, successor=successor)
    neighbour = old("22741", 109.1)
    SuccessionFactory(predecessor=neighbour, successor=new("22901", 109.1))

    product = ProductFactory(declared_commune=declared, point=at(109.101, 11.55))

    assert places(product) == (None, "22738", "22900-2025-07-01")


def test_what_the_declared_commune_was_goes_before_the_point():
    declared = new("22900", 109.0)
    SuccessionFactory(predecessor=old("22738", 109.0), successor=declared)
    SuccessionFactory(predecessor=old("22741", 109.1), successor=new("22901", 109.1))

    product = ProductFactory(declared_commune=declared, point=at(109.101, 11.55))

    assert places(product) == (None, "22738", "22900-2025-07-01")


def test_an_old_commune_declared_became_the_commune_of_today():
    district = UnitFactory(code="582", validity=UNTIL_THE_CHANGE)
    declared = old("22738", district=district)
    SuccessionFactory(predecessor=declared, successor=new("22900"))

    product = ProductFactory(declared_commune=declared)

    assert places(product) == ("582", "22738", "22900-2025-07-01")


def test_a_new_commune_declared_was_formed_from_one_or_nobody_knows_from_which():
    district = UnitFactory(code="582", validity=UNTIL_THE_CHANGE)
    one, many = new("22900"), new("22901")
    SuccessionFactory(predecessor=old("22738", district=district), successor=one)
    SuccessionFactory(predecessor=old("22741", district=district), successor=many)
    SuccessionFactory(predecessor=old("22744", district=district), successor=many)

    assert places(ProductFactory(declared_commune=one)) == ("582", "22738", "22900-2025-07-01")
    # All its parts lay in one district, so that much is known.
    assert places(ProductFactory(declared_commune=many)) == ("582", None, "22901-2025-07-01")


def test_a_new_commune_over_old_district_lines_names_no_district():
    across = new("22900")
    for code, district in (("22738", "582"), ("22741", "584")):
        parent = UnitFactory(code=district, validity=UNTIL_THE_CHANGE)
        SuccessionFactory(predecessor=old(code, district=parent), successor=across)

    product = ProductFactory(declared_commune=across)

    assert places(product) == (None, None, "22900-2025-07-01")


@pytest.fixture
def dong_hai():
    """An old ward of which one part went to the north, one to the south."""
    district = UnitFactory(code="582", validity=UNTIL_THE_CHANGE)
    divided = old("22768", 109.0, district=district)
    for code, lat, share in (("22780", 11.5, "0.6"), ("22888", 11.55, "0.4")):
        part = new(code, 109.0, lat, 0.05)
        SuccessionFactory(predecessor=divided, successor=part, share=share)
    return divided


def test_of_a_divided_commune_nobody_knows_the_part_without_a_located_point(dong_hai):
    product = ProductFactory(declared_commune=dong_hai)
    product.full_clean()
    product.save()

    assert product.position == Position.COMMUNE
    assert places(product) == ("582", "22768", None)


@pytest.mark.parametrize(("lat", "code"), [(11.52, "22780"), (11.58, "22888")])
def test_of_a_divided_commune_a_located_point_tells_the_part(dong_hai, lat, code):
    product = ProductFactory(declared_commune=dong_hai, point=at(109.02, lat))

    assert places(product) == ("582", "22768", f"{code}-2025-07-01")


def test_a_record_that_declares_only_its_district_has_that_and_no_more():
    district = UnitFactory(code="582", validity=UNTIL_THE_CHANGE, area=square(109, 11.5))

    product = ProductFactory(declared_district=district)
    Product.objects.place_on_declared_commune()

    assert places(product) == ("582", None, None)
    assert product.point is None


# --- standing on the declared commune ------------------------------------------------------


def test_what_declares_its_commune_stands_inside_its_ground_and_its_outline():
    commune = UnitFactory(code="22738")
    # A ground like an L, whose centre of gravity lies outside, and an outline that cuts a corner.
    ground = square(109, 11.5, 0.1).difference(square(109.02, 11.52, 0.1)[0])
    BoundaryFactory(unit=commune, geometry=MultiPolygon(ground), outline=square(109, 11.5, 0.05))
    product = ProductFactory(declared_commune=commune)

    assert Product.objects.place_on_declared_commune() == 1

    product.refresh_from_db()
    assert product.position == Position.COMMUNE
    boundary = Boundary.objects.get()
    assert boundary.geometry.contains(product.point)
    assert boundary.outline.contains(product.point)


def test_all_of_one_commune_stand_on_one_point_so_that_nobody_takes_it_for_an_address():
    commune = UnitFactory(code="22738", area=square(109, 11.5))
    for _ in range(3):
        ProductFactory(declared_commune=commune)

    Product.objects.place_on_declared_commune()

    assert Product.objects.values("point").distinct().count() == 1


def test_a_located_point_stays_where_it_was_measured():
    commune = UnitFactory(code="22738", area=square(109, 11.5))
    product = ProductFactory(declared_commune=commune, point=at(109.01, 11.51))

    assert Product.objects.place_on_declared_commune() == 0

    product.refresh_from_db()
    assert (product.point.coords, product.position) == ((109.01, 11.51), "survey")


def test_a_declared_commune_without_boundary_gives_no_point():
    product = ProductFactory(declared_commune=UnitFactory(code="22738"))
    product.full_clean()
    product.save()

    assert Product.objects.place_on_declared_commune() == 0
    assert (product.point, product.position) == (None, "")


def test_another_declared_commune_moves_what_stands_on_it():
    here, there = old("22738", 109.0), old("22741", 109.1)
    product = ProductFactory(declared_commune=here)
    product.full_clean()
    product.save()

    product.declared_commune = there
    product.full_clean()
    product.save()

    assert 109.1 < product.point.x < 109.2
    assert places(product) == (None, "22741", None)


def test_the_point_that_stands_for_a_commune_tells_nothing_of_its_own():
    """Its commune of today is unknown, though the point happens to lie in one."""
    declared = old("22738", 109.0)
    new("22900", 109.0)

    product = ProductFactory(
        declared_commune=declared, point=at(109.05, 11.55), position=Position.COMMUNE
    )

    assert places(product) == (None, "22738", None)


# --- a point that cannot be right ----------------------------------------------------------


@pytest.fixture
def ninh_thuan():
    return UnitFactory(code="58", name="Ninh Thuận", area=square(109, 11.5))


def refusal(product):
    with pytest.raises(ValidationError) as refused:
        product.full_clean()
    return refused.value.message_dict


def test_a_point_outside_the_province_is_refused_with_its_distance(ninh_thuan):
    product = ProductFactory(point=at(109.101, 11.55))

    assert refusal(product) == {"point": ["Điểm nằm ngoài tỉnh Ninh Thuận, cách ranh giới 109 m."]}


def test_large_distances_are_written_as_in_viet_nam(ninh_thuan):
    product = ProductFactory(point=at(109.2, 11.55))

    assert refusal(product) == {
        "point": ["Điểm nằm ngoài tỉnh Ninh Thuận, cách ranh giới 10.908 m."]
    }


def test_a_point_on_the_border_of_the_province_is_inside(ninh_thuan):
    ProductFactory(point=at(109.1, 11.55)).full_clean()


@pytest.mark.parametrize(("lng", "ok"), [(109.0, True), (109.0518, True), (109.0519, False)])
def test_a_point_within_200_m_of_its_declared_commune_is_believed(ninh_thuan, lng, ok):
    commune = UnitFactory(code="22738", name="Cà Ná", area=square(109.0, 11.5, 0.05))
    product = ProductFactory(declared_commune=commune, point=at(lng, 11.52))

    if ok:
        product.full_clean()
    else:
        assert refusal(product) == {"point": ["Điểm nằm ngoài xã Cà Ná, cách ranh giới 207 m."]}


@pytest.mark.parametrize(("lng", "ok"), [(109.1018, True), (109.1019, False)])
def test_a_quay_may_lie_in_the_sea_off_its_commune(ninh_thuan, lng, ok):
    commune = UnitFactory(code="22738", area=square(109.05, 11.5, 0.05))
    product = ProductFactory(declared_commune=commune, point=at(lng, 11.52))

    if ok:
        product.full_clean()
    else:
        assert list(refusal(product)) == ["point"]


def test_exchanged_coordinates_are_refused(ninh_thuan):
    product = ProductFactory()
    product.point, product.position = at(11.55, 109.05), Position.GPS

    assert "point" in refusal(product)


def test_without_a_province_loaded_no_point_is_refused_for_it():
    ProductFactory(point=at(109.101, 11.55)).full_clean()


def test_the_distance_is_in_metres_on_the_ellipsoid(ninh_thuan):
    assert distance_to(ninh_thuan, at(109.05, 11.55)) == 0
    _azimuth, _back, away = Geod(ellps="WGS84").inv(109.1, 11.55, 109.2, 11.55)
    assert distance_to(ninh_thuan, at(109.2, 11.55)) == pytest.approx(away, abs=1)
    assert distance_to(UnitFactory(), at(109.05, 11.55)) is None


def test_several_records_may_stand_on_one_point():
    old("22738", 109.0)
    for _ in range(3):
        ProductFactory(point=at(109.05, 11.55)).full_clean()

    assert Product.objects.filter(old_commune__code="22738").count() == 3


# --- the ground changes --------------------------------------------------------------------


def test_new_boundaries_place_all_records_anew():
    commune = old("22738")
    located, declared = (
        ProductFactory(point=at(109.05, 11.55)),
        ProductFactory(declared_commune=commune),
    )
    maker = ProducerFactory(point=at(109.05, 11.55))
    BoundaryFactory(unit=commune, geometry=square(109, 11.5))

    units_changed.send("a test")

    assert places(located) == places(maker) == (None, "22738", None)
    declared.refresh_from_db()
    assert declared.position == Position.COMMUNE
    assert declared.point.coords == pytest.approx((109.05, 11.55), abs=1e-3)


def test_a_moved_boundary_moves_what_stands_on_its_commune():
    commune = old("22738", 109.0)
    product = ProductFactory(declared_commune=commune)
    Product.objects.place_on_declared_commune()
    Boundary.objects.update(geometry=square(109.3, 11.5))

    units_changed.send("a test")

    product.refresh_from_db()
    assert product.point.coords == pytest.approx((109.35, 11.55), abs=1e-3)


def test_a_renamed_unit_is_found_under_its_new_name_when_units_have_changed():
    commune = old("22738", 109.0, name="Mỹ Hương")
    product = ProductFactory(point=at(109.05, 11.55))
    commune.name = "Kinh Dinh"
    commune.save()

    units_changed.send("a test")

    assert list(Product.objects.search("kinh dinh")) == [product]
    assert list(Product.objects.search("my huong")) == []
