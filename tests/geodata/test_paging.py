"""Following `next` to the end gives every feature exactly once, whatever happens meanwhile."""

import pytest
from django.conf import settings
from django.db import connection

from tests.factories import ProductFactory, UnitFactory


def follow(client, address, between=lambda page: None):
    """The ids of all pages in turn; `between(number)` is called after each."""
    ids, number = [], 0
    while address:
        answer = client.get(address).json()
        assert answer["numberReturned"] == len(answer["features"])
        ids.append([feature["id"] for feature in answer["features"]])
        links = [link["href"] for link in answer["links"] if link["rel"] == "next"]
        assert len(links) <= 1
        address = links[0].removeprefix(settings.SITE_URL) if links else None
        number += 1
        assert number < 50, "next never ends"
        between(number)
    return ids


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("limit", "pages"),
    [
        (1, [["10001"], ["10002"], ["10003"], ["10004"], ["10005"]]),
        (2, [["10001", "10002"], ["10003", "10004"], ["10005"]]),
        (4, [["10001", "10002", "10003", "10004"], ["10005"]]),
        (5, [["10001", "10002", "10003", "10004", "10005"]]),
        (6, [["10001", "10002", "10003", "10004", "10005"]]),
    ],
)
def test_following_next_gives_every_feature_once(client, limit, pages):
    for number in (3, 1, 5, 2, 4):
        UnitFactory(code=f"1000{number}")

    assert follow(client, f"/api/v1/collections/communes/items?limit={limit}") == pages


@pytest.mark.django_db
def test_an_empty_collection_is_one_empty_page(client):
    assert follow(client, "/api/v1/collections/communes/items") == [[]]


@pytest.mark.django_db
def test_the_next_link_has_the_same_parameters(client):
    for number in range(1, 5):
        UnitFactory(code=f"1000{number}", kind="phường" if number % 2 else "xã")

    pages = follow(client, "/api/v1/collections/communes/items?kind=ph%C6%B0%E1%BB%9Dng&limit=1")

    assert pages == [["10001"], ["10003"]]


@pytest.mark.django_db(transaction=True)
def test_unchanged_features_are_neither_lost_nor_repeated(client):
    """While rows before and after the current page are added and removed."""
    for number in range(10, 30, 2):
        ProductFactory(code=f"MAU-{number}", published=True)

    def disturb(page):
        # One before all, one in the middle, one after all; and one of each is taken away.
        for code in (f"AA-{page}", f"MAU-{10 + page * 4 + 1}", f"ZZ-{page}"):
            ProductFactory(code=code, published=True)
        with connection.cursor() as cursor:
            cursor.execute(
                "UPDATE ocop_product SET state = 'withdrawn', state_reason = 'x'"
                " WHERE code = ANY (%s)",
                [["MAU-10", f"MAU-{28 - 2 * page}"]],
            )

    def until_the_fourth(page):
        if page <= 3:
            disturb(page)

    pages = follow(client, "/api/v1/collections/products/items?limit=3", until_the_fourth)

    ids = [code for page in pages for code in page]
    assert ids == sorted(set(ids))
    # There from first to last: all but MAU-10 and the three that were withdrawn.
    assert {"MAU-12", "MAU-14", "MAU-16", "MAU-18", "MAU-20", "MAU-28"} <= set(ids)


@pytest.mark.django_db(transaction=True)
def test_number_matched_is_current(client):
    address = "/api/v1/collections/products/items?limit=1"
    ProductFactory(published=True)
    ProductFactory()
    assert client.get(address).json()["numberMatched"] == 1

    ProductFactory(published=True)

    answer = client.get(address).json()
    assert (answer["numberMatched"], answer["numberReturned"]) == (2, 1)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("collection", "key"), [("products", "ocop_product"), ("communes", "districts_unit")]
)
def test_pages_use_an_indexed_key(collection, key):
    """Keyset paging is as fast on the last page as on the first only then."""
    from geodata.collection import collections

    described = collections()[collection]
    field = described.queryset().model._meta.get_field(described.key)
    assert (field.unique, field.null) == (True, False)


@pytest.mark.usefixtures("shipped")
@pytest.mark.parametrize(
    ("collection", "count"),
    [
        *(("districts", 7), ("communes", 86), ("products", 64), ("producers", 47)),
        *(("protections", 24), ("sales-points", 23), ("craft-villages", 21)),
    ],
)
def test_small_pages_give_all_of_the_shipped_data(client, collection, count):
    has_outlines = collection in ("districts", "communes", "protections")
    geometry = "&geometry=outline" if has_outlines else ""

    pages = follow(client, f"/api/v1/collections/{collection}/items?limit=10{geometry}")

    ids = [key for page in pages for key in page]
    assert len(ids) == len(set(ids)) == count
    assert [len(page) for page in pages] == [10] * (count // 10) + [count % 10] * bool(count % 10)
