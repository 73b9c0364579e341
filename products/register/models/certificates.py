"""Quality certificates of products and producers, as sources state them."""

from django.contrib.gis.db import models
from django.contrib.postgres.aggregates import StringAgg
from django.db.models import F, OuterRef, Q, Subquery
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from geodata.constraints import ConstrainedModel
from geodata.models import Source
from geodata.spans import AddInterval, EachDay
from geodata.text import VisibleText
from geodata.tracking import DependentFeatures, tracked
from geodata.versions import RaiseVersionOfRecord

from .producers import Producer


class CertificateQuerySet(models.QuerySet):
    def on(self, day):
        """Certificates that are not known to begin later or to have ended before that day.

        day: a date, or an expression of one.
        """
        return self.filter(
            Q(from_day=None) | Q(from_day__lte=day), Q(until_day=None) | Q(until_day__gte=day)
        )

    def change_days(self):
        """Return (code of the holder, day) of each day on which on() changes for it."""
        days = [F("from_day"), AddInterval(F("until_day"), "1 day")]
        return self.order_by().values_list(f"{self.model.part_of}__code", EachDay(*days))

    def kinds_on(self, day):
        """Return the kinds of on(day) of the holder of the outer query, as an expression.

        Codes in their order, separated by "; ", null without any.
        """
        holder = self.model.part_of
        kinds = (
            self.on(day)
            .filter(**{holder: OuterRef("pk")})
            .order_by()
            .values(holder)
            .annotate(kinds=StringAgg("kind", "; ", distinct=True, output_field=models.TextField()))
        )
        return Subquery(kinds.values("kinds"))


class QualityCertificate(ConstrainedModel):
    """A certificate of the quality or the way of production, as one source states it.

    Days that the source does not state are unknown. A certificate without a last day is listed
    with the date of its source, because it may have ended.
    """

    class Kind(models.TextChoices):
        VIETGAP = "vietgap", "VietGAP"
        GLOBALGAP = "globalgap", "GLOBALG.A.P."
        ORGANIC = "organic", _("hữu cơ")
        HACCP = "haccp", "HACCP"
        ISO = "iso", "ISO"
        HALAL = "halal", "Halal"
        OTHER = "other", _("khác")

    kind = models.CharField(_("loại chứng nhận"), max_length=20, choices=Kind.choices)
    text = models.CharField(
        _("tên, số hoặc phạm vi theo nguồn"),
        max_length=200,
        blank=True,
        help_text=_("Viết như trong nguồn, ví dụ: ISO 22000:2018."),
    )
    from_day = models.DateField(_("từ ngày"), null=True, blank=True)
    until_day = models.DateField(_("đến hết ngày"), null=True, blank=True)
    source = models.ForeignKey(Source, models.PROTECT, verbose_name=_("nguồn"))

    objects = CertificateQuerySet.as_manager()

    class Meta:
        abstract = True
        verbose_name = _("chứng nhận chất lượng")
        verbose_name_plural = pgettext_lazy("plural", "chứng nhận chất lượng")
        ordering = ["kind", "text", "from_day", "pk"]

    def __str__(self):
        return ": ".join(part for part in (str(self.get_kind_display()), self.text) if part)


def certificate_constraints(model, holder):
    """Return the constraints of a model of certificates.

    model: its name in lower case. holder: name of the field that refers to its record.
    """
    return [
        VisibleText(name=f"{model}_has_no_hidden_characters", fields=["text"]),
        models.CheckConstraint(
            name=f"{model}_of_another_kind_is_named",
            condition=~Q(kind="other") | ~Q(text__regex=r"^\s*$"),
            violation_error_message=_("Chứng nhận loại khác cần có tên."),
        ),
        models.CheckConstraint(
            name=f"{model}_does_not_end_before_it_begins",
            condition=Q(from_day=None) | Q(until_day=None) | Q(until_day__gte=F("from_day")),
            violation_error_message=_("Ngày cuối không được trước ngày đầu."),
        ),
        models.UniqueConstraint(
            name=f"{model}_is_listed_once",
            fields=[holder, "kind", "text", "from_day"],
            nulls_distinct=False,
            violation_error_message=_("Chứng nhận này đã có trong danh sách."),
        ),
    ]


def certificate_columns(holder):
    """Return the SQL values of a certificate that features contain; see DependentFeatures."""
    return f"row.{holder}_id, row.kind, row.from_day, row.until_day"


@tracked(
    dependents=[
        DependentFeatures(
            Producer.features,
            where="id = row.producer_id",
            watched_columns=certificate_columns("producer"),
        )
    ]
)
class ProducerCertificate(QualityCertificate):
    """A quality certificate of a producer."""

    part_of = "producer"

    producer = models.ForeignKey(
        Producer, models.CASCADE, related_name="certificates", verbose_name=_("chủ thể")
    )

    class Meta(QualityCertificate.Meta):
        abstract = False
        constraints = certificate_constraints("producercertificate", "producer")
        triggers = [RaiseVersionOfRecord(table="register_producer", column="producer_id")]
