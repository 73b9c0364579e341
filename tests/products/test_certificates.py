"""Quality certificates of products and producers: file, API, pages, workspace."""

import datetime
import re

import pytest
from django.conf import settings

from geodata import importing
from geodata.collection import collections
from geodata.feature_tables import compare
from products.ocop.certificates import load_quality_certificates
from products.ocop.models import Product, ProductCertificate
from products.register.models import Producer, ProducerCertificate
from tests.factories import (
    ProducerCertificateFactory,
    ProducerFactory,
    ProductCertificateFactory,
    ProductFactory,
    UnitFactory,
    at,
    publisher_of,
    square,
)
from tests.products.test_conflicts import form_data, page
from tests.versions import next_transaction

pytestmark = pytest.mark.django_db

TODAY = datetime.date(2026, 11, 28)


@pytest.fixture
def producer():
    return ProducerFactory(code="MAU-CT-1", name="HTX An", published=True)


@pytest.fixture
def product(producer):
    return ProductFactory(code="MAU-SP-1", name="Nho đỏ", producer=producer, published=True)


def certificates(client, collection, key):
    address = f"/api/v1/collections/{collection}/items/{key}"
    return client.get(address).json()["properties"]["certificates"]


def test_features_state_the_kinds_that_hold_on_the_day(client, product, producer, on_day):
    ProductCertificateFactory(product=product, kind="iso", from_day="2026-03-01")
    ProductCertificateFactory(product=product, kind="haccp", until_day="2026-06-30")
    ProductCertificateFactory(product=product, kind="haccp", text="2")
    ProducerCertificateFactory(producer=producer, kind="organic", until_day="2026-06-30")

    for day, of_product, of_producer in (
        ("2026-02-28", "haccp", "organic"),
        ("2026-03-01", "haccp; iso", "organic"),
        ("2026-06-30", "haccp; iso", "organic"),
        ("2026-07-01", "haccp; iso", None),
    ):
        on_day(day)
        assert certificates(client, "products", "MAU-SP-1") == of_product
        assert certificates(client, "producers", "MAU-CT-1") == of_producer
        for name in ("products", "producers"):
            assert compare(collections()[name]).different == []


def test_products_are_filtered_by_a_kind(client, product):
    ProductFactory(code="MAU-SP-2", published=True)
    for kind in ("halal", "haccp"):
        ProductCertificateFactory(product=product, kind=kind)

    for query in ("certificates=haccp; halal", "filter=certificates LIKE '%25haccp%25'"):
        found = client.get(f"/api/v1/collections/products/items?{query}").json()["features"]
        assert [one["id"] for one in found] == ["MAU-SP-1"]


def test_a_removed_certificate_is_gone_from_the_features(client, product, producer):
    for holder in (
        ProductCertificateFactory(product=product),
        ProducerCertificateFactory(producer=producer),
    ):
        version = holder._meta.get_field(holder.part_of).related_model.objects.get().version
        assert version > 1
        holder.delete()

    assert certificates(client, "products", "MAU-SP-1") is None
    assert certificates(client, "producers", "MAU-CT-1") is None


# --- pages ---------------------------------------------------------------------------------


def words(client, address):
    response = client.get(address)
    assert response.status_code == 200
    return " ".join(re.sub("<[^>]*>", " ", response.content.decode()).split())


@pytest.mark.parametrize(
    ("days", "term"),
    [
        ({}, "Nguồn không nêu thời hạn"),
        ({"from_day": "2026-01-15"}, "Từ 15/1/2026, nguồn không nêu đến khi nào"),
        ({"until_day": "2026-11-28"}, "Đến hết 28/11/2026"),
        ({"from_day": "2026-01-15", "until_day": "2029-01-14"}, "Từ 15/1/2026 đến hết 14/1/2029"),
        ({"until_day": "2026-11-27"}, "Đã hết hạn ngày 27/11/2026"),
    ],
)
def test_a_page_states_what_is_known_of_the_term(client, product, on_day, days, term):
    on_day("2026-11-28")
    ProductCertificateFactory(
        product=product, text="HACCP cho mật nho", source__url="https://example.org/c", **days
    )

    shown = words(client, product.get_absolute_url())

    assert f"Chứng nhận chất lượng HACCP HACCP cho mật nho {term} Nguồn: " in shown


def test_pages_list_the_certificates_of_producer_and_product_apart(
    client, product, producer, clear_caches
):
    for shown in (words(client, one.get_absolute_url()) for one in (product, producer)):
        assert "Chứng nhận chất lượng" not in shown
    ProducerCertificateFactory(producer=producer, kind="organic", text="USDA")
    clear_caches()

    shown = words(client, product.get_absolute_url())
    assert "Chứng nhận chất lượng Của chủ thể Hữu cơ USDA" in shown
    assert "Chứng nhận chất lượng Hữu cơ USDA" in words(client, producer.get_absolute_url())
    Producer.objects.filter(pk=producer.pk).update(state="withdrawn", state_reason="Đóng cửa")
    clear_caches()
    assert "USDA" not in words(client, product.get_absolute_url())


def test_the_map_offers_the_kinds_that_public_products_have(client, product, clear_caches):
    ProductCertificateFactory(kind="halal")
    ProductCertificateFactory(product=product, kind="iso", until_day="2020-01-01")
    assert "Chứng nhận chất lượng" not in client.get("/").content.decode()
    ProductCertificateFactory(product=product, kind="haccp")
    clear_caches()

    shown = client.get("/").content.decode()

    assert re.findall(r'name="chung-nhan" value="(\w+)"', shown) == ["haccp"]


# --- officials -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("factory", "part"),
    [(ProductFactory, ProductCertificate), (ProducerFactory, ProducerCertificate)],
)
def test_officials_add_certificates_in_the_form_of_the_record(client, factory, part):
    province = UnitFactory(code=settings.PLACE.province_code, area=square(108.9, 11.5, 0.2))
    client.force_login(publisher_of(province))
    record = factory(point=at(108.95, 11.55), position="map")
    new = {
        "certificates-TOTAL_FORMS": "1",
        "certificates-0-kind": "iso",
        "certificates-0-text": "ISO 22000:2018",
        "certificates-0-until_day": "2029-01-14",
        "certificates-0-source": record.source_id,
    }
    next_transaction()

    response = client.post(page(record), form_data(client, record) | new)

    assert response.status_code == 302, response.context["errors"]
    one = part.objects.get()
    assert (str(one), one.until_day) == ("ISO: ISO 22000:2018", datetime.date(2029, 1, 14))
    next_transaction()
    data = form_data(client, record) | {"certificates-0-from_day": "2030-01-01"}
    refused = client.post(page(record), data)
    assert "Ngày cuối không được trước ngày đầu." in refused.content.decode()


# --- the file ------------------------------------------------------------------------------

HEADINGS = "holder,holder_code,kind,text,from_day,until_day,source_url,source_date,quote_hint"
ROWS = [
    "product,MAU-SP-1,haccp,,,,https://example.org/1,2026-06,",
    "product,MAU-SP-1,iso,ISO 22000,2026-01-15,2029-01-14,https://example.org/1,2026-06,",
    "producer,MAU-CT-1,organic,USDA,,,https://example.org/2,,",
]


@pytest.fixture
def load(tmp_path):
    def run(*lines):
        file = tmp_path / "certificates.csv"
        file.write_text("\n".join([HEADINGS, *lines]), encoding="utf-8")
        next_transaction()
        return importing.run("quality_certificates", file, load_quality_certificates)

    return run


def test_the_file_adds_certificates_to_their_holders(load, product, producer):
    assert load(*ROWS).problems == []

    assert sorted(map(str, product.certificates.all())) == ["HACCP", "ISO: ISO 22000"]
    assert producer.certificates.get().source.url == "https://example.org/2"
    again = load(*ROWS)
    assert (again.problems, again.updated, again.unchanged) == ([], 0, 2)
    load(ROWS[0].replace("HACCP", "haccp"), ROWS[1].replace("2029-01-14", "2030-01-14"))
    assert {str(one.until_day) for one in product.certificates.all()} == {"None", "2030-01-14"}


@pytest.mark.parametrize(
    ("row", "column"),
    [
        ("shop,MAU-SP-1,haccp,,,,https://example.org/1,,", "holder"),
        ("product,MAU-X,haccp,,,,https://example.org/1,,", "holder_code"),
        ("product,MAU-SP-1,best,,,,https://example.org/1,,", "kind"),
        ("product,MAU-SP-1,iso,,2026-01,,https://example.org/1,,", "from_day"),
        ("product,MAU-SP-1,iso,,,,,,", "source_url"),
        ("product,MAU-SP-1,other,,,,https://example.org/1,,", None),
        ("product,MAU-SP-1,iso,,2026-02-01,2026-01-01,https://example.org/1,,", None),
    ],
)
def test_a_wrong_row_is_a_problem_and_nothing_is_written(load, product, row, column):
    report = load("product,MAU-SP-1,halal,,,,https://example.org/1,,", row)

    assert [one.line for one in report.problems] == [3]
    assert column is None or report.problems[0].column == column
    assert not ProductCertificate.objects.exists()
    assert Product.objects.get().version == product.version
