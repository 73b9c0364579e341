"""Every write to a record and its parts, such as the ratings and photos of a product.

change() and its set form change_many() write values and parts, move() and move_many() the state,
delete() removes a draft. Each locks the record, checks permission and version, validates, writes,
and records who did it, why and by which channel. Nothing else assigns `state`.

Unless settings.SELF_PUBLISH is on, nobody makes an own change public: a record is published by
somebody other than its last author, and a change of a public record is a proposal
(products/register/proposals.py), which another publisher accepts. This applies to superusers too.

This module depends on no kind of record: models declare their rules by overriding methods of
Record, and applications above connect to the signal state_changing.
"""

import dataclasses
from collections import defaultdict
from collections.abc import Mapping, Sequence
from contextlib import contextmanager

import pghistory
import pghistory.models
from django.apps import apps
from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, models, transaction
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from districts.models import Role
from geodata.constraints import refusal
from geodata.text import hidden_character

from .models.records import Record
from .signals import deleting, state_changing
from .states import State

FOREIGN_PLACE = _(
    "Nơi này thuộc địa bàn của cán bộ khác, hoặc chưa rõ thuộc địa bàn nào; chưa có gì được lưu."
)

# Rows in one UPDATE: its SQL names each row once for each column.
BATCH = 500


@dataclasses.dataclass(frozen=True)
class Transition:
    before: State
    after: State
    role: Role
    label: str
    reason_needed: bool = False


TRANSITIONS = {
    "submit": Transition(State.DRAFT, State.REVIEW, Role.EDITOR, _("Gửi duyệt")),
    "publish": Transition(State.REVIEW, State.PUBLISHED, Role.PUBLISHER, _("Công bố")),
    "reject": Transition(
        State.REVIEW, State.DRAFT, Role.PUBLISHER, _("Trả lại"), reason_needed=True
    ),
    "withdraw": Transition(
        State.PUBLISHED, State.WITHDRAWN, Role.PUBLISHER, _("Rút khỏi trang công khai"), True
    ),
    "restore": Transition(State.WITHDRAWN, State.DRAFT, Role.PUBLISHER, _("Mở lại để sửa")),
}


def may(user, record, role):
    """Whether the user has that role, or a higher one, for the record; see editable_by()."""
    editable = type(record).objects.editable_by(user, role)
    return user.is_active and user.is_staff and editable.filter(pk=record.pk).exists()


def may_change(user, record):
    """Whether the user may edit the record in its present state, without a proposal.

    Records that are public or in review are edited by publishers only.
    """
    return not _needs_proposal(record) and may(user, record, _role_to_change(record))


def _role_to_change(record):
    needs_publisher = record.state in (State.REVIEW, State.PUBLISHED)
    return Role.PUBLISHER if needs_publisher else Role.EDITOR


def _role_without_proposal(record):
    """The role that may write a change directly, None if nobody may."""
    return None if _needs_proposal(record) else _role_to_change(record)


def _needs_proposal(record):
    """Whether every change has to be accepted by a publisher who is not its author."""
    return record.is_public and not settings.SELF_PUBLISH


def may_add(user, model):
    """Whether the user may create records of that model; see Record.may_be_added_by()."""
    if not (user.is_active and user.is_staff):
        return False
    return user.is_superuser or model.may_be_added_by(user)


def transitions_for(user, record):
    """Return the transitions open to the user now, in the order of the process: {name: …}."""
    return {
        name: transition
        for name, transition in TRANSITIONS.items()
        if record.state == transition.before and may(user, record, transition.role)
    }


# --- versions ------------------------------------------------------------------------------


class StaleVersion(ValidationError):
    """Somebody else has changed the record since it was read; nothing was written."""

    def __init__(self):
        super().__init__(
            _("Người khác vừa lưu hồ sơ này. Hãy mở lại trang rồi sửa; chưa có gì bị ghi đè."),
            code="stale",
        )


def check_version(record, base_version):
    """Raise StaleVersion unless the record, locked by the caller, still has that version.

    base_version: the version that the writer has read. Raises ValidationError if it is None.
    """
    if base_version is None:
        raise ValidationError(
            _("Thiếu số phiên bản của hồ sơ. Hãy mở lại trang rồi làm lại."), code="no_version"
        )
    if record.version != base_version:
        raise StaleVersion


def part_models(model):
    """Return the models whose rows are parts of records of that model, such as ratings."""
    return [part for part in apps.get_models() if _is_part_of(part, model)]


def events_of(record):
    """Return the history events of the record and its parts, newest first."""
    labels = [model._meta.label for model in (type(record), *part_models(type(record)))]
    events = pghistory.models.Events.objects.references(record).filter(pgh_obj_model__in=labels)
    return events.order_by("-pgh_created_at", "-pgh_id")


def last_author(record):
    """Return the id of the person who last changed values or parts of the record, or None."""
    return last_authors(type(record), [record.pk])[record.pk]


def last_authors(model, ids):
    """Return who last changed values or parts of each record: {id: id of the person, or None}.

    ids: list, of records of the model. For an accepted proposal that is its author, not the
    publisher who accepted it; None for one from the public. What changed without a person, such as
    units derived again, does not count. One query for the model and one for each kind of part.
    """
    # The column, because a relation is sorted by the ordering of its model.
    owners = {model: "pgh_obj_id"}
    owners |= {part: f"{part.part_of}_id" for part in part_models(model)}
    latest = {}
    for tracked, owner in owners.items():
        events = tracked.pgh_event_model.objects.filter(
            models.Q(pgh_context__metadata__act__isnull=True)
            | ~models.Q(pgh_context__metadata__act__in=list(TRANSITIONS)),
            pgh_context__metadata__user__isnull=False,
            **{f"{owner}__in": ids},
        )
        newest = events.order_by(owner, "-pgh_created_at", "-pgh_id").distinct(owner)
        for pk, *event in newest.values_list(
            owner, "pgh_created_at", "pgh_id", "pgh_context__metadata"
        ):
            latest[pk] = max(latest.get(pk, event), event, key=lambda one: one[:2])
    authors = {}
    for pk in ids:
        context = latest[pk][2] if pk in latest else {}
        authors[pk] = context["author"] if "author" in context else context.get("user")
    return authors


def last_saved(record):
    """Return by whom and when the record or one of its parts was last saved: {"who", "when"}."""
    event = events_of(record).first()
    user = get_user_model().objects.filter(pk=(event.pgh_context or {}).get("user")).first()
    when = timezone.localtime(event.pgh_created_at)
    return {"who": str(user or _("Hệ thống")), "when": date_format(when, "H:i j/n/Y")}


def _is_part_of(model, record_model):
    name = getattr(model, "part_of", None)
    return bool(name) and model._meta.get_field(name).remote_field.model is record_model


# --- values and parts ----------------------------------------------------------------------


@dataclasses.dataclass
class Change:
    """The change of one record.

    record: as it was read, or a new one without id.
    values: {field: value} of editable fields; other fields stay unchanged.
    base_version: the version that the writer has read; ignored for a new record.
    save, delete: parts of the record, such as ratings: new or changed rows, and rows to delete.
    """

    record: Record
    values: Mapping[str, object] = dataclasses.field(default_factory=dict)
    base_version: int | None = None
    save: Sequence[models.Model] = ()
    delete: Sequence[models.Model] = ()


class PartRefused(ValidationError):
    """The errors of one part of a record, by field of the part."""

    def __init__(self, part, errors):
        super().__init__(errors)
        self.part = part


class ChangesRefused(Exception):
    """Some of the changes are refused, so nothing was written.

    errors: {index of the change: ValidationError (or its StaleVersion, PartRefused) or
    PermissionDenied}.
    """

    def __init__(self, errors):
        super().__init__(errors)
        self.errors = errors


def change(
    record, values, *, by, base_version, reason="", act="edit", save=(), delete=(), proposal=None
):
    """Write one change of a record, see Change; return the stored record.

    Raises PermissionDenied; StaleVersion if the record or one of its parts was saved since
    base_version; ValidationError, by field where possible, if rules or constraints are violated;
    PartRefused if a part violates them.
    """
    one = Change(record, values, base_version, save, delete)
    try:
        (record,) = change_many([one], by=by, act=act, reason=reason, proposal=proposal)
    except ChangesRefused as refused:
        raise refused.errors[0] from None
    return record


@transaction.atomic
def change_many(changes, *, by, act, reason="", proposal=None):
    """Write all of the changes or none; return the stored records in the same order.

    changes: of different records of one model. by: the user, or None for the files that the project
    ships, to which no permissions apply. act: the channel, such as "import". proposal: the accepted
    Proposal that contains the change; its author is recorded. The number of queries does not depend
    on the number of changes, up to BATCH of them.

    Raises ChangesRefused with all errors. Violations that only the database detects, such as two
    rows of one file with the same number, are reported if there are no other errors.
    """
    role_of = _role_to_change if proposal else _role_without_proposal
    return _write_many(changes, by, act, reason, proposal, role_of)


def try_many(changes, *, by):
    """Raise what change_many() would raise, but write nothing: the user only proposes the changes.

    An editor is enough, also for public records, in the area before and after the change.
    """
    with transaction.atomic():
        _write_many(changes, by, "trial", "", None, lambda record: Role.EDITOR)
        transaction.set_rollback(True)


def _write_many(changes, by, act, reason, proposal, role_of):
    changes = list(changes)
    if not changes:
        return []
    model = type(changes[0].record)
    references = _locked_references(model, changes)
    records, gone = _locked(model, changes)
    # A user without permission does not learn whether the record has changed.
    errors = gone | _stale(changes, records) | _forbidden(model, records, by, role_of)
    before = {
        index: _apply(record, changes[index].values, references)
        for index, record in records.items()
        if index not in errors
    }
    errors |= _invalid(model, changes, {index: records[index] for index in before})
    if errors:
        raise ChangesRefused(errors)
    fields = {index: _changed(records[index], values) for index, values in before.items()}
    with _trail(by, reason, act, proposal):
        moved = _write_or_refuse(model, changes, records, fields)
    if by and (errors := _foreign(model, records, moved, by, role_of)):
        raise ChangesRefused(errors)
    stored = model.objects.in_bulk([record.pk for record in records.values()])
    return [stored[records[index].pk] for index in range(len(changes))]


def _locked_references(model, changes):
    """What Record.lock_references() returns for the public records."""
    return model.lock_references(
        [(one.record, one.values) for one in changes if one.record.is_public]
    )


def _locked(model, changes):
    """The stored records, locked, by index; errors for those that were deleted."""
    wanted = [one.record.pk for one in changes if one.record.pk]
    locked = model.objects.select_for_update(of=("self",)).order_by("pk")
    found = locked.in_bulk(wanted) if wanted else {}
    records, errors = {}, {}
    for index, one in enumerate(changes):
        if not one.record.pk:
            records[index] = one.record
        elif one.record.pk in found:
            records[index] = found[one.record.pk]
        else:
            errors[index] = ValidationError(_("Hồ sơ này vừa bị xoá."))
    return records, errors


def _forbidden(model, records, by, role_of):
    """PermissionDenied for every record that the user may not change, or may not create."""
    if by is None:
        return {}
    allowed = {None: may_add(by, model)}
    for role in Role:
        needed = [r.pk for r in records.values() if r.pk and role_of(r) == role]
        if needed and by.is_active and by.is_staff:
            editable = model.objects.editable_by(by, role).filter(pk__in=needed)
            allowed |= dict.fromkeys(editable.values_list("pk", flat=True), True)
    return {
        index: PermissionDenied() for index, record in records.items() if not allowed.get(record.pk)
    }


def _foreign(model, records, moved, by, role_of):
    """ValidationErrors of records that are, with their new place, in the area of other officials.

    moved: ids of the written records whose units were derived again.
    """
    allowed = set()
    for role in Role:
        written = [r.pk for r in records.values() if r.pk in moved and role_of(r) == role]
        if written:
            editable = model.objects.editable_by(by, role).filter(pk__in=written)
            allowed |= set(editable.values_list("pk", flat=True))
    return {
        index: ValidationError(FOREIGN_PLACE, code="foreign")
        for index, record in records.items()
        if record.pk in moved and record.pk not in allowed
    }


def _stale(changes, records):
    errors = {}
    for index, record in records.items():
        try:
            if record.pk:
                check_version(record, changes[index].base_version)
        except ValidationError as error:
            errors[index] = error
    return errors


def _apply(record, values, references):
    """Give the record its new values; return the previous ones as {field: value}."""
    before = _values(record)
    for name, value in values.items():
        if not record._meta.get_field(name).editable:
            raise ValueError(f"{name} is not for people to edit.")
        setattr(record, name, value)
    for field, locked in references.items():
        if referenced := locked.get(getattr(record, f"{field}_id")):
            setattr(record, field, referenced)
    return before


def _values(record):
    fields = record._meta.concrete_fields
    return {field.name: getattr(record, field.attname) for field in fields if not field.generated}


def _changed(record, before):
    return [name for name, value in _values(record).items() if value != before[name]]


def _invalid(model, changes, records):
    """ValidationErrors, by index, of fields and rules; constraints are checked later."""
    found = defaultdict(dict)
    parts = [(index, part) for index in records for part in changes[index].save]
    errors = _not_parts(model, changes, records)
    for index, record in records.items():
        _note(found[index], record.clean_fields, exclude=_unchecked(record))
    for index, error in model.refusals(list(records.values())).items():
        error.update_error_dict(found[list(records)[index]])
    relations = [
        (index, record, set(changes[index].values) if record.pk else None)
        for index, record in records.items()
    ]
    for index, instance, missing in _dangling(
        [*relations, *((index, part, None) for index, part in parts)]
    ):
        if instance is records[index]:
            missing.update_error_dict(found[index])
        else:
            errors.setdefault(index, PartRefused(instance, missing))
    for index, part in parts:
        wrong = {}
        _note(wrong, part.clean_fields, exclude=_unchecked(part))
        _note(wrong, part.clean)
        if wrong:
            errors.setdefault(index, PartRefused(part, wrong))
    return errors | {index: ValidationError(wrong) for index, wrong in found.items() if wrong}


def _unchecked(instance):
    """Fields that clean_fields() skips: _dangling() checks them, or they are filled later."""
    fields = [field for field in instance._meta.concrete_fields if not field.generated]
    return {
        field.name
        for field in fields
        if field.is_relation or (not field.editable and getattr(instance, field.attname) == "")
    }


def _note(errors, check, **options):
    try:
        check(**options)
    except ValidationError as error:
        error.update_error_dict(errors)


def _not_parts(model, changes, records):
    """Errors of parts that were deleted or belong to another record."""
    errors, known = {}, defaultdict(dict)
    for index in records:
        for part in (*changes[index].save, *changes[index].delete):
            parent = part._meta.get_field(part.part_of)
            if parent.remote_field.model is not model:
                raise TypeError(f"{part!r} is no part of a {model.__name__}.")
            if part.pk:
                known[type(part), parent.attname][part.pk] = index
    for (part_model, column), wanted in known.items():
        owners = dict(part_model.objects.filter(pk__in=wanted).values_list("pk", column))
        for pk, index in wanted.items():
            if owners.get(pk) != records[index].pk:
                errors[index] = ValidationError(_("Một dòng của hồ sơ này vừa bị xoá."))
    return errors


def _dangling(instances):
    """Yield (index, instance, ValidationError) for foreign keys that are missing or dangling.

    instances: (index, instance, names of the fields to check or None for all). One query for each
    foreign key of a model.
    """
    wanted = defaultdict(list)
    for index, instance, names in instances:
        for field in instance._meta.concrete_fields:
            of_the_record = field.name == getattr(instance, "part_of", None)
            if not field.is_relation or of_the_record or not field.editable:
                continue
            if names is None or field.name in names:
                wanted[field].append((index, instance, getattr(instance, field.attname)))
    for field, rows in wanted.items():
        choices = field.remote_field.model._base_manager.complex_filter(
            field.get_limit_choices_to()
        )
        keys = {key for _index, _instance, key in rows} - {None}
        found = set(choices.filter(pk__in=keys).values_list("pk", flat=True)) if keys else set()
        for index, instance, key in rows:
            if key is None and not field.null:
                text = field.error_messages["null"]
            elif key is not None and key not in found:
                text = _("Mục được chọn không còn, hoặc không chọn được ở đây.")
            else:
                continue
            yield index, instance, ValidationError({field.name: text})


def _write_or_refuse(model, changes, records, fields):
    """Write the changes; return the ids of the records whose units may have changed.

    Raises ChangesRefused if constraints of the database are violated.

    One statement may fail although its changes are valid one after the other, for example when a
    number passes from one record to the next: then they are written one by one.
    """
    new = [record for record in records.values() if not record.pk]
    new += [part for one in changes for part in one.save if not part.pk]
    try:
        with _unsaved_if_refused(new):
            return _write(model, changes, records, fields)
    except IntegrityError:
        # The error names one row of perhaps a thousand: writing them one by one finds all.
        errors, moved = {}, set()
        with transaction.atomic():
            for index, record in records.items():
                one = [record] if record in new else []
                one += [part for part in changes[index].save if part in new]
                try:
                    with _unsaved_if_refused(one):
                        moved |= _write(model, changes, {index: record}, fields)
                except IntegrityError as error:
                    errors[index] = _violation(error, record, changes[index].save)
            transaction.set_rollback(bool(errors))
        if errors:
            for instance in new:
                _forget(instance)
            raise ChangesRefused(errors) from None
        return moved


@contextmanager
def _unsaved_if_refused(instances):
    try:
        with transaction.atomic():
            yield
    except IntegrityError:
        for instance in instances:
            _forget(instance)
        raise


def _forget(instance):
    instance.pk = None
    instance._state.adding = True


def _write(model, changes, records, fields):
    gone = defaultdict(list)
    for index in records:
        for part in changes[index].delete:
            gone[type(part)].append(part.pk)
    for part_model, keys in gone.items():
        part_model.objects.filter(pk__in=keys).delete()

    new = [record for record in records.values() if not record.pk]
    if uncoded := [record for record in new if not record.code]:
        model.assign_codes(uncoded)
    old = [record for index, record in records.items() if record.pk and fields[index]]
    _store(model, new, old, {name for index in records for name in fields[index]})

    parts = defaultdict(lambda: ([], []))
    for index, record in records.items():
        for part in changes[index].save:
            setattr(part, part.part_of, record)
            parts[type(part)][bool(part.pk)].append(part)
    for part_model, (new_parts, old_parts) in parts.items():
        editable = {f.name for f in part_model._meta.concrete_fields if not f.primary_key}
        _store(part_model, new_parts, old_parts, editable)

    created = {id(record) for record in new}
    keys = {
        record.pk
        for index, record in records.items()
        if id(record) in created or model.derives_again(fields[index])
    }
    if keys:
        model.objects.filter(pk__in=keys).update_derived()
    return keys


def _store(model, new, old, names):
    # Changed rows first: a new row may use a number or period that one of them releases.
    if old:
        model.objects.bulk_update(old, sorted(names), batch_size=BATCH)
    model.objects.bulk_create(new, batch_size=BATCH)


def _violation(error, record, parts):
    """The ValidationError of a violation in the database: of the record or one of its parts."""
    for instance in (record, *parts):
        wrong = {}
        _note(wrong, instance.validate_constraints)
        if wrong:
            return ValidationError(wrong) if instance is record else PartRefused(instance, wrong)
    refused = refusal(error)
    table = error.__cause__.diag.table_name
    for part in parts:
        if part._meta.db_table == table:
            return PartRefused(part, refused)
    return refused


@contextmanager
def _trail(by, reason, act, proposal=None):
    """Record who wrote, why and by which channel in the history of the block."""
    who = {"user": by.pk} if by else {}
    why = {"reason": reason} if reason else {}
    accepted = {"proposal": proposal.pk, "author": proposal.author_id} if proposal else {}
    with pghistory.context(act=act, **who, **why, **accepted):
        yield


# --- states --------------------------------------------------------------------------------


@transaction.atomic
def move(record, name, *, by, base_version, reason="", alone=False):
    """Move a record to its next state and record who did it and why; return it.

    name: key of TRANSITIONS. base_version: the version that the user has read and decides on.
    alone: a superuser publishes an own record, for a reason.

    Raises PermissionDenied if the user does not have the role in this area; StaleVersion if the
    record was saved since; ValidationError if the record is in another state, a required reason is
    missing, its last author would publish it, or a receiver of state_changing refuses.
    """
    transition = TRANSITIONS[name]
    reason = reason.strip()
    # Before the record, as in change_many(): a concurrent withdrawal of a producer waits.
    type(record).lock_references([(record, {})])
    # The lock makes the second of two simultaneous clicks see the first one's state.
    record = type(record).objects.select_for_update(of=("self",)).get(pk=record.pk)
    if not may(by, record, transition.role):
        raise PermissionDenied
    if record.state != transition.before:
        raise ValidationError(
            _("“%(record)s” đang ở trạng thái “%(state)s”, không thể làm “%(label)s”."),
            params={
                "record": record,
                "state": record.get_state_display(),
                "label": transition.label,
            },
        )
    check_version(record, base_version)
    if (transition.reason_needed or alone) and not reason:
        raise ValidationError(_("Cần ghi lý do."))
    if alone and not by.is_superuser:
        raise PermissionDenied
    if not alone and is_own_work(by, record, transition):
        raise ValidationError(OWN_WORK, code="own_work")
    if sentence := hidden_character(reason, lines=True):
        raise ValidationError(sentence)
    if transition.after == State.PUBLISHED and (missing := lacks_for_publishing(record)):
        text = _("Chưa công bố được, còn thiếu: %s.")
        raise ValidationError(text % "; ".join(missing), code="incomplete")
    state_changing.send(type(record), record=record, after=transition.after)
    if transition.after == State.PUBLISHED:
        record.published_at = timezone.now()
    record.state = transition.after
    record.state_reason = reason
    record.clean_fields()
    # The history is in the language of the site, not in that of the official's browser.
    with translation.override(settings.LANGUAGE_CODE):
        label = str(transition.label)
    with pghistory.context(user=by.pk, reason=reason or label, act=name):
        record.save(update_fields=["state", "state_reason", "published_at"])
    record.refresh_from_db(fields=["version"])
    return record


def lacks_for_publishing(record):
    """Return the labels of what the stored record lacks to be published."""
    return record.missing(settings.REQUIRED_TO_PUBLISH.get(record._meta.label_lower, []))


OWN_WORK = _(
    "Bạn là người sửa hồ sơ này sau cùng: cần một người khác duyệt công bố (quy tắc hai người)."
)


def is_own_work(user, record, transition):
    """Whether the transition would make public what the same person wrote last."""
    publishes = transition.after == State.PUBLISHED and not settings.SELF_PUBLISH
    return publishes and last_author(record) == user.pk


@transaction.atomic
def move_many(records, name, *, by, reason=""):
    """Move all of the records or none; return them.

    records: with the versions that the user has read. Raises ChangesRefused with the error of each
    record that cannot be moved, by index; see move().
    """
    errors, moved = {}, []
    with transaction.atomic(), pghistory.context():
        for index, record in enumerate(records):
            try:
                moved.append(move(record, name, by=by, base_version=record.version, reason=reason))
            except (PermissionDenied, ValidationError) as error:
                errors[index] = error
        transaction.set_rollback(bool(errors))
    if errors:
        raise ChangesRefused(errors)
    return moved


def may_delete(user, record):
    """Whether the user may delete the record; records that were ever public are withdrawn."""
    return record.published_at is None and may_change(user, record)


@transaction.atomic
def delete(record, *, by, base_version, reason=""):
    """Delete a record that was never public, with its parts; the history remains.

    Raises PermissionDenied, StaleVersion, and ProtectedError while other rows refer to it.
    """
    record = type(record).objects.select_for_update(of=("self",)).get(pk=record.pk)
    if not may_delete(by, record):
        raise PermissionDenied
    check_version(record, base_version)
    deleting.send(type(record), record=record)
    with _trail(by, reason, "delete"):
        record.delete()


def publish_imported(records):
    """Publish drafts that an import of public sources has created; return how many.

    Drafts that a person has changed, for example returned, stay drafts.
    """
    drafts = records.filter(state=State.DRAFT)
    drafts = drafts.exclude(pk__in=records.edited_by_people().values("pk"))
    return drafts.update(state=State.PUBLISHED, published_at=timezone.now())
