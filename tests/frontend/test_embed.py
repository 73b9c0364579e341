"""The map within other sites, and nothing else of ours."""

import html
import re

import pytest
from django.conf import settings

pytestmark = pytest.mark.django_db


def framing(response):
    """Who may frame an answer, by the policy and by the older header."""
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
def test_other_sites_frame_the_embedded_map_alone(client, path, who):
    assert framing(client.get(path)) == who


def test_the_embedded_map_is_strict_in_all_else(client):
    framed, full = (client.get(path)["Content-Security-Policy"] for path in ("/nhung/", "/"))

    def rules(policy):
        return set(re.sub("'nonce-[^']+'", "'nonce'", policy).split("; "))

    assert rules(framed) ^ rules(full) == {"frame-ancestors *", "frame-ancestors 'none'"}


def test_the_embedded_map_has_one_line_that_leads_to_the_full_one_and_is_not_listed(client):
    body = client.get("/en/nhung/?nhom=II&q=%22x%22").content.decode()

    header = re.search(r"<header[^>]*>.*?</header>", body, re.DOTALL)[0]
    (link,) = re.findall(r"<a [^>]+>", header)
    assert 'href="/en/?nhom=II&amp;q=%22x%22"' in link
    assert 'target="_blank" rel="noopener"' in link
    assert "Open the full map" in header
    assert '<meta name="robots" content="noindex">' in body
    assert 'rel="canonical"' not in body
    assert 'id="map-page"' in body


@pytest.mark.parametrize(
    ("asked", "framed"),
    [
        ("/nhung/cach-nhung/", "/nhung/"),
        ("/nhung/cach-nhung/?nhom=II&huyen=585", "/nhung/?nhom=II&huyen=585"),
        ("/en/nhung/cach-nhung/?nhom=II", "/en/nhung/?nhom=II"),
        # Whatever stands in the address ends no attribute of what people copy.
        ('/nhung/cach-nhung/?q="><script>', "/nhung/?q=%22%3E%3Cscript%3E"),
    ],
)
def test_the_code_to_copy_frames_the_map_with_its_filters(client, asked, framed):
    body = client.get(asked).content.decode()

    code = html.unescape(re.search(r"<textarea[^>]*>(.*?)</textarea>", body, re.DOTALL)[1])
    assert re.match("<iframe [^<>]*></iframe>$", code)
    attributes = dict(re.findall(r'([a-z]+)="([^"]*)"', code))
    assert html.unescape(attributes["src"]) == settings.SITE_URL + framed
    assert attributes["loading"] == "lazy"
    assert attributes["title"] != ""


@pytest.mark.parametrize("path", ["/", "/nhung/", "/api/v1/", "/khong-co/"])
def test_no_answer_lets_a_page_use_more_of_a_device_than_where_it_is(client, path):
    policy = client.get(path)["Permissions-Policy"]

    assert policy == "geolocation=(self), camera=(), microphone=(), payment=(), usb=()"
