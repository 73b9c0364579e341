"""A point and a span as people type them."""

import datetime

import pytest
from django.core.exceptions import ValidationError

from geodata.forms import PointField, SpanField
from geodata.spans import span, span_of


@pytest.mark.parametrize(
    ("lat", "lng", "coords"),
    [
        ("11.565", "108.99", (108.99, 11.565)),
        ("11,565", " 108,99 ", (108.99, 11.565)),
        ("-11", "-108", (-108, -11)),
        ("0", "0", (0, 0)),
        ("90", "180", (180, 90)),
    ],
)
def test_a_point_is_typed_as_latitude_and_longitude(lat, lng, coords):
    point = PointField().clean([lat, lng])

    assert (point.coords, point.srid) == (coords, 4326)


@pytest.mark.parametrize(
    ("lat", "lng", "sentence"),
    [
        ("11.5", "", "Cần cả vĩ độ lẫn kinh độ."),
        ("", "108.9", "Cần cả vĩ độ lẫn kinh độ."),
        ("108.99", "11.565", "có vẻ bị đổi chỗ"),
        ("90.1", "200", "Vĩ độ phải từ −90 đến 90"),
        ("11", "180.1", "Kinh độ phải từ −180 đến 180"),
        ("mười một", "108.9", "không phải là số độ"),
        ("nan", "108.9", "không phải là số độ"),
        ("inf", "108.9", "không phải là số độ"),
        ("SRID=4326;POINT(1 1)", "108.9", "không phải là số độ"),
        ("11°33'", "108.9", "không phải là số độ"),
    ],
)
def test_an_invalid_point_is_refused_with_one_sentence(lat, lng, sentence):
    with pytest.raises(ValidationError) as refusal:
        PointField().clean([lat, lng])

    (message,) = refusal.value.messages
    assert sentence in message


def test_empty_inputs_are_no_point():
    assert PointField(required=False).clean(["", ""]) is None


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
