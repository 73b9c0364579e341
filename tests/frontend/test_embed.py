"""The map embedded in other sites; no other page may be framed."""

import html
import re
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders

from tests.factories import (
    UNTIL_THE_CHANGE,
    CategoryFactory,
    ProducerFactory,
    ProductFactory,
    UnitFactory,
)

pytestmark = pytest.mark.django_db


def framing(response):
    """Permitted frame ancestors of a response: by its policy, and by X-Frame-Options."""
    policy = response["Content-Security-Policy"]
    return re.search("frame-ancestors ([^;]+)", policy)[1], response.get("X-Frame-Options")


@pytest.mark.parametrize(
    ("path", "who"),
    [
        ("/nhung/", ("*", None)),
        ("/en/nhung/?nhom=II", ("*", None)),
        ("/nhung/cach-nhung/", ("'none'", "DENY")),
        ("/", ("'none'", "DENY")),
        ("/bao-ho/", ("'none'", "DENY")),
        ("/nhung/khong-co/", ("'none'", "DENY")),
    ],
)
def test_other_sites_can_frame_only_the_embedded_map(client, path, who):
    assert framing(client.get(path)) == who


def test_the_embedded_map_has_the_same_policy_otherwise(client):
    framed, full = (client.get(path)["Content-Security-Policy"] for path in ("/nhung/", "/"))

    assert set(framed.split("; ")) ^ set(full.split("; ")) == {
        "frame-ancestors *",
        "frame-ancestors 'none'",
    }


def test_the_embedded_map_links_to_the_full_map_and_is_not_indexed(client):
    body = client.get("/en/nhung/?nhom=II&q=%22x%22").content.decode()

    header = re.search(r"<header[^>]*>.*?</header>", body, re.DOTALL)[0]
    (link,) = re.findall(r"<a [^>]+>", header)
    # site.js adds the filters: tests/browser/test_embed.py.
    assert 'href="/en/"' in link
    assert "data-keep-query" in link
    assert 'target="_blank" rel="noopener"' in link
    assert "Open the full map" in header
    assert '<meta name="robots" content="noindex">' in body
    assert 'rel="canonical"' not in body
    assert 'id="map-page"' in body


# --- the page with the code ---------------------------------------------------------------


@pytest.fixture
def records():
    """What the filters of the tests select."""
    CategoryFactory(code="II", name="đồ uống")
    province = UnitFactory(code="99")
    UnitFactory(code="995", name="Mẫu Bắc", parent=province, validity=UNTIL_THE_CHANGE)
    ProducerFactory(published=True, code="MAU-CT-001", name="Hợp tác xã Thái An")
    ProductFactory(published=True, code="MAU-SP-001")
    ProductFactory(code="MAU-SP-002")


def code_of(response):
    """The attributes of the iframe in the code to copy."""
    body = response.content.decode()
    code = html.unescape(re.search(r"<textarea[^>]*>(.*?)</textarea>", body, re.DOTALL)[1])
    assert re.match("<iframe [^<>]*></iframe>$", code)
    return {name: html.unescape(value) for name, value in re.findall(r'([a-z]+)="([^"]*)"', code)}


@pytest.mark.usefixtures("records")
@pytest.mark.parametrize(
    ("url", "framed"),
    [
        ("/nhung/cach-nhung/", "/nhung/"),
        ("/nhung/cach-nhung/?nhom=II&huyen=995", "/nhung/?huyen=995&nhom=II"),
        ("/en/nhung/cach-nhung/?nhom=II", "/en/nhung/?nhom=II"),
        ("/nhung/cach-nhung/?ngon-ngu=en&nhom=chua-ro", "/en/nhung/?nhom=chua-ro"),
        ("/nhung/cach-nhung/?chu-the=MAU-CT-001&q=nho", "/nhung/?q=nho&chu-the=MAU-CT-001"),
        # What the form does not show, but the map had set.
        (
            "/nhung/cach-nhung/?xa=99014&xa=99015&ban-do=10/11.5/109",
            "/nhung/?xa=99014&xa=99015&ban-do=10/11.5/109",
        ),
        # Layers as the map writes them and as the form sends them.
        ("/nhung/cach-nhung/?lop=xa.bao-ho", "/nhung/?lop=xa.bao-ho"),
        ("/nhung/cach-nhung/?da-chon-lop=1&lop=xa&lop=bao-ho", "/nhung/?lop=xa.bao-ho"),
        ("/nhung/cach-nhung/?da-chon-lop=1", "/nhung/?lop=khong"),
        ("/nhung/cach-nhung/?lop=khong", "/nhung/?lop=khong"),
        ("/nhung/cach-nhung/?da-chon-lop=1&lop=huyen", "/nhung/"),
        # One product, by its code or the address of its page.
        ("/nhung/cach-nhung/?chon=MAU-SP-001", "/nhung/?chon=MAU-SP-001"),
        (
            "/nhung/cach-nhung/?chon=https://ban-do.example/en/san-pham/MAU-SP-001-nho/",
            "/nhung/?chon=MAU-SP-001",
        ),
        # Nothing in the query string can close an attribute of the copied code.
        ('/nhung/cach-nhung/?q="><script>', "/nhung/?q=%22%3E%3Cscript%3E"),
    ],
)
def test_the_code_to_copy_frames_the_map_with_the_chosen_options(client, url, framed):
    attributes = code_of(client.get(url))

    assert attributes["src"] == settings.SITE_URL + framed
    assert attributes["loading"] == "lazy"
    assert attributes["referrerpolicy"] == "no-referrer"
    assert attributes["title"] != ""
    assert (attributes["width"], attributes["height"]) == ("100%", "600")
    assert client.get(framed).status_code == 200


def test_the_code_has_the_chosen_size_and_a_title_in_the_language_of_the_map(client):
    attributes = code_of(client.get("/nhung/cach-nhung/?rong=800&cao=480&ngon-ngu=en"))

    assert (attributes["width"], attributes["height"]) == ("800", "480")
    assert attributes["title"] == "Map of OCOP products and local specialties"


@pytest.mark.usefixtures("records")
@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("rong=abc", "“Chiều rộng (px)” phải là một số nguyên."),
        ("cao=20", "“Chiều cao (px)” phải từ 240 đến 3000."),
        ("nhom=XX", "“XX” không có trong “Nhóm sản phẩm”."),
        ("huyen=1", "“1” không có trong “Huyện, thành phố”."),
        ("lop=xa.gi-do", "“gi-do” không có trong “Lớp bản đồ”."),
        ("chu-the=MAU-CT-999", "“MAU-CT-999” không có trong “Chủ thể”."),
        ("ngon-ngu=fr", "“fr” không có trong “Ngôn ngữ”."),
        # A draft does not exist for the public.
        ("chon=MAU-SP-002", "Không có sản phẩm “MAU-SP-002” trên bản đồ."),
        ("chon=nho", "Không có sản phẩm “nho” trên bản đồ."),
        ("khong-co=1", "Không có tuỳ chọn “khong-co”."),
    ],
)
def test_an_invalid_option_gets_a_sentence_and_no_code(client, query, sentence):
    response = client.get(f"/nhung/cach-nhung/?{query}")
    body = html.unescape(response.content.decode())

    assert response.status_code == 400
    assert re.findall(r'class="builder-error" role="alert">([^<]+)<', body) == [sentence]
    assert "<textarea" not in body
    assert "<iframe" not in body


@pytest.mark.parametrize("path", ["/", "/nhung/", "/api/v1/", "/khong-co/"])
def test_responses_permit_geolocation_and_no_other_device_feature(client, path):
    policy = client.get(path)["Permissions-Policy"]

    assert policy == "geolocation=(self), camera=(), microphone=(), payment=(), usb=()"


def test_the_form_accepts_every_parameter_of_the_map(client):
    script = Path(finders.find("frontend/js/map/state.js")).read_text()
    written = script.partition("PARAMETERS = {")[2].partition("};")[0]
    names = re.findall(r': "([\w-]+)",', written)

    assert len(names) > 20
    body = client.get("/nhung/cach-nhung/", dict.fromkeys([*names, "la"], "x")).text
    assert re.findall("Không có tuỳ chọn “([^”]*)”", body) == ["la"]
    query = "loai=nho&mua=in_season&sap-xep=ten&vung=106,19,107,20"
    assert client.get(f"/nhung/cach-nhung/?{query}").status_code == 200
