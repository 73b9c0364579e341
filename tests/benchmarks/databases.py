"""The databases of the benchmark, one for each number of synthetic products, filled once."""

import hashlib
import os
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from urllib.parse import urlsplit

import psycopg2


def database_of(rows):
    """The DATABASE_URL of a database with `rows` synthetic products, filled if necessary."""
    filled_by = [Path(__file__).with_name(name) for name in ("fill.sql", "fill.py", "models.py")]
    return _database(f"bench_{rows}", "tests.benchmarks.fill", rows, filled_by)


def province_of(rows):
    """The DATABASE_URL of the shipped data with `rows` realistic products, filled if necessary.

    Nobody may be connected to the database with the shipped data.
    """
    filled_by = [Path("tests/realistic_products.py"), Path("geodata/data")]
    shipped = urlsplit(os.environ["DATABASE_URL"]).path.strip("/")
    return _database(f"province_{rows}", "tests.realistic_products", rows, filled_by, shipped)


def _database(name, module, rows, filled_by, template="template1"):
    """The DATABASE_URL of a database that a module fills, if it is not there already.

    filled_by: the files and folders that the rows depend on, beside the migrations.
    """
    server = os.environ["DATABASE_URL"]
    address = urlsplit(server)._replace(path=f"/{name}").geturl()
    made_by = _fingerprint(filled_by)
    with closing(connect(server)) as connection, connection.cursor() as cursor:
        cursor.execute(
            "SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = %s",
            [name],
        )
        if cursor.fetchone() == (made_by,):
            return address
        print(f"Filling a database with {rows:,} products", flush=True)
        cursor.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
        cursor.execute(f"CREATE DATABASE {name} TEMPLATE {template}")
        subprocess.run(
            [sys.executable, "-m", module, str(rows)],
            env=os.environ | {"DATABASE_URL": address},
            check=True,
        )
        # Recorded when the database is complete.
        cursor.execute(f"COMMENT ON DATABASE {name} IS '{made_by}'")
    return address


def copy_of(database):
    """The DATABASE_URL of a new copy of a database, to which nobody may be connected."""
    name = urlsplit(database).path.strip("/")
    address = urlsplit(database)._replace(path=f"/{name}_copy").geturl()
    with closing(connect(os.environ["DATABASE_URL"])) as connection:
        cursor = connection.cursor()
        cursor.execute(f"DROP DATABASE IF EXISTS {name}_copy WITH (FORCE)")
        cursor.execute(f"CREATE DATABASE {name}_copy TEMPLATE {name}")
    return address


def _fingerprint(filled_by):
    """A hash of the migrations and of what fills the tables: files and folders."""
    files = []
    for path in filled_by:
        files += [file for file in sorted(path.rglob("*")) if file.is_file()]
        files += [path] if path.is_file() else []
    files += [Path("geodata", name) for name in ("feature_tables.py", "feature_model.py")]
    for app in ("geodata", "districts", "products/register", "products/rights", "products/ocop"):
        files += sorted(Path(app).glob("migrations/*.py"))
    return hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest()[:16]


def connect(database):
    """A connection outside of transactions."""
    connection = psycopg2.connect(_libpq(database))
    connection.autocommit = True
    return connection


def psql(database):
    """The first arguments of a psql command."""
    return [os.environ["PSQL"], "-Xq", "-v", "ON_ERROR_STOP=1", "-d", _libpq(database)]


def _libpq(database):
    return urlsplit(database)._replace(scheme="postgresql").geturl()
