"""Rights that cover a product, and rights whose goods are of its type: two relations."""

import pytest

from products.ocop.models import Product
from products.rights.models import IpRight
from tests.factories import (
    GoodsTypeFactory,
    IpRightFactory,
    ProductFactory,
    ProductTypeFactory,
    ProtectedProductFactory,
    at,
    square,
)
from tests.rows import prepared

pytestmark = pytest.mark.django_db

ITEMS = "/api/v1/collections/products/items"


@prepared
def records():
    """A vineyard and an apple orchard, in the area of a right on shrimp fry."""
    grape, shrimp = (ProductTypeFactory(code=code) for code in ("grape", "shrimp"))
    place = {"published": True, "point": at(109, 11.55)}
    vineyard = ProductFactory(code="MAU-1", name="Nho", type=grape, **place)
    ProductFactory(code="MAU-2", name="Táo", type=ProductTypeFactory(code="apple"), **place)
    ProductFactory(code="MAU-3", name="Chưa rõ loại", **place)
    fry = IpRightFactory(code="S-1", name="Tôm giống", published=True, area=square(109, 11.5))
    GoodsTypeFactory(right=fry, type=shrimp)
    for code, fields in {
        "G-2": {"kind": "geographical_indication"},
        "G-1": {"kind": "collective_mark"},
        "G-3": {"stage": IpRight.Stage.PENDING},
        "G-4": {"published": False},
    }.items():
        right = IpRightFactory(code=code, name=f"Nho {code}", **{"published": True, **fields})
        GoodsTypeFactory(right=right, type=grape)
    ProtectedProductFactory(product=vineyard, right=IpRight.objects.get(code="G-1"))


def properties(client):
    features = client.get(ITEMS).json()["features"]
    return {one["id"]: one["properties"] for one in features}


def test_protections_follow_from_a_source_and_never_from_type_or_place(client, records):
    found = {id: one["protections"] for id, one in properties(client).items()}
    assert found == {"MAU-1": "Nho G-1", "MAU-2": None, "MAU-3": None}

    Product.objects.get(code="MAU-1").protected_by.all().delete()

    assert {one["protections"] for one in properties(client).values()} == {None}
    assert not Product.objects.protected().exists()


def test_public_registered_rights_on_the_same_goods_have_a_property_and_a_filter(client, records):
    found = {id: one["goods_rights"] for id, one in properties(client).items()}
    assert found == {"MAU-1": "G-1; G-2", "MAU-2": None, "MAU-3": None}

    for value, expected in {"true": ["MAU-1"], "false": ["MAU-2", "MAU-3"]}.items():
        answer = client.get(ITEMS, {"has_goods_right": value}).json()
        assert [one["id"] for one in answer["features"]] == expected


def test_products_follow_the_goods_of_a_right(client, records):
    right = IpRight.objects.get(code="G-2")
    right.goods_parts.update(type=Product.objects.get(code="MAU-2").type)
    found = {id: one["goods_rights"] for id, one in properties(client).items()}
    assert found == {"MAU-1": "G-1", "MAU-2": "G-2", "MAU-3": None}

    IpRight.objects.filter(area=None).update(stage=IpRight.Stage.EXPIRED)

    assert {one["goods_rights"] for one in properties(client).values()} == {None}


def test_the_querysets_separate_both_relations(records):
    def codes(products):
        return sorted(products.values_list("code", flat=True))

    products = Product.objects.all()
    assert codes(products.protected()) == codes(products.of_protected_goods()) == ["MAU-1"]
    assert codes(products.under_kind_of_right("geographical_indication")) == ["MAU-1"]
    # The kind of the right on shrimp fry, in whose area all products are.
    assert codes(products.under_kind_of_right("certification_mark")) == []


def test_a_page_shows_rights_on_the_same_goods_apart(client, records):
    page = client.get(Product.objects.get(code="MAU-1").get_absolute_url()).content.decode()

    stated, _heading, related = page.partition("Quyền liên quan đến loại hàng này</h2>")
    related = related.partition("</section>")[0]
    assert ("Nho G-1" in stated, "Nho G-2" in stated) == (True, False)
    assert ("Nho G-1" in related, "Nho G-2" in related) == (False, True)
    assert "Chưa rõ sản phẩm này có được dùng hay không." in related
    for other in ("Tôm giống", "Nho G-3", "Nho G-4"):
        assert other not in page
    orchard = client.get(Product.objects.get(code="MAU-2").get_absolute_url()).content.decode()
    assert "Quyền liên quan" not in orchard
