"""Labels and sentences of the public pages; the map page receives TEXTS as JSON.

The status of a rating has one wording. It is built here for pages rendered on the server and in
JavaScript (product labels of the map page) for the list in the browser; a test compares the two.
"""

import datetime
import re

from django.conf import settings
from django.utils import dateformat
from django.utils.formats import number_format
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from geodata.spans import ONE_DAY, format_day, format_month, precision, span, today
from products.ocop.models import OcopStatus
from products.places.models import Relation
from products.register.models import Basis, Position, SeasonState
from products.rights.models import IpRight

# Short names of the product groups of Decision 148/QĐ-TTg; the full names are in the database.
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
    OcopStatus.UNKNOWN: _("Chưa xác minh hạn"),
    OcopStatus.NONE: _("Chưa được xếp hạng"),
    OcopStatus.REVOKED: _("Đã thu hồi"),
}

# Kinds of units, keyed as the official registers spell them.
UNIT_KINDS = {
    "tỉnh": _("tỉnh"),
    "thành phố": _("thành phố"),
    "thị xã": _("thị xã"),
    "huyện": _("huyện"),
    "phường": _("phường"),
    "thị trấn": _("thị trấn"),
    "xã": _("xã"),
}

# Python and JavaScript fill these in: placeholders are {name}, without format specifications.
TEXTS = {
    "valid": _("Còn hiệu lực đến {date}"),
    "valid_at_least": _("Còn hiệu lực ít nhất đến {date}"),
    "expiring": _("Sắp hết hạn: {date}"),
    "expiring_at_least": _("Sắp hết hạn: sớm nhất {date}"),
    "expired": _("Hết hạn từ {month}"),
    "unknown": _("Chưa xác minh hạn"),
    "none": _("Chưa được xếp hạng"),
    "revoked": _("Đã thu hồi"),
    "stars": _("{count} sao"),
    "place_by_commune": _("vị trí theo xã"),
    "no_point": _("chưa rõ địa điểm"),
    "no_place": _("chưa rõ nơi"),
    "place_then": _("trước {day}: {place}"),
    "place_former": _("{name} ({kind} cũ)"),
    "until": _("đến {month}"),
    "until_at_least": _("ít nhất đến {month}"),
    **{f"status_{status}": text for status, text in STATUSES.items()},
    "unit": _("{kind} {name}"),
    "former_unit": _("{unit} trước {day}"),
    "back_translated": _("tên dịch ngược"),
    "back_translated_unverified": _("tên dịch ngược, chưa xác minh"),
    "original_name": _("Tên trên nguồn: {name}"),
    "protected": _("Có bảo hộ: {names}"),
    "show_on_map": _("Xem trên bản đồ: {name}"),
    "count_all": _("{count} sản phẩm"),
    "count_some": _("{count} trong {all} sản phẩm"),
    "cluster": _("{count} sản phẩm, bấm để xem"),
    "unit_badge": _("{count} sản phẩm chỉ biết {unit}, bấm để xem"),
    "unplaced": _("{count} sản phẩm chưa rõ huyện"),
    "same_spot": _("{count} sản phẩm, {place}"),
    "same_spot_anywhere": _("{count} sản phẩm ở cùng một điểm"),
    "remove": _("Bỏ lọc {name}"),
    "clear": _("Xoá tất cả"),
    "word": _("Từ khoá: {q}"),
    "any_protection": _("Được bảo hộ"),
    "any_goods_right": _("Loại hàng có quyền bảo hộ"),
    "of_right": _("Quyền: {name}"),
    "right_owner": _("Chủ sở hữu hoặc nơi quản lý: {owner}"),
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
    "product": _("sản phẩm"),
    "product_in": _("sản phẩm, {place}"),
    "suggestions": _("{count} gợi ý"),
    "of_producer": _("Chủ thể: {name}"),
    "near": _("Gần tôi"),
    "in_view": _("Trong vùng đang xem"),
    "known_to_unit": _("Chưa rõ điểm, thuộc {unit}"),
    "nearest_shop": _("Nơi bán gần nhất: {distance}"),
    "nearest_shop_rough": _("Nơi bán gần nhất: khoảng {distance} (vị trí theo xã)"),
    "own_shop": _("Nơi bán của chính chủ thể: {distance}"),
    "own_shop_rough": _("Nơi bán của chính chủ thể: khoảng {distance} (vị trí theo xã)"),
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
    "position_district": _("chưa rõ địa điểm, chỉ biết huyện"),
    "position_province": _("chưa rõ địa điểm, chưa rõ huyện"),
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
    """TEXTS in the active language, ready for JSON."""
    return {key: str(text) for key, text in TEXTS.items()}


# Letters that hardly any other language uses.
_VIETNAMESE = re.compile("[ĂăĐđĨĩŨũƠơƯưẠ-ỹ]")


def is_vietnamese(text):
    """Whether a text in an unknown language is certainly Vietnamese.

    At least one word in four must contain a letter that only Vietnamese uses: a foreign text with
    a few Vietnamese place names is not Vietnamese.
    """
    found = re.findall(r"[^\W\d_]+", text)
    return 4 * sum(bool(_VIETNAMESE.search(word)) for word in found) >= len(found) > 0


# A commit and the path of a file or folder in a repository: of use to nobody who reads a page.
_REPOSITORY_PATH = re.compile(r"@[0-9a-f]{7,40}\b| \([\w.-]+(?:/[\w.-]+)+\)")
# A date as Vietnamese texts write it.
_DATE = re.compile(r"\b([0-9]{1,2})/([0-9]{1,2})/([0-9]{4})\b")


def without_repository_paths(text):
    """The name of a source without commits and paths of its repository."""
    return _REPOSITORY_PATH.sub("", text)


def with_clear_dates(text):
    """The Vietnamese text; on English pages 10/12/2024 is 10 December 2024, never October."""
    if get_language() != "en":
        return text

    def written(found):
        day, month, year = map(int, found.groups())
        try:
            return format_day(datetime.date(year, month, day))
        except ValueError:
            return found[0]

    return _DATE.sub(written, text)


# Who recognises a rating, where a source states only the level.
ISSUERS = {
    "cấp trung ương": _("cấp trung ương"),
    "cấp tỉnh": _("cấp tỉnh"),
    "cấp huyện": _("cấp huyện"),
}


# What ends a sentence, also inside of closing quotation marks or brackets.
_SENTENCE_END = re.compile("[.!?…][\"'”’»)\\]]*$")


def quotation(text):
    """The quotation with an ellipsis where it begins or ends inside of a sentence."""
    text = text.strip()
    before = "… " if text[:1].islower() else ""
    after = "" if _SENTENCE_END.search(text) or not text else " …"
    return f"{before}{text}{after}"


def units_changed_on():
    """The first day of the current administrative units, formatted."""
    return format_day(settings.PLACE.units_changed_on)


def rating_label(product):
    """The status of the product's rating today, in one sentence.

    product: with the annotations of ProductQuerySet.with_rating_on().
    """
    status = product.ocop_status
    if status in (OcopStatus.VALID, OcopStatus.EXPIRING):
        exact = product.rated_to == product.holds_at_least_to
        text = TEXTS[status if exact else f"{status}_at_least"]
        return text.format(date=format_day(product.holds_at_least_to))
    if status == OcopStatus.EXPIRED:
        return TEXTS["expired"].format(month=format_month(product.rated_to))
    return str(TEXTS[status])


def rating_until_label(product):
    """Until when the product's rating holds, without the name of its status.

    product: with the annotations of ProductQuerySet.with_rating_on().
    """
    status = product.ocop_status
    if status in (OcopStatus.VALID, OcopStatus.EXPIRING):
        date = format_day(product.holds_at_least_to)
        if product.rated_to == product.holds_at_least_to:
            return date
        return _("ít nhất đến {date}").format(date=date)
    if status == OcopStatus.EXPIRED:
        return _("đã hết từ {month}").format(month=format_month(product.rated_to))
    return {OcopStatus.REVOKED: _("đã thu hồi"), OcopStatus.NONE: "–"}.get(
        status, _("chưa xác minh")
    )


def term_label(product):
    """The month in which the product's rating ends, for a card; "" if no end is known.

    product: with the annotations of ProductQuerySet.with_rating_on().
    """
    status = product.ocop_status
    if status in (OcopStatus.VALID, OcopStatus.EXPIRING):
        exact = product.rated_to == product.holds_at_least_to
        text = TEXTS["until" if exact else "until_at_least"]
        return text.format(month=format_month(product.holds_at_least_to))
    if status == OcopStatus.EXPIRED:
        return TEXTS["until"].format(month=format_month(product.rated_to))
    return ""


RIGHT_STATUSES = {
    IpRight.Status.IN_FORCE: _("đang được bảo hộ"),
    IpRight.Status.RENEWAL_UNKNOWN: _("chưa rõ đã gia hạn"),
    IpRight.Status.EXPIRED: _("đã chấm dứt"),
    IpRight.Status.PENDING: _("đang xin bảo hộ, chưa được bảo hộ"),
    IpRight.Status.REFUSED: _("đơn bị từ chối"),
    IpRight.Status.WITHDRAWN: _("đơn đã rút"),
    IpRight.Status.UNKNOWN: _("chưa rõ hiệu lực"),
}


def right_label(right):
    """The status of a right today.

    right: with the annotations of IpRightQuerySet.with_status_on().
    """
    status = RIGHT_STATUSES[right.status]
    if right.status == IpRight.Status.IN_FORCE:
        if right.kind == IpRight.Kind.GEOGRAPHICAL_INDICATION:
            return _("{status} (vô thời hạn)").format(status=status)
        if right.ends_by:
            return _("{status} đến {date}").format(status=status, date=format_day(right.ends_by))
    if right.status == IpRight.Status.RENEWAL_UNKNOWN and right.ends_by:
        # Where the source states no end: the latest month in which the term can have ended.
        end = right.ends_by
        when = format_day(end) if right.expires else format_month(end)
        text = _("thời hạn đã qua ({when}), {status}")
        if not right.expires:
            text = _("thời hạn đã qua (muộn nhất {when}), {status}")
        return text.format(status=status, when=when)
    return str(status)


def owner_note(right):
    """That the owner was dissolved with its unit, "" otherwise.

    right: with the annotation of IpRightQuerySet.with_owner_dissolved().
    """
    if not right.owner_dissolved_on:
        return ""
    text = _("đã giải thể ngày {date}, chưa rõ cơ quan kế thừa")
    return text.format(date=format_day(right.owner_dissolved_on))


def right_number_label(right):
    """The number of a right, or a text that it is unknown."""
    return _("số {number}").format(number=right.number) if right.number else _("chưa rõ số")


def units_now(record):
    """The present commune and its province; [] if the commune is not known."""
    commune = record.commune
    return [one for one in (commune, commune and commune.parent) if one]


def units_then(record):
    """The commune and the district of the units before the change, as far as known."""
    return [one for one in (record.old_commune, record.district) if one]


def place_label(record):
    """Where a record is, then and now: "xã A, tỉnh B (trước {day}: xã C, huyện D)".

    The present units and the former ones are never joined to one address.
    """
    now, then = place_now(record), place_then(record)
    return f"{now} ({then})" if now and then else now or then or str(TEXTS["no_place"])


def place_now(record):
    """The present commune and its province, "" if not known."""
    return ", ".join(map(unit_label, units_now(record)))


def place_then(record):
    """The former commune and district with the day of the change, "" if not known."""
    place = ", ".join(map(unit_label, units_then(record)))
    return place and TEXTS["place_then"].format(day=units_changed_on(), place=place)


def nearest_unit(record):
    """(the smallest unit that is known of a record, whether it is of the present); or (None, True).

    A present commune comes before the former units.
    """
    if record.commune:
        return record.commune, True
    former = record.old_commune or record.district
    return former, former is None


def unit_label(unit):
    """Name and kind of a unit: "xã Vĩnh Hậu", in English "Vĩnh Hậu commune"."""
    return TEXTS["unit"].format(kind=unit_kind(unit), name=unit.name)


def unit_kind(unit):
    """The kind of a unit in the active language: xã, in English commune."""
    return str(UNIT_KINDS.get(unit.kind, unit.kind))


# How each kind of position was determined.
POSITIONS = {
    Position.SURVEY: _("điểm đo đạc tại chỗ"),
    Position.GPS: _("điểm lấy bằng GPS tại chỗ"),
    Position.MAP: _("điểm do người nhập chấm trên bản đồ"),
    Position.ADDRESS: _("điểm suy ra từ địa chỉ"),
    Position.COMMUNE: _("vị trí theo xã: điểm trên bản đồ chỉ đại diện cho xã, không phải địa chỉ"),
}


def position_label(record):
    """How the record's point was determined, or a text that the record has none."""
    return str(POSITIONS.get(record.position, TEXTS["no_point"]))


# What a place to buy or visit has to do with the record whose page lists it.
RELATIONS = {
    Relation.PRODUCER: _("Của chính chủ thể"),
    Relation.COMMUNE: _("Trong cùng xã"),
    Relation.DISTRICT: _("Trong cùng huyện cũ, chưa rõ cách bao xa"),
}


def last_seen_label(place):
    """When a place was last seen; if that is long ago or unknown, that it may have closed."""
    if place.last_seen is None:
        return str(_("nguồn không đề năm, chưa rõ hiện nay"))
    if place.may_have_closed:
        return _("thấy năm {year}, chưa rõ hiện nay").format(year=place.last_seen)
    return _("thấy năm {year}").format(year=place.last_seen)


def month_name(month):
    """The name of a month, 1 to 12: "tháng 4", in English "April"."""
    if get_language() == "en":
        return dateformat.format(datetime.date(2000, month, 1), "F")
    return _("tháng {number}").format(number=month)


def month_heading(month):
    """A short name of a month, for a column: "4", in English "Apr"."""
    if get_language() == "en":
        return dateformat.format(datetime.date(2000, month, 1), "M")
    return str(month)


def season_months(season):
    """The months of a season, or that it is the whole year; "" where neither is stated."""
    if season.all_year:
        return str(SeasonState.ALL_YEAR.label)
    if not season.months:
        return ""
    first, last = month_name(season.from_month), month_name(season.to_month)
    return first if first == last else _("{first} đến {last}").format(first=first, last=last)


def certificate_term(certificate):
    """When a quality certificate holds, as far as its source states it."""
    first, last = certificate.from_day, certificate.until_day
    if last and last < today():
        return _("đã hết hạn ngày {date}").format(date=format_day(last))
    if first and last:
        return _("từ {first} đến hết {last}").format(first=format_day(first), last=format_day(last))
    if last:
        return _("đến hết {last}").format(last=format_day(last))
    if first:
        return _("từ {first}, nguồn không nêu đến khi nào").format(first=format_day(first))
    return str(_("nguồn không nêu thời hạn"))


def rating_term_label(rating):
    """The end of a rating's validity, as precisely as the day of its decision is known.

    rating: with the annotations of OcopRatingQuerySet.with_term().
    """
    first, last = rating.ends_from, rating.ends_by
    if first and first == last:
        return _("Hiệu lực đến {last}").format(last=format_day(last))
    if first and last:
        known = precision(span(first, last + ONE_DAY))
        if known == "year":
            return _("Hết hạn trong năm {year}").format(year=last.year)
        if known == "month":
            return _("Hết hạn trong tháng {month}").format(month=format_month(last))
        text = _("Hiệu lực đến một ngày trong khoảng {first} – {last}")
        return text.format(first=format_day(first), last=format_day(last))
    if first:
        return _("Hiệu lực ít nhất đến {first}").format(first=format_day(first))
    return _("Hiệu lực muộn nhất đến {last}").format(last=format_day(last)) if last else ""


def rating_heading(rating, product):
    """The stars of one of a product's ratings; "" if the rating is a nomination only.

    The present tense is used only for the current rating while it is known to be valid.
    rating: with the annotations of OcopRatingQuerySet.with_term(); product: with those of
        ProductQuerySet.with_rating_on() and `rating_pk`.
    """
    if not rating.stars:
        if rating.nominated_stars:
            return ""
        return str(_("Nguồn gọi là sản phẩm OCOP, không nêu số sao"))
    count = rating.stars
    if rating.revocation_day:
        return _("Từng được {count} sao, đã thu hồi").format(count=count)
    if product.stars is not None and rating.pk == product.rating_pk:
        return stars_label(count)
    if rating.ends_by and rating.ends_by < today():
        return _("Từng được {count} sao").format(count=count)
    if year := _only_year(rating.decided):
        return _("Được xếp {count} sao ({year})").format(count=count, year=year)
    return _("Được xếp {count} sao").format(count=count)


def _only_year(days):
    """The year that contains all days of a span; None if there is more than one, or an open end."""
    if days is None or days.lower is None or days.upper is None:
        return None
    first, last = days.lower.year, (days.upper - ONE_DAY).year
    return first if first == last else None


def percent_label(share):
    """A share from 0 to 1 in percent, rounded: "14 %", in English "14%"."""
    return _("{number} %").format(number=round(100 * share))


def basis_note(basis):
    """How a value is known, if its source does not state it; else ""."""
    if basis in ("", Basis.STATED):
        return ""
    if basis == Basis.BRAND:
        return str(_("theo nhãn hiệu trên sản phẩm"))
    return str(_("tự phân loại"))


def name_note(product):
    """A remark about a product's name that is not the one used by its producer; else ""."""
    if product.name_basis == Basis.BACK_TRANSLATED:
        return str(_("Tên dịch ngược, có thể khác tên gốc."))
    if product.name_basis == Basis.GENERIC:
        return str(_("Tên chung: nguồn không nêu tên riêng của sản phẩm."))
    return ""


def name_mark(product):
    """A mark beside the name of a product in a list; "" unless it was translated back.

    product: with the annotations of ProductQuerySet.with_rating_on().
    """
    if product.name_basis != Basis.BACK_TRANSLATED:
        return ""
    is_valid = product.ocop_status in (OcopStatus.VALID, OcopStatus.EXPIRING)
    return str(TEXTS["back_translated_unverified" if is_valid else "back_translated"])


def distance_label(neighbour, product):
    """The distance between two products, rounded to what their positions support.

    neighbour: with `away` in metres, from LocatedQuerySet.nearest_to().
    """
    exact = neighbour.is_exact and product.is_exact
    if not exact and neighbour.away < 1:
        return str(_("cùng xã, chưa rõ cách bao xa"))
    if neighbour.away < 1:
        return str(_("cùng một chỗ"))
    if not exact:
        # Both points may be centres of communes: anything below a kilometre is noise.
        far = number_format(max(1, round(neighbour.away / 1000)))
        return _("khoảng {far} km, tính giữa các xã").format(far=far)
    if neighbour.away < 1000:
        return _("cách {far} m").format(far=max(10, int(round(neighbour.away, -1))))
    return _("cách {far} km").format(far=number_format(round(neighbour.away / 1000, 1), 1))


def shop_label(shop, product):
    """How far the nearest place to buy is; the same texts as in nearest-shop.js.

    shop: from SalesPointQuerySet.nearest_shop(). "khoảng" if one of the positions is a commune's:
    anything below a kilometre is noise then.
    """
    is_rough = not (shop.is_exact and product.is_exact)
    is_own = product.public_producer and shop.producer_id == product.producer_id
    kilometres = max(shop.away / 1000, 1 if is_rough else 0.1)
    digits = 1 if kilometres < 9.95 else 0
    distance = f"{number_format(round(kilometres, digits), digits)} km"
    key = ("own_shop" if is_own else "nearest_shop") + ("_rough" if is_rough else "")
    return TEXTS[key].format(distance=distance)


def stars_label(stars):
    return TEXTS["stars"].format(count=stars)


def product_summary(product):
    """The product in one line, for search engines and link previews."""
    parts = [f"{product.name}, {place_label(product)}."]
    if product.stars:
        parts.append(f"{stars_label(product.stars)}.")
    return " ".join([*parts, f"{rating_label(product)}."])


def right_summary(right):
    """The right in one line."""
    kind = right.get_kind_display().capitalize()
    return f"{kind} {right.name}, {right_number_label(right)}; {right_label(right)}."


def producer_summary(producer):
    """The producer in one line."""
    kind = producer.get_kind_display() or _("chủ thể")
    return f"{producer.name}, {kind}, {place_label(producer)}."


def place_summary(place):
    """A sales point or craft village in one line."""
    return f"{place.name}, {place.get_kind_display()}, {place_label(place)}."


def localized_name(thing):
    """The name in the active language if stored, else the Vietnamese one.

    thing: any object with `name` and `name_en`.
    """
    return (get_language() == "en" and thing.name_en) or thing.name


def localized_alt(photo):
    """The alternative text of a photo in the active language if stored, else in Vietnamese."""
    return (get_language() == "en" and photo.alt_en) or photo.alt
