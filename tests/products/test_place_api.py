"""The API with which officials set a product's place as a GeoJSON Feature."""

import json

import pytest
from django.conf import settings
from django.urls import reverse

from products.register.models import Position
from tests.factories import (
    UNTIL_THE_CHANGE,
    ProductFactory,
    UnitFactory,
    at,
    editor_of,
    publisher_of,
    square,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("self_publish")]


@pytest.fixture
def commune():
    UnitFactory(
        code=settings.PLACE.province_code, validity=UNTIL_THE_CHANGE, area=square(108.9, 11.5, 0.2)
    )
    return UnitFactory(name="An Hậu", validity=UNTIL_THE_CHANGE, area=square(108.9, 11.5))


def feature(coordinates, position="gps", kind="Point"):
    return {
        "type": "Feature",
        "geometry": {"type": kind, "coordinates": coordinates},
        "properties": {"position": position},
    }


def patch(client, product, body):
    address = reverse("editing:product-place", args=[product.code])
    return client.patch(address, body, content_type="application/json")


def test_setting_the_place_updates_the_commune(client, commune):
    product = ProductFactory(declared_commune=commune)
    client.force_login(editor_of(commune))

    response = patch(client, product, feature([108.95, 11.55]))

    product.refresh_from_db()
    assert (product.point.coords, product.position) == ((108.95, 11.55), Position.GPS)
    body = response.json()
    assert body["geometry"] == {"type": "Point", "coordinates": [108.95, 11.55]}
    assert body["properties"]["old_commune"] == "xã An Hậu"


def test_a_moved_point_loses_the_accuracy_of_the_former_one(client, commune):
    product = ProductFactory(declared_commune=commune, point=at(108.95, 11.55), accuracy_m=2)
    client.force_login(editor_of(commune))

    for coordinates, accuracy in (([108.95, 11.55], 2), ([108.96, 11.55], None)):
        assert patch(client, product, feature(coordinates)).status_code == 200
        product.refresh_from_db()
        assert product.accuracy_m == accuracy


@pytest.mark.parametrize(
    ("body", "detail"),
    [
        (feature([109.5, 11.5]), "cách ranh giới"),
        (feature([108.95]), "Cần một Point"),
        (feature(["NaN", 11.5]), "Cần một Point"),
        (feature([[108.9, 11.5]], kind="LineString"), "Cần một Point"),
        (feature([108.95, 11.55], position="đoán"), "position"),
        ({"type": "Point", "coordinates": [108.95, 11.55]}, "Cần một Feature"),
        ([], "Cần một Feature"),
    ],
)
def test_an_invalid_place_is_rejected_and_the_stored_point_is_unchanged(
    client, commune, body, detail
):
    product = ProductFactory(declared_commune=commune, point=at(108.91, 11.51))
    client.force_login(editor_of(commune))

    response = patch(client, product, body)

    assert (response.status_code, response["Content-Type"]) == (400, "application/problem+json")
    assert detail in response.json()["detail"]
    product.refresh_from_db()
    assert product.point.coords == (108.91, 11.51)


def test_only_a_publisher_of_the_commune_may_move_a_published_product(client, commune):
    elsewhere = UnitFactory(validity=UNTIL_THE_CHANGE)
    product = ProductFactory(declared_commune=commune, published=True, point=at(108.91, 11.51))
    users = {
        "editor": editor_of(commune),
        "publisher": publisher_of(commune),
        "publisher elsewhere": publisher_of(elsewhere),
        "visitor": None,
    }
    statuses = {}
    for who, user in users.items():
        client.logout()
        if user:
            client.force_login(user)
        statuses[who] = patch(client, product, feature([108.95, 11.55])).status_code

    assert statuses == {
        "editor": 403,
        "publisher": 200,
        "publisher elsewhere": 404,
        "visitor": 401,
    }


def test_a_request_without_the_csrf_token_is_rejected(commune):
    from django.test import Client

    product = ProductFactory(declared_commune=commune)
    client = Client(enforce_csrf_checks=True)
    client.force_login(editor_of(commune))

    assert patch(client, product, feature([108.95, 11.55])).status_code == 403


@pytest.mark.parametrize("media_type", ["application/json", "application/geo+json"])
def test_an_oversized_body_returns_413_and_changes_nothing(client, commune, media_type):
    product = ProductFactory(declared_commune=commune, point=at(108.95, 11.55), position="gps")
    client.force_login(editor_of(commune))
    body = json.dumps(feature([108.96, 11.55])).encode()

    def patch_padded(length):
        address = reverse("editing:product-place", args=[product.code])
        return client.patch(address, body.ljust(length), content_type=media_type)

    response = patch_padded(100_001)

    product.refresh_from_db()
    assert (response.status_code, response["Content-Type"]) == (413, "application/problem+json")
    assert "100000" in response.json()["detail"]
    assert product.point.coords == (108.95, 11.55)
    assert patch_padded(100_000).status_code == 200


def test_error_details_are_in_the_language_of_the_user(client, commune):
    product = ProductFactory(declared_commune=commune, published=True)
    address = reverse("editing:product-place", args=[product.code])
    login = "Cần đăng nhập để làm việc này."
    permission = "Không được phép: tài khoản này không có quyền làm việc đó, hoặc thiếu mã CSRF."
    method = "Địa chỉ này không nhận phương thức đó; Allow nêu những phương thức dùng được."
    media_type = "Nội dung gửi lên không ở dạng mà địa chỉ này nhận."
    json_ = "Nội dung gửi lên không phải là JSON đọc được."

    def refused(response, status):
        assert (response.status_code, response["Content-Type"]) == (
            status,
            "application/problem+json",
        )
        return response.json()["detail"]

    assert refused(patch(client, product, feature([108.95, 11.55])), 401) == login
    client.force_login(editor_of(commune))
    assert refused(patch(client, product, feature([108.95, 11.55])), 403) == permission
    client.force_login(publisher_of(commune))
    assert refused(client.delete(address), 405) == method
    assert refused(client.patch(address, "<a/>", content_type="text/xml"), 415) == media_type
    assert refused(client.patch(address, "{", content_type="application/json"), 400) == json_
    nowhere = reverse("editing:product-place", args=["MAU-9"])
    assert refused(client.get(nowhere), 404) == "Không có “MAU-9” trong bộ dữ liệu này."
