"""Every change leaves an event, whichever way it came in; nobody changes or removes one."""

import pghistory
import pytest
from django.apps import apps
from django.db import DatabaseError, connection, transaction

from districts.models import Unit
from products.models import OcopRating, Producer, Product
from tests.factories import ProducerFactory, ProductFactory, RatingFactory, UnitFactory

pytestmark = pytest.mark.django_db


def events(model):
    """(label, name) of all events, oldest first."""
    history = model.pgh_event_model.objects.order_by("pgh_id")
    return list(history.values_list("pgh_label", "name"))


def test_creating_changing_and_deleting_leave_an_event_each():
    product = ProductFactory(name="Nho")
    product.name = "Nho đỏ"
    product.save()
    product.delete()

    assert [event for event in events(Product) if event[0] != "update"] == [
        ("insert", "Nho"),
        ("delete", "Nho đỏ"),
    ]
    assert ("update", "Nho đỏ") in events(Product)


def test_a_bulk_update_leaves_an_event_for_every_row():
    for name in ("A", "B"):
        UnitFactory(name=name)

    Unit.objects.update(name="C")

    assert events(Unit) == [("insert", "A"), ("insert", "B"), ("update", "C"), ("update", "C")]


def test_bulk_create_leaves_an_event_for_every_row():
    one, two = UnitFactory.build(source=None), UnitFactory.build(source=None)
    source = UnitFactory().source
    for unit, name in ((one, "A"), (two, "B")):
        unit.name, unit.source, unit.public_id = name, source, name

    Unit.objects.bulk_create([one, two])

    assert events(Unit)[-2:] == [("insert", "A"), ("insert", "B")]


def test_plain_sql_leaves_an_event():
    unit = UnitFactory(name="A")
    with connection.cursor() as cursor:
        cursor.execute("UPDATE districts_unit SET name = 'B' WHERE id = %s", [unit.pk])
        cursor.execute("DELETE FROM districts_unit WHERE id = %s", [unit.pk])

    assert events(Unit) == [("insert", "A"), ("update", "B"), ("delete", "B")]


def test_saving_without_a_change_leaves_none():
    unit = UnitFactory(name="A")

    unit.save()

    assert events(Unit) == [("insert", "A")]


def test_an_event_says_who_and_why():
    unit = UnitFactory(name="A")
    with pghistory.context(user=7, reason="theo nghị quyết"):
        unit.name = "B"
        unit.save()

    contexts = Unit.pgh_event_model.objects.order_by("pgh_id").values_list(
        "pgh_context__metadata", flat=True
    )
    assert list(contexts) == [None, {"user": 7, "reason": "theo nghị quyết"}]


def test_what_is_deleted_with_its_product_leaves_its_own_event():
    rating = RatingFactory()

    rating.product.delete()

    labels = OcopRating.pgh_event_model.objects.order_by("pgh_id").values_list("pgh_label")
    assert list(labels) == [("insert",), ("delete",)]


def test_contacts_are_not_kept_in_the_history():
    ProducerFactory(
        name="HTX", phone="0259 3822683", email="htx@example.org", contact_consent_on="2026-01-01"
    )
    Producer.objects.update(phone="0259 3822684")

    event = Producer.pgh_event_model
    assert {"phone", "email"} & {field.name for field in event._meta.get_fields()} == set()
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT to_jsonb(e)::text FROM {event._meta.db_table} e")
        written = " ".join(text for (text,) in cursor)
    assert "HTX" in written
    assert "38226" not in written
    assert "htx@example.org" not in written


def test_every_public_table_has_its_history():
    """What a page is built from; stewardships and import runs are no public data."""
    tracked = {
        model._meta.model_name
        for label in ("geodata", "districts", "products")
        for model in apps.get_app_config(label).get_models()
        if hasattr(model, "pgh_event_model") and not model._meta.proxy
    }

    assert tracked == {
        "source",
        "unit",
        "boundary",
        "succession",
        "category",
        "producer",
        "product",
        "ocoprating",
        "ipright",
        "areaunit",
        "protectedproduct",
        "photo",
    }


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE districts_unitevent SET name = 'B'",
        "DELETE FROM districts_unitevent",
        "UPDATE products_productevent SET pgh_label = 'x'",
        "DELETE FROM products_productevent",
    ],
)
def test_nobody_changes_or_removes_an_event(sql):
    ProductFactory()
    UnitFactory(name="A")

    with (
        pytest.raises(DatabaseError, match=r"Cannot (update|delete)"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(sql)

    assert Unit.pgh_event_model.objects.get().name == "A"
    assert Product.pgh_event_model.objects.filter(pgh_label="insert").count() == 1
