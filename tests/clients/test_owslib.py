"""OWSLib's client of OGC APIs."""

import pytest
from owslib.ogcapi.features import Features

from geodata.collection import collections
from geodata.ogc.views import CONFORMS_TO
from tests.clients.conftest import PRODUCTS

MINH_HAI = {f"MAU-{number}" for number in range(1, PRODUCTS, 2)}


@pytest.fixture
def features(server):
    return Features(server.api)


def ids(answer):
    return [feature["id"] for feature in answer["features"]]


def test_collections_are_listed(features):
    assert features.conformance()["conformsTo"] == CONFORMS_TO
    assert features.feature_collections() == list(collections())
    assert features.api()["openapi"].startswith("3.0")


def test_a_collection_describes_its_properties_and_queryables(features):
    described = features.collection("products")
    schema = features.collection_schema("products")
    queryables = features.collection_queryables("products")

    products = collections()["products"]
    assert described["title"] == str(products.title)
    assert set(schema["properties"]) == {*products.properties, "geometry"}
    assert set(queryables["properties"]) == {*products.queryables, "geometry"}


def test_features_can_be_filtered(features):
    answer = features.collection_items("products", district_code="996", limit=1000)
    assert set(ids(answer)) == MINH_HAI
    assert answer["numberMatched"] == answer["numberReturned"] == len(MINH_HAI)

    assert ids(features.collection_items("products", q="nho do so 17")) == ["MAU-17"]
    assert features.collection_items("products", datetime_="../2020-01-01")["numberMatched"] == 0
    boxed = features.collection_items("products", bbox=[109, 11.5, 109.1, 11.6], limit=2)
    assert boxed["numberReturned"] == 2
    last = features.collection_items("products", sortby=("name", "desc"), limit=1)
    assert ids(last) == ["MAU-9"]


def test_one_feature_can_be_requested(features):
    feature = features.collection_item("products", "MAU-7")

    assert feature["properties"]["name"] == "Nho đỏ số 7"


def test_errors_are_reported(features):
    with pytest.raises(RuntimeError, match="colour"):
        features.collection_items("products", colour="red")
