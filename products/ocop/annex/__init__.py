"""Reads the annex of a decision: bytes of a DOCX, XLSX or PDF file in, rows of products out.

Three steps: a format reader makes grids of the cells of each table (docx_file, xlsx_file,
pdf_file); rows.py finds the header of each grid, recognises the columns by their headings
(headings), and yields one AnnexRow per product with the parsed values of its cells (values).

Nothing here uses the database or Django's settings. Files come from elsewhere, so read_in_child()
runs all of it in a process of its own with limited memory and time.
"""

from .child import read_in_child
from .refusals import AnnexRefused
from .rows import FIELDS, Annex, AnnexRow

__all__ = ["FIELDS", "Annex", "AnnexRefused", "AnnexRow", "read_in_child"]
