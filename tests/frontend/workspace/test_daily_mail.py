"""The list of work by mail, once a day, to who wants it."""

from smtplib import SMTPRecipientsRefused

import pghistory
import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.core.management import call_command

from products.register.models import DailyMail
from products.register.states import State
from tests.factories import (
    UNTIL_THE_CHANGE,
    ProductFactory,
    UnitFactory,
    at,
    editor_of,
    publisher_of,
    square,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def commune():
    district = UnitFactory(code="997", validity=UNTIL_THE_CHANGE)
    return UnitFactory(parent=district, validity=UNTIL_THE_CHANGE, area=square(108.9, 11.5))


@pytest.fixture
def publisher(commune):
    user = publisher_of(commune)
    user.email = "duyet@example.org"
    user.save()
    return user


def due():
    call_command("due", verbosity=0)


def test_who_wants_it_gets_one_mail_a_day_with_the_numbers(client, publisher, on_day):
    ProductFactory(state=State.REVIEW, point=at(108.95, 11.55))
    client.force_login(publisher)
    client.post("/admin/daily-mail/", {"wanted": "1"})
    on_day("2026-06-01")

    due()
    due()

    (sent,) = mail.outbox
    assert sent.to == ["duyet@example.org"]
    assert "– Chờ bạn duyệt: 1" in sent.body
    assert "/admin/" in sent.body
    on_day("2026-06-02")
    due()
    assert len(mail.outbox) == 2


def test_nobody_gets_a_mail_without_asking_or_without_work(client, publisher, commune, on_day):
    ProductFactory(state=State.REVIEW, point=at(108.95, 11.55))
    idle = editor_of(UnitFactory())
    idle.email = "ranh@example.org"
    idle.save()
    DailyMail.objects.create(user=idle)
    on_day("2026-06-01")

    due()

    assert mail.outbox == []


def test_only_the_lowest_publishers_get_what_waits_by_mail(publisher, commune, on_day):
    above = publisher_of(commune.parent)
    above.email = "huyen@example.org"
    above.save()
    for user in (publisher, above):
        DailyMail.objects.create(user=user)
    ProductFactory(state=State.REVIEW, point=at(108.95, 11.55))
    on_day("2026-06-01")

    due()

    bodies = {sent.to[0]: sent.body for sent in mail.outbox}
    assert "Chờ bạn duyệt: 1" in bodies["duyet@example.org"]
    # Both look after the area, and the record lacks a producer.
    assert "Chờ bạn duyệt" not in bodies["huyen@example.org"]
    assert "Chưa đủ thông tin: 1" in bodies["huyen@example.org"]


def test_own_work_is_mailed_to_the_next_level(publisher, commune, on_day):
    above = publisher_of(commune.parent)
    above.email = "huyen@example.org"
    above.save()
    for user in (publisher, above):
        DailyMail.objects.create(user=user)
    with pghistory.context(user=publisher.pk, act="edit"):
        ProductFactory(state=State.REVIEW, point=at(108.95, 11.55))
    on_day("2026-06-01")

    due()

    bodies = {sent.to[0]: sent.body for sent in mail.outbox}
    assert "Chờ bạn duyệt" not in bodies["duyet@example.org"]
    assert "Chờ bạn duyệt: 1" in bodies["huyen@example.org"]


def test_it_is_ended_by_its_button_and_not_by_a_second_click(client, publisher):
    client.force_login(publisher)
    client.get("/admin/daily-mail/")
    assert not DailyMail.objects.exists()

    for _click in range(2):
        client.post("/admin/daily-mail/", {"wanted": "1"})
    assert DailyMail.objects.get().user == publisher
    client.post("/admin/daily-mail/", {"wanted": "0"})
    assert not DailyMail.objects.exists()


def test_a_former_official_gets_none(publisher, on_day):
    ProductFactory(state=State.REVIEW, point=at(108.95, 11.55))
    DailyMail.objects.create(user=publisher)
    publisher.is_active = False
    publisher.save()
    on_day("2026-06-01")

    due()

    assert mail.outbox == []


def test_an_address_that_is_refused_does_not_stop_the_other_mails(
    publisher, commune, on_day, settings
):
    ProductFactory(state=State.REVIEW, point=at(108.95, 11.55))
    other = publisher_of(commune)
    other.email = "khac@example.org"
    other.save()
    for user in (publisher, other):
        DailyMail.objects.create(user=user)
    on_day("2026-06-01")
    settings.EMAIL_BACKEND = "tests.frontend.workspace.test_daily_mail.OneAddressRefused"

    due()

    assert [sent.to for sent in mail.outbox] == [["khac@example.org"]]
    assert list(DailyMail.objects.filter(sent_on=None)) == [DailyMail.objects.get(user=publisher)]


class OneAddressRefused(EmailBackend):
    def send_messages(self, messages):
        if messages[0].to == ["duyet@example.org"]:
            raise SMTPRecipientsRefused({})
        return super().send_messages(messages)
