"""`crs`, `bbox-crs` and Content-Crs: OGC API – Features Part 2."""

import pytest
from django.urls import reverse
from pyproj import Transformer

from geodata.crs import OFFERED
from tests.factories import ProductFactory, UnitFactory, at, square

pytestmark = pytest.mark.django_db

CRS84 = "http://www.opengis.net/def/crs/OGC/1.3/CRS84"
EPSG = "http://www.opengis.net/def/crs/EPSG/0/{}".format
LNG, LAT = 106.49, 11.565


def coordinates(items, crs):
    answer = items("products", f"crs={crs}")
    (feature,) = answer.json()["features"]
    return feature["geometry"]["coordinates"], answer["Content-Crs"]


@pytest.mark.parametrize("code", [3857, 9210, 3405])
def test_coordinates_in_a_projected_crs_equal_those_of_pyproj(items, code):
    """Easting, northing, to the centimetre; 3405 by PROJ's own choice of datum shift."""
    ProductFactory(published=True, point=at(LNG, LAT))
    expected = Transformer.from_crs("OGC:CRS84", f"EPSG:{code}", always_xy=True).transform(LNG, LAT)

    got, header = coordinates(items, EPSG(code))

    assert got == pytest.approx(expected, abs=0.006)
    assert header == f"<{EPSG(code)}>"


def test_published_vn_2000_coordinates_include_the_datum_shift(items):
    """Without the datum shift it would be 225 m away."""
    ProductFactory(published=True, point=at(LNG, LAT))

    assert coordinates(items, EPSG(9210))[0] == [580513.16, 1279053.05]


def test_epsg_4326_has_latitude_first_and_crs84_longitude(items):
    ProductFactory(published=True, point=at(LNG, LAT))

    assert coordinates(items, EPSG(4326)) == ([LAT, LNG], f"<{EPSG(4326)}>")
    assert coordinates(items, CRS84) == ([LNG, LAT], f"<{CRS84}>")
    assert items("products", "")["Content-Crs"] == f"<{CRS84}>"


def test_one_feature_is_given_in_the_requested_crs(client):
    product = ProductFactory(published=True, point=at(LNG, LAT))
    address = reverse("ogc:item", args=["products", product.code])

    answer = client.get(address, {"crs": EPSG(9210)})

    assert answer.json()["geometry"]["coordinates"] == [580513.16, 1279053.05]
    assert answer["Content-Crs"] == f"<{EPSG(9210)}>"


def test_features_without_geometry_have_none_in_any_crs(items):
    ProductFactory(published=True)

    (feature,) = items("products", f"crs={EPSG(9210)}").json()["features"]
    assert feature["geometry"] is None


@pytest.mark.parametrize(
    ("crs", "inside", "outside"),
    [
        (CRS84, "106.48,11.56,106.5,11.57", "106.5,11.57,106.6,11.6"),
        (EPSG(4326), "11.56,106.48,11.57,106.5", "106.48,11.56,106.5,11.57"),
        (EPSG(9210), "580500,1279000,580600,1279100", "580600,1279000,580700,1279100"),
        (EPSG(3857), "11854400,1296000,11854500,1298000", "0,0,1,1"),
        (EPSG(3405), "661500,1278500,663000,1280000", "580500,1279000,580600,1279100"),
    ],
)
def test_a_box_is_parsed_in_bbox_crs(items, crs, inside, outside):
    ProductFactory(published=True, point=at(LNG, LAT))

    assert items("products", f"bbox={inside}&bbox-crs={crs}").json()["numberMatched"] == 1
    refused_or_none = items("products", f"bbox={outside}&bbox-crs={crs}")
    assert refused_or_none.json().get("numberMatched", 0) == 0


def test_a_box_on_a_grid_follows_the_curvature_of_its_edges(items):
    """A straight edge on the grid bulges north of the parallel through its ends."""
    to_grid = Transformer.from_crs("OGC:CRS84", "EPSG:9210", always_xy=True)
    west, north = to_grid.transform(103.5, 11.6)
    east, _north = to_grid.transform(108, 11.6)
    UnitFactory(area=square(105.7, 11.6, 0.001))

    box = f"bbox={west},{north - 2e5},{east},{north}&bbox-crs={EPSG(9210)}"

    # The grid's northing at its meridian is less than at the corners of one parallel.
    assert items("communes", box).json()["numberMatched"] == 1


@pytest.mark.parametrize(
    ("query", "parameter"),
    [
        (f"crs={EPSG(4756)}", "crs"),
        ("crs=EPSG:9210", "crs"),
        (f"bbox=1,2,3,4&bbox-crs={EPSG(4756)}", "bbox-crs"),
        (f"bbox=1e30,2,3,4&bbox-crs={EPSG(9210)}", "bbox"),
        (f"bbox=5,2,3,4&bbox-crs={EPSG(9210)}", "bbox"),
        (f"bbox=106.4,11.5,106.5,11.6&bbox-crs={EPSG(4326)}", "bbox"),
        (f"bbox=0,0,3e7,3e7&bbox-crs={EPSG(3857)}", "bbox"),
    ],
)
def test_an_unknown_crs_or_a_box_outside_it_is_refused(items, query, parameter):
    answer = items("products", query)

    assert answer.status_code == 400
    assert [error["parameter"] for error in answer.json()["errors"]] == [parameter]


@pytest.mark.parametrize("crs", OFFERED.values(), ids=lambda crs: crs.uri.rsplit("/", 1)[1])
def test_the_largest_box_of_every_crs_is_accepted(items, crs):
    (a, b), (c, d) = crs.bounds
    ProductFactory(published=True, point=at(LNG, LAT))

    answer = items("products", f"bbox={a},{c},{b},{d}&bbox-crs={crs.uri}")

    assert answer.json()["numberMatched"] == 1


def test_a_collection_lists_its_crs_and_its_storage_crs(client):
    description = client.get(reverse("ogc:collection", args=["products"])).json()

    assert description["storageCrs"] == CRS84
    assert description["crs"] == [CRS84, *(EPSG(code) for code in (4326, 3857, 9210, 3405))]
