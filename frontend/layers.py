"""The layers of the map page: where their data are, and the words for them."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from districts.models import last_day_of_old_units
from geodata.spans import today
from products.rights.models import IpRight

from .words import GROUPS, RIGHT_STATUSES, changed_on

# Filled in by layers.js: {name} and nothing else.
TEXTS = {
    "loading": _("Đang tải lớp “{name}”…"),
    "failed": _("Chưa tải được lớp “{name}”; phần còn lại của bản đồ vẫn dùng được."),
    "tiles_refused": _("Không tải được nền OpenStreetMap; đang dùng nền của trang."),
    "unit_none": _("{name}: không có sản phẩm nào khớp"),
    "unit_one": _("{name}: 1 sản phẩm khớp"),
    "unit_some": _("{name}: {count} sản phẩm khớp"),
    "pointless": _("{text}, trong đó {count} chưa có toạ độ"),
    "no_unit_here": _("Điểm này không thuộc đơn vị nào trên bản đồ."),
    "unplaced": _("Chưa rõ thuộc đơn vị nào, không được tính: {count}"),
    "without_area": _("Ngoài ra có {count} quyền không vẽ được, vì nguồn không nêu rõ khu vực."),
}
NAMES = {
    "huyen": _("Huyện trước {day}"),
    "xa-cu": _("Xã trước {day}"),
    "xa": _("Xã ngày nay"),
    "bao-ho": _("Vùng bảo hộ"),
}
SHADES = {
    "huyen": _("Sản phẩm theo huyện trước {day}"),
    "xa-cu": _("Sản phẩm theo xã trước {day}"),
    "xa": _("Sản phẩm theo xã ngày nay"),
}
SIGNS = {
    "exact": _("Đặc: vị trí đã đo, hoặc theo địa chỉ"),
    "inexact": _("Rỗng: vị trí theo xã, không phải địa chỉ"),
    "protected": _("Vòng ngoài: có quyền bảo hộ"),
    "selected": _("Vòng đậm: sản phẩm đang xem"),
    "cluster": _("Số: nhiều sản phẩm; viền chia theo nhóm"),
}


def layer_data():
    """What templates/frontend/layers.html is told."""
    then, day = last_day_of_old_units(), changed_on()
    names = {layer: str(name).format(day=day) for layer, name in NAMES.items()}
    shades = {units: str(name).format(day=day) for units, name in SHADES.items()}
    return {
        "addresses": {
            "huyen": _outlines("districts", then),
            "xa-cu": _outlines("communes", then),
            "xa": _outlines("communes", today()),
            "bao-ho": _outlines("protections"),
        },
        "names": names,
        "shades": shades,
        "groups": GROUPS,
        "signs": SIGNS,
        "texts": {
            **{key: str(text) for key, text in TEXTS.items()},
            "names": names,
            "shades": shades,
            "kinds": {kind: str(label) for kind, label in IpRight.Kind.choices},
            "statuses": {status: str(text) for status, text in RIGHT_STATUSES.items()},
        },
    }


def _outlines(collection, day=None):
    """The address of all features with their simplified drawings; day: those there then."""
    address = reverse("ogc:items", args=[collection]) + "?limit=10000&geometry=outline"
    return f"{address}&datetime={day}" if day else address
