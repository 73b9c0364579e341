"""Former versions of a record are compared and restored, and whole acts undone."""

import datetime

import pghistory
import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection

from geodata.spans import day_span
from products.ocop.models import Photo, Product
from products.register import history, proposals, workflow
from products.register.models import Producer, Proposal
from products.register.states import State
from tests.factories import (
    UNTIL_THE_CHANGE,
    PhotoFactory,
    ProducerFactory,
    ProductFactory,
    RatingFactory,
    SourceFactory,
    UnitFactory,
    at,
    editor_of,
    publisher_of,
    square,
)

# Versions are told apart by their transactions.
pytestmark = pytest.mark.django_db(transaction=True)

HERE = (108.95, 11.55)


@pytest.fixture
def commune():
    return UnitFactory(validity=UNTIL_THE_CHANGE, area=square(108.9, 11.5))


@pytest.fixture
def editor(commune):
    return editor_of(commune)


def edit(record, values, by, **parts):
    record.refresh_from_db()
    return workflow.change(record, values, by=by, base_version=record.version, **parts)


def restore(record, number, by):
    record.refresh_from_db()
    version = history.versions(record)[number]
    return history.restore(record, version, by=by, base_version=record.version)


def test_every_route_makes_a_version(commune, editor):
    product = ProductFactory(name="Nho", point=at(*HERE))
    edit(product, {"name": "Táo"}, editor)
    Product.objects.filter(pk=product.pk).update(name="Mía")
    with connection.cursor() as cursor:
        cursor.execute("UPDATE ocop_product SET name = 'Tỏi' WHERE id = %s", [product.pk])
    rating = RatingFactory(product=product, stars=3)
    rating.delete()

    found = history.versions(product)

    names = [version.snapshot["fields"]["name"] for version in found]
    assert names == ["Nho", "Táo", "Mía", "Tỏi", "Tỏi", "Tỏi"]
    ratings = [len(version.snapshot["parts"].get("ocop.OcopRating", {})) for version in found]
    assert ratings == [0, 0, 0, 0, 1, 0]


def test_two_versions_are_compared_in_words(commune, editor):
    product = ProductFactory(name="Nho", point=at(*HERE))
    RatingFactory(product=product, stars=3, on=datetime.date(2024, 5, 1))
    edit(product, {"name": "Táo", "point": at(108.96, 11.55)}, editor)
    found = history.versions(product)

    compared = history.compare(Product, found[0], found[-1])

    assert ("tên", "Nho", "Táo") in compared
    assert ("vị trí", "11.5500000, 108.9500000", "11.5500000, 108.9600000") in compared
    (rating,) = [new for label, old, new in compared if label == "xếp hạng OCOP"]
    assert "3 sao" in rating


def test_a_version_is_restored_with_its_ratings_and_photos(commune, editor, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    (tmp_path / "a.jpg").write_bytes(b"")
    product = ProductFactory(name="Nho", point=at(*HERE))
    kept, changed = (
        RatingFactory(product=product, on=datetime.date(year, 5, 1)) for year in (2018, 2021)
    )
    photo = PhotoFactory(product=product, image="a.jpg")
    erased = PhotoFactory(product=product, image="b.jpg")
    before = history.versions(product)[-1]
    changed.stars = 5
    added = kept.__class__(
        product=product,
        stars=4,
        decided=day_span(datetime.date(2024, 5, 1)),
        source=SourceFactory(),
    )
    values = {"name": "Táo", "point": at(108.96, 11.55), "note": "sai"}
    edit(product, values, editor, save=[changed, added], delete=[photo, erased])

    product.refresh_from_db()
    history.restore(product, before, by=editor, base_version=product.version)

    product.refresh_from_db()
    assert (product.name, product.point.coords, product.note) == ("Nho", HERE, "")
    ratings = product.ratings.order_by("decided").values_list("stars", "decided")
    assert [(stars, days.lower.year) for stars, days in ratings] == [(3, 2018), (3, 2021)]
    assert [one.image.name for one in Photo.objects.all()] == ["a.jpg"]
    context = workflow.events_of(product).first().pgh_context
    assert (context["act"], context["user"]) == ("restore", editor.pk)


def test_state_and_contacts_keep_todays_values(commune):
    publisher = publisher_of(commune)
    producer = ProducerFactory(
        name="HTX Nho",
        point=at(*HERE),
        phone="0259 3822683",
        contact_consent_on=datetime.date(2024, 1, 1),
    )
    edit(producer, {"name": "HTX Táo", "phone": "", "contact_consent_on": None}, publisher)
    producer.refresh_from_db()
    workflow.move(producer, "submit", by=publisher, base_version=producer.version)

    restore(producer, 0, publisher)

    producer.refresh_from_db()
    assert (producer.name, producer.phone, producer.state) == ("HTX Nho", "", State.REVIEW)


def test_restoring_a_public_record_is_a_proposal(commune):
    product = ProductFactory(name="Nho", point=at(*HERE), published=True)
    Product.objects.filter(pk=product.pk).update(name="Táo")

    outcome = restore(product, 0, publisher_of(commune))

    product.refresh_from_db()
    assert product.name == "Táo"
    assert outcome.proposal.fields == {"name": {"base": "Táo", "proposed": "Nho"}}


def test_who_may_not_edit_the_record_cannot_restore_it(commune):
    product = ProductFactory(name="Nho", point=at(*HERE))
    Product.objects.filter(pk=product.pk).update(name="Táo")
    elsewhere = UnitFactory(validity=UNTIL_THE_CHANGE, area=square(109.0, 11.5))

    with pytest.raises(PermissionDenied):
        restore(product, 0, editor_of(elsewhere))


# --- undo ----------------------------------------------------------------------------------


def act_of(changes, by):
    """Write the changes as one act; return its context id."""
    with pghistory.context(act="import") as context:
        workflow.change_many(changes, by=by, act="import")
        return context.id


def test_undo_skips_and_lists_what_changed_since(commune, editor):
    first, second = (ProductFactory(name=name, point=at(*HERE)) for name in ("Nho", "Tỏi"))
    new = Product(name="Mới")
    source = SourceFactory()
    changes = [
        *(workflow.Change(one, {"name": f"{one.name} x"}, one.version) for one in (first, second)),
    ]
    context_id = act_of(changes, editor)
    values = {"name": "Mới", "source": source, "point": at(*HERE), "position": "gps"}
    created_in = act_of([workflow.Change(new, values)], editor)
    edit(second, {"name": "Tỏi tía"}, editor)

    would = history.undo(context_id, by=editor, dry_run=True)
    assert [record.pk for record in would.restored] == [first.pk]
    assert Product.objects.get(pk=first.pk).name == "Nho x"
    undone = history.undo(context_id, by=editor)
    created = history.undo(created_in, by=editor)

    names = [Product.objects.get(pk=one.pk).name for one in (first, second)]
    assert names == ["Nho", "Tỏi tía"]
    assert [(record.pk, why) for record, why in undone.skipped] == [
        (second.pk, "Đã được sửa lại sau đó.")
    ]
    assert [record.name for record in created.deleted] == ["Mới"]
    assert not Product.objects.filter(name="Mới").exists()


def test_undo_of_a_change_of_public_records_is_proposed(commune, settings):
    settings.SELF_PUBLISH = True
    publisher = publisher_of(commune)
    product = ProductFactory(name="Nho", point=at(*HERE), published=True)
    context_id = act_of([workflow.Change(product, {"name": "Táo"}, product.version)], publisher)
    settings.SELF_PUBLISH = False

    undone = history.undo(context_id, by=publisher)

    assert undone.proposed == [product]
    assert Proposal.objects.get().fields == {"name": {"base": "Táo", "proposed": "Nho"}}


def test_undo_takes_bulk_transitions_back(commune):
    publisher = publisher_of(commune)
    records = [ProducerFactory(point=at(*HERE)) for _ in range(2)]
    with pghistory.context() as context:
        workflow.move_many(records, "submit", by=publisher)
    assert {one.state for one in Producer.objects.all()} == {State.REVIEW}

    history.undo(context.id, by=publisher)

    assert {one.state for one in Producer.objects.all()} == {State.DRAFT}


def test_undo_without_permission_changes_nothing(commune, editor):
    product = ProductFactory(name="Nho", point=at(*HERE))
    context_id = act_of([workflow.Change(product, {"name": "Táo"}, product.version)], editor)
    elsewhere = UnitFactory(validity=UNTIL_THE_CHANGE, area=square(109.0, 11.5))

    undone = history.undo(context_id, by=editor_of(elsewhere))

    assert [why for _record, why in undone.skipped] == ["Bạn không có quyền."]
    assert Product.objects.get().name == "Táo"
    assert proposals.Proposal.objects.count() == 0


@pytest.mark.parametrize("version", ["", "²", "x"])
def test_restoring_without_a_version_that_was_read_writes_nothing(client, commune, editor, version):
    product = ProductFactory(name="Nho", point=at(*HERE))
    Product.objects.filter(pk=product.pk).update(name="Táo")
    key = history.versions(product)[0].key
    client.force_login(editor)

    response = client.post(f"/admin/ocop/product/{product.pk}/restore/{key}/", {"version": version})

    assert response.status_code == 200
    assert Product.objects.get().name == "Táo"
