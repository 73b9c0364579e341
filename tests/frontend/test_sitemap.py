"""Sitemap and robots.txt: every public page and no other, at the public URL."""

import datetime
import re

import pytest
from django.conf import settings
from django.test import override_settings
from django.urls import reverse

from geodata.models import Change
from products.register.states import State
from tests.factories import (
    CraftVillageFactory,
    IpRightFactory,
    ProducerFactory,
    ProductFactory,
    SalesPointFactory,
    UnitFactory,
)

pytestmark = pytest.mark.django_db

FIXED = [
    *("/", "/don-vi/", "/bao-ho/", "/diem-ban/", "/lang-nghe/", "/mua-vu/", "/thong-ke/"),
    *("/chu-the/", "/cong-nhan-ocop/", "/gioi-thieu/", "/rieng-tu/", "/tiep-can/"),
    "/chuyen-di/",
    *("/du-lieu-mo/", "/cua-toi/"),
]


@pytest.fixture
def sitemap(client):
    """`sitemap()` returns URL → (day of the last change, {language: URL})."""

    def read():
        response = client.get("/sitemap.xml")
        assert response.status_code == 200
        assert response["Content-Type"] == "application/xml"
        found = {}
        for entry in re.findall("<url>(.*?)</url>", response.content.decode(), re.DOTALL):
            (address,) = re.findall("<loc>(.*?)</loc>", entry)
            assert address not in found
            days = re.findall("<lastmod>(.*?)</lastmod>", entry)
            found[address] = days, dict(re.findall('hreflang="(.*?)" href="(.*?)"', entry))
        return found

    return read


@override_settings(SITE_URL="https://ocop.example.org")
def test_the_sitemap_lists_exactly_the_public_pages(sitemap):
    UnitFactory(code="99")
    units = [UnitFactory(code="996"), UnitFactory()]
    public = []
    for factory in (
        *(ProductFactory, ProducerFactory, IpRightFactory),
        *(SalesPointFactory, CraftVillageFactory),
    ):
        public.append(factory(published=True))
        for state in (State.DRAFT, State.REVIEW, State.WITHDRAWN):
            factory(state=state)

    pages = [*FIXED, *(record.get_absolute_url() for record in [*units, *public])]
    assert sorted(sitemap()) == sorted(
        f"https://ocop.example.org{prefix}{page}" for prefix in ("", "/en") for page in pages
    )


def test_the_sitemap_states_the_last_change_of_a_page(sitemap):
    product, unit = ProductFactory(published=True), UnitFactory()
    # A rating was changed; the row of the product itself was not.
    rated = ProductFactory(published=True)
    for collection, id in (("communes", unit.public_id), ("products", rated.code)):
        Change.objects.create(
            revision=1,
            collection=collection,
            feature_id=id,
            op="update",
            # In Viet Nam it is already the next day.
            at=datetime.datetime(2030, 5, 4, 18, tzinfo=datetime.UTC),
        )

    listed = sitemap()

    day = f"{product.updated_at:%Y-%m-%d}"
    assert listed[settings.SITE_URL + product.get_absolute_url()][0] == [day]
    for changed in (unit, rated):
        assert listed[settings.SITE_URL + changed.get_absolute_url()][0] == ["2030-05-05"]


@override_settings(SITE_URL="https://ocop.example.org")
def test_the_sitemap_lists_translations_with_vietnamese_as_the_default(sitemap):
    product = ProductFactory(published=True, name="Táo xanh")

    listed = sitemap()

    for page in [*FIXED, f"/san-pham/{product.code}-tao-xanh/"]:
        vietnamese = f"https://ocop.example.org{page}"
        english = f"https://ocop.example.org/en{page}"
        languages = {"vi": vietnamese, "en": english, "x-default": vietnamese}
        assert [listed[vietnamese][1], listed[english][1]] == [languages, languages]
    assert len(listed) == 2 * (len(FIXED) + 1)


@pytest.mark.parametrize("products", [1, 3])
def test_the_sitemap_has_as_many_queries_for_three_products_as_for_one(
    client, products, django_assert_num_queries
):
    for _ in range(products):
        ProductFactory(published=True)
        UnitFactory()

    with django_assert_num_queries(10):
        client.get("/sitemap.xml")


@pytest.mark.usefixtures("shipped")
def test_listed_pages_of_every_kind_exist(client, sitemap):
    listed = [address.removeprefix(settings.SITE_URL) for address in sitemap()]

    first = {page.split("/")[1]: page for page in reversed(listed)}
    assert {"", "don-vi", "san-pham", "chu-the", "bao-ho", "diem-ban", "lang-nghe"} < first.keys()
    assert {client.get(page).status_code for page in first.values()} == {200}


def test_robots_txt_names_the_sitemap_and_excludes_the_workspace(client):
    with override_settings(SITE_URL="https://ocop.example.org"):
        response = client.get("/robots.txt")

    assert response["Content-Type"] == "text/plain; charset=utf-8"
    assert response.content.decode().splitlines() == [
        "User-agent: *",
        "Disallow: /admin/",
        "Allow: /",
        "",
        f"Sitemap: https://ocop.example.org{reverse('sitemap')}",
    ]
