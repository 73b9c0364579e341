"""Values of fields as people read them."""

import datetime
import uuid
from decimal import Decimal

import pytest
from django.contrib.gis.db import models
from django.contrib.postgres.fields import (
    ArrayField,
    DateRangeField,
    DateTimeRangeField,
    IntegerRangeField,
)
from django.db.backends.postgresql.psycopg_any import NumericRange
from django.db.models.expressions import DatabaseDefault
from django.db.models.functions import Now

from geodata.display import format_value
from geodata.spans import day_span, span
from tests.factories import at, square

STARS = models.IntegerField(choices=[(3, "3 sao")])
DAYS = DateRangeField()
POINT = {
    "crs": {"type": "name", "properties": {"name": "EPSG:4326"}},
    "type": "Point",
    "coordinates": [108.99, 11.565],
}
SQUARE = {"type": "MultiPolygon", "coordinates": square(109, 11.5).coords}


@pytest.mark.parametrize(
    ("field", "value", "text"),
    [
        (models.PointField(), at(108.99, 11.565), "11.5650000, 108.9900000"),
        (models.PointField(), POINT, "11.5650000, 108.9900000"),
        (models.MultiPolygonField(), square(109, 11.5), "vùng gồm 1 phần, 5 đỉnh"),
        (models.MultiPolygonField(), SQUARE, "vùng gồm 1 phần, 5 đỉnh"),
        (DAYS, day_span(datetime.date(2024, 12, 10)), "10/12/2024"),
        (DAYS, "[2024-12-10,2024-12-11)", "10/12/2024"),
        (DAYS, "[2024-01-01,2025-01-01)", "2024"),
        (DAYS, "(,2024-03-01)", "đến 2/2024"),
        (DAYS, "[2024-03-01,)", "1/3/2024 – "),
        (DAYS, span(None, None), "chưa rõ"),
        (DAYS, "(,)", "chưa rõ"),
        (DAYS, "empty", "empty"),
        (STARS, 3, "3 sao"),
        (STARS, 7, "7"),
        (models.BooleanField(), True, "có"),
        (models.BooleanField(), False, "không"),
        (models.DateField(), "2024-12-10", "10/12/2024"),
        (models.DateField(), datetime.date(2024, 12, 10), "10/12/2024"),
        (models.DateTimeField(), "2024-12-10T01:02:03.45678+00:00", "10/12/2024 08:02:03"),
        (models.DecimalField(max_digits=5, decimal_places=2), 69.5, "69,5"),
        (models.DecimalField(max_digits=5, decimal_places=2), Decimal("69.50"), "69,50"),
        (models.IntegerField(), 0, "0"),
        (models.CharField(), "Nho", "Nho"),
        (models.CharField(), None, ""),
        (models.DateTimeField(), DatabaseDefault(Now()), ""),
        # None of these is used today; one that is added tomorrow has its history.
        (models.JSONField(), {"mới": 1, "lỗi": ["a", "b"]}, "mới: 1\nlỗi: a; b"),
        (ArrayField(models.IntegerField()), [1, 2], "1; 2"),
        (IntegerRangeField(), "[1,5)", "1 – 5"),
        (IntegerRangeField(), NumericRange(0, 5), "0 – 5"),
        (IntegerRangeField(), NumericRange(1, None), "1 –"),
        (DateTimeRangeField(), '["2024-12-10 08:00:00+07",)', "2024-12-10 08:00:00+07 –"),
        (models.UUIDField(), str(uuid.UUID(int=1)), str(uuid.UUID(int=1))),
        (models.DurationField(), "không phải", "không phải"),
        (models.BinaryField(), "\\x00ff", "\\x00ff"),
        (models.IntegerField(), {"a": 1}, "a: 1"),
    ],
)
def test_a_value_is_formatted_as_plain_text(field, value, text):
    assert format_value(field, value) == text
