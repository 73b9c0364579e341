"""What every import does: read, judge every row, write all or nothing, leave a report.

A process module such as districts.importing.units has a function `load(path, report)`; it adds a
Problem for each thing that is wrong and goes on, so that one run finds all of them.
"""

import csv
import datetime
import hashlib
import io
import logging
import unicodedata
from collections.abc import Callable
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path

from django.core.exceptions import ValidationError
from django.db import DatabaseError, transaction
from django.utils.translation import gettext as _

from .models import ImportRun, Source
from .spans import parse_span


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong; line: of the file, or the number of the feature, from 1."""

    line: int
    column: str
    message: str

    def __str__(self):
        where = _("dòng %(line)s") % {"line": self.line} if self.line else _("tệp")
        return ", ".join(filter(None, [where, self.column])) + f": {self.message}"


@dataclass(frozen=True)
class Conflict:
    """One value that the file and somebody else have changed; people decide which one stays.

    code, version: of the record as it is now. base: the value that the file was made from, "" where
    that is not known. file, current: what the file has and what the record has now.
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
    """What an import did, or would have done."""

    created: int = 0
    updated: int = 0
    unchanged: int = 0
    kept: int = 0
    problems: list[Problem] = field(default_factory=list)
    conflicts: list[Conflict] = field(default_factory=list)
    progress: Callable[[int, int], None] = lambda done, total: None

    @property
    def ok(self):
        return not self.problems and not self.conflicts

    def refuse(self, line, column, message):
        self.problems.append(Problem(line, column, str(message)))

    def summary(self):
        return _(
            "%(created)d mới, %(updated)d đổi, %(unchanged)d như cũ, %(kept)d giữ bản do người sửa"
        ) % {
            "created": self.created,
            "updated": self.updated,
            "unchanged": self.unchanged,
            "kept": self.kept,
        }

    def as_json(self):
        return {
            "created": self.created,
            "updated": self.updated,
            "unchanged": self.unchanged,
            "kept": self.kept,
            "problems": [str(problem) for problem in self.problems],
            "conflicts": [asdict(conflict) for conflict in self.conflicts],
        }


class Refused(Exception):
    """Rolls the import's transaction back; never leaves this module."""


logger = logging.getLogger(__name__)

# What a value of a stranger's file can raise on its way into a row.
ROW_ERRORS = (TypeError, ValueError, ArithmeticError, RecursionError, DatabaseError)


@contextmanager
def collecting_errors(report, line):
    """Turn what a row raises into problems of its line; the rest of the file is judged as well."""
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


def digest(*paths):
    """The SHA-256 of the files, one after the other."""
    joined = hashlib.sha256()
    for path in paths:
        joined.update(Path(path).read_bytes())
    return joined.hexdigest()


def run(kind, path, load, *, beside=(), user=None, dry_run=False, progress=None):
    """Run `load(path, report)` in one transaction and record it; return the report.

    beside: further files that the import reads. A dry run is the real run, rolled back at the
    end. Nothing is written either when the report holds a problem. A file that cannot be read is
    a problem of its own.
    """
    path = Path(path)
    report = Report()
    if progress:
        report.progress = progress
    sha256 = ""
    try:
        sha256 = digest(path, *beside)
        with transaction.atomic():
            load(path, report)
            if dry_run or not report.ok:
                raise Refused
    except Refused:
        pass
    except OSError as error:
        report.refuse(0, "", _("Không đọc được tệp: %s") % (error.strerror or error))
    except UnicodeDecodeError as error:
        report.refuse(0, "", _("Tệp không phải UTF-8 (byte thứ %d).") % error.start)
    except ValidationError as error:
        report.refuse(0, "", " ".join(error.messages))
    except ROW_ERRORS as error:
        # Perhaps the file, perhaps a mistake of ours: the log tells which.
        logger.exception("Import of %s failed", path)
        report.refuse(0, "", _("Tệp không dùng được: %s") % str(error).partition("\n")[0])
    ImportRun.objects.create(
        user=user,
        kind=kind,
        file_name=path.name,
        sha256=sha256,
        applied=report.ok and not dry_run,
        report=report.as_json(),
    )
    return report


def already_applied(kind, path, *beside):
    """Whether the last import of that kind that was applied read exactly these files."""
    last = ImportRun.objects.filter(kind=kind, file_name=Path(path).name, applied=True).first()
    return bool(last) and last.sha256 == digest(path, *beside)


def read_csv(path, columns):
    """Yield (line number, row) of a UTF-8 CSV file with a header; cells are stripped, in NFC.

    Raises ValidationError when one of the columns is missing or a row has another width.
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


def upsert(objects, key, values, report, *, line, initial=None):
    """Create the row with that key, or bring it up to the values; return it, or None.

    initial: values that a new row gets and an old one keeps. What the database or the model
    refuses becomes a problem of that line, see judged(). Records of the workflow are not written
    by it.
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
    before = len(report.problems)
    with collecting_errors(report, line):
        record.full_clean()
        record.save(**({"update_fields": changed} if found else {}))
    if len(report.problems) > before:
        return None
    if found:
        report.updated += 1
    else:
        report.created += 1
    return record


def page_source(url, dated=""):
    """The Source of a page, made when it is first met; its date may be a year or a month.

    One page is cited by many rows; where they date it differently, the most exact date stays.
    Raises ValidationError when the address is none.
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
