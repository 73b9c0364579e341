"""The embedded map in a page of another site, from the copied code to the full map."""

import re
import threading
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer

import pytest
from playwright.sync_api import expect


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *arguments):
        pass


@pytest.fixture
def foreign_site(tmp_path):
    """The URL of another site that serves the test's folder: this machine by another host name."""
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=tmp_path)) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://localhost:{server.server_port}/"
        server.shutdown()
        thread.join()


def test_the_copied_code_shows_the_filtered_map_in_a_page_of_another_site(
    open_page, foreign_site, tmp_path
):
    page = open_page("/nhung/cach-nhung/?nhom=II")
    expect(page.frame_locator(".preview").locator("#count")).to_have_text("4 trong 24 sản phẩm")
    # Preview and code follow the form.
    page.get_by_label("Chiều cao (px)").fill("480")
    page.get_by_label("Chiều cao (px)").blur()
    expect(page.locator("#snippet")).to_have_value(re.compile('height="480"'))
    expect(page.frame_locator(".preview").locator("#count")).to_have_text("4 trong 24 sản phẩm")
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.get_by_role("button", name="Chép đoạn mã").click()
    expect(page.get_by_role("status").filter(has_text="Đã chép")).to_be_visible()
    code = page.evaluate("navigator.clipboard.readText()")
    assert code == page.locator("#snippet").input_value()

    (tmp_path / "index.html").write_text(f"<h1>Foreign</h1>{code}")
    page.context.route(f"{foreign_site}**", lambda route: route.continue_())
    page.goto(foreign_site)
    framed = page.frame_locator("iframe")
    expect(framed.locator("#count")).to_have_text("4 trong 24 sản phẩm")
    framed.get_by_role("button", name="Bộ lọc").click()
    framed.locator("label", has_text="Thực phẩm").click()
    expect(framed.locator("#count")).not_to_have_text("4 trong 24 sản phẩm")
    with page.context.expect_page() as opened:
        framed.get_by_role("link", name="Mở bản đồ đầy đủ").click()
    expect(opened.value).to_have_url(re.compile(r"/\?nhom=I&nhom=II$"))
    expect(opened.value.get_by_role("navigation", name="Trang chính")).to_be_visible()

    # A product opens within the frame, its page in a new tab.
    framed.locator("#results .item a").first.click()
    with page.context.expect_page() as opened:
        framed.get_by_role("link", name="Xem trang sản phẩm").click()
    expect(opened.value).to_have_url(re.compile("/san-pham/"))
    assert page.url == foreign_site

    # A right without an area opens its page, which may not be framed.
    framed.locator("#back").click()
    framed.locator("#q").fill("de nui mau")
    with page.context.expect_page() as opened:
        framed.get_by_role("option", name="Dê núi Mẫu").click()
    expect(opened.value).to_have_url(re.compile("/bao-ho/MAU-SH-005-"))
    expect(opened.value.get_by_role("heading", level=1)).to_have_text("Dê núi Mẫu")
