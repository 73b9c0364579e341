"""Who wants the list of work by mail, once a day."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class DailyMail(models.Model):
    """An official wants the list of work by mail; sent_on: the day of the last one."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    sent_on = models.DateField(null=True, editable=False)

    class Meta:
        verbose_name = _("thư mỗi ngày")
        verbose_name_plural = pgettext_lazy("plural", "thư mỗi ngày")
        default_permissions = ()

    def __str__(self):
        return str(self.user)
