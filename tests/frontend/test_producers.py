"""The directory of producers: searched and filtered by its query string, page by page."""

import json
import re

import pytest
from django.utils.html import escape

from products.register.states import State
from tests.factories import ProducerFactory, ProductFactory, UnitFactory, at, square

pytestmark = pytest.mark.django_db

ADDRESS = "/chu-the/"


@pytest.fixture
def producers():
    commune = UnitFactory(code="82777", name="An Hậu", area=square(109, 11.5))
    maker = ProducerFactory(
        published=True, name="HTX Nho xanh", kind="cooperative", declared_commune=commune
    )
    ProducerFactory(published=True, name="Cơ sở Táo Nho", kind="household")
    ProducerFactory(published=True, name="Công ty Nhơn", point=at(109.02, 11.53))
    ProducerFactory(name="Bí mật", state=State.DRAFT, kind="company")
    for state in (State.PUBLISHED, State.PUBLISHED, State.DRAFT):
        ProductFactory(producer=maker, state=state, name="Nho khô")
    return maker


def listed(client, **query):
    """The page, the names in it, and its count."""
    response = client.get(ADDRESS, query)
    assert response.status_code == 200
    body = response.content.decode()
    names = re.findall(r'<span lang="vi">([^<]+)</span></a>', body)
    return body, names, re.search(r'class="register-count">([^<]+)', body)[1]


@pytest.mark.parametrize(
    ("query", "names", "count"),
    [
        ({}, ["Công ty Nhơn", "Cơ sở Táo Nho", "HTX Nho xanh"], "3 chủ thể"),
        # A whole word, then the beginning of one; with the same diacritics first.
        ({"q": "nho"}, ["Cơ sở Táo Nho", "HTX Nho xanh", "Công ty Nhơn"], "3 trong 3 chủ thể"),
        ({"q": "táo nho"}, ["Cơ sở Táo Nho"], "1 trong 3 chủ thể"),
        ({"loai": "household"}, ["Cơ sở Táo Nho"], "1 trong 3 chủ thể"),
        ({"xa": "82777"}, ["Công ty Nhơn", "HTX Nho xanh"], "2 trong 3 chủ thể"),
        ({"xa": "82777", "loai": "cooperative"}, ["HTX Nho xanh"], "1 trong 3 chủ thể"),
        ({"q": "xoài"}, [], "0 trong 3 chủ thể"),
        # Values that are not a choice are ignored, and so is the number of a page.
        (
            {"loai": "x", "xa": "1", "trang": "99"},
            ["Công ty Nhơn", "Cơ sở Táo Nho", "HTX Nho xanh"],
            "3 chủ thể",
        ),
        # A bookmarked choice that nobody has any more shows none, not all.
        ({"loai": "group"}, [], "0 trong 3 chủ thể"),
    ],
)
def test_the_directory_is_filtered_by_text_kind_and_commune(client, producers, query, names, count):
    assert listed(client, **query)[1:] == (names, count)


def test_unpublished_producers_and_products_are_not_counted(client, producers):
    body = listed(client)[0]

    assert "Bí mật" not in body
    assert "2 sản phẩm" in body
    assert body.count("chưa có sản phẩm nào được công bố") == 2
    choices = re.findall(r'<option value="(\w+)"[^>]*>([^<]+)', body)
    assert choices == [
        ("cooperative", "Hợp tác xã (1)"),
        ("household", "Hộ kinh doanh (1)"),
        ("82777", "Xã An Hậu (2)"),
    ]


def test_the_map_shows_what_has_a_point(client, producers):
    body = listed(client)[0]

    (places,) = re.findall(r'<script id="places"[^>]*>(.*?)</script>', body)
    assert [place["name"] for place in json.loads(places)] == ["Công ty Nhơn"]
    assert "2 chủ thể chưa rõ địa điểm, nên không được vẽ." in body


def test_a_long_directory_has_pages_that_keep_the_filters(client, monkeypatch):
    monkeypatch.setattr("frontend.views.producer.PER_PAGE", 2)
    for number in range(5):
        ProducerFactory(published=True, name=f"HTX {number}", kind="cooperative")
    ProducerFactory(published=True, name="HTX khác")

    seen, address = [], f"{ADDRESS}?loai=cooperative"
    while address:
        body = client.get(address).content.decode()
        seen += re.findall(r'<span lang="vi">([^<]+)</span></a>', body)
        following = re.findall(r'rel="next" href="([^"]+)"', body)
        address = following and ADDRESS + following[0].replace("&amp;", "&")

    assert seen == [f"HTX {number}" for number in range(5)]
    assert "Trang 3 trong 3" in body


def test_structured_data_list_the_producers(client, producers):
    body = listed(client, q="xanh")[0]
    (document,) = re.findall(r'<script type="application/ld\+json">(.*?)</script>', body, re.S)
    listing, trail = json.loads(document)["@graph"]

    assert listing["@type"] == "ItemList"
    assert listing["numberOfItems"] == 1
    assert [(one["position"], one["name"]) for one in listing["itemListElement"]] == [
        (1, "HTX Nho xanh")
    ]
    assert trail["itemListElement"][-1]["item"] == f"http://127.0.0.1:8000{ADDRESS}"


def test_an_empty_directory_says_so_and_text_is_escaped(client):
    assert "Chưa có chủ thể nào được công bố." in listed(client)[0]
    text = '"><script>x'
    body = listed(client, q=text)[0]
    assert f'value="{escape(text)}"' in body
    assert "<script>x" not in body


@pytest.mark.parametrize("count", [1, 3])
def test_the_directory_has_as_many_queries_for_three_producers_as_for_one(
    client, count, django_assert_num_queries
):
    province = UnitFactory(code="99")
    for _ in range(count):
        ProducerFactory(published=True, declared_commune=UnitFactory(parent=province))

    with django_assert_num_queries(10):
        client.get(ADDRESS)
