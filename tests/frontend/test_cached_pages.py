"""Stored pages: 304 for browsers that have them, the same bytes for all others."""

import gzip

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from geodata.conditional import frontend_fingerprint
from geodata.models import BulkFile, Revision
from geodata.page_cache import cached_page, public_request
from products.ocop.models import Photo, Product
from products.register.states import State
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

FIXED = [
    *("/", "/en/", "/nhung/", "/bao-ho/", "/bao-ho/?q=nho", "/don-vi/", "/thong-ke/"),
    *("/du-lieu-mo/", "/chu-the/", "/chu-the/?q=nho", "/cong-nhan-ocop/", "/gioi-thieu/"),
    *("/cua-toi/", "/cua-toi/?q=nho"),
    "/sitemap.xml",
]


@pytest.fixture
def addresses():
    """The address of each kind of page."""
    unit = UnitFactory(area=square(109, 11.5))
    records = [
        ProductFactory(published=True, name="Nho đỏ", point=at(109.05, 11.55)),
        ProducerFactory(published=True),
        IpRightFactory(published=True, area=square(109, 11.5)),
    ]
    return [*FIXED, unit.get_absolute_url(), *(one.get_absolute_url() for one in records)]


@pytest.fixture
def official():
    """The client of a signed-in member of staff, whose session has been read."""
    client = Client()
    client.force_login(UserFactory(is_staff=True, is_superuser=True))
    assert client.get("/admin/").status_code == 200
    return client


def again(client, address, response):
    """The status of a repeated request of a browser that has this response."""
    return client.get(address, headers={"If-None-Match": response["ETag"]}).status_code


def test_a_browser_that_has_a_page_gets_a_304_with_the_same_policy(client, addresses):
    for address in addresses:
        first = client.get(address)
        second = client.get(address, headers={"If-None-Match": first["ETag"]})

        assert (first.status_code, second.status_code) == (200, 304), address
        assert second.content == b""
        for name in ("Cache-Control", "Content-Security-Policy", "ETag", "Vary"):
            assert second[name] == first[name], (address, name)
        assert first["Cache-Control"] == "no-cache"


def test_a_page_sets_no_cookie_and_is_the_same_for_an_official(
    client, official, addresses, clear_caches
):
    for address in addresses:
        responses = [client.get(address), official.get(address)]
        clear_caches()
        # Now the stored page is rendered for the official.
        responses += [official.get(address), client.get(address)]

        assert len({response.content for response in responses}) == 1, address
        assert len({response["ETag"] for response in responses}) == 1, address
        for response in responses:
            assert not response.cookies, address
            assert "Cookie" not in response["Vary"], address


def test_a_view_gets_nothing_of_the_user_who_sends_the_request(rf):
    headers = {"Cookie": "sessionid=a; csrftoken=b", "Authorization": "Basic c", "Accept": "d"}
    request = rf.get("/bao-ho/?q=nho", headers=headers)
    request.META["CSRF_COOKIE"] = "b"
    request.user, request.session, request.resolver_match = object(), {}, None
    public = public_request(request, "")

    assert (public.get_full_path(), dict(public.GET)) == ("/bao-ho/", {})
    assert (public.COOKIES, dict(public.headers).keys() - {"Host", "Content-Type"}) == ({}, set())
    assert not public.user.is_authenticated
    assert not hasattr(public, "session")
    assert "CSRF_COOKIE" not in public.META
    assert public_request(request, "q=nho").GET["q"] == "nho"


def test_a_stored_page_needs_only_the_queries_of_its_tag(client, addresses):
    """The revision, and for some pages the photos or the sizes of files."""
    for address in addresses:
        client.get(address)
        with CaptureQueriesContext(connection) as queries:
            client.get(address)
        if "?" in address:
            assert len(queries) > 2, "anybody can invent queries, so these are not stored"
        else:
            # The map and pages of records list products with their photos.
            has_photos = address in ("/", "/en/", "/nhung/") or address.count("/") > 2
            needs_more = has_photos or address == "/du-lieu-mo/"
            assert len(queries) == (2 if needs_more else 1), address


def test_a_page_is_not_stored_if_what_it_displays_changes_meanwhile(rf):
    """A photo that is added while a page is rendered may be deleted later."""
    photos, rendered = [], []

    @cached_page(state=lambda: photos)
    def page(request, revision):
        rendered.append(request)
        if len(rendered) == 1:
            photos.append("photo")
        return HttpResponse("page")

    request = rf.get("/")
    request.resolver_match = None
    page(request)
    photos.clear()
    page(request)
    page(request)

    assert len(rendered) == 2


def test_a_page_that_ignores_the_query_string_is_stored_once_for_all(
    client, django_assert_num_queries
):
    without = client.get("/")

    # The revision, and the photos of cards.
    with django_assert_num_queries(2):
        filtered = client.get("/?nhom=II&q=%22x%22")
    assert filtered.content == without.content
    assert filtered["ETag"] != without["ETag"]


def test_a_stored_page_is_sent_compressed_to_clients_that_accept_it(client):
    plain = client.get("/")
    compressed = [client.get("/", headers={"Accept-Encoding": "gzip, br"}) for _ in range(2)]

    assert "Content-Encoding" not in plain
    for response in compressed:
        assert response["Content-Encoding"] == "gzip"
        assert gzip.decompress(response.content) == plain.content
        assert response["ETag"] == f"W/{plain['ETag']}"
        assert response["Vary"] == "Accept-Encoding"
        assert again(client, "/", response) == 304


def test_a_page_is_sent_again_in_another_language_on_another_day_and_revision(
    client, addresses, on_day
):
    on_day("2026-11-23")
    first = {address: client.get(address) for address in addresses}
    on_day("2026-11-24")
    for address, response in first.items():
        assert again(client, address, response) == 200, address
    on_day("2026-11-23")
    for address, response in first.items():
        assert again(client, address, response) == 304, address
        if not address.startswith(("/en/", "/sitemap")):
            assert again(client, f"/en{address}", response) == 200, address
    Revision.objects.update_or_create(pk=1, defaults={"number": 99, "changed_at": timezone.now()})
    for address, response in first.items():
        assert again(client, address, response) == 200, address


@pytest.mark.django_db(transaction=True)
def test_publishing_changes_the_pages_and_withdrawing_answers_410():
    client = Client()
    product = ProductFactory(state=State.REVIEW, name="Táo xanh")
    address = product.get_absolute_url()
    before = client.get("/")
    assert client.get(address).status_code == 404

    Product.objects.update(state=State.PUBLISHED, published_at=timezone.now())
    assert again(client, "/", before) == 200
    assert "Táo xanh" in client.get("/").text
    published = client.get(address)
    assert again(client, address, published) == 304

    Product.objects.update(state=State.WITHDRAWN, state_reason="Ngừng bán")
    assert again(client, address, published) == 410
    assert "Táo xanh" not in client.get("/").text


def test_a_page_is_sent_again_after_every_change_of_a_photo(client):
    product = ProductFactory(published=True, producer=ProducerFactory(published=True))
    address = product.get_absolute_url()

    def bodies():
        page = client.get(address)
        while True:
            yield page.text
            changed = client.get(address, headers={"If-None-Match": page["ETag"]})
            assert changed.status_code == 200
            page = changed

    body = bodies()
    assert "<figure" not in next(body)
    pages = ["/", product.producer.get_absolute_url()]
    before = {page: client.get(page) for page in pages}
    photo = PhotoFactory(product=product, alt="Giàn nho")
    # Cards show the small file.
    for page in pages:
        assert again(client, page, before[page]) == 200
        assert f'<img src="{photo.small_url}"' in client.get(page).text
    assert photo.small_url in client.get("/").text.partition('"photos": ')[2]
    assert "Giàn nho" in next(body)
    Photo.objects.filter(pk=photo.pk).update(alt="Vườn nho")
    assert "Vườn nho" in next(body)
    photo.delete()
    assert "<figure" not in next(body)


def test_the_open_data_page_is_sent_again_when_a_file_has_another_size(client):
    first = client.get("/du-lieu-mo/")
    BulkFile.objects.create(collection="products", format="csv", bytes=12_345)

    assert again(client, "/du-lieu-mo/", first) == 200


def test_redirects_and_errors_have_no_tag_and_no_condition_applies_to_them(client):
    gone = ProductFactory(state=State.WITHDRAWN)
    renamed = ProductFactory(published=True)
    for address, status in [
        (gone.get_absolute_url(), 410),
        (f"/san-pham/{renamed.code}-ten-cu/", 301),
        ("/san-pham/MAU-SP-999-x/", 404),
    ]:
        response = client.get(address, headers={"If-None-Match": "*"})

        assert response.status_code == status
        assert "ETag" not in response


def test_settings_that_pages_display_change_the_fingerprint(settings):
    before = frontend_fingerprint.__wrapped__()
    assert before == frontend_fingerprint.__wrapped__()

    settings.TILE_URL = "https://tiles.example.org/{z}/{x}/{y}.png"
    with_tiles = frontend_fingerprint.__wrapped__()
    settings.CONTACT_PHONE = "0259 000 000"
    assert len({before, with_tiles, frontend_fingerprint.__wrapped__()}) == 3


def test_a_release_of_code_or_libraries_changes_the_fingerprint(settings, tmp_path):
    settings.BASE_DIR = tmp_path
    (tmp_path / "frontend").mkdir()
    fingerprints = []
    for file in ("frontend/__init__.py", "frontend/labels.py", "requirements.txt"):
        fingerprints.append(frontend_fingerprint.__wrapped__())
        (tmp_path / file).write_text(f"# {file}")
    fingerprints.append(frontend_fingerprint.__wrapped__())

    assert len(set(fingerprints)) == 4
