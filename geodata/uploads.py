"""Looks at an uploaded file before any library opens it.

A workbook or a document of Word is a ZIP archive. Its directory states the number, names and sizes
of its parts, from which macros, passwords and archives made to exhaust memory are recognised
without unpacking.
"""

import posixpath
import zipfile
import zlib
from pathlib import PurePath
from typing import BinaryIO

from django.core.exceptions import ValidationError
from django.utils.formats import number_format
from django.utils.translation import gettext as _

# Bytes of a file: a workbook of 50,000 rows with 20 columns has 7 MB, the same as GeoJSON 40 MB.
MAX_FILE_BYTES = 64_000_000
# Bytes of all parts of a workbook unpacked, and how many times a part may be larger than packed:
# 200,000 rows of one repeated value reach 60.
MAX_UNPACKED_BYTES = 600_000_000
MAX_RATIO = 200
MAX_PARTS = 3_000
# Parts below this size are not compared: a few spaces compress very well.
SMALL_PART_BYTES = 1_000_000

ZIP_SIGNATURES = (b"PK\x03\x04", b"PK\x05\x06")
# Compound File Binary: workbooks of Excel 97–2003, and every workbook with a password.
CFB_SIGNATURE = bytes.fromhex("D0CF11E0A1B11AE1")
UTF16_MARKS = (b"\xff\xfe", b"\xfe\xff")
# Bytes that no text of a table contains.
_BINARY = bytes(set(range(32)) - set(b"\t\n\r\x0c\x1b"))
_HEAD_BYTES = 8_192


def inspect_upload(file: BinaryIO, name: str) -> str:
    """Return the format of an uploaded file: "xlsx", "csv" or "geojson".

    file: open in binary mode; afterwards it is at its beginning. name: as the user's program named
    it. Nothing is parsed; rows are checked by the job that reads them.

    Raises ValidationError, in words, for everything that is not accepted.
    """
    file.seek(0, 2)
    size = file.tell()
    file.seek(0)
    if not size:
        raise ValidationError(_("Tệp rỗng."))
    if size > MAX_FILE_BYTES:
        raise ValidationError(
            _("Tệp có %(size)s MB; nhiều nhất %(most)s MB. Hãy chia tệp.")
            % {"size": _megabytes(size), "most": _megabytes(MAX_FILE_BYTES)}
        )
    head = file.read(_HEAD_BYTES)
    suffix = PurePath(name).suffix.lower()
    try:
        if head.startswith(CFB_SIGNATURE):
            raise ValidationError(_compound_file_sentence(head + file.read()))
        if head.startswith(ZIP_SIGNATURES):
            _inspect_workbook(file, suffix)
            return "xlsx"
        return _text_format(head, suffix)
    finally:
        file.seek(0)


def _megabytes(size):
    return number_format(size / 1e6, decimal_pos=1)


def _compound_file_sentence(content):
    if "EncryptedPackage".encode("utf-16-le") in content:
        return _("Tệp có mật khẩu. Hãy bỏ mật khẩu trong Excel rồi lưu lại.")
    return _("Tệp là Excel 97–2003 (.xls). Hãy mở bằng Excel và lưu thành .xlsx.")


def _inspect_workbook(file, suffix):
    """Raise ValidationError unless the ZIP archive looks like a workbook without macros."""
    try:
        names = archive_parts(file)
    except ArchiveRefused as refused:
        raise ValidationError(_workbook_sentence(refused)) from None
    if suffix in (".xlsm", ".xltm"):
        raise ValidationError(_workbook_sentence(ArchiveRefused("macros")))
    if "xl/workbook.xml" not in names or "[Content_Types].xml" not in names:
        raise ValidationError(_("Tệp nén này không phải bảng tính Excel (.xlsx)."))


def _workbook_sentence(refused):
    if refused.reason == "password":
        return _("Tệp có mật khẩu. Hãy bỏ mật khẩu trong Excel rồi lưu lại.")
    if refused.reason == "macros":
        return _("Tệp có macro. Hãy lưu thành .xlsx không có macro.")
    if refused.reason == "abnormal":
        return _("Tệp nén bất thường (bung ra %s MB), không mở để bảo vệ máy chủ.") % _megabytes(
            refused.unpacked
        )
    return _("Tệp .xlsx bị hỏng hoặc chưa tải lên đủ. Hãy mở bằng Excel và lưu lại.")


class ArchiveRefused(Exception):
    """The ZIP archive must not be opened by a library.

    reason: "damaged", "password", "macros", or "abnormal": too large or too many parts, parts that
    overlap, or names that occur twice or lead out of the archive. unpacked: bytes of all parts, as
    the directory states them; 0 if it cannot be read.
    """

    def __init__(self, reason: str, unpacked: int = 0) -> None:
        super().__init__(reason)
        self.reason, self.unpacked = reason, unpacked


def archive_parts(file: BinaryIO, *, max_unpacked: int = MAX_UNPACKED_BYTES) -> set[str]:
    """Return the names of the parts of a DOCX or XLSX file; raise ArchiveRefused if it is unsafe.

    file: open in binary mode. max_unpacked: bytes of all parts. The sizes are those that the
    directory of the archive states: zipfile never unpacks more. Only the first bytes of the XML
    parts are read. Needs no settings, so that a process without them can call it.
    """
    size = file.seek(0, 2)
    try:
        with zipfile.ZipFile(file) as archive:
            parts = archive.infolist()
            unpacked = sum(part.file_size for part in parts)
            names = {part.filename for part in parts}
            if any(part.flag_bits & 0x1 for part in parts):
                raise ArchiveRefused("password")
            if (
                len(parts) > MAX_PARTS
                or len(names) < len(parts)
                or unpacked > max_unpacked
                or sum(part.compress_size for part in parts) > size
                or any(map(_is_inflated, parts))
                or any(map(_is_outside, names))
            ):
                raise ArchiveRefused("abnormal", unpacked)
            if any(name.lower().endswith("vbaproject.bin") for name in names):
                raise ArchiveRefused("macros")
            # Office writes no document types; in them, entities can expand without limit.
            if any(_has_doctype(archive, part) for part in parts):
                raise ArchiveRefused("damaged")
    except (
        zipfile.BadZipFile,
        zlib.error,
        EOFError,
        NotImplementedError,
        OSError,
        RuntimeError,
        ValueError,
    ):
        raise ArchiveRefused("damaged") from None
    return names


def _is_inflated(part):
    return part.file_size > max(SMALL_PART_BYTES, MAX_RATIO * part.compress_size)


def _has_doctype(archive, part):
    if not part.filename.endswith((".xml", ".rels")):
        return False
    with archive.open(part) as opened:
        head = opened.read(4096)
    # In UTF-16 every second byte is zero.
    return b"<!DOCTYPE" in head.replace(b"\x00", b"")


def _is_outside(name):
    return name.startswith("/") or "\\" in name or posixpath.normpath(name).startswith("..")


def _text_format(head, suffix):
    """Return "csv" or "geojson"; raise ValidationError if the bytes are no text of a table."""
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n")
    if not head.startswith(UTF16_MARKS):
        # An escape or form feed may be in a text, a NUL never.
        binary = head.translate(None, delete=bytes(set(range(256)) - set(_BINARY)))
        if binary or start.startswith((b"<", b"%PDF", b"{\\rtf")):
            raise ValidationError(
                _("Tệp này không phải bảng tính. Dùng .xlsx, .csv hoặc .geojson; có mẫu để tải về.")
            )
    if start.startswith(b"{") or suffix in (".geojson", ".json"):
        return "geojson"
    return "csv"
