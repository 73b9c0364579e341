"""Accessibility: axe-core finds no violations, in both languages and on all screens."""

from django.conf import settings
from playwright.sync_api import expect

from tests.browser.chromium import DESKTOP, PHONE

AXE = settings.BASE_DIR / "node_modules/axe-core/axe.min.js"

# Name → path of one page of each kind, and a selector to wait for.
PAGES = {
    "/": ".place .cluster",
    "/?q=xyzxyz": ".nothing",
    "/san-pham/MAU-SP-005/": ".place .dot, .place svg",
    "/chu-the/": ".place .point-symbol",
    "/chu-the/MAU-CT-001/": "h1",
    "/bao-ho/": "h1",
    "/bao-ho/MAU-SH-001/": "path.base-land",
    "/diem-ban/": ".place .point-symbol",
    "/lang-nghe/MAU-LN-001/": ".place .point-symbol",
    "/mua-vu/": "table",
    "/chuyen-di/": "#empty:not([hidden])",
    "/chuyen-di/#v1=products:MAU-SP-005,products:MAU-SP-999": ".stop-marker",
    "/don-vi/": "h1",
    "/don-vi/991/": "path.base-land",
    "/thong-ke/": "h1",
    "/du-lieu-mo/": "path.base-land",
    "/cong-nhan-ocop/": "h1",
    "/cua-toi/?q=nho": "h1",
    "/cua-toi/MAU-SP-005/": "h1",
    "/gioi-thieu/": "h1",
    "/rieng-tu/": "h1",
    "/tiep-can/": "h1",
    "/nhung/": ".place .cluster",
    "/nhung/cach-nhung/": "h1",
    "/ngoai-tuyen/": "h1",
}
# Pages of the API have one URL for both languages.
API_PAGES = {
    "/api/v1/collections": "h1",
    "/api/v1/collections/products": "h1",
    "/api/v1/collections/products/items?limit=5": "path.base-land",
    "/api/v1/conformance": "h1",
    "/api/v1/docs": "h1",
}
# Levels A and AA of WCAG 2.2, and the best practices of axe-core.
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
# [rule, element, remedy] of each violation. Symbols on a map may be closer than the minimum target
# size: WCAG 2.5.8 permits this if, as here, a list provides the same function. The only page with a
# frame shows another of these pages in it.
FIND = """async (runOnly) => {
    const found = await axe.run(document, {
        runOnly, iframes: false, elementRef: true, resultTypes: ["violations"],
    });
    return found.violations.flatMap(({ id, nodes }) => nodes
        .filter(({ element }) => id !== "target-size" || !element.closest(".place"))
        .map((node) => [id, node.target.join(" "), node.failureSummary]));
}"""


def violations(page, **run_only):
    return page.evaluate(FIND, run_only)


def test_axe_core_reports_no_violations_in_either_language_on_any_screen(open_page):
    # A phone, for its touch screen; the layout of each page follows the size of the window.
    page = open_page("/healthz", PHONE)
    site = page.url.removesuffix("/healthz")
    axe = AXE.read_text()
    found = {}
    pages = {prefix + path: awaited for path, awaited in PAGES.items() for prefix in ("", "/en")}
    for path, awaited in (pages | API_PAGES).items():
        page.set_viewport_size(PHONE)
        page.goto(site + path)
        expect(page.locator(awaited).first).to_be_attached()
        # Not as a <script> of the page, which its security policy blocks.
        page.evaluate(axe)
        for viewport in (PHONE, DESKTOP):
            page.set_viewport_size(viewport)
            page.emulate_media(color_scheme="light")
            wrong = violations(page, type="tag", values=TAGS)
            # The dark scheme differs in its colours only, and English in its texts only.
            if not path.startswith("/en/"):
                page.emulate_media(color_scheme="dark")
                wrong += violations(page, type="rule", values=["color-contrast"])
            if wrong:
                found[path, viewport["width"]] = wrong

    assert found == {}
