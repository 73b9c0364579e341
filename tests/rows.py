"""Rows that many tests need, built once per process and copied into the database for each test."""

import copy
import io
from contextlib import contextmanager

import pytest
from django.db import connection, transaction

# Filled by migrations; no test changes them.
_FILLED_BY_MIGRATIONS = (
    "auth_permission",
    "django_content_type",
    "django_migrations",
    "geodata_sitepages",
    "spatial_ref_sys",
)
_WRITTEN_AT_THE_END = ("geodata_change", "geodata_revision")
# From this size on, rows are truncated rather than deleted: deleted ones would slow later scans.
_MANY_ROWS_BYTES = 1_000_000


def prepared(build):
    """Make a fixture of the rows that `build()` creates, at several milliseconds per test.

    The fixture gives what `build()` returned, copied, so that a test may change it. `build()` runs
    in an empty database: a test must not request another fixture with rows before this one.
    Triggers run when the rows are built, not when they are copied; the features are copied as the
    end of the transaction would write them. The change feed, which it would write as well, lists
    the rows only where the test that built them commits.
    """
    content = []

    def rows(db):
        assert _tables_with_rows() == [], "the database is not empty"
        if content:
            result, tables = content
            _copy_in(tables)
        else:
            result = build()
            content.extend([result, _copy_out()])
        return copy.deepcopy(result)

    rows.__doc__ = build.__doc__
    return pytest.fixture(rows)


def empty_tables():
    """Delete what tests have committed, like Django's `flush`, without recreating permissions."""
    with connection.cursor() as cursor, _without_triggers(cursor):
        tables = _tables(cursor)
        cursor.execute("SELECT max(pg_relation_size(name)) FROM unnest(%s) AS name", [tables])
        if cursor.fetchone()[0] > _MANY_ROWS_BYTES:
            cursor.execute(f"TRUNCATE {', '.join(tables)}")
        else:
            cursor.execute(";".join(f"DELETE FROM {table}" for table in tables))


def _tables(cursor):
    cursor.execute(
        "SELECT quote_ident(relname) FROM pg_class WHERE relnamespace = 'public'::regnamespace"
        " AND relkind = 'r' AND relname <> ALL (%s) ORDER BY relname",
        [list(_FILLED_BY_MIGRATIONS)],
    )
    return [name for (name,) in cursor.fetchall()]


def _tables_with_rows():
    with connection.cursor() as cursor:
        each = (f"SELECT '{name}' WHERE EXISTS (TABLE {name})" for name in _tables(cursor))
        cursor.execute(" UNION ALL ".join(each))
        return [name for (name,) in cursor.fetchall()]


def _copy_out():
    """Table and columns → its rows in PostgreSQL's text format."""
    found = {}
    # In a transaction, these are not written yet.
    skipped = _WRITTEN_AT_THE_END if connection.in_atomic_block else ()
    with connection.cursor() as cursor, _with_features(cursor):
        for table in _tables_with_rows():
            if table in skipped:
                continue
            cursor.execute(
                "SELECT string_agg(quote_ident(attname), ', ') FROM pg_attribute"
                " WHERE attrelid = %s::regclass AND attnum > 0"
                " AND NOT attisdropped AND attgenerated = ''",
                [table],
            )
            (columns,) = cursor.fetchone()
            text = io.StringIO()
            cursor.copy_expert(f"COPY (SELECT {columns} FROM {table}) TO STDOUT", text)
            found[f"{table} ({columns})"] = text.getvalue()
    return found


@contextmanager
def _with_features(cursor):
    """Run the deferred triggers, and undo that afterwards."""
    with transaction.atomic():
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        yield
        transaction.set_rollback(True)


def _copy_in(tables):
    with transaction.atomic(), connection.cursor() as cursor, _without_triggers(cursor):
        for table, text in tables.items():
            cursor.copy_expert(f"COPY {table} FROM STDIN", io.StringIO(text))


@contextmanager
def _without_triggers(cursor):
    cursor.execute("SET session_replication_role = replica")
    yield
    cursor.execute("SET session_replication_role = DEFAULT")
