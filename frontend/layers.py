"""The layers of the map page: URLs of their data, their names and texts."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from districts.models import last_day_of_old_units
from geodata.collection import collections
from geodata.property_types import code_titles
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
    "valid": _("Viền vàng liền: xếp hạng còn hiệu lực"),
    "expiring": _("Viền vàng hở: sắp hết hạn"),
    "expired": _("Viền xám mảnh: đã hết hạn hoặc bị thu hồi"),
    "unknown": _("Viền nét đứt: chưa xác minh hạn"),
    "protected": _("Khiên bên cạnh: có quyền bảo hộ"),
    "selected": _("Vòng đậm: sản phẩm đang xem"),
    "cluster": _("Số: nhiều sản phẩm; viền chia theo nhóm"),
    "unit": _("Khung nét đứt: số sản phẩm chỉ biết huyện"),
}


def point_layers():
    """The collections that declare a map layer, by id."""
    return {id: one for id, one in collections().items() if one.map_layer}


def symbol_of(record):
    """Return the path data of the symbol of a record of a layer of points."""
    return collections()[record.features.collection].map_layer.symbol


def layer_data():
    """The context of templates/frontend/layers.html."""
    last_old_day, day = last_day_of_old_units(), units_changed_on()
    points = point_layers()
    names = {layer: str(name).format(day=day) for layer, name in NAMES.items()}
    names |= {id: str(collection.title) for id, collection in points.items()}
    shades = {units: str(name).format(day=day) for units, name in CHOROPLETHS.items()}
    return {
        "urls": {
            "huyen": _outlines_url("districts", last_old_day),
            "xa-cu": _outlines_url("communes", last_old_day),
            "xa": _outlines_url("communes", today()),
            "bao-ho": _outlines_url("protections"),
            **{id: reverse("ogc:items", args=[id]) + "?limit=10000" for id in points},
        },
        "names": names,
        "choropleths": shades,
        "groups": GROUPS,
        "legend": LEGEND,
        "points": [(names[id], collection.map_layer.symbol) for id, collection in points.items()],
        "texts": {
            **{key: str(text) for key, text in TEXTS.items()},
            "names": names,
            "shades": shades,
            "kinds": {kind: str(label) for kind, label in IpRight.Kind.choices},
            "points": {id: _point_layer(collection) for id, collection in points.items()},
            "statuses": {status: str(text) for status, text in RIGHT_STATUSES.items()},
        },
    }


def _point_layer(collection):
    """The symbol of a layer and the properties of its popup, for JavaScript.

    popup: [name, title, {code: title}] of each property.
    """
    layer = collection.map_layer
    return {
        "symbol": layer.symbol,
        "popup": [
            [name, collection.title_of(name), code_titles(collection.fields[name])]
            for name in layer.popup
        ],
    }


def _outlines_url(collection, day=None):
    """The URL of all features with simplified geometries; day: only those valid on that day."""
    url = reverse("ogc:items", args=[collection]) + "?limit=10000&geometry=outline"
    return f"{url}&datetime={day}" if day else url
