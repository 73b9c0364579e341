"""Annexes of decisions in several layouts, with the values that a reader must find in them.

Names of products, producers and places are those of the shipped pack; stars, scores and the
decisions themselves are made up for the tests, which every document states.
"""

import csv
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

from tests.products.annexes.tables import Cell, Document, Table

PACK = Path(__file__).parents[3] / "geodata" / "data" / "ninh-thuan" / "products"

ABOVE = ["ỦY BAN NHÂN DÂN TỈNH", "PHỤ LỤC", "Danh sách sản phẩm được công nhận OCOP"]
CARRIED = "(Kèm theo Quyết định số 123/QĐ-UBND ngày 05 tháng 12 năm 2024)"
SIGNATURE = Table(
    [["Nơi nhận:\n- Như Điều 3;\n- Lưu: VT.", "KT. CHỦ TỊCH\nPHÓ CHỦ TỊCH\n(đã ký)"]],
    header=0,
    ruled=False,
)


@dataclass
class Item:
    name: str
    producer: str
    address: str
    commune: str
    district: str
    category: str
    stars: int
    score: str

    @property
    def place(self):
        return f"{self.address}, {self.commune}, {self.district}".removeprefix(", ")


def _items():
    with open(PACK / "producers.csv", encoding="utf-8") as file:
        hamlets = {
            row["name"]: row["address_as_stated"].partition(",")[0] for row in csv.DictReader(file)
        }
    with open(PACK / "ocop_products.csv", encoding="utf-8") as file:
        rows = [
            row for row in csv.DictReader(file) if row["commune_as_stated"] and row["producer_name"]
        ]
    for number, row in enumerate(rows):
        stars = int(row["ocop_star"])
        hamlet = hamlets.get(row["producer_name"], "")
        yield Item(
            row["product_name"],
            row["producer_name"],
            hamlet if hamlet.startswith("thôn") else f"thôn {number % 7 + 1}",
            row["commune_as_stated"],
            row["district_as_stated"],
            row["product_group"],
            stars,
            f"{(52 if stars == 3 else 71) + number * 0.65:.2f}".rstrip("0")
            .rstrip(".")
            .replace(".", ","),
        )


ITEMS = list(_items())


def expected(item, *names, **values):
    """The values of AnnexRow that a document states of an item."""
    row = {name: getattr(item, name) for name in names}
    if "score" in row:
        row["score"] = row["score"].replace(",", ".")
    return row | values


def by(items, name):
    """The items in groups of the same value, in their order: [(value, [items])]."""
    return [(value, list(group)) for value, group in groupby(items, lambda i: getattr(i, name))]


# --- layout 1: one row for each product, one row of headings --------------------------------


def plain(name, items, *, star="{} sao", **options):
    rows = [["STT", "Tên sản phẩm", "Tên chủ thể", "Địa chỉ", "Điểm", "Hạng sao"]]
    for number, one in enumerate(items, 1):
        stars = star.format(one.stars) if "{" in star else star * one.stars
        rows.append([number, one.name, one.producer, one.place, one.score, stars])
    found = [
        expected(i, "name", "producer", "commune", "district", "stars", "score", address=i.place)
        for i in items
    ]
    table = Table(rows, widths=(6, 24, 26, 24, 10, 10))
    return Document(name, [*ABOVE, CARRIED, table, SIGNATURE], found, options=options)


# --- layout 2: two rows of headings, merged communes and producers, sections, totals --------


def merged(name, items, *, landscape=True, numbered=False, **options):
    header = [
        [
            Cell("TT", down=2),
            Cell("Xã, phường, thị trấn", down=2),
            Cell("Chủ thể", across=2),
            Cell("Tên sản phẩm", down=2),
            Cell("Kết quả đánh giá", across=2),
            Cell("Ghi chú", down=2),
        ],
        ["Tên", "Địa chỉ", "Tổng điểm", "Xếp hạng"],
    ]
    rows, found, number = list(header), [], 0
    for index, (category, group) in enumerate(by(items, "category")):
        rows.append([Cell(f"{'I' * (index + 1)}. Nhóm {category}", across=8)])
        for _commune, of_commune in by(group, "commune"):
            for first, one in enumerate(of_commune):
                number += 1
                same = [i for i in of_commune if i.producer == one.producer]
                cells = ["" if numbered else number]
                if not first:
                    cells.append(Cell(one.commune, down=len(of_commune)))
                if same[0] is one:
                    cells += [
                        Cell(one.producer, down=len(same)),
                        Cell(same[0].address, down=len(same)),
                    ]
                rows.append([*cells, one.name, one.score, f"Hạng {one.stars} sao", ""])
                values = {"category": f"Nhóm {category}", "address": same[0].address}
                found.append(
                    expected(one, "name", "producer", "commune", "stars", "score", **values)
                )
    rows.append([Cell(f"Tổng cộng: {number} sản phẩm", across=8)])
    table = Table(rows, header=2, numbered=numbered, widths=(6, 14, 18, 14, 18, 10, 10, 10))
    return Document(name, [*ABOVE, table, SIGNATURE], found, landscape, options)


# --- layout 3: a table of candidates for five stars, and one of three and four stars --------


def two_tables(name, items, *, symbol="★", **options):
    candidates, others = items[:4], items[4:]
    header = ["Số TT", "Sản phẩm", "Đơn vị sản xuất", "Địa bàn", "Nhóm sản phẩm", "Số điểm"]
    first = [header]
    for number, one in enumerate(candidates, 1):
        first.append([number, one.name, one.producer, one.commune, one.category, "91,5 điểm"])
    second = [[*header, "Phân hạng"]]
    for number, one in enumerate(others, 1):
        named = Cell(one.name, mark="1") if number == 2 else one.name
        cells = [number, named, one.producer, one.commune, one.category, f"{one.score} điểm"]
        second.append([*cells, symbol * one.stars])
    blocks = [
        *ABOVE,
        "I. Sản phẩm tiềm năng 5 sao, đề nghị Trung ương đánh giá",
        Table(first, widths=(8, 22, 26, 16, 16, 12)),
        "II. Sản phẩm đạt hạng 3 sao và 4 sao",
        Table(second, widths=(8, 20, 24, 14, 14, 10, 10)),
        "1 Sản phẩm đánh giá lại.",
        SIGNATURE,
    ]
    names = ("name", "producer", "commune", "category")
    found = [expected(i, *names, score="91.5", nominated_stars=5) for i in candidates]
    found += [expected(i, *names, "score", "stars") for i in others]
    return Document(name, blocks, found, options=options)


# --- layout 4: a sheet with codes, titles above, numbers, signatures below ------------------


def sheet(name, items, **options):
    rows = [
        [
            "STT",
            "Mã sản phẩm",
            "Tên sản phẩm",
            "Chủ thể OCOP",
            "Xã/phường",
            "Huyện",
            "Tổng điểm",
            "Số sao",
        ],
        ["(1)", "(2)", "(3)", "(4)", "(5)", "(6)", "(7)", "(8)"],
    ]
    found = []
    for _commune, group in by(items, "commune"):
        for first, one in enumerate(group):
            number = len(found) + 1
            code = f"MAU-SP-{ITEMS.index(one) + 1:03}"
            place = []
            if not first:
                down = len(group)
                place = [Cell(one.commune, down=down), Cell(one.district, down=down)]
            rows.append(
                [str(number), code, one.name, one.producer, *place, one.score, str(one.stars)]
            )
            names = ("name", "producer", "commune", "district", "score", "stars")
            found.append(expected(one, *names, code=code))
    rows.append(["", "Cộng", f"{len(found)} sản phẩm", "", "", "", "", ""])
    below = ["Nơi nhận: Sở Nông nghiệp", "TM. ỦY BAN NHÂN DÂN", "CHỦ TỊCH"]
    blocks = [*ABOVE, CARRIED, Table(rows), *below]
    return Document(name, blocks, found, options=options)


# --- layout 5: a column of marks for each number of stars, sections by commune --------------


def marks(name, items, **options):
    rows = [
        [
            Cell("TT", down=2),
            Cell("Tên sản phẩm", down=2),
            Cell("Nhóm ngành hàng", down=2),
            Cell("Chủ thể sản xuất", down=2),
            Cell("Điểm TB", down=2),
            Cell("Kết quả phân hạng", across=2),
        ],
        ["3 sao", "4 sao"],
    ]
    found = []
    for letter, (commune, group) in zip("ABCDEFGHIKLM", by(items, "commune"), strict=False):
        rows.append(
            [letter, Cell(f"{commune[0].upper()}{commune[1:]}, {group[0].district}", across=6)]
        )
        for number, one in enumerate(group, 1):
            mark = ["x" if one.stars == stars else "" for stars in (3, 4)]
            rows.append([number, one.name, one.category, one.producer, one.score, *mark])
            names = ("name", "producer", "category", "commune", "district", "score", "stars")
            found.append(expected(one, *names))
    table = Table(rows, header=2, widths=(7, 24, 18, 25, 10, 8, 8))
    return Document(name, [*ABOVE, table], found, options=options)


# --- layout 6: producer and address in one cell, asterisks, footnotes -----------------------


def combined(name, items, *, landscape=False, **options):
    rows = [["STT", "Sản phẩm OCOP", "Tên, địa chỉ chủ thể", "Điểm số", "Xếp hạng sao"]]
    found = []
    for number, one in enumerate(items, 1):
        maker = f"{one.producer}, {one.place}"
        named = f"{one.name} (*)" if number == 3 else one.name
        rows.append([f"{number}.", named, maker, one.score, "*" * one.stars])
        names = ("name", "producer", "commune", "district", "score", "stars")
        found.append(expected(one, *names, address=one.place))
    table = Table(rows, widths=(7, 28, 39, 13, 13))
    blocks = [*ABOVE, CARRIED, table, "(*) Sản phẩm công nhận lại.", SIGNATURE]
    return Document(name, blocks, found, landscape, options)


# --- more layouts --------------------------------------------------------------------------


def sections_by_stars(name, items, **options):
    """Headings between the rows state the stars, numbers begin again, rows in content controls."""
    rows = [["TT", "Chủ thể", "Địa chỉ", "Sản phẩm", "Phân nhóm", "Điểm bình quân"]]
    found = []
    for heading, stars in (("I. SẢN PHẨM ĐẠT 4 SAO", 4), ("II. SẢN PHẨM ĐẠT 3 SAO", 3)):
        rows.append([Cell(heading, across=6)])
        number = 0
        for producer, group in by([i for i in items if i.stars == stars], "producer"):
            for first, one in enumerate(group):
                number += 1
                maker = [Cell(producer, down=len(group)), Cell(group[0].place, down=len(group))]
                cells = [number, *([] if first else maker)]
                rows.append([*cells, one.name, one.category, one.score])
                names = ("name", "producer", "commune", "district", "category", "score", "stars")
                found.append(expected(one, *names, address=group[0].place))
    options["content_controls"] = True
    return Document(name, [*ABOVE, CARRIED, Table(rows), SIGNATURE], found, True, options)


def two_sheets(name, items, **options):
    """Two sheets with different headings; sums and remarks below."""
    half = len(items) // 2
    header = ["TT", "Tên SP", "Doanh nghiệp, HTX, cơ sở", "Địa phương (xã)", "Ngành", "Số sao đạt"]
    first, second = [header], [["STT", "Tên sản phẩm", "Chủ thể", "Thuộc xã", "Điểm", "Đạt hạng"]]
    found = []
    for number, one in enumerate(items[:half], 1):
        stars = f"{one.stars} sao"
        first.append([str(number), one.name, one.producer, one.commune, one.category, stars])
        found.append(expected(one, "name", "producer", "commune", "category", "stars"))
    first.append(["", f"Tổng số: {half} sản phẩm", "", "", "", ""])
    for number, one in enumerate(items[half:], 1):
        second.append(
            [str(number), one.name, one.producer, one.commune, one.score, f"Hạng {one.stars}"]
        )
        found.append(expected(one, "name", "producer", "commune", "score", "stars"))
    blocks = [*ABOVE, Table(first), "NEW SHEET", CARRIED, Table(second), "Người lập biểu"]
    return Document(name, blocks, found, options=options)


def grouped_headings(name, items, **options):
    """Headings in groups, a row of column numbers, no heads on further pages, rows broken."""
    header = [
        [
            Cell("STT", down=2),
            Cell("Thông tin sản phẩm", across=2),
            Cell("Thông tin chủ thể", across=3),
            Cell("Kết quả", across=2),
        ],
        ["Tên", "Nhóm", "Tên chủ thể", "Địa chỉ", "Số điện thoại", "Điểm", "Sao"],
        [f"({number})" for number in range(1, 9)],
    ]
    rows, found = list(header), []
    for number, one in enumerate(items, 1):
        cells = [number, one.name, one.category, one.producer, one.place, "0259 000 000"]
        rows.append([*cells, one.score, one.stars])
        names = ("name", "producer", "commune", "district", "category", "score", "stars")
        found.append(expected(one, *names, address=one.place))
    table = Table(rows, header=3, widths=(6, 17, 11, 21, 20, 11, 7, 7))
    options |= {"head": "table-row-group", "inside": "auto", "size": 13}
    return Document(name, [*ABOVE, CARRIED, table, SIGNATURE], found, True, options)


def narrow(name, items, **options):
    """Communes in the first column, stars in words, separate borders, wrapped lines."""
    rows = [
        ["Xã", "STT", "Tên sản phẩm OCOP", "Hộ kinh doanh, cơ sở sản xuất", "Hạng", "Tổng số điểm"]
    ]
    found = []
    for commune, group in by(items, "commune"):
        for first, one in enumerate(group):
            words = {3: "Ba sao", 4: "Bốn sao", 5: "Năm sao"}[one.stars]
            place = [] if first else [Cell(commune, down=len(group))]
            named = Cell(one.name, mark="2") if len(found) == 5 else one.name
            rows.append([*place, len(found) + 1, named, one.producer, words, f"{one.score}/100"])
            found.append(expected(one, "name", "producer", "commune", "score", "stars"))
    rows.append([Cell("Tổng số sản phẩm", across=4), Cell(f"{len(found)}", across=2)])
    table = Table(rows, widths=(14, 8, 24, 30, 10, 14))
    options |= {"collapse": "separate", "size": 12, "valign": "top"}
    return Document(name, [*ABOVE, table, "2 Đánh giá lại.", SIGNATURE], found, options=options)


FIRST = [
    plain("plain.docx", ITEMS),
    plain("plain-wrapped.pdf", ITEMS, star="Hạng {}", size=13),
    merged("merged.docx", ITEMS, numbered=True),
    merged("merged.pdf", ITEMS, size=12),
    two_tables("two-tables.docx", ITEMS),
    two_tables("two-tables.pdf", ITEMS, symbol="★", size=12),
    sheet("sheet.xlsx", ITEMS),
    marks("marks.xlsx", ITEMS),
    combined("combined.docx", ITEMS, paragraphs=True),
    combined("combined.pdf", ITEMS, landscape=True, size=12),
    sections_by_stars("sections-by-stars.docx", ITEMS),
    two_sheets("two-sheets.xlsx", ITEMS),
    grouped_headings("grouped-headings.pdf", ITEMS),
    narrow("narrow.pdf", ITEMS),
]


# --- written after the reader was finished ---------------------------------------------------


def by_district(name, items, **options):
    """Districts, producers and stars in merged cells; the sum in words."""
    rows = [
        [
            "TT",
            "Huyện, thành phố",
            "Tên chủ thể sản xuất",
            "Tên sản phẩm đạt OCOP",
            "Bộ sản phẩm",
            "Số điểm",
            "Xếp hạng",
        ]
    ]
    found = []
    for district, group in by(items, "district"):
        for index, (producer, made) in enumerate(by(group, "producer")):
            for first, one in enumerate(made):
                cells = [f"{len(found) + 1}"]
                if not index and not first:
                    cells.append(Cell(district, down=len(group)))
                if not first:
                    cells.append(Cell(producer, down=len(made)))
                alike = [i for i in made if i.stars == one.stars]
                runs = by(made, "stars")
                begins = any(one is run[0] for _stars, run in runs)
                length = next(len(run) for _stars, run in runs if one in run and alike)
                cells += [one.name, one.category.upper(), one.score]
                if begins:
                    cells.append(Cell(f"OCOP {one.stars} sao", down=length))
                rows.append(cells)
                names = ("name", "producer", "district", "score", "stars")
                found.append(expected(one, *names, category=one.category.upper()))
    total = f"Danh sách có {len(found)} (hai mươi lăm) sản phẩm."
    rows.append([Cell(total, across=7)])
    blocks = ["UBND TỈNH", *ABOVE[1:], CARRIED, Table(rows), SIGNATURE]
    return Document(name, blocks, found, options=options)


def bare_sheet(name, items, **options):
    """The header in the first rows, groups in merged cells, remarks in a column of their own."""
    rows = [
        [
            "Số thứ tự",
            "Nhóm sản phẩm",
            "Sản phẩm, dịch vụ",
            "Tổ chức, cá nhân sở hữu",
            "Nơi sản xuất",
            "Điểm đánh giá",
            "Hạng sao được công nhận",
            "Thời hạn",
        ]
    ]
    found = []
    for category, group in by(items, "category"):
        for first, one in enumerate(group):
            cells = [str(len(found) + 1)]
            if not first:
                cells.append(Cell(f"Nhóm {category}", down=len(group)))
            cells += [one.name, one.producer, one.place, f"{one.score} điểm"]
            rows.append([*cells, f"{one.stars} sao", "36 tháng"])
            names = ("name", "producer", "commune", "district", "score", "stars")
            found.append(expected(one, *names, category=f"Nhóm {category}", address=one.place))
    rows.append([Cell("TỔNG CỘNG", across=2), str(len(found)), "", "", "", "", ""])
    return Document(name, [Table(rows)], found, options=options)


def district_sections(name, items, **options):
    """A heading for each district, numbers begin again, candidates for five stars in words."""
    rows = [["STT", "Tên sản phẩm", "Chủ thể sản phẩm", "Xã, thị trấn", "Phân hạng sản phẩm"]]
    found = []
    for number, (district, group) in enumerate(by(items, "district"), 1):
        rows.append([Cell(f"{number}. {district[0].upper()}{district[1:]}", across=5)])
        for place, one in enumerate(group, 1):
            candidate = one.stars == 4 and place % 2
            stars = f"{one.stars} sao" + (" (đề nghị 5 sao)" if candidate else "")
            rows.append([place, one.name, one.producer, one.commune, stars])
            values = {"district": district}
            if candidate:
                values["nominated_stars"] = 5
            names = ("name", "producer", "commune", "stars")
            found.append(expected(one, *names, **values))
    table = Table(rows, widths=(7, 27, 30, 18, 18))
    return Document(
        name, [*ABOVE, CARRIED, table, SIGNATURE], found, options=options | {"size": 13}
    )


def producers_first(name, items, **options):
    """The producer with the address below it in one cell, codes, symbols."""
    header = [
        [
            Cell("STT", down=2),
            Cell("Tên chủ thể, địa chỉ", down=2),
            Cell("Sản phẩm tham gia", across=2),
            Cell("Kết quả đánh giá, phân hạng", across=2),
        ],
        ["Mã SP", "Tên sản phẩm", "Điểm trung bình", "Hạng"],
    ]
    rows, found = list(header), []
    for producer, group in by(items, "producer"):
        for first, one in enumerate(group):
            code = f"MAU-SP-{ITEMS.index(one) + 1:03}"
            cells = [len(found) + 1]
            if not first:
                cells.append(Cell(f"{producer}\nĐịa chỉ: {group[0].place}", down=len(group)))
            rows.append([*cells, code, one.name, one.score, "★" * one.stars])
            names = ("name", "producer", "commune", "district", "score", "stars")
            found.append(expected(one, *names, code=code, address=group[0].place))
    table = Table(rows, header=2, widths=(7, 36, 15, 22, 10, 10))
    options |= {"size": 13, "valign": "top"}
    return Document(
        name, [*ABOVE, table, "Ghi chú: bảng có hai mươi lăm sản phẩm."], found, True, options
    )


LATER = [
    by_district("by-district.docx", ITEMS),
    bare_sheet("bare-sheet.xlsx", ITEMS),
    district_sections("district-sections.pdf", ITEMS),
    producers_first("producers-first.pdf", ITEMS),
]
