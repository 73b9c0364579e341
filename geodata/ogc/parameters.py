"""Query parameters of OGC API – Features: one function each, from text to a value.

Each raises ParameterError with a sentence for the user.
"""

import datetime
import re
from collections.abc import Iterable

from django.contrib.gis.geos import (
    GeometryCollection,
    GEOSGeometry,
    LineString,
    Point,
    Polygon,
)
from django.db.models import Field
from django.utils import timezone
from django.utils.translation import gettext as _

from geodata.collection import Collection
from geodata.crs import CRS84, OFFERED, Crs, TransformedBox
from geodata.feature_model import OUTLINE
from geodata.problems import ParameterError
from geodata.property_types import parse_date, parse_datetime, parse_number, parse_value
from geodata.spans import Interval

DEFAULT_LIMIT = 100
MAX_LIMIT = 10_000
# The largest number of eighteen digits, which the database's numbers hold.
MAX_SINCE = 10**18 - 1


def limit(text: str) -> int:
    """Return how many features a page contains at most: 1 to MAX_LIMIT.

    Larger numbers become MAX_LIMIT; raises ParameterError for anything but a positive integer.
    """
    digits = text.lstrip("0")
    if not re.fullmatch(r"[0-9]+", text) or not digits:
        raise ParameterError("limit", _("Cần một số nguyên từ 1 trở lên."))
    # Larger values are cut, not refused: /req/core/fc-limit-response-1. Python refuses to parse
    # thousands of digits; the first nine already exceed the maximum.
    return min(int(digits[:9]), MAX_LIMIT)


def since(text: str) -> int:
    """Return the number of the last change that the client knows: 0 to MAX_SINCE.

    Raises ParameterError for anything else.
    """
    if not re.fullmatch(r"[0-9]{1,18}", text):
        raise ParameterError("since", _("Cần một số nguyên từ 0 trở lên."))
    return int(text)


def crs(text: str, name: str = "crs") -> Crs:
    """Return the coordinate reference system with that URI.

    name: the parameter, for the ParameterError that an unknown URI raises.
    """
    try:
        return OFFERED[text]
    except KeyError:
        raise ParameterError(name, _("Giá trị dùng được: %s.") % ", ".join(OFFERED)) from None


def bbox(text: str, crs: Crs = CRS84) -> GEOSGeometry | TransformedBox:
    """Return the area of a bounding box in EPSG:4326; see box().

    text: numbers with commas between. crs: of the numbers. Raises ParameterError.
    """
    return box([_number(part) for part in text.split(",")], crs)


def box(numbers: Iterable[float], crs: Crs, name: str = "bbox") -> GEOSGeometry | TransformedBox:
    """Return the area of a bounding box in EPSG:4326.

    numbers: the minimum of both axes, then the maximum, in the axis order of the CRS (for CRS84
    west, south, east, north); or six with heights, which are ignored: west, south, low, east,
    north, high.
    crs: of the numbers. name: the parameter, for the ParameterError that an invalid box raises.

    A geographic box is a GEOS geometry: a polygon, a line or point if it has no width or height,
    or two of these in a collection if it crosses 180° (west > east). A box in a projected CRS is
    widened by Crs.tolerance on every side, and transformed by the database (TransformedBox).
    """
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


def out_of_bounds(crs: Crs, axis: int) -> str:
    """Return the sentence about a number outside the bounds of an axis of the CRS.

    axis: 0 or 1, in the axis order of the CRS.
    """
    if crs.is_geographic:
        is_latitude = (axis == 0) == crs.north_first
        if is_latitude:
            return _("Vĩ độ nằm trong khoảng −90 đến 90.")
        return _("Kinh độ nằm trong khoảng −180 đến 180.")
    least, greatest = crs.bounds[axis]
    text = _("Số thứ %(axis)d của hệ này nằm trong khoảng %(least)d đến %(greatest)d.")
    return text % {"axis": axis + 1, "least": least, "greatest": greatest}


def _number(text: str) -> float:
    try:
        return parse_number(text)
    except ValueError as error:
        raise ParameterError("bbox", str(error)) from None


def widened_box(extent: tuple[float, float, float, float], crs: Crs) -> GEOSGeometry:
    """Return the area of a box in a projected CRS, widened by Crs.tolerance on every side.

    extent: west, south, east, north in the unit of the CRS. The geometry has the SRID of the CRS.
    """
    west, south, east, north = extent
    margin = crs.tolerance
    return _box(west - margin, south - margin, east + margin, north + margin, srid=crs.srid)


def _box(west: float, south: float, east: float, north: float, srid: int = 4326) -> GEOSGeometry:
    if west == east and south == north:
        return Point(west, south, srid=srid)
    if west == east or south == north:
        return LineString((west, south), (east, north), srid=srid)
    corners = ((west, south), (east, south), (east, north), (west, north), (west, south))
    return Polygon(corners, srid=srid)


def interval(text: str) -> Interval:
    """Return the time that `datetime` denotes.

    text: an RFC 3339 date or date-time, or two of them as "a/b", with ".." or nothing for an open
    end. A date is that whole day in Viet Nam. Raises ParameterError for anything else, and if the
    end is before the beginning.
    """
    begin, slash, end = text.partition("/")
    first = _end_of_time(begin, datetime.time.min, may_be_open=bool(slash))
    last = _end_of_time(end if slash else begin, datetime.time.max, may_be_open=bool(slash))
    if first and last and first > last:
        raise ParameterError("datetime", _("Khoảng thời gian kết thúc trước khi bắt đầu."))
    return Interval(first, last)


def _end_of_time(
    text: str, time_of_day: datetime.time, *, may_be_open: bool
) -> datetime.datetime | None:
    """Return an end of an interval in the zone of Viet Nam; None if it is open.

    time_of_day: the time that a date without one denotes.
    """
    if may_be_open and text in {"", ".."}:
        return None
    try:
        if "T" in text.upper():
            return timezone.localtime(parse_datetime(text))
        return timezone.make_aware(datetime.datetime.combine(parse_date(text), time_of_day))
    except (ValueError, OverflowError):
        raise ParameterError(
            "datetime",
            _("“%s” không phải là ngày. Viết 2025-06-30, 2025-06-30T00:00:00Z hoặc a/b.") % text,
        ) from None


def geometry(text: str) -> str:
    """Return the column of the geometry to write: for "outline" OUTLINE.

    Raises ParameterError for any other text.
    """
    if text != "outline":
        raise ParameterError("geometry", _("Giá trị dùng được: %s.") % "outline")
    return OUTLINE


def output_format(text: str, offered: Iterable[str]) -> str:
    """Return the text of `f`; raise ParameterError if it is not a name of an offered format."""
    if text not in offered:
        raise ParameterError("f", _("Giá trị dùng được: %s.") % ", ".join(offered))
    return text


def value(text: str, name: str, field: Field) -> object:
    """Return the value of a queryable that a parameter requires.

    name: of the queryable and the parameter. field: its model field. Raises ParameterError if the
    text is not a value of the field.
    """
    try:
        return parse_value(field, text)
    except ValueError as error:
        raise ParameterError(name, str(error)) from None


def properties(text: str, collection: Collection) -> tuple[str, ...]:
    """Return the names of the properties to write, in the collection's order.

    text: names with commas between. Raises ParameterError for an unknown name.
    """
    requested = [name.strip() for name in text.split(",")]
    for name in requested:
        require_property(name, collection, "properties")
    return tuple(name for name in collection.properties if name in requested)


def require_property(name: str, collection: Collection, parameter: str) -> None:
    """Raise ParameterError, for that parameter, unless the name is a property of the collection."""
    if name not in collection.properties:
        raise ParameterError(
            parameter,
            _("“%(name)s” không phải thuộc tính. Dùng được: %(names)s.")
            % {"name": name, "names": ", ".join(collection.properties)},
        )
