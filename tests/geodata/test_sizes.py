"""A collection says how large its files are: as they were last written, and nothing else."""

from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connection

from geodata.collection import collections
from geodata.formats import export
from geodata.formats.registry import FORMATS
from geodata.models import BulkFile
from tests.factories import IpRightFactory, ProducerFactory, ProductFactory, UnitFactory, square

pytestmark = pytest.mark.django_db

# The site as it calls itself: a file names its own address.
HOST = {"host": urlsplit(settings.SITE_URL).netloc}


@pytest.fixture
def size(client):
    """`size("products.csv")` downloads it; the number of bytes that came."""
    return lambda name: len(client.get(f"/api/v1/downloads/{name}", headers=HOST).getvalue())


@pytest.fixture
def lengths(client):
    """`lengths("products")`: extension → length, of the files of which it is told."""

    def ask(collection):
        links = client.get(f"/api/v1/collections/{collection}").json()["links"]
        return {
            link["href"].rpartition(".")[2]: link["length"] for link in links if "length" in link
        }

    return ask


@pytest.mark.parametrize("extension", FORMATS)
def test_whoever_downloads_a_file_tells_the_next_how_large_it_is(size, lengths, extension):
    ProductFactory(published=True, name="Nho đỏ")
    assert lengths("products") == {}

    first = size(f"products.{extension}")

    assert lengths("products") == {extension: first}
    assert lengths("producers") == {}
    ProductFactory(published=True)
    second = size(f"products.{extension}")
    assert lengths("products") == {extension: second}


def test_compression_on_the_way_does_not_change_the_size(client, size, lengths):
    ProductFactory(published=True)
    plain = size("products.geojson")

    packing = HOST | {"Accept-Encoding": "gzip"}
    packed = client.get("/api/v1/downloads/products.geojson", headers=packing).getvalue()

    assert len(packed) < plain
    assert lengths("products") == {"geojson": plain}


@pytest.mark.parametrize(
    "query", ["products.csv?stars=3", "products.csv?bom=0", "communes.geojson?geometry=outline"]
)
def test_a_part_of_a_collection_is_not_the_file(client, query):
    client.get(f"/api/v1/downloads/{query}").getvalue()

    assert not BulkFile.objects.exists()


@pytest.mark.parametrize("extension", FORMATS)
def test_who_asks_for_the_head_alone_has_no_file_made(client, django_assert_num_queries, extension):
    # The revision.
    with django_assert_num_queries(1):
        response = client.head(f"/api/v1/downloads/products.{extension}")

    assert response.getvalue() == b""
    # How large the file would be, only writing it would tell.
    assert "Content-Length" not in response
    assert not BulkFile.objects.exists()


@pytest.mark.parametrize("extension", ["geojson", "csv"])
def test_a_stream_that_is_not_read_to_its_end_counts_nothing(client, monkeypatch, extension):
    monkeypatch.setattr(export, "CHUNK", 1)
    for _ in range(5):
        ProductFactory(published=True)

    response = client.get(f"/api/v1/downloads/products.{extension}")
    assert next(iter(response))

    assert not BulkFile.objects.exists()


def test_a_size_that_is_known_is_not_written_again(size):
    ProductFactory(published=True)
    size("products.csv")
    noted = BulkFile.objects.values().get()

    size("products.csv")

    assert BulkFile.objects.values().get() == noted


def test_a_new_size_is_a_new_answer(client, size):
    address = "/api/v1/collections"
    first = client.get(address)
    size("products.csv")

    second = client.get(address, headers={"If-None-Match": first["ETag"]})

    assert second.status_code == 200
    assert second["ETag"] != first["ETag"]


def test_all_files_are_measured_by_a_command(size, lengths, django_assert_num_queries, client):
    UnitFactory(code="586", area=square(109, 11.5))
    UnitFactory(code="22846", area=square(109, 11.5))
    ProductFactory(published=True)
    ProducerFactory(published=True)
    IpRightFactory(published=True)
    with django_assert_num_queries(7):
        client.get("/api/v1/collections?f=json")

    call_command("measure_downloads")

    for collection in collections():
        assert set(lengths(collection)) == set(FORMATS)
        # Compressed and database files hold the moment of writing.
        for extension in ("geojson", "csv"):
            assert lengths(collection)[extension] == size(f"{collection}.{extension}")
    # One question for all of them, however many there are; the extents are kept.
    with django_assert_num_queries(2):
        client.get("/api/v1/collections?f=json")


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("extension", FORMATS)
def test_a_size_that_cannot_be_noted_is_no_reason_to_fail(client, caplog, extension):
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE geodata_bulkfile RENAME TO elsewhere")
        try:
            response = client.get(f"/api/v1/downloads/products.{extension}")
            assert response.status_code == 200
            assert len(response.getvalue()) > 100
        finally:
            cursor.execute("ALTER TABLE elsewhere RENAME TO geodata_bulkfile")
    assert "was not noted" in caplog.text
