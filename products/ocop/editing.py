"""Products in the editing API; see products/register/editing.py."""

from django.core.exceptions import ValidationError
from django.db.models import F, TextField, Value
from django.db.models.functions import NullIf
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from geodata.ogc.transactions import EditableCollection
from products.register.collections import UNIT_CODES, changed, empty_as_null
from products.register.editing import (
    EDITING_TITLES,
    OWN_PLACE,
    STATUS,
    Column,
    PartsColumn,
    RecordLayer,
    stored_position,
)
from products.register.models import Category, Producer, ProductType

from .collections import PRODUCT_TITLES
from .models import Ingredient, Product, made_from_codes


def producer_with_code(code):
    """Return the Producer; raise ValidationError if there is none."""
    producer = Producer.objects.filter(code=code).first()
    if producer is None:
        raise ValidationError(_("Không có chủ thể mang mã “%s”.") % code[:20])
    return producer


def category_with_code(code):
    """Return the Category, of the newest list that has the code; raise ValidationError."""
    categories = {category.scheme: category for category in Category.objects.filter(code=code)}
    for scheme in reversed(Category.Scheme.values):
        if category := categories.get(scheme):
            return category
    raise ValidationError(_("Không có nhóm sản phẩm mang mã “%s”.") % code[:20])


def type_with_code(code):
    """Return the ProductType; raise ValidationError if there is none."""
    found = ProductType.objects.filter(code=code).first()
    if found is None:
        raise ValidationError(_("Không có loại sản phẩm mang mã “%s”.") % code[:30])
    return found


COLUMNS = {
    "name": Column("name", basis="name_basis"),
    "name_en": Column("name_en"),
    "original_name": Column("original_name"),
    "producer_id": Column(
        "producer",
        shown=lambda producer: producer and producer.code,
        read=producer_with_code,
        basis="producer_basis",
    ),
    "category_code": Column(
        "category",
        shown=lambda category: category and category.code,
        read=category_with_code,
        basis="category_basis",
    ),
    "type": Column(
        "type",
        shown=lambda product_type: product_type and product_type.code,
        read=type_with_code,
        basis="type_basis",
    ),
    "sector": Column("sector", basis="sector_basis"),
    "description": Column("description"),
    "gtin": Column("gtin"),
    "trace_url": Column("trace_url"),
    "position": Column("position", read=stored_position),
    "address": Column("address"),
}

# Read-only names of what the writable codes refer to.
NAMES = {
    "producer": Column("producer", shown=lambda producer: producer and producer.name),
    "category": Column("category", shown=lambda category: category and category.name),
    "type_name": Column("type", shown=lambda product_type: product_type and product_type.name),
}

PARTS = {"made_from": PartsColumn(Ingredient, "type", type_with_code)}

PRODUCTS = RecordLayer(
    Product,
    EditableCollection(
        id="products",
        title=gettext_lazy("Sản phẩm OCOP và đặc sản"),
        description=gettext_lazy("Sản phẩm mà bạn được sửa, mọi trạng thái."),
        queryset=lambda: Product.objects.all(),
        geometry="point",
        properties={
            "code": F("code"),
            "name": F("name"),
            "name_en": empty_as_null("name_en"),
            "original_name": empty_as_null("original_name"),
            "producer_id": F("producer__code"),
            "producer": F("producer__name"),
            "category_code": F("category__code"),
            "category": F("category__name"),
            "type": F("type__code"),
            "type_name": F("type__name"),
            "made_from": made_from_codes(),
            "sector": empty_as_null("sector"),
            "description": NullIf(F("description"), Value("", TextField())),
            "gtin": empty_as_null("gtin"),
            "trace_url": empty_as_null("trace_url"),
            **OWN_PLACE,
            **STATUS,
        },
        titles={
            **EDITING_TITLES,
            **PRODUCT_TITLES,
            "description": gettext_lazy("Mô tả"),
        },
        filters=UNIT_CODES,
        period=("updated_at", "updated_at"),
        during=changed,
        search=lambda products, text: products.search(text),
        writable=(*COLUMNS, *PARTS),
    ),
    {**COLUMNS, **NAMES},
    PARTS,
)
