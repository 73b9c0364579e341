"""Things that happen at the same time, each on a connection of its own."""

import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

from django.db import connection, connections

# Far more than anything here takes; only a failing test waits so long.
DEADLINE_S = 20


@contextmanager
def meanwhile(act):
    """Run `act()` in another thread while the body runs; its result is `.result()` of what comes.

    Leaving the body waits for it.
    """

    def on_its_own_connection():
        try:
            with connection.cursor() as cursor:
                # A test that fails leaves its locks only when this thread has ended.
                cursor.execute(f"SET lock_timeout = '{DEADLINE_S}s'")
            return act()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(1) as pool:
        yield pool.submit(on_its_own_connection)


def wait_until_somebody_waits_for_a_lock():
    """Return once another connection stands before a lock that this test holds."""
    end = time.monotonic() + DEADLINE_S
    with connection.cursor() as cursor:
        while time.monotonic() < end:
            cursor.execute(
                "SELECT FROM pg_locks"
                " WHERE NOT granted AND pg_backend_pid() = ANY (pg_blocking_pids(pid))"
            )
            if cursor.fetchone() is not None:
                return
    raise AssertionError("Nobody waits for a lock.")
