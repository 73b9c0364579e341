"""Places to buy specialties and to see them made, and the names of places people look for."""

from django.conf import settings
from django.contrib.gis.db import models
from django.db.models import Case, IntegerField, Q, Value, When
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from districts.models import Unit
from geodata.constraints import ConstrainedModel
from geodata.models import Source
from geodata.spans import today
from geodata.text import VisibleText
from geodata.tracking import tracked
from products.places.change_feed import CRAFT_VILLAGES, SALES_POINTS
from products.places.hours import validate_opening_hours
from products.register.models import Located, LocatedQuerySet, Producer, public_record

# Years after which a place that somebody saw may have closed.
YEARS_UNTIL_UNCERTAIN = 3


class Relation(models.IntegerChoices):
    """What a place has to do with a product, producer or unit, the closest relation first."""

    PRODUCER = 1
    COMMUNE = 2
    DISTRICT = 3


class DestinationQuerySet(LocatedQuerySet):
    def related_to(self, record, producer):
        """The places of the producer, in the record's commune, or in its former district.

        record: a located record. producer: a Producer or None. Adds `relation`, a Relation; the
        closest first, then by name. Distances are left out: most places are known only to a
        commune or a district.
        """
        relations = [
            (Relation.PRODUCER, producer and Q(producer=producer)),
            (Relation.COMMUNE, record.commune_id and Q(commune=record.commune_id)),
            (Relation.COMMUNE, record.old_commune_id and Q(old_commune=record.old_commune_id)),
            (Relation.DISTRICT, record.district_id and Q(district=record.district_id)),
        ]
        whens = [
            When(condition, then=Value(relation)) for relation, condition in relations if condition
        ]
        if not whens:
            return self.none()
        relation = Case(*whens, output_field=IntegerField())
        return (
            self.annotate(relation=relation)
            .filter(relation__isnull=False)
            .order_by("relation", "name", "code")
        )

    def to_visit(self):
        """Places that receive visitors."""
        return self.filter(visit=True)


class SalesPointQuerySet(DestinationQuerySet):
    def selling(self):
        """Places that sell; others only display, or are only planned."""
        return self.filter(sells=True)

    def nearest_shop(self, record, producer):
        """The public place to buy nearest to a record, with `away` in metres; None without a point.

        One of the producer's own places if a source names one that sells and has a point, else the
        nearest of all that do. producer: a Producer or None. nearest-shop.js has the same rule.
        """
        if record.point is None:
            return None
        shops = self.published().selling()
        own = producer and shops.filter(producer=producer).nearest_to(record.point, limit=1).first()
        return own or shops.nearest_to(record.point, limit=1).first()


class Destination(Located):
    """A place to which people go, to buy or to see how something is made."""

    producer = models.ForeignKey(
        Producer,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="%(class)ss",
        verbose_name=_("chủ thể"),
        help_text=_("Chỉ điền khi nguồn nêu nơi này là của chủ thể ấy."),
    )
    visit = models.BooleanField(_("đón khách tham quan"), default=False)
    opening_hours = models.CharField(
        _("giờ mở cửa"),
        max_length=200,
        blank=True,
        validators=[validate_opening_hours],
        help_text=_("Theo cú pháp của OpenStreetMap, ví dụ: Mo-Sa 07:00-17:00; Su off."),
    )
    season_note = models.CharField(_("mùa"), max_length=200, blank=True)
    price_note = models.CharField(_("giá"), max_length=200, blank=True)
    last_seen = models.PositiveSmallIntegerField(
        _("năm thấy lần cuối"),
        null=True,
        blank=True,
        help_text=_("Năm gần nhất mà nguồn còn nêu nơi này hoạt động."),
    )
    position_source = models.ForeignKey(
        Source,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("nguồn của toạ độ"),
        help_text=_("Khi toạ độ lấy từ nguồn khác."),
    )

    objects = DestinationQuerySet.as_manager()

    class Meta(Located.Meta):
        abstract = True
        constraints = [
            *Located.Meta.constraints,
            models.CheckConstraint(
                name="%(class)s_states_its_kind",
                condition=~Q(kind=""),
                violation_error_message=_("Cần nêu loại."),
            ),
            models.CheckConstraint(
                name="%(class)s_was_last_seen_between_1900_and_2100",
                condition=Q(last_seen=None) | Q(last_seen__range=(1900, 2100)),
                violation_error_message=_("Năm phải từ 1900 đến 2100."),
            ),
        ]

    @property
    def public_producer(self):
        """The producer while it is public, else None."""
        return self.producer if self.producer and self.producer.is_public else None

    @property
    def may_have_closed(self):
        """Whether nobody is known to have seen the place in the last years."""
        return self.last_seen is None or self.last_seen < today().year - YEARS_UNTIL_UNCERTAIN


@public_record(SALES_POINTS, searched=["NEW.name", "NEW.goods"])
class SalesPoint(Destination):
    """A place that sells or displays specialties, or where one sees them grow."""

    code_prefix = settings.PLACE.code_prefixes["sales_point"]

    class Kind(models.TextChoices):
        STALL = "stall", _("gian hàng")
        SHOP = "shop", _("cửa hàng")
        SHOWROOM = "showroom", _("nơi trưng bày")
        REST_STOP = "rest_stop", _("trạm dừng chân")
        FARM_VISIT = "farm_visit", _("vườn đón khách")
        LIVESTOCK_VISIT = "livestock_visit", _("nơi chăn nuôi đón khách")
        COMMUNITY_TOURISM = "community_tourism", _("du lịch cộng đồng")
        PLANNED = "planned", _("dự kiến, chưa mở")

    kind = models.CharField(_("loại"), max_length=20, choices=Kind.choices)
    sells = models.BooleanField(_("có bán"), default=False)
    goods = models.CharField(_("bán hoặc trưng bày"), max_length=300, blank=True)

    objects = SalesPointQuerySet.as_manager()

    class Meta(Destination.Meta):
        verbose_name = _("điểm bán")
        verbose_name_plural = pgettext_lazy("plural", "điểm bán")
        constraints = [
            *Destination.Meta.constraints,
            VisibleText(
                name="salespoint_has_no_hidden_characters",
                fields=["name", "address", "goods", "opening_hours", "season_note", "price_note"],
                lines=["state_reason", "note"],
            ),
            models.CheckConstraint(
                name="planned_sales_point_is_not_open",
                condition=~Q(kind="planned") | Q(sells=False, visit=False),
                violation_error_message=_("Nơi mới dự kiến thì chưa bán và chưa đón khách."),
            ),
        ]


@public_record(CRAFT_VILLAGES, searched=["NEW.name", "NEW.craft"])
class CraftVillage(Destination):
    """A craft village, or another place where a craft is practised."""

    code_prefix = settings.PLACE.code_prefixes["craft_village"]

    class Kind(models.TextChoices):
        VILLAGE = "village", _("làng nghề")
        CRAFT = "craft", _("nơi có nghề")

    kind = models.CharField(_("loại"), max_length=20, choices=Kind.choices)
    craft = models.CharField(_("nghề"), max_length=200)
    recognised = models.BooleanField(
        _("đã được công nhận"),
        default=False,
        help_text=_("Chỉ khi nguồn nêu đã được công nhận là làng nghề."),
    )

    class Meta(Destination.Meta):
        verbose_name = _("làng nghề")
        verbose_name_plural = pgettext_lazy("plural", "làng nghề")
        constraints = [
            *Destination.Meta.constraints,
            VisibleText(
                name="craftvillage_has_no_hidden_characters",
                fields=["name", "address", "craft", "opening_hours", "season_note", "price_note"],
                lines=["state_reason", "note"],
            ),
            models.CheckConstraint(
                name="craft_village_states_its_craft",
                condition=~Q(craft=""),
                violation_error_message=_("Cần nêu nghề."),
            ),
            models.CheckConstraint(
                name="only_a_village_is_recognised_as_craft_village",
                condition=Q(recognised=False) | Q(kind="village"),
                violation_error_message=_("Chỉ làng nghề mới được công nhận là làng nghề."),
            ),
        ]


@tracked()
class PlaceName(ConstrainedModel):
    """A name that people look for, and where its source locates it.

    A point only where the source states coordinates; else the whole commune or district that it
    names, or the record of that place.
    """

    class Kind(models.TextChoices):
        TOWN = "town", _("đô thị")
        VILLAGE = "village", _("làng")
        LAKE = "lake", _("hồ chứa nước")
        MONUMENT = "monument", _("di tích")
        BUILDING = "building", _("công trình")
        PLACE = "place", _("địa danh")

    code = models.CharField(_("mã"), max_length=20, unique=True)
    name = models.CharField(_("tên"), max_length=100, db_collation="vi-x-icu")
    kind = models.CharField(_("loại"), max_length=20, choices=Kind.choices, default=Kind.PLACE)
    point = models.PointField(_("toạ độ"), null=True, blank=True, spatial_index=False)
    unit = models.ForeignKey(
        Unit,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("cả đơn vị"),
        help_text=_("Khi nguồn chỉ nêu xã hoặc huyện."),
    )
    sales_point = models.ForeignKey(
        SalesPoint,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("điểm bán"),
    )
    source = models.ForeignKey(Source, models.PROTECT, verbose_name=_("nguồn"))

    class Meta:
        verbose_name = _("địa danh")
        verbose_name_plural = pgettext_lazy("plural", "địa danh")
        ordering = ["name", "code"]
        constraints = [
            VisibleText(name="placename_has_no_hidden_characters", fields=["code", "name"]),
            models.CheckConstraint(
                name="place_name_is_not_empty",
                condition=~Q(name__regex=r"^\s*$"),
                violation_error_message=_("Cần có tên."),
            ),
            models.CheckConstraint(
                name="place_name_leads_to_one_place",
                condition=Q(point__isnull=False, unit=None, sales_point=None)
                | Q(point=None, unit__isnull=False, sales_point=None)
                | Q(point=None, unit=None, sales_point__isnull=False),
                violation_error_message=_(
                    "Địa danh dẫn đến một toạ độ, một đơn vị, hoặc một điểm bán."
                ),
            ),
        ]

    def __str__(self):
        return self.name
