"""A phone on the spot: captures are made without a network, survive the browser, and are sent."""

import io
import re
from contextlib import suppress

import pytest
from django.conf import settings
from PIL import Image
from playwright.sync_api import Error, expect

from tests import template_databases
from tests.browser.chromium import ARGUMENTS, OFFICIAL, PASSWORD, PHONE, executable
from tests.browser.conftest import set_up_second_factor
from tests.browser.officials import sign_in

PAGE = "/admin/tai-cho/"
COLLEAGUE = "can-bo-xa"
HERE = {"latitude": 19.1043, "longitude": 106.602, "accuracy": 7}
STORED = """async () => {
    const end = performance.now() + 15000;
    while (performance.now() < end) {
        await navigator.serviceWorker.ready;
        if (await caches.match(location.pathname)) return true;
        await new Promise(requestAnimationFrame);
    }
    return false;
}"""


@pytest.fixture
def phone(browser, site, tmp_path):
    """`phone()` starts a browser with the profile of the phone; closing it keeps the profile."""
    started = []

    def start(**options):
        context = browser.browser_type.launch_persistent_context(
            tmp_path / "profile",
            executable_path=executable(),
            args=ARGUMENTS,
            base_url=site,
            viewport=PHONE,
            locale="vi-VN",
            has_touch=True,
            is_mobile=True,
            reduced_motion="reduce",
            permissions=["geolocation"],
            geolocation=HERE,
            **options,
        )
        started.append(context)
        page = context.pages[0]
        page.set_default_timeout(15_000)
        return page

    yield start
    for context in started:
        with suppress(Error):
            context.close()


@pytest.fixture
def log_in(site, database):
    """`log_in(page, name)` opens the page of the phone as that official."""

    def open_page(page, name):
        key = sign_in(database, name)[name]
        page.context.clear_cookies()
        page.context.add_cookies([{"name": "sessionid", "value": key, "url": site}])
        page.goto(PAGE)
        require_ready(page)

    return open_page


def require_ready(page):
    expect(page.locator("main[data-ready]")).to_be_visible()
    expect(page.locator("#records li").first).to_be_visible()
    assert page.evaluate(STORED)


def crash(page):
    """End the browser as a phone does that runs out of memory: nothing is flushed or closed."""
    with pytest.raises(Error, match="closed"):
        page.context.new_cdp_session(page).send("Browser.crash")
    with suppress(Error):
        page.context.close()


def photo():
    file = io.BytesIO()
    Image.new("RGB", (60, 40), "green").save(file, "JPEG")
    return {"name": "1.jpg", "mimeType": "image/jpeg", "buffer": file.getvalue()}


def open_record(page, name):
    page.locator("#query").fill(name)
    page.locator("#records button", has_text=name).first.click()
    expect(page.locator("#capture h2")).to_have_text(name)


def stored(page, name):
    """The record as the server has it."""
    records = page.request.get(f"{PAGE}ho-so/").json()["records"]
    return next(one for one in records if one["name"] == name)


def require_touch_targets(page):
    """Every control that is shown can be hit with a thumb, and nothing is cut off at the side."""
    small = page.evaluate(
        """() => [...document.querySelectorAll("button, input:not([type=file]), textarea, .button")]
            .map((element) => [element.id || element.textContent, element.getBoundingClientRect()])
            .filter(([, box]) => box.height && (box.height < 44 || box.width < 44))
            .map(([name]) => name)"""
    )
    assert small == []
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]


def test_captures_made_offline_survive_the_browser_and_are_sent_later(phone, log_in):
    page = phone()
    log_in(page, OFFICIAL)
    # Chromium writes cookies to the disk every 30 seconds, and when it is closed.
    page.context.close()
    page = phone(offline=True)
    page.goto(PAGE)
    expect(page.locator("#message")).to_contain_text("Không có mạng")
    require_touch_targets(page)

    open_record(page, "Tỏi Giả Định")
    page.locator("#measure").click()
    expect(page.locator("#accuracy")).to_have_text("± 7 m")
    page.locator("#measure").click()
    expect(page.locator("#fix")).to_have_text("19.104300, 106.602000")
    page.locator("#take").set_input_files(photo())
    page.locator("#photos input").fill("Ruộng tỏi")
    page.locator("#take").set_input_files(photo())
    expect(page.locator("#photos li")).to_have_count(2)
    page.locator("#note").fill("Cổng phía đông")
    require_touch_targets(page)
    page.locator("#finish").click()
    expect(page.locator("#captures li")).to_contain_text("Chờ gửi")
    # The second one is not finished.
    open_record(page, "Gốm Giả Định")
    page.locator("#note").fill("Mới nửa chừng")
    expect(page.locator("#saved-note")).to_have_text("Đã giữ trên máy.")
    crash(page)

    page = phone(offline=True)
    page.goto(PAGE)
    rows = page.locator("#captures li")
    expect(rows).to_have_text([re.compile("Tỏi.*Chờ gửi"), re.compile("Gốm.*Đang ghi dở")])
    expect(page.locator("#message")).to_contain_text("Không có mạng")
    rows.nth(1).locator("button").click()
    expect(page.locator("#note")).to_have_value("Mới nửa chừng")
    page.go_back()
    page.context.set_offline(False)

    expect(page.locator("#message")).to_have_text("Đã lưu vào hồ sơ: Tỏi Giả Định.")
    expect(rows).to_have_text([re.compile("Gốm.*Đang ghi dở")])
    sent = stored(page, "Tỏi Giả Định")
    assert sent["point"] == [106.602, 19.1043]
    assert (sent["base"]["position"], sent["base"]["accuracy_m"]) == ("gps", "7.00")
    public = page.request.get(f"/san-pham/{sent['code']}/").text()
    assert "Ruộng tỏi" in public
    assert "Tỏi Giả Định, ảnh chụp tại chỗ" in public
    assert "Cổng phía đông" not in public


def test_what_belongs_to_an_account_is_not_shown_to_another(phone, log_in, database):
    template_databases.manage(
        database,
        "createsuperuser",
        "--noinput",
        f"--username={COLLEAGUE}",
        "--email=b@example.org",
        DJANGO_SUPERUSER_PASSWORD=PASSWORD,
    )
    set_up_second_factor(database, COLLEAGUE)
    page = phone()
    log_in(page, OFFICIAL)
    open_record(page, "Nho đỏ")
    page.locator("#note").fill("Của tôi")
    page.go_back()
    expect(page.locator("#captures li")).to_have_count(1)

    page.goto("/admin/")
    page.locator("#logout-form button").click()
    expect(page.locator("#logout-form")).to_have_count(0)
    # The phone learns that somebody has logged out although it has no network.
    page.context.set_offline(True)
    page.goto(PAGE)
    expect(page.locator("#others")).to_contain_text("Trên máy còn 1 ghi nhận chưa gửi")
    expect(page.locator("#records li")).to_have_count(0)
    expect(page.locator("#captures li")).to_have_count(0)

    page.context.set_offline(False)
    log_in(page, COLLEAGUE)
    expect(page.locator("#others")).to_contain_text("Trên máy còn 1 ghi nhận chưa gửi")
    expect(page.locator("#captures li")).to_have_count(0)
    assert "Của tôi" not in page.content()

    # Nothing is lost: it waits for its author.
    log_in(page, OFFICIAL)
    expect(page.locator("#captures li")).to_contain_text("Nho đỏ")
    expect(page.locator("#others")).to_be_hidden()


def test_a_refused_capture_stays_on_the_phone_with_the_reason(phone, log_in):
    page = phone()
    log_in(page, OFFICIAL)
    west, south, _east, _north = settings.PLACE.map_extent
    page.context.set_geolocation({"latitude": south - 0.5, "longitude": west, "accuracy": 3})
    open_record(page, "Nho xanh")
    page.locator("#measure").click()
    # Accurate enough: it stops by itself.
    expect(page.locator("#measure")).to_have_text("Đo lại")
    page.locator("#finish").click()

    row = page.locator("#captures li")
    expect(row).to_contain_text("Không được nhận")
    expect(row).to_contain_text("Điểm nằm ngoài")
    row.locator("button").click()
    expect(page.locator("#problem")).to_contain_text("Điểm nằm ngoài")
    page.on("dialog", lambda dialog: dialog.accept())
    page.locator("#discard").click()
    expect(row).to_have_count(0)
