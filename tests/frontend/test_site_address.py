"""Links use the public URL of the site, whatever the Host header of the request."""

import re

import pytest
from django.conf import settings
from django.test import Client, override_settings

from geodata.collection import collections
from tests.factories import IpRightFactory, ProducerFactory, ProductFactory, UnitFactory, at, square

pytestmark = pytest.mark.django_db

API = "/api/v1"
FOREIGN = ["testserver:9999", "localhost:9999"]


@pytest.fixture
def addresses():
    """One URL of each kind of response with links."""
    unit = UnitFactory(code="82738", area=square(109, 11.5))
    producer = ProducerFactory(published=True, point=at(109.05, 11.55))
    product = ProductFactory(published=True, producer=producer, point=at(109.05, 11.55))
    ProductFactory(published=True)
    right = IpRightFactory(published=True, area=square(109, 11.5))
    records = [record.get_absolute_url() for record in (product, producer, right, unit)]
    items = f"{API}/collections/products/items"
    documents = [f"{API}/", f"{API}/conformance", f"{API}/collections", items]
    documents += [f"{API}/collections/products{more}" for more in ("", "/schema", "/changes")]
    documents += [f"{API}/collections/products/feature", f"{items}/{product.code}"]
    documents += [f"{items}?limit=1", f"{API}/openapi.json", f"{API}/catalog.jsonld"]
    return [
        *documents,
        *(f"{address}{'&' if '?' in address else '?'}f=html" for address in documents),
        f"{API}/docs",
        *(f"{API}/downloads/{id}.geojson" for id in collections()),
        *records,
        *(f"/en{address}" for address in records),
        # Without its slug: redirected.
        f"/san-pham/{product.code}/",
        *("/", "/en/", "/don-vi/", "/bao-ho/", "/thong-ke/", "/thong-ke/sectors.json"),
        *("/du-lieu-mo/", "/nhung/", "/nhung/cach-nhung/", "/sitemap.xml", "/robots.txt"),
        "/manifest.webmanifest",
    ]


@pytest.mark.parametrize("host", FOREIGN)
def test_no_response_contains_the_port_of_the_request(addresses, host):
    client = Client(HTTP_HOST=host)

    for address in addresses:
        response = client.get(address)
        assert response.status_code in {200, 301, 302, 404}, address
        content = response.getvalue().decode() + repr(dict(response.headers))
        assert ":9999" not in content, address
        assert "testserver" not in content, address


@pytest.mark.parametrize("address", [f"{API}/", f"{API}/collections/products/items?limit=1"])
def test_every_link_of_the_api_begins_with_the_public_url(addresses, address):
    public = "https://ocop.example.org/bando"
    with override_settings(SITE_URL=public):
        answer = Client(HTTP_HOST="localhost:9999").get(address)

    links = answer.json()["links"]
    ours = [link["href"] for link in links if "creativecommons" not in link["href"]]
    assert len(ours) >= 4
    assert all(href.startswith(f"{public}/api/v1") for href in ours)
    assert f"<{public}/api/v1" in answer["Link"]


def test_the_etag_does_not_depend_on_the_host_header():
    tags = {Client(HTTP_HOST=host).get(f"{API}/collections")["ETag"] for host in FOREIGN}

    assert len(tags) == 1


@override_settings(SECURE_SSL_REDIRECT=True)
def test_the_redirect_to_https_uses_the_public_host():
    response = Client(HTTP_HOST="localhost:9999").get("/thong-ke/")

    assert response.status_code == 301
    assert response["Location"] == re.sub("^http:", "https:", settings.SITE_URL) + "/thong-ke/"
