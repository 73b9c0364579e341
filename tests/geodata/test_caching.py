"""Caching: what may be cached, for how long, and by which tag it is validated."""

import gzip
import json
from email.utils import parsedate_to_datetime

import pytest
from django.db import connection, transaction
from django.utils import timezone

from geodata.collection import collections
from tests.concurrency import meanwhile
from tests.factories import ProducerFactory, ProductFactory, RatingFactory, UnitFactory

ITEMS = "/api/v1/collections/products/items"
ADDRESSES = [
    "/api/v1/",
    "/api/v1/collections",
    "/api/v1/collections/products",
    ITEMS,
    f"{ITEMS}?limit=1",
    f"{ITEMS}/MAU-1",
]


@pytest.fixture
def product():
    return ProductFactory(code="MAU-1", published=True)


@pytest.mark.django_db
@pytest.mark.parametrize("address", ADDRESSES)
def test_a_response_may_be_cached_for_five_minutes(client, product, address):
    response = client.get(address)

    assert response.status_code == 200
    assert response["Cache-Control"] == "public, max-age=300"
    assert response["ETag"].startswith('"')
    assert {"Accept", "Accept-Encoding"} <= {name.strip() for name in response["Vary"].split(",")}
    assert "Cookie" not in response["Vary"]
    assert "Set-Cookie" not in response


@pytest.mark.django_db
def test_a_response_does_not_depend_on_the_user(client, admin_user, product):
    stranger = client.get(ITEMS)
    client.force_login(admin_user)
    official = client.get(ITEMS)

    assert official["ETag"] == stranger["ETag"]
    assert "Cookie" not in official["Vary"]
    assert official.json()["features"] == stranger.json()["features"]


@pytest.mark.django_db
@pytest.mark.parametrize("address", ADDRESSES)
def test_a_matching_if_none_match_is_a_304(client, product, address):
    first = client.get(address)

    second = client.get(address, headers={"If-None-Match": first["ETag"]})

    assert (second.status_code, second.content) == (304, b"")
    assert (second["ETag"], second["Cache-Control"]) == (first["ETag"], first["Cache-Control"])
    assert "Content-Length" not in second or second["Content-Length"] == "0"


@pytest.mark.django_db
def test_another_tag_gets_the_whole_response(client, product):
    assert client.get(ITEMS, headers={"If-None-Match": '"0-19700101-x-y"'}).status_code == 200
    tags = f'"x", {client.get(ITEMS)["ETag"]}'
    assert client.get(ITEMS, headers={"If-None-Match": tags}).status_code == 304


@pytest.mark.django_db
def test_each_url_has_its_own_tag(client, product):
    queries = ["", "?limit=1", "?limit=2", "?bbox=1,1,2,2", "?q=a", "?q=b", "/MAU-1"]
    tags = [client.get(ITEMS + query)["ETag"] for query in queries]
    tags += [
        client.get(f"/api/v1/collections/{c}/items")["ETag"] for c in ("communes", "districts")
    ]

    assert len(set(tags)) == len(tags)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE ocop_product SET name = 'Nho'",
        "UPDATE register_producer SET name = 'HTX'",
        "UPDATE ocop_ocoprating SET stars = 4",
        "UPDATE districts_unit SET name = 'An Hậu'",
        "UPDATE geodata_source SET url = 'https://example.org/x'",
        "DELETE FROM ocop_ocoprating",
    ],
)
def test_a_change_of_any_table_behind_a_feature_changes_the_tag(client, sql):
    product = ProductFactory(code="MAU-1", published=True, declared_commune=UnitFactory())
    RatingFactory(product=product, source=product.source)
    ProducerFactory(source=product.source)
    UnitFactory._meta.model.objects.update(source=product.source)
    type(product.source).objects.exclude(pk=product.source.pk).delete()
    first = client.get(ITEMS)

    with connection.cursor() as cursor:
        cursor.execute(sql)

    second = client.get(ITEMS, headers={"If-None-Match": first["ETag"]})
    assert (second.status_code, second["ETag"] != first["ETag"]) == (200, True)


@pytest.mark.django_db(transaction=True)
def test_a_rolled_back_change_leaves_the_tag(client):
    product = ProductFactory(published=True)
    first = client.get(ITEMS)

    with transaction.atomic():
        product.name = "Nho"
        product.save()
        transaction.set_rollback(True)

    assert client.get(ITEMS)["ETag"] == first["ETag"]


@pytest.mark.django_db(transaction=True)
def test_a_tag_read_between_two_commits_is_never_reused(client):
    """One began first and commits last; a client that read in between must get the change."""
    ProductFactory(code="MAU-1", published=True)

    def publish_another_and_read():
        ProductFactory(code="MAU-2", published=True)
        return client.get(ITEMS)

    with transaction.atomic():
        ProductFactory(code="MAU-3", published=True)
        with meanwhile(publish_another_and_read) as other:
            between = other.result()
    after = client.get(ITEMS, headers={"If-None-Match": between["ETag"]})

    assert [f["id"] for f in between.json()["features"]] == ["MAU-1", "MAU-2"]
    assert after.status_code == 200
    assert [f["id"] for f in after.json()["features"]] == ["MAU-1", "MAU-2", "MAU-3"]


@pytest.mark.django_db
def test_a_new_day_changes_the_tag(client, product, on_day):
    """Statuses change by the calendar, though no row does."""
    on_day("2026-11-23")
    first = client.get(ITEMS)
    on_day("2026-11-24")

    second = client.get(
        ITEMS,
        headers={"If-None-Match": first["ETag"], "If-Modified-Since": first["Last-Modified"]},
    )

    assert second.status_code == 200
    assert second["ETag"] != first["ETag"]


@pytest.mark.django_db
def test_last_modified_is_never_before_midnight_in_viet_nam(client, product, on_day):
    on_day("2126-11-23")

    response = client.get(ITEMS)

    assert response["Last-Modified"] == "Fri, 22 Nov 2126 17:00:00 GMT"
    # The tag alone decides: two changes may fall into one second.
    again = client.get(ITEMS, headers={"If-Modified-Since": response["Last-Modified"]})
    assert again.status_code == 200


@pytest.mark.django_db(transaction=True)
def test_a_change_today_is_last_modified(client):
    before = timezone.now().replace(microsecond=0)
    ProductFactory(published=True)

    assert parsedate_to_datetime(client.get(ITEMS)["Last-Modified"]) >= before


# --- gzip, HEAD ----------------------------------------------------------------------------


@pytest.mark.django_db
def test_a_compressed_response_has_a_weak_tag_that_still_matches(client):
    for _ in range(10):
        ProductFactory(published=True)
    plain = client.get(ITEMS)

    packed = client.get(ITEMS, headers={"Accept-Encoding": "gzip"})

    assert packed["Content-Encoding"] == "gzip"
    assert packed["ETag"] == f"W/{plain['ETag']}"
    assert len(packed.content) < len(plain.content) / 3
    unpacked = json.loads(gzip.decompress(packed.content))
    assert unpacked["features"] == plain.json()["features"]
    for tag in (packed["ETag"], plain["ETag"]):
        again = client.get(ITEMS, headers={"Accept-Encoding": "gzip", "If-None-Match": tag})
        assert (again.status_code, again.content) == (304, b"")


@pytest.mark.django_db
@pytest.mark.parametrize("address", ADDRESSES)
def test_head_has_the_headers_of_get_and_no_body(client, product, address):
    whole = client.get(address)

    head = client.head(address)

    assert (head.status_code, head.content) == (200, b"")
    for name in ("Content-Type", "ETag", "Last-Modified", "Cache-Control", "Vary"):
        assert head[name] == whole[name]


# --- CORS, content types -------------------------------------------------------------------


@pytest.mark.django_db
@pytest.mark.parametrize("address", [*ADDRESSES, "/api/v1/nothing", f"{ITEMS}?limit=0"])
def test_every_web_page_may_read_the_api(client, product, address):
    response = client.get(address, headers={"Origin": "https://example.org"})

    assert response["Access-Control-Allow-Origin"] == "*"
    exposed = {
        name.strip().lower() for name in response["Access-Control-Expose-Headers"].split(",")
    }
    assert exposed == {"etag", "link", "content-crs"}
    assert "Access-Control-Allow-Credentials" not in response


@pytest.mark.django_db
def test_a_preflight_allows_reading_only(client):
    response = client.options(
        ITEMS,
        headers={"Origin": "https://example.org", "Access-Control-Request-Method": "GET"},
    )

    assert response.status_code == 200
    assert response["Access-Control-Allow-Methods"] == "GET, HEAD, OPTIONS"


@pytest.mark.django_db
def test_other_addresses_are_not_open_to_other_web_pages(client):
    response = client.get("/healthz", headers={"Origin": "https://example.org"})

    assert "Access-Control-Allow-Origin" not in response


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("address", "content_type"),
    [
        ("/api/v1/", "application/json"),
        ("/api/v1/collections", "application/json"),
        ("/api/v1/collections/products", "application/json"),
        (ITEMS, "application/geo+json"),
        (f"{ITEMS}/MAU-1", "application/geo+json"),
    ],
)
def test_a_response_has_its_content_type(client, product, address, content_type):
    assert client.get(address)["Content-Type"] == content_type


@pytest.mark.django_db
@pytest.mark.parametrize("address", ADDRESSES)
@pytest.mark.parametrize(
    "accept",
    [
        "*/*",
        "application/json",
        "application/geo+json",
        # GDAL and QGIS.
        "application/geo+json, application/json",
        "application/json;q=0.5",
    ],
)
def test_a_client_that_accepts_json_gets_json(client, product, address, accept):
    response = client.get(address, headers={"Accept": accept})

    assert response.status_code == 200
    assert response["Content-Type"] in {"application/geo+json", "application/json"}


@pytest.mark.django_db
@pytest.mark.parametrize("address", [*ADDRESSES, "/api/v1/downloads/products.csv"])
def test_a_failed_precondition_of_the_api_is_a_412(client, product, address):
    now = client.head(address)
    long_ago = "Thu, 01 Jan 1998 00:00:00 GMT"

    for condition in ({"If-Match": '"x"'}, {"If-Unmodified-Since": long_ago}):
        response = client.get(address, headers=condition)
        assert response.status_code == 412
        assert response["Content-Type"] == "application/problem+json"
        assert response.json()["status"] == 412
        assert "ETag" not in response
    for condition in (
        {"If-Match": now["ETag"]},
        {"If-Match": f'"x", {now["ETag"]}'},
        {"If-Match": "*"},
        {"If-Unmodified-Since": now["Last-Modified"]},
        {"If-Unmodified-Since": "yesterday"},
    ):
        response = client.head(address, headers=condition)
        assert (response.status_code, response["ETag"]) == (200, now["ETag"])


def forget_fingerprints():
    for described in collections().values():
        described.__dict__.pop("fingerprint", None)


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["/api/v1/conformance", "/api/v1/catalog.jsonld"])
def test_a_release_of_the_software_changes_the_tags(client, monkeypatch, address):
    """The data are the same; what the code makes of them may not be."""
    forget_fingerprints()
    before = client.get(address)["ETag"]
    monkeypatch.setattr("geodata.collection.software_fingerprint", lambda: "another release")
    forget_fingerprints()
    try:
        after = client.get(address, headers={"If-None-Match": before})
    finally:
        forget_fingerprints()

    assert after.status_code == 200
    assert after["ETag"] != before
