"""The loading commands report their result, and exit with 1 if nothing was written."""

import subprocess
import sys
from io import StringIO

import openpyxl
import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connection

from districts.models import Unit
from geodata.models import ImportRun, Source
from products.ocop.models import Product
from products.register.models import Category
from tests.factories import UnitFactory, UserFactory, editor_of

CATEGORIES = """\
scheme,code,name,name_en,source_url,source_date
QD148,I,thực phẩm,Food,https://example.org/148,2023-02-24
QD148,II,đồ uống,Drinks,https://example.org/148,2023-02-24
"""
BAD_CATEGORIES = """\
scheme,code,name,name_en,source_url,source_date
QD148,I,thực phẩm,Food,,
QD148,II,đồ uống,Drinks,,
"""


@pytest.fixture
def file(tmp_path):
    def write(text):
        path = tmp_path / "groups.csv"
        path.write_text(text, encoding="utf-8")
        return path

    return write


def run(*arguments, **options):
    out, err = StringIO(), StringIO()
    error = None
    try:
        call_command(*arguments, stdout=out, stderr=err, **options)
    except CommandError as raised:
        error = raised
    return out.getvalue().splitlines(), err.getvalue().splitlines(), error


@pytest.mark.django_db
def test_a_command_reports_how_many_rows_were_created(file):
    path = file(CATEGORIES)

    first, nothing, error = run("load_categories", path)
    second, *_rest = run("load_categories", path)

    assert first[-1] == "categories: 2 mới, 0 đổi, 0 như cũ, 0 giữ bản do người sửa."
    assert second[-1] == "categories: 0 mới, 0 đổi, 2 như cũ, 0 giữ bản do người sửa."
    assert (nothing, error) == ([], None)
    assert Category.objects.count() == 2


@pytest.mark.django_db
def test_a_dry_run_reports_itself_and_writes_nothing(file):
    out, _err, error = run("load_categories", file(CATEGORIES), dry_run=True)

    assert out[-1] == (
        "Chạy thử, không ghi: categories: 2 mới, 0 đổi, 0 như cũ, 0 giữ bản do người sửa."
    )
    assert error is None
    assert (Category.objects.count(), Source.objects.count()) == (0, 0)


@pytest.mark.django_db
def test_problems_of_a_refused_file_name_line_and_column(file):
    path = file(BAD_CATEGORIES)

    out, err, error = run("load_categories", path)

    assert err == [
        "dòng 2, source_url: Mọi dữ kiện cần có nguồn.",
        "dòng 3, source_url: Mọi dữ kiện cần có nguồn.",
    ]
    assert str(error) == f"{path}: 2 lỗi, không ghi gì vào cơ sở dữ liệu."
    assert [line for line in out if "mới" in line] == []
    assert (Category.objects.count(), ImportRun.objects.get().applied) == (0, False)


@pytest.mark.parametrize(
    "command",
    [
        "load_units",
        "load_boundaries",
        "load_succession",
        "load_categories",
        "load_product_types",
        "load_seasons",
        "load_producers",
        "load_products",
        "load_protections",
        "load_sales_points",
        "load_craft_villages",
        "load_gazetteer",
        "load_quality_certificates",
    ],
)
@pytest.mark.django_db
def test_every_command_refuses_a_missing_file(command, tmp_path):
    _out, err, error = run(command, tmp_path / "none")

    assert err == ["tệp: Không đọc được tệp: No such file or directory"]
    assert isinstance(error, CommandError)


@pytest.mark.django_db(transaction=True)
def test_a_failed_command_exits_with_code_1(file, monkeypatch):
    """Runs the real process on the test database."""
    values = connection.settings_dict
    address = (
        f"postgis://{values['USER']}:{values['PASSWORD']}@{values['HOST']}:{values['PORT']}"
        f"/{values['NAME']}"
    )
    monkeypatch.setenv("DATABASE_URL", address)

    ran = subprocess.run(
        [sys.executable, "manage.py", "load_categories", file(BAD_CATEGORIES)],
        cwd=settings.BASE_DIR,
        capture_output=True,
        text=True,
    )

    assert ran.returncode == 1
    assert "dòng 2, source_url: Mọi dữ kiện cần có nguồn.\n" in ran.stderr
    assert "Traceback" not in ran.stderr
    assert Category.objects.count() == 0


@pytest.mark.usefixtures("shipped")
def test_the_shipped_data_are_loaded_once():
    before = (Unit.objects.count(), ImportRun.objects.count())

    out, err, error = run("load_shipped_data")

    assert (out, err, error) == ([], [], None)
    assert (Unit.objects.count(), ImportRun.objects.count()) == before


# --- an official's spreadsheet -------------------------------------------------------------


@pytest.mark.django_db
def test_an_official_imports_the_template_filled_in(tmp_path, import_folder):
    commune = UnitFactory(name="An Hậu")
    official = editor_of(commune)
    template = tmp_path / "mau.xlsx"
    run("import_template", "products", template)
    book = openpyxl.load_workbook(template)
    sheet = book.worksheets[0]
    headings = [cell.value for cell in sheet[1]]
    values = {"Tên sản phẩm": "Nho", "Xã": "xã An Hậu", "Nguồn": "Báo cáo"}
    sheet.append([values.get(heading) for heading in headings])
    book.save(template)

    first, err, error = run("import_products", template, "--user", official.username, "--dry-run")
    assert (err, error, Product.objects.count()) == ([], None, 0)
    assert first == ["products: Nếu ghi: 1 mới, 0 đổi, 0 như cũ, 0 giữ bản do người sửa."]

    for expected in ("1 mới, 0 đổi, 0 như cũ", "0 mới, 0 đổi, 1 như cũ"):
        out, _err, error = run("import_products", template, "--user", official.username)
        assert error is None
        assert out == [f"products: Đã ghi: {expected}, 0 giữ bản do người sửa."]
    assert Product.objects.get().state == "draft"
    assert ImportRun.objects.filter(applied=True, user=official).count() == 2


@pytest.mark.parametrize("command", ["import_products", "import_producers", "import_ratings"])
@pytest.mark.django_db
def test_problems_of_a_spreadsheet_name_line_and_column(command, tmp_path):
    official = editor_of(UnitFactory())
    path = tmp_path / "a.csv"
    path.write_text("Tên,Xã,Số sao,Nguồn\nNho,xã Lạ,9 sao,\n", encoding="utf-8")

    out, err, error = run(command, path, "--user", official.username)

    assert out == []
    assert all(line.startswith("dòng 2, ") for line in err)
    assert err != []
    assert str(error).startswith(f"{path}: ")
    assert str(error).endswith("chưa có gì được ghi.")
    assert not ImportRun.objects.get().applied


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"%PDF-1.7", "không phải bảng tính"),
        (b"A,B\n1,2\n", "Không nhận ra tiêu đề cột nào"),
        ("Tên,Nguồn\n1\n".encode(), "Dòng 2 có 1 ô"),
    ],
)
@pytest.mark.django_db
def test_a_file_that_is_no_table_is_refused_by_the_command(content, words, tmp_path):
    path = tmp_path / "a.csv"
    path.write_bytes(content)

    _out, _err, error = run("import_products", path, "--user", editor_of(UnitFactory()).username)

    assert words in str(error)


@pytest.mark.django_db
def test_who_may_not_import_is_refused_by_the_command(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("Tên\nNho\n", encoding="utf-8")

    *_output, error = run("import_products", path, "--user", UserFactory().username)
    assert "không được nhập" in str(error)
    *_output, error = run("import_products", path, "--user", "nobody")
    assert str(error) == "There is no user nobody."
    *_output, error = run("import_products", tmp_path / "none", "--user", "nobody")
    assert "Không đọc được tệp" in str(error)
