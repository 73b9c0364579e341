"""The public layers of administrative units, old and present."""

from django.contrib.postgres.aggregates import StringAgg
from django.db.models import F, FloatField, OuterRef, Subquery
from django.db.models.functions import Cast, Round
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from geodata.collection import Collection

from .models import CHANGED_ON, Level, Succession, Unit


def _codes(of, one_side):
    """Return the codes of the other units of the successions, separated by "; "."""
    codes = (
        Succession.objects.filter(**{one_side: OuterRef("pk")})
        .values(one_side)
        .annotate(codes=StringAgg(f"{of}__code", "; ", order_by=f"{of}__code"))
    )
    return Subquery(codes.values("codes"))


UNIT_PROPERTIES = {
    "code": F("code"),
    "name": F("name"),
    "name_en": F("name_en"),
    "kind": F("kind"),
    "parent_code": F("parent__code"),
    "parent": F("parent__full_name"),
    "valid_from": F("validity__startswith"),
    "valid_to": F("validity__endswith"),
    "formed_from": _codes("predecessor", "successor"),
    "became": _codes("successor", "predecessor"),
    # round() returns a numeric, whose JSON text has zeros at the end.
    "area_km2": Cast(Round(F("boundary__area_km2"), 2), FloatField()),
    "source": F("source__title"),
}

UNIT_TITLES = {
    "code": _("Mã"),
    "name": _("Tên"),
    "name_en": _("Tên tiếng Anh"),
    "kind": _("Loại"),
    "parent_code": _("Mã cấp trên"),
    "parent": _("Thuộc"),
    "valid_from": _("Từ ngày"),
    "valid_to": _("Không còn từ ngày"),
    "formed_from": _("Hình thành từ (mã)"),
    "became": _("Trở thành (mã)"),
    "area_km2": _("Diện tích (km²)"),
    "source": _("Nguồn"),
}


def in_existence(units, interval):
    """Units that existed on a day of the interval."""
    return units.filter(validity__overlap=interval.days)


DISTRICTS = Collection(
    id="districts",
    title=format_lazy(_("Huyện, thành phố (trước {day})"), day=CHANGED_ON),
    description=format_lazy(
        _("Đơn vị cấp huyện với ranh giới; cấp huyện đã bãi bỏ từ ngày {day}."), day=CHANGED_ON
    ),
    queryset=lambda: Unit.objects.filter(level=Level.DISTRICT),
    key="public_id",
    geometry="boundary__geometry",
    outline="boundary__outline",
    properties=UNIT_PROPERTIES,
    titles=UNIT_TITLES,
    period=("validity__startswith", "validity__endswith"),
    during=in_existence,
    themes=("REGI", "GOVE"),
    keywords=(_("đơn vị hành chính"), _("ranh giới hành chính"), _("cấp huyện")),
)

COMMUNES = Collection(
    id="communes",
    title=_("Xã, phường, thị trấn, xưa và nay"),
    description=format_lazy(
        _("Đơn vị cấp xã trước và từ ngày {day}, đơn vị nào thành đơn vị nào."), day=CHANGED_ON
    ),
    queryset=lambda: Unit.objects.filter(level=Level.COMMUNE),
    key="public_id",
    geometry="boundary__geometry",
    outline="boundary__outline",
    properties=UNIT_PROPERTIES,
    titles=UNIT_TITLES,
    period=("validity__startswith", "validity__endswith"),
    during=in_existence,
    themes=("REGI", "GOVE"),
    keywords=(
        _("đơn vị hành chính"),
        _("ranh giới hành chính"),
        _("cấp xã"),
        _("sắp xếp đơn vị hành chính"),
    ),
)
