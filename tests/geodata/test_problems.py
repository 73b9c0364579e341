"""Errors are RFC 9457 problem details: never a page, never a stack trace, never a 500."""

import socket
from concurrent.futures import Future, ThreadPoolExecutor

import pytest
from django.db import connection, connections
from django.test import Client

from products.register.states import State
from tests.factories import IpRightFactory, ProducerFactory, ProductFactory, UnitFactory

COLLECTIONS = "/api/v1/collections"
ITEMS = f"{COLLECTIONS}/products/items"


def detail_of(response, status):
    """The detail of the problem that the response is."""
    assert response.status_code == status
    assert response["Content-Type"] == "application/problem+json"
    body = response.json()
    assert (body["type"], body["status"]) == ("about:blank", status)
    assert body["title"]
    return body["detail"]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("address", "detail"),
    [
        ("/api/v1/nothing", "Không có địa chỉ này."),
        ("/api/v1/collections/", "Không có địa chỉ này."),
        ("/api/v1/collections/products/items/MAU-1/more", "Không có địa chỉ này."),
        (f"{COLLECTIONS}/wines", "Không có bộ dữ liệu “wines”."),
        (f"{COLLECTIONS}/wines/items", "Không có bộ dữ liệu “wines”."),
        (f"{COLLECTIONS}/wines/items/1", "Không có bộ dữ liệu “wines”."),
        (f"{ITEMS}/MAU-9", "Không có “MAU-9” trong bộ dữ liệu này."),
        (f"{COLLECTIONS}/communes/items/82738", "Không có “82738” trong bộ dữ liệu này."),
        # A district is no commune.
        (f"{COLLECTIONS}/communes/items/992", "Không có “992” trong bộ dữ liệu này."),
    ],
)
def test_an_unknown_url_or_id_is_a_404(client, address, detail):
    UnitFactory(code="992")

    assert detail_of(client.get(address), 404) == detail


@pytest.mark.django_db
@pytest.mark.parametrize(
    "collection", ["districts", "communes", "products", "producers", "protections"]
)
@pytest.mark.parametrize(
    "key", ["%00", "a%00b", "%FF", "%ED%A0%80", "'", "..", "%20", "%F0%9F%8D%87"]
)
def test_an_impossible_id_is_a_404(client, collection, key):
    detail_of(client.get(f"{COLLECTIONS}/{collection}/items/{key}"), 404)


@pytest.mark.django_db
@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
@pytest.mark.parametrize(
    "address", ["/api/v1/", COLLECTIONS, f"{COLLECTIONS}/products", ITEMS, f"{ITEMS}/MAU-1"]
)
def test_the_open_data_are_read_only(client, method, address):
    ProductFactory(code="MAU-1", published=True)

    response = getattr(client, method)(address)

    detail_of(response, 405)
    assert set(response["Allow"].replace(" ", "").split(",")) == {"GET", "HEAD", "OPTIONS"}


@pytest.mark.parametrize("address", ["/api/v1/nothing", ITEMS])
@pytest.mark.django_db
def test_an_anonymous_write_is_refused_with_a_problem_document(address):
    """With the check for forged requests on, as on the server."""
    response = Client(enforce_csrf_checks=True).post(address, {"a": "b"})

    detail_of(response, 404 if address.endswith("nothing") else 405)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("collection", "factory"),
    [("products", ProductFactory), ("producers", ProducerFactory), ("protections", IpRightFactory)],
)
def test_a_withdrawn_record_is_a_410_with_the_reason(client, collection, factory):
    factory(
        code="MAU-1", state=State.WITHDRAWN, state_reason="Cơ sở đã ngừng sản xuất", name="Bí mật"
    )
    factory(code="MAU-2", state=State.DRAFT)

    response = client.get(f"{COLLECTIONS}/{collection}/items/MAU-1")

    assert detail_of(response, 410) == "Đã rút khỏi dữ liệu công khai: Cơ sở đã ngừng sản xuất"
    assert "Bí mật" not in response.content.decode()
    detail_of(client.get(f"{COLLECTIONS}/{collection}/items/MAU-2"), 404)


@pytest.mark.django_db
@pytest.mark.parametrize("encoding", ["", "gzip"])
def test_a_problem_is_not_cached(client, encoding):
    response = client.get(f"{ITEMS}?limit=0", headers={"Accept-Encoding": encoding})

    assert response.status_code == 400
    assert "ETag" not in response
    assert "max-age" not in response.get("Cache-Control", "")


# --- the database is down ------------------------------------------------------------------


def answers_without_a_database(*addresses):
    """The responses of a server whose database does not listen: a thread of its own, whose
    connection leads to a port that was just free.
    """
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]

    def fetch():
        try:
            there = connection.settings_dict
            connections["default"].settings_dict = {**there, "HOST": "127.0.0.1", "PORT": port}
            return [Client().get(address) for address in addresses]
        finally:
            connections.close_all()

    with ThreadPoolExecutor(1) as pool:
        return pool.submit(fetch).result()


@pytest.mark.django_db
@pytest.mark.parametrize(
    "address", ["/api/v1/", COLLECTIONS, ITEMS, f"{ITEMS}/MAU-1", f"{COLLECTIONS}/communes/items"]
)
def test_without_a_database_the_api_returns_503(address):
    (response,) = answers_without_a_database(address)

    assert "dữ liệu vẫn nguyên vẹn" in detail_of(response, 503)
    assert (response["Retry-After"], response["Cache-Control"]) == ("30", "no-store")


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["/", "/bao-ho/"])
def test_without_a_database_a_page_explains_the_503(address):
    (response,) = answers_without_a_database(address)

    assert (response.status_code, response["Retry-After"]) == (503, "30")
    assert response["Content-Type"] == "text/html; charset=utf-8"
    assert response["Cache-Control"] == "no-store"
    assert "Traceback" not in response.content.decode()


@pytest.mark.django_db(transaction=True)
def test_a_connection_closed_by_the_database_is_reopened():
    """After PostgreSQL has started again nobody sees an error because of an old connection."""

    def fetch():
        before = Client().get(ITEMS)
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_backend_pid()")
            ended.set_result(cursor.fetchone()[0])
        again.result()
        # As a request leaves it.
        connection.close_if_unusable_or_obsolete()
        try:
            return before, Client().get(ITEMS)
        finally:
            connections.close_all()

    ended, again = Future(), Future()
    with ThreadPoolExecutor(1) as pool:
        answers = pool.submit(fetch)
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_terminate_backend(%s, 5000)", [ended.result()])
            assert cursor.fetchone() == (True,)
        again.set_result(None)

        assert [answer.status_code for answer in answers.result()] == [200, 200]


@pytest.mark.django_db
def test_healthz_reports_whether_the_database_responds(client):
    (down,) = answers_without_a_database("/healthz")
    up = client.get("/healthz")

    assert (down.status_code, down.json()) == (503, {"status": "database unavailable"})
    assert (up.status_code, up.json()) == (200, {"status": "ok"})
    assert "no-store" in up["Cache-Control"]
    assert "no-store" in down["Cache-Control"]
