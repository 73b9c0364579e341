"""The versions of records, as pages and programs carry them."""

from django.db import connection


def version_of(record):
    """The version of the record that a page opened now would carry; "" of a new one."""
    stored = type(record).objects.filter(pk=record.pk).values_list("version", flat=True)
    return stored.first() or ""


def next_transaction():
    """Let the triggers take what follows for another transaction, although the test is one."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('geodata.transaction', '', true)")
