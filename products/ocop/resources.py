"""The tables of products and of their ratings that officials import."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from geodata.spans import overlap
from geodata.text import fold
from products.register.importing.cells import (
    ERASED,
    Choice,
    Column,
    Day,
    Number,
    Reference,
    Span,
    Stars,
    Text,
)
from products.register.importing.resources import (
    Code,
    LocatedResource,
    RecordResource,
    code_column,
    find_sources,
    version_column,
)
from products.register.importing.writing import PLACE_REFERENCES, RecordRow
from products.register.models import Basis, Category, Producer, ProductType, Sector

from .models import Ingredient, OcopRating, Product


class ProductResource(LocatedResource):
    """One product in each row; ratings have a table of their own."""

    kind = "products"
    title = gettext_lazy("Sản phẩm")
    model = Product
    part_models = (Ingredient,)
    related = (*PLACE_REFERENCES, "producer", "category", "type")
    bases = {
        "producer": "producer_basis",
        "category": "category_basis",
        "type": "type_basis",
        "sector": "sector_basis",
    }
    references = {
        **LocatedResource.references,
        "producer_code": "find_producers_by_code",
        "producer": "find_producers",
        "category": "find_categories",
        "type": "find_types",
        "made_from": "find_ingredients",
    }
    HELPERS = (*LocatedResource.HELPERS, "producer_code", "made_from")

    code = code_column("Mã sản phẩm", aliases=("Mã", "record_id"))
    name = Column(
        "Tên sản phẩm",
        attribute="name",
        aliases=("Sản phẩm", "Tên", "product_name"),
        example="Mật nho",
        required=True,
    )
    name_en = Column("Tên tiếng Anh", attribute="name_en")
    name_basis = Column("Tên biết từ", Choice(Basis.choices), attribute="name_basis")
    original_name = Column("Tên trên nguồn", attribute="original_name")
    producer_code = Column(
        "Mã chủ thể",
        Code(),
        attribute="producer__code",
        aliases=("producer_id",),
        explanation="Chắc chắn hơn tên khi hai chủ thể trùng tên.",
    )
    producer = Column(
        "Chủ thể",
        Reference(),
        attribute="producer__name",
        aliases=("Tên chủ thể", "Chủ thể sản xuất", "Cơ sở sản xuất"),
        example="HTX Ví Dụ",
        explanation="Tên đúng như trong danh sách chủ thể.",
    )
    producer_basis = Column("Chủ thể biết từ", Choice(Basis.choices), attribute="producer_basis")
    category = Column(
        "Nhóm sản phẩm",
        Reference(),
        attribute="category__name",
        aliases=("Nhóm", "category_code"),
        explanation="Tên hoặc số La Mã của nhóm theo Quyết định 148/QĐ-TTg.",
    )
    category_basis = Column("Nhóm biết từ", Choice(Basis.choices), attribute="category_basis")
    type = Column(
        "Loại sản phẩm",
        Reference(),
        attribute="type__name",
        aliases=("Loại", "Mã loại sản phẩm"),
        example="nho",
        explanation="Tên hoặc mã trong danh mục loại sản phẩm.",
    )
    type_basis = Column("Loại biết từ", Choice(Basis.choices), attribute="type_basis")
    made_from = Column(
        "Làm từ",
        Reference(),
        aliases=("Nguyên liệu",),
        example="nho",
        explanation="Tên hoặc mã loại sản phẩm, cách nhau bằng dấu chấm phẩy.",
    )
    sector = Column("Lĩnh vực", Choice(Sector.choices), attribute="sector", aliases=("Ngành",))
    sector_basis = Column("Lĩnh vực biết từ", Choice(Basis.choices), attribute="sector_basis")
    description = Column("Mô tả", Text(lines=True), attribute="description")
    gtin = Column("GTIN", attribute="gtin", aliases=("Mã vạch", "Mã số mã vạch"))
    trace_url = Column(
        "Địa chỉ truy xuất nguồn gốc", attribute="trace_url", aliases=("Truy xuất nguồn gốc",)
    )
    quote = Column("Trích nguồn", attribute="quote")

    class Meta:
        export_order = (
            *("code", "name", "name_en", "name_basis", "original_name"),
            *("producer_code", "producer", "producer_basis"),
            *("category", "category_basis", "type", "type_basis"),
            *("made_from", "sector", "sector_basis"),
            *("description", "gtin", "trace_url"),
            *("commune", "district", "address", "lat", "lng", "northing", "easting", "grid"),
            *("position", "source", "quote"),
        )

    def find_producers(self, names):
        found = {}
        for producer in Producer.objects.filter(name__in=names):
            found.setdefault(producer.name, []).append(producer)
        several = _("Có %(count)d chủ thể tên “%(name)s”: hãy ghi mã chủ thể.")
        return {
            name: rows[0]
            if len(rows) == 1
            else ValidationError(several % {"count": len(rows), "name": name})
            for name, rows in found.items()
        }

    def find_categories(self, texts):
        known = {}
        for category in Category.objects.filter(scheme=Category.Scheme.QD148):
            known[fold(category.name)] = known[fold(category.code)] = category
        return {text: known[fold(text)] for text in texts if fold(text) in known}

    def find_types(self, texts):
        known = {}
        for one in ProductType.objects.all():
            known[fold(one.name)] = known[fold(one.code)] = one
        return {text: known[fold(text)] for text in texts if fold(text) in known}

    def find_ingredients(self, texts):
        """Return {text: types in it, each once, or ValidationError}."""
        named = {text: [name.strip() for name in text.split(";") if name.strip()] for text in texts}
        types = self.find_types({name for names in named.values() for name in names})
        found = {}
        for text, names in named.items():
            missing = [name for name in names if name not in types]
            found[text] = (
                ValidationError(_("Không tìm thấy “%s”.") % missing[0])
                if missing
                else list(dict.fromkeys(types[name] for name in names))
            )
        return found

    def record_rows(self, cleaned):
        rows = super().record_rows(cleaned)
        wanted = {line: values["made_from"] for line, values in cleaned if "made_from" in values}
        for row in rows:
            if row.line in wanted:
                types = [] if wanted[row.line] is ERASED else wanted[row.line]
                row.parts = lambda record, types=types: _ingredients(record, types)
                row.part_column = self.heading("made_from")
        return rows

    def filter_export(self, queryset, **kwargs):
        return queryset.prefetch_related("ingredients__type")

    def dehydrate_made_from(self, record):
        return "; ".join(sorted(part.type.name for part in record.ingredients.all()))

    def _clean(self, line, cells):
        # The code of a producer decides: two may have the same name.
        name = cells.get("producer", "")
        if cells.get("producer_code"):
            cells = {key: text for key, text in cells.items() if key != "producer"}
        values = super()._clean(line, cells)
        if values is None or "producer_code" not in values:
            return values
        producer = values["producer"] = values.pop("producer_code")
        if name and producer is not ERASED and name != producer.name:
            text = _("Mã %(code)s là của “%(name)s”.")
            params = {"code": producer.code, "name": producer.name}
            self.refuse(line, "producer", text % params)
            return None
        return values

    def further_identity(self, row):
        producer = row.get("producer")
        return (producer.pk if producer and producer is not ERASED else None,)

    def further_identity_of(self, record):
        return (record.producer_id,)


def _ingredients(product, types):
    """Return (ingredients to save, ingredients to delete), so that it is made from these types."""
    stored = {part.type_id: part for part in product.ingredients.all()} if product.pk else {}
    save = [Ingredient(type=one) for one in types if one.pk not in stored]
    wanted = {one.pk for one in types}
    return save, [part for key, part in stored.items() if key not in wanted]


class RatingResource(RecordResource):
    """One decision about one product in each row."""

    kind = "ratings"
    title = gettext_lazy("Xếp hạng OCOP")
    model = Product
    part_models = (OcopRating,)
    references = {"product": "find_products", "source": "find_sources"}
    FIELDS = (
        *("stars", "nominated_stars", "score", "decision_text", "issuer", "revoked_on"),
        "source",
    )

    product = Column(
        "Mã sản phẩm",
        Reference(),
        attribute="product__code",
        aliases=("Mã", "code", "record_id"),
        required=True,
    )
    name = Column(
        "Tên sản phẩm",
        attribute="product__name",
        aliases=("Sản phẩm", "Tên"),
        explanation="Để đối chiếu với mã; không được nhập.",
        erasable=False,
    )
    stars = Column(
        "Số sao", Stars(), attribute="stars", aliases=("Hạng", "Hạng sao", "Sao"), example="3 sao"
    )
    nominated_stars = Column(
        "Tiềm năng (số sao)", Stars(), attribute="nominated_stars", aliases=("Tiềm năng",)
    )
    score = Column("Điểm", Number(), attribute="score", aliases=("Số điểm",))
    decided = Column(
        "Ngày quyết định",
        Span(),
        attribute="decided",
        aliases=("Ngày ký", "Ngày công nhận"),
        example="10/12/2024",
        explanation="Ngày, tháng hoặc năm; “đến 9/2022” nếu chỉ biết muộn nhất là khi nào.",
        required=True,
    )
    decision_text = Column(
        "Quyết định",
        aliases=("Số quyết định", "Quyết định hoặc đợt", "Quyết định số", "decision"),
    )
    issuer = Column(
        "Nơi công nhận", attribute="issuer", aliases=("Cơ quan công nhận", "Cấp công nhận")
    )
    revoked_on = Column("Thu hồi ngày", Day(), attribute="revoked_on", aliases=("Ngày thu hồi",))
    source = Column(
        "Nguồn",
        Reference(),
        aliases=("Căn cứ", "source_url"),
        explanation="Để trống thì nguồn là chính quyết định.",
    )
    version = version_column()

    def find_products(self, codes):
        products = Product.objects.filter(code__in={code.upper() for code in codes})
        found = products.in_bulk(field_name="code")
        own = products.editable_by(self.mode.user) if self.mode and self.mode.user else products
        self._named = set(own.values_list("code", flat=True))
        return {code: found[code.upper()] for code in codes if code.upper() in found}

    def load_references(self, texts):
        super().load_references(texts)
        # The decision is its own source where the file states no other.
        decisions = {
            row["decision_text"]
            for row in texts
            if row.get("decision_text") and not row.get("source")
        }
        self._sources_of_decisions = find_sources(decisions) if decisions else {}

    def record_rows(self, cleaned):
        of_products = {}
        for line, values in cleaned:
            product, decided = values.get("product"), values.get("decided")
            if not product or product is ERASED:
                self.refuse(line, "product", _("Cần có giá trị."))
            elif not decided or decided is ERASED:
                self.refuse(line, "decided", _("Cần có giá trị."))
            elif "name" in values and fold(values["name"]) != fold(product.name):
                # The name of a draft elsewhere is not for everybody.
                is_named = product.code in self._named
                text = _("Sản phẩm %(code)s tên là “%(name)s”.")
                text = text if is_named else _("Sản phẩm %(code)s có tên khác.")
                self.refuse(line, "name", text % {"code": product.code, "name": product.name})
            elif (key := (product.code, decided)) in self._seen:
                text = _("“%s” đã có ở một dòng trước.")
                self.refuse(line, "product", text % f"{product.code}, {values['decided']}")
            else:
                self._seen.add(key)
                of_products.setdefault(product.code, []).append((line, values))
        return [
            RecordRow(
                rows[0][0],
                code,
                {},
                rows[0][1].get("version"),
                lambda record, rows=rows: self._parts(record, rows),
                self.heading("decided"),
            )
            for code, rows in of_products.items()
        ]

    def _parts(self, product, rows):
        """Return (ratings to save, ()): a decision whose span overlaps is corrected."""
        ratings = list(product.ratings.all())
        changed = []
        for line, values in rows:
            overlapping = [one for one in ratings if overlap(one.decided, values["decided"])]
            exact = [one for one in overlapping if one.decided == values["decided"]]
            rating = (exact or overlapping or [OcopRating()])[0]
            new = {
                name: self._value(rating, name, values) for name in self.FIELDS if name in values
            } | {"decided": values["decided"]}
            if rating._state.adding and "source" not in new:
                new["source"] = self._source(values)
            if rating._state.adding or any(
                getattr(rating, name) != value for name, value in new.items()
            ):
                for name, value in new.items():
                    setattr(rating, name, value)
                rating.line = line
                changed.append(rating)
        return changed, ()

    def _value(self, rating, name, values):
        decision = rating.decision
        if name == "decision_text" and decision and values[name] == decision.number:
            # The export wrote the number of the decision.
            return rating.decision_text
        if values[name] is not ERASED:
            return values[name]
        return None if OcopRating._meta.get_field(name).null else ""

    def _source(self, values):
        source = (
            self._sources_of_decisions.get(values.get("decision_text")) or self.default_source()
        )
        if source is None or isinstance(source, ValidationError):
            raise ValidationError({"source": source or _("Mọi dữ kiện cần có nguồn.")})
        return source

    def get_queryset(self):
        return OcopRating.objects.select_related("product", "source", "decision")

    def dehydrate_decision_text(self, rating):
        return rating.decision_name

    def dehydrate_source(self, rating):
        return rating.source.url or rating.source.title

    def dehydrate_version(self, rating):
        return rating.product.version
