"""Ratings under the OCOP programme: decisions that gave a product its stars."""

import pgtrigger
from django.contrib.gis.db import models
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db.models import F, Q
from django.db.models.functions import Least
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from geodata.constraints import ConstrainedModel
from geodata.models import Source
from geodata.spans import AddInterval, EachDay, format_span, within_the_calendar
from geodata.text import VisibleText
from geodata.tracking import DependentFeatures, tracked
from geodata.versions import RaiseVersionOfRecord
from products.ocop.change_feed import PRODUCTS

from .decisions import Decision

# OCOP certificates hold for 36 months from the decision (Decision 148/QĐ-TTg of 24/02/2023, as
# quoted by a district's People's Committee on 10/12/2024: "36 months from signing").
RATING_MONTHS = 36
# "Expiring" begins this many days before the end.
EXPIRING_DAYS = 90


class Stars(models.IntegerChoices):
    THREE = 3, _("3 sao")
    FOUR = 4, _("4 sao")
    FIVE = 5, _("5 sao")


class OcopStatus(models.TextChoices):
    VALID = "valid", _("còn hiệu lực")
    EXPIRING = "expiring", _("sắp hết hạn")
    EXPIRED = "expired", _("hết hạn")
    REVOKED = "revoked", _("đã thu hồi")
    UNKNOWN = "unknown", _("chưa rõ")
    NONE = "none", _("chưa được xếp hạng")


def revocation_day(prefix=""):
    """Return the day from which a rating is revoked, as an expression, null if it is not.

    The earlier of its own revocation and that of its decision. prefix: the path to the rating, such
    as "rating__".
    """
    # LEAST ignores nulls.
    return Least(F(f"{prefix}revoked_on"), F(f"{prefix}decision__revoked_on"))


class OcopRatingQuerySet(models.QuerySet):
    def with_term(self):
        """Add ends_from and ends_by: the earliest and latest possible last day, null if unknown.

        They are equal if the day of the decision is known. See ProductQuerySet.with_rating_on().
        """
        months = f"{RATING_MONTHS} months"
        last_day = AddInterval(F("decided__endswith"), "-1 day")
        return self.annotate(
            ends_from=AddInterval(F("decided__startswith"), months),
            ends_by=AddInterval(last_day, months),
        )

    def change_days(self):
        """Return (code of the product, day) of each day on which its status or stars change.

        The first day of the rating, of its state "expiring", of the uncertain end, the day after
        it, and the day of a revocation; see ProductQuerySet.with_rating_on().
        """
        days = [
            F("decided__startswith"),
            AddInterval(F("ends_from"), f"-{EXPIRING_DAYS} days"),
            AddInterval(F("ends_from"), "1 day"),
            AddInterval(F("ends_by"), "1 day"),
            revocation_day(),
        ]
        return self.with_term().order_by().values_list("product__code", EachDay(*days))


@tracked(
    dependents=[
        DependentFeatures(
            PRODUCTS,
            where="id = row.product_id",
            watched_columns=(
                "row.product_id, row.stars, row.nominated_stars, row.decided, row.decision_id,"
                " row.decision_text, row.revoked_on"
            ),
        )
    ]
)
class OcopRating(ConstrainedModel):
    """One decision that gave a product its stars; they hold for RATING_MONTHS from it.

    "Tiềm năng 5 sao" is a nomination, not a star. If stars and nomination are empty, the source
    states only that the product is an OCOP product.

    With a decision, `decided` is a copy of its day, which a trigger maintains. Without one it is
    what the source states.
    """

    # The field of the record of which it is a part; see products.register.workflow.
    part_of = "product"
    # A product has one rating at a time: a second proposed one of the same day corrects the first.
    proposed_once_by = ("decided",)

    product = models.ForeignKey(
        "ocop.Product", models.CASCADE, related_name="ratings", verbose_name=_("sản phẩm")
    )
    stars = models.PositiveSmallIntegerField(
        _("số sao"), choices=Stars.choices, null=True, blank=True
    )
    nominated_stars = models.PositiveSmallIntegerField(
        _("tiềm năng (số sao đề nghị)"), null=True, blank=True
    )
    score = models.DecimalField(_("điểm"), max_digits=5, decimal_places=2, null=True, blank=True)
    decided = DateRangeField(
        _("ngày quyết định"),
        help_text=_("Ngày ký quyết định, hoặc khoảng thời gian chắc chắn chứa ngày đó."),
    )
    decision = models.ForeignKey(
        Decision,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="ratings",
        verbose_name=_("quyết định"),
    )
    decision_text = models.CharField(
        _("quyết định hoặc đợt, theo nguồn"),
        max_length=300,
        blank=True,
        help_text=_("Lời của nguồn, khi chưa có quyết định trong danh sách."),
    )
    issuer = models.CharField(
        _("nơi công nhận"),
        max_length=200,
        blank=True,
        help_text=_("Viết như trong nguồn: cơ quan công nhận có thể không còn."),
    )
    revoked_on = models.DateField(_("thu hồi ngày"), null=True, blank=True)
    source = models.ForeignKey(Source, models.PROTECT, verbose_name=_("nguồn"))

    objects = OcopRatingQuerySet.as_manager()

    class Meta:
        verbose_name = _("xếp hạng OCOP")
        verbose_name_plural = pgettext_lazy("plural", "xếp hạng OCOP")
        ordering = ["product", "decided"]
        constraints = [
            VisibleText(name="rating_has_no_hidden_characters", fields=["decision_text", "issuer"]),
            models.CheckConstraint(
                name="rating_three_to_five_stars",
                condition=Q(stars=None) | Q(stars__range=(3, 5)),
                violation_error_message=_("OCOP có 3, 4 hoặc 5 sao."),
            ),
            models.CheckConstraint(
                name="nomination_four_or_five_stars",
                condition=Q(nominated_stars=None) | Q(nominated_stars__range=(4, 5)),
                violation_error_message=_("Đề nghị chỉ có 4 hoặc 5 sao."),
            ),
            # Decision 148/QĐ-TTg: 5 stars from 90 points, 4 from 70, 3 from 50. A province awards
            # at most four stars, so a score may be above that of the stars, never below.
            models.CheckConstraint(
                name="rating_stars_need_their_points",
                condition=Q(score=None)
                | Q(stars=None, score__range=(0, 100))
                | Q(stars=3, score__range=(50, 100))
                | Q(stars=4, score__range=(70, 100))
                | Q(stars=5, score__range=(90, 100)),
                violation_error_message=_(
                    "5 sao từ 90 điểm, 4 sao từ 70, 3 sao từ 50; tối đa 100."
                ),
            ),
            models.CheckConstraint(
                name="rating_decided_on_some_day",
                condition=Q(decided__isempty=False),
                violation_error_message=_("Khoảng thời gian phải có ít nhất một ngày."),
            ),
            models.CheckConstraint(
                name="rating_days_lie_within_the_calendar",
                condition=within_the_calendar("decided", "revoked_on:date"),
                violation_error_message=_("Năm phải từ 1900 đến 2100."),
            ),
            models.CheckConstraint(
                name="rating_revoked_after_it_was_decided",
                condition=Q(revoked_on=None)
                | Q(decided__startswith=None)
                | Q(revoked_on__gte=F("decided__startswith")),
                violation_error_message=_("Ngày thu hồi không thể trước ngày quyết định."),
            ),
            ExclusionConstraint(
                name="rating_one_at_a_time",
                expressions=[
                    ("product", RangeOperators.EQUAL),
                    ("decided", RangeOperators.OVERLAPS),
                ],
                violation_error_message=_("Sản phẩm đã có xếp hạng khác trong thời gian này."),
            ),
        ]
        triggers = [
            RaiseVersionOfRecord(table="ocop_product", column="product_id"),
            pgtrigger.Trigger(
                name="copy_day_of_decision",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update,
                condition=pgtrigger.Q(new__decision_id__isnull=False),
                # The lock makes a concurrent change of the day wait, and then see this rating.
                func=(
                    "SELECT day INTO NEW.decided FROM ocop_decision"
                    " WHERE id = NEW.decision_id FOR SHARE; RETURN NEW;"
                ),
            ),
        ]

    def __str__(self):
        what = f"{self.stars} sao" if self.stars else self.decision_name
        return f"{what} ({format_span(self.decided)})"

    @property
    def decision_name(self):
        """The number of the decision, else what the source states of it; as features have it."""
        return self.decision.number if self.decision else self.decision_text

    @property
    def issuer_name(self):
        """Who gave the rating: the issuer of the decision, else what the source states."""
        return self.decision.issuer if self.decision else self.issuer

    @property
    def revocation_day(self):
        """The day from which it is revoked, None if it is not; see revocation_day()."""
        days = [self.revoked_on, self.decision.revoked_on if self.decision else None]
        return min(filter(None, days), default=None)
