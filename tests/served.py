"""The real server: gunicorn with ocopmap/gunicorn.conf.py in a separate process."""

import os
import subprocess
import sys
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from socket import SHUT_WR, create_connection, socket
from urllib.parse import urlsplit

import psycopg2
from django.conf import settings
from django.db import connection


@dataclass(frozen=True)
class Server:
    """A running server.

    address: URL of the site. pid: of gunicorn's master process. log: its access log.
    """

    address: str
    port: int
    pid: int
    log: Path

    @property
    def requests(self):
        """Every request so far, as "GET /path?query"."""
        return self.log.read_text().splitlines()

    @property
    def api(self):
        return f"{self.address}/api/v1"


@contextmanager
def serve(folder, *, workers=1, **environment):
    """Serve the site during the body; yield the Server.

    folder: for the access log. workers: processes that answer; the site has two.
    environment: variables that differ from those of this process.
    """
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    log = folder / f"requests-{port}.log"
    log.touch()
    url = urlsplit(environment.get("DATABASE_URL", database_url()))
    before = _site_pages(url)
    process = subprocess.Popen(
        [
            *(sys.executable, "-m", "gunicorn", "--config=ocopmap/gunicorn.conf.py"),
            f"--bind=127.0.0.1:{port}",
            f"--workers={workers}",
            *(f"--access-logfile={log}", "--access-logformat=%(m)s %(U)s?%(q)s"),
        ],
        cwd=settings.BASE_DIR,
        env=os.environ | {"SITE_URL": address} | environment,
    )
    try:
        wait_for(port, process)
        yield Server(address, port, process.pid, log)
    finally:
        process.terminate()
        process.wait(timeout=30)
        # Features that other tests write are of the site of this process again.
        _site_pages(url, before)


def _site_pages(url, row=None):
    """The row of SitePages, which a server writes when it starts; or write that row."""
    with suppress(psycopg2.OperationalError):  # of a test without a database
        database = psycopg2.connect(url._replace(scheme="postgresql").geturl())
        with closing(database), database, database.cursor() as cursor:
            if row:
                cursor.execute("UPDATE geodata_sitepages SET pages = %s, fingerprint = %s", row)
            cursor.execute("SELECT pages::text, fingerprint FROM geodata_sitepages")
            return cursor.fetchone()


def database_url():
    """URL of the test database, for processes that read what a test has committed."""
    url = urlsplit(os.environ["DATABASE_URL"])
    return url._replace(path=f"/{connection.settings_dict['NAME']}").geturl()


def free_port():
    with closing(socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_for(port, process):
    """Return when a worker of the server accepts requests; raise RuntimeError if it has exited.

    A listening socket is not enough: gunicorn listens before when_ready() sets the timeouts.
    """
    while process.poll() is None:
        try:
            with create_connection(("127.0.0.1", port), timeout=30) as probe:
                # Close without a request, so that the access log remains empty.
                probe.shutdown(SHUT_WR)
                assert probe.recv(1) == b""
            return
        except OSError:
            # Not listening yet: let the other process run.
            os.sched_yield()
    raise RuntimeError("The server did not start; its output is above.")
