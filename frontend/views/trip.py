"""The trip of a visitor: a list of places that is stored on the device only.

The page is the same for everyone. Its script reads the list from the device, or from the fragment
of a shared link, which browsers do not send, and loads whole collections, so that the server does
not receive the ids of a trip.
"""

from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from districts.models import Level, Unit
from frontend import labels
from frontend.layers import point_layers
from geodata.collection import collections
from geodata.mapview import map_data
from geodata.page_cache import cached_page
from geodata.property_types import code_titles
from geodata.spans import today
from geodata.text import fold
from products.ocop.models import RATING_MONTHS

from .records import all_items_url, district_outlines_url

# JavaScript fills these in: placeholders are {name}, without format specifications.
TEXTS = {
    "title": _("Chuyến đi của tôi"),
    "title_shared": _("Chuyến đi được chia sẻ"),
    "count": _("{count} nơi"),
    "full": _("Một chuyến đi có nhiều nhất {count} nơi; chưa nơi nào được thêm. Hãy bỏ bớt trước."),
    "refused": _(
        "Trình duyệt không cho lưu trên thiết bị, hoặc đã hết chỗ; danh sách chưa thay đổi."
    ),
    "other_version": _("Liên kết này do một phiên bản khác của trang tạo ra, nên không đọc được."),
    "unreadable": _("Đã bỏ qua {count} mục trong liên kết vì không đọc được."),
    "beyond": _("Liên kết dài hơn một chuyến đi: chỉ hiện {most} nơi đầu, bỏ {count} nơi sau."),
    "shared_empty": _("Liên kết này không có nơi nào."),
    "own_count": _("Chuyến đi của bạn trên thiết bị này có {count} nơi và vẫn còn nguyên."),
    "own_empty": _("Bạn chưa có chuyến đi nào trên thiết bị này."),
    "gone": _("Không còn được công bố, hoặc chưa từng có."),
    "loading_stop": _("Đang tải…"),
    "not_loaded": _("Chưa tải được thông tin của nơi này."),
    "unlocated": _("Chưa rõ địa điểm, nên không có trên bản đồ: {names}."),
    "leg": _("cách nơi trước {distance} theo đường chim bay"),
    "directions_by": _("Chỉ đường đến {place} bằng {map}"),
    "moved": _("{name}: nay là số {number}."),
    "removed": _("Đã bỏ khỏi chuyến đi: {name}."),
    "cleared": _("Đã xoá cả chuyến đi."),
    "undone": _("Đã hoàn tác."),
    "added": _("Đã thêm vào chuyến đi của bạn."),
    "replaced": _("Đã thay chuyến đi của bạn."),
    "sorted_from_first": _("Đã sắp: mỗi nơi là nơi gần nhất của nơi trước, bắt đầu từ nơi đầu."),
    "sorted_from_me": _("Đã sắp: mỗi nơi là nơi gần nhất của nơi trước, bắt đầu từ chỗ bạn."),
    "link_marked": _("Không chép được. Hãy chép liên kết trong ô dưới các nút."),
    "qr_label": _("Mã QR của liên kết đến chuyến đi này"),
    "qr_failed": _("Chưa tải được phần vẽ mã QR. Hãy thử lại khi có mạng."),
    "file_note": _(
        "Thứ tự do người lập chọn; đường nối các nơi là đường thẳng, không phải đường đi."
    ),
    "failed": _("Máy chủ báo lỗi. Chuyến đi của bạn vẫn còn trên thiết bị."),
    "offline": _("Không kết nối được máy chủ. Chuyến đi của bạn vẫn còn trên thiết bị."),
    "timeout": _("Máy chủ trả lời quá chậm. Chuyến đi của bạn vẫn còn trên thiết bị."),
}


@cached_page()
def trip(request, revision):
    """The page of the trip; its script fills it in."""
    return render(
        request,
        "frontend/trip.html",
        {
            "map": map_data(),
            "districts_url": district_outlines_url(),
            "data": {
                "collections": {id: _collection(id) for id in trip_collections()},
                "texts": {**labels.map_texts(), **_place_texts(), **_texts(TEXTS)},
            },
        },
    )


def trip_collections():
    """The ids of the collections whose records can be stops of a trip."""
    return ["products", "producers", *point_layers()]


def _collection(id):
    """What the script needs of a collection: all of its features, its name, and kinds by code."""
    collection = collections()[id]
    kind = collection.fields.get("kind")
    return {
        "url": all_items_url(id),
        "title": str(collection.title),
        "kinds": code_titles(kind) if kind else {},
    }


def _place_texts():
    """What the labels of places in the script need beside labels.map_texts()."""
    communes = Unit.objects.filter(level=Level.COMMUNE).on(today()).select_related("parent")
    provinces = {commune.parent for commune in communes if commune.parent}
    return {
        "ratingMonths": RATING_MONTHS,
        "changedOn": labels.units_changed_on(),
        "province": str(provinces.pop()) if len(provinces) == 1 else "",
        "unitKinds": {fold(kind): str(name) for kind, name in labels.UNIT_KINDS.items()},
    }


def _texts(texts):
    return {key: str(text) for key, text in texts.items()}
