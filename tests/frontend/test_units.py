"""The pages of districts and communes: former and current units are never confused."""

import datetime
import re

import pytest
from django.db import connection
from django.urls import reverse

from districts.models import Unit
from geodata.spans import span
from products.ocop.models import Product
from products.register.states import State
from tests.factories import (
    CHANGE,
    SINCE_THE_CHANGE,
    UNTIL_THE_CHANGE,
    IpRightFactory,
    ProducerFactory,
    ProductFactory,
    RatingFactory,
    SuccessionFactory,
    UnitFactory,
    square,
)

pytestmark = pytest.mark.django_db


def body_of(client, unit):
    response = client.get(unit.get_absolute_url())
    assert response.status_code == 200
    return response.content.decode()


@pytest.fixture
def vinh_hau():
    """A district, its former commune, and the larger current commune of the same name and code."""
    district = UnitFactory(code="996", name="Minh Hải", validity=UNTIL_THE_CHANGE)
    then = UnitFactory(code="82846", name="Vĩnh Hậu", parent=district, validity=UNTIL_THE_CHANGE)
    now = UnitFactory(code="82846", name="Vĩnh Hậu", validity=SINCE_THE_CHANGE)
    SuccessionFactory(predecessor=then, successor=now)
    return district, then, now


# --- URLs ----------------------------------------------------------------------------------


def test_the_url_begins_with_the_public_id(vinh_hau):
    assert [unit.get_absolute_url() for unit in vinh_hau] == [
        "/don-vi/996-huyen-minh-hai/",
        "/don-vi/82846-xa-vinh-hau/",
        "/don-vi/82846-2024-03-01-xa-vinh-hau/",
    ]


@pytest.mark.parametrize("rest", ["/", "-/", "-ten-cu/", "-2025-ten-cu/"])
def test_a_wrong_or_missing_slug_redirects_to_the_current_one(client, vinh_hau, rest):
    for unit in vinh_hau:
        response = client.get(f"/don-vi/{unit.public_id}{rest}")

        assert (response.status_code, response["Location"]) == (301, unit.get_absolute_url())
        assert response["Cache-Control"] == "no-cache"


@pytest.mark.parametrize("id", ["82846", "82847-2024-03-01", "999", "99-tinh-x", "2284"])
def test_unknown_ids_and_provinces_have_no_page(client, vinh_hau, id):
    UnitFactory(code="99")
    Unit.objects.filter(public_id="82846").delete()

    assert client.get(f"/don-vi/{id}/").status_code == 404


# --- former and current --------------------------------------------------------------------


def test_two_communes_of_one_name_have_their_own_products_and_refer_to_each_other(client, vinh_hau):
    _district, then, now = vinh_hau
    part = UnitFactory(code="82867", name="Nhơn Hậu", validity=UNTIL_THE_CHANGE)
    SuccessionFactory(predecessor=part, successor=now)
    ProductFactory(published=True, name="Nho xanh", declared_commune=then)
    ProductFactory(published=True, name="Hành tím", declared_commune=part)

    old, new = body_of(client, then), body_of(client, now)

    assert ["Nho xanh" in old, "Hành tím" in old] == [True, False]
    assert ["Nho xanh" in new, "Hành tím" in new] == [True, True]
    for body, other in ((old, now), (new, then)):
        card = re.search(r"Đừng nhầm với.*?</div>", body, re.DOTALL)[0]
        assert re.findall('href="([^"]+)"', card) == [other.get_absolute_url()]
        assert "cùng tên" in card


def test_a_commune_with_a_unique_name_has_no_such_warning(client):
    assert "Đừng nhầm với" not in body_of(client, UnitFactory())


def test_a_page_links_to_the_lists_filtered_by_its_unit(client, vinh_hau):
    for unit, on_map, in_api in zip(
        vinh_hau,
        ["huyen=996", "xa-cu=82846", "xa=82846"],
        ["district_code=996", "old_commune_code=82846", "commune_code=82846"],
        strict=True,
    ):
        ProductFactory(published=True, declared_commune=vinh_hau[1])
        ProducerFactory(published=True, declared_commune=vinh_hau[1])
        body = body_of(client, unit)

        assert f'href="/?{on_map}"' in body
        assert f'href="/?{on_map}&amp;trang-thai=none"' in body
        assert f'href="/api/v1/downloads/products.csv?{in_api}"' in body
        assert f'href="/api/v1/collections/producers/items?{in_api}"' in body


def test_a_unit_of_an_earlier_period_has_no_filter_because_its_code_was_reused(client, vinh_hau):
    _district, then, _now = vinh_hau
    then.validity = span(datetime.date(2000, 1, 1), CHANGE)
    then.save()
    earlier = span(datetime.date(1992, 4, 1), datetime.date(2000, 1, 1))
    before = UnitFactory(code="82846", name="Vĩnh An", validity=earlier, area=square(109, 11.5))
    ProductFactory(published=True, name="Nho xanh", declared_commune=then)

    body = body_of(client, before)

    assert "82846&" not in body
    assert "=82846" not in body
    assert "Nho xanh" not in body


def test_a_page_lists_predecessors_and_successors_with_their_share(client, vinh_hau):
    district, then, now = vinh_hau
    divided = UnitFactory(name="Phước Sang", parent=district, validity=UNTIL_THE_CHANGE)
    SuccessionFactory(
        predecessor=divided,
        successor=now,
        part="thôn Phú Thọ",
        share="0.3534",
        source__title="Nghị quyết 1667",
    )

    rows = {
        unit: re.findall(
            r'<th scope="row"><a href="([^"]+)">.*?'
            r'<td>(.*?)</td><td class="number">(.*?)</td>',
            body_of(client, unit),
            re.DOTALL,
        )
        for unit in (then, now, divided)
    }

    part = '<span lang="vi">thôn Phú Thọ</span>'
    assert rows == {
        then: [(now.get_absolute_url(), "toàn bộ", "100 %")],
        now: [
            (divided.get_absolute_url(), part, "35 %"),
            (then.get_absolute_url(), "toàn bộ", "100 %"),
        ],
        divided: [(now.get_absolute_url(), part, "35 %")],
    }
    assert re.search(r"chuyển tiếp theo (<[^>]+>)+Nghị quyết 1667", body_of(client, divided))
    assert "Phước Sang</span> (<span" in body_of(client, district)


@pytest.mark.parametrize(
    ("first", "after", "words", "gone"),
    [
        (None, None, "Chưa rõ từ khi nào", False),
        (None, CHANGE, "Đến hết 29/2/2024", True),
        (CHANGE, None, "Từ 1/3/2024", False),
        (datetime.date(2023, 11, 1), CHANGE, "Từ 1/11/2023 đến hết 29/2/2024", True),
        # A resolution may be known before it takes effect.
        (CHANGE, datetime.date(2027, 1, 1), "Từ 1/3/2024 đến hết 31/12/2026", False),
    ],
)
def test_a_page_states_the_validity_of_the_unit(client, on_day, first, after, words, gone):
    on_day("2026-11-23")
    body = body_of(client, UnitFactory(validity=span(first, after)))

    assert re.search(r"<dt>Tồn tại</dt>\s*<dd>(.*?)</dd>", body)[1] == words
    assert ("nay không còn" in body) is gone


def test_areas_are_shown_with_their_source(client):
    unit = UnitFactory(
        official_area_km2="62.00",
        official_area_source="Niên giám 2023",
        area=square(109, 11.5),
    )

    facts = re.search(r"<dl.*?</dl>", body_of(client, unit), re.DOTALL)[0]

    assert "62,00 km² theo công bố" in facts
    assert "Niên giám 2023" in facts
    # A square of a tenth of a degree, as pyproj measures it on the ellipsoid.
    assert "120,66 km² đo trên ranh giới" in facts


# --- content -------------------------------------------------------------------------------


@pytest.mark.parametrize("state", [State.DRAFT, State.REVIEW, State.WITHDRAWN])
def test_unpublished_records_are_not_shown(client, vinh_hau, state):
    commune = UnitFactory(area=square(109, 11.5), validity=SINCE_THE_CHANGE)
    for factory in (ProductFactory, ProducerFactory):
        factory(published=True, name="Táo xanh", declared_commune=commune)
        factory(state=state, name="Bí mật", declared_commune=commune)
    IpRightFactory(published=True, name="Nhãn xanh", area=square(109, 11.5))
    IpRightFactory(state=state, name="Bí mật", area=square(109, 11.5))

    page, index = body_of(client, commune), client.get(reverse("frontend:units")).content.decode()

    # The product's name and its heart, and the producer.
    assert page.count("Táo xanh") == 3
    assert "Nhãn xanh" in page
    assert "Bí mật" not in page
    assert f"{commune.name}</a> <small>1 sản phẩm</small>" in index


@pytest.mark.parametrize(
    ("area", "words"),
    [
        (square(109, 11.5), "phủ toàn bộ"),
        (square(109.075, 11.5), "phủ một phần, khoảng 25 %"),
        # It only touches, or overlaps by the inaccuracy of a boundary that was drawn twice.
        (square(109.1, 11.5), None),
        (square(109.0995, 11.5), None),
        (square(108, 11.5), None),
    ],
)
def test_a_page_lists_the_rights_whose_area_overlaps_the_unit(client, area, words):
    unit = UnitFactory(area=square(109, 11.5))
    IpRightFactory(published=True, name="Chỉ dẫn A", area=area)
    IpRightFactory(published=True, name="Đơn đang xét", stage="pending")

    body = body_of(client, unit)

    assert ("Chỉ dẫn A" in body) is (words is not None)
    assert "Đơn đang xét" not in body
    assert words is None or words in body
    assert ("không có nghĩa là sản phẩm mang quyền ấy" in body) is (words is not None)


@pytest.mark.parametrize("products", [1, 3])
def test_a_page_has_as_many_queries_for_three_products_as_for_one(
    client, vinh_hau, products, django_assert_num_queries
):
    for _ in range(products):
        product = ProductFactory(
            published=True,
            declared_commune=vinh_hau[1],
            producer=ProducerFactory(published=True, declared_commune=vinh_hau[1]),
        )
        RatingFactory(product=product)

    with django_assert_num_queries(19):
        body_of(client, vinh_hau[1])


def test_a_page_lists_a_limited_number_of_products_and_links_to_all(client, vinh_hau, monkeypatch):
    monkeypatch.setattr("frontend.views.units.MAX_PRODUCTS", 2)
    for _ in range(3):
        ProductFactory(published=True, declared_commune=vinh_hau[1])

    body = body_of(client, vinh_hau[1])

    assert body.count('<li class="item card">') == 2
    assert "2 sản phẩm đầu" in body


# --- the index -----------------------------------------------------------------------------


def test_the_index_lists_every_unit_once_current_ones_first(client, vinh_hau):
    district, then, now = vinh_hau
    UnitFactory(code="99", name="Minh Thuần")

    body = client.get(reverse("frontend:units")).content.decode()

    listed = re.findall('href="(/don-vi/[^"]+)"', body)
    assert listed == [unit.get_absolute_url() for unit in (now, district, then)]
    jumps = re.findall('href="#([^"]+)"', body)
    assert jumps == ["content", "now", "then"]
    assert re.findall('<h2 id="([^"]+)"', body) == jumps[1:]


def test_an_unchanged_commune_is_listed_with_its_current_products(client):
    commune = UnitFactory(name="Vĩnh Hậu", area=square(109, 11.5))
    for _ in range(2):
        ProductFactory(published=True, declared_commune=commune)
    Product.objects.filter(pk=Product.objects.first().pk).update(old_commune=None)

    body = client.get(reverse("frontend:units")).content.decode()

    assert "Vĩnh Hậu</a> <small>2 sản phẩm</small>" in body


def test_the_workspace_links_to_pages_of_units_but_not_of_provinces(admin_client, vinh_hau):
    pages = {
        unit: admin_client.get(reverse("admin:districts_unit_change", args=[unit.pk]))
        for unit in (vinh_hau[0], UnitFactory(code="99"))
    }

    assert [vinh_hau[0].get_absolute_url() in p.content.decode() for p in pages.values()] == [
        True,
        False,
    ]


# --- the shipped data ----------------------------------------------------------------------


@pytest.mark.usefixtures("shipped")
def test_every_shipped_unit_has_a_page_of_its_own(client):
    units = list(Unit.objects.exclude(code__in=["56", "58"]))
    listed = re.findall('href="(/don-vi/[^"]+)"', client.get("/don-vi/").content.decode())

    assert len(units) == 7 + 62 + 24
    assert sorted(listed) == sorted(unit.get_absolute_url() for unit in units)


@pytest.mark.usefixtures("shipped")
@pytest.mark.parametrize("column", ["commune", "old_commune", "district"])
def test_pages_of_shipped_units_count_what_the_database_holds(client, column):
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT public_id, kind || ' ' || u.name, count(*) FROM ocop_product p"
            f" JOIN districts_unit u ON u.id = p.{column}_id WHERE state = 'published'"
            " GROUP BY u.id"
        )
        held = cursor.fetchall()

    assert len(held) > 3
    for id, name, count in held:
        body = body_of(client, Unit.objects.get(public_id=id))
        assert f"{name[0].upper()}{name[1:]}</h1>" in body
        assert re.search(r"<h2>Sản phẩm <small>(\d+)</small>", body)[1] == str(count)
        products = body.partition("<h2>Sản phẩm ")[2].partition("</section>")[0]
        assert products.count('<li class="item card">') == count
