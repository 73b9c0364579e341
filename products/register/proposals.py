"""Proposals: how a change of something public is suggested, reviewed and decided.

submit() writes a change directly if its author may, else stores a Proposal; decide() accepts or
rejects each field and part of it. What is accepted is written by the workflow, with author and
publisher in the history. The record stays as it is until then.

Like the workflow, this module depends on no kind of record.
"""

import dataclasses
from contextlib import suppress

from django.apps import apps
from django.conf import settings
from django.contrib.gis.db.models import GeometryField, PointField
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import FileField, ImageField
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from districts.models import Role
from geodata.display import format_value, with_labels

from . import workflow
from .models.proposals import Channel, Proposal, ProposalKind, ProposalState
from .models.records import Record
from .values import decode, encode

# Fields of parts that are not proposed: the record, and what is computed.
_NOT_PROPOSED = {"id"}


@dataclasses.dataclass(frozen=True)
class Outcome:
    """What submit() did.

    record: the stored record; for a proposal, as it was. proposal: the stored Proposal, or None if
    the change was written directly, or takes the author's proposal back.
    """

    record: Record
    proposal: Proposal | None = None


def may_submit(user, record):
    """Whether the form of the record is open to the user, to change it or to propose a change.

    A record in review is edited by publishers only; an editor who opened it before may still
    propose what he or she has entered.
    """
    if record.is_public:
        return workflow.may(user, record, Role.EDITOR)
    return workflow.may_change(user, record)


@transaction.atomic
def submit(
    record,
    values,
    *,
    by,
    base_version,
    reason="",
    channel=Channel.WORKSPACE,
    act="edit",
    save=(),
    delete=(),
    base=None,
):
    """Write a change, or propose it if the record is public and the author may not change it.

    The arguments are those of workflow.change(), and channel: a Channel. An author has at most one
    open proposal for a record: further changes are merged into it.

    base: snapshot() of what the author has read, of base_version. With it, a change of a record
    that somebody else has saved meanwhile is not refused but proposed; values and parts that the
    author left as they were in `base` are no part of it. Its key "own" has the changes of the
    author's own proposal that the form displayed, or {}: then only what the author changed in the
    form is proposed, and the rest of the proposal stays, also what was proposed elsewhere since.

    A part in save, or one without a row in delete, whose attribute `proposed_as` is an operation of
    that proposal takes its place, or takes it out.

    Raises PermissionDenied; StaleVersion without base; ValidationError and PartRefused as
    workflow.change(), also for a proposal: one that the rules would refuse is not stored.
    """
    is_stale = base and not _has_version(record, base_version)
    is_correction = bool(base and base.get("own"))
    own, own_parts = _own_changes(record, values, save, base) if base else (values, save)
    may_write = not record.pk or workflow.may_change(by, record)
    if may_write and not is_stale and not is_correction:
        written = workflow.change(
            record,
            own,
            by=by,
            base_version=base_version,
            reason=reason,
            act=act,
            save=own_parts,
            delete=delete,
        )
        return Outcome(written)
    return _propose(
        record,
        own if is_stale or (base and "own" in base) else values,
        by=by,
        base_version=base_version,
        reason=reason,
        channel=channel,
        save=own_parts,
        delete=delete,
        base=base if is_stale else None,
    )


def submit_many(changes, *, by, act, reason="", channel=Channel.IMPORT):
    """Write or propose several changes, all or none; return their Outcomes in the same order.

    changes: workflow.Change of different records of one model. Raises workflow.ChangesRefused.
    """
    changes = list(changes)
    proposed = to_propose(changes, by)
    direct = [index for index in range(len(changes)) if index not in proposed]
    outcomes, errors = {}, {}
    with transaction.atomic():
        if direct:
            try:
                written = workflow.change_many(
                    [changes[index] for index in direct], by=by, act=act, reason=reason
                )
                outcomes = dict(zip(direct, map(Outcome, written), strict=True))
            except workflow.ChangesRefused as refused:
                errors = {direct[index]: error for index, error in refused.errors.items()}
        for index in sorted(proposed):
            one = changes[index]
            try:
                outcomes[index] = _propose(
                    one.record,
                    one.values,
                    by=by,
                    base_version=one.base_version,
                    reason=reason,
                    channel=channel,
                    save=one.save,
                    delete=one.delete,
                )
            except (PermissionDenied, ValidationError) as error:
                errors[index] = error
        transaction.set_rollback(bool(errors))
    if errors:
        raise workflow.ChangesRefused(errors)
    return [outcomes[index] for index in range(len(changes))]


def to_propose(changes, by):
    """Return the indexes of changes of public records that their author may only propose."""
    public = {
        one.record.pk: index
        for index, one in enumerate(changes)
        if by and one.record.pk and one.record.is_public
    }
    if public and settings.SELF_PUBLISH:
        own = type(changes[0].record).objects.editable_by(by, Role.PUBLISHER)
        for pk in own.filter(pk__in=public).values_list("pk", flat=True):
            del public[pk]
    return set(public.values())


@transaction.atomic
def withdraw(record, *, by, base_version, reason, channel=Channel.WORKSPACE):
    """Propose that a public record is withdrawn; return the Proposal.

    One that was returned to the author is sent again, with the new reason.

    Raises PermissionDenied, StaleVersion, and ValidationError without a reason or if the author's
    proposal is waiting already.
    """
    record = _locked(record)
    if not record.is_public or not workflow.may(by, record, Role.EDITOR):
        raise PermissionDenied
    workflow.check_version(record, base_version)
    mine = Proposal.objects.about(record).open().filter(author=by, kind=ProposalKind.WITHDRAW)
    proposal = mine.select_for_update().first()
    if proposal is None:
        proposal = Proposal(kind=ProposalKind.WITHDRAW, record=record, author=by, channel=channel)
    elif proposal.state == ProposalState.PENDING:
        raise ValidationError(_("Bạn đã đề xuất rút hồ sơ này; đề xuất đang chờ duyệt."))
    else:
        proposal.revision += 1
    proposal.base_version = record.version
    proposal.reason = reason.strip()
    proposal.state, proposal.decided_at, proposal.answer = ProposalState.PENDING, None, ""
    return _store(proposal)


def own_change(record, user):
    """Return the user's open change proposal for the record, or None."""
    mine = Proposal.objects.about(record).open()
    return mine.filter(author=user, kind=ProposalKind.CHANGE).first()


def shown_change(record, user):
    """Return the user's open change proposal if a form of the record displays its values, or None.

    Whoever may write the record directly sees the record itself: saving it must not write, unread,
    over what somebody else has saved.
    """
    own = own_change(record, user)
    return None if own and workflow.may_change(user, record) else own


# --- proposing -----------------------------------------------------------------------------


@transaction.atomic
def _propose(record, values, *, by, base_version, reason, channel, save, delete, base=None):
    record = _locked(record)
    if not workflow.may(by, record, Role.EDITOR):
        raise PermissionDenied
    if base is None:
        workflow.check_version(record, base_version)
    mine = Proposal.objects.about(record).open().filter(author=by, kind=ProposalKind.CHANGE)
    proposal = mine.select_for_update().first() or Proposal(
        kind=ProposalKind.CHANGE, record=record, author=by, channel=channel
    )
    before = proposal.parts
    changes = {**proposal.fields, **_changed_fields(record, values, base)}
    now = snapshot(record)["fields"]
    for name, change in list(changes.items()):
        # What was read, or is public by now, is not proposed any more.
        if change["proposed"] in (change["base"], now.get(name, change["base"])):
            del changes[name]
    operations = _merged(
        before,
        [
            *((_shown_as(part), _saved(part, base)) for part in save),
            *((_shown_as(part), _removed(part, base)) for part in delete),
        ],
    )
    if operations:
        changes["parts"] = operations
    if not changes:
        if proposal.pk:
            _close(proposal, ProposalState.SUPERSEDED)
        return Outcome(record)
    reason = reason.strip() or proposal.reason
    is_same = proposal.changes == changes and proposal.reason == reason
    if proposal.pk and proposal.state == ProposalState.PENDING and is_same:
        # A publisher who is reading it need not read it again.
        return Outcome(record, proposal)
    proposal.changes = changes
    proposal.base_version = base_version
    proposal.reason = reason
    _require_acceptable(proposal, by)
    if proposal.pk:
        proposal.revision += 1
    proposal.state, proposal.decided_at, proposal.answer = ProposalState.PENDING, None, ""
    _store(proposal)
    for operation in before:
        if operation not in operations:
            _discard_files(operation)
    return Outcome(record, proposal)


def stored_record(proposal):
    """Return the record as it is now, None for a new one. `proposal.record` is read only once."""
    return proposal.record_type.model_class().objects.filter(pk=proposal.record_id).first()


def _locked(record):
    return type(record).objects.select_for_update(of=("self",)).get(pk=record.pk)


def _has_version(record, version):
    return type(record).objects.filter(pk=record.pk, version=version).exists()


def snapshot(record):
    """Return values and parts of the record as JSON: what somebody reads who opens its form."""
    fields = [field for field in record._meta.concrete_fields if is_read(field)]
    return {
        "version": record.version,
        "fields": {f.name: encode(f, getattr(record, f.attname)) for f in fields},
        "parts": {
            model._meta.label: {
                str(part.pk): _row(part)
                for part in model.objects.filter(**{model.part_of: record.pk})
            }
            for model in workflow.part_models(type(record))
        },
    }


def is_read(field):
    """Whether forms show the field, so that a snapshot contains it.

    The area of a right is computed, and large.
    """
    is_area = isinstance(field, GeometryField) and not isinstance(field, PointField)
    return field.editable and not is_area


def _own_changes(record, values, save, base):
    """The values and parts that differ from what the author has read."""
    own = base.get("own", {})
    proposed = {name: one["proposed"] for name, one in own.items() if name != "parts"}
    shown = {**base["fields"], **proposed}
    changed = {
        name: value
        for name, value in values.items()
        if encode(record._meta.get_field(name), value) != shown.get(name)
    }
    return changed, [part for part in save if _row(part) != _shown_row(part, base)]


def _base_row(part, base):
    return base["parts"].get(part._meta.label, {}).get(str(part.pk))


def _shown_row(part, base):
    """The part as the form displayed it; None if it was displayed as to be removed, or not."""
    row = _base_row(part, base)
    for operation in base.get("own", {}).get("parts", []):
        if row and (operation["model"], operation["id"]) == (part._meta.label, part.pk):
            row = None if operation["op"] == "remove" else {**row, **operation["fields"]}
    return row


def _changed_fields(record, values, base=None):
    """Return {field: {"base", "proposed"}} of the given values, equal ones included.

    base: snapshot() of what the author has read, None for the record as it is.
    """
    found = {}
    for name, value in values.items():
        field = record._meta.get_field(name)
        current = encode(field, getattr(record, field.attname))
        read = base["fields"].get(name) if base else current
        found[name] = {"base": read, "proposed": encode(field, value)}
    return found


def part_columns(part):
    """Return the fields of a part, or of its model, that snapshots and proposals contain."""
    owner = part._meta.get_field(part.part_of)
    return [
        field
        for field in part._meta.concrete_fields
        if field is not owner and field.name not in _NOT_PROPOSED and not field.generated
    ]


def _row(part):
    return {f.name: encode(f, getattr(part, f.attname)) for f in part_columns(part)}


def same_values(part, other):
    """Whether two parts of one model have the same values."""
    return _row(part) == _row(other)


def _saved(part, base):
    label = part._meta.label
    if not part.pk:
        return {"model": label, "op": "add", "id": None, "base": {}, "fields": _row(part)}
    read = _read(part, base)
    fields = {name: value for name, value in _row(part).items() if read.get(name) != value}
    return {"model": label, "op": "change", "id": part.pk, "base": read, "fields": fields}


def _shown_as(part):
    """The operation as which the form displayed a part that its author proposes to add."""
    return getattr(part, "proposed_as", None)


def _removed(part, base):
    """The operation that removes a stored part; None for one that was only proposed."""
    if not part.pk:
        return None
    read = _read(part, base)
    return {"model": part._meta.label, "op": "remove", "id": part.pk, "base": read, "fields": {}}


def _read(part, base):
    """The stored part as its author has read it, as JSON by field."""
    if base and (row := _base_row(part, base)):
        return row
    return _row(type(part).objects.get(pk=part.pk))


def _merged(before, new):
    """The operations of a proposal with further ones; the last one on the same part counts.

    new: pairs of the operation that the form displayed, or None, and what takes its place, or None.
    """
    merged = list(before)
    for shown, operation in new:
        names = operation and _identity(operation)
        same = [
            index
            for index, other in enumerate(merged)
            if other == shown or (names and _identity(other) == names)
        ]
        at = same[0] if same else len(merged)
        merged = [other for index, other in enumerate(merged) if index not in same]
        if operation and (operation["op"] != "change" or operation["fields"]):
            merged.insert(at, operation)
    return merged


def _identity(operation):
    """What is the same of two operations on one part.

    Of a part to be added, the fields that its model names in `proposed_once_by`, else all fields.
    """
    fields = operation["fields"]
    if operation["id"] or operation["op"] != "add":
        return operation["model"], operation["id"]
    names = getattr(apps.get_model(operation["model"]), "proposed_once_by", fields)
    return operation["model"], {name: fields.get(name) for name in names}


def _require_acceptable(proposal, by):
    """Raise what the workflow would raise if the whole proposal were accepted now."""
    try:
        workflow.try_many([_change(proposal, set(keys(proposal)))], by=by)
    except workflow.ChangesRefused as refused:
        raise refused.errors[0] from None


def _store(proposal):
    proposal.full_clean(validate_unique=False)
    proposal.save()
    return proposal


# --- deciding ------------------------------------------------------------------------------


def keys(proposal):
    """Return the keys of what is decided separately: fields, and "part-0", "part-1" …"""
    return [*proposal.fields, *(f"part-{number}" for number in range(len(proposal.parts)))]


def deciding_key(proposal, key):
    """Return the key whose decision is that of the given one too: mostly itself.

    How a value is known, such as a basis or the accuracy of a point, goes with the value.
    """
    model = proposal.record_type.model_class()
    described = model.decided_with.get(key, key.removesuffix("_basis"))
    return described if described in proposal.fields else key


def may_decide(user, proposal):
    """Whether the user may accept or reject the proposal: a publisher who is not its author.

    A change of a draft, which met a change of somebody else, is decided by whoever may edit it.
    """
    if not (user.is_active and user.is_staff):
        return False
    record = stored_record(proposal)
    if record and not record.is_public:
        return workflow.may_change(user, record)
    if proposal.author_id == user.pk and not settings.SELF_PUBLISH:
        return False
    return Proposal.objects.filter(pk=proposal.pk).decidable_by(user).exists()


@transaction.atomic
def decide(proposal, accepted, *, by, revision, base_version=None, answer=""):
    """Accept the given keys of a proposal and reject the others; return the stored Proposal.

    accepted: keys(), for a proposal without fields {"all"} or nothing; a key that is decided with
    another one (deciding_key()) need not be named, and follows it. revision: of the proposal,
    and base_version: of the record, that the publisher has read. answer: to the author, required if
    nothing is accepted.

    A create proposal becomes a draft. An accepted field is written even if the record has another
    value than the proposal's base by now: the publisher has read base_version, which has it.

    Raises PermissionDenied, StaleVersion if proposal or record changed since, ValidationError and
    PartRefused as workflow.change(); then nothing is written and the proposal stays open.
    """
    proposal = _open_for(proposal, by, revision)
    if proposal.fields:
        accepted = {key for key in keys(proposal) if deciding_key(proposal, key) in accepted}
    accepted = set(accepted)
    answer = answer.strip()
    if accepted and proposal.kind == ProposalKind.WITHDRAW:
        record = _checked(proposal, base_version)
        workflow.move(record, "withdraw", by=by, base_version=base_version, reason=proposal.reason)
    elif accepted and proposal.kind != ProposalKind.REMARK:
        if proposal.record_id:
            _checked(proposal, base_version)
        try:
            (record,) = workflow.change_many(
                [_change(proposal, accepted)],
                by=by,
                act="proposal",
                reason=proposal.reason,
                proposal=proposal,
            )
        except workflow.ChangesRefused as refused:
            raise refused.errors[0] from None
        proposal.record_id = record.pk
    names = keys(proposal) or ["all"]
    proposal.decided = {name: name in accepted for name in names}
    if not accepted:
        state = ProposalState.REJECTED
    elif accepted >= set(names):
        state = ProposalState.ACCEPTED
    else:
        state = ProposalState.PARTLY_ACCEPTED
    _close(proposal, state, by=by, answer=answer)
    if accepted and proposal.record_id:
        _supersede_fulfilled(stored_record(proposal))
    return proposal


@transaction.atomic
def send_back(proposal, *, by, revision, answer):
    """Return a proposal to its author with a reason; it stays open. Raises as decide()."""
    proposal = _open_for(proposal, by, revision)
    _close(proposal, ProposalState.RETURNED, by=by, answer=answer.strip())
    return proposal


@transaction.atomic
def take_back(proposal, *, by):
    """Close an own open proposal. Raises PermissionDenied for that of another author."""
    proposal = Proposal.objects.select_for_update().get(pk=proposal.pk)
    if proposal.author_id != by.pk or not proposal.is_open:
        raise PermissionDenied
    _close(proposal, ProposalState.SUPERSEDED, by=by)
    return proposal


def _open_for(proposal, by, revision):
    proposal = Proposal.objects.select_for_update(of=("self",)).get(pk=proposal.pk)
    if not may_decide(by, proposal):
        raise PermissionDenied
    if proposal.state != ProposalState.PENDING:
        raise ValidationError(
            _("Đề xuất này đã ở trạng thái “%(state)s”."),
            params={"state": proposal.get_state_display()},
        )
    if proposal.revision != revision:
        raise ValidationError(
            _("Người đề xuất vừa sửa đề xuất này. Hãy đọc lại rồi quyết định."), code="stale"
        )
    return proposal


def _checked(proposal, base_version):
    record = stored_record(proposal)
    if record is None:
        raise ValidationError(_("Hồ sơ này vừa bị xoá."))
    record = _locked(record)
    workflow.check_version(record, base_version)
    return record


def _change(proposal, accepted):
    """The accepted keys as a workflow.Change of the record as it is now."""
    model = proposal.record_type.model_class()
    record = _locked(proposal.record) if proposal.record_id else model()
    save, delete = [], []
    for number, operation in enumerate(proposal.parts):
        if f"part-{number}" in accepted:
            part = _part(operation)
            (delete if operation["op"] == "remove" else save).append(part)
    version = record.version if record.pk else None
    return workflow.Change(record, proposed_values(proposal, accepted), version, save, delete)


def proposed_values(proposal, names=None):
    """Return {field: proposed value}, related rows included, of all fields or those in names.

    Raises ValidationError, by field, for a row that was deleted meanwhile.
    """
    model = proposal.record_type.model_class()
    values = {}
    for name, change in proposal.fields.items():
        if names is None or name in names:
            values[name] = model_value(model._meta.get_field(name), change["proposed"])
    return values


def shown_values(proposal):
    """Return {field: proposed value} for display: without rows that were deleted meanwhile."""
    values = {}
    for name in proposal.fields:
        try:
            values |= proposed_values(proposal, {name})
        except ValidationError:
            continue
    return values


def model_value(field, stored):
    """Return the value for a model field of JSON written by encode(); of a relation, the row.

    Raises ValidationError, at the field, if that row was deleted.
    """
    value = decode(field, stored)
    if field.is_relation and value is not None:
        row = field.related_model._base_manager.filter(pk=value).first()
        if row is None:
            raise ValidationError({field.name: _("Mục được chọn không còn.")})
        return row
    return value


def show_in(part, operation):
    """Give a part, or a new one, the proposed values; those whose row was deleted stay."""
    for name, stored in operation["fields"].items():
        with suppress(ValidationError):
            setattr(part, name, model_value(part._meta.get_field(name), stored))


def _part(operation):
    """The row of a part with the proposed values; raises ValidationError if it was deleted."""
    model = apps.get_model(operation["model"])
    part = model() if operation["op"] == "add" else None
    if part is None:
        part = model.objects.filter(pk=operation["id"]).first()
    if part is None:
        raise ValidationError(_("Một dòng của hồ sơ này vừa bị xoá."))
    for name, stored in operation["fields"].items():
        field = model._meta.get_field(name)
        setattr(part, name, model_value(field, stored))
    return part


def _close(proposal, state, *, by=None, answer=""):
    proposal.state = state
    proposal.decided_by = by
    proposal.decided_at = timezone.now()
    proposal.answer = answer
    _store(proposal)
    if not proposal.is_open:
        for number, operation in enumerate(proposal.parts):
            if not proposal.decided.get(f"part-{number}"):
                _discard_files(operation)


def _discard_files(operation):
    """Delete the files of a part that will never be stored, once the transaction commits.

    Of a changed part, those that were to replace the stored ones.
    """
    model = apps.get_model(operation["model"])
    discard = getattr(model, "discard_files", None)
    if discard and operation["op"] != "remove":
        row = {**operation["base"], **operation["fields"]}
        part = model(**{f.attname: decode(f, row.get(f.name)) for f in part_columns(model)})
        transaction.on_commit(lambda: discard(part))


def _supersede_fulfilled(record):
    """Close other open changes of the record whose proposed values it has by now."""
    current = snapshot(record)["fields"]
    for other in Proposal.objects.about(record).open().filter(kind=ProposalKind.CHANGE):
        fulfilled = all(
            current.get(name) == change["proposed"] for name, change in other.fields.items()
        )
        if fulfilled and not other.parts:
            _close(other, ProposalState.SUPERSEDED)


def close_all(record):
    """Close the open proposals of a record that has been withdrawn or deleted."""
    for proposal in Proposal.objects.about(record).open():
        _close(proposal, ProposalState.SUPERSEDED)


# --- reading -------------------------------------------------------------------------------


@dataclasses.dataclass(frozen=True)
class Difference:
    """One thing to decide: a field or an operation on a part, as text in the user's language.

    key: see keys(). base, now, proposed: texts; base is that of the record when it was read.
    conflict: whether the record has changed there since. points: of the three, for a map, or None.
    images: names of the image files of the three, or None. decided_by: the key whose decision is
    that of this one too, see deciding_key().
    """

    key: str
    label: str
    base: str
    now: str
    proposed: str
    conflict: bool
    points: tuple | None = None
    images: tuple | None = None
    decided_by: str = ""

    @property
    def is_decided_itself(self):
        """Whether this has a decision of its own."""
        return self.decided_by in ("", self.key)


def differences(proposal):
    """Return the Differences of a proposal to its record as it is now."""
    model = proposal.record_type.model_class()
    record = stored_record(proposal)
    found = []
    for name, change in proposal.fields.items():
        field = model._meta.get_field(name)
        now = encode(field, getattr(record, field.attname)) if record else None
        base = change["base"] if record else None
        stored = (base, now, change["proposed"])
        points = None
        if isinstance(field, PointField):
            points = tuple(decode(field, one) for one in stored)
        found.append(
            Difference(
                key=name,
                label=str(field.verbose_name),
                base=value_text(field, stored[0]),
                now=value_text(field, stored[1]),
                proposed=value_text(field, stored[2]),
                conflict=bool(record) and now != base and now != change["proposed"],
                points=points,
                decided_by=deciding_key(proposal, name),
            )
        )
    return found + [_of_part(number, one) for number, one in enumerate(proposal.parts)]


def _of_part(number, operation):
    model = apps.get_model(operation["model"])
    stored = model.objects.filter(pk=operation["id"]).first() if operation["id"] else None
    now = _row(stored) if stored else {}
    label = {
        "add": _("thêm %s"),
        "change": _("sửa %s"),
        "remove": _("bỏ %s"),
    }[operation["op"]] % model._meta.verbose_name
    is_removal = operation["op"] == "remove"
    proposed = {} if is_removal else {**operation["base"], **operation["fields"]}
    rows = (operation["base"], now, proposed)
    file = next((f.name for f in part_columns(model) if isinstance(f, ImageField)), None)
    return Difference(
        key=f"part-{number}",
        label=label,
        base=row_text(model, operation["base"], files=False),
        now=row_text(model, now, files=False),
        proposed=row_text(model, proposed, files=False),
        conflict=bool(operation["id"]) and now not in (operation["base"], proposed),
        images=tuple(row.get(file) for row in rows) if file else None,
    )


def row_text(model, row, *, files=True):
    """Return a row of a part, {field: JSON}, as text: one "field: value" per line.

    What forms do not show, such as the size of an image, is left out. files: whether the names of
    files, which are random, are part of it.
    """
    texts = []
    for name, stored in row.items():
        field = model._meta.get_field(name)
        if not field.editable or (isinstance(field, FileField) and not files):
            continue
        if text := value_text(field, stored):
            texts.append(f"{field.verbose_name}: {text}")
    return "\n".join(texts)


def value_text(field, stored):
    """Return JSON written by encode() as text in the language of the user."""
    if field.is_relation and stored is not None:
        rows = with_labels(field.related_model._default_manager.all())
        return format_value(field, rows.filter(pk=stored).first() or stored)
    return format_value(field, decode(field, stored))
