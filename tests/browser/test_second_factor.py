"""A superuser sets up the second factor with the code of a real app, and signs in with it."""

import re

from playwright.sync_api import expect

from tests.browser.chromium import NEWCOMER, PASSWORD, PHONE
from tests.second_factor import code_now


def sign_in(page):
    page.locator("#id_login").fill(NEWCOMER)
    page.locator("#id_password").fill(PASSWORD)
    page.get_by_role("button", name="Đăng nhập").click()


def test_the_second_factor_is_set_up_before_the_workspace_opens_and_then_asked_for(open_page):
    # Everything without JavaScript: the pages are forms.
    page = open_page("/admin/", PHONE, javascript=False)
    sign_in(page)

    expect(page).to_have_url(re.compile("/tai-khoan/2fa/totp/activate/$"))
    expect(page.locator(".account-qr")).to_be_visible()
    secret = page.locator("#authenticator_secret").inner_text()
    page.locator("#id_code").fill(code_now(secret))
    page.get_by_role("button", name="Bật", exact=True).click()

    codes = page.locator(".account-codes code")
    expect(codes).to_have_count(10)
    recovery_code = codes.first.inner_text()
    page.get_by_role("link", name="Đã cất, vào nơi làm việc").click()
    expect(page.locator("#user-tools")).to_be_visible()

    again = open_page("/admin/")
    sign_in(again)
    expect(again).to_have_url(re.compile("/tai-khoan/2fa/authenticate/"))
    again.locator("#id_code").fill(recovery_code)
    again.get_by_role("button", name="Đăng nhập", exact=True).click()
    expect(again.locator("#user-tools")).to_be_visible()
