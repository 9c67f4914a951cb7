"""Two processes serve one house over Valkey: what is said through one reaches the listeners of the other."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from tests.faults.audience import Listener, Room, audience
from tests.faults.house import house, move_in, serving
from tests.faults.stage import Stage, set_stage
from tests.faults.test_live_killed import troubles_of

pytestmark = [
    pytest.mark.database, pytest.mark.postgresql_only, pytest.mark.fault, pytest.mark.django_db(transaction=True),
]  # fmt: skip
LISTENERS, MESSAGES = 100, 40
# The faults: everybody tells the own listeners as well; what is said is told late now and then.
TOLD_TWICE = """
from hallway.front.hub import Hub
from hallway.front.order import Order
tell = Hub._publish
Hub._publish = lambda self, *event: (tell(self, *event), tell(self, *event))
pass_on = Order._let_pass
def forget(self, event):
    out = pass_on(self, event)
    self._sent.pop(event.told.id)
    return out
Order._let_pass = forget
"""
OUT_OF_ORDER = """
import random
from hallway.front.hub import Hub
from hallway.front.order import Order
tell = Hub._publish
Hub._publish = lambda self, *event: self._loop.call_later(random.random() / 2, tell, self, *event)
Order._lacks = lambda self, previous: False
"""


@pytest.fixture
def stage() -> Stage:
    return set_stage()


@contextmanager
def two_processes(stage: Stage, folder: Path, planted: str = "") -> Iterator[tuple[tuple[int, int], Room]]:
    """Their ports, and an audience of which one half listens to each."""
    path = f"/live/public/{stage.channel}"
    with ExitStack() as stack:
        move_in(folder / "other")
        ports = (
            stack.enter_context(house(folder / "house", planted=planted)).port,
            stack.enter_context(serving(folder / "other", planted=planted)).port,
        )
        room = stack.enter_context(audience([Listener(path, (port,)) for port in ports] * (LISTENERS // 2)))
        room.all_open()
        yield ports, room


def talk_through_both(stage: Stage, ports: tuple[int, int]) -> list[int]:
    """Two people speak through each process at the same time; the ids of what they said."""

    def talk(port: int) -> None:
        for _message in range(MESSAGES // 4):
            stage.say(port)

    threads = [threading.Thread(target=talk, args=(port,)) for port in ports * 2]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return stage.messages()


def test_what_is_said_through_one_reaches_the_listeners_of_both_once_in_order(
    stage: Stage, tmp_path: Path, figure: Callable[[str], None]
) -> None:
    with two_processes(stage, tmp_path) as (ports, room):
        wanted = talk_through_both(stage, ports)
        took = room.all_heard(wanted[-1])
        figure(f"{MESSAGES} messages through two processes: {LISTENERS} listeners had heard all {took:.2f} s after")
        assert len(wanted) == MESSAGES
        assert troubles_of(room, wanted) == []


@pytest.mark.parametrize("fault", [TOLD_TWICE, OUT_OF_ORDER], ids=["told twice", "out of order"])
def test_two_processes_turn_red_when(fault: str, stage: Stage, tmp_path: Path) -> None:
    with two_processes(stage, tmp_path, fault) as (ports, room):
        wanted = talk_through_both(stage, ports)
        room.all_heard(wanted[-1])
        assert troubles_of(room, wanted)
