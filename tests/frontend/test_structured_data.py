"""Structured data of pages: only stated values, nothing inferred or expired."""

import datetime
import json
import re

import pytest
from django.urls import reverse

from geodata.spans import day_span, span_of
from products.register.models import Basis, Position
from tests.factories import (
    CategoryFactory,
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

SCRIPT = re.compile(r'<script type="application/ld\+json">(.*?)</script>', re.S)


def graph(client, address):
    """Type → node of the JSON-LD graph of the page."""
    found = SCRIPT.findall(client.get(address).content.decode())
    (document,) = map(json.loads, found)
    assert document["@context"] == "https://schema.org"
    return {node["@type"]: node for node in document["@graph"]}


def nodes_of(client, record):
    return graph(client, record.get_absolute_url())


def test_the_map_page_describes_the_search_of_the_site(client):
    site = graph(client, reverse("frontend:map"))["WebSite"]

    assert site["name"] == "Bản đồ OCOP tỉnh Mẫu"
    assert site["potentialAction"]["target"]["urlTemplate"] == "http://127.0.0.1:8000/?q={q}"


def test_a_product_has_its_producer_group_and_place(client):
    province = UnitFactory(code="99", kind="tỉnh", name="Khánh Hậu")
    commune = UnitFactory(kind="xã", name="Vĩnh Hậu", parent=province, area=square(109, 11.5))
    producer = ProducerFactory(published=True, name="HTX Nho")
    product = ProductFactory(
        published=True,
        code="MAU-1",
        name="Nho </script>",
        name_en="Grape",
        gtin="89312345",
        producer=producer,
        category=CategoryFactory(name="thực phẩm"),
        declared_commune=commune,
        point=at(109.05, 11.55),
    )

    nodes = nodes_of(client, product)

    page = f"http://127.0.0.1:8000{product.get_absolute_url()}"
    maker = f"http://127.0.0.1:8000{producer.get_absolute_url()}"
    assert nodes["Product"] == {
        "@type": "Product",
        "@id": f"{page}#product",
        "name": "Nho </script>",
        "alternateName": "Grape",
        "url": page,
        "sku": "MAU-1",
        "gtin": "89312345",
        "category": "thực phẩm",
        "manufacturer": {
            "@id": f"{maker}#producer",
            "@type": "Organization",
            "name": "HTX Nho",
            "url": maker,
        },
    }
    assert nodes["WebPage"]["contentLocation"] == {
        "@type": "Place",
        "address": {
            "@type": "PostalAddress",
            "addressLocality": "xã Vĩnh Hậu",
            "addressRegion": "tỉnh Khánh Hậu",
            "addressCountry": "VN",
        },
        "geo": {"@type": "GeoCoordinates", "latitude": 11.55, "longitude": 109.05},
    }
    assert [step["name"] for step in nodes["BreadcrumbList"]["itemListElement"]] == [
        "Bản đồ OCOP tỉnh Mẫu",
        "Nho </script>",
    ]


def test_the_centre_of_a_commune_is_not_published_as_coordinates(client):
    commune = UnitFactory(area=square(109, 11.5))
    product = ProductFactory(
        published=True,
        declared_commune=commune,
        point=at(109.05, 11.55),
        position=Position.COMMUNE,
    )

    assert "geo" not in nodes_of(client, product)["WebPage"]["contentLocation"]


@pytest.mark.parametrize(
    ("decided", "award"),
    [
        (day_span(datetime.date(2024, 12, 10)), "OCOP 4 sao"),
        (span_of(2020), None),
        (span_of(2023), None),
    ],
    ids=["holds", "has run out", "may have run out"],
)
def test_only_a_currently_valid_rating_is_an_award(client, on_day, decided, award):
    on_day("2026-11-23")
    rating = RatingFactory(stars=4, decided=decided, product__published=True)

    assert nodes_of(client, rating.product)["Product"].get("award") == award


@pytest.mark.parametrize(
    ("basis", "properties"),
    [
        (Basis.STATED, {"manufacturer"}),
        (Basis.BRAND, {"brand"}),
        (Basis.INFERRED, set()),
    ],
)
def test_the_producer_is_stated_according_to_its_basis(client, basis, properties):
    product = ProductFactory(
        published=True,
        producer=ProducerFactory(published=True),
        producer_basis=basis,
        category=CategoryFactory(),
        category_basis=Basis.INFERRED,
    )

    node = nodes_of(client, product)["Product"]

    assert node.keys() & {"manufacturer", "brand", "category"} == properties


def test_an_unpublished_producer_is_not_stated(client):
    product = ProductFactory(published=True, producer=ProducerFactory(name="Bí mật"))

    assert nodes_of(client, product)["Product"].keys() & {"manufacturer", "brand"} == set()


def test_a_producer_is_an_organization(client):
    producer = ProducerFactory(published=True, name="HTX Nho", website="https://example.org/")

    assert nodes_of(client, producer)["Organization"] == {
        "@type": "Organization",
        "@id": f"http://127.0.0.1:8000{producer.get_absolute_url()}#producer",
        "name": "HTX Nho",
        "url": "https://example.org/",
    }


def test_a_registered_right_is_a_certification(client):
    right = IpRightFactory(
        published=True,
        name="Minh Thuần (nho)",
        kind="geographical_indication",
        number="00030",
        granted=day_span(datetime.date(2012, 2, 7)),
        owner="UBND tỉnh",
    )
    right.area_parts.create(unit=UnitFactory(kind="xã", name="Phước Sang"))
    product = ProductFactory(published=True)
    ProtectedProductFactory(right=right, product=product)

    page = f"http://127.0.0.1:8000{right.get_absolute_url()}"
    assert nodes_of(client, right)["Certification"] == {
        "@id": f"{page}#right",
        "@type": "Certification",
        "name": "Minh Thuần (nho)",
        "url": page,
        "certificationIdentification": "00030",
        "validFrom": "2012-02-07",
        "validIn": [{"@type": "AdministrativeArea", "name": "xã Phước Sang"}],
        "certificationStatus": "https://schema.org/CertificationActive",
    }
    assert nodes_of(client, product)["Product"]["hasCertification"] == [{"@id": f"{page}#right"}]


def test_a_trade_mark_whose_term_may_have_ended_is_not_active(client):
    right = IpRightFactory(published=True, granted=span_of(2008))

    node = nodes_of(client, right)["Certification"]

    assert node.keys() & {"certificationStatus", "validFrom"} == set()


def test_a_pending_application_is_not_a_certification(client):
    right = IpRightFactory(published=True, stage="pending")

    nodes = nodes_of(client, right)

    assert "Certification" not in nodes
    assert nodes["DefinedTerm"]["name"] == right.name


def test_a_unit_names_the_unit_that_contains_it(client):
    district = UnitFactory(code="996", kind="huyện", name="Minh Hải", name_en="Minh Hai District")
    commune = UnitFactory(code="82846", kind="xã", name="Vĩnh Hậu", parent=district)

    nodes = nodes_of(client, commune)

    page = f"http://127.0.0.1:8000{commune.get_absolute_url()}"
    assert nodes["AdministrativeArea"] == {
        "@type": "AdministrativeArea",
        "@id": f"{page}#unit",
        "name": "xã Vĩnh Hậu",
        "identifier": "82846",
        "url": page,
        "containedInPlace": {"@type": "AdministrativeArea", "name": "huyện Minh Hải"},
    }
    assert nodes_of(client, district)["AdministrativeArea"]["alternateName"] == "Minh Hai District"
    assert [step["item"] for step in nodes["BreadcrumbList"]["itemListElement"]] == [
        "http://127.0.0.1:8000/",
        "http://127.0.0.1:8000/don-vi/",
        page,
    ]


def test_the_register_metadata_lists_the_shown_rights(client):
    for name in ("Nho", "Táo"):
        IpRightFactory(published=True, name=name)
    IpRightFactory(name="Bí mật")

    nodes = graph(client, reverse("frontend:protections") + "?q=nho")

    assert [item["name"] for item in nodes["ItemList"]["itemListElement"]] == ["Nho"]
