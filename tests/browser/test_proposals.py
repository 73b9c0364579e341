"""An editor proposes a change of a public product; a publisher accepts one field of it."""

import pytest
from playwright.sync_api import expect

from tests import template_databases
from tests.browser.officials import sign_in

CODE = "MAU-SP-901"
EDITOR, PUBLISHER = "can-bo-de-xuat", "can-bo-duyet"
# An invented product with a surveyed place, and two officials of its province.
PREPARE = f"""
from django.conf import settings
from django.contrib.gis.geos import Point
from districts.models import Role, Stewardship, Unit
from products.ocop.models import Product
from tests.factories import ProductFactory, UserFactory
ProductFactory(
    code={CODE!r}, name="Rượu nho thử", published=True, position="gps",
    point=Point(106.602, 19.1043, srid=4326),
)
province = Unit.objects.filter(code=settings.PLACE.province_code).first()
for name, role in (({EDITOR!r}, Role.EDITOR), ({PUBLISHER!r}, Role.PUBLISHER)):
    user = UserFactory(username=name, second_factor=role == Role.PUBLISHER)
    Stewardship.objects.create(user=user, unit=province, role=role)
"""
# The other tests find the data of the pack again.
REMOVE = f"""
from products.ocop.models import Product
Product.objects.filter(code={CODE!r}).delete()
"""


@pytest.fixture
def as_official(open_page, site, database):
    """`as_official(name, path)` opens a page of the workspace for one of the two."""
    keys = sign_in(database, EDITOR, PUBLISHER, before=PREPARE)

    def open_workspace(name, path):
        cookie = {"name": "sessionid", "value": keys[name], "url": site}
        return open_page(path, before=lambda page: page.context.add_cookies([cookie]))

    yield open_workspace
    template_databases.manage(database, "shell", "-c", REMOVE)


def row(page, label):
    """The row of a field in the comparison."""
    heading = page.get_by_role("rowheader", name=label, exact=True)
    return page.locator(".differences tr", has=heading)


def test_a_change_of_name_and_place_is_accepted_in_part(as_official, open_page):
    editor = as_official(EDITOR, f"/admin/ocop/product/?q={CODE}")
    editor.locator("#result_list .field-code a").click()
    form = editor.url
    editor.locator("#id_name").fill("Rượu nho thử nghiệm")
    editor.locator("#id_point_0, #id_point").first.fill("19.1053, 106.6020")
    editor.locator("[name=_save]").first.click()
    expect(editor.locator(".messagelist .success")).to_contain_text("Đã gửi đề xuất")
    editor.goto(form)
    expect(editor.locator("#id_name")).to_have_value("Rượu nho thử nghiệm")
    field = editor.locator(".form-row.field-name")
    expect(field).to_contain_text("Đang chờ duyệt; bản hiện nay: Rượu nho thử")

    publisher = as_official(PUBLISHER, "/admin/register/proposal/?state__exact=pending")
    publisher.get_by_role("link", name="Rượu nho thử").click()
    cells = row(publisher, "Tên").get_by_role("cell")
    expect(cells).to_have_text(["", "Rượu nho thử", "Rượu nho thử nghiệm"])
    expect(publisher.locator(".workspace-place")).to_have_count(2)
    expect(publisher.locator(".place-distance")).to_contain_text("cách nhau 111 m")

    # By keyboard alone.
    box = publisher.get_by_role("checkbox", name="Vị trí", exact=True)
    box.focus()
    publisher.keyboard.press("Space")
    expect(box).not_to_be_checked()
    publisher.get_by_label("Trả lời người đề xuất").fill("Vị trí này ở trên đường.")
    publisher.get_by_role("button", name="Nhận các mục đã đánh dấu").press("Enter")
    expect(publisher.locator(".proposal-facts")).to_contain_text("Chấp nhận một phần")

    public = open_page(f"/san-pham/{CODE}/")
    expect(public.locator("h1")).to_have_text("Rượu nho thử nghiệm")
    expect(public.locator("[data-directions]").first).to_have_attribute("data-lat", "19.1043")

    editor.goto(f"{form.split('/ocop/')[0]}/register/proposal/")
    editor.get_by_role("link", name="Rượu nho thử nghiệm").click()
    expect(editor.locator(".proposal-facts + p")).to_contain_text("Vị trí này ở trên đường.")
    expect(row(editor, "Tên").get_by_role("cell").last).to_have_text("nhận")
    expect(row(editor, "Vị trí").get_by_role("cell").last).to_have_text("không nhận")
