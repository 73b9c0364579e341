"""The version of a record is incremented once per transaction, whatever changes."""

import pytest
from django.db import connection, transaction

from products.ocop.models import OcopRating, Photo, Product, ProtectedProduct
from products.register.models import Producer
from products.rights.models import AreaUnit, IpRight
from tests.factories import (
    GoodsTypeFactory,
    IpRightFactory,
    PhotoFactory,
    ProducerFactory,
    ProductFactory,
    ProtectedProductFactory,
    RatingFactory,
    UnitFactory,
)
from tests.versions import next_transaction

pytestmark = pytest.mark.django_db


def increment(record, action):
    """The increment of the record's version when `action()` is one transaction."""
    before = version(record)
    next_transaction()
    action()
    return version(record) - before


def version(record):
    return type(record).objects.values_list("version", flat=True).get(pk=record.pk)


@pytest.mark.parametrize("factory", [ProductFactory, ProducerFactory, IpRightFactory])
def test_a_change_increments_the_version_of_that_record_only(factory):
    record, other = factory(), factory()
    model = type(record)

    def change():
        model.objects.filter(pk=record.pk).update(name="Tên khác")

    assert (increment(record, change), version(other)) == (1, 1)


@pytest.mark.parametrize(
    ("part", "record"),
    [
        (RatingFactory, "product"),
        (PhotoFactory, "product"),
        (ProtectedProductFactory, "right"),
        (GoodsTypeFactory, "right"),
        (lambda **on: AreaUnit.objects.create(unit=UnitFactory(), **on), "right"),
    ],
    ids=["rating", "photo", "protected product", "goods type", "area unit"],
)
def test_adding_changing_or_deleting_a_part_increments_the_version_of_its_record(part, record):
    owner = {"product": ProductFactory, "right": IpRightFactory}[record]()
    other = type(owner).objects.get(pk=type(owner)._default_manager.create(**copy_of(owner)).pk)
    parts = []

    assert increment(owner, lambda: parts.append(part(**{record: owner}))) == 1
    rows = type(parts[0]).objects.filter(pk=parts[0].pk)
    assert increment(owner, lambda: rows.update(**{record: owner})) == 0
    assert increment(other, lambda: rows.update(**{record: other})) == 1
    assert increment(owner, lambda: rows.update(**{record: owner})) == 1
    assert increment(owner, rows.delete) == 1


def copy_of(record):
    """The values of another record of the same source."""
    return {"code": "THU-999", "name": "Khác", "source": record.source} | (
        {"kind": record.kind} if isinstance(record, IpRight) else {}
    )


def test_several_changes_in_one_transaction_increment_the_version_once():
    product = ProductFactory()

    def change():
        Product.objects.update(name="A")
        rating = RatingFactory(product=product)
        OcopRating.objects.update(stars=4)
        with transaction.atomic():
            Product.objects.update(description="B")
        Photo.objects.all().delete()
        rating.delete()

    assert increment(product, change) == 1


def test_changes_rolled_back_to_a_savepoint_do_not_increment_the_version():
    product = ProductFactory()

    def change():
        with transaction.atomic():
            RatingFactory(product=product)
            transaction.set_rollback(True)

    assert increment(product, change) == 0
    assert increment(product, lambda: Product.objects.update(name="A")) == 1


def test_derived_columns_do_not_increment_the_version():
    producer = ProducerFactory(name="HTX Tuấn Tú", published=True)
    product = ProductFactory(name="Nho", producer=producer)
    right = ProtectedProductFactory(right__stage="registered").right
    AreaUnit.objects.create(right=right, unit=UnitFactory())
    unit = UnitFactory()

    def derive():
        Product.objects.update(search_text="")
        Product.objects.update(commune=unit, old_commune=unit, district=unit)
        Product.objects.assign_units()
        IpRight.objects.dissolve_areas()

    assert increment(product, derive) == 0
    assert increment(right, derive) == 0
    # The search text of a product contains the name of its producer.
    assert increment(product, lambda: Producer.objects.update(name="HTX Khác")) == 0
    assert "htx khac" in Product.objects.values_list("search_text", flat=True).get(pk=product.pk)


def test_saving_without_a_change_does_not_increment_the_version():
    product = ProductFactory()

    assert increment(product, product.save) == 0


def test_the_version_cannot_be_set():
    product = ProductFactory()
    stale = Product.objects.get()
    increment(product, lambda: Product.objects.update(name="A"))
    increment(product, lambda: Product.objects.update(name="B"))

    # save() of an instance loaded earlier writes its old version as well.
    assert increment(product, lambda: Product.objects.update(version=77)) == 0
    assert increment(product, stale.save) == 1
    assert increment(product, lambda: Product.objects.update(version_transaction=None)) == 0
    assert version(product) == 4


def test_a_version_increment_alone_creates_no_event_revision_or_change():
    """A new photo increments the version of its product, but no feature displays photos."""
    product = ProductFactory(published=True)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SELECT number, (SELECT max(seq) FROM geodata_change) FROM geodata_revision")
        before = cursor.fetchone()
        events = Product.pgh_event_model.objects.count()
        cursor.execute("SELECT set_config('geodata.revised_by', '', true)")

        assert increment(product, lambda: PhotoFactory(product=product, source=product.source)) == 1

        cursor.execute("SELECT number, (SELECT max(seq) FROM geodata_change) FROM geodata_revision")
        assert cursor.fetchone() == before
    assert Product.pgh_event_model.objects.count() == events


def test_an_event_stores_the_version_after_its_change():
    product = ProductFactory(name="A")
    for name in "BC":
        increment(product, lambda name=name: Product.objects.update(name=name))

    events = Product.pgh_event_model.objects.order_by("pgh_id").values_list("name", "version")
    assert list(events.filter(pgh_label="update").distinct())[-2:] == [("B", 2), ("C", 3)]


def test_a_protected_product_increments_only_the_version_of_the_right():
    protected = ProtectedProductFactory()

    assert increment(protected.product, ProtectedProduct.objects.all().delete) == 0


@pytest.mark.django_db(transaction=True)
def test_each_transaction_increments_the_version():
    """Real transactions, without the help of next_transaction()."""
    product = ProductFactory()
    seen = [version(product)]

    for name in "AB":
        with transaction.atomic():
            Product.objects.update(name=name)
            Product.objects.update(description=name)
        seen.append(version(product))
    RatingFactory(product=product)
    seen.append(version(product))

    assert seen == [1, 2, 3, 4]
