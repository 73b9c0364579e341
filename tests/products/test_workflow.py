"""Workflow transitions: permission, initial state, reason and recorded history."""

import threading

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone

from districts.models import Role
from products.ocop.models import Product
from products.register import workflow
from products.register.models import Producer
from products.register.states import State
from products.rights.models import IpRight
from tests.concurrency import DEADLINE_S, meanwhile, wait_until_somebody_waits_for_a_lock
from tests.factories import (
    IpRightFactory,
    ProducerFactory,
    ProductFactory,
    RatingFactory,
    UnitFactory,
    UserFactory,
    editor_of,
    publisher_of,
    square,
    steward,
)

# name: (state before, state after, permitted to editors, requires a reason)
MOVES = {
    "submit": (State.DRAFT, State.REVIEW, True, False),
    "publish": (State.REVIEW, State.PUBLISHED, False, False),
    "reject": (State.REVIEW, State.DRAFT, False, True),
    "withdraw": (State.PUBLISHED, State.WITHDRAWN, False, True),
    "restore": (State.WITHDRAWN, State.DRAFT, False, False),
}
REASON = "Thiếu giấy chứng nhận"
RECORDS = [ProductFactory, ProducerFactory]

pytestmark = pytest.mark.django_db


def move(record, name, *, by, **options):
    """Make a transition of the stored version of the record."""
    options.setdefault("base_version", type(record).objects.get(pk=record.pk).version)
    return workflow.move(record, name, by=by, **options)


@pytest.fixture
def commune():
    return UnitFactory(code="82738")


@pytest.fixture
def users(commune):
    elsewhere = UnitFactory(code="82999")
    return {
        "editor": editor_of(commune),
        "publisher": publisher_of(commune),
        "publisher elsewhere": publisher_of(elsewhere),
    }


def test_the_workflow_has_these_transitions():
    assert {
        name: (t.before, t.after, t.role == Role.EDITOR, t.reason_needed)
        for name, t in workflow.TRANSITIONS.items()
    } == MOVES


@pytest.mark.parametrize("factory", RECORDS)
@pytest.mark.parametrize("who", ["editor", "publisher", "publisher elsewhere"])
@pytest.mark.parametrize("name", MOVES)
def test_transitions_require_the_role_and_the_unit(commune, users, factory, name, who):
    before, after, editor_may, _reason_needed = MOVES[name]
    record = factory(state=before, declared_commune=commune)

    if who == "publisher" or (who == "editor" and editor_may):
        moved = move(record, name, by=users[who], reason=REASON)
        assert moved.state == after
    else:
        with pytest.raises(PermissionDenied):
            move(record, name, by=users[who], reason=REASON)
        after = before

    record.refresh_from_db()
    assert record.state == after
    assert list(workflow.transitions_for(users[who], record)) == [
        other
        for other, (before, _after, editor_may, _needed) in MOVES.items()
        if before == record.state and (who == "publisher" or (who == "editor" and editor_may))
    ]


@pytest.mark.parametrize(
    ("name", "state"),
    [(name, state) for name in MOVES for state in State.values if state != MOVES[name][0]],
)
def test_a_transition_starts_from_one_state_only(commune, users, name, state):
    record = ProductFactory(state=state, declared_commune=commune)

    with pytest.raises(ValidationError, match="đang ở trạng thái"):
        move(record, name, by=users["publisher"], reason=REASON)

    record.refresh_from_db()
    assert record.state == state


@pytest.mark.parametrize("reason", ["", "  \n "])
@pytest.mark.parametrize("name", ["reject", "withdraw"])
def test_rejecting_and_withdrawing_require_a_reason(commune, users, name, reason):
    record = ProductFactory(state=MOVES[name][0], declared_commune=commune)

    with pytest.raises(ValidationError, match="Cần ghi lý do"):
        move(record, name, by=users["publisher"], reason=reason)

    record.refresh_from_db()
    assert (record.state, record.state_reason) == (MOVES[name][0], "")


def test_a_reason_that_is_too_long_is_rejected_not_truncated(commune, users):
    record = ProductFactory(published=True, declared_commune=commune)

    with pytest.raises(ValidationError) as refusal:
        move(record, "withdraw", by=users["publisher"], reason="x" * 501)

    assert list(refusal.value.message_dict) == ["state_reason"]


@pytest.mark.parametrize("who", ["is_active", "is_staff"])
def test_an_inactive_or_non_staff_user_cannot_make_a_transition(commune, users, who):
    record = ProductFactory(state=State.REVIEW, declared_commune=commune)
    setattr(users["publisher"], who, False)
    users["publisher"].save()

    with pytest.raises(PermissionDenied):
        move(record, "publish", by=users["publisher"])


def test_a_transition_is_recorded_with_user_and_reason(commune, users):
    record = ProductFactory(published=True, declared_commune=commune)

    move(record, "withdraw", by=users["publisher"], reason=f" {REASON} ")

    record.refresh_from_db()
    assert record.state_reason == REASON
    event = Product.pgh_event_model.objects.order_by("-pgh_id").first()
    assert (event.state, event.state_reason, event.pgh_context.metadata) == (
        "withdrawn",
        REASON,
        {"user": users["publisher"].pk, "reason": REASON, "act": "withdraw"},
    )


def test_publishing_sets_published_at_and_no_other_value(commune, users, on_day):
    record = ProductFactory(state=State.REVIEW, declared_commune=commune, note="nội bộ")
    on_day("2026-11-23")

    move(record, "publish", by=users["publisher"])

    record.refresh_from_db()
    assert (record.published_at, record.note) == (timezone.now(), "nội bộ")


def test_a_transition_does_not_overwrite_concurrent_changes(commune, users):
    record = ProductFactory(declared_commune=commune, name="Nho")
    Product.objects.update(name="Nho đỏ")

    move(record, "submit", by=users["editor"])

    assert Product.objects.values_list("name", "state").get() == ("Nho đỏ", "review")


def test_a_withdrawn_record_can_be_published_again(commune, users):
    record = ProductFactory(published=True, declared_commune=commune)

    for name in ("withdraw", "restore", "submit", "publish"):
        move(record, name, by=users["publisher"], reason=REASON)

    record.refresh_from_db()
    assert record.state == State.PUBLISHED


@pytest.mark.django_db(transaction=True)
def test_the_second_of_two_concurrent_transitions_is_rejected():
    commune = UnitFactory(code="82738")
    record = ProductFactory(published=True, declared_commune=commune)
    first, second = publisher_of(commune), publisher_of(commune)

    locked = threading.Event()

    def withdraw():
        assert locked.wait(DEADLINE_S)
        with pytest.raises(ValidationError) as refusal:
            move(record, "withdraw", by=second, reason="lần hai")
        return refusal.value.messages

    with meanwhile(withdraw) as other:
        with transaction.atomic():
            move(record, "withdraw", by=first, reason="lần một")
            locked.set()
            wait_until_somebody_waits_for_a_lock()
        assert other.result() == [
            f"“{record}” đang ở trạng thái “đã rút”, không thể làm “Rút khỏi trang công khai”."
        ]
    record.refresh_from_db()
    assert (record.state, record.state_reason) == ("withdrawn", "lần một")


# --- a product and its producer ------------------------------------------------------------


def test_a_product_cannot_be_published_before_its_producer(commune, users):
    producer = ProducerFactory(name="HTX Kín")
    product = ProductFactory(state=State.REVIEW, declared_commune=commune, producer=producer)

    with pytest.raises(ValidationError, match="Hãy công bố chủ thể “HTX Kín” trước"):
        move(product, "publish", by=users["publisher"])

    Producer.objects.update(state=State.PUBLISHED, published_at="2026-01-01T00:00Z")
    assert move(product, "publish", by=users["publisher"]).state == State.PUBLISHED


def test_a_producer_cannot_be_withdrawn_before_its_products(commune, users):
    producer = ProducerFactory(published=True, declared_commune=commune)
    product = ProductFactory(published=True, declared_commune=commune, producer=producer)

    with pytest.raises(ValidationError, match="Chủ thể còn 1 sản phẩm đang công bố"):
        move(producer, "withdraw", by=users["publisher"], reason=REASON)

    move(product, "withdraw", by=users["publisher"], reason=REASON)
    moved = move(producer, "withdraw", by=users["publisher"], reason=REASON)
    assert moved.state == State.WITHDRAWN


# --- editable records ----------------------------------------------------------------------


def test_officials_can_edit_only_records_of_their_unit(commune, users):
    here = ProductFactory(declared_commune=commune)
    ProductFactory(declared_commune=UnitFactory(code="82998"))
    nowhere = ProductFactory()

    def editable(user, role=Role.EDITOR):
        return list(Product.objects.editable_by(user, role))

    assert editable(users["editor"]) == editable(users["publisher"]) == [here]
    assert editable(users["editor"], Role.PUBLISHER) == []
    assert editable(users["publisher elsewhere"]) == []
    assert editable(UserFactory()) == []
    assert nowhere in editable(UserFactory(is_superuser=True))


@pytest.mark.parametrize("code", ["99", "98"], ids=["the old province", "the new province"])
def test_a_steward_of_a_province_edits_every_record_with_or_without_a_place(commune, code):
    in_the_commune = ProductFactory(declared_commune=commune)
    without_a_place = ProductFactory()
    elsewhere = ProductFactory(declared_commune=UnitFactory(code="82998"))
    editor = steward(UnitFactory(code=code), Role.EDITOR)

    editable = Product.objects.editable_by(editor)
    assert set(editable) == {in_the_commune, without_a_place, elsewhere}
    assert list(Product.objects.editable_by(editor, Role.PUBLISHER)) == []
    assert workflow.may_change(editor, without_a_place)


@pytest.mark.parametrize("factory", [ProductFactory, ProducerFactory, IpRightFactory])
@pytest.mark.parametrize("code", ["99", "98"], ids=["the old province", "the new province"])
def test_a_publisher_of_a_province_publishes_records_of_every_kind_without_a_place(factory, code):
    record = factory(state=State.REVIEW)
    publisher = publisher_of(UnitFactory(code=code))

    assert list(type(record).objects.editable_by(publisher, Role.PUBLISHER)) == [record]
    assert move(record, "publish", by=publisher).state == State.PUBLISHED


@pytest.mark.parametrize("factory", [ProductFactory, ProducerFactory, IpRightFactory])
def test_nobody_else_publishes_records_without_a_place(factory, users):
    record = factory(state=State.REVIEW)

    for user in users.values():
        with pytest.raises(PermissionDenied):
            move(record, "publish", by=user)


@pytest.mark.usefixtures("self_publish")
def test_only_publishers_change_published_records(commune, users):
    draft = ProductFactory(declared_commune=commune)
    public = ProductFactory(published=True, declared_commune=commune)

    def may_change(who):
        return [workflow.may_change(users[who], record) for record in (draft, public)]

    assert may_change("editor") == [True, False]
    assert may_change("publisher") == [True, True]
    assert may_change("publisher elsewhere") == [False, False]


def test_only_province_stewards_edit_and_publish_rights(commune, users):
    right = IpRightFactory(state=State.REVIEW)
    of_the_province = publisher_of(UnitFactory(code="99"))

    assert list(IpRight.objects.editable_by(users["publisher"])) == []
    with pytest.raises(PermissionDenied):
        move(right, "publish", by=users["publisher"])
    assert list(IpRight.objects.editable_by(of_the_province)) == [right]
    assert move(right, "publish", by=of_the_province).state == State.PUBLISHED


def test_a_province_editor_cannot_publish_rights():
    right = IpRightFactory(state=State.REVIEW)
    editor = steward(UnitFactory(code="99"), Role.EDITOR)

    assert list(IpRight.objects.editable_by(editor)) == [right]
    with pytest.raises(PermissionDenied):
        move(right, "publish", by=editor)


# --- imports -------------------------------------------------------------------------------


@pytest.mark.parametrize("factory", [ProductFactory, ProducerFactory, IpRightFactory])
def test_publish_imported_publishes_only_drafts_without_manual_edits(factory, users, commune):
    fresh = factory(name="mới")
    others = [factory(state=state) for state in ("review", "published", "withdrawn")]
    # Rejected by a publisher: a draft whose history contains a manual change.
    place = {} if factory is IpRightFactory else {"declared_commune": commune}
    returned = factory(state=State.REVIEW, **place)
    by = UserFactory(is_superuser=True)
    move(returned, "reject", by=by, reason=REASON)

    assert workflow.publish_imported(type(fresh).objects.all()) == 1

    fresh.refresh_from_db()
    returned.refresh_from_db()
    assert (fresh.state, returned.state) == (State.PUBLISHED, State.DRAFT)
    assert fresh.published_at is not None
    for record in others:
        before = record.state
        record.refresh_from_db()
        assert record.state == before


def test_publish_imported_publishes_only_the_given_records():
    shown, hidden = ProductFactory(), ProductFactory()

    workflow.publish_imported(Product.objects.filter(pk=shown.pk))

    hidden.refresh_from_db()
    assert hidden.state == State.DRAFT


# --- codes ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("factory", "prefix"),
    [(ProductFactory, "MAU-SP"), (ProducerFactory, "MAU-CT"), (IpRightFactory, "MAU-SH")],
)
def test_a_new_record_gets_the_next_number_and_numbers_are_not_reused(factory, prefix):
    first, second = factory(code=""), factory(code="")
    assert (first.code, second.code) == (f"{prefix}-001", f"{prefix}-002")

    second.delete()

    assert factory(code="").code == f"{prefix}-003"


def test_the_next_number_follows_the_numeric_maximum():
    for code in ("MAU-SP-099", "MAU-SP-1000", "MAU-SP-9"):
        ProductFactory(code=code)

    assert ProductFactory(code="").code == "MAU-SP-1001"


def test_a_manually_assigned_code_does_not_stop_the_numbering():
    ProductFactory(code="MAU-SP-99999999")

    assert ProductFactory(code="").code == "MAU-SP-100000000"


def test_a_code_does_not_change_with_other_values():
    product = ProductFactory(code="")
    product.name = "Tên khác"
    product.save()
    RatingFactory(product=product)

    assert Product.objects.values_list("code", flat=True).get() == "MAU-SP-001"


@pytest.mark.django_db(transaction=True)
def test_concurrent_saves_get_different_numbers():
    locked = threading.Event()

    def save():
        assert locked.wait(DEADLINE_S)
        return ProductFactory(code="").code

    with meanwhile(save) as second:
        with transaction.atomic():
            first = ProductFactory(code="").code
            locked.set()
            wait_until_somebody_waits_for_a_lock()
        assert (first, second.result()) == ("MAU-SP-001", "MAU-SP-002")


def test_units_are_assigned_in_every_state():
    unit = UnitFactory(code="82738", area=square(109, 11.5))
    record = ProductFactory(state=State.WITHDRAWN, declared_commune=unit)

    assert record.old_commune == record.commune == unit
