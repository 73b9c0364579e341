"""The public layer of rights of industrial property."""

from django.db.models import F, Q, Value
from django.db.models.functions import NullIf
from django.utils.translation import gettext_lazy as _

from geodata.collection import Collection
from geodata.pages import PageAddress
from geodata.spans import IsoSpan
from products.register.collections import (
    TITLES,
    empty_as_null,
    to_the_second,
    withdrawn,
)

from .models import IpRight

RIGHT_TITLES = {
    **TITLES,
    "number": _("Số văn bằng"),
    "owner": _("Chủ sở hữu"),
    "filed": _("Nộp đơn"),
    "granted": _("Cấp"),
    "expires": _("Hết hạn ngày"),
    "status": _("Tình trạng"),
    "goods_types": _("Mã các loại hàng"),
    "area_note": _("Khu vực bảo hộ"),
}


def in_term(rights, interval):
    """Rights granted before the end of the interval and not expired before its beginning.

    An unknown day counts as open.
    """
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
    queryset=lambda: IpRight.objects.published(),
    on_day=lambda rights, day: rights.with_status_on(day).with_goods_types(),
    change_days=lambda: IpRight.objects.change_days(),
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
        "goods_types": F("goods_type_codes"),
        "area_note": empty_as_null("area_note"),
        "url": PageAddress(IpRight),
        "source_url": NullIf(F("source__url"), Value("")),
        "updated_at": to_the_second("updated_at"),
    },
    titles=RIGHT_TITLES,
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
