"""Rights of industrial property and the ground and products that they protect."""

from django.conf import settings
from django.contrib.gis.db import models
from django.contrib.postgres.fields import DateRangeField
from django.db.models import Case, Exists, F, Func, OuterRef, Q, Subquery, Value, When
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from districts.models import Boundary, Role, Unit
from geodata.constraints import ConstrainedModel
from geodata.geometry import ForceCCW, IsValid, RoundCoordinates
from geodata.models import Source
from geodata.spans import AddInterval, within_the_calendar
from geodata.text import VisibleText
from geodata.tracking import DependentFeatures, tracked
from geodata.versions import VERSION_FIELDS, RaiseVersionOfRecord

from .places import looks_after_a_province
from .products import Basis, Product, Sector
from .records import Record, RecordQuerySet, record_triggers
from .shown import PRODUCTS, PROTECTIONS

# Where a common line was drawn twice, neighbours overlap by slivers: a right does not reach a unit
# of which it covers less than this share.
SLIVER = 0.01

# Marks hold for ten years from filing (Law on Intellectual Property, Article 93).
MARK_YEARS = 10


class IpRightQuerySet(RecordQuerySet):
    def with_status_on(self, day):
        """Add what the right is worth on that day.

        A geographical indication holds without end. A mark holds ten years from filing; once
        they are over without a renewal seen, its renewal is unknown. Filing is never after the
        grant, so the term of a mark ends ten years after the grant at the latest. Where neither
        day is known, nor is the status; other rights have no term here but a stated `expires`.
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
        return self.annotate(
            ends_by=ends_by,
            status=Case(
                When(~Q(stage=IpRight.Stage.REGISTERED), then=F("stage")),
                When(
                    kind=IpRight.Kind.GEOGRAPHICAL_INDICATION, then=Value(IpRight.Status.IN_FORCE)
                ),
                When(ends_by__lt=day, then=Value(IpRight.Status.RENEWAL_UNKNOWN)),
                When(expires__gte=day, then=Value(IpRight.Status.IN_FORCE)),
                default=Value(IpRight.Status.UNKNOWN),
                output_field=models.CharField(choices=IpRight.Status.choices),
            ),
        )

    def reaching(self, unit):
        """Rights whose area lies on the ground of that unit; adds `covered`, from SLIVER to 1:
        the share of the ground that it covers.
        """
        ground = Subquery(Boundary.objects.filter(unit=unit).values("geometry"))
        common = Func(F("area"), ground, function="ST_Intersection")
        shares = self.filter(area__intersects=ground).annotate(
            covered=Func(
                common,
                ground,
                template="ST_Area(%(expressions)s)",
                arg_joiner=") / ST_Area(",
                output_field=models.FloatField(),
            )
        )
        return shares.filter(covered__gte=SLIVER)

    def editable_by(self, user, role=Role.EDITOR):
        """All rights for those who look after a whole province: a right has no one commune."""
        return self.all() if looks_after_a_province(user, role) else self.none()

    def dissolve_areas(self):
        """Derive the area of registered rights from the units it is stated as, without their
        inner borders. A pending right is never drawn.
        """

        def union(column):
            parts = Unit.objects.filter(protected_areas__right=OuterRef("pk"))
            dissolved = parts.values("protected_areas__right").annotate(
                ground=ForceCCW(models.Union(column))
            )
            return Subquery(dissolved.values("ground"))

        stated = Exists(AreaUnit.objects.filter(right=OuterRef("pk")))
        registered = self.filter(stated, stage=IpRight.Stage.REGISTERED)
        return registered.update(
            area=union("boundary__geometry"), outline=union("boundary__outline")
        )

    update_derived = dissolve_areas


@tracked(
    exclude=["slug", "search_text", "version_transaction"],
    ignore=VERSION_FIELDS,
    features=[PROTECTIONS],
    dependents=[
        DependentFeatures(
            PRODUCTS,
            where=(
                "id IN (SELECT product_id FROM products_protectedproduct WHERE right_id = row.id)"
            ),
            watched_columns=(
                "CASE WHEN row.state = 'published' AND row.stage = 'registered' THEN row.name END"
            ),
        )
    ],
)
class IpRight(Record):
    """A right of industrial property: a geographical indication, a mark, a patent…"""

    page = "frontend:protection"
    code_prefix = settings.IP_RIGHT_CODE_PREFIX

    class Kind(models.TextChoices):
        GEOGRAPHICAL_INDICATION = "geographical_indication", _("chỉ dẫn địa lý")
        CERTIFICATION_MARK = "certification_mark", _("nhãn hiệu chứng nhận")
        COLLECTIVE_MARK = "collective_mark", _("nhãn hiệu tập thể")
        TRADEMARK = "trademark", _("nhãn hiệu")
        PATENT = "patent", _("sáng chế")
        UTILITY_SOLUTION = "utility_solution", _("giải pháp hữu ích")
        INDUSTRIAL_DESIGN = "industrial_design", _("kiểu dáng công nghiệp")
        PLANT_VARIETY = "plant_variety", _("giống cây trồng")

    class Stage(models.TextChoices):
        """What was last decided; with_status_on() adds what time has done to it."""

        REGISTERED = "registered", _("đã đăng ký")
        PENDING = "pending", _("đang xin bảo hộ")
        REFUSED = "refused", _("bị từ chối")
        WITHDRAWN = "withdrawn", _("đã rút đơn")
        EXPIRED = "expired", _("đã chấm dứt")

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
    products = models.ManyToManyField(
        Product, through="ProtectedProduct", related_name="rights", verbose_name=_("sản phẩm")
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
                condition=Q(area=None, outline=None) | Q(stage="registered"),
                violation_error_message=_("Chỉ quyền đã đăng ký mới có khu vực bảo hộ."),
            ),
            models.CheckConstraint(
                name="right_area_is_a_valid_polygon",
                condition=IsValid("area"),
                violation_error_message=_("Khu vực bảo hộ không phải là đa giác hợp lệ."),
            ),
        ]
        triggers = [
            *record_triggers(
                searched=["NEW.name", "NEW.goods", "NEW.owner"],
                # See IpRightQuerySet.dissolve_areas().
                derived=["area", "outline"],
            ),
            RoundCoordinates("area", "outline"),
        ]

    @classmethod
    def refusals(cls, rights):
        """See Record.refusals(); takes the area from rights that do not protect."""
        for right in rights:
            if right.stage != cls.Stage.REGISTERED:
                right.area = right.outline = None
        return super().refusals(rights)


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
        triggers = [RaiseVersionOfRecord(table="products_ipright", column="right_id")]

    def __str__(self):
        return str(self.unit)


@tracked(
    # Of a draft as well: once the row is gone, nothing tells whether the right had been public.
    dependents=[
        DependentFeatures(
            PRODUCTS, where="id = row.product_id", watched_columns="row.product_id, row.right_id"
        ),
        DependentFeatures(
            PROTECTIONS, where="id = row.right_id", watched_columns="row.product_id, row.right_id"
        ),
    ]
)
class ProtectedProduct(ConstrainedModel):
    """A product that a source says a right covers; standing in the area alone is not enough."""

    part_of = "right"

    right = models.ForeignKey(IpRight, models.CASCADE, related_name="protected_products")
    product = models.ForeignKey(
        Product, models.CASCADE, related_name="protected_by", verbose_name=_("sản phẩm")
    )
    source = models.ForeignKey(Source, models.PROTECT, verbose_name=_("nguồn"))

    class Meta:
        verbose_name = _("sản phẩm được bảo hộ")
        verbose_name_plural = pgettext_lazy("plural", "sản phẩm được bảo hộ")
        constraints = [
            models.UniqueConstraint(
                name="right_names_a_product_once",
                fields=["right", "product"],
                violation_error_message=_("Sản phẩm này đã có trong danh sách."),
            )
        ]
        triggers = [RaiseVersionOfRecord(table="products_ipright", column="right_id")]

    def __str__(self):
        return str(self.product)
