"""The schemas describe the features, and every queryable is a parameter that filters by it."""

import datetime
import json
from urllib.parse import quote

import jsonschema_rs
import pytest
from django.conf import settings

from geodata.collection import collections
from geodata.spans import span_of
from tests.factories import (
    IpRightFactory,
    ProductFactory,
    RatingFactory,
    SeasonFactory,
    UnitFactory,
    at,
    square,
)

API = "/api/v1/collections"
DIALECT = "https://json-schema.org/draft/2020-12/schema"

pytestmark = pytest.mark.django_db


def schema(client, collection, name):
    response = client.get(f"{API}/{collection}/{name}")
    assert response["Content-Type"] == "application/schema+json"
    return response.json()


@pytest.mark.parametrize("collection", ["districts", "communes", "products", "protections"])
@pytest.mark.parametrize("name", ["schema", "queryables", "sortables", "feature"])
def test_a_schema_has_its_id_and_allows_no_additional_properties(client, collection, name):
    """/req/schemas/json-schema, /req/queryables/response."""
    document = schema(client, collection, name)

    assert document["$schema"] == DIALECT
    assert document["$id"] == f"{settings.SITE_URL}{API}/{collection}/{name}"
    assert (document["type"], document["additionalProperties"]) == ("object", False)
    assert (
        client.get(document["$id"], headers={"Accept": "application/schema+json"}).json()
        == document
    )


@pytest.mark.parametrize("collection", ["communes", "products", "producers", "protections"])
def test_the_schema_names_the_properties_of_a_feature_in_their_order(client, collection):
    properties = schema(client, collection, "schema")["properties"]

    assert list(properties) == [*collections()[collection].properties, "geometry"]
    assert [p["x-ogc-propertySeq"] for p in properties.values()] == list(
        range(1, len(properties) + 1)
    )


def test_a_property_has_its_type_its_titles_and_its_codes(client):
    properties = schema(client, "products", "schema")["properties"]

    assert properties["code"]["x-ogc-role"] == "id"
    stars = properties["stars"]
    assert (stars["type"], stars["enum"]) == (["integer", "null"], [3, 4, 5, None])
    assert properties["rated_from"]["format"] == "date"
    assert properties["updated_at"]["format"] == "date-time"
    assert properties["url"]["format"] == "uri"
    status = properties["ocop_status"]
    assert status["title"] == "Tình trạng OCOP"
    assert {"const": "expired", "title": "hết hạn"} in status["oneOf"]
    assert properties["geometry"] == {
        "x-ogc-role": "primary-geometry",
        "format": "geometry-point",
        "x-ogc-propertySeq": len(properties),
    }


def test_a_feature_is_described_as_geojson_nests_it(client):
    """As GDAL looks for types; no `id` twice."""
    links = client.get(f"{API}/protections").json()["links"]
    href, *others = [link["href"] for link in links if link["rel"].lower() == "describedby"]
    assert others == [f"{settings.SITE_URL}{API}/protections/schema"]

    feature = client.get(href).json()
    properties = feature["properties"]["properties"]["properties"]

    assert feature["$id"] == href == f"{settings.SITE_URL}{API}/protections/feature"
    assert list(properties) == [n for n in collections()["protections"].properties if n != "id"]
    assert properties["products"]["type"] == "integer"
    assert properties["owner"]["type"] == ["string", "null"]
    # GDAL takes the reference as it is written, a validator decodes it.
    assert properties["expires"]["$ref"] == "#/$defs/date%7Cnull"
    assert feature["$defs"]["date|null"] == {"type": ["string", "null"], "format": "date"}
    assert feature["$defs"]["date%7Cnull"]["type"] == "string"


def validator(document):
    return jsonschema_rs.Draft202012Validator(document, validate_formats=True)


@pytest.mark.usefixtures("shipped")
@pytest.mark.parametrize("collection", collections())
def test_every_shipped_feature_is_valid_by_its_schemas(client, items, collection):
    """By a validator of JSON Schema 2020-12, nulls included."""
    features = items(collection, "limit=1000").json()["features"]
    assert len(features) >= 7
    logical, nested = (
        validator(schema(client, collection, name)) for name in ("schema", "feature")
    )

    for feature in features:
        logical.validate({**feature["properties"], "geometry": feature["geometry"]})
        nested.validate(feature)
    one = client.get(f"{API}/{collection}/items/{features[0]['id']}").json()
    assert nested.is_valid(one)


@pytest.mark.usefixtures("shipped")
@pytest.mark.parametrize("collection", collections())
def test_null_is_allowed_where_it_can_be_and_nowhere_else(client, items, collection):
    feature = items(collection, "limit=1").json()["features"][0]
    nested = validator(schema(client, collection, "feature"))
    logical = validator(schema(client, collection, "schema"))
    nullable = collections()[collection].nullable

    for name in collections()[collection].properties:
        properties = {**feature["properties"], name: None}
        assert logical.is_valid(properties) == (name in nullable), name
        # Other kinds of value are still refused.
        wrong = {**feature["properties"], name: ["no", "such", "value"]}
        assert not logical.is_valid(wrong)
        # The schema for GDAL leaves a property of that name to the member of the feature.
        if name != "id":
            assert nested.is_valid({**feature, "properties": properties}) == (name in nullable)
            assert not nested.is_valid({**feature, "properties": wrong})
    assert nested.is_valid({**feature, "geometry": None})
    assert not nested.is_valid({**feature, "geometry": {"type": "Point"}})


def test_nullability_is_derived_from_the_models():
    nullable = {id: collection.nullable for id, collection in collections().items()}

    products = nullable["products"]
    assert {"code", "name", "ocop_status", "url", "updated_at"}.isdisjoint(products)
    # Of an optional relation, an empty text, a subquery, a Case without default.
    assert {"commune", "gtin", "protections", "producer", "stars", "geometry"} <= products
    # The open end of a span, a day known only as a span.
    assert {"valid_from", "valid_to", "area_km2"} <= nullable["districts"]
    assert {"filed", "expires"} <= nullable["protections"]
    assert {"products", "status", "kind"}.isdisjoint(nullable["protections"])


@pytest.mark.parametrize(
    ("collection", "roles"),
    [
        ("districts", {"valid_from": "primary-interval-start", "valid_to": "primary-interval-end"}),
        ("communes", {"valid_from": "primary-interval-start", "valid_to": "primary-interval-end"}),
        ("products", {"updated_at": "primary-instant"}),
        ("producers", {"updated_at": "primary-instant"}),
        # When a right was granted may be known as a span, which is no temporal property.
        ("protections", {}),
    ],
)
def test_a_schema_marks_the_properties_that_datetime_compares(client, collection, roles):
    """/req/advanced-property-roles/primary-temporal-constraints."""
    properties = schema(client, collection, "schema")["properties"]

    found = {
        name: schema["x-ogc-role"] for name, schema in properties.items() if "x-ogc-role" in schema
    }
    others = {"id", "primary-geometry"}
    assert {name: role for name, role in found.items() if role not in others} == roles
    assert len({properties[name]["format"] for name in roles}) == min(1, len(roles))


@pytest.mark.parametrize("collection", collections())
def test_a_collection_links_to_its_items_in_each_format(client, collection):
    """/req/core/fc-md-items-links."""
    links = client.get(f"{API}/{collection}").json()["links"]

    items = {link["type"]: link["href"] for link in links if link["rel"] == "items"}
    assert list(items) == ["application/geo+json", "text/html"]
    for media_type, address in items.items():
        assert client.get(address)["Content-Type"].partition(";")[0] == media_type


def test_a_page_of_a_collection_has_one_button_to_its_features(client):
    text = client.get(f"{API}/products?f=html").text

    assert text.count("Xem bảng và bản đồ") == 1


def test_a_filter_that_is_not_a_property_is_a_queryable_but_no_sortable(client):
    assert "district_code" in schema(client, "producers", "queryables")["properties"]
    assert "district_code" not in schema(client, "producers", "schema")["properties"]
    assert "district_code" not in schema(client, "producers", "sortables")["properties"]


@pytest.mark.parametrize("name", ["schema", "queryables", "sortables"])
def test_a_collection_links_to_its_schemas(client, name):
    links = client.get(f"{API}/products").json()["links"]

    (link,) = [link for link in links if link["rel"].endswith(f"/def/rel/ogc/1.0/{name}")]
    assert link["type"] == "application/schema+json"
    assert client.get(link["href"]).json()["$id"] == link["href"]


def test_every_queryable_filters_by_the_value_in_the_feature(client):
    """/req/queryables-query-parameters/parameters."""
    commune = UnitFactory(code="82738", area=square(109, 11.5))
    season = SeasonFactory(all_year=True, from_month=None, to_month=None)
    product = ProductFactory(
        published=True,
        code="MAU-1",
        name="Nho",
        name_basis="generic",
        type=season.type,
        sector="crops",
        point=at(109.05, 11.55),
    )
    RatingFactory(product=product, stars=4, decision_text="QĐ 1")
    ProductFactory(published=True, code="MAU-2", name="Táo", sector="livestock")
    items = f"{API}/products/items"
    shown = client.get(f"{items}/MAU-1").json()["properties"]
    assert shown["commune_code"] == commune.code

    found = {
        name: [
            feature["id"]
            for feature in client.get(f"{items}?{name}={quote(str(value))}").json()["features"]
        ]
        for name, value in shown.items()
        if value is not None
    }

    assert len(found) > 12
    alike = {"source_url", "updated_at"}
    assert {name: ids for name, ids in found.items() if name not in alike} == {
        name: ["MAU-1"] for name in found if name not in alike
    }


def test_decomposed_letters_in_a_parameter_match_composed_ones(items):
    ProductFactory(published=True, code="MAU-1", name="Táo")

    decomposed = "Ta\u0301o"
    assert [
        feature["id"]
        for feature in items("products", f"name={quote(decomposed)}").json()["features"]
    ] == ["MAU-1"]


@pytest.mark.usefixtures("shipped")
def test_the_collection_has_the_extent_of_its_features(client):
    extents = {c["id"]: c["extent"] for c in client.get(API).json()["collections"]}

    (box,) = extents["districts"]["spatial"]["bbox"]
    assert box == pytest.approx([108.55, 11.31, 109.23, 12.16], abs=0.01)
    # When the districts began is not known; when they ended is.
    assert extents["districts"]["temporal"]["interval"] == [[None, "2025-06-30T23:59:59+07:00"]]
    assert extents["communes"]["temporal"]["interval"] == [[None, None]]
    ((first, last),) = extents["products"]["temporal"]["interval"]
    assert first <= last


def test_a_right_that_expires_on_a_day_holds_to_the_end_of_it(client):
    IpRightFactory(published=True, granted=span_of(2020, 1, 2), expires=datetime.date(2030, 1, 1))

    extent = client.get(f"{API}/protections").json()["extent"]

    assert extent["temporal"]["interval"] == [
        ["2020-01-02T00:00:00+07:00", "2030-01-01T23:59:59+07:00"]
    ]


def test_a_collection_without_features_has_no_box(client):
    extent = client.get(f"{API}/products").json()["extent"]

    assert "spatial" not in extent
    assert json.dumps(extent["temporal"]["interval"]) == "[[null, null]]"
