"""Tasks of farmers and tourists on the public map."""

import re
from urllib.parse import quote_plus

import pytest
from playwright.sync_api import expect

from frontend.navigation import ENTRIES
from tests.benchmarks.main_thread import at_rest
from tests.browser.chromium import DESKTOP, PHONE

CLUSTER = ".place .cluster"
RESULTS = "#results .item"


def count(page):
    return page.locator("#count")


def settled(page):
    """The page after the base map is drawn and the view is final."""
    expect(page.locator("path.base-land").first).to_be_attached()
    return page


def properties(page):
    """The properties of all products; which rating is valid depends on the day."""
    address = "/api/v1/collections/products/items?limit=1000"
    features = page.evaluate(f"fetch('{address}').then((answer) => answer.json())")["features"]
    return [one["properties"] for one in features]


VIEWPORTS = pytest.mark.parametrize("viewport", [DESKTOP, PHONE], ids=["desktop", "phone"])
SUGGESTION = "#suggestions [role=option]"
# A position in the south of the province.
HERE = {"latitude": 19.0502, "longitude": 106.8503}


def shows_all(page):
    expect(count(page)).to_have_text("24 sản phẩm")
    return page


@VIEWPORTS
def test_a_product_is_found_without_diacritics_and_its_page_opened(open_page, viewport):
    page = open_page("/", viewport)
    expect(page.locator(CLUSTER).first).to_be_visible()
    page.locator("#q").fill("mat nho")
    page.locator("#q").press("Enter")

    # Two have this name, and a wine is made by "Cơ sở rượu mật nho Minh Họa".
    expect(page.locator(RESULTS)).to_have_count(3)
    page.locator(RESULTS).get_by_role("link", name="Mật nho").first.click()
    expect(page.locator("#chosen h2")).to_be_focused()
    page.get_by_role("link", name="Xem trang sản phẩm").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("Mật nho")
    assert re.search(r"/san-pham/MAU-SP-\d{3}-mat-nho/$", page.url)


def test_the_map_draws_land_districts_and_clusters_without_other_hosts(open_page):
    page = open_page("/")

    expect(page.locator(".label-outline")).to_have_count(2)
    expect(page.locator("path.base-land").first).to_be_attached()
    expect(page.locator(CLUSTER).first).to_be_visible()
    expect(page.locator("#problem")).to_be_hidden()
    expect(page.locator("img.leaflet-tile")).to_have_count(0)
    credits = page.locator(".leaflet-control-attribution")
    expect(credits).not_to_contain_text("OpenStreetMap")
    # Each layer of the base map names its own licence.
    expect(credits.get_by_role("link", name="CC0", include_hidden=True)).to_have_attribute(
        "href", "https://creativecommons.org/publicdomain/zero/1.0/"
    )


@VIEWPORTS
@pytest.mark.parametrize("path", ["/", "/en/", "/nhung/", "/bao-ho/MAU-SH-001/"])
def test_the_inset_is_whole_and_covers_no_control_credit_or_sheet(open_page, viewport, path):
    page = open_page(path, viewport)
    expect(page.locator("path.base-land").first).to_be_attached()
    inset = page.locator(".map-inset")
    names = ["Mau Bac Archipelago", "Mau Nam Archipelago"]
    if not path.startswith("/en/"):
        names = ["Quần đảo Mẫu Bắc", "Quần đảo Mẫu Nam"]
    expect(inset.locator("p")).to_have_text(names)
    inset.scroll_into_view_if_needed()

    covered = inset.evaluate(
        """inset => {
            const box = inset.getBoundingClientRect();
            const map = inset.closest(".leaflet-container").getBoundingClientRect();
            const others = document.querySelectorAll(
                ".leaflet-control:not(.map-inset), .sheet, .panel-form .search, .layers-toggle");
            const overlaps = ({ left, right, top, bottom }) => left < box.right &&
                box.left < right && top < box.bottom && box.top < bottom;
            const outside = box.left < map.left || box.right > map.right ||
                box.top < map.top || box.bottom > map.bottom;
            return [...others].filter((other) => overlaps(other.getBoundingClientRect()))
                .map(({ className }) => className).concat(outside ? ["the edge of the map"] : []);
        }"""
    )
    assert covered == []
    # Nor does it take the clicks of what is below.
    expect(inset).to_have_css("pointer-events", "none")


def test_tiles_are_shown_above_the_base_map_if_available(open_page):
    page = open_page("/", tiles="answered")

    expect(page.locator("img.leaflet-tile").first).to_be_visible()
    expect(page.locator(".leaflet-control-attribution")).to_contain_text("OpenStreetMap")


def test_all_products_at_one_point_are_reachable(open_page):
    page = settled(open_page("/?q=nong+nghiep+thu+nghiem"))
    expect(count(page)).to_contain_text("9 trong 24")
    page.locator(CLUSTER).click()

    # On the map they are arranged in a ring, in the panel as a list.
    fanned = page.locator(".fanned").get_by_role("button")
    expect(fanned).to_have_count(9)
    assert len({one.get_attribute("aria-label") for one in fanned.all()}) == 9
    expect(page.locator("#chosen h2")).to_have_text(re.compile("^9 sản phẩm, xã"))
    links = page.locator("#chosen .items a")
    expect(links).to_have_count(9)
    addresses = [link.get_attribute("href") for link in links.all()]
    assert len(set(addresses)) == 9
    # Back from one of them to all of them, and to the list.
    links.nth(4).click()
    page.get_by_role("button", name="9 sản phẩm cùng điểm").click()
    expect(links.nth(4)).to_be_focused()
    page.get_by_role("button", name="Danh sách").click()
    expect(page.locator(RESULTS)).to_have_count(9)
    expect(fanned).to_have_count(0)


FILTERS = [
    *("", "?trang-thai=valid", "?trang-thai=unknown", "?nhom=I", "?nhom=II", "?huyen=chua-ro"),
    *("?huyen=992", "?q=nho", "?sao=3&sao=4", "?trang-thai=none&nhom=I"),
]


PARTS = """() => {
    const all = (selector) => [...document.querySelectorAll(selector)];
    const numbers = (selector) => all(selector).map(({ textContent }) => parseInt(textContent));
    return {
        marker: all(".place .marker").map(() => 1),
        cluster: numbers(".place .cluster"),
        badge: numbers(".place .unit-badge"),
        line: numbers("#unplaced:not([hidden])"),
    };
}"""


def test_markers_clusters_badges_and_the_line_add_up_to_the_list(open_page):
    page = shows_all(settled(open_page("/")))
    expect(page.locator(CLUSTER).first).to_be_visible()
    listed, kinds = set(), set()
    for query in FILTERS:
        page.evaluate(
            """(query) => {
                history.pushState(null, "", "/" + query);
                dispatchEvent(new PopStateEvent("popstate"));
            }""",
            query,
        )
        # The map is drawn in a task of its own after the number is written; a sum that stays
        # another one fails here.
        page.wait_for_function(
            f"""() => Object.values(({PARTS})()).flat().reduce((sum, one) => sum + one, 0)
                == parseInt(document.querySelector("#count").textContent)"""
        )
        listed.add(count(page).inner_text())
        kinds |= {kind for kind, numbers in page.evaluate(PARTS).items() if numbers}

    assert kinds == {"marker", "cluster", "badge", "line"}
    assert len(listed) > 5


def test_a_badge_and_the_line_open_the_list_of_their_products(open_page):
    page = shows_all(settled(open_page("/")))
    badge = page.locator(".place").get_by_role("button", name=re.compile("sản phẩm chỉ biết"))
    number = int(badge.first.inner_text())
    badge.first.click()
    expect(page.locator("#chosen h2")).to_have_text(re.compile(f"^{number} sản phẩm, "))
    expect(page.locator("#chosen")).to_contain_text("Nguồn chỉ nêu huyện trước 1/3/2024")
    expect(page.locator("#chosen .items a")).to_have_count(number)
    page.get_by_role("button", name="Danh sách").click()

    line = page.locator("#unplaced")
    number = int(line.inner_text().split()[0])
    line.click()
    expect(page.locator("#chosen h2")).to_have_text(f"{number} sản phẩm chưa rõ huyện")
    expect(page.locator("#chosen .items a")).to_have_count(number)
    page.reload()
    expect(page.locator("#chosen .items a")).to_have_count(number)


def test_a_filter_is_in_the_url_and_back_removes_it(open_page):
    page = open_page("/")
    expect(count(page)).to_have_text("24 sản phẩm")
    page.get_by_role("button", name="Bộ lọc").click()
    page.get_by_role("checkbox", name="Đồ uống").check(force=True)
    expect(page).to_have_url(re.compile(r"\?nhom=II$"))
    expect(count(page)).to_have_text("4 trong 24 sản phẩm")

    page.reload()
    expect(count(page)).to_have_text("4 trong 24 sản phẩm")
    page.get_by_role("button", name="Bộ lọc").click()
    expect(page.get_by_role("checkbox", name="Đồ uống")).to_be_checked()

    page.go_back()
    expect(count(page)).to_have_text("24 sản phẩm")


def test_a_phone_shows_one_and_a_half_cards_and_a_chip_filters_by_type(open_page):
    page = shows_all(settled(open_page("/", PHONE)))
    first, second = (page.locator(RESULTS).nth(number).bounding_box() for number in (0, 1))
    assert first["y"] + first["height"] < PHONE["height"]
    assert second["y"] + second["height"] / 4 < PHONE["height"] < second["y"] + second["height"]

    page.get_by_role("checkbox", name="Siro").check(force=True)
    expect(page).to_have_url(re.compile(r"\?loai=fruit_syrup$"))
    expected = sum(one["type"] == "fruit_syrup" for one in properties(page))
    assert expected > 1
    expect(count(page)).to_have_text(f"{expected} trong 24 sản phẩm")
    # The chips of other types count without this filter, and can be added.
    expect(page.get_by_role("checkbox", name=re.compile(r"^Nho \d"))).to_be_visible()


def test_the_link_to_the_other_language_retains_the_filters(open_page):
    """The server stores the page without them."""
    page = open_page("/?nhom=II")
    page.get_by_role("link", name="English").click()

    expect(page).to_have_url(re.compile(r"/en/\?nhom=II$"))
    expect(count(page)).to_have_text("4 of 24 products")


@pytest.mark.parametrize(
    ("query", "text"),
    [
        ("huyen=991", "13 trong 24"),
        ("bao-ho=co", "0 trong 24"),
        # Grapes: the goods of the right. Other products in its area do not count.
        ("bao-ho=MAU-SH-001", "2 trong 24"),
        ("bao-ho=loai-hang", "6 trong 24"),
    ],
)
def test_filter_counts_equal_the_data(open_page, query, text):
    page = open_page(f"/?{query}")

    expect(count(page)).to_contain_text(text)


@pytest.mark.parametrize(
    ("query", "name", "value"),
    [
        ("trang-thai=valid", "ocop_status", "valid"),
        ("trang-thai=expired", "ocop_status", "expired"),
        ("trang-thai=unknown", "ocop_status", "unknown"),
        ("sao=3", "stars", 3),
    ],
)
def test_filters_by_status_count_the_products_of_today(open_page, query, name, value):
    page = open_page(f"/?{query}")
    expected = sum(one[name] == value for one in properties(page))

    assert expected > 0
    expect(count(page)).to_contain_text(f"{expected} trong 24")


def test_an_empty_result_suggests_filters_to_remove(open_page):
    page = open_page("/?q=mat+nho&huyen=992")

    expect(page.locator("#results")).to_contain_text("Không có sản phẩm nào khớp.")
    expect(page.locator("#results")).to_contain_text("Thử bỏ bớt")
    page.get_by_role("button", name="Xoá tất cả").click()
    expect(count(page)).to_have_text("24 sản phẩm")


def test_stars_are_shown_only_for_valid_ratings(open_page):
    page = open_page("/")
    expect(count(page)).to_have_text("24 sản phẩm")

    rated = sum(one["stars"] is not None for one in properties(page))
    assert rated > 0
    expect(page.locator("#results .card-stars:visible")).to_have_count(rated)
    expect(page.locator("#results .pill-unknown").first).to_be_visible()


# For each control on the map: whether an ancestor clips its focus ring.
RINGS = """() => {
    const cut = [];
    for (const one of document.querySelectorAll(".map-place :is(a, button, summary)")) {
        one.focus({ preventScroll: true });
        if (!one.matches(":focus-visible")) continue;
        const { outlineOffset, outlineWidth } = getComputedStyle(one);
        const room = parseFloat(outlineOffset) + parseFloat(outlineWidth);
        const ring = one.getBoundingClientRect();
        for (let box = one.parentElement; box; box = box.parentElement) {
            if (getComputedStyle(box).overflowX === "visible") continue;
            const { left, top } = box.getBoundingClientRect();
            if (ring.left - room < left || ring.top - room < top) cut.push(one.className);
        }
    }
    return cut;
}"""


def test_focus_rings_on_the_map_are_not_clipped(open_page):
    page = open_page("/")
    expect(page.locator(".place .cluster").first).to_be_visible()
    # By keyboard, so that the browser shows focus rings.
    page.locator("#layers-toggle").press("Enter")

    assert page.evaluate(RINGS) == []


def test_the_english_map_links_to_english_pages(open_page):
    page = open_page("/en/")
    expect(count(page)).to_have_text("24 products")
    expect(page.locator("html")).to_have_attribute("lang", "en")
    page.get_by_role("button", name="Filters").click()
    page.get_by_role("checkbox", name="Drinks").check(force=True)

    expect(count(page)).to_have_text("4 of 24 products")
    expect(page.get_by_role("button", name="Remove the filter Drinks")).to_be_visible()
    expect(
        page.get_by_role("button", name=re.compile(r"products, select to view"))
    ).not_to_have_count(0)
    expect(page.locator("#results .rating").first).to_have_text(
        re.compile("^(Valid|Expir|Term not verified|Not rated)")
    )
    expect(page.get_by_role("button", name="Whole province")).to_be_visible()
    page.locator(RESULTS).get_by_role("link").first.click()
    page.get_by_role("link", name="View the product page").click()
    expect(page).to_have_url(re.compile(r"/en/san-pham/MAU-SP-\d{3}-"))
    expect(page.locator("html")).to_have_attribute("lang", "en")


def test_a_commune_in_an_english_sentence_is_marked_as_vietnamese(open_page):
    page = open_page("/en/?diem=MAU-SP-002")
    title = page.locator("#chosen h2")

    expect(title).to_have_text("9 products, Mẫu Bắc commune")
    expect(title.locator("[lang=vi]")).to_have_text("Mẫu Bắc commune")


def test_a_server_error_is_reported_and_can_be_retried(open_page):
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
    # The list rendered by the server is still displayed.
    expect(page.locator(RESULTS)).to_have_count(24)
    page.get_by_role("button", name="Thử lại").click()

    expect(page.locator("#problem")).to_be_hidden()
    expect(page.locator(CLUSTER).first).to_be_visible()
    # The browser reports the intended 503.
    assert [error for error in open_page.errors if "503" not in error] == []
    open_page.errors.clear()


def test_a_timeout_is_reported_and_can_be_retried(open_page):
    held = []

    def hold_once(page):
        page.clock.install()
        page.route(
            "**/collections/products/items**",
            lambda route: route.continue_() if held else held.append(route),
        )

    page = settled(open_page("/?nhom=II", before=hold_once))
    expect(count(page)).to_have_text("Đang tải sản phẩm…")
    page.clock.fast_forward(15_000)
    expect(page.locator("#problem")).to_contain_text("Máy chủ trả lời quá chậm")
    # The request times out, and the filters are retained.
    expect(count(page)).to_have_text("24 sản phẩm")
    page.get_by_role("button", name="Thử lại").click()

    expect(page.locator("#problem")).to_be_hidden()
    expect(count(page)).to_have_text("4 trong 24 sản phẩm")


def test_the_list_links_to_pages_without_javascript(open_page):
    page = open_page("/", javascript=False)

    expect(page.locator(RESULTS)).to_have_count(24)
    page.locator(RESULTS).get_by_role("link").first.click()
    expect(page.get_by_role("heading", level=1)).to_be_visible()


def test_the_list_comes_before_the_map_for_the_keyboard(open_page):
    page = open_page("/")
    expect(count(page)).to_have_text("24 sản phẩm")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Bỏ qua bản đồ")).to_be_focused()
    page.keyboard.press("Enter")

    expect(page.locator("#results")).to_be_focused()


NAMES = [
    ("Mẫu Bắc", "Mẫu Bắc – huyện trước 1/3/2024", "huyen=991", "13 trong 24"),
    ("mau bac", "Mẫu Bắc – xã hiện nay", "xa=99001", "10 trong 24"),
    ("Ví Dụ", "Ví Dụ – thị trấn trước 1/3/2024", "xa-cu=99001", "1 trong 24"),
    (
        "htx nong nghiep thu nghime",
        "HTX Nông nghiệp Thử Nghiệm – chủ thể",
        "chu-the=MAU-CT-001",
        "9 trong",
    ),
    ("nuoc mam tuong", "Nước mắm Tưởng Tượng – nhãn hiệu", "bao-ho=MAU-SH-004", "trong 24"),
]


@VIEWPORTS
def test_typing_a_name_selects_its_unit_producer_or_area(open_page, viewport):
    page = shows_all(settled(open_page("/", viewport)))
    for typed, choice, state, found in NAMES:
        page.locator("#q").press_sequentially(typed)
        # The suggestions match the complete input.
        expect(page).to_have_url(re.compile(rf"q={re.escape(quote_plus(typed))}(&|$)"))
        options = page.locator(SUGGESTION)
        expect(options.filter(has_text=choice)).to_have_count(1)
        # By keyboard only: down to the suggestion, then Enter.
        wanted = [text.startswith(choice) for text in options.all_inner_texts()].index(True)
        for _ in range(wanted + 1):
            page.keyboard.press("ArrowDown")
        active = page.locator("#q").get_attribute("aria-activedescendant")
        expect(page.locator(f"#{active}")).to_have_attribute("aria-selected", "true")
        page.keyboard.press("Enter")

        expect(page).to_have_url(re.compile(rf"\?{state}(&|$)"))
        expect(count(page)).to_contain_text(found)
        expect(page.locator("#suggestions")).to_be_hidden()
        # The typed text is not a separate entry of the browser history.
        page.go_back()
        shows_all(page)
        expect(page.locator("#q")).to_have_value("")


def test_suggestions_open_the_page_of_a_right_without_an_area_and_the_panel_of_a_product(open_page):
    page = shows_all(open_page("/"))
    page.locator("#q").press_sequentially("toi gia dinh")
    expect(page.locator("#suggestions-count")).to_have_text("2 gợi ý")
    page.locator(SUGGESTION).filter(has_text="Tỏi Giả Định – sản phẩm").click()
    expect(page.locator("#chosen h2")).to_have_text("Tỏi Giả Định")

    # Neither its area nor products of its goods can be shown: it is not registered.
    page.locator("#q").press_sequentially("rong bien mau")
    page.locator(SUGGESTION).filter(has_text="Rong biển Mẫu – nhãn hiệu chứng nhận").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Rong biển Mẫu")


@pytest.fixture
def held(open_page):
    """(page, routes): the products are delivered when `routes[0].continue_()` is called."""
    routes = []

    def hold(page):
        page.route("**/collections/products/items**", lambda route: routes.append(route))

    return open_page("/", before=hold), routes


def test_products_that_load_late_are_suggested_for_the_current_input(held):
    page, routes = held
    page.locator("#q").press_sequentially("toi gia dinh")
    expect(page.locator("#suggestions-count")).to_have_text("1 gợi ý")
    routes[0].continue_()

    expect(page.locator("#suggestions-count")).to_have_text("2 gợi ý")


def test_products_that_load_late_do_not_reopen_a_closed_list(held):
    page, routes = held
    page.locator("#q").press_sequentially("toi")
    expect(page.locator(SUGGESTION)).not_to_have_count(0)
    # The last letters and Escape, both before the list is updated.
    page.locator("#q").evaluate(
        """(input) => {
            input.value = "toi gia dinh";
            input.dispatchEvent(new Event("input", { bubbles: true }));
            input.dispatchEvent(new KeyboardEvent("keydown", { key: "Escape", bubbles: true }));
        }"""
    )
    routes[0].continue_()

    expect(page.locator(RESULTS)).to_have_count(1)
    expect(page.locator("#suggestions")).to_be_hidden()
    page.keyboard.press("ArrowDown")
    expect(page.locator("#suggestions")).to_be_visible()


def test_typing_while_products_load_loses_no_letter(held):
    page, routes = held
    expect(page.locator("path.base-land").first).to_be_attached()
    page.locator("#q").press_sequentially("nu")
    # Typing is faster than the search delay, and the products arrive between two letters.
    routes[0].continue_()
    page.locator("#q").press_sequentially("oc mam", delay=60)

    expect(page.locator("#q")).to_have_value("nuoc mam")
    expect(page.locator(RESULTS).first).to_contain_text("Nước mắm")


def test_escape_closes_the_suggestions_and_then_empties_the_search(open_page):
    page = shows_all(open_page("/"))
    page.locator("#q").press_sequentially("nuoc mma")
    # Small typos are tolerated, as by the database.
    expect(page.locator(RESULTS).first).to_contain_text("Nước mắm")
    expect(page.locator(SUGGESTION).first).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#suggestions")).to_be_hidden()
    expect(page.locator("#q")).to_have_value("nuoc mma")
    page.keyboard.press("Escape")

    shows_all(page)
    expect(page.locator("#q")).to_be_focused()


def test_choosing_a_suggestion_closes_the_keyboard_of_a_phone(open_page):
    page = shows_all(open_page("/", PHONE))
    page.locator("#q").press_sequentially("minh hoa")
    page.locator(SUGGESTION).filter(has_text="xã").first.click()

    expect(count(page)).to_contain_text(" trong 24")
    # The keyboard is open as long as the box has the focus.
    expect(page.locator("#q")).not_to_be_focused()


def test_a_popup_is_not_under_the_buttons_of_the_map(open_page):
    page = settled(open_page("/?to-mau=huyen", PHONE))
    expect(page.locator(".shade").first).to_be_attached()
    # A place at the upper edge of what is not covered.
    page.mouse.click(195, 190)
    # The map is moved until the popup has room.
    page.wait_for_function(
        """() => {
            const box = (selector) => document.querySelector(selector).getBoundingClientRect();
            const { top } = box(".leaflet-popup-content");
            return ["#layers-toggle", ".map-home"].every((name) => top >= box(name).bottom);
        }"""
    )


@pytest.mark.parametrize(("width", "height"), [(700, 1000), (958, 700), (844, 390), (640, 360)])
def test_the_map_is_large_enough_on_tablets_and_phones_held_sideways(open_page, width, height):
    page = settled(open_page("/", {"width": width, "height": height}))
    sheet = page.locator(".sheet").bounding_box()
    if height > 500:
        # As wide as the map.
        assert (sheet["x"], sheet["width"]) == (0, width)
        return
    # Beside the map, which has the whole height.
    place = page.locator(".map-place").bounding_box()
    assert place["x"] >= sheet["x"] + sheet["width"]
    assert place["height"] > height - 60
    assert place["width"] > 300
    assert page.evaluate("document.documentElement.scrollWidth") == width


@VIEWPORTS
def test_a_marker_opens_the_product_without_moving_the_map(open_page, viewport):
    page = settled(open_page("/?q=gao+sach", viewport))
    marker = page.locator(".place").get_by_role("button", name=re.compile("Gạo sạch Minh Họa"))
    marker.click()
    expect(page.locator("#chosen h2")).to_be_focused()
    expect(page.locator("#chosen")).to_contain_text("vị trí theo xã")
    expect(page).to_have_url(re.compile(r"q=gao\+sach&chon=MAU-SP-\d+"))
    # The sheet does not cover it.
    box, sheet = marker.bounding_box(), page.locator(".sheet").bounding_box()
    assert box["y"] + box["height"] < sheet["y"] or box["x"] > sheet["x"] + sheet["width"]
    page.keyboard.press("Escape")

    expect(page.locator("#chosen")).to_be_hidden()
    expect(page.locator(RESULTS).get_by_role("link", name="Gạo sạch")).to_be_focused()


def test_a_link_to_a_product_shows_it_above_the_sheet_before_the_base_map_is_loaded(open_page):
    """The base map contains the bounds of the view; the product must not wait for them."""
    page = open_page(
        "/?chon=MAU-SP-015",
        PHONE,
        before=lambda page: page.route(re.compile("/basemap"), lambda route: None),
    )
    marker = page.locator("[aria-current=true]").and_(page.get_by_role("button"))
    expect(page.locator(".sheet")).to_have_attribute("data-stop", "half")
    expect(page).to_have_url(re.compile("ban-do="))

    box, sheet = marker.bounding_box(), page.locator(".sheet").bounding_box()
    assert box["y"] + box["height"] < sheet["y"]


@VIEWPORTS
def test_back_forward_reload_and_a_link_restore_the_view(open_page, viewport):
    page = shows_all(settled(open_page("/", viewport)))
    page.get_by_role("button", name="Bộ lọc").click()
    page.get_by_role("checkbox", name="Đồ uống").check(force=True)
    page.locator("#q").fill("vang")
    page.locator("#q").press("Enter")
    page.locator(RESULTS).first.get_by_role("button", name=re.compile("Xem trên bản đồ")).click()
    name = page.locator("#chosen h2").inner_text().strip()
    # A view of the user; the one that shows the results is not in the address.
    page.locator(".leaflet-container").hover(position={"x": 200, "y": 200})
    page.mouse.wheel(0, -100)
    expect(page).to_have_url(re.compile("ban-do="))
    at_rest(page)
    seen = page.url

    def shown():
        expect(page.locator("#chosen h2")).to_have_text(name)
        expect(page.locator(".place").get_by_role("button", name=re.compile(name))).to_be_visible()
        # Exactly as before, and without further movement.
        expect(page.locator("path.base-land").first).to_be_attached()
        assert page.url == seen

    shown()
    page.go_back()
    expect(page.locator("#chosen")).to_be_hidden()
    expect(page.locator("#q")).to_have_value("vang")
    page.go_back()
    expect(count(page)).to_have_text("4 trong 24 sản phẩm")
    expect(page).to_have_url(re.compile(r"\?nhom=II$"))
    page.go_forward()
    page.go_forward()
    shown()
    page.reload()
    shown()
    address = page.url
    page = open_page(address[address.index("/?") :], viewport)
    shown()


def test_a_link_to_a_missing_product_is_reported(open_page):
    page = open_page("/?chon=MAU-SP-999")

    expect(page.locator("#notice")).to_contain_text("không còn trên bản đồ")
    shows_all(page)


@VIEWPORTS
def test_near_me_sorts_by_distance_on_request(open_page, viewport):
    page = shows_all(settled(open_page("/", viewport)))
    # No permission prompt before the request; a refusal is reported with its reason.
    page.get_by_role("button", name="Gần tôi").click()
    expect(page.locator("#notice")).to_contain_text("Trình duyệt không cho biết vị trí")
    page.context.grant_permissions(["geolocation"])
    page.context.set_geolocation(HERE)
    page.get_by_role("button", name="Gần tôi").click()

    expect(page).to_have_url(re.compile(r"gan=19\.05,106\.85(&|$)"))
    distances = page.locator("#results .item-distance")
    near = re.compile(r"^cách khoảng \d+(,\d)? km \(vị trí theo xã\)$")
    expect(distances.first).to_have_text(near)
    lines = page.locator("#results .card-line").all_inner_texts()
    matches = [re.search(r"([\d,]+) km", text) for text in lines]
    metres = [float(match[1].replace(",", ".")) if match else 999 for match in matches]
    assert metres == sorted(metres)
    assert metres[-1] == 999
    expect(page.locator(".place .me")).to_be_in_viewport()

    # A shared link has the same order, and the position can be removed.
    page.reload()
    expect(distances.first).to_have_text(near)
    page.get_by_role("button", name="Bỏ lọc Gần tôi").click()
    expect(distances).to_have_count(0)


def test_filters_combine_and_are_explained(open_page):
    page = shows_all(open_page("/"))
    page.get_by_role("button", name="Bộ lọc").click()
    page.locator("summary").filter(has_text="trước 1/3/2024").click()
    page.get_by_role("checkbox", name="Minh Họa").check(force=True)
    expect(count(page)).to_have_text("3 trong 24 sản phẩm")
    page.locator("#chu-the").select_option(label="Cơ sở rượu mật nho Minh Họa: 2")
    expect(count(page)).to_have_text("2 trong 24 sản phẩm")
    page.get_by_role("button", name="Bỏ lọc Minh Họa (xã trước 1/3/2024)").click()
    page.get_by_role("button", name="Bỏ lọc Chủ thể").click()
    # By kind of right: documented products, and those of the same goods.
    page.get_by_role("checkbox", name="Chỉ dẫn địa lý").check(force=True)
    expect(count(page)).to_have_text("2 trong 24 sản phẩm")
    expect(page.locator("#goods-note")).to_contain_text("chưa rõ có được dùng quyền hay không")
    page.locator("#bao-ho").select_option("MAU-SH-001")
    card = page.locator("#right-card")
    expect(card).to_contain_text("chỉ dẫn địa lý · đang được bảo hộ (vô thời hạn)")
    expect(card).to_contain_text("UBND tỉnh Mẫu")
    link = card.get_by_role("link", name="Nho Mẫu Bắc")
    expect(link).to_have_attribute("href", "/bao-ho/MAU-SH-001-nho-mau-bac/")


def test_share_copies_a_url_with_the_whole_state(open_page):
    page = open_page("/?nhom=II")
    expect(count(page)).to_have_text("4 trong 24 sản phẩm")
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.evaluate("delete Navigator.prototype.share")
    page.get_by_role("button", name="Chia sẻ").click()

    expect(page.locator("#notice")).to_have_text("Đã chép liên kết. Dán để gửi cho người khác.")
    assert page.evaluate("navigator.clipboard.readText()") == page.url


def test_a_click_with_a_modifier_key_opens_the_page(open_page):
    page = shows_all(open_page("/"))
    with page.context.expect_page() as opened:
        page.locator(RESULTS).get_by_role("link").first.click(modifiers=["ControlOrMeta"])

    expect(opened.value.get_by_role("heading", level=1)).to_be_visible()
    expect(page.locator("#chosen")).to_be_hidden()


def test_the_printed_list_is_complete_and_names_its_filters(open_page):
    def many(page):
        def eight_times(route):
            found = route.fetch().json()
            more = [
                {**one, "id": f"{one['id']}{n}"} for one in found["features"] for n in "01234567"
            ]
            route.fulfill(json={**found, "features": more})

        page.route("**/collections/products/items**", eight_times)

    page = open_page("/?nhom=I", before=many)
    expect(count(page)).to_have_text("120 trong 192 sản phẩm")
    expect(page.locator(RESULTS)).to_have_count(100)
    page.emulate_media(media="print")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")

    expect(page.locator(RESULTS)).to_have_count(120)
    expect(page.locator(".map-place")).to_be_hidden()
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    expect(page.locator("#chips")).to_contain_text("Thực phẩm")
    height = page.locator("#results").evaluate("(list) => list.getBoundingClientRect().bottom")
    assert 3_000 < height <= page.evaluate("document.documentElement.scrollHeight") + 1
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    expect(page.locator(RESULTS)).to_have_count(100)


def test_the_sheet_opens_on_a_phone_and_touch_targets_are_large_enough(open_page):
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


@pytest.mark.parametrize(
    ("path", "last"), [("/", "Dữ liệu mở"), ("/bao-ho/", "Dữ liệu mở"), ("/en/", "Open data")]
)
def test_the_whole_header_fits_a_phone_with_wide_letter_spacing(open_page, path, last):
    """Fonts differ between phones; WCAG 1.4.12 states the letter spacing to support."""
    page = open_page(path, PHONE)
    page.evaluate(
        "Object.assign(document.body.style, { letterSpacing: '0.12em', wordSpacing: '0.16em' })"
    )

    page.locator(".menu-button").click()
    # In the header, not below the list.
    links = page.locator(".site-nav a")
    expect(links).to_have_count(len([one for one in ENTRIES if one.in_header]))
    for link in links.all():
        expect(link).to_be_in_viewport(ratio=1)
    expect(links.last).to_have_text(last)
    assert page.evaluate("document.documentElement.scrollWidth") == PHONE["width"]
