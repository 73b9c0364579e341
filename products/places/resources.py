"""The tables of sales points and craft villages that officials import."""

from django.utils.translation import gettext_lazy

from products.register.importing.cells import Choice, Column, Year, YesNo
from products.register.importing.resources import Code, LocatedResource, code_column
from products.register.importing.writing import PLACE_REFERENCES

from .models import CraftVillage, SalesPoint


class DestinationResource(LocatedResource):
    """What the two kinds of places have in common."""

    related = (*PLACE_REFERENCES, "producer")
    references = {**LocatedResource.references, "producer": "find_producers_by_code"}

    producer = Column(
        "Mã chủ thể",
        Code(),
        attribute="producer__code",
        aliases=("producer_id",),
        explanation="Chỉ điền khi nguồn nêu nơi này là của chủ thể ấy.",
    )
    visit = Column(
        "Đón khách tham quan", YesNo(), attribute="visit", aliases=("Đón khách",), erasable=False
    )
    opening_hours = Column(
        "Giờ mở cửa",
        attribute="opening_hours",
        example="Mo-Sa 07:00-17:00; Su off",
        explanation="Theo cú pháp của OpenStreetMap.",
    )
    season_note = Column("Mùa", attribute="season_note")
    price_note = Column("Giá", attribute="price_note")
    last_seen = Column(
        "Năm thấy lần cuối",
        Year(),
        attribute="last_seen",
        explanation="Năm gần nhất mà nguồn còn nêu nơi này hoạt động.",
    )

    def _field_values(self, record, cells):
        # `kind` is that of the table.
        renamed = {"kind" if name == "type" else name: value for name, value in cells.items()}
        return super()._field_values(record, renamed)

    def _place_values(self, record, cells):
        values = super()._place_values(record, cells)
        # That of the former point.
        return values | {"position_source": None} if "point" in values else values


class SalesPointResource(DestinationResource):
    """One sales point, or place that receives visitors, in each row."""

    kind = "sales_points"
    title = gettext_lazy("Điểm bán và nơi đón khách")
    model = SalesPoint

    code = code_column("Mã điểm bán", aliases=("Mã", "point_id"))
    name = Column(
        "Tên điểm bán",
        attribute="name",
        aliases=("Điểm bán", "Tên"),
        example="Gian hàng Ví Dụ",
        required=True,
    )
    type = Column(
        "Loại điểm bán",
        Choice(SalesPoint.Kind.choices),
        attribute="kind",
        aliases=("Loại",),
        example="gian hàng",
    )
    sells = Column("Có bán", YesNo(), attribute="sells", example="có", erasable=False)
    goods = Column("Bán hoặc trưng bày", attribute="goods", aliases=("Hàng bán",))

    class Meta:
        export_order = ("code", "name", "type", "sells", "goods", "producer")


class CraftVillageResource(DestinationResource):
    """One craft village, or place where a craft is practised, in each row."""

    kind = "craft_villages"
    title = gettext_lazy("Làng nghề")
    model = CraftVillage

    code = code_column("Mã làng nghề", aliases=("Mã", "village_id"))
    name = Column(
        "Tên làng nghề",
        attribute="name",
        aliases=("Làng nghề", "Tên"),
        example="Làng gốm Ví Dụ",
        required=True,
    )
    type = Column(
        "Loại làng nghề",
        Choice(CraftVillage.Kind.choices),
        attribute="kind",
        aliases=("Loại",),
        example="làng nghề",
    )
    craft = Column("Nghề", attribute="craft", example="gốm", required=True, erasable=False)
    recognised = Column(
        "Đã được công nhận",
        YesNo(),
        attribute="recognised",
        explanation="Chỉ khi nguồn nêu đã được công nhận là làng nghề.",
        erasable=False,
    )

    class Meta:
        export_order = ("code", "name", "type", "craft", "recognised", "producer")
