"""Imports the quality certificates of products and producers that pages state."""

import functools

from django.utils.translation import gettext as _

from geodata.spans import precision
from products.register.importing.csv_file import csv_rows
from products.register.importing.writing import RecordRow, write_records
from products.register.models import Producer, ProducerCertificate, QualityCertificate

from .models import Product, ProductCertificate

KINDS = {str(kind): kind for kind in QualityCertificate.Kind}
# Kind of the holder → (model of the record, model of its certificates).
HOLDERS = {"product": (Product, ProductCertificate), "producer": (Producer, ProducerCertificate)}


def load_quality_certificates(path, report):
    """Load quality certificates; report: a geodata.importing.Report.

    Those of records that people have changed stay as they are.
    """
    columns = ["holder", "holder_code", "kind", "text", "from_day", "until_day"]
    columns += ["source_url", "source_date", "quote_hint"]
    known = {
        holder: set(model.objects.values_list("code", flat=True))
        for holder, (model, _part) in HOLDERS.items()
    }
    stated = {holder: {} for holder in HOLDERS}
    key = ["holder", "holder_code", "kind", "text", "from_day"]
    for row in csv_rows(path, columns, report, key=key):
        holder = row.choice("holder", {name: name for name in HOLDERS})
        values = {
            "kind": row.choice("kind", KINDS),
            "text": row["text"],
            "from_day": _day(row, "from_day"),
            "until_day": _day(row, "until_day"),
            "source": row.source(),
        }
        if holder and row["holder_code"] not in known[holder]:
            row.refuse("holder_code", _("Không tìm thấy “%s”.") % row["holder_code"])
        if row.ok:
            stated[holder].setdefault(row["holder_code"], []).append((row.line, values))
    for holder, (model, part) in HOLDERS.items():
        rows = [
            RecordRow(lines[0][0], code, {}, parts=functools.partial(_parts, part, lines))
            for code, lines in stated[holder].items()
        ]
        write_records(model, rows, report, public=[], part_models=[part])


def _day(row, column):
    """Return the day in a cell, None for an empty one; less than a day is a problem."""
    days = row.span(column)
    if days is None:
        return None
    if precision(days) != "day":
        row.refuse(column, _("“%s” không phải là một ngày.") % row[column])
        return None
    return days.lower


def _parts(part, lines, record):
    """Return (certificates to save, ()); one with the same kind, text and first day is changed."""
    stored = {(one.kind, one.text, one.from_day): one for one in record.certificates.all()}
    changed = []
    for line, values in lines:
        one = stored.get((values["kind"], values["text"], values["from_day"])) or part()
        one.line = line
        own = {name: getattr(one, name, None) if one.pk else None for name in values}
        if one.pk is None or own != values:
            for name, value in values.items():
                setattr(one, name, value)
            changed.append(one)
    return changed, ()
