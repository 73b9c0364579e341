"""The links of header and footer."""

import re

import pytest

from frontend.navigation import ENTRIES, links

pytestmark = pytest.mark.django_db

IN_HEADER = [one.page for one in ENTRIES if one.in_header]


def current(body, name):
    """{URL: aria-current} of the marked links of a navigation; and the number of all links."""
    (nav,) = re.findall(rf'<nav[^>]+class="{name}".*?</nav>', body, re.DOTALL)
    marked = re.findall(r'href="([^"]+)"\s+aria-current="(\w+)"', nav)
    return dict(marked), nav.count("<a ")


@pytest.mark.parametrize("prefix", ["", "/en"])
@pytest.mark.parametrize(("path", "is_in_header"), [("/mua-vu/", True), ("/gioi-thieu/", False)])
def test_header_and_footer_link_to_every_page_and_mark_the_current_one(
    client, prefix, path, is_in_header
):
    body = client.get(prefix + path).content.decode()

    expected = {prefix + path: "page"}
    assert current(body, "site-nav") == (expected if is_in_header else {}, len(IN_HEADER))
    assert current(body, "site-links") == (expected, len(ENTRIES))


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/bao-ho/MAU-SH-001-nuoc-mam/", [("/bao-ho/", "true")]),
        # The home page is not the list to which every other page belongs.
        ("/san-pham/MAU-SP-001-nho/", []),
        ("/", [("/", "page")]),
    ],
)
def test_the_page_of_a_record_marks_its_list(path, expected):
    marked = [(link["url"], link["current"]) for link in links(path) if link["current"]]

    assert marked == expected
