"""The API is in Vietnamese, or English on request; the languages are cached separately."""

import csv
import io
from urllib.parse import quote

import openpyxl
import pytest
from django.test import Client
from django.utils import translation

from geodata.collection import collections
from tests.factories import ProductFactory

pytestmark = pytest.mark.django_db

API = "/api/v1"
ITEMS = f"{API}/collections/products/items"
VIETNAMESE, ENGLISH = "Cần một số nguyên từ 1 trở lên.", "A whole number of 1 or more is needed."


def fetch(client, address, language=None, **headers):
    if language is not None:
        headers["Accept-Language"] = language
    return client.get(address, headers=headers)


@pytest.mark.parametrize(
    ("requested", "language", "detail"),
    [
        ("en", "en", ENGLISH),
        ("en-GB,en;q=0.9", "en", ENGLISH),
        ("de, en;q=0.5", "en", ENGLISH),
        ("en;q=0.5, vi;q=0.4", "en", ENGLISH),
        ("vi", "vi", VIETNAMESE),
        ("vi-VN,vi;q=0.9,en-US;q=0.8,en;q=0.7", "vi", VIETNAMESE),
        (None, "vi", VIETNAMESE),
        ("", "vi", VIETNAMESE),
        ("*", "vi", VIETNAMESE),
        ("de", "vi", VIETNAMESE),
        ("tiếng Anh".encode().decode("latin-1"), "vi", VIETNAMESE),
        ("x" * 5000, "vi", VIETNAMESE),
    ],
)
def test_an_error_is_in_the_requested_language(client, requested, language, detail):
    response = fetch(client, f"{ITEMS}?limit=0", requested)

    assert response.status_code == 400
    assert response.json()["errors"] == [{"parameter": "limit", "detail": detail}]
    assert response["Content-Language"] == language
    assert "Accept-Language" in response["Vary"]


@pytest.mark.parametrize(
    ("address", "status", "vietnamese", "english"),
    [
        (f"{API}/nothing", 404, "Không có địa chỉ này.", "There is no such address."),
        (f"{ITEMS}/MAU-9", 404, "Không có “MAU-9”", "“MAU-9” is not in this collection."),
        (f"{API}/collections/x", 404, "Không có bộ dữ liệu “x”.", "There is no collection “x”."),
        (f"{ITEMS}?x=1", 400, "Yêu cầu có tham số", "The request has parameters"),
        (f"{API}/downloads/products.doc", 404, "định dạng “doc”", "no format “doc”"),
    ],
)
def test_every_error_has_both_languages(client, address, status, vietnamese, english):
    there, here = fetch(client, address, "en"), fetch(client, address)

    assert (there.status_code, here.status_code) == (status, status)
    assert english in there.json()["detail"]
    assert vietnamese in here.json()["detail"]


def test_one_thread_serves_each_client_in_its_language():
    """Also where a response is returned before any view, as for a zero byte."""
    client = Client()
    bodies = [
        fetch(client, "/x?q=%00", language).content.decode()
        for language in ("en", None, "en", "vi")
    ]

    assert ["Bad address" in body for body in bodies] == [True, False, True, False]
    assert ["Địa chỉ không hợp lệ" in body for body in bodies] == [False, True, False, True]


@pytest.mark.parametrize(
    "path", ["", "/collections", "/collections/products", "/collections/products/schema"]
)
def test_each_language_has_its_own_tag(client, path):
    here, there = fetch(client, API + (path or "/")), fetch(client, API + (path or "/"), "en")

    assert here["ETag"] != there["ETag"]
    for response in (here, there):
        assert "Accept-Language" in response["Vary"]
    for language, cached, status in (
        ("en", there, 304),
        ("vi", here, 304),
        ("en", here, 200),
        ("vi", there, 200),
    ):
        again = fetch(client, API + (path or "/"), language, **{"If-None-Match": cached["ETag"]})
        assert again.status_code == status
        assert again["Content-Language"] == language
        assert "Accept-Language" in again["Vary"]


def test_a_collection_has_its_title_in_the_requested_language(client):
    address = f"{API}/collections/products"

    titles = [fetch(client, address, language).json()["title"] for language in ("en", "vi", "en")]

    english, vietnamese = "OCOP products and local specialties", "Sản phẩm OCOP và đặc sản"
    assert titles == [english, vietnamese, english]


@pytest.mark.parametrize(
    ("language", "title", "other", "code"),
    [
        ("vi", "Tình trạng OCOP", "OCOP status", "hết hạn"),
        ("en", "OCOP status", "Tình trạng OCOP", "expired"),
    ],
)
def test_a_schema_has_both_titles_and_the_codes_in_one_language(
    client, language, title, other, code
):
    address = f"{API}/collections/products/schema"

    status = fetch(client, address, language).json()["properties"]["ocop_status"]

    assert (status["title"], status["description"]) == (title, other)
    assert {"const": "expired", "title": code} in status["oneOf"]


def test_openapi_describes_itself_in_english(client):
    document = fetch(client, f"{API}/openapi.json", "en").json()
    get = document["paths"]["/collections/products/items"]["get"]

    (datetime,) = (one for one in get["parameters"] if one["name"] == "datetime")
    assert datetime["description"].startswith("A date, a date-time or an interval a/b")
    problem = get["responses"]["400"]["description"]
    assert problem == "The request has parameters that cannot be used"


def test_a_workbook_has_headings_in_english_and_a_csv_names_for_programs(client):
    ProductFactory(published=True, code="MAU-1", name="Nho")
    files = {
        kind: b"".join(fetch(client, f"{API}/downloads/products.{kind}", "en").streaming_content)
        for kind in ("xlsx", "csv")
    }

    book = openpyxl.load_workbook(io.BytesIO(files["xlsx"]))
    assert book.sheetnames == ["Data", "Explanation"]
    assert [cell.value for cell in book["Data"][1]][:3] == ["Code", "Name", "English name"]
    names = next(csv.reader(io.StringIO(files["csv"].decode("utf-8-sig"))))
    assert names[:3] == ["code", "name", "name_en"]


def test_features_are_the_same_in_every_language(client):
    ProductFactory(published=True, code="MAU-1", name="Nho", sector="crops")

    answers = [
        fetch(client, f"{ITEMS}?sector={quote('crops')}", one).json() for one in ("en", "vi")
    ]

    assert answers[0]["features"] == answers[1]["features"] != []
    assert answers[0]["numberMatched"] == 1


def test_the_fingerprint_does_not_depend_on_the_language_of_the_first_request():
    """Each process of the server computes it separately."""
    fingerprints = {}
    for language in ("vi", "en"):
        with translation.override(language):
            for collection in collections().values():
                collection.__dict__.pop("fingerprint", None)
                fingerprints.setdefault(collection.id, set()).add(collection.fingerprint)

    assert {id: len(found) for id, found in fingerprints.items()} == dict.fromkeys(fingerprints, 1)


@pytest.mark.parametrize("address", [f"{API}/", f"{ITEMS}?limit=0", "/nothing/"])
def test_a_cookie_does_not_select_the_language(client, address):
    """Vary does not list cookies, so a cache would give one language to all clients."""
    client.cookies["django_language"] = "en"

    response = fetch(client, address, "vi")

    assert response["Content-Language"] == "vi"
    assert fetch(client, address, "en")["Content-Language"] == "en"
    assert "Cookie" not in response["Vary"]
