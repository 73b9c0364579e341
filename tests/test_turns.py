"""A test that measures time runs while no other does, and need not wait for ever."""

import threading

from tests.turns import turn


def start(folder, told, name, *, alone, until=None):
    """A thread that tells when its turn begins and ends."""
    begun = threading.Event()

    def run():
        with turn(folder, alone=alone):
            told.append(f"{name} begins")
            begun.set()
            if until:
                until.wait(timeout=10)
            told.append(f"{name} ends")

    thread = threading.Thread(target=run)
    thread.start()
    return thread, begun


def test_two_run_side_by_side_and_one_alone_with_neither(tmp_path):
    told, go_on = [], threading.Event()
    first, first_begun = start(tmp_path, told, "first", alone=False, until=go_on)
    second, second_begun = start(tmp_path, told, "second", alone=False, until=go_on)
    assert first_begun.wait(timeout=10)
    assert second_begun.wait(timeout=10)
    alone, alone_begun = start(tmp_path, told, "alone", alone=True)
    assert not alone_begun.is_set()
    go_on.set()
    for thread in (first, second, alone):
        thread.join(timeout=10)

    assert told[-2:] == ["alone begins", "alone ends"]
