"""Parses the cells of an annex: stars, scores, units, producers with their addresses."""

import re
from decimal import Decimal, InvalidOperation

from geodata.text import fold

_NUMBERS = {"ba": 3, "bon": 4, "nam": 5, "mot": 1, "hai": 2}
MARK = re.compile(r"^([xX✓✔√v]|có|đạt)$")


def parse_stars(text):
    """Return (stars, nominated stars) of a cell; None for what it does not state.

    "3 sao", "03 sao", "★★★", "★★★☆☆", "***", "Hạng 4", "Bốn sao", "4", "4 sao (tiềm năng 5 sao)".
    Raises ValueError for other texts, and for stars that are not 3 to 5.
    """
    if not text:
        return None, None
    plain = fold(text)
    nominated = None
    if (
        found := re.search(r"(?:tiem nang|de nghi|du kien|ung vien|trung uong)\D*([45])\b", plain)
    ) or (found := re.search(r"\b([45]) sao (?:tiem nang|de nghi|du kien)", plain)):
        nominated = int(found[1])
        plain = plain[: found.start()] + plain[found.end() :]
    symbols = re.sub(r"[^★⭐*✭✰☆]", "", text)
    if found := re.search(r"(?:hang|sao|dat)?\s*\b0?([1-9])\b", plain):
        stars = int(found[1])
    elif found := re.search(r"\b(mot|hai|ba|bon|nam) sao\b|^hang (ba|bon|nam)$", plain):
        stars = _NUMBERS[found[1] or found[2]]
    elif filled := len(re.sub("[☆✰]", "", symbols)):
        stars = filled
    elif nominated:
        return None, nominated
    else:
        raise ValueError(text)
    if stars not in (3, 4, 5):
        raise ValueError(text)
    return stars, nominated


def parse_score(text):
    """Return the text of a decimal number from 0 to 100: "91,5 điểm" → "91.5".

    Raises ValueError for other texts.
    """
    found = re.fullmatch(
        r"(\d{1,3}(?:[.,]\d{1,6})?)\s*(?:điểm|đ|điểm/100|/\s*100)?(?:\s*điểm)?",
        text.strip().lower(),
    )
    if not found:
        raise ValueError(text)
    try:
        score = round(Decimal(found[1].replace(",", ".")), 2)
    except InvalidOperation:
        raise ValueError(text) from None
    if not 0 <= score <= 100:
        raise ValueError(text)
    return f"{score.normalize():f}"


# A unit in an address: its kind, written out or abbreviated, and its name in capitals.
_UNIT = r"(?P<kind>{})\s*(?P<name>[^,;()\-–]+)"
COMMUNE = re.compile(_UNIT.format(r"xã|phường|thị trấn|đặc khu|X\.|P\.|TT\."), re.IGNORECASE)
DISTRICT = re.compile(_UNIT.format(r"huyện|thành phố|thị xã|quận|H\.|TP\.|TX\."), re.IGNORECASE)
_KINDS = {"x.": "xã", "p.": "phường", "tt.": "thị trấn", "h.": "huyện", "tp.": "thành phố"}
_KINDS["tx."] = "thị xã"


def unit_in(text, pattern):
    """Return the full name of the unit that a text names, "" if there is none."""
    for part in re.split(r"[,;()]|\s[-–]\s", text):
        if found := pattern.match(part.strip()):
            kind = found["kind"].lower()
            return f"{_KINDS.get(kind, kind)} {found['name'].strip(' .')}"
    return ""


FOOTNOTE = re.compile(r"\s*(?:\(\*+\)|\*+|[¹²³⁴⁵⁶⁷⁸⁹]|\(\d\))$")
# Where the address begins in "HTX Ví Dụ, thôn 1, xã An Hậu". Most words must follow a punctuation
# mark: "xã" may be part of "hợp tác xã".
_ADDRESS_BEGINS = re.compile(
    r"[,;:]?\s*(?:\(|[-–]\s)?\s*(?=\b(?:địa chỉ|đ/c|thôn|khu phố|tổ dân phố|số \d)\b)"
    r"|(?:[,;:(]|\s[-–])\s*(?=\b(?:kp\b|đường|xã|phường|thị trấn|ấp|xóm|buôn)\b)",
    re.IGNORECASE,
)


def split_producer(text):
    """Return (producer, address) of a cell with both."""
    found = next((m for m in _ADDRESS_BEGINS.finditer(text) if m.start() > 3), None)
    if not found:
        return text, ""
    address = re.sub(r"^(địa chỉ|đ/c)\s*:?\s*", "", text[found.end() :], flags=re.IGNORECASE)
    return text[: found.start()].strip(" ,;:-–("), address.strip(" ,;").removesuffix(")")
