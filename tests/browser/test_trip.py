"""The trip: hearts, order, sharing, another tab, and reading it without a network."""

import json
import re
from urllib.parse import urlsplit

from playwright.sync_api import expect

from tests.browser.chromium import PHONE
from tests.browser.test_offline import MEANT, cached_paths

STOPS = "#stops .stop"
SHARED = "#v1=products:MAU-SP-005,products:MAU-SP-999,nothing:A"


def stored(page):
    return page.evaluate("localStorage.getItem('trip')")


def test_a_trip_is_saved_sorted_shared_and_read_offline_without_the_server(open_page):
    page = open_page("/diem-ban/", PHONE, worker=True)
    sent = []
    page.context.on("request", lambda request: sent.append(f"{request.url} {request.post_data}"))
    site = urlsplit(page.url)._replace(path="").geturl()

    # Hearts.
    hearts = page.get_by_role("button", name=re.compile("^Lưu vào chuyến đi"))
    for _ in range(2):
        hearts.first.click()
    saved = page.get_by_role("button", name=re.compile("^Bỏ khỏi chuyến đi"))
    expect(saved).to_have_count(2)
    assert saved.first.get_attribute("aria-pressed") == "true"
    box = saved.first.bounding_box()
    assert (box["width"], box["height"]) == (44, 44)
    expect(page.locator("#trip-link [data-count]")).to_have_text("2")
    first, second = stored(page).removeprefix("v1=").split(",")

    # Another tab has the same list at once; both trips are joined only on request.
    other = page.context.new_page()
    other.goto(f"{site}/chuyen-di/{SHARED}")
    expect(other.locator("h1")).to_have_text("Chuyến đi được chia sẻ")
    expect(other.locator(STOPS)).to_have_count(2)
    expect(other.locator(STOPS).nth(1)).to_contain_text("Không còn được công bố")
    expect(other.locator("#shared-notes")).to_have_text(re.compile("bỏ qua 1 mục"))
    assert stored(other) == f"v1={first},{second}"
    other.get_by_role("button", name="Thêm vào chuyến đi của tôi").click()
    expect(other.locator(STOPS)).to_have_count(4)
    expect(page.locator("#trip-link [data-count]")).to_have_text("4")
    assert urlsplit(other.url).fragment == ""

    # The gone stop is removed; stops are moved by keyboard and by hand.
    other.get_by_role("button", name="Bỏ khỏi chuyến đi: MAU-SP-999").click()
    expect(other.locator(STOPS)).to_have_count(3)
    third = "products:MAU-SP-005"
    assert stored(other) == f"v1={first},{second},{third}"
    down = other.locator("[data-act=down]").first
    down.focus()
    down.press("Enter")
    expect(other.locator("[data-act=down]:focus")).to_have_count(1)
    assert stored(other) == f"v1={second},{first},{third}"
    grip, target = other.locator(".stop-grip").nth(2), other.locator(STOPS).first
    grip.scroll_into_view_if_needed()
    grip.hover()
    other.mouse.down()
    for part in range(1, 9):
        from_y, to_y = grip.bounding_box()["y"], target.bounding_box()["y"]
        other.mouse.move(grip.bounding_box()["x"], from_y + (to_y - from_y) * part / 8)
    other.mouse.up()
    expect(other.locator("#notice")).to_contain_text("nay là số 1")
    assert stored(other) == f"v1={third},{second},{first}"
    expect(other.locator(".stop-number").first).to_have_text("1")

    # Files, and a QR code that this page draws.
    with other.expect_download() as download:
        other.get_by_role("button", name="Tải GPX").click()
    assert "<gpx " in download.value.path().read_text()
    other.get_by_role("button", name="Mã QR").click()
    expect(other.get_by_role("img", name=re.compile("^Mã QR"))).to_be_visible()

    # Without a network.
    order = other.locator(f"{STOPS} .stop-name").all_text_contents()
    assert "MAU-SP-005" not in order
    collections = [f"/api/v1/collections/{one}/items?*" for one in ("products", "sales-points")]
    cached_paths(other, "/chuyen-di/", "/static/build/trip-page*", *collections)
    page.context.set_offline(True)
    other.reload()
    expect(other.locator(STOPS)).to_have_count(3)
    expect(other.locator("#saved")).to_be_visible()
    expect(other.locator(f"{STOPS} .stop-name")).to_have_text(order)
    expect(other.locator(".stop-marker").first).to_be_visible()

    # The server has received no id.
    ids = [key.split(":")[1] for key in (first, second, third)] + ["MAU-SP-999"]
    assert [one for one in sent for id in ids if id in json.dumps(one)] == []
    open_page.errors[:] = [one for one in open_page.errors if not MEANT.search(one)]
