"""Positions as officials type and paste them; VN-2000 like PROJ and like PostGIS."""

import math

import pyproj
import pytest
from django.conf import settings
from django.contrib.gis.geos import Point
from django.core.exceptions import ValidationError
from django.db import connection
from pyproj.crs import CoordinateOperation
from pyproj.database import query_crs_info
from pyproj.enums import PJType

from geodata.coordinates import (
    VN2000_GRIDS,
    from_vn2000,
    grids_on_the_map,
    offered_grids,
    parse_position,
    to_vn2000,
)

POINT = (108.99, 11.565)
# The same on TM-3 108°30′: X (northing), Y (easting).
GRID, X, Y = 9218, 1278996.27, 553246.89
CENTIMETRE = 0.01
# A centimetre in degrees of latitude.
DEGREES = 9e-8
# Everywhere in Viet Nam, the Mekong delta with its other datum shift included.
LATTICE = [(103.1 + 0.55 * column, 8.6 + 0.6 * row) for column in range(12) for row in range(25)]


@pytest.mark.parametrize(
    "text",
    [
        "11.565, 108.99",
        "11.565,108.99",
        " 11.565  108.99 ",
        "11,565 108,99",
        "11,565; 108,99",
        "11,565, 108,99",
        "11,565,108,99",
        "11.565\t108.99",
        "11.565N 108.99E",
        "11.565 B, 108.99 Đ",
        "N 11.565 E 108.99",
        "E108.99 N11.565",
        "108,99 Đ 11,565 B",
        "11.565° N, 108.99° E",
        "(11.565, 108.99)",
        "lat: 11.565, lng: 108.99",
        "Vĩ độ: 11,565; Kinh độ: 108,99",
        "Vĩ độ 11,565 B; kinh độ 108,99 Đ",
        "kinh độ Đông 108,99 vĩ độ Bắc 11,565",
        "11°33'54\"N 108°59'24\"E",
        "11°33′54″B, 108°59′24″Đ",
        "11° 33’ 54” B – 108° 59’ 24” Đ",
        "108°59'24\"Đ 11°33'54\"B",
        "11º33'54''N;108º59'24''E",
        "11°33.9'N 108°59.4'E",
        "11°33,9' 108°59,4'",
        "11 33 54 108 59 24",
        "11 33 54 N 108 59 24 E",
        "11 33,9 B 108 59,4 Đ",
        "https://www.google.com/maps/@11.565,108.99,15z",
        "https://www.google.com/maps/place/HTX/@11.5,108.9,15z/data=!4m6!3m5!1s0x3170:0x7!8m2"
        "!3d11.565!4d108.99!16s%2Fg%2F1",
        "https://www.google.com/maps/place/11%C2%B033'54.0%22N+108%C2%B059'24.0%22E/@11.5,108.9,17z",
        "https://www.google.com/maps/dir//11.565,108.99/@11.5,108.9,12z",
        "https://www.google.com/maps/dir/a/b/data=!4m9!4m8!1m1!4e1!1m5!1m1!1s0x0:0x0!2m2!1d108.99"
        "!2d11.565!3e0",
        "https://www.google.com/maps/search/?api=1&query=11.565%2C108.99",
        "https://www.google.com/maps/dir/?api=1&destination=11.565,108.99",
        "https://maps.google.com/?q=11.565,108.99",
        "maps.google.com/maps?q=loc:11.565,108.99&z=15",
        "https://www.google.com.vn/maps?ll=11.565,108.99",
        "https://www.google.com/maps/embed?pb=!1m14!1m12!1m3!1d815.2!2d108.99!3d11.565!2m3!1f0",
        "https://zalo.me/map?lat=11.565&long=108.99",
        "https://map.zalo.me/#lat=11.565&lng=108.99",
        "https://www.openstreetmap.org/?mlat=11.565&mlon=108.99#map=15/11.5/108.9",
        "geo:11.565,108.99?z=15",
        f"X={X} Y={Y}",
        f"{X} {Y}",
        f"{X},{Y}",
        f"x: {X}; y: {Y}",
        "X = 1.278.996,27 m; Y = 553.246,89 m",
        "1 278 996,27 553 246,89",
        "1,278,996.27 553,246.89",
        f"Y={Y} X={X}",
        f"N {X} E {Y}",
    ],
)
def test_every_way_to_write_a_position_is_understood(text):
    point = parse_position(text, epsg=GRID).point

    assert point.srid == 4326
    assert point.coords == pytest.approx(POINT, abs=DEGREES)


def test_whole_metres_may_be_separated_by_one_point():
    assert parse_position("1.278.996 553.246", epsg=GRID) == parse_position(
        "1278996 553246", epsg=GRID
    )


@pytest.mark.parametrize(
    ("text", "code", "sentence"),
    [
        ("", "unreadable", "Không đọc được vị trí"),
        ("Chợ huyện", "unreadable", "trong “Chợ huyện”"),
        ("11.565 108.99 20", "unreadable", "Không đọc được"),
        ("11.565 N 108.99 N", "unreadable", "Không đọc được"),
        ("SRID=4326;POINT(1 1)", "unreadable", "Không đọc được"),
        ("1.2.3, 108", "unreadable", "Không đọc được"),
        ("nan inf", "unreadable", "Không đọc được"),
        ("² ³", "unreadable", "Không đọc được"),
        ("9" * 400 + " 1", "unreadable", "Không đọc được"),
        ("1" * 3000, "unreadable", "Không đọc được"),
        ("11.565", "incomplete", "chỉ có một số"),
        ("11,565", "incomplete", "chỉ có một số"),
        ("11°33'54\"N", "incomplete", "chỉ có một số"),
        ("108.99, 11.565", "exchanged", "bị đổi chỗ: vĩ độ 11.565, kinh độ 108.99?"),
        ("N 108.99 E 11.565", "exchanged", "bị đổi chỗ"),
        ("95, 200", "degrees", "Vĩ độ phải từ −90 đến 90, không phải 95."),
        ("11, 200", "degrees", "Kinh độ phải từ −180 đến 180, không phải 200."),
        ("11°75'00\"N 108°59'24\"E", "minutes", "75 phút"),
        ("0, 0", "zero", "không biết vị trí"),
        ("https://maps.google.com/?q=0,0", "zero", "không biết vị trí"),
        ("48.85, 2.35", "outside", "vĩ độ 48.85, kinh độ 2.35: vị trí đó nằm ngoài Việt Nam"),
        ("11.565 S 108.99 E", "outside", "vĩ độ -11.565"),
        ("11.565 Nam, 108.99 Đông", "outside", "vĩ độ -11.565"),
        ("https://maps.app.goo.gl/AbCdEf123", "short_link", "đường dẫn rút gọn"),
        ("https://goo.gl/maps/AbCdEf123", "short_link", "đường dẫn rút gọn"),
        ("zalo.me/s/abc", "short_link", "đường dẫn rút gọn"),
        ("https://www.google.com/maps/place/Cho+huyen", "link", "Không thấy toạ độ"),
        ("https://[bad/11.5,108.9", "unreadable", "Không đọc được"),
        (f"X={Y} Y={X}", "exchanged", "X và Y có vẻ bị đổi chỗ"),
        ("X=9 Y=553246", "outside", "nằm ngoài Việt Nam"),
        ("X=9999999999 Y=553246", "outside", "nằm ngoài Việt Nam"),
    ],
)
def test_a_refused_position_states_what_was_understood(text, code, sentence):
    with pytest.raises(ValidationError) as refusal:
        parse_position(text, epsg=GRID)

    assert refusal.value.code == code
    (message,) = refusal.value.messages
    assert sentence in message


@pytest.mark.parametrize("text", ["108.99, 11.565", f"X={Y} Y={X}"])
def test_exchanged_axes_come_with_the_corrected_text(text):
    with pytest.raises(ValidationError) as refusal:
        parse_position(text, epsg=GRID)

    corrected = parse_position(refusal.value.params["suggestion"], epsg=GRID)
    assert corrected.point.coords == pytest.approx(POINT, abs=DEGREES)


def test_the_place_in_a_link_takes_precedence_over_the_centre_of_the_map():
    both = parse_position("https://www.google.com/maps/place/A/@11.5,108.9,15z/!3d11.565!4d108.99")
    centre = parse_position("https://www.google.com/maps/@11.565,108.99,15z")

    assert (both.point.coords, both.note) == (POINT, "")
    assert centre.point.coords == POINT
    assert "không phải một ghim" in centre.note


def test_a_position_of_the_wrong_zone_names_the_grid_that_fits():
    """Easting and northing of the first grid of the pack, typed into one far away."""
    grid = settings.PLACE.grids[0]
    west, south, east, north = settings.PLACE.map_extent
    on_grid = to_vn2000(Point((west + east) / 2, (south + north) / 2, srid=4326), grid)
    easting, northing = on_grid[0] - 950_000, on_grid[1]
    assert grid not in grids_on_the_map(easting=easting, northing=northing)

    assert grids_on_the_map(easting=on_grid[0], northing=northing)[0] == grid
    with pytest.raises(ValidationError) as refusal:
        from_vn2000(easting=easting, northing=northing, epsg=grid)
    assert refusal.value.code == "outside"


def test_a_position_outside_viet_nam_that_another_grid_puts_on_the_map_has_the_wrong_zone():
    west, south, _east, _north = settings.PLACE.map_extent
    # On the westernmost grid, numbers of the easternmost are west of Viet Nam.
    easting, northing = to_vn2000(Point(west + 0.1, south + 0.1, srid=4326), GRID)

    with pytest.raises(ValidationError) as refusal:
        from_vn2000(easting=easting, northing=northing, epsg=5896)

    assert refusal.value.code == "wrong_zone"
    assert f"EPSG:{GRID}" in refusal.value.messages[0]


def test_an_unknown_grid_is_refused():
    with pytest.raises(ValidationError, match="EPSG:4326"):
        from_vn2000(easting=Y, northing=X, epsg=4326)


def test_the_grids_are_those_of_the_epsg_registry_with_their_meridians():
    registry = {}
    for info in query_crs_info(auth_name="EPSG", pj_types=PJType.PROJECTED_CRS):
        if info.name.startswith("VN-2000"):
            operation = pyproj.CRS.from_epsg(int(info.code)).coordinate_operation
            (meridian,) = (each.value for each in operation.params if "Longitude of" in each.name)
            whole, minutes = divmod(round(meridian * 60), 60)
            registry[int(info.code)] = f"{whole}°{minutes:02}′,"

    assert {code: str(label).split()[1] for code, label in VN2000_GRIDS.items()} == registry


def test_the_grids_of_the_pack_are_offered_first():
    codes = [code for code, _label in offered_grids()]

    assert codes[: len(settings.PLACE.grids)] == list(settings.PLACE.grids)
    assert sorted(codes) == sorted(VN2000_GRIDS)


def test_the_datum_shift_is_that_of_decision_05_2007():
    """EPSG:6960; its alternative EPSG:5194 would be 0.8 m away."""
    to_grid = pyproj.Transformer.from_crs(4756, GRID, always_xy=True)
    shifts = {
        code: pyproj.Transformer.from_pipeline(f"urn:ogc:def:coordinateOperation:EPSG::{code}")
        for code in (6960, 5194)
    }
    lng, lat = POINT
    away = {}
    for code, shift in shifts.items():
        # EPSG: VN-2000 to WGS 84, latitude first.
        vn_lat, vn_lng = shift.transform(lat, lng, direction="INVERSE")
        easting, northing = to_grid.transform(vn_lng, vn_lat)
        away[code] = math.dist((easting, northing), to_vn2000(Point(lng, lat, srid=4326), GRID))

    assert CoordinateOperation.from_epsg(6960).name == "VN-2000 to WGS 84 (2)"
    assert away[6960] < CENTIMETRE
    assert 0.5 < away[5194] < 1


@pytest.mark.django_db
@pytest.mark.parametrize("epsg", VN2000_GRIDS)
def test_both_directions_agree_with_postgis_and_proj_to_a_centimetre(epsg):
    proj = pyproj.Transformer.from_crs(4326, epsg, always_xy=True)
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT ST_X(grid), ST_Y(grid), ST_X(back), ST_Y(back)
            FROM unnest(%s::float8[], %s::float8[]) WITH ORDINALITY AS given(x, y, number),
                LATERAL ST_Transform(ST_SetSRID(ST_MakePoint(x, y), 4326), %s) AS grid,
                LATERAL ST_Transform(
                    ST_SetSRID(ST_MakePoint(ST_X(grid), ST_Y(grid)), %s), 4326
                ) AS back
            ORDER BY number
            """,
            [[x for x, _y in LATTICE], [y for _x, y in LATTICE], epsg, epsg],
        )
        by_postgis = cursor.fetchall()

    for (lng, lat), (x, y, back_lng, back_lat) in zip(LATTICE, by_postgis, strict=True):
        ours = to_vn2000(Point(lng, lat, srid=4326), epsg)
        assert ours == pytest.approx((x, y), abs=CENTIMETRE)
        assert ours == pytest.approx(proj.transform(lng, lat), abs=CENTIMETRE)
        point = from_vn2000(easting=x, northing=y, epsg=epsg)
        assert point.coords == pytest.approx((back_lng, back_lat), abs=DEGREES)
        assert point.coords == pytest.approx((lng, lat), abs=DEGREES)
