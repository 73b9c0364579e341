"""The base map that is always there: small, whole, and the same each time it is drawn."""

import gzip
import json

import pytest
import shapely

from geodata.basemap import DECIMALS, MAX_BYTES, build_basemap, write_basemap


@pytest.fixture(scope="module")
def text():
    return build_basemap()


def shape(part):
    return shapely.from_geojson(json.dumps(part))


@pytest.mark.shipped
def test_the_base_map_is_smaller_than_its_maximum(text):
    assert len(gzip.compress(text.encode())) <= MAX_BYTES


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

    assert path.read_text() == text
    assert size <= MAX_BYTES


def test_a_base_map_above_the_maximum_size_is_refused(monkeypatch, tmp_path):
    monkeypatch.setattr("geodata.basemap.MAX_BYTES", 100)

    with pytest.raises(ValueError, match="more than 100"):
        write_basemap(path=tmp_path / "basemap.json")
    assert list(tmp_path.iterdir()) == []
