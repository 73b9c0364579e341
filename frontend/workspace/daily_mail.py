"""The list of work by mail, at most once a day, to officials who want it."""

import logging

from django.conf import settings
from django.contrib import admin
from django.core.mail import send_mail
from django.db import transaction
from django.dispatch import receiver
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from districts.models import is_steward
from geodata.signals import due
from products.register.models import DailyMail

from .start import start_page

logger = logging.getLogger(__name__)

# Not before this hour: the work of the day.
FIRST_HOUR = 6


@receiver(due)
def send_daily_mails(sender, **kwargs):
    """Send the mails of today that are not sent yet; return how many, as a sentence."""
    now = timezone.localtime()
    if now.hour < FIRST_HOUR:
        return None
    waiting = DailyMail.objects.exclude(sent_on=now.date()).values_list("pk", flat=True)
    sent = sum(_send(pk, now.date()) for pk in waiting)
    if not sent:
        return None
    return ngettext("Đã gửi %d thư công việc.", "Đã gửi %d thư công việc.", sent) % sent


@transaction.atomic
def _send(pk, day):
    """Send one mail; return whether there was anything to send."""
    # Another process may be sending it.
    wanted = DailyMail.objects.select_for_update(skip_locked=True, of=("self",)).filter(pk=pk)
    mail = wanted.exclude(sent_on=day).select_related("user").first()
    if mail is None:
        return False
    mail.sent_on = day
    mail.save(update_fields=["sent_on"])
    user = mail.user
    if not (user.email and is_steward(user)):
        return False
    with translation.override(settings.LANGUAGE_CODE):
        lines = work_lines(user)
        if not lines:
            return False
        link = settings.SITE_URL + reverse("admin:index")
        text = "\n".join([_("Việc cần làm hôm nay:"), "", *lines, "", link])
        try:
            send_mail(_("Việc cần làm trên bản đồ OCOP"), text, None, [user.email])
        except OSError:
            # Also every error of SMTP: the others get theirs, this one is tried again.
            logger.exception("The daily mail to user %s was not sent.", user.pk)
            transaction.set_rollback(True)
            return False
    return True


def work_lines(user) -> list[str]:
    """Return what the start page shows to the user, one line for each kind of work.

    What waits for somebody else of the same area is on the page only.
    """
    page = start_page(user, admin.site)
    lines = []
    if count := page["proposals"]["to_decide"]:
        lines.append(f"– {count} {_('đề xuất chờ bạn duyệt')}")
    if count := page["failed_imports"]:
        lines.append(f"– {count} {_('lần nhập không thành')}")
    lines += [f"– {one['label']}: {one['count']}" for one in page["work"] if one["count"]]
    for row in page["endings"]:
        counts = "/".join(str(count["count"]) for count in row["counts"])
        unit = row["unit"] or _("chưa rõ huyện")
        days = "/".join(map(str, page["ending_days"]))
        text = _("xếp hạng hết hạn trong %(days)s ngày: %(counts)s")
        lines.append(f"– {unit}: " + text % {"days": days, "counts": counts})
    return lines
