"""A client that stops reading or sending is disconnected, and delays nobody meanwhile.

The real server with a short limit; what it still holds is asked of PostgreSQL.
"""

import os
import re
import runpy
import socket
import struct
import subprocess
import sys
import time
import urllib.request
from contextlib import ExitStack, closing, suppress
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.conf import settings
from django.db import connection

from tests.many import many_products
from tests.served import database_url, serve

# Time enough to respond to others meanwhile, also on a busy machine.
LIMIT_S = 5
# Far more than the limit; only a failing test waits so long.
DEADLINE_S = 60
# As many as there once were threads.
CLIENTS = 8
# Rows enough that no buffer of the network swallows their features.
ROWS = 10_000

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def serving(transactional_db, tmp_path):
    """`serving(5)` starts the server with that limit in seconds."""
    with ExitStack() as stack:
        yield lambda limit: stack.enter_context(
            serve(tmp_path, DATABASE_URL=database_url(), CLIENT_TIMEOUT=str(limit))
        )


def connected(server):
    client = socket.socket()
    # Before connecting: it determines the window of the connection.
    client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    client.connect(("127.0.0.1", server.port))
    client.settimeout(DEADLINE_S)
    return client


def ask_for(path, server):
    client = connected(server)
    client.sendall(f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".encode())
    return client


def backends():
    """(state, last query) of every connection of the server."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT state, query FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            # PostgreSQL's own, like autovacuum, come and go.
            " AND backend_type = 'client backend'"
        )
        return cursor.fetchall()


def reading():
    """Connections in the middle of a download: the last thing they did was to fetch rows."""
    return [row for row in backends() if row[1].startswith("FETCH")]


def until(true):
    end = time.monotonic() + DEADLINE_S
    while not true():
        assert time.monotonic() < end, backends()


def test_a_client_that_stops_reading_is_disconnected_and_delays_nobody(serving, capfd):
    # Rows of CSV are short.
    many_products(2 * ROWS)
    server = serving(LIMIT_S)
    with ExitStack() as stack:
        stalled = [
            stack.enter_context(closing(ask_for("/api/v1/downloads/products.csv", server)))
            for _ in range(CLIENTS)
        ]
        for client in stalled:
            assert client.recv(15) == b"HTTP/1.1 200 OK"
        until(lambda: len(reading()) == CLIENTS)
        assert held_files() == CLIENTS

        # All of them are stuck, and others get responses.
        for path in ("/healthz", "/api/v1/collections/products/items?limit=1"):
            with urllib.request.urlopen(server.address + path, timeout=DEADLINE_S) as answer:
                assert answer.status == 200
        assert len(reading()) == CLIENTS

        # Each connection closes its cursor and is ready for the next query.
        until(lambda: {state for state, _query in backends()} == {"idle"} and not reading())
        until(lambda: not held_files())

    # A client that disconnects is no error of the server.
    assert capfd.readouterr().err == ""


def held_files():
    """Rows that wait in files to be fetched, of all connections to the database."""
    with connection.cursor() as cursor:
        # Other databases of the same PostgreSQL have files there too.
        cursor.execute(
            "SELECT count(*) FROM pg_ls_tmpdir() JOIN pg_stat_activity"
            " ON starts_with(name, format('pgsql_tmp%s.', pid)) WHERE datname = current_database()"
        )
        return cursor.fetchone()[0]


@pytest.mark.parametrize("extension", ["fgb", "geojson"])
def test_a_client_that_stops_reading_a_file_is_disconnected(serving, extension):
    """A file is sent by sendfile(), which has other limits than text; GeoJSON is read from one."""
    many_products(ROWS)
    server = serving(1)
    before = len(list(open_files(server)))
    with closing(ask_for(f"/api/v1/downloads/products.{extension}", server)) as client:
        assert client.recv(15) == b"HTTP/1.1 200 OK"

        until(lambda: len(list(open_files(server))) == before + 1)
        until(lambda: len(list(open_files(server))) == before)


def open_files(server):
    """Unlinked temporary files that the server has open, downloads among them."""
    (children,) = Path(f"/proc/{server.pid}/task").glob("*/children")
    for worker in children.read_text().split():
        for link in Path(f"/proc/{worker}/fd").iterdir():
            with suppress(FileNotFoundError):  # closed while we looked
                # A file that never had a name is called by its number.
                if re.search("/ocopmap-|/#", os.readlink(link)):
                    yield link


def test_a_client_that_does_not_finish_its_request_is_disconnected(serving, capfd):
    with closing(connected(serving(1))) as client:
        client.sendall(b"GET /healthz HTTP/1.1\r\nHos")

        assert client.recv(1) == b""
    assert capfd.readouterr().err == ""


def test_the_limit_is_the_one_that_is_configured(monkeypatch):
    monkeypatch.setenv("CLIENT_TIMEOUT", "7")
    monkeypatch.setenv("PGOPTIONS", "")
    when_ready = runpy.run_path("ocopmap/gunicorn.conf.py")["when_ready"]
    with closing(socket.create_server(("127.0.0.1", 0))) as listener:
        when_ready(SimpleNamespace(LISTENERS=[SimpleNamespace(sock=listener)]))
        with closing(socket.create_connection(listener.getsockname())):
            accepted, _address = listener.accept()
    with closing(accepted):
        sending = accepted.getsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT)
        receiving = accepted.getsockopt(socket.SOL_SOCKET, socket.SO_RCVTIMEO, 16)

    assert (sending, struct.unpack("ll", receiving)) == (7000, (7, 0))


def test_idle_transactions_are_ended_on_the_server_only():
    show_setting = (
        "import django; django.setup(); from django.db import connection as c; cursor = c.cursor();"
        "cursor.execute('SHOW idle_in_transaction_session_timeout'); print(cursor.fetchone()[0])"
    )
    serving = f"import runpy; runpy.run_path('ocopmap/gunicorn.conf.py'); {show_setting}"
    environment = os.environ | {"DJANGO_SETTINGS_MODULE": "ocopmap.settings"}
    environment["DATABASE_URL"] = database_url()

    def output_of(code):
        command = [sys.executable, "-c", code]
        done = subprocess.run(
            command, cwd=settings.BASE_DIR, env=environment, capture_output=True, text=True
        )
        return done.stdout.strip()

    assert output_of(serving) == "1min"
    # A command may take its time.
    assert output_of(show_setting) == "0"
