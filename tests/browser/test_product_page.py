"""Directions, QR code and print version of a product's page."""

import io
import re

import pytest
import zxingcpp
from PIL import Image
from playwright.sync_api import expect

from tests.browser.chromium import DESKTOP, PHONE

PRODUCT = "/san-pham/MAU-SP-001/"
ANDROID = "Mozilla/5.0 (Linux; Android 14; SM-A155F) AppleWebKit/537.36 Mobile"


def on_android(page):
    page.add_init_script(f"Object.defineProperty(navigator, 'userAgent', {{value: '{ANDROID}'}})")


def read_code(locator):
    """The content of the QR code that a camera reads in this part of the page."""
    (code,) = zxingcpp.read_barcodes(Image.open(io.BytesIO(locator.screenshot())))
    return code.text


@pytest.mark.parametrize(
    ("viewport", "before", "leads_to"),
    [
        (DESKTOP, None, r"https://www\.openstreetmap\.org/directions\?to=19\.\d+%2C106\.\d+"),
        (PHONE, on_android, r"geo:19\.\d+,106\.\d+\?q=19\.\d+,106\.\d+\(Tr%C3%A0%20m.*\)"),
    ],
    ids=["desktop", "phone"],
)
def test_a_page_links_to_directions_and_its_qr_code_leads_back(
    open_page, site, viewport, before, leads_to
):
    page = open_page(PRODUCT, viewport, before=before)
    expect(page.locator("path.base-land").first).to_be_attached()
    expect(page.locator(".place svg.marker.inexact")).to_be_visible()

    way = page.get_by_role("link", name="Chỉ đường đến thị trấn Ví Dụ")
    expect(way).to_have_attribute("href", re.compile(f"^{leads_to}$"))
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")

    short = read_code(page.locator(".qr"))
    assert short == f"{site}/p/MAU-SP-001"
    here = page.url
    page.goto(short)
    assert page.url == here


def test_the_qr_code_is_readable_in_the_dark_scheme_and_in_its_file(open_page, site):
    page = open_page(PRODUCT, PHONE)
    page.emulate_media(color_scheme="dark")
    expect(page.locator("path.base-land").first).to_be_attached()
    assert read_code(page.locator(".qr")) == f"{site}/p/MAU-SP-001"

    with page.expect_download() as download:
        page.get_by_role("link", name="Tải mã QR (SVG)").click()
    assert download.value.suggested_filename == "MAU-SP-001-qr.svg"
    page.set_content(download.value.path().read_text())
    assert read_code(page.locator("svg")) == f"{site}/p/MAU-SP-001"


def sheets(page):
    return len(re.findall(rb"/Type\s*/Page\b", page.pdf(format="A4", prefer_css_page_size=True)))


def test_the_product_with_most_content_prints_on_one_sheet(open_page):
    assert sheets(open_page("/p/MAU-SP-010")) == 1


def test_a_product_prints_on_one_sheet_with_map_and_code(open_page):
    page = open_page(
        PRODUCT,
        before=lambda page: page.add_init_script("window.print = () => { window.printed = true; }"),
    )
    # The image for the print version is not loaded on screen.
    picture = page.locator(".on-paper")
    expect(page.locator("path.base-land").first).to_be_attached()
    assert picture.evaluate("image => image.naturalWidth") == 0
    page.get_by_role("button", name="In trang này").click()
    assert page.evaluate("window.printed")

    assert sheets(page) == 1

    page.emulate_media(media="print")
    expect(picture).to_have_js_property("naturalWidth", 1200)
    expect(page.locator(".qr")).to_be_visible()
    expect(page.locator(".printed-from")).to_contain_text(page.url)
    for gone in (".page-map", ".actions", ".neighbours", ".site-nav"):
        expect(page.locator(gone).first).to_be_hidden()


def test_the_register_can_be_filtered_without_javascript(open_page):
    page = open_page("/bao-ho/", PHONE, javascript=False)
    page.get_by_label("Loại").select_option("geographical_indication")
    page.get_by_role("button", name="Lọc").click()

    expect(page.locator(".register-name")).to_have_text(["Cừu Mẫu", "Nho Mẫu Bắc"])
    assert page.url.endswith("/bao-ho/?q=&loai=geographical_indication&hieu-luc=")
