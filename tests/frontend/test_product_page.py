"""The page of a product: neighbours, directions, its label, the precision of its point."""

import datetime
import re

import pytest
from django.urls import reverse

from geodata.spans import day_span, span, span_of
from products.ocop.models import Product
from products.register.models import Position
from products.register.states import State
from tests.factories import (
    IpRightFactory,
    PhotoFactory,
    ProducerFactory,
    ProductFactory,
    ProductTypeFactory,
    ProtectedProductFactory,
    RatingFactory,
    SourceFactory,
    UnitFactory,
    at,
    square,
)

pytestmark = pytest.mark.django_db

# A kilometre to the north and to the east, at the latitude of Phan Lang.
NORTH, EAST = 1 / 110.6, 1 / 109.1


def body_of(client, record):
    return client.get(record.get_absolute_url()).content.decode()


def neighbours(body):
    """(name, distance) of each neighbour, in the order of the page."""
    part = body.partition("Ở gần đây")[2].partition("</section>")[0]
    names = re.findall(r'<span lang="vi">([^<]+)</span></a>', part)
    return list(zip(names, re.findall(r'item-place">([^·<]+) ·', part), strict=True))


# --- names ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("year", "mark"),
    [(2015, "tên dịch ngược"), (2026, "tên dịch ngược, chưa xác minh")],
)
def test_a_name_translated_back_is_marked_in_lists_and_quoted_on_its_page(
    client, on_day, year, mark
):
    on_day("2026-11-23")
    maker = ProducerFactory(published=True)
    product = ProductFactory(
        published=True,
        name="Muối ớt",
        name_basis="back_translated",
        original_name="チリ塩",
        producer=maker,
        point=at(109, 11.6),
    )
    RatingFactory(product=product, decided=day_span(datetime.date(year, 3, 1)))
    other = ProductFactory(published=True, point=at(109, 11.61))

    page = body_of(client, product)
    assert "Tên dịch ngược, có thể khác tên gốc." in page
    assert "Tên trên nguồn: チリ塩" in page
    for address in ("/", maker.get_absolute_url(), other.get_absolute_url()):
        assert f">{mark}</p>" in client.get(address).content.decode()
    assert "Tên trên nguồn" not in body_of(client, other)
    assert ">tên dịch ngược" not in page.partition('<div class="record-body">')[2]


# --- neighbours ----------------------------------------------------------------------------


def test_neighbours_are_ordered_by_distance(client):
    here = ProductFactory(published=True, point=at(109, 11.6))
    # In degrees the second is as near as the first, in metres it is not.
    ProductFactory(published=True, name="Bắc 2 km", point=at(109, 11.6 + 2 * NORTH))
    ProductFactory(published=True, name="Đông 1,5 km", point=at(109 + 1.5 * EAST, 11.6))
    ProductFactory(published=True, name="Sát bên", point=at(109, 11.6 + 0.2 * NORTH))
    ProductFactory(state=State.DRAFT, name="Bí mật", point=at(109, 11.6))
    ProductFactory(published=True, name="Không rõ chỗ")

    assert neighbours(body_of(client, here)) == [
        ("Sát bên", "cách 200 m"),
        ("Đông 1,5 km", "cách 1,5 km"),
        ("Bắc 2 km", "cách 2,0 km"),
    ]


def test_distances_between_commune_centres_are_marked_as_such(client):
    commune = UnitFactory(code="82888", area=square(109, 11.5))
    here = ProductFactory(published=True, declared_commune=commune, point=at(109.05, 11.55))
    twin = ProductFactory(published=True, name="Cùng xã", declared_commune=commune)
    for product in (here, twin):
        Product.objects.filter(pk=product.pk).place_on_declared_commune()
    Product.objects.filter(pk=here.pk).update(position=Position.COMMUNE)
    ProductFactory(published=True, name="Xa", point=at(109.05, 11.55 + 12 * NORTH))

    assert neighbours(body_of(client, here)) == [
        ("Cùng xã", "cùng xã, chưa rõ cách bao xa"),
        ("Xa", "khoảng 12 km, tính giữa các xã"),
    ]


def test_a_product_without_a_point_has_no_neighbours(client):
    ProductFactory(published=True, point=at(109, 11.6))

    body = body_of(client, ProductFactory(published=True))

    assert "Ở gần đây" not in body
    assert "data-directions" not in body
    assert "sản phẩm không được vẽ trên bản đồ" in body


@pytest.mark.parametrize("products", [1, 3])
def test_a_page_has_as_many_queries_for_three_neighbours_as_for_one(
    client, products, django_assert_num_queries
):
    here = ProductFactory(
        published=True,
        declared_commune=UnitFactory(area=square(109, 11.5)),
        point=at(109.05, 11.55),
        position=Position.COMMUNE,
    )
    for number in range(products):
        product = ProductFactory(
            published=True, point=at(109.06, 11.55), producer=ProducerFactory(published=True)
        )
        RatingFactory(product=product)
        RatingFactory(product=here, decided=span_of(2015 + number))
        ProtectedProductFactory(product=here, right__published=True)
        PhotoFactory(product=here)

    # The ETag needs the revision and the photos, and storing the page reads the photos again. Two
    # look for an extract of the base map.
    with django_assert_num_queries(18):
        client.get(here.get_absolute_url())


# --- the place -----------------------------------------------------------------------------


def directions_link(body):
    link = re.search(r"<a [^>]*data-directions[^>]*>(.*?)</a>", body)
    words = link and re.sub("<[^>]*>", "", link[1])
    return link and (words, dict(re.findall(r'([\w-]+)="([^"]*)"', link[0])))


def test_directions_use_the_exact_point(client):
    product = ProductFactory(published=True, name="Nho", point=at(108.98765, 11.57432))

    text, attributes = directions_link(body_of(client, product))

    assert text == "Chỉ đường"
    assert (attributes["data-lat"], attributes["data-lng"]) == ("11.57432", "108.98765")
    assert attributes["href"] == (
        "https://www.openstreetmap.org/directions?to=11.57432%2C108.98765"
    )


def test_directions_to_an_inexact_point_name_the_commune(client):
    commune = UnitFactory(code="82888", kind="xã", name="Vĩnh Hậu", area=square(109, 11.5))
    product = ProductFactory(
        published=True,
        declared_commune=commune,
        point=at(109.05, 11.55),
        position=Position.COMMUNE,
    )

    body = body_of(client, product)

    assert directions_link(body)[0] == "Chỉ đường đến xã Vĩnh Hậu"
    assert "chỉ đại diện cho xã, không phải địa chỉ" in body
    # No coordinates, which would look like an exact location.
    assert '<span class="code">11.55' not in body


@pytest.mark.parametrize(
    ("position", "words"),
    [
        (Position.SURVEY, "điểm đo đạc tại chỗ"),
        (Position.GPS, "điểm lấy bằng GPS tại chỗ"),
        (Position.MAP, "điểm do người nhập chấm trên bản đồ"),
        (Position.ADDRESS, "điểm suy ra từ địa chỉ"),
    ],
)
def test_coordinates_are_shown_with_how_they_were_determined(client, position, words):
    product = ProductFactory(published=True, point=at(108.9876543, 11.5743211), position=position)

    assert f'{words}: <span class="code">11.5743211, 108.9876543</span>' in body_of(client, product)


# --- picture, tiles, bar of actions -----------------------------------------------------------


def test_a_product_without_a_photo_has_a_drawing_that_is_named_as_one(client):
    product = ProductFactory(published=True)
    drawn = body_of(client, product)
    PhotoFactory(product=product, alt="Giàn nho", credit="An")
    PhotoFactory(product=product, alt="Rượu trong chum")
    body = body_of(client, product)

    assert "Hình minh họa" in drawn
    assert "Hình minh họa" not in body
    hero = body.partition('class="hero"')[2].partition("</div>")[0]
    assert 'alt="Giàn nho"' in hero
    assert ">An</span>" in hero
    # The other photos follow below.
    assert re.findall(r'<figure.*?alt="([^"]*)"', body, re.S) == ["Rượu trong chum"]


def test_the_bar_offers_only_what_is_known(client):
    contact = {"phone": "0259 123 456", "contact_consent_on": datetime.date(2025, 1, 1)}
    full = ProductFactory(
        published=True,
        point=at(109, 11.6),
        producer=ProducerFactory(published=True, **contact),
    )
    hidden = ProductFactory(published=True, producer=ProducerFactory(**contact))

    def bar(product):
        return body_of(client, product).partition('class="action-bar')[2].partition("</nav>")[0]

    assert "</svg> Đến" in bar(full)
    assert '<a href="tel:0259 123 456">' in bar(full)
    assert f'<trip-heart item="products:{full.code}"' in bar(full)
    assert "</svg> Đến" not in bar(hidden)
    assert "tel:" not in bar(hidden)


@pytest.mark.parametrize(
    ("decided", "until"),
    [
        (day_span(datetime.date(2024, 12, 10)), "10/12/2027"),
        (span_of(2025), "ít nhất đến 1/1/2028"),
        (span_of(2020), "đã hết từ 12/2023"),
        (span_of(2023), "chưa xác minh"),
        (None, None),
    ],
)
def test_a_tile_states_until_when_the_rating_holds(client, on_day, decided, until):
    on_day("2026-11-23")
    product = ProductFactory(published=True)
    if decided:
        RatingFactory(product=product, decided=decided)

    tiles = body_of(client, product).partition('class="fact-tiles"')[2].partition("</dl>")[0]

    assert re.findall("<dt>Hạn</dt><dd>(.*?)</dd>", tiles) == ([until] if until else [])


def test_english_pages_name_the_type_beside_the_vietnamese_name(client):
    grape = ProductTypeFactory(name="nho", name_en="grape")
    product = ProductFactory(published=True, name="Nho Ba Mọi", type=grape, type_basis="stated")
    address = product.get_absolute_url()

    heading = re.search("<h1>(.*?)</h1>", client.get(f"/en{address}").text)[1]

    assert re.sub("<[^>]*>", "", heading) == "Nho Ba Mọi grape"
    assert "grape" not in re.search("<h1>(.*?)</h1>", client.get(address).text)[1]


# --- ratings and sources -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("decided", "words"),
    [
        (day_span(datetime.date(2024, 12, 10)), "Hiệu lực đến 10/12/2027"),
        (span_of(2023), "Hết hạn trong năm 2026"),
        (span_of(2024, 2), "Hết hạn trong tháng 2/2027"),
        (
            span(datetime.date(2024, 3, 5), datetime.date(2024, 4, 1)),
            "Hiệu lực đến một ngày trong khoảng 5/3/2027 – 31/3/2027",
        ),
        (span(None, datetime.date(2022, 10, 1)), "Hiệu lực muộn nhất đến 30/9/2025"),
        (span(datetime.date(2024, 2, 29), None), "Hiệu lực ít nhất đến 28/2/2027"),
    ],
)
def test_the_end_of_a_rating_is_as_precise_as_its_decision_is_known(client, decided, words):
    rating = RatingFactory(stars=4, decided=decided, product__published=True)

    assert f"<br>{words}" in body_of(client, rating.product)


def test_no_end_is_shown_for_an_unknown_decision_or_a_revoked_rating(client):
    unknown = RatingFactory(decided=span(None, None), product__published=True)
    revoked = RatingFactory(product__published=True, revoked_on=datetime.date(2025, 1, 1))

    assert "Hiệu lực" not in body_of(client, unknown.product)
    assert "Hiệu lực" not in body_of(client, revoked.product)


def test_every_statement_has_its_source(client):
    def source(title):
        return SourceFactory(title=title)

    product = ProductFactory(
        published=True,
        source=source("Báo A"),
        producer=ProducerFactory(published=True, source=source("Báo B")),
    )
    RatingFactory(product=product, source=source("Báo C"))
    right = IpRightFactory(published=True, source=source("Báo của quyền"))
    ProtectedProductFactory(product=product, right=right, source=source("Báo D"))
    ProtectedProductFactory(
        product__published=True, right=right, source=source("Báo về sản phẩm khác")
    )

    body = body_of(client, product)

    named = re.findall(r">(Báo[^<]*)</a>", body)
    assert named == ["Báo C", "Báo A", "Báo B", "Báo D"]
    # All of them are folded, and each statement links to its own.
    folded = body.partition("<details")[2].partition("</details>")[0]
    assert re.findall(r">(Báo[^<]*)</a>", folded) == named
    links = re.findall('href="#(nguon-[^"]+)"', body)
    assert len(links) == 4
    assert all(f'id="{link}"' in folded for link in links)


def test_contacts_are_shown_with_consent(client):
    producer = ProducerFactory(
        published=True, phone="0259 123 456", contact_consent_on=datetime.date(2025, 1, 1)
    )
    product = ProductFactory(published=True, producer=producer)

    for record in (product, producer):
        assert '<a href="tel:0259 123 456">0259 123 456</a>' in body_of(client, record)


# --- the label -----------------------------------------------------------------------------


def test_the_qr_code_is_a_file_with_the_name_of_the_product(client):
    product = ProductFactory(published=True, code="MAU-SP-001", name="Nho & táo")

    response = client.get(reverse("frontend:product-qr", args=[product.code]))

    assert response["Content-Type"] == "image/svg+xml"
    assert response["Content-Disposition"] == 'attachment; filename="MAU-SP-001-qr.svg"'
    assert "<title>Nho &amp; táo</title>" in response.content.decode()


@pytest.mark.parametrize("state", [State.DRAFT, State.WITHDRAWN])
def test_unpublished_products_have_no_qr_code(client, state):
    product = ProductFactory(state=state)

    assert client.get(reverse("frontend:product-qr", args=[product.code])).status_code == 404


@pytest.mark.parametrize("state", [State.DRAFT, State.WITHDRAWN])
def test_the_short_url_of_a_withdrawn_product_does_not_disclose_its_new_name(client, state):
    product = ProductFactory(published=True, name="Nho đỏ")
    label = reverse("neutral:short", args=[product.code])
    assert client.get(label)["Location"] == product.get_absolute_url()

    reason = "Sai tên" if state == State.WITHDRAWN else ""
    Product.objects.update(state=state, state_reason=reason, name="Bí mật")
    response = client.get(label)

    assert response.status_code == 410
    assert "Bí mật" not in response.content.decode()
    assert "bi-mat" not in str(response.headers)
