"""geopandas with the URLs of the open data page."""

import io
import urllib.request

import geopandas
import pytest

from tests.clients.conftest import PRODUCTS

ALL = {f"MAU-{number}" for number in range(PRODUCTS)}


def test_items_are_readable(server):
    frame = geopandas.read_file(f"{server.api}/collections/products/items?limit=1000")

    assert set(frame["code"]) == ALL
    assert len(frame) == PRODUCTS
    assert frame.crs.to_epsg() == 4326
    place = frame.set_index("code").geometry["MAU-7"]
    assert (place.x, place.y) == (109.05, 11.55)


def test_one_item_is_readable(server):
    frame = geopandas.read_file(f"{server.api}/collections/products/items/MAU-7")

    assert list(frame["name"]) == ["Nho đỏ số 7"]


@pytest.mark.parametrize("extension", ["fgb", "geojson"])
def test_a_download_is_readable(server, extension):
    frame = geopandas.read_file(f"{server.api}/downloads/products.{extension}")

    assert sorted(frame["code"]) == sorted(ALL)
    assert frame.crs.to_epsg() == 4326


def test_the_parquet_file_is_readable(server):
    """geopandas needs another library to open a Parquet URL, so the test downloads the bytes."""
    with urllib.request.urlopen(f"{server.api}/downloads/products.parquet") as answer:
        frame = geopandas.read_parquet(io.BytesIO(answer.read()))

    assert sorted(frame["code"]) == sorted(ALL)
    assert frame.crs == "OGC:CRS84"
