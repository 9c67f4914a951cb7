"""Readers who take nothing: the others hear as quickly as before, and what waits for the slow fills no memory."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import pytest

from benchmarks.loader import memory_mb
from hallway.kit.models import FactRow
from tests.faults.audience import Listener, audience
from tests.faults.crowd import percentile
from tests.faults.house import House, house
from tests.faults.stage import Stage, set_stage

pytestmark = [pytest.mark.database, pytest.mark.fault, pytest.mark.django_db(transaction=True)]
FAST, SLOW, MESSAGES, PADDING, MOST_MB = 60, 40, 120, 50_000, 6
# Messages so long that what the system itself keeps for a reader, up to 4 MB, is full before the end.
LONG = f"""
import time
from hallway.gathering.attendance.facts import DoorBookWritten
from hallway.kit import live
live.RENDERERS.pop(DoorBookWritten.kind)
live.RENDERERS[DoorBookWritten.kind].append(live.Rendering(
    lambda fact, row: f"{{time.time()}} " + "x" * {PADDING}, None, False))
"""
# The fault: whoever does not read is waited for.
PATIENT = """
from hallway.front import hub
hub.Listener.pause_writing = lambda self: None
hub.Listener.resume_writing = lambda self: None
"""


@pytest.fixture
def stage() -> Stage:
    return set_stage()


def speak(stage: Stage, served: House, slow: int) -> tuple[list[float], float]:
    """How long each message took to each fast reader, sorted, and by how many MB the server has grown."""
    path = f"/live/public/{stage.channel}"
    fast = [Listener(path, (served.port,))] * FAST
    with audience(fast) as room, audience([Listener(path, (served.port,), slow=True)] * slow) as sleepers:
        room.all_open()
        sleepers.ask("state")
        before = memory_mb(served.process.pid)
        for _message in range(MESSAGES):
            stage.say(served.port)
            time.sleep(0.05)
        room.all_heard(FactRow.objects.filter(scopes__key=stage.channel).latest("pk").pk)
        grown = memory_mb(served.process.pid) - before
        events = [event for heard in room.ask("all") for event in heard["events"]]
        assert len(events) == FAST * MESSAGES
        return sorted(at - float(data.split(" ")[0]) for _id, data, at, _name in events), grown


def test_slow_readers_harm_nobody(stage: Stage, tmp_path: Path, figure: Callable[[str], None]) -> None:
    with house(tmp_path / "house", planted=LONG) as served:
        without, _grown = speak(stage, served, 0)
        beside, grown = speak(stage, served, SLOW)
        before, after = percentile(without, 99) * 1000, percentile(beside, 99) * 1000
        figure(
            f"{MESSAGES} messages of 50 KB to {FAST} readers: p99 {before:.0f} ms, "
            f"beside {SLOW} who read nothing {after:.0f} ms, {grown:+.1f} MB"
        )
        assert after <= 3 * before + 100
        assert grown < MOST_MB


def test_waiting_for_slow_readers_turns_red(stage: Stage, tmp_path: Path) -> None:
    with house(tmp_path / "house", planted=LONG + PATIENT) as served:
        assert speak(stage, served, SLOW)[1] >= MOST_MB
