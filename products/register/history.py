"""Versions of records out of their history: read, restored, and whole acts undone.

A version is what one act left of a record and its parts, by whichever route it changed: a form, a
bulk act, an import, the API or SQL. Triggers store the events (geodata/tracking.py); those of one
request or import share a context.
"""

import dataclasses
import datetime
from collections import defaultdict
from collections.abc import Mapping

import pghistory
from django.apps import apps
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import models, transaction
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from . import proposals, workflow
from .models.records import Record
from .states import State

# Records whose events are read at once.
BATCH = 500
# The transition that takes another one back.
INVERSE = {
    (State.DRAFT, State.REVIEW): "reject",
    (State.REVIEW, State.PUBLISHED): "withdraw",
    (State.REVIEW, State.DRAFT): "submit",
    (State.PUBLISHED, State.WITHDRAWN): "restore",
}


@dataclasses.dataclass(frozen=True)
class Version:
    """What one act left of a record.

    key: identifies the act among those of the record. at: when; aware datetime. context: metadata
    of the act (user, act, reason …). context_id: of the act, None for plain SQL. state: the State.
    snapshot: as proposals.snapshot() returns it, without "version".
    """

    key: str
    at: datetime.datetime
    context: Mapping
    context_id: object
    state: str
    snapshot: Mapping

    @property
    def points(self):
        """[longitude, latitude] of the record in that version, or None."""
        return self.snapshot["fields"].get("point")

    def __str__(self):
        return date_format(localtime(self.at), "H:i:s j/n/Y")


def versions(record):
    """Return the Versions of a record, oldest first; the last one is the record as it is."""
    return _versions(type(record), [record.pk])[record.pk]


def _versions(model, keys):
    """{id of the record: [Version]} in a few queries, however many records."""
    events = defaultdict(list)
    for event in model.pgh_event_model.objects.filter(pgh_obj_id__in=keys).select_related(
        "pgh_context"
    ):
        events[event.pgh_obj_id].append((model, event))
    for part in workflow.part_models(model):
        owner = part._meta.get_field(part.part_of).attname
        for event in part.pgh_event_model.objects.filter(
            **{f"{part.part_of}__in": keys}
        ).select_related("pgh_context"):
            events[getattr(event, owner)].append((part, event))
    return {key: _of_one(model, events[key]) for key in keys}


def _of_one(model, events):
    # Events of one table are in the order of their ids; those of one transaction have one time.
    events.sort(key=lambda one: (one[1].pgh_created_at, one[0] is not model, one[1].pgh_id))
    groups = {}
    for of_model, event in events:
        groups.setdefault(key_of(event), []).append((of_model, event))
    found, fields, parts, state = [], {}, defaultdict(dict), State.DRAFT
    for key, group in groups.items():
        for of_model, event in group:
            row = {
                field.name: proposals.encode(field, getattr(event, field.attname))
                for field in of_model._meta.concrete_fields
                if hasattr(event, field.attname)
            }
            if of_model is model:
                state = event.state
                fields = {f.name: row[f.name] for f in _shown(model) if f.name in row}
            elif event.pgh_label == "delete":
                parts[of_model._meta.label].pop(str(event.pgh_obj_id), None)
            else:
                columns = proposals.part_columns(of_model)
                parts[of_model._meta.label][str(event.pgh_obj_id)] = {
                    field.name: row[field.name] for field in columns
                }
        _model, last = group[-1]
        found.append(
            Version(
                key=key,
                at=last.pgh_created_at,
                context=(last.pgh_context.metadata if last.pgh_context else {}),
                context_id=last.pgh_context_id,
                state=state,
                snapshot={
                    "fields": dict(fields),
                    "parts": {label: dict(rows) for label, rows in parts.items()},
                },
            )
        )
    return found


def key_of(event):
    """Return the Version.key of a history event: of its context, else of its transaction."""
    if event.pgh_context_id:
        return str(event.pgh_context_id)
    return f"{event.pgh_created_at.timestamp():.6f}"


def _shown(model):
    return [field for field in model._meta.concrete_fields if proposals.is_read(field)]


def version_of(record, key):
    """Return the Version with that key; raises ValidationError if there is none."""
    for version in versions(record):
        if version.key == key:
            return version
    raise ValidationError(_("Không có phiên bản này."))


# --- comparing -----------------------------------------------------------------------------


def compare(model, old, new):
    """Return [(label, old text, new text)] of the fields and parts in which two Versions differ."""
    found = []
    for field in _shown(model):
        before, after = (one.snapshot["fields"].get(field.name) for one in (old, new))
        if before != after:
            texts = (proposals.value_text(field, value) for value in (before, after))
            found.append((str(field.verbose_name), *texts))
    for part in workflow.part_models(model):
        label = part._meta.label
        before, after = (one.snapshot["parts"].get(label, {}) for one in (old, new))
        for key in sorted({*before, *after}, key=int):
            if before.get(key) != after.get(key):
                texts = (proposals.row_text(part, rows.get(key, {})) for rows in (before, after))
                found.append((str(part._meta.verbose_name), *texts))
    return found


# --- restoring -----------------------------------------------------------------------------


def restore(record, version, *, by, base_version):
    """Give the record the values and parts of a former Version; return proposals.Outcome.

    Its state, its contacts (Record.not_restored) and what is computed keep today's values. Photos
    whose file has been erased are left out. A public record gets a proposal, as from a form.
    Raises as proposals.submit().
    """
    change = _change_to(record, version.snapshot)
    return proposals.submit(
        record,
        change.values,
        by=by,
        base_version=base_version,
        reason=_("Khôi phục phiên bản %s") % version,
        act="restore",
        save=change.save,
        delete=change.delete,
    )


def _change_to(record, snapshot):
    """The workflow.Change that gives the record the values and parts of the snapshot."""
    now = proposals.snapshot(record)
    values = {}
    for field in _shown(type(record)):
        wanted = snapshot["fields"].get(field.name)
        if field.name in record.not_restored or field.name not in snapshot["fields"]:
            continue
        if wanted != now["fields"][field.name]:
            values[field.name] = proposals.model_value(field, wanted)
    save, delete = [], []
    for part in workflow.part_models(type(record)):
        label = part._meta.label
        there, wanted = now["parts"].get(label, {}), snapshot["parts"].get(label, {})
        stored = part.objects.in_bulk([int(key) for key in there])
        delete += [stored[int(key)] for key in there if key not in wanted]
        for key, row in wanted.items():
            if key in there and row == there[key]:
                continue
            instance = stored.get(int(key)) or part()
            for name, value in row.items():
                field = part._meta.get_field(name)
                setattr(instance, name, proposals.model_value(field, value))
            if not _file_is_erased(instance):
                save.append(instance)
    return workflow.Change(record, values, record.version, save, delete)


def _file_is_erased(part):
    files = [f for f in part._meta.concrete_fields if isinstance(f, models.FileField)]
    return any(
        value and not value.storage.exists(value.name)
        for value in (getattr(part, field.name) for field in files)
    )


# --- undoing a whole act -------------------------------------------------------------------


@dataclasses.dataclass
class Undone:
    """What undo() did, or would do: records restored, deleted, proposed for, and left as they are.

    skipped: (record, why) pairs; None for a record that is deleted or not in the user's area.
    """

    restored: list = dataclasses.field(default_factory=list)
    proposed: list = dataclasses.field(default_factory=list)
    deleted: list = dataclasses.field(default_factory=list)
    skipped: list = dataclasses.field(default_factory=list)


def touched(context_id):
    """Return {model: ids of its records} that the act changed, those deleted since included."""
    found = defaultdict(set)
    for model in apps.get_models():
        # A proxy has the table of another model, and no page.
        is_record = issubclass(model, Record) and not model._meta.proxy
        if not (is_record and hasattr(model, "pgh_event_model")):
            continue
        events = model.pgh_event_model.objects.filter(pgh_context_id=context_id)
        found[model] |= set(events.values_list("pgh_obj_id", flat=True))
        for part in workflow.part_models(model):
            events = part.pgh_event_model.objects.filter(pgh_context_id=context_id)
            found[model] |= set(events.values_list(part.part_of, flat=True))
    return {model: keys for model, keys in found.items() if keys}


@transaction.atomic
def undo(context_id, *, by, dry_run=False):
    """Take back what the act with that context did; return Undone.

    Records that were changed again since, that the user may not change, or whose state nobody can
    take back are skipped. A record that the act created is deleted if it was never public.
    """
    undone = Undone()
    with pghistory.context(act="undo", user=by.pk, undone=str(context_id)):
        for model, keys in touched(context_id).items():
            ordered = sorted(keys)
            for start in range(0, len(ordered), BATCH):
                _undo_batch(model, ordered[start : start + BATCH], str(context_id), by, undone)
    transaction.set_rollback(dry_run)
    return undone


def _undo_batch(model, keys, context_id, by, undone):
    stored = model.objects.in_bulk(keys)
    own = set(model.objects.editable_by(by).filter(pk__in=keys).values_list("pk", flat=True))
    for key, found in _versions(model, keys).items():
        record = stored.get(key)
        if record is None:
            undone.skipped.append((None, _("Đã bị xoá.")))
        elif key not in own:
            undone.skipped.append((None, _("Bạn không có quyền.")))
        elif found[-1].key != context_id:
            undone.skipped.append((record, _("Đã được sửa lại sau đó.")))
        else:
            _undo_one(record, found, by, undone)


def _undo_one(record, found, by, undone):
    before = found[-2] if len(found) > 1 else None
    try:
        with transaction.atomic():
            if before is None:
                workflow.delete(record, by=by, base_version=record.version)
                undone.deleted.append(record)
                return
            change = _change_to(record, before.snapshot)
            outcome = proposals.submit(
                record,
                change.values,
                by=by,
                base_version=record.version,
                act="undo",
                save=change.save,
                delete=change.delete,
            )
            if name := INVERSE.get((before.state, found[-1].state)):
                stored = outcome.record
                workflow.move(
                    stored, name, by=by, base_version=stored.version, reason=_("Hoàn tác")
                )
            (undone.proposed if outcome.proposal else undone.restored).append(record)
    except PermissionDenied:
        undone.skipped.append((record, _("Bạn không có quyền.")))
    except (ValidationError, models.ProtectedError) as error:
        texts = getattr(error, "messages", None) or [_("Hồ sơ khác đang dùng đến.")]
        undone.skipped.append((record, " ".join(texts)))
