"""Whatever shows in a feature is, when it changes, a change of that feature."""

import datetime
import random

import pytest
from django.db import connection, transaction
from django.utils import timezone

from districts.models import Level
from geodata.collection import collections
from geodata.models import Change
from products.ocop.models import OcopRating, Product, ProtectedProduct
from products.register.states import State
from products.rights.models import AreaUnit, IpRight
from tests.factories import (
    SINCE_THE_CHANGE,
    UNTIL_THE_CHANGE,
    BoundaryFactory,
    CategoryFactory,
    IpRightFactory,
    ProducerFactory,
    ProductFactory,
    ProtectedProductFactory,
    RatingFactory,
    SourceFactory,
    SuccessionFactory,
    UnitFactory,
    square,
)
from tests.replay import listed_by, public_features, read_changes, replay
from tests.rows import prepared

pytestmark = pytest.mark.django_db(transaction=True)


NOON = timezone.make_aware(datetime.datetime(2026, 11, 23, 12))


class World:
    """One of everything, linked, and beside it the drafts that could leak."""

    def __init__(self):
        self.district = UnitFactory(code="582", validity=UNTIL_THE_CHANGE)
        self.old = UnitFactory(code="22738", parent=self.district, validity=UNTIL_THE_CHANGE)
        self.new = UnitFactory(code="22740", validity=SINCE_THE_CHANGE)
        self.boundary = BoundaryFactory(unit=self.old)
        self.succession = SuccessionFactory(predecessor=self.old, successor=self.new)
        self.category = CategoryFactory(name="đồ uống")
        self.producer = ProducerFactory(code="P-1", published=True, declared_commune=self.old)
        self.other = ProducerFactory(code="P-2", published=True)
        self.product = self.make_product("A-1", published=True)
        self.rating = RatingFactory(product=self.product)
        self.right = IpRightFactory(code="R-1", published=True)
        self.protected = ProtectedProductFactory(right=self.right, product=self.product)

        self.draft = self.make_product("A-2")
        self.draft_rating = RatingFactory(product=self.draft)
        self.draft_producer = ProducerFactory(code="P-3")
        self.of_draft = ProductFactory(code="A-3", published=True, producer=self.draft_producer)
        self.draft_right = IpRightFactory(code="R-2")
        ProtectedProductFactory(right=self.draft_right, product=self.product)
        ProtectedProductFactory(right=self.right, product=self.draft)

    def make_product(self, code, **values):
        return ProductFactory(
            code=code,
            producer=self.producer,
            category=self.category,
            declared_commune=self.old,
            **values,
        )

    def __getitem__(self, path):
        """`world["product.source"]`, as it is now."""
        record = self
        for name in path.split("."):
            record = getattr(record, name)
        record.refresh_from_db()
        return record


@prepared
def world():
    return World()


def saved(record, values):
    for name, value in values.items():
        setattr(record, name, value)
    record.save()


def updated(record, values):
    type(record).objects.filter(pk=record.pk).update(**values)


def by_sql(record, values):
    table = record._meta.db_table
    columns = ", ".join(f"{record._meta.get_field(name).column} = %s" for name in values)
    written = [getattr(value, "ewkt", value) for value in values.values()]
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE {table} SET {columns} WHERE id = %s", [*written, record.pk])


WAYS = pytest.mark.parametrize("write", [saved, updated, by_sql])


def updates(text):
    """`updates("products/A-1")` as listed_by() tells it."""
    return {tuple(key.split("/")): "update" for key in text.split()}


GONE = {"state": State.WITHDRAWN, "state_reason": "Chủ thể yêu cầu"}
D, OLD, NEW = "districts/582", "communes/22738", "communes/22740-2025-07-01"

# What is written where → the features of which it is an update.
SHOWN = [
    ("district.source", {"title": "Nghị quyết"}, D),
    ("old.source", {"title": "Nghị quyết"}, OLD),
    ("old.source", {"publisher": "Quốc hội"}, ""),
    ("product.source", {"url": "https://example.org/new-a"}, "products/A-1"),
    ("producer.source", {"url": "https://example.org/new-b"}, "producers/P-1"),
    ("right.source", {"url": "https://example.org/new-c"}, "protections/R-1"),
    ("product.source", {"title": "Báo"}, ""),
    ("draft.source", {"url": "https://example.org/new-d"}, ""),
    ("district", {"name": "Ninh Hải"}, f"{D} {OLD} products/A-1 producers/P-1"),
    ("district", {"code": "583"}, f"{D} {OLD} products/A-1 producers/P-1"),
    ("district", {"name_en": "Ninh Hai"}, D),
    ("old", {"kind": "phường"}, f"{OLD} products/A-1 producers/P-1"),
    ("old", {"code": "22739"}, f"{OLD} {NEW} products/A-1 producers/P-1"),
    ("new", {"name": "Vĩnh Hải"}, f"{NEW} products/A-1 producers/P-1"),
    ("old", {"validity": SINCE_THE_CHANGE}, OLD),
    ("boundary", {"geometry": square(109, 11.5, 0.2)}, OLD),
    ("boundary", {"outline": square(109, 11.5, 0.2)}, OLD),
    ("succession", {"share": "0.5"}, ""),
    ("category", {"name": "thực phẩm"}, "products/A-1"),
    ("category", {"code": "II"}, "products/A-1"),
    ("category", {"name_en": "food"}, ""),
    ("producer", {"name": "HTX Thái An"}, "producers/P-1 products/A-1"),
    ("producer", {"website": "https://example.org/"}, "producers/P-1"),
    # The time of its last change shows.
    ("producer", {"phone": "0259 3822683", "contact_consent_on": "2026-01-01"}, "producers/P-1"),
    ("draft_producer", {"name": "HTX Bí mật"}, ""),
    ("product", {"name": "Nho"}, "products/A-1"),
    ("product", {"gtin": "8938500123456"}, "products/A-1"),
    ("draft", {"name": "Bí mật"}, ""),
    ("draft", {"state": State.REVIEW}, ""),
    ("rating", {"stars": 4}, "products/A-1"),
    ("rating", {"revoked_on": "2025-12-31"}, "products/A-1"),
    ("rating", {"decision": "Quyết định 1"}, "products/A-1"),
    ("rating", {"issuer": "Tỉnh"}, ""),
    ("draft_rating", {"stars": 4}, ""),
    ("right", {"name": "Nho Ninh Thuận"}, "protections/R-1 products/A-1"),
    ("right", {"owner": "Sở"}, "protections/R-1"),
    ("right", {"stage": IpRight.Stage.PENDING}, "protections/R-1 products/A-1"),
    ("draft_right", {"name": "Bí mật"}, ""),
]


@WAYS
def test_what_shows_in_a_feature_is_its_change(world, write):
    # One world for all: to make it anew takes longer than all that is done to it.
    for path, values, shown in SHOWN:
        record = world[path]
        listed = listed_by(lambda record=record, values=values: write(record, values))
        assert (path, values, listed) == (path, values, updates(shown))


@WAYS
def test_withdrawing_takes_a_record_away_and_changes_what_counted_or_named_it(world, write):
    product, right, producer = world["product"], world["right"], world["producer"]

    assert listed_by(lambda: write(right, GONE)) == {
        ("protections", "R-1"): "delete",
        ("products", "A-1"): "update",
    }
    assert listed_by(lambda: write(producer, GONE)) == {
        ("producers", "P-1"): "delete",
        ("products", "A-1"): "update",
    }
    assert listed_by(lambda: write(product, GONE)) == {("products", "A-1"): "delete"}


@WAYS
def test_what_is_published_again_is_new_again(world, write):
    product = world["product"]
    back = {"state": State.PUBLISHED, "published_at": NOON}
    counted = updates("producers/P-1 protections/R-1")

    assert listed_by(lambda: write(product, GONE)) == {("products", "A-1"): "delete"} | counted
    assert listed_by(lambda: write(product, {"state": State.DRAFT})) == {}
    assert listed_by(lambda: write(product, back)) == {("products", "A-1"): "insert"} | counted


@WAYS
def test_another_producer_changes_both_producers(world, write):
    product, draft = world["product"], world["draft"]
    other = {"producer_id": world.other.pk}

    assert listed_by(lambda: write(product, other)) == updates(
        "products/A-1 producers/P-1 producers/P-2"
    )
    assert listed_by(lambda: write(draft, other)) == {}


@WAYS
def test_another_successor_changes_the_units_on_all_sides(world, write):
    third = UnitFactory(code="22741", validity=SINCE_THE_CHANGE)
    values = {"successor_id": third.pk}

    assert listed_by(lambda: write(world["succession"], values)) == updates(
        f"{OLD} {NEW} communes/22741-2025-07-01"
    )


@pytest.mark.parametrize("write", [updated, by_sql])
def test_under_another_code_a_record_is_another_feature(world, write):
    product = world["product"]

    assert listed_by(lambda: write(product, {"code": "A-9"})) == {
        ("products", "A-1"): "delete",
        ("products", "A-9"): "insert",
    }
    assert listed_by(lambda: write(world["draft"], {"code": "A-8"})) == {}


@WAYS
def test_a_unit_of_another_level_leaves_one_collection_for_the_other(world, write):
    commune = {"level": Level.COMMUNE, "code": "22739"}

    assert listed_by(lambda: write(world["district"], commune)) == {
        ("districts", "582"): "delete",
        ("communes", "582"): "insert",
    } | updates(f"{OLD} products/A-1 producers/P-1")


def deleted(record):
    record.delete()


def deleted_by_sql(record):
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {record._meta.db_table} WHERE id = %s", [record.pk])


@pytest.mark.parametrize("delete", [deleted, deleted_by_sql])
def test_what_is_deleted_was_part_of_a_feature(world, delete):
    assert listed_by(lambda: delete(world.rating)) == updates("products/A-1")
    assert listed_by(lambda: delete(world.draft_rating)) == {}
    assert listed_by(lambda: delete(world.protected)) == updates("products/A-1 protections/R-1")
    assert listed_by(lambda: delete(world.succession)) == updates(f"{OLD} {NEW}")
    assert listed_by(lambda: delete(world.boundary)) == updates(OLD)


def test_a_record_is_deleted_with_what_hangs_on_it(world):
    right, product = world["right"], world["product"]

    assert listed_by(right.delete) == {
        ("protections", "R-1"): "delete",
        ("products", "A-1"): "update",
    }
    assert listed_by(product.delete) == {
        ("products", "A-1"): "delete",
        ("producers", "P-1"): "update",
    }
    assert listed_by(world.draft.delete) == {}


def test_what_is_new_becomes_part_of_a_feature(world):
    def made(factory, **values):
        return listed_by(lambda: factory(**values))

    assert made(RatingFactory, product=world.of_draft) == updates("products/A-3")
    assert made(ProtectedProductFactory, right=world.right, product=world.of_draft) == updates(
        "products/A-3 protections/R-1"
    )
    assert made(SuccessionFactory, predecessor=world.district, successor=world.new) == updates(
        f"{D} {NEW}"
    )
    assert made(BoundaryFactory, unit=world.new) == updates(NEW)
    assert made(BoundaryFactory, unit=world.district) == updates(D)


def test_what_is_new_and_not_public_lists_nothing(world):
    def made(factory, **values):
        return listed_by(lambda: factory(**values))

    assert made(world.make_product, code="A-4") == {}
    assert made(RatingFactory, product=Product.objects.get(code="A-4")) == {}
    assert made(ProducerFactory) == made(IpRightFactory) == made(SourceFactory) == {}
    assert made(UnitFactory, code="59") == {}
    # The area is a column of the right; its parts alone say nothing.
    assert made(AreaUnit.objects.create, right=world.right, unit=world.old) == {}


def test_what_is_made_public_is_new(world):
    assert listed_by(lambda: world.make_product("A-4", published=True)) == {
        ("products", "A-4"): "insert"
    } | updates("producers/P-1")
    assert listed_by(lambda: ProducerFactory(code="P-4", published=True)) == {
        ("producers", "P-4"): "insert"
    }
    assert listed_by(lambda: IpRightFactory(code="R-4", published=True)) == {
        ("protections", "R-4"): "insert"
    }


def test_saving_without_a_change_lists_nothing(world):
    for record in (world.product, world.producer, world.right, world.old, world.rating):
        record.refresh_from_db()
        assert listed_by(record.save) == {}
    assert listed_by(lambda: Product.objects.update(search_text="")) == {}


def test_a_transaction_lists_each_feature_once_with_what_it_came_to(world):
    def there_and_back():
        with transaction.atomic():
            updated(world.product, GONE)
            ProductFactory(code="A-4", published=True).delete()
            updated(world.producer, {"name": "HTX Một"})
            updated(world.product, {"state": State.PUBLISHED, "name": "Nho"})
            updated(world.producer, {"name": "HTX Hai"})
            updated(world.draft, {"state": State.PUBLISHED, "published_at": NOON})
            updated(world.draft, {"state": State.DRAFT})

    assert listed_by(there_and_back) == updates("products/A-1 producers/P-1 protections/R-1")


def test_the_second_change_of_a_record_in_a_transaction_is_not_lost(world):
    """updated_at is the beginning of the transaction, so the second one leaves it as it is."""

    def noted_and_renamed():
        with transaction.atomic():
            updated(world.product, {"note": "Hỏi lại"})
            updated(world.product, {"code": "A-9"})

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
def test_what_comes_after_an_early_check_of_the_constraints_is_listed(world, first, second, ops):
    """As loaddata and migrations check them."""
    newest = Change.objects.newest()

    with transaction.atomic():
        updated(world.product, first)
        connection.check_constraints()
        updated(world.product, second)

    listed = Change.objects.filter(seq__gt=newest, collection="products", feature_id="A-1")
    assert [change.op for change in listed] == ops


def test_what_a_savepoint_took_back_is_not_listed(world):
    def half():
        with transaction.atomic():
            with transaction.atomic():
                updated(world.producer, {"name": "HTX Một"})
                updated(world.product, GONE)
                transaction.set_rollback(True)
            updated(world.right, {"owner": "Sở"})

    def nothing():
        with transaction.atomic():
            updated(world.product, GONE)
            transaction.set_rollback(True)

    assert listed_by(half) == updates("protections/R-1")
    assert listed_by(nothing) == {}


def test_a_draft_is_never_named(world, client):
    ids = {change["id"] for name in collections() for change in read_changes(client, name)}

    assert ids == {
        "582",
        "22738",
        "22740-2025-07-01",
        "A-1",
        "A-3",
        "P-1",
        "P-2",
        "R-1",
    }


def test_the_list_and_the_collections_agree_on_what_is_public(world, client):
    """After anything at all: public is said once in a queryset and once in a trigger."""
    dice = random.Random(20261124)
    numbers = iter(range(1_000))
    products = [world.product, world.draft, world.of_draft]
    producers = [world.producer, world.other, world.draft_producer]
    rights = [world.right, world.draft_right]

    def in_any_state():
        return {"state": dice.choice(State.values), "state_reason": "x", "published_at": NOON}

    def protect():
        ProtectedProduct.objects.get_or_create(
            right=dice.choice(rights),
            product=dice.choice(products),
            defaults={"source": world.right.source},
        )

    acts = [
        lambda: updated(dice.choice(products + producers + rights), in_any_state()),
        lambda: updated(dice.choice(products), {"producer_id": dice.choice(producers).pk}),
        lambda: updated(dice.choice(producers + rights), {"name": f"Tên {next(numbers)}"}),
        lambda: updated(dice.choice(rights), {"stage": dice.choice(["registered", "expired"])}),
        lambda: updated(dice.choice(products), {"source_id": SourceFactory().pk}),
        lambda: products.append(world.make_product(f"B-{next(numbers)}", **in_any_state())),
        lambda: products.pop(dice.randrange(len(products))).delete(),
        lambda: ProtectedProduct.objects.filter(product=dice.choice(products)).delete(),
        protect,
        lambda: updated(world.new, {"name": f"Xã {next(numbers)}"}),
        lambda: OcopRating.objects.update(stars=dice.choice([3, 4, 5])),
    ]

    def a_few():
        with transaction.atomic():
            # One that is left to be chosen from.
            products.append(world.make_product(f"B-{next(numbers)}", **in_any_state()))
            for act in dice.choices(acts, k=dice.randint(1, 4)):
                act()

    for _ in range(40):
        listed_by(a_few)

    public = public_features()
    for name in collections():
        ids = {key for collection, key in public if collection == name}
        assert replay(read_changes(client, name)) == ids
