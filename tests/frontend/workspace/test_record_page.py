"""The page of a product: entered in one go, errors on top, completeness, preview."""

import io

import pytest
from django.conf import settings
from django.urls import reverse
from PIL import Image

from products.ocop.models import Photo, Product
from products.register.models import Basis, Position, Producer
from products.register.states import State
from tests.factories import (
    UNTIL_THE_CHANGE,
    CategoryFactory,
    ProducerFactory,
    ProductFactory,
    UnitFactory,
    at,
    editor_of,
    square,
)

pytestmark = pytest.mark.django_db

ADD = "/admin/ocop/product/add/"
NO_PARTS = {
    f"{part}-{count}_FORMS": "0"
    for part in ("ratings", "photos", "ingredients", "certificates")
    for count in ("TOTAL", "INITIAL")
}


@pytest.fixture
def commune():
    return UnitFactory(
        code="82888", name="An Hậu", validity=UNTIL_THE_CHANGE, area=square(108.9, 11.5)
    )


@pytest.fixture
def editor(client, commune):
    user = editor_of(commune)
    client.force_login(user)
    return user


def entered(**values):
    return {"name": "Nho xanh", "point": "11.55, 108.95", "position": "gps", **NO_PARTS} | values


def image():
    file = io.BytesIO()
    Image.new("RGB", (900, 600), "green").save(file, "JPEG")
    file.seek(0)
    file.name = "nho.jpg"
    return file


def errors_of(response):
    return [(label, text) for _id, label, text in response.context["error_links"]]


def test_product_producer_rating_and_point_are_entered_on_one_page(client, editor, commune):
    category = CategoryFactory()
    rating = {
        "ratings-TOTAL_FORMS": "1",
        "ratings-0-stars": "3",
        "ratings-0-decided": "10/12/2024",
    }

    response = client.post(
        ADD,
        entered(
            category=category.pk,
            sector="crops",
            new_producer="HTX Nho An Hậu",
            new_producer_kind="cooperative",
            **rating,
        ),
    )

    assert response.status_code == 302, errors_of(response)
    product = Product.objects.get()
    producer = Producer.objects.get()
    assert (product.producer, product.old_commune, producer.old_commune) == (
        producer,
        commune,
        commune,
    )
    assert {product.producer_basis, product.category_basis, product.sector_basis} == {Basis.STATED}
    assert (producer.kind, producer.state) == ("cooperative", State.DRAFT)
    sources = {product.source, producer.source, product.ratings.get().source}
    assert [source.title for source in sources] == [f"Hồ sơ của {settings.PLACE.department}"]


def test_a_refused_product_leaves_no_new_producer(client, editor):
    response = client.post(ADD, entered(name=" ", new_producer="HTX Nho"))

    assert response.status_code == 200
    assert not Producer.objects.exists()


def test_a_producer_is_chosen_or_entered_not_both(client, editor):
    producer = ProducerFactory()

    response = client.post(ADD, entered(producer=producer.pk, new_producer="HTX Nho"))

    assert errors_of(response) == [
        ("hoặc chủ thể mới", "Hãy chọn chủ thể có sẵn hoặc nhập mới, không cả hai.")
    ]


def test_errors_are_listed_on_top_with_links(client, editor):
    response = client.post(ADD, entered(name="", position="", gtin="123"))

    links = [id for id, _label, _text in response.context["error_links"]]
    page = response.content.decode()
    assert "id_name" in links
    for id in filter(None, links):
        assert f'href="#{id}"' in page
        assert f'id="{id}"' in page


def test_several_photos_are_added_at_once(client, editor, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    texts = {"photos_alt": "Giàn nho", "photos_credit": "Sở", "photos_licence": "CC BY 4.0"}

    refused = client.post(ADD, entered(new_photos=[image(), image()]))
    assert [label for label, _text in errors_of(refused)]
    assert list(tmp_path.iterdir()) == []
    client.post(ADD, entered(new_photos=[image(), image()], **texts))

    assert [photo.alt for photo in Photo.objects.all()] == ["Giàn nho"] * 2
    assert len(list(tmp_path.iterdir())) == 4
    page = client.get(reverse("admin:ocop_product_change", args=[Product.objects.get().pk]))
    assert page.content.decode().count('class="thumbnail"') == 2


def test_completeness_and_warnings_are_on_the_page(client, editor, settings):
    settings.REQUIRED_TO_PUBLISH = {"ocop.product": ["category"]}
    product = ProductFactory(name="Nho xanh", point=at(108.95, 11.55), gtin="8934588012342")
    ProductFactory(name="NHO XANH", point=at(108.9501, 11.55))

    page = client.get(reverse("admin:ocop_product_change", args=[product.pk])).context

    assert page["missing"] == [
        *("chủ thể", "nhóm sản phẩm", "lĩnh vực", "mô tả", "xếp hạng", "ảnh")
    ]
    assert page["required"] == ["nhóm sản phẩm"]
    assert len(page["warnings"]) == 2


def test_a_draft_is_previewed_by_its_editors_only(client, editor):
    product = ProductFactory(name="Nho xanh", point=at(108.95, 11.55), position=Position.GPS)
    url = reverse("admin:ocop_product_preview", args=[product.pk])

    page = client.get(url).content.decode()
    assert "Nho xanh" in page
    assert 'content="noindex"' in page
    client.force_login(editor_of(UnitFactory()))
    assert client.get(url).status_code == 302
    client.logout()
    assert client.get(url).status_code == 302
    assert client.get(product.get_absolute_url()).status_code == 404
