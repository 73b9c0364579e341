"""Tables are read row by row from XLSX, CSV and GeoJSON, as text, and refused in words."""

import datetime
import json
import zipfile
from decimal import Decimal

import openpyxl
import pytest
import xlsxwriter
from django.core.exceptions import ValidationError

from geodata import tables
from geodata.tables import LINE, cell_text, is_error, open_table
from tests.spreadsheets import csv_text, workbook

ROWS = [["Mã", "Tên", "Ghi chú"], ["1", "Nho đỏ", "a;b"], ["2", "Tỏi, hành", "c\td"]]


@pytest.fixture
def read(tmp_path):
    """`read(content, "csv")` returns the headings and the rows of a file."""

    def read_file(content, kind):
        path = tmp_path / "file"
        path.write_bytes(content)
        with path.open("rb") as file:
            table = open_table(file, kind)
            rows = list(table)
            assert len(table) == len(rows)
            assert rows == list(table)  # a table can be read again
            return table.headings, rows

    return read_file


def refusal(read, content, kind):
    with pytest.raises(ValidationError) as refused:
        read(content, kind)
    return " ".join(refused.value.messages)


def xlsx(path, *rows):
    return workbook(path / "a.xlsx", *rows).read_bytes()


# --- CSV -----------------------------------------------------------------------------------


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1258", "utf-16"])
def test_csv_is_read_with_every_delimiter_and_encoding(read, delimiter, encoding):
    text = csv_text(ROWS, delimiter)
    if encoding == "cp1258":
        # Excel writes the tone as a character of its own.
        text = text.translate(
            {ord(c): d for c, d in {"ỏ": "o\u0309", "ã": "a\u0303", "ú": "u\u0301"}.items()}
        )

    headings, rows = read(text.encode(encoding), "csv")

    assert headings == ROWS[0]
    assert rows == [[2, *ROWS[1]], [3, *ROWS[2]]]


@pytest.mark.parametrize(
    "content",
    [
        # "Mã,Tên,Sản phẩm" in TCVN3, in Latin-1 with French, and in damaged UTF-8.
        "Mã,Tên\r\n1,S¶n phÈm ®Æc s¶n".encode("cp1252"),
        "Mã,Tên\r\n1,çà ï ç ö å".encode("latin-1"),
        "Mã,Tên,Mứt".encode()[:-1] + b"\xc3\x81\x81",
    ],
)
def test_another_encoding_is_refused(read, content):
    assert "bảng mã" in refusal(read, content, "csv")


def test_a_csv_with_line_breaks_in_a_cell_counts_the_lines_of_the_file(read):
    _headings, rows = read(b'A,B\r\n"1\n2",x\r\n\r\n3,y\r\n', "csv")

    assert rows == [[2, "1\n2", "x"], [5, "3", "y"]]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("A,B\r\n1\r\n", "Dòng 2 có 1 ô, tiêu đề có 2"),
        ("A,B\r\n1,2,3\r\n", "Dòng 2: ô “3” ở ngoài các cột"),
        ("A,A\r\n1,2\r\n", "Hai cột cùng tiêu đề “A”"),
        ("A,,C\r\n1,2,3\r\n", "Dòng 2: ô “2” ở ngoài các cột"),
        ('A,B\r\n"1,2\r\n', "không phải CSV"),
        ("\r\n \r\n", "không có dòng tiêu đề"),
    ],
)
def test_malformed_csv_is_refused_with_its_line(read, text, words):
    assert words in refusal(read, text.encode(), "csv")


# --- XLSX ----------------------------------------------------------------------------------


def test_cells_of_a_workbook_become_text(read, tmp_path):
    cells = [1, 2.0, 11.565, 8930000000017, datetime.datetime(2024, 12, 10), True, " Nho ", None]
    headings, rows = read(xlsx(tmp_path, [f"C{n}" for n in range(len(cells))], cells), "xlsx")

    assert rows == [[2, "1", "2", "11.565", "8930000000017", "2024-12-10", "1", "Nho", ""]]
    assert len(headings) == len(cells)


def test_empty_rows_are_skipped_and_lines_are_those_of_the_sheet(read, tmp_path):
    content = xlsx(tmp_path, ["A"], [None], ["x"], [None])
    with_title = xlsx(tmp_path, [None], ["A"], ["x"])

    assert read_rows(tmp_path, content) == [[3, "x"]]
    assert read_rows(tmp_path, with_title) == [[3, "x"]]


def read_rows(tmp_path, content):
    path = tmp_path / "b.xlsx"
    path.write_bytes(content)
    with path.open("rb") as file:
        return list(open_table(file, "xlsx"))


def test_merged_header_cells_are_refused(read, tmp_path):
    book = openpyxl.Workbook()
    book.active.append(["Sản phẩm", None, "Xã"])
    book.active.append(["1", "Nho", "xã A"])
    book.active.merge_cells("A1:B1")
    book.save(tmp_path / "m.xlsx")

    words = refusal(read, (tmp_path / "m.xlsx").read_bytes(), "xlsx")

    assert "Ô A1:B1 bị gộp" in words


def test_merged_cells_of_another_sheet_do_not_matter(read, tmp_path):
    book = openpyxl.Workbook()
    book.active.append(["A"])
    book.active.append(["x"])
    book.create_sheet("Hướng dẫn").merge_cells("A1:D1")
    book.save(tmp_path / "m.xlsx")

    assert read((tmp_path / "m.xlsx").read_bytes(), "xlsx") == (["A"], [[2, "x"]])


def test_formulas_without_stored_values_are_refused(read, tmp_path):
    # openpyxl writes formulas without their values.
    words = refusal(read, xlsx(tmp_path, ["A", "B"], ["x", "=1+1"], ["y", "=2"]), "xlsx")

    assert words.startswith("B2, B3")
    assert "công thức" in words


def test_the_stored_value_of_a_formula_is_read(read, tmp_path):
    with xlsxwriter.Workbook(str(tmp_path / "f.xlsx")) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["A", "B"])
        sheet.write_formula(1, 0, "=1+1", None, 2)
        sheet.write_formula(1, 1, '="a"', None, "a")

    assert read((tmp_path / "f.xlsx").read_bytes(), "xlsx")[1] == [[2, "2", "a"]]


def test_too_many_rows_are_refused_before_they_are_parsed(read, tmp_path, monkeypatch):
    def parse(*args, **kwargs):
        raise AssertionError("parsed")

    many = "".join(f'<row r="{line}"><c r="A{line}"/></row>' for line in range(1, 200_002))
    path = replace_part(tmp_path, "sheet1.xml", lambda text: rows_of(text, many))
    monkeypatch.setattr("openpyxl.worksheet._read_only.ReadOnlyWorksheet.iter_rows", parse)

    words = refusal(read, path.read_bytes(), "xlsx")

    assert "200.000 dòng" in words
    assert "nhiều nhất 100.000" in words


def test_too_many_lines_of_csv_and_features_are_refused(read, monkeypatch):
    monkeypatch.setattr(tables, "MAX_ROWS", 2)
    features = [{"type": "Feature", "properties": {"a": 1}, "geometry": None}] * 3
    collection = json.dumps({"type": "FeatureCollection", "features": features})

    assert "3 dòng" in refusal(read, b"A\n1\n2\n3\n", "csv")
    assert "3 dòng" in refusal(read, collection.encode(), "geojson")


def test_a_damaged_workbook_is_refused(read, tmp_path):
    for part in ("workbook.xml", "sheet1.xml"):
        path = replace_part(tmp_path, part, lambda text: text[:-60])

        assert "bị hỏng" in refusal(read, path.read_bytes(), "xlsx")


def replace_part(folder, part, change):
    """The path of a workbook with one part changed."""
    source = workbook(folder / "a.xlsx", ["A"], ["x"])
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(folder / "b.xlsx", "w", 8) as new:
        for name in old.namelist():
            text = old.read(name)
            new.writestr(name, change(text) if name.endswith(part) else text)
    return folder / "b.xlsx"


def rows_of(text, rows):
    before, after = text.split(b"<sheetData>")[0], text.split(b"</sheetData>")[1]
    return before + b"<sheetData>" + rows.encode() + b"</sheetData>" + after


# --- GeoJSON -------------------------------------------------------------------------------


def geojson(*features, **members):
    return json.dumps({"type": "FeatureCollection", **members, "features": features}).encode()


def feature(geometry=None, **properties):
    return {"type": "Feature", "properties": properties, "geometry": geometry}


def test_features_are_rows_with_their_coordinates(read, monkeypatch):
    # Values are decoded across the borders of blocks.
    monkeypatch.setattr(tables._Scanner, "BLOCK", 7)
    content = geojson(
        feature({"type": "Point", "coordinates": [108.99, 11.565]}, **{"Tên": "Nho", "sao": 3}),
        feature(None, **{"Tên": "Tỏi", "đúng": None}),
        name="x",
        crs={"type": "name", "properties": {"name": "urn:ogc:def:crs:OGC:1.3:CRS84"}},
    )

    headings, rows = read(content, "geojson")

    assert headings == ["Tên", "sao", "đúng", "Vĩ độ", "Kinh độ"]
    assert rows == [[1, "Nho", "3", "", "11.565", "108.99"], [2, "Tỏi", "", "", "", ""]]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b'{"type": "FeatureCollection", "features": [{"type": "Fea', "không phải GeoJSON"),
        (b'{"a": 1}', "không có danh sách đối tượng"),
        (b"[" * 100_000, "không phải GeoJSON"),
        (b'{"a": ' + b"[" * 200_000, "không phải GeoJSON"),
        (geojson({"type": "Point"}), "Đối tượng thứ 1 không phải Feature"),
        (geojson(feature({"type": "LineString", "coordinates": [[1, 2]]})), "chỉ nhận điểm"),
        (geojson(feature({"type": "Point", "coordinates": ["1", 2]})), "chỉ nhận điểm"),
        (geojson(feature(None, a={"b": 1})), "một số hay một đoạn chữ"),
        (geojson(crs={"properties": {"name": "EPSG:9210"}}), "WGS 84"),
        ('{"features": ["é"]}'.encode("latin-1"), "không phải UTF-8"),
    ],
)
def test_other_geojson_is_refused_in_words(read, content, words):
    assert words in refusal(read, content, "geojson")


# --- cells ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("'=1+1", "=1+1"),
        ("'-5", "-5"),
        ("'quoted'", "'quoted'"),
        ("a\r\nb", "a\nb"),
        ("o\u0309", "ỏ"),
        (Decimal("1.50"), "1.50"),
        (1e20, "1e+20"),
    ],
)
def test_cells_lose_what_a_spreadsheet_adds(value, text):
    assert cell_text(value) == text


def test_error_values_are_recognised():
    assert [is_error(text) for text in ("#REF!", "#N/A", "#1", "")] == [True, True, False, False]


def test_the_line_is_no_heading():
    assert "\0" in LINE
