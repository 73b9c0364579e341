"""A collection states the sizes of its files, as they were when last written."""

from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connection

from geodata.collection import collections
from geodata.formats import export
from geodata.formats.registry import FORMATS
from geodata.models import BulkFile
from tests.factories import (
    CraftVillageFactory,
    IpRightFactory,
    ProducerFactory,
    ProductFactory,
    SalesPointFactory,
    UnitFactory,
    square,
)

pytestmark = pytest.mark.django_db

# The public address: a file contains its own URL.
HOST = {"host": urlsplit(settings.SITE_URL).netloc}


@pytest.fixture
def size(client):
    """`size("products.csv")` downloads it; returns the number of bytes."""
    return lambda name: len(client.get(f"/api/v1/downloads/{name}", headers=HOST).getvalue())


@pytest.fixture
def lengths(client):
    """`lengths("products")`: extension → length, of the files whose length is published."""

    def fetch(collection):
        links = client.get(f"/api/v1/collections/{collection}").json()["links"]
        return {
            link["href"].rpartition(".")[2]: link["length"] for link in links if "length" in link
        }

    return fetch


@pytest.mark.parametrize("extension", FORMATS)
def test_downloading_a_file_records_its_size(size, lengths, extension):
    ProductFactory(published=True, name="Nho đỏ")
    assert lengths("products") == {}

    first = size(f"products.{extension}")

    assert lengths("products") == {extension: first}
    assert lengths("producers") == {}
    ProductFactory(published=True)
    second = size(f"products.{extension}")
    assert lengths("products") == {extension: second}


def test_http_compression_does_not_change_the_size(client, size, lengths):
    ProductFactory(published=True)
    plain = size("products.geojson")

    packing = HOST | {"Accept-Encoding": "gzip"}
    packed = client.get("/api/v1/downloads/products.geojson", headers=packing).getvalue()

    assert len(packed) < plain
    assert lengths("products") == {"geojson": plain}


@pytest.mark.parametrize(
    "query", ["products.csv?stars=3", "products.csv?bom=0", "communes.geojson?geometry=outline"]
)
def test_a_filtered_file_records_no_size(client, query):
    client.get(f"/api/v1/downloads/{query}").getvalue()

    assert not BulkFile.objects.exists()


@pytest.mark.parametrize("extension", FORMATS)
def test_head_does_not_make_the_file(client, django_assert_num_queries, extension):
    # The revision.
    with django_assert_num_queries(1):
        response = client.head(f"/api/v1/downloads/products.{extension}")

    assert response.getvalue() == b""
    # The size is known only after writing the file.
    assert "Content-Length" not in response
    assert not BulkFile.objects.exists()


@pytest.mark.parametrize("extension", ["geojson", "csv"])
def test_a_stream_that_is_not_read_to_its_end_records_no_size(client, monkeypatch, extension):
    monkeypatch.setattr(export, "CHUNK", 1)
    for _ in range(5):
        ProductFactory(published=True)

    response = client.get(f"/api/v1/downloads/products.{extension}")
    assert next(iter(response))

    assert not BulkFile.objects.exists()


def test_an_unchanged_size_is_not_written_again(size):
    ProductFactory(published=True)
    size("products.csv")
    recorded = BulkFile.objects.values().get()

    size("products.csv")

    assert BulkFile.objects.values().get() == recorded


def test_a_new_size_changes_the_tag_of_the_collection(client, size):
    address = "/api/v1/collections"
    first = client.get(address)
    size("products.csv")

    second = client.get(address, headers={"If-None-Match": first["ETag"]})

    assert second.status_code == 200
    assert second["ETag"] != first["ETag"]


def test_all_files_are_measured_by_a_command(size, lengths, django_assert_num_queries, client):
    UnitFactory(code="996", area=square(109, 11.5))
    UnitFactory(code="82846", area=square(109, 11.5))
    ProductFactory(published=True)
    ProducerFactory(published=True)
    IpRightFactory(published=True)
    SalesPointFactory(published=True)
    CraftVillageFactory(published=True)
    with django_assert_num_queries(9):
        client.get("/api/v1/collections?f=json")

    call_command("measure_downloads")

    for collection in collections():
        assert set(lengths(collection)) == set(FORMATS)
        # Compressed and database files contain the time of writing.
        for extension in ("geojson", "csv"):
            assert lengths(collection)[extension] == size(f"{collection}.{extension}")
    # One query for all of them, however many there are; the extents are cached.
    with django_assert_num_queries(2):
        client.get("/api/v1/collections?f=json")


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("extension", FORMATS)
def test_a_download_succeeds_if_its_size_cannot_be_recorded(client, caplog, extension):
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE geodata_bulkfile RENAME TO elsewhere")
        try:
            response = client.get(f"/api/v1/downloads/products.{extension}")
            assert response.status_code == 200
            assert len(response.getvalue()) > 100
        finally:
            cursor.execute("ALTER TABLE elsewhere RENAME TO geodata_bulkfile")
    assert "was not recorded" in caplog.text
