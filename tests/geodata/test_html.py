"""People get pages and programs get data at the same URLs of the API."""

import html
import re
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.core.cache import caches
from django.db import connection
from django.test.utils import CaptureQueriesContext

from geodata import value_html
from geodata.collection import collections
from geodata.conditional import frontend_fingerprint
from geodata.models import Change
from geodata.ogc import html as api_html
from products.register.states import State
from tests.factories import (
    CategoryFactory,
    IpRightFactory,
    ProducerFactory,
    ProductFactory,
    UnitFactory,
    at,
    square,
)

pytestmark = pytest.mark.django_db

ITEMS = "/api/v1/collections/products/items"
# What browsers send, as their makers document it.
BROWSERS = [
    "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
    "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,image/apng,*/*;q=0.8"
    ",application/signed-exchange;v=b3;q=0.7",
    "text/html, application/xhtml+xml, image/jxr, */*",
]
PROGRAMS = [
    # curl, Python, fetch() of a browser.
    "*/*",
    "application/json",
    "application/geo+json",
    # GDAL.
    "application/geo+json, application/json",
    "application/json;q=0.5",
]
DOCUMENTS = [
    "/api/v1/",
    "/api/v1/conformance",
    "/api/v1/openapi.json",
    "/api/v1/catalog.jsonld",
    "/api/v1/collections",
    *(
        f"/api/v1/collections/products{rest}"
        for rest in (
            "",
            "/schema",
            "/queryables",
            "/sortables",
            "/changes",
            "/items",
            "/items/MAU-1",
        )
    ),
]
BROWSER = BROWSERS[0]


@pytest.fixture
def product():
    return ProductFactory(code="MAU-1", name="Mật nho", published=True, point=at(109, 11.5))


def page(client, address):
    response = client.get(address, headers={"Accept": BROWSER})
    assert response.status_code == 200, address
    return response.content.decode()


def hrefs(text):
    return [html.unescape(href) for href in re.findall(r'<a [^>]*?href="([^"]*)"', text)]


@pytest.mark.parametrize("address", DOCUMENTS)
@pytest.mark.parametrize("accept", BROWSERS)
def test_a_browser_gets_a_page(client, product, address, accept):
    response = client.get(address, headers={"Accept": accept})

    assert response.status_code == 200
    assert response["Content-Type"] == "text/html; charset=utf-8"
    assert response.content.startswith(b"<!doctype html>")
    assert {"Accept", "Accept-Encoding"} <= set(re.split(r",\s*", response["Vary"]))


@pytest.mark.parametrize("address", DOCUMENTS)
@pytest.mark.parametrize("accept", [*PROGRAMS, None])
def test_a_program_gets_data(client, product, address, accept):
    response = client.get(address, headers={"Accept": accept} if accept else {})

    assert response.status_code == 200
    assert "json" in response["Content-Type"]
    assert response.json()


def test_every_documented_response_has_a_page(client, product):
    described = client.get("/api/v1/openapi.json").json()["paths"]
    # The format of a file is that of its URL; columns are for programs only.
    paths = [path for path in described if not path.startswith("/downloads/")]
    paths = [path for path in paths if not path.endswith("/columns")]

    for path in paths:
        content = described[path]["get"]["responses"]["200"]["content"]
        assert "text/html" in content, path
        if "{" not in path:
            assert page(client, f"/api/v1{path}").startswith("<!doctype html>")
    assert len(paths) > 5 * len(collections())


@pytest.mark.parametrize("address", DOCUMENTS)
def test_each_format_links_to_the_other(client, product, address):
    as_json = client.get(address)
    as_page = client.get(address, headers={"Accept": BROWSER})

    for one, other in ((as_json, as_page), (as_page, as_json)):
        href, type = re.fullmatch(r'<(.*)>; rel="alternate"; type="(.*)"', one["Link"]).groups()
        found = client.get(href)
        assert found["Content-Type"].partition("; charset")[0] == type
        assert found["Content-Type"] == other["Content-Type"]
    (alternate,) = re.findall(
        r'<link rel="alternate" type="(.*?)" href="(.*?)">', str(as_page.text)
    )
    assert alternate[0] == as_json["Content-Type"]
    assert client.get(html.unescape(alternate[1]))["Content-Type"] == as_json["Content-Type"]


@pytest.mark.parametrize("address", DOCUMENTS)
def test_a_page_has_every_link_of_its_document(client, product, address):
    document = client.get(address).json()
    text = page(client, address)

    links = list(document.get("links", []))
    for collection in document.get("collections", []):
        links += collection["links"]
    for feature in document.get("features", []):
        links.append({"rel": "item", "href": f"{address}/{feature['id']}"})
    own = {"self", "alternate"}
    wanted = {urlsplit(link["href"]).path for link in links if link["rel"] not in own}
    assert wanted <= {urlsplit(href).path for href in hrefs(text)}


def test_every_link_on_the_pages_of_the_api_works(client, product):
    seen, to_see = set(), ["/api/v1/"]
    while to_see:
        address = to_see.pop()
        text = page(client, address)
        for href in hrefs(text):
            parts = urlsplit(href)
            path = parts._replace(scheme="", netloc="", fragment="").geturl()
            ours = parts.netloc in {"", urlsplit(settings.SITE_URL).netloc}
            if not ours or not path.startswith("/api/v1/"):
                continue
            if path in seen:
                continue
            seen.add(path)
            response = client.head(path, headers={"Accept": BROWSER})
            assert response.status_code == 200, (address, path)
            # Pages of pages are more of the same.
            if response["Content-Type"].startswith("text/html") and "?" not in path:
                to_see.append(path)
    assert {address for address in DOCUMENTS if address != "/api/v1/openapi.json"} <= seen
    assert {"/api/v1/docs", "/api/v1/openapi.json?f=json"} <= seen


def test_the_page_of_items_is_a_table_of_their_properties(client):
    group = CategoryFactory(code="II", name="đồ uống")
    ProductFactory(
        code="MAU-1",
        name="Mật <nho>",
        published=True,
        point=at(108.95, 11.5),
        category=group,
        sector="processing",
    )
    text = page(client, ITEMS)

    headings = re.findall(r'<th scope="col"[^>]*>(.*?)</th>', text)
    products = collections()["products"]
    names = [name for name in products.properties if name != "name"]
    assert headings == ["Tên", *map(products.title_of, names), "Toạ độ"]
    (row,) = re.findall(r'<tr role="row"><th scope="row".*?</tr>', text, re.DOTALL)
    assert f'<a href="{ITEMS}/MAU-1">Mật &lt;nho&gt;</a>' in row
    cells = dict(re.findall(r'<td role="cell"[^>]*data-title="(.*?)">(.*?)</td>', row))
    assert cells["Nhóm sản phẩm"] == "đồ uống"
    assert cells["Lĩnh vực"] == '<data value="processing">chế biến</data>'
    assert cells["Toạ độ"] == "108.95, 11.5"
    # Null: a dash, and no column is left out.
    assert cells["Mã GTIN"] == "–"
    assert len(cells) == len(headings) - 1


def test_the_page_of_a_feature_shows_a_dash_for_null(client):
    ProductFactory(code="MAU-1", name="Mật nho", published=True)
    text = page(client, f"{ITEMS}/MAU-1")

    facts = dict(re.findall(r"<dt>[^<]*<code>(\w+)</code></dt><dd>(.*?)</dd>", text))
    assert facts["name"] == "Mật nho"
    # As in the table; a commune of today has no last day, which is not unknown.
    assert facts["gtin"] == '<span class="note">–</span>'
    assert facts["geometry"] == '<span class="note">chưa có</span>'
    # Without a place there is no map.
    assert "page-map" not in text
    address = facts["url"]
    assert re.fullmatch(r'<a href="(http.*)" rel="noopener">\1</a>', address)


def test_a_url_that_is_not_http_is_not_a_link(client):
    ProductFactory(code="MAU-1", published=True, trace_url="ftp://example.org/x")

    text = page(client, f"{ITEMS}/MAU-1")

    assert "ftp://example.org/x</dd>" in text
    assert not [href for href in hrefs(text) if href.startswith("ftp")]


def test_conditions_are_listed_and_each_can_be_removed(client):
    ProductFactory(name="Mật nho", published=True, sector="processing")
    ProductFactory(name="Nho tươi", published=True, sector="crops")
    text = page(client, f"{ITEMS}?q=nho&sector=processing&limit=5")

    assert "<strong>1</strong> đối tượng" in text
    chips = re.findall(r'<a class="button" href="([^"]*)">(Tìm|Lĩnh vực): (\w+) ', text)
    assert [(html.unescape(href), title, said) for href, title, said in chips] == [
        (f"{ITEMS}?sector=processing&limit=5", "Tìm", "nho"),
        (f"{ITEMS}?q=nho&limit=5", "Lĩnh vực", "processing"),
    ]
    # The files hold what the page shows; KML is never filtered.
    files = [href for href in hrefs(text) if "/downloads/" in href]
    assert [href.partition("?")[2] for href in files] == ["q=nho&sector=processing"] * 6
    csv = next(href for href in files if ".csv" in href)
    assert client.get(csv).getvalue().decode().count("\r\n") == 2


def test_pages_link_to_the_next_and_back_to_the_first(client):
    for number in range(5):
        ProductFactory(code=f"MAU-{number}", published=True)
    address, seen, firsts = f"{ITEMS}?limit=2", [], set()
    while address:
        text = page(client, address)
        seen += re.findall(rf'<th scope="row"[^>]*><a href="{ITEMS}/([^"]*)"', text)
        firsts |= set(re.findall(r'<a class="button" rel="first" href="([^"]*)"', text))
        following = re.search(r'<a class="button button-main" rel="next" href="([^"]*)"', text)
        address = following and html.unescape(following[1])

    assert seen == [f"MAU-{number}" for number in range(5)]
    assert firsts == {f"{settings.SITE_URL}{ITEMS}?limit=2"}


def test_a_page_has_fewer_rows_than_a_program_may_request(client, monkeypatch):
    monkeypatch.setattr(api_html, "MAX_ROWS", 2)
    for number in range(3):
        ProductFactory(code=f"MAU-{number}", published=True)

    assert len(client.get(f"{ITEMS}?limit=3").json()["features"]) == 3
    text = page(client, f"{ITEMS}?limit=3")
    assert text.count('<th scope="row"') == 2
    assert 'rel="next"' in text


@pytest.mark.parametrize("collection", ["products", "districts"])
def test_the_map_shows_the_features_of_the_page_in_wgs84(client, collection):
    for number in range(3):
        ProductFactory(code=f"MAU-{number}", published=True, point=at(109, 11.5))
        UnitFactory(code=f"58{number}", area=square(109, 11.5))
    items = f"/api/v1/collections/{collection}/items"
    crs = "http://www.opengis.net/def/crs/EPSG/0/4326"
    text = page(client, f"{items}?limit=2&crs={crs}&sortby=-code")

    drawn = html.unescape(re.search(r'data-features="([^"]*)"', text)[1])
    answer = client.get(drawn, headers={"Accept": BROWSER})
    assert answer["Content-Crs"] == "<http://www.opengis.net/def/crs/OGC/1.3/CRS84>"
    shown = re.findall(rf'<th scope="row"[^>]*><a href="{items}/([^"]*)"', text)
    assert [feature["id"] for feature in answer.json()["features"]] == shown
    assert len(shown) == 2


@pytest.mark.parametrize("state", [State.DRAFT, State.REVIEW, State.WITHDRAWN])
def test_no_page_of_the_api_exposes_a_draft(client, product, state):
    for factory in (ProductFactory, ProducerFactory, IpRightFactory):
        factory(state=state, name="Bí mật", code="AAA-0")

    for address in [
        *DOCUMENTS,
        "/api/v1/docs",
        *(f"/api/v1/collections/{id}/items" for id in collections()),
    ]:
        text = page(client, address)
        assert "Bí mật" not in text, address
        assert "AAA-0" not in text, address


def test_a_withdrawn_feature_is_a_410_for_browsers_too(client):
    ProductFactory(code="MAU-1", state=State.WITHDRAWN, state_reason="Ngừng bán")

    response = client.get(f"{ITEMS}/MAU-1", headers={"Accept": BROWSER})

    assert (response.status_code, response.json()["detail"]) == (
        410,
        "Đã rút khỏi dữ liệu công khai: Ngừng bán",
    )


@pytest.mark.parametrize("address", [*DOCUMENTS, "/api/v1/docs"])
def test_the_number_of_queries_does_not_grow_with_the_data(client, product, address):
    def query_count():
        caches["computed"].clear()
        with CaptureQueriesContext(connection) as queries:
            page(client, address)
        return len(queries)

    before = query_count()
    for number in range(2, 6):
        ProductFactory(code=f"MAU-{number}", published=True, point=at(109, 11.5))
        UnitFactory(code=f"58{number}", area=square(109, 11.5))

    assert query_count() == before


def test_pages_return_304_like_data(client, product):
    first = client.get(ITEMS, headers={"Accept": BROWSER})
    again = client.get(ITEMS, headers={"Accept": BROWSER, "If-None-Match": first["ETag"]})
    as_json = client.get(ITEMS, headers={"If-None-Match": first["ETag"]})

    assert (again.status_code, again.content) == (304, b"")
    assert as_json.status_code == 200


def test_new_templates_change_the_tags_of_pages_and_not_of_data(client, product, monkeypatch):
    def etags():
        return [
            client.get(ITEMS, headers={"Accept": accept})["ETag"] for accept in (BROWSER, "*/*")
        ]

    page_before, data_before = etags()
    monkeypatch.setattr("geodata.ogc.views.frontend_fingerprint", lambda: "another")
    page_after, data_after = etags()

    assert page_before != page_after
    assert data_before == data_after


def test_a_release_of_translations_changes_the_fingerprint(settings, tmp_path):
    """Otherwise a browser with the page of today would display the old texts until midnight."""
    ours = settings.BASE_DIR / "ocopmap/locale/en/LC_MESSAGES/django.mo"
    theirs = settings.BASE_DIR / "geodata/locale/en/LC_MESSAGES/django.mo"
    texts = tmp_path / "en/LC_MESSAGES/django.mo"
    texts.parent.mkdir(parents=True)
    settings.LOCALE_PATHS = [tmp_path]

    fingerprints = []
    for catalogue in (ours, theirs, ours):
        texts.write_bytes(catalogue.read_bytes())
        fingerprints.append(frontend_fingerprint.__wrapped__())

    assert fingerprints[0] == fingerprints[2] != fingerprints[1]


def test_no_page_of_the_api_has_an_inline_script(client, product):
    """A nonce would differ in the 304 for a cached page."""
    for address in [*DOCUMENTS, "/api/v1/docs"]:
        response = client.get(address, headers={"Accept": BROWSER})
        assert "nonce" not in response["Content-Security-Policy"], address
        assert re.findall(r"<script(?![^>]* src=)", response.text) == [], address


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("/api/v1/collections/products/schema", "sản phẩm|Tình trạng OCOP"),
        ("/api/v1/conformance", "ogcapi-features-1/1.0/conf/html"),
    ],
)
def test_a_page_contains_what_its_document_contains(client, product, address, words):
    text = page(client, address)

    assert re.search(words, text)


def test_times_are_displayed_in_the_zone_of_viet_nam(client, product, on_day):
    on_day("2026-11-23")

    assert "trang này có 1 (<time" in page(client, ITEMS)
    assert value_html.datetime_html("2026-01-02T03:04:05+00:00") == (
        '<time datetime="2026-01-02T03:04:05+00:00">2/1/2026 10:04</time>'
    )


def test_the_documentation_lists_every_path_and_parameter(client, product):
    described = client.get("/api/v1/openapi.json").json()
    text = page(client, "/api/v1/docs")

    for path, methods in described["paths"].items():
        assert f"<code>{path}</code>" in text
        section = text[text.index(f'id="{methods["get"]["operationId"]}"') :]
        section = section[: section.index("</section>")]
        for parameter in methods["get"]["parameters"]:
            if parameter["in"] == "header":
                # The same for every path, documented once.
                assert parameter["name"] in text[: text.index('id="contents"')]
            else:
                assert f"<code>{parameter['name']}</code>" in section, (path, parameter["name"])


def test_the_documentation_works_without_any_data(client):
    assert "/items?limit=3" in page(client, "/api/v1/docs")


def test_changes_are_a_table_that_links_to_the_features(client, product):
    with connection.cursor() as cursor:
        # As when the transaction ends.
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    product.delete()

    address = "/api/v1/collections/products/changes"
    page = client.get(address, headers={"Accept": BROWSER}).content.decode()

    rows = re.findall(r'role="rowheader">(.*?)</th><td [^>]*>(.*?)</td>', page)
    link = '<a href="/api/v1/collections/products/items/MAU-1">MAU-1</a>'
    assert rows == [(link, "thêm"), (link, "xoá hoặc rút")]
    newest = Change.objects.newest()
    page = client.get(f"{address}?since={newest}", headers={"Accept": BROWSER}).content.decode()
    assert "Chưa có thay đổi nào sau số này." in page
