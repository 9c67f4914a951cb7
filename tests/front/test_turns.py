"""Requests wait in a line for each address, and the lines take turns."""

import threading
import time
from functools import partial

import pytest

from hallway.front.turns import Turns


def taken(turns: Turns, said: list[str]) -> list[str]:
    while len(turns):
        job = turns.get()
        assert job is not None
        job()
    return said


def test_get_takes_one_of_each_address_in_turn_and_keeps_the_order_within() -> None:
    turns, said = Turns(), list[str]()
    for whose in ("flood", "flood", "flood", "flood", "one", "two", "two"):
        turns.put(partial(said.append, whose), whose)
    assert (len(turns), turns.of("flood"), turns.of("nobody")) == (7, 4, 0)
    assert taken(turns, said) == ["flood", "one", "two", "flood", "two", "flood", "flood"]
    assert (len(turns), turns.of("flood")) == (0, 0)


def test_get_waits_for_what_comes_and_no_longer_than_told() -> None:
    turns = Turns()
    began = time.monotonic()
    with pytest.raises(TimeoutError):
        turns.get(0.05)
    assert time.monotonic() - began < 2
    threading.Timer(0.05, turns.put, [None]).start()
    assert turns.get(5) is None


def test_many_threads_take_each_job_once() -> None:
    turns, said, lock = Turns(), list[int](), threading.Lock()

    def note(number: int) -> None:
        with lock:
            said.append(number)

    def work() -> None:
        while (job := turns.get()) is not None:
            job()

    threads = [threading.Thread(target=work) for _one in range(4)]
    for thread in threads:
        thread.start()
    for number in range(400):
        turns.put(partial(note, number), str(number % 7))
    for _thread in threads:
        turns.put(None)
    for thread in threads:
        thread.join(10)
    # The end of a line may be told before the last of the others: what is left is left.
    assert len(set(said)) == len(said)
    assert len(said) + len(turns) == 400
