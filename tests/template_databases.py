"""Databases of the tests, copied from templates that are migrated and loaded once.

Templates: one with the tables, one per province pack with its data as well. A name contains the
digest of the files that the content depends on, so that a changed file leads to a new template.
bin/test runs this module to build both while other checks run.
"""

import hashlib
import os
import subprocess
import sys
from contextlib import closing, contextmanager
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit

import psycopg2
from django.conf import settings
from django.db import connection

ROOT = Path(__file__).resolve().parent.parent
PACKS = ROOT / "geodata" / "data"
# Each template is built from the one before by a command of manage.py.
TABLES, LOADED = "tables", "loaded"
COMMANDS = {TABLES: "migrate", LOADED: "load_shipped_data"}
PREFIX = "test_template_"
# bin/test sets this for its private server; on another server the templates are dropped at the end.
KEEP = "OCOPMAP_KEEP_TEMPLATES"
# Folders of an app whose files change nothing in a database.
IRRELEVANT = {"static", "templates", "locale", "__pycache__"}

# Kind of template → the database of this process that is a copy of it.
_copies = {}


def use(kind):
    """Connect Django to this process's copy of that template from the next query on."""
    if kind not in _copies:
        worker = os.environ.get("PYTEST_XDIST_WORKER", "alone")
        copy(kind, f"test_ocopmap_{worker}_{kind}")
        _copies[kind] = f"test_ocopmap_{worker}_{kind}"
    if connection.settings_dict["NAME"] != _copies[kind]:
        connection.close()
        connection.settings_dict["NAME"] = _copies[kind]


def in_use(kind):
    """Whether this process has a copy of that template."""
    return kind in _copies


def drop_copies():
    connection.close()
    while _copies:
        drop(_copies.popitem()[1])


def drop_templates():
    """Drop all templates, unless the server is there for these tests alone."""
    if KEEP not in os.environ:
        with server() as cursor:
            _drop_templates(cursor, PREFIX)


def copy(kind, database):
    """Create or replace a database as a copy of the template of that kind."""
    with server() as cursor:
        _create(cursor, database, _template(cursor, kind))


def drop(database):
    with server() as cursor:
        cursor.execute(f'DROP DATABASE IF EXISTS "{database}" WITH (FORCE)')


def url_of(database):
    """The DATABASE_URL of a database on the server of the tests."""
    return urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{database}").geturl()


@contextmanager
def server():
    """A cursor outside of transactions, in no database of the tests."""
    admin = psycopg2.connect(urlsplit(url_of("postgres"))._replace(scheme="postgresql").geturl())
    admin.autocommit = True
    with closing(admin), admin.cursor() as cursor:
        yield cursor


def _template(cursor, kind):
    """The name of the template of that kind, built now unless it exists."""
    series = f"{PREFIX}{kind}_" if kind == TABLES else f"{PREFIX}{kind}_{settings.PLACE.name}_"
    name = series + _digest(kind)
    # Another process that needs it waits until it is complete. The lock ends with the connection.
    cursor.execute("SELECT pg_advisory_lock(hashtext(%s))", [name])
    cursor.execute("SELECT FROM pg_database WHERE datname = %s", [name])
    if cursor.fetchone() is None:
        base = "template1" if kind == TABLES else _template(cursor, TABLES)
        unfinished = f"unfinished_{name}"
        _create(cursor, unfinished, base)
        url = url_of(unfinished)
        manage(url, COMMANDS[kind])
        with closing(psycopg2.connect(urlsplit(url)._replace(scheme="postgresql").geturl())) as it:
            it.autocommit = True
            it.cursor().execute("VACUUM ANALYZE")
        _drop_templates(cursor, series)
        cursor.execute(f'ALTER DATABASE "{unfinished}" RENAME TO "{name}"')
    return name


def manage(url, *command, **environment):
    """Run a command of manage.py on the database with that DATABASE_URL."""
    subprocess.run(
        [sys.executable, "manage.py", *command, "--verbosity=0"],
        cwd=ROOT,
        env=os.environ | {"DATABASE_URL": url} | environment,
        stdout=subprocess.DEVNULL,
        check=True,
    )


def _create(cursor, database, template):
    cursor.execute(f'DROP DATABASE IF EXISTS "{database}" WITH (FORCE)')
    cursor.execute(f'CREATE DATABASE "{database}" TEMPLATE "{template}"')
    # Tests set the clock to past days; otherwise only features from yesterday on are stored.
    cursor.execute(f"ALTER DATABASE \"{database}\" SET geodata.features_since = '-infinity'")


def _drop_templates(cursor, prefix):
    cursor.execute("SELECT datname FROM pg_database WHERE starts_with(datname, %s)", [prefix])
    for (name,) in cursor.fetchall():
        cursor.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


@cache
def _digest(kind):
    """Changes with the code, the packages and, if loaded, the data of the template."""
    files = [ROOT / "requirements.txt"]
    for app in ("geodata", "districts", "products", "ocopmap"):
        files += [file for file in _files(ROOT / app) if not file.is_relative_to(PACKS)]
    if kind == LOADED:
        files += _files(settings.PLACE.folder)
    digest = hashlib.sha256()
    for file in sorted(files):
        content = file.read_bytes()
        digest.update(f"{file.relative_to(ROOT)} {len(content)}\n".encode() + content)
    return digest.hexdigest()[:16]


def _files(folder):
    return [
        file for file in folder.rglob("*") if file.is_file() and not IRRELEVANT & set(file.parts)
    ]


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ocopmap.settings")
    with server() as cursor:
        _template(cursor, LOADED)
