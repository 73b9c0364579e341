"""The words of the public pages; the map page's modules get the same ones as JSON.

What a rating is worth is said in one way wherever it is shown: here for pages made on the server,
in static/frontend/js/words.js for the list that the browser keeps. A test holds them together.
"""

import re

from django.conf import settings
from django.utils.formats import number_format
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from geodata.spans import format_day
from products.ocop.models import OcopStatus
from products.register.models import Position
from products.rights.models import IpRight

# The groups of Decision 148/QĐ-TTg in the words of a filter; the full names are in the database.
GROUPS = {
    "I": _("Thực phẩm"),
    "II": _("Đồ uống"),
    "III": _("Dược liệu"),
    "IV": _("Thủ công mỹ nghệ"),
    "V": _("Sinh vật cảnh"),
    "VI": _("Du lịch cộng đồng"),
}

STATUSES = {
    OcopStatus.VALID: _("Còn hiệu lực"),
    OcopStatus.EXPIRING: _("Sắp hết hạn"),
    OcopStatus.EXPIRED: _("Hết hạn"),
    OcopStatus.UNKNOWN: _("Chưa rõ còn hiệu lực"),
    OcopStatus.NONE: _("Chưa được xếp hạng"),
    OcopStatus.REVOKED: _("Đã thu hồi"),
}

# The kinds of units as the registers spell them.
UNIT_KINDS = {
    "thành phố": _("thành phố"),
    "thị xã": _("thị xã"),
    "huyện": _("huyện"),
    "phường": _("phường"),
    "thị trấn": _("thị trấn"),
    "xã": _("xã"),
}

# Filled in with str.replace-like templates by both languages: {name} and nothing else.
TEXTS = {
    "valid": _("Còn hiệu lực đến {date}"),
    "valid_at_least": _("Còn hiệu lực ít nhất đến {date}"),
    "expiring": _("Sắp hết hạn: {date}"),
    "expiring_at_least": _("Sắp hết hạn: sớm nhất {date}"),
    "expired": _("Hết hạn từ {month}"),
    "unknown": _("Chưa rõ còn hiệu lực"),
    "none": _("Chưa được xếp hạng"),
    "revoked": _("Đã thu hồi"),
    "stars": _("{count} sao"),
    "place_by_commune": _("vị trí theo xã"),
    "no_point": _("chưa có toạ độ"),
    "no_place": _("chưa rõ nơi"),
    "protected": _("Có bảo hộ: {names}"),
    "show_on_map": _("Xem trên bản đồ: {name}"),
    "count_all": _("{count} sản phẩm"),
    "count_some": _("{count} trong {all} sản phẩm"),
    "cluster": _("{count} sản phẩm, bấm để xem"),
    "same_spot": _("{count} sản phẩm, {place}"),
    "same_spot_anywhere": _("{count} sản phẩm ở cùng một điểm"),
    "remove": _("Bỏ lọc {name}"),
    "clear": _("Xoá tất cả"),
    "word": _("Từ khoá: {q}"),
    "any_protection": _("Có quyền bảo hộ"),
    "in_area": _("Trong vùng: {name}"),
    "loading": _("Đang tải sản phẩm…"),
    "empty": _("Chưa có sản phẩm nào được công bố."),
    "nothing": _("Không có sản phẩm nào khớp."),
    "loosen": _("Thử bỏ bớt: {names}."),
    "timeout": _("Máy chủ trả lời quá chậm. Bộ lọc và vị trí bản đồ vẫn được giữ."),
    "offline": _("Không kết nối được máy chủ. Bộ lọc và vị trí bản đồ vẫn được giữ."),
    "failed": _("Máy chủ báo lỗi. Bộ lọc và vị trí bản đồ vẫn được giữ."),
    "area_failed": _("Chưa tải được các vùng bảo hộ."),
    "unit_then": _("{kind} trước {day}"),
    "unit_now": _("{kind} hiện nay"),
    "producer": _("chủ thể"),
    "product_in": _("sản phẩm, {place}"),
    "suggestions": _("{count} gợi ý"),
    "of_producer": _("Chủ thể: {name}"),
    "near": _("Gần tôi"),
    "near_me": _("Vị trí của bạn"),
    "near_asking": _("Đang tìm vị trí của bạn…"),
    "near_denied": _("Trình duyệt không cho biết vị trí. Hãy cho phép rồi thử lại."),
    "near_unavailable": _("Thiết bị không xác định được vị trí. Hãy thử lại sau."),
    "near_timeout": _("Tìm vị trí quá lâu. Hãy thử lại ở nơi thoáng hơn."),
    "away": _("cách {distance}"),
    "away_by_commune": _("cách khoảng {distance} (vị trí theo xã)"),
    "link_copied": _("Đã chép liên kết. Dán để gửi cho người khác."),
    "link_not_copied": _("Không chép được. Hãy chép địa chỉ trên thanh địa chỉ."),
    "product_gone": _("Sản phẩm trong liên kết không còn trên bản đồ."),
    **{f"position_{value}": label for value, label in Position.choices},
    "position_commune": _(
        "vị trí theo xã: điểm trên bản đồ chỉ đại diện cho xã, không phải địa chỉ"
    ),
    "not_stated": _("nguồn không nêu"),
    "back_to_list": _("Danh sách"),
    "back_to_spot": _("{count} sản phẩm cùng điểm"),
    "sheet_peek": _("Mở danh sách"),
    "sheet_half": _("Mở rộng danh sách"),
    "sheet_full": _("Thu gọn danh sách"),
}


def map_texts():
    """TEXTS and the names of statuses in the reader's language, ready for JSON."""
    return {key: str(text) for key, text in TEXTS.items()}


# Letters that hardly another language writes.
_VIETNAMESE = re.compile("[ĂăĐđĨĩŨũƠơƯưẠ-ỹ]")


def is_vietnamese(text):
    """Whether a text that may be in any language is surely Vietnamese.

    Names of places alone do not make it so: a word in four must have a letter of Vietnamese alone.
    """
    found = re.findall(r"[^\W\d_]+", text)
    return 4 * sum(bool(_VIETNAMESE.search(word)) for word in found) >= len(found) > 0


def changed_on():
    """The first day of the units of today, as people write it."""
    return format_day(settings.PLACE.units_changed_on)


def rating_words(product):
    """What the product's rating is worth today, in one sentence.

    product: with the annotations of ProductQuerySet.with_rating_on().
    """
    status = product.ocop_status
    if status in (OcopStatus.VALID, OcopStatus.EXPIRING):
        exact = product.rated_to == product.holds_at_least_to
        text = TEXTS[status if exact else f"{status}_at_least"]
        return text.format(date=format_day(product.holds_at_least_to))
    if status == OcopStatus.EXPIRED:
        return TEXTS["expired"].format(month=f"{product.rated_to.month}/{product.rated_to.year}")
    return str(TEXTS[status])


RIGHT_STATUSES = {
    IpRight.Status.IN_FORCE: _("đang được bảo hộ"),
    IpRight.Status.RENEWAL_UNKNOWN: _("chưa rõ đã gia hạn"),
    IpRight.Status.EXPIRED: _("đã chấm dứt"),
    IpRight.Status.PENDING: _("đang xin bảo hộ, chưa được bảo hộ"),
    IpRight.Status.REFUSED: _("đơn bị từ chối"),
    IpRight.Status.WITHDRAWN: _("đơn đã rút"),
    IpRight.Status.UNKNOWN: _("chưa rõ hiệu lực"),
}


def right_words(right):
    """What a right is worth today; right: with the annotations of with_status_on()."""
    status = RIGHT_STATUSES[right.status]
    if right.status == IpRight.Status.IN_FORCE:
        if right.kind == IpRight.Kind.GEOGRAPHICAL_INDICATION:
            return _("{status} (vô thời hạn)").format(status=status)
        if right.ends_by:
            return _("{status} đến {date}").format(status=status, date=format_day(right.ends_by))
    if right.status == IpRight.Status.RENEWAL_UNKNOWN and right.ends_by:
        # Without a stated end, the last month in which it can have been.
        end = right.ends_by
        when = format_day(end) if right.expires else f"{end.month}/{end.year}"
        text = _("thời hạn đã qua ({when}), {status}")
        if not right.expires:
            text = _("thời hạn đã qua (muộn nhất {when}), {status}")
        return text.format(status=status, when=when)
    return str(status)


def number_words(right):
    """The number of a right, or that it is not known; it is never made up."""
    return _("số {number}").format(number=right.number) if right.number else _("chưa rõ số")


def place_words(product):
    """The place of today with the old district, as a list says it."""
    places = [product.commune or product.old_commune, product.district]
    return ", ".join(unit.full_name for unit in places if unit) or str(TEXTS["no_place"])


# How exact a point is, in words.
POSITIONS = {
    Position.SURVEY: _("điểm đo đạc tại chỗ"),
    Position.GPS: _("điểm lấy bằng GPS tại chỗ"),
    Position.MAP: _("điểm do người nhập chấm trên bản đồ"),
    Position.ADDRESS: _("điểm suy ra từ địa chỉ"),
    Position.COMMUNE: _("vị trí theo xã: điểm trên bản đồ chỉ đại diện cho xã, không phải địa chỉ"),
}


def position_words(record):
    """How exact the point of the record is, or that there is none."""
    return str(POSITIONS.get(record.position, TEXTS["no_point"]))


def term_words(rating):
    """Until when a rating holds, as far as its decision's day is known.

    rating: with the annotations of OcopRatingQuerySet.with_term().
    """
    first, last = rating.ends_from, rating.ends_by
    if first and first == last:
        return _("Hiệu lực đến {last}").format(last=format_day(last))
    if first and last:
        text = _("Hiệu lực đến một ngày trong khoảng {first} – {last}")
        return text.format(first=format_day(first), last=format_day(last))
    if first:
        return _("Hiệu lực ít nhất đến {first}").format(first=format_day(first))
    return _("Hiệu lực muộn nhất đến {last}").format(last=format_day(last)) if last else ""


def distance_words(neighbour, product):
    """How far a neighbour is; where a point only stands for its commune, no more than is known.

    neighbour: with `away` in metres, of LocatedQuerySet.nearest_to().
    """
    exact = neighbour.is_exact and product.is_exact
    if not exact and neighbour.away < 1:
        return str(_("cùng xã, chưa rõ cách bao xa"))
    if neighbour.away < 1:
        return str(_("cùng một chỗ"))
    if not exact:
        # Between the middles of communes a kilometre is nothing.
        far = number_format(max(1, round(neighbour.away / 1000)))
        return _("khoảng {far} km, tính giữa các xã").format(far=far)
    if neighbour.away < 1000:
        return _("cách {far} m").format(far=max(10, int(round(neighbour.away, -1))))
    return _("cách {far} km").format(far=number_format(round(neighbour.away / 1000, 1), 1))


def stars_words(stars):
    return TEXTS["stars"].format(count=stars)


def product_summary(product):
    """The product in one line, for search engines and cards of shared links."""
    parts = [f"{product.name}, {place_words(product)}."]
    if product.stars:
        parts.append(f"{stars_words(product.stars)}.")
    return " ".join([*parts, f"{rating_words(product)}."])


def right_summary(right):
    """The right in one line."""
    kind = right.get_kind_display().capitalize()
    return f"{kind} {right.name}, {number_words(right)}; {right_words(right)}."


def producer_summary(producer):
    """The producer in one line."""
    kind = producer.get_kind_display() or _("chủ thể")
    return f"{producer.name}, {kind}, {place_words(producer)}."


def name_words(thing):
    """The name in the reader's language where there is one: of a product group, of a unit."""
    return (get_language() == "en" and thing.name_en) or thing.name


def alt_words(photo):
    """What a photo shows, in the reader's language where that is written."""
    return (get_language() == "en" and photo.alt_en) or photo.alt
