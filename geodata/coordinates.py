"""Positions as officials type and paste them, in WGS 84 and on the grids of VN-2000.

parse_position() reads decimal degrees, degrees with minutes and seconds, links of map services, and
VN-2000 coordinates. Nothing is fetched: a short link is explained in words. Vietnamese survey
tables head the northing "X" and the easting "Y", so functions take both by keyword.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from math import isfinite
from typing import NoReturn
from urllib.parse import parse_qsl, unquote_plus, urlsplit

import pyproj
from django.conf import settings
from django.contrib.gis.geos import Point
from django.core.exceptions import ValidationError
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from .text import fold

# West, south, east, north of Viet Nam with its islands, in degrees: outside it, a position is a
# typing error.
VIET_NAM = (102, 6, 118, 24)
# Links to directions over many places have up to 2,000 characters.
MAX_LENGTH = 2500
# Decimals of stored and published coordinates, about 1 cm.
DEGREE_DECIMALS, METRE_DECIMALS = 7, 2

# The central meridian is what officials know a grid by, and a narrow list shows the beginning.
_THREE_DEGREES = gettext_lazy("VN-2000 {meridian}, múi 3°")
_SIX_DEGREES = gettext_lazy("VN-2000 {meridian}, múi 6° (UTM)")
_MERIDIANS_OF_PROVINCES = (
    *("103°00′", "104°00′", "104°30′", "104°45′", "105°30′", "105°45′", "106°00′"),
    *("106°15′", "106°30′", "107°00′", "107°15′", "107°30′", "108°15′", "108°30′"),
)
_THREE_DEGREE_GRIDS = dict(zip(range(9205, 9219), _MERIDIANS_OF_PROVINCES, strict=True)) | {
    5896: "102°00′",
    5897: "105°00′",
    5899: "107°45′",
    5898: "108°00′",
}
_SIX_DEGREE_GRIDS = dict(zip(range(3405, 3407), ("105°00′", "111°00′"), strict=True))
# EPSG code → label with the central meridian, from west to east. These are all grids of VN-2000 in
# the EPSG registry: zones of 3° and 6°, and the grids of provinces, 3° wide around a meridian each.
VN2000_GRIDS = {
    code: format_lazy(label, meridian=meridian)
    for label, grids in (
        (_THREE_DEGREES, _THREE_DEGREE_GRIDS),
        (_SIX_DEGREES, _SIX_DEGREE_GRIDS),
    )
    for code, meridian in sorted(grids.items(), key=lambda grid: grid[1])
}


@dataclass(frozen=True)
class ParsedPosition:
    """A position in a text, and how the text was understood.

    point: in EPSG:4326, 7 decimals. epsg: the grid of VN-2000 in which it is given, or None.
    easting, northing: in metres on that grid, or None. note: a sentence about what the text leaves
    open, or "".
    """

    point: Point
    epsg: int | None = None
    easting: float | None = None
    northing: float | None = None
    note: str = ""


# --- VN-2000 -------------------------------------------------------------------------------


def offered_grids() -> list[tuple[int, str]]:
    """Return (EPSG code, label) of every grid; those of the province pack come first."""
    first = [code for code in settings.PLACE.grids if code in VN2000_GRIDS]
    codes = [*first, *(code for code in VN2000_GRIDS if code not in first)]
    return [(code, f"{VN2000_GRIDS[code]} (EPSG:{code})") for code in codes]


def default_grid() -> int:
    """Return the EPSG code of the grid of the province."""
    return offered_grids()[0][0]


@cache
def _transformer(epsg):
    """Return the operation from WGS 84 to a grid, longitude and easting first.

    PROJ knows two datum shifts, 0.8 m apart. It applies EPSG:6960, the parameters of Decision
    05/2007/QĐ-BTNMT, everywhere except between 104.24–107.11° E and 9.35–11.04° N, where it prefers
    EPSG:5194. PostGIS makes the same choice for the API, and both must agree: what is published on
    a grid can be typed in again. Tests pin the operation, so that an update cannot change it
    unnoticed.
    """
    return pyproj.Transformer.from_crs(4326, epsg, always_xy=True, allow_ballpark=False)


def from_vn2000(*, easting: float, northing: float, epsg: int) -> Point:
    """Return the WGS 84 point, to 7 decimals, of a VN-2000 grid position.

    easting, northing: metres; "Y" and "X" of Vietnamese survey tables.
    epsg: the grid the table was computed in, a key of VN2000_GRIDS.

    The datum shift is EPSG:6960, the seven parameters of Decision 05/2007/QĐ-BTNMT; EPSG states its
    accuracy as 1 m. See _transformer() for the exception.

    Raises ValidationError for an unknown grid and for a position outside Viet Nam; the message
    reports when exchanging the two numbers (code "exchanged"), or another grid ("wrong_zone"),
    would put it inside.
    """
    if epsg not in VN2000_GRIDS:
        raise ValidationError(
            _("Không có lưới VN-2000 nào mang mã EPSG:%(epsg)s."),
            code="unknown_grid",
            params={"epsg": epsg},
        )
    point = _on_grid(easting, northing, epsg)
    if point:
        return point
    params = {"x": _metres(northing), "y": _metres(easting), "grid": _grid_name(epsg)}
    if _on_grid(northing, easting, epsg):
        raise ValidationError(
            _(
                "X và Y có vẻ bị đổi chỗ: X (hướng Bắc) = %(x)s, Y (hướng Đông) = %(y)s nằm ngoài"
                " Việt Nam, đổi lại thì nằm trong."
            ),
            code="exchanged",
            params=params | {"suggestion": f"X={params['y']} Y={params['x']}"},
        )
    fitting = grids_on_the_map(easting=easting, northing=northing)
    if fitting:
        raise ValidationError(
            _(
                "X = %(x)s, Y = %(y)s trên lưới %(grid)s nằm ngoài Việt Nam; có vẻ sai múi: trên"
                " lưới %(other)s thì nằm trong vùng bản đồ."
            ),
            code="wrong_zone",
            params=params | {"other": _grid_name(fitting[0]), "epsg": fitting[0]},
        )
    raise ValidationError(
        _("X = %(x)s, Y = %(y)s trên lưới %(grid)s nằm ngoài Việt Nam."),
        code="outside",
        params=params,
    )


def to_vn2000(point: Point, epsg: int) -> tuple[float, float]:
    """Return (easting, northing) in metres, to 2 decimals, of a point in EPSG:4326.

    epsg: a key of VN2000_GRIDS; see from_vn2000().
    """
    easting, northing = _transformer(epsg).transform(point.x, point.y)
    return round(easting, METRE_DECIMALS), round(northing, METRE_DECIMALS)


def grids_on_the_map(*, easting: float, northing: float) -> list[int]:
    """Return the EPSG codes of the grids on which a position is inside the extent of the map.

    easting, northing: metres. Grids of the province come first.
    """
    west, south, east, north = settings.PLACE.map_extent
    points = ((code, _on_grid(easting, northing, code)) for code, _label in offered_grids())
    return [
        code
        for code, point in points
        if point and west <= point.x <= east and south <= point.y <= north
    ]


def _on_grid(easting, northing, epsg):
    """Return the Point in EPSG:4326, or None if it is outside Viet Nam."""
    lng, lat = _transformer(epsg).transform(easting, northing, direction="INVERSE")
    return _point(lat, lng) if in_viet_nam(lat, lng) else None


def in_viet_nam(lat: float, lng: float) -> bool:
    """Whether a position in degrees is in the box around Viet Nam; numbers may be infinite."""
    west, south, east, north = VIET_NAM
    return south <= lat <= north and west <= lng <= east


def _point(lat, lng):
    return Point(round(lng, DEGREE_DECIMALS), round(lat, DEGREE_DECIMALS), srid=4326)


def _grid_name(epsg):
    return f"{VN2000_GRIDS[epsg]} (EPSG:{epsg})"


def point_text(point: Point) -> str:
    """Return "latitude, longitude" of a point in EPSG:4326, which parse_position() reads."""
    return f"{_degrees(point.y)}, {_degrees(point.x)}"


def _metres(number):
    return f"{number:.{METRE_DECIMALS}f}".rstrip("0").rstrip(".")


def _degrees(number):
    return f"{number:.{DEGREE_DECIMALS}f}".rstrip("0").rstrip(".")


# --- texts ---------------------------------------------------------------------------------

# What word processors, phones and PDF files put for the signs of minutes, seconds and minus.
_SIGNS = str.maketrans(
    {"º": "°", "˚": "°", "’": "'", "‘": "'", "′": "'", "´": "'", "“": '"', "”": '"', "″": '"'}
    | {"−": "-", "–": "-", "\u00a0": " ", "\u202f": " ", "，": ",", "；": ";"}
)
# Words beside a number, folded → (axis, sign). "N" is north: in Vietnamese it would be Nam, the
# south, where Viet Nam is not.
_NORTH, _EAST = "north", "east"
_WORDS = {
    **dict.fromkeys(("n", "b", "bac", "vi", "lat", "latitude", "x", "north", "northing"), _NORTH),
    **dict.fromkeys(("e", "d", "dong", "kinh", "lng", "lon", "long", "longitude"), _EAST),
    **dict.fromkeys(("y", "east", "easting"), _EAST),
}
_OPPOSITE = {"s": _NORTH, "nam": _NORTH, "south": _NORTH, "w": _EAST, "t": _EAST, "tay": _EAST}
_OPPOSITE["west"] = _EAST
_IGNORED = {"do", "toa", "huong", "m", "vn", "wgs", "va", "and"}
# Degrees with signs; seconds and minutes may be missing, decimals may be in the last of them.
_ANGLE = re.compile(
    r"""(?P<sign>[-+]?)(?P<degrees>\d{1,3}(?:[.,]\d+)?)\s*°
    (?:\s*(?P<minutes>\d{1,2}(?:[.,]\d+)?)\s*'(?!'))?
    (?:\s*(?P<seconds>\d{1,2}(?:[.,]\d+)?)\s*(?:"|''))?""",
    re.VERBOSE,
)
_TOKEN = re.compile(r"[^\W\d_]+|[-+]?\d[\d.,]*|\S")
_LINK = re.compile(r"(?:https?://|geo:|(?:www\.|maps\.)?google\.|goo\.gl|maps\.app|zalo\.)", re.I)


@dataclass
class _Number:
    """A number of a text: digits with their separators, or an angle; and the words beside it."""

    digits: str = ""
    value: float | None = None
    words: list[str] = field(default_factory=list)


def parse_position(text: str, *, epsg: int | None = None) -> ParsedPosition:
    """Return the position that a text states.

    text: "11.565, 108.99"; "11,565 108,99"; 11°33'54"N 108°59'24"E, also with B and Đ; a long link
    of Google Maps, Zalo or OpenStreetMap; or VN-2000 "X=1279054.79 Y=580514.07", X (northing)
    first if the letters are missing. Numbers of at least 1,000 are metres on a grid.
    epsg: that grid; by default the one of the province.

    Raises ValidationError with a sentence about what was understood. Its code is "unreadable",
    "incomplete", "short_link", "link", "exchanged" (params: `suggestion`, the text with exchanged
    axes), "wrong_zone", "degrees", "minutes", "zero", "outside" or "unknown_grid".
    """
    text = text.translate(_SIGNS).strip()
    if len(text) > MAX_LENGTH:
        _refuse_unreadable(text)
    if _LINK.match(text):
        return _parse_link(text)
    numbers = list(_numbers(text))
    if len(numbers) == 1:
        raise ValidationError(
            _("“%(text)s” chỉ có một số; vị trí cần hai số, vĩ độ và kinh độ, hoặc X và Y."),
            code="incomplete",
            params={"text": _shortened(text)},
        )
    if len(numbers) != 2:
        _refuse_unreadable(text)
    first, second = numbers
    axes = [_axis(number) for number in numbers]
    if None not in axes and axes[0][0] == axes[1][0]:
        _refuse_unreadable(text)
    east_first = (axes[0] or ("",))[0] == _EAST or (axes[1] or ("",))[0] == _NORTH
    in_metres = any(number.value is None and _is_metres(number.digits) for number in numbers)
    values = []
    for number, axis in zip((first, second), axes, strict=True):
        value = number.value
        if value is None:
            value = _value(number.digits, in_metres)
        if value is None or not isfinite(value):
            _refuse_unreadable(text)
        values.append(value * (axis[1] if axis else 1))
    if east_first:
        values.reverse()
    if in_metres:
        northing, easting = values
        epsg = epsg or default_grid()
        point = from_vn2000(easting=easting, northing=northing, epsg=epsg)
        return ParsedPosition(point, epsg, easting, northing)
    return ParsedPosition(from_degrees(*values))


def from_degrees(lat: float, lng: float) -> Point:
    """Return the Point of degrees of WGS 84; raise ValidationError unless it is in Viet Nam."""
    params = {"lat": _degrees(lat), "lng": _degrees(lng)}
    if lat == lng == 0:
        raise ValidationError(
            _("0, 0 là điểm ngoài khơi châu Phi: máy ghi như thế khi không biết vị trí."),
            code="zero",
        )
    if in_viet_nam(lat, lng):
        return _point(lat, lng)
    if in_viet_nam(lng, lat):
        raise ValidationError(
            _("Vĩ độ và kinh độ có vẻ bị đổi chỗ: vĩ độ %(lng)s, kinh độ %(lat)s?"),
            code="exchanged",
            params=params | {"suggestion": f"{params['lng']}, {params['lat']}"},
        )
    if abs(lat) > 90:
        sentence = _("Vĩ độ phải từ −90 đến 90, không phải %(lat)s.")
        raise ValidationError(sentence, code="degrees", params=params)
    if abs(lng) > 180:
        sentence = _("Kinh độ phải từ −180 đến 180, không phải %(lng)s.")
        raise ValidationError(sentence, code="degrees", params=params)
    raise ValidationError(
        _("Đã hiểu là vĩ độ %(lat)s, kinh độ %(lng)s: vị trí đó nằm ngoài Việt Nam."),
        code="outside",
        params=params,
    )


def _numbers(text) -> Iterator[_Number]:
    """Yield the numbers of a text with the words beside them."""
    tokens = list(_tokens(text))
    numbers = [token for token in tokens if isinstance(token, _Number)]
    starts_with_word = bool(tokens) and isinstance(tokens[0], str)
    ends_with_word = bool(tokens) and isinstance(tokens[-1], str)
    seen = -1
    between = 0
    for token in tokens:
        if isinstance(token, _Number):
            seen, between = seen + 1, 0
            continue
        # A word before the first number describes what follows it; one after the last, what
        # precedes it. Where both are there ("vĩ độ 11.5 B, kinh độ 108.9 Đ"), the first in between
        # belongs to the number before it.
        is_last = seen == len(numbers) - 1
        follows = is_last or not starts_with_word or (ends_with_word and between == 0)
        owner = seen if follows and seen >= 0 else seen + 1
        if owner < len(numbers):
            numbers[owner].words.append(token)
        between += 1
    yield from numbers


def _tokens(text):
    """Yield numbers and known words; raise ValidationError for anything else."""
    end = 0
    for angle in _ANGLE.finditer(text):
        yield from _plain_tokens(text, text[end : angle.start()])
        yield _Number(value=_angle(angle))
        end = angle.end()
    yield from _plain_tokens(text, text[end:])


def _plain_tokens(whole, text):
    """Yield the tokens of a text without degree signs."""
    # Groups of digits, and words. A word or a line ends a group.
    found = [[]]
    for part in re.split(r"[;|/\t\r\n]", text):
        for token in _TOKEN.findall(part):
            word = fold(token)
            if re.match(r"[-+]?\d", token):
                found[-1].append(token.rstrip(",."))
            elif word in _WORDS or word in _OPPOSITE:
                found += [word, []]
            elif word not in _IGNORED and token not in tuple(",:=()°-"):
                _refuse_unreadable(whole)
        found.append([])
    groups = sum(bool(each) for each in found if isinstance(each, list))
    for each in found:
        if isinstance(each, str):
            yield each
        elif each:
            yield from _grouped(each, is_half=groups == 2)


def _grouped(digits, *, is_half):
    """Yield the numbers that are written with these groups of digits.

    is_half: whether the text has another such list, so that this one is a single number.
    """
    if len(digits) == 1:
        # Two numbers without a space: "11.565,108.99", "11,565,108,99", "1279054,580514".
        pair = (
            re.fullmatch(r"([-+]?\d+\.\d+),([-+]?\d+\.\d+)", digits[0])
            or re.fullmatch(r"([-+]?\d{1,3},\d+),(\d{1,3},\d+)", digits[0])
            or re.fullmatch(r"(\d{6,7}),(\d{6,7})", digits[0])
        )
        digits = list(pair.groups()) if pair else digits
    size = len(digits) if is_half else len(digits) // 2
    if size in (2, 3) and size in (len(digits), len(digits) / 2):
        angles = [digits[start : start + size] for start in range(0, len(digits), size)]
        if all(map(_is_sexagesimal, angles)):
            for angle in angles:
                yield _Number(
                    value=_sexagesimal(*(float(part.replace(",", ".")) for part in angle))
                )
            return
    if len(digits) > 2 or is_half:
        digits = _join_thousands(digits)
    yield from map(_Number, digits)


def _is_sexagesimal(parts):
    """Whether these are whole degrees, minutes, and perhaps seconds."""
    degrees, *rest = parts
    sixtieths = [re.fullmatch(r"(\d{1,2})(?:[.,]\d+)?", part) for part in rest]
    return bool(re.fullmatch(r"\d{1,3}", degrees)) and all(
        part and int(part[1]) < 60 for part in sixtieths
    )


def _join_thousands(digits):
    """Join the groups of "1 279 054,79 580 514,07" to two numbers."""
    joined = [digits[0]]
    for group in digits[1:]:
        if re.fullmatch(r"\d{3}([.,]\d+)?", group) and joined[-1].isdigit():
            joined[-1] += group
        else:
            joined.append(group)
    return joined


def _angle(match):
    """Return the degrees of a match of _ANGLE; raise ValidationError for 60 minutes or more."""
    degrees, minutes, seconds = (
        float((match[part] or "0").replace(",", ".")) for part in ("degrees", "minutes", "seconds")
    )
    value = _sexagesimal(degrees, minutes, seconds)
    return -value if match["sign"] == "-" else value


def _sexagesimal(degrees, minutes=0.0, seconds=0.0):
    if minutes >= 60 or seconds >= 60:
        raise ValidationError(
            _("Phút và giây phải nhỏ hơn 60: đã đọc được %(minutes)s phút %(seconds)s giây."),
            code="minutes",
            params={"minutes": f"{minutes:g}", "seconds": f"{seconds:g}"},
        )
    return degrees + minutes / 60 + seconds / 3600


def _axis(number):
    """Return (axis, sign) that the words beside a number state, or None."""
    found = {(_WORDS[word], 1) for word in number.words if word in _WORDS}
    found |= {(_OPPOSITE[word], -1) for word in number.words if word in _OPPOSITE}
    if len({axis for axis, _sign in found}) > 1:
        _refuse_unreadable(" ".join(number.words))
    return min(found, key=lambda each: each[1], default=None)


def _is_metres(digits):
    """Whether a number is so large that it cannot be degrees."""
    return (
        len(re.split(r"[.,]", digits.lstrip("+-"))[0]) >= 4 or len(re.findall("[.,]", digits)) > 1
    )


def _value(digits, in_metres):
    """Return the number that is written with a decimal point or comma; None for what is none.

    in_metres: whether a separator before three digits may separate thousands.
    """
    separators = re.findall("[.,]", digits)
    if len(separators) > 1 or (in_metres and re.fullmatch(r"\d{1,3}[.,]\d{3}", digits)):
        decimal = separators[-1] if separators.count(separators[-1]) == 1 else ""
        if len(separators) == 1:
            decimal = ""
        whole, _separator, rest = digits.rpartition(decimal) if decimal else (digits, "", "")
        if not re.fullmatch(r"[-+]?\d{1,3}(?:([.,])\d{3})(?:\1\d{3})*", whole):
            return None
        return float(re.sub("[.,]", "", whole) + "." + rest)
    return float(digits.replace(",", "."))


def _refuse_unreadable(text) -> NoReturn:
    raise ValidationError(
        _(
            "Không đọc được vị trí trong “%(text)s”. Viết như 11.565, 108.99 hoặc"
            " 11°33'54\"B 108°59'24\"Đ, hoặc X=1279054.79 Y=580514.07."
        ),
        code="unreadable",
        params={"text": _shortened(text)},
    )


def _shortened(text):
    return text if len(text) <= 80 else f"{text[:79]}…"


# --- links ---------------------------------------------------------------------------------

_DECIMAL = r"[-+]?\d{1,3}(?:\.\d+)?"
_PAIR = re.compile(rf"\s*(?:loc:|geo:)?\s*({_DECIMAL})\s*,\s*({_DECIMAL})\s*(?:,.*)?")
# Hosts whose links have no coordinates; they redirect to a long link.
_SHORT = re.compile(r"(maps\.app\.goo\.gl|goo\.gl|g\.co|g\.page|(\w+\.)?zaloapp\.com)", re.I)
# Parameters with "latitude,longitude", the more exact first.
_PAIR_PARAMETERS = ("query", "q", "destination", "daddr", "ll", "center", "viewpoint", "cp")
_LAT_PARAMETERS, _LNG_PARAMETERS = (
    ("mlat", "lat", "latitude"),
    ("mlon", "lng", "lon", "long", "longitude"),
)


def _parse_link(text):
    """Return the position in a link; raise ValidationError if it has none."""
    link = text.split()[0] if re.match(r"https?://\S+\s", text) else text
    if not re.match(r"https?://|geo:", link, re.I):
        link = f"https://{link}"
    try:
        parts = urlsplit(link)
        host = parts.hostname or ""
    except ValueError:
        _refuse_unreadable(text)
    found = _in_link(parts)
    if found:
        lat, lng, note = found
        return ParsedPosition(from_degrees(lat, lng), note=note)
    if _SHORT.fullmatch(host) or host == "zalo.me" or host.endswith(".zalo.me"):
        raise ValidationError(
            _(
                "Đường dẫn này là đường dẫn rút gọn, không chứa toạ độ, và trang này không mở nó."
                " Hãy mở nó trong trình duyệt, rồi dán đường dẫn dài trên thanh địa chỉ, hoặc nhấn"
                " giữ vào chỗ đó trên bản đồ rồi chép hai số toạ độ."
            ),
            code="short_link",
        )
    raise ValidationError(
        _(
            "Không thấy toạ độ trong đường dẫn này. Hãy nhấn giữ vào chỗ đó trên bản đồ rồi chép"
            " hai số toạ độ."
        ),
        code="link",
    )


def _in_link(parts):
    """Return (latitude, longitude, note) of a split link, or None."""
    path, fragment = unquote_plus(parts.path), unquote_plus(parts.fragment)
    everything = f"{path}?{unquote_plus(parts.query)}#{fragment}"
    if parts.scheme.lower() == "geo":
        pair = _PAIR.fullmatch(path.partition(";")[0])
        return (*map(float, pair.groups()[:2]), "") if pair else None
    # The place itself comes before the centre of the map. A link to directions has several places,
    # the destination last, longitude first; one to embed has height, longitude, latitude.
    centre_note = _("Đây là tâm của bản đồ trong đường dẫn, không phải một ghim.")
    for pattern, north, east, note in (
        (rf"!3d({_DECIMAL})!4d({_DECIMAL})", 1, 2, ""),
        (rf"!2d({_DECIMAL})!3d({_DECIMAL})", 2, 1, centre_note),
        (rf"!1d({_DECIMAL})!2d({_DECIMAL})", 2, 1, ""),
    ):
        places = list(re.finditer(pattern, everything))
        if places:
            return float(places[-1][north]), float(places[-1][east]), note
    # Some links have their parameters behind "#".
    query = dict(parse_qsl(parts.query))
    query = dict(parse_qsl(parts.fragment)) | query
    for name in _PAIR_PARAMETERS:
        pair = _PAIR.fullmatch(query.get(name, ""))
        if pair:
            return *map(float, pair.groups()), ""
        angles = [_angle(angle) for angle in _ANGLE.finditer(query.get(name, "").translate(_SIGNS))]
        if len(angles) == 2:
            return *angles, ""
    lat, lng = (
        next((query[name] for name in names if re.fullmatch(_DECIMAL, query.get(name, ""))), None)
        for names in (_LAT_PARAMETERS, _LNG_PARAMETERS)
    )
    if lat and lng:
        return float(lat), float(lng), ""
    for segment in reversed(path.split("/")):
        pair = None if segment.startswith("@") else _PAIR.fullmatch(segment)
        if pair:
            return *map(float, pair.groups()), ""
        angles = [_angle(angle) for angle in _ANGLE.finditer(segment.translate(_SIGNS))]
        if len(angles) == 2:
            return *angles, ""
    centre = re.search(rf"@({_DECIMAL}),({_DECIMAL})", path) or re.search(
        rf"map=[\d.]+/({_DECIMAL})/({_DECIMAL})", fragment
    )
    if not centre:
        return None
    return *map(float, centre.groups()), centre_note
