"""The types of products: the words by which people look for them."""

from django.contrib.gis.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from geodata.constraints import ConstrainedModel
from geodata.text import VisibleText
from geodata.tracking import tracked

from .categories import Category

# Between the synonyms in one text.
SEPARATOR = "; "


def _listed(text):
    """Return the parts of a text between semicolons, without empty ones, as one text."""
    return SEPARATOR.join(part.strip() for part in text.split(";") if part.strip())


@tracked()
class ProductType(ConstrainedModel):
    """What a product is, in the words of those who look for it: grape, wine, fish sauce.

    Names and synonyms are editorial, in Vietnamese and English; no source states them.
    """

    code = models.CharField(
        _("mã"),
        max_length=30,
        unique=True,
        help_text=_("Chữ thường không dấu, nối bằng gạch dưới; không đổi về sau."),
    )
    name = models.CharField(_("tên"), max_length=100, db_collation="vi-x-icu")
    name_en = models.CharField(_("tên tiếng Anh"), max_length=100)
    synonyms_vi = models.CharField(
        _("từ đồng nghĩa"), max_length=300, blank=True, help_text=_("Cách nhau bằng dấu chấm phẩy.")
    )
    synonyms_en = models.CharField(
        _("từ đồng nghĩa tiếng Anh"),
        max_length=300,
        blank=True,
        help_text=_("Cách nhau bằng dấu chấm phẩy."),
    )
    group = models.ForeignKey(
        Category, models.PROTECT, null=True, blank=True, verbose_name=_("nhóm sản phẩm")
    )
    symbol = models.CharField(
        _("ký hiệu"), max_length=30, blank=True, help_text=_("Tên hình vẽ trên bản đồ.")
    )

    class Meta:
        verbose_name = _("loại sản phẩm")
        verbose_name_plural = pgettext_lazy("plural", "loại sản phẩm")
        ordering = ["name", "code"]
        constraints = [
            VisibleText(
                name="product_type_has_no_hidden_characters",
                fields=["code", "name", "name_en", "synonyms_vi", "synonyms_en", "symbol"],
            ),
            models.CheckConstraint(
                name="product_type_code_is_lower_case_words",
                condition=Q(code__regex=r"^[a-z]+(_[a-z]+)*$"),
                violation_error_message=_("Mã gồm chữ thường không dấu, nối bằng gạch dưới."),
            ),
            models.CheckConstraint(
                name="product_type_has_a_name_in_both_languages",
                condition=~Q(name__regex=r"^\s*$") & ~Q(name_en__regex=r"^\s*$"),
                violation_error_message=_("Cần có tên tiếng Việt và tên tiếng Anh."),
            ),
            models.UniqueConstraint(
                name="product_type_name_is_unique",
                fields=["name"],
                violation_error_message=_("Đã có loại sản phẩm mang tên này."),
            ),
            models.CheckConstraint(
                name="product_type_symbol_is_lower_case_words",
                condition=Q(symbol="") | Q(symbol__regex=r"^[a-z]+(_[a-z]+)*$"),
                violation_error_message=_("Ký hiệu gồm chữ thường không dấu, nối bằng gạch dưới."),
            ),
        ]

    def __str__(self):
        return self.name

    @property
    def words(self):
        """The words that find its products, in the order of the trigger of products."""
        return " ".join([self.name, self.name_en, self.synonyms_vi, self.synonyms_en])

    def clean(self):
        """Write the synonyms with one separator between them."""
        super().clean()
        self.synonyms_vi = _listed(self.synonyms_vi)
        self.synonyms_en = _listed(self.synonyms_en)
