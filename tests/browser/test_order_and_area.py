"""The order of the list, its part on the map, and the view that shows the results."""

import re

from playwright.sync_api import expect

from tests.browser.chromium import DESKTOP


def test_the_list_is_sorted_and_limited_to_the_map_which_shows_its_results(open_page):
    page = open_page("/", DESKTOP)
    count, names = page.locator("#count"), page.locator("#results .item-name")
    expect(count).to_have_text("24 sản phẩm")
    expect(page.locator(".place .cluster").first).to_be_visible()

    # The order is in the address, and Back removes it.
    page.get_by_label("Sắp xếp").select_option("name")
    expect(page).to_have_url(re.compile(r"\?sap-xep=ten$"))
    sort = "(texts) => [...texts].sort(new Intl.Collator('vi').compare)"
    shown = [text.strip() for text in names.all_text_contents()]
    assert len(shown) == 24
    assert shown == page.evaluate(sort, shown)
    page.go_back()
    expect(page.get_by_label("Sắp xếp")).to_have_value("prominence")

    # The map moves to the results of a filter, whose view is not in the address.
    scale = page.locator(".leaflet-control-scale-line")
    whole = scale.inner_text()
    page.locator("#q").fill("mat nho")
    expect(count).to_have_text("3 trong 24 sản phẩm")
    expect(scale).not_to_have_text(whole)
    expect(page).to_have_url(re.compile(r"\?q=mat\+nho$"))
    page.locator("#clear-q").click()
    expect(scale).to_have_text(whole)

    # Pointing at an item highlights its marker, or the badge of its unit.
    names.first.hover()
    expect(page.locator(".place.highlighted")).to_have_count(1)
    page.locator("#q").hover()
    expect(page.locator(".place.highlighted")).to_have_count(0)

    # After a move by hand, the list can be limited to what is in view.
    here = page.get_by_role("button", name="Tìm trong vùng này")
    expect(here).to_be_hidden()
    page.locator(".leaflet-container").hover()
    page.mouse.wheel(0, -400)
    expect(here).to_be_visible()
    here.click()
    expect(here).to_be_hidden()
    expect(count).to_have_text(re.compile(r"^\d+ trong 24 sản phẩm$"))
    number = int(count.inner_text().split()[0])
    expect(page.locator("#results .item")).to_have_count(number)
    heading = page.locator("#results .list-heading").first
    expect(heading).to_have_text(re.compile("^Chưa rõ điểm, thuộc "))
    expect(page).to_have_url(re.compile(r"vung=[\d.,]+&ban-do="))
    page.reload()
    expect(count).to_have_text(f"{number} trong 24 sản phẩm")
    page.get_by_role("button", name="Bỏ lọc Trong vùng đang xem").click()
    expect(count).to_have_text("24 sản phẩm")
    expect(here).to_be_visible()
