"""An uploaded file is looked at before any library opens it."""

import io
import zipfile

import openpyxl
import pytest
from django.core.exceptions import ValidationError

from geodata import uploads
from geodata.uploads import CFB_SIGNATURE, inspect_upload


@pytest.fixture
def workbook(tmp_path):
    path = tmp_path / "a.xlsx"
    openpyxl.Workbook().save(path)
    return path


def archive(parts, compression=zipfile.ZIP_DEFLATED):
    """A ZIP archive of {name: content}."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", compression) as zipped:
        for name, content in parts.items():
            zipped.writestr(name, content)
    return file.getvalue()


def with_parts(workbook, **parts):
    """The bytes of a workbook with further parts."""
    with zipfile.ZipFile(workbook) as zipped:
        own = {name: zipped.read(name) for name in zipped.namelist()}
    return archive(own | parts)


def refusal(content, name="a.xlsx"):
    """The sentence with which a file is refused."""
    with pytest.raises(ValidationError) as refused:
        inspect_upload(io.BytesIO(content), name)
    return " ".join(refused.value.messages)


@pytest.mark.parametrize(
    ("name", "content", "expected"),
    [
        ("a.csv", "Mã,Tên\r\n1,Nho\r\n".encode(), "csv"),
        ("a.csv", "Mã,Tên\r\n".encode("utf-16"), "csv"),
        ("a.txt", b"\xef\xbb\xbfM\xc3\xa3;T\xc3\xaan", "csv"),
        ("a.json", b' {"type": "FeatureCollection", "features": []}', "geojson"),
        ("a.csv", b'{"type": "FeatureCollection", "features": []}', "geojson"),
    ],
)
def test_the_format_follows_from_the_content(name, content, expected):
    file = io.BytesIO(content)

    assert inspect_upload(file, name) == expected
    assert file.tell() == 0


def test_a_workbook_is_accepted(workbook):
    assert inspect_upload(io.BytesIO(workbook.read_bytes()), "x.csv") == "xlsx"


def test_macros_are_refused(workbook):
    content = with_parts(workbook, **{"xl/vbaProject.bin": b"Sub Auto_Open()"})

    assert "có macro" in refusal(content)
    assert "có macro" in refusal(workbook.read_bytes(), "a.XLSM")


def test_a_password_is_refused(workbook):
    # Excel encrypts the whole workbook and puts it into a compound file.
    encrypted = CFB_SIGNATURE + bytes(600) + "EncryptedPackage".encode("utf-16-le") + bytes(600)
    assert "có mật khẩu" in refusal(encrypted)
    assert "Excel 97–2003" in refusal(CFB_SIGNATURE + bytes(2000), "a.xls")

    # Other programs encrypt the parts of the archive.
    content = bytearray(workbook.read_bytes())
    directory = content.index(b"PK\x01\x02")
    content[directory + 8] |= 1
    assert "có mật khẩu" in refusal(bytes(content))


def test_a_zip_bomb_is_refused_without_unpacking_it(workbook):
    bomb = with_parts(workbook, **{"xl/worksheets/sheet2.xml": bytes(30_000_000)})
    assert len(bomb) < 100_000

    assert "bất thường" in refusal(bomb)


def test_overlapping_and_misnamed_parts_are_refused(workbook):
    many = {f"xl/media/{number}": b"" for number in range(uploads.MAX_PARTS)}
    assert "bất thường" in refusal(with_parts(workbook, **many))
    assert "bất thường" in refusal(with_parts(workbook, **{"../../etc/passwd": b"x"}))

    # The directory lists the same bytes as many parts.
    content = bytearray(workbook.read_bytes())
    at = content.index(b"PK\x01\x02")
    content[at + 20 : at + 24] = (len(content) + 1).to_bytes(4, "little")
    assert "bất thường" in refusal(bytes(content))


def test_document_types_are_refused(workbook):
    # In a document type, entities can expand without limit.
    typed = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>'
    for xml in (typed, typed.decode().encode("utf-16")):
        assert "bị hỏng" in refusal(with_parts(workbook, **{"docProps/app.xml": xml}))


def test_a_part_that_cannot_be_unpacked_is_refused():
    content = bytearray(archive({"a.xml": b"<a>" + bytes(range(256))}))
    content[30 + len("a.xml")] = 0xFF

    assert "bị hỏng" in refusal(bytes(content))


def test_a_caller_may_allow_less(workbook):
    file = io.BytesIO(with_parts(workbook, **{"a.txt": bytes(900_000)}))

    assert "a.txt" in uploads.archive_parts(file)
    with pytest.raises(uploads.ArchiveRefused) as refused:
        uploads.archive_parts(file, max_unpacked=900_000)
    assert refused.value.reason == "abnormal"


@pytest.mark.parametrize(
    "content",
    [
        b"%PDF-1.7\n%\xe2\xe3",
        b"\x89PNG\r\n\x1a\n\0\0",
        b"<html><table>",
        b"{\\rtf1",
        "Mã,Tên".encode("utf-16-le"),  # without its mark
    ],
)
def test_what_is_no_spreadsheet_is_refused(content):
    assert "không phải bảng tính" in refusal(content, "a.csv")


def test_another_archive_is_refused(workbook):
    assert "không phải bảng tính Excel" in refusal(archive({"word/document.xml": b"<x/>"}))
    assert "bị hỏng" in refusal(workbook.read_bytes()[:-200])


def test_empty_and_huge_files_are_refused(monkeypatch):
    assert "rỗng" in refusal(b"")
    monkeypatch.setattr(uploads, "MAX_FILE_BYTES", 3)
    assert "Hãy chia tệp" in refusal(b"a,b,c", "a.csv")
