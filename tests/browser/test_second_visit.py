"""A second visit: the server answers 304, and the stored page works under the policy of the 304."""

import pytest
from playwright.sync_api import expect

from tests.browser.chromium import DESKTOP

REPORT_VIOLATIONS = """
    addEventListener("securitypolicyviolation", ({ violatedDirective, blockedURI }) =>
        console.error("policy", violatedDirective, blockedURI));
"""


@pytest.fixture
def visitor(browser):
    """A page, the statuses of its documents as sent by the server, and its errors.

    Not open_page: Playwright disables the browser's cache while it intercepts requests.
    """
    context = browser.new_context(viewport=DESKTOP, locale="vi-VN", service_workers="block")
    page = context.new_page()
    page.set_default_timeout(15_000)
    page.add_init_script(REPORT_VIOLATIONS)
    documents, statuses, errors = set(), [], []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("console", lambda one: errors.append(one.text) if one.type == "error" else None)

    def note_request(event):
        if event["type"] == "Document":
            documents.add(event["requestId"])

    def note_status(event):
        # Without the revalidation the browser reports the status 200 of the stored response.
        if event["requestId"] in documents:
            statuses.append(event["statusCode"])

    devtools = context.new_cdp_session(page)
    devtools.on("Network.requestWillBeSent", note_request)
    devtools.on("Network.responseReceivedExtraInfo", note_status)
    devtools.send("Network.enable")
    yield page, statuses, errors
    context.close()


def test_on_a_second_visit_the_map_and_a_product_are_304_and_work(visitor, site):
    page, statuses, errors = visitor

    def visit_map():
        page.goto(site)
        expect(page.locator("path.base-land").first).to_be_attached()
        expect(page.locator(".place .cluster").first).to_be_visible()
        expect(page.locator("#count")).to_have_text("24 sản phẩm")
        expect(page.locator("#results .item").first).to_be_visible()

    def visit_product(address):
        page.goto(address)
        expect(page.locator("path.base-land").first).to_be_attached()
        expect(page.locator(".page-map .place svg.marker")).to_be_visible()

    visit_map()
    product = page.locator("#results a[href*=MAU-SP-001-]").evaluate("(link) => link.href")
    visit_product(product)
    assert statuses == [200, 200]

    visit_map()
    visit_product(product)
    assert statuses == [200, 200, 304, 304]
    assert errors == []
