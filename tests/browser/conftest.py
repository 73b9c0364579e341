"""A real Chromium, the real server and the data of the pack; other hosts are blocked."""

import json
import os
import zlib
from contextlib import closing
from struct import pack
from urllib.parse import urlsplit

import psycopg2
import pytest
from playwright.sync_api import expect, sync_playwright

from tests import template_databases
from tests.browser.chromium import DESKTOP, NEWCOMER, OFFICIAL, PASSWORD, PHONE, launch
from tests.factories import TOTP_SECRET
from tests.second_factor import code_now
from tests.served import serve
from tests.template_databases import LOADED

TILE_HOST = "tiles.example.org"
# One for each test process of pytest-xdist.
DATABASE = "test_ocopmap_browser_" + os.environ.get("PYTEST_XDIST_WORKER", "alone")


def grey_tile():
    """A grey PNG of 256 × 256 pixels, the response to every tile request."""

    def chunk(kind, data):
        return pack(">I", len(data)) + kind + data + pack(">I", zlib.crc32(kind + data))

    rows = (b"\x00" + b"\xcc" * 256) * 256
    header = pack(">IIBBBBB", 256, 256, 8, 0, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(rows))
        + chunk(b"IEND", b"")
    )


@pytest.fixture(scope="session")
def tile(tmp_path_factory):
    file = tmp_path_factory.mktemp("tiles") / "grey.png"
    file.write_bytes(grey_tile())
    return file


@pytest.fixture(scope="session")
def database():
    """The DATABASE_URL of a database with the data of the pack, dropped at the end."""
    template_databases.copy(LOADED, DATABASE)
    yield template_databases.url_of(DATABASE)
    template_databases.drop(DATABASE)


@pytest.fixture(scope="session")
def site(database, tmp_path_factory):
    """The address of the site as it is deployed: gunicorn, collected static files, real data."""
    for name in (OFFICIAL, NEWCOMER):
        official = [f"--username={name}", f"--email={name}@example.org"]
        template_databases.manage(
            database, "createsuperuser", "--noinput", *official, DJANGO_SUPERUSER_PASSWORD=PASSWORD
        )
    set_up_second_factor(database, OFFICIAL)
    # SELF_PUBLISH: the official writes public records directly, without a second person.
    options = {"DATABASE_URL": database, "SELF_PUBLISH": "1"}
    with serve(tmp_path_factory.mktemp("site"), workers=2, **options) as server:
        yield server.address


@pytest.fixture(scope="session")
def site_with_tiles(tmp_path_factory):
    """The address of a second site with the same data and street tiles of another host.

    A database contains the addresses of one site, so it has one of its own.
    """
    name = f"{DATABASE}_tiles"
    template_databases.copy(LOADED, name)
    options = {
        "DATABASE_URL": template_databases.url_of(name),
        "TILE_URL": f"https://{TILE_HOST}/{{z}}/{{x}}/{{y}}.png",
    }
    with serve(tmp_path_factory.mktemp("site-with-tiles"), **options) as server:
        yield server.address
    template_databases.drop(name)


def set_up_second_factor(database, name):
    """Give an account the authenticator app with TOTP_SECRET."""
    connection = psycopg2.connect(database.replace("postgis:", "postgresql:"))
    with closing(connection), connection, connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO mfa_authenticator (user_id, type, data, created_at)"
            " SELECT id, 'totp', %s, now() FROM auth_user WHERE username = %s",
            [json.dumps({"secret": TOTP_SECRET}), name],
        )


# Closed with the last test here: Django refuses to query while the event loop of Playwright exists.
@pytest.fixture(scope="package")
def browser():
    with sync_playwright() as playwright:
        chromium = launch(playwright)
        yield chromium
        chromium.close()


@pytest.fixture(scope="package")
def session(browser, site):
    """The cookies of an official, who logs in once: a code of the app does not work twice."""
    with browser.new_page() as page:
        page.goto(f"{site}/admin/")
        page.locator("#id_login").fill(OFFICIAL)
        page.locator("#id_password").fill(PASSWORD)
        page.get_by_role("button", name="Đăng nhập").click()
        page.locator("#id_code").fill(code_now(TOTP_SECRET))
        page.get_by_role("button", name="Đăng nhập", exact=True).click()
        expect(page.locator("#user-tools")).to_be_visible()
        return page.context.cookies()


@pytest.fixture
def open_page(browser, site, tile, request):
    """`open_page("/", PHONE)` opens a page; at the end no page may have had an error.

    A request to a foreign host is such an error. tiles: None, or how the host of the tiles of
    site_with_tiles responds: "answered" from a file, or "refused". worker: whether the service
    worker may run; its requests bypass the routes of a test.
    """
    contexts, wrong = [], []

    def open_at(path, viewport=DESKTOP, *, tiles=None, javascript=True, before=None, worker=False):
        address = request.getfixturevalue("site_with_tiles") if tiles else site
        context = browser.new_context(
            viewport=viewport,
            locale="vi-VN",
            service_workers="allow" if worker else "block",
            timezone_id="Asia/Ho_Chi_Minh",
            # No animation may move an element between finding and clicking it.
            reduced_motion="reduce",
            java_script_enabled=javascript,
            has_touch=viewport == PHONE,
        )
        contexts.append(context)

        def foreign(route):
            host = urlsplit(route.request.url).netloc
            if tiles and host == TILE_HOST:
                if tiles == "answered":
                    return route.fulfill(path=tile, content_type="image/png")
            else:
                wrong.append(f"requested a foreign host: {route.request.url}")
            return route.abort()

        context.route(lambda url: not url.startswith((address, "data:", "blob:")), foreign)
        page = context.new_page()
        page.set_default_timeout(15_000)
        page.on("pageerror", lambda error: wrong.append(f"error in a script: {error}"))
        page.on("console", lambda message: note(message, tiles))
        if before:
            before(page)
        page.goto(address + path)
        return page

    def note(message, tiles):
        refused = tiles == "refused" and "ERR_FAILED" in message.text
        if message.type == "error" and not refused:
            wrong.append(f"{message.type} on the console: {message.text}")

    open_at.errors = wrong
    yield open_at
    for context in contexts:
        context.close()
    assert wrong == []
