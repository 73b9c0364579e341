"""The pages on which officials import a spreadsheet."""

import io
import json
import re

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from geodata.models import ImportRun
from products.ocop.models import Product
from products.register import workflow
from tests.factories import (
    ProductFactory,
    UnitFactory,
    UserFactory,
    at,
    editor_of,
    publisher_of,
    square,
)
from tests.spreadsheets import csv_text, table
from tests.versions import next_transaction

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("import_folder")]

ADD = "/admin/geodata/importrun/add/"
NEW = {"Tên sản phẩm": "Mật nho", "Nguồn": "Báo cáo", "Xã": "xã An Hậu"}
RunState = ImportRun.State


@pytest.fixture
def commune():
    return UnitFactory(name="An Hậu", area=square(109, 11.5))


@pytest.fixture
def official(client, commune):
    """A client of an editor of the commune; its user is `official.user`."""
    client.user = editor_of(commune)
    client.force_login(client.user)
    return client


@pytest.fixture
def upload(official):
    """`upload(record, …)` uploads a CSV and returns the page of its run, and the run."""

    def send(*records, kind="products", name="a.csv", content=None):
        next_transaction()
        file = SimpleUploadedFile(name, content or csv_text(table(*records)).encode())
        response = official.post(ADD, {"kind": kind, "file": file}, follow=True)
        return response, ImportRun.objects.first()

    return send


def page(run, name="change"):
    return reverse(f"admin:geodata_importrun_{name}", args=[run.pk])


def text_of(response):
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


def test_an_upload_is_checked_shown_and_written(official, upload):
    place = {"Vĩ độ": "11,55", "Kinh độ": "109,05", "Vị trí lấy từ": "GPS"}
    response, run = upload(NEW | place)

    text = text_of(response)
    assert "Nếu ghi: 1 mới" in text
    assert "vị trí : 11.5500000, 109.0500000" in text
    assert '"at": [109.05, 11.55]' in response.content.decode()
    assert not Product.objects.exists()

    response = official.post(page(run, "write"), follow=True)

    assert "Đã ghi: 1 mới" in text_of(response)
    assert Product.objects.get().state == "draft"
    # A second click writes nothing twice.
    response = official.post(page(run, "write"), follow=True)
    assert "Lần nhập đang ở trạng thái “đã ghi”" in text_of(response)
    assert Product.objects.count() == 1


def test_problems_are_listed_by_row_and_column_and_cannot_be_written(official, upload):
    response, run = upload(NEW, NEW | {"Tên sản phẩm": "<b>Tỏi</b>", "Xã": "xã <i>"})

    assert "3 Xã Không có đơn vị nào tên “xã &lt;i&gt;”." in text_of(response)
    assert "Tải tệp đã sửa" in text_of(response)
    assert page(run, "write") not in response.content.decode() or "Ghi" not in buttons(response)

    assert "Còn lỗi" in text_of(official.post(page(run, "write"), follow=True))
    assert not Product.objects.exists()


def buttons(response):
    return re.findall(r'<input type="submit"[^>]*value="([^"]+)"', response.content.decode())


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("a.pdf", b"%PDF-1.7", "không phải bảng tính"),
        ("a.xlsx", b"PK\x03\x04 broken", "bị hỏng"),
        ("a.csv", b"", "rỗng"),
    ],
)
def test_a_refused_file_is_an_error_of_the_form(official, name, content, words):
    file = SimpleUploadedFile(name, content)

    response = official.post(ADD, {"kind": "products", "file": file})

    assert response.status_code == 200
    assert words in text_of(response)
    assert not ImportRun.objects.exists()


def test_columns_are_chosen_on_the_page(official, upload):
    response, run = upload({"Đặc sản": "Mật nho", "Nguồn": "Báo cáo", "Nơi": "xã An Hậu"})
    assert run.state == RunState.MAPPING
    assert "Đặc sản" in text_of(response)

    twice = {"column_0": "name", "column_1": "source", "column_2": "name"}
    response = official.post(page(run, "columns"), twice)
    assert response.status_code == 422
    assert "được chọn cho hai tiêu đề" in text_of(response)

    chosen = twice | {"column_2": "commune", "position": "", "grid": "", "source": ""}
    response = official.post(page(run, "columns"), chosen, follow=True)

    assert "Nếu ghi: 1 mới" in text_of(response)
    run.refresh_from_db()
    assert run.mapping["columns"] == {"Đặc sản": "name", "Nguồn": "source", "Nơi": "commune"}


@pytest.mark.parametrize(("decision", "name"), [("keep", "Sửa tay"), ("version", "Trong tệp")])
def test_conflicts_are_decided_for_each_record(official, upload, commune, decision, name):
    product = ProductFactory(declared_commune=commune, name="Nho")
    next_transaction()
    product.refresh_from_db()
    workflow.change(product, {"name": "Sửa tay"}, by=official.user, base_version=product.version)
    response, run = upload({"Mã sản phẩm": product.code, "Tên sản phẩm": "Trong tệp"})
    text = text_of(response)
    assert "Trong tệp Sửa tay" in text

    undecided = official.post(page(run, "write"))
    assert undecided.status_code == 422
    product.refresh_from_db()
    value = str(product.version) if decision == "version" else decision
    official.post(page(run, "write"), {product.code: value})

    product.refresh_from_db()
    assert product.name == name


def test_a_running_import_shows_progress_refreshes_and_can_be_cancelled(official, upload):
    _response, run = upload(NEW)
    ImportRun.objects.update(state=RunState.QUEUED, done=3, total=10)

    response = official.get(page(run))

    body = response.content.decode()
    assert 'value="3" max="10"' in body
    assert 'data-refresh="2"' in body
    assert "Tải lại trang" in body
    response = official.post(page(run, "cancel"), follow=True)
    assert "Đã dừng." in text_of(response)
    assert official.post(page(run, "write")).status_code == 302
    run.refresh_from_db()
    assert (run.state, run.applied) == (RunState.CANCELLED, False)


def test_who_sees_which_runs(client, upload, commune):
    _response, run = upload(NEW)
    province = UnitFactory(code="99")
    seen = {
        "nobody": None,
        "staff": UserFactory(),
        "publisher here": publisher_of(commune),
        "province editor": editor_of(province),
        "province publisher": publisher_of(province),
        "superuser": UserFactory(is_superuser=True),
    }
    answers = {}
    for name, user in seen.items():
        client.logout()
        if user:
            client.force_login(user)
        answers[name] = [
            client.get(page(run)).status_code,
            client.post(page(run, "cancel")).status_code,
            client.post(page(run, "write")).status_code,
            client.get("/admin/geodata/importrun/").content.decode().count("a.csv"),
        ]

    refused = [302, 404, 404, 0]
    # Who did not upload the file may look and cancel, and not write.
    allowed = [200, 302, 403, 1]
    assert answers == {
        "nobody": [302, 302, 302, 0],
        "staff": refused,
        "publisher here": refused,
        "province editor": refused,
        "province publisher": allowed,
        "superuser": allowed,
    }


def test_a_step_that_is_not_posted_leads_to_the_run_and_changes_nothing(official, upload):
    _response, run = upload(NEW)

    for name in ("write", "cancel", "columns"):
        assert official.get(page(run, name)).url == page(run)
    run.refresh_from_db()
    assert run.state == RunState.CHECKED


def test_templates_are_downloaded_by_stewards(official):
    for kind in ("products", "producers", "ratings"):
        response = official.get(f"/admin/geodata/importrun/template/{kind}.xlsx")
        book = openpyxl.load_workbook(io.BytesIO(response.getvalue()))
        assert book.sheetnames == ["Dữ liệu", "Hướng dẫn"]
    assert official.get("/admin/geodata/importrun/template/units.xlsx").status_code == 404
    official.force_login(UserFactory())
    assert official.get("/admin/geodata/importrun/template/products.xlsx").status_code == 403


def test_moved_points_are_on_the_map_with_both_places(official, upload, commune):
    product = ProductFactory(declared_commune=commune, point=at(109.01, 11.51))
    cells = {"Vĩ độ": "11.52", "Kinh độ": "109.02"}

    response, _run = upload({"Mã sản phẩm": product.code} | cells)

    script = re.search(r'id="import-moves"[^>]*>(.*?)</script>', response.content.decode())
    (move,) = json.loads(script[1])
    assert (move["code"], move["was"], move["at"]) == (
        product.code,
        [109.01, 11.51],
        [109.02, 11.52],
    )


def test_a_run_of_a_loading_command_has_a_page(client):
    run = ImportRun.objects.create(
        kind="units", file_name="u.csv", sha256="", report={"created": 1}, state=RunState.CHECKED
    )
    client.force_login(UserFactory(is_superuser=True))

    assert "u.csv" in text_of(client.get(page(run)))
    assert client.post(page(run, "columns")).status_code == 404
    assert client.post(page(run, "write")).status_code == 403
    run.refresh_from_db()
    assert run.state == RunState.CHECKED
