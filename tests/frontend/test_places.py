"""Pages of sales points and craft villages, and the lists of them on other pages."""

import json
import re

import pytest

from products.places.models import CraftVillage
from tests.factories import (
    UNTIL_THE_CHANGE,
    CraftVillageFactory,
    ProducerFactory,
    ProductFactory,
    SalesPointFactory,
    UnitFactory,
    at,
    square,
)

pytestmark = pytest.mark.django_db

LISTS = {"buy": "Mua ở đâu", "visit": "Thăm nơi làm ra"}


def text_of(client, address):
    response = client.get(address)
    assert response.status_code == 200
    return response.content.decode()


def section(page, heading):
    """The names and group headings of the section with that heading, in their order."""
    found = re.search(rf"<h2>{heading}</h2>(.*?)</section>", page, re.S)
    pattern = r'class="group-heading">(.*?)<|<span lang="vi">([^<]+)</span></a>'
    return [one or other for one, other in re.findall(pattern, found[1])] if found else None


def graph(page):
    (document,) = re.findall(r'<script type="application/ld\+json">(.*?)</script>', page, re.S)
    return json.loads(document)["@graph"]


@pytest.fixture
def units():
    """A former district, a commune in it, and another commune elsewhere."""
    district = UnitFactory(code="992", kind="huyện", name="Minh Phước", validity=UNTIL_THE_CHANGE)
    here = UnitFactory(name="An Hậu", parent=district, area=square(109, 11.5))
    return district, here, UnitFactory(name="Xa")


def test_the_list_of_sales_points_contains_what_sells_by_commune_then_district(client, units):
    district, here, _elsewhere = units
    SalesPointFactory(published=True, sells=True, name="Sạp huyện", declared_district=district)
    SalesPointFactory(published=True, sells=True, name="Sạp xã", declared_commune=here)
    SalesPointFactory(published=True, sells=True, name="Sạp đâu đó")
    SalesPointFactory(published=True, visit=True, name="Vườn chỉ để thăm", declared_commune=here)
    SalesPointFactory(sells=True, name="Sạp nháp", declared_commune=here)

    page = text_of(client, "/diem-ban/")

    names = re.findall(r'<span lang="vi">([^<]+)</span></a>', page)
    assert names == ["Sạp xã", "Sạp huyện", "Sạp đâu đó"]
    headings = [re.sub("<.*?>", "", one) for one in re.findall("<h2>(.*?)</h2>", page)]
    assert [" ".join(one.split()) for one in headings[:3]] == [
        "Xã An Hậu 1",
        "Huyện Minh Phước, trước 1/3/2024 chưa rõ xã 1",
        "Chưa rõ nơi 1",
    ]


def test_the_list_of_villages_contains_all_of_them_and_places_to_visit(client):
    CraftVillageFactory(published=True, name="Làng gốm")
    CraftVillageFactory(name="Làng nháp")
    SalesPointFactory(published=True, visit=True, name="Vườn nho")
    SalesPointFactory(published=True, sells=True, name="Sạp")

    for prefix in ("", "/en"):
        page = text_of(client, f"{prefix}/lang-nghe/")
        names = re.findall(r'<span lang="vi">([^<]+)</span></a>', page)
        assert names == ["Làng gốm", "Vườn nho"]


def test_an_empty_list_says_so(client):
    assert "Chưa có nơi nào được công bố." in text_of(client, "/diem-ban/")


@pytest.mark.parametrize(
    ("year", "text"),
    [
        (2026, "Thấy năm 2026</p>"),
        (2016, "Thấy năm 2016, chưa rõ hiện nay</p>"),
        (None, "Nguồn không đề năm, chưa rõ hiện nay</p>"),
    ],
)
def test_a_page_says_when_the_place_was_last_seen(client, on_day, year, text):
    on_day("2026-11-28")
    place = SalesPointFactory(published=True, last_seen=year)

    assert text in text_of(client, place.get_absolute_url())


def test_what_is_unknown_is_absent_from_the_page(client):
    place = SalesPointFactory(published=True, name="Sạp")

    page = text_of(client, place.get_absolute_url())

    for title in ("Giờ mở cửa", "Mùa", "Giá", "Chủ thể", "Địa chỉ theo nguồn", "Toạ độ"):
        assert f"<dt>{title}</dt>" not in page
    assert "Chưa rõ địa điểm, nên nơi này không được vẽ trên bản đồ." in page


def test_a_page_has_the_hours_of_the_next_seven_days(client, on_day):
    on_day("2026-11-28")
    place = SalesPointFactory(published=True, opening_hours="Mo-Sa 07:00-17:00; Su off")

    page = text_of(client, place.get_absolute_url())

    days = [
        " ".join(re.sub("<.*?>", "", one).split())
        for one in re.findall(r'<p class="hours">(.*?)</p>', page)
    ]
    assert days[:3] == [
        "Thứ 7 28/11 07:00–17:00",
        "Chủ nhật 29/11 đóng cửa",
        "Thứ 2 30/11 07:00–17:00",
    ]
    assert len(days) == 7


def test_a_product_names_places_of_its_producer_before_those_nearby(client, units):
    district, here, elsewhere = units
    producer = ProducerFactory(published=True, declared_commune=here)
    product = ProductFactory(published=True, producer=producer, declared_commune=here)
    both = {"published": True, "sells": True, "visit": True}
    SalesPointFactory(**both, name="Của HTX", declared_commune=elsewhere, producer=producer)
    SalesPointFactory(**both, name="Cùng xã", declared_commune=here)
    SalesPointFactory(**both, name="Cùng huyện", declared_district=district)
    SalesPointFactory(**both, name="Nơi khác", declared_commune=elsewhere)
    SalesPointFactory(sells=True, visit=True, name="Nháp", declared_commune=here)
    CraftVillageFactory(published=True, visit=True, name="Làng cùng xã", declared_commune=here)
    CraftVillageFactory(published=True, name="Làng không đón khách", declared_commune=here)

    for record in (product, producer):
        page = text_of(client, record.get_absolute_url())
        assert section(page, LISTS["buy"]) == [
            *("Của chính chủ thể", "Của HTX", "Trong cùng xã", "Cùng xã"),
            *("Trong cùng huyện cũ, chưa rõ cách bao xa", "Cùng huyện"),
        ]
        assert section(page, LISTS["visit"]) == [
            *("Của chính chủ thể", "Của HTX", "Trong cùng xã", "Làng cùng xã", "Cùng xã"),
            *("Trong cùng huyện cũ, chưa rõ cách bao xa", "Cùng huyện"),
        ]


def test_a_unit_lists_all_its_places_and_an_empty_one_no_heading(client, units):
    district, here, elsewhere = units
    SalesPointFactory(published=True, sells=True, name="Sạp", declared_commune=here)
    CraftVillageFactory(published=True, name="Làng gốm", declared_commune=here)

    for unit in (here, district):
        page = text_of(client, unit.get_absolute_url())
        assert section(page, LISTS["buy"]) == ["Sạp"]
        assert section(page, LISTS["visit"]) == ["Làng gốm"]
    page = text_of(client, elsewhere.get_absolute_url())
    assert [section(page, heading) for heading in LISTS.values()] == [None, None]


@pytest.mark.parametrize(
    ("values", "types"),
    [
        ({"sells": True, "visit": True}, ["Store", "TouristAttraction"]),
        ({"sells": True}, ["Store"]),
        ({}, "Place"),
    ],
)
def test_structured_data_state_what_a_place_certainly_is(client, units, values, types):
    _district, here, _elsewhere = units
    place = SalesPointFactory(
        published=True, name="Sạp", declared_commune=here, point=at(109.05, 11.55), **values
    )

    _page, thing, trail = graph(text_of(client, place.get_absolute_url()))

    url = f"http://127.0.0.1:8000{place.get_absolute_url()}"
    assert thing["@type"] == types
    assert (thing["name"], thing["url"]) == ("Sạp", url)
    assert thing["address"]["addressLocality"] == "xã An Hậu"
    assert thing["geo"]["latitude"] == 11.55
    assert [step["name"] for step in trail["itemListElement"]][1:] == ["Mua ở đâu", "Sạp"]


def test_structured_data_have_no_coordinates_of_a_place_known_to_its_commune(client, units):
    _district, here, _elsewhere = units
    village = CraftVillageFactory(published=True, declared_commune=here)
    CraftVillage.objects.place_on_declared_commune()
    village.refresh_from_db()

    _page, thing, _trail = graph(text_of(client, village.get_absolute_url()))

    assert village.point
    assert "geo" not in thing
