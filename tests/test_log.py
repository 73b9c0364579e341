"""Client errors are one short line of the log; server errors keep their traceback."""

import logging
import struct
from contextlib import closing
from socket import SHUT_WR, SO_LINGER, SOL_SOCKET, create_connection

import pytest
from django.db import connection
from django.test import Client

from ocopmap.logs import MAX_LENGTH, BadRequestFilter, OneLineFormatter, one_line
from tests.factories import ProductFactory, UserFactory
from tests.served import database_url, serve

# The prefix of gunicorn's log lines, and a margin.
LONGEST_LINE = MAX_LENGTH + 100
FORM = "application/x-www-form-urlencoded"
PARTS = "multipart/form-data; boundary=x"
LOGIN = "/admin/login/"
FIELDS = "&".join(f"a{number}=1" for number in range(10_001))
FILE = '--x\r\nContent-Disposition: form-data; name="f"; filename="a"\r\n'


def get(path, host="127.0.0.1", *headers):
    return "\r\n".join([f"GET {path} HTTP/1.1", f"Host: {host}", *headers, "", ""])


def post(path, body, media_type=FORM, length=None, method="POST", session=""):
    """A request whose body Django reads, because it may contain the CSRF token."""
    return "\r\n".join(
        [
            f"{method} {path} HTTP/1.1",
            "Host: 127.0.0.1",
            f"Content-Type: {media_type}",
            f"Cookie: csrftoken={'a' * 32}; sessionid={session}",
            f"Content-Length: {len(body) if length is None else length}",
            *([f"X-CSRFToken: {'a' * 32}"] if session else []),
            "",
            body,
        ]
    )


# (status, request). Each character is one byte.
BAD = {
    "host that is not ours": (400, get("/", "evil.example")),
    "host that is none": (400, get("/", "a b")),
    "host of the API": (400, get("/api/v1/", "x@127.0.0.1")),
    "long host": (400, get("/", "a" * 7000)),
    "host that is not ASCII": (400, get("/", "\xc3\xad\xe2\x80\xae")),
    "TLS": (400, "\x16\x03\x01\x02\x00\r\n\r\n"),
    "no request": (400, "HELLO\r\n\r\n"),
    "long request that is none": (400, "\x1b[2J" * 1500 + "\r\n\r\n"),
    "control characters": (400, get("/\x1b[2J")),
    "long address": (414, get("/" + "a" * 9000)),
    "header with a zero byte": (400, get("/", "127.0.0.1", "X: \0")),
    "long header name": (400, get("/", "127.0.0.1", "(" * 5000 + ": 1")),
    "transfer coding": (501, get("/", "127.0.0.1", f"Transfer-Encoding: {'x' * 5000}")),
    "path that is not UTF-8": (404, get("/san-pham/%ff%fe/")),
    "path with a zero byte": (404, get("/san-pham/%00/")),
    "path with control characters": (404, get("/a%0d%0ab%1b[31m%E2%80%AE")),
    "long path": (404, get("/static/" + "a" * 8000)),
    "query with a zero byte": (400, get("/?tim=%00")),
    "query of the API with a zero byte": (400, get("/api/v1/collections/products/items?q=%00")),
    "form with many fields": (400, post(LOGIN, FIELDS)),
    "form too large": (400, post(LOGIN, "a=" + "x" * 2_700_000)),
    "form that is not UTF-8": (400, post(LOGIN, "a=1", f"{FORM}; charset=utf-16")),
    "form with bytes that are not UTF-8": (403, post(LOGIN, "username=%ff&password=%00")),
    "parts without a boundary": (400, post(LOGIN, "x", "multipart/form-data")),
    "parts with a bad boundary": (400, post(LOGIN, "x", "multipart/form-data; boundary=\xff")),
    "many files": (400, post(LOGIN, f"{FILE}\r\nx\r\n" * 200 + "--x--\r\n", PARTS)),
    "broken base64": (
        400,
        post(LOGIN, f"{FILE}Content-Transfer-Encoding: base64\r\n\r\n!!!\r\n--x--\r\n", PARTS),
    ),
}


def chunked(request):
    return request.replace("Content-Length: 0", "Transfer-Encoding: chunked")


# Requests that the client does not complete, or whose error is found after the response.
UNFINISHED = [
    "GET / HT",
    "GET / HTTP/1.1\r\nHost: x",
    post(LOGIN, "a=1", length=1000),
    post(LOGIN, f"{FILE}\r\nabc", PARTS, length=100_000),
    chunked(post(LOGIN, "10\r\nabc", length=0)),
    chunked(post(LOGIN, "ZZ\r\n", length=0)),
]


def connect(server, request):
    client = create_connection(("127.0.0.1", server.port), timeout=60)
    client.sendall(request.encode("latin-1"))
    return client


def status(server, request):
    with closing(connect(server, request)) as client, client.makefile("rb") as answer:
        return int(answer.readline().split()[1])


def hang_up(server, request):
    """Send the request and reset the connection without reading the response."""
    with closing(connect(server, request)) as client:
        client.setsockopt(SOL_SOCKET, SO_LINGER, struct.pack("ii", 1, 0))


def hang_up_while_read(server, request):
    """Send the first part, wait until the server reads the body, and reset the connection."""
    request = request.replace("\r\n", "\r\nExpect: 100-continue\r\n", 1)
    with closing(connect(server, request)) as client:
        assert client.recv(100).startswith(b"HTTP/1.1 100 ")
        client.setsockopt(SOL_SOCKET, SO_LINGER, struct.pack("ii", 1, 0))


def end_early(server, request):
    """Send, shut down the sending side, and wait until the server has responded or closed."""
    with closing(connect(server, request)) as client:
        client.shutdown(SHUT_WR)
        while client.recv(65536):
            pass


def check(lines):
    for line in lines:
        assert line.isprintable()
        assert len(line) <= LONGEST_LINE
        assert "Traceback" not in line
        assert "ERROR" not in line


@pytest.mark.django_db(transaction=True)
def test_a_client_error_is_one_short_log_line(tmp_path, capfd):
    official = Client()
    official.force_login(UserFactory(is_superuser=True))
    session = official.cookies["sessionid"].value
    ProductFactory(code="A-1")
    with serve(tmp_path, DATABASE_URL=database_url()) as server:
        for name, (expected, request) in BAD.items():
            assert status(server, request) == expected, name
            lines = capfd.readouterr().err.splitlines()
            assert len(lines) == 1, (name, lines)
            check(lines)

        for request in UNFINISHED:
            end_early(server, request)
            hang_up(server, request)
        path = "/api/v1/editing/collections/products/items/A-1"
        request = post(path, "{", "application/json", 100, "PATCH", session)
        hang_up_while_read(server, request)
        hang_up(server, get("/"))
    lines = capfd.readouterr().err.splitlines()
    check(lines)
    # Refused without the CSRF token, and then found malformed.
    assert len(lines) <= 2 * 2 * len(UNFINISHED) + 2
    assert any("Client disconnected: " in line for line in lines), lines


@pytest.mark.django_db(transaction=True)
def test_a_server_error_keeps_its_traceback(tmp_path, capfd):
    with serve(tmp_path, DATABASE_URL=database_url()) as server:
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE geodata_revision RENAME TO elsewhere")
        try:
            assert status(server, get("/bao-ho/?tim=\\x1b")) == 500
        finally:
            with connection.cursor() as cursor:
                cursor.execute("ALTER TABLE elsewhere RENAME TO geodata_revision")

    error_log = capfd.readouterr().err
    assert error_log.startswith("ERROR django.request: Internal Server Error: /bao-ho/\n")
    assert "Traceback (most recent call last):\n" in error_log
    assert 'relation "geodata_revision" does not exist' in error_log


# --- line by line --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("Not Found: /sản-phẩm/", "Not Found: /sản-phẩm/"),
        ("a\nb\r\x1b[2J\0", r"a\nb\r\x1b[2J\x00"),
        ("‮gnp", r"\u202egnp"),
        ("\ud800", r"\ud800"),
        ("x" * MAX_LENGTH, "x" * MAX_LENGTH),
        ("x" * (MAX_LENGTH + 1), "x" * (MAX_LENGTH - 1) + "…"),
        ("\0" * MAX_LENGTH, (r"\x00" * MAX_LENGTH)[: MAX_LENGTH - 1] + "…"),
    ],
)
def test_a_message_is_one_printable_line_of_bounded_length(text, line):
    assert one_line(text) == line


def test_control_characters_in_a_traceback_are_escaped_and_its_lines_kept():
    try:
        raise ValueError("a\x1b[2J")
    except ValueError as error:
        record = logging.LogRecord("x", logging.ERROR, "", 0, "b\nc", (), (ValueError, error, None))

    assert BadRequestFilter().filter(record)
    assert OneLineFormatter("%(message)s").format(record) == "b\\nc\nValueError: a\\x1b[2J"
    assert record.levelno == logging.ERROR
