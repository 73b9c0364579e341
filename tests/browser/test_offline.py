"""Visited pages are available offline with their age; other pages show the offline page."""

import re
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect

from tests.browser.chromium import PHONE

RESULTS = "#results .item"
SAVED = re.compile(r"^Đang xem dữ liệu đã lưu lúc \d\d:\d\d, \d+/\d+/\d{4}\.$")
# Console messages of Chromium about requests that are intended to fail.
MEANT = re.compile("ERR_INTERNET_DISCONNECTED|status of 40[04]")
# Polled until the promise resolves to true; Playwright's own polling treats a promise as true.
UNTIL = """async (wanted) => {
    const find = %s;
    const end = performance.now() + 15000;
    for (;;) {
        const found = await find(wanted);
        if (found) return found;
        if (performance.now() > end) throw new Error(`not in time: ${wanted}`);
        await new Promise(requestAnimationFrame);
    }
}"""
KEPT = """async (wanted) => {
    const urls = [];
    for (const name of await caches.keys())
        for (const { url } of await (await caches.open(name)).keys())
            urls.push(url.replace(location.origin, ""));
    const isThere = (one) => urls.some((url) =>
        one.endsWith("*") ? url.startsWith(one.slice(0, -1)) : url === one);
    return wanted.every(isThere) && urls;
}"""


def cached_paths(page, *wanted):
    """The cached paths, once these are cached; a final "*" matches any ending."""
    return page.evaluate(UNTIL % KEPT, list(wanted))


@pytest.fixture
def visited(open_page):
    """The map page on a phone after a first visit, when everything it needs is cached."""

    def visit(path="/"):
        page = open_page(path, PHONE, worker=True)
        expect(page.locator(".place .cluster").first).to_be_visible()
        expect(page.locator("path.base-land").first).to_be_attached()
        cached_paths(
            page,
            path,
            "/static/build/basemap*",
            "/api/v1/collections/products/items?*",
            "/api/v1/collections/districts/items?*",
            "/static/build/map-page*",
        )
        return page

    yield visit
    open_page.errors[:] = [one for one in open_page.errors if not MEANT.search(one)]


def test_the_map_its_list_and_its_search_work_without_a_network(visited):
    page = visited()
    expect(page.locator("#saved")).to_be_hidden()
    page.context.set_offline(True)
    page.goto(page.url + "?nhom=II")

    expect(page.locator("#saved")).to_have_text(SAVED)
    expect(page.locator("#count")).to_have_text("4 trong 24 sản phẩm")
    expect(page.locator(".place .cluster").first).to_be_visible()
    expect(page.locator("path.base-land").first).to_be_attached()
    expect(page.locator(".label-outline")).to_have_count(2)
    expect(page.locator("#problem")).to_be_hidden()
    page.locator("#q").fill("mat nho")
    expect(page.locator(RESULTS).first).to_contain_text("mật nho", ignore_case=True)


def test_visited_pages_are_available_offline_and_others_show_the_offline_page(visited):
    page = visited()
    page.goto(urlsplit(page.url)._replace(path="/san-pham/MAU-SP-005/").geturl())
    name = page.locator("h1").text_content()
    read = page.url
    cached_paths(page, urlsplit(read).path, "/api/v1/collections/districts/items?geometry=outline")
    page.context.set_offline(True)

    page.goto(urlsplit(read)._replace(path="/bao-ho/").geturl())
    expect(page.get_by_role("heading", level=1)).to_have_text("Không có mạng")
    expect(page.locator("#saved")).to_be_hidden()
    page.goto(read)
    expect(page.get_by_role("heading", level=1)).to_have_text(name)
    expect(page.locator("#saved")).to_have_text(SAVED)
    page.goto(urlsplit(read)._replace(path="/en/bao-ho/").geturl())
    expect(page.get_by_role("heading", level=1)).to_have_text("No network")

    page.context.set_offline(False)
    page.goto(read)
    expect(page.get_by_role("heading", level=1)).to_have_text(name)
    expect(page.locator("#saved")).to_be_hidden()


def test_a_filtered_register_is_not_served_offline_as_the_whole_register(visited):
    page = visited()
    for query in ("", "?q=nho"):
        page.goto(urlsplit(page.url)._replace(path="/bao-ho/", query=query[1:]).geturl())
        cached_paths(page, f"/bao-ho/{query}")
    page.context.set_offline(True)

    page.goto(urlsplit(page.url)._replace(query="").geturl())
    expect(page.locator("#saved")).to_have_text(SAVED)
    expect(page.locator(".register-count")).to_have_text(re.compile(r"^\d+ quyền$"))
    page.goto(page.url + "?q=nho")
    expect(page.locator(".register-count")).to_have_text(re.compile(r"^\d+ trong \d+ quyền$"))


def test_without_storage_space_everything_is_loaded_from_the_network(visited):
    page = visited()
    page.context.service_workers[0].evaluate(
        "() => { Cache.prototype.put = () => Promise.reject(new Error('full')); }"
    )

    page.goto(page.url + "en/")
    expect(page.locator("#count")).to_have_text("24 products")
    expect(page.locator(".place .cluster").first).to_be_visible()
    expect(page.locator("#saved")).to_be_hidden()


def test_online_visits_show_no_stale_data_and_cache_no_errors(visited):
    """Cached responses are modified by the test: they must not be shown online."""
    page = visited()
    page.evaluate(
        """async () => {
            const name = (await caches.keys())[0];
            const cache = await caches.open(name);
            for (const { url } of await cache.keys())
                if (url.includes("/api/") || url === location.href)
                    await cache.put(url, new Response("old"));
        }"""
    )
    page.reload()
    expect(page.locator("#count")).to_have_text("24 sản phẩm")
    expect(page.locator("#saved")).to_be_hidden()
    for path in ("/admin/login/", "/khong-co/", "/api/v1/collections/products/items?limit=0"):
        assert page.evaluate("async (path) => (await fetch(path)).ok", path) is (
            path == "/admin/login/"
        )

    urls = cached_paths(page, "/")
    assert [url for url in urls if re.search("admin|khong-co|limit=0|sw.js", url)] == []
    assert page.evaluate("async () => (await (await caches.match('/')).text()).length > 1000")


def test_a_new_release_rebuilds_its_caches_and_keeps_foreign_ones(open_page):
    # A page that does not register the service worker.
    page = open_page("/healthz", PHONE, worker=True)
    page.evaluate(
        "Promise.all(['ocopmap-older', 'of-somebody-else'].map((name) => caches.open(name)))"
    )
    page.goto(page.url.replace("/healthz", "/bao-ho/"))

    # Before listing the caches, which opens each of them and would create this one again.
    page.evaluate(UNTIL % "async (name) => !(await caches.has(name))", "ocopmap-older")
    cached_paths(page, "/bao-ho/")
    names = page.evaluate("caches.keys()")
    assert sorted(re.sub("^ocopmap-[0-9a-f]{8}$", "this release", one) for one in names) == [
        "of-somebody-else",
        "this release",
    ]
