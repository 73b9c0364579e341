"""The map in the oldest supported browsers: those of iOS 15 and Windows 7, and Firefox 115.

These browsers cannot run here. Newer features are removed from Chromium instead: functions before
our scripts run, selectors and colours from the style sheets that the server sends.
"""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.chromium import PHONE

# Features missing in Safari 15.4, Chrome 109 or Firefox 115 that our modules might use.
LACKING = """
    for (const name of ["toSorted", "toReversed", "toSpliced", "with"])
        delete Array.prototype[name];
    for (const name of ["union", "intersection", "difference", "isSubsetOf"])
        delete Set.prototype[name];
    for (const name of ["map", "filter", "take", "drop", "flatMap", "reduce", "toArray", "forEach",
                        "some", "every", "find"])
        delete Object.getPrototypeOf(Object.getPrototypeOf([].values()))[name];
    delete Object.groupBy;
    delete Map.groupBy;
    delete Promise.withResolvers;
    delete Array.fromAsync;
    delete AbortSignal.timeout;
    delete AbortSignal.any;
    delete URL.canParse;
    delete Element.prototype.checkVisibility;
    for (const name of Object.getOwnPropertyNames(Element.prototype))
        if (/^aria[A-Z]/.test(name)) delete Element.prototype[name];
"""
YOUNGER_STYLES = re.compile(r":has\(|\b(color-mix|light-dark|oklch|oklab)\(")


def made_older(page):
    def send(route):
        answer = route.fetch()
        text = YOUNGER_STYLES.sub(lambda found: found[0][:-1] + "-to-come(", answer.text())
        route.fulfill(response=answer, body=text)

    page.add_init_script(LACKING)
    page.route("**/*.css", send)


# Computed appearance of every element of the page except the content of a map.
LOOKS = """() => Array.from(
    document.querySelectorAll("body *:not(.leaflet-map-pane *)"),
    (element) => {
        const style = (pseudo) => {
            const style = getComputedStyle(element, pseudo);
            return ["display", "padding", "color", "backgroundColor", "backgroundImage",
                    "boxShadow", "borderColor", "outlineStyle"]
                .map((name) => style[name]).join("; ");
        };
        // The first class only: others are states of the map, which depend on timing.
        const { tagName, id, classList } = element;
        return [tagName, id, classList[0], style(), style("::before"), style("::after")];
    },
)"""


def test_the_map_works_without_newer_browser_features(open_page):
    page = open_page("/?to-mau=xa", PHONE, before=made_older)
    expect(page.locator("#count")).to_have_text("24 sản phẩm")
    expect(page.locator("path.shade")).to_have_count(3)
    expect(page.locator("#shades-numbers li")).to_have_count(3)
    expect(page.get_by_role("button", name="Toàn tỉnh")).to_be_visible()
    expect(page.locator(".place .cluster").first).to_be_visible()
    assert page.locator(".place button:not([aria-label])").count() == 0

    page.locator("#q").fill("mat nho")
    page.locator("#q").press("ArrowDown")
    expect(page.locator("#suggestions [aria-selected=true]")).to_have_count(1)
    page.locator("#q").press("Enter")
    expect(page.locator("#chosen h2")).to_have_text("Mật nho")
    page.get_by_role("button", name="Lớp bản đồ", exact=True).click()
    expect(page.get_by_role("checkbox", name="Vùng bảo hộ")).to_be_visible()


def map_page(page):
    expect(page.locator("#map-coming")).to_have_count(0)
    expect(page.locator("#results .item")).to_have_count(4)
    expect(page.locator(".label-outline")).to_have_count(1)
    page.locator("input[name=loai]").first.focus()


def api_page(page):
    expect(page.locator(".leaflet-control-zoom")).to_be_attached()


@pytest.mark.parametrize(
    ("path", "settle"),
    [
        ("/?nhom=II", map_page),
        ("/thong-ke/", lambda page: None),
        ("/api/v1/collections/products/items", api_page),
    ],
)
def test_a_page_looks_the_same_without_newer_browser_features(open_page, path, settle):
    def looks(**options):
        page = open_page(path, **options)
        settle(page)
        return page.evaluate(LOOKS)

    now, older = looks(), looks(before=made_older)
    differing = [(new, old) for new, old in zip(now, older, strict=True) if new != old]
    assert differing == []
