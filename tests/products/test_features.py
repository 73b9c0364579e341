"""Features represent the rows exactly: names, order, values, coordinates, datetimes."""

import datetime
import json

import pytest
import shapely
from django.conf import settings
from django.utils import timezone

from districts.models import Level
from geodata.collection import collections
from geodata.models import Change
from geodata.spans import day_span, span, span_of
from products.ocop.models import Product
from products.register.collections import KnownUnit
from products.register.models import Producer
from products.rights.models import IpRight
from tests.factories import (
    SINCE_THE_CHANGE,
    UNTIL_THE_CHANGE,
    CategoryFactory,
    GoodsTypeFactory,
    IngredientFactory,
    IpRightFactory,
    ProducerFactory,
    ProductCertificateFactory,
    ProductFactory,
    ProductTypeFactory,
    ProtectedProductFactory,
    RatingFactory,
    SuccessionFactory,
    UnitFactory,
    at,
    square,
)

API = "/api/v1/collections"
# interface.md, the table of collections.
UNIT_PROPERTIES = (
    "code name name_en kind parent_code parent valid_from valid_to formed_from became"
    " area_km2 source"
)
PROPERTIES = {
    "districts": UNIT_PROPERTIES,
    "communes": UNIT_PROPERTIES,
    "products": (
        "code name name_en name_basis original_name producer producer_id category category_code"
        " type type_name made_from season sector stars ocop_status rated_stars rated_from rated_to"
        " decision protections goods_rights certificates"
        " commune_code commune old_commune_code old_commune district_code district position"
        " gtin trace_url url source_url updated_at"
    ),
    "producers": (
        "id name kind commune old_commune district position certificates products website url"
        " source_url"
        " updated_at"
    ),
    "protections": (
        "id kind number name owner filed granted expires status sector goods_types area_note"
        " products url source_url updated_at"
    ),
    "sales-points": (
        "id name kind sells visit goods producer_id commune old_commune district position"
        " opening_hours season_note price_note last_seen url source_url updated_at"
    ),
    "craft-villages": (
        "id name kind craft recognised visit producer_id commune old_commune district position"
        " opening_hours season_note price_note last_seen url source_url updated_at"
    ),
}


def features(client, collection, query=""):
    return client.get(f"{API}/{collection}/items?{query}").json()["features"]


def feature(client, collection, key):
    response = client.get(f"{API}/{collection}/items/{key}")
    assert response.status_code == 200
    return response.json()


def test_collections_have_these_properties_in_this_order():
    assert {name: " ".join(c.properties) for name, c in collections().items()} == PROPERTIES


# --- products ------------------------------------------------------------------------------


@pytest.fixture
def complete_product():
    """A product with a value for every property."""
    province = UnitFactory(code="99", validity=UNTIL_THE_CHANGE)
    district = UnitFactory(
        code="992", kind="thành phố", name="Phan Lang", parent=province, validity=UNTIL_THE_CHANGE
    )
    old = UnitFactory(
        code="82738",
        kind="phường",
        name="Đô Minh",
        parent=district,
        validity=UNTIL_THE_CHANGE,
        area=square(109, 11.5),
    )
    new = UnitFactory(
        code="82739",
        kind="phường",
        name="Bảo Anh",
        validity=SINCE_THE_CHANGE,
        area=square(109, 11.5),
    )
    SuccessionFactory(predecessor=old, successor=new)
    product = ProductFactory(
        code="MAU-SP-007",
        published=True,
        name="Rượu “Mật nho” \\ 39% </script>",
        name_en="Grape mead",
        name_basis="back_translated",
        original_name="ハチミツ酒",
        producer=ProducerFactory(code="MAU-CT-003", name="Ba Mọi", published=True),
        category=CategoryFactory(code="II", name="đồ uống"),
        type=ProductTypeFactory(code="wine", name="rượu vang"),
        sector="processing",
        gtin="8938500123456",
        trace_url="https://trace.example.org/1?a=b&c=d",
        point=at(109.0512345678, 11.5587654321),
        position="gps",
        source__url="https://example.org/nguồn",
        updated_at="2026-11-01T08:30:15.987654+00:00",
    )
    RatingFactory(
        product=product,
        stars=4,
        decided=day_span(datetime.date(2024, 12, 10)),
        decision_text="Quyết định 1/QĐ-UBND",
    )
    for code in ("sugar", "grape"):
        IngredientFactory(product=product, type=ProductTypeFactory(code=code))
    for kind in ("vietgap", "haccp"):
        ProductCertificateFactory(product=product, kind=kind)
    for name in ("Minh Thuần", "Đặc sản", "Ấm"):
        ProtectedProductFactory(product=product, right__name=name, right__published=True)
    for code in ("MAU-SH-009", "MAU-SH-008"):
        GoodsTypeFactory(right__code=code, right__published=True, type=product.type)
    # Neither of these protects the product publicly.
    ProtectedProductFactory(product=product, right__name="Bản nháp")
    pending = {"right__stage": IpRight.Stage.PENDING, "right__published": True}
    ProtectedProductFactory(product=product, right__name="Đang xét", **pending)
    return product


@pytest.mark.django_db
def test_a_product_feature_contains_every_known_value(client, complete_product, on_day):
    on_day("2026-11-23")

    result = feature(client, "products", "MAU-SP-007")

    assert (result["type"], result["id"]) == ("Feature", "MAU-SP-007")
    assert result["geometry"] == {"type": "Point", "coordinates": [109.0512346, 11.5587654]}
    properties = result["properties"]
    assert properties == {
        "code": "MAU-SP-007",
        "name": "Rượu “Mật nho” \\ 39% </script>",
        "name_en": "Grape mead",
        "name_basis": "back_translated",
        "original_name": "ハチミツ酒",
        "producer": "Ba Mọi",
        "producer_id": "MAU-CT-003",
        "category": "đồ uống",
        "category_code": "II",
        "type": "wine",
        "type_name": "rượu vang",
        "made_from": "grape; sugar",
        "season": "unknown",
        "sector": "processing",
        "stars": 4,
        "ocop_status": "valid",
        "rated_stars": 4,
        "rated_from": "2024-12-10",
        "rated_to": "2027-12-10",
        "decision": "Quyết định 1/QĐ-UBND",
        "protections": "Ấm; Đặc sản; Minh Thuần",
        "goods_rights": "MAU-SH-008; MAU-SH-009",
        "certificates": "haccp; vietgap",
        "commune_code": "82739",
        "commune": "phường Bảo Anh",
        "old_commune_code": "82738",
        "old_commune": "phường Đô Minh",
        "district_code": "992",
        "district": "thành phố Phan Lang",
        "position": "gps",
        "gtin": "8938500123456",
        "trace_url": "https://trace.example.org/1?a=b&c=d",
        "url": "http://127.0.0.1:8000/san-pham/MAU-SP-007-ruou-mat-nho-39-script/",
        "source_url": "https://example.org/nguồn",
        "updated_at": properties["updated_at"],
    }
    assert list(properties) == PROPERTIES["products"].split()


@pytest.mark.django_db
def test_unknown_values_are_null(client):
    ProductFactory(code="MAU-1", name="Nho", published=True, source__url="", source__title="Sổ tay")

    result = feature(client, "products", "MAU-1")

    assert result["geometry"] is None
    known = {name: value for name, value in result["properties"].items() if value is not None}
    names = ["code", "name", "name_basis", "ocop_status", "position", "season", "updated_at", "url"]
    assert sorted(known) == names
    assert [known[name] for name in names[3:6]] == ["none", "province", "unknown"]


@pytest.mark.django_db
def test_a_product_without_a_point_states_to_which_unit_it_is_known(client):
    district = UnitFactory(code="997", level=Level.DISTRICT, validity=UNTIL_THE_CHANGE)
    ProductFactory(code="MAU-1", published=True)
    in_district = ProductFactory(code="MAU-2", published=True, declared_district=district)
    ProductFactory(code="MAU-3", published=True, point=at(108.95, 11.55), position="gps")

    def shown(query=""):
        found = features(client, "products", query)
        return {one["id"]: (one["geometry"], one["properties"]["position"]) for one in found}

    assert shown("position=district") == {"MAU-2": (None, "district")}
    assert shown("position=province") == {"MAU-1": (None, "province")}
    assert shown("filter=position IN ('district','province')").keys() == {"MAU-1", "MAU-2"}
    assert shown("position=gps").keys() == {"MAU-3"}
    # The record itself has no such value; a point replaces it.
    assert Product.objects.get(code="MAU-2").position == ""
    in_district.point, in_district.position = at(108.95, 11.55), "map"
    in_district.save()
    assert shown()["MAU-2"][1] == "map"
    schema = client.get(f"{API}/products/schema").json()["properties"]["position"]
    assert schema["enum"] == [*("survey", "gps", "map", "address", "commune"), *KnownUnit.values]


@pytest.mark.django_db
def test_an_approximate_decision_gives_no_invented_date(client, on_day):
    on_day("2026-11-23")
    for code, decided in (
        ("MAU-1", span_of(2023)),
        ("MAU-2", span(None, datetime.date(2022, 10, 1))),
        ("MAU-3", span(None, None)),
    ):
        RatingFactory(product__code=code, product__published=True, decided=decided)

    rated = [
        (f["properties"]["rated_from"], f["properties"]["rated_to"], f["properties"]["ocop_status"])
        for f in features(client, "products")
    ]

    assert rated == [
        ("2023-01-01", "2026-12-31", "unknown"),
        (None, "2025-09-30", "expired"),
        (None, None, "unknown"),
    ]


@pytest.mark.django_db
def test_stars_are_given_only_while_the_rating_is_valid(client, on_day):
    RatingFactory(product__code="MAU-1", product__published=True, on=datetime.date(2023, 11, 23))

    def stars():
        (properties,) = [f["properties"] for f in features(client, "products")]
        return properties["stars"], properties["rated_stars"], properties["ocop_status"]

    on_day("2026-11-23")
    assert stars() == (3, 3, "expiring")
    on_day("2026-11-24")
    assert stars() == (None, 3, "expired")


@pytest.mark.django_db(transaction=True)
def test_a_datetime_has_no_fraction_and_the_offset_of_vietnam(client):
    product = ProductFactory(code="MAU-1", published=True)
    product.refresh_from_db()

    written = feature(client, "products", "MAU-1")["properties"]["updated_at"]

    assert written.endswith("+07:00")
    assert datetime.datetime.fromisoformat(written) == product.updated_at.replace(microsecond=0)


@pytest.mark.django_db(transaction=True)
def test_updated_at_changes_with_values_but_not_with_derived_columns():
    product = ProductFactory(updated_at="2026-01-01T00:00Z")
    start = timezone.now()
    Product.objects.update(search_text="")
    product.refresh_from_db()
    assert product.updated_at < start

    Product.objects.update(name="Nho")

    product.refresh_from_db()
    assert product.updated_at >= start


# --- producers, protections ----------------------------------------------------------------


@pytest.mark.django_db
def test_a_producer_feature_contains_every_known_value(client):
    producer = ProducerFactory(
        code="MAU-CT-001",
        name="HTX Tuấn Tú",
        kind="cooperative",
        website="https://tuantu.example.org/",
        published=True,
        source__url="https://example.org/1",
        declared_district=UnitFactory(code="997", name="Minh Phước"),
    )
    for _ in range(2):
        ProductFactory(producer=producer, published=True)

    properties = feature(client, "producers", "MAU-CT-001")["properties"]

    assert properties == {
        "id": "MAU-CT-001",
        "name": "HTX Tuấn Tú",
        "kind": "cooperative",
        "commune": None,
        "old_commune": None,
        "district": "huyện Minh Phước",
        "position": "district",
        "products": 2,
        "certificates": None,
        "website": "https://tuantu.example.org/",
        "url": "http://127.0.0.1:8000/chu-the/MAU-CT-001-htx-tuan-tu/",
        "source_url": "https://example.org/1",
        "updated_at": properties["updated_at"],
    }


@pytest.mark.django_db
def test_a_right_feature_contains_every_known_value(client, on_day):
    on_day("2026-11-23")
    right = IpRightFactory(
        code="MAU-SH-005",
        name="Nước mắm Cà Nú",
        number="1",
        owner="UBND huyện",
        filed=day_span(datetime.date(2016, 9, 15)),
        granted=span_of(2017),
        expires=datetime.date(2026, 9, 15),
        sector="processing",
        sector_basis="stated",
        area_note="xã Cà Nú",
        area=square(109, 11.5),
        published=True,
        source__url="https://example.org/1",
    )

    for code in ("salt", "fish_sauce"):
        GoodsTypeFactory(right=right, type__code=code)

    result = feature(client, "protections", "MAU-SH-005")

    assert result["geometry"]["type"] == "MultiPolygon"
    assert result["properties"] == {
        "id": "MAU-SH-005",
        "kind": "certification_mark",
        "number": "1",
        "name": "Nước mắm Cà Nú",
        "owner": "UBND huyện",
        "filed": "2016-09-15",
        "granted": "2017",
        "expires": "2026-09-15",
        "status": "renewal_unknown",
        "sector": "processing",
        "goods_types": "fish_sauce; salt",
        "area_note": "xã Cà Nú",
        "products": 0,
        "url": "http://127.0.0.1:8000/bao-ho/MAU-SH-005-nuoc-mam-ca-nu/",
        "source_url": "https://example.org/1",
        "updated_at": result["properties"]["updated_at"],
    }
    assert right.pk


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("values", "day", "found"),
    [
        ({"granted": day_span(datetime.date(2018, 7, 24))}, "2018-07-23", False),
        ({"granted": day_span(datetime.date(2018, 7, 24))}, "2018-07-24", True),
        ({"granted": span_of(2013)}, "2013-01-01", True),
        ({"granted": span_of(2013)}, "2012-12-31", False),
        ({"expires": datetime.date(2026, 9, 15)}, "2026-09-15", True),
        ({"expires": datetime.date(2026, 9, 15)}, "2026-09-16", False),
        ({"expires": datetime.date(2026, 9, 15)}, "2026-09-16/..", False),
        ({"expires": datetime.date(2026, 9, 15)}, "../2026-09-16", True),
        # /req/core/fc-time-response C: a feature without a time matches every time.
        ({}, "1900-01-01", True),
        ({"granted": span(None, datetime.date(2018, 1, 1))}, "1990-01-01", True),
    ],
)
def test_datetime_matches_a_right_from_its_grant_to_its_expiry(client, values, day, found):
    IpRightFactory(code="MAU-SH-1", published=True, **values)

    ids = [f["id"] for f in features(client, "protections", f"datetime={day}")]

    assert ids == (["MAU-SH-1"] if found else [])


# --- units ---------------------------------------------------------------------------------


@pytest.mark.django_db
def test_a_unit_feature_contains_its_predecessors_and_successors(client):
    district = UnitFactory(code="992", name="Phan Lang", kind="thành phố")
    old = UnitFactory(
        code="82738",
        name="Đô Minh",
        name_en="Do Minh",
        kind="phường",
        parent=district,
        validity=UNTIL_THE_CHANGE,
        area=square(109, 11.5),
        source__title="Nghị quyết",
    )
    for code in ("82742", "82741"):
        new = UnitFactory(code=code, validity=SINCE_THE_CHANGE)
        SuccessionFactory(predecessor=old, successor=new, share="0.5")

    result = feature(client, "communes", "82738")

    assert result["properties"] == {
        "code": "82738",
        "name": "Đô Minh",
        "name_en": "Do Minh",
        "kind": "phường",
        "parent_code": "992",
        "parent": "thành phố Phan Lang",
        "valid_from": None,
        "valid_to": "2024-03-01",
        "formed_from": None,
        "became": "82741; 82742",
        "area_km2": 120.66,
        "source": "Nghị quyết",
    }
    successor = feature(client, "communes", "82741-2024-03-01")
    assert (successor["id"], successor["geometry"]) == ("82741-2024-03-01", None)
    assert {
        name: successor["properties"][name]
        for name in ("valid_from", "valid_to", "formed_from", "became", "parent", "area_km2")
    } == {
        "valid_from": "2024-03-01",
        "valid_to": None,
        "formed_from": "82738",
        "became": None,
        "parent": None,
        "area_km2": None,
    }


# --- links ---------------------------------------------------------------------------------


@pytest.mark.django_db
def test_a_feature_links_to_itself_its_page_its_collection_and_its_licence(client, settings):
    product = ProductFactory(code="MAU-1", published=True)

    links = {link["rel"]: link["href"] for link in feature(client, "products", "MAU-1")["links"]}

    assert links == {
        "self": f"{settings.SITE_URL}{API}/products/items/MAU-1",
        "alternate": settings.SITE_URL + product.get_absolute_url(),
        "collection": f"{settings.SITE_URL}{API}/products",
        "license": "https://creativecommons.org/licenses/by/4.0/",
    }
    assert feature(client, "products", "MAU-1")["type"] == "Feature"


@pytest.mark.django_db
def test_the_landing_page_links_to_every_collection(client):
    landing = client.get("/api/v1/").json()
    (data,) = [link["href"] for link in landing["links"] if link["rel"] == "data"]
    described = client.get(data).json()["collections"]

    assert [c["id"] for c in described] == list(PROPERTIES)
    for collection in described:
        # The first link of each relation is the machine-readable one.
        links = {link["rel"]: link for link in reversed(collection["links"])}
        assert client.get(links["self"]["href"]).json()["id"] == collection["id"]
        assert client.get(links["items"]["href"]).json()["type"] == "FeatureCollection"
        assert links["items"]["type"] == "application/geo+json"
        assert links["license"]["title"] == "CC BY 4.0"


@pytest.mark.django_db
def test_items_returns_a_feature_collection_with_counts_timestamp_and_links(client, on_day):
    on_day("2026-11-23")
    ProductFactory(published=True)

    result = client.get(f"{API}/products/items?limit=5").json()

    assert {name: result[name] for name in result if name not in ("features", "links")} == {
        "type": "FeatureCollection",
        "numberMatched": 1,
        "numberReturned": 1,
        "timeStamp": "2026-11-23T12:00:00+07:00",
    }
    assert [(link["rel"], link["href"]) for link in result["links"]] == [
        ("self", f"{settings.SITE_URL}{API}/products/items?limit=5"),
        ("alternate", f"{settings.SITE_URL}{API}/products/items?limit=5&f=html"),
        ("collection", f"{settings.SITE_URL}{API}/products"),
        ("license", "https://creativecommons.org/licenses/by/4.0/"),
        (
            "changes",
            f"{settings.SITE_URL}{API}/products/changes?since={Change.objects.newest()}",
        ),
    ]


# --- the real data -------------------------------------------------------------------------


@pytest.mark.usefixtures("shipped")
@pytest.mark.parametrize(
    ("collection", "column"), [("communes", "geometry"), ("communes", "outline")]
)
def test_coordinates_equal_the_stored_ones(client, collection, column):
    from districts.models import Unit

    query = "limit=1000" + ("&geometry=outline" if column == "outline" else "")
    units = {u.public_id: u for u in Unit.objects.select_related("boundary").filter(level=3)}

    result = features(client, collection, query)

    assert len(result) == 86
    for found in result:
        stored = getattr(units[found["id"]].boundary, column)
        exact = shapely.from_wkb(bytes(stored.wkb))
        ours = shapely.from_geojson(json.dumps(found["geometry"]))
        expected = shapely.get_coordinates(exact).ravel().tolist()
        written = shapely.get_coordinates(ours).ravel().tolist()
        assert written == expected
        assert all(round(number, 7) == number for number in written)


@pytest.mark.usefixtures("shipped")
@pytest.mark.parametrize("query", ["", "geometry=outline"])
@pytest.mark.parametrize("collection", ["districts", "communes", "protections"])
def test_exterior_rings_are_counter_clockwise_as_rfc_7946_requires(client, collection, query):
    geometries = [f["geometry"] for f in features(client, collection, f"limit=1000&{query}")]
    polygons = [
        polygon
        for geometry in geometries
        if geometry
        for polygon in shapely.from_geojson(json.dumps(geometry)).geoms
    ]

    assert len(polygons) >= 3
    assert all(polygon.exterior.is_ccw for polygon in polygons)
    assert not any(hole.is_ccw for polygon in polygons for hole in polygon.interiors)


@pytest.mark.usefixtures("shipped")
def test_feature_values_equal_the_row_values(client, on_day):
    day = on_day("2026-11-23")
    rows = {
        product.code: product
        for product in Product.objects.published()
        .with_rating_on(day)
        .select_related("producer", "commune", "old_commune", "district", "source", "category")
    }

    result = features(client, "products", "limit=1000")

    assert {f["id"] for f in result} == set(rows)
    for found in result:
        row, properties = rows[found["id"]], found["properties"]
        for name, unit in (
            ("commune", row.commune),
            ("old_commune", row.old_commune),
            ("district", row.district),
        ):
            assert properties[name] == (unit.full_name if unit else None)
            assert properties[f"{name}_code"] == (unit.code if unit else None)
        assert properties["name"] == row.name
        assert properties["producer"] == (row.producer.name if row.producer else None)
        assert properties["category"] == (row.category.name if row.category else None)
        assert properties["source_url"] == row.source.url
        assert (properties["stars"], properties["ocop_status"]) == (row.stars, row.ocop_status)
        assert properties["rated_to"] == (row.rated_to.isoformat() if row.rated_to else None)
        if row.point:
            assert found["geometry"]["coordinates"] == list(row.point.coords)


@pytest.mark.usefixtures("shipped")
@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("ocop_status=valid", 11),
        ("ocop_status=expired", 19),
        ("ocop_status=unknown", 27),
        ("ocop_status=none", 7),
        ("ocop_status=revoked", 0),
        ("stars=3", 11),
        ("stars=4", 0),
        ("q=nuoc%20mam", None),
        ("district_code=586", None),
        ("position=commune", None),
    ],
)
def test_filters_return_the_expected_counts_of_real_products(client, on_day, query, count):
    on_day("2026-11-23")
    if count is None:
        count = {
            "q=nuoc%20mam": Product.objects.published().search("nước mắm"),
            "district_code=586": Product.objects.published().filter(district__code="586"),
            "position=commune": Product.objects.published().filter(point__isnull=False),
        }[query].count()
        assert count > 0

    result = client.get(f"{API}/products/items?{query}").json()

    assert (result["numberMatched"], result["numberReturned"]) == (count, count)


# --- number of queries ---------------------------------------------------------------------


@pytest.mark.django_db
@pytest.mark.parametrize("rows", [1, 3])
@pytest.mark.parametrize(
    ("address", "queries"),
    [
        # The revision, the newest change, the page; it has all features, so that none is counted.
        ("items", 3),
        # The revision and the feature.
        ("items/MAU-0", 2),
    ],
)
@pytest.mark.parametrize("collection", ["products", "producers", "protections"])
def test_the_number_of_queries_does_not_depend_on_the_number_of_rows(
    client, django_assert_num_queries, collection, address, queries, rows
):
    for number in range(rows):
        code = f"MAU-{number}"
        producer = ProducerFactory(code=code, published=True)
        product = ProductFactory(code=code, published=True, producer=producer, point=at(109, 11.5))
        RatingFactory(product=product)
        right = IpRightFactory(code=code, published=True, area=square(109, 11.5))
        ProtectedProductFactory(product=product, right=right)

    with django_assert_num_queries(queries):
        response = client.get(f"{API}/{collection}/{address}")

    assert response.status_code == 200
    if address == "items":
        assert response.json()["numberReturned"] == rows


@pytest.mark.django_db
@pytest.mark.parametrize("rows", [1, 3])
@pytest.mark.parametrize("query", ["", "?geometry=outline", "?bbox=108,11,110,12"])
def test_units_take_three_queries(client, django_assert_num_queries, query, rows):
    for number in range(rows):
        UnitFactory(
            code=f"2273{number}", area=square(109, 11.5), parent=UnitFactory(code=f"58{number}")
        )

    with django_assert_num_queries(3):
        result = client.get(f"{API}/communes/items{query}").json()

    assert result["numberReturned"] == rows


@pytest.mark.django_db
def test_a_304_response_takes_one_query(client, django_assert_num_queries):
    ProductFactory(published=True)
    etag = client.get(f"{API}/products/items")["ETag"]

    with django_assert_num_queries(1):
        client.get(f"{API}/products/items", headers={"If-None-Match": etag})


@pytest.mark.parametrize("model", [Product, Producer, IpRight])
def test_every_public_record_has_its_own_url(model):
    record = model(code="MAU-1", name="Nho đỏ")

    assert record.get_absolute_url().endswith("/MAU-1-nho-do/")
