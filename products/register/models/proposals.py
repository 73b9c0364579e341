"""Proposals: changes of records that somebody else decides on."""

from django.conf import settings
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from districts.models import Role
from geodata.constraints import ConstrainedModel
from geodata.text import VisibleText


class ProposalKind(models.TextChoices):
    CREATE = "create", _("hồ sơ mới")
    CHANGE = "change", _("sửa")
    WITHDRAW = "withdraw", _("rút")
    REMARK = "remark", _("góp ý")


class ProposalState(models.TextChoices):
    PENDING = "pending", _("chờ duyệt")
    RETURNED = "returned", _("trả lại để sửa")
    ACCEPTED = "accepted", _("chấp nhận")
    PARTLY_ACCEPTED = "partly", _("chấp nhận một phần")
    REJECTED = "rejected", _("không chấp nhận")
    SUPERSEDED = "superseded", _("không còn cần")


OPEN_STATES = [ProposalState.PENDING, ProposalState.RETURNED]


class Channel(models.TextChoices):
    WORKSPACE = "workspace", _("nơi làm việc")
    PHONE = "phone", _("điện thoại, tại chỗ")
    IMPORT = "import", _("nhập tệp")
    API = "api", _("chương trình khác")
    PUBLIC = "public", _("trang công khai")


class ProposalQuerySet(models.QuerySet):
    def open(self):
        """Proposals that are not decided yet."""
        return self.filter(state__in=OPEN_STATES)

    def pending(self):
        """Proposals that wait for a publisher."""
        return self.filter(state=ProposalState.PENDING)

    def about(self, record):
        """Proposals that concern the record."""
        record_type = ContentType.objects.get_for_model(record)
        return self.filter(record_type=record_type, record_id=record.pk)

    def decidable_by(self, user):
        """Proposals on records of which the user is a publisher.

        New records have no area yet: they are decided by publishers of a whole province.
        """
        return self._of(user, Role.PUBLISHER)

    def visible_to(self, user):
        """Proposals that the user wrote, or on records that the user may edit."""
        return self._of(user, Role.EDITOR) | self.filter(author=user)

    def _of(self, user, role):
        from .located import looks_after_a_province

        if looks_after_a_province(user, role):
            return self.all()
        found = Q(pk__in=[])
        for record_type in ContentType.objects.filter(pk__in=self.values("record_type")):
            editable = record_type.model_class().objects.editable_by(user, role)
            found |= Q(record_type=record_type, record_id__in=editable.values("pk"))
        return self.filter(found)


class Proposal(ConstrainedModel):
    """A change of a public record, a new record, a withdrawal, or a remark, until it is decided.

    No public query reads it. products/register/proposals.py writes it.

    changes: {field: {"base": value, "proposed": value}} with the values of
    products.register.values; the key "parts" has a list of operations on parts:
    {"model": label, "op": "add" | "change" | "remove", "id": of the part or None, "fields": values,
    "base": values of the part when it was read}.
    decided: {field, or "part-" and the number of the operation: whether it was accepted}.
    revision: increases when the author changes the proposal, so that nobody accepts what he or she
    has not read.
    """

    kind = models.CharField(_("loại"), max_length=10, choices=ProposalKind.choices)
    record_type = models.ForeignKey(
        ContentType, models.PROTECT, related_name="+", verbose_name=_("loại hồ sơ")
    )
    record_id = models.BigIntegerField(null=True, blank=True)
    record = GenericForeignKey("record_type", "record_id")
    base_version = models.PositiveIntegerField(_("phiên bản đã đọc"), null=True, blank=True)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="proposals",
        verbose_name=_("người đề xuất"),
    )
    channel = models.CharField(_("kênh"), max_length=10, choices=Channel.choices)
    changes = models.JSONField(_("thay đổi"), default=dict, blank=True)
    reason = models.TextField(_("lý do"), blank=True, max_length=2000)
    state = models.CharField(
        _("trạng thái"),
        max_length=10,
        choices=ProposalState.choices,
        default=ProposalState.PENDING,
    )
    revision = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField(_("gửi lúc"), auto_now_add=True)
    updated_at = models.DateTimeField(_("sửa lúc"), auto_now=True)
    decided = models.JSONField(_("kết quả từng mục"), default=dict, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("người duyệt"),
    )
    decided_at = models.DateTimeField(_("duyệt lúc"), null=True, blank=True)
    answer = models.TextField(_("trả lời"), blank=True, max_length=2000)

    objects = ProposalQuerySet.as_manager()

    class Meta:
        verbose_name = _("đề xuất")
        verbose_name_plural = pgettext_lazy("plural", "đề xuất")
        ordering = ["created_at", "pk"]
        indexes = [models.Index(fields=["record_type", "record_id"], name="proposal_of_record")]
        constraints = [
            VisibleText(
                name="proposal_has_no_hidden_characters", fields=[], lines=["reason", "answer"]
            ),
            models.CheckConstraint(
                name="proposal_names_its_record_unless_new",
                condition=Q(kind=ProposalKind.CREATE, base_version=None)
                | Q(record_id__isnull=False, base_version__isnull=False)
                & ~Q(kind=ProposalKind.CREATE),
                violation_error_message=_("Đề xuất phải nêu hồ sơ, trừ khi là hồ sơ mới."),
            ),
            models.CheckConstraint(
                name="change_proposal_changes_something",
                condition=~Q(kind__in=[ProposalKind.CREATE, ProposalKind.CHANGE]) | ~Q(changes={}),
                violation_error_message=_("Đề xuất không thay đổi gì."),
            ),
            models.CheckConstraint(
                name="withdrawal_or_remark_gives_a_reason",
                condition=~Q(kind__in=[ProposalKind.WITHDRAW, ProposalKind.REMARK])
                | ~Q(reason__regex=r"^\s*$"),
                violation_error_message=_("Cần ghi lý do."),
            ),
            models.CheckConstraint(
                name="decided_proposal_has_a_time",
                condition=Q(state=ProposalState.PENDING, decided_at=None)
                | ~Q(state=ProposalState.PENDING) & Q(decided_at__isnull=False),
                violation_error_message=_("Đề xuất đã duyệt cần có lúc duyệt."),
            ),
            models.CheckConstraint(
                name="refused_proposal_has_an_answer",
                condition=~Q(state__in=[ProposalState.REJECTED, ProposalState.RETURNED])
                | ~Q(answer__regex=r"^\s*$"),
                violation_error_message=_("Không chấp nhận hoặc trả lại cần có lý do."),
            ),
            models.UniqueConstraint(
                name="one_open_change_of_a_record_by_an_author",
                fields=["record_type", "record_id", "author"],
                condition=Q(kind=ProposalKind.CHANGE, state__in=OPEN_STATES),
                violation_error_message=_("Bạn đã có một đề xuất chưa duyệt cho hồ sơ này."),
            ),
        ]

    def __str__(self):
        return f"{self.get_kind_display()}: {self.record or self.proposed_name}"

    @property
    def proposed_name(self):
        """The name of a new record as proposed, "" for other proposals."""
        return self.changes.get("name", {}).get("proposed", "")

    @property
    def is_open(self):
        return self.state in OPEN_STATES

    @property
    def fields(self):
        """The proposed fields: `changes` without the operations on parts."""
        return {name: change for name, change in self.changes.items() if name != "parts"}

    @property
    def parts(self):
        """The operations on parts; see the class."""
        return self.changes.get("parts", [])
