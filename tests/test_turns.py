"""A test that measures time runs while no other does, and cannot be kept waiting by the others."""

import fcntl
import threading
import time

import pytest

from tests.turns import turn

BESIDE = fcntl.LOCK_SH | fcntl.LOCK_NB
ALONE = fcntl.LOCK_EX | fcntl.LOCK_NB


def lock(folder, name, how):
    """Whether another could have that lock now."""
    with (folder / name).open("w") as file:
        try:
            fcntl.flock(file, how)
        except BlockingIOError:
            return False
    return True


@pytest.mark.parametrize(("alone", "another"), [(False, True), (True, False)])
def test_another_runs_beside_unless_one_is_alone(tmp_path, alone, another):
    with turn(tmp_path, alone=alone):
        assert lock(tmp_path, "room.lock", BESIDE) is another
        assert lock(tmp_path, "room.lock", ALONE) is False
    assert lock(tmp_path, "room.lock", ALONE) is True


def test_nobody_comes_before_the_one_who_waits_to_be_alone(tmp_path):
    done = threading.Event()

    def measure():
        with turn(tmp_path, alone=True):
            done.set()

    with turn(tmp_path, alone=False):
        waiting = threading.Thread(target=measure)
        waiting.start()
        # It closes the gate behind itself; until it has come there, there is nothing to see.
        end = time.monotonic() + 10
        while lock(tmp_path, "gate.lock", ALONE) and time.monotonic() < end:
            pass
        assert not lock(tmp_path, "gate.lock", ALONE)
        assert not done.is_set()
    waiting.join(timeout=10)
    assert done.is_set()
