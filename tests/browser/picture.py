"""Takes the screenshot of the map in README.md.

While bin/run is running: .venv/bin/python -m tests.browser.picture http://127.0.0.1:8000 FILE.png
"""

import sys

from playwright.sync_api import sync_playwright

from tests.browser.chromium import DESKTOP, launch


def take_picture(address, file):
    with sync_playwright() as playwright:
        browser = launch(playwright)
        page = browser.new_page(viewport=DESKTOP, locale="vi-VN")
        page.goto(address)
        page.locator(".place .cluster").first.wait_for()
        page.locator("path.base-land").first.wait_for(state="attached")
        page.screenshot(path=file)
        browser.close()


if __name__ == "__main__":
    take_picture(*sys.argv[1:])
