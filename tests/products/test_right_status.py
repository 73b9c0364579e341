"""Status of an industrial property right on a day."""

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
        # A geographical indication has no expiry.
        ({"kind": GI, "granted": span_of(1995)}, "in_force"),
        ({"kind": GI}, "in_force"),
        ({"kind": GI, "stage": "expired"}, "expired"),
        # A certification mark with an expiry date.
        ({"expires": TODAY}, "in_force"),
        ({"expires": TODAY - datetime.timedelta(1)}, "renewal_unknown"),
        # Ten years from the last possible filing date.
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
        # No dates.
        ({}, "unknown"),
        # A stated expiry date takes precedence over a calculated one.
        ({"filed": span_of(2010), "expires": date(2030, 1, 1)}, "in_force"),
        # Any other stage than registered determines the status, whatever the dates.
        ({"stage": "pending", "filed": span_of(2010)}, "pending"),
        ({"stage": "refused", "filed": span_of(2010)}, "refused"),
        ({"stage": "withdrawn"}, "withdrawn"),
        ({"stage": "expired", "expires": date(2030, 1, 1)}, "expired"),
        ({"kind": GI, "stage": "pending"}, "pending"),
    ],
)
def test_the_status_follows_from_kind_stage_and_dates(values, expected):
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
def test_a_certification_mark_is_in_force_until_its_expiry_day_inclusive(day, expected):
    IpRightFactory(filed=day_span(date(2016, 9, 15)), expires=date(2026, 9, 15))

    assert status(day) == expected


def test_ten_years_from_29_february_end_on_28_february():
    IpRightFactory(filed=day_span(date(2016, 2, 29)))

    right = IpRight.objects.with_status_on(TODAY).get()

    assert (right.ends_by, right.status) == (date(2026, 2, 28), "renewal_unknown")
