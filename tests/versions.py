"""Versions of records as used by forms and API clients."""

from django.db import connection


def version_of(record):
    """The version that a form opened now would contain; "" for a new record."""
    stored = type(record).objects.filter(pk=record.pk).values_list("version", flat=True)
    return stored.first() or ""


def next_transaction():
    """Make the triggers treat what follows as another transaction within the test's transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('geodata.transaction', '', true)")
