"""An official sets a point in the workspace by clicking, dragging and typing."""

import re
from urllib.parse import urlencode

import pytest
from django.conf import settings
from django.contrib.gis.geos import Point
from playwright.sync_api import expect

from geodata.coordinates import to_vn2000


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
    text = page.locator("#id_point")
    answer = page.locator(".point-editor-answer")
    page.locator("#id_accuracy_m").fill("3")

    page.locator(".point-editor-map").click(position={"x": 120, "y": 120})
    expect(text).to_have_value(re.compile(r"^1[89]\.\d+, 10[67]\.\d+$"))
    expect(answer).to_contain_text("VN-2000")

    expect(page.locator("#id_position")).to_have_value("map")
    expect(page.locator("#id_accuracy_m")).to_have_value("")

    # A coordinate pair copied from another map is pasted, in the Vietnamese notation.
    text.fill("19,1043 106,6020")
    expect(page.locator(".point-editor-map .pin")).to_be_visible()
    expect(answer).to_contain_text("phường Giả Định (")
    page.locator("#id_position").select_option("gps")
    page.locator("#id_accuracy_m").fill("4,5")
    page.locator("[name=_continue]").first.click()

    expect(page.locator(".messagelist .success")).to_be_visible()
    expect(page.locator(".form-row.field-commune")).to_contain_text("phường Giả Định")
    expect(page.locator(".form-row.field-commune")).to_contain_text("thành phố Mẫu Nam")
    expect(text).to_have_value("19.1043, 106.602")
    expect(page.locator("#id_accuracy_m")).to_have_value(re.compile("^4[.,]50?$"))


def test_a_vn2000_point_is_entered_and_answered_before_it_is_saved(open_product):
    page = open_product("Thịt dê mẫu")
    answer = page.locator(".point-editor-answer")
    grid = settings.PLACE.grids[0]
    easting, northing = to_vn2000(Point(106.602, 19.1043, srid=4326), grid)

    # Easting first: a Vietnamese survey table has X, the northing, first.
    expect(page.locator("#id_point_epsg")).to_have_value(str(grid))
    page.locator("#id_point").fill(f"{easting} {northing}")
    expect(answer).to_contain_text("X và Y có vẻ bị đổi chỗ")
    page.locator(".point-editor-suggestion").click()

    expect(page.locator("#id_point")).to_have_value(f"X={northing} Y={easting}")
    expect(answer).to_contain_text("phường Giả Định (")
    expect(answer).to_contain_text("WGS 84: 19.1043, 106.602 · VN-2000 1")
    expect(answer).to_contain_text(f"X {northing:.2f}, Y {easting:.2f}")
    expect(page.locator(".point-editor-map .pin")).to_be_visible()
    page.locator("#id_position").select_option("survey")
    page.locator("[name=_continue]").first.click()

    expect(page.locator(".messagelist .success")).to_be_visible()
    expect(page.locator("#id_point")).to_have_value("19.1043, 106.602")


def test_the_keyboard_places_and_moves_the_marker_and_announces_each_step(open_product):
    page = open_product("Cây cảnh mẫu")
    text = page.locator("#id_point")
    page.locator(".point-editor-centre").focus()
    page.keyboard.press("Enter")
    expect(page.locator(".point-editor-map .pin")).to_be_focused()
    lat, lng = map(float, text.input_value().split(", "))

    page.keyboard.press("ArrowUp")
    moved = page.locator(".point-editor-moved")
    expect(moved).to_have_text(re.compile(r"^Dời 1000 m về phía bắc: [\d.]+, [\d.]+\.$"))
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Shift+ArrowLeft")
    expect(moved).to_have_text(re.compile(r"^Dời \d+ m về phía tây"))

    north, east = map(float, text.input_value().split(", "))
    assert (north - lat) * 111_320 == pytest.approx(1000, abs=1)
    assert 0 < (east - lng) * 111_320 < 1100
    expect(page.locator(".point-editor-answer")).to_contain_text("VN-2000")
    expect(page.locator("#id_position")).to_have_value("map")


def test_without_javascript_the_same_text_is_accepted(open_page, session):
    page = open_page(
        "/admin/ocop/product/?" + urlencode({"q": "Dưa lưới mẫu"}),
        javascript=False,
        before=lambda page: page.context.add_cookies(session),
    )
    page.locator("#result_list .field-name a").first.click()
    page.locator("#id_point").fill("X=1 Y=2")
    page.locator("#id_position").select_option("survey")
    page.locator("[name=_continue]").first.click()
    expect(page.locator(".field-point .errorlist")).to_contain_text("nằm ngoài Việt Nam")

    easting, northing = to_vn2000(Point(106.602, 19.1043, srid=4326), settings.PLACE.grids[0])
    page.locator("#id_point").fill(f"X={northing} Y={easting}")
    page.locator("[name=_continue]").first.click()
    expect(page.locator("#id_point")).to_have_value("19.1043, 106.602")


def test_dragging_the_marker_updates_the_coordinates(open_product):
    page = open_product("Cây cảnh mẫu")
    text = page.locator("#id_point")
    page.locator(".point-editor-map").scroll_into_view_if_needed()
    page.locator(".point-editor-map").click(position={"x": 200, "y": 150})
    expect(text).not_to_have_value("")
    before = text.input_value()

    pin = page.locator(".point-editor-map .pin").bounding_box()
    x, y = pin["x"] + pin["width"] / 2, pin["y"] + pin["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 30, y + 40, steps=5)
    page.mouse.up()

    expect(text).not_to_have_value(before)
    assert float(text.input_value().split(", ")[0]) < float(before.split(", ")[0])


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
    page.locator("#id_point").fill("18,60 107,50")
    expect(page.locator(".point-editor-answer")).to_contain_text("Chỗ này: ngoài biển.")
    page.locator("#id_position").select_option("map")
    page.locator("[name=_continue]").first.click()

    expect(page.locator(".errorlist").first).to_be_visible()
    expect(page.locator(".field-point .errorlist")).to_contain_text("ngoài tỉnh Mẫu")
    expect(page.locator("#id_point")).to_have_value("18,60 107,50")
