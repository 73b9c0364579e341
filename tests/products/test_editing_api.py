"""The editing API: what officials read and write with QGIS and other programs."""

import datetime
import json

import pghistory.models
import pytest
from django.conf import settings as site
from django.test import Client
from django.urls import reverse

from districts.models import Level
from geodata.models import Source
from geodata.ogc.transactions import LARGEST_BODY
from products.ocop.models import Product
from products.register import proposals, workflow
from products.register.models import Category, Position, Producer, Proposal
from products.register.models.proposals import Channel, ProposalKind
from products.register.sources import department_source
from products.register.states import State
from tests.factories import (
    UNTIL_THE_CHANGE,
    CategoryFactory,
    IngredientFactory,
    ProducerFactory,
    ProductFactory,
    ProductTypeFactory,
    UnitFactory,
    UserFactory,
    at,
    editor_of,
    publisher_of,
    square,
)

pytestmark = pytest.mark.django_db

CRS84 = "http://www.opengis.net/def/crs/OGC/1.3/CRS84"
LAT_LNG = "http://www.opengis.net/def/crs/EPSG/0/4326"
VN2000 = f"http://www.opengis.net/def/crs/EPSG/0/{site.PLACE.grids[0]}"
API = "/api/v1/editing"
PATCH = "application/merge-patch+json"
GEOJSON = "application/geo+json"
STALE = "Người khác vừa lưu hồ sơ này. Hãy tải lại lớp rồi sửa; chưa có gì bị ghi đè."


@pytest.fixture
def commune():
    """A commune in the province, with another one beside it."""
    UnitFactory(
        code=site.PLACE.province_code, validity=UNTIL_THE_CHANGE, area=square(108.9, 11.5, 0.2)
    )
    return UnitFactory(name="An Hậu", validity=UNTIL_THE_CHANGE, area=square(108.9, 11.5))


@pytest.fixture
def elsewhere(commune):
    return UnitFactory(name="Bình Hậu", validity=UNTIL_THE_CHANGE, area=square(109, 11.5))


@pytest.fixture
def editor(commune):
    return editor_of(commune)


@pytest.fixture
def publisher(commune):
    return publisher_of(commune)


@pytest.fixture
def as_editor(editor):
    return logged_in(editor)


@pytest.fixture
def product(commune):
    """A public product."""
    return ProductFactory(
        code="MAU-1",
        name="Nho đỏ",
        published=True,
        declared_commune=commune,
        point=at(108.91, 11.51),
        description="Ngọt",
    )


@pytest.fixture
def draft(commune):
    return ProductFactory(
        code="MAU-2", name="Táo xanh", declared_commune=commune, point=at(108.92, 11.52)
    )


def logged_in(user):
    client = Client()
    client.force_login(user)
    return client


def item(record, collection="products"):
    return reverse("editing:item", args=[collection, record.code])


ITEMS = f"{API}/collections/products/items"


def feature(coordinates=(108.95, 11.55), **properties):
    point = coordinates and {"type": "Point", "coordinates": list(coordinates)}
    return {"type": "Feature", "geometry": point, "properties": {"name": "Nho", **properties}}


def post(client, body, address=ITEMS, **headers):
    return client.post(address, body, content_type=GEOJSON, headers=headers)


def put(client, record, body, **headers):
    return client.put(item(record), body, content_type=GEOJSON, headers=headers)


def patch(client, record, body, *, collection="products", **headers):
    return client.patch(item(record, collection), body, content_type=PATCH, headers=headers)


def properties(client, record, query=""):
    return client.get(item(record) + query).json()["properties"]


def detail(response, status):
    """The first member of the problem document, after checking its status and type."""
    assert (response.status_code, response["Content-Type"]) == (status, "application/problem+json")
    assert "Location" not in response
    first, *_others = response.json()
    assert first == "detail"
    return response.json()["detail"]


def acts_of(record):
    """(act, channel, id of the user) of each event of the record, newest first."""
    events = workflow.events_of(record)
    contexts = [event.pgh_context or {} for event in events]
    return [(c.get("act"), c.get("channel"), c.get("user")) for c in contexts]


# --- reading -------------------------------------------------------------------------------


def test_the_landing_page_leads_to_the_items(as_editor, product):
    landing = as_editor.get(f"{API}/").json()
    links = {link["rel"]: link["href"] for link in landing["links"]}

    path = links["data"].removeprefix(site.SITE_URL)
    listed = as_editor.get(path).json()["collections"]
    names = ["products", "producers", "sales-points", "craft-villages"]
    assert [collection["id"] for collection in listed] == names
    of_products = {link["rel"]: link["href"] for link in listed[0]["links"]}
    items = as_editor.get(of_products["items"].removeprefix(site.SITE_URL)).json()
    assert [one["id"] for one in items["features"]] == ["MAU-1"]
    declared = as_editor.get(links["conformance"].removeprefix(site.SITE_URL)).json()
    for name in ("create-replace-delete", "update", "features"):
        uri = f"http://www.opengis.net/spec/ogcapi-features-4/1.0/conf/{name}"
        assert uri in declared["conformsTo"]
    assert not any("optimistic" in name for name in declared["conformsTo"])


def test_records_of_every_state_are_listed_with_their_state_and_no_others(
    as_editor, commune, elsewhere
):
    for state in State.values:
        ProductFactory(
            code=f"MAU-{state.upper()}-1",
            state=state,
            published_at="2026-01-01T00:00Z" if state == "published" else None,
            declared_commune=commune,
        )
    ProductFactory(code="XA-1", declared_commune=elsewhere)
    ProductFactory(code="XA-2")

    features = as_editor.get(ITEMS).json()["features"]

    assert {one["id"]: one["properties"]["state"] for one in features} == {
        f"MAU-{state.upper()}-1": state for state in State.values
    }
    assert {one["properties"]["pending"] for one in features} == {False}


def test_pages_filters_and_boxes_work_on_the_editable_records(as_editor, commune, elsewhere):
    for number in range(5):
        ProductFactory(
            code=f"MAU-{number}",
            name=f"Nho {number}",
            declared_commune=commune,
            point=at(108.91 + number / 100, 11.51),
        )
    ProductFactory(code="XA-1", name="Nho 9", declared_commune=elsewhere, point=at(109.01, 11.51))

    def codes(query):
        body = as_editor.get(f"{ITEMS}?{query}").json()
        return [one["id"] for one in body["features"]], body["numberMatched"]

    assert codes("limit=2&sortby=-name") == (["MAU-4", "MAU-3"], 5)
    following = as_editor.get(f"{ITEMS}?limit=2&sortby=-name").json()["links"]
    (address,) = [link["href"] for link in following if link["rel"] == "next"]
    page = as_editor.get(address.removeprefix(site.SITE_URL)).json()
    assert [one["id"] for one in page["features"]] == ["MAU-2", "MAU-1"]
    assert codes("name=Nho 3") == (["MAU-3"], 1)
    assert codes("filter=name LIKE 'Nho %25' AND state = 'draft'&limit=1") == (["MAU-0"], 5)
    assert codes("bbox=108.925,11.5,109.2,11.6") == (["MAU-2", "MAU-3", "MAU-4"], 3)
    assert codes("q=nho+3") == (["MAU-3"], 1)
    assert codes("bbox=109.0,11.5,109.2,11.6") == ([], 0)


@pytest.mark.parametrize("name", ["schema", "queryables", "sortables", "feature"])
def test_every_schema_describes_the_properties(as_editor, name):
    schema = as_editor.get(f"{API}/collections/products/{name}").json()

    named = schema["properties"]
    named = named["properties"]["properties"] if name == "feature" else named
    assert {"name", "state", "pending", "version", "description"} <= named.keys()


def test_the_schema_tells_what_is_writable_and_required(as_editor):
    schema = as_editor.get(f"{API}/collections/products/schema").json()

    writable = {name for name, one in schema["properties"].items() if not one.get("readOnly")}
    assert writable == {
        *("name", "name_en", "original_name", "producer_id", "category_code", "type"),
        *("made_from", "sector"),
        *("description", "gtin", "trace_url", "position", "address", "geometry"),
    }
    assert schema["required"] == ["name"]


def test_the_openapi_document_describes_every_method(as_editor):
    response = as_editor.get(f"{API}/api")

    assert response["Content-Type"] == "application/vnd.oai.openapi+json;version=3.0"
    paths = response.json()["paths"]
    described = {path: {*methods} - {"parameters"} for path, methods in paths.items()}
    assert described["/collections/products/items"] == {"get", "post"}
    assert described["/collections/producers/items/{featureId}"] == {
        *("get", "put", "patch", "delete"),
    }
    for path in described:
        path = path.replace("{featureId}", "MAU-1")
        assert as_editor.get(f"{API}{path}").status_code in (200, 404), path


def test_coordinates_are_returned_in_the_requested_system(as_editor, product):
    numbers = {}
    for uri in (CRS84, LAT_LNG, VN2000):
        response = as_editor.get(item(product), {"crs": uri})
        assert response["Content-Crs"] == f"<{uri}>"
        numbers[uri] = response.json()["geometry"]["coordinates"]

    assert numbers[CRS84] == [108.91, 11.51]
    assert numbers[LAT_LNG] == [11.51, 108.91]
    easting, northing = numbers[VN2000]
    assert easting > 100_000
    assert 1_200_000 < northing < 1_300_000


def test_nothing_is_cached(as_editor, product):
    for response in (
        as_editor.get(f"{API}/"),
        as_editor.get(f"{API}/collections"),
        as_editor.get(ITEMS),
        as_editor.get(item(product)),
        as_editor.options(ITEMS),
        patch(as_editor, product, {"properties": {"name": "Nho xanh"}}),
        patch(as_editor, product, "{"),
        Client().get(ITEMS),
    ):
        assert response["Cache-Control"] == "private, no-store", response
        assert {"Authorization", "Cookie"} <= {*response["Vary"].split(", ")}


# --- rights --------------------------------------------------------------------------------


READING = {"GET", "HEAD", "OPTIONS"}


def allowed(client, address):
    response = client.options(address)
    assert response.status_code == 200
    assert response.content == b""
    return {*response["Allow"].split(", ")} - READING


def test_options_depend_on_what_the_user_may_do(commune, elsewhere, product, draft):
    review = ProductFactory(code="MAU-3", state=State.REVIEW, declared_commune=commune)
    withdrawn = ProductFactory(
        code="MAU-4", state="withdrawn", published_at="2026-01-01T00:00Z", declared_commune=commune
    )
    for user in (editor_of(commune), publisher_of(commune)):
        client = logged_in(user)
        assert allowed(client, ITEMS) == {"POST"}
        # Whatever the state: QGIS enables editing by the methods of the first feature alone.
        for record in (draft, review, product, withdrawn):
            assert allowed(client, item(record)) == {"PUT", "PATCH", "DELETE"}
    staff = logged_in(UserFactory())
    assert allowed(staff, ITEMS) == set()
    assert staff.get(ITEMS).json()["features"] == []
    foreign = logged_in(publisher_of(elsewhere))
    assert allowed(foreign, ITEMS) == {"POST"}
    assert foreign.options(item(draft)).status_code == 404


def test_nobody_reads_or_writes_without_being_an_official(product):
    visitor, citizen = Client(), logged_in(UserFactory(is_staff=False))
    addresses = [f"{API}/", f"{API}/collections", f"{API}/api", ITEMS, item(product)]

    for client, status in ((visitor, 401), (citizen, 403)):
        for address in addresses:
            assert client.get(address).status_code == status, address
            assert client.options(address).status_code == status
        for response in (
            post(client, feature()),
            put(client, product, feature()),
            patch(client, product, {"properties": {"name": "X"}}),
            client.delete(item(product)),
        ):
            assert response.status_code == status
            assert "Nho" not in response.content.decode()
    assert [*Product.objects.values_list("name", "state")] == [("Nho đỏ", "published")]
    assert not Proposal.objects.exists()


def test_an_official_of_another_area_finds_no_record_here(elsewhere, product, draft):
    for user in (editor_of(elsewhere), publisher_of(elsewhere)):
        client = logged_in(user)
        for record in (product, draft):
            for response in (
                client.get(item(record)),
                put(client, record, feature()),
                patch(client, record, {"properties": {"name": "X"}}),
                client.delete(item(record)),
            ):
                assert detail(response, 404) == f"Không có “{record.code}” trong bộ dữ liệu này."
    assert Product.objects.count() == 2
    assert not Proposal.objects.exists()


def test_an_editor_may_not_write_a_record_in_review(as_editor, commune):
    review = ProductFactory(state=State.REVIEW, declared_commune=commune, name="Nho")

    sentence = "Hồ sơ đang chờ duyệt: chỉ người có quyền công bố sửa được."
    assert detail(patch(as_editor, review, {"properties": {"name": "X"}}), 403) == sentence
    assert detail(as_editor.delete(item(review)), 403) == sentence
    assert Product.objects.get().name == "Nho"


def test_a_session_needs_the_csrf_token_and_the_own_origin(commune, draft):
    client = Client(enforce_csrf_checks=True)
    client.force_login(editor_of(commune))
    body = {"properties": {"name": "Nho xanh"}}
    assert patch(client, draft, body).status_code == 403

    client.get(reverse("admin:index"))
    client.get(reverse("admin:ocop_product_add"))
    token = client.cookies["csrftoken"].value
    foreign = {"X-CSRFToken": token, "Origin": "https://example.org"}
    assert patch(client, draft, body, **foreign).status_code == 403
    assert Product.objects.get().name == "Táo xanh"

    own = {"X-CSRFToken": token, "Origin": "http://testserver"}
    assert patch(client, draft, body, **own).status_code == 200


def test_a_method_that_an_address_lacks_is_405_and_allow_names_the_others(as_editor, draft):
    response = as_editor.delete(ITEMS)

    assert detail(response, 405) == (
        "Địa chỉ này không nhận phương thức đó; Allow nêu những phương thức dùng được."
    )
    assert response["Allow"] == "GET, HEAD, OPTIONS, POST"
    assert as_editor.post(item(draft), "{}", content_type=GEOJSON).status_code == 405


# --- creating ------------------------------------------------------------------------------


def test_a_new_feature_is_a_draft_with_a_location(as_editor, editor, commune):
    producer = ProducerFactory(code="CT-1", name="HTX Thái An", declared_commune=commune)
    CategoryFactory(code="1.1", scheme=Category.Scheme.QD1048)
    category = CategoryFactory(code="1.1", scheme=Category.Scheme.QD148)

    response = post(
        as_editor,
        feature(
            name="  Nước mắm Giả Định – ủ chượp  ",
            name_en="Fish sauce",
            producer_id="CT-1",
            category_code="1.1",
            sector="processing",
            description="Ủ 12 tháng.\nĐậm đà.",
            gtin="8930000000019",
            trace_url="https://example.org/truy-xuat",
            address="thôn Lạc Sơn",
            pending=None,
            state="",
        ),
    )

    assert (response.status_code, response["Content-Crs"]) == (201, f"<{CRS84}>")
    product = Product.objects.get()
    assert response["Location"] == f"{site.SITE_URL}{item(product)}"
    assert (product.state, product.name) == (State.DRAFT, "Nước mắm Giả Định – ủ chượp")
    assert (product.point.coords, product.position) == ((108.95, 11.55), Position.MAP)
    assert (product.producer, product.producer_basis) == (producer, "stated")
    assert (product.category, product.category_basis) == (category, "stated")
    assert (product.sector, product.sector_basis) == ("processing", "stated")
    assert product.description == "Ủ 12 tháng.\nĐậm đà."
    assert (product.old_commune, product.source) == (commune, department_source())
    shown = as_editor.get(response["Location"].removeprefix(site.SITE_URL))
    assert shown.json()["properties"] == response.json()["properties"]
    assert shown["ETag"] == response["ETag"] == f'"{product.version}"'
    assert response.json()["properties"]["producer"] == "HTX Thái An"
    assert {*acts_of(product)} == {("api", "api", editor.pk)}


def test_new_records_share_one_source(as_editor):
    for _number in range(2):
        assert post(as_editor, feature()).status_code == 201

    assert Product.objects.values("source").distinct().count() == 1


def test_a_producer_is_created_moved_and_renamed(as_editor):
    address = f"{API}/collections/producers/items"
    response = post(as_editor, feature(name="HTX Mật Nho"), address)
    producer = Producer.objects.get()
    assert (response.status_code, producer.name) == (201, "HTX Mật Nho")

    body = {"properties": {"address": "thôn An"}, "geometry": feature((108.96, 11.56))["geometry"]}
    assert patch(as_editor, producer, body, collection="producers").status_code == 200

    producer.refresh_from_db()
    assert (producer.address, producer.point.coords) == ("thôn An", (108.96, 11.56))


def test_a_new_feature_outside_the_area_is_refused(as_editor, elsewhere):
    response = post(as_editor, feature((109.05, 11.55)))
    assert "địa bàn của cán bộ khác" in detail(response, 400)

    response = post(as_editor, feature(None))
    assert "chưa rõ thuộc địa bàn nào" in detail(response, 400)

    assert not Product.objects.exists()
    assert not Source.objects.filter(title__startswith="Hồ sơ của").exists()


@pytest.mark.parametrize("properties", [{"name": None}, {"name": " "}, {"name": ""}])
def test_a_missing_name_is_refused_in_words(as_editor, properties):
    assert detail(post(as_editor, feature(**properties)), 400) == "Thiếu “Tên”."
    assert not Product.objects.exists()


# --- changing ------------------------------------------------------------------------------


def test_a_patch_of_properties_keeps_the_geometry_and_reverse(as_editor, draft):
    Product.objects.filter(pk=draft.pk).update(address="thôn An", position="gps")

    response = patch(as_editor, draft, {"properties": {"name": "Táo đỏ", "name_en": None}})
    assert response.status_code == 200
    draft.refresh_from_db()
    assert (draft.name, draft.address) == ("Táo đỏ", "thôn An")
    assert (draft.point.coords, draft.position) == ((108.92, 11.52), "gps")

    response = patch(as_editor, draft, {"geometry": feature((108.95, 11.55))["geometry"]})
    assert response.json()["geometry"]["coordinates"] == [108.95, 11.55]
    draft.refresh_from_db()
    assert (draft.point.coords, draft.position) == ((108.95, 11.55), "gps")
    assert (draft.name, draft.address) == ("Táo đỏ", "thôn An")


def test_put_replaces_everything_and_keeps_what_is_sent_unchanged(as_editor, draft):
    Product.objects.filter(pk=draft.pk).update(description="Giòn", address="thôn An")
    shown = as_editor.get(item(draft)).json()
    version = Product.objects.get().version

    response = put(as_editor, draft, shown)
    assert response.status_code == 200
    assert Product.objects.get().version == version

    shown["properties"] |= {"description": None, "name": "Táo Giả Định"}
    del shown["properties"]["address"]
    assert put(as_editor, draft, shown).status_code == 200
    draft.refresh_from_db()
    assert (draft.name, draft.description, draft.address) == ("Táo Giả Định", "", "")
    assert draft.point.coords == (108.92, 11.52)

    shown = as_editor.get(item(draft)).json()
    assert put(as_editor, draft, {**shown, "geometry": None}).status_code == 200
    draft.refresh_from_db()
    # The declared commune is known, but has no centre in view of its boundary: see Located.
    assert draft.position == "commune"


def test_a_moved_point_loses_the_accuracy_of_the_former_one(as_editor, draft):
    Product.objects.filter(pk=draft.pk).update(accuracy_m=2)

    for coordinates, accuracy in (((108.92, 11.52), 2), ((108.93, 11.52), None)):
        body = {"geometry": feature(coordinates)["geometry"]}
        assert patch(as_editor, draft, body).status_code == 200
        draft.refresh_from_db()
        assert draft.accuracy_m == accuracy


def test_a_moved_point_of_a_commune_becomes_a_point_on_the_map(as_editor, commune):
    product = ProductFactory(declared_commune=commune, point=at(108.95, 11.55), position="commune")

    response = patch(as_editor, product, {"geometry": feature((108.91, 11.51))["geometry"]})

    product.refresh_from_db()
    assert (response.status_code, product.position) == (200, Position.MAP)
    assert product.point.coords == (108.91, 11.51)


@pytest.mark.parametrize("uri", [CRS84, LAT_LNG, VN2000])
def test_a_point_comes_back_as_it_was_read_in_every_system(as_editor, draft, uri):
    shown = as_editor.get(item(draft), {"crs": uri}).json()
    version = Product.objects.get().version
    headers = {"Content-Crs": f"<{uri}>"}

    assert put(as_editor, draft, shown, **headers).status_code == 200
    assert Product.objects.get().version == version

    step = 10 if uri == VN2000 else 0.0001
    moved = [number + step for number in shown["geometry"]["coordinates"]]
    response = patch(as_editor, draft, {"geometry": feature(moved)["geometry"]}, **headers)
    assert response["Content-Crs"] == headers["Content-Crs"]
    assert response.json()["geometry"]["coordinates"] == pytest.approx(moved, abs=0.011)
    draft.refresh_from_db()
    assert draft.point.x == pytest.approx(108.9201, abs=0.00003)
    assert draft.point.y == pytest.approx(11.5201, abs=0.00003)


def test_read_only_values_are_accepted_unchanged_and_refused_otherwise(as_editor, draft):
    shown = properties(as_editor, draft)
    body = {"properties": {**shown, "name": "Táo đỏ", "updated_at": shown["updated_at"]}}
    assert patch(as_editor, draft, body).status_code == 200

    body = {"properties": {"name": "Táo vàng", "state": "published", "code": "MAU-9"}}
    assert detail(patch(as_editor, draft, body), 400) == "Không sửa được ở đây: code, state."
    body = {"properties": {"name": "Táo vàng", "stars": 5}}
    assert detail(patch(as_editor, draft, body), 400) == "Không có thuộc tính: stars."
    assert "Không sửa được ở đây: code." in detail(post(as_editor, feature(code="MAU-9")), 400)
    assert [*Product.objects.values_list("name", "state")] == [("Táo đỏ", "draft")]


def test_times_may_be_sent_in_another_zone(as_editor, draft):
    at_home = properties(as_editor, draft)["updated_at"]
    in_utc = datetime.datetime.fromisoformat(at_home).astimezone(datetime.UTC)
    text = in_utc.strftime("%Y-%m-%dT%H:%M:%S.000Z")
    body = {"properties": {"name": "Táo đỏ", "updated_at": text}}

    assert patch(as_editor, draft, body).status_code == 200


@pytest.mark.parametrize(
    ("properties", "sentence"),
    [
        ({"gtin": "12"}, "Mã GTIN: GTIN có 8, 12, 13 hoặc 14 chữ số."),
        ({"producer_id": "KHONG-1"}, "Không có chủ thể mang mã “KHONG-1”."),
        ({"category_code": "9.9"}, "Không có nhóm sản phẩm mang mã “9.9”."),
        ({"sector": "bay"}, "Lĩnh vực: Giá trị 'bay' không phải là lựa chọn hợp lệ."),
        ({"position": "đoán"}, "Vị trí lấy từ: Giá trị 'đoán' không phải là lựa chọn hợp lệ."),
        ({"trace_url": "javascript:alert(1)"}, "Truy xuất nguồn gốc: Nhập một URL hợp lệ."),
        ({"name": "Nho\u202e"}, "Tên: "),
        ({"name": "x" * 201}, "Tên: "),
        ({"name": 5}, "“Tên” phải là chữ."),
        ({"name": {"vi": "Nho"}}, "“Tên” phải là chữ."),
    ],
)
def test_values_against_the_rules_are_refused_in_words(as_editor, draft, properties, sentence):
    assert detail(patch(as_editor, draft, {"properties": properties}), 400).startswith(sentence)
    assert Product.objects.get().name == "Táo xanh"


@pytest.mark.parametrize("public", ["district", "province"])
def test_the_position_that_the_public_layers_have_without_a_point_is_none(commune, public):
    district = UnitFactory(
        code="997",
        level=Level.DISTRICT,
        validity=UNTIL_THE_CHANGE,
        area=commune.boundary.geometry,
    )
    record = ProductFactory(code="MAU-3", name="Nho", declared_district=district)
    as_editor = logged_in(editor_of(district))
    shown = as_editor.get(item(record)).json()

    assert put(as_editor, record, shown).status_code == 200
    del shown["properties"]["version"]
    shown["properties"]["position"] = public
    response = put(as_editor, record, shown)
    assert response.status_code == 200, response.content.decode()
    record.refresh_from_db()
    assert (record.point, record.position, record.version) == (None, "", 1)
    # With a point it is one that was put on the map.
    shown |= {"geometry": feature()["geometry"]}
    assert put(as_editor, record, shown).status_code == 200
    record.refresh_from_db()
    assert (record.point.coords, record.position) == ((108.95, 11.55), "map")


# --- public records: proposals -------------------------------------------------------------


def public(client, record):
    return client.get(f"/api/v1/collections/products/items/{record.code}").json()


@pytest.mark.parametrize("role", [editor_of, publisher_of])
def test_a_change_of_a_public_record_is_a_proposal_that_its_author_sees(
    client, commune, product, role
):
    author = role(commune)
    mine, others = logged_in(author), logged_in(publisher_of(commune))
    producer = ProducerFactory(code="CT-1", name="HTX Thái An", published=True)

    body = {"name": "Nho đen", "producer_id": "CT-1", "sector": "crops"}
    response = patch(mine, product, {"properties": body})
    point = {"geometry": feature((108.95, 11.55))["geometry"]}
    moved = patch(mine, product, point)

    assert (response.status_code, moved.status_code) == (200, 200)
    shown = moved.json()
    assert shown["geometry"]["coordinates"] == [108.95, 11.55]
    expected = {**body, "producer": "HTX Thái An", "pending": True, "state": "published"}
    assert {name: shown["properties"][name] for name in expected} == expected
    # Found by the values that are shown.
    for query in ("name=Nho đen", "filter=pending = TRUE", "bbox=108.94,11.54,108.96,11.56"):
        (found,) = mine.get(f"{ITEMS}?{query}").json()["features"]
        assert found["properties"] == shown["properties"]
    assert mine.get(f"{ITEMS}?producer_id=CT-1").json()["numberMatched"] == 1

    proposal = Proposal.objects.get()
    assert (proposal.author, proposal.channel) == (author, Channel.API)
    assert proposal.kind == ProposalKind.CHANGE
    assert properties(others, product)["pending"] is False
    assert properties(others, product)["name"] == "Nho đỏ"
    assert public(client, product)["properties"]["name"] == "Nho đỏ"
    assert public(client, product)["geometry"]["coordinates"] == [108.91, 11.51]
    assert producer.products.count() == 0


def test_the_public_feature_changes_when_a_publisher_accepts(client, as_editor, editor, product):
    patch(as_editor, product, {"properties": {"name": "Nho đen"}})
    proposal = Proposal.objects.get()
    publisher = publisher_of(product.declared_commune)

    proposals.decide(
        proposal,
        {"name"},
        by=publisher,
        revision=proposal.revision,
        base_version=product.version,
    )

    assert public(client, product)["properties"]["name"] == "Nho đen"
    shown = properties(as_editor, product)
    assert (shown["name"], shown["pending"]) == ("Nho đen", False)
    context = workflow.events_of(product).first().pgh_context
    assert (context["author"], context["user"]) == (editor.pk, publisher.pk)


def test_later_changes_are_merged_into_the_own_proposal_and_can_be_taken_back(as_editor, product):
    first = patch(as_editor, product, {"properties": {"name": "Nho đen"}})
    second = patch(as_editor, product, {"properties": {"address": "thôn An"}})

    proposal = Proposal.objects.get()
    assert {*proposal.fields} == {"name", "address"}
    assert first["ETag"] != second["ETag"]

    shown = as_editor.get(item(product)).json()
    revision = proposal.revision
    assert put(as_editor, product, shown).status_code == 200
    proposal.refresh_from_db()
    assert proposal.revision == revision

    patch(as_editor, product, {"properties": {"name": "Nho đỏ", "address": None}})
    assert properties(as_editor, product)["pending"] is False


def test_a_publisher_who_may_publish_alone_changes_the_public_record(
    client, self_publish, publisher, product
):
    response = patch(logged_in(publisher), product, {"properties": {"name": "Nho đen"}})

    assert response.json()["properties"]["pending"] is False
    assert public(client, product)["properties"]["name"] == "Nho đen"
    assert acts_of(product)[0] == ("api", "api", publisher.pk)
    assert not Proposal.objects.exists()


def test_a_refused_proposal_is_not_stored(as_editor, product):
    response = patch(as_editor, product, {"geometry": feature((109.5, 11.5))["geometry"]})

    assert "cách ranh giới" in detail(response, 400)
    assert not Proposal.objects.exists()


# --- two clients ---------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_the_second_of_two_clients_sees_the_conflict(commune, draft):
    first, second = logged_in(editor_of(commune)), logged_in(editor_of(commune))
    tag = first.get(item(draft))["ETag"]
    shown = second.get(item(draft)).json()
    assert second.get(item(draft))["ETag"] == tag

    saved = patch(first, draft, {"properties": {"name": "Táo đỏ"}}, **{"If-Match": tag})
    assert saved.status_code == 200

    stale = patch(second, draft, {"properties": {"name": "Táo vàng"}}, **{"If-Match": tag})
    assert detail(stale, 412) == STALE
    assert detail(second.delete(item(draft), headers={"If-Match": tag}), 412) == STALE
    # Without If-Match, the version among the properties is the one that the client has read.
    shown["properties"]["name"] = "Táo vàng"
    assert detail(put(second, draft, shown), 409) == STALE
    assert Product.objects.get().name == "Táo đỏ"

    now = second.get(item(draft))["ETag"]
    weak = patch(second, draft, {"properties": {"name": "X"}}, **{"If-Match": f"W/{now}"})
    assert weak.status_code == 412
    either = {"If-Match": f'"0", {now}'}
    assert patch(second, draft, {"properties": {"name": "Táo vàng"}}, **either).status_code == 200
    assert (
        patch(second, draft, {"properties": {"name": "X"}}, **{"If-Match": "*"}).status_code == 200
    )


def test_the_tag_changes_with_the_own_proposal_only(as_editor, commune, product):
    other = logged_in(editor_of(commune))
    before = as_editor.get(item(product))["ETag"]

    after = patch(as_editor, product, {"properties": {"name": "Nho đen"}})["ETag"]

    assert as_editor.get(item(product))["ETag"] == after != before
    assert other.get(item(product))["ETag"] == before
    stale = patch(as_editor, product, {"properties": {"name": "X"}}, **{"If-Match": before})
    assert stale.status_code == 412


# --- deleting ------------------------------------------------------------------------------


def test_a_draft_that_was_never_public_is_deleted(as_editor, editor, draft):
    key = draft.pk

    response = as_editor.delete(item(draft))

    assert (response.status_code, response.content) == (204, b"")
    assert not Product.objects.exists()
    event = pghistory.models.Events.objects.filter(
        pgh_obj_model="ocop.Product", pgh_obj_id=key, pgh_label="delete"
    ).get()
    assert event.pgh_context["user"] == editor.pk
    assert event.pgh_context["channel"] == "api"
    assert as_editor.delete(item(draft)).status_code == 404


@pytest.mark.parametrize("role", [editor_of, publisher_of])
def test_deleting_a_public_record_proposes_its_withdrawal(client, commune, product, role):
    user = role(commune)
    mine = logged_in(user)

    for _time in range(2):
        assert mine.delete(item(product)).status_code == 204

    proposal = Proposal.objects.get()
    assert (proposal.kind, proposal.reason) == ("withdraw", "Rút qua chương trình ngoài")
    assert (proposal.author, proposal.channel) == (user, "api")
    assert public(client, product)["properties"]["name"] == "Nho đỏ"
    assert properties(mine, product)["pending"] is True


def test_a_publisher_who_may_publish_alone_withdraws(self_publish, publisher, product):
    assert logged_in(publisher).delete(item(product)).status_code == 204

    product.refresh_from_db()
    assert (product.state, product.state_reason) == ("withdrawn", "Rút qua chương trình ngoài")
    assert acts_of(product)[0] == ("withdraw", "api", publisher.pk)
    sentence = "Hồ sơ đã từng công bố thì không xoá được nữa."
    assert detail(logged_in(publisher).delete(item(product)), 409) == sentence


def test_a_producer_that_is_needed_is_not_deleted(as_editor, commune):
    producer = ProducerFactory(declared_commune=commune)
    ProductFactory(producer=producer)

    response = as_editor.delete(item(producer, "producers"))

    assert detail(response, 409) == "Không xoá được: hồ sơ khác còn dùng hồ sơ này."
    assert Producer.objects.exists()


def test_a_producer_with_public_products_is_not_withdrawn(self_publish, publisher, commune):
    producer = ProducerFactory(declared_commune=commune, published=True)
    ProductFactory(producer=producer, published=True)

    response = logged_in(publisher).delete(item(producer, "producers"))

    assert detail(response, 409) == "Chủ thể còn 1 sản phẩm đang công bố."


# --- redirects -----------------------------------------------------------------------------


@pytest.mark.parametrize("slash", ["", "/"])
def test_no_address_redirects_with_or_without_a_slash_at_its_end(as_editor, draft, slash):
    created = post(as_editor, feature(), ITEMS + slash)
    assert created.status_code == 201
    address = item(draft) + slash
    body = {"properties": {"name": "Táo đỏ"}}
    assert as_editor.patch(address, body, content_type=PATCH).status_code == 200
    shown = as_editor.get(address).json()
    assert as_editor.put(address, shown, content_type=GEOJSON).status_code == 200
    assert as_editor.delete(address).status_code == 204
    for path in ("", "/api", "/collections", "/collections/products", "/conformance"):
        assert as_editor.get(f"{API}{path}{slash}").status_code == 200
    for name in ("schema", "queryables", "items"):
        assert as_editor.get(f"{API}/collections/products/{name}{slash}").status_code == 200
    assert as_editor.post(f"{API}/nowhere", "{}", content_type=GEOJSON).status_code == 404
    # The address of an earlier release.
    assert as_editor.get(f"{API}/products/MAU-2{slash}").status_code == 404


def test_an_unencrypted_request_is_refused_not_redirected(settings, as_editor, draft):
    settings.HTTPS = settings.SECURE_SSL_REDIRECT = True
    body = {"properties": {"name": "Táo đỏ"}}

    sentence = "Địa chỉ này chỉ dùng được qua https."
    assert detail(patch(as_editor, draft, body), 403) == sentence
    assert detail(as_editor.get(f"{API}/"), 403) == sentence
    assert Product.objects.get().name == "Táo xanh"
    assert as_editor.get("/api/v1/").status_code == 301
    secure = as_editor.patch(item(draft), body, content_type=PATCH, secure=True)
    assert secure.status_code == 200


# --- hostile bodies ------------------------------------------------------------------------


def nested(depth):
    return "[" * depth + "]" * depth


POINT = '{"type":"Point","coordinates":[108.95,11.55]}'
NO_POINT = "Cần một Point của GeoJSON với hai số."
NO_JSON = "Nội dung gửi lên không phải là JSON đọc được."
NO_FEATURE = "Cần một Feature của GeoJSON."


def body(geometry=POINT, properties='{"name":"Nho"}', more=""):
    text = '{"type":"Feature","geometry":%s,"properties":%s%s}'
    return text % (geometry, properties, more)


HOSTILE = {
    "empty": ("", 400, NO_FEATURE),
    "no JSON": ("{", 400, NO_JSON),
    "XML": ("<a/>", 400, NO_JSON),
    "another encoding": (body(properties='{"name":"Ng\xf4"}').encode("latin-1"), 400, NO_JSON),
    "list": ("[]", 400, NO_FEATURE),
    "null": ("null", 400, NO_FEATURE),
    "bare geometry": (POINT, 400, NO_FEATURE),
    "feature collection": ('{"type":"FeatureCollection","features":[]}', 400, NO_FEATURE),
    "deep": (nested(40_000), 400, "Nội dung lồng nhau quá sâu."),
    "deep inside": (body(more=',"x":' + nested(50)), 400, "Nội dung lồng nhau quá sâu."),
    "NaN": (body('{"type":"Point","coordinates":[NaN,11.5]}'), 400, NO_JSON),
    "Infinity": (body('{"type":"Point","coordinates":[1e999,11.5]}'), 400, NO_POINT),
    "huge integer": (body('{"type":"Point","coordinates":[1%s,11]}' % ("0" * 400)), 400, NO_POINT),
    "too many digits": (body('{"type":"Point","coordinates":[1%s,1]}' % ("0" * 9_000)), 400, ""),
    "text as number": (body('{"type":"Point","coordinates":["108.9","11.5"]}'), 400, NO_POINT),
    "true as number": (body('{"type":"Point","coordinates":[true,11.5]}'), 400, NO_POINT),
    "one number": (body('{"type":"Point","coordinates":[108.9]}'), 400, NO_POINT),
    "four numbers": (body('{"type":"Point","coordinates":[108.9,11.5,0,0]}'), 400, NO_POINT),
    "a line": (body('{"type":"LineString","coordinates":[[1,2],[3,4]]}'), 400, NO_POINT),
    "a multipoint": (body('{"type":"MultiPoint","coordinates":[[108.9,11.5]]}'), 400, NO_POINT),
    "a collection": (body('{"type":"GeometryCollection","geometries":[]}'), 400, NO_POINT),
    "WKT": (body('"SRID=3857;POINT(1 2)"'), 400, NO_POINT),
    "exchanged": (body('{"type":"Point","coordinates":[11.5,108.9]}'), 400, "Vĩ độ nằm trong"),
    "crs": (body(more=',"crs":{"type":"name"}'), 400, "Hệ toạ độ nêu ở đầu mục Content-Crs"),
    "crs inside": (body(POINT[:-1] + ',"crs":1}'), 400, "Hệ toạ độ nêu ở đầu mục Content-Crs"),
    "repeated name": (body(properties='{"name":"Nho","name":"Táo"}'), 400, NO_JSON),
    "repeated member": (body(more=',"properties":{"name":"Táo"}'), 400, NO_JSON),
    "properties null": (body(properties="null"), 400, "properties phải là một đối tượng"),
    "properties list": (body(properties="[]"), 400, "properties phải là một đối tượng"),
    "no geometry": ('{"type":"Feature","properties":{"name":"Nho"}}', 400, "Thiếu geometry"),
    "zero byte": (body(properties='{"name":"N\\u0000o"}'), 400, "“Tên” có ký tự không dùng"),
    "surrogate": (body(properties='{"name":"N\\ud800o"}'), 400, "“Tên” có ký tự không dùng"),
    "strange property": (body(properties='{"name":"N","\\ud800":1}'), 400, "Không có thuộc tính"),
    "long text": (body(properties='{"name":"%s"}' % ("x" * 200_000)), 413, "Nội dung gửi lên lớn"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_body_is_refused_in_words_and_changes_nothing(as_editor, draft, name):
    text, status, sentence = HOSTILE[name]
    before = [*Product.objects.values()]
    as_editor.raise_request_exception = True

    for response in (
        post(as_editor, text),
        put(as_editor, draft, text),
    ):
        assert detail(response, status).startswith(sentence), response.content
    if name not in ("empty", "no geometry", "bare geometry"):
        assert patch(as_editor, draft, text).status_code == status
    assert [*Product.objects.values()] == before
    assert not Proposal.objects.exists()


def test_a_body_of_the_largest_size_is_read(as_editor, draft):
    text = json.dumps({"properties": {"name": "Táo đỏ"}}).encode()

    assert detail(patch(as_editor, draft, text.ljust(LARGEST_BODY + 1)), 413) == (
        f"Nội dung gửi lên lớn hơn {LARGEST_BODY} byte."
    )
    assert patch(as_editor, draft, text.ljust(LARGEST_BODY)).status_code == 200


def test_an_unknown_system_or_media_type_is_refused_in_words(as_editor, draft):
    for uri in ("EPSG:9210", "<http://www.opengis.net/def/crs/EPSG/0/4327>", "", "<>"):
        response = put(as_editor, draft, feature(), **{"Content-Crs": uri})
        assert "Giá trị dùng được: " in detail(response, 400)
    response = as_editor.patch(item(draft), "<a/>", content_type="text/xml")
    assert detail(response, 415) == "Nội dung gửi lên không ở dạng mà địa chỉ này nhận."
    response = as_editor.post(ITEMS, "{}", content_type=PATCH)
    assert response.status_code == 415
    assert detail(as_editor.get(f"{API}/collections/units/items"), 404) == (
        "Không có bộ dữ liệu “units”."
    )
    assert as_editor.get(f"{ITEMS}/a%00b").status_code == 404
    assert as_editor.delete(f"{ITEMS}/a%00b").status_code == 404


def test_another_id_in_the_body_is_refused(as_editor, draft):
    response = put(as_editor, draft, {**feature(), "id": "MAU-9"})

    assert detail(response, 400) == "Mã trong nội dung khác với mã trong địa chỉ."
    assert post(as_editor, {**feature(), "id": "MAU-9"}).status_code == 201


def test_the_status_line_says_why_without_diacritics_because_qgis_shows_it(as_editor, draft):
    response = patch(as_editor, draft, {"properties": {"name": None}})
    assert (response.status_code, response.reason_phrase) == (400, 'Thieu "Ten".')

    response = patch(as_editor, draft, {"properties": {"a\r\nX-B: c": None, "đ" * 300: None}})
    assert response.reason_phrase == "Khong co thuoc tinh: a X-B: c, " + "d" * 40 + "."


def test_answers_are_vietnamese_whatever_language_the_program_states(as_editor, draft):
    assert detail(patch(as_editor, draft, "{", **{"Accept-Language": "en,*"}), 400) == NO_JSON


# --- types ---------------------------------------------------------------------------------


def test_a_type_written_by_its_code_is_not_inferred(publisher, draft):
    Product.objects.filter(pk=draft.pk).update(
        type=ProductTypeFactory(code="grape"), type_basis="inferred"
    )
    ProductTypeFactory(code="apple", name="táo")
    client = logged_in(publisher)

    response = patch(client, draft, {"properties": {"type": "apple"}})

    assert response.status_code == 200
    draft.refresh_from_db()
    assert (draft.type.code, draft.type_basis) == ("apple", "stated")
    assert properties(client, draft)["type_name"] == "táo"
    patch(client, draft, {"properties": {"type": None}})
    draft.refresh_from_db()
    assert (draft.type, draft.type_basis) == (None, "")


def test_an_unknown_type_is_a_400_that_names_it(publisher, draft):
    response = patch(logged_in(publisher), draft, {"properties": {"type": "beer"}})

    assert "“beer”" in detail(response, 400)


def test_what_a_product_is_made_from_is_written_by_codes(publisher, draft):
    for code in ("apple", "grape", "sugar"):
        ProductTypeFactory(code=code)
    client = logged_in(publisher)

    def made_from(text):
        response = patch(client, draft, {"properties": {"made_from": text}})
        assert response.status_code == 200, response.content
        assert response.json()["properties"]["made_from"] == properties(client, draft)["made_from"]
        return response.json()["properties"]["made_from"]

    version = draft.version
    assert made_from("grape; apple") == "apple; grape"
    draft.refresh_from_db()
    assert draft.version > version
    assert made_from(" sugar;grape;;grape") == "grape; sugar"
    assert made_from(None) is None
    created = post(client, feature((108.91, 11.51), made_from="grape"))
    assert created.status_code == 201
    assert Product.objects.get(name="Nho").made_from.get().code == "grape"
    refused = patch(client, draft, {"properties": {"name": "X", "made_from": "grape; beer"}})
    assert "“beer”" in detail(refused, 400)
    assert properties(client, draft)["name"] == "Táo xanh"


def test_ingredients_of_a_public_product_are_proposed_and_merged(client, as_editor, product):
    for code in ("apple", "grape", "sugar"):
        ProductTypeFactory(code=code)
    IngredientFactory(product=product, type__code="salt")

    def made_from(text):
        patch(as_editor, product, {"properties": {"made_from": text}})
        listed = as_editor.get(f"{ITEMS}?made_from={text}").json()["numberMatched"]
        shown = properties(as_editor, product)
        assert (shown["made_from"], listed) == (text, 1)
        return shown["pending"]

    assert made_from("grape") is True
    assert made_from("apple; salt") is True
    assert {(one["op"], one["model"]) for one in Proposal.objects.get().parts} == {
        ("add", "ocop.Ingredient")
    }
    assert [one.code for one in product.made_from.all()] == ["salt"]
    assert public(client, product)["properties"]["made_from"] == "salt"
    assert made_from("salt") is False


def test_a_proposed_change_of_an_ingredient_is_shown_and_not_added_again(
    as_editor, editor, product
):
    grape, apple = (ProductTypeFactory(code=code) for code in ("grape", "apple"))
    salt = IngredientFactory(product=product, type__code="salt")
    removed = IngredientFactory(product=product, type=apple)
    product.refresh_from_db()
    # As the form of the workspace writes it.
    salt.type = apple
    proposals.submit(
        product, {}, by=editor, base_version=product.version, save=[salt], delete=[removed]
    )

    def operations(text):
        patch(as_editor, product, {"properties": {"made_from": text}})
        assert properties(as_editor, product)["made_from"] == text
        found = [one for proposal in Proposal.objects.open() for one in proposal.parts]
        return [(one["op"], one["id"], one["fields"].get("type")) for one in found]

    assert properties(as_editor, product)["made_from"] == "apple"
    both = [("change", salt.pk, apple.pk), ("remove", removed.pk, None)]
    assert operations("apple") == both
    assert operations("apple; grape") == [*both, ("add", None, grape.pk)]
    # The stored rows as they are.
    assert operations("salt") == both[1:]
    assert operations("apple; salt") == []
