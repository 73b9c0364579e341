"""Rights of industrial property and the areas that they protect."""

from django.conf import settings
from django.contrib.gis.db import models
from django.contrib.postgres.aggregates import StringAgg
from django.contrib.postgres.fields import DateRangeField
from django.db.models import Case, Exists, F, Func, OuterRef, Q, Subquery, Value, When
from django.db.models.functions import Coalesce, Collate
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from districts.models import Boundary, Role, Unit
from geodata.constraints import ConstrainedModel
from geodata.geometry import ForceCCW, IsValid, RoundCoordinates
from geodata.models import Source
from geodata.spans import AddInterval, EachDay, within_the_calendar
from geodata.text import VisibleText
from geodata.tracking import DependentFeatures, tracked
from geodata.versions import RaiseVersionOfRecord
from products.register.models import (
    Basis,
    ProductType,
    Record,
    RecordQuerySet,
    Sector,
    looks_after_a_province,
    public_record,
)

# Neighbours whose common boundary was drawn twice overlap by slivers: a right does not count as
# covering a unit if it covers less than this share of it.
SLIVER = 0.01

# Marks hold for ten years from filing (Law on Intellectual Property, Article 93).
MARK_YEARS = 10


class Stage(models.TextChoices):
    """The last decision on the right; with_status_on() adds the effect of its term."""

    REGISTERED = "registered", _("đã đăng ký")
    PENDING = "pending", _("đang xin bảo hộ")
    REFUSED = "refused", _("bị từ chối")
    WITHDRAWN = "withdrawn", _("đã rút đơn")
    EXPIRED = "expired", _("đã chấm dứt")


def is_registered(path=""):
    """Return the condition, a Q, that a right was granted: the one definition of "registered".

    path: lookup path to the right, with "__" at its end.
    """
    return Q(**{f"{path}stage": Stage.REGISTERED})


def registered_sql(row):
    """Return the condition of is_registered() in SQL, for triggers; row: name of the row."""
    return f"{row}.stage = '{Stage.REGISTERED}'"


class IpRightQuerySet(RecordQuerySet):
    def registered(self):
        """Rights that were granted; applications and refused ones are left out."""
        return self.filter(is_registered())

    def on_goods_of(self, type_id):
        """Registered rights whose goods include a type of product; none without a type.

        Whether a product of that type may use them is not known. type_id: a key, None, or an
        OuterRef, of which NULL finds none.
        """
        return self.none() if type_id is None else self.registered().filter(goods_types=type_id)

    def with_status_on(self, day):
        """Add `status`, a Status, on that day, and `ends_by` of with_end().

        A geographical indication is protected indefinitely. After the term of a mark its status is
        "renewal unknown" unless a renewal is recorded. If the end is not known, the status is
        unknown.

        day: a date, or an expression of one. change_days() returns the days on which the status
        changes.
        """
        return self.with_end().annotate(
            status=Case(
                When(~is_registered(), then=F("stage")),
                When(
                    kind=IpRight.Kind.GEOGRAPHICAL_INDICATION, then=Value(IpRight.Status.IN_FORCE)
                ),
                When(ends_by__lt=day, then=Value(IpRight.Status.RENEWAL_UNKNOWN)),
                When(expires__gte=day, then=Value(IpRight.Status.IN_FORCE)),
                default=Value(IpRight.Status.UNKNOWN),
                output_field=models.CharField(choices=IpRight.Status.choices),
            ),
        )

    def with_end(self):
        """Add `ends_by`, the last day of a known term, null if unknown.

        A mark is protected for ten years from filing. Filing is never after the grant, so its term
        ends ten years after the grant at the latest. Other rights have only a stated `expires`.
        """
        term = f"{MARK_YEARS} years"
        latest = Coalesce(F("filed__endswith"), F("granted__endswith"))
        ends_by = Coalesce(
            F("expires"),
            Case(
                When(
                    kind__in=IpRight.MARKS,
                    then=AddInterval(AddInterval(latest, "-1 day"), term),
                )
            ),
        )
        return self.annotate(ends_by=ends_by)

    def with_owner_dissolved(self, day):
        """Add `owner_dissolved_on`: the day from which the owner has not existed, null if it has.

        For owners that are the People's Committee of a unit: the unit has ended by that day and no
        unit of its name exists then. A successor is never derived: where a source names one, it is
        the owner.

        day: a date.
        """
        unit = Collate(
            Func(
                OuterRef("owner"),
                Value("^(UBND|Ủy ban nhân dân|Uỷ ban nhân dân) "),
                Value(""),
                function="regexp_replace",
                output_field=models.TextField(),
            ),
            "C",
        )
        committee = Q(owner__regex="^(UBND|Ủy ban nhân dân|Uỷ ban nhân dân) ")
        units = Unit.objects.alias(plain_name=Collate("full_name", "C")).filter(plain_name=unit)
        ended = units.filter(validity__endswith__lte=day).order_by("-validity__endswith")
        return self.annotate(
            owner_dissolved_on=Case(
                When(
                    committee & ~Exists(units.on(day)),
                    then=Subquery(ended.values("validity__endswith")[:1]),
                ),
                output_field=models.DateField(),
            )
        )

    def with_goods_types(self):
        """Add `goods_type_codes`: codes of the types of product among its goods.

        Separated by "; ", null without any.
        """
        codes = (
            ProductType.objects.filter(rights=OuterRef("pk"))
            .order_by()
            .values("rights")
            .annotate(
                codes=StringAgg("code", "; ", order_by="code", output_field=models.TextField())
            )
        )
        return self.annotate(goods_type_codes=Subquery(codes.values("codes")))

    def change_days(self):
        """Return (code, day) of each day on which the status of a right changes."""
        days = [AddInterval(F(end), "1 day") for end in ("ends_by", "expires")]
        return self.with_end().order_by().values_list("code", EachDay(*days))

    def covering(self, unit):
        """Rights whose area intersects the unit; adds `covered`, the share of the unit's area.

        The share is between SLIVER and 1.
        """
        territory = Subquery(Boundary.objects.filter(unit=unit).values("geometry"))
        common = Func(F("area"), territory, function="ST_Intersection")
        shares = self.filter(area__intersects=territory).annotate(
            covered=Func(
                common,
                territory,
                template="ST_Area(%(expressions)s)",
                arg_joiner=") / ST_Area(",
                output_field=models.FloatField(),
            )
        )
        return shares.filter(covered__gte=SLIVER)

    def editable_by(self, user, role=Role.EDITOR):
        """All rights for stewards of a whole province, none for others: a right has no commune."""
        return self.all() if looks_after_a_province(user, role) else self.none()

    def dissolve_areas(self):
        """Compute the areas of registered rights as the union of their stated units.

        A pending right has no area.
        """

        def union(column):
            parts = Unit.objects.filter(protected_areas__right=OuterRef("pk"))
            dissolved = parts.values("protected_areas__right").annotate(
                area=ForceCCW(models.Union(column))
            )
            return Subquery(dissolved.values("area"))

        stated = Exists(AreaUnit.objects.filter(right=OuterRef("pk")))
        registered = self.registered().filter(stated)
        return registered.update(
            area=union("boundary__geometry"), outline=union("boundary__outline")
        )

    update_derived = dissolve_areas


@public_record(
    "protections",
    searched=["NEW.name", "NEW.goods", "NEW.owner"],
    # See IpRightQuerySet.dissolve_areas().
    derived=["area", "outline"],
)
class IpRight(Record):
    """A right of industrial property: a geographical indication, a mark, a patent…"""

    code_prefix = settings.PLACE.code_prefixes["right"]

    class Kind(models.TextChoices):
        GEOGRAPHICAL_INDICATION = "geographical_indication", _("chỉ dẫn địa lý")
        CERTIFICATION_MARK = "certification_mark", _("nhãn hiệu chứng nhận")
        COLLECTIVE_MARK = "collective_mark", _("nhãn hiệu tập thể")
        TRADEMARK = "trademark", _("nhãn hiệu")
        PATENT = "patent", _("sáng chế")
        UTILITY_SOLUTION = "utility_solution", _("giải pháp hữu ích")
        INDUSTRIAL_DESIGN = "industrial_design", _("kiểu dáng công nghiệp")
        PLANT_VARIETY = "plant_variety", _("giống cây trồng")

    Stage = Stage

    class Status(models.TextChoices):
        IN_FORCE = "in_force", _("đang được bảo hộ")
        RENEWAL_UNKNOWN = "renewal_unknown", _("chưa rõ đã gia hạn")
        EXPIRED = "expired", _("đã chấm dứt")
        PENDING = "pending", _("đang xin bảo hộ")
        REFUSED = "refused", _("bị từ chối")
        WITHDRAWN = "withdrawn", _("đã rút đơn")
        UNKNOWN = "unknown", _("chưa rõ")

    MARKS = (Kind.CERTIFICATION_MARK, Kind.COLLECTIVE_MARK, Kind.TRADEMARK)

    kind = models.CharField(_("loại quyền"), max_length=30, choices=Kind.choices)
    stage = models.CharField(
        _("kết quả"), max_length=20, choices=Stage.choices, default=Stage.REGISTERED
    )
    number = models.CharField(
        _("số"), max_length=30, blank=True, help_text=_("Để trống nếu chưa rõ số.")
    )
    decision = models.CharField(_("quyết định"), max_length=200, blank=True)
    owner = models.CharField(_("chủ sở hữu hoặc nơi quản lý"), max_length=200, blank=True)
    filed = DateRangeField(_("ngày nộp đơn"), null=True, blank=True)
    granted = DateRangeField(_("ngày cấp"), null=True, blank=True)
    expires = models.DateField(_("hết hạn ngày"), null=True, blank=True)
    status_note = models.CharField(
        _("hiệu lực theo nguồn"),
        max_length=300,
        blank=True,
        help_text=_("Ghi chép nội bộ khi gom dữ liệu, không công bố."),
    )
    goods = models.CharField(_("sản phẩm được bảo hộ, theo nguồn"), max_length=500, blank=True)
    goods_types = models.ManyToManyField(
        ProductType, through="GoodsType", related_name="rights", verbose_name=_("loại hàng")
    )
    sector = models.CharField(_("lĩnh vực"), max_length=20, choices=Sector.choices, blank=True)
    sector_basis = models.CharField(
        _("lĩnh vực biết từ"), max_length=20, choices=Basis.choices, blank=True
    )
    area_note = models.CharField(
        _("khu vực theo nguồn"), max_length=500, blank=True, help_text=_("Viết như trong nguồn.")
    )
    area_units = models.ManyToManyField(
        Unit, through="AreaUnit", related_name="rights", verbose_name=_("gồm các đơn vị")
    )
    area = models.MultiPolygonField(_("khu vực bảo hộ"), srid=4326, null=True, blank=True)
    outline = models.MultiPolygonField(
        _("khu vực, đường bao đơn giản"), srid=4326, null=True, blank=True, editable=False
    )
    quote = models.CharField(_("trích nguồn"), max_length=300, blank=True)
    other_source = models.ForeignKey(
        Source,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("nguồn khác"),
    )

    objects = IpRightQuerySet.as_manager()

    class Meta(Record.Meta):
        verbose_name = _("quyền sở hữu công nghiệp")
        verbose_name_plural = pgettext_lazy("plural", "quyền sở hữu công nghiệp")
        constraints = [
            *Record.Meta.constraints,
            VisibleText(
                name="right_has_no_hidden_characters",
                fields=[
                    "name",
                    "number",
                    "decision",
                    "owner",
                    "status_note",
                    "goods",
                    "area_note",
                    "quote",
                ],
                lines=["state_reason", "note"],
            ),
            models.UniqueConstraint(
                name="right_number_is_unique_in_its_kind",
                fields=["kind", "number"],
                condition=~Q(number=""),
                violation_error_message=_("Số này đã có ở một quyền cùng loại."),
            ),
            models.CheckConstraint(
                name="geographical_indication_does_not_expire",
                condition=~Q(kind="geographical_indication") | Q(expires=None),
                violation_error_message=_("Chỉ dẫn địa lý được bảo hộ vô thời hạn."),
            ),
            models.CheckConstraint(
                name="right_days_lie_within_the_calendar",
                condition=within_the_calendar("filed", "granted", "expires:date"),
                violation_error_message=_("Năm phải từ 1900 đến 2100."),
            ),
            models.CheckConstraint(
                name="right_is_granted_after_it_was_filed",
                condition=Q(filed__startswith=None)
                | Q(granted__endswith=None)
                | Q(granted__endswith__gt=F("filed__startswith")),
                violation_error_message=_("Ngày cấp không thể trước ngày nộp đơn."),
            ),
            models.CheckConstraint(
                name="right_expires_after_it_was_granted",
                condition=Q(expires=None)
                | Q(granted__startswith=None)
                | Q(expires__gte=F("granted__startswith")),
                violation_error_message=_("Ngày hết hạn không thể trước ngày cấp."),
            ),
            models.CheckConstraint(
                name="pending_right_is_not_granted",
                condition=~Q(stage="pending") | Q(granted=None, number=""),
                violation_error_message=_("Đơn đang xét chưa có số và ngày cấp."),
            ),
            models.CheckConstraint(
                name="right_that_does_not_protect_has_no_area",
                condition=Q(area=None, outline=None) | is_registered(),
                violation_error_message=_("Chỉ quyền đã đăng ký mới có khu vực bảo hộ."),
            ),
            models.CheckConstraint(
                name="right_area_is_a_valid_polygon",
                condition=IsValid("area"),
                violation_error_message=_("Khu vực bảo hộ không phải là đa giác hợp lệ."),
            ),
        ]
        triggers = [RoundCoordinates("area", "outline")]

    @property
    def is_registered(self):
        """Whether registered() contains it."""
        return self.stage == Stage.REGISTERED

    @classmethod
    def refusals(cls, rights):
        """See Record.refusals(); removes the area of rights that are not registered."""
        for right in rights:
            if not right.is_registered:
                right.area = right.outline = None
        return super().refusals(rights)

    @classmethod
    def essentials(cls):
        """See Record.essentials()."""
        return {
            **super().essentials(),
            "number": (_("số văn bằng"), ~Q(number="")),
            "owner": (_("chủ sở hữu"), ~Q(owner="")),
            "granted": (_("ngày cấp"), Q(granted__isnull=False)),
        }

    @classmethod
    def may_be_added_by(cls, user):
        """See Record: stewards of a whole province, because a right has no commune."""
        return looks_after_a_province(user, Role.EDITOR)


@tracked()
class AreaUnit(ConstrainedModel):
    """One unit of the area that a right is stated to cover."""

    part_of = "right"

    right = models.ForeignKey(IpRight, models.CASCADE, related_name="area_parts")
    unit = models.ForeignKey(
        Unit, models.PROTECT, related_name="protected_areas", verbose_name=_("đơn vị")
    )

    class Meta:
        verbose_name = _("đơn vị trong khu vực")
        verbose_name_plural = pgettext_lazy("plural", "khu vực gồm các đơn vị")
        constraints = [
            models.UniqueConstraint(
                name="area_names_a_unit_once",
                fields=["right", "unit"],
                violation_error_message=_("Đơn vị này đã có trong khu vực."),
            )
        ]
        triggers = [RaiseVersionOfRecord(table="rights_ipright", column="right_id")]

    def __str__(self):
        return str(self.unit)


@tracked(
    dependents=[
        DependentFeatures(
            IpRight.features,
            where="id = row.right_id",
            watched_columns="row.right_id, row.type_id",
        )
    ]
)
class GoodsType(ConstrainedModel):
    """A type of product among the goods of a right; editorial, unless its basis is "stated".

    A product of the type may be made by somebody who must not use the right: only a source can
    state that the right covers it.
    """

    part_of = "right"

    right = models.ForeignKey(IpRight, models.CASCADE, related_name="goods_parts")
    type = models.ForeignKey(ProductType, models.PROTECT, verbose_name=_("loại hàng"))
    basis = models.CharField(
        _("loại hàng biết từ"), max_length=20, choices=Basis.choices, default=Basis.INFERRED
    )

    class Meta:
        verbose_name = _("loại hàng của quyền")
        verbose_name_plural = pgettext_lazy("plural", "loại hàng của quyền")
        constraints = [
            models.UniqueConstraint(
                name="right_names_a_type_once",
                fields=["right", "type"],
                violation_error_message=_("Loại hàng này đã có ở quyền."),
            )
        ]
        triggers = [RaiseVersionOfRecord(table="rights_ipright", column="right_id")]

    def __str__(self):
        return str(self.type)
