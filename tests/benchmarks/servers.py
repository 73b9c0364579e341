"""The servers of the benchmark: one worker process each, all publishing the same products."""

import http.client
import json
import os
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path
from socket import create_connection, socket
from urllib.parse import urlsplit

DEADLINE_S = 60
LARGEST_PAGE = 10_000
# The number of threads of a worker of the site.
THREADS = 16
TABLE = "specialty"


class Server:
    """A running server; path: of the table's features."""

    def __init__(self, process, port, path):
        self.process = process
        self.port = port
        self.path = path

    def at(self, path):
        """The same server with another path."""
        return Server(self.process, self.port, path)

    def request(self, connection, query, **headers):
        """(status, headers, body) of the GeoJSON response to the query."""
        connection.request(
            "GET", f"{self.path}?{query}", headers={"Accept": "application/geo+json", **headers}
        )
        response = connection.getresponse()
        return response.status, response.headers, response.read()

    def connect(self):
        return http.client.HTTPConnection("127.0.0.1", self.port, timeout=DEADLINE_S)

    @property
    def worker(self):
        """The process id of the only worker of this gunicorn."""
        pid = self.process.pid
        return int(Path(f"/proc/{pid}/task/{pid}/children").read_text().split()[0])


@contextmanager
def ours(database):
    """The site with this database, as bin/run serves it."""
    with _started(
        lambda port: [*_gunicorn(sys.executable, port), "--config=ocopmap/gunicorn.conf.py"],
        "/api/v1/collections/products/items",
        DATABASE_URL=database,
        DJANGO_SETTINGS_MODULE="tests.benchmarks.settings",
    ) as server:
        yield server


@contextmanager
def tipg(database, peers):
    with _started(
        lambda port: [peers / "uvicorn", "tipg.main:app", f"--port={port}", "--log-level=warning"],
        f"/collections/public.{TABLE}/items",
        DATABASE_URL=urlsplit(database)._replace(scheme="postgresql").geturl(),
        TIPG_DB_SCHEMAS='["public"]',
        TIPG_DB_TABLES=f'["public.{TABLE}"]',
        TIPG_MAX_FEATURES_PER_QUERY=str(LARGEST_PAGE),
    ) as server:
        yield server


@contextmanager
def pygeoapi(database, peers, folder):
    settings, description = folder / "pygeoapi.json", folder / "pygeoapi-openapi.json"
    files = {"PYGEOAPI_CONFIG": str(settings), "PYGEOAPI_OPENAPI": str(description)}
    with _started(
        lambda port: [
            *_gunicorn(peers / "python", port),
            *("--worker-class=gthread", "--no-control-socket", "--log-level=warning"),
            "pygeoapi.flask_app:APP",
        ],
        f"/collections/{TABLE}/items",
        before=lambda port: _describe_to_pygeoapi(database, peers, port, settings, description),
        **files,
    ) as server:
        yield server


def _describe_to_pygeoapi(database, peers, port, settings, description):
    """Write its configuration (as JSON, which is YAML) and generate its OpenAPI document."""
    parts = urlsplit(database)
    global_extent = {
        "bbox": [-180, -90, 180, 90],
        "crs": "http://www.opengis.net/def/crs/OGC/1.3/CRS84",
    }
    provider = {
        "type": "feature",
        "name": "PostgreSQL",
        "data": {
            "host": parts.hostname,
            "port": parts.port,
            "dbname": parts.path.strip("/"),
            "user": parts.username,
            "password": parts.password,
            "search_path": ["public"],
        },
        "id_field": "code",
        "table": TABLE,
        "geom_field": "point",
    }
    about = {"title": TABLE, "description": TABLE, "keywords": [TABLE]}
    address = f"http://127.0.0.1:{port}"
    settings.write_text(
        json.dumps(
            {
                "server": {
                    "bind": {"host": "127.0.0.1", "port": port},
                    "url": address,
                    "mimetype": "application/json; charset=UTF-8",
                    "encoding": "utf-8",
                    "languages": ["en-US"],
                    "limits": {"default_items": 100, "max_items": LARGEST_PAGE},
                    "map": {"url": address, "attribution": ""},
                },
                "logging": {"level": "ERROR"},
                "metadata": {
                    "identification": {**about, "terms_of_service": "", "url": address},
                    "license": {"name": "", "url": address},
                    "provider": {"name": TABLE, "url": address},
                    "contact": {"name": TABLE},
                },
                "resources": {
                    TABLE: {
                        **about,
                        "type": "collection",
                        "links": [],
                        "extents": {"spatial": global_extent},
                        "providers": [provider],
                    }
                },
            }
        )
    )
    subprocess.run(
        [peers / "pygeoapi", "openapi", "generate", settings, "--output-file", description],
        env=os.environ | {"PYGEOAPI_CONFIG": str(settings)},
        check=True,
        capture_output=True,
    )


def _gunicorn(python, port):
    options = (f"--bind=127.0.0.1:{port}", "--workers=1", f"--threads={THREADS}")
    return [python, "-m", "gunicorn", *options]


@contextmanager
def _started(command, path, before=None, **environment):
    """Start command(port), yield its server once it responds, and stop it at the end."""
    with socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    if before:
        before(port)
    process = subprocess.Popen([str(part) for part in command(port)], env=os.environ | environment)
    try:
        end = time.monotonic() + DEADLINE_S
        while True:
            try:
                create_connection(("127.0.0.1", port), timeout=1).close()
                break
            except OSError:
                if process.poll() is not None or time.monotonic() > end:
                    raise
                time.sleep(0.1)
        yield Server(process, port, path)
    finally:
        process.terminate()
        process.wait()
