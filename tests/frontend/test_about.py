"""The pages about the site: they state what is so, and a contact only if there is one."""

import re

import pytest
from django.urls import reverse

pytestmark = pytest.mark.django_db

PAGES = ["/gioi-thieu/", "/rieng-tu/", "/tiep-can/"]
CONTACT = {
    "CONTACT_NAME": "Sở Mẫu <A>",
    "CONTACT_ADDRESS": "1 đường Mẫu",
    "CONTACT_PHONE": "0259 000 000",
    "CONTACT_EMAIL": "lien-he@example.org",
    "CONTACT_URL": "https://example.org/lien-he/",
}


@pytest.fixture
def without_contact(settings):
    for name in CONTACT:
        setattr(settings, name, "")


def text_of(client, address):
    response = client.get(address)
    assert response.status_code == 200
    return response.content.decode()


@pytest.mark.parametrize("prefix", ["", "/en"])
def test_every_page_links_to_them(client, without_contact, prefix):
    for address in ("/", *PAGES):
        body = text_of(client, prefix + address)
        for page in PAGES:
            assert f'<a href="{prefix}{page}"' in body
        assert "#contact" not in body


@pytest.mark.usefixtures("without_contact")
@pytest.mark.parametrize("page", PAGES)
def test_without_a_contact_its_section_is_absent(client, page):
    body = text_of(client, page)

    assert 'id="contact"' not in body
    assert not re.search("Liên hệ|Hỏi hoặc yêu cầu|Báo trở ngại<", body)


@pytest.mark.parametrize("page", PAGES)
def test_the_contact_of_the_settings_is_displayed(client, settings, page):
    for name, value in CONTACT.items():
        setattr(settings, name, value)

    body = text_of(client, page)

    assert "Sở Mẫu &lt;A&gt;" in body
    assert '<a href="tel:0259000000">0259 000 000</a>' in body
    assert '<a href="mailto:lien-he@example.org">' in body
    assert '<a href="https://example.org/lien-he/" rel="noopener">' in body
    assert 'href="/gioi-thieu/#contact"' in body


def test_one_known_part_of_the_contact_is_enough(client, settings, without_contact):
    settings.CONTACT_EMAIL = "lien-he@example.org"

    body = text_of(client, "/gioi-thieu/")

    assert 'href="mailto:lien-he@example.org"' in body
    for title in ("Nơi vận hành", "Địa chỉ", "Điện thoại", "Trang web"):
        assert f"<dt>{title}</dt>" not in body


@pytest.mark.parametrize(
    ("tiles", "host"),
    [
        ("https://{s}.tiles.example.org/{z}/{x}/{y}.png", "tiles.example.org"),
        ("/tiles/{z}/{x}/{y}.png", None),
        ("", None),
    ],
)
def test_the_host_of_foreign_tiles_is_named(client, settings, tiles, host):
    settings.TILE_URL = tiles

    found = re.findall("Nền đường phố của bản đồ tải từ ([^:]+):", text_of(client, "/rieng-tu/"))

    assert found == ([host] if host else [])


@pytest.mark.parametrize("prefix", ["", "/en"])
def test_public_pages_set_no_cookie_as_the_page_states(client, prefix):
    for address in ("/", "/bao-ho/", *PAGES, reverse("frontend:sales-points")):
        assert not client.get(prefix + address).cookies
