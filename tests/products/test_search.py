"""Search matches Vietnamese without diacritics, with both tone placements and small typos."""

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
    ProtectedProductFactory,
    SuccessionFactory,
    UnitFactory,
)
from tests.rows import prepared

pytestmark = pytest.mark.django_db


def found(text, model=Product):
    return sorted(model.objects.search(text).values_list("name", flat=True))


@prepared
def products():
    """Products that the searches match, and others that they must not match."""
    commune = UnitFactory(code="82738", name="Phước Thuỷ", validity=UNTIL_THE_CHANGE)
    today = UnitFactory(
        code="82900", name="Minh Phước", name_en="Minh Phuoc Commune", validity=SINCE_THE_CHANGE
    )
    SuccessionFactory(predecessor=commune, successor=today)
    producer = ProducerFactory(name="Cơ sở Viết Nghi", published=True)
    ProductFactory(name="Nước mắm Cà Nú", name_en="Fish sauce", producer=producer)
    ProductFactory(name="Nho đỏ sấy", declared_commune=commune)
    ProductFactory(name="Măng tây 100%_A")
    ProductFactory(name="Đông trùng hạ thảo")


@pytest.mark.parametrize(
    ("text", "names"),
    [
        # Diacritics, case, order of words, parts of words.
        ("nước mắm", ["Nước mắm Cà Nú"]),
        ("nuoc mam", ["Nước mắm Cà Nú"]),
        ("NƯỚC MẮM", ["Nước mắm Cà Nú"]),
        ("ca nu nuoc", ["Nước mắm Cà Nú"]),
        ("  mắm \t nước ", ["Nước mắm Cà Nú"]),
        ("dong trung", ["Đông trùng hạ thảo"]),
        ("ĐÔNG", ["Đông trùng hạ thảo"]),
        # Decomposed diacritics, as some keyboards enter them.
        ("nu\u031bo\u031b\u0301c ma\u0306\u0301m", ["Nước mắm Cà Nú"]),
        # Small typos.
        ("nuoc mma", ["Nước mắm Cà Nú"]),
        ("dong trungg", ["Đông trùng hạ thảo"]),
        # The English name, the producer, the old and new units.
        ("fish sauce", ["Nước mắm Cà Nú"]),
        ("viết nghi", ["Nước mắm Cà Nú"]),
        ("Phước Thủy", ["Nho đỏ sấy"]),
        ("Phước Thuỷ", ["Nho đỏ sấy"]),
        ("phuoc thuy", ["Nho đỏ sấy"]),
        ("minh phuoc", ["Nho đỏ sấy"]),
        ("xã Minh Phước", ["Nho đỏ sấy"]),
        ("minh phuoc commune", ["Nho đỏ sấy"]),
        # Words of several fields together.
        ("nho minh phước", ["Nho đỏ sấy"]),
        # Punctuation is neither wildcard nor SQL.
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
def test_search_ignores_diacritics_case_and_word_order_and_tolerates_typos(products, text, names):
    assert found(text) == names


@pytest.mark.parametrize("text", ["", "   ", "\t\n"])
def test_an_empty_search_does_not_filter(products, text):
    assert len(found(text)) == 4


def test_a_product_is_found_by_the_new_name_of_its_producer(products):
    producer = Producer.objects.get()
    producer.name = "Công ty Biển Xanh"
    producer.save()

    assert found("bien xanh") == ["Nước mắm Cà Nú"]
    assert found("viet nghi") == []


def test_a_producer_renamed_by_an_update_query_is_found_by_its_new_name(products):
    Producer.objects.update(name="Công ty Biển Xanh")

    assert found("bien xanh") == ["Nước mắm Cà Nú"]


@pytest.mark.parametrize("state", ["draft", "review", "withdrawn"])
def test_products_are_not_found_by_the_name_of_an_unpublished_producer(products, state):
    Producer.objects.update(state=state, state_reason="x")

    assert found("viet nghi") == []

    Producer.objects.update(state="published")

    assert found("viet nghi") == ["Nước mắm Cà Nú"]


def test_a_product_is_found_by_its_new_producer(products):
    product = Product.objects.get(name="Nước mắm Cà Nú")
    product.producer = ProducerFactory(name="Công ty Biển Xanh", published=True)
    product.save()

    assert found("bien xanh") == ["Nước mắm Cà Nú"]


@prepared
def relevant():
    """Products that contain "nho" in different ways; each name states why it is where it is."""
    commune = UnitFactory(code="82738", name="Nho Hải")
    right = IpRightFactory(name="Nho Minh Thuần", published=True)
    producer = ProducerFactory(name="HTX Nho Xanh", published=True)
    for name, values in {
        "Nho": {},
        "Mật nho": {},
        "Vang nho": {},
        "Rượu A": {"name_en": "Nho wine"},
        "Rượu B": {"rights": [right]},
        "Rượu C": {"producer": producer},
        "Rượu D": {"declared_commune": commune},
        "Hành Nhơn": {},
        "Vải Chunho": {},
    }.items():
        rights = values.pop("rights", [])
        product = ProductFactory(name=name, published=True, **values)
        for one in rights:
            ProtectedProductFactory(product=product, right=one)


def in_order(text):
    return list(Product.objects.search(text).by_relevance(text).values_list("name", flat=True))


def test_results_are_in_order_of_how_and_where_they_match(relevant):
    assert in_order("nho") == [
        "Nho",
        "Mật nho",
        "Vang nho",
        "Rượu A",
        "Rượu B",
        "Rượu C",
        "Rượu D",
        "Hành Nhơn",
        "Vải Chunho",
    ]


def test_the_worst_of_several_words_counts(relevant):
    # Both contain "xanh" as a word; "nho" is in the name of the first and in a place of the second.
    commune = UnitFactory(code="82739", name="Nho Sơn")
    ProductFactory(name="Đậu xanh", declared_commune=commune)
    ProductFactory(name="Xanh nho")

    assert in_order("nho xanh")[:2] == ["Xanh nho", "Rượu C"]
    assert in_order("nho xanh")[-1] == "Đậu xanh"


def test_the_same_diacritics_are_first(relevant):
    ProductFactory(name="Bột tảo")
    ProductFactory(name="Mứt táo")

    assert in_order("táo") == ["Mứt táo", "Bột tảo"]
    assert in_order("tảo") == ["Bột tảo", "Mứt táo"]
    assert in_order("tao") == ["Bột tảo", "Mứt táo"]


def test_similar_records_are_in_order_of_the_text_that_is_similar(relevant):
    producer = ProducerFactory(name="Cơ sở Măng tây", published=True)
    ProductFactory(name="An", producer=producer)
    ProductFactory(name="Măng tây tươi")

    assert in_order("mang tayy") == ["Măng tây tươi", "An"]


def test_a_product_is_found_by_its_rights_only_while_they_are_public_and_registered(relevant):
    def by_right():
        return [name for name in found("minh thuan") if name == "Rượu B"]

    right = IpRight.objects.get()
    assert by_right()
    IpRight.objects.update(stage=IpRight.Stage.PENDING)
    assert not by_right()
    IpRight.objects.update(stage=IpRight.Stage.REGISTERED, state="withdrawn", state_reason="x")
    assert not by_right()
    IpRight.objects.update(state="published", name="Đá Hoa")
    assert not by_right()
    assert found("da hoa") == ["Rượu B"]
    right.protected_products.all().delete()
    assert found("da hoa") == []


def test_the_search_text_cannot_be_written_directly(products):
    Product.objects.filter(name="Nho đỏ sấy").update(search_text="rượu cần")

    assert found("ruou can") == []


def test_producers_are_found_by_name_and_place():
    commune = UnitFactory(code="82738", name="An Hậu")
    ProducerFactory(name="HTX Tuấn Tú", declared_commune=commune)
    ProducerFactory(name="HTX Phước Vang")

    assert found("tuan tu", Producer) == ["HTX Tuấn Tú"]
    assert found("an hau", Producer) == ["HTX Tuấn Tú"]


def test_rights_are_found_by_name_goods_and_owner():
    IpRightFactory(name="Minh Thuần", goods="thịt cừu tươi", owner="Sở Khoa học")
    IpRightFactory(name="Gốm Bàu Trúc")

    assert found("thit cuu", IpRight) == ["Minh Thuần"]
    assert found("so khoa hoc", IpRight) == ["Minh Thuần"]
    assert found("gom", IpRight) == ["Gốm Bàu Trúc"]


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("Nước mắm Cà Nú (loại 1)", "nuoc-mam-ca-nu-loai-1"),
        ("Trà – Măng tây", "tra-mang-tay"),
        ("日本", ""),
    ],
)
def test_python_and_the_database_compute_the_same_slug(name, slug):
    product = ProductFactory(name=name)
    product.refresh_from_db()

    assert product.slug == slug
    assert product.get_absolute_url() == f"/san-pham/{product.code}-{slug}/"


def test_lists_are_sorted_by_the_vietnamese_alphabet():
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
