"""A visit requests nothing from other hosts, unless the operator set TILE_URL."""

from html.parser import HTMLParser
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.urls import reverse

from tests.factories import (
    IpRightFactory,
    PhotoFactory,
    ProducerFactory,
    ProductFactory,
    UnitFactory,
    UserFactory,
    at,
    square,
)

pytestmark = pytest.mark.django_db

BROWSER = "text/html,application/xhtml+xml"
# A link to follow, or one that only states a relation; browsers request neither by themselves.
NOT_LOADED = {"a", "area"}
LOADED_RELATIONS = {"stylesheet", "icon", "manifest", "preload", "modulepreload", "preconnect"}
LOADED_RELATIONS |= {"dns-prefetch", "prefetch", "apple-touch-icon", "mask-icon"}


class LoadedAddresses(HTMLParser):
    """Collects the hosts of the addresses that a browser or a script of the page would load."""

    def __init__(self):
        super().__init__()
        self.hosts = set()

    def handle_starttag(self, tag, attrs):
        attributes = dict(attrs)
        relations = set((attributes.get("rel") or "").split())
        for name, value in attrs:
            if tag in NOT_LOADED and not name.startswith("data-"):
                continue
            if tag == "link" and name == "href" and not relations & LOADED_RELATIONS:
                continue
            # Links of licences for people, and names of vocabularies.
            if tag == "meta" or not value or name in {"data-base-credits", "xmlns"}:
                continue
            for word in value.replace('"', " ").split():
                if word.startswith(("http://", "https://", "//")):
                    self.hosts.add(urlsplit(word).netloc)


def foreign_hosts(response):
    """The hosts other than the site's that a page names as something to load."""
    parser = LoadedAddresses()
    parser.feed(response.content.decode())
    return parser.hosts - {urlsplit(settings.SITE_URL).netloc, "testserver"}


def images_allowed(response):
    """The sources of images in the Content-Security-Policy."""
    rules = response["Content-Security-Policy"].split("; ")
    return dict(rule.split(" ", 1) for rule in rules)["img-src"]


@pytest.fixture
def pages():
    """The address of each kind of public page."""
    product = ProductFactory(published=True, point=at(109, 11.5))
    PhotoFactory(product=product)
    records = [
        product,
        ProducerFactory(published=True),
        IpRightFactory(published=True, area=square(109, 11.5)),
        UnitFactory(area=square(109, 11.5)),
    ]
    names = ["map", "embed", "how-to-embed", "open-data", "offline", "statistics", "units"]
    return [
        *(reverse(f"frontend:{name}") for name in [*names, "protections", "sales-points"]),
        *(record.get_absolute_url() for record in records),
        "/en/",
        "/khong-co/",
        *("/api/v1/", "/api/v1/docs", "/api/v1/collections/products/items"),
    ]


def test_no_page_loads_anything_from_another_host(client, pages):
    for path in pages:
        response = client.get(path, headers={"Accept": BROWSER})
        assert foreign_hosts(response) == set(), path
        assert images_allowed(response) == "'self' data:", path


def test_the_workspace_loads_nothing_from_another_host(client):
    client.force_login(UserFactory(is_staff=True, is_superuser=True))
    for name in ("index", "ocop_product_changelist", "ocop_product_add"):
        assert foreign_hosts(client.get(reverse(f"admin:{name}"))) == set(), name


def test_the_map_names_the_host_of_street_tiles_if_they_are_set(client, settings, clear_caches):
    settings.TILE_URL = "https://tiles.example.org/{z}/{x}/{y}.png"
    clear_caches()

    response = client.get("/")
    assert "tiles.example.org" in foreign_hosts(response)
    assert 'name="nen"' in response.content.decode()

    settings.TILE_URL = ""
    clear_caches()
    response = client.get("/")
    assert 'name="nen"' not in response.content.decode()
