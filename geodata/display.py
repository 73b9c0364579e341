"""Values of model fields as plain text: in the history and in read-only fields of the workspace.

A value is either that of the field itself, or the JSON that PostgreSQL's to_jsonb() makes of it,
which the history contains.
"""

import datetime
import json
import re
from decimal import Decimal
from typing import Any

from django.contrib.gis.db.models import GeometryField
from django.contrib.gis.geos import GEOSGeometry, Point
from django.contrib.postgres.fields import RangeField
from django.db import models
from django.db.models import QuerySet
from django.db.models.expressions import DatabaseDefault
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from .spans import format_day, format_span, span

# Seven decimals of a degree are about a centimetre.
DEGREE_DECIMALS = 7

_RANGE = re.compile(r"[\[(](?P<lower>[^,]*),(?P<upper>[^,]*)[\])]")


def label_of(row: object) -> str:
    """Return the text that identifies a row in a list of choices: its `label`, else its str().

    row: a model instance. A model has a property `label` if rows of the same name exist; see also
    with_labels().
    """
    return getattr(row, "label", None) or str(row)


def with_labels(queryset: QuerySet) -> QuerySet:
    """Return the queryset joined with the rows that label_of() reads.

    By the method for_labels() of its class; unchanged if the class has none.
    """
    return queryset.for_labels() if hasattr(queryset, "for_labels") else queryset


def format_value(field: models.Field, value: Any) -> str:
    """Return the value of a model field as plain text in the current language; "" for no value.

    value: as the field has it, or as JSON in the history; of a relation, the related row or its
    key. Never raises: of a value that cannot be formatted str() is returned.
    """
    if value is None or value == "" or isinstance(value, DatabaseDefault):
        return ""
    try:
        return _formatted(field, value)
    except Exception:
        # A page of the history must not fail because of one value.
        return str(value)


def _formatted(field, value):
    for choice, label in field.flatchoices or ():
        if choice == value:
            return str(label)
    if field.is_relation:
        return label_of(value)
    if isinstance(field, GeometryField):
        return format_geometry(value)
    if isinstance(field, RangeField):
        return _format_range(value)
    if isinstance(field, models.JSONField) or isinstance(value, dict | list | tuple):
        return _format_json(value)
    # JSON of the history becomes a Python value; a Python value stays as it is.
    value = field.to_python(value)
    if isinstance(value, bool):
        return _("có") if value else _("không")
    if isinstance(value, datetime.datetime):
        if timezone.is_aware(value):
            value = timezone.localtime(value)
        return f"{format_day(value)} {value:%H:%M:%S}"
    if isinstance(value, datetime.date):
        return format_day(value)
    if isinstance(value, Decimal | float | int):
        return number_format(value)
    return str(value)


def format_geometry(geometry: GEOSGeometry | dict[str, Any]) -> str:
    """Return a point as "latitude, longitude" in degrees with seven decimals, else a summary.

    geometry: GEOS geometry in WGS 84, or GeoJSON as a dictionary. The summary contains the numbers
    of parts and vertices.
    """
    if isinstance(geometry, dict):
        geometry = GEOSGeometry(json.dumps(geometry))
    if isinstance(geometry, Point):
        return f"{geometry.y:.{DEGREE_DECIMALS}f}, {geometry.x:.{DEGREE_DECIMALS}f}"
    text = ngettext(
        "vùng gồm %(parts)d phần, %(vertices)s đỉnh",
        "vùng gồm %(parts)d phần, %(vertices)s đỉnh",
        geometry.num_geom,
    )
    vertices = number_format(geometry.num_coords, force_grouping=True)
    return text % {"parts": geometry.num_geom, "vertices": vertices}


def _format_range(value):
    """Return a range of days by format_span(), another range as "a – b", an open end empty."""
    if isinstance(value, str):
        match = _RANGE.fullmatch(value)
        if not match:
            raise ValueError(value)
        lower, upper = (end.strip('"') or None for end in match.group("lower", "upper"))
    else:
        lower, upper = value.lower, value.upper
    try:
        return format_span(span(_day(lower), _day(upper)))
    except ValueError:
        ends = ("" if end is None else str(end) for end in (lower, upper))
        return " – ".join(ends).strip()


def _day(end):
    """Return the date at the end of a range, None if it is open; raise ValueError if not a date."""
    return None if end is None else datetime.date.fromisoformat(str(end))


def _format_json(value):
    """Return an object as one "key: value" per line, an array with semicolons between."""
    if isinstance(value, dict):
        return "\n".join(f"{key}: {_format_json(one)}" for key, one in value.items())
    if isinstance(value, list | tuple):
        return "; ".join(_format_json(one) for one in value)
    return "" if value is None else str(value)
