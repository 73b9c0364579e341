"""Decisions: their source, the day that they give to ratings, revocation, grouping of ratings."""

import datetime
from contextlib import ExitStack
from decimal import Decimal
from importlib import import_module

import pytest
from django.apps import apps
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction

from geodata.models import Source
from geodata.spans import day_span, span, span_of
from products.ocop import decisions
from products.ocop.matching import producer_key
from products.ocop.models import Decision, OcopRating, Product
from products.register import workflow
from products.register.models import Producer
from tests.concurrency import meanwhile, wait_until_somebody_waits_for_a_lock
from tests.factories import (
    DecisionFactory,
    ProductFactory,
    RatingFactory,
    UnitFactory,
    UserFactory,
    editor_of,
    publisher_of,
)
from tests.versions import next_transaction, version_of

pytestmark = pytest.mark.django_db

DAY = datetime.date(2024, 12, 10)
NUMBERED = "Quyết định 12/QĐ-UBND ngày 10/12/2024 của UBND tỉnh Mẫu"
VALUES = {"number": "12/QĐ-UBND", "issuer": "UBND tỉnh Mẫu", "day": day_span(DAY)}


@pytest.fixture
def commune():
    return UnitFactory(name="An Hậu")


@pytest.fixture
def publisher(commune):
    return publisher_of(commune)


# --- the day -------------------------------------------------------------------------------


def test_a_rating_gets_the_day_of_its_decision():
    rating = RatingFactory(decision=DecisionFactory(on=DAY), decided=span_of(2019))

    rating.refresh_from_db()
    assert rating.decided == day_span(DAY)


def test_the_day_of_a_rating_with_a_decision_cannot_be_changed():
    rating = RatingFactory(decision=DecisionFactory(on=DAY))

    OcopRating.objects.update(decided=span_of(2019))

    rating.refresh_from_db()
    assert rating.decided == day_span(DAY)


def test_a_changed_day_changes_all_ratings_and_the_versions_of_their_products():
    decision = DecisionFactory(day=span_of(2024))
    rated = [RatingFactory(decision=decision) for _ in range(2)]
    other = RatingFactory(on=DAY)
    before = [version_of(rating.product) for rating in (*rated, other)]
    next_transaction()

    Decision.objects.update(day=day_span(DAY))

    assert set(decision.ratings.values_list("decided", flat=True)) == {day_span(DAY)}
    after = [version_of(rating.product) for rating in (*rated, other)]
    assert [b - a for a, b in zip(before, after, strict=True)] == [1, 1, 0]


@pytest.mark.django_db(transaction=True)
def test_a_rating_that_is_added_while_the_day_changes_gets_the_new_day():
    decision, product = DecisionFactory(day=span_of(2024)), ProductFactory()

    def change_day():
        Decision.objects.filter(pk=decision.pk).update(day=day_span(DAY))

    with ExitStack() as changing, transaction.atomic():
        rating = RatingFactory(product=product, decision=decision)
        changing.enter_context(meanwhile(change_day))
        wait_until_somebody_waits_for_a_lock()

    rating.refresh_from_db()
    assert rating.decided == day_span(DAY)


# --- revocation ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("own", "of_decision", "expected"),
    [
        (None, None, None),
        ("2025-03-01", None, "2025-03-01"),
        (None, "2025-06-01", "2025-06-01"),
        ("2025-03-01", "2025-06-01", "2025-03-01"),
        ("2025-06-01", "2025-03-01", "2025-03-01"),
    ],
)
def test_the_earlier_revocation_counts(own, of_decision, expected):
    reason = "Sai hồ sơ" if of_decision else ""
    decision = DecisionFactory(on=DAY, revoked_on=of_decision, revocation_reason=reason)
    rating = RatingFactory(product__published=True, decision=decision, revoked_on=own)
    rating.refresh_from_db()
    expected = expected and datetime.date.fromisoformat(expected)

    assert rating.revocation_day == expected
    days = OcopRating.objects.change_days()
    assert expected in {day for _code, day in days}
    if expected:
        eve = expected - datetime.timedelta(1)
        assert _status_on(eve) == "valid"
        assert _status_on(expected) == "revoked"


def _status_on(day):
    return Product.objects.with_rating_on(day).get().ocop_status


def test_a_product_shows_the_number_of_its_decision_and_without_one_the_text_of_the_press(items):
    decision = DecisionFactory(number="12/QĐ-UBND", on=DAY)
    RatingFactory(product__published=True, decision=decision, decision_text="đợt 2")
    RatingFactory(product__published=True, decision_text="đợt 3")
    RatingFactory(product__published=True)

    shown = [one["properties"]["decision"] for one in items("products").json()["features"]]

    assert sorted(shown, key=str) == ["12/QĐ-UBND", None, "đợt 3"]


# --- writing -------------------------------------------------------------------------------


def test_a_decision_is_written_with_its_source(publisher):
    decision = decisions.change(Decision(), VALUES, by=publisher, base_version=None)

    source = decision.source
    assert source.title == "Quyết định 12/QĐ-UBND năm 2024 của UBND tỉnh Mẫu"
    assert (source.document_number, source.dated) == ("12/QĐ-UBND", day_span(DAY))

    changed = {"number": "13/QĐ-UBND"}
    decisions.change(decision, changed, by=publisher, base_version=decision.version)
    source.refresh_from_db()
    assert source.document_number == "13/QĐ-UBND"


def test_a_second_decision_of_the_same_number_is_refused_in_words(publisher):
    decisions.change(Decision(), VALUES, by=publisher, base_version=None)

    with pytest.raises(ValidationError, match="Đã có quyết định mang số này") as refused:
        decisions.change(Decision(), VALUES, by=publisher, base_version=None)

    assert list(refused.value.message_dict) == ["number"]
    assert Source.objects.count() == 1 + 1  # of the decision, and of the commune


def test_a_stale_version_of_a_decision_is_refused(publisher):
    decision = DecisionFactory()
    Decision.objects.update(issuer="UBND huyện Mẫu")

    with pytest.raises(workflow.StaleVersion):
        decisions.change(decision, VALUES, by=publisher, base_version=decision.version)


def test_a_decision_is_changed_only_by_those_who_may_change_all_rated_products(commune, publisher):
    decision, elsewhere = DecisionFactory(), UnitFactory()
    RatingFactory(decision=decision, product__declared_commune=commune, product__published=True)
    editor = editor_of(commune)

    assert decisions.may_change(publisher, decision)
    assert not decisions.may_change(editor, decision)
    with pytest.raises(PermissionDenied):
        decisions.change(decision, VALUES, by=editor, base_version=decision.version)

    RatingFactory(decision=decision, product__declared_commune=elsewhere)
    assert not decisions.may_change(publisher, decision)
    assert not decisions.may_change(UserFactory(), DecisionFactory())


def test_a_day_on_which_a_product_has_another_rating_is_refused_by_name(publisher, commune):
    decision = DecisionFactory(on=DAY)
    rating = RatingFactory(decision=decision, product__declared_commune=commune)
    RatingFactory(product=rating.product, decided=span_of(2023))

    with pytest.raises(ValidationError, match=rating.product.name) as refused:
        decisions.change(
            decision, {"day": span_of(2023)}, by=publisher, base_version=decision.version
        )

    assert list(refused.value.message_dict) == ["day"]


def test_only_a_decision_without_ratings_is_deleted_and_its_source_with_it(publisher, commune):
    decision = decisions.change(Decision(), VALUES, by=publisher, base_version=None)
    rating = RatingFactory(decision=decision, product__declared_commune=commune)

    with pytest.raises(ValidationError, match="còn 1 xếp hạng"):
        decisions.delete(decision, by=publisher, base_version=decision.version)

    rating.delete()
    decisions.delete(decision, by=publisher, base_version=decision.version)
    assert not Source.objects.filter(document_number="12/QĐ-UBND").exists()


def test_the_source_of_a_deleted_decision_stays_while_other_facts_refer_to_it(publisher):
    decision = decisions.change(Decision(), VALUES, by=publisher, base_version=None)
    ProductFactory(source=decision.source)

    decisions.delete(decision, by=publisher, base_version=decision.version)

    again = decisions.change(Decision(), VALUES, by=publisher, base_version=None)
    assert again.source == decision.source


@pytest.mark.parametrize("content", [b"", b"\xff\xd8\xff", b"PK\x03\x04", b" %PDF-1.7"])
def test_a_file_that_is_no_pdf_is_refused(content):
    with pytest.raises(ValidationError, match="không phải là PDF"):
        decisions.prepared_pdf(SimpleUploadedFile("qd.pdf", content))


def test_a_pdf_above_the_limit_is_refused(monkeypatch):
    monkeypatch.setattr(decisions, "MAX_PDF_BYTES", 10)

    with pytest.raises(ValidationError, match="lớn hơn"):
        decisions.prepared_pdf(SimpleUploadedFile("qd.pdf", b"%PDF-1.7 and more"))


# --- many ratings --------------------------------------------------------------------------


def rate(decision, by, **values):
    return decisions.rate(decision, [decisions.Rated(**values)], by=by)


def test_a_decision_is_the_source_of_the_ratings_that_it_gives(publisher, commune):
    decision = DecisionFactory(on=DAY)
    one, other = (ProductFactory(declared_commune=commune) for _ in range(2))

    rated = [decisions.Rated(one, stars=4, score=Decimal("75.5")), decisions.Rated(other, stars=3)]
    decisions.rate(decision, rated, by=publisher)

    given = OcopRating.objects.order_by("product").values_list("product", "stars", "source")
    assert list(given) == [(one.pk, 4, decision.source_id), (other.pk, 3, decision.source_id)]
    assert {r.decided for r in OcopRating.objects.all()} == {day_span(DAY)}


def test_rating_again_changes_nothing_and_corrects_stars(publisher, commune):
    decision, product = DecisionFactory(), ProductFactory(declared_commune=commune)
    rate(decision, publisher, product=product, stars=3)
    product.refresh_from_db()

    rate(decision, publisher, product=product, stars=4)

    assert OcopRating.objects.get().stars == 4


@pytest.mark.parametrize("decided", [span_of(2024), span(None, None), day_span(DAY)])
def test_a_rating_of_the_press_is_replaced_only_if_the_official_agrees(publisher, commune, decided):
    decision, product = DecisionFactory(on=DAY), ProductFactory(declared_commune=commune)
    press = RatingFactory(product=product, decided=decided, stars=3)
    product.refresh_from_db()

    with pytest.raises(decisions.RatingsRefused) as refused:
        rate(decision, publisher, product=product, stars=4)
    assert refused.value.replaceable == {0: [press]}
    assert OcopRating.objects.get() == press

    rate(decision, publisher, product=product, stars=4, replaces=frozenset([press.pk]))
    assert OcopRating.objects.get().decision == decision
    deleted = OcopRating.pgh_event_model.objects.filter(pgh_obj_id=press.pk, pgh_label="delete")
    assert deleted.exists()


def test_a_rating_of_another_decision_of_a_known_day_is_not_replaced(publisher, commune):
    product = ProductFactory(declared_commune=commune)
    RatingFactory(product=product, decision=DecisionFactory(on=DAY))
    product.refresh_from_db()

    with pytest.raises(decisions.RatingsRefused) as refused:
        rate(DecisionFactory(on=DAY), publisher, product=product, stars=4)

    assert refused.value.replaceable == {}


def test_all_ratings_are_refused_if_one_is(publisher, commune):
    decision = DecisionFactory()
    own, foreign = ProductFactory(declared_commune=commune), ProductFactory(published=True)
    producer = Producer(name="HTX mới", source=decision.source, declared_commune=commune)
    new = Product(
        name="Nho", source=decision.source, declared_commune=commune, producer_basis="stated"
    )

    with pytest.raises(decisions.RatingsRefused) as refused:
        decisions.rate(
            decision,
            [
                decisions.Rated(own, stars=3),
                decisions.Rated(foreign, stars=3),
                decisions.Rated(new, stars=3, producer=producer),
            ],
            by=publisher,
        )

    assert list(refused.value.errors) == [1]
    assert not OcopRating.objects.exists()
    assert not Producer.objects.exists()
    assert Product.objects.count() == 2


def test_a_product_may_not_have_two_rows(publisher, commune):
    product = ProductFactory(declared_commune=commune)
    rows = [decisions.Rated(product, stars=stars) for stars in (3, 4)]

    with pytest.raises(decisions.RatingsRefused, match="hai dòng"):
        decisions.rate(DecisionFactory(), rows, by=publisher)


def test_too_few_points_for_the_stars_are_reported_at_the_score_of_the_row(publisher, commune):
    product = ProductFactory(declared_commune=commune)

    with pytest.raises(decisions.RatingsRefused) as refused:
        rate(DecisionFactory(), publisher, product=product, stars=5, score=Decimal(70))

    assert "5 sao từ 90 điểm" in str(refused.value.errors[0])


# --- grouping ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "issuer", "decided", "expected"),
    [
        (NUMBERED, "cấp tỉnh", day_span(DAY), ("12/QĐ-UBND", "UBND tỉnh Mẫu", 2024)),
        ("QĐ số 12/QĐ-UBND", "cấp tỉnh", span_of(2024), ("12/QĐ-UBND", "cấp tỉnh", 2024)),
        (
            "Quyết định 7/2023/QĐ-UBND, UBND huyện Minh Hải, đợt 2",
            "cấp huyện",
            span_of(2023),
            ("7/2023/QĐ-UBND", "UBND huyện Minh Hải", 2023),
        ),
        # No number; a district that is not named; no certain year.
        ("Quyết định UBND huyện Minh Sơn (số không nêu)", "cấp huyện", span_of(2024), None),
        ("Quyết định 12/QĐ-UBND", "cấp huyện", span_of(2024), None),
        ("Quyết định 12/QĐ-UBND", "", span_of(2024), None),
        (NUMBERED, "cấp tỉnh", span(None, DAY), None),
        (NUMBERED, "cấp tỉnh", span(datetime.date(2023, 5, 1), DAY), None),
    ],
)
def test_a_decision_is_recognised_by_its_number_with_a_certain_issuer_and_year(
    text, issuer, decided, expected
):
    stated = decisions.stated_decision(text, issuer=issuer, decided=decided)

    assert stated == (decisions.StatedDecision(*expected) if expected else None)


def test_the_migration_groups_ratings_into_decisions():
    migration = import_module("products.ocop.migrations.0004_decisions")
    values = {"issuer": "cấp tỉnh"}
    year = RatingFactory(decided=span_of(2024), decision_text=NUMBERED, **values)
    day = RatingFactory(on=DAY, decision_text="Quyết định 12/QĐ-UBND, UBND tỉnh Mẫu", **values)
    other = RatingFactory(on=DAY, decision_text="đợt 2", **values)
    contradicting = [
        RatingFactory(decided=span_of(2024, m), decision_text="9/QĐ-UBND, UBND tỉnh A", **values)
        for m in (1, 2)
    ]
    with connection.cursor() as cursor:
        # As after a commit: there are no more pending events of the triggers.
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED")

    with connection.schema_editor(atomic=False) as editor:
        migration.group_ratings(apps, editor)

    decision = Decision.objects.get()
    assert (decision.number, decision.issuer) == ("12/QĐ-UBND", "UBND tỉnh Mẫu")
    assert decision.source.title == decision.source_values["title"]
    grouped = OcopRating.objects.exclude(decision=None)
    assert set(grouped) == {year, day}
    assert set(grouped.values_list("decided", flat=True)) == {day_span(DAY)}
    assert other not in grouped
    assert not set(contradicting) & set(grouped)


def test_producers_are_compared_with_abbreviations_written_out():
    assert producer_key("HTX DV Nho Thái An (Minh Hải)") == producer_key(
        "Hợp tác xã dịch vụ Nho Thái An"
    )
    assert producer_key("Công ty TNHH A & B") == producer_key("Cty TNHH A và B")
    assert producer_key("HTX Nho A") != producer_key("HTX Nho B")
