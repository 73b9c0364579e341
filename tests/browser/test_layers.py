"""Layers of the map: former and current units, protected areas, choropleth, points."""

import json
import re
from collections import Counter

import pytest
from playwright.sync_api import expect

from tests.browser.chromium import DESKTOP, PHONE

CLUSTER = ".place .cluster"
DATA = "**/collections/products/items**"
BOTH = pytest.mark.parametrize("viewport", [DESKTOP, PHONE], ids=["desktop", "phone"])


def settled(page):
    """The page after the base map is drawn and the view is final."""
    expect(page.locator("path.base-land").first).to_be_attached()
    expect(page.locator(".place").first).to_be_visible()
    return page


def panel(page):
    """The opened layer panel."""
    page.get_by_role("button", name="Lớp bản đồ", exact=True).click()
    return page.get_by_role("form", name="Lớp bản đồ và chú giải")


def products(page):
    address = "/api/v1/collections/products/items?limit=10000"
    return page.evaluate(f"fetch('{address}').then((answer) => answer.json())")["features"]


@BOTH
def test_selected_layers_are_restored_from_the_url(open_page, viewport):
    page = settled(open_page("/", viewport))
    expect(page.locator(".label-outline")).to_have_count(2)
    layers = panel(page)
    layers.get_by_role("checkbox", name="Xã ngày nay").check()
    expect(page.locator(".outline-now.label")).to_have_count(3)
    layers.get_by_role("checkbox", name="Huyện trước 1/3/2024").uncheck()
    expect(page.locator(".label-outline")).to_have_count(3)
    layers.get_by_role("checkbox", name="Vùng bảo hộ").check()
    # The areas of three rights are known.
    expect(page.locator("path.protected")).to_have_count(3)
    small = layers.locator("label, button, summary").evaluate_all(
        "all => all.filter((e) => e.checkVisibility() && e.offsetHeight < 44).length"
    )
    assert small == 0

    page.reload()
    settled(page)
    expect(page).to_have_url(re.compile(r"\?lop=xa\.bao-ho$"))
    expect(page.locator(".label-outline")).to_have_count(3)
    expect(page.locator("path.protected")).to_have_count(3)
    assert panel(page).get_by_role("checkbox", checked=True).count() == 2

    page.keyboard.press("Escape")
    expect(page.locator("#layers-panel")).to_be_hidden()
    expect(page.get_by_role("button", name="Lớp bản đồ", exact=True)).to_be_focused()


def test_without_street_tiles_their_absence_is_restored_from_the_url(open_page):
    page = settled(open_page("/", tiles="answered"))
    expect(page.locator("img.leaflet-tile").first).to_be_visible()
    panel(page).get_by_role("radio", name="Nền đơn giản").check()
    expect(page.locator("img.leaflet-tile")).to_have_count(0)

    page.reload()
    settled(page)
    expect(page).to_have_url(re.compile(r"\?nen=trang$"))
    expect(page.locator("img.leaflet-tile")).to_have_count(0)


def test_rivers_are_drawn_in_the_overview_only(open_page):
    def add_river(route):
        response = route.fetch()
        drawing = response.json()
        width, height = drawing["size"]
        line = f"M0 0l{width} {height}"
        route.fulfill(response=response, json=drawing | {"rivers": line})

    page = open_page("/", before=lambda page: page.route("**/build/basemap*.json", add_river))
    expect(page.locator("path.base-river")).to_be_attached()
    for zoom, shown in [(9, True), (10, False), (8, True)]:
        page.goto(f"{page.url.partition('?')[0]}?ban-do={zoom}/19.2/106.6")
        expect(page.locator("path.base-river")).to_be_attached()
        expect(page.locator("path.base-river")).to_be_visible(visible=shown)


def test_lines_of_units_stop_at_the_coast(open_page):
    page = settled(open_page("/"))

    # The coast and the border of the province are those of the base map.
    expect(page.locator("path.outline-outer")).to_be_hidden()
    expect(page.locator("path.outline:not(.outline-outer)")).to_be_visible()


def test_protected_areas_are_drawn_above_the_choropleth_whichever_loads_first(open_page):
    held = []

    def hold(page):
        page.route("**/collections/districts/items**", lambda route: held.append(route))

    page = open_page("/?lop=bao-ho&to-mau=huyen", before=hold)
    expect(page.locator("path.protected")).to_have_count(3)
    held[0].continue_()
    expect(page.locator("path.shade")).to_have_count(2)

    order = page.locator("path.shade, path.protected").evaluate_all(
        "all => all.map((path) => path.classList.contains('protected'))"
    )
    assert order == 2 * [False] + 3 * [True]


def test_names_of_units_never_overlap(open_page):
    page = settled(open_page("/?lop=huyen.xa-cu.xa"))
    expect(page.locator(".label-outline")).to_have_count(2 + 5 + 3)
    expect(page.locator(".label-outline:not([hidden]) span").first).to_be_visible()

    overlapping = page.locator(".label:not([hidden]) span").evaluate_all(
        """spans => {
            const boxes = spans.map((span) => span.getBoundingClientRect());
            return boxes.flatMap((a, i) => boxes.slice(i + 1).filter((b) =>
                a.left < b.right - 1 && b.left < a.right - 1 &&
                a.top < b.bottom - 1 && b.top < a.bottom - 1)).length;
        }"""
    )
    assert overlapping == 0


@BOTH
def test_a_point_lists_the_rights_that_cover_it(open_page, viewport):
    page = settled(open_page("/?lop=bao-ho", viewport))
    expect(page.locator("path.protected")).to_have_count(3)
    panel(page)
    # By keyboard: the centre of the map is within the former province.
    page.get_by_role("button", name="Xem tại giữa bản đồ").press("Enter")
    popup = page.locator(".leaflet-popup .here")
    expect(popup.get_by_role("listitem")).to_have_text(
        [re.compile(r"Tôm giống Mẫu\s*nhãn hiệu chứng nhận, chưa rõ hiệu lực")]
    )
    expect(popup).to_contain_text("không có nghĩa là sản phẩm mang quyền này")
    expect(popup).to_contain_text("Ngoài ra có 5 quyền không vẽ được")
    assert popup.get_by_role("link").first.get_attribute("href").startswith("/bao-ho/MAU-SH-003-")
    page.keyboard.press("Escape")
    expect(popup).to_have_count(0)

    # No unit covers the sea.
    box = page.locator("#map").bounding_box()
    page.mouse.click(box["x"] + box["width"] - 12, box["y"] + box["height"] * 0.45)
    expect(popup.get_by_role("listitem")).to_have_count(0)
    expect(popup).to_contain_text("Không có vùng bảo hộ nào đã vẽ trùm lên điểm này.")


@BOTH
def test_the_choropleth_counts_the_matching_products(open_page, viewport):
    page = settled(open_page("/?to-mau=huyen&nhom=II", viewport))
    drinks = [
        one["properties"] for one in products(page) if one["properties"]["category_code"] == "II"
    ]
    by_district = Counter(one["district"] for one in drinks)
    unplaced = by_district.pop(None, 0)
    expect(page.locator("path.shade")).to_have_count(2)
    expect(page.locator("path.shade-0")).to_have_count(2 - len(by_district))
    key = page.locator("#shades-key")
    expect(key).to_contain_text("Sản phẩm theo huyện trước 1/3/2024")
    if unplaced:
        expect(key).to_contain_text(f"không được tính: {unplaced}")
    panel(page).get_by_text("Số liệu từng đơn vị").click()
    texts = page.locator("#shades-numbers li").all_inner_texts()
    numbers = {}
    for name, count in (
        re.match(r"(.+): (\d+|không có) sản phẩm", text).groups() for text in texts
    ):
        if count != "không có":
            numbers[name.lower()] = int(count)

    assert numbers == {name.lower(): count for name, count in by_district.items()}
    assert sum("không có" in text for text in texts) == 2 - len(by_district)

    # All products again: the choropleth is updated.
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Bộ lọc").click()
    page.get_by_role("checkbox", name="Đồ uống").uncheck(force=True)
    expect(page.locator("#shades-numbers li").first).not_to_have_text(texts[0])
    expect(page).to_have_url(re.compile(r"\?to-mau=huyen$"))


def test_products_at_one_point_are_reachable_by_keyboard(open_page):
    page = settled(open_page("/?q=nong+nghiep+thu+nghiem"))
    cluster = page.locator(".place").filter(has=page.locator(".cluster")).get_by_role("button")
    cluster.press("Enter")
    fanned = page.locator(".fanned").get_by_role("button")
    expect(fanned).to_have_count(9)
    expect(page.locator("path.leg")).to_have_count(9)
    expect(fanned.first).to_be_focused()
    page.keyboard.press("Tab")
    expect(fanned.nth(1)).to_be_focused()
    page.keyboard.press("Escape")

    expect(fanned).to_have_count(0)
    expect(page.locator("path.leg")).to_have_count(0)
    expect(cluster).to_be_focused()


def test_more_products_than_fit_in_a_ring_are_shown_as_a_list(open_page):
    def thirteen(page):
        def answer(route):
            data = route.fetch().json()
            one = next(feature for feature in data["features"] if feature["geometry"])
            data["features"] = [{**one, "id": f"{one['id']}-{i}"} for i in range(13)]
            route.fulfill(body=json.dumps(data), content_type="application/geo+json")

        page.route(DATA, answer)

    page = settled(open_page("/", before=thirteen))
    page.locator(CLUSTER).click()

    expect(page.locator("#chosen .items li")).to_have_count(13)
    expect(page.locator(".fanned")).to_have_count(0)


def test_a_layer_that_fails_to_load_is_reported_and_can_be_retried(open_page):
    refused = []

    def refuse_once(page):
        def once(route):
            if route.request.url in refused:
                return route.continue_()
            refused.append(route.request.url)
            return route.fulfill(status=503, body="{}")

        page.route("**/collections/communes/items**", once)

    page = settled(open_page("/?lop=xa", before=refuse_once))
    expect(page.locator("#problem")).to_contain_text("Chưa tải được lớp “Xã ngày nay”")
    expect(page.locator(".label-outline")).to_have_count(0)
    page.get_by_role("button", name="Thử lại").click()

    expect(page.locator(".label-outline")).to_have_count(3)
    expect(page.locator("#problem")).to_be_hidden()

    # The numbers of districts must not be shown as those of communes.
    layers = panel(page)
    layers.get_by_role("radio", name="Sản phẩm theo huyện trước 1/3/2024").check()
    expect(page.locator("path.shade")).to_have_count(2)
    layers.get_by_role("radio", name="Sản phẩm theo xã trước 1/3/2024").check()
    expect(page.locator("#problem")).to_contain_text("Chưa tải được lớp “Xã trước 1/3/2024”")
    expect(page.locator("path.shade")).to_have_count(0)
    expect(page.locator("#shades-key")).to_be_hidden()
    # After a successful request by another control, the problem is no longer reported.
    layers.get_by_role("checkbox", name="Xã trước 1/3/2024").check()
    expect(page.locator("path.shade")).to_have_count(5)
    expect(page.locator("#problem")).to_be_hidden()
    # The browser reports the intended 503.
    assert [error for error in open_page.errors if "503" not in error] == []
    open_page.errors.clear()


def test_failing_tiles_are_reported_and_the_legend_shows_every_symbol(open_page):
    page = settled(open_page("/", tiles="refused"))
    layers = panel(page)
    expect(layers.get_by_role("status")).to_have_text(
        "Không tải được nền OpenStreetMap; đang dùng nền đơn giản."
    )
    expect(layers.get_by_role("radio", name="Nền đơn giản")).to_be_checked()
    assert page.url.endswith("/")
    # Six groups and no group; exact, inexact, four statuses, protected, selected, cluster, unit.
    expect(layers.locator("[data-layer-sign] > *")).to_have_count(7 + 10)


def test_one_finger_scrolls_the_page_and_two_fingers_move_the_map(open_page):
    page = open_page("/bao-ho/MAU-SH-001-nho-mau-bac/", PHONE)
    page.locator("path.area").wait_for(state="attached")
    page_map = page.locator(".page-map")
    page_map.scroll_into_view_if_needed()
    cdp = page.context.new_cdp_session(page)
    pane, area = page.locator(".leaflet-map-pane"), page.locator("path.area")
    moved, drawn, scrolled = (
        pane.get_attribute("style"),
        area.get_attribute("d"),
        page.evaluate("scrollY"),
    )

    def fingers(kind, *points):
        places = [{"x": x, "y": y} for x, y in points]
        cdp.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": places})

    box = page_map.bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    fingers("touchStart", (x, y))
    for step in range(1, 8):
        fingers("touchMove", (x, y - 15 * step))
    expect(page.locator(".map-hint")).to_have_css("opacity", "1")
    expect(page.locator(".map-hint")).to_have_text("Dùng hai ngón tay để di chuyển bản đồ")
    fingers("touchEnd")
    page.wait_for_function("before => scrollY > before", arg=scrolled)
    assert (pane.get_attribute("style"), area.get_attribute("d")) == (moved, drawn)
    expect(page.locator(".map-hint")).to_have_css("opacity", "0")

    page_map.scroll_into_view_if_needed()
    box = page_map.bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    fingers("touchStart", (x - 40, y), (x + 40, y))
    for step in range(1, 8):
        fingers("touchMove", (x - 40, y - 8 * step), (x + 40, y - 8 * step))
    fingers("touchEnd")
    # Leaflet redraws everything after the gesture.
    expect(area).not_to_have_attribute("d", drawn)
