"""Categories, producers, products and what rating they hold."""

import datetime

import pgtrigger
from django.conf import settings
from django.contrib.gis.db import models
from django.contrib.postgres.aggregates import StringAgg
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.core.exceptions import ValidationError
from django.db.models import Case, F, FilteredRelation, OuterRef, Q, Subquery, Value, When
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from geodata.constraints import ConstrainedModel
from geodata.models import Source
from geodata.spans import AddInterval, format_span, within_the_calendar
from geodata.text import VisibleText
from geodata.tracking import DependentFeatures, tracked
from geodata.versions import VERSION_FIELDS, RaiseVersionOfRecord

from .places import Located, LocatedQuerySet, located_triggers
from .records import State
from .shown import PRODUCERS, PRODUCTS, PROTECTIONS

# OCOP certificates hold for 36 months from the decision (Decision 148/QĐ-TTg of 24/02/2023, as
# quoted by the People's Committee of Ninh Sơn on 10/12/2024: "36 months from signing").
RATING_MONTHS = 36
# "Expiring" begins this many days before the end.
EXPIRING_DAYS = 90


@tracked(
    dependents=[
        DependentFeatures(
            PRODUCTS, where="category_id = row.id", watched_columns="row.code, row.name"
        )
    ]
)
class Category(ConstrainedModel):
    """A group of the programme; the lists of 2019 and 2023 stand side by side."""

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
    INFERRED = "inferred", _("suy ra")
    BACK_TRANSLATED = "back_translated", _("dịch ngược từ tiếng nước ngoài")
    GENERIC = "generic", _("tên chung")
    BRAND = "brand", _("theo nhãn hiệu trên sản phẩm")


@tracked(
    exclude=["slug", "search_text", "version_transaction", "phone", "email"],
    ignore=VERSION_FIELDS,
    features=[PRODUCERS],
    dependents=[
        DependentFeatures(
            PRODUCTS,
            where="producer_id = row.id",
            watched_columns=(
                "CASE WHEN row.state = 'published' THEN row.code END,"
                " CASE WHEN row.state = 'published' THEN row.name END"
            ),
        )
    ],
)
class Producer(Located):
    """Who makes products: a cooperative, a company, a household."""

    page = "frontend:producer"
    code_prefix = settings.PRODUCER_CODE_PREFIX

    class Kind(models.TextChoices):
        COOPERATIVE = "cooperative", _("hợp tác xã")
        COMPANY = "company", _("doanh nghiệp")
        HOUSEHOLD = "household", _("hộ kinh doanh")
        GROUP = "group", _("tổ hợp tác")

    kind = models.CharField(_("loại"), max_length=20, choices=Kind.choices, blank=True)
    kind_basis = models.CharField(
        _("loại biết từ"), max_length=20, choices=Basis.choices, blank=True
    )
    activity = models.CharField(_("hoạt động"), max_length=300, blank=True)
    website = models.URLField(_("trang web"), blank=True)
    phone = models.CharField(_("điện thoại kinh doanh"), max_length=30, blank=True)
    email = models.EmailField(_("thư điện tử kinh doanh"), blank=True)
    contact_consent_on = models.DateField(_("ngày đồng ý công bố liên hệ"), null=True, blank=True)

    class Meta(Located.Meta):
        verbose_name = _("chủ thể")
        verbose_name_plural = pgettext_lazy("plural", "chủ thể")
        constraints = [
            *Located.Meta.constraints,
            VisibleText(
                name="producer_has_no_hidden_characters",
                fields=["name", "address", "activity", "website", "phone", "email"],
                lines=["state_reason", "note"],
            ),
            models.CheckConstraint(
                name="producer_contact_is_kept_with_consent_only",
                condition=Q(phone="", email="") | Q(contact_consent_on__isnull=False),
                violation_error_message=_("Chỉ lưu liên hệ khi chủ thể đã đồng ý công bố."),
            ),
        ]
        triggers = [
            *located_triggers(searched=["NEW.name"]),
            pgtrigger.Trigger(
                name="renew_search_text_of_products",
                when=pgtrigger.After,
                operation=pgtrigger.UpdateOf("name", "state"),
                func=(
                    "UPDATE products_product SET search_text = '' WHERE producer_id = NEW.id;"
                    " RETURN NULL;"
                ),
            ),
        ]


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


class ProductQuerySet(LocatedQuerySet):
    def with_rating_on(self, day):
        """Add the rating that counts on that day, and what it is worth then.

        rating: the last decision known to have begun by then; a nomination alone is none.
        rated_from: the first day on which it may have been decided, null if open.
        rated_to: the last day to which it can hold, null if open. The decision's day is exact
        where rated_to is 36 months after rated_from.
        ocop_status: see OcopStatus. Expired: the latest possible day plus 36 months is past.
        Valid: even the earliest possible day plus 36 months is not. Between the two, and for a
        rating whose stars are not known: unknown.
        stars: only while the rating is known to hold.
        """
        last = (
            OcopRating.objects.filter(product=OuterRef("pk"))
            .exclude(stars=None, nominated_stars__isnull=False)
            .filter(Q(decided__startswith=None) | Q(decided__startswith__lte=day))
            .order_by(F("decided__endswith").desc(nulls_first=True))
        )
        last_day = AddInterval(F("rating__decided__endswith"), "-1 day")
        months = f"{RATING_MONTHS} months"
        soon = day + datetime.timedelta(days=EXPIRING_DAYS)
        return self.annotate(
            rating=FilteredRelation(
                "ratings", condition=Q(ratings__pk=Subquery(last.values("pk")[:1]))
            ),
            rated_from=F("rating__decided__startswith"),
            rated_to=AddInterval(last_day, months),
            holds_at_least_to=AddInterval(F("rating__decided__startswith"), months),
            ocop_status=Case(
                When(rating__isnull=True, then=Value(OcopStatus.NONE)),
                When(rating__revoked_on__lte=day, then=Value(OcopStatus.REVOKED)),
                When(rating__stars__isnull=True, then=Value(OcopStatus.UNKNOWN)),
                When(rated_to__lt=day, then=Value(OcopStatus.EXPIRED)),
                When(holds_at_least_to__gt=soon, then=Value(OcopStatus.VALID)),
                When(holds_at_least_to__gte=day, then=Value(OcopStatus.EXPIRING)),
                default=Value(OcopStatus.UNKNOWN),
                output_field=models.CharField(choices=OcopStatus.choices),
            ),
            stars=Case(
                When(
                    ocop_status__in=[OcopStatus.VALID, OcopStatus.EXPIRING],
                    then=F("rating__stars"),
                ),
                default=None,
            ),
        )

    def with_protections(self):
        """Add the names of the public rights that a source says cover the product, "; " between."""
        covered = Product.objects.filter(
            pk=OuterRef("pk"), rights__state=State.PUBLISHED, rights__stage="registered"
        )
        names = covered.values("pk").annotate(
            names=StringAgg("rights__name", "; ", order_by="rights__name")
        )
        return self.annotate(protections=Subquery(names.order_by().values("names")))


@tracked(
    exclude=["slug", "search_text", "version_transaction"],
    ignore=VERSION_FIELDS,
    features=[PRODUCTS],
    # Producers and rights count their public products.
    dependents=[
        DependentFeatures(
            PRODUCERS,
            where="id = row.producer_id",
            watched_columns="CASE WHEN row.state = 'published' THEN row.producer_id END",
        ),
        DependentFeatures(
            PROTECTIONS,
            where=(
                "id IN (SELECT right_id FROM products_protectedproduct WHERE product_id = row.id)"
            ),
            watched_columns="CASE WHEN row.state = 'published' THEN row.id END",
        ),
    ],
)
class Product(Located):
    """A specialty of the province, rated under the OCOP programme or not."""

    page = "frontend:product"
    code_prefix = settings.PRODUCT_CODE_PREFIX

    name_en = models.CharField(_("tên tiếng Anh"), max_length=200, blank=True)
    name_basis = models.CharField(
        _("tên biết từ"), max_length=20, choices=Basis.choices, default=Basis.STATED
    )
    category = models.ForeignKey(
        Category, models.PROTECT, null=True, blank=True, verbose_name=_("nhóm sản phẩm")
    )
    category_basis = models.CharField(
        _("nhóm biết từ"), max_length=20, choices=Basis.choices, blank=True
    )
    sector = models.CharField(_("lĩnh vực"), max_length=20, choices=Sector.choices, blank=True)
    sector_basis = models.CharField(
        _("lĩnh vực biết từ"), max_length=20, choices=Basis.choices, blank=True
    )
    producer = models.ForeignKey(
        Producer,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="products",
        verbose_name=_("chủ thể"),
    )
    producer_basis = models.CharField(
        _("chủ thể biết từ"), max_length=20, choices=Basis.choices, blank=True
    )
    description = models.TextField(_("mô tả"), blank=True)
    gtin = models.CharField(_("GTIN"), max_length=14, blank=True)
    trace_url = models.URLField(_("địa chỉ truy xuất nguồn gốc"), max_length=500, blank=True)
    quote = models.CharField(_("trích nguồn"), max_length=300, blank=True)

    objects = ProductQuerySet.as_manager()

    class Meta(Located.Meta):
        verbose_name = _("sản phẩm")
        verbose_name_plural = pgettext_lazy("plural", "sản phẩm")
        constraints = [
            *Located.Meta.constraints,
            VisibleText(
                name="product_has_no_hidden_characters",
                fields=["name", "name_en", "address", "trace_url", "quote"],
                lines=["description", "state_reason", "note"],
            ),
            models.CheckConstraint(
                name="product_gtin_has_8_12_13_or_14_digits",
                condition=Q(gtin="") | Q(gtin__regex=r"^(\d{8}|\d{12,14})$"),
                violation_error_message=_("GTIN có 8, 12, 13 hoặc 14 chữ số."),
            ),
            models.UniqueConstraint(
                name="product_gtin_belongs_to_one_product",
                fields=["gtin"],
                condition=~Q(gtin=""),
                violation_error_message=_("GTIN này đã thuộc về một sản phẩm khác."),
            ),
            models.CheckConstraint(
                name="product_category_says_how_it_is_known",
                condition=Q(category=None, category_basis="")
                | (Q(category__isnull=False) & ~Q(category_basis="")),
                violation_error_message=_("Nhóm sản phẩm cần đi cùng cách biết."),
            ),
            models.CheckConstraint(
                name="product_sector_says_how_it_is_known",
                condition=Q(sector="", sector_basis="") | (~Q(sector="") & ~Q(sector_basis="")),
                violation_error_message=_("Lĩnh vực cần đi cùng cách biết."),
            ),
            models.CheckConstraint(
                name="product_producer_says_how_it_is_known",
                condition=Q(producer=None, producer_basis="")
                | (Q(producer__isnull=False) & ~Q(producer_basis="")),
                violation_error_message=_("Chủ thể cần đi cùng cách biết."),
            ),
        ]
        triggers = located_triggers(
            searched=[
                "NEW.name",
                "NEW.name_en",
                # By a name that is not public nothing is found.
                "(SELECT name FROM products_producer"
                " WHERE id = NEW.producer_id AND state = 'published')",
            ]
        )

    @classmethod
    def refusals(cls, products):
        """See Record.refusals(); a public product must not reference an unpublished producer."""
        refusals = super().refusals(products)
        for index, product in enumerate(products):
            # Of drafts it is not needed, and reading it may be a query for each.
            producer = product.producer if product.is_public else None
            if producer and not producer.is_public:
                text = _("Hãy công bố chủ thể “%s” trước.") % producer
                refusals.setdefault(index, ValidationError({"producer": text}))
        return refusals

    @property
    def public_producer(self):
        """The producer if it is public itself, else None: pages name no other."""
        producer = self.producer
        return producer if producer and producer.state == State.PUBLISHED else None


class OcopRatingQuerySet(models.QuerySet):
    def with_term(self):
        """Add ends_from and ends_by: the first and the last day to which it can hold, null if open.

        They are one day where the decision's is known. See ProductQuerySet.with_rating_on().
        """
        months = f"{RATING_MONTHS} months"
        last_day = AddInterval(F("decided__endswith"), "-1 day")
        return self.annotate(
            ends_from=AddInterval(F("decided__startswith"), months),
            ends_by=AddInterval(last_day, months),
        )


@tracked(
    dependents=[
        DependentFeatures(
            PRODUCTS,
            where="id = row.product_id",
            watched_columns=(
                "row.product_id, row.stars, row.nominated_stars, row.decided, row.decision,"
                " row.revoked_on"
            ),
        )
    ]
)
class OcopRating(ConstrainedModel):
    """One decision that gave a product its stars; they hold for 36 months from it.

    "Tiềm năng 5 sao" is a nomination, not a star. Stars and nomination both empty: the source
    calls the product OCOP and says no more.
    """

    # The field of the record that it is edited with; see products.workflow.
    part_of = "product"

    product = models.ForeignKey(
        Product, models.CASCADE, related_name="ratings", verbose_name=_("sản phẩm")
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
    decision = models.CharField(_("quyết định hoặc đợt"), max_length=300, blank=True)
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
            VisibleText(name="rating_has_no_hidden_characters", fields=["decision", "issuer"]),
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
            # Decision 148/QĐ-TTg: 5 stars from 90 points, 4 from 70, 3 from 50. A province gives at
            # most four itself, so the points may be more than the stars need, never fewer.
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
        triggers = [RaiseVersionOfRecord(table="products_product", column="product_id")]

    def __str__(self):
        what = f"{self.stars} sao" if self.stars else self.decision
        return f"{what} ({format_span(self.decided)})"
