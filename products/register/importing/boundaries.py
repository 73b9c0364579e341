"""New boundaries that an official uploads: checked, compared with the present ones, written.

The files of one upload are stored as one archive, so that a run has one file. Its job loads them in
a transaction, which is rolled back unless the official has seen the same comparison before.
"""

import hashlib
import tempfile
import zipfile
from pathlib import Path

import pghistory
from django.core.exceptions import ValidationError
from django.core.files import File
from django.db import connection, transaction
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from districts.importing.boundaries import load_layer
from districts.models import Boundary, Role, Stewardship, Succession, Unit
from geodata import jobs
from geodata.importing import Report, collecting_file_errors
from geodata.models import ImportRun
from geodata.uploads import inspect_upload
from products.register import moves
from products.register.models import looks_after_a_province

Step, State = ImportRun.Step, ImportRun.State

KIND = "boundaries"
TITLE = gettext_lazy("Ranh giới và đơn vị hành chính")
# Part of ImportRun.report: the result of moves.compare().
COMPARISON = "comparison"
# Bytes of each file: the communes of a province have 2 MB. The job reads a file as a whole.
MAX_FILE_BYTES = 20_000_000
# Name of each file of an upload in the archive, and the format that it must have.
FILES = {
    "file": ("boundaries.geojson", "geojson"),
    "outline": ("outline.geojson", "geojson"),
    "succession": ("succession.csv", "csv"),
}


def may_load(user):
    """Whether the user may load boundaries: superusers and publishers of a province."""
    is_official = user.is_active and user.is_staff
    return is_official and looks_after_a_province(user, Role.PUBLISHER)


# --- the upload ----------------------------------------------------------------------------


def inspect(uploads):
    """Look at the uploaded files without parsing them; uploads: {key of FILES: UploadedFile}.

    Raises ValidationError, by key, for files that are not accepted.
    """
    errors = {}
    for key, upload in uploads.items():
        try:
            found = inspect_upload(upload, upload.name)
            if upload.size > MAX_FILE_BYTES:
                most = number_format(MAX_FILE_BYTES / 1e6, decimal_pos=0)
                raise ValidationError(_("Tệp ranh giới có nhiều nhất %s MB.") % most)
            wanted = FILES[key][1]
            if found != wanted:
                text = _("Cần tệp GeoJSON.") if wanted == "geojson" else _("Cần tệp CSV.")
                raise ValidationError(text)
        except ValidationError as error:
            errors[key] = error
    if errors:
        raise ValidationError(errors)


def pack(uploads, packed):
    """Write the uploaded files into an archive; return the SHA-256 of them all, one by one.

    packed: file open for writing in binary mode.
    """
    sha256 = hashlib.sha256()
    with zipfile.ZipFile(packed, "w") as archive:
        for key, upload in uploads.items():
            with archive.open(FILES[key][0], "w") as part:
                for piece in upload.chunks():
                    sha256.update(piece)
                    part.write(piece)
    packed.seek(0)
    return sha256.hexdigest()


def store(uploads, *, by):
    """Return a new ImportRun that waits for its check, with the files; see inspect() and pack()."""
    with tempfile.TemporaryFile() as packed:
        sha256 = pack(uploads, packed)
        run = ImportRun(
            user=by,
            kind=KIND,
            file_name=uploads["file"].name[-255:],
            sha256=sha256,
            step=Step.CHECK,
        )
        run.file.save(f"{sha256[:32]}.zip", File(packed), save=False)
        run.save()
    return run


# --- the job -------------------------------------------------------------------------------


def check_or_write(job, file):
    """Load the files of a run and compare; commit only if this is what the official has seen.

    job: a jobs.Job. file: the archive of pack().
    """
    run = job.run
    report = Report(progress=job.progress)
    reason = _("Nạp ranh giới từ tệp %(file)s, lần nhập số %(run)d, %(user)s") % {
        "file": run.file_name,
        "run": run.pk,
        "user": run.user,
    }
    stored, comparison = {}, None
    # Without the key "user": nobody has edited the records that follow their unit.
    history = pghistory.context(import_run=run.pk, act=KIND, reason=reason)
    with tempfile.TemporaryDirectory() as folder, transaction.atomic(), history as context:
        if run.step == Step.WRITE:
            _lock_tables()
        before = moves.take_snapshot()
        with zipfile.ZipFile(file) as archive:
            archive.extractall(folder)
        _load(Path(folder), report)
        stored = report.as_json()
        if report.ok:
            comparison = moves.compare(before, moves.take_snapshot())
            stored[COMPARISON] = comparison
        is_as_shown = comparison is not None and _is_as_shown(run, comparison)
        if run.step == Step.WRITE and is_as_shown:
            job.finish(
                state=State.WRITTEN,
                applied=True,
                report=stored,
                result=_("Đã ghi: %s.") % moves.sentence(comparison),
                context=context.id,
            )
            return
        transaction.set_rollback(True)
    jobs.end(run.pk, state=State.CHECKED, report=stored, result=_result(run, report, comparison))


def _load(folder, report):
    """Load the extracted files; problems go to the report."""
    paths = {key: folder / name for key, (name, _format) in FILES.items()}
    others = {key: path for key, path in paths.items() if key != "file" and path.exists()}
    with collecting_file_errors(report, paths["file"]), transaction.atomic():
        load_layer(paths["file"], report, **others)


def _is_as_shown(run, comparison):
    shown = run.report.get(COMPARISON) or {}
    return shown.get("digest") == comparison["digest"]


def _lock_tables():
    """Let nobody write records, units or stewardships between the comparison and the commit."""
    models = [*moves.located_models().values(), Unit, Boundary, Succession, Stewardship]
    tables = ", ".join(sorted(model._meta.db_table for model in models))
    with connection.cursor() as cursor:
        cursor.execute(f"LOCK TABLE {tables} IN SHARE ROW EXCLUSIVE MODE")


def _result(run, report, comparison):
    if comparison is None:
        return _("%d lỗi; chưa có gì được ghi.") % report.problem_count
    totals = moves.sentence(comparison)
    if run.step == Step.WRITE:
        text = _("Từ lần chạy thử trước, dữ liệu đã đổi; chưa có gì được ghi. Nếu ghi bây giờ: %s.")
        return text % totals
    return _("Nếu ghi: %s.") % totals
