"""HTML pages of the API and the open data page in a real browser; their recipes, executed."""

import html
import json
import re
import subprocess
import sys
from importlib import resources
from urllib.request import urlopen

import pytest
from playwright.sync_api import expect

from tests.browser.chromium import DESKTOP, PHONE

VIEWPORTS = pytest.mark.parametrize("viewport", [DESKTOP, PHONE], ids=["desktop", "phone"])
ITEMS = "/api/v1/collections/products/items"
PAGES = [
    "/du-lieu-mo/",
    "/api/v1/",
    "/api/v1/conformance",
    "/api/v1/catalog.jsonld",
    "/api/v1/docs",
    "/api/v1/collections",
    "/api/v1/collections/protections",
    "/api/v1/collections/products/schema",
    ITEMS,
    f"{ITEMS}/MAU-SP-005",
    "/api/v1/collections/communes/items",
    f"{ITEMS}?filter=S_INTERSECTS(geometry,BBOX(106.5000000001,19.1000000001,106.7,19.3))&q=zzzz",
]


def fits(page):
    """Whether the page is not wider than the screen."""
    return page.evaluate("document.documentElement.scrollWidth <= innerWidth")


@VIEWPORTS
@pytest.mark.parametrize("address", PAGES)
def test_no_page_is_wider_than_the_screen(open_page, viewport, address):
    page = open_page(address, viewport)
    expect(page.get_by_role("heading", level=1)).to_be_visible()

    assert fits(page)


@VIEWPORTS
def test_features_are_shown_in_a_table_and_on_a_map(open_page, viewport):
    page = open_page(f"{ITEMS}?q=mat+nho", viewport)

    rows = page.get_by_role("row").filter(has=page.get_by_role("rowheader"))
    expect(rows).to_have_count(3)
    expect(page.get_by_role("rowheader").first).to_have_text("Mật nho")
    expect(page.get_by_role("columnheader")).to_have_count(36)
    expect(page.locator("path.base-land").first).to_be_attached()
    expect(page.locator(".place .dot").first).to_be_visible()
    assert fits(page)
    # On a phone too a feature is a row and not a screen.
    assert all(row.bounding_box()["height"] < 160 for row in rows.all())


def test_many_features_remain_on_the_map_after_zooming(open_page):
    def crowd(page):
        def answer(route):
            data = route.fetch().json()
            (one,) = data["features"]
            data["features"] = [
                {**one, "geometry": {"type": "Point", "coordinates": [106.5 + i / 200, 19.3]}}
                for i in range(70)
            ]
            route.fulfill(body=json.dumps(data), content_type="application/geo+json")

        page.route(re.compile("f=json"), answer)

    page = open_page(f"{ITEMS}?limit=1", before=crowd)
    expect(page.locator(".place .dot")).to_have_count(70)
    before = page.locator(".place").first.bounding_box()
    page.get_by_role("button", name="Phóng to").click()

    page.wait_for_function(
        "x => document.querySelector('.place')?.getBoundingClientRect().x !== x", arg=before["x"]
    )
    expect(page.locator(".leaflet-zoom-anim")).to_have_count(0)
    expect(page.locator(".place .dot")).to_have_count(70)


def test_a_symbol_on_the_map_opens_the_features_at_its_position(open_page):
    page = open_page(f"{ITEMS}?old_commune_code=99004")
    expect(page.locator("path.base-land").first).to_be_attached()
    rows = page.get_by_role("rowheader").all_text_contents()
    page.locator(".place button").click()

    links = page.locator(".leaflet-popup a:not(.leaflet-popup-close-button)")
    assert links.all_text_contents() == rows
    links.first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text(rows[0])


def test_an_area_on_the_map_opens_its_page(open_page):
    page = open_page("/api/v1/collections/districts/items")
    areas = page.locator("path.shape")
    expect(areas).to_have_count(2)
    expect(page.locator("path.base-land").first).to_be_attached()
    areas.first.click()

    link = page.locator(".leaflet-popup a:not(.leaflet-popup-close-button)")
    name = link.text_content()
    link.click()
    expect(page.get_by_role("heading", level=1)).to_have_text(name)
    expect(page.locator("path.shape")).to_have_count(1)


def test_a_page_without_features_has_no_map(open_page):
    page = open_page(f"{ITEMS}?q=zzzz")

    expect(page.get_by_text("Không có đối tượng nào khớp.")).to_be_visible()
    expect(page.locator("script[src*=leaflet]")).to_have_count(0)


def test_cells_are_shown_beside_their_title_on_a_phone(open_page):
    page = open_page("/api/v1/collections/products/queryables", PHONE)
    cell = page.locator("#producer td[data-title='Nghĩa']")
    title = cell.evaluate("cell => cell.getBoundingClientRect().left")

    # In English below the title, in the same column.
    assert cell.locator("small").bounding_box()["x"] > title + 100


@VIEWPORTS
def test_the_keyboard_reaches_the_table_past_the_map(open_page, viewport):
    page = open_page(ITEMS, viewport)
    page.get_by_role("button", name="Tìm").focus()
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Bỏ qua bản đồ, đến bảng")).to_be_focused()
    page.keyboard.press("Enter")

    expect(page.locator("#rows")).to_be_focused()


@VIEWPORTS
def test_touch_targets_are_large_enough(open_page, viewport):
    page = open_page(f"{ITEMS}?q=nho&limit=5", viewport)
    pressed = page.locator("main .button, main button, .search input")

    heights = [box["height"] for box in (one.bounding_box() for one in pressed.all()) if box]
    assert len(heights) > 8
    assert min(heights) >= 44


def test_the_table_is_complete_without_javascript(open_page):
    page = open_page(f"{ITEMS}?q=mat+nho", javascript=False)

    expect(page.get_by_role("rowheader")).to_have_count(3)


def test_search_and_filter_can_be_removed(open_page):
    page = open_page(f"{ITEMS}?old_commune_code=99007")
    page.get_by_role("searchbox").fill("mat nho")
    page.get_by_role("button", name="Tìm").click()
    expect(page.get_by_role("rowheader")).to_have_count(2)
    page.get_by_role("link", name="Mã xã trước 1/3/2024: 99007").click()

    expect(page.get_by_role("rowheader")).to_have_count(3)


# --- recipes -------------------------------------------------------------------------------


@pytest.fixture
def recipe(site):
    """`recipe("curl")` returns the text of a recipe of the page."""
    with urlopen(f"{site}/du-lieu-mo/") as answer:
        page = answer.read().decode()

    def find(name):
        text = re.search(rf'<code id="recipe-{name}">(.*?)</code>', page, re.DOTALL)[1]
        return html.unescape(text)

    return find


def run(command, folder):
    # Without the environment of the tests, as on a user's machine.
    done = subprocess.run(
        command, cwd=folder, capture_output=True, text=True, check=False, timeout=120
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_recipe_for_curl_works(recipe, tmp_path):
    output = run(["sh", "-ec", recipe("curl").replace("curl ", "curl --fail -sS ")], tmp_path)

    table = (tmp_path / "products.csv").read_text("utf-8-sig").splitlines()
    assert len(table) == 25
    assert output.count('"type":"Feature"') == 3 + 3


def test_the_recipe_for_python_works(recipe, tmp_path):
    output = run([sys.executable, "-W", "error", "-c", recipe("python")], tmp_path)

    assert re.search(r"thực phẩm +15\b", output)
    assert output.count("ật nho") >= 2


def test_the_url_for_qgis_is_readable_by_gdal(recipe, tmp_path):
    """QGIS cannot run here; GDAL is the closest client of OGC API – Features."""
    program = (
        "import pyogrio, sys; address = 'OAPIF:' + sys.argv[1];"
        "print(sorted(pyogrio.list_layers(address)[:, 0]));"
        "print(pyogrio.read_info(address, layer='products', force_feature_count=True)['features'])"
    )
    output = run([sys.executable, "-c", program, recipe("qgis")], tmp_path)

    assert output == (
        "['communes', 'craft-villages', 'districts', 'producers', 'products', 'protections',"
        " 'sales-points']\n24\n"
    )


def test_the_recipe_for_leaflet_draws_the_products(recipe, browser, site, tmp_path):
    """From a file, which is another origin; Leaflet is served from our packages."""
    leaflet = resources.files("leaflet") / "static" / "leaflet"
    context = browser.new_context(viewport=DESKTOP)
    wrong = []

    def packaged(route):
        file = leaflet / route.request.url.removeprefix("https://unpkg.com/leaflet@1.9.3/dist/")
        return route.fulfill(path=file) if file.is_file() else route.abort()

    context.route(lambda url: url.startswith("https://"), packaged)
    page = context.new_page()
    page.on("pageerror", lambda error: wrong.append(str(error)))
    (tmp_path / "map.html").write_text(recipe("leaflet"))
    page.goto((tmp_path / "map.html").as_uri())

    with urlopen(f"{site}{ITEMS}?limit=1000") as answer:
        # The tests of the workspace may have located one more.
        placed = [one for one in json.load(answer)["features"] if one["geometry"]]
    assert len(placed) >= 17
    expect(page.locator(".leaflet-marker-icon")).to_have_count(len(placed))
    assert wrong == []
    context.close()
