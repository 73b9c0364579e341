"""decided_span(): the shortest period that must contain the day of a decision."""

import datetime

import pytest

from geodata.spans import span
from products.ocop.importing import decided_span

date = datetime.date


@pytest.mark.parametrize(
    ("decision", "year", "source_date", "days"),
    [
        # A council met that day; the decision followed before the end of that year.
        (
            "Hội đồng OCOP huyện Minh Hải, 11/10/2023",
            "2023",
            "2023-10-11",
            ("2023-10-11", "2024-01-01"),
        ),
        ("Hội đồng OCOP huyện, họp 25/9/2023", "2023", "", ("2023-09-25", "2024-01-01")),
        # The day itself is given.
        (
            "Quyết định UBND huyện Minh Sơn, trao 10/12/2024",
            "2024",
            "2024-12-10",
            ("2024-12-10", "2024-12-11"),
        ),
        # "Held by" states no earliest day.
        ("đã được công nhận tính đến 9/2022 (16 sản phẩm)", "", "2022-09", (None, "2022-10-01")),
        ("đang giữ chứng nhận 02/2025", "", "2025-02-28", (None, "2025-03-01")),
        ("đang giữ chứng nhận năm 2025", "", "2025", (None, "2026-01-01")),
        # A year; only the date of the source; no date at all.
        ("OCOP 2020", "2020", "2020-12", ("2020-01-01", "2021-01-01")),
        ("đánh giá năm 2020", "2020", "", ("2020-01-01", "2021-01-01")),
        ("", "", "2023-09-08", (None, "2023-09-09")),
        ("OCOP 3 sao cấp tỉnh", "", "2022", (None, "2023-01-01")),
        ("", "", "", (None, None)),
    ],
)
def test_the_span_covers_only_the_dates_that_the_source_states(decision, year, source_date, days):
    lower, upper = (day and date.fromisoformat(day) for day in days)

    assert decided_span(decision=decision, year=year, source_date=source_date) == span(lower, upper)
