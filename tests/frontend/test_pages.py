"""The public pages: their content, and what they must not disclose."""

import datetime
import re

import pytest
from django.urls import reverse

from geodata.spans import day_span, span_of
from products.register.states import State
from tests.factories import (
    IpRightFactory,
    ProducerFactory,
    ProductFactory,
    ProtectedProductFactory,
    RatingFactory,
    UnitFactory,
    at,
    square,
)

pytestmark = pytest.mark.django_db

PAGES = {
    ProductFactory: "frontend:product",
    ProducerFactory: "frontend:producer",
    IpRightFactory: "frontend:protection",
}


def page_of(record):
    return record.get_absolute_url()


@pytest.mark.parametrize("factory", PAGES, ids=lambda f: f._meta.model.__name__)
def test_a_wrong_slug_redirects_to_the_current_one(client, factory):
    record = factory(published=True, name="Táo xanh Minh Phước")
    address = reverse(PAGES[factory], kwargs={"code": record.code, "slug": "ten-cu"})

    response = client.get(address)

    assert (response.status_code, response["Location"]) == (301, page_of(record))
    # The old name may become current again.
    assert response["Cache-Control"] == "no-cache"
    assert page_of(record).endswith(f"{record.code}-tao-xanh-minh-phuoc/")


@pytest.mark.parametrize("factory", PAGES, ids=lambda f: f._meta.model.__name__)
@pytest.mark.parametrize("state", [State.DRAFT, State.REVIEW])
def test_unpublished_records_have_no_page(client, factory, state):
    record = factory(state=state, name="Bí mật")

    response = client.get(page_of(record))

    assert response.status_code == 404
    assert "Bí mật" not in response.content.decode()


@pytest.mark.parametrize("factory", PAGES, ids=lambda f: f._meta.model.__name__)
def test_withdrawn_records_answer_410_with_the_reason(client, factory):
    record = factory(state=State.WITHDRAWN, state_reason="Cơ sở đã ngừng sản xuất")

    response = client.get(page_of(record))

    assert response.status_code == 410
    assert "Cơ sở đã ngừng sản xuất" in response.content.decode()


@pytest.mark.parametrize(
    "url_name", ["frontend:map", "frontend:protections"], ids=["map", "protections"]
)
@pytest.mark.parametrize("state", [State.DRAFT, State.REVIEW, State.WITHDRAWN])
def test_lists_contain_only_public_records(client, url_name, state):
    public = {"published": True}
    for factory, name in ((ProductFactory, "Táo xanh"), (IpRightFactory, "Nhãn hiệu xanh")):
        factory(name=name, **public)
        factory(name="Bí mật", state=state)

    body = client.get(reverse(url_name)).content.decode()

    assert {"frontend:map": "Táo xanh", "frontend:protections": "Nhãn hiệu xanh"}[url_name] in body
    assert "Bí mật" not in body


def test_pages_of_products_do_not_name_an_unpublished_producer(client):
    product = ProductFactory(published=True, producer=ProducerFactory(name="Hộ bí mật"))

    for address in (page_of(product), reverse("frontend:map")):
        assert "Hộ bí mật" not in client.get(address).content.decode()


@pytest.mark.parametrize(
    ("decided", "words", "stars"),
    [
        (day_span(datetime.date(2024, 12, 10)), "Còn hiệu lực đến 10/12/2027", True),
        (span_of(2025), "Còn hiệu lực ít nhất đến 1/1/2028", True),
        (day_span(datetime.date(2023, 12, 10)), "Sắp hết hạn: 10/12/2026", True),
        (span_of(2020), "Hết hạn từ 12/2023", False),
        (span_of(2023), "Chưa xác minh hạn", False),
    ],
)
def test_a_product_page_states_the_status_of_its_rating(client, on_day, decided, words, stars):
    on_day("2026-11-23")
    rating = RatingFactory(stars=4, decided=decided, product__published=True)

    body = client.get(page_of(rating.product)).content.decode()

    assert words in body
    assert ('class="stars"' in body) is stars


def test_a_nomination_is_not_a_star(client):
    rating = RatingFactory(stars=None, nominated_stars=5, product__published=True)

    body = client.get(page_of(rating.product)).content.decode()

    assert "Được đề nghị 5 sao (tiềm năng), chưa phải là 5 sao" in body
    assert "Chưa được xếp hạng" in body


def test_a_product_page_names_rights_that_a_source_states_and_none_of_its_place(client):
    product = ProductFactory(published=True, point=at(109.05, 11.55))
    ProtectedProductFactory(right__published=True, right__name="Nhãn A", product=product)
    IpRightFactory(published=True, name="Chỉ dẫn B", area=square(109, 11.5))

    body = client.get(page_of(product)).content.decode()

    assert "Nguồn nêu sản phẩm này được bảo hộ." in body
    assert "Nhãn A" in body
    assert "Chỉ dẫn B" not in body


def test_the_short_url_redirects_to_the_page(client):
    product = ProductFactory(published=True, name="Táo xanh")

    response = client.get(reverse("neutral:short", args=[product.code]))

    assert response["Location"] == page_of(product)


@pytest.mark.parametrize("products", [1, 3])
def test_the_map_page_has_as_many_queries_for_three_products_as_for_one(
    client, products, django_assert_num_queries
):
    commune = UnitFactory()
    for _ in range(products):
        product = ProductFactory(
            published=True, declared_commune=commune, producer=ProducerFactory(published=True)
        )
        RatingFactory(product=product)

    # Two of them read the revision: for the ETag, and for the URL of the share image; two the
    # photos, before and after rendering.
    with django_assert_num_queries(21):
        client.get(reverse("frontend:map"))


@pytest.mark.parametrize(
    ("address", "status"), [("/khong-co/", 404), ("/san-pham/MAU-SP-999-x/", 404)]
)
def test_a_missing_page_is_a_404_page(client, address, status):
    response = client.get(address)

    assert response.status_code == status
    assert "Không có trang này" in response.content.decode()


def test_the_security_policy_of_pages_allows_only_own_scripts(client):
    policy = client.get(reverse("frontend:map"))["Content-Security-Policy"]
    rules = dict(rule.split(" ", 1) for rule in policy.split("; "))

    assert rules["script-src"] == "'self'"
    assert "unsafe" not in policy
    assert rules["default-src"] == "'self'"


def test_no_page_has_an_inline_script_not_even_with_a_map(client):
    """The policy would block it. A nonce would differ in the 304 for a cached page."""
    product = ProductFactory(published=True, point=at(109, 11.5))
    right = IpRightFactory(published=True, area=square(109, 11.5))
    unit = UnitFactory(area=square(109, 11.5))
    paths = ["/", "/nhung/", "/du-lieu-mo/", "/thong-ke/", page_of(product), page_of(right)]
    with_map = {"/", "/nhung/", page_of(product), page_of(right), unit.get_absolute_url()}

    for path in [*paths, unit.get_absolute_url()]:
        body = client.get(path).content.decode()
        data = r'(?![^>]* type="application/(?:ld\+)?json")'
        assert re.findall(rf"<script(?![^>]* src=){data}[^>]*>", body) == [], path
        assert ("data-leaflet-options=" in body) == (path in with_map), path
