"""Writes the rows of a file as changes of records, in two modes.

The files that the project ships never overwrite what people have changed (ShippedFile). The file of
an official overwrites a record that has not changed since the file was made; any other difference
is a conflict, and nothing is written until the official has decided on each (OfficialFile).
"""

import dataclasses
from collections.abc import Callable, Mapping

from django.core.exceptions import (
    NON_FIELD_ERRORS,
    ObjectDoesNotExist,
    PermissionDenied,
    ValidationError,
)
from django.db.models import Max, Q
from django.utils.translation import gettext as _

from geodata.display import format_value
from geodata.importing import Conflict
from products.register import proposals, workflow
from products.register.models import people_changed
from products.register.workflow import Change

# Foreign keys among the values of every record with a place.
PLACE_REFERENCES = ["source", "declared_commune", "declared_district"]
# Values of a record with a place that its own coordinates determine.
POSITION = ("point", "position", "position_source")

# Events of imports: by an official's file, or without a user.
IMPORTED = Q(pgh_context__metadata__act="import") | Q(pgh_context__metadata__user__isnull=True)
# Not ~IMPORTED, which is unknown in SQL if the context has no act.
EDITED = Q(pgh_context__metadata__user__isnull=False) & (
    Q(pgh_context__metadata__act__isnull=True) | ~Q(pgh_context__metadata__act="import")
)


@dataclasses.dataclass
class RecordRow:
    """The values of one record in a line of a file.

    code: "" for a record that gets the next one. values: {field: value}, or a function that takes
    the record and returns them; it may raise ValidationError by column. version: of the record when
    the file was made, None if the file does not state it. parts: function that takes the record and
    returns (rows to save, rows to delete); a row to save may have its line in `line`. part_column:
    name of the column from which the parts are read.
    """

    line: int
    code: str
    values: Mapping[str, object] | Callable
    version: int | None = None
    parts: Callable = lambda record: ((), ())
    part_column: str = ""


def unless_on_commune(values):
    """Return the function of the record that gives its values; see RecordRow.

    values: with point, position and perhaps position_source. A record without coordinates of its
    own has the point of its commune, which is not in the file.
    """

    def of(record):
        if values["point"] is None and not record.is_exact:
            return {name: value for name, value in values.items() if name not in POSITION}
        return values

    return of


class ShippedFile:
    """A file of the project, loaded without a user; records that people changed stay unchanged."""

    user = None

    def prepare(self, model, part_models, stored):
        ids = [record.pk for record in stored.values()]
        edited = people_changed(model, pgh_obj_id__in=ids)
        self._edited = set(edited.values_list("pgh_obj_id", flat=True))
        self._edited_parts = {}
        for part_model in part_models:
            owner = part_model.part_of
            edited = people_changed(part_model, **{f"{owner}__in": ids})
            self._edited_parts[part_model] = set(edited.values_list(owner, flat=True))

    def retains(self, record):
        """Whether the record must stay unchanged."""
        return record.pk in self._edited

    def retains_parts(self, record, part_model):
        """Whether its parts of that model must stay unchanged: officials have edited some."""
        return record.pk in self._edited_parts.get(part_model, ())

    def conflicts(self, record, row, differing, parts):
        return []


@dataclasses.dataclass
class OfficialFile:
    """A file of an official.

    overwrite: {code: version} of the records that the official has decided to overwrite, having
    seen the conflict at that version. retain: codes of the records that must stay unchanged.
    """

    user: object
    overwrite: Mapping[str, int] = dataclasses.field(default_factory=dict)
    retain: frozenset = frozenset()

    def prepare(self, model, part_models, stored):
        ids = [record.pk for record in stored.values()]
        self._model = model
        self._edited = _edited_since_import(model, "pgh_obj_id", ids)
        for part_model in part_models:
            self._edited |= _edited_since_import(part_model, part_model.part_of, ids)

    def retains(self, record):
        return record.code in self.retain

    def retains_parts(self, record, part_model):
        return False

    def conflicts(self, record, row, differing, parts):
        """Return the Conflicts of a row whose record has changed, one for each differing value."""
        if row.version is None:
            unchanged = record.pk not in self._edited
        else:
            unchanged = row.version == record.version
        if unchanged or self.overwrite.get(record.code) == record.version:
            return []
        base = self._base(record, row)
        conflicts = []
        for name, value in differing.items():
            field = record._meta.get_field(name)
            texts = (
                _readable(base, field) if base else "",
                format_value(field, value),
                _readable(record, field),
            )
            conflicts.append(self._conflict(record, row, field.verbose_name, *texts))
        save, delete = parts
        # In the order in which the row names them.
        for model in dict.fromkeys(type(part) for part in (*save, *delete)):
            there = model.objects.filter(**{model.part_of: record})
            texts = (
                # Which parts a record had at a version is not stored.
                "" if row.version else _joined(filter(None, map(_as_imported, there))),
                _joined(part for part in save if type(part) is model),
                _joined(there),
            )
            conflicts.append(self._conflict(record, row, model._meta.verbose_name, *texts))
        return conflicts

    def _conflict(self, record, row, column, base, file, current):
        return Conflict(row.line, record.code, record.version, str(column), base, file, current)

    def _base(self, record, row):
        """The history event with the values that the file was made from, None if there is none."""
        events = self._model.pgh_event_model.objects.filter(pgh_obj_id=record.pk)
        if row.version is None:
            return events.filter(IMPORTED).order_by("-pgh_id").first()
        return events.filter(version__lte=row.version).order_by("-pgh_id").first()


def _joined(rows):
    return "; ".join(str(row) for row in rows)


def _as_imported(part):
    """The part as the last import wrote it, None if no import did."""
    events = type(part).pgh_event_model.objects.filter(IMPORTED, pgh_obj_id=part.pk)
    event = events.order_by("-pgh_id").first()
    if event is None:
        return None
    names = [field.attname for field in type(part)._meta.concrete_fields]
    return type(part)(**{name: getattr(event, name) for name in names if hasattr(event, name)})


def _edited_since_import(model, owner, ids):
    """Ids of the owners that a person has changed after the last import."""
    last = (
        model.pgh_event_model.objects.filter(**{f"{owner}__in": ids})
        .order_by()
        .values(owner)
        .annotate(imported=Max("pgh_id", filter=IMPORTED), edited=Max("pgh_id", filter=EDITED))
    )
    return {row[owner] for row in last if row["edited"] and row["edited"] > (row["imported"] or 0)}


def _readable(row, field):
    """The value of a record or of its history event, formatted for people."""
    try:
        return format_value(field, getattr(row, field.name))
    except ObjectDoesNotExist:
        # What the event refers to has been deleted since.
        return format_value(field, getattr(row, field.attname))


def write_records(model, rows, report, *, public=None, **options):
    """Write the rows of a shipped file, see write_rows(), and publish the new records.

    public: codes of the records to publish, by default all.
    """
    write_rows(model, rows, report, ShippedFile(), **options)
    if report.ok:
        codes = [row.code for row in rows] if public is None else public
        workflow.publish_imported(model.objects.filter(code__in=codes))


def write_rows(model, rows, report, mode, *, part_models=(), related=(), columns=None):
    """Create or change the records of the rows, all or none; the report counts them.

    rows: RecordRows. mode: ShippedFile or OfficialFile. part_models: of the parts of the rows.
    related: names of the foreign keys among the values. columns: {field: heading in the file} for
    problems, by default the names of the fields. Errors become problems of their lines; conflicts
    are reported with their three values.
    """
    codes = [row.code for row in rows if row.code]
    known = model.objects.filter(code__in=codes).select_related(*related)
    for part_model in part_models:
        owner = part_model._meta.get_field(part_model.part_of)
        known = known.prefetch_related(owner.remote_field.get_accessor_name())
    stored = known.in_bulk(field_name="code")
    mode.prepare(model, part_models, stored)
    foreign = _foreign(model, stored, mode.user)
    changes, written = [], []
    conflicts = len(report.conflicts)
    for row in rows:
        try:
            change = _change_of(model, row, stored.get(row.code), report, mode, foreign)
        except (PermissionDenied, ValidationError) as error:
            _report(report, row, error, columns)
            continue
        if change:
            changes.append(change)
            written.append(row)
    if len(report.conflicts) > conflicts:
        return
    noted = [report.note(row.line, change) for row, change in zip(written, changes, strict=True)]
    try:
        outcomes = proposals.submit_many(changes, by=mode.user, act="import")
    except workflow.ChangesRefused as refused:
        for index, error in sorted(refused.errors.items()):
            _report(report, written[index], error, columns)
        return
    for note, outcome in zip(noted, outcomes, strict=True):
        if note:
            note.complete(outcome.record)
    proposed = [bool(outcome.proposal) for outcome in outcomes]
    report.proposed += sum(proposed)
    report.created += sum(row.code not in stored for row in written)
    report.updated += sum(
        row.code in stored and not is_proposed
        for row, is_proposed in zip(written, proposed, strict=True)
    )


def _foreign(model, stored, user):
    """The codes of those stored records that are not in the user's area."""
    if user is None:
        return frozenset()
    ids = [record.pk for record in stored.values()]
    own = model.objects.editable_by(user).filter(pk__in=ids).values_list("code", flat=True)
    return stored.keys() - set(own)


def _change_of(model, row, record, report, mode, foreign):
    """The Change of a row; None if there is none, or if it is a conflict. Counts the row.

    Raises PermissionDenied for a change of a record whose code is in `foreign`, before anything of
    it is reported: it may be a draft.
    """
    if record is None:
        new = model(code=row.code)
        values = row.values(new) if callable(row.values) else row.values
        save, _delete = row.parts(new)
        return Change(new, values, save=save)
    if mode.retains(record):
        report.retained += 1
        return None
    values = row.values(record) if callable(row.values) else row.values
    differing = {name: value for name, value in values.items() if getattr(record, name) != value}
    save, delete = row.parts(record)
    retained = {one for one in map(type, (*save, *delete)) if mode.retains_parts(record, one)}
    if retained:
        report.retained += 1
        save, delete = (
            [part for part in parts if type(part) not in retained] for parts in (save, delete)
        )
    if not (differing or save or delete):
        report.unchanged += 1
        return None
    if record.code in foreign:
        raise PermissionDenied
    if conflicts := mode.conflicts(record, row, differing, (save, delete)):
        report.conflicts += conflicts
        return None
    return Change(record, differing, record.version, save, delete)


def _report(report, row, error, columns):
    columns = columns or {}
    if isinstance(error, PermissionDenied):
        report.refuse(row.line, "", _("Hồ sơ này không thuộc quyền sửa của bạn."))
        return
    if isinstance(error, workflow.PartRefused):
        line = getattr(error.part, "line", row.line)
        fields = [name for name in error.update_error_dict({}) if name in columns]
        column = columns[fields[0]] if fields else row.part_column
        report.refuse(line, column, " ".join(error.messages))
        return
    for name, errors in error.update_error_dict({}).items():
        text = " ".join(message for one in errors for message in one.messages)
        column = "" if name == NON_FIELD_ERRORS else columns.get(name, name)
        report.refuse(row.line, column, text)
