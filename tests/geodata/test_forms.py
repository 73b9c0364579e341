"""A point and a span as people type them."""

import datetime
from decimal import Decimal

import pytest
from django.contrib.gis.geos import Point
from django.core.exceptions import ValidationError
from django.utils import translation

from geodata.forms import MetresField, PointField, SpanField
from geodata.spans import span, span_of


@pytest.mark.parametrize(
    ("data", "coords"),
    [
        (["11.565, 108.99", ""], (108.99, 11.565)),
        (["11,565 108,99", "9210"], (108.99, 11.565)),
        (["11°33'54\"B 108°59'24\"Đ", None], (108.99, 11.565)),
        (["X=1278996.27 Y=553246.89", "9218"], (108.99, 11.565)),
        (["https://www.google.com/maps/@11.565,108.99,15z"], (108.99, 11.565)),
    ],
)
def test_a_point_is_typed_or_pasted_as_one_text(data, coords):
    point = PointField().clean(data)

    assert point.srid == 4326
    assert point.coords == pytest.approx(coords, abs=9e-8)


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (["11.5", ""], "chỉ có một số"),
        (["108.99 11.565", ""], "có vẻ bị đổi chỗ"),
        (["mười một", ""], "Không đọc được vị trí"),
        (["SRID=4326;POINT(1 1)", ""], "Không đọc được vị trí"),
        (["11.565, 108.99", "4326"], "4326"),
        (["11.565, 108.99", "lưới"], "lưới"),
        (["", "9218"], "bắt buộc"),
    ],
)
def test_an_invalid_point_is_refused_with_one_sentence(data, sentence):
    with translation.override("vi"), pytest.raises(ValidationError) as refusal:
        PointField().clean(data)

    (message,) = refusal.value.messages
    assert sentence in message


def test_an_empty_input_is_no_point_whatever_the_grid():
    for data in (["", ""], ["", "9218"], [" ", ""], []):
        assert PointField(required=False).clean(data) is None


def test_another_notation_of_the_same_point_is_no_change():
    """Otherwise saving a form would need the right to move the record."""
    field = PointField(required=False)
    stored = Point(108.99, 11.565, srid=4326)
    displayed = field.widget.decompress(stored)

    assert displayed == ["11.565, 108.99", None]
    assert not field.has_changed(stored, displayed)
    assert not field.has_changed(stored, ["X=1278996.27 Y=553246.89", "9218"])
    assert not field.has_changed(None, ["", "9218"])
    assert field.has_changed(stored, ["11.565001, 108.99", ""])
    assert field.has_changed(stored, ["", ""])
    assert field.has_changed(stored, ["11.565", ""])
    assert field.has_changed(None, ["11.565, 108.99", ""])


def test_metres_have_a_decimal_point_or_comma():
    field = MetresField(required=False, max_digits=7, decimal_places=2)

    assert [field.clean(text) for text in ("0,5", " 4.25 ", "")] == [
        Decimal("0.5"),
        Decimal("4.25"),
        None,
    ]
    for text in ("năm", "1,2,3", "nan", "0,001"):
        with pytest.raises(ValidationError):
            field.clean(text)


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("2024", span_of(2024)),
        ("10/12/2024", span_of(2024, 12, 10)),
        ("đến 9/2022", span(None, datetime.date(2022, 10, 1))),
        ("", None),
    ],
)
def test_a_span_is_displayed_as_it_was_typed(text, days):
    field = SpanField(required=False)

    assert field.clean(text) == days
    assert field.prepare_value(days) == (text or None)
    assert field.has_changed(days, text) is False


@pytest.mark.parametrize("text", ["31/2/2024", "12/9999", "hôm qua", "0/2024"])
def test_an_invalid_span_is_refused_and_stays_in_the_form(text):
    field = SpanField()

    with pytest.raises(ValidationError):
        field.clean(text)
    assert field.prepare_value(text) == text
    assert field.has_changed(None, text) is True
