"""The end of a rating as an event for calendars (iCalendar, RFC 5545)."""

import datetime
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.translation import gettext as _
from icalendar import Alarm, Calendar, Event

from geodata.spans import ONE_DAY
from products.ocop.models import EXPIRING_DAYS

# Days before the end by which the issuer notifies the holder in writing; see views/recognition.py.
NOTICE_DAYS = 30
# Days before the end on which calendars remind.
ALARMS = (EXPIRING_DAYS, 60, NOTICE_DAYS)


def rating_calendar(product, url):
    """Return an iCalendar file, as bytes, with the last day on which the rating surely holds.

    The UID depends on the product only: the file of a later rating moves the same event.

    product: of ProductQuerySet.with_rating_on(), with a rating that holds. url: its public URL.
    """
    last_day = product.holds_at_least_to
    event = Event()
    event.add("uid", f"ocop-{product.code}@{urlsplit(settings.SITE_URL).hostname}")
    event.add("dtstamp", product.updated_at.astimezone(datetime.UTC))
    event.add("last-modified", product.updated_at.astimezone(datetime.UTC))
    event.add("sequence", product.version)
    event.add("dtstart", last_day)
    # The end is exclusive.
    event.add("dtend", last_day + ONE_DAY)
    exact = product.rated_to == last_day
    title = _("Hết hạn OCOP: {name}") if exact else _("Hết hạn OCOP, sớm nhất: {name}")
    event.add("summary", title.format(name=product.name))
    event.add(
        "description",
        _(
            "Muộn nhất 30 ngày trước khi hết hạn, nơi cấp giấy phải báo cho bạn bằng văn bản. "
            "Sau đó bạn nộp hồ sơ đánh giá lại ở Ủy ban nhân dân xã, phường."
        ),
    )
    event.add("url", url)
    # Not a time at which somebody is busy.
    event.add("transp", "TRANSPARENT")
    for days in ALARMS:
        alarm = Alarm()
        alarm.add("action", "DISPLAY")
        # The event begins at midnight; calendars remind at eight in the morning.
        alarm.add("trigger", datetime.timedelta(days=-days, hours=8))
        alarm.add(
            "description",
            _("{name}: còn {days} ngày là hết hạn OCOP").format(name=product.name, days=days),
        )
        event.add_component(alarm)
    calendar = Calendar()
    calendar.add("prodid", f"-//{settings.SITE_NAME}//OCOP//VI")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add_component(event)
    return calendar.to_ical()
