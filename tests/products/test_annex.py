"""The reader of annexes: what it refuses, and values of single cells."""

import io
import zipfile

import docx
import openpyxl
import pytest
from PIL import Image

from products.ocop.annex import AnnexRefused, child, files, read_in_child
from products.ocop.annex.files import read
from products.ocop.annex.grids import joined
from products.ocop.annex.headings import column_kind
from products.ocop.annex.rows import MAX_ROWS
from products.ocop.annex.values import parse_score, parse_stars, split_producer
from tests.products.annexes.documents import ITEMS, plain

HEADER = ["STT", "Tên sản phẩm", "Chủ thể", "Xếp hạng", "Điểm"]


def sheet(*rows, merged=()):
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    for area in merged:
        book.active.merge_cells(area)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def repacked(content, **changes):
    """The ZIP with other parts: {name with __ for /: bytes}."""
    stream = io.BytesIO()
    names = {name.replace("__", "/"): data for name, data in changes.items()}
    with (
        zipfile.ZipFile(io.BytesIO(content)) as old,
        zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for part in old.infolist():
            if part.filename not in names:
                new.writestr(part, old.read(part))
        for name, data in names.items():
            new.writestr(name, data)
    return stream.getvalue()


def as_encrypted(content):
    """The ZIP whose parts are marked as encrypted."""
    stream = bytearray(content)
    at = 0
    while (at := stream.find(b"PK\x01\x02", at)) >= 0:
        stream[at + 8] |= 1
        at += 4
    return bytes(stream)


def scan():
    stream = io.BytesIO()
    Image.new("L", (600, 800), 255).save(stream, "PDF")
    return stream.getvalue()


def entities(content):
    return repacked(
        content,
        **{
            "xl__workbook.xml": b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>',
        },
    )


GOOD = sheet(HEADER, [1, "Nho đỏ", "HTX Thái An", "4 sao", 75.5])
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)
REFUSED = {
    "empty": (b"", "không phải là DOCX"),
    "picture": (b"\xff\xd8\xff\xe0" + bytes(100), "không phải là DOCX"),
    "other zip": (repacked(b"PK\x05\x06" + bytes(18), **{"a.txt": b"a"}), "không phải là DOCX"),
    "old office": (OLE, "kiểu cũ"),
    "encrypted office": (OLE + "EncryptedPackage".encode("utf-16-le"), "mật khẩu"),
    "encrypted zip": (as_encrypted(GOOD), "mật khẩu"),
    "cut zip": (GOOD[: len(GOOD) // 2], "bị hỏng"),
    "cut pdf": (b"%PDF-1.7\n" + bytes(300), "bị hỏng|Không thấy bảng"),
    "bad xml": (repacked(GOOD, xl__workbook__xml=b"", **{"xl__workbook.xml": b"<x"}), "bị hỏng"),
    "entities": (entities(GOOD), "bị hỏng"),
    "bomb": (repacked(GOOD, **{"xl__bomb.xml": b" " * 50_000_000}), "quá lớn"),
    "many parts": (repacked(GOOD, **{f"a{n}": b"" for n in range(3001)}), "quá lớn"),
    "macros": (repacked(GOOD, **{"xl__vbaProject.bin": b"a"}), "macro"),
    "scan": (scan(), "bản quét"),
    "no table": (sheet(["Xin chào"], [1, 2, 3]), "Không thấy bảng"),
    "other table": (sheet(["STT", "Xã", "Số hộ"], [1, "xã A", 5]), "Không thấy bảng"),
    "too many": (sheet(HEADER, *[[n, f"Nho {n}", "HTX", 3, 60] for n in range(1, 502)]), "hơn 500"),
}


@pytest.mark.parametrize(("content", "sentence"), REFUSED.values(), ids=REFUSED)
def test_what_is_no_annex_is_refused_in_words(content, sentence):
    with pytest.raises(AnnexRefused, match=sentence):
        read(content)


def test_a_file_above_the_limit_is_refused(monkeypatch):
    monkeypatch.setattr(files, "MAX_BYTES", len(GOOD) - 1)

    with pytest.raises(AnnexRefused, match="lớn hơn"):
        read(GOOD)


def test_as_many_rows_as_allowed_are_read():
    rows = [[number, f"Nho {number}", "HTX", 3, 60] for number in range(1, MAX_ROWS + 1)]

    assert len(read(sheet(HEADER, *rows)).rows) == MAX_ROWS


# --- the child process ---------------------------------------------------------------------


def test_the_child_process_reads_the_same_and_refuses_in_the_same_words():
    assert read_in_child(GOOD) == read(GOOD)
    with pytest.raises(AnnexRefused, match="bản quét"):
        read_in_child(scan())


def test_a_file_that_takes_too_long_is_refused(monkeypatch):
    monkeypatch.setattr(child, "SECONDS", -5)

    with pytest.raises(AnnexRefused, match="quá lâu"):
        read_in_child(GOOD)


# --- rows ----------------------------------------------------------------------------------


def rows_of(*rows, merged=()):
    return read(sheet(*rows, merged=merged)).rows


def test_values_of_merged_cells_are_filled_down_and_marked():
    header = [*HEADER, "Xã"]
    first, second = rows_of(
        header,
        [1, "Nho", "HTX", "3 sao", 60, "xã An Hậu"],
        [2, "Táo", None, "3 sao", 61, None],
        merged=["F2:F3", "C2:C3"],
    )

    assert (first.commune, first.producer, first.inferred) == ("xã An Hậu", "HTX", [])
    assert (second.commune, second.producer) == ("xã An Hậu", "HTX")
    assert second.inferred == ["producer", "commune"]


def test_an_empty_cell_that_is_not_merged_stays_empty():
    _first, second = rows_of(HEADER, [1, "Nho", "HTX", 3, 60], [2, "Táo", None, 3, 61])

    assert (second.producer, second.inferred) == ("", [])


def test_repeated_headers_column_numbers_totals_and_signatures_are_no_products():
    annex = read(
        sheet(
            HEADER,
            ["(1)", "(2)", "(3)", "(4)", "(5)"],
            [1, "Nho", "HTX", 3, 60],
            HEADER,
            [2, "Táo", "HTX", 4, 71],
            ["Tổng cộng", None, None, 2, None],
            [None, None, None, "CHỦ TỊCH", None],
        )
    )

    assert [row.name for row in annex.rows] == ["Nho", "Táo"]
    assert annex.skipped == ["dòng 6: Tổng cộng 2", "dòng 7: CHỦ TỊCH"]


def test_a_missing_row_number_is_a_warning():
    annex = read(sheet(HEADER, [1, "Nho", "HTX", 3, 60], [3, "Táo", "HTX", 3, 60]))

    ((message, params),) = annex.warnings
    assert message % params == "dòng 3: thiếu số thứ tự 2; hãy đối chiếu với tệp."


def test_a_cell_that_cannot_be_parsed_is_reported_and_left_empty():
    (row,) = rows_of(HEADER, [1, "Nho", "HTX", "hai sao", "vắng"])

    assert (row.stars, row.score) == (None, "")
    assert row.unread == {"stars": "hai sao", "score": "vắng"}


def test_telephones_and_representatives_are_not_read():
    header = [*HEADER, "Điện thoại", "Người đại diện"]
    (row,) = rows_of(header, [1, "Nho", "HTX", 3, 60, "0259 000 000", "Bà Nguyễn Thị A"])

    assert "0259" not in str(row)
    assert "Bà" not in str(row)


def test_deleted_text_of_tracked_changes_is_not_read(tmp_path):
    content = plain("a.docx", ITEMS[:1]).content(tmp_path)
    document = docx.Document(io.BytesIO(content))
    paragraph = document.tables[0].rows[1].cells[1].paragraphs[0]
    deleted = docx.oxml.parse_xml(
        '<w:del xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">'
        "<w:r><w:delText>Nhãn cũ</w:delText></w:r></w:del>"
    )
    paragraph._p.append(deleted)
    stream = io.BytesIO()
    document.save(stream)

    assert read(stream.getvalue()).rows[0].name == ITEMS[0].name


# --- cells ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "stars"),
    [
        ("3 sao", (3, None)),
        ("03 sao", (3, None)),
        ("★★★", (3, None)),
        ("★★★☆☆", (3, None)),
        ("****", (4, None)),
        ("hạng 4", (4, None)),
        ("Hạng 4 sao", (4, None)),
        ("4", (4, None)),
        ("Năm sao", (5, None)),
        ("Bốn (04) sao", (4, None)),
        ("4 sao (tiềm năng 5 sao)", (4, 5)),
        ("Tiềm năng 5 sao", (None, 5)),
        ("5 sao (tiềm năng)", (None, 5)),
        ("", (None, None)),
    ],
)
def test_stars_are_recognised(text, stars):
    assert parse_stars(text) == stars


@pytest.mark.parametrize("text", ["2 sao", "6", "đạt", "x"])
def test_other_texts_are_no_stars(text):
    with pytest.raises(ValueError, match=text):
        parse_stars(text)


@pytest.mark.parametrize(
    ("text", "score"),
    [
        ("91,5", "91.5"),
        ("91.50 điểm", "91.5"),
        ("75", "75"),
        ("75,33/100", "75.33"),
        ("100", "100"),
    ],
)
def test_scores_are_recognised(text, score):
    assert parse_score(text) == score


@pytest.mark.parametrize("text", ["101", "vắng", "9 1", "-5"])
def test_other_texts_are_no_scores(text):
    with pytest.raises(ValueError, match=text):
        parse_score(text)


@pytest.mark.parametrize(
    ("heading", "kind"),
    [
        ("Tên sản phẩm", "name"),
        ("Nhóm sản phẩm", "category"),
        ("Chủ thể sản phẩm", "producer"),
        ("Địa chỉ chủ thể", "address"),
        ("Tên, địa chỉ chủ thể", "producer_address"),
        ("Hạng sản phẩm", "stars"),
        ("Địa điểm", "address"),
        ("Tổng điểm", "score"),
        ("Thuộc xã", "commune"),
        ("Hợp tác xã", "producer"),
        ("Điện thoại", "ignored"),
        ("Lời nói đầu", None),
    ],
)
def test_columns_are_recognised_by_their_headings(heading, kind):
    assert column_kind(heading) == kind


def test_lines_of_a_cell_are_joined_and_hyphens_of_words_are_kept():
    assert joined(["Nho NH01-", "152"]) == "Nho NH01-152"
    assert joined(["Sản xuất -", "thương mại"]) == "Sản xuất - thương mại"
    assert joined(["xã/", "phường"]) == "xã/phường"
    assert joined(["nho\u00ad", "xanh"]) == "nhoxanh"


def test_a_cooperative_is_not_split_at_its_word_for_commune():
    assert split_producer("Hợp tác xã Nho Xanh, thôn 1, xã An Hậu") == (
        "Hợp tác xã Nho Xanh",
        "thôn 1, xã An Hậu",
    )
