"""The base map that is always there: small, whole, and the same each time it is drawn."""

import gzip
import itertools
import json
import re

import geopandas
import pytest
import shapely
from django.conf import settings

from geodata.basemap import (
    DECIMALS,
    MAX_BYTES,
    UNITS,
    build_basemap,
    build_drawing,
    path_data,
    write_basemap,
)


@pytest.fixture(scope="module")
def text():
    return build_basemap()


def shape(part):
    return shapely.from_geojson(json.dumps(part))


@pytest.mark.shipped
def test_the_base_map_is_smaller_than_its_maximum(text):
    assert len(gzip.compress(build_drawing(text).encode())) <= MAX_BYTES


def test_building_twice_gives_the_same_text(text):
    assert build_basemap() == text


def test_it_shows_the_province_towns_and_neighbours(text):
    parts = json.loads(text)
    home = shape(parts["home"])

    assert home.contains(shapely.Point(106.7, 19.3))
    assert not home.contains(shapely.Point(106.2, 19.3))
    assert shapely.box(*parts["frame"]).contains(home)
    assert {place["name"]: place["population"] for place in parts["towns"]} == {
        "Ví Dụ": 20_000,
        "Giả Định": 90_000,
        "Láng Giềng": 12_000,
        "Bên Kia": 0,
    }
    assert [place["name"] for place in parts["neighbours"]] == ["Láng Giềng", "Bên Kia"]


@pytest.mark.shipped
def test_the_shipped_base_map_shows_the_province_towns_and_neighbours(text):
    parts = json.loads(text)
    west, south, east, north = parts["frame"]
    home = shape(parts["home"])

    assert home.contains(shapely.Point(108.99, 11.565))
    assert not home.contains(shapely.Point(109.2, 11.3))
    assert shapely.box(west, south, east, north).contains(home)
    names = {place["name"] for place in parts["towns"]}
    assert {"Phan Rang-Tháp Chàm", "Đà Lạt"} <= names
    for place in (*parts["towns"], *parts["neighbours"]):
        lng, lat = place["at"]
        assert (105 < lng < 112, 9 < lat < 14) == (True, True)


def test_province_and_land_have_one_coastline(text):
    parts = json.loads(text)
    home, land = shape(parts["home"]), shapely.union_all([shape(part) for part in parts["land"]])
    border = shape(parts["homeBorder"])

    # Rounding moves a line by less than 10 m.
    assert land.buffer(10**-DECIMALS).covers(home)
    coast = home.boundary.difference(border.buffer(0.001))
    # What is not border is coast of the land as well: within 30 m.
    assert coast.length > 0.5
    vertices = shapely.points(shapely.get_coordinates(coast))
    assert max(shapely.distance(land.boundary, vertices)) < 0.0003
    # The border stops at the coast.
    assert border.length > 0.5
    assert border.intersection(land.boundary).length < 0.02


def test_borders_of_provinces_are_drawn_where_that_of_the_province_is_not(text):
    parts = json.loads(text)
    lines, border = shape(parts["provinceBorders"]), shape(parts["homeBorder"])

    assert lines.length > 0.1
    assert lines.distance(border) > 0.001


def test_rivers_and_lakes_are_optional_parts_without_names(text, tmp_path):
    assert [json.loads(text)[part] for part in ("rivers", "lakes")] == [None, None]
    shapes = {
        "rivers": shapely.LineString([(106.5, 19.0), (106.6, 19.20004), (106.7, 19.4)]),
        "lakes": shapely.box(106.5, 19.0, 106.55, 19.05),
    }
    files = dict(settings.PLACE.basemap)
    for part, geometry in shapes.items():
        files[part] = tmp_path / f"{part}.geojson"
        row = {"geometry": [geometry], "name_vi": ["Sông Mẫu"]}
        geopandas.GeoDataFrame(row, crs=4326).to_file(files[part])

    built = build_basemap(files)

    parts = json.loads(built)
    # Simplified: the point in the middle is on the line.
    assert parts["rivers"]["coordinates"] == [[106.5, 19.0], [106.7, 19.4]]
    assert shape(parts["lakes"]).equals(shapes["lakes"])
    assert "Sông Mẫu" not in built


@pytest.mark.shipped
def test_the_shipped_base_map_has_rivers_and_a_lake(text):
    parts = json.loads(text)

    assert shape(parts["rivers"]).intersects(shapely.box(108.7, 11.5, 109.0, 11.8))
    assert shape(parts["lakes"]).area > 0


def test_coordinates_have_four_decimals(text):
    parts = json.loads(text)
    for part in (parts["home"], *parts["land"]):
        drawn = shape(part)
        assert drawn.is_valid
        numbers = shapely.get_coordinates(drawn).ravel().tolist()
        assert all(round(number, DECIMALS) == number for number in numbers)


@pytest.mark.shipped
def test_land_continues_around_the_frame_without_a_seam(text):
    parts = json.loads(text)
    west, south, east, north = parts["frame"]
    (land,) = [shape(part) for part in parts["land"]]
    cut = shapely.box(west, south, east, north).boundary.buffer(0.001)

    assert [land.contains(shapely.Point(at)) for at in [(107.9, 11.6), (108.6, 13.0)]] == [True] * 2
    assert not land.intersects(shapely.box(109.6, 10.0, 112.0, 13.0))
    # Where the coarse coast is not quite the known one, there is a notch of a kilometre or two.
    assert land.boundary.intersection(cut).length < 0.1


def test_the_base_map_is_written_to_the_given_path(text, tmp_path):
    path, size = write_basemap(path=tmp_path / "build" / "basemap.json")

    assert (tmp_path / "build" / "basemap.json").read_text() == text
    assert path.read_text() == build_drawing(text)
    assert size <= MAX_BYTES


def test_the_drawing_has_a_path_for_each_geometry(text):
    parts, drawing = json.loads(text), json.loads(build_drawing(text))
    west, south, east, north = parts["frame"]

    assert drawing.keys() == parts.keys() | {"size"}
    for name in ("frame", "communes", "neighbours", "towns", "rivers", "lakes"):
        assert drawing[name] == parts[name]
    # At the equator a degree of latitude is as high as one of longitude is wide.
    width, height = drawing["size"]
    assert width == pytest.approx(UNITS * (east - west), abs=1)
    assert height > UNITS * (north - south)
    for part in (*drawing["land"], drawing["home"]):
        assert re.fullmatch(r"(M-?\d+ -?\d+l[-\d ]+Z)+", part)
    for name in ("homeBorder", "provinceBorders", "borders"):
        assert re.fullmatch(r"(M-?\d+ -?\d+l[-\d ]+)+", drawing[name])


def points_of(data):
    """The absolute positions of each line of path data."""
    for line in re.findall(r"[^M]+", data):
        numbers = [int(number) for number in re.findall(r"-?\d+", line)]
        yield list(itertools.accumulate(zip(*[iter(numbers)] * 2, strict=True), add))


def add(one, other):
    return (one[0] + other[0], one[1] + other[1])


def test_areas_are_closed_and_lines_are_not_from_the_corner_of_the_frame():
    ring = [[108, 0], [109, 0], [109, -1], [108, 0]]
    area = "M0 0l29127 0 0 29129-29127-29129Z"

    assert path_data({"type": "Polygon", "coordinates": [ring]}, 108, 0) == area
    both = {"type": "MultiPolygon", "coordinates": [[ring], [ring]]}
    assert path_data(both, 108, 0) == area + area
    line = "M0 0l29127 0"
    assert path_data({"type": "LineString", "coordinates": ring[:2]}, 108, 0) == line
    lines = {"type": "MultiLineString", "coordinates": [ring[:2], ring[:2]]}
    assert path_data(lines, 108, 0) == line + line


def test_steps_do_not_add_up_to_an_error(text):
    """Each position is rounded by itself, not each step."""
    parts = json.loads(text)
    west, _south, _east, north = parts["frame"]
    drawn = [x for line in points_of(path_data(parts["home"], west, north)) for x, _y in line]
    lngs = shapely.get_coordinates(shape(parts["home"]))[:, 0]

    assert max(drawn) == round(UNITS * (max(lngs) - west))
    assert min(drawn) == round(UNITS * (min(lngs) - west))


def test_a_base_map_above_the_maximum_size_is_refused(monkeypatch, tmp_path):
    monkeypatch.setattr("geodata.basemap.MAX_BYTES", 100)

    with pytest.raises(ValueError, match="more than 100"):
        write_basemap(path=tmp_path / "basemap.json")
    assert list(tmp_path.iterdir()) == []
