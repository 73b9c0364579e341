"""Checks a file before a library opens it, and reads it."""

import io
import struct
import zipfile
from xml.etree.ElementTree import ParseError

from .refusals import (
    BOMB,
    DAMAGED,
    MACROS,
    NO_TABLE,
    OLD_OFFICE,
    PASSWORD,
    TOO_LARGE,
    TOO_SLOW,
    UNKNOWN,
    AnnexRefused,
)
from .rows import Annex, Reader

MAX_BYTES = 25_000_000
# Of the unpacked parts of a DOCX or XLSX file: all together, and the ratio from which a part of
# more than a megabyte is taken for a bomb. Text in XML is compressed to about a tenth.
MAX_UNPACKED_BYTES = 100_000_000
MAX_RATIO = 200
MAX_PARTS = 3_000


def check_zip(content):
    """Raise AnnexRefused for a ZIP that no library should open; return the names of its parts.

    The sizes are those that the directory of the ZIP states, and zipfile never unpacks more.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = archive.infolist()
            if len(parts) > MAX_PARTS or sum(p.file_size for p in parts) > MAX_UNPACKED_BYTES:
                raise AnnexRefused(BOMB)
            for part in parts:
                if part.flag_bits & 1:
                    raise AnnexRefused(PASSWORD)
                if part.file_size > max(1_000_000, MAX_RATIO * part.compress_size):
                    raise AnnexRefused(BOMB)
            names = {part.filename for part in parts}
            if any(name.lower().endswith("vbaproject.bin") for name in names):
                raise AnnexRefused(MACROS)
            for part in parts:
                # Office writes no document types; in them, entities can expand without limit.
                if part.filename.endswith((".xml", ".rels")) and _has_doctype(archive, part):
                    raise AnnexRefused(DAMAGED)
            return names
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, RuntimeError, EOFError):
        raise AnnexRefused(DAMAGED) from None


def _has_doctype(archive, part):
    with archive.open(part) as opened:
        head = opened.read(4096)
    # In UTF-16 every second byte is zero.
    return b"<!DOCTYPE" in head.replace(b"\x00", b"")


def read(content):
    """Return the Annex of a file.

    content: bytes of a DOCX, XLSX or PDF. Raises AnnexRefused for every file that is none, is
    damaged, encrypted, a scan or too large, or has no table of products.
    """
    annex = Annex()
    try:
        grids = _grids(content, annex)
        reader = Reader(annex)
        for grid in grids:
            reader.read(grid)
    except AnnexRefused:
        raise
    except MemoryError:
        raise AnnexRefused(TOO_SLOW) from None
    except (
        ArithmeticError,
        AssertionError,
        AttributeError,
        EOFError,
        LookupError,
        OSError,
        ParseError,
        RecursionError,
        SyntaxError,
        TypeError,
        ValueError,
        struct.error,
        zipfile.BadZipFile,
    ):
        # What libraries raise for damaged files.
        raise AnnexRefused(DAMAGED) from None
    except Exception as error:
        if type(error).__module__.partition(".")[0] in (
            "docx",
            "openpyxl",
            "pdfplumber",
            "pdfminer",
        ):
            raise AnnexRefused(DAMAGED) from None
        raise
    if not annex.rows:
        raise AnnexRefused(NO_TABLE)
    return annex


def _grids(content, annex):
    if len(content) > MAX_BYTES:
        raise AnnexRefused(TOO_LARGE, most=MAX_BYTES // 1_000_000)
    # Each library takes a tenth of a second to import.
    if content.startswith(b"%PDF-"):
        from .pdf_file import pdf_grids

        return pdf_grids(content, annex)
    if content.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        # An OLE container: an encrypted DOCX or XLSX, else a file of Office 2003 and before.
        encrypted = "EncryptedPackage".encode("utf-16-le") in content
        raise AnnexRefused(PASSWORD if encrypted else OLD_OFFICE)
    if not content.startswith(b"PK\x03\x04"):
        raise AnnexRefused(UNKNOWN)
    names = check_zip(content)
    if "word/document.xml" in names:
        from .docx_file import docx_grids

        return docx_grids(content)
    if "xl/workbook.xml" in names:
        from .xlsx_file import xlsx_grids

        return xlsx_grids(content)
    raise AnnexRefused(UNKNOWN)
