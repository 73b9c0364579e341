"""When a type of product is harvested or made, as pages state it."""

from django.contrib.gis.db import models
from django.db.models import F, Func, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from districts.models import Level, Unit
from geodata.constraints import ConstrainedModel
from geodata.models import Source
from geodata.spans import AddInterval, EachDay
from geodata.text import VisibleText
from geodata.tracking import tracked

from .product_types import ProductType

# Changes of seasons are computed until the end of the second year from now, and again when the
# last of them has passed; see products/ocop/season_changes.py. Last year: it may have just ended.
YEARS = range(-1, 3)


class SeasonState(models.TextChoices):
    """What seasons state of a product on a day."""

    IN_SEASON = "in_season", _("đang vào mùa")
    ALL_YEAR = "all_year", _("quanh năm")
    OUT_OF_SEASON = "out_of_season", _("không vào mùa")
    UNKNOWN = "unknown", _("chưa rõ mùa")


class MonthStart(Func):
    """The first day of a month of a year counted from the current one, null without a month.

    month: expression of 1 to 12. years: number of years from now, an integer. The current year is
    that of the time zone of the session.
    """

    output_field = models.DateField()

    def __init__(self, month, years=0, **extra):
        super().__init__(
            month,
            template=f"make_date(extract(year FROM current_date)::integer + {years},"
            " %(expressions)s, 1)",
            **extra,
        )


class SeasonQuerySet(models.QuerySet):
    def with_months(self):
        """Seasons that state their months."""
        return self.filter(from_month__isnull=False)

    def month_turns(self):
        """Return, as an expression, each day on which a season begins or is over; see YEARS."""
        begins = [MonthStart(F("from_month"), years) for years in YEARS]
        ends = [AddInterval(MonthStart(F("to_month"), years), "1 month") for years in YEARS]
        return EachDay(*begins, *ends)

    def in_month(self, month):
        """Seasons whose months contain that one, over the turn of the year too.

        month: 1 to 12, or an expression of it. Seasons of the whole year and those without months
        are left out.
        """
        begun, not_over = Q(from_month__lte=month), Q(to_month__gte=month)
        # From November to February.
        over_the_turn = Q(from_month__gt=F("to_month"))
        return self.filter((begun & not_over) | (over_the_turn & (begun | not_over)))

    def applying_to(self, type, *units):
        """Seasons of a type of product that apply in one of these units.

        type: a ProductType, its id, or an expression of it. units: the units of one place, each as
        an id or an expression; None for an unknown one. A season with a place applies only there:
        nowhere if its place is known in words alone.
        """
        applies = Q(place="", units=None)
        for unit in units:
            if unit is not None:
                applies |= Q(units=unit)
        return self.filter(applies, type=type).distinct()


@tracked()
class Season(ConstrainedModel):
    """One statement about the season of a type of product: its months, the whole year, or words.

    A statement about several types has one row for each.
    """

    # Only rows of files have one; with the type it identifies the row.
    code = models.CharField(_("mã"), max_length=20, blank=True, editable=False)
    type = models.ForeignKey(
        ProductType, models.PROTECT, related_name="seasons", verbose_name=_("loại sản phẩm")
    )
    variety = models.CharField(
        _("giống hoặc dạng riêng"),
        max_length=100,
        blank=True,
        help_text=_(
            "Mùa của riêng một giống không quyết định sản phẩm nào đang vào mùa, vì hồ sơ sản phẩm"
            " không ghi giống."
        ),
    )
    from_month = models.SmallIntegerField(
        _("từ tháng"), null=True, blank=True, help_text=_("Từ 1 đến 12; để trống nếu không rõ.")
    )
    to_month = models.SmallIntegerField(
        _("đến hết tháng"),
        null=True,
        blank=True,
        help_text=_("Nhỏ hơn “từ tháng” nếu mùa qua năm mới: từ 11 đến 2."),
    )
    all_year = models.BooleanField(_("quanh năm"), default=False)
    statement = models.CharField(
        _("mùa theo nguồn"), max_length=300, blank=True, help_text=_("Viết như trong nguồn.")
    )
    place = models.CharField(
        _("nơi theo nguồn"),
        max_length=200,
        blank=True,
        help_text=_(
            "Viết như trong nguồn, và chọn các đơn vị ở dưới: mùa chỉ áp dụng cho sản phẩm ở đó."
        ),
    )
    units = models.ManyToManyField(
        Unit, through="SeasonUnit", related_name="seasons", verbose_name=_("ở các đơn vị")
    )
    source = models.ForeignKey(Source, models.PROTECT, verbose_name=_("nguồn"))

    objects = SeasonQuerySet.as_manager()

    class Meta:
        verbose_name = _("mùa vụ")
        verbose_name_plural = pgettext_lazy("plural", "mùa vụ")
        ordering = ["type__name", "type__code", "variety", "place", "from_month", "code", "pk"]
        constraints = [
            VisibleText(
                name="season_has_no_hidden_characters",
                fields=["code", "variety", "statement", "place"],
            ),
            models.UniqueConstraint(
                name="season_of_a_file_is_listed_once_for_each_type",
                fields=["code", "type"],
                condition=~Q(code=""),
                violation_error_message=_("Loại sản phẩm này đã có mùa mang mã này."),
            ),
            models.CheckConstraint(
                name="season_begins_in_month_1_to_12",
                condition=Q(from_month=None) | Q(from_month__range=(1, 12)),
                violation_error_message=_("Tháng là số từ 1 đến 12."),
            ),
            models.CheckConstraint(
                name="season_ends_in_month_1_to_12",
                condition=Q(to_month=None) | Q(to_month__range=(1, 12)),
                violation_error_message=_("Tháng là số từ 1 đến 12."),
            ),
            models.CheckConstraint(
                name="season_has_both_months_or_none",
                condition=Q(from_month=None, to_month=None)
                | Q(from_month__isnull=False, to_month__isnull=False),
                violation_error_message=_("Cần cả tháng đầu lẫn tháng cuối, hoặc không tháng nào."),
            ),
            models.CheckConstraint(
                name="season_of_the_whole_year_has_no_months",
                condition=Q(from_month=None, to_month=None) | Q(all_year=False),
                violation_error_message=_("Mùa quanh năm không có tháng đầu và tháng cuối."),
            ),
            models.CheckConstraint(
                name="season_states_something",
                condition=~Q(statement__regex=r"^\s*$")
                | Q(from_month__isnull=False)
                | Q(all_year=True),
                violation_error_message=_("Cần nêu tháng, “quanh năm” hoặc lời của nguồn."),
            ),
        ]

    def __str__(self):
        return f"{self.type}: {self.statement or self.variety or self.place or self.pk}"

    @property
    def months(self):
        """The months of the season in their order, [] without any; see in_month()."""
        if self.from_month is None:
            return []
        number = (self.to_month - self.from_month) % 12 + 1
        return [(self.from_month - 1 + more) % 12 + 1 for more in range(number)]


@tracked()
class SeasonUnit(ConstrainedModel):
    """A unit in which a season applies; a season without any applies everywhere."""

    part_of = "season"

    season = models.ForeignKey(Season, models.CASCADE, related_name="places")
    unit = models.ForeignKey(
        Unit,
        models.PROTECT,
        related_name="+",
        limit_choices_to={"level__in": [Level.DISTRICT, Level.COMMUNE]},
        verbose_name=_("đơn vị"),
    )

    class Meta:
        verbose_name = _("đơn vị có mùa này")
        verbose_name_plural = pgettext_lazy("plural", "mùa này chỉ ở các đơn vị")
        constraints = [
            models.UniqueConstraint(
                name="season_names_a_unit_once",
                fields=["season", "unit"],
                violation_error_message=_("Mùa này đã có đơn vị đó."),
            )
        ]

    def __str__(self):
        return str(self.unit)
