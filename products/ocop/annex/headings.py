"""Which column of a table contains what, recognised by its Vietnamese headings."""

import dataclasses
import re

from geodata.text import fold

# Folded headings, the first that matches; the order resolves "Nhóm sản phẩm", "Địa chỉ chủ thể".
_HEADINGS = [
    (
        "ignored",
        r"^(ghi chu|.*dien thoai.*|so dt|sdt|e ?mail|(ten )?(nguoi )?dai dien.*|.*nguoi dai dien.*"
        r"|chu co so|giam doc|so luong.*|quy cach.*|don vi tinh|dvt|thoi han.*|hieu luc.*"
        r"|ma so thue|mst|(so )?giay chung nhan.*|(so )?quyet dinh.*|nam .*|ngay .*|lan .*)$",
    ),
    ("number", r"^(stt|tt|so tt|so thu tu)$"),
    ("code", r"^ma( so)?( san pham| sp)?( ocop)?$"),
    ("address", r"^(dia chi|dia diem|noi san xuat|noi sx|tru so|thon)\b"),
    ("producer_address", r"(?=.*\b(chu the|co so|don vi|doanh nghiep)\b).*\bdia chi\b"),
    ("category", r"\b(nhom|nganh|bo san pham|phan nhom|loai san pham|loai hinh|linh vuc)\b"),
    (
        "producer",
        r"\b(chu the|co so|don vi san xuat|don vi sx|doanh nghiep|nha san xuat|to chuc|ca nhan"
        r"|ho kinh doanh|hop tac xa)\b|^(ten )?don vi$",
    ),
    ("score", r"\bdiem\b"),
    ("nominated_stars", r"tiem nang|trung uong|\bde nghi\b.*\b5 sao"),
    ("name", r"^(ten )?(goi )?(cua )?(san pham|sp|mat hang|hang hoa)\b"),
    ("stars", r"\b(sao|hang|xep loai)\b"),
    ("result", r"^ket qua"),
    ("district", r"^(ten )?(dia ban )?(huyen|quan|thi xa|thanh pho)\b"),
    (
        "commune",
        r"^(ten )?(dia ban|dia phuong|don vi hanh chinh)?\b ?(xa|phuong|thi tran)\b"
        r"|^(dia ban|dia phuong|don vi hanh chinh)\b",
    ),
    # "Thuộc xã", "Nơi ở (huyện)"
    ("commune", r"(?<!tac )\b(xa|phuong|thi tran)\b"),
    ("district", r"\bhuyen\b"),
]
_MAX_HEADING = 80
# Points by which the columns of a table may move from one page of a PDF to the next.
_SHIFT = 6


def column_kind(heading):
    """Return what a column with that heading contains, None if it is not recognised."""
    # "Thông tin chủ thể": the words before it carry no meaning.
    text = re.sub(r"\b(thong tin|noi dung)( ve| cua| chung)?\b ?", "", fold(heading)).strip()
    if not text or len(text) > _MAX_HEADING:
        return None
    return next((kind for kind, pattern in _HEADINGS if re.search(pattern, text)), None)


@dataclasses.dataclass
class Layout:
    """The columns of a table of products.

    kinds: {column: kind}. star_of: {column: stars} where each number of stars has a column with
    marks. headings: folded texts of the rows of the header. width, edges: of its grid.
    """

    kinds: dict[int, str]
    star_of: dict[int, int]
    headings: list[list[str]]
    width: int
    edges: tuple[float, ...]

    def column(self, kind):
        return next((column for column, one in self.kinds.items() if one == kind), None)

    def fits(self, grid):
        """Whether a grid without a header of its own has the same columns."""
        if len(grid.rows[0]) != self.width:
            return False
        pairs = zip(self.edges, grid.edges, strict=False)
        return all(abs(one - other) < _SHIFT for one, other in pairs)


def header_at(grid, first):
    """Return (Layout, row after the header) if a header begins in that row, else None.

    The Layout is None for the header of a table of something else.
    """
    row = grid.rows[first]
    texts = [spot.text for spot in row if spot.text and not spot.right and not spot.down]
    # Cells of products have the words of headings as well: "xã An Hậu", "Cơ sở sản xuất rượu".
    if any(re.fullmatch(r"\d+([.,]\d+)?[.)]?|#", text) for text in texts):
        return None
    known = [kind for kind in map(column_kind, texts) if kind]
    if len(known) < 2 or len(known) < 0.5 * len(texts) or not {"number", "name"} & set(known):
        return None
    after = first + 1
    while after < len(grid.rows) and _continues_header(grid.rows[first], grid.rows[after]):
        after += 1
    width = len(row)
    kinds, star_of = {}, {}
    for column in range(width):
        levels = list(dict.fromkeys(filter(None, (r[column].text for r in grid.rows[first:after]))))
        kind = _kind_of_levels(levels)
        stars = re.search(r"\b([345]) sao\b", fold(levels[-1])) if levels else None
        if kind == "stars" and stars:
            star_of[column] = int(stars[1])
        elif kind and kind != "ignored" and (kind not in kinds.values() or kind == "address"):
            kinds[column] = kind
    if "name" not in kinds.values() or len(kinds) + len(star_of) < 3:
        return None, after
    headings = [[fold(spot.text) for spot in r] for r in grid.rows[first:after]]
    return Layout(kinds, star_of, headings, width, grid.edges), after


def _kind_of_levels(levels):
    """The kind of a column by its headings, the most general first."""
    if not levels:
        return None
    # "Tên" below "Sản phẩm" is "Tên sản phẩm".
    for text in (levels[-1], " ".join(reversed(levels)), *reversed(levels[:-1])):
        if kind := column_kind(text):
            return kind
    return None


def _continues_header(header, row):
    """Whether a row is a further one of the header: cells of the header extend into it."""
    extended = [spot.down for spot, above in zip(row, header, strict=True) if above.text]
    if any(extended):
        return True
    texts = [spot.text for spot in row if spot.text]
    headings = sum(bool(column_kind(text)) for text in texts)
    # A second row without merged cells has headings in some columns and nothing in the first.
    return bool(texts) and not row[0].text and headings == len(texts)
