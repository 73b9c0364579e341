"""Checks a file before a library opens it, and reads it."""

import io
import struct
import zipfile
from xml.etree.ElementTree import ParseError

from geodata.uploads import ArchiveRefused, archive_parts

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
# Of all parts of a DOCX or XLSX file, unpacked: the libraries have them in memory at once.
MAX_UNPACKED_BYTES = 100_000_000


# Why archive_parts() refuses a file: sentences about annexes.
SENTENCES = {"abnormal": BOMB, "damaged": DAMAGED, "macros": MACROS, "password": PASSWORD}


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
    try:
        names = archive_parts(io.BytesIO(content), max_unpacked=MAX_UNPACKED_BYTES)
    except ArchiveRefused as refused:
        raise AnnexRefused(SENTENCES[refused.reason]) from None
    if "word/document.xml" in names:
        from .docx_file import docx_grids

        return docx_grids(content)
    if "xl/workbook.xml" in names:
        from .xlsx_file import xlsx_grids

        return xlsx_grids(content)
    raise AnnexRefused(UNKNOWN)
