"""GDAL's OAPIF driver: Debian's programs and the newer library of pyogrio.

The access log shows which filters the driver sends to the server.
"""

import csv
import json
import re
import subprocess
from urllib.parse import parse_qs, urlsplit
from urllib.request import urlopen

import pyogrio
import pytest

from geodata.collection import collections
from tests.clients.conftest import PRODUCTS

PAGE = 7
KINDS = {
    "boolean": "Integer(Boolean)",
    "integer": "Integer",
    "number": "Real",
    "string": "String",
    "date": "Date",
    "date-time": "DateTime",
}
ALL = {f"MAU-{number}" for number in range(PRODUCTS)}
MINH_HAI = {f"MAU-{number}" for number in range(1, PRODUCTS, 2)}
WITH_PLACE = {f"MAU-{number}" for number in range(PRODUCTS) if number % 3}


def run(*command):
    done = subprocess.run(command, capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout


def by_program(server, layer, *, where=None, box=None):
    """The features that ogr2ogr writes, as dicts."""
    options = ["-where", where] if where else []
    options += ["-spat", *map(str, box)] if box else []
    source = f"OAPIF:{server.api}"
    written = run(
        *("ogr2ogr", "-f", "CSV", "/vsistdout/", source, layer, "-oo", f"PAGE_SIZE={PAGE}"),
        *options,
    )
    return list(csv.DictReader(written.splitlines()))


def by_library(server, layer, *, where=None, box=None):
    """The features that the GDAL inside pyogrio reads, as dicts."""
    frame = pyogrio.read_dataframe(
        f"OAPIF:{server.api}", layer=layer, where=where, bbox=box, PAGE_SIZE=PAGE
    )
    return frame.to_dict("records")


@pytest.fixture(params=[by_program, by_library])
def read(request):
    return request.param


def codes(features):
    """The codes, sorted, so that duplicates are visible."""
    return sorted(feature["code"] for feature in features)


def conditions(server):
    """The filter of each request for products; the first request only inspects the features."""
    urls = (urlsplit(line.partition(" ")[2]) for line in server.requests)
    return [
        {name: value for name, (value,) in parse_qs(address.query).items()}
        for address in urls
        if address.path.endswith("/products/items")
    ]


def test_every_collection_is_a_layer_with_its_kind_of_geometry(server):
    listed = run("ogrinfo", "-q", f"OAPIF:{server.api}").splitlines()

    kinds = {"MultiPolygon": "Multi Polygon", "Point": "Point"}
    assert listed == [
        f"{number}: {collection.id} (title: {collection.title}) ({kinds[collection.geometry_type]})"
        for number, collection in enumerate(collections().values(), start=1)
    ]


@pytest.mark.parametrize("collection", list(collections()))
def test_field_types_follow_the_schema_even_if_the_first_features_have_no_value(server, collection):
    def kind(schema):
        types = [schema["type"]] if isinstance(schema["type"], str) else schema["type"]
        return KINDS.get(schema.get("format")) or KINDS[types[0]]

    with urlopen(f"{server.api}/collections/{collection}/schema") as answer:
        properties = json.load(answer)["properties"]
    del properties["geometry"]
    wanted = {"id": "String"} | {name: kind(schema) for name, schema in properties.items()}

    output = run("ogrinfo", "-so", f"OAPIF:{server.api}", collection)
    assert re.findall(r"^(\w+): ([\w()]+) \(", output, re.MULTILINE) == list(wanted.items())
    info = pyogrio.read_info(f"OAPIF:{server.api}", layer=collection)
    assert list(zip(info["fields"], info["ogr_types"], strict=True)) == [
        (name, f"OFT{kind.removesuffix('(Boolean)')}") for name, kind in wanted.items()
    ]


def test_case_insensitive_filters_are_sent_to_the_server(server, read):
    assert codes(read(server, "products", where="name ILIKE 'NHO Đỏ%7'")) == ["MAU-17", "MAU-7"]
    assert_sent_to_the_server(server, "name", "NHO Đỏ%7")


def test_all_pages_are_read_without_duplicates(server, read):
    features = read(server, "products")

    assert codes(features) == sorted(ALL)
    assert {feature["producer"] for feature in features} == {"HTX “Mật Nho”; Ửng, Ỡ"}
    assert {"Nho đỏ số 7"} == {f["name"] for f in features if f["code"] == "MAU-7"}
    pages = [page for page in conditions(server) if "cursor" in page]
    assert len(pages) == PRODUCTS // PAGE
    assert {page["limit"] for page in pages} == {str(PAGE)}


def test_equality_filters_are_sent_to_the_server(server, read):
    features = read(server, "products", where="district_code = '996'")

    assert codes(features) == sorted(MINH_HAI)
    assert_sent_to_the_server(server, "district_code", "996")


def test_numeric_filters_are_sent_to_the_server(server, read):
    assert codes(read(server, "products", where="rated_stars = 3")) == sorted(ALL - WITH_PLACE)
    assert_sent_to_the_server(server, "rated_stars", "3")


def test_filters_with_diacritics_are_sent_to_the_server(server, read):
    assert codes(read(server, "products", where="name = 'Nho đỏ số 7'")) == ["MAU-7"]
    assert_sent_to_the_server(server, "name", "Nho đỏ số 7")


def assert_sent_to_the_server(server, name, value):
    """Assert that every request after the first contains the condition in one of its notations."""
    first, *others = conditions(server)
    assert not {name, "filter"} & set(first)
    assert others
    for query in others:
        if "filter" in query:
            assert name in query["filter"]
            assert value in query["filter"]
        else:
            assert query[name] == value


def test_bounding_boxes_are_sent_to_the_server(server, read):
    box = (109, 11.5, 109.1, 11.6)

    features = read(server, "products", box=box)

    assert codes(features) == sorted(MINH_HAI & WITH_PLACE)
    first, *others = conditions(server)
    assert "bbox" not in first
    assert others
    for query in others:
        assert [float(number) for number in query["bbox"].split(",")] == pytest.approx(box)


def test_a_feature_id_is_requested_at_its_own_url(server, read):
    assert codes(read(server, "products", where="id = 'MAU-7'")) == ["MAU-7"]
    assert "GET /api/v1/collections/products/items/MAU-7?" in {
        line.partition("?")[0] + "?" for line in server.requests
    }


def test_a_layer_is_copied_completely_into_a_file(server, tmp_path):
    path = tmp_path / "copy.gpkg"

    run("ogr2ogr", path, f"OAPIF:{server.api}", "-oo", f"PAGE_SIZE={PAGE}")

    copied = {name: pyogrio.read_info(path, layer=name)["features"] for name in collections()}
    assert copied == {
        "districts": 2,
        "communes": 2,
        "products": PRODUCTS,
        "producers": 1,
        "protections": 1,
        "sales-points": 1,
        "craft-villages": 1,
    }


@pytest.mark.parametrize("extension", ["gpkg", "fgb", "kml", "geojson", "xlsx", "csv"])
def test_every_file_can_be_opened_by_an_older_gdal(server, tmp_path, extension):
    """Debian's GDAL, which does not support Parquet; files must not require the newest readers."""
    path = tmp_path / f"products.{extension}"
    path.write_bytes(urlopen(f"{server.api}/downloads/products.{extension}").read())
    layer = "Dữ liệu" if extension == "xlsx" else ""

    written = run("ogr2ogr", "-f", "CSV", "/vsistdout/", path, *([layer] if layer else []))

    heading = {"kml": "Name", "xlsx": "Tên"}.get(extension, "name")
    names = [row[heading] for row in csv.DictReader(written.splitlines())]
    assert sorted(names) == sorted(f"Nho đỏ số {number}" for number in range(PRODUCTS))
    assert "HTX “Mật Nho”; Ửng, Ỡ" in written


@pytest.mark.parametrize("extension", ["gpkg", "xlsx"])
def test_files_contain_the_attribution_for_an_older_gdal(server, tmp_path, extension):
    path = tmp_path / f"products.{extension}"
    path.write_bytes(urlopen(f"{server.api}/downloads/products.{extension}").read())

    output = run("ogrinfo", "-al", path)

    assert "Bản đồ OCOP tỉnh Mẫu" in output
    assert "https://creativecommons.org/licenses/by/4.0/" in output
