"""Links from numbers to their lists, and from former communes to current ones."""

import csv
import io
import re

import pytest
from PIL import Image
from playwright.sync_api import expect

from tests.browser.chromium import DESKTOP, PHONE

VIEWPORTS = pytest.mark.parametrize("viewport", [DESKTOP, PHONE], ids=["desktop", "phone"])


def fits(page):
    """Whether the page is not wider than the window, so that nothing scrolls horizontally."""
    return page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


@VIEWPORTS
def test_a_number_links_to_the_products_that_it_counts(open_page, viewport):
    page = open_page("/thong-ke/", viewport)
    table = page.get_by_role("table", name="Sản phẩm theo huyện, thành phố trước 1/3/2024")
    row = table.get_by_role("row").filter(has_text="Huyện Mẫu Bắc")
    number = row.get_by_role("link", name="13", exact=True)

    assert fits(page)
    box = number.bounding_box()
    assert box["width"] >= 44
    assert box["height"] >= 44
    # The length of the bar is the share.
    whole, part = (row.locator(f"svg{shape}").bounding_box() for shape in ("", " rect"))
    assert part["width"] / whole["width"] == pytest.approx(13 / 24, abs=0.005)

    number.click()
    expect(page).to_have_url(re.compile(r"/\?huyen=991$"))
    expect(page.locator("#count")).to_contain_text("13 trong 24")


def test_a_statistic_can_be_downloaded_as_a_table_and_as_a_picture(open_page):
    page = open_page("/thong-ke/")
    with page.expect_download() as download:
        page.get_by_role("button", name="Sản phẩm theo lĩnh vực, PNG").click()
    with Image.open(download.value.path()) as picture:
        assert (picture.format, picture.width) == ("PNG", 3 * 800)
        # The bars were drawn: clay of tokens.css.
        assert picture.convert("RGB").getpixel((3 * 285, 3 * 120)) != (255, 253, 248)
    assert download.value.suggested_filename == "sectors.png"

    with page.expect_download() as download:
        page.get_by_role("link", name="Sản phẩm theo lĩnh vực, CSV").click()

    text = download.value.path().read_text(encoding="utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text)))
    assert download.value.suggested_filename == "sectors.csv"
    assert sum(int(row["count"]) for row in rows) == 24


@VIEWPORTS
def test_a_former_commune_links_to_its_successor_and_both_are_on_the_map(open_page, viewport):
    page = open_page("/don-vi/", viewport)
    assert fits(page)
    page.get_by_role("region", name="Trước 1/3/2024").get_by_role(
        "link", name="Xã Tưởng Tượng"
    ).click()

    expect(page.get_by_role("heading", level=1)).to_have_text("Xã Tưởng Tượng")
    expect(page.locator(".page-map path.area")).to_be_visible()
    assert fits(page)
    page.get_by_role("row").get_by_role("link", name="xã Tưởng Tượng").click()

    expect(page).to_have_url(re.compile(r"/don-vi/99014-2024-03-01-xa-tuong-tuong/$"))
    expect(page.locator(".page-map path.area")).to_be_visible()
    expect(page.get_by_role("row")).to_have_count(1 + 2)
