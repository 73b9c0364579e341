"""Vietnamese is found without diacritics, with both tone placements, with small typos."""

import pytest

from products.ocop.models import Product
from products.register.models import Producer
from products.rights.models import IpRight
from tests.factories import (
    SINCE_THE_CHANGE,
    UNTIL_THE_CHANGE,
    IpRightFactory,
    ProducerFactory,
    ProductFactory,
    SuccessionFactory,
    UnitFactory,
)
from tests.rows import prepared

pytestmark = pytest.mark.django_db


def found(text, model=Product):
    return sorted(model.objects.search(text).values_list("name", flat=True))


@prepared
def products():
    """What is sought, and what could be mistaken for it."""
    commune = UnitFactory(code="22738", name="Phước Thuỷ", validity=UNTIL_THE_CHANGE)
    today = UnitFactory(
        code="22900", name="Ninh Phước", name_en="Ninh Phuoc Commune", validity=SINCE_THE_CHANGE
    )
    SuccessionFactory(predecessor=commune, successor=today)
    maker = ProducerFactory(name="Cơ sở Viết Nghi", published=True)
    ProductFactory(name="Nước mắm Cà Ná", name_en="Fish sauce", producer=maker)
    ProductFactory(name="Nho đỏ sấy", declared_commune=commune)
    ProductFactory(name="Măng tây 100%_A")
    ProductFactory(name="Đông trùng hạ thảo")


@pytest.mark.parametrize(
    ("text", "names"),
    [
        # Diacritics, case, order of words, parts of words.
        ("nước mắm", ["Nước mắm Cà Ná"]),
        ("nuoc mam", ["Nước mắm Cà Ná"]),
        ("NƯỚC MẮM", ["Nước mắm Cà Ná"]),
        ("ca na nuoc", ["Nước mắm Cà Ná"]),
        ("  mắm \t nước ", ["Nước mắm Cà Ná"]),
        ("dong trung", ["Đông trùng hạ thảo"]),
        ("ĐÔNG", ["Đông trùng hạ thảo"]),
        # Loose marks, as some keyboards send them.
        ("nu\u031bo\u031b\u0301c ma\u0306\u0301m", ["Nước mắm Cà Ná"]),
        # Small typos.
        ("nuoc mma", ["Nước mắm Cà Ná"]),
        ("dong trungg", ["Đông trùng hạ thảo"]),
        # The English name, the producer, the places then and now.
        ("fish sauce", ["Nước mắm Cà Ná"]),
        ("viết nghi", ["Nước mắm Cà Ná"]),
        ("Phước Thủy", ["Nho đỏ sấy"]),
        ("Phước Thuỷ", ["Nho đỏ sấy"]),
        ("phuoc thuy", ["Nho đỏ sấy"]),
        ("ninh phuoc", ["Nho đỏ sấy"]),
        ("xã Ninh Phước", ["Nho đỏ sấy"]),
        ("ninh phuoc commune", ["Nho đỏ sấy"]),
        # Words of several fields together.
        ("nho ninh phước", ["Nho đỏ sấy"]),
        # Signs are no wildcards and no SQL.
        ("100%", ["Măng tây 100%_A"]),
        ("100", ["Măng tây 100%_A"]),
        ("'; DROP TABLE ocop_product; --", []),
        ("\\", []),
        ("%", []),
        ("_", []),
        ("日本", []),
        ("\x00", []),
        ("rượu cần", []),
    ],
)
def test_a_search_finds_what_people_mean(products, text, names):
    assert found(text) == names


@pytest.mark.parametrize("text", ["", "   ", "\t\n"])
def test_searching_for_nothing_filters_nothing(products, text):
    assert len(found(text)) == 4


def test_a_product_is_found_by_the_new_name_of_its_producer(products):
    producer = Producer.objects.get()
    producer.name = "Công ty Biển Xanh"
    producer.save()

    assert found("bien xanh") == ["Nước mắm Cà Ná"]
    assert found("viet nghi") == []


def test_a_producer_renamed_by_plain_sql_is_found_as_well(products):
    Producer.objects.update(name="Công ty Biển Xanh")

    assert found("bien xanh") == ["Nước mắm Cà Ná"]


@pytest.mark.parametrize("state", ["draft", "review", "withdrawn"])
def test_by_a_producer_that_is_not_public_nothing_is_found(products, state):
    Producer.objects.update(state=state, state_reason="x")

    assert found("viet nghi") == []

    Producer.objects.update(state="published")

    assert found("viet nghi") == ["Nước mắm Cà Ná"]


def test_a_product_is_found_by_its_new_producer(products):
    product = Product.objects.get(name="Nước mắm Cà Ná")
    product.producer = ProducerFactory(name="Công ty Biển Xanh", published=True)
    product.save()

    assert found("bien xanh") == ["Nước mắm Cà Ná"]


def test_nobody_writes_the_search_text_by_hand(products):
    Product.objects.filter(name="Nho đỏ sấy").update(search_text="rượu cần")

    assert found("ruou can") == []


def test_producers_are_found_by_name_and_place():
    commune = UnitFactory(code="22738", name="An Hải")
    ProducerFactory(name="HTX Tuấn Tú", declared_commune=commune)
    ProducerFactory(name="HTX Phước Vinh")

    assert found("tuan tu", Producer) == ["HTX Tuấn Tú"]
    assert found("an hai", Producer) == ["HTX Tuấn Tú"]


def test_rights_are_found_by_name_goods_and_owner():
    IpRightFactory(name="Ninh Thuận", goods="thịt cừu tươi", owner="Sở Khoa học")
    IpRightFactory(name="Gốm Bàu Trúc")

    assert found("thit cuu", IpRight) == ["Ninh Thuận"]
    assert found("so khoa hoc", IpRight) == ["Ninh Thuận"]
    assert found("gom", IpRight) == ["Gốm Bàu Trúc"]


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("Nước mắm Cà Ná (loại 1)", "nuoc-mam-ca-na-loai-1"),
        ("Trà – Măng tây", "tra-mang-tay"),
        ("日本", ""),
    ],
)
def test_the_address_of_a_page_is_spelled_alike_in_python_and_database(name, slug):
    product = ProductFactory(name=name)
    product.refresh_from_db()

    assert product.slug == slug
    assert product.get_absolute_url() == f"/san-pham/{product.code}-{slug}/"


def test_lists_go_by_the_vietnamese_alphabet():
    for name in ("Đậu", "Dừa", "Em", "Ấm", "An", "Ăn", "Nho"):
        ProductFactory(name=name)

    assert [product.name for product in Product.objects.all()] == [
        "An",
        "Ăn",
        "Ấm",
        "Dừa",
        "Đậu",
        "Em",
        "Nho",
    ]
