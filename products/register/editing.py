"""Records in the editing API: what officials see and write with QGIS and other programs.

A RecordLayer shows the records that a user may edit with the values that this user has proposed,
and writes through proposals.submit() and the workflow, like the forms of the workspace.
"""

from collections import defaultdict
from collections.abc import Callable, Mapping
from copy import copy
from dataclasses import dataclass, replace
from typing import Any

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.db.models import F, ProtectedError
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from districts.models import Role
from geodata.feature_model import GEOMETRY
from geodata.ogc.transactions import (
    PENDING,
    VERSION,
    EditableCollection,
    EditableFeature,
    EditableLayer,
    not_pending,
)
from geodata.problems import BadBody, Conflict, Forbidden, ParameterError, PreconditionFailed

from . import proposals, workflow
from .collections import TITLES, UNIT_CODES, KnownUnit, changed, empty_as_null, to_the_second
from .models import Basis, Channel, Position, Producer, Proposal, ProposalKind
from .sources import department_source

# The reason of withdrawals with a program; a text of the register, in its language.
WITHDRAWAL = "Rút qua chương trình ngoài"

IN_REVIEW = gettext_lazy("Hồ sơ đang chờ duyệt: chỉ người có quyền công bố sửa được.")

EDITING_TITLES = {
    **TITLES,
    "address": gettext_lazy("Địa chỉ"),
    "state": gettext_lazy("Trạng thái"),
    PENDING: gettext_lazy("Có đề xuất của bạn đang chờ duyệt"),
    VERSION: gettext_lazy("Phiên bản"),
}

# Beside what the kind of record has of its own; the first ones and the last ones.
OWN_PLACE = {
    "position": empty_as_null("position"),
    "address": empty_as_null("address"),
    "commune": F("commune__full_name"),
    "old_commune": F("old_commune__full_name"),
    "district": F("district__full_name"),
}
STATUS = {
    "state": F("state"),
    PENDING: not_pending(),
    VERSION: F("version"),
    "updated_at": to_the_second("updated_at"),
}


def stored_position(text):
    """Return the position as a record stores it: "" where the public layers name a KnownUnit."""
    return "" if text in KnownUnit.values else text


@dataclass(frozen=True)
class Column:
    """A property that shows a field of the model.

    field: its name. shown: value of the field → value of the property. read: text of the property →
    value of the field, not null; raises ValidationError. basis: name of the field that states how
    the value is known, or "".
    """

    field: str
    shown: Callable[[Any], Any] = lambda value: value or None
    read: Callable[[str], Any] = str
    basis: str = ""


@dataclass(frozen=True)
class PartsColumn:
    """A property that lists parts of the record: the codes of what they refer to, "; " between.

    part: the model of the parts. field: its foreign key to what has a code. read: code → that row;
    raises ValidationError.
    """

    part: type
    field: str
    read: Callable[[str], Any]

    def rows(self, text):
        """Return {code: row} of a text, in its order; raise ValidationError."""
        codes = [code.strip() for code in (text or "").split(";")]
        return {code: self.read(code) for code in codes if code}

    def parts(self, record, proposal):
        """Return {code: part} with the changes of a proposal, and {code: part} as it is stored of
        those that the proposal changes or removes.

        proposal: a Proposal or None. A part to add has its operation as `proposed_as`.
        """
        operations = [
            one
            for one in (proposal.parts if proposal else ())
            if one["model"] == self.part._meta.label
        ]
        of_stored = {one["id"]: one for one in operations if one["op"] != "add"}
        shown, former = {}, {}
        stored = self.part.objects.filter(**{self.part.part_of: record.pk})
        for part in stored.select_related(self.field):
            operation = of_stored.get(part.pk)
            if operation:
                former[self.code(part)] = copy(part)
                proposals.show_in(part, operation)
            if not operation or operation["op"] == "change":
                shown[self.code(part)] = part
        for operation in operations:
            if operation["op"] == "add":
                part = self.part()
                proposals.show_in(part, operation)
                part.proposed_as = operation
                # Without it if the row was deleted meanwhile.
                if getattr(part, f"{self.field}_id"):
                    shown[self.code(part)] = part
        return shown, former

    def code(self, part):
        """Return the code by which the property lists a part."""
        return getattr(part, self.field).code

    def shown(self, record, proposal):
        """Return the value of the property with the changes of a proposal."""
        shown, _former = self.parts(record, proposal)
        return "; ".join(sorted(shown)) or None

    def changes(self, record, rows, proposal):
        """Return (parts to save, parts to delete) so that the record has exactly these rows.

        rows: see rows(). proposal: of the author, in which parts are already changed, or None.
        """
        shown, former = self.parts(record, proposal) if record.pk else ({}, {})
        needed = {part.pk for code, part in shown.items() if code in rows}
        # Saved as it is stored, a part loses the change or removal that was proposed.
        restored = {
            code: part
            for code, part in former.items()
            if code in rows and code not in shown and part.pk not in needed
        }
        save = [
            restored.get(code) or self.part(**{self.field: row})
            for code, row in rows.items()
            if code not in shown
        ]
        needed |= {part.pk for part in restored.values()}
        delete = [
            part
            for code, part in shown.items()
            if code not in rows and (part.pk is None or part.pk not in needed)
        ]
        return save, delete


class RecordLayer(EditableLayer):
    """An editable layer of records with a place.

    model: a subclass of Located. collection: its description. columns: property → Column, of the
    writable properties and of further ones whose values follow from the same fields. parts:
    property → PartsColumn.
    """

    def __init__(self, model, collection, columns, parts=()):
        self.model = model
        self.collection = collection
        self.columns: Mapping[str, Column] = columns
        self.parts: Mapping[str, PartsColumn] = dict(parts)

    def collection_of(self, user):
        """Return the collection of the records that the user may edit, with proposed values."""
        records = self.model.objects.editable_by(user)
        overrides = defaultdict(dict)
        for proposal in self.proposals_of(user):
            overrides[PENDING][proposal.record_id] = True
            for name, value in proposals.shown_values(proposal).items():
                for shown_as, shown in self._shown(name, value):
                    overrides[shown_as][proposal.record_id] = shown
            for name, column in self.parts.items() if proposal.parts else ():
                overrides[name][proposal.record_id] = column.shown(proposal.record, proposal)
        return replace(self.collection, queryset=records.all, overrides=overrides)

    def proposals_of(self, user):
        """Return the user's open proposals to change or withdraw records of this kind."""
        record_type = ContentType.objects.get_for_model(self.model)
        mine = Proposal.objects.open().filter(author=user, record_type=record_type)
        return mine.filter(kind__in=[ProposalKind.CHANGE, ProposalKind.WITHDRAW])

    def _shown(self, field, value):
        """Yield (property or GEOMETRY, value) of everything that shows the field."""
        if field == self.collection.geometry:
            yield GEOMETRY, value
        for name, column in self.columns.items():
            if column.field == field:
                yield name, column.shown(value)

    def may_create(self, user):
        return workflow.may_add(user, self.model)

    def create(self, edit, *, by):
        record = self.model(source=department_source())
        save, delete = self.part_changes(edit, record, None)
        with self.refusing():
            outcome = proposals.submit(
                record,
                self.values(edit, position=""),
                by=by,
                base_version=None,
                channel=Channel.API,
                act="api",
                save=save,
                delete=delete,
            )
        return outcome.record.code

    def find(self, feature_id, user):
        record = self.model.objects.editable_by(user).filter(code=feature_id).first()
        return record and RecordFeature(self, record, user)

    def values(self, edit, *, position):
        """Return {field: value} of an Edit; position: how the present point was obtained.

        A value that an official enters is stated, not inferred. A point that a program sends was
        put on a map, unless the same request, or the record as it is, states another way; then the
        way stays even if the point moves. The point of a commune is nobody's position.
        """
        values = {}
        for name, text in edit.properties.items():
            if name in self.parts:
                continue
            column = self.columns[name]
            try:
                values[column.field] = self._value(column, text)
            except ValidationError as error:
                raise BadBody([ParameterError(name, " ".join(error.messages))]) from None
            if column.basis:
                values[column.basis] = "" if text is None else Basis.STATED
        for point in edit.geometry.values():
            values[self.collection.geometry] = point
            # What is stored is that of the former point.
            values["accuracy_m"] = None
            if point is None:
                values.setdefault("position", "")
            elif not values.get("position"):
                on_the_spot = position not in ("", Position.COMMUNE)
                values["position"] = position if on_the_spot else Position.MAP
        return values

    def part_changes(self, edit, record, proposal):
        """Return (parts to save, parts to delete) of an Edit; see PartsColumn.changes()."""
        save, delete = [], []
        for name in edit.properties.keys() & self.parts.keys():
            column = self.parts[name]
            try:
                rows = column.rows(edit.properties[name])
            except ValidationError as error:
                raise BadBody([ParameterError(name, " ".join(error.messages))]) from None
            to_save, to_delete = column.changes(record, rows, proposal)
            save += to_save
            delete += to_delete
        return save, delete

    def _value(self, column, text):
        if text is not None:
            return column.read(text)
        field = self.model._meta.get_field(column.field)
        return None if field.null else field.get_default()

    def refusing(self):
        """Return the context manager that turns what the workflow refuses into problems."""
        return _Refusing(self)

    def problem(self, error):
        """Return BadBody for a ValidationError, with names of properties."""
        names = {column.field: name for name, column in reversed(self.columns.items())}
        names[self.collection.geometry] = GEOMETRY
        errors = []
        for field, messages in _by_field(error).items():
            name = names.get(field, field)
            title = self.collection.titles.get(name)
            for message in messages:
                text = f"{title}: {message}" if title else message
                errors.append(ParameterError(name, text))
        return BadBody(errors)


class _Refusing:
    def __init__(self, layer):
        self.layer = layer

    def __enter__(self):
        return self

    def __exit__(self, kind, error, traceback):
        if isinstance(error, workflow.StaleVersion):
            raise PreconditionFailed(" ".join(error.messages)) from error
        if isinstance(error, ValidationError):
            raise self.layer.problem(error) from error


def _by_field(error):
    return error.message_dict if hasattr(error, "error_dict") else {"": error.messages}


class RecordFeature(EditableFeature):
    """A record that the user may edit."""

    def __init__(self, layer, record, user):
        self.layer, self.record, self.user = layer, record, user
        self.version = record.version

    @cached_property
    def proposals(self):
        mine = self.layer.proposals_of(self.user)
        return list(mine.filter(record_id=self.record.pk).order_by("pk"))

    @property
    def etag(self):
        """The version of the record; with own proposals, their revisions as well."""
        parts = [f"{proposal.pk}.{proposal.revision}" for proposal in self.proposals]
        return '"{}"'.format("-".join([str(self.version), *parts]))

    @property
    def methods(self):
        may_edit = workflow.may(self.user, self.record, Role.EDITOR)
        return frozenset({"PUT", "PATCH", "DELETE"} if may_edit else ())

    def change(self, edit):
        if not proposals.may_submit(self.user, self.record):
            raise Forbidden(IN_REVIEW)
        own = next((one for one in self.proposals if one.kind == ProposalKind.CHANGE), None)
        shown = proposals.shown_values(own) if own else {}
        position = shown.get("position", self.record.position)
        values = self.layer.values(edit, position=position)
        # What the user may write is not merged into a proposal.
        writes = workflow.may_change(self.user, self.record)
        save, delete = self.layer.part_changes(edit, self.record, None if writes else own)
        with self.layer.refusing():
            proposals.submit(
                self.record,
                values,
                by=self.user,
                base_version=self.version,
                channel=Channel.API,
                act="api",
                save=save,
                delete=delete,
            )

    def delete(self):
        act = {"by": self.user, "base_version": self.version, "reason": WITHDRAWAL}
        try:
            with self.layer.refusing():
                if workflow.may_delete(self.user, self.record):
                    workflow.delete(self.record, **act)
                elif self.record.is_public:
                    self._withdraw(act)
                elif self.record.published_at:
                    raise Conflict(_("Hồ sơ đã từng công bố thì không xoá được nữa."))
                else:
                    raise Forbidden(IN_REVIEW)
        except ProtectedError:
            raise Conflict(_("Không xoá được: hồ sơ khác còn dùng hồ sơ này.")) from None
        except BadBody as refused:
            raise Conflict(refused.detail) from None

    def _withdraw(self, act):
        """Withdraw the public record, or propose it once."""
        if settings.SELF_PUBLISH and workflow.may(self.user, self.record, Role.PUBLISHER):
            workflow.move(self.record, "withdraw", **act)
        elif not any(one.kind == ProposalKind.WITHDRAW for one in self.proposals):
            proposals.withdraw(self.record, channel=Channel.API, **act)


# Only the place and the name of a producer; kind, activity and contacts are in the workspace.
PRODUCERS = RecordLayer(
    Producer,
    EditableCollection(
        id="producers",
        title=gettext_lazy("Chủ thể"),
        description=gettext_lazy("Chủ thể mà bạn được sửa, mọi trạng thái."),
        queryset=lambda: Producer.objects.all(),
        geometry="point",
        properties={
            "code": F("code"),
            "name": F("name"),
            "kind": empty_as_null("kind"),
            **OWN_PLACE,
            "website": empty_as_null("website"),
            **STATUS,
        },
        titles={**EDITING_TITLES, "code": gettext_lazy("Mã")},
        filters=UNIT_CODES,
        period=("updated_at", "updated_at"),
        during=changed,
        search=lambda producers, text: producers.search(text),
        writable=("name", "position", "address"),
    ),
    {
        "name": Column("name"),
        "position": Column("position", read=stored_position),
        "address": Column("address"),
    },
)
