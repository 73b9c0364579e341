"""Products, and the rating that each holds on a day."""

from datetime import timedelta

from django.conf import settings
from django.contrib.gis.db import models
from django.contrib.postgres.aggregates import StringAgg
from django.core.exceptions import ValidationError
from django.db.models import (
    Case,
    Exists,
    F,
    FilteredRelation,
    OuterRef,
    Q,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Coalesce, ExtractMonth, ExtractYear
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from geodata.spans import AddInterval
from geodata.text import VisibleText
from geodata.tracking import DependentFeatures
from products.ocop.change_feed import PRODUCTS
from products.register.models import (
    Basis,
    Category,
    Located,
    LocatedQuerySet,
    Producer,
    ProductType,
    Season,
    SeasonState,
    Sector,
    public_record,
    published_sql,
)
from products.rights.models import IpRight, registered_sql

from .ratings import EXPIRING_DAYS, RATING_MONTHS, OcopRating, OcopStatus, revocation_day

# Statuses of ratings in the order of lists; see ProductQuerySet.with_prominence().
_PROMINENT_STATUSES = (
    OcopStatus.VALID,
    OcopStatus.EXPIRING,
    OcopStatus.UNKNOWN,
    OcopStatus.EXPIRED,
    OcopStatus.NONE,
    OcopStatus.REVOKED,
)
# Names that no producer uses.
_DERIVED_NAMES = (Basis.GENERIC, Basis.BACK_TRANSLATED)


def _covering_rights():
    """The public registered rights that are stated to cover the product of the outer query."""
    return IpRight.objects.published().registered().filter(products=OuterRef("pk"))


def _goods_rights():
    """The public registered rights whose goods are of the type of the product of the outer query.

    Whether the product may use them is not known: only _covering_rights() protect it.
    """
    return IpRight.objects.published().on_goods_of(OuterRef("type"))


class ProductQuerySet(LocatedQuerySet):
    def with_rating_on(self, day):
        """Add the rating in effect on that day, and its status.

        rating: the last decision known to have been taken by that day; a nomination is none.
        rated_from: the earliest possible day of the decision, null if unknown.
        rated_to: the latest possible last day of validity, null if unknown. The day of the decision
        is exact if rated_to is RATING_MONTHS after rated_from.
        ocop_status: an OcopStatus. Expired: the latest possible last day has passed. Valid: the
        earliest possible last day has not. Between the two, and for a rating whose stars are not
        known: unknown.
        stars: of the rating, null unless it is known to be valid.

        day: a date, or an expression of one. OcopRatingQuerySet.change_days() returns the days on
        which one of these values changes.
        """
        last = (
            OcopRating.objects.filter(product=OuterRef("pk"))
            .exclude(stars=None, nominated_stars__isnull=False)
            .filter(Q(decided__startswith=None) | Q(decided__startswith__lte=day))
            .order_by(F("decided__endswith").desc(nulls_first=True))
        )
        last_day = AddInterval(F("rating__decided__endswith"), "-1 day")
        months = f"{RATING_MONTHS} months"
        return self.annotate(
            rating=FilteredRelation(
                "ratings", condition=Q(ratings__pk=Subquery(last.values("pk")[:1]))
            ),
            rated_from=F("rating__decided__startswith"),
            rated_to=AddInterval(last_day, months),
            holds_at_least_to=AddInterval(F("rating__decided__startswith"), months),
            revoked_from=revocation_day("rating__"),
            expires_soon_from=AddInterval(F("holds_at_least_to"), f"-{EXPIRING_DAYS} days"),
            ocop_status=Case(
                When(rating__isnull=True, then=Value(OcopStatus.NONE)),
                When(revoked_from__lte=day, then=Value(OcopStatus.REVOKED)),
                When(rating__stars__isnull=True, then=Value(OcopStatus.UNKNOWN)),
                When(rated_to__lt=day, then=Value(OcopStatus.EXPIRED)),
                When(expires_soon_from__gt=day, then=Value(OcopStatus.VALID)),
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

    def with_prominence(self):
        """Add `prominence`, an integer, the lowest for what lists show first.

        Sorted by it, products are in the order of: names of the source before generic ones and
        those translated back; with a point before known only to a unit; _PROMINENT_STATUSES; the
        year of the rating, newest first, unknown last. 120,000 × 0 or 1 for the name, 60,000 × 0 or
        1 for the point, 10,000 × the index of the status, and 9,999 minus the year.

        The QuerySet is that of with_rating_on(). The same rule is in
        static/frontend/js/map/prominence.js; a test compares them.
        """
        statuses = (
            When(ocop_status=status, then=Value(10_000 * index))
            for index, status in enumerate(_PROMINENT_STATUSES)
        )
        return self.annotate(
            prominence=Case(
                When(name_basis__in=_DERIVED_NAMES, then=Value(120_000)), default=Value(0)
            )
            + Case(When(point=None, then=Value(60_000)), default=Value(0))
            + Case(*statuses, output_field=models.IntegerField())
            + (9_999 - Coalesce(ExtractYear("rated_from"), Value(0)))
        )

    def by_prominence(self):
        """The same products in the order of lists: by `prominence`, then by name."""
        return self.with_prominence().order_by("prominence", "name", "code")

    def ending_within(self, days, day):
        """Products whose rating is valid on that day and may end at most so many days later."""
        rated = self.model.objects.with_rating_on(day).filter(
            stars__isnull=False, holds_at_least_to__lte=day + timedelta(days=days)
        )
        return self.filter(pk__in=rated.values("pk"))

    def expired(self, day):
        """Products whose last rating is known to have ended."""
        return self.with_status(OcopStatus.EXPIRED, day)

    def with_status(self, status, day):
        """Products with that OcopStatus on that day."""
        rated = self.model.objects.with_rating_on(day).filter(ocop_status=status)
        return self.filter(pk__in=rated.values("pk"))

    def protected(self):
        """Products that a public registered right is stated to cover."""
        return self.filter(Exists(_covering_rights()))

    def of_protected_goods(self):
        """Products of a type that is among the goods of a public registered right."""
        return self.filter(Exists(_goods_rights()))

    def under_kind_of_right(self, kind):
        """Products that a right of that kind is stated to cover, or whose goods are of their type.

        Public registered rights only.
        """
        return self.filter(
            Exists(_covering_rights().filter(kind=kind)) | Exists(_goods_rights().filter(kind=kind))
        )

    def in_area_of(self, right):
        """Products whose point is in the area of the right."""
        area = IpRight.objects.filter(pk=right.pk, area__covers=OuterRef("point"))
        return self.filter(Exists(area))

    def with_protections(self):
        """Add `protections`: names of the public registered rights stated to cover the product.

        Separated by "; ", null without any.
        """
        names = (
            _covering_rights()
            .order_by()
            .values("products")
            .annotate(
                names=StringAgg(
                    "name",
                    "; ",
                    order_by="name",
                    output_field=models.TextField(db_collation="vi-x-icu"),
                )
            )
        )
        return self.annotate(protections=Subquery(names.values("names")))

    def with_goods_rights(self):
        """Add `goods_rights`: codes of the public registered rights on goods of the product's type.

        Separated by "; ", null without any.
        """
        codes = (
            _goods_rights()
            .order_by()
            .values("goods_types")
            .annotate(
                codes=StringAgg("code", "; ", order_by="code", output_field=models.TextField())
            )
        )
        return self.annotate(goods_rights=Subquery(codes.values("codes")))

    def with_made_from(self):
        """Add `made_from_codes`; see made_from_codes()."""
        return self.annotate(made_from_codes=made_from_codes())

    def with_season_on(self, day):
        """Add `season`, a SeasonState on that day.

        In season: the months of a season that applies to the product contain that of the day. All
        year: none does, and one states the whole year. Out of season: only other months are stated.
        Unknown: neither is. A season applies to the products of its type, if it has a place, only
        to those in it; see SeasonQuerySet. That of a variety decides nothing, because products do
        not state their variety.

        day: a date, or an expression of one. The value changes with the month only, on the days of
        season_change_days().
        """
        if not hasattr(day, "resolve_expression"):
            day = Value(day, models.DateField())
        units = [OuterRef(name) for name in ("commune", "old_commune", "district")]
        seasons = Season.objects.filter(variety="").applying_to(OuterRef("type"), *units)
        return self.annotate(
            season=Case(
                When(
                    Exists(seasons.in_month(ExtractMonth(day))), then=Value(SeasonState.IN_SEASON)
                ),
                When(Exists(seasons.filter(all_year=True)), then=Value(SeasonState.ALL_YEAR)),
                When(Exists(seasons.with_months()), then=Value(SeasonState.OUT_OF_SEASON)),
                default=Value(SeasonState.UNKNOWN),
                output_field=models.CharField(choices=SeasonState.choices),
            )
        )

    def in_season_state(self, state, day):
        """Products with that SeasonState on that day."""
        states = self.model.objects.with_season_on(day).filter(season=state)
        return self.filter(pk__in=states.values("pk"))


def made_from_codes():
    """Return the codes of the types that a product is made from, as an expression.

    Separated by "; ", null without any.
    """
    codes = (
        ProductType.objects.filter(makes=OuterRef("pk"))
        .order_by()
        .values("makes")
        .annotate(codes=StringAgg("code", "; ", order_by="code", output_field=models.TextField()))
    )
    return Subquery(codes.values("codes"))


def season_change_days():
    """Return (code of a product, day) of each day on which its season may change.

    The days of the years in seasons.YEARS; some are of seasons that change nothing.
    """
    of_product = "type__products"
    applies = Q(place="", units=None)
    for name in ("commune", "old_commune", "district"):
        applies |= Q(units=F(f"{of_product}__{name}"))
    seasons = Season.objects.with_months().filter(applies, variety="")
    return (
        seasons.exclude(**{of_product: None})
        .order_by()
        .values_list(f"{of_product}__code", seasons.month_turns())
    )


def _words_of_types(which):
    """Return the SQL of the names and synonyms of the types with that condition."""
    words = "concat_ws(' ', name, name_en, synonyms_vi, synonyms_en)"
    return (
        f"(SELECT string_agg({words}, ' ' ORDER BY code COLLATE \"C\")"
        f" FROM register_producttype WHERE {which})"
    )


@public_record(
    PRODUCTS,
    searched=[
        "NEW.name",
        "NEW.name_en",
        # What it is, before what it is made from: grapes before wine.
        _words_of_types("id = NEW.type_id"),
        _words_of_types("id IN (SELECT type_id FROM ocop_ingredient WHERE product_id = NEW.id)"),
        # The names of unpublished rights and producers must not find anything.
        "(SELECT string_agg(right_.name, ' ' ORDER BY right_.name) FROM ocop_protectedproduct link"
        " JOIN rights_ipright right_ ON right_.id = link.right_id"
        f" WHERE link.product_id = NEW.id AND {published_sql('right_')}"
        f" AND {registered_sql('right_')})",
        f"(SELECT name FROM register_producer WHERE id = NEW.producer_id AND {published_sql()})",
    ],
    # Producers and rights count their public products.
    dependents=[
        DependentFeatures(
            Producer.features,
            where="id = row.producer_id",
            watched_columns=f"CASE WHEN {published_sql('row')} THEN row.producer_id END",
        ),
        DependentFeatures(
            IpRight.features,
            where=("id IN (SELECT right_id FROM ocop_protectedproduct WHERE product_id = row.id)"),
            watched_columns=f"CASE WHEN {published_sql('row')} THEN row.id END",
        ),
    ],
)
class Product(Located):
    """A specialty of the province, rated under the OCOP programme or not."""

    code_prefix = settings.PLACE.code_prefixes["product"]

    name_en = models.CharField(_("tên tiếng Anh"), max_length=200, blank=True)
    name_basis = models.CharField(
        _("tên biết từ"), max_length=20, choices=Basis.choices, default=Basis.STATED
    )
    original_name = models.CharField(
        _("tên trên nguồn"),
        max_length=200,
        blank=True,
        help_text=_("Viết như trong nguồn bằng tiếng nước ngoài, khi tên được dịch ngược."),
    )
    category = models.ForeignKey(
        Category, models.PROTECT, null=True, blank=True, verbose_name=_("nhóm sản phẩm")
    )
    category_basis = models.CharField(
        _("nhóm biết từ"), max_length=20, choices=Basis.choices, blank=True
    )
    type = models.ForeignKey(
        ProductType,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="products",
        verbose_name=_("loại sản phẩm"),
    )
    type_basis = models.CharField(
        _("loại biết từ"), max_length=20, choices=Basis.choices, blank=True
    )
    made_from = models.ManyToManyField(
        ProductType, through="Ingredient", related_name="makes", verbose_name=_("làm từ")
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
    rights = models.ManyToManyField(
        IpRight,
        through="ProtectedProduct",
        related_name="products",
        verbose_name=_("quyền sở hữu công nghiệp"),
    )
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
                fields=["name", "name_en", "original_name", "address", "trace_url", "quote"],
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
                name="product_type_says_how_it_is_known",
                condition=Q(type=None, type_basis="") | (Q(type__isnull=False) & ~Q(type_basis="")),
                violation_error_message=_("Loại sản phẩm cần đi cùng cách biết."),
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

    @classmethod
    def essentials(cls):
        """See Record.essentials()."""
        rated = OcopRating.objects.filter(product=OuterRef("pk"))
        # The model of photos refers to this one.
        shown = cls._meta.get_field("photos").related_model.objects.filter(product=OuterRef("pk"))
        return {
            **super().essentials(),
            "producer": (_("chủ thể"), Q(producer__isnull=False)),
            "category": (_("nhóm sản phẩm"), Q(category__isnull=False)),
            "sector": (_("lĩnh vực"), ~Q(sector="")),
            "description": (_("mô tả"), ~Q(description="")),
            "rating": (_("xếp hạng"), Q(Exists(rated))),
            "photo": (_("ảnh"), Q(Exists(shown))),
        }

    @classmethod
    def refusals(cls, products):
        """See Record.refusals(); a public product must not reference an unpublished producer."""
        refusals = super().refusals(products)
        for index, product in enumerate(products):
            # Not read for drafts: it may take a query for each.
            producer = product.producer if product.is_public else None
            if producer and not producer.is_public:
                text = _("Hãy công bố chủ thể “%s” trước.") % producer
                refusals.setdefault(index, ValidationError({"producer": text}))
        return refusals

    @classmethod
    def lock_references(cls, changes):
        """See Record: locks the producers, so that none is withdrawn meanwhile.

        The trigger of a renamed producer locks it before its products; the same order here
        prevents deadlocks.
        """
        chosen = [values.get("producer") for _product, values in changes]
        wanted = {producer.pk for producer in chosen if producer}
        wanted |= {product.producer_id for product, _values in changes} - {None}
        locked = Producer.objects.select_for_update(of=("self",)).order_by("pk")
        return {"producer": locked.in_bulk(wanted) if wanted else {}}

    def seasons(self):
        """The seasons of its type that apply to its place, those of varieties too."""
        if self.type_id is None:
            return Season.objects.none()
        units = (self.commune_id, self.old_commune_id, self.district_id)
        return Season.objects.applying_to(self.type_id, *units)

    @property
    def public_producer(self):
        """The producer if it is public, else None: pages name no unpublished producer."""
        producer = self.producer
        return producer if producer and producer.is_public else None
