"""change() and change_many() write values and parts of records by the same rules."""

import datetime
import threading

import pytest
from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from districts.models import Unit
from geodata.spans import day_span, span_of
from products.ocop.models import OcopRating, Product
from products.register import workflow
from products.register.models import Basis, Position, Producer
from products.register.states import State
from products.register.workflow import Change, ChangesRefused, PartRefused, StaleVersion
from products.rights.models import AreaUnit, IpRight
from tests.concurrency import DEADLINE_S, meanwhile, wait_until_somebody_waits_for_a_lock
from tests.factories import (
    UNTIL_THE_CHANGE,
    CategoryFactory,
    IpRightFactory,
    ProducerFactory,
    ProductFactory,
    RatingFactory,
    SourceFactory,
    UnitFactory,
    UserFactory,
    at,
    editor_of,
    publisher_of,
    square,
)
from tests.versions import next_transaction

pytestmark = pytest.mark.django_db


@pytest.fixture
def commune():
    UnitFactory(
        code=settings.PLACE.province_code, validity=UNTIL_THE_CHANGE, area=square(108.9, 11.5, 0.2)
    )
    return UnitFactory(name="An Hậu", validity=UNTIL_THE_CHANGE, area=square(108.9, 11.5))


@pytest.fixture
def editor(commune):
    return editor_of(commune)


def single(record, values, *, by, base_version=None, **parts):
    """Apply the change with change(); base_version defaults to the stored version."""
    if base_version is None and record.pk:
        base_version = type(record).objects.get(pk=record.pk).version
    return workflow.change(record, values, by=by, base_version=base_version, **parts)


def bulk(record, values, *, by, base_version=None, **parts):
    """Apply the same change with change_many(), after another valid change."""
    if base_version is None and record.pk:
        base_version = Product.objects.get(pk=record.pk).version
    valid = ProductFactory(declared_commune=Unit.objects.get(name="An Hậu"))
    changes = [
        Change(valid, {"note": "được"}, valid.version),
        Change(record, values, base_version, **parts),
    ]
    try:
        return workflow.change_many(changes, by=by, act="import")[1]
    except ChangesRefused as refused:
        # The first change is valid.
        raise refused.errors.pop(1) from (refused if refused.errors else None)


SINGLE_AND_BULK = pytest.mark.parametrize("write", [single, bulk])


# --- written changes -----------------------------------------------------------------------


@SINGLE_AND_BULK
def test_values_and_derived_columns_are_written(commune, editor, write):
    product = ProductFactory(declared_commune=commune, note="nội bộ")

    changed = write(
        product, {"name": "Táo", "point": at(108.95, 11.55), "position": Position.GPS}, by=editor
    )

    assert (changed.name, changed.note, changed.version) == ("Táo", "nội bộ", 2)
    assert changed.point.coords == (108.95, 11.55)
    assert (changed.old_commune, changed.state) == (commune, State.DRAFT)
    assert Product.objects.get(pk=product.pk).name == "Táo"


def test_units_are_derived_again_only_after_a_change_of_the_place(commune, editor):
    place = {"declared_commune": commune, "point": at(108.95, 11.55), "position": Position.GPS}
    product = ProductFactory(**place)
    statements = []

    def note(execute, sql, *rest):
        statements.append(sql)
        return execute(sql, *rest)

    with connection.execute_wrapper(note):
        single(product, {"name": "Táo"}, by=editor)
    assert not any("WITH place AS" in sql for sql in statements)

    with connection.execute_wrapper(note):
        changed = single(product, {"declared_commune": None}, by=editor)
    assert any("WITH place AS" in sql for sql in statements)
    assert changed.old_commune == commune


@SINGLE_AND_BULK
def test_a_record_without_a_point_is_placed_in_its_declared_commune(commune, editor, write):
    product = ProductFactory(declared_commune=commune)

    changed = write(product, {"description": "x"}, by=editor)

    assert (changed.position, changed.point.within(commune.boundary.geometry)) == ("commune", True)


@SINGLE_AND_BULK
def test_parts_are_added_changed_and_removed_with_the_record(commune, editor, write):
    product = ProductFactory(declared_commune=commune)
    corrected = RatingFactory(product=product, on=datetime.date(2020, 1, 1))
    gone = RatingFactory(product=product, on=datetime.date(2021, 1, 1))
    corrected.stars = 4
    added = RatingFactory.build(product=None, source=SourceFactory(), stars=5)

    changed = write(product, {"name": "Táo"}, by=editor, save=[corrected, added], delete=[gone])

    assert list(changed.ratings.values_list("stars", "decided__startswith")) == [
        (4, datetime.date(2020, 1, 1)),
        (5, datetime.date(2024, 12, 10)),
    ]


@SINGLE_AND_BULK
def test_a_new_record_gets_the_next_code(commune, editor, write):
    ProductFactory(code="MAU-SP-069")
    product = Product()
    values = {
        "name": "Măng tây",
        "name_basis": Basis.STATED,
        "declared_commune": commune,
        "source": SourceFactory(),
    }

    created = write(product, values, by=editor)

    assert (created.code, created.version, created.old_commune) == ("MAU-SP-070", 1, commune)
    assert product.pk == created.pk


def test_the_area_of_a_right_is_the_union_of_its_units(commune):
    right = IpRightFactory()

    changed = workflow.change(right, {}, by=None, base_version=1, save=[AreaUnit(unit=commune)])

    assert changed.area.equals(commune.boundary.geometry)


@SINGLE_AND_BULK
def test_the_history_stores_user_and_channel(commune, editor, write):
    product = ProductFactory(declared_commune=commune)

    write(product, {"name": "Táo"}, by=editor)

    event = Product.pgh_event_model.objects.filter(pgh_obj=product, name="Táo").first()
    act = "edit" if write is single else "import"
    assert event.pgh_context.metadata == {"user": editor.pk, "act": act}


def test_the_history_stores_the_reason(commune, editor):
    product = ProductFactory(declared_commune=commune)

    workflow.change(product, {"name": "Táo"}, by=editor, base_version=1, reason="theo đơn")

    event = Product.pgh_event_model.objects.filter(name="Táo").first()
    assert event.pgh_context.metadata["reason"] == "theo đơn"


# --- rejected changes, which write nothing -------------------------------------------------


def rejected_changes(product, commune):
    """Name → (values, parts, expected error: field names, or PartRefused)."""
    rating = {"product": None, "source": SourceFactory()}
    RatingFactory(product=product, on=datetime.date(2022, 5, 1))
    ProductFactory(gtin="8930000000002")
    district = UnitFactory(code="997")
    removed = SourceFactory()
    missing = removed.pk
    removed.delete()
    return {
        "a field": ({"trace_url": "không phải địa chỉ"}, [], ["trace_url"]),
        "a required field": ({"name": ""}, [], ["name"]),
        "a check constraint": ({"gtin": "123"}, [], ["gtin"]),
        "a unique constraint": ({"gtin": "8930000000002"}, [], ["gtin"]),
        "a constraint of two fields": ({"category": CategoryFactory()}, [], ["category"]),
        "a rule about places": (
            {"point": at(109.5, 11.5), "position": Position.GPS, "declared_commune": None},
            [],
            ["point"],
        ),
        "a foreign key to nothing": ({"source_id": missing}, [], ["source"]),
        "no source": ({"source": None}, [], ["source"]),
        "a district as commune": ({"declared_commune": district}, [], ["declared_commune"]),
        "a field of a part": ({}, [RatingFactory.build(**rating, stars=9)], PartRefused),
        "a constraint of a part": (
            {},
            [RatingFactory.build(**rating, stars=5, score=10)],
            PartRefused,
        ),
        "overlapping ratings": (
            {},
            [RatingFactory.build(**rating, decided=span_of(2022))],
            PartRefused,
        ),
        "new parts that overlap": (
            {},
            [
                RatingFactory.build(**rating, decided=day_span(datetime.date(2024, 1, d)))
                for d in (1, 1)
            ],
            PartRefused,
        ),
        "a part without a source": (
            {},
            [RatingFactory.build(product=None, source=None)],
            PartRefused,
        ),
    }


REJECTED = [
    "a field",
    "a required field",
    "a check constraint",
    "a unique constraint",
    "a constraint of two fields",
    "a rule about places",
    "a foreign key to nothing",
    "no source",
    "a district as commune",
    "a field of a part",
    "a constraint of a part",
    "overlapping ratings",
    "new parts that overlap",
    "a part without a source",
]


@SINGLE_AND_BULK
@pytest.mark.parametrize("name", REJECTED)
def test_change_and_change_many_reject_the_same_errors(commune, editor, write, name):
    product = ProductFactory(declared_commune=commune, name="Nho")
    cases = rejected_changes(product, commune)
    assert list(cases) == REJECTED
    values, parts, expected = cases[name]
    if "source_id" in values:
        product.source_id = values["source_id"]
        values = {"source": _missing_source(values["source_id"])}

    with pytest.raises(ValidationError) as refusal:
        write(product, values | {"description": "mới"}, by=editor, save=parts)

    if expected is PartRefused:
        assert isinstance(refusal.value, PartRefused)
        assert any(refusal.value.part is part for part in parts)
    else:
        assert list(refusal.value.message_dict) == expected
    stored = Product.objects.get(pk=product.pk)
    assert (stored.name, stored.description, stored.ratings.count()) == ("Nho", "", 1)
    assert not Product.objects.filter(note="được").exists()
    assert all(part.pk is None for part in parts)


def _missing_source(pk):
    source = SourceFactory.build()
    source.pk = pk
    return source


@SINGLE_AND_BULK
def test_a_stale_version_is_rejected(commune, editor, write):
    product = ProductFactory(declared_commune=commune)
    next_transaction()
    RatingFactory(product=product)

    with pytest.raises(StaleVersion):
        write(product, {"name": "Táo"}, by=editor, base_version=1)

    assert Product.objects.filter(name="Táo").count() == 0


@SINGLE_AND_BULK
def test_a_missing_version_is_rejected(commune, editor, write):
    product = ProductFactory(declared_commune=commune)

    with pytest.raises(ValidationError, match="Thiếu số phiên bản"):
        workflow.change(product, {"name": "Táo"}, by=editor, base_version=None)


@SINGLE_AND_BULK
@pytest.mark.parametrize(
    "who", ["editor of another commune", "not staff", "editor of a published record"]
)
def test_a_user_without_permission_cannot_change_a_record(commune, write, who):
    product = ProductFactory(
        declared_commune=commune, name="Nho", published=who == "editor of a published record"
    )
    users = {
        "editor of another commune": editor_of(UnitFactory()),
        "not staff": UserFactory(is_staff=False, is_superuser=True),
        "editor of a published record": editor_of(commune),
    }

    with pytest.raises(PermissionDenied):
        workflow.change(product, {"name": "Táo"}, by=users[who], base_version=1)
    with pytest.raises(ChangesRefused) as refusal:
        workflow.change_many([Change(product, {"name": "Táo"}, 1)], by=users[who], act="import")

    assert isinstance(refusal.value.errors[0], PermissionDenied)
    assert Product.objects.get().name == "Nho"


@pytest.mark.usefixtures("self_publish")
def test_a_published_product_cannot_reference_an_unpublished_producer(commune):
    product = ProductFactory(declared_commune=commune, published=True)
    values = {"producer": ProducerFactory(name="HTX Kín"), "producer_basis": Basis.STATED}

    with pytest.raises(ValidationError, match="Hãy công bố chủ thể “HTX Kín” trước"):
        workflow.change(product, values, by=publisher_of(commune), base_version=1)


def test_state_code_version_and_derived_columns_cannot_be_changed(commune, editor):
    product = ProductFactory(declared_commune=commune)

    for name in ("state", "code", "version", "published_at", "commune"):
        with pytest.raises(ValueError, match=name):
            workflow.change(product, {name: "x"}, by=editor, base_version=1)


def test_a_part_of_another_record_is_rejected(commune, editor):
    product = ProductFactory(declared_commune=commune)
    other = RatingFactory(stars=3)
    other.stars = 5

    for parts in ({"save": [other]}, {"delete": [other]}):
        with pytest.raises(ValidationError, match="vừa bị xoá"):
            workflow.change(product, {}, by=editor, base_version=1, **parts)

    assert OcopRating.objects.get().stars == 3


def test_every_invalid_change_is_reported_and_none_is_written(commune, editor):
    good, bad, stale = (ProductFactory(declared_commune=commune) for _ in range(3))
    changes = [
        Change(good, {"name": "A"}, 1),
        Change(bad, {"trace_url": "x"}, 1),
        Change(stale, {"name": "B"}, 7),
    ]

    with pytest.raises(ChangesRefused) as refusal:
        workflow.change_many(changes, by=editor, act="import")

    assert list(refusal.value.errors[1].message_dict) == ["trace_url"]
    assert isinstance(refusal.value.errors[2], StaleVersion)
    assert not Product.objects.filter(name__in="AB").exists()


def test_a_duplicate_unique_value_within_one_batch_is_rejected(commune, editor):
    products = [ProductFactory(declared_commune=commune) for _ in range(3)]
    numbers = ["8930000000001", "8930000000002", "8930000000001"]
    changes = [
        Change(product, {"gtin": number}, 1)
        for product, number in zip(products, numbers, strict=True)
    ]

    with pytest.raises(ChangesRefused) as refusal:
        workflow.change_many(changes, by=editor, act="import")

    assert {i: list(e.message_dict) for i, e in refusal.value.errors.items()} == {2: ["gtin"]}
    assert not Product.objects.filter(gtin__gt="").exists()


def test_a_unique_value_can_move_between_records_of_one_batch(commune, editor):
    """A single UPDATE of both rows fails: it writes the row that receives the number first."""
    takes = ProductFactory(declared_commune=commune)
    gives_up = ProductFactory(declared_commune=commune, gtin="8930000000001")
    changes = [
        Change(gives_up, {"gtin": ""}, 1),
        Change(takes, {"gtin": "8930000000001"}, 1),
    ]

    written = workflow.change_many(changes, by=editor, act="import")

    assert [product.gtin for product in written] == ["", "8930000000001"]
    assert Product.objects.get(gtin="8930000000001").pk == takes.pk


def test_a_rejected_new_record_remains_unsaved(commune, editor):
    ProductFactory(gtin="8930000000001")
    product = Product()
    values = {
        "name": "Táo",
        "source": SourceFactory(),
        "gtin": "8930000000001",
        "declared_commune": commune,
    }

    with pytest.raises(ValidationError, match="GTIN"):
        workflow.change(product, values, by=editor, base_version=None)

    assert product.pk is None
    product.gtin = ""
    assert workflow.change(product, {"gtin": ""}, by=editor, base_version=None).pk


# --- number of queries ---------------------------------------------------------------------


def queries(commune, by, count):
    products = [
        ProductFactory(declared_commune=commune, published=True, producer=ProducerFactory())
        for _ in range(count)
    ]
    Producer.objects.update(state=State.PUBLISHED, published_at="2026-01-01T00:00Z")
    source = SourceFactory()
    products = Product.objects.filter(pk__in=[product.pk for product in products])
    changes = [
        Change(
            product,
            {"name": f"{n}", "point": at(108.95, 11.55), "position": "gps", "source": source},
            1,
            save=[RatingFactory.build(product=None, source=source)],
        )
        for n, product in enumerate(products)
    ]
    with CaptureQueriesContext(
        connection,
    ) as captured:
        workflow.change_many(changes, by=by, act="import")
    return [query["sql"].split(" ")[0] for query in captured]


@pytest.mark.usefixtures("self_publish")
def test_the_number_of_queries_does_not_depend_on_the_number_of_changes(commune):
    by = publisher_of(commune)
    baseline = queries(commune, by, 1)

    assert queries(commune, by, 20) == baseline
    assert len(baseline) <= 32


# --- concurrency ---------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_the_second_of_two_concurrent_writers_is_rejected():
    commune = UnitFactory(code="82738")
    product = ProductFactory(declared_commune=commune)
    first, second = editor_of(commune), editor_of(commune)
    locked = threading.Event()

    def write():
        assert locked.wait(DEADLINE_S)
        with pytest.raises(StaleVersion):
            workflow.change(product, {"description": "x"}, by=second, base_version=1)

    with meanwhile(write) as other:
        with transaction.atomic():
            rating = RatingFactory.build(product=None, source=product.source)
            workflow.change(product, {}, by=first, base_version=1, save=[rating])
            locked.set()
            wait_until_somebody_waits_for_a_lock()
        other.result()
    product.refresh_from_db()
    assert (product.description, product.ratings.count(), product.version) == ("", 1, 2)


# --- deleting ------------------------------------------------------------------------------


def test_deleting_a_draft_requires_its_current_version(commune, editor):
    product = ProductFactory(declared_commune=commune)
    next_transaction()
    RatingFactory(product=product)

    with pytest.raises(StaleVersion):
        workflow.delete(product, by=editor, base_version=1)
    workflow.delete(product, by=editor, base_version=2)

    assert not Product.objects.exists()
    event = OcopRating.pgh_event_model.objects.order_by("pgh_id").last()
    assert (event.pgh_label, event.pgh_context.metadata["user"]) == ("delete", editor.pk)


def test_a_published_record_is_not_deleted(commune):
    product = ProductFactory(declared_commune=commune, published=True)

    with pytest.raises(PermissionDenied):
        workflow.delete(product, by=publisher_of(commune), base_version=1)


def test_a_right_is_changed_only_by_province_stewards(commune):
    right = IpRightFactory()
    province = UnitFactory(code="98", validity=UNTIL_THE_CHANGE)

    with pytest.raises(PermissionDenied):
        workflow.change(right, {"owner": "UBND"}, by=publisher_of(commune), base_version=1)
    workflow.change(right, {"owner": "UBND"}, by=editor_of(province), base_version=1)

    assert IpRight.objects.get().owner == "UBND"
