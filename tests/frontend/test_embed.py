"""The map embedded in other sites; no other page may be framed."""

import html
import re

import pytest
from django.conf import settings

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


@pytest.mark.parametrize(
    ("url", "framed"),
    [
        ("/nhung/cach-nhung/", "/nhung/"),
        ("/nhung/cach-nhung/?nhom=II&huyen=995", "/nhung/?nhom=II&huyen=995"),
        ("/en/nhung/cach-nhung/?nhom=II", "/en/nhung/?nhom=II"),
        # Nothing in the query string can close an attribute of the copied code.
        ('/nhung/cach-nhung/?q="><script>', "/nhung/?q=%22%3E%3Cscript%3E"),
    ],
)
def test_the_code_to_copy_frames_the_map_with_its_filters(client, url, framed):
    body = client.get(url).content.decode()

    code = html.unescape(re.search(r"<textarea[^>]*>(.*?)</textarea>", body, re.DOTALL)[1])
    assert re.match("<iframe [^<>]*></iframe>$", code)
    attributes = dict(re.findall(r'([a-z]+)="([^"]*)"', code))
    assert html.unescape(attributes["src"]) == settings.SITE_URL + framed
    assert attributes["loading"] == "lazy"
    assert attributes["title"] != ""


@pytest.mark.parametrize("path", ["/", "/nhung/", "/api/v1/", "/khong-co/"])
def test_responses_permit_geolocation_and_no_other_device_feature(client, path):
    policy = client.get(path)["Permissions-Policy"]

    assert policy == "geolocation=(self), camera=(), microphone=(), payment=(), usb=()"
