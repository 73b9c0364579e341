"""Journeys of farmers and tourists on the public map."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.chromium import DESKTOP, PHONE

CLUSTER = ".place svg.cluster"
RESULTS = "#results .item"


def count(page):
    return page.locator("#count")


def settled(page):
    """The page once its ground is drawn: the map stands where it will stay."""
    expect(page.locator("path.base-land").first).to_be_attached()
    return page


@pytest.mark.parametrize("viewport", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_a_product_is_found_without_diacritics_and_its_page_opened(open_page, viewport):
    page = open_page("/", viewport)
    expect(page.locator(CLUSTER).first).to_be_visible()
    page.locator("#q").fill("mat nho")
    page.locator("#q").press("Enter")

    # Two are called so, and a wine is made by "Cơ sở sản xuất rượu mật nho 39".
    expect(page.locator(RESULTS)).to_have_count(3)
    page.locator(RESULTS).get_by_role("link", name="Mật nho").first.click()

    expect(page.get_by_role("heading", level=1)).to_have_text("Mật nho")
    assert re.search(r"/san-pham/NT-OCOP-\d{3}-mat-nho/$", page.url)


def test_the_map_draws_land_districts_and_clusters_without_any_other_host(open_page):
    page = open_page("/", tiles="refused")

    expect(page.locator(".label-outline")).to_have_count(7)
    expect(page.locator("path.base-land").first).to_be_attached()
    expect(page.locator(CLUSTER).first).to_be_visible()
    expect(page.locator("#problem")).to_be_hidden()
    # The layer that nobody answers is taken off.
    expect(page.locator("img.leaflet-tile")).to_have_count(0)


def test_tiles_lie_on_top_when_they_can_be_reached(open_page):
    page = open_page("/")

    expect(page.locator("img.leaflet-tile").first).to_be_visible()
    expect(page.locator(".leaflet-control-attribution")).to_contain_text("OpenStreetMap")


def test_products_on_one_spot_are_all_reached(open_page):
    page = settled(open_page("/?q=tong+hop+nong+nghiep+thai+an"))
    expect(count(page)).to_contain_text("9 trong 62")
    page.locator(CLUSTER).click()

    links = page.locator(".leaflet-popup .spot a")
    expect(links).to_have_count(9)
    addresses = [link.get_attribute("href") for link in links.all()]
    assert len(set(addresses)) == 9
    links.first.click()
    expect(page.get_by_role("heading", level=1)).to_be_visible()


def test_a_choice_is_in_the_address_and_back_takes_it_off(open_page):
    page = open_page("/")
    expect(count(page)).to_have_text("62 sản phẩm")
    page.get_by_role("checkbox", name="Đồ uống").check(force=True)
    expect(page).to_have_url(re.compile(r"\?nhom=II$"))
    expect(count(page)).to_have_text("10 trong 62 sản phẩm")

    page.reload()
    expect(count(page)).to_have_text("10 trong 62 sản phẩm")
    expect(page.get_by_role("checkbox", name="Đồ uống")).to_be_checked()

    page.go_back()
    expect(count(page)).to_have_text("62 sản phẩm")


@pytest.mark.parametrize(
    ("query", "text"),
    [
        ("huyen=585", "13 trong 62"),
        ("trang-thai=valid", "11 trong 62"),
        ("sao=3", "11 trong 62"),
        ("trang-thai=expired", "18 trong 62"),
        ("bao-ho=co", "0 trong 62"),
        # Products that stand on the ground of the grape's geographical indication.
        ("bao-ho=NT-IP-001", "7 trong 62"),
    ],
)
def test_filters_count_as_the_data_do(open_page, query, text):
    page = open_page(f"/?{query}")

    expect(count(page)).to_contain_text(text)


def test_an_empty_result_says_what_to_loosen(open_page):
    page = open_page("/?q=mat+nho&huyen=584")

    expect(page.locator("#results")).to_contain_text("Không có sản phẩm nào khớp.")
    expect(page.locator("#results")).to_contain_text("Thử bỏ bớt")
    page.get_by_role("button", name="Xoá tất cả").click()
    expect(count(page)).to_have_text("62 sản phẩm")


def test_stars_stand_only_where_a_rating_holds(open_page):
    page = open_page("/")
    expect(count(page)).to_have_text("62 sản phẩm")

    expect(page.locator("#results .stars:visible")).to_have_count(11)
    expect(page.locator("#results .rating-past").first).to_be_visible()


def test_the_map_in_english_leads_to_pages_in_english(open_page):
    page = open_page("/en/")
    expect(count(page)).to_have_text("62 products")
    expect(page.locator("html")).to_have_attribute("lang", "en")
    page.get_by_role("checkbox", name="Drinks").check(force=True)

    expect(count(page)).to_have_text("10 of 62 products")
    expect(page.get_by_role("button", name="Remove the filter Drinks")).to_be_visible()
    expect(
        page.get_by_role("button", name=re.compile(r"products, press to see"))
    ).not_to_have_count(0)
    expect(page.locator("#results .rating").first).to_have_text(
        re.compile("Valid|Expire|Not rated")
    )
    expect(page.get_by_role("button", name="Whole province")).to_be_visible()
    page.locator(RESULTS).get_by_role("link").first.click()
    expect(page).to_have_url(re.compile(r"/en/san-pham/NT-OCOP-\d{3}-"))
    expect(page.locator("html")).to_have_attribute("lang", "en")


def test_a_failing_server_is_told_and_tried_again(open_page):
    refused = []

    def refuse_once(page):
        def once(route):
            if refused:
                return route.continue_()
            refused.append(route.request.url)
            return route.fulfill(status=503, body="{}")

        page.route("**/collections/products/items**", once)

    page = open_page("/", before=refuse_once)
    expect(page.locator("#problem")).to_contain_text("Máy chủ báo lỗi")
    # The list that came with the page is still there.
    expect(page.locator(RESULTS)).to_have_count(62)
    page.get_by_role("button", name="Thử lại").click()

    expect(page.locator("#problem")).to_be_hidden()
    expect(page.locator(CLUSTER).first).to_be_visible()
    # The browser itself reports the 503 that was meant.
    assert [error for error in open_page.errors if "503" not in error] == []
    open_page.errors.clear()


def test_without_javascript_the_list_leads_to_the_pages(open_page):
    page = open_page("/", javascript=False)

    expect(page.locator(RESULTS)).to_have_count(62)
    page.locator(RESULTS).get_by_role("link").first.click()
    expect(page.get_by_role("heading", level=1)).to_be_visible()


def test_the_list_comes_before_the_map_for_the_keyboard(open_page):
    page = open_page("/")
    expect(count(page)).to_have_text("62 sản phẩm")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Bỏ qua bản đồ")).to_be_focused()
    page.keyboard.press("Enter")

    expect(page.locator("#results")).to_be_focused()


def test_a_marker_opens_a_card_and_escape_closes_it(open_page):
    page = settled(open_page("/?q=gao+sach"))
    page.locator(".place").get_by_role("button", name=re.compile("Gạo sạch Phước Chính")).click()
    card = page.locator(".leaflet-popup .card")
    expect(card).to_contain_text("vị trí theo xã")
    page.keyboard.press("Escape")

    expect(card).to_have_count(0)


def test_on_a_phone_the_sheet_opens_and_every_target_is_large_enough(open_page):
    page = settled(open_page("/", PHONE))
    expect(page.locator(CLUSTER).first).to_be_visible()
    page.locator("#filters-toggle").click()
    expect(page.locator("#more-filters")).to_be_visible()

    small = page.evaluate(
        """() => [...document.querySelectorAll("button, select, label.option")]
            .filter((e) => e.checkVisibility() && e.getBoundingClientRect().height)
            .filter((e) => !e.closest(".leaflet-popup"))
            .map((e) => [e.className || e.id, Math.round(e.getBoundingClientRect().height)])
            .filter(([, height]) => height < 44)"""
    )
    assert small == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.parametrize("path", ["/", "/bao-ho/"])
def test_a_phone_with_wide_letters_shows_the_whole_header(open_page, path):
    """Letters differ from phone to phone; WCAG 1.4.12 says how far apart people may set them."""
    page = open_page(path, PHONE)
    page.evaluate(
        "Object.assign(document.body.style, { letterSpacing: '0.12em', wordSpacing: '0.16em' })"
    )

    expect(page.get_by_role("link", name="Dữ liệu mở")).to_be_in_viewport(ratio=1)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
