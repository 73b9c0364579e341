"""Values of model fields as people read them: in the history and in fields that cannot be edited.

A value is either what the field itself holds, or what PostgreSQL's to_jsonb() makes of it, which
is what the history contains.
"""

import datetime
import json
import re
from decimal import Decimal

from django.contrib.gis.db.models import GeometryField
from django.contrib.gis.geos import GEOSGeometry
from django.contrib.postgres.fields import RangeField
from django.db import models
from django.db.models.expressions import DatabaseDefault
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from .spans import format_day, format_span, span

# Seven decimals of a degree are about a centimetre.
DEGREE_DECIMALS = 7

_RANGE = re.compile(r"[\[(](?P<lower>[^,]*),(?P<upper>[^,]*)[\])]")


def label_of(row):
    """What identifies the row in a list to choose from: its `label`, else its str().

    A model has a `label` where rows of the same name exist; see also with_labels().
    """
    return getattr(row, "label", None) or str(row)


def with_labels(queryset):
    """The queryset with the rows that label_of() reads joined, where its class says which."""
    return queryset.for_labels() if hasattr(queryset, "for_labels") else queryset


def format_value(field, value):
    """The value of a model field as plain text; "" where there is none.

    value: of a relation, the related row or its key. Never raises: a value of a kind that is not
    known here is returned as str() writes it.
    """
    if value is None or value == "" or isinstance(value, DatabaseDefault):
        return ""
    try:
        return _formatted(field, value)
    except Exception:
        # A page of the history must not fail because of one value, whatever the library says of it.
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
    # What the history holds as JSON becomes a value of Python; such a value stays as it is.
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


def format_geometry(geometry):
    """A point as "latitude, longitude" in degrees with seven decimals, anything else by its size.

    geometry: a GEOS geometry in WGS 84, or GeoJSON as a dictionary.
    """
    if isinstance(geometry, dict):
        geometry = GEOSGeometry(json.dumps(geometry))
    if geometry.geom_type == "Point":
        return f"{geometry.y:.{DEGREE_DECIMALS}f}, {geometry.x:.{DEGREE_DECIMALS}f}"
    text = ngettext(
        "vùng gồm %(parts)d phần, %(vertices)s đỉnh",
        "vùng gồm %(parts)d phần, %(vertices)s đỉnh",
        geometry.num_geom,
    )
    vertices = number_format(geometry.num_coords, force_grouping=True)
    return text % {"parts": geometry.num_geom, "vertices": vertices}


def _format_range(value):
    """Days by format_span(), other ranges as "a – b", an open end empty."""
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
    """The day at the end of a range, None where it is open; ValueError where it is no day."""
    return None if end is None else datetime.date.fromisoformat(str(end))


def _format_json(value):
    """One "key: value" a line where the value is an object, a list by commas."""
    if isinstance(value, dict):
        return "\n".join(f"{key}: {_format_json(one)}" for key, one in value.items())
    if isinstance(value, list | tuple):
        return "; ".join(_format_json(one) for one in value)
    return "" if value is None else str(value)
