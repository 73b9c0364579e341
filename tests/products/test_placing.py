"""Assignment of district and old and new commune: as declared, otherwise by the point."""

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
    """Public ids of (district, old commune, commune of today)."""
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
def test_a_located_point_assigns_district_and_both_communes(factory):
    old("82738", 109.0, district=UnitFactory(code="992", validity=UNTIL_THE_CHANGE))
    new("82900", 109.0)
    old("82741", 109.1, district=UnitFactory(code="994", validity=UNTIL_THE_CHANGE))
    new("82901", 109.1)

    record = factory(point=at(109.05, 11.55))

    assert places(record) == ("992", "82738", "82900-2024-03-01")


def test_a_point_on_a_border_is_assigned_to_the_lower_code():
    old("82870", 109.0)
    old("82780", 108.9)
    new("82871", 109.0)
    new("82781", 108.9)

    product = ProductFactory(point=at(109.0, 11.55))

    assert places(product) == (None, "82780", "82781-2024-03-01")


def test_a_point_outside_all_units_is_assigned_none():
    old("82738", 109.0)

    assert places(ProductFactory(point=at(109.3, 11.55))) == (None, None, None)


def test_a_record_without_point_and_place_has_no_units():
    old("82738", 109.0)

    assert places(ProductFactory()) == (None, None, None)


def test_moving_the_point_reassigns_the_units():
    old("82738", 109.0)
    old("82741", 109.1)
    product = ProductFactory(point=at(109.05, 11.55))

    product.point = at(109.15, 11.55)
    product.save()

    assert places(product) == (None, "82741", None)


def test_removing_the_point_removes_the_units():
    old("82738", 109.0)
    product = ProductFactory(point=at(109.05, 11.55))

    product.point, product.position = None, ""
    product.save()

    assert places(product) == (None, None, None)


def test_units_of_many_rows_are_assigned_in_one_update(django_assert_num_queries):
    old("82738", 109.0)
    for _ in range(3):
        ProductFactory(point=at(109.05, 11.55))
    Product.objects.update(old_commune=None)

    with django_assert_num_queries(1):
        Product.objects.assign_units()

    assert {places(product) for product in Product.objects.all()} == {(None, "82738", None)}


def test_units_of_no_rows_are_assigned_without_a_query(django_assert_num_queries):
    with django_assert_num_queries(0):
        Product.objects.filter(pk__in=[]).assign_units()


# --- the declared unit takes precedence ----------------------------------------------------


def test_the_declared_commune_takes_precedence_over_the_point():
    """Inner boundaries of old communes are accurate only to the tolerance of the pack."""
    declared = old("82738", 109.0)
    old("82741", 109.1)

    product = ProductFactory(declared_commune=declared, point=at(109.101, 11.55))

    assert places(product) == (None, "82738", None)


def test_the_successor_of_the_declared_commune_takes_precedence_over_the_point():
    """A point 100 m beyond the boundary is not assigned to the successor of the neighbour."""
    declared = old("82738", 109.0)
    successor = new("82900", 109.0)
    SuccessionFactory(predecessor=declared, successor=successor)
    neighbour = old("82741", 109.1)
    SuccessionFactory(predecessor=neighbour, successor=new("82901", 109.1))

    product = ProductFactory(declared_commune=declared, point=at(109.101, 11.55))

    assert places(product) == (None, "82738", "82900-2024-03-01")


def test_the_predecessor_of_the_declared_commune_takes_precedence_over_the_point():
    declared = new("82900", 109.0)
    SuccessionFactory(predecessor=old("82738", 109.0), successor=declared)
    SuccessionFactory(predecessor=old("82741", 109.1), successor=new("82901", 109.1))

    product = ProductFactory(declared_commune=declared, point=at(109.101, 11.55))

    assert places(product) == (None, "82738", "82900-2024-03-01")


def test_a_declared_old_commune_assigns_its_only_successor():
    district = UnitFactory(code="992", validity=UNTIL_THE_CHANGE)
    declared = old("82738", district=district)
    SuccessionFactory(predecessor=declared, successor=new("82900"))

    product = ProductFactory(declared_commune=declared)

    assert places(product) == ("992", "82738", "82900-2024-03-01")


def test_a_declared_new_commune_assigns_its_predecessor_only_if_there_is_one():
    district = UnitFactory(code="992", validity=UNTIL_THE_CHANGE)
    one, many = new("82900"), new("82901")
    SuccessionFactory(predecessor=old("82738", district=district), successor=one)
    SuccessionFactory(predecessor=old("82741", district=district), successor=many)
    SuccessionFactory(predecessor=old("82744", district=district), successor=many)

    assert places(ProductFactory(declared_commune=one)) == ("992", "82738", "82900-2024-03-01")
    # All its predecessors were in one district, so the district is known.
    assert places(ProductFactory(declared_commune=many)) == ("992", None, "82901-2024-03-01")


def test_a_declared_new_commune_spanning_two_districts_assigns_no_district():
    across = new("82900")
    for code, district in (("82738", "992"), ("82741", "994")):
        parent = UnitFactory(code=district, validity=UNTIL_THE_CHANGE)
        SuccessionFactory(predecessor=old(code, district=parent), successor=across)

    product = ProductFactory(declared_commune=across)

    assert places(product) == (None, None, "82900-2024-03-01")


@pytest.fixture
def dong_hai():
    """An old ward that was divided between a northern and a southern successor."""
    district = UnitFactory(code="992", validity=UNTIL_THE_CHANGE)
    divided = old("82768", 109.0, district=district)
    for code, lat, share in (("82780", 11.5, "0.6"), ("82888", 11.55, "0.4")):
        part = new(code, 109.0, lat, 0.05)
        SuccessionFactory(predecessor=divided, successor=part, share=share)
    return divided


def test_a_divided_commune_without_a_located_point_assigns_no_successor(dong_hai):
    product = ProductFactory(declared_commune=dong_hai)
    product.full_clean()
    product.save()

    assert product.position == Position.COMMUNE
    assert places(product) == ("992", "82768", None)


@pytest.mark.parametrize(("lat", "code"), [(11.52, "82780"), (11.58, "82888")])
def test_a_located_point_selects_the_successor_of_a_divided_commune(dong_hai, lat, code):
    product = ProductFactory(declared_commune=dong_hai, point=at(109.02, lat))

    assert places(product) == ("992", "82768", f"{code}-2024-03-01")


def test_a_record_that_declares_only_its_district_has_no_commune_and_no_point():
    district = UnitFactory(code="992", validity=UNTIL_THE_CHANGE, area=square(109, 11.5))

    product = ProductFactory(declared_district=district)
    Product.objects.place_on_declared_commune()

    assert places(product) == ("992", None, None)
    assert product.point is None


# --- commune points ------------------------------------------------------------------------


def test_the_commune_point_is_inside_the_boundary_and_the_outline():
    commune = UnitFactory(code="82738")
    # An L-shaped boundary, whose centroid is outside of it, and an outline of one corner only.
    boundary = square(109, 11.5, 0.1).difference(square(109.02, 11.52, 0.1)[0])
    BoundaryFactory(unit=commune, geometry=MultiPolygon(boundary), outline=square(109, 11.5, 0.05))
    product = ProductFactory(declared_commune=commune)

    assert Product.objects.place_on_declared_commune() == 1

    product.refresh_from_db()
    assert product.position == Position.COMMUNE
    boundary = Boundary.objects.get()
    assert boundary.geometry.contains(product.point)
    assert boundary.outline.contains(product.point)


def test_all_records_of_a_commune_share_one_commune_point():
    commune = UnitFactory(code="82738", area=square(109, 11.5))
    for _ in range(3):
        ProductFactory(declared_commune=commune)

    Product.objects.place_on_declared_commune()

    assert Product.objects.values("point").distinct().count() == 1


def test_a_located_point_is_not_moved_to_the_commune_point():
    commune = UnitFactory(code="82738", area=square(109, 11.5))
    product = ProductFactory(declared_commune=commune, point=at(109.01, 11.51))

    assert Product.objects.place_on_declared_commune() == 0

    product.refresh_from_db()
    assert (product.point.coords, product.position) == ((109.01, 11.51), "survey")


def test_a_declared_commune_without_boundary_gives_no_point():
    product = ProductFactory(declared_commune=UnitFactory(code="82738"))
    product.full_clean()
    product.save()

    assert Product.objects.place_on_declared_commune() == 0
    assert (product.point, product.position) == (None, "")


def test_changing_the_declared_commune_moves_the_commune_point():
    here, there = old("82738", 109.0), old("82741", 109.1)
    product = ProductFactory(declared_commune=here)
    product.full_clean()
    product.save()

    product.declared_commune = there
    product.full_clean()
    product.save()

    assert 109.1 < product.point.x < 109.2
    assert places(product) == (None, "82741", None)


def test_a_commune_point_does_not_assign_the_commune_of_today():
    """Its commune of today is unknown, although the point is inside one."""
    declared = old("82738", 109.0)
    new("82900", 109.0)

    product = ProductFactory(
        declared_commune=declared, point=at(109.05, 11.55), position=Position.COMMUNE
    )

    assert places(product) == (None, "82738", None)


# --- rejected points -----------------------------------------------------------------------


@pytest.fixture
def minh_thuan():
    return UnitFactory(code="99", name="Minh Thuần", area=square(109, 11.5))


def errors_of(product):
    with pytest.raises(ValidationError) as error:
        product.full_clean()
    return error.value.message_dict


def test_a_point_outside_the_province_is_rejected_with_its_distance(minh_thuan):
    product = ProductFactory(point=at(109.101, 11.55))

    assert errors_of(product) == {
        "point": ["Điểm nằm ngoài tỉnh Minh Thuần, cách ranh giới 109 m."]
    }


def test_large_distances_use_the_vietnamese_thousands_separator(minh_thuan):
    product = ProductFactory(point=at(109.2, 11.55))

    assert errors_of(product) == {
        "point": ["Điểm nằm ngoài tỉnh Minh Thuần, cách ranh giới 10.908 m."]
    }


def test_a_point_on_the_border_of_the_province_is_accepted(minh_thuan):
    ProductFactory(point=at(109.1, 11.55)).full_clean()


@pytest.mark.parametrize(("lng", "ok"), [(109.0, True), (109.0513, True), (109.0514, False)])
def test_a_point_within_the_tolerance_of_its_declared_commune_is_accepted(minh_thuan, lng, ok):
    commune = UnitFactory(code="82738", name="Cà Nú", area=square(109.0, 11.5, 0.05))
    product = ProductFactory(declared_commune=commune, point=at(lng, 11.52))

    if ok:
        product.full_clean()
    else:
        assert errors_of(product) == {"point": ["Điểm nằm ngoài xã Cà Nú, cách ranh giới 153 m."]}


@pytest.mark.parametrize(("lng", "ok"), [(109.1013, True), (109.1014, False)])
def test_a_point_at_sea_within_the_tolerance_of_its_commune_is_accepted(minh_thuan, lng, ok):
    commune = UnitFactory(code="82738", area=square(109.05, 11.5, 0.05))
    product = ProductFactory(declared_commune=commune, point=at(lng, 11.52))

    if ok:
        product.full_clean()
    else:
        assert list(errors_of(product)) == ["point"]


def test_swapped_coordinates_are_rejected(minh_thuan):
    product = ProductFactory()
    product.point, product.position = at(11.55, 109.05), Position.GPS

    assert "point" in errors_of(product)


def test_without_a_province_boundary_no_point_is_rejected():
    ProductFactory(point=at(109.101, 11.55)).full_clean()


def test_the_distance_is_geodesic_in_metres(minh_thuan):
    assert distance_to(minh_thuan, at(109.05, 11.55)) == 0
    _azimuth, _back, away = Geod(ellps="WGS84").inv(109.1, 11.55, 109.2, 11.55)
    assert distance_to(minh_thuan, at(109.2, 11.55)) == pytest.approx(away, abs=1)
    assert distance_to(UnitFactory(), at(109.05, 11.55)) is None


def test_several_records_may_share_one_point():
    old("82738", 109.0)
    for _ in range(3):
        ProductFactory(point=at(109.05, 11.55)).full_clean()

    assert Product.objects.filter(old_commune__code="82738").count() == 3


# --- changed boundaries and units ----------------------------------------------------------


def test_new_boundaries_reassign_all_records():
    commune = old("82738")
    located, declared = (
        ProductFactory(point=at(109.05, 11.55)),
        ProductFactory(declared_commune=commune),
    )
    producer = ProducerFactory(point=at(109.05, 11.55))
    BoundaryFactory(unit=commune, geometry=square(109, 11.5))

    units_changed.send("a test")

    assert places(located) == places(producer) == (None, "82738", None)
    declared.refresh_from_db()
    assert declared.position == Position.COMMUNE
    assert declared.point.coords == pytest.approx((109.05, 11.55), abs=1e-3)


def test_a_changed_boundary_moves_the_commune_point():
    commune = old("82738", 109.0)
    product = ProductFactory(declared_commune=commune)
    Product.objects.place_on_declared_commune()
    Boundary.objects.update(geometry=square(109.3, 11.5))

    units_changed.send("a test")

    product.refresh_from_db()
    assert product.point.coords == pytest.approx((109.35, 11.55), abs=1e-3)


def test_search_finds_a_renamed_unit_by_its_new_name_after_units_changed():
    commune = old("82738", 109.0, name="Mỹ Hương")
    product = ProductFactory(point=at(109.05, 11.55))
    commune.name = "Kinh Định"
    commune.save()

    units_changed.send("a test")

    assert list(Product.objects.search("kinh dinh")) == [product]
    assert list(Product.objects.search("my huong")) == []
