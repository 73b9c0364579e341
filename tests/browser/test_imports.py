"""An official imports a workbook with errors, mends it, and imports it again."""

import os
import subprocess
import sys

import pytest
from django.conf import settings
from playwright.sync_api import expect

from tests.spreadsheets import table, workbook

PRODUCT = {
    "Tên sản phẩm": "Rượu nho thử nhập",
    "Nhóm sản phẩm": "II",
    "Nguồn": "Báo cáo thử nhập",
    "Ý kiến": "không nhập",
}


@pytest.fixture(scope="module")
def worker(database, site):
    """The process that runs the jobs, as bin/run starts it."""
    environment = {"DATABASE_URL": database, "DJANGO_SETTINGS_MODULE": "ocopmap.settings"}
    process = subprocess.Popen(
        [sys.executable, "-m", "django", "db_worker", "--no-startup-delay", "--interval=0.1"],
        cwd=settings.BASE_DIR,
        env=os.environ | environment,
    )
    yield process
    process.terminate()
    process.wait(timeout=30)


@pytest.fixture
def import_page(open_page, session, worker):
    """The page with the form for a new import, of an official who is logged in."""
    return open_page(
        "/admin/geodata/importrun/add/", before=lambda page: page.context.add_cookies(session)
    )


def upload(page, path):
    page.get_by_label("Tệp").set_input_files(path)
    page.get_by_role("button", name="Tải tệp lên").press("Enter")


def test_an_import_with_errors_is_mended_and_repeated(import_page, tmp_path):
    page = import_page
    wrong = PRODUCT | {"Nhóm sản phẩm": "IX", "Tên sản phẩm": ""}
    upload(page, workbook(tmp_path / "a.xlsx", *table(PRODUCT, wrong)))

    # One heading is unknown: the page asks, once, and the job goes on without a reload by hand.
    # The worker may still be starting.
    expect(page.get_by_label("Ý kiến")).to_have_value("", timeout=30_000)
    page.get_by_role("button", name="Chạy thử").press("Enter")
    problems = page.locator("section", has_text="Lỗi cần sửa").locator("tbody tr")
    expect(problems).to_have_count(1)
    expect(problems).to_contain_text("Nhóm sản phẩm")
    expect(problems).to_contain_text("“IX”")
    expect(page.get_by_role("button", name="Ghi")).to_have_count(0)

    page.get_by_role("link", name="Tải tệp đã sửa").press("Enter")
    mended = PRODUCT | {"Tên sản phẩm": "Mật nho thử nhập"}
    file = workbook(tmp_path / "a.xlsx", *table(PRODUCT, mended))
    upload(page, file)
    expect(page.get_by_role("status")).to_contain_text("Nếu ghi: 2 mới")
    page.get_by_role("button", name="Ghi").press("Enter")
    expect(page.get_by_role("status")).to_contain_text("Đã ghi: 2 mới, 0 đổi")

    # The same file again changes nothing.
    page.get_by_role("link", name="Các lần nhập dữ liệu").first.click()
    page.get_by_role("link", name="Nhập tệp mới").click()
    upload(page, file)
    expect(page.get_by_role("status")).to_contain_text("Nếu ghi: 0 mới, 0 đổi, 2 như cũ")
