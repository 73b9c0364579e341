"""What every import does: read a file, validate every row, write all or nothing, store a report.

A process module of an application has a function `load(path, report)`; it adds a Problem for each
error and continues, so that one run finds all of them.
"""

import csv
import datetime
import hashlib
import io
import logging
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.db import DatabaseError, transaction
from django.utils.translation import gettext as _

from .models import ImportRun, Source
from .spans import parse_span


@dataclass(frozen=True)
class Problem:
    """One error in a file.

    line: of the file, or the number of the feature, from 1; 0 if the whole file is concerned.
    column: "" if the whole row is concerned. message: a sentence for the user.
    """

    line: int
    column: str
    message: str

    def __str__(self):
        where = _("dòng %(line)s") % {"line": self.line} if self.line else _("tệp")
        return ", ".join(filter(None, [where, self.column])) + f": {self.message}"


@dataclass(frozen=True)
class Conflict:
    """One value that was changed both in the file and in the database; people decide between them.

    code, version: of the record as it is now. base: the value that the file was made from, "" if it
    is unknown. file, current: the values in the file and in the record, as text.
    """

    line: int
    code: str
    version: int
    column: str
    base: str
    file: str
    current: str

    def __str__(self):
        return _(
            "dòng %(line)d, %(code)s (phiên bản %(version)d), %(column)s: trước đó “%(base)s”,"
            " trong tệp “%(file)s”, hiện nay “%(current)s”"
        ) % asdict(self)


@dataclass
class Report:
    """The result of an import, or of a dry run.

    created, updated, unchanged: numbers of rows. proposed: number of rows whose change of a public
    record waits for a publisher. retained: number of rows whose record stays as it is, because
    people have edited it or have decided so. problems: the first MAX_PROBLEMS. changes: what
    describe(line, change), if given, returns for the first MAX_CHANGES changes: dataclasses.
    progress: called with the numbers of rows done and of all.
    """

    MAX_PROBLEMS: ClassVar = 1000
    MAX_CHANGES: ClassVar = 1000

    created: int = 0
    updated: int = 0
    proposed: int = 0
    unchanged: int = 0
    retained: int = 0
    problem_count: int = 0
    problems: list[Problem] = field(default_factory=list)
    conflicts: list[Conflict] = field(default_factory=list)
    changes: list[Any] = field(default_factory=list)
    describe: Callable[[int, Any], Any] | None = None
    progress: Callable[[int, int], None] = lambda done, total: None

    @property
    def ok(self) -> bool:
        """Whether there are neither problems nor conflicts; only then is anything written."""
        return not self.problem_count and not self.conflicts

    def refuse(self, line: int, column: str, message: object) -> None:
        """Add a Problem of that line, column and message; see Problem."""
        self.problem_count += 1
        if len(self.problems) < self.MAX_PROBLEMS:
            self.problems.append(Problem(line, column, str(message)))

    def note(self, line: int, change: Any) -> Any:
        """Describe a change before it is written; return the description, None beyond the limit.

        line: of the file. change: of a record, as the workflow takes it.
        """
        if self.describe is None or len(self.changes) >= self.MAX_CHANGES:
            return None
        described = self.describe(line, change)
        self.changes.append(described)
        return described

    def summary(self) -> str:
        """Return the numbers as one line of text."""
        text = _(
            "%(created)d mới, %(updated)d đổi, %(unchanged)d như cũ,"
            " %(retained)d giữ bản do người sửa"
        ) % {
            "created": self.created,
            "updated": self.updated,
            "unchanged": self.unchanged,
            "retained": self.retained,
        }
        if self.proposed:
            text += _(", %d thành đề xuất") % self.proposed
        return text

    def as_json(self) -> dict[str, Any]:
        """Return the report as ImportRun.report stores it."""
        return {
            "created": self.created,
            "updated": self.updated,
            "proposed": self.proposed,
            "unchanged": self.unchanged,
            "retained": self.retained,
            "problem_count": self.problem_count,
            "problems": [str(problem) for problem in self.problems],
            "rows": [asdict(problem) for problem in self.problems],
            "conflicts": [asdict(conflict) for conflict in self.conflicts],
            "changes": [asdict(change) for change in self.changes],
        }


class Refused(Exception):
    """Rolls back the transaction of an import; never propagates out of this module."""


logger = logging.getLogger(__name__)

# Exceptions that a value of a file can cause on its way into a row.
ROW_ERRORS = (TypeError, ValueError, ArithmeticError, RecursionError, DatabaseError)


@contextmanager
def collecting_errors(report: Report, line: int) -> Iterator[None]:
    """Context manager: turn exceptions of a row into problems of its line.

    report: takes the problems. The writes of the row are rolled back; the rest of the file goes on.
    """
    try:
        # A savepoint: PostgreSQL would refuse everything after the first error.
        with transaction.atomic():
            yield
    except ValidationError as error:
        for column, messages in getattr(error, "error_dict", {"": error}).items():
            text = " ".join(ValidationError(messages).messages)
            report.refuse(line, "" if column == "__all__" else column, text)
    except KeyError as error:
        report.refuse(line, error.args[0], _("Thiếu thuộc tính."))
    except ROW_ERRORS as error:
        report.refuse(line, "", _("Giá trị không dùng được: %s") % str(error).partition("\n")[0])


@contextmanager
def collecting_file_errors(report: Report, path: str | Path) -> Iterator[None]:
    """Context manager: turn the exceptions of an unusable file into problems of line 0.

    report: takes the problems. path: of the file, for the log. What was written must be rolled
    back by a transaction inside.
    """
    try:
        yield
    except OSError as error:
        report.refuse(0, "", _("Không đọc được tệp: %s") % (error.strerror or error))
    except UnicodeDecodeError as error:
        report.refuse(0, "", _("Tệp không phải UTF-8 (byte thứ %d).") % error.start)
    except ValidationError as error:
        report.refuse(0, "", " ".join(error.messages))
    except ROW_ERRORS as error:
        # The cause may be the file or a bug: the log has the traceback.
        logger.exception("Import of %s failed", path)
        report.refuse(0, "", _("Tệp không dùng được: %s") % str(error).partition("\n")[0])


def digest(*paths: str | Path) -> str:
    """Return the hexadecimal SHA-256 of the concatenated files; raise OSError if one is missing."""
    joined = hashlib.sha256()
    for path in paths:
        joined.update(Path(path).read_bytes())
    return joined.hexdigest()


def run(
    kind: str,
    path: str | Path,
    load: Callable[[Path, Report], object],
    *,
    further_files: Iterable[str | Path] = (),
    dry_run: bool = False,
    progress: Callable[[int, int], None] | None = None,
) -> Report:
    """Run `load(path, report)` in one transaction and record it; return the report.

    kind: of the ImportRun. path: of the file. load: adds problems to the Report.
    further_files: paths of other files that it reads. progress: see Report.

    A dry run is the real run, rolled back at the end; so is a run whose report has a problem or a
    conflict. A file that cannot be read or decoded is a problem, not an exception.
    """
    path = Path(path)
    report = Report()
    if progress:
        report.progress = progress
    sha256 = ""
    try:
        with collecting_file_errors(report, path):
            sha256 = digest(path, *further_files)
            with transaction.atomic():
                load(path, report)
                if dry_run or not report.ok:
                    raise Refused
    except Refused:
        pass
    ImportRun.objects.create(
        kind=kind,
        file_name=path.name,
        sha256=sha256,
        applied=report.ok and not dry_run,
        report=report.as_json(),
        step=ImportRun.Step.CHECK if dry_run else ImportRun.Step.WRITE,
        state=_state(report, dry_run),
    )
    return report


def _state(report, dry_run):
    if dry_run:
        return ImportRun.State.CHECKED
    return ImportRun.State.WRITTEN if report.ok else ImportRun.State.FAILED


def already_applied(kind: str, path: str | Path, *further_files: str | Path) -> bool:
    """Whether the last applied import of this kind and file name read files of the same content.

    Only files of the project count: an official may upload another one with the same name.
    """
    runs = ImportRun.objects.filter(kind=kind, file_name=Path(path).name, applied=True)
    last = runs.filter(user=None).first()
    return last is not None and last.sha256 == digest(path, *further_files)


def read_csv(path: Path, columns: Iterable[str]) -> Iterator[tuple[int, dict[str, str]]]:
    """Yield (line number, {column: cell}) of each row of a UTF-8 CSV file with a header.

    path: a Path. columns: names that the header must contain. Cells are stripped and in NFC.
    Raises ValidationError if a column is missing, a row has another number of cells, or the file is
    no CSV; UnicodeDecodeError if it is not UTF-8.
    """
    text = path.read_text(encoding="utf-8-sig")
    if "\x00" in text:
        raise ValidationError(_("Tệp có byte 0; đây không phải văn bản."))
    rows = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        header = next(rows, [])
        missing = [column for column in columns if column not in header]
        if missing:
            raise ValidationError(_("Thiếu cột %s.") % ", ".join(missing))
        for cells in rows:
            if len(cells) != len(header):
                raise ValidationError(
                    _("Dòng %(line)d có %(cells)d ô, tiêu đề có %(columns)d.")
                    % {"line": rows.line_num, "cells": len(cells), "columns": len(header)}
                )
            yield rows.line_num, dict(zip(header, map(_clean, cells), strict=True))
    except csv.Error as error:
        raise ValidationError(
            _("Dòng %(line)d không phải CSV: %(error)s.") % {"line": rows.line_num, "error": error}
        ) from error


def _clean(cell):
    return unicodedata.normalize("NFC", cell.strip())


def upsert(
    objects: Any,
    key: dict[str, Any],
    values: dict[str, Any],
    report: Report,
    *,
    line: int,
    initial: dict[str, Any] | None = None,
) -> Any:
    """Create or update the row with that key; return it, or None if it is invalid.

    objects: manager or QuerySet. key, values: field → value. initial: values for a new row only.
    Counts the row in the report; validation errors become problems of that line, see
    collecting_errors(). Not for records of the workflow.
    """
    found = objects.filter(**key).first()
    record = found or objects.model(**key, **(initial or {}))
    changed = [
        name for name, value in values.items() if not found or getattr(record, name) != value
    ]
    if found and not changed:
        report.unchanged += 1
        return found
    for name in changed:
        setattr(record, name, values[name])
    before = report.problem_count
    with collecting_errors(report, line):
        record.full_clean()
        record.save(**({"update_fields": changed} if found else {}))
    if report.problem_count > before:
        return None
    if found:
        report.updated += 1
    else:
        report.created += 1
    return record


def page_source(url: str, dated: str = "") -> Source:
    """Return the Source with that URL; create it, or make its date more exact.

    dated: text that parse_span() parses, or "". One page is cited by many rows; if they date it
    differently, the shortest span of days stays. Raises ValidationError for an invalid URL or date.
    """
    span = parse_span(dated) if dated else None
    source = Source.objects.filter(url=url).first()
    if source is None:
        source = Source(url=url, dated=span)
        source.full_clean()
        source.save()
    elif span and (source.dated is None or _width(span) < _width(source.dated)):
        source.dated = span
        source.save(update_fields=["dated"])
    return source


def _width(days):
    if days.lower is None or days.upper is None:
        return datetime.timedelta.max
    return days.upper - days.lower
