"""The classifications that records share: categories of the programme, sectors, and bases."""

from django.contrib.gis.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from geodata.constraints import ConstrainedModel
from geodata.models import Source
from geodata.text import VisibleText
from geodata.tracking import tracked


@tracked()
class Category(ConstrainedModel):
    """A group of the programme; the lists of 2019 and 2023 are both stored."""

    class Scheme(models.TextChoices):
        QD1048 = "QD1048", _("Quyết định 1048/QĐ-TTg (2019)")
        QD148 = "QD148", _("Quyết định 148/QĐ-TTg (2023)")

    scheme = models.CharField(_("bộ tiêu chí"), max_length=10, choices=Scheme.choices)
    code = models.CharField(_("mã"), max_length=10)
    name = models.CharField(_("tên"), max_length=200)
    name_en = models.CharField(_("tên tiếng Anh"), max_length=200, blank=True)
    source = models.ForeignKey(Source, models.PROTECT, verbose_name=_("nguồn"))

    class Meta:
        verbose_name = _("nhóm sản phẩm")
        verbose_name_plural = pgettext_lazy("plural", "nhóm sản phẩm")
        ordering = ["scheme", "code"]
        constraints = [
            VisibleText(
                name="category_has_no_hidden_characters", fields=["code", "name", "name_en"]
            ),
            models.UniqueConstraint(
                name="category_code_is_unique_in_its_scheme",
                fields=["scheme", "code"],
                violation_error_message=_("Bộ tiêu chí này đã có nhóm mang mã này."),
            ),
            models.UniqueConstraint(
                name="category_name_is_unique_in_its_scheme",
                fields=["scheme", "name"],
                violation_error_message=_("Bộ tiêu chí này đã có nhóm mang tên này."),
            ),
        ]

    def __str__(self):
        return self.name


class Sector(models.TextChoices):
    CROPS = "crops", _("trồng trọt")
    LIVESTOCK = "livestock", _("chăn nuôi")
    AQUACULTURE = "aquaculture", _("thủy sản")
    PROCESSING = "processing", _("chế biến")
    CRAFTS = "crafts", _("thủ công")
    SERVICES = "services", _("dịch vụ")


class Basis(models.TextChoices):
    """How a value is known; blank where there is no value."""

    STATED = "stated", _("nguồn nêu")
    INFERRED = "inferred", _("tự phân loại")
    BACK_TRANSLATED = "back_translated", _("dịch ngược từ tiếng nước ngoài")
    GENERIC = "generic", _("tên chung")
    BRAND = "brand", _("theo nhãn hiệu trên sản phẩm")
