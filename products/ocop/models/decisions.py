"""Decisions by which an authority gives products their stars."""

import uuid

import pgtrigger
from django.contrib.gis.db import models
from django.contrib.postgres.fields import DateRangeField
from django.db.models import F, Q
from django.db.models.functions import ExtractYear
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from geodata.constraints import ConstrainedModel
from geodata.models import Source
from geodata.spans import AddInterval, format_span, within_the_calendar
from geodata.text import VisibleText
from geodata.tracking import DependentFeatures, tracked
from geodata.versions import VERSION_FIELDS, RaiseVersion, RaiseVersionOfRecord, Versioned
from products.ocop.change_feed import PRODUCTS

# A document number: serial number, perhaps the year, and the abbreviations of kind and issuer,
# such as 1234/QĐ-UBND or 148/2023/QĐ-TTg.
NUMBER = r"[0-9]{1,6}[A-Za-z]?(/[0-9]{4})?/[A-ZĐ][^\s/,;()]*"

# The products that a decision rates; `row` is the decision.
_RATED = "id IN (SELECT product_id FROM ocop_ocoprating WHERE decision_id = row.id)"


def file_name(decision=None, uploaded_as=None):
    """Return a random file name: the addresses of decisions must not be guessed."""
    return f"{uuid.uuid4().hex}.pdf"


@tracked(
    exclude=["year", "version_transaction"],
    ignore=VERSION_FIELDS,
    # A changed day is listed by the ratings, which have a copy of it.
    dependents=[
        DependentFeatures(PRODUCTS, where=_RATED, watched_columns="row.number, row.revoked_on")
    ],
)
class Decision(Versioned, ConstrainedModel):
    """A decision of an authority that rates products.

    products.ocop.decisions writes it, together with its source.
    """

    number = models.CharField(_("số quyết định"), max_length=50, help_text=_("Ví dụ 1234/QĐ-UBND."))
    issuer = models.CharField(
        _("cơ quan ban hành"),
        max_length=200,
        help_text=_("Tên ghi trên quyết định, ví dụ UBND tỉnh."),
    )
    successor_issuer = models.CharField(
        _("cơ quan kế thừa"),
        max_length=200,
        blank=True,
        help_text=_("Nếu cơ quan ban hành không còn và biết cơ quan nào thay."),
    )
    day = DateRangeField(
        _("ngày ký"), help_text=_("Ngày ký quyết định; chỉ tháng hoặc năm nếu chưa biết ngày.")
    )
    year = models.GeneratedField(
        expression=ExtractYear(F("day__startswith")),
        output_field=models.IntegerField(),
        db_persist=True,
        verbose_name=_("năm"),
    )
    source = models.OneToOneField(
        Source,
        models.PROTECT,
        editable=False,
        related_name="decision",
        verbose_name=_("nguồn"),
    )
    file = models.FileField(_("tệp PDF"), upload_to=file_name, blank=True)
    revoked_on = models.DateField(
        _("thu hồi ngày"),
        null=True,
        blank=True,
        help_text=_("Mọi xếp hạng của quyết định hết hiệu lực từ ngày này."),
    )
    revocation_reason = models.CharField(_("lý do thu hồi"), max_length=500, blank=True)

    class Meta:
        verbose_name = _("quyết định")
        verbose_name_plural = pgettext_lazy("plural", "quyết định")
        ordering = [F("day__startswith").desc(), "number"]
        constraints = [
            VisibleText(
                name="decision_has_no_hidden_characters",
                fields=["number", "issuer", "successor_issuer", "revocation_reason"],
            ),
            models.CheckConstraint(
                name="decision_has_a_document_number",
                condition=Q(number__regex=f"^{NUMBER}$"),
                violation_error_message=_("Số quyết định viết như 1234/QĐ-UBND."),
            ),
            models.CheckConstraint(
                name="decision_has_an_issuer",
                condition=~Q(issuer__regex=r"^\s*$"),
                violation_error_message=_("Cần nêu cơ quan ban hành."),
            ),
            models.CheckConstraint(
                name="decision_day_lies_within_one_year",
                condition=Q(
                    day__isempty=False,
                    day__startswith__isnull=False,
                    day__endswith__isnull=False,
                    day__startswith__year=ExtractYear(AddInterval(F("day__endswith"), "-1 day")),
                ),
                violation_error_message=_("Cần biết ít nhất năm ký quyết định."),
            ),
            models.CheckConstraint(
                name="decision_days_lie_within_the_calendar",
                condition=within_the_calendar("day", "revoked_on:date"),
                violation_error_message=_("Năm phải từ 1900 đến 2100."),
            ),
            models.CheckConstraint(
                name="decision_revoked_after_it_was_signed",
                condition=Q(revoked_on=None) | Q(revoked_on__gte=F("day__startswith")),
                violation_error_message=_("Ngày thu hồi không thể trước ngày ký."),
            ),
            models.CheckConstraint(
                name="decision_revoked_for_a_reason",
                condition=Q(revoked_on=None, revocation_reason="")
                | (Q(revoked_on__isnull=False) & ~Q(revocation_reason__regex=r"^\s*$")),
                violation_error_message=_("Ngày thu hồi và lý do thu hồi đi cùng nhau."),
            ),
            models.UniqueConstraint(
                name="decision_number_is_unique_for_issuer_and_year",
                fields=["year", "issuer", "number"],
                violation_error_message=_(
                    "Đã có quyết định mang số này của cơ quan này trong cùng năm."
                ),
            ),
        ]
        triggers = [
            RaiseVersion(derived=["year"]),
            RaiseVersionOfRecord(
                table="ocop_product",
                where=(
                    "id IN (SELECT product_id FROM ocop_ocoprating"
                    " WHERE decision_id IN (OLD.id, NEW.id))"
                ),
            ),
            # Deferred constraints of the ratings are not involved: an overlap is refused at once.
            pgtrigger.Trigger(
                name="copy_day_to_ratings",
                when=pgtrigger.After,
                operation=pgtrigger.UpdateOf("day"),
                condition=pgtrigger.AnyChange("day"),
                func=(
                    "UPDATE ocop_ocoprating SET decided = NEW.day WHERE decision_id = NEW.id;"
                    " RETURN NULL;"
                ),
            ),
        ]

    def __str__(self):
        return f"{self.number}, {self.issuer} ({format_span(self.day)})"

    @property
    def source_values(self):
        """The values of the source that is created and changed with this decision."""
        year = self.day.lower.year
        return {
            # In Vietnamese in every language: it is the name of a document.
            "title": f"Quyết định {self.number} năm {year} của {self.issuer}",
            "document_number": self.number,
            "dated": self.day,
        }
