"""Captures on the spot that have been received from phones."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Capture(models.Model):
    """A capture that was written; a phone that lost the answer sends it again.

    id: made by the phone. answer: what the phone was answered; see products.ocop.captures.
    """

    id = models.UUIDField(primary_key=True)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    received_at = models.DateTimeField(_("nhận lúc"), auto_now_add=True)
    answer = models.JSONField(default=dict)

    class Meta:
        verbose_name = _("ghi nhận tại chỗ")
        verbose_name_plural = pgettext_lazy("plural", "ghi nhận tại chỗ")

    def __str__(self):
        return str(self.id)
