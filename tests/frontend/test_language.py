"""The path of a page decides its language, and every page links to its translations."""

import re

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import translation

from frontend import language as languages
from tests.factories import IpRightFactory, ProducerFactory, ProductFactory

pytestmark = pytest.mark.django_db

LINK = re.compile(r'<link rel="(canonical|alternate)"(?: hreflang="([^"]+)")? href="([^"]+)">')


@pytest.fixture
def paths():
    """The Vietnamese path of each kind of page."""
    return {
        "map": "/",
        "product": ProductFactory(published=True, name="Nho đỏ").get_absolute_url(),
        "producer": ProducerFactory(published=True).get_absolute_url(),
        "protections": "/bao-ho/",
        "protection": IpRightFactory(published=True).get_absolute_url(),
        "open data": "/du-lieu-mo/",
    }


KINDS = ["map", "product", "producer", "protections", "protection", "open data"]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("requested", ["en", "vi", None])
def test_the_path_decides_the_language_of_a_page_whatever_the_headers_request(
    client, paths, kind, requested
):
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = requested or "en"
    headers = {"Accept-Language": requested} if requested else {}

    for prefix, language in (("", "vi"), ("/en", "en")):
        response = client.get(prefix + paths[kind], headers=headers)

        assert response.status_code == 200
        assert f'<html lang="{language}">' in response.content.decode()
        assert response["Content-Language"] == language
        # One URL has one response: caches need no Vary header.
        assert not {"Accept-Language", "Cookie"} & set(response.get("Vary", "").split(", "))


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("prefix", ["", "/en"])
def test_every_page_declares_its_canonical_url_and_translations(client, paths, kind, prefix):
    path = paths[kind]
    body = client.get(f"{prefix}{path}?q=nho&sao=3").content.decode()

    site = settings.SITE_URL
    assert LINK.findall(body) == [
        ("canonical", "", f"{site}{prefix}{path}"),
        ("alternate", "vi", f"{site}{path}"),
        ("alternate", "en", f"{site}/en{path}"),
        ("alternate", "x-default", f"{site}{path}"),
    ]
    assert body.count('rel="canonical"') == 1


@pytest.mark.parametrize(
    ("address", "other"),
    [
        ("/", "/en/"),
        ("/en/", "/"),
        # The page of the map is stored without filters; site.js adds them.
        ("/?q=nho&amp;sao=3", "/en/"),
        ("/bao-ho/?q=nho&amp;loai=x", "/en/bao-ho/?q=nho&amp;loai=x"),
        ("/en/bao-ho/?x=%22", "/bao-ho/?x=%22"),
        ("/khong-co/", "/en/"),
        ("/en/nothing/", "/"),
        ("/api/v1/docs", "/en/"),
    ],
)
def test_every_page_links_to_itself_in_the_other_language(client, address, other):
    headers = {"Accept": "text/html"}
    body = client.get(address.replace("&amp;", "&"), headers=headers).content.decode()

    assert re.search(r'<a class="language" href="([^"]*)"', body)[1] == other


def test_links_stay_in_the_language_of_the_page(client, paths):
    body = client.get("/en/").content.decode()

    addresses = re.findall(r'<a [^>]*href="(/[^"]*)"', body)
    assert f"/en{paths['product']}" in addresses
    # Exceptions: the link to the other language, and data.
    outside = {one for one in addresses if not one.startswith("/en/")}
    assert {one for one in outside if not one.startswith("/api/")} == {"/"}


def test_a_wrong_slug_redirects_within_the_same_language(client, paths):
    response = client.get("/en" + paths["product"].replace("nho-do", "x"))

    assert (response.status_code, response["Location"]) == (301, "/en" + paths["product"])


@pytest.mark.parametrize(
    ("address", "accept", "language", "sentence"),
    [
        ("/en/nothing/", "vi", "en", "Page not found"),
        ("/en/san-pham/MAU-SP-999-x/", None, "en", "Page not found"),
        ("/en/api/v1/", "vi", "en", "Page not found"),
        ("/san-pham/MAU-SP-999-x/", "en", "vi", "Không có trang này"),
        ("/vi/", "vi", "vi", "Không có trang này"),
        ("/nothing/", "vi", "vi", "Không có trang này"),
        ("/nothing/", "en", "en", "Page not found"),
    ],
)
def test_an_error_page_uses_the_language_of_the_path_else_the_accept_language_header(
    client, address, accept, language, sentence
):
    response = client.get(address, headers={"Accept-Language": accept} if accept else {})

    body = response.content.decode()
    assert response.status_code == 404
    assert sentence in body
    assert response["Content-Language"] == language
    # A missing page has no canonical URL.
    assert LINK.findall(body) == []


def test_api_paths_are_not_resolved_to_find_their_language(client, monkeypatch):
    """The API receives thousands of requests for each page view."""
    resolved = set()
    monkeypatch.setattr(languages, "is_valid_path", resolved.add)

    for address in ("/api/v1/", "/api/v1/nothing", "/admin/login/", "/nothing/"):
        client.get(address)

    assert resolved == {"/nothing/"}


def test_the_english_map_without_a_slash_redirects(client):
    response = client.get("/en")

    assert (response.status_code, response["Location"]) == (301, "/en/")


@pytest.mark.parametrize(("language", "prefix"), [("vi", ""), ("en", "/en"), (None, "")])
def test_a_short_url_redirects_to_the_page_in_the_requested_language(client, language, prefix):
    product = ProductFactory(published=True)
    page = product.get_absolute_url()
    with translation.override("en"):
        address = reverse("neutral:short", args=[product.code])

    response = client.get(address, headers={"Accept-Language": language} if language else {})

    assert address == f"/p/{product.code}"
    assert response["Location"] == prefix + page
    assert "Accept-Language" in response["Vary"]


def test_a_thread_does_not_keep_the_language_of_the_previous_request():
    client = Client()

    bodies = [client.get(path).content.decode() for path in ("/en/", "/", "/en/bao-ho/", "/")]

    assert ['<html lang="en">' in body for body in bodies] == [True, False, True, False]


def test_features_link_to_the_same_page_in_every_requested_language(client, items):
    page = ProductFactory(published=True).get_absolute_url()

    answers = [
        items("products", "", **{"Accept-Language": language}).json()["features"][0]
        for language in ("en", "vi")
    ]

    assert answers[0] == answers[1]
    assert answers[0]["properties"]["url"] == settings.SITE_URL + page
