"""The features of a collection as columns, the index of the map page."""

import gzip
import json

import pytest

from geodata.ogc import columns
from tests.factories import ProductFactory, RatingFactory, at
from tests.rows import prepared

pytestmark = pytest.mark.django_db

URL = "/api/v1/collections/products/columns"


@prepared
def products():
    first = ProductFactory(published=True, code="MAU-SP-1", name="Nho xanh", point=at(109, 11.5))
    RatingFactory(product=first, stars=4)
    ProductFactory(published=True, code="MAU-SP-2", name="Gốm", point=at(108.9876543, 11.51))
    ProductFactory(published=True, code="MAU-SP-3", name="Đậu phộng")
    ProductFactory(code="MAU-SP-4", name="Nho nháp", point=at(109, 11.5))


def values_of(document, name):
    """The values of a property, one for each feature."""
    column = document["properties"][name]
    rows = column.get("rows") or document["properties"][column["same_rows_as"]]["rows"]
    return [column["values"][row] for row in rows]


def test_columns_equal_the_features_in_the_order_of_lists(products, client):
    document = client.get(URL).json()
    features = client.get("/api/v1/collections/products/items?sortby=prominence").json()["features"]

    assert document["numberReturned"] == len(features) == 3
    assert document["ids"] == [feature["id"] for feature in features]
    for name in document["properties"]:
        expected = [feature["properties"][name] for feature in features]
        assert values_of(document, name) == expected, name
    # Names are what makes an index large.
    assert not {"name", "producer", "url"} & set(document["properties"])
    west, south = document["origin"]
    for feature, x, y in zip(features, document["x"], document["y"], strict=True):
        position = feature["geometry"] and feature["geometry"]["coordinates"]
        scale = document["scale"]
        found = None if x is None else [west + x / scale, south + y / scale]
        assert found == (position and pytest.approx(position, abs=0.6 / scale))


def test_columns_are_filtered_searched_and_sorted_as_items_are(products, client):
    def ids(**params):
        return client.get(URL, params).json()["ids"]

    assert ids(q="nho") == ["MAU-SP-1"]
    assert ids(sortby="-name") == ["MAU-SP-1", "MAU-SP-2", "MAU-SP-3"]
    assert ids(filter="geometry IS NULL") == ["MAU-SP-3"]
    assert client.get(URL, {"q": "nho", "properties": "code"}).json()["properties"] == {
        "code": {"values": ["MAU-SP-1"], "rows": [0]}
    }
    assert ids(q="không có gì như vậy") == []


def test_columns_are_cacheable_and_compressed(products, client):
    response = client.get(URL, headers={"Accept-Encoding": "gzip"})
    assert json.loads(gzip.decompress(response.content))["numberReturned"] == 3
    assert response.headers["Cache-Control"] == "public, max-age=300"

    tag = response.headers["ETag"]
    assert client.get(URL, headers={"If-None-Match": tag}).status_code == 304
    ProductFactory(published=True)
    assert client.get(URL, headers={"If-None-Match": tag}).json()["numberReturned"] == 4


def test_more_columns_than_the_maximum_are_refused_and_not_cut(products, client, monkeypatch):
    monkeypatch.setattr(columns, "MAX_FEATURES", 2)

    refused = client.get(URL)

    assert refused.status_code == 400
    assert refused.json()["errors"][0]["parameter"] == "filter"
    assert client.get(URL, {"q": "nho"}).json()["numberReturned"] == 1


@pytest.mark.parametrize("params", ["limit=1", "cursor=abc", "crs=x", "name=", "khong=1"])
def test_parameters_that_columns_do_not_have_are_refused(products, client, params):
    assert client.get(f"{URL}?{params}").status_code == 400


def test_a_collection_without_columns_has_no_such_address(db, client):
    assert client.get("/api/v1/collections/districts/columns").status_code == 404
