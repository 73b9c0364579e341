"""Query parameters of OGC API – Features: one function each, from text to a value.

Each raises ParameterError with a sentence for the reader.
"""

import datetime
import re

from django.contrib.gis.geos import GeometryCollection, LineString, Point, Polygon
from django.utils import timezone
from django.utils.translation import gettext as _

from geodata.crs import CRS84, OFFERED, TransformedBox
from geodata.problems import ParameterError
from geodata.property_types import parse_date, parse_datetime, parse_number, parse_value
from geodata.spans import Interval

DEFAULT_LIMIT = 100
MAX_LIMIT = 10_000
# The largest number of eighteen digits, which the database's numbers hold.
MAX_SINCE = 10**18 - 1


def limit(text):
    """How many features a page holds at most."""
    digits = text.lstrip("0")
    if not re.fullmatch(r"[0-9]+", text) or not digits:
        raise ParameterError("limit", _("Cần một số nguyên từ 1 trở lên."))
    # Larger values are cut, not refused: /req/core/fc-limit-response-1. Of one with thousands of
    # digits, which Python would not read, the first nine are too large already.
    return min(int(digits[:9]), MAX_LIMIT)


def since(text):
    """The number of the last change that the reader knows."""
    if not re.fullmatch(r"[0-9]{1,18}", text):
        raise ParameterError("since", _("Cần một số nguyên từ 0 trở lên."))
    return int(text)


def crs(text, name="crs"):
    """The system that the URI names."""
    try:
        return OFFERED[text]
    except KeyError:
        raise ParameterError(name, _("Giá trị dùng được: %s.") % ", ".join(OFFERED)) from None


def bbox(text, crs=CRS84):
    """The ground that a box asks for, in EPSG:4326; two polygons where it crosses 180°.

    text: the least of both axes, then the greatest, in the order of the system; with heights
    west,south,low,east,north,high. A box without width or height is a line or a point; a box of a
    projected system is widened by Crs.tolerance on every side.
    """
    return box([_number(part) for part in text.split(",")], crs)


def box(numbers, crs, name="bbox"):
    """The same of the numbers of a box; a parameter of that name has them."""
    numbers = list(numbers)
    if len(numbers) == 6:
        low, high = numbers.pop(2), numbers.pop(4)
        if low > high:
            raise ParameterError(name, _("Độ cao dưới phải không lớn hơn độ cao trên."))
    if len(numbers) != 4:
        raise ParameterError(name, _("Cần 4 số tây,nam,đông,bắc (hoặc 6 số có độ cao)."))
    for axis, (least, greatest) in enumerate(crs.bounds):
        if not all(least <= number <= greatest for number in numbers[axis::2]):
            raise ParameterError(name, out_of_bounds(crs, axis))
    if crs.north_first:
        south, west, north, east = numbers
    else:
        west, south, east, north = numbers
    if south > north:
        raise ParameterError(name, _("Vĩ độ nam phải không lớn hơn vĩ độ bắc."))
    if not crs.is_geographic:
        if west > east:
            raise ParameterError(name, _("Toạ độ đông phải không nhỏ hơn toạ độ tây."))
        return TransformedBox(widened_box((west, south, east, north), crs))
    if west > east:
        halves = (_box(west, south, 180, north), _box(-180, south, east, north))
        return GeometryCollection(*halves, srid=4326)
    return _box(west, south, east, north)


def out_of_bounds(crs, axis):
    """The sentence on a number that the axis of the system does not have."""
    if crs.is_geographic:
        of_latitude = (axis == 0) == crs.north_first
        if of_latitude:
            return _("Vĩ độ nằm trong khoảng −90 đến 90.")
        return _("Kinh độ nằm trong khoảng −180 đến 180.")
    least, greatest = crs.bounds[axis]
    text = _("Số thứ %(axis)d của hệ này nằm trong khoảng %(least)d đến %(greatest)d.")
    return text % {"axis": axis + 1, "least": least, "greatest": greatest}


def _number(text):
    try:
        return parse_number(text)
    except ValueError as error:
        raise ParameterError("bbox", str(error)) from None


def widened_box(extent, crs):
    """The polygon of a box in a projected system, widened by Crs.tolerance."""
    west, south, east, north = extent
    more = crs.tolerance
    return _box(west - more, south - more, east + more, north + more, srid=crs.srid)


def _box(west, south, east, north, srid=4326):
    if west == east and south == north:
        return Point(west, south, srid=srid)
    if west == east or south == north:
        return LineString((west, south), (east, north), srid=srid)
    corners = ((west, south), (east, south), (east, north), (west, north), (west, south))
    return Polygon(corners, srid=srid)


def interval(text):
    """The time that `datetime` asks for.

    text: an RFC 3339 date or date-time, or two of them "a/b", ".." or nothing for an open end. A
    date is that whole day in Viet Nam.
    """
    begin, slash, end = text.partition("/")
    first = _end_of_time(begin, datetime.time.min, may_be_open=bool(slash))
    last = _end_of_time(end if slash else begin, datetime.time.max, may_be_open=bool(slash))
    if first and last and first > last:
        raise ParameterError("datetime", _("Khoảng thời gian kết thúc trước khi bắt đầu."))
    return Interval(first, last)


def _end_of_time(text, hour, *, may_be_open):
    """A moment in the zone of Viet Nam, or None; hour: what a date means of its day."""
    if may_be_open and text in {"", ".."}:
        return None
    try:
        if "T" in text.upper():
            return timezone.localtime(parse_datetime(text))
        return timezone.make_aware(datetime.datetime.combine(parse_date(text), hour))
    except (ValueError, OverflowError):
        raise ParameterError(
            "datetime",
            _("“%s” không phải là ngày. Viết 2025-06-30, 2025-06-30T00:00:00Z hoặc a/b.") % text,
        ) from None


def geometry(text, collection):
    """The path of the geometry to write, of a collection that has outlines."""
    if text != "outline":
        raise ParameterError("geometry", _("Giá trị dùng được: %s.") % "outline")
    return collection.outline


def output_format(text, offered):
    """One of the names of forms that the address offers."""
    if text not in offered:
        raise ParameterError("f", _("Giá trị dùng được: %s.") % ", ".join(offered))
    return text


def value(text, name, field):
    """The value that the queryable of that model field is to have."""
    try:
        return parse_value(field, text)
    except ValueError as error:
        raise ParameterError(name, str(error)) from None


def properties(text, collection):
    """The properties to write, in the collection's order."""
    asked = [name.strip() for name in text.split(",")]
    for name in asked:
        require_property(name, collection, "properties")
    return tuple(name for name in collection.properties if name in asked)


def require_property(name, collection, parameter):
    """Refuse a name in that parameter that is no property of the collection."""
    if name not in collection.properties:
        raise ParameterError(
            parameter,
            _("“%(name)s” không phải thuộc tính. Dùng được: %(names)s.")
            % {"name": name, "names": ", ".join(collection.properties)},
        )
