"""Decisions: writing them with their sources, and giving many products their ratings.

A decision rates products of many areas. Its number, day and revocation are therefore changed only
by those who may change every product that it rates.
"""

import dataclasses
import itertools
import re
import uuid
from collections import defaultdict
from decimal import Decimal

import pghistory
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.base import ContentFile
from django.db import IntegrityError, transaction
from django.db.models import ProtectedError
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from districts.models import Role
from geodata.constraints import refusal
from geodata.models import Source
from geodata.spans import ONE_DAY, overlap, precision, span
from products.register import proposals, workflow
from products.register.models import Channel, Producer
from products.register.states import State

from .models import Decision, OcopRating, Product
from .models.decisions import NUMBER

# --- decisions in texts --------------------------------------------------------------------

_NUMBER = re.compile(rf"(?<![\w/]){NUMBER}")
_BODY = re.compile(r"(?:UBND|Ủy ban nhân dân|Uỷ ban nhân dân) (?:tỉnh|thành phố|huyện|thị xã)")
# Issuers of which a province has several, which number their decisions alike.
_AMBIGUOUS = {"", "cấp huyện", "cấp xã"}


@dataclasses.dataclass(frozen=True)
class StatedDecision:
    """What identifies a decision: its number, issuer and year."""

    number: str
    issuer: str
    year: int


def stated_decision(text, *, issuer, decided):
    """Return the StatedDecision that the text of a rating names, or None.

    text: as a source has it, e.g. "Quyết định 12/QĐ-UBND của UBND huyện Minh Hải". issuer: of the
    rating; used if the text names no authority. decided: span of days of the rating.

    None without a number; if the issuer could be one of several; or if the year is not known.
    """
    number = _NUMBER.search(text)
    if not number or decided.lower is None or decided.upper is None:
        return None
    year = decided.lower.year
    issuer = _issuer(text) or issuer
    if (decided.upper - ONE_DAY).year != year or issuer in _AMBIGUOUS:
        return None
    return StatedDecision(number[0].rstrip("."), issuer, year)


def _issuer(text):
    found = _BODY.search(text)
    if not found:
        return ""
    name = list(itertools.takewhile(lambda word: word[0].isupper(), text[found.end() :].split()))
    return " ".join([found[0], *name]).rstrip(",;.)") if name else ""


def connect(ratings):
    """Give ratings whose text names a decision that decision and its day.

    ratings: list of dicts with the values of OcopRating, which are changed. A decision that is not
    stored yet is created, if the spans of all of its ratings have a day in common.
    """
    groups = defaultdict(list)
    for values in ratings:
        stated = stated_decision(
            values["decision_text"], issuer=values["issuer"], decided=values["decided"]
        )
        if stated:
            groups[stated].append(values)
    for stated, named in groups.items():
        decision = Decision.objects.filter(**dataclasses.asdict(stated)).first()
        if decision is None:
            day = _common([values["decided"] for values in named])
            if day is None:
                continue
            decision = Decision(number=stated.number, issuer=stated.issuer, day=day)
            _store(decision)
        for values in named:
            if overlap(values["decided"], decision.day):
                values |= {"decision": decision, "decided": decision.day}


def _common(spans):
    first, after = max(days.lower for days in spans), min(days.upper for days in spans)
    return span(first, after) if first < after else None


# --- writing a decision --------------------------------------------------------------------

MAX_PDF_BYTES = 25_000_000


def may_add(user):
    """Whether the user may record decisions: those who may add products."""
    return workflow.may_add(user, Product)


def may_change(user, decision):
    """Whether the user may change the decision: every product that it rates."""
    if not may_add(user):
        return False
    rated = Product.objects.filter(ratings__decision=decision)
    guarded = [State.REVIEW, State.PUBLISHED]
    for role, products in (
        (Role.PUBLISHER, rated.filter(state__in=guarded)),
        (Role.EDITOR, rated.exclude(state__in=guarded)),
    ):
        own = Product.objects.editable_by(user, role)
        if products.exclude(pk__in=own.values("pk")).exists():
            return False
    return True


@transaction.atomic
def change(decision, values, *, by, base_version, reason=""):
    """Write a decision and its source; return it.

    decision: as it was read, or a new one. values: {field: value}. base_version: the version that
    the writer has read; ignored for a new decision.

    Raises PermissionDenied; StaleVersion if it was saved since base_version; ValidationError, by
    field, if rules or constraints are violated, also those of its ratings.
    """
    if decision.pk:
        # Products before their decision: the order in which ratings lock them.
        list(_rated(decision).order_by("pk").select_for_update(of=("self",)))
        decision = Decision.objects.select_for_update(of=("self",)).get(pk=decision.pk)
        if not may_change(by, decision):
            raise PermissionDenied
        workflow.check_version(decision, base_version)
    elif not may_add(by):
        raise PermissionDenied
    for name, value in values.items():
        setattr(decision, name, value)
    with pghistory.context(user=by.pk, act="edit", **({"reason": reason} if reason else {})):
        _store(decision)
    return decision


def _rated(decision):
    return Product.objects.filter(
        pk__in=OcopRating.objects.filter(decision=decision).values("product")
    )


def _store(decision):
    """Validate and save a decision and its source; raises ValidationError."""
    decision.clean_fields(exclude=["source", "year"])
    decision.validate_constraints(exclude=["year"])
    same = Decision.objects.filter(
        number=decision.number, issuer=decision.issuer, year=decision.day.lower.year
    )
    if same.exclude(pk=decision.pk).exists():
        constraint = next(c for c in Decision._meta.constraints if c.name.startswith("decision_nu"))
        raise ValidationError({"number": constraint.get_violation_error_message()})
    if decision.pk:
        _validate_day(decision)
    values = decision.source_values
    if not decision.source_id:
        # One that remained when its decision was deleted, because other facts refer to it.
        left = Source.objects.filter(title=values["title"], url="", decision=None).first()
        decision.source = left or Source()
    for name, value in values.items():
        setattr(decision.source, name, value)
    try:
        decision.source.full_clean()
    except ValidationError as error:
        raise ValidationError({"number": error.messages}) from None
    unsaved_file = decision.file if decision.file and not decision.file._committed else None
    try:
        with transaction.atomic():
            decision.source.save()
            decision.source = decision.source
            decision.save()
    except IntegrityError as error:
        if unsaved_file:
            unsaved_file.storage.delete(unsaved_file.name)
        raise refusal(error) from None
    decision.refresh_from_db()


def _validate_day(decision):
    """Raise ValidationError if ratings of the decision are not possible on its new day."""
    others = OcopRating.objects.filter(
        product__in=_rated(decision).values("pk"), decided__overlap=decision.day
    ).exclude(decision=decision)
    if names := sorted({str(other.product) for other in others.select_related("product")[:5]}):
        raise ValidationError(
            {"day": _("Sản phẩm đã có xếp hạng khác trong thời gian này: %s.") % "; ".join(names)}
        )
    revoked = decision.ratings.filter(revoked_on__lt=decision.day.lower).select_related("product")
    if names := [str(rating.product) for rating in revoked[:5]]:
        raise ValidationError(
            {"day": _("Xếp hạng bị thu hồi trước ngày này: %s.") % "; ".join(names)}
        )


@transaction.atomic
def delete(decision, *, by, base_version):
    """Delete a decision without ratings, and its source unless other facts refer to it.

    Raises PermissionDenied, StaleVersion, and ValidationError while it has ratings.
    """
    decision = Decision.objects.select_for_update(of=("self",)).get(pk=decision.pk)
    if not may_change(by, decision):
        raise PermissionDenied
    workflow.check_version(decision, base_version)
    if count := decision.ratings.count():
        text = ngettext(
            "Quyết định còn %d xếp hạng; hãy xoá các xếp hạng đó trước.",
            "Quyết định còn %d xếp hạng; hãy xoá các xếp hạng đó trước.",
            count,
        )
        raise ValidationError(text % count)
    source = decision.source
    with pghistory.context(user=by.pk, act="delete"):
        decision.delete()
        try:
            with transaction.atomic():
                source.delete()
        except ProtectedError:
            pass


def prepared_pdf(file):
    """Return an uploaded PDF as a file with a random name, for Decision.file.

    Raises ValidationError if it is larger than MAX_PDF_BYTES or does not begin as a PDF does.
    """
    if file.size > MAX_PDF_BYTES:
        raise ValidationError(_("Tệp PDF lớn hơn %d MB.") % (MAX_PDF_BYTES / 1_000_000))
    file.seek(0)
    content = file.read()
    # Only at its very beginning: a file that is also something else is refused.
    if not content.startswith(b"%PDF-"):
        raise ValidationError(_("Tệp không phải là PDF."))
    return ContentFile(content, name=f"{uuid.uuid4().hex}.pdf")


# --- many ratings at once ------------------------------------------------------------------


def may_replace(rating, *, decided, decision=None):
    """Whether a rating with that span, and perhaps a decision, may take the place of another.

    The press often states only the year of a decision, or the day of the ceremony: what it states
    is replaced by the decision itself. Two ratings of known days are both facts.
    """
    less_exact = precision(rating.decided) != "day"
    of_the_press = decision is not None and rating.decision_id is None
    return overlap(rating.decided, decided) and (less_exact or of_the_press)


def may_be_replaced(rating, decision):
    """may_replace() by a rating of that decision."""
    return may_replace(rating, decided=decision.day, decision=decision)


def overlapping(ratings, decision):
    """Return those ratings of one product that overlap the decision's day, but for its own."""
    return [
        rating
        for rating in ratings
        if rating.decision_id != decision.pk and overlap(rating.decided, decision.day)
    ]


@dataclasses.dataclass
class Rated:
    """A product that a decision rates.

    product: stored, or a new one with its values. producer: a new Producer of a new product, None
    if product.producer is one that is stored. replaces: ids of the ratings that the official has
    agreed to replace.
    """

    product: Product
    stars: int | None = None
    nominated_stars: int | None = None
    score: Decimal | None = None
    producer: Producer | None = None
    replaces: frozenset[int] = frozenset()


class RatingsRefused(Exception):
    """Some of the ratings are refused, so nothing was written.

    errors: {index: ValidationError}. replaceable: {index: ratings} that may be replaced if the
    official agrees.
    """

    def __init__(self, errors, replaceable=None):
        super().__init__(errors)
        self.errors = errors
        self.replaceable = replaceable or {}


@transaction.atomic
def rate(decision, rated, *, by):
    """Give products the ratings of a decision, all or none; return the proposals.Outcomes.

    rated: list of Rated, of different products. A product that has a rating of this decision gets
    its values. New products, and their new producers, become drafts. A rating of a public product
    is proposed to another publisher, as every change of it.

    Raises RatingsRefused with all errors.
    """
    decision = Decision.objects.select_for_update(of=("self",)).get(pk=decision.pk)
    errors, replaceable, changes = {}, {}, []
    seen = set()
    for index, one in enumerate(rated):
        product = one.product
        if product.pk and product.pk in seen:
            errors[index] = ValidationError(_("Sản phẩm này có hai dòng."))
            continue
        seen.add(product.pk)
        existing = (
            list(product.ratings.select_related("source", "decision").order_by("pk"))
            if product.pk
            else []
        )
        rating = next((r for r in existing if r.decision_id == decision.pk), OcopRating())
        others = overlapping(existing, decision)
        unagreed = [other for other in others if other.pk not in one.replaces]
        if unagreed:
            listed = "; ".join(f"“{other}”, {other.source.name}" for other in unagreed)
            errors[index] = ValidationError(
                _("Trùng thời gian với xếp hạng đã có: %s.") % listed, code="overlap"
            )
            if all(may_be_replaced(other, decision) for other in others):
                replaceable[index] = others
            continue
        rating.decision, rating.decided, rating.source = decision, decision.day, decision.source
        rating.stars, rating.nominated_stars = one.stars, one.nominated_stars
        rating.score = one.score
        changes.append(workflow.Change(product, {}, product.version, save=[rating], delete=others))
    if errors:
        raise RatingsRefused(errors, replaceable)
    _store_producers(decision, rated, by)
    try:
        return proposals.submit_many(
            changes, by=by, act="decision", reason=_reason(decision), channel=Channel.WORKSPACE
        )
    except workflow.ChangesRefused as refused:
        raise RatingsRefused({i: _readable(e) for i, e in refused.errors.items()}) from None


def _store_producers(decision, rated, by):
    """Store the new producers, one for each Producer object, and assign them to their products."""
    makers = {id(one.producer): one.producer for one in rated if one.producer}
    if not makers:
        return
    changes = [workflow.Change(producer) for producer in makers.values()]
    try:
        workflow.change_many(changes, by=by, act="decision", reason=_reason(decision))
    except workflow.ChangesRefused as refused:
        wrong = {id(changes[i].record): _readable(e) for i, e in refused.errors.items()}
        errors = {i: wrong[id(r.producer)] for i, r in enumerate(rated) if id(r.producer) in wrong}
        raise RatingsRefused(errors) from None
    for one in rated:
        if one.producer:
            one.product.producer = one.producer


def _reason(decision):
    # In Vietnamese in every language, as the history is.
    return f"Quyết định {decision.number}"


def _readable(error):
    """The error of a change as a ValidationError; PermissionDenied becomes a sentence."""
    if isinstance(error, PermissionDenied):
        return ValidationError(_("Hồ sơ này không thuộc quyền sửa của bạn."))
    return error
