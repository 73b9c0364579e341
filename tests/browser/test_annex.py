"""An official records a decision, reads its annex, corrects it and writes the ratings."""

import pytest
from playwright.sync_api import expect

from tests.products.annexes.tables import Document, Table


@pytest.fixture
def annex(tmp_path):
    rows = [
        ["STT", "Tên sản phẩm", "Chủ thể", "Xã", "Điểm", "Hạng"],
        ["1", "Cao lá mẫu", "", "", "75,5", "Hạng 4 sao"],
        ["2", "Rượu mẫu mới", "Hợp tác xã Ví Dụ", "xã Không Có", "60", "Ba sao"],
    ]
    file = tmp_path / "phu-luc.docx"
    file.write_bytes(Document(file.name, ["PHỤ LỤC", Table(rows)], []).content(tmp_path))
    return file


def test_the_annex_of_a_decision_becomes_ratings(open_page, session, annex):
    page = open_page(
        "/admin/ocop/decision/add/",
        {"width": 1366, "height": 768},
        before=lambda page: page.context.add_cookies(session),
    )

    page.locator("#id_number").fill("321/QĐ-UBND")
    page.locator("#id_issuer").fill("UBND tỉnh Mẫu")
    page.locator("#id_day").fill("5/12/2025")
    page.locator("[name=_continue]").click()
    page.get_by_role("link", name="Đọc phụ lục").click()
    page.locator("#id_file").set_input_files(annex)
    page.get_by_role("button", name="Đọc và xem trước").click()

    rows = page.locator(".annex tbody tr")
    expect(rows).to_have_count(2)
    expect(page.locator("#id_form-0-stars")).to_have_value("4")
    expect(page.locator("#id_form-0-score")).to_have_value("75,5")
    page.locator("#id_form-0-match").select_option(index=1)
    page.get_by_role("button", name="Ghi các xếp hạng").click()

    # Nothing is written yet: the commune of the second row does not exist.
    expect(rows.nth(1)).to_contain_text("Không có đơn vị nào tên “xã Không Có”")
    page.locator("#id_form-1-commune").fill("")
    page.get_by_role("button", name="Ghi các xếp hạng").click()

    expect(page.locator(".messagelist .success")).to_contain_text("Đã ghi 2 xếp hạng.")
    ratings = page.locator(".decision-ratings tbody tr")
    expect(ratings).to_have_count(2)
    expect(ratings.nth(0)).to_contain_text("Cao lá mẫu")
    expect(ratings.nth(1)).to_contain_text("Rượu mẫu mới")
    expect(ratings.nth(1)).to_contain_text("bản nháp")
