"""The layers of the map page: URLs of their data, their names and texts."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from districts.models import last_day_of_old_units
from geodata.spans import today
from products.rights.models import IpRight

from .labels import GROUPS, RIGHT_STATUSES, units_changed_on

# JavaScript fills these in: placeholders are {name}, without format specifications.
TEXTS = {
    "loading": _("Đang tải lớp “{name}”…"),
    "failed": _("Chưa tải được lớp “{name}”; phần còn lại của bản đồ vẫn dùng được."),
    "tiles_refused": _("Không tải được nền OpenStreetMap; đang dùng nền đơn giản."),
    "unit_none": _("{name}: không có sản phẩm nào khớp"),
    "unit_one": _("{name}: 1 sản phẩm khớp"),
    "unit_some": _("{name}: {count} sản phẩm khớp"),
    "unlocated": _("{text}, trong đó {count} chưa rõ địa điểm"),
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
CHOROPLETHS = {
    "huyen": _("Sản phẩm theo huyện trước {day}"),
    "xa-cu": _("Sản phẩm theo xã trước {day}"),
    "xa": _("Sản phẩm theo xã ngày nay"),
}
LEGEND = {
    "exact": _("Đặc: vị trí đã đo, hoặc theo địa chỉ"),
    "inexact": _("Rỗng: vị trí theo xã, không phải địa chỉ"),
    "protected": _("Vòng ngoài: có quyền bảo hộ"),
    "selected": _("Vòng đậm: sản phẩm đang xem"),
    "cluster": _("Số: nhiều sản phẩm; viền chia theo nhóm"),
}


def layer_data():
    """The context of templates/frontend/layers.html."""
    last_old_day, day = last_day_of_old_units(), units_changed_on()
    names = {layer: str(name).format(day=day) for layer, name in NAMES.items()}
    shades = {units: str(name).format(day=day) for units, name in CHOROPLETHS.items()}
    return {
        "urls": {
            "huyen": _outlines_url("districts", last_old_day),
            "xa-cu": _outlines_url("communes", last_old_day),
            "xa": _outlines_url("communes", today()),
            "bao-ho": _outlines_url("protections"),
        },
        "names": names,
        "choropleths": shades,
        "groups": GROUPS,
        "legend": LEGEND,
        "texts": {
            **{key: str(text) for key, text in TEXTS.items()},
            "names": names,
            "shades": shades,
            "kinds": {kind: str(label) for kind, label in IpRight.Kind.choices},
            "statuses": {status: str(text) for status, text in RIGHT_STATUSES.items()},
        },
    }


def _outlines_url(collection, day=None):
    """The URL of all features with simplified geometries; day: only those valid on that day."""
    url = reverse("ogc:items", args=[collection]) + "?limit=10000&geometry=outline"
    return f"{url}&datetime={day}" if day else url
