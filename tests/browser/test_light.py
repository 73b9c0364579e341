"""Budgets of a visit: transferred bytes, requests, and DOM nodes.

`bin/bench --browser` measures times.
"""

import gzip
import re
from urllib.parse import urlsplit
from urllib.request import urlopen

import pytest
from playwright.sync_api import expect

from geodata.basemap import build_basemap, build_drawing
from tests.benchmarks.main_thread import at_rest
from tests.browser.chromium import DESKTOP, PHONE
from tests.browser.crowd import COUNT, answer_with_crowd
from tests.browser.traffic import Traffic

BASE_MAP = re.compile(r"/build/basemap[^/]*\.json$")
JSON = "application/json"
# Compressed bytes: until page and list are displayed, and including the map data.
MOST_FOR_THE_LIST = 200_000
MOST_WITH_DATA = 350_000
MOST_REQUESTS = 20
# Illustrations of the cards in view and some below, and the icon.
MOST_IMAGES = 20
# With two thousand products: symbols on the map, and elements of the whole page.
MOST_PLACES = 150
MOST_NODES = 5000


@pytest.mark.shipped
@pytest.mark.parametrize("path", ["/", "/en/"])
def test_a_first_visit_to_the_map_is_within_its_budget(open_page, site, path):
    traffic = []
    base_map = build_drawing(build_basemap())

    def before(page):
        # bin/test collects the static files of the example, with another base map.
        page.route(BASE_MAP, lambda route: route.fulfill(body=base_map, content_type=JSON))
        traffic.append(Traffic(page))

    page = open_page(path, PHONE, before=before)
    expect(page.locator(".place .cluster").first).to_be_visible()
    expect(page.locator("path.base-land").first).to_be_attached()
    expect(page.locator(".label-outline")).to_have_count(7)
    page.wait_for_load_state("networkidle")

    (traffic,) = traffic
    frame = traffic.bytes("Document", "Stylesheet", "Script", "Image", "Font")
    assert 0 < frame <= MOST_FOR_THE_LIST, str(traffic)
    served = sum(size for size, _kind, url in traffic.answers if not BASE_MAP.search(url))
    assert frame < served + len(gzip.compress(base_map.encode())) <= MOST_WITH_DATA, str(traffic)
    images = [url for _size, kind, url in traffic.answers if kind == "Image"]
    assert 10 < len(traffic.answers) - len(images) <= MOST_REQUESTS, str(traffic)
    assert 0 < len(images) <= MOST_IMAGES, str(traffic)
    # This includes preloads that are not used. (The type of the tab icon is "Other".)
    addresses = [url for _, kind, url in traffic.answers if kind != "Other"]
    assert sorted(addresses) == sorted(set(addresses))
    # No script imports another one, which would delay it.
    with urlopen(site + path) as answer:
        html = answer.read().decode()
    scripts = [urlsplit(url).path for _, kind, url in traffic.answers if kind == "Script"]
    assert [script for script in scripts if script not in html] == []
    assert {urlsplit(url).netloc for _, _, url in traffic.answers} == {urlsplit(site).netloc}


@pytest.mark.parametrize("viewport", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_two_thousand_products_need_few_dom_nodes(open_page, viewport):
    page = open_page("/?lop=huyen.bao-ho", viewport, before=answer_with_crowd)
    expect(page.get_by_text(f"{COUNT} sản phẩm")).to_be_visible()
    expect(page.locator(".place .cluster").first).to_be_visible()
    expect(page.locator("path.protected").first).to_be_attached()

    at_rest(page)

    assert 5 < page.locator(".place").count() <= MOST_PLACES
    assert page.locator("*").count() <= MOST_NODES
