"""An official sets a point in the workspace by clicking, dragging and typing."""

import re
from urllib.parse import urlencode

import pytest
from playwright.sync_api import expect

from tests.browser.chromium import OFFICIAL, PASSWORD
from tests.factories import TOTP_SECRET
from tests.second_factor import code_now


@pytest.fixture(scope="module")
def session(browser, site):
    """The cookies of an official, who logs in once: hashing a password takes time by design."""
    with browser.new_page() as page:
        page.goto(f"{site}/admin/")
        page.locator("#id_login").fill(OFFICIAL)
        page.locator("#id_password").fill(PASSWORD)
        page.get_by_role("button", name="Đăng nhập").click()
        page.locator("#id_code").fill(code_now(TOTP_SECRET))
        page.get_by_role("button", name="Đăng nhập", exact=True).click()
        expect(page.locator("#user-tools")).to_be_visible()
        return page.context.cookies()


@pytest.fixture
def open_product(open_page, session):
    """`open_product("Nho")` finds the product in the list of the workspace and opens its form."""

    def open_form(name):
        page = open_page(
            "/admin/ocop/product/?" + urlencode({"q": name}),
            before=lambda page: page.context.add_cookies(session),
        )
        page.locator("#result_list").get_by_role("link", name=name).click()
        expect(page.locator(".point-editor-map")).to_be_visible()
        return page

    return open_form


def test_a_clicked_or_typed_point_assigns_the_commune(open_product):
    page = open_product("Cao lá mẫu")
    lat, lng = page.locator("#id_point_lat"), page.locator("#id_point_lng")

    page.locator(".point-editor-map").click(position={"x": 120, "y": 120})
    expect(lat).to_have_value(re.compile(r"^1[89]\.\d+$"))
    expect(lng).to_have_value(re.compile(r"^10[67]\.\d+$"))

    expect(page.locator("#id_position")).to_have_value("map")

    # A coordinate pair copied from another map can be pasted into one field.
    lat.fill("19.1043, 106.6020")
    expect(lng).to_have_value("106.602")
    expect(page.locator(".point-editor-map .pin")).to_be_visible()
    page.locator("#id_position").select_option("gps")
    page.locator("[name=_continue]").first.click()

    expect(page.locator(".messagelist .success")).to_be_visible()
    expect(page.locator(".form-row.field-commune")).to_contain_text("phường Giả Định")
    expect(page.locator(".form-row.field-commune")).to_contain_text("phường Giả Định")
    expect(page.locator(".form-row.field-commune")).to_contain_text("thành phố Mẫu Nam")


def test_dragging_the_marker_updates_the_coordinates(open_product):
    page = open_product("Cây cảnh mẫu")
    lat = page.locator("#id_point_lat")
    page.locator(".point-editor-map").scroll_into_view_if_needed()
    page.locator(".point-editor-map").click(position={"x": 200, "y": 150})
    expect(lat).not_to_have_value("")
    before = lat.input_value()

    pin = page.locator(".point-editor-map .pin").bounding_box()
    x, y = pin["x"] + pin["width"] / 2, pin["y"] + pin["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 30, y + 40, steps=5)
    page.mouse.up()

    expect(lat).not_to_have_value(before)
    assert float(lat.input_value()) < float(before)


def test_a_click_before_the_base_map_is_loaded_keeps_its_position(open_product):
    page = open_product("Cây cảnh mẫu")
    held = []
    page.route("**/basemap*.json", lambda route: held.append(route))
    page.reload()
    page.locator(".point-editor-map").click(position={"x": 200, "y": 150})
    pin = page.locator(".point-editor-map .pin")
    before = pin.bounding_box()
    held[0].continue_()

    expect(page.locator("path.base-land").first).to_be_attached()
    assert pin.bounding_box() == before


def test_a_point_at_sea_is_refused_and_the_input_is_retained(open_product):
    page = open_product("Du lịch vườn mẫu")
    page.locator("#id_point_lat").fill("18,60")
    page.locator("#id_point_lng").fill("107,50")
    page.locator("#id_position").select_option("map")
    page.locator("[name=_continue]").first.click()

    expect(page.locator(".errorlist").first).to_be_visible()
    expect(page.locator(".field-point .errorlist")).to_contain_text("ngoài tỉnh Mẫu")
    expect(page.locator("#id_point_lat")).to_have_value(re.compile("18[.,]60?"))
