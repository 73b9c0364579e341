"""Workbooks of an importable table: the empty template, and records exported for editing."""

import xlsxwriter

from geodata.tables import cell_text

from .cells import ERASE, Choice

# Rows for which a cell offers its choices as a list.
LISTED_ROWS = 5_000
WIDTH, WIDE = 18, 60


def write_template(resource_class, path):
    """Write a workbook with the headings of the table and a sheet that explains the columns."""
    write_workbook(resource_class, path, [])


def write_export(resource, queryset, path):
    """Write records as a workbook that can be edited and imported again.

    resource: an instance of a RecordResource; queryset: of its rows.
    """
    write_workbook(type(resource), path, resource.export(queryset))


def write_workbook(resource_class, path, rows):
    """Write rows of texts, in the order of the template's columns; path: str or Path."""
    columns = resource_class.template_columns()
    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(str(path), options) as book:
        heading = book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
        # As text, so that Excel keeps leading zeros and does not turn 12/2024 into a day.
        text = book.add_format({"num_format": "@", "valign": "top"})
        sheet = book.add_worksheet("Dữ liệu")
        sheet.freeze_panes(1, 0)
        sheet.set_column(0, len(columns) - 1, WIDTH, text)
        for at, column in enumerate(columns.values()):
            sheet.write_string(0, at, column.column_name, heading)
            labels = getattr(column.widget, "labels", None)
            if isinstance(column.widget, Choice) and labels:
                sheet.data_validation(
                    *(1, at, LISTED_ROWS, at),
                    {"validate": "list", "source": list(labels.values()), "error_type": "warning"},
                )
        for line, row in enumerate(rows, 1):
            for at, value in enumerate(row):
                if value not in (None, ""):
                    sheet.write_string(line, at, cell_text(str(value)))
        _explain(book.add_worksheet("Hướng dẫn"), columns, heading, book)


def _explain(sheet, columns, heading, book):
    """Write what each column may contain."""
    wrapped = book.add_format({"text_wrap": True, "valign": "top"})
    sheet.set_column(0, 0, WIDTH, wrapped)
    sheet.set_column(1, 1, WIDE, wrapped)
    sheet.set_column(2, 3, WIDTH, wrapped)
    general = (
        f"Mỗi dòng một hồ sơ. Ô trống: giữ nguyên giá trị đang có; ghi {ERASE} để xoá giá trị."
        " Đừng gộp ô. Dòng mới thành bản nháp."
    )
    sheet.merge_range(0, 0, 0, 3, general, wrapped)
    sheet.set_row(0, 45)
    for at, title in enumerate(("Cột", "Nội dung", "Bắt buộc với hồ sơ mới", "Ví dụ")):
        sheet.write_string(2, at, title, heading)
    for line, column in enumerate(columns.values(), 3):
        labels = getattr(column.widget, "labels", {})
        choices = f"Một trong: {', '.join(labels.values())}." if labels else ""
        sheet.write_string(line, 0, column.column_name)
        sheet.write_string(line, 1, " ".join(filter(None, [column.explanation, choices])))
        sheet.write_string(line, 2, "có" if column.required else "")
        sheet.write_string(line, 3, column.example)
