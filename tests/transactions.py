"""What follows in another transaction, although the whole test is one."""

from django.db import connection


def next_transaction():
    """Let the triggers take what follows for another transaction: versions rise again."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('geodata.transaction', '', true)")
