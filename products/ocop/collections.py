"""The public layer of products; and the numbers of products in the layers of the apps below."""

from django.db.models import BooleanField, Case, Count, F, OuterRef, Subquery, Value, When
from django.db.models.functions import Coalesce, NullIf
from django.utils.translation import gettext_lazy as _

from geodata.collection import Collection
from geodata.pages import PageAddress
from geodata.text import Relevance
from products.register import collections as register
from products.register.collections import (
    TITLES,
    changed,
    empty_as_null,
    public_position,
    to_the_second,
    withdrawn,
)
from products.register.states import is_published
from products.rights import collections as rights

from .models import OcopRating, Product, ProductCertificate, season_change_days

PRODUCT_TITLES = {
    **TITLES,
    "name_en": _("Tên tiếng Anh"),
    "name_basis": _("Tên biết từ"),
    "original_name": _("Tên trên nguồn"),
    "producer": _("Chủ thể"),
    "producer_id": _("Mã chủ thể"),
    "category": _("Nhóm sản phẩm"),
    "category_code": _("Mã nhóm"),
    "type": _("Mã loại sản phẩm"),
    "type_name": _("Loại sản phẩm"),
    "made_from": _("Làm từ (mã loại)"),
    "season": _("Mùa vụ hôm nay"),
    "stars": _("Số sao còn hiệu lực"),
    "ocop_status": _("Tình trạng OCOP"),
    "rated_stars": _("Số sao lần xếp hạng cuối"),
    "rated_from": _("Xếp hạng từ ngày"),
    "rated_to": _("Xếp hạng đến ngày"),
    "decision": _("Quyết định"),
    "protections": _("Quyền được bảo hộ"),
    "goods_rights": _("Mã các quyền liên quan đến loại hàng này"),
    "has_goods_right": _("Loại hàng có quyền bảo hộ"),
    "gtin": _("Mã GTIN"),
    "trace_url": _("Truy xuất nguồn gốc"),
    "prominence": _("thứ tự của danh sách khi không tìm"),
}


def of_public_producer(name):
    """Return a field of the producer as an expression, null while the producer is not public."""
    return Case(When(is_published("producer__"), then=F(f"producer__{name}")))


PRODUCTS = Collection(
    id="products",
    title=_("Sản phẩm OCOP và đặc sản"),
    description=_(
        "Sản phẩm với chủ thể, xếp hạng OCOP tính theo ngày, quyền được bảo hộ, nơi xưa và nay. "
        "Mẫu gom từ báo chí, không phải sổ đăng ký của Sở."
    ),
    queryset=lambda: Product.objects.published(),
    on_day=lambda products, day: (
        products.with_rating_on(day)
        .with_protections()
        .with_goods_rights()
        .with_made_from()
        .with_season_on(day)
        .with_prominence()
        .annotate(certificate_kinds=ProductCertificate.objects.kinds_on(day))
    ),
    change_days=lambda: OcopRating.objects.change_days().union(
        season_change_days(), ProductCertificate.objects.change_days()
    ),
    geometry="point",
    properties={
        "code": F("code"),
        "name": F("name"),
        "name_en": empty_as_null("name_en"),
        "name_basis": F("name_basis"),
        "original_name": empty_as_null("original_name"),
        "producer": of_public_producer("name"),
        "producer_id": of_public_producer("code"),
        "category": F("category__name"),
        "category_code": F("category__code"),
        "type": F("type__code"),
        "type_name": F("type__name"),
        "made_from": F("made_from_codes"),
        "season": F("season"),
        "sector": empty_as_null("sector"),
        "stars": F("stars"),
        "ocop_status": F("ocop_status"),
        "rated_stars": F("rating__stars"),
        "rated_from": F("rated_from"),
        "rated_to": F("rated_to"),
        "decision": Coalesce(
            F("rating__decision__number"), NullIf(F("rating__decision_text"), Value(""))
        ),
        "protections": F("protections"),
        "goods_rights": F("goods_rights"),
        "certificates": F("certificate_kinds"),
        "commune_code": F("commune__code"),
        "commune": F("commune__full_name"),
        "old_commune_code": F("old_commune__code"),
        "old_commune": F("old_commune__full_name"),
        "district_code": F("district__code"),
        "district": F("district__full_name"),
        "position": public_position(),
        "gtin": empty_as_null("gtin"),
        "trace_url": empty_as_null("trace_url"),
        "url": PageAddress(Product),
        "source_url": NullIf(F("source__url"), Value("")),
        "updated_at": to_the_second("updated_at"),
    },
    titles=PRODUCT_TITLES,
    filters={
        "has_goods_right": Case(
            When(goods_rights__isnull=False, then=True), default=False, output_field=BooleanField()
        )
    },
    orders={"prominence": F("prominence")},
    indexed=(
        *("name", "producer_id", "commune_code", "old_commune_code", "district_code"),
        "prominence",
    ),
    period=("updated_at", "updated_at"),
    during=changed,
    search=lambda products, text: products.search(text),
    relevance=Relevance,
    gone=withdrawn(Product),
    themes=("AGRI", "ECON"),
    keywords=("OCOP", _("Mỗi xã một sản phẩm"), _("đặc sản"), _("nông sản")),
    # What the map page filters and draws by, without names.
    columns=(
        "category_code",
        "type",
        "made_from",
        "sector",
        "season",
        "certificates",
        "stars",
        "ocop_status",
        "protections",
        "goods_rights",
        "producer_id",
        "commune_code",
        "commune",
        "old_commune_code",
        "old_commune",
        "district_code",
        "district",
        "position",
    ),
    columns_order="prominence",
)


def _public_products(**of):
    """Return the number of public products of the current producer or right, as an expression."""
    counted = (
        Product.objects.published().filter(**of).order_by().values(*of).annotate(count=Count("pk"))
    )
    return Coalesce(Subquery(counted.values("count")), 0)


# The applications below do not know products: their layers get the number here.
PRODUCERS = register.PRODUCERS.with_property(
    "products", _public_products(producer=OuterRef("pk")), before="website"
)
PROTECTIONS = rights.PROTECTIONS.with_property(
    "products", _public_products(protected_by__right=OuterRef("pk")), before="url"
)
