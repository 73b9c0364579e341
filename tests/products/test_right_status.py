"""What a right of industrial property is worth on a day."""

import datetime

import pytest

from geodata.spans import day_span, span, span_of
from products.rights.models import IpRight
from tests.factories import IpRightFactory

date = datetime.date
TODAY = date(2026, 11, 23)
GI = IpRight.Kind.GEOGRAPHICAL_INDICATION
MARK = IpRight.Kind.CERTIFICATION_MARK

pytestmark = pytest.mark.django_db


def status(day=TODAY):
    return IpRight.objects.with_status_on(day).values_list("status", flat=True).get()


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        # A geographical indication holds without end.
        ({"kind": GI, "granted": span_of(1995)}, "in_force"),
        ({"kind": GI}, "in_force"),
        ({"kind": GI, "stage": "expired"}, "expired"),
        # A mark with a day of expiry.
        ({"expires": TODAY}, "in_force"),
        ({"expires": TODAY - datetime.timedelta(1)}, "renewal_unknown"),
        # Ten years from filing, on the last day that it may have been filed.
        ({"filed": day_span(date(2016, 11, 23))}, "unknown"),
        ({"filed": day_span(date(2016, 11, 22))}, "renewal_unknown"),
        ({"filed": span_of(2016)}, "unknown"),
        ({"filed": span_of(2015)}, "renewal_unknown"),
        ({"filed": span(None, date(2015, 1, 1))}, "renewal_unknown"),
        ({"filed": span(date(2015, 1, 1), None)}, "unknown"),
        # Filed before it was granted: ten years from the grant at the latest.
        ({"granted": day_span(date(2018, 7, 24))}, "unknown"),
        ({"granted": span_of(2013)}, "renewal_unknown"),
        ({"granted": day_span(date(2016, 11, 23))}, "unknown"),
        ({"granted": day_span(date(2016, 11, 22))}, "renewal_unknown"),
        # No day at all.
        ({}, "unknown"),
        # A day of expiry goes before what is reckoned.
        ({"filed": span_of(2010), "expires": date(2030, 1, 1)}, "in_force"),
        # What was never registered is what was last decided, whatever the days say.
        ({"stage": "pending", "filed": span_of(2010)}, "pending"),
        ({"stage": "refused", "filed": span_of(2010)}, "refused"),
        ({"stage": "withdrawn"}, "withdrawn"),
        ({"stage": "expired", "expires": date(2030, 1, 1)}, "expired"),
        ({"kind": GI, "stage": "pending"}, "pending"),
    ],
)
def test_a_right_is_worth_what_is_known_of_it(values, expected):
    IpRightFactory(**{"kind": MARK} | values)

    assert status() == expected


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (date(2026, 9, 14), "in_force"),
        (date(2026, 9, 15), "in_force"),
        (date(2026, 9, 16), "renewal_unknown"),
    ],
)
def test_a_mark_holds_on_its_last_day_and_not_on_the_next(day, expected):
    IpRightFactory(filed=day_span(date(2016, 9, 15)), expires=date(2026, 9, 15))

    assert status(day) == expected


def test_ten_years_from_a_29_february_end_on_a_28():
    IpRightFactory(filed=day_span(date(2016, 2, 29)))

    right = IpRight.objects.with_status_on(TODAY).get()

    assert (right.ends_by, right.status) == (date(2026, 2, 28), "renewal_unknown")
