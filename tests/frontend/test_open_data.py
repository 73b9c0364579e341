"""The open data page describes the public collections and nothing unpublished."""

import datetime
import html
import json
import re

import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext

from geodata.collection import collections
from geodata.formats.registry import FORMATS
from geodata.models import BulkFile, Change, Revision
from products.register.states import State
from tests.factories import (
    UNTIL_THE_CHANGE,
    IpRightFactory,
    ProducerFactory,
    ProductFactory,
    UnitFactory,
    at,
)

pytestmark = pytest.mark.django_db

ADDRESS = "/du-lieu-mo/"
SITE = settings.SITE_URL


@pytest.fixture
def page(client):
    def ask():
        response = client.get(ADDRESS)
        assert response.status_code == 200
        return response.text

    return ask


def card(text, id):
    return re.search(rf'<section class="fact-card" id="{id}">(.*?)</section>', text, re.DOTALL)[1]


def test_every_page_header_links_to_open_data(client):
    for address in ("/", "/bao-ho/", "/api/v1/docs", ADDRESS):
        header = client.get(address).text.partition("</header>")[0]
        assert re.findall(r'<a href="/du-lieu-mo/"[^>]*>(.*?)</a>', header) == ["Dữ liệu mở"]


def test_every_collection_has_its_count_licence_and_files(page):
    for _number in range(3):
        ProductFactory(published=True)
    text = page()

    assert re.findall(r'<section class="fact-card" id="([\w-]+)"', text) == list(collections())
    for id in collections():
        said = card(text, id)
        assert f"<strong>{3 if id == 'products' else 0}</strong> đối tượng" in said
        assert 'href="https://creativecommons.org/licenses/by/4.0/" rel="license"' in said
        files = re.findall(rf'href="{SITE}/api/v1/downloads/(\S+)"', said)
        assert files == [f"{id}.{extension}" for extension in FORMATS]
        for part in ("", "/schema", "/changes"):
            assert f'href="/api/v1/collections/{id}{part}"' in said
    assert ("sửa lần cuối" in card(text, "products")) is Change.objects.exists()
    # The programs that open each format.
    rows = re.findall(r'<th scope="row" role="rowheader">(\w+)</th><td [^>]+>([^<]+)</td>', text)
    assert [name for name, _programs in rows] == [extension.upper() for extension in FORMATS]


def test_file_sizes_are_shown_once_known(page):
    assert "<small>" not in card(page(), "products")
    BulkFile.objects.create(collection="products", format="csv", bytes=12_345)
    sizes = re.findall(r"(\w+) <small>(.*?)</small>", card(page(), "products"))

    assert [(name, size.replace("\xa0", " ")) for name, size in sizes] == [("CSV", "12,1 KB")]


def test_a_period_ends_with_its_last_day_on_the_page_and_in_its_metadata(page):
    UnitFactory(code="997", validity=UNTIL_THE_CHANGE)
    text = page()

    assert "· … – 29/2/2024" in card(text, "districts")
    metadata = json.loads(re.search(r'<script type="application/ld\+json">(.*?)</script>', text)[1])
    assert metadata["@graph"][0]["temporalCoverage"] == "../2024-02-29"


@pytest.mark.parametrize("state", [State.DRAFT, State.REVIEW, State.WITHDRAWN])
def test_unpublished_records_are_neither_counted_nor_shown(page, state):
    for factory in (ProductFactory, ProducerFactory, IpRightFactory):
        factory(state=state, name="Bí mật")
    text = page()

    assert re.findall(r"<strong>(\d+)</strong> đối tượng", text) == ["0"] * len(collections())
    assert "Bí mật" not in text


def test_the_page_contains_data_set_metadata(page):
    ProductFactory(published=True, point=at(109, 11.5))
    (block,) = re.findall(r'<script type="application/ld\+json">(.*?)</script>', page())

    described = json.loads(block)
    assert described["@context"] == "https://schema.org"
    assert [dataset["url"] for dataset in described["@graph"]] == [
        f"{SITE}/api/v1/collections/{id}" for id in collections()
    ]
    for dataset in described["@graph"]:
        # Google Dataset Search warns about shorter descriptions.
        assert 50 <= len(dataset["description"]) <= 5000
        assert len(dataset["distribution"]) == len(FORMATS)


def test_metadata_in_the_script_element_is_escaped(page, monkeypatch):
    monkeypatch.setattr(
        "geodata.ogc.catalog.CatalogView.schema_org_graph", lambda self: {"name": "</script><b>"}
    )

    (block,) = re.findall(r'<script type="application/ld\+json">(.*?)</script>', page())
    assert json.loads(block) == {"name": "</script><b>"}


def test_every_internal_link_of_the_page_works(client, page):
    text = html.unescape(page())

    ours = set(re.findall(rf'(?:href|data-\w+)="(?:{SITE})?(/(?:api|du-lieu)[^"]*)"', text))
    ours |= set(re.findall(rf"{SITE}(/api/v1[^'\"\s<]*)", text))
    assert len(ours) > 8 * len(collections())
    for address in ours:
        status = client.head(address).status_code
        # The root without its slash redirects.
        assert status == (301 if address == "/api/v1" else 200), address


def test_the_number_of_queries_does_not_grow_with_the_data(page, clear_caches):
    def count_queries():
        clear_caches()
        with CaptureQueriesContext(connection) as queries:
            page()
        return len(queries)

    # A data set without features needs one more query for its time.
    ProductFactory(published=True, point=at(109, 11.5))
    before = count_queries()
    for _number in range(3):
        ProductFactory(published=True, point=at(109, 11.5))

    assert count_queries() == before


def test_the_page_states_the_last_change_of_public_data(page, clear_caches):
    moment = datetime.datetime(2026, 11, 23, 5, tzinfo=datetime.UTC)
    Revision.objects.create(pk=1, number=2, changed_at=moment + datetime.timedelta(days=1))
    assert "chưa có dữ liệu" in page()

    clear_caches()
    Change.objects.create(revision=1, collection="products", feature_id="1", op="insert", at=moment)
    assert ">23/11/2026 12:00</time>" in page()


def test_each_layer_of_the_base_map_has_its_own_licence(page, settings, clear_caches):
    section = page().partition('id="base-map"')[2].partition("<h2")[0]

    assert "CC BY 4.0 không áp dụng cho bản đồ nền" in section
    credits = settings.PLACE.basemap_credits
    assert credits
    for credit in credits:
        line = f'{credit.layer}: {credit.source} (<a href="{credit.licence_url}" rel="license">'
        assert f"<li>{line}{credit.licence}</a>)</li>" in section
    # Data of OpenStreetMap are displayed only as street tiles.
    assert "OpenStreetMap" not in section

    settings.TILE_URL = "https://tiles.example.org/{z}/{x}/{y}.png"
    clear_caches()
    section = page().partition('id="base-map"')[2].partition("<h2")[0]
    assert "OpenStreetMap</a> (ODbL)</li>" in section
