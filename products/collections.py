"""The public layers of products, producers and rights: what each feature says."""

from django.conf import settings
from django.db.models import (
    Case,
    Count,
    DateTimeField,
    F,
    Func,
    OuterRef,
    Q,
    Subquery,
    URLField,
    Value,
    When,
)
from django.db.models.functions import Coalesce, NullIf
from django.db.models.lookups import GreaterThanOrEqual, LessThanOrEqual
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from geodata.collection import Collection
from geodata.spans import IsoSpan, today

from .models import IpRight, Producer, Product, State


class PageAddress(Func):
    """The full address of a record's page, put together by the database."""

    output_field = URLField()

    def __init__(self, page):
        super().__init__(F("code"), F("slug"))
        self.page = page

    def as_sql(self, compiler, connection, **extra_context):
        # Asked for when the query is written: addresses are not known while modules load.
        # And in the site's own language, whoever asks: features are the same for all.
        with translation.override(settings.LANGUAGE_CODE):
            path = reverse(self.page, kwargs={"code": "A-0", "slug": "slug"})
        before, after = (settings.SITE_URL + path).split("A-0-slug")
        code, slug = (compiler.compile(source)[0] for source in self.source_expressions)
        return f"%s || {code} || '-' || {slug} || %s", [before, after]


def empty_as_null(name):
    """An empty text is something that nobody said: null."""
    return NullIf(F(name), Value(""))


def to_the_second(name):
    """The time with its zone; Django's TruncSecond would take the zone off."""
    return Func(Value("second"), F(name), function="date_trunc", output_field=DateTimeField())


def withdrawn(model):
    """What a Collection asks as `gone` of records of that model."""

    def gone(code):
        record = model.objects.once_public().only("state", "state_reason").filter(code=code).first()
        return record and record.public_withdrawal_reason

    return gone


def changed(records, interval):
    """Records whose last change lies in the interval: the change as features tell it."""
    told = to_the_second("updated_at")
    if interval.first:
        records = records.filter(GreaterThanOrEqual(told, Value(interval.first)))
    if interval.last:
        records = records.filter(LessThanOrEqual(told, Value(interval.last)))
    return records


def of_public_producer(name):
    """What a product says of its producer; nothing while the producer itself is not public."""
    return Case(When(producer__state=State.PUBLISHED, then=F(f"producer__{name}")))


# Headings of tables, for people; a name means the same in every collection.
TITLES = {
    "id": _("Mã"),
    "code": _("Mã"),
    "name": _("Tên"),
    "name_en": _("Tên tiếng Anh"),
    "kind": _("Loại"),
    "producer": _("Chủ thể"),
    "producer_id": _("Mã chủ thể"),
    "category": _("Nhóm sản phẩm"),
    "category_code": _("Mã nhóm"),
    "sector": _("Ngành"),
    "stars": _("Số sao còn hiệu lực"),
    "ocop_status": _("Tình trạng OCOP"),
    "rated_stars": _("Số sao lần xếp hạng cuối"),
    "rated_from": _("Xếp hạng từ ngày"),
    "rated_to": _("Xếp hạng đến ngày"),
    "decision": _("Quyết định"),
    "protections": _("Quyền được bảo hộ"),
    "commune_code": _("Mã xã"),
    "commune": _("Xã"),
    "old_commune_code": _("Mã xã trước 1/7/2025"),
    "old_commune": _("Xã trước 1/7/2025"),
    "district_code": _("Mã huyện trước 1/7/2025"),
    "district": _("Huyện trước 1/7/2025"),
    "position": _("Vị trí lấy từ"),
    "gtin": _("Mã GTIN"),
    "trace_url": _("Truy xuất nguồn gốc"),
    "products": _("Số sản phẩm"),
    "website": _("Trang web"),
    "number": _("Số văn bằng"),
    "owner": _("Chủ sở hữu"),
    "filed": _("Nộp đơn"),
    "granted": _("Cấp"),
    "expires": _("Hết hạn ngày"),
    "status": _("Tình trạng"),
    "area_note": _("Khu vực bảo hộ"),
    "url": _("Trang trên bản đồ"),
    "source_url": _("Nguồn"),
    "updated_at": _("Sửa lần cuối"),
}


PRODUCTS = Collection(
    id="products",
    title=_("Sản phẩm OCOP và đặc sản"),
    description=_(
        "Sản phẩm với chủ thể, xếp hạng OCOP tính theo ngày, quyền được bảo hộ, nơi xưa và nay. "
        "Mẫu gom từ báo chí, không phải sổ đăng ký của Sở."
    ),
    queryset=lambda: Product.objects.published().with_rating_on(today()).with_protections(),
    geometry="point",
    properties={
        "code": F("code"),
        "name": F("name"),
        "name_en": empty_as_null("name_en"),
        "producer": of_public_producer("name"),
        "producer_id": of_public_producer("code"),
        "category": F("category__name"),
        "category_code": F("category__code"),
        "sector": empty_as_null("sector"),
        "stars": F("stars"),
        "ocop_status": F("ocop_status"),
        "rated_stars": F("rating__stars"),
        "rated_from": F("rated_from"),
        "rated_to": F("rated_to"),
        "decision": NullIf(F("rating__decision"), Value("")),
        "protections": F("protections"),
        "commune_code": F("commune__code"),
        "commune": F("commune__full_name"),
        "old_commune_code": F("old_commune__code"),
        "old_commune": F("old_commune__full_name"),
        "district_code": F("district__code"),
        "district": F("district__full_name"),
        "position": empty_as_null("position"),
        "gtin": empty_as_null("gtin"),
        "trace_url": empty_as_null("trace_url"),
        "url": PageAddress(Product.page),
        "source_url": NullIf(F("source__url"), Value("")),
        "updated_at": to_the_second("updated_at"),
    },
    titles=TITLES,
    period=("updated_at", "updated_at"),
    during=changed,
    search=lambda products, text: products.search(text),
    gone=withdrawn(Product),
    themes=("AGRI", "ECON"),
    keywords=("OCOP", _("Mỗi xã một sản phẩm"), _("đặc sản"), _("nông sản")),
)


def _public_products(**of):
    """How many public products there are of the producer or right at hand."""
    counted = (
        Product.objects.published().filter(**of).order_by().values(*of).annotate(count=Count("pk"))
    )
    return Coalesce(Subquery(counted.values("count")), 0)


PRODUCERS = Collection(
    id="producers",
    title=_("Chủ thể"),
    description=_("Hợp tác xã, doanh nghiệp, hộ kinh doanh làm ra sản phẩm."),
    queryset=lambda: Producer.objects.published(),
    geometry="point",
    properties={
        "id": F("code"),
        "name": F("name"),
        "kind": empty_as_null("kind"),
        "commune": F("commune__full_name"),
        "old_commune": F("old_commune__full_name"),
        "district": F("district__full_name"),
        "products": _public_products(producer=OuterRef("pk")),
        "website": empty_as_null("website"),
        "url": PageAddress(Producer.page),
        "source_url": NullIf(F("source__url"), Value("")),
        "updated_at": to_the_second("updated_at"),
    },
    titles=TITLES,
    filters={
        "commune_code": F("commune__code"),
        "old_commune_code": F("old_commune__code"),
        "district_code": F("district__code"),
    },
    period=("updated_at", "updated_at"),
    during=changed,
    search=lambda producers, text: producers.search(text),
    gone=withdrawn(Producer),
    themes=("ECON", "AGRI"),
    keywords=("OCOP", _("Mỗi xã một sản phẩm"), _("hợp tác xã"), _("cơ sở sản xuất")),
)


def in_term(rights, interval):
    """Rights granted before the days end and not expired before they begin; unknown is open."""
    days = interval.days
    if days.lower:
        rights = rights.filter(Q(expires=None) | Q(expires__gte=days.lower))
    if days.upper:
        rights = rights.filter(
            Q(granted=None) | Q(granted__startswith=None) | Q(granted__startswith__lt=days.upper)
        )
    return rights


PROTECTIONS = Collection(
    id="protections",
    title=_("Đặc sản được bảo hộ quyền sở hữu công nghiệp"),
    description=_(
        "Chỉ dẫn địa lý, nhãn hiệu chứng nhận, nhãn hiệu tập thể; khu vực chỉ có khi nguồn nêu rõ."
    ),
    queryset=lambda: IpRight.objects.published().with_status_on(today()),
    geometry="area",
    outline="outline",
    properties={
        "id": F("code"),
        "kind": F("kind"),
        "number": empty_as_null("number"),
        "name": F("name"),
        "owner": empty_as_null("owner"),
        "filed": IsoSpan(F("filed")),
        "granted": IsoSpan(F("granted")),
        "expires": F("expires"),
        "status": F("status"),
        "sector": empty_as_null("sector"),
        "area_note": empty_as_null("area_note"),
        "products": _public_products(protected_by__right=OuterRef("pk")),
        "url": PageAddress(IpRight.page),
        "source_url": NullIf(F("source__url"), Value("")),
        "updated_at": to_the_second("updated_at"),
    },
    titles=TITLES,
    period=("granted__startswith", "expires"),
    during=in_term,
    search=lambda rights, text: rights.search(text),
    gone=withdrawn(IpRight),
    themes=("AGRI", "JUST"),
    keywords=(
        _("sở hữu công nghiệp"),
        _("chỉ dẫn địa lý"),
        _("nhãn hiệu chứng nhận"),
        _("nhãn hiệu tập thể"),
        _("đặc sản"),
    ),
)
