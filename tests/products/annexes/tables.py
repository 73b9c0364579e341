"""Writes a document with tables as DOCX, XLSX, or as PDF printed by Chromium.

A document is a list of blocks: a str is a paragraph, a Table a table. Nothing here is a real
decision; every document states that it was made for tests.
"""

import html
import io
import os
import subprocess
from dataclasses import dataclass, field

import docx
import openpyxl
from docx.enum.section import WD_ORIENT
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Pt

from tests.browser.chromium import ARGUMENTS

NOTICE = "TÀI LIỆU ĐỂ KIỂM THỬ PHẦN MỀM, KHÔNG PHẢI QUYẾT ĐỊNH"


@dataclass
class Cell:
    """A cell that covers `down` rows and `across` columns. mark: of a footnote, raised."""

    text: str = ""
    down: int = 1
    across: int = 1
    mark: str = ""


@dataclass
class Table:
    """Rows of cells (Cell or text); covered positions are left out, as in HTML.

    header: number of rows of the header. numbered: whether Word numbers the first column, whose
    cells are then empty. widths: of the columns, in percent, for PDF. ruled: whether it has lines.
    """

    rows: list
    header: int = 1
    numbered: bool = False
    widths: tuple = ()
    ruled: bool = True

    def placed(self):
        """Yield (row, column, Cell) of every cell."""
        taken = set()
        for row, cells in enumerate(self.rows):
            column = 0
            for cell in cells:
                cell = cell if isinstance(cell, Cell) else Cell(str(cell))
                while (row, column) in taken:
                    column += 1
                for r in range(row, row + cell.down):
                    taken |= {(r, c) for c in range(column, column + cell.across)}
                yield row, column, cell
                column += cell.across

    @property
    def width(self):
        return max(column + cell.across for _row, column, cell in self.placed())


@dataclass
class Document:
    """name: of the file, with its extension. expected: dicts of the fields of AnnexRow."""

    name: str
    blocks: list
    expected: list
    landscape: bool = False
    options: dict = field(default_factory=dict)

    def content(self, folder):
        """The bytes of the file. folder: for the files of Chromium."""
        write = {"docx": as_docx, "xlsx": as_xlsx, "pdf": as_pdf}[self.name.rpartition(".")[2]]
        return write(self, folder)


# --- DOCX ----------------------------------------------------------------------------------


def as_docx(document, folder):
    written = docx.Document()
    section = written.sections[0]
    if document.landscape:
        section.orientation = WD_ORIENT.LANDSCAPE
        section.page_width, section.page_height = section.page_height, section.page_width
    written.add_paragraph(NOTICE)
    for block in document.blocks:
        if isinstance(block, Table):
            _docx_table(written, block, document.options)
        else:
            written.add_paragraph(block)
    stream = io.BytesIO()
    written.save(stream)
    return stream.getvalue()


def _docx_table(written, block, options):
    table = written.add_table(len(block.rows), block.width)
    if block.ruled:
        table.style = "Table Grid"
    for row, column, cell in block.placed():
        target = table.cell(row, column)
        if cell.down > 1 or cell.across > 1:
            target = target.merge(table.cell(row + cell.down - 1, column + cell.across - 1))
        paragraph = target.paragraphs[0]
        if block.numbered and column == 0 and row >= block.header and not cell.text:
            properties = paragraph._p.get_or_add_pPr()
            numbering = OxmlElement("w:numPr")
            for name in ("w:ilvl", "w:numId"):
                element = OxmlElement(name)
                element.set(qn("w:val"), "1")
                numbering.append(element)
            properties.append(numbering)
        for number, line in enumerate(cell.text.split("\n")):
            if number and options.get("paragraphs"):
                paragraph = target.add_paragraph()
            run = paragraph.add_run()
            if number and not options.get("paragraphs"):
                run.add_break()
            run.add_text(line)
            run.font.size = Pt(11)
        if cell.mark:
            paragraph.add_run(cell.mark).font.superscript = True
    for row in table.rows[: block.header]:
        repeated = OxmlElement("w:tblHeader")
        row._tr.get_or_add_trPr().append(repeated)
    if options.get("content_controls"):
        # Word wraps rows in content controls in forms and templates.
        for row in table.rows[block.header :]:
            control, content = OxmlElement("w:sdt"), OxmlElement("w:sdtContent")
            row._tr.addprevious(control)
            control.append(content)
            content.append(row._tr)


# --- XLSX ----------------------------------------------------------------------------------


def as_xlsx(document, folder):
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "Phụ lục"
    at = 1
    for block in [NOTICE, *document.blocks]:
        if block == "NEW SHEET":
            sheet, at = book.create_sheet(f"Phụ lục {len(book.worksheets) + 1}"), 1
            continue
        if not isinstance(block, Table):
            sheet.cell(at, 1, block)
            sheet.merge_cells(start_row=at, end_row=at, start_column=1, end_column=6)
            at += 1
            continue
        for row, column, cell in block.placed():
            sheet.cell(
                at + row, column + 1, _number(cell.text) if row >= block.header else cell.text
            )
            if cell.down > 1 or cell.across > 1:
                sheet.merge_cells(
                    start_row=at + row,
                    end_row=at + row + cell.down - 1,
                    start_column=column + 1,
                    end_column=column + cell.across,
                )
        at += len(block.rows) + document.options.get("rows_between", 1)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def _number(text):
    """Scores and stars are numbers in a sheet, unless they have words."""
    try:
        return float(text.replace(",", ".")) if text else None
    except ValueError:
        return text


# --- PDF -----------------------------------------------------------------------------------

STYLE = """
@page {{ size: A4 {orientation}; margin: 15mm; }}
body {{ font: {size}pt "DejaVu Serif", serif; }}
table {{ border-collapse: {collapse}; border-spacing: 0; width: 100%; table-layout: fixed; }}
td {{ border: 0.6pt solid black; padding: 2pt 3pt; vertical-align: {valign}; }}
.unruled td {{ border: none; }}
tr {{ break-inside: {inside}; }}
thead {{ display: {head}; }}
sup {{ font-size: 65%; }}
"""


def as_pdf(document, folder):
    page = folder / f"{document.name}.html"
    page.write_text(as_html(document), encoding="utf-8")
    written = folder / document.name
    chromium = os.environ.get("CHROMIUM", "/usr/bin/chromium-headless-shell")
    subprocess.run(
        [
            chromium,
            *ARGUMENTS,
            "--headless",
            f"--user-data-dir={folder / 'profile'}",
            "--no-pdf-header-footer",
            f"--print-to-pdf={written}",
            page.as_uri(),
        ],
        check=True,
        capture_output=True,
        timeout=60,
    )
    return written.read_bytes()


def as_html(document):
    style = {
        "orientation": "landscape" if document.landscape else "portrait",
        "size": 11,
        "collapse": "collapse",
        "valign": "middle",
        "inside": "avoid",
        "head": "table-header-group",
    }
    parts = [
        '<!doctype html><html lang="vi"><meta charset="utf-8">',
        f"<style>{STYLE.format(**style | document.options)}</style><p>{NOTICE}</p>",
    ]
    for block in document.blocks:
        parts.append(_html_table(block) if isinstance(block, Table) else f"<p>{_html(block)}</p>")
    return "".join(parts)


def _html(text):
    return html.escape(text).replace("\n", "<br>")


def _html_table(block):
    rows = [[] for _ in block.rows]
    for row, _column, cell in block.placed():
        mark = f"<sup>{cell.mark}</sup>" if cell.mark else ""
        rows[row].append(
            f'<td rowspan="{cell.down}" colspan="{cell.across}">{_html(cell.text)}{mark}</td>'
        )
    lines = [f"<tr>{''.join(row)}</tr>" for row in rows]
    columns = "".join(f'<col style="width:{width}%">' for width in block.widths)
    head, body = "".join(lines[: block.header]), "".join(lines[block.header :])
    kind = "" if block.ruled else ' class="unruled"'
    return f"<table{kind}>{columns}<thead>{head}</thead><tbody>{body}</tbody></table>"
