"""What every import does: read, judge every row, write all or nothing, leave a report.

A process module (districts.units, products.importing…) brings a function `load(file, report)`; it
adds a Problem for each thing that is wrong and goes on, so that one run finds all of them.
"""

import csv
import hashlib
import io
from collections.abc import Callable
from dataclasses import dataclass, field
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


@dataclass
class Report:
    """What an import did, or would have done."""

    created: int = 0
    updated: int = 0
    unchanged: int = 0
    kept: int = 0
    problems: list[Problem] = field(default_factory=list)
    progress: Callable[[int, int], None] = lambda done, total: None

    @property
    def ok(self):
        return not self.problems

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
        }


class Refused(Exception):
    """Rolls the import's transaction back; never leaves this module."""


def run(kind, path, load, *, user=None, dry_run=False, progress=None):
    """Run `load(path, report)` in one transaction and record it; return the report.

    A dry run is the real run, rolled back at the end. Nothing is written either when the report
    holds a problem. A file that cannot be read is a problem of its own.
    """
    path = Path(path)
    report = Report()
    if progress:
        report.progress = progress
    sha256 = ""
    try:
        sha256 = hashlib.sha256(path.read_bytes()).hexdigest()
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
    ImportRun.objects.create(
        user=user,
        kind=kind,
        file_name=path.name,
        sha256=sha256,
        applied=report.ok and not dry_run,
        report=report.as_json(),
    )
    return report


def already_applied(kind, path):
    """Whether the last import of that kind that was applied read exactly this file."""
    last = ImportRun.objects.filter(kind=kind, file_name=Path(path).name, applied=True).first()
    return bool(last) and last.sha256 == hashlib.sha256(Path(path).read_bytes()).hexdigest()


def read_csv(path, columns):
    """Yield (line number, row) of a UTF-8 CSV file with a header; cells are stripped, in NFC.

    Raises ValidationError when one of the columns is missing or a row has another width.
    """
    rows = csv.reader(io.StringIO(path.read_text(encoding="utf-8-sig"), newline=""), strict=True)
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
            yield rows.line_num, {k: v.strip() for k, v in zip(header, cells, strict=True)}
    except csv.Error as error:
        raise ValidationError(
            _("Dòng %(line)d không phải CSV: %(error)s.") % {"line": rows.line_num, "error": error}
        ) from error


def upsert(objects, key, values, report, *, line, initial=None):
    """Create the row with that key, or bring it up to the values; return it, or None.

    initial: values that a new row gets and an old one keeps. A row that a person has changed
    since (see RecordQuerySet.kept_by_people) is left as it is. What the database or the model
    refuses becomes a problem of that line.
    """
    found = objects.filter(**key).first()
    may_be_kept = found and hasattr(objects, "kept_by_people")
    if may_be_kept and objects.filter(pk=found.pk).kept_by_people().exists():
        report.kept += 1
        return found
    record = found or objects.model(**key, **(initial or {}))
    changed = [
        name for name, value in values.items() if not found or getattr(record, name) != value
    ]
    if found and not changed:
        report.unchanged += 1
        return found
    for name in changed:
        setattr(record, name, values[name])
    try:
        record.full_clean()
        # A savepoint: the rest of the file is judged even when the database refuses this row.
        with transaction.atomic():
            record.save(**({"update_fields": changed} if found else {}))
    except ValidationError as error:
        for name, messages in error.message_dict.items():
            report.refuse(line, "" if name == "__all__" else name, " ".join(messages))
        return None
    except DatabaseError as error:
        report.refuse(line, "", str(error).splitlines()[0])
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


def _width(span):
    return span.upper - span.lower
