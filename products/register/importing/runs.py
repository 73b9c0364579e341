"""The import of an official's file, from the upload to the written records.

A run is an ImportRun. Its job reads the headings; the official maps them to columns; the job checks
all rows, by writing them in a transaction that is rolled back; the official decides about
conflicts; the job writes. Each function here is one such step, and refuses it in another state.
New boundaries are a run without columns and conflicts, see boundaries.py.
"""

import hashlib

import pghistory
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from django_tasks import task

from districts.models import Role, is_steward
from geodata import jobs
from geodata.importing import Report, digest
from geodata.models import ImportRun
from geodata.tables import open_table
from geodata.uploads import inspect_upload
from products.register.models import looks_after_a_province

from . import boundaries
from .resources import Options, importable, note
from .writing import OfficialFile

Step, State = ImportRun.Step, ImportRun.State

# Parts of ImportRun.mapping.
FORMAT, HEADINGS, COLUMNS, DECISIONS = "format", "headings", "columns", "decisions"
OPTIONS = ("grid", "position", "source")


def visible_runs(user):
    """The runs that the user may see: the own ones; all for publishers of a province."""
    runs = ImportRun.objects.select_related("user")
    if not is_steward(user):
        return runs.none()
    return runs if looks_after_a_province(user, Role.PUBLISHER) else runs.filter(user=user)


# --- steps ---------------------------------------------------------------------------------


def start(kind, upload, *, by):
    """Store an uploaded file and let a job read its headings; return the ImportRun.

    kind: key of importable(). upload: Django's UploadedFile. Raises PermissionDenied, and
    ValidationError for a file that is not accepted, see inspect_upload(): then nothing is stored.
    """
    if not is_steward(by):
        raise PermissionDenied
    table_format = inspect_upload(upload, upload.name)
    sha256 = hashlib.sha256()
    for piece in upload.chunks():
        sha256.update(piece)
    upload.seek(0)
    run = ImportRun(
        user=by,
        kind=kind,
        file_name=upload.name[-255:],
        sha256=sha256.hexdigest(),
        step=Step.READ,
        mapping={FORMAT: table_format},
    )
    # Under a name of its own: that of the upload may be anything.
    run.file.save(f"{sha256.hexdigest()[:32]}.{table_format}", upload, save=False)
    run.save()
    process.enqueue(run_id=run.pk)
    return run


def start_boundaries(uploads, *, by):
    """Store the files of new boundaries and let a job check them; return the ImportRun.

    uploads: {"file", and if given "outline", "succession": Django's UploadedFile}. Raises
    PermissionDenied, and ValidationError by these keys: then nothing is stored.
    """
    if not boundaries.may_load(by):
        raise PermissionDenied
    boundaries.inspect(uploads)
    run = boundaries.store(uploads, by=by)
    process.enqueue(run_id=run.pk)
    return run


def choose_columns(run, columns, options, *, by):
    """Store which heading is which column, and let a job check all rows.

    columns: {heading: name of the column}. options: {"grid", "position", "source"}, see Options.
    Raises ValidationError if a column is chosen twice, or the run is being processed or written.
    """

    def mapping(locked):
        names = importable()[locked.kind].template_columns()
        chosen = list(columns.values())
        unknown = set(columns) - set(locked.mapping.get(HEADINGS, ())) or set(chosen) - set(names)
        if unknown or not chosen:
            raise ValidationError(_("Hãy chọn cột cho ít nhất một tiêu đề của tệp."))
        for name in chosen:
            if chosen.count(name) > 1:
                text = _("Cột “%s” được chọn cho hai tiêu đề.")
                raise ValidationError(text % names[name].column_name)
        chosen_options = {name: options.get(name) or "" for name in OPTIONS}
        return locked.mapping | chosen_options | {COLUMNS: columns, DECISIONS: {}}

    states = {State.MAPPING, State.CHECKED, State.FAILED, State.CANCELLED}
    _enqueue(run, Step.CHECK, states, mapping, by=by)


def write(run, decisions, *, by):
    """Let a job write the rows that were checked.

    decisions: {code: version to overwrite, or None to keep it} for every record in conflict.
    Raises ValidationError unless the check found no problems, and all conflicts are decided;
    PermissionDenied if the user may not load boundaries any more.
    """
    if run.kind == boundaries.KIND and not boundaries.may_load(by):
        raise PermissionDenied

    def mapping(locked):
        undecided = {one["code"] for one in locked.report["conflicts"]} - set(decisions)
        if locked.report["problem_count"] or undecided:
            raise ValidationError(_("Còn lỗi hoặc xung đột chưa quyết định; chưa ghi được."))
        return locked.mapping | {DECISIONS: decisions}

    _enqueue(run, Step.WRITE, {State.CHECKED}, mapping, by=by)


def _enqueue(run, step, states, mapping, *, by):
    """Let a job do a step of a run that is in one of these states; mapping: function of the run."""
    with transaction.atomic():
        # The lock makes the second of two clicks see the state of the first.
        locked = ImportRun.objects.select_for_update().get(pk=run.pk)
        # The history names the owner of the run, who therefore decides what is written.
        if by != locked.user:
            raise PermissionDenied
        if locked.state not in states or not locked.file:
            text = _("Lần nhập đang ở trạng thái “%s”; hãy tải lại trang.")
            raise ValidationError(text % locked.get_state_display())
        locked.mapping = mapping(locked)
        locked.step, locked.state = step, State.QUEUED
        locked.done = locked.total = 0
        locked.cancel_requested = False
        locked.result = ""
        locked.save()
    process.enqueue(run_id=run.pk)


def run_now(kind, path, *, by, options, decisions, dry_run):
    """Check or write a file of this machine at once, without a job; return the ImportRun.

    path: a Path. options, decisions: see choose_columns() and write(). Columns are recognised by
    their headings; others are ignored. Raises ValidationError for a file that is not accepted.
    """
    if not is_steward(by):
        raise ValidationError(_("Tài khoản này không được nhập dữ liệu."))
    with path.open("rb") as file:
        table_format = inspect_upload(file, path.name)
        run = ImportRun.objects.create(
            user=by,
            kind=kind,
            file_name=path.name,
            sha256=digest(path),
            step=Step.CHECK if dry_run else Step.WRITE,
            mapping={FORMAT: table_format, DECISIONS: decisions, **options},
        )
        with jobs.running(run.pk) as job:
            headings = open_table(file, table_format).headings
            columns = importable()[kind].guess_columns(headings)
            if not columns:
                raise ValidationError(_("Không nhận ra tiêu đề cột nào; hãy dùng mẫu."))
            job.run.mapping |= {HEADINGS: headings, COLUMNS: columns}
            _import(job, file)
    run.refresh_from_db()
    return run


# --- the job -------------------------------------------------------------------------------


@task()
def process(run_id):
    """Do the step of the run that is waiting."""
    with jobs.running(run_id) as job:
        if job is None:
            return
        with job.run.file.open("rb") as file:
            PROCESSES.get(job.run.kind, _process_table)(job, file)


def _process_table(job, file):
    """Do the step of a run that imports a table, see importable()."""
    if job.run.step == Step.READ and not _read_headings(job, file):
        return
    _import(job, file)


# Runs that import no table: kind → function of the Job and the open file.
PROCESSES = {boundaries.KIND: boundaries.check_or_write}


def _read_headings(job, file):
    """Store the headings and the columns that they name; whether the run can be checked at once.

    It can if the person has imported a file with the same headings before, or the headings are
    those of the template.
    """
    run = job.run
    table = open_table(file, run.mapping[FORMAT])
    headings = [heading for heading in table.headings if heading]
    remembered = _remembered(run, headings)
    guessed = importable()[run.kind].guess_columns(headings)
    is_known = bool(remembered) or len(guessed) == len(headings)
    run.mapping |= {HEADINGS: headings, COLUMNS: guessed, DECISIONS: {}} | remembered
    if is_known:
        run.step = Step.CHECK
        ImportRun.objects.filter(pk=run.pk).update(mapping=run.mapping, step=run.step)
        return True
    jobs.end(
        run.pk, mapping=run.mapping, state=State.MAPPING, result=_("Hãy cho biết mỗi cột là gì.")
    )
    return False


def _remembered(run, headings):
    """The columns and options that the person last chose for a file with these headings, or {}."""
    earlier = (
        ImportRun.objects.filter(user=run.user, kind=run.kind)
        .filter(mapping__headings=headings, step__in=[Step.CHECK, Step.WRITE])
        .exclude(pk=run.pk)
        .order_by("-ran_at")
        .first()
    )
    if earlier is None:
        return {}
    return {name: earlier.mapping.get(name, "") for name in (COLUMNS, *OPTIONS)}


def _import(job, file):
    """Check or write all rows of the file."""
    run = job.run
    decisions = run.mapping[DECISIONS]
    mode = OfficialFile(
        run.user,
        {code: version for code, version in decisions.items() if version is not None},
        frozenset(code for code, version in decisions.items() if version is None),
    )
    report = Report(progress=job.progress, describe=note)
    options = Options(**{name: run.mapping.get(name) or None for name in OPTIONS})
    with transaction.atomic(), pghistory.context(import_run=run.pk) as context:
        import_file(file, run, mode, report, options)
        if run.step == Step.WRITE and report.ok:
            job.finish(
                state=State.WRITTEN,
                applied=True,
                report=report.as_json(),
                result=_("Đã ghi: %s.") % report.summary(),
                context=context.id,
            )
            return
        transaction.set_rollback(True)
    # A record that changed since the check is a conflict: the person decides again.
    result = _refusal(report) or _("Nếu ghi: %s.") % report.summary()
    jobs.end(run.pk, state=State.CHECKED, report=report.as_json(), result=result)


def import_file(file, run, mode, report, options):
    """Validate and write the rows of a file in the present transaction; problems go to the report.

    run: an ImportRun with kind and mapping.
    """
    table = open_table(file, run.mapping[FORMAT])
    columns = {name: heading for heading, name in run.mapping[COLUMNS].items()}
    resource = importable()[run.kind](mode, report, options, columns)
    resource.import_table(table)


def _refusal(report):
    """Why nothing can be written, in one sentence; "" if it can."""
    if report.ok:
        return ""
    conflicts = len({conflict.code for conflict in report.conflicts})
    return _("%(problems)d lỗi, %(conflicts)d hồ sơ xung đột; chưa có gì được ghi.") % {
        "problems": report.problem_count,
        "conflicts": conflicts,
    }
