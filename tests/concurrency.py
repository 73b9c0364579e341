"""Concurrent database work, each part on its own connection."""

import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

from django.db import connection, connections

# Much longer than any of these tests takes; reached only when a test fails.
DEADLINE_S = 20


@contextmanager
def meanwhile(act):
    """Run `act()` in another thread during the body; yield its future.

    Leaving the context waits for the thread.
    """

    def on_its_own_connection():
        try:
            with connection.cursor() as cursor:
                # A failing test releases its locks only after this thread has ended.
                cursor.execute(f"SET lock_timeout = '{DEADLINE_S}s'")
            return act()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(1) as pool:
        yield pool.submit(on_its_own_connection)


def wait_until_somebody_waits_for_a_lock():
    """Return once another connection is waiting for a lock that this test holds."""
    end = time.monotonic() + DEADLINE_S
    with connection.cursor() as cursor:
        while time.monotonic() < end:
            cursor.execute(
                "SELECT FROM pg_locks"
                " WHERE NOT granted AND pg_backend_pid() = ANY (pg_blocking_pids(pid))"
            )
            if cursor.fetchone() is not None:
                return
    raise AssertionError("No connection is waiting for a lock.")
