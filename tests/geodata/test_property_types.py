"""One table decides how each kind of value is described, parsed, compared, exported, displayed."""

import datetime

import pytest
from django.db.models import (
    BooleanField,
    CharField,
    DateField,
    DateTimeField,
    FloatField,
    IntegerField,
    JSONField,
    TextField,
    URLField,
)

from geodata.collection import collections
from geodata.property_types import (
    PROPERTY_TYPES,
    ScalarKind,
    code_titles,
    json_schema,
    parse_value,
    property_type,
    render_html,
)

STARS = IntegerField(choices=[(3, "ba sao"), (4, "bốn sao")])
NOON = datetime.datetime(2026, 1, 2, 5, tzinfo=datetime.UTC)


@pytest.mark.parametrize(
    ("field", "schema", "kind", "arrow", "label"),
    [
        (BooleanField(), {"type": "boolean"}, ScalarKind.BOOLEAN, "bool", "có hoặc không"),
        (IntegerField(), {"type": "integer"}, ScalarKind.NUMBER, "int64", "số nguyên"),
        (FloatField(), {"type": "number"}, ScalarKind.NUMBER, "double", "số"),
        (
            DateTimeField(),
            {"type": "string", "format": "date-time"},
            ScalarKind.TIMESTAMP,
            "timestamp[ms, tz=UTC]",
            "thời điểm, giờ Việt Nam",
        ),
        (
            DateField(),
            {"type": "string", "format": "date"},
            ScalarKind.DATE,
            "date32[day]",
            "ngày",
        ),
        (URLField(), {"type": "string", "format": "uri"}, ScalarKind.TEXT, "string", "chữ"),
        (CharField(), {"type": "string"}, ScalarKind.TEXT, "string", "chữ"),
        (TextField(), {"type": "string"}, ScalarKind.TEXT, "string", "chữ"),
    ],
)
def test_a_field_has_the_type_of_its_most_specific_class(field, schema, kind, arrow, label):
    known = property_type(field)

    assert json_schema(field) == schema
    assert (known.scalar_kind, str(known.arrow), known.label) == (kind, arrow, label)


def test_a_field_that_a_property_cannot_have_is_refused():
    with pytest.raises(TypeError, match="JSONField"):
        property_type(JSONField())


@pytest.mark.django_db
@pytest.mark.parametrize("collection", collections())
def test_every_property_of_every_collection_has_a_type(collection):
    for field in collections()[collection].fields.values():
        assert property_type(field) in PROPERTY_TYPES.values()


@pytest.mark.parametrize(
    ("field", "text", "value"),
    [
        (BooleanField(), "true", True),
        (IntegerField(), "-12", -12),
        (FloatField(), "1.5e1", 15.0),
        (DateField(), "2024-02-29", datetime.date(2024, 2, 29)),
        (DateTimeField(), "2026-01-02T12:00:00+07:00", NOON),
        # A plus sign that was not encoded in the URL.
        (DateTimeField(), "2026-01-02t12:00:00 07:00", NOON),
        # PostgreSQL refuses an offset of 16 hours and more; UTC it accepts.
        (DateTimeField(), "2026-01-02T21:00:00+16:00", NOON),
        # Decomposed letters become composed ones.
        (CharField(), "Nu\u031bo\u031b\u0301c", "Nước"),
        (STARS, "4", 4),
    ],
)
def test_text_of_a_parameter_becomes_a_value(field, text, value):
    assert parse_value(field, text) == value


@pytest.mark.parametrize(
    ("field", "text"),
    [
        (BooleanField(), "True"),
        (IntegerField(), "1.0"),
        (IntegerField(), "9" * 19),
        (FloatField(), "1_0"),
        (FloatField(), "1e999"),
        (DateField(), "20250630"),
        (DateField(), "2025-W26-1"),
        (DateField(), "2025-02-30"),
        (DateTimeField(), "2026-01-02T12:00:00"),
        (DateTimeField(), "2026-01-02T12:00:00+24:00"),
        (STARS, "5"),
    ],
)
def test_text_that_is_no_value_is_refused_with_a_sentence(field, text):
    with pytest.raises(ValueError, match=r"\.$"):
        parse_value(field, text)


@pytest.mark.parametrize(
    ("field", "value", "html"),
    [
        (CharField(), None, ""),
        (BooleanField(), False, "không"),
        (IntegerField(), 7, "7"),
        (FloatField(), 1.5, "1,5"),
        (DateField(), "2024-02-29", '<time datetime="2024-02-29">29/2/2024</time>'),
        (
            DateTimeField(),
            "2026-01-02T05:00:00+00:00",
            '<time datetime="2026-01-02T05:00:00+00:00">2/1/2026 12:00</time>',
        ),
        # Dates that may be known only to the year are published as text.
        (CharField(), "2024-02-29", '<time datetime="2024-02-29">29/2/2024</time>'),
        (CharField(), "2025", "2025"),
        (
            URLField(),
            "https://example.org/?a=1&b",
            '<a href="https://example.org/?a=1&amp;b" rel="noopener">'
            "https://example.org/?a=1&amp;b</a>",
        ),
        (URLField(), "javascript:alert(1)", "javascript:alert(1)"),
        (STARS, 4, '<data value="4">bốn sao</data>'),
        (STARS, 5, '<data value="5">5</data>'),
    ],
)
def test_a_value_is_displayed_by_its_type(field, value, html):
    assert str(render_html(field, value)) == html


def test_codes_are_part_of_the_schema_and_have_titles():
    assert json_schema(STARS) == {"type": "integer", "enum": [3, 4]}
    assert code_titles(STARS) == {3: "ba sao", 4: "bốn sao"}
    assert code_titles(IntegerField()) == {}
