"""The data's revision rises by one with every transaction that changes public data."""

import datetime

import pytest
from django.db import connection, transaction
from django.utils import timezone

from districts.models import Unit
from geodata.models import ImportRun, Revision, Source
from geodata.revision import DataRevision, current_revision
from products.ocop.models import Product
from tests.concurrency import meanwhile, wait_until_somebody_waits_for_a_lock
from tests.factories import (
    ProducerFactory,
    ProductFactory,
    RatingFactory,
    SourceFactory,
    UnitFactory,
    UserFactory,
    editor_of,
)


def number():
    return current_revision().number


def commits(act):
    """By how much the revision rises when `act()` is one transaction."""
    before = number()
    with transaction.atomic():
        act()
    return number() - before


@pytest.mark.django_db(transaction=True)
def test_a_transaction_counts_once_however_much_it_changes():
    assert number() == 0
    assert commits(SourceFactory) == 1
    assert commits(lambda: [SourceFactory() for _ in range(3)]) == 1
    assert commits(lambda: (ProducerFactory(), ProductFactory(), UnitFactory())) == 1
    assert commits(lambda: Source.objects.update(publisher="Báo")) == 1
    assert commits(lambda: Product.objects.all().delete()) == 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE geodata_source SET publisher = 'Báo'",
        "INSERT INTO geodata_source (title, publisher, document_number, url, licence)"
        " VALUES ('Quyết định', '', '', '', '')",
        "DELETE FROM geodata_source",
    ],
)
def test_plain_sql_counts(sql):
    SourceFactory()
    before = number()

    with connection.cursor() as cursor:
        cursor.execute(sql)

    assert number() == before + 1


@pytest.mark.django_db(transaction=True)
def test_a_rolled_back_transaction_does_not_count():
    unit = UnitFactory()
    before = number()

    with transaction.atomic():
        Unit.objects.update(name="B")
        transaction.set_rollback(True)
    with transaction.atomic(), transaction.atomic():
        Unit.objects.filter(pk=unit.pk).update(name="C")
        transaction.set_rollback(True)

    assert number() == before


@pytest.mark.django_db(transaction=True)
def test_a_change_beside_a_rolled_back_savepoint_counts_once():
    before = number()

    with transaction.atomic():
        with transaction.atomic():
            SourceFactory()
            transaction.set_rollback(True)
        SourceFactory()

    assert number() == before + 1


@pytest.mark.django_db(transaction=True)
def test_a_change_of_private_data_does_not_count():
    unit = UnitFactory()
    before = number()

    UserFactory()
    editor_of(unit)
    ImportRun.objects.create(kind="x", file_name="x", sha256="", applied=False, report={})

    assert number() == before


@pytest.mark.django_db(transaction=True)
def test_a_rating_counts_as_the_change_of_public_data_that_it_is():
    product = ProductFactory()

    assert commits(lambda: RatingFactory(product=product)) == 1


@pytest.mark.django_db(transaction=True)
def test_the_later_commit_has_the_higher_number():
    """Not the transaction that began later."""

    def commit_another():
        SourceFactory()
        return number()

    with transaction.atomic():
        SourceFactory(title="began first")
        with meanwhile(commit_another) as other:
            between = other.result()
    after = number()

    assert (between, after) == (1, 2)


@pytest.mark.django_db(transaction=True)
def test_simultaneous_commits_are_serialised():
    """While one has its number but is not yet visible, the other gets none: a client in between
    would otherwise cache a response under a number that is not final.
    """
    transaction.set_autocommit(False)
    try:
        SourceFactory()
        with connection.cursor() as cursor:
            # What a commit does first: now this transaction has its number.
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        with meanwhile(SourceFactory) as other:
            wait_until_somebody_waits_for_a_lock()
            with meanwhile(lambda: (number(), Source.objects.count())) as reader:
                assert reader.result() == (0, 0)
            assert not other.done()
            transaction.commit()
    finally:
        transaction.set_autocommit(True)

    assert (number(), Source.objects.count()) == (2, 2)


@pytest.mark.django_db
def test_the_revision_of_an_empty_database_is_zero(on_day):
    day = on_day("2026-11-23")

    assert current_revision() == DataRevision(0, None, day)


def test_the_name_of_a_revision_differs_with_number_day_and_database():
    """Numbers begin again in a database that was created again."""
    day = datetime.date(2026, 11, 23)
    moment = timezone.make_aware(datetime.datetime(2026, 11, 23, 8))
    revisions = [
        DataRevision(1, moment, day),
        DataRevision(2, moment, day),
        DataRevision(1, moment + datetime.timedelta(hours=1), day),
        DataRevision(1, moment, day + datetime.timedelta(1)),
    ]

    assert len({str(revision) for revision in revisions}) == 4


def test_cache_keys_are_valid_for_every_cache():
    moment = timezone.make_aware(datetime.datetime(2026, 11, 23, 8, 0, 0, 5))
    revision = DataRevision(1, moment, datetime.date(2026, 11, 23))

    assert revision.remember("key", lambda: "a") == "a"


def test_last_modified_of_a_revision_is_never_before_midnight_in_viet_nam():
    """Statuses change by the calendar."""
    day = datetime.date(2026, 11, 23)
    midnight = timezone.make_aware(datetime.datetime(2026, 11, 23))
    hour = datetime.timedelta(hours=1)

    assert midnight.isoformat() == "2026-11-23T00:00:00+07:00"
    assert DataRevision(1, midnight - hour, day).last_modified == midnight
    assert DataRevision(1, midnight + hour, day).last_modified == midnight + hour
    assert DataRevision(0, None, day).last_modified == midnight


@pytest.mark.django_db
def test_cached_values_are_those_of_one_revision_and_day():
    day = datetime.date(2026, 11, 23)
    first = DataRevision(1, None, day)

    assert first.remember("key", lambda: "a") == "a"
    assert first.remember("key", lambda: "b") == "a"
    assert first.remember("other", lambda: "b") == "b"
    assert DataRevision(2, None, day).remember("key", lambda: "c") == "c"
    tomorrow = day + datetime.timedelta(1)
    assert DataRevision(1, None, tomorrow).remember("key", lambda: "d") == "d"


@pytest.mark.django_db
@pytest.mark.parametrize("nothing", [0, "", [], None])
def test_none_is_cached_as_well(nothing):
    calls = []

    def compute():
        calls.append(1)
        return nothing

    revision = DataRevision(1, None, datetime.date(2026, 11, 23))
    assert [revision.remember("key", compute) for _ in range(2)] == [nothing, nothing]
    assert len(calls) == 1


@pytest.mark.django_db
def test_there_is_never_a_second_revision_row():
    SourceFactory()
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
    SourceFactory()

    assert Revision.objects.count() == 1
