"""What search engines are told: what a page states, no guess and nothing that has run out."""

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
    """Type → node of what the page tells."""
    found = SCRIPT.findall(client.get(address).content.decode())
    (document,) = map(json.loads, found)
    assert document["@context"] == "https://schema.org"
    return {node["@type"]: node for node in document["@graph"]}


def told(client, record):
    return graph(client, record.get_absolute_url())


def test_the_map_page_tells_how_the_site_is_searched(client):
    site = graph(client, reverse("frontend:map"))["WebSite"]

    assert site["name"] == "Bản đồ OCOP Ninh Thuận"
    assert site["potentialAction"]["target"]["urlTemplate"] == "http://127.0.0.1:8000/?q={q}"


def test_a_product_is_told_with_its_maker_its_group_and_its_place(client):
    province = UnitFactory(code="58", kind="tỉnh", name="Khánh Hòa")
    commune = UnitFactory(kind="xã", name="Vĩnh Hải", parent=province, area=square(109, 11.5))
    producer = ProducerFactory(published=True, name="HTX Nho")
    product = ProductFactory(
        published=True,
        code="NT-1",
        name="Nho </script>",
        name_en="Grape",
        gtin="89312345",
        producer=producer,
        category=CategoryFactory(name="thực phẩm"),
        declared_commune=commune,
        point=at(109.05, 11.55),
    )

    nodes = told(client, product)

    page = f"http://127.0.0.1:8000{product.get_absolute_url()}"
    maker = f"http://127.0.0.1:8000{producer.get_absolute_url()}"
    assert nodes["Product"] == {
        "@type": "Product",
        "@id": f"{page}#product",
        "name": "Nho </script>",
        "alternateName": "Grape",
        "url": page,
        "sku": "NT-1",
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
            "addressLocality": "xã Vĩnh Hải",
            "addressRegion": "tỉnh Khánh Hòa",
            "addressCountry": "VN",
        },
        "geo": {"@type": "GeoCoordinates", "latitude": 11.55, "longitude": 109.05},
    }
    assert [step["name"] for step in nodes["BreadcrumbList"]["itemListElement"]] == [
        "Bản đồ OCOP Ninh Thuận",
        "Nho </script>",
    ]


def test_a_point_that_stands_for_a_commune_is_no_position(client):
    commune = UnitFactory(area=square(109, 11.5))
    product = ProductFactory(
        published=True,
        declared_commune=commune,
        point=at(109.05, 11.55),
        position=Position.COMMUNE,
    )

    assert "geo" not in told(client, product)["WebPage"]["contentLocation"]


@pytest.mark.parametrize(
    ("decided", "award"),
    [
        (day_span(datetime.date(2024, 12, 10)), "OCOP 4 sao"),
        (span_of(2020), None),
        (span_of(2023), None),
    ],
    ids=["holds", "has run out", "may have run out"],
)
def test_an_award_is_a_rating_that_holds_today(client, on_day, decided, award):
    on_day("2026-11-23")
    rating = RatingFactory(stars=4, decided=decided, product__published=True)

    assert told(client, rating.product)["Product"].get("award") == award


@pytest.mark.parametrize(
    ("basis", "told_as"),
    [
        (Basis.STATED, {"manufacturer"}),
        (Basis.BRAND, {"brand"}),
        (Basis.INFERRED, set()),
    ],
)
def test_who_makes_a_product_is_told_as_it_is_known(client, basis, told_as):
    product = ProductFactory(
        published=True,
        producer=ProducerFactory(published=True),
        producer_basis=basis,
        category=CategoryFactory(),
        category_basis=Basis.INFERRED,
    )

    node = told(client, product)["Product"]

    assert node.keys() & {"manufacturer", "brand", "category"} == told_as


def test_a_producer_that_is_not_public_is_told_nowhere(client):
    product = ProductFactory(published=True, producer=ProducerFactory(name="Bí mật"))

    assert told(client, product)["Product"].keys() & {"manufacturer", "brand"} == set()


def test_a_producer_is_an_organization(client):
    producer = ProducerFactory(published=True, name="HTX Nho", website="https://example.org/")

    assert told(client, producer)["Organization"] == {
        "@type": "Organization",
        "@id": f"http://127.0.0.1:8000{producer.get_absolute_url()}#producer",
        "name": "HTX Nho",
        "url": "https://example.org/",
    }


def test_a_right_that_was_given_is_a_certificate(client):
    right = IpRightFactory(
        published=True,
        name="Ninh Thuận (nho)",
        kind="geographical_indication",
        number="00030",
        granted=day_span(datetime.date(2012, 2, 7)),
        owner="UBND tỉnh",
    )
    right.area_parts.create(unit=UnitFactory(kind="xã", name="Phước Sơn"))
    product = ProductFactory(published=True)
    ProtectedProductFactory(right=right, product=product)

    page = f"http://127.0.0.1:8000{right.get_absolute_url()}"
    assert told(client, right)["Certification"] == {
        "@id": f"{page}#right",
        "@type": "Certification",
        "name": "Ninh Thuận (nho)",
        "url": page,
        "certificationIdentification": "00030",
        "validFrom": "2012-02-07",
        "validIn": [{"@type": "AdministrativeArea", "name": "xã Phước Sơn"}],
        "certificationStatus": "https://schema.org/CertificationActive",
    }
    assert told(client, product)["Product"]["hasCertification"] == [{"@id": f"{page}#right"}]


def test_a_mark_whose_term_may_be_over_is_not_told_to_be_active(client):
    right = IpRightFactory(published=True, granted=span_of(2008))

    node = told(client, right)["Certification"]

    assert node.keys() & {"certificationStatus", "validFrom"} == set()


def test_a_name_that_somebody_asked_for_is_no_certificate(client):
    right = IpRightFactory(published=True, stage="pending")

    nodes = told(client, right)

    assert "Certification" not in nodes
    assert nodes["DefinedTerm"]["name"] == right.name


def test_a_unit_is_told_with_the_ground_that_it_is_part_of(client):
    district = UnitFactory(code="586", kind="huyện", name="Ninh Hải", name_en="Ninh Hai District")
    commune = UnitFactory(code="22846", kind="xã", name="Vĩnh Hải", parent=district)

    nodes = told(client, commune)

    page = f"http://127.0.0.1:8000{commune.get_absolute_url()}"
    assert nodes["AdministrativeArea"] == {
        "@type": "AdministrativeArea",
        "@id": f"{page}#unit",
        "name": "xã Vĩnh Hải",
        "identifier": "22846",
        "url": page,
        "containedInPlace": {"@type": "AdministrativeArea", "name": "huyện Ninh Hải"},
    }
    assert told(client, district)["AdministrativeArea"]["alternateName"] == "Ninh Hai District"
    assert [step["item"] for step in nodes["BreadcrumbList"]["itemListElement"]] == [
        "http://127.0.0.1:8000/",
        "http://127.0.0.1:8000/don-vi/",
        page,
    ]


def test_the_register_lists_what_it_shows(client):
    for name in ("Nho", "Táo"):
        IpRightFactory(published=True, name=name)
    IpRightFactory(name="Bí mật")

    nodes = graph(client, reverse("frontend:protections") + "?q=nho")

    assert [item["name"] for item in nodes["ItemList"]["itemListElement"]] == ["Nho"]
