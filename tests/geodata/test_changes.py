"""The change feed: in commit order, complete, and permanent."""

import itertools
import random
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.conf import settings
from django.db import DatabaseError, connection, connections, transaction
from django.test import Client

from districts.models import Unit
from geodata.models import Change, Revision, Source
from geodata.ogc.views import ItemsView
from products.ocop.models import Product
from products.register.states import State
from tests.concurrency import meanwhile, wait_until_somebody_waits_for_a_lock
from tests.factories import ProductFactory, SourceFactory, UnitFactory, UserFactory
from tests.replay import read_changes, replay

committed = pytest.mark.django_db(transaction=True)
GONE = {"state": State.WITHDRAWN, "state_reason": "Chủ thể yêu cầu"}


@pytest.fixture
def changes(client):
    """`changes("since=1")` requests the changes of communes; returns the response."""

    def fetch(query="", collection="communes", **headers):
        address = f"/api/v1/collections/{collection}/changes?{query}"
        return client.get(address, headers=headers)

    return fetch


def links(answer):
    return {link["rel"]: link["href"].removeprefix(settings.SITE_URL) for link in answer["links"]}


def entries(changes):
    return [(change["op"], change["id"]) for change in changes]


# --- the response ----------------------------------------------------------------------------


@committed
def test_the_feed_lists_inserts_updates_and_deletes(changes):
    unit = UnitFactory(code="10001", kind="xã")
    unit.kind = "phường"
    unit.save()
    UnitFactory(code="101")
    unit.delete()

    answer = changes().json()

    rows = Change.objects.filter(collection="communes")
    assert entries(answer["changes"]) == [
        ("insert", "10001"),
        ("update", "10001"),
        ("delete", "10001"),
    ]
    assert [change["seq"] for change in answer["changes"]] == [row.seq for row in rows]
    assert [set(change) for change in answer["changes"]] == [{"seq", "op", "id", "at"}] * 3
    assert all(change["at"].endswith("+07:00") for change in answer["changes"])
    assert answer["collection"] == "communes"
    assert answer["lastSeq"] == rows.last().seq
    assert "theo lịch" in answer["description"]
    assert rows.last().at == Revision.objects.get().changed_at


@committed
@pytest.mark.parametrize("limit", [1, 2, 3, 5, 6])
def test_following_next_gives_every_change_once(client, limit):
    for number in range(1, 6):
        UnitFactory(code=f"1000{number}")
        UnitFactory(code=f"10{number}")

    found = read_changes(client, "communes", limit=limit)

    assert entries(found) == [("insert", f"1000{number}") for number in range(1, 6)]


@committed
def test_a_page_links_to_the_following_changes(changes, client):
    for number in range(1, 4):
        UnitFactory(code=f"1000{number}")
    numbers = list(Change.objects.values_list("seq", flat=True))

    first = changes("limit=2").json()
    last = client.get(links(first)["next"]).json()

    assert first["lastSeq"] == numbers[1]
    assert (entries(last["changes"]), last["lastSeq"]) == ([("insert", "10003")], numbers[2])
    assert "next" not in links(last)
    assert client.get(links(last)["changes"]).json()["changes"] == []
    UnitFactory(code="10004")
    assert entries(client.get(links(last)["changes"]).json()["changes"]) == [("insert", "10004")]


@pytest.mark.django_db
def test_an_empty_feed_is_a_valid_response(changes):
    answer = changes().json()

    assert (answer["changes"], answer["numberReturned"], answer["lastSeq"]) == ([], 0, 0)
    assert set(links(answer)) == {"self", "alternate", "changes", "collection", "items"}


@committed
def test_a_larger_limit_is_cut(changes, monkeypatch):
    monkeypatch.setattr("geodata.ogc.parameters.MAX_LIMIT", 2)
    for number in range(1, 4):
        UnitFactory(code=f"1000{number}")

    assert changes("limit=10001").json()["numberReturned"] == 2


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("query", "parameter"),
    [
        ("since=", "since"),
        ("since=-1", "since"),
        ("since=1.5", "since"),
        ("since=x", "since"),
        ("since=%D9%A3", "since"),
        ("since=9999999999999999999", "since"),
        ("since=1&since=2", "since"),
        # This number was never published.
        ("since=1", "since"),
        ("limit=0", "limit"),
        ("limit=x", "limit"),
        ("f=xml", "f"),
        ("cursor=x", "cursor"),
        ("bbox=1,2,3,4", "bbox"),
    ],
)
def test_a_bad_parameter_is_named(changes, query, parameter):
    response = changes(query)

    assert response.status_code == 400
    assert response["Content-Type"] == "application/problem+json"
    assert [error["parameter"] for error in response.json()["errors"]] == [parameter]


@committed
def test_since_may_be_the_number_of_another_collections_change(changes):
    """Numbers run through all collections, so that one is valid for all of them."""
    UnitFactory(code="10001")
    UnitFactory(code="101")
    newest = Change.objects.newest()

    assert changes(f"since={newest}").json()["lastSeq"] == newest
    assert changes(f"since={newest + 1}").status_code == 400


@pytest.mark.django_db
def test_the_changes_of_an_unknown_collection_are_a_404(changes):
    response = changes(collection="wards")

    assert response.status_code == 404
    assert response["Content-Type"] == "application/problem+json"


@committed
def test_a_page_of_changes_is_cached_until_the_data_change(changes):
    UnitFactory(code="10001")
    etag = changes()["ETag"]

    assert changes(**{"If-None-Match": etag}).status_code == 304
    UnitFactory(code="10002")
    assert changes(**{"If-None-Match": etag}).status_code == 200


@pytest.mark.django_db
def test_a_collection_links_to_its_changes(client):
    for address in ("/api/v1/collections/communes", "/api/v1/collections"):
        document = client.get(address).json()
        described = {c["id"]: c for c in document.get("collections", [document])}
        answer = client.get(links(described["communes"])["changes"]).json()
        assert answer["collection"] == "communes"


# --- synchronising a copy ----------------------------------------------------------------


@committed
def test_the_first_page_of_items_links_to_later_changes(client, items):
    for number in range(1, 4):
        UnitFactory(code=f"1000{number}")

    page = items("communes", "limit=2").json()
    Unit.objects.filter(code="10001").delete()
    UnitFactory(code="10004")

    follow = links(page)["changes"]
    assert entries(client.get(follow).json()["changes"]) == [
        ("delete", "10001"),
        ("insert", "10004"),
    ]
    # A later page has more changes, which earlier pages do not contain.
    assert "changes" not in links(client.get(links(page)["next"]).json())


@committed
def test_a_change_while_the_rows_are_read_is_not_missed(items, client, monkeypatch):
    """A change between the two queries is in the list, whether or not it is in the rows."""
    newest_change = ItemsView.newest_change

    def with_a_writer_behind(view, collection):
        newest = newest_change(view, collection)
        UnitFactory(code="10002")
        return newest

    UnitFactory(code="10001")
    monkeypatch.setattr(ItemsView, "newest_change", with_a_writer_behind)

    page = items("communes").json()

    assert [feature["id"] for feature in page["features"]] == ["10001", "10002"]
    follow = client.get(links(page)["changes"]).json()
    assert entries(follow["changes"]) == [("insert", "10002")]


@committed
def test_the_newest_change_is_queried_once_per_revision(items, django_assert_num_queries):
    UnitFactory(code="10001")
    items("communes")

    # The revision and the rows.
    with django_assert_num_queries(2):
        items("communes")


@committed
def test_a_polling_client_misses_nothing_of_many_writers(client):
    """While four insert, edit, withdraw and delete, one reads with a small limit."""
    codes = itertools.count(1)
    done = threading.Event()

    def write(seed):
        dice = random.Random(seed)
        own = []
        try:
            for _ in range(25):
                with transaction.atomic():
                    for _ in range(dice.randint(1, 3)):
                        act = dice.choice(
                            ["insert", "insert", "edit", "withdraw", "publish", "delete"]
                        )
                        if act == "insert" or not own:
                            own.append(ProductFactory(code=f"W-{next(codes)}", published=True).pk)
                            continue
                        product = Product.objects.filter(pk=dice.choice(own))
                        if act == "edit":
                            product.update(name=f"Tên {dice.random()}")
                        elif act == "withdraw":
                            product.update(**GONE)
                        elif act == "publish":
                            product.exclude(published_at=None).update(state=State.PUBLISHED)
                        else:
                            product.delete()
                    transaction.set_rollback(dice.random() < 0.1)
        finally:
            connections.close_all()

    def read():
        """All that is seen until the writers are done and nothing is left."""
        seen, since = [], 0
        try:
            while True:
                last_time = done.is_set()
                answer = (
                    Client()
                    .get(f"/api/v1/collections/products/changes?since={since}&limit=3")
                    .json()
                )
                seen += answer["changes"]
                since = answer["lastSeq"]
                if last_time and not answer["changes"]:
                    return seen
        finally:
            connections.close_all()

    with ThreadPoolExecutor(5) as pool:
        future = pool.submit(read)
        writers = [pool.submit(write, seed) for seed in range(4)]
        for writer in writers:
            writer.exception()
        done.set()
        seen = future.result()
    for writer in writers:
        writer.result()

    assert seen == read_changes(client, "products")
    assert {change["op"] for change in seen} == {"insert", "update", "delete"}
    page = client.get("/api/v1/collections/products/items?limit=10000").json()
    assert replay(seen) == {feature["id"] for feature in page["features"]}


# --- the order of commits ------------------------------------------------------------------


@committed
def test_numbers_follow_commits_and_not_the_starts_of_transactions():
    def commit_another():
        UnitFactory(code="10002")
        return list(Change.objects.values_list("feature_id", flat=True))

    with transaction.atomic():
        UnitFactory(code="10001")
        with meanwhile(commit_another) as other:
            assert other.result() == ["10002"]

    assert list(Change.objects.values_list("feature_id", flat=True)) == ["10002", "10001"]


@committed
def test_the_second_commit_gets_no_number_before_the_first_is_visible():
    """Else a client would see the second, continue after it and never get the first."""
    transaction.set_autocommit(False)
    try:
        UnitFactory(code="10001")
        with connection.cursor() as cursor:
            # What a commit does first: now this transaction has its numbers.
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        with meanwhile(lambda: UnitFactory(code="10002")) as other:
            wait_until_somebody_waits_for_a_lock()
            with meanwhile(Change.objects.count) as future:
                assert future.result() == 0
            assert not other.done()
            transaction.commit()
    finally:
        transaction.set_autocommit(True)

    assert list(Change.objects.values_list("feature_id", flat=True)) == ["10001", "10002"]


@committed
def test_a_feature_linked_by_another_transaction_is_listed():
    """Who edits a source does not see, until it commits, the unit that has just got it."""
    unit, source = UnitFactory(code="10001"), SourceFactory(title="Nghị quyết")
    before = Change.objects.newest()

    with transaction.atomic():
        Source.objects.filter(pk=source.pk).update(title="Nghị quyết 1")
        with meanwhile(lambda: Unit.objects.filter(pk=unit.pk).update(source=source)) as other:
            other.result()

    listed = Change.objects.filter(seq__gt=before).values_list("op", "feature_id")
    assert list(listed) == [("update", "10001"), ("update", "10001")]


@pytest.mark.django_db
def test_an_entry_made_early_in_a_transaction_has_its_final_result():
    """A transaction may have its constraints checked before it ends."""
    unit = UnitFactory(code="10001")
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        Unit.objects.filter(pk=unit.pk).update(name="Vĩnh Hậu")
        unit.delete()

    assert [change.op for change in Change.objects.all()] == ["insert", "delete"]


# --- what is stored --------------------------------------------------------------------------


@committed
def test_changes_of_private_data_are_not_listed():
    UserFactory()
    SourceFactory()
    UnitFactory(code="99")
    ProductFactory()

    assert Change.objects.count() == 0


@committed
@pytest.mark.parametrize(
    "sql", ["UPDATE geodata_change SET op = 'delete'", "DELETE FROM geodata_change"]
)
def test_entries_cannot_be_changed_or_deleted(sql):
    UnitFactory(code="10001")

    with (
        pytest.raises(DatabaseError, match=r"Cannot (update|delete)"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(sql)

    assert Change.objects.get().op == "insert"


@pytest.mark.django_db
def test_nothing_is_listed_without_the_lock_of_the_revision():
    with pytest.raises(DatabaseError, match="before the revision"), connection.cursor() as cursor:
        cursor.execute("SELECT geodata_list_change('communes', '10001', true)")
