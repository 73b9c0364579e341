"""Turns of tests that run side by side, of which some must be measured alone."""

import fcntl
from contextlib import contextmanager


@contextmanager
def turn(folder, *, alone):
    """Run the body beside others of the folder, or while no other runs.

    Whoever waits to be alone stands in the gate, so that the others cannot come before it for ever.
    """
    with (folder / "gate.lock").open("w") as gate, (folder / "room.lock").open("w") as room:
        fcntl.flock(gate, fcntl.LOCK_EX)
        fcntl.flock(room, fcntl.LOCK_EX if alone else fcntl.LOCK_SH)
        fcntl.flock(gate, fcntl.LOCK_UN)
        yield
