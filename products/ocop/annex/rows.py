"""Reads grids of cells as rows of products."""

import dataclasses
import re

from geodata.text import fold

from .grids import joined
from .headings import header_at
from .refusals import AnnexRefused, gettext_noop
from .values import (
    COMMUNE,
    DISTRICT,
    FOOTNOTE,
    MARK,
    parse_score,
    parse_stars,
    split_producer,
    unit_in,
)

MAX_ROWS = 500
# Titles that a sheet may have above its header.
_ROWS_ABOVE_HEADER = 30

# The values of a row, in the order of a preview.
FIELDS = (
    "code",
    "name",
    "producer",
    "address",
    "commune",
    "district",
    "category",
    "stars",
    "nominated_stars",
    "score",
)


@dataclasses.dataclass
class AnnexRow:
    """One product of an annex.

    place: where it is in the file, e.g. "trang 2, dòng 5". stars: 3 to 5. score: text of a decimal
    number. inferred: names of the values that are not in the row itself: taken from a merged cell,
    a heading above, or part of another cell. unread: {name: text} of cells that could not be
    parsed.
    """

    place: str
    code: str = ""
    name: str = ""
    producer: str = ""
    address: str = ""
    commune: str = ""
    district: str = ""
    category: str = ""
    stars: int | None = None
    nominated_stars: int | None = None
    score: str = ""
    inferred: list[str] = dataclasses.field(default_factory=list)
    unread: dict[str, str] = dataclasses.field(default_factory=dict)


@dataclasses.dataclass
class Annex:
    """The content of an annex.

    skipped: texts of the rows of product tables that are no products, such as totals, each with
    its place. warnings: sentences, as (msgid, params), about what may not have been read.
    """

    rows: list[AnnexRow] = dataclasses.field(default_factory=list)
    skipped: list[str] = dataclasses.field(default_factory=list)
    warnings: list[tuple[str, dict]] = dataclasses.field(default_factory=list)


_COLUMN_NUMBER = re.compile(r"\(?([0-9]{1,2}|[A-Z]|[a-z])\)?")
_ROW_NUMBER = re.compile(r"\d{1,4}[.)]?|#")
_TOTAL = re.compile(r"(tong( cong| so|)|cong)\b")
# Values that a cell on the page before may still apply to.
_FILLED_DOWN = {"commune", "district", "producer", "producer_address", "category", "stars"}
_PAGE_NUMBER = re.compile(r"(trang )?\d{0,3}( \d{1,3})?")


class Reader:
    """Reads grids in the order of the document."""

    def __init__(self, annex):
        self.annex = annex
        self.layout = None
        self.above = {}
        # Of the previous row: its Spots, and the columns filled from the page before.
        self.last = None
        self.open = self._opened_for_last = set()
        # The last number in the column of row numbers.
        self.number = 0

    def read(self, grid):
        if not grid.rows:
            return
        caption = [grid.caption] if grid.caption else []
        header = self._next_header(grid)
        if header is None and not (self.layout and self.layout.fits(grid)):
            self.layout = None
            return
        # A table without a title of its own and without a header, or with the same one again, is
        # the rest of the table before it.
        untitled = not caption or _PAGE_NUMBER.fullmatch(fold(grid.caption))
        continued = header is None or (untitled and self._is_repeated(grid.rows[0]))
        # The cells of the last row of the page before may extend into this one.
        self.open = self._open_columns() if continued else set()
        if not continued:
            self.layout = self.last = None
        row, is_first = 0, continued
        while row < len(grid.rows):
            found = header_at(grid, row)
            if found and not self._is_repeated(grid.rows[row]):
                self.layout, after = found
                self.above = self._values_of_caption(" ".join(caption)) if self.layout else {}
                self.last, caption, is_first, self.number = None, [], False, 0
                row = after
                continue
            if self.layout is None:
                caption.append(
                    " ".join(s.text for s in grid.rows[row] if not s.right and not s.down)
                )
            elif not self._is_repeated(grid.rows[row]):
                text = self._read_row(grid, row, is_first)
                is_first = False
                if text:
                    caption = [*caption[-2:], text]
            row += 1

    def _next_header(self, grid):
        for row in range(min(_ROWS_ABOVE_HEADER, len(grid.rows))):
            if (found := header_at(grid, row)) and found[0]:
                return row
        return None

    def _open_columns(self):
        """Columns whose last cell may extend into the next page, where it has no text.

        It is not visible whether a cell without text is the rest of one above, except for a merged
        one; the values are marked as inferred.
        """
        if self.last is None:
            return set()
        return {
            column
            for column, kind in self.layout.kinds.items()
            if kind in _FILLED_DOWN
            and self.last[column].text
            and (kind != "stars" or self.last[column].tall or column in self.open)
        }

    def _is_repeated(self, row):
        """Whether a row repeats one of the header of this table."""
        if self.layout is None:
            return False
        texts = [fold(spot.text) for spot in row]
        return any(
            sum(a == b for a, b in zip(texts, heading, strict=False)) >= 0.8 * len(heading)
            for heading in self.layout.headings
            if len(heading) == len(texts)
        )

    def _values_of_caption(self, text):
        """What a title above a table states of all its products."""
        if "stars" in self.layout.kinds.values() or self.layout.star_of:
            return {}
        plain = fold(text)
        if re.search(r"tiem nang|de nghi trung uong|trung uong", plain):
            found = set(re.findall(r"\b([45]) sao", plain))
            return {"nominated_stars": int(found.pop())} if len(found) == 1 else {}
        found = set(re.findall(r"\b0?([345]) sao", plain))
        return {"stars": int(found.pop())} if len(found) == 1 else {}

    # --- one row

    def _read_row(self, grid, index, first_of_page):
        """Add the product of a row to the annex; return the text of a row that is none."""
        spots, layout = grid.rows[index], self.layout
        texts = {c: spot.text for c, spot in enumerate(spots) if not spot.right and spot.text}
        own = {c: text for c, text in texts.items() if not spots[c].down}
        if not texts:
            return ""
        if self._are_column_numbers(own):
            return ""
        number = layout.column("number")
        numbered = number in texts and bool(_ROW_NUMBER.fullmatch(texts[number]))
        values = {layout.kinds[c] for c in own if c in layout.kinds} - {"number", "name"}
        values |= {"stars" for c in own if c in layout.star_of}
        place = grid.places[index]
        whole = " ".join(own.values())
        name = layout.column("name")
        wide = [c for c in own if c + 1 < len(spots) and spots[c + 1].right]
        if first_of_page and not wide and self._continues_last(own, numbered, values, number):
            self._join_to_last(own)
            return ""
        is_product = name in texts and not spots[name].right and (numbered or values)
        if is_product and not numbered and self._is_section(own, values, wide, number):
            is_product = False
        first = fold(next(iter(own.values()), ""))
        if not numbered and (_TOTAL.match(first) or _TOTAL.match(fold(own.get(name, "")))):
            is_product = False
            self.annex.skipped.append(f"{place}: {whole}")
            return whole
        if not is_product:
            if self._is_section(own, values, wide, number):
                self._read_section(" ".join(t for c, t in own.items() if c != number) or whole)
            self.annex.skipped.append(f"{place}: {whole}")
            return whole
        if numbered and number in own:
            self._compare_number(own[number], place)
        self._add(spots, place, first_of_page)
        return ""

    def _compare_number(self, text, place):
        """Warn if row numbers are missing: a row may have been overlooked."""
        if text == "#":
            return
        number = int(text.rstrip(".)"))
        if number > self.number + 1 and self.number:
            message = gettext_noop("%(place)s: thiếu số thứ tự %(missing)d; hãy đối chiếu với tệp.")
            self.annex.warnings.append((message, {"place": place, "missing": self.number + 1}))
        self.number = number

    def _are_column_numbers(self, own):
        return len(own) >= 3 and all(_COLUMN_NUMBER.fullmatch(text) for text in own.values())

    def _continues_last(self, own, numbered, values, number):
        """Whether the first row on a page is the rest of the last one of the page before."""
        if self.last is None or numbered:
            return False
        if number is not None:
            return bool(own)
        return not values & {"stars", "score"}

    def _join_to_last(self, own):
        row = self.annex.rows.pop()
        spots = [dataclasses.replace(spot) for spot in self.last]
        for column, text in own.items():
            spots[column].text = joined([spots[column].text, text])
        self.open = self._opened_for_last
        self._add(spots, row.place, False, resume=True)

    def _is_section(self, own, values, wide, number):
        """Whether a row is a heading between the products: one text, perhaps with a number."""
        rest = [column for column in own if column != number]
        if len(rest) > 1 or not own:
            return False
        if not rest:
            return bool(wide)
        return bool(wide) or not values

    def _read_section(self, text):
        plain = fold(text)
        self.above = dict(self.above)
        if re.search(r"\b[345] sao\b|★", text.lower()) or re.search(r"\b[345] sao\b", plain):
            try:
                stars, nominated = parse_stars(re.sub(r"^[IVX\d]+[.)]\s*|\(.*\)", "", text))
            except ValueError:
                return
            self.above |= {"stars": stars, "nominated_stars": nominated}
            return
        text = re.sub(r"^(?:[IVXLC]+|[A-Z]|\d+(?:\.\d+)*)\s*[.):/-]\s*", "", text)
        text = re.sub(r"\s*[(:].*$", "", text).strip()
        if commune := unit_in(text, COMMUNE):
            self.above |= {"commune": commune}
            if district := unit_in(text, DISTRICT):
                self.above |= {"district": district}
        elif district := unit_in(text, DISTRICT):
            self.above |= {"district": district}
            self.above.pop("commune", None)
        elif re.match(r"(nhom|nganh|bo san pham)\b", plain.lstrip("ivxlc0123456789. ")):
            self.above |= {"category": text}

    def _add(self, spots, place, first_of_page, resume=False):
        layout = self.layout
        if self.last is not None and not resume:
            # A cell without text that continues one of the page before has the same value.
            still = {c for c in self.open if not spots[c].text and (first_of_page or spots[c].down)}
            self._opened_for_last, self.open = self.open, still
            for column in still:
                spots[column] = dataclasses.replace(self.last[column], down=True, tall=True)
        elif not resume:
            self._opened_for_last, self.open = set(), set()
        self.last = spots
        row = AnnexRow(place)
        raw, inferred = {}, set()
        for column, kind in layout.kinds.items():
            spot = spots[column]
            if spot.right or not spot.text:
                continue
            text = spot.text
            if kind == "address" and raw.get("address"):
                text = f"{raw['address']}, {text}"
            raw[kind] = text
            if spot.down:
                inferred.add(kind)
        for column, stars in layout.star_of.items():
            text = spots[column].text
            if MARK.match(text):
                raw["stars"] = str(stars)
            elif text:
                try:
                    raw["stars"] = str(parse_stars(text)[0] or stars)
                except ValueError:
                    row.unread["stars"] = text
        _fill(row, raw, inferred, self.above)
        self.annex.rows.append(row)
        if len(self.annex.rows) > MAX_ROWS:
            raise AnnexRefused(
                gettext_noop("Phụ lục có hơn %(most)d sản phẩm: hãy tách thành nhiều tệp."),
                most=MAX_ROWS,
            )


def _fill(row, raw, inferred, above):
    """Give an AnnexRow its values from the texts of its cells, and from the headings above."""
    for name in ("code", "name", "producer", "address", "category"):
        setattr(row, name, FOOTNOTE.sub("", raw.get(name, "")))
    row.name = re.sub(r"^[-–+•]\s*", "", row.name)
    if text := raw.get("producer_address"):
        row.producer, address = split_producer(text)
        if address:
            row.address = address
            inferred |= {"producer", "address"}
        elif "producer_address" in inferred:
            inferred.add("producer")
    commune, district = raw.get("commune", ""), raw.get("district", "")
    row.commune = unit_in(commune, COMMUNE) or commune
    row.district = unit_in(district, DISTRICT) or district
    if commune and not district and (found := unit_in(commune, DISTRICT)):
        row.district = found
        if row.commune == commune:
            row.commune = "" if commune == found else commune.split(",")[0].strip()
    for name, pattern in (("commune", COMMUNE), ("district", DISTRICT)):
        if not getattr(row, name) and (found := unit_in(row.address, pattern)):
            setattr(row, name, found)
            inferred.add(name)
    result = raw.get("result", "")
    if result and "stars" not in raw and "score" not in raw:
        raw["score" if re.fullmatch(r"\d{2,3}([.,]\d+)?( điểm)?", result) else "stars"] = result
    try:
        row.stars, row.nominated_stars = parse_stars(raw.get("stars", ""))
    except ValueError:
        row.unread["stars"] = raw["stars"]
    if text := raw.get("nominated_stars"):
        try:
            row.nominated_stars = 5 if MARK.match(text) else max(filter(None, parse_stars(text)))
        except ValueError:
            row.unread["nominated_stars"] = text
    if text := raw.get("score"):
        try:
            row.score = parse_score(text)
        except ValueError:
            row.unread["score"] = text
    for name, value in above.items():
        states_stars = name == "nominated_stars" and row.stars
        if value and not getattr(row, name) and name not in row.unread and not states_stars:
            setattr(row, name, value)
            inferred.add(name)
    row.inferred = [name for name in FIELDS if name in inferred and getattr(row, name)]
