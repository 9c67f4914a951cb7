"""A thousand listen while the serving process is killed without a word: none misses a message, none hears one twice."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack, suppress
from pathlib import Path

import pytest

from tests.faults.audience import Listener, Room, audience
from tests.faults.house import House, house, move_in, serving
from tests.faults.stage import Stage, set_stage

pytestmark = [pytest.mark.database, pytest.mark.fault, pytest.mark.django_db(transaction=True)]
LISTENERS, MESSAGES, BACK = 1000, 60, 10.0
FAULTS = {
    "nothing is caught up with": """
from hallway.kit import live
missed = live.missed
live.missed = lambda asked: (missed(asked)[0], [([], None) for _one in asked])
""",
    "what is known is told again": """
from hallway.kit import live
missed = live.missed
live.missed = lambda asked: missed([(channel, last_id - 40, known) for channel, last_id, known in asked])
""",
    "every third message is told late": """
from hallway.front.hub import Hub
tell = Hub._publish
def late(self, channel, event):
    if event.told.id % 3:
        return tell(self, channel, event)
    self._loop.call_later(0.3, tell, self, channel, event)
Hub._publish = late
from hallway.front.order import Order
Order._lacks = lambda self, previous: False
""",
}


@pytest.fixture
def stage() -> Stage:
    return set_stage()


def troubles_of(room: Room, wanted: Sequence[int]) -> list[str]:
    """Everything that is wrong with what the listeners heard, in words; nothing when all is well."""
    found = []
    for number, heard in enumerate(room.ask("all")):
        ids = [event[0] for event in heard["events"]]
        counts = [event[1] for event in heard["events"]]
        if missing := set(wanted) - set(ids):
            found.append(f"listener {number} missed {len(missing)}")
        if len(set(counts)) != len(counts):
            found.append(f"listener {number} heard {len(counts) - len(set(counts))} twice")
        if ids != sorted(ids) or counts != sorted(counts, key=_people_here):
            found.append(f"listener {number} heard them out of order")
    return found


def _people_here(data: str) -> int:
    return int(data.split('"came": ')[1].split(",")[0])


def talk(stage: Stage, ports: Sequence[int], messages: int, kill: Callable[[], None], pause: float = 0.1) -> None:
    """Say so much, by turns through each port, and have somebody killed in the middle of it."""
    killer = threading.Thread(target=kill)
    for number in range(messages):
        if number == messages // 2:
            killer.start()
        stage.say(ports[number % len(ports)])
        time.sleep(pause)
    killer.join()


def play(stage: Stage, served: House, listeners: int, messages: int) -> tuple[list[str], float]:
    """What was wrong in the end, and how long after the kill all were back."""
    path = f"/live/public/{stage.channel}"
    with audience([Listener(path, (served.port,))] * listeners) as room:
        room.all_open()
        killed: list[float] = []

        def kill() -> None:
            killed.append(time.time())
            served.kill()

        talk(stage, [served.port], messages, kill)
        room.wait_until(lambda is_open, times, _last: all(is_open) and min(times) >= 2, 20)
        wanted = stage.messages()
        with suppress(AssertionError):  # who missed what is told below
            room.all_heard(wanted[-1], 5)
        back = max(heard["opened"][1] for heard in room.ask("all")) - killed[0]
        return troubles_of(room, wanted), back


def test_killed_in_the_middle_of_sixty_messages_a_thousand_hear_each_once_in_order(
    stage: Stage, tmp_path: Path, figure: Callable[[str], None]
) -> None:
    with house(tmp_path / "house") as served:
        troubles, back = play(stage, served, LISTENERS, MESSAGES)
        figure(f"killed before {LISTENERS} listeners: all were back after {back:.1f} s, {len(troubles)} troubles")
        assert troubles == []
        assert len(stage.messages()) == MESSAGES
        assert back <= BACK


@pytest.mark.parametrize("fault", FAULTS)
def test_killed_turns_red_when(fault: str, stage: Stage, tmp_path: Path) -> None:
    with house(tmp_path / "house", planted=FAULTS[fault]) as served:
        assert play(stage, served, 20, 30)[0]


@pytest.mark.postgresql_only
def test_one_of_two_processes_is_killed_and_the_listeners_of_both_hear_all(
    stage: Stage, tmp_path: Path, figure: Callable[[str], None]
) -> None:
    """What the killed one had written and not told, the other finds by itself."""
    path = f"/live/public/{stage.channel}"
    with ExitStack() as stack:
        move_in(tmp_path / "other")
        one = stack.enter_context(house(tmp_path / "house"))
        other = stack.enter_context(serving(tmp_path / "other"))
        half = LISTENERS // 2
        ports = (one.port, other.port)
        listeners = [Listener(path, ports)] * half + [Listener(path, ports[::-1])] * half
        room = stack.enter_context(audience(listeners))
        room.all_open()
        talk(stage, ports, MESSAGES, one.kill)
        wanted = stage.messages()
        took = room.all_heard(wanted[-1])
        figure(f"one of two processes killed before {LISTENERS} listeners: all had heard all {took:.1f} s after")
        assert troubles_of(room, wanted) == []
        assert len(wanted) == MESSAGES


# The fault: written, and its process killed before it could tell anybody; and nobody looks.
UNTOLD = """
from hallway.front.backplane import Valkey
Valkey.publish = lambda self, channel, told: None
from hallway.front import watch
watch.LOOK = 3600
"""


@pytest.mark.postgresql_only
def test_untold_message_turns_red(stage: Stage, tmp_path: Path) -> None:
    with ExitStack() as stack:
        served = stack.enter_context(house(tmp_path / "house", planted=UNTOLD))
        room = stack.enter_context(audience([Listener(f"/live/public/{stage.channel}", (served.port,))] * 5))
        room.all_open()
        stage.say(served.port)
        time.sleep(6)
        assert troubles_of(room, stage.messages())
