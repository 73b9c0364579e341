"""Every change leaves an event, by whichever way it is made; events are permanent."""

import datetime
import re
from decimal import Decimal

import pghistory
import pytest
from django.apps import apps
from django.contrib.gis.db import models
from django.contrib.postgres.fields import DateRangeField
from django.db import DatabaseError, connection, transaction

from districts.models import Unit
from frontend.workspace.history import DERIVED, history_of
from geodata.spans import day_span, span
from products.ocop.models import OcopRating, Product
from products.register.models import Producer
from tests.factories import (
    BoundaryFactory,
    CategoryFactory,
    CraftVillageFactory,
    DecisionFactory,
    GoodsTypeFactory,
    IngredientFactory,
    IpRightFactory,
    PhotoFactory,
    PlaceNameFactory,
    ProducerCertificateFactory,
    ProducerFactory,
    ProductCertificateFactory,
    ProductFactory,
    ProductTypeFactory,
    ProtectedProductFactory,
    RatingFactory,
    SalesPointFactory,
    SeasonFactory,
    SeasonUnitFactory,
    SourceFactory,
    SuccessionFactory,
    UnitFactory,
    at,
    square,
)

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


def test_saving_without_a_change_leaves_no_event():
    unit = UnitFactory(name="A")

    unit.save()

    assert events(Unit) == [("insert", "A")]


def test_an_event_has_the_user_and_the_reason():
    unit = UnitFactory(name="A")
    with pghistory.context(user=7, reason="theo nghị quyết"):
        unit.name = "B"
        unit.save()

    contexts = Unit.pgh_event_model.objects.order_by("pgh_id").values_list(
        "pgh_context__metadata", flat=True
    )
    assert list(contexts) == [None, {"user": 7, "reason": "theo nghị quyết"}]


def test_a_row_deleted_with_its_product_leaves_its_own_event():
    rating = RatingFactory()

    rating.product.delete()

    labels = OcopRating.pgh_event_model.objects.order_by("pgh_id").values_list("pgh_label")
    assert list(labels) == [("insert",), ("delete",)]


def test_contacts_are_not_stored_in_the_history():
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
        for label in ("geodata", "districts", "register", "rights", "ocop")
        for model in apps.get_app_config(label).get_models()
        if hasattr(model, "pgh_event_model") and not model._meta.proxy
    }

    assert tracked == {
        "source",
        "unit",
        "boundary",
        "succession",
        "category",
        "producttype",
        "season",
        "seasonunit",
        "producer",
        "product",
        "ocoprating",
        "ipright",
        "areaunit",
        "goodstype",
        "protectedproduct",
        "photo",
        "ingredient",
        "decision",
        "productcertificate",
        "producercertificate",
    }


# --- in words ------------------------------------------------------------------------------

# What JSON, Python and PostGIS write.
RAW = re.compile(r"[{}\[\]\\]|POINT|SRID|None|True|False|\d{4}-\d\d-\d\d")
# Two values of a field of each class; a class that is missing here fails the test below.
SAMPLES = {
    models.BooleanField: (False, True),
    models.CharField: ("Nho", "Táo"),
    models.TextField: ("Nho", "Táo"),
    models.IntegerField: (1, 2),
    models.DecimalField: (Decimal("0.5"), Decimal("0.25")),
    models.DateField: (datetime.date(2024, 1, 1), datetime.date(2024, 12, 10)),
    models.DateTimeField: (
        datetime.datetime(2024, 1, 1, tzinfo=datetime.UTC),
        datetime.datetime(2024, 12, 10, tzinfo=datetime.UTC),
    ),
    models.FileField: ("a.jpg", "b.jpg"),
    models.PointField: (at(108.99, 11.565), at(109, 11.6)),
    models.MultiPolygonField: (square(109, 11.5), square(109, 11.5) + square(108, 11.5)),
    DateRangeField: (day_span(datetime.date(2024, 1, 1)), span(None, datetime.date(2024, 3, 1))),
}
FACTORIES = {
    "geodata.Source": SourceFactory,
    "districts.Unit": UnitFactory,
    "districts.Boundary": BoundaryFactory,
    "districts.Succession": SuccessionFactory,
    "register.Category": CategoryFactory,
    "register.ProductType": ProductTypeFactory,
    "register.Season": SeasonFactory,
    "register.SeasonUnit": SeasonUnitFactory,
    "register.Producer": ProducerFactory,
    "ocop.Product": ProductFactory,
    "ocop.Decision": DecisionFactory,
    "ocop.OcopRating": RatingFactory,
    "rights.IpRight": IpRightFactory,
    "places.SalesPoint": SalesPointFactory,
    "places.CraftVillage": CraftVillageFactory,
    "places.PlaceName": PlaceNameFactory,
    "ocop.ProductCertificate": ProductCertificateFactory,
    "register.ProducerCertificate": ProducerCertificateFactory,
    "ocop.ProtectedProduct": ProtectedProductFactory,
    "ocop.Photo": PhotoFactory,
    "ocop.Ingredient": IngredientFactory,
    "rights.GoodsType": GoodsTypeFactory,
    "rights.AreaUnit": lambda: apps.get_model("rights", "AreaUnit").objects.create(
        right=IpRightFactory(), unit=UnitFactory()
    ),
}


def two_values(field):
    if field.choices:
        return [choice for choice, _ in field.flatchoices][:2]
    if field.is_relation:
        factory = FACTORIES[field.related_model._meta.label]
        return factory().pk, factory().pk
    return next(SAMPLES[kind] for kind in type(field).__mro__ if kind in SAMPLES)


@pytest.mark.parametrize("label", FACTORIES)
def test_a_change_of_any_field_is_displayed(label):
    """Events have no constraints, so that each field can change whatever the others are."""
    record = FACTORIES[label]()
    model, events = type(record), type(record).pgh_event_model
    stored = [one for one in model._meta.concrete_fields if hasattr(events, one.attname)]
    fields = [field for field in stored if field.name not in DERIVED | {"id"}]
    same = {field.attname: getattr(record, field.attname) for field in stored}
    values = {field: two_values(field) for field in fields}
    for when in (0, 1):
        events.objects.create(
            pgh_label="update",
            pgh_obj=record,
            **same | {field.attname: pair[when] for field, pair in values.items()},
        )

    changes = next(history_of(record, [model]))["changes"]

    assert [name for name, _, _ in changes] != []
    assert sorted(str(name) for name, _, _ in changes) == sorted(
        str(field.verbose_name) for field in fields
    )
    for name, *texts in changes:
        assert all(texts), name
        assert texts[0] != texts[1], name
        for text in texts:
            assert not re.search(r"[{}\[\]\\]|POINT|SRID|None|True|False|\d{4}-\d\d-\d\d", text), (
                name
            )


def test_the_test_of_displayed_changes_covers_every_tracked_model():
    tracked = {
        model._meta.label
        for model in apps.get_models()
        if hasattr(model, "pgh_event_model") and not model._meta.proxy
    }

    assert tracked == set(FACTORIES)


def test_the_history_queries_related_rows_once_for_all_events(django_assert_num_queries):
    product = ProductFactory()
    district = UnitFactory(code="992", name="Minh Hải")
    for name in ("Vĩnh Hậu", "Nhơn Hậu", "Thanh Hậu"):
        unit = UnitFactory(name=name, parent=district)
        Product.objects.filter(pk=product.pk).update(declared_commune=unit)

    # The events, and the units with their parents.
    with django_assert_num_queries(2):
        events = list(history_of(product, [Product]))

    assert events[0]["changes"] == [
        ("xã theo nguồn", "xã Nhơn Hậu, huyện Minh Hải", "xã Thanh Hậu, huyện Minh Hải")
    ]


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE districts_unitevent SET name = 'B'",
        "DELETE FROM districts_unitevent",
        "UPDATE ocop_productevent SET pgh_label = 'x'",
        "DELETE FROM ocop_productevent",
    ],
)
def test_events_cannot_be_changed_or_deleted(sql):
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
