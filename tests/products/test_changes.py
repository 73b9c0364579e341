"""A change of any value that a feature displays is listed as an update of that feature."""

import random

import pytest
from django.db import connection, transaction

from districts.models import Level
from geodata.collection import collections
from geodata.models import Change
from products.ocop.models import Product
from products.register.states import State
from products.rights.models import AreaUnit, IpRight
from tests.factories import (
    SINCE_THE_CHANGE,
    BoundaryFactory,
    IpRightFactory,
    ProducerFactory,
    ProductFactory,
    ProtectedProductFactory,
    RatingFactory,
    SourceFactory,
    SuccessionFactory,
    UnitFactory,
)
from tests.products.dataset import (
    NEW,
    NOON,
    OLD,
    SHOWN,
    THERE,
    D,
    Dataset,
    by_sql,
    random_actions,
    saved,
    updated,
)
from tests.replay import listed_by, public_features, read_changes, replay
from tests.rows import prepared

pytestmark = pytest.mark.django_db(transaction=True)


@prepared
def dataset():
    return Dataset()


WRITE_METHODS = pytest.mark.parametrize("write", [saved, updated, by_sql])


def updates(text):
    """`updates("products/A-1")` in the format of listed_by()."""
    return {tuple(key.split("/")): "update" for key in text.split()}


GONE = {"state": State.WITHDRAWN, "state_reason": "Chủ thể yêu cầu"}


@WRITE_METHODS
def test_a_change_of_a_displayed_value_lists_every_feature_that_shows_it(dataset, write):
    # One dataset for all cases: creating it takes longer than all the writes.
    for path, values, shown in SHOWN:
        record = dataset[path]
        listed = listed_by(lambda record=record, values=values: write(record, values))
        assert (path, values, listed) == (path, values, updates(shown))


@WRITE_METHODS
def test_withdrawing_lists_a_delete_and_updates_of_dependent_features(dataset, write):
    product, right, producer = dataset["product"], dataset["right"], dataset["producer"]

    assert listed_by(lambda: write(right, GONE)) == {
        ("protections", "R-1"): "delete",
        ("products", "A-1"): "update",
    }
    assert listed_by(lambda: write(producer, GONE)) == {
        ("producers", "P-1"): "delete",
        ("products", "A-1"): "update",
        ("sales-points", "S-1"): "update",
        ("craft-villages", "V-1"): "update",
    }
    assert listed_by(lambda: write(product, GONE)) == {("products", "A-1"): "delete"}


@WRITE_METHODS
def test_publishing_again_lists_an_insert(dataset, write):
    product = dataset["product"]
    back = {"state": State.PUBLISHED, "published_at": NOON}
    counted = updates("producers/P-1 protections/R-1")

    assert listed_by(lambda: write(product, GONE)) == {("products", "A-1"): "delete"} | counted
    assert listed_by(lambda: write(product, {"state": State.DRAFT})) == {}
    assert listed_by(lambda: write(product, back)) == {("products", "A-1"): "insert"} | counted


@WRITE_METHODS
def test_changing_the_producer_lists_updates_of_both_producers(dataset, write):
    product, draft = dataset["product"], dataset["draft"]
    other = {"producer_id": dataset.other.pk}

    assert listed_by(lambda: write(product, other)) == updates(
        "products/A-1 producers/P-1 producers/P-2"
    )
    assert listed_by(lambda: write(draft, other)) == {}


@WRITE_METHODS
def test_changing_the_successor_lists_updates_of_all_units_involved(dataset, write):
    third = UnitFactory(code="82741", validity=SINCE_THE_CHANGE)
    values = {"successor_id": third.pk}

    assert listed_by(lambda: write(dataset["succession"], values)) == updates(
        f"{OLD} {NEW} communes/82741-2024-03-01"
    )


@pytest.mark.parametrize("write", [updated, by_sql])
def test_changing_a_code_lists_a_delete_and_an_insert(dataset, write):
    product = dataset["product"]

    assert listed_by(lambda: write(product, {"code": "A-9"})) == {
        ("products", "A-1"): "delete",
        ("products", "A-9"): "insert",
    }
    assert listed_by(lambda: write(dataset["draft"], {"code": "A-8"})) == {}
    # A product of its type shows the code of the right.
    assert listed_by(lambda: write(dataset["right"], {"code": "R-9"})) == {
        ("protections", "R-1"): "delete",
        ("protections", "R-9"): "insert",
        ("products", "A-9"): "update",
    }


@WRITE_METHODS
def test_the_name_of_a_right_is_not_that_of_products_with_its_goods_alone(dataset, write):
    ProductFactory(code="A-4", type=dataset.type, published=True)

    assert listed_by(lambda: write(dataset["right"], {"name": "Vang"})) == updates(
        "products/A-1 protections/R-1"
    )
    assert listed_by(lambda: write(dataset["right"], {"stage": IpRight.Stage.EXPIRED})) == updates(
        "products/A-1 products/A-4 protections/R-1"
    )


@WRITE_METHODS
def test_changing_the_level_of_a_unit_moves_it_to_another_collection(dataset, write):
    commune = {"level": Level.COMMUNE, "code": "82739"}

    assert listed_by(lambda: write(dataset["district"], commune)) == {
        ("districts", "992"): "delete",
        ("communes", "992"): "insert",
    } | updates(f"{OLD} {THERE}")


def deleted(record):
    record.delete()


def deleted_by_sql(record):
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {record._meta.db_table} WHERE id = %s", [record.pk])


@pytest.mark.parametrize("delete", [deleted, deleted_by_sql])
def test_deleting_a_dependent_row_lists_updates_of_its_features(dataset, delete):
    assert listed_by(lambda: delete(dataset.rating)) == updates("products/A-1")
    assert listed_by(lambda: delete(dataset.draft_rating)) == {}
    assert listed_by(lambda: delete(dataset.protected)) == updates("products/A-1 protections/R-1")
    assert listed_by(lambda: delete(dataset.succession)) == updates(f"{OLD} {NEW}")
    assert listed_by(lambda: delete(dataset.boundary)) == updates(OLD)


def test_deleting_a_record_lists_it_and_its_dependents(dataset):
    right, product = dataset["right"], dataset["product"]

    assert listed_by(right.delete) == {
        ("protections", "R-1"): "delete",
        ("products", "A-1"): "update",
    }
    assert listed_by(product.delete) == {
        ("products", "A-1"): "delete",
        ("producers", "P-1"): "update",
    }
    assert listed_by(dataset.draft.delete) == {}


def test_creating_a_dependent_row_lists_updates_of_its_features(dataset):
    def made(factory, **values):
        return listed_by(lambda: factory(**values))

    assert made(RatingFactory, product=dataset.of_draft) == updates("products/A-3")
    assert made(ProtectedProductFactory, right=dataset.right, product=dataset.of_draft) == updates(
        "products/A-3 protections/R-1"
    )
    assert made(SuccessionFactory, predecessor=dataset.district, successor=dataset.new) == updates(
        f"{D} {NEW}"
    )
    assert made(BoundaryFactory, unit=dataset.new) == updates(NEW)
    assert made(BoundaryFactory, unit=dataset.district) == updates(D)


def test_creating_an_unpublished_record_lists_nothing(dataset):
    def made(factory, **values):
        return listed_by(lambda: factory(**values))

    assert made(dataset.make_product, code="A-4") == {}
    assert made(RatingFactory, product=Product.objects.get(code="A-4")) == {}
    assert made(ProducerFactory) == made(IpRightFactory) == made(SourceFactory) == {}
    assert made(UnitFactory, code="59") == {}
    # The area is a column of the right; its parts alone are not displayed.
    assert made(AreaUnit.objects.create, right=dataset.right, unit=dataset.old) == {}


def test_creating_a_published_record_lists_an_insert(dataset):
    assert listed_by(lambda: dataset.make_product("A-4", published=True)) == {
        ("products", "A-4"): "insert"
    } | updates("producers/P-1")
    assert listed_by(lambda: ProducerFactory(code="P-4", published=True)) == {
        ("producers", "P-4"): "insert"
    }
    assert listed_by(lambda: IpRightFactory(code="R-4", published=True)) == {
        ("protections", "R-4"): "insert"
    }


def test_saving_without_a_change_lists_nothing(dataset):
    for record in (dataset.product, dataset.producer, dataset.right, dataset.old, dataset.rating):
        record.refresh_from_db()
        assert listed_by(record.save) == {}
    assert listed_by(lambda: Product.objects.update(search_text="")) == {}


def test_a_transaction_lists_each_feature_once_with_its_final_operation(dataset):
    def revert_changes():
        with transaction.atomic():
            updated(dataset.product, GONE)
            ProductFactory(code="A-4", published=True).delete()
            updated(dataset.producer, {"name": "HTX Một"})
            updated(dataset.product, {"state": State.PUBLISHED, "name": "Nho"})
            updated(dataset.producer, {"name": "HTX Hai"})
            updated(dataset.draft, {"state": State.PUBLISHED, "published_at": NOON})
            updated(dataset.draft, {"state": State.DRAFT})

    assert listed_by(revert_changes) == updates("products/A-1 producers/P-1 protections/R-1")


def test_the_second_change_of_a_record_in_a_transaction_is_not_lost(dataset):
    """updated_at is the start of the transaction, so the second change does not alter it."""

    def noted_and_renamed():
        with transaction.atomic():
            updated(dataset.product, {"note": "Hỏi lại"})
            updated(dataset.product, {"code": "A-9"})

    assert listed_by(noted_and_renamed) == {
        ("products", "A-1"): "delete",
        ("products", "A-9"): "insert",
    }


BACK = {"state": State.PUBLISHED}


@pytest.mark.parametrize(
    ("first", "second", "ops"),
    [
        ({"name": "Nho"}, GONE, ["update", "delete"]),
        (GONE, BACK, ["delete", "insert"]),
        ({"name": "Nho"}, {"name": "Táo"}, ["update"]),
    ],
)
def test_changes_after_an_early_constraint_check_are_listed(dataset, first, second, ops):
    """loaddata and migrations check constraints before the end of a transaction."""
    newest = Change.objects.newest()

    with transaction.atomic():
        updated(dataset.product, first)
        connection.check_constraints()
        updated(dataset.product, second)

    listed = Change.objects.filter(seq__gt=newest, collection="products", feature_id="A-1")
    assert [change.op for change in listed] == ops


def test_changes_rolled_back_to_a_savepoint_are_not_listed(dataset):
    def half():
        with transaction.atomic():
            with transaction.atomic():
                updated(dataset.producer, {"name": "HTX Một"})
                updated(dataset.product, GONE)
                transaction.set_rollback(True)
            updated(dataset.right, {"owner": "Sở"})

    def nothing():
        with transaction.atomic():
            updated(dataset.product, GONE)
            transaction.set_rollback(True)

    assert listed_by(half) == updates("protections/R-1")
    assert listed_by(nothing) == {}


def test_the_change_feed_contains_no_draft(dataset, client):
    ids = {change["id"] for name in collections() for change in read_changes(client, name)}

    assert ids == {
        "992",
        "82738",
        "82740-2024-03-01",
        "A-1",
        "A-3",
        "P-1",
        "P-2",
        "R-1",
        "S-1",
        "V-1",
    }


def test_replaying_the_change_feed_yields_the_public_features(dataset, client):
    """Random changes: published() and the triggers must agree on what is public."""
    rng = random.Random(20261124)
    actions = random_actions(dataset, rng)

    def a_few():
        with transaction.atomic():
            for action in rng.choices(actions, k=rng.randint(2, 5)):
                action()

    for _ in range(40):
        listed_by(a_few)

    public = public_features()
    for name in collections():
        ids = {key for collection, key in public if collection == name}
        assert replay(read_changes(client, name)) == ids
