"""Values of model fields as JSON, for proposals: what encode() returns, decode() reads."""

import datetime
from decimal import Decimal

from django.contrib.gis.db.models import PointField
from django.contrib.gis.geos import Point
from django.contrib.postgres.fields import DateRangeField
from django.core.exceptions import ValidationError
from django.db import models
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils.translation import gettext as _

from geodata.display import DEGREE_DECIMALS


def encode(field, value):
    """Return the value of a model field as JSON; of a relation, the key.

    Points are [longitude, latitude] in WGS 84 with seven decimals, as they are stored; days are
    ISO texts; a span of days is [first day, day after the last], null for an open end. Lines end
    with a line feed: browsers send two characters, imports store one.
    """
    if value is None:
        return None
    if field.is_relation:
        return getattr(value, "pk", value)
    if isinstance(value, Point):
        return [round(value.x, DEGREE_DECIMALS), round(value.y, DEGREE_DECIMALS)]
    if isinstance(field, DateRangeField):
        return [end and end.isoformat() for end in (value.lower, value.upper)]
    if isinstance(value, datetime.date | datetime.datetime):
        return value.isoformat()
    if isinstance(value, Decimal):
        # With the decimals of the column: 4.5 read from a form and 4.50 from the database are one.
        return str(value.quantize(Decimal(10) ** -field.decimal_places))
    if isinstance(field, models.FileField):
        return value.name
    if isinstance(value, str):
        return value.replace("\r\n", "\n")
    return value


def decode(field, stored):
    """Return the value that encode() was given; a relation as the id, for `field.attname`.

    Raises ValidationError if the JSON is not a value of that field.
    """
    if stored is None:
        return None
    try:
        if isinstance(field, PointField):
            longitude, latitude = stored
            return Point(float(longitude), float(latitude), srid=4326)
        if isinstance(field, DateRangeField):
            return DateRange(*(end and datetime.date.fromisoformat(end) for end in stored))
        if field.is_relation:
            return field.target_field.to_python(stored)
        return field.to_python(stored)
    except (TypeError, ValueError) as error:
        raise ValidationError(_("“%s” không dùng được ở đây.") % (stored,)) from error
