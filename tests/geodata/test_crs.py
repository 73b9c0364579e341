"""VN-2000 in the database, in GeoDjango and in PROJ is one and the same."""

import pyproj
import pytest
from django.conf import settings
from django.contrib.gis.geos import Point
from django.db import connection

# TM-3 with the central meridian 105°45′, the grid of the example pack.
GRID = settings.PLACE.grids[0]
# East and west of the meridian, and on it.
POINTS = [(106.49, 19.3), (105.2, 19.3), (107.06, 18.84), (105.75, 11.0)]
MILLIMETRE = 0.001
CENTIMETRE = 0.01


def by_proj(lng, lat):
    return pyproj.Transformer.from_crs(4326, GRID, always_xy=True).transform(lng, lat)


def by_database(lng, lat):
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT ST_X(grid), ST_Y(grid) FROM"
            " ST_Transform(ST_SetSRID(ST_MakePoint(%s, %s), 4326), %s) AS grid",
            [lng, lat, GRID],
        )
        return cursor.fetchone()


@pytest.mark.shipped
@pytest.mark.django_db
def test_phan_rang_has_its_known_coordinates_in_vn2000():
    assert by_database(108.99, 11.565) == pytest.approx((580514.07, 1279054.787), abs=MILLIMETRE)


@pytest.mark.django_db
@pytest.mark.parametrize(("lng", "lat"), POINTS)
def test_the_database_transforms_like_proj(lng, lat):
    assert by_database(lng, lat) == pytest.approx(by_proj(lng, lat), abs=MILLIMETRE)


@pytest.mark.parametrize(("lng", "lat"), POINTS)
def test_geodjango_transforms_like_proj(lng, lat):
    point = Point(lng, lat, srid=4326).transform(GRID, clone=True)

    assert point.coords == pytest.approx(by_proj(lng, lat), abs=CENTIMETRE)


@pytest.mark.django_db
def test_transforming_there_and_back_gives_the_same_point():
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT ST_X(back), ST_Y(back) FROM ST_Transform(ST_Transform("
            "ST_SetSRID(ST_MakePoint(106.49, 19.3), 4326), %s), 4326) AS back",
            [GRID],
        )
        assert cursor.fetchone() == pytest.approx((106.49, 19.3), abs=1e-8)


@pytest.mark.django_db
def test_the_datum_shift_is_applied():
    """Without it the grid's own ellipsoid numbers would be some 200 m away."""
    bare = pyproj.Transformer.from_pipeline(
        "+proj=pipeline +step +proj=unitconvert +xy_in=deg +xy_out=rad"
        " +step +proj=tmerc +lat_0=0 +lon_0=105.75 +k=0.9999 +x_0=500000 +y_0=0 +ellps=WGS84"
    ).transform(106.49, 19.3)
    shifted = by_database(106.49, 19.3)
    away = ((bare[0] - shifted[0]) ** 2 + (bare[1] - shifted[1]) ** 2) ** 0.5

    assert 150 < away < 300
