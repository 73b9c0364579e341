"""Administrative units with their periods, boundaries, successions and stewards.

A unit and its boundary are two tables: with the polygon on the unit, every product list would
fetch every vertex of every commune.
"""

from django.conf import settings
from django.contrib.gis.db import models
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db.models import F, Func, Q, Value
from django.db.models.functions import Concat
from django.urls import reverse
from django.utils.functional import lazy
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from geodata.constraints import ConstrainedModel
from geodata.geometry import IsValid, RoundCoordinates
from geodata.models import Source
from geodata.pages import page_name
from geodata.spans import ONE_DAY, format_day, within_the_calendar
from geodata.text import VisibleText, fold
from geodata.tracking import DependentFeatures, Features, ListChanges, tracked

# The day on which the units changed, written in the language of the request.
CHANGED_ON = lazy(format_day, str)(settings.PLACE.units_changed_on)


class Level(models.IntegerChoices):
    PROVINCE = 1, _("tỉnh")
    DISTRICT = 2, _("huyện")
    COMMUNE = 3, _("xã")


DISTRICTS, COMMUNES = (
    Features(
        collection,
        table="districts_unit",
        key="public_id",
        public=f"level = {level}",
        watched_columns=(
            "row.level, row.code, row.kind, row.name, row.name_en, row.parent_id,"
            " row.validity, row.source_id"
        ),
    )
    for collection, level in (("districts", Level.DISTRICT), ("communes", Level.COMMUNE))
)


def dependent_units(where, watched_columns):
    """The units that show values of a row; see DependentFeatures."""
    return [
        DependentFeatures(units, where=where, watched_columns=watched_columns)
        for units in (DISTRICTS, COMMUNES)
    ]


def last_day_of_old_units():
    """Return the day before the present units: the day that "old" units refer to."""
    return settings.PLACE.units_changed_on - ONE_DAY


class UnitQuerySet(models.QuerySet):
    def on(self, day):
        """Units in existence on that day."""
        return self.filter(validity__contains=day)

    def old_districts(self):
        """The districts of the province before districts were abolished."""
        of_province = {"level": Level.DISTRICT, "parent__code": settings.PLACE.province_code}
        return self.on(last_day_of_old_units()).filter(**of_province)

    def covering(self, point):
        """Units whose boundary covers the point, borders included."""
        return self.filter(boundary__geometry__covers=point)

    def for_labels(self):
        """Units with their parents, which Unit.label contains."""
        return self.select_related("parent")

    def confusable_with(self, unit):
        """Other units of the same level that have the name or the code of this one, at any time."""
        same = Q(name=unit.name) | Q(code=unit.code)
        return self.filter(same, level=unit.level).exclude(pk=unit.pk)

    def stewarded_by(self, user, role):
        """Units of the user's stewardships in that role or a higher one, and all inside them."""
        if user.is_superuser:
            return self.all()
        return self.inside(
            Unit.objects.filter(stewardships__user=user, stewardships__role__gte=role)
        )

    def inside(self, units):
        """The units of a queryset, and all inside them."""
        own = units.values("pk")
        return self.filter(Q(pk__in=own) | Q(parent__in=own) | Q(parent__parent__in=own))


# The other units of the successions of a unit.
RELATIVES = (
    "id IN (SELECT successor_id FROM districts_succession WHERE predecessor_id = row.id"
    " UNION SELECT predecessor_id FROM districts_succession WHERE successor_id = row.id)"
)


@tracked(
    exclude=["full_name"],
    features=[DISTRICTS, COMMUNES],
    dependents=[
        *dependent_units(where="parent_id = row.id", watched_columns="row.code, row.full_name"),
        *dependent_units(where=RELATIVES, watched_columns="row.code"),
    ],
)
class Unit(ConstrainedModel):
    """A province, district or commune for as long as it exists under one code and name.

    Codes are used again for other units, so neither code nor name alone is a key: `public_id` is.
    """

    public_id = models.CharField(
        max_length=20,
        unique=True,
        editable=False,
        help_text="{code}, or {code}-{first day} where that is known; given once, never changed.",
    )
    code = models.CharField(_("mã"), max_length=5, help_text=_("Mã của Tổng cục Thống kê."))
    level = models.PositiveSmallIntegerField(_("cấp"), choices=Level.choices)
    kind = models.CharField(_("loại"), max_length=20, help_text=_("phường, xã, thị trấn, huyện…"))
    name = models.CharField(_("tên"), max_length=100, db_collation="vi-x-icu")
    name_en = models.CharField(_("tên tiếng Anh"), max_length=100, blank=True)
    full_name = models.GeneratedField(
        expression=Concat(F("kind"), Value(" "), F("name")),
        output_field=models.CharField(max_length=121, db_collation="vi-x-icu"),
        db_persist=True,
        verbose_name=_("tên đầy đủ"),
    )
    parent = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="children",
        verbose_name=_("thuộc"),
    )
    validity = DateRangeField(
        _("tồn tại"), help_text=_("Từ ngày đầu đến ngày đầu tiên không còn; để trống nếu chưa rõ.")
    )
    official_area_km2 = models.DecimalField(
        _("diện tích công bố (km²)"), max_digits=8, decimal_places=2, null=True, blank=True
    )
    official_area_source = models.CharField(_("nguồn diện tích"), max_length=300, blank=True)
    source = models.ForeignKey(Source, models.PROTECT, verbose_name=_("nguồn"))

    objects = UnitQuerySet.as_manager()

    class Meta:
        verbose_name = _("đơn vị hành chính")
        verbose_name_plural = pgettext_lazy("plural", "đơn vị hành chính")
        ordering = ["code", "public_id"]
        constraints = [
            VisibleText(
                name="unit_has_no_hidden_characters",
                fields=["public_id", "kind", "name", "name_en", "official_area_source"],
            ),
            models.CheckConstraint(
                name="unit_code_has_two_three_or_five_digits",
                condition=Q(level=Level.PROVINCE, code__regex=r"^\d{2}$")
                | Q(level=Level.DISTRICT, code__regex=r"^\d{3}$")
                | Q(level=Level.COMMUNE, code__regex=r"^\d{5}$"),
                violation_error_message=_("Mã tỉnh có 2 chữ số, mã huyện 3, mã xã 5."),
            ),
            models.CheckConstraint(
                name="unit_exists_for_at_least_a_day",
                condition=Q(validity__isempty=False),
                violation_error_message=_("Đơn vị phải tồn tại ít nhất một ngày."),
            ),
            models.CheckConstraint(
                name="unit_exists_within_the_calendar",
                condition=within_the_calendar("validity"),
                violation_error_message=_("Năm phải từ 1900 đến 2100."),
            ),
            models.CheckConstraint(
                name="unit_is_not_its_own_parent",
                condition=Q(parent=None) | ~Q(parent=F("pk")),
                violation_error_message=_("Đơn vị không thể trực thuộc chính nó."),
            ),
            ExclusionConstraint(
                name="unit_code_belongs_to_one_unit_at_a_time",
                expressions=[("code", RangeOperators.EQUAL), ("validity", RangeOperators.OVERLAPS)],
                violation_error_message=_("Trong thời gian này mã đã thuộc về một đơn vị khác."),
            ),
        ]

    def __str__(self):
        return self.full_name or f"{self.kind} {self.name}"

    def save(self, **kwargs):
        if not self.public_id:
            start = self.validity.lower
            self.public_id = f"{self.code}-{start.isoformat()}" if start else self.code
        super().save(**kwargs)

    @property
    def existence(self):
        """The period in which the unit exists, as text; "" if neither day is known."""
        days = self.validity
        first = days.lower and format_day(days.lower)
        last = days.upper and format_day(days.upper - ONE_DAY)
        if first and last:
            return gettext("từ %(first)s đến hết %(last)s") % {"first": first, "last": last}
        if first:
            return gettext("từ %s") % first
        return gettext("đến hết %s") % last if last else ""

    @property
    def label(self):
        """The unit with its parent and period, which is unique: "xã A, huyện B (đến hết …)".

        Reads the parent: lists use UnitQuerySet.for_labels().
        """
        name = f"{self}, {self.parent}" if self.parent else str(self)
        return f"{name} ({self.existence})" if self.existence else name

    @property
    def slug(self):
        return fold(str(self)).replace(" ", "-")

    def get_absolute_url(self):
        return reverse(page_name(type(self)), kwargs={"code": self.public_id, "slug": self.slug})


@tracked(
    exclude=["area_km2"],
    dependents=dependent_units(
        where="id = row.unit_id", watched_columns="row.unit_id, row.geometry, row.outline"
    ),
)
class Boundary(ConstrainedModel):
    """The territory of a unit, and an outline for drawing that shares its neighbours' lines."""

    unit = models.OneToOneField(
        Unit, models.CASCADE, related_name="boundary", verbose_name=_("đơn vị")
    )
    geometry = models.MultiPolygonField(_("ranh giới"), srid=4326)
    outline = models.MultiPolygonField(_("đường bao đơn giản"), srid=4326, null=True, blank=True)
    area_km2 = models.GeneratedField(
        expression=Func(
            F("geometry"),
            template="ST_Area(%(expressions)s::geography) / 1e6",
            output_field=models.FloatField(),
        ),
        output_field=models.FloatField(),
        db_persist=True,
        verbose_name=_("diện tích đo được (km²)"),
    )
    source = models.ForeignKey(Source, models.PROTECT, verbose_name=_("nguồn"))

    class Meta:
        verbose_name = _("ranh giới")
        verbose_name_plural = pgettext_lazy("plural", "ranh giới")
        constraints = [
            models.CheckConstraint(
                name="boundary_is_a_valid_polygon",
                condition=IsValid("geometry"),
                violation_error_message=_("Ranh giới không phải là đa giác hợp lệ."),
            ),
            models.CheckConstraint(
                name="outline_is_a_valid_polygon",
                condition=IsValid("outline"),
                violation_error_message=_("Đường bao không phải là đa giác hợp lệ."),
            ),
        ]
        triggers = [RoundCoordinates("geometry", "outline")]

    def __str__(self):
        return str(self.unit)


@tracked(
    dependents=dependent_units(
        where="id = row.predecessor_id OR id = row.successor_id",
        watched_columns="row.predecessor_id, row.successor_id",
    )
)
class Succession(ConstrainedModel):
    """Which part of one unit became part of another, and by which resolution."""

    predecessor = models.ForeignKey(
        Unit, models.CASCADE, related_name="successions", verbose_name=_("đơn vị trước")
    )
    successor = models.ForeignKey(
        Unit, models.CASCADE, related_name="predecessions", verbose_name=_("đơn vị sau")
    )
    part = models.CharField(_("phần"), max_length=100, help_text=_("toàn bộ, hoặc những thôn nào"))
    share = models.DecimalField(
        _("phần diện tích"), max_digits=5, decimal_places=4, help_text=_("0–1, đo trên ranh giới")
    )
    source = models.ForeignKey(Source, models.PROTECT, verbose_name=_("nghị quyết"))

    class Meta:
        verbose_name = _("chuyển tiếp")
        verbose_name_plural = pgettext_lazy("plural", "chuyển tiếp")
        ordering = ["predecessor", "successor"]
        constraints = [
            VisibleText(name="succession_has_no_hidden_characters", fields=["part"]),
            models.UniqueConstraint(
                name="succession_is_stated_once",
                fields=["predecessor", "successor"],
                violation_error_message=_("Chuyển tiếp này đã có."),
            ),
            models.CheckConstraint(
                name="unit_does_not_succeed_itself",
                condition=~Q(predecessor=F("successor")),
                violation_error_message=_("Đơn vị không thể chuyển tiếp từ chính nó."),
            ),
            models.CheckConstraint(
                name="succession_share_is_above_zero_up_to_one",
                condition=Q(share__gt=0, share__lte=1),
                violation_error_message=_("Phần diện tích phải lớn hơn 0 và nhiều nhất là 1."),
            ),
        ]

    def __str__(self):
        return f"{self.predecessor} → {self.successor}"


class UnitSource(Source):
    """A source as units show it."""

    class Meta:
        proxy = True
        default_permissions = ()
        triggers = [
            ListChanges(
                name="list_changes_of_units",
                dependents=dependent_units(where="source_id = row.id", watched_columns="row.title"),
            )
        ]


class Role(models.IntegerChoices):
    EDITOR = 1, _("biên tập")
    PUBLISHER = 2, _("duyệt công bố")


class Stewardship(ConstrainedModel):
    """Who may edit, or also publish, the records in the territory of a unit."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        related_name="stewardships",
        verbose_name=_("cán bộ"),
    )
    unit = models.ForeignKey(
        Unit, models.CASCADE, related_name="stewardships", verbose_name=_("địa bàn")
    )
    role = models.PositiveSmallIntegerField(_("quyền"), choices=Role.choices)

    class Meta:
        verbose_name = _("phân công địa bàn")
        verbose_name_plural = pgettext_lazy("plural", "phân công địa bàn")
        constraints = [
            models.UniqueConstraint(
                name="one_role_for_a_user_in_a_unit",
                fields=["user", "unit"],
                violation_error_message=_("Cán bộ này đã có quyền trên địa bàn này."),
            ),
        ]

    def __str__(self):
        return f"{self.user}: {self.unit}, {self.get_role_display()}"


def is_steward(user):
    """Whether the user may open the workspace for records: staff with any stewardship."""
    if not (user.is_active and user.is_staff):
        return False
    return user.is_superuser or Stewardship.objects.filter(user=user).exists()
