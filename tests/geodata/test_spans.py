"""Days that are known only as a span are written, read and published at their precision."""

import datetime

import pytest
from django.core.exceptions import ValidationError
from django.utils import translation

from geodata.models import Source
from geodata.spans import (
    IsoSpan,
    day_span,
    format_day,
    format_month,
    format_span,
    parse_span,
    precision,
    span,
    span_of,
)
from tests.factories import SourceFactory

date = datetime.date

YEAR = span(date(2024, 1, 1), date(2025, 1, 1))
DECEMBER = span(date(2024, 12, 1), date(2025, 1, 1))
DAY = span(date(2024, 12, 10), date(2024, 12, 11))
BY_SEPTEMBER = span(None, date(2022, 10, 1))


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("2024", YEAR),
        ("12/2024", DECEMBER),
        ("12-2024", DECEMBER),
        ("2024-12", DECEMBER),
        ("10/12/2024", DAY),
        ("10-12-2024", DAY),
        ("2024-12-10", DAY),
        (" 10/12/2024 ", DAY),
        ("9/2022", span(date(2022, 9, 1), date(2022, 10, 1))),
        ("đến 9/2022", BY_SEPTEMBER),
        ("Đến  9/2022", BY_SEPTEMBER),
        ("– 9/2022", BY_SEPTEMBER),
        ("by 9/2022", BY_SEPTEMBER),
        ("2023 – 2024", span(date(2023, 1, 1), date(2025, 1, 1))),
        ("25/9/2023 - 2023", span(date(2023, 9, 25), date(2024, 1, 1))),
        ("2025 –", span(date(2025, 1, 1), None)),
        ("29/2/2024", span(date(2024, 2, 29), date(2024, 3, 1))),
        ("10 December 2024", DAY),
        ("december 2024", DECEMBER),
        ("by September 2022", BY_SEPTEMBER),
    ],
)
def test_a_span_is_parsed_at_any_precision(text, days):
    assert parse_span(text) == days


@pytest.mark.parametrize(
    "text",
    [
        "",
        "đến",
        "năm 2024",
        "24",
        "13/2024",
        "0/2024",
        "29/2/2023",
        "31/4/2024",
        "2024-02-30",
        "2024/12/10",
        "12.2024",
        "2025 – 2024",
        "2024 – 2025 – 2026",
        "10/12/2024 08:00",
        "10 Decembre 2024",
        "30 February 2024",
        "December",
        "0000",
        "9999-12-31x",
    ],
)
def test_an_invalid_day_is_refused_with_a_sentence(text):
    with pytest.raises(ValidationError) as refusal:
        parse_span(text)

    assert len(refusal.value.messages) == 1


@pytest.mark.parametrize("text", ["9999", "12/9999", "31/12/9999"])
def test_a_span_beyond_the_calendar_is_refused_not_a_crash(text):
    with pytest.raises(ValidationError):
        parse_span(text)


@pytest.mark.parametrize(
    ("days", "text"),
    [
        (YEAR, "2024"),
        (DECEMBER, "12/2024"),
        (DAY, "10/12/2024"),
        (BY_SEPTEMBER, "đến 9/2022"),
        (span(None, date(2022, 9, 16)), "đến 15/9/2022"),
        (span(date(2023, 9, 25), date(2023, 10, 5)), "25/9/2023 – 4/10/2023"),
        (span(date(2024, 3, 1), None), "1/3/2024 – "),
        (span(None, None), "chưa rõ"),
        (None, ""),
    ],
)
def test_a_span_is_written_at_the_precision_at_which_it_is_known(days, text):
    assert format_span(days).strip() == text.strip()


@pytest.mark.parametrize(
    ("language", "day", "month"),
    [("vi", "15/9/2026", "9/2026"), ("en", "15 September 2026", "September 2026")],
)
def test_days_and_months_are_formatted_for_the_active_language(language, day, month):
    with translation.override(language):
        assert format_day(date(2026, 9, 15)) == day
        assert format_month(date(2026, 9, 15)) == month


@pytest.mark.parametrize(
    "days",
    [
        YEAR,
        DECEMBER,
        DAY,
        BY_SEPTEMBER,
        span(date(2023, 9, 25), date(2024, 1, 1)),
        span(date(2023, 9, 25), date(2023, 10, 5)),
        span(date(2023, 1, 1), date(2025, 1, 1)),
        span(date(2023, 2, 1), date(2023, 5, 1)),
        span(date(2024, 3, 1), None),
        span(None, date(2022, 9, 16)),
        span(None, date(2022, 3, 1)),
        span(date(2024, 12, 31), date(2025, 1, 1)),
    ],
    ids=format_span,
)
@pytest.mark.parametrize("language", ["vi", "en"])
def test_a_formatted_span_is_parsed_in_every_language(days, language):
    with translation.override(language):
        assert parse_span(format_span(days)) == days


@pytest.mark.parametrize(
    ("language", "words"),
    [("vi", ["đến 9/2022", "chưa rõ"]), ("en", ["by September 2022", "unknown"])],
)
def test_an_unknown_span_is_formatted_in_the_current_language(language, words):
    with translation.override(language):
        assert [format_span(days) for days in (BY_SEPTEMBER, span(None, None))] == words
        assert [parse_span(text) for text in words] == [BY_SEPTEMBER, span(None, None)]


@pytest.mark.parametrize(
    ("days", "known"),
    [
        (YEAR, "year"),
        (DECEMBER, "month"),
        (DAY, "day"),
        (span(date(2024, 1, 1), date(2024, 1, 2)), "day"),
        (span(date(2024, 1, 1), date(2024, 2, 1)), "month"),
        (span(date(2024, 1, 2), date(2025, 1, 2)), None),
        (span(date(2024, 1, 1), date(2024, 3, 1)), None),
        (BY_SEPTEMBER, None),
        (span(date(2024, 3, 1), None), None),
        (None, None),
    ],
)
def test_only_a_whole_day_month_or_year_has_a_precision(days, known):
    assert precision(days) == known


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("days", "iso"),
    [
        (DAY, "2024-12-10"),
        (span_of(2024, 1, 1), "2024-01-01"),
        (span_of(2020, 12), "2020-12"),
        (span_of(2024, 2), "2024-02"),
        (span_of(2013), "2013"),
        (span(date(2023, 9, 25), date(2024, 1, 1)), None),
        (span(date(2024, 1, 2), date(2025, 1, 2)), None),
        (span(date(2023, 1, 1), date(2025, 1, 1)), None),
        (BY_SEPTEMBER, None),
        (span(date(2024, 3, 1), None), None),
        (span(None, None), None),
        (None, None),
    ],
)
def test_no_invented_date_is_published(days, iso):
    SourceFactory(dated=days)

    assert Source.objects.values_list(IsoSpan("dated"), flat=True).get() == iso


@pytest.mark.django_db
@pytest.mark.parametrize(
    "days", [DAY, YEAR, BY_SEPTEMBER, span(date(2024, 3, 1), None), span(None, None)]
)
def test_a_span_is_equal_after_being_stored(days):
    SourceFactory(dated=days)

    assert Source.objects.get().dated == days


def test_a_day_is_a_span_of_one_day():
    assert day_span(date(2024, 12, 31)) == span(date(2024, 12, 31), date(2025, 1, 1))
