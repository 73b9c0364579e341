"""An official enters a product from nothing, meets another editor, restores, undoes, decides."""

import re

import pytest
from playwright.sync_api import expect

PLACE = "19.1043, 106.6020"
FOCUSED = "document.activeElement.className || document.activeElement.tagName"


@pytest.fixture
def workspace(open_page, session):
    """`workspace("/admin/")` opens a page of the workspace for the official."""

    def open_workspace(path):
        return open_page(path, before=lambda page: page.context.add_cookies(session))

    return open_workspace


@pytest.fixture
def draft(workspace):
    """The path of the page of a new draft, and the page, after entering it from nothing."""

    def enter(name):
        page = workspace("/admin/ocop/product/add/")
        expect(page.locator("#id_name")).to_be_focused()
        page.locator("#id_name").fill(name)
        page.locator("#id_category").select_option(index=1)
        page.locator("#id_sector").select_option("crops")
        page.locator("#id_new_producer").fill(f"Hợp tác xã {name}")
        page.locator("#id_new_producer_kind").select_option("cooperative")
        page.locator("#id_point_0, #id_point").first.fill(PLACE)
        page.locator("#id_position").select_option("gps")
        page.locator("#id_ratings-0-stars").select_option("3")
        page.locator("#id_ratings-0-decided").fill("10/12/2024")
        page.locator("[name=_continue]").first.click()
        expect(page.locator(".messagelist .success")).to_be_visible()
        return page

    return enter


def test_a_new_product_with_producer_rating_and_point_on_one_page(draft, workspace):
    page = draft("Nho mới")

    expect(page.locator(".form-row.field-commune")).to_contain_text("phường Giả Định")
    expect(page.locator("#id_ratings-0-stars")).to_have_value("3")
    expect(page.locator(".field-producer")).to_contain_text("Hợp tác xã Nho mới")

    listed = workspace("/admin/ocop/product/?q=nho+moi")
    row = listed.locator("#result_list tbody tr")
    expect(row).to_have_count(1)
    marker = listed.locator(".list-place")
    expect(marker).to_have_count(1)
    row.hover()
    expect(marker).to_have_class(re.compile("is-hovered"))


def test_the_second_of_two_editors_compares_and_chooses(draft, workspace):
    first = draft("Nho hai người")
    path = re.sub(r"^https?://[^/]+", "", first.url)
    second = workspace(path)
    second.locator("#id_description").fill("Của người thứ hai")
    second.locator("#id_name_en").fill("Grape")
    first.locator("#id_description").fill("Của người thứ nhất")
    first.locator("[name=_continue]").first.click()
    expect(first.locator(".messagelist .success")).to_be_visible()

    second.locator("[name=_save]").first.click()

    conflict = second.locator("tr.conflict")
    expect(conflict).to_have_count(1)
    expect(conflict).to_contain_text("Của người thứ nhất")
    expect(conflict).to_contain_text("Của người thứ hai")
    expect(conflict.locator("input")).not_to_be_checked()
    second.get_by_role("button", name="Nhận các mục đã đánh dấu").press("Enter")
    expect(second.locator(".messagelist .success")).to_be_visible()
    again = workspace(path)
    expect(again.locator("#id_description")).to_have_value("Của người thứ nhất")
    expect(again.locator("#id_name_en")).to_have_value("Grape")


def test_a_version_is_restored_from_the_history(draft, workspace):
    page = draft("Nho khôi phục")
    path = re.sub(r"^https?://[^/]+", "", page.url)
    page.locator("#id_name").fill("Nho sai tên")
    page.locator("[name=_continue]").first.click()
    expect(page.locator(".messagelist .success")).to_be_visible()

    page.goto(page.url.replace("/change/", "/history/"))
    page.get_by_role("button", name="So sánh hai phiên bản đã chọn").press("Enter")
    expect(page.locator(".differences").first).to_contain_text("Nho sai tên")
    page.get_by_role("link", name="Khôi phục bản này").first.click()
    page.get_by_role("button", name="Khôi phục").press("Enter")

    expect(page.locator(".messagelist .success")).to_be_visible()
    expect(workspace(path).locator("#id_name")).to_have_value("Nho khôi phục")


def test_a_bulk_act_is_named_confirmed_and_undone(draft, workspace):
    draft("Nho hàng loạt")
    page = workspace("/admin/ocop/product/?q=nho+hang+loat")
    page.locator("#action-toggle").check()
    page.locator("select[name=action]").select_option("submit")
    page.locator("button[name=index]").click()
    expect(page.locator("tbody tr")).to_contain_text("Nho hàng loạt")
    page.get_by_role("button", name="Gửi duyệt").press("Enter")
    expect(page.locator(".field-state")).to_have_text("chờ duyệt")

    page.get_by_role("link", name="Hoàn tác lượt này").click()
    page.get_by_role("button", name="Hoàn tác").press("Enter")
    expect(page.locator(".messagelist .success")).to_be_visible()

    listed = workspace("/admin/ocop/product/?q=nho+hang+loat")
    expect(listed.locator(".field-state")).to_have_text("bản nháp")


def test_a_list_is_filtered_and_selected_by_keyboard(draft, workspace):
    draft("Nho bàn phím")
    page = workspace("/admin/ocop/product/?q=nho+ban+phim")
    marker = page.locator(".list-place")
    expect(marker).to_have_count(1)

    page.locator(".workspace-menu a").last.focus()
    reached = []
    while "action-select" not in reached[-1:]:
        page.keyboard.press("Tab")
        reached.append(
            page.evaluate("document.activeElement.className || document.activeElement.tagName")
        )
    assert "SUMMARY" in reached

    page.locator(".list-filter summary").first.press("Enter")
    expect(page.locator(".list-filter[open] a").first).to_be_visible()
    page.keyboard.press("Tab")
    page.keyboard.press("Escape")
    expect(page.locator(".list-filter[open]")).to_have_count(0)
    expect(page.locator(".list-filter summary").first).to_be_focused()

    marker.press("Enter")
    expect(page.locator(".action-select")).to_be_checked()
    expect(marker).to_have_class(re.compile("is-selected"))
    marker.press("Enter")
    expect(page.locator(".action-select")).not_to_be_checked()
