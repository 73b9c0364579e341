"""The base map that is always there: small, whole, and the same each time it is drawn."""

import gzip
import json

import pytest
import shapely

from geodata.basemap import DECIMALS, MOST_BYTES, build_basemap, write_basemap


@pytest.fixture(scope="module")
def text():
    return build_basemap()


def shape(part):
    return shapely.from_geojson(json.dumps(part))


def test_it_is_small_enough_for_a_slow_phone(text):
    assert len(gzip.compress(text.encode())) <= MOST_BYTES


def test_it_is_drawn_the_same_each_time(text):
    assert build_basemap() == text


def test_it_shows_the_province_towns_and_neighbours(text):
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


def test_its_numbers_are_no_longer_than_what_they_are_worth(text):
    parts = json.loads(text)
    for part in (parts["home"], *parts["land"]):
        drawn = shape(part)
        assert drawn.is_valid
        numbers = shapely.get_coordinates(drawn).ravel().tolist()
        assert all(round(number, DECIMALS) == number for number in numbers)


def test_the_land_goes_on_around_the_frame_and_no_line_shows_where(text):
    parts = json.loads(text)
    west, south, east, north = parts["frame"]
    (land,) = [shape(part) for part in parts["land"]]
    cut = shapely.box(west, south, east, north).boundary.buffer(0.001)

    assert [land.contains(shapely.Point(at)) for at in [(107.9, 11.6), (108.6, 13.0)]] == [True] * 2
    assert not land.intersects(shapely.box(109.6, 10.0, 112.0, 13.0))
    # Where the coarse coast is not quite the known one, there is a notch of a kilometre or two.
    assert land.boundary.intersection(cut).length < 0.1


def test_it_is_written_where_it_is_told(text, tmp_path):
    path, size = write_basemap(path=tmp_path / "build" / "basemap.json")

    assert path.read_text() == text
    assert size <= MOST_BYTES


def test_one_that_grew_too_large_is_refused(monkeypatch, tmp_path):
    monkeypatch.setattr("geodata.basemap.MOST_BYTES", 100)

    with pytest.raises(ValueError, match="more than 100"):
        write_basemap(path=tmp_path / "basemap.json")
    assert list(tmp_path.iterdir()) == []
