"""Every change of a record's state. Nothing else assigns `state`."""

from dataclasses import dataclass

import pghistory
from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from districts.models import Role

from .models import Producer, State


@dataclass(frozen=True)
class Transition:
    before: State
    after: State
    role: Role
    label: str
    reason_needed: bool = False


TRANSITIONS = {
    "submit": Transition(State.DRAFT, State.REVIEW, Role.EDITOR, _("Gửi duyệt")),
    "publish": Transition(State.REVIEW, State.PUBLISHED, Role.PUBLISHER, _("Công bố")),
    "reject": Transition(
        State.REVIEW, State.DRAFT, Role.PUBLISHER, _("Trả lại"), reason_needed=True
    ),
    "withdraw": Transition(
        State.PUBLISHED, State.WITHDRAWN, Role.PUBLISHER, _("Rút khỏi trang công khai"), True
    ),
    "restore": Transition(State.WITHDRAWN, State.DRAFT, Role.PUBLISHER, _("Mở lại để sửa")),
}


def may(user, record, role):
    """Whether the user has that role on the ground of the record.

    Rights have no one commune; who may move them is a steward of the whole province or a superuser,
    which their QuerySet's `editable_by` decides like that of every other record.
    """
    editable = type(record).objects.editable_by(user, role)
    return user.is_active and user.is_staff and editable.filter(pk=record.pk).exists()


def may_change(user, record):
    """Whether the user may edit the record as it is.

    What is public, or lies before the publisher to be read, only who may publish.
    """
    read_by_publisher = record.state in (State.REVIEW, State.PUBLISHED)
    return may(user, record, Role.PUBLISHER if read_by_publisher else Role.EDITOR)


def transitions_for(user, record):
    """The names and transitions that the user can make now, in the order of the process."""
    return {
        name: transition
        for name, transition in TRANSITIONS.items()
        if record.state == transition.before and may(user, record, transition.role)
    }


def check_company(record, after):
    """Refuse a public product of a producer that is not: its page would name what is not shown.

    Raises ValidationError.
    """
    producer = getattr(record, "producer", None)
    if producer:
        # Whoever withdraws the producer at this moment waits, or is waited for.
        producer = Producer.objects.select_for_update(of=("self",)).get(pk=producer.pk)
    if after == State.PUBLISHED and producer and producer.state != State.PUBLISHED:
        raise ValidationError(_("Hãy công bố chủ thể “%s” trước.") % producer)
    if isinstance(record, Producer) and after == State.WITHDRAWN:
        public = record.products.published().count()
        if public:
            text = ngettext(
                "Chủ thể còn %d sản phẩm đang công bố.",
                "Chủ thể còn %d sản phẩm đang công bố.",
                public,
            )
            raise ValidationError(text % public)


@transaction.atomic
def move(record, name, *, by, reason=""):
    """Move a record to its next state and record who did it and why; return it.

    Raises PermissionDenied when the user has not the role on this ground, ValidationError when
    the record is not in the state before, or a reason is needed and missing.
    """
    transition = TRANSITIONS[name]
    reason = reason.strip()
    # The lock makes the second of two simultaneous clicks see the first one's state.
    record = type(record).objects.select_for_update(of=("self",)).get(pk=record.pk)
    if not may(by, record, transition.role):
        raise PermissionDenied
    if record.state != transition.before:
        raise ValidationError(
            _("“%(record)s” đang ở trạng thái “%(state)s”, không thể làm “%(label)s”."),
            params={
                "record": record,
                "state": record.get_state_display(),
                "label": transition.label,
            },
        )
    if transition.reason_needed and not reason:
        raise ValidationError(_("Cần ghi lý do."))
    check_company(record, transition.after)
    if transition.after == State.PUBLISHED:
        record.published_at = timezone.now()
    record.state = transition.after
    record.state_reason = reason
    record.clean_fields()
    # The history has one language, whichever the official's browser asks for.
    with translation.override(settings.LANGUAGE_CODE):
        label = str(transition.label)
    with pghistory.context(user=by.pk, reason=reason or label):
        record.save(update_fields=["state", "state_reason", "published_at"])
    return record


def publish_imported(records):
    """Publish drafts that an import of public sources has just made; return how many.

    Only drafts without a history of people: what an official has sent back stays where it is.
    """
    drafts = records.filter(state=State.DRAFT).exclude(pk__in=records.kept_by_people().values("pk"))
    return drafts.update(state=State.PUBLISHED, published_at=timezone.now())
