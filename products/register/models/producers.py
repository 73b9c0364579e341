"""Producers: who makes the products."""

from django.conf import settings
from django.contrib.gis.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from geodata.text import VisibleText

from .categories import Basis
from .located import Located
from .public import public_record


@public_record("producers", searched=["NEW.name"], exclude=["phone", "email"])
class Producer(Located):
    """Who makes products: a cooperative, a company, a household."""

    code_prefix = settings.PLACE.code_prefixes["producer"]
    # Consent may have been withdrawn since.
    not_restored = ("phone", "email", "contact_consent_on")

    class Kind(models.TextChoices):
        COOPERATIVE = "cooperative", _("hợp tác xã")
        COMPANY = "company", _("doanh nghiệp")
        HOUSEHOLD = "household", _("hộ kinh doanh")
        GROUP = "group", _("tổ hợp tác")

    kind = models.CharField(_("loại"), max_length=20, choices=Kind.choices, blank=True)
    kind_basis = models.CharField(
        _("loại biết từ"), max_length=20, choices=Basis.choices, blank=True
    )
    activity = models.CharField(_("hoạt động"), max_length=300, blank=True)
    website = models.URLField(_("trang web"), blank=True)
    phone = models.CharField(_("điện thoại kinh doanh"), max_length=30, blank=True)
    email = models.EmailField(_("thư điện tử kinh doanh"), blank=True)
    contact_consent_on = models.DateField(_("ngày đồng ý công bố liên hệ"), null=True, blank=True)

    @classmethod
    def essentials(cls):
        """See Record.essentials()."""
        return {**super().essentials(), "kind": (_("loại"), ~Q(kind=""))}

    class Meta(Located.Meta):
        verbose_name = _("chủ thể")
        verbose_name_plural = pgettext_lazy("plural", "chủ thể")
        constraints = [
            *Located.Meta.constraints,
            VisibleText(
                name="producer_has_no_hidden_characters",
                fields=["name", "address", "activity", "website", "phone", "email"],
                lines=["state_reason", "note"],
            ),
            models.CheckConstraint(
                name="producer_contact_is_kept_with_consent_only",
                condition=Q(phone="", email="") | Q(contact_consent_on__isnull=False),
                violation_error_message=_("Chỉ lưu liên hệ khi chủ thể đã đồng ý công bố."),
            ),
        ]
