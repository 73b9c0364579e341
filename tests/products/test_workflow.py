"""Every change of a record's state: who may, from where, with what reason, and what it leaves."""

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

# name: (state before, state after, may an editor?, is a reason needed?)
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
    """Move the record as it is stored now."""
    options.setdefault("base_version", type(record).objects.get(pk=record.pk).version)
    return workflow.move(record, name, by=by, **options)


@pytest.fixture
def commune():
    return UnitFactory(code="22738")


@pytest.fixture
def people(commune):
    elsewhere = UnitFactory(code="22999")
    return {
        "editor": editor_of(commune),
        "publisher": publisher_of(commune),
        "publisher elsewhere": publisher_of(elsewhere),
    }


def test_these_are_all_the_moves():
    assert {
        name: (t.before, t.after, t.role == Role.EDITOR, t.reason_needed)
        for name, t in workflow.TRANSITIONS.items()
    } == MOVES


@pytest.mark.parametrize("factory", RECORDS)
@pytest.mark.parametrize("who", ["editor", "publisher", "publisher elsewhere"])
@pytest.mark.parametrize("name", MOVES)
def test_who_may_move_a_record(commune, people, factory, name, who):
    before, after, editor_may, _reason_needed = MOVES[name]
    record = factory(state=before, declared_commune=commune)

    if who == "publisher" or (who == "editor" and editor_may):
        moved = move(record, name, by=people[who], reason=REASON)
        assert moved.state == after
    else:
        with pytest.raises(PermissionDenied):
            move(record, name, by=people[who], reason=REASON)
        after = before

    record.refresh_from_db()
    assert record.state == after
    assert list(workflow.transitions_for(people[who], record)) == [
        other
        for other, (before, _after, editor_may, _needed) in MOVES.items()
        if before == record.state and (who == "publisher" or (who == "editor" and editor_may))
    ]


@pytest.mark.parametrize(
    ("name", "state"),
    [(name, state) for name in MOVES for state in State.values if state != MOVES[name][0]],
)
def test_a_record_moves_from_one_state_only(commune, people, name, state):
    record = ProductFactory(state=state, declared_commune=commune)

    with pytest.raises(ValidationError, match="đang ở trạng thái"):
        move(record, name, by=people["publisher"], reason=REASON)

    record.refresh_from_db()
    assert record.state == state


@pytest.mark.parametrize("reason", ["", "  \n "])
@pytest.mark.parametrize("name", ["reject", "withdraw"])
def test_sending_back_and_withdrawing_need_a_reason(commune, people, name, reason):
    record = ProductFactory(state=MOVES[name][0], declared_commune=commune)

    with pytest.raises(ValidationError, match="Cần ghi lý do"):
        move(record, name, by=people["publisher"], reason=reason)

    record.refresh_from_db()
    assert (record.state, record.state_reason) == (MOVES[name][0], "")


def test_a_reason_that_is_too_long_is_refused_not_cut(commune, people):
    record = ProductFactory(published=True, declared_commune=commune)

    with pytest.raises(ValidationError) as refusal:
        move(record, "withdraw", by=people["publisher"], reason="x" * 501)

    assert list(refusal.value.message_dict) == ["state_reason"]


@pytest.mark.parametrize("who", ["is_active", "is_staff"])
def test_who_has_left_the_department_moves_nothing(commune, people, who):
    record = ProductFactory(state=State.REVIEW, declared_commune=commune)
    setattr(people["publisher"], who, False)
    people["publisher"].save()

    with pytest.raises(PermissionDenied):
        move(record, "publish", by=people["publisher"])


def test_a_move_leaves_its_trail(commune, people):
    record = ProductFactory(published=True, declared_commune=commune)

    move(record, "withdraw", by=people["publisher"], reason=f" {REASON} ")

    record.refresh_from_db()
    assert record.state_reason == REASON
    event = Product.pgh_event_model.objects.order_by("-pgh_id").first()
    assert (event.state, event.state_reason, event.pgh_context.metadata) == (
        "withdrawn",
        REASON,
        {"user": people["publisher"].pk, "reason": REASON},
    )


def test_publishing_says_since_when_and_keeps_what_else_was_there(commune, people, on_day):
    record = ProductFactory(state=State.REVIEW, declared_commune=commune, note="nội bộ")
    on_day("2026-11-23")

    move(record, "publish", by=people["publisher"])

    record.refresh_from_db()
    assert (record.published_at, record.note) == (timezone.now(), "nội bộ")


def test_a_move_overwrites_nothing_that_somebody_saved_meanwhile(commune, people):
    record = ProductFactory(declared_commune=commune, name="Nho")
    Product.objects.update(name="Nho đỏ")

    move(record, "submit", by=people["editor"])

    assert Product.objects.values_list("name", "state").get() == ("Nho đỏ", "review")


def test_what_was_withdrawn_can_be_published_again(commune, people):
    record = ProductFactory(published=True, declared_commune=commune)

    for name in ("withdraw", "restore", "submit", "publish"):
        move(record, name, by=people["publisher"], reason=REASON)

    record.refresh_from_db()
    assert record.state == State.PUBLISHED


@pytest.mark.django_db(transaction=True)
def test_the_second_of_two_simultaneous_clicks_sees_the_state_of_the_first():
    commune = UnitFactory(code="22738")
    record = ProductFactory(published=True, declared_commune=commune)
    first, second = publisher_of(commune), publisher_of(commune)

    locked = threading.Event()

    def click():
        assert locked.wait(DEADLINE_S)
        with pytest.raises(ValidationError) as refusal:
            move(record, "withdraw", by=second, reason="lần hai")
        return refusal.value.messages

    with meanwhile(click) as other:
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


def test_a_product_is_not_published_before_its_producer(commune, people):
    producer = ProducerFactory(name="HTX Kín")
    product = ProductFactory(state=State.REVIEW, declared_commune=commune, producer=producer)

    with pytest.raises(ValidationError, match="Hãy công bố chủ thể “HTX Kín” trước"):
        move(product, "publish", by=people["publisher"])

    Producer.objects.update(state=State.PUBLISHED, published_at="2026-01-01T00:00Z")
    assert move(product, "publish", by=people["publisher"]).state == State.PUBLISHED


def test_a_producer_is_not_withdrawn_before_its_products(commune, people):
    producer = ProducerFactory(published=True, declared_commune=commune)
    product = ProductFactory(published=True, declared_commune=commune, producer=producer)

    with pytest.raises(ValidationError, match="Chủ thể còn 1 sản phẩm đang công bố"):
        move(producer, "withdraw", by=people["publisher"], reason=REASON)

    move(product, "withdraw", by=people["publisher"], reason=REASON)
    moved = move(producer, "withdraw", by=people["publisher"], reason=REASON)
    assert moved.state == State.WITHDRAWN


# --- whose records -------------------------------------------------------------------------


def test_officials_see_the_records_of_their_ground_only(commune, people):
    here = ProductFactory(declared_commune=commune)
    ProductFactory(declared_commune=UnitFactory(code="22998"))
    nowhere = ProductFactory()

    def editable(user, role=Role.EDITOR):
        return list(Product.objects.editable_by(user, role))

    assert editable(people["editor"]) == editable(people["publisher"]) == [here]
    assert editable(people["editor"], Role.PUBLISHER) == []
    assert editable(people["publisher elsewhere"]) == []
    assert editable(UserFactory()) == []
    assert nowhere in editable(UserFactory(is_superuser=True))


@pytest.mark.parametrize("code", ["58", "56"], ids=["the old province", "the new province"])
def test_a_steward_of_a_province_edits_every_record_with_or_without_a_place(commune, code):
    in_the_commune = ProductFactory(declared_commune=commune)
    without_a_place = ProductFactory()
    elsewhere = ProductFactory(declared_commune=UnitFactory(code="22998"))
    editor = steward(UnitFactory(code=code), Role.EDITOR)

    editable = Product.objects.editable_by(editor)
    assert set(editable) == {in_the_commune, without_a_place, elsewhere}
    assert list(Product.objects.editable_by(editor, Role.PUBLISHER)) == []
    assert workflow.may_change(editor, without_a_place)


def test_what_is_public_is_changed_by_publishers_only(commune, people):
    draft = ProductFactory(declared_commune=commune)
    public = ProductFactory(published=True, declared_commune=commune)

    def may_change(who):
        return [workflow.may_change(people[who], record) for record in (draft, public)]

    assert may_change("editor") == [True, False]
    assert may_change("publisher") == [True, True]
    assert may_change("publisher elsewhere") == [False, False]


def test_a_right_belongs_to_the_stewards_of_a_province(commune, people):
    right = IpRightFactory(state=State.REVIEW)
    of_the_province = publisher_of(UnitFactory(code="58"))

    assert list(IpRight.objects.editable_by(people["publisher"])) == []
    with pytest.raises(PermissionDenied):
        move(right, "publish", by=people["publisher"])
    assert list(IpRight.objects.editable_by(of_the_province)) == [right]
    assert move(right, "publish", by=of_the_province).state == State.PUBLISHED


def test_an_editor_of_a_province_does_not_publish_its_rights():
    right = IpRightFactory(state=State.REVIEW)
    editor = steward(UnitFactory(code="58"), Role.EDITOR)

    assert list(IpRight.objects.editable_by(editor)) == [right]
    with pytest.raises(PermissionDenied):
        move(right, "publish", by=editor)


# --- imports -------------------------------------------------------------------------------


@pytest.mark.parametrize("factory", [ProductFactory, ProducerFactory, IpRightFactory])
def test_an_import_publishes_drafts_that_no_person_has_touched(factory, people, commune):
    fresh = factory(name="mới")
    others = [factory(state=state) for state in ("review", "published", "withdrawn")]
    # Sent back by a publisher: a draft with a history of people.
    place = {} if factory is IpRightFactory else {"declared_commune": commune}
    sent_back = factory(state=State.REVIEW, **place)
    by = UserFactory(is_superuser=True)
    move(sent_back, "reject", by=by, reason=REASON)

    assert workflow.publish_imported(type(fresh).objects.all()) == 1

    fresh.refresh_from_db()
    sent_back.refresh_from_db()
    assert (fresh.state, sent_back.state) == (State.PUBLISHED, State.DRAFT)
    assert fresh.published_at is not None
    for record in others:
        before = record.state
        record.refresh_from_db()
        assert record.state == before


def test_an_import_publishes_only_what_it_may_show():
    shown, hidden = ProductFactory(), ProductFactory()

    workflow.publish_imported(Product.objects.filter(pk=shown.pk))

    hidden.refresh_from_db()
    assert hidden.state == State.DRAFT


# --- codes ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("factory", "prefix"),
    [(ProductFactory, "NT-OCOP"), (ProducerFactory, "NT-PR"), (IpRightFactory, "NT-IP")],
)
def test_a_new_record_gets_the_next_number_and_none_is_used_again(factory, prefix):
    first, second = factory(code=""), factory(code="")
    assert (first.code, second.code) == (f"{prefix}-001", f"{prefix}-002")

    second.delete()

    assert factory(code="").code == f"{prefix}-003"


def test_numbers_go_on_after_the_highest_not_after_the_last_letter():
    for code in ("NT-OCOP-099", "NT-OCOP-1000", "NT-OCOP-9"):
        ProductFactory(code=code)

    assert ProductFactory(code="").code == "NT-OCOP-1001"


def test_a_code_given_by_hand_does_not_stop_the_numbers():
    ProductFactory(code="NT-OCOP-99999999")

    assert ProductFactory(code="").code == "NT-OCOP-100000000"


def test_a_code_stays_whatever_else_changes():
    product = ProductFactory(code="")
    product.name = "Tên khác"
    product.save()
    RatingFactory(product=product)

    assert Product.objects.values_list("code", flat=True).get() == "NT-OCOP-001"


@pytest.mark.django_db(transaction=True)
def test_two_who_save_at_once_get_two_numbers():
    locked = threading.Event()

    def save():
        assert locked.wait(DEADLINE_S)
        return ProductFactory(code="").code

    with meanwhile(save) as second:
        with transaction.atomic():
            first = ProductFactory(code="").code
            locked.set()
            wait_until_somebody_waits_for_a_lock()
        assert (first, second.result()) == ("NT-OCOP-001", "NT-OCOP-002")


def test_a_record_stands_on_ground_whatever_its_state():
    unit = UnitFactory(code="22738", area=square(109, 11.5))
    record = ProductFactory(state=State.WITHDRAWN, declared_commune=unit)

    assert record.old_commune == record.commune == unit
