"""The stored features equal what the records give, whatever was written and whatever the day."""

import datetime
import random
from contextlib import ExitStack, suppress
from io import StringIO

import pytest
from django.core.exceptions import ObjectDoesNotExist
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.test import override_settings

from geodata.collection import collections
from geodata.feature_tables import compare
from geodata.models import FeatureCount, SitePages
from geodata.pages import write_site_pages
from geodata.revision import current_revision
from geodata.spans import span_of
from products.ocop.collections import PRODUCTS
from products.ocop.models import EXPIRING_DAYS
from tests.concurrency import meanwhile, wait_until_somebody_waits_for_a_lock
from tests.factories import IpRightFactory, PhotoFactory, ProductFactory, RatingFactory
from tests.products.dataset import SHOWN, Dataset, by_sql, random_actions, saved, updated
from tests.rows import prepared

ITEMS = "/api/v1/collections/products/items"
ONE_DAY = datetime.timedelta(days=1)


@prepared
def dataset():
    return Dataset()


def different():
    """{id of a collection: ids of the features that differ from the records}; {} if none does."""
    found = {id: compare(collection).different for id, collection in collections().items()}
    return {id: ids for id, ids in found.items() if ids}


def counted_wrong():
    """Ids of the collections whose number of features is not that of their rows."""
    return [
        id
        for id, collection in collections().items()
        if collection.count() != collection.public().count()
    ]


# --- every way of writing, every day --------------------------------------------------------


def test_features_equal_the_records_after_random_edits(dataset, on_day):
    rng = random.Random(20261128)
    actions = random_actions(dataset, rng)

    def write_something_shown():
        path, values, _shown = rng.choice(SHOWN)
        # Another action may have deleted it.
        with suppress(ObjectDoesNotExist):
            rng.choice([saved, updated, by_sql])(dataset[path], values)

    # From the years before the ratings to those after them.
    first = datetime.date(2018, 1, 1)
    for _ in range(30):
        for action in rng.choices([*actions, write_something_shown], k=rng.randint(1, 4)):
            action()
        on_day((first + rng.randrange(4_500) * ONE_DAY).isoformat())

        assert different() == {}
        assert counted_wrong() == []


# A record of each table that a feature shows, with a value that it shows. (A rating raises the
# version of its product, whose own trigger then suffices.)
OF_EACH_TABLE = [
    ("product", {"name": "Nho"}),
    ("right", {"name": "Nho Minh Thuần"}),
    ("producer", {"name": "HTX Thái An"}),
    ("category", {"name": "thực phẩm"}),
    # A new name changes the search text of its products, whose own trigger then suffices.
    ("type", {"code": "red_wine"}),
    ("ingredient_type", {"code": "red_grape"}),
    ("district", {"name": "Minh Hải"}),
    ("succession.successor", {"code": "82741"}),
    ("product.source", {"url": "https://example.org/new"}),
]


@pytest.mark.parametrize(("path", "values"), OF_EACH_TABLE, ids=[path for path, _ in OF_EACH_TABLE])
def test_the_comparison_notices_a_missing_trigger(dataset, path, values):
    record = dataset[path]
    table = record._meta.db_table
    assert different() == {}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tgname FROM pg_trigger"
            " WHERE tgrelid = %s::regclass AND starts_with(tgname, 'pgtrigger_list_changes')",
            [table],
        )
        for (trigger,) in cursor.fetchall():
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER {trigger}")

    updated(record, values)

    assert different()


@pytest.mark.django_db(transaction=True)
def test_a_bulk_change_is_written_once(dataset):
    """One statement writes all features that a unit shows, not one for each."""
    for number in range(20):
        dataset.make_product(f"C-{number}", published=True)
    with connection.cursor() as cursor:
        cursor.execute("SET track_functions = 'all'")
        before = _calls(cursor)

        updated(dataset.district, {"name": "Minh Hải"})

        assert _calls(cursor) == before + 1
        cursor.execute("RESET track_functions")
    assert different() == {}


@pytest.mark.django_db(transaction=True)
def test_two_transactions_that_write_the_same_feature_wait_for_each_other(dataset):
    """Also one that does not increase the revision: a photo raises the product's version only."""
    source = dataset.product.source
    with ExitStack() as stack, transaction.atomic():
        updated(dataset.category, {"name": "thực phẩm"})
        with connection.cursor() as cursor:
            # As the commit does; the features are written and not visible yet.
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        added = stack.enter_context(
            meanwhile(lambda: PhotoFactory(product=dataset.product, source=source))
        )
        wait_until_somebody_waits_for_a_lock()

    assert added.result().product == dataset.product
    assert different() == {}


def _calls(cursor):
    """How often the function that writes products was called."""
    cursor.execute("SELECT pg_stat_force_next_flush()")
    cursor.execute(
        "SELECT coalesce(pg_stat_get_function_calls('geodata_write_products'::regproc), 0)"
    )
    return cursor.fetchone()[0]


# --- dates ---------------------------------------------------------------------------------


def test_status_and_stars_change_at_midnight_without_a_job(db, client, on_day, clear_caches):
    """Decided on a day of 2024: it holds to a day of 2027."""
    product = ProductFactory(code="MAU-1", published=True)
    RatingFactory(product=product, stars=4, decided=span_of(2024))
    first_end = datetime.date(2027, 1, 1)
    statuses = [
        (datetime.date(2023, 12, 31), "none", None),
        (datetime.date(2024, 1, 1), "valid", 4),
        (first_end - EXPIRING_DAYS * ONE_DAY - ONE_DAY, "valid", 4),
        (first_end - EXPIRING_DAYS * ONE_DAY, "expiring", 4),
        (first_end, "expiring", 4),
        (first_end + ONE_DAY, "unknown", None),
        (datetime.date(2027, 12, 31), "unknown", None),
        (datetime.date(2028, 1, 1), "expired", None),
    ]

    for day, status, stars in statuses:
        on_day(day.isoformat())
        clear_caches()
        (feature,) = client.get(f"{ITEMS}?ocop_status={status}").json()["features"]
        properties = feature["properties"]
        assert (day, properties["ocop_status"], properties["stars"]) == (day, status, stars)
        assert different() == {}


def test_a_revocation_and_the_next_rating_change_a_feature_on_their_days(db, on_day):
    product = ProductFactory(code="MAU-1", published=True)
    RatingFactory(product=product, stars=3, decided=span_of(2024, 1, 10), revoked_on="2024-06-01")
    RatingFactory(product=product, stars=4, decided=span_of(2024, 9, 1))
    found = []

    for day in ("2024-05-31", "2024-06-01", "2024-08-31", "2024-09-01"):
        on_day(day)
        found.append(PRODUCTS.public().values_list("ocop_status", "rated_stars").get())
        assert different() == {}

    assert found == [("valid", 3), ("revoked", 3), ("revoked", 3), ("valid", 4)]


def test_the_status_of_a_mark_changes_after_its_term(db, on_day):
    IpRightFactory(code="R-1", published=True, kind="trademark", filed=span_of(2015, 5, 6))
    protections = collections()["protections"]
    found = []

    for day in ("2025-05-06", "2025-05-07"):
        on_day(day)
        found.append(protections.public().values_list("status", flat=True).get())
        assert different() == {}

    assert found == ["unknown", "renewal_unknown"]


def test_periods_that_are_over_are_not_stored(db):
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL geodata.features_since = ''")
    old = ProductFactory(code="MAU-1", published=True)
    RatingFactory(product=old, decided=span_of(2015, 5, 6))

    assert PRODUCTS.public().count() == 1
    assert PRODUCTS.model.objects.count() == 1


# --- texts of another release or site --------------------------------------------------------


def test_a_text_of_another_release_is_not_served(dataset, client):
    expected = client.get(ITEMS).json()["features"]
    PRODUCTS.model.objects.update(written_with="old", feature_json='{"type": "Feature"}')

    assert client.get(ITEMS).json()["features"] == expected
    assert compare(PRODUCTS).different == []
    assert len(compare(PRODUCTS).outdated) == len(expected)

    call_command("features", "repair", "products", stdout=StringIO())

    assert compare(PRODUCTS).outdated == []
    assert client.get(ITEMS).json()["features"] == expected


def test_another_address_of_the_site_is_in_the_features_at_once(dataset, client):
    with override_settings(SITE_URL="https://ocop.example"):
        (first, *_others) = client.get(ITEMS).json()["features"]

        assert first["properties"]["url"].startswith("https://ocop.example/san-pham/")
        assert compare(PRODUCTS).different == []


def test_a_server_writes_the_addresses_of_its_pages(dataset, client):
    before = SitePages.objects.get().fingerprint
    with override_settings(SITE_URL="https://ocop.example"):
        write_site_pages()
        updated(dataset.product, {"name": "Nho"})

        # The text that was written afterwards is of this site, the other one is not.
        assert SitePages.objects.get().fingerprint != before
        assert compare(PRODUCTS).outdated == ["A-3"]
        feature = client.get(f"{ITEMS}/A-1").json()
        assert feature["properties"]["url"].startswith("https://ocop.example/san-pham/A-1-nho/")
    # A command with another SITE_URL than the server has nothing to repair.
    assert compare(PRODUCTS).outdated == ["A-3"]
    assert compare(PRODUCTS).different == []


# --- the command ----------------------------------------------------------------------------


def test_differences_are_reported_and_repaired(dataset):
    updated(dataset.district, {"name": "Minh Hải"})
    assert different() == {}
    revision = current_revision().number
    PRODUCTS.model.objects.filter(feature_id="A-1").update(name="sai")
    PRODUCTS.model.objects.filter(feature_id="A-3").delete()

    output = StringIO()
    with pytest.raises(CommandError):
        call_command("features", "check", stdout=output)
    assert "A-1" in output.getvalue()
    assert "A-3" in output.getvalue()
    assert different() == {"products": ["A-1", "A-3"]}

    call_command("features", "repair", stdout=output)

    assert different() == {}
    # Caches and browsers must not keep what was wrong.
    assert current_revision().number == revision + 1
    call_command("features", "check", "--sample", "2", stdout=output)


def test_writing_all_features_again_corrects_their_number(dataset):
    assert different() == {}
    FeatureCount.objects.filter(collection="products").update(number=99)

    with pytest.raises(CommandError):
        call_command("features", "check", "products", stdout=StringIO())
    call_command("features", "write", "products", stdout=StringIO())

    assert counted_wrong() == []
    call_command("features", "check", "products", stdout=StringIO())


def test_an_unknown_collection_is_refused(db):
    with pytest.raises(CommandError, match="wines"):
        call_command("features", "check", "wines", stdout=StringIO())


# --- the columns ----------------------------------------------------------------------------


@pytest.mark.parametrize("collection", collections().values(), ids=collections())
def test_a_table_has_a_column_for_every_property_and_filter(collection):
    columns = {field.name for field in collection.model._meta.fields}

    assert {collection.column_of(name) for name in collection.expressions} <= columns
