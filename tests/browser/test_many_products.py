"""The map page with more products than it loads whole."""

import os
import re
import subprocess
import sys

import pytest
from django.conf import settings
from playwright.sync_api import expect

from tests import template_databases
from tests.browser.chromium import PHONE
from tests.browser.traffic import Traffic
from tests.served import serve
from tests.template_databases import LOADED

# More than MAP_LOADS_WHOLE, and few enough to be made in seconds. `bin/bench --browser` measures
# 20,000; here their bytes are computed from those of one product.
MANY = 2_500
# Compressed bytes of a first visit to 20,000 products.
MOST_BYTES = 600_000


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """The address of a site with the data of the pack and MANY realistic products."""
    name = "test_ocopmap_many_" + os.environ.get("PYTEST_XDIST_WORKER", "alone")
    template_databases.copy(LOADED, name)
    url = template_databases.url_of(name)
    subprocess.run(
        [sys.executable, "-m", "tests.realistic_products", str(MANY)],
        cwd=settings.BASE_DIR,
        env=os.environ | {"DATABASE_URL": url},
        check=True,
    )
    with serve(tmp_path_factory.mktemp("many"), DATABASE_URL=url) as server:
        yield server.address
    template_databases.drop(name)


def test_a_first_visit_to_twenty_thousand_products_is_within_its_budget(open_page):
    traffic = []
    page = open_page("/", PHONE, before=lambda page: traffic.append(Traffic(page)))
    expect(page.locator(".place .cluster").first).to_be_visible()
    (traffic,) = traffic
    traffic.wait_until_idle()

    assert page.locator("#map-page").get_attribute("data-mode") == "paged"
    index = sum(size for size, _, url in traffic.answers if "/columns" in url)
    assert 0 < traffic.bytes() - index + index / MANY * 20_000 <= MOST_BYTES, str(traffic)
    assert 5 < page.locator(".place").count() <= 150
    assert page.locator("*").count() <= 5_000
    # The products themselves are loaded a page at a time.
    assert [url for *_, url in traffic.answers if "limit=10000" in url and "products" in url] == []


def test_many_products_are_listed_searched_and_filtered(open_page):
    page = open_page("/")
    items = page.locator("#results .item")
    expect(page.locator(".place .cluster").first).to_be_visible()
    expect(items).to_have_count(50)
    page.locator("#more").scroll_into_view_if_needed()
    expect(items).to_have_count(100)

    page.locator("#q").fill("nuoc mam")
    expect(items.first).to_contain_text("Nước mắm")
    expect(page.get_by_role("option").first).to_contain_text("Nước mắm")
    page.locator("#q").press("Escape")
    found = int(page.locator("#count").inner_text().split()[0])
    assert 10 < found < MANY / 10
    page.locator("#filters-toggle").click()
    group = page.locator(".option:has([name=nhom])").first
    of_group = group.locator(".option-count").inner_text()
    group.click()
    expect(page.locator("#count")).to_contain_text(f"{of_group} trong")
    assert 0 < int(of_group) < found
    page.locator("#filters-toggle").click()

    # The order by name comes from the API.
    page.get_by_label("Sắp xếp").select_option("name")
    expect(page).to_have_url(re.compile("sap-xep=ten"))
    expect(items.first).to_contain_text("Nước mắm")
    names = [text.strip() for text in page.locator("#results .item-name").all_text_contents()]
    sort = "(texts) => [...texts].sort(new Intl.Collator('vi').compare)"
    assert names == page.evaluate(sort, names)

    items.first.get_by_role("link").first.click()
    expect(page.locator("#chosen h2")).to_contain_text("Nước mắm")
