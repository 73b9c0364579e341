"""What is published can be queried: stored, published and summarised coordinates are the same."""

import json
import random

import pytest
import shapely
from django.contrib.gis.geos import GEOSGeometry, Point
from django.db import connection
from pyproj import Transformer

from districts.models import Boundary
from geodata.collection import collections, rounded_outward
from geodata.crs import CRS84, OFFERED
from products.ocop.models import Product
from products.register.models import Producer
from tests.factories import IpRightFactory, ProducerFactory, ProductFactory, UnitFactory, square

pytestmark = pytest.mark.django_db

EPSG = "http://www.opengis.net/def/crs/EPSG/0/{}".format
PROJECTED = [crs.uri for crs in OFFERED.values() if not crs.is_geographic]
# More decimals than are published, and a number whose half is rounded up.
FINE = (108.90000004999999, 11.500000123456789)
ROUNDED = (108.9, 11.5000001)


def written(geometry):
    return shapely.get_coordinates(shapely.from_geojson(json.dumps(geometry))).tolist()


def decimals(number):
    return len(repr(number).partition(".")[2])


# --- storing -------------------------------------------------------------------------------


def fine_point():
    return Point(*FINE, srid=4326)


def by_save(record):
    record.point, record.position = fine_point(), "gps"
    record.save()
    assert record.point.coords == ROUNDED


def by_update(record):
    type(record).objects.filter(pk=record.pk).update(point=fine_point(), position="gps")


def by_bulk_update(record):
    record.point, record.position = fine_point(), "gps"
    type(record).objects.bulk_update([record], ["point", "position"])


def by_sql(record):
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE {record._meta.db_table} SET point = %s::geometry, position = 'gps'"
            " WHERE id = %s",
            [fine_point().hexewkb.decode(), record.pk],
        )


@pytest.mark.parametrize("factory", [ProductFactory, ProducerFactory])
@pytest.mark.parametrize("write", [by_save, by_update, by_bulk_update, by_sql])
def test_a_point_is_stored_with_seven_decimals_however_it_is_written(factory, write):
    record = factory()

    write(record)

    record.refresh_from_db()
    assert record.point.coords == ROUNDED


def test_a_new_record_is_rounded_too():
    assert ProductFactory(point=fine_point()).point.coords == ROUNDED


def test_the_rounding_needs_no_search_path():
    """A restore of a dump clears it."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL search_path TO ''")
        cursor.execute(
            "SELECT public.geodata_published(%s::public.geometry)", [fine_point().hexewkb.decode()]
        )
        (found,) = cursor.fetchone()

    assert GEOSGeometry(found).coords == ROUNDED


def test_areas_are_stored_with_seven_decimals_as_well():
    area = square(108.90000004, 11.50000004)
    unit = UnitFactory(area=area)
    right = IpRightFactory(area=area, outline=area)

    boundary = Boundary.objects.get(unit=unit)
    right.refresh_from_db()
    for stored in (boundary.geometry, right.area, right.outline):
        numbers = [number for ring in stored[0].coords for at in ring for number in at]
        assert {108.9, 11.5} < set(numbers)
        assert max(map(decimals, numbers)) <= 7


def test_the_stored_number_equals_the_parsed_published_text(client):
    """ST_SnapToGrid would miss it by the last bit for one number in ten."""
    chance = random.Random(12)
    product = ProductFactory(published=True)
    address = f"/api/v1/collections/products/items/{product.code}"
    for _turn in range(12):
        point = Point(chance.uniform(108.5, 109.3), chance.uniform(11.3, 12.2), srid=4326)
        Product.objects.filter(pk=product.pk).update(point=point, position="gps")

        product.refresh_from_db()
        assert client.get(address).json()["geometry"]["coordinates"] == list(product.point.coords)
        assert product.point.coords == tuple(round(number, 7) for number in point.coords)


# --- the extent ----------------------------------------------------------------------------


def test_a_box_is_rounded_outward_and_exact_numbers_stay():
    assert rounded_outward((108.12345671, 11.12345678, 109.12345671, 12.12345678)) == [
        108.1234567,
        11.1234567,
        109.1234568,
        12.1234568,
    ]
    exact = [108.1234567, 11.0000001, 109.8999999, 12.3]
    assert rounded_outward(exact) == exact
    assert rounded_outward((-0.00000001, 0, 0, 0.00000001)) == [-0.0000001, 0, 0, 0.0000001]


@pytest.mark.usefixtures("shipped")
@pytest.mark.parametrize("collection", collections())
def test_the_extent_contains_every_published_coordinate(client, items, collection):
    described = client.get(f"/api/v1/collections/{collection}").json()
    ((west, south, east, north),) = described["extent"]["spatial"]["bbox"]

    shapes = [f["geometry"] for f in items(collection, "limit=1000").json()["features"]]
    places = [place for shape in shapes if shape for place in written(shape)]

    assert places
    assert all(west <= x <= east and south <= y <= north for x, y in places)
    edges = [min(x for x, _y in places), min(y for _x, y in places)]
    edges += [max(x for x, _y in places), max(y for _x, y in places)]
    assert [west, south, east, north] == edges
    assert max(map(decimals, (west, south, east, north))) <= CRS84.decimals


# --- querying at published coordinates -----------------------------------------------------


def located(items, collection, query=""):
    """Id → published coordinates of the features with a point."""
    answer = items(collection, f"limit=1000&{query}").json()
    assert answer["numberMatched"] == answer["numberReturned"]
    return {
        f["id"]: f["geometry"]["coordinates"]
        for f in answer["features"]
        if f["geometry"] is not None
    }


def ids(answer):
    assert answer.status_code == 200, answer.content
    return {feature["id"] for feature in answer.json()["features"]}


@pytest.mark.usefixtures("shipped")
@pytest.mark.parametrize("model", [Product, Producer])
@pytest.mark.parametrize("crs", OFFERED)
def test_every_shipped_point_is_found_at_its_own_published_coordinates(items, model, crs):
    collection = {Product: "products", Producer: "producers"}[model]
    found = located(items, collection, f"crs={crs}")
    assert len(found) == model.objects.published().filter(point__isnull=False).count() > 10

    for places in {tuple(at): id for id, at in found.items()}:
        here = {id for id, at in found.items() if tuple(at) == places}
        x, y = places
        box = f"limit=1000&bbox={x},{y},{x},{y}&bbox-crs={crs}"
        assert here <= ids(items(collection, box))
        shape = f"filter=S_INTERSECTS(geometry,POINT({x} {y}))&filter-crs={crs}"
        assert ids(items(collection, f"limit=1000&{shape}")) == here


@pytest.mark.usefixtures("shipped")
@pytest.mark.parametrize("crs", OFFERED)
def test_the_box_around_all_published_points_contains_them_all(items, crs):
    """Points lie on its edges, which bend between systems."""
    found = located(items, "products", f"crs={crs}")
    first, second = zip(*found.values(), strict=True)
    box = f"{min(first)},{min(second)},{max(first)},{max(second)}"

    query = f"filter=S_INTERSECTS(geometry,BBOX({box}))&filter-crs={crs}"

    assert ids(items("products", f"limit=1000&{query}")) == set(found)


@pytest.mark.parametrize("crs", PROJECTED)
def test_a_projected_box_is_widened_by_no_more_than_the_last_decimal(items, crs):
    product = ProductFactory(published=True, point=Point(108.99, 11.565, srid=4326))
    x, y = located(items, "products", f"crs={crs}")[product.code]

    for dx, dy, among in ((0.02, 0, False), (0, -0.02, False), (0, 0, True)):
        box = f"bbox={x + dx},{y + dy},{x + dx},{y + dy}&bbox-crs={crs}"
        assert ids(items("products", box)) == ({product.code} if among else set())


def test_a_vn_2000_position_is_returned_within_a_centimetre(items):
    """Typed with two decimals, stored in WGS 84 with seven, published with two."""
    chance = random.Random(9210)
    typed = [
        (round(chance.uniform(540_000, 610_000), 2), round(chance.uniform(1_255_000, 1_345_000), 2))
        for _number in range(12)
    ]
    to_wgs84 = Transformer.from_crs("EPSG:9210", "OGC:CRS84", always_xy=True)
    codes = [
        ProductFactory(published=True, point=Point(*to_wgs84.transform(*at), srid=4326)).code
        for at in typed
    ]

    published = located(items, "products", f"crs={EPSG(9210)}")

    for code, (easting, northing) in zip(codes, typed, strict=True):
        x, y = published[code]
        assert max(map(decimals, (x, y))) <= 2
        assert x == pytest.approx(easting, abs=0.0101)
        assert y == pytest.approx(northing, abs=0.0101)


@pytest.mark.usefixtures("shipped")
def test_every_output_gives_the_same_seven_decimals(client, items):
    product = Product.objects.published().exclude(point=None).first()
    lng, lat = located(items, "products")[product.code]

    rows = client.get("/api/v1/downloads/products.csv").getvalue().decode("utf-8-sig").splitlines()
    names = rows[0].split(",")
    (row,) = [row for row in rows if row.startswith(f"{product.code},")]

    assert names[-2:] == ["lat", "lng"]
    assert row.split(",")[-2:] == [repr(lat), repr(lng)]
