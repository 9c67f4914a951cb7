"""Rights that end while a stream is open: five seconds later nothing comes any more, whoever was to tell of it.

The change is written by another process than the one that serves, so nobody tells the hub: it has to look.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from hallway.gathering.events.models import Event
from hallway.kit import clock, live
from hallway.people import actions
from tests.factories import PersonFactory, TeamRoleFactory
from tests.faults.audience import Listener, Room, audience
from tests.faults.house import house
from tests.faults.stage import Stage, set_stage

pytestmark = [pytest.mark.database, pytest.mark.fault, pytest.mark.django_db(transaction=True)]
MOST_SECONDS = 5.0
# The door's messages, for its team alone, and under the name of somebody: both are what higher packages do.
PRIVATE = """
from hallway.gathering.attendance.facts import DoorBookWritten
from hallway.gathering.communities.queries import present_roles
from hallway.gathering.events.models import Event
from hallway.kit import live
live.renders(DoorBookWritten, private=True)(lambda fact, row: f"private {fact.last_id}")
@live.admits("door:")
def team(event, viewers):
    community = Event.objects.values_list("community", flat=True).get(pk=event)
    named = viewers - {None}
    return present_roles().filter(community=community, person__in=named).values_list("person", flat=True)
"""
SIGNED = """
from hallway.gathering.attendance.facts import DoorBookWritten
from hallway.kit import live
[usual] = live.RENDERERS.pop(DoorBookWritten.kind)
live.RENDERERS[DoorBookWritten.kind].append(live.Rendering(
    lambda fact, row: live.Message(usual.render(fact, row), author=%d), None, False))
"""
# The fault: whoever listens, listens for ever.
NEVER_LOOKS = """
from hallway.front.watch import Watch
async def nothing(self, viewers):
    return True
Watch._judge = nothing
"""


@pytest.fixture
def stage() -> Stage:
    return set_stage()


@contextmanager
def talking(say: Callable[[], None]) -> Iterator[None]:
    """Somebody says something ten times a second."""
    over = threading.Event()

    def talk() -> None:
        while not over.wait(0.1):
            say()
        connection.close()

    thread = threading.Thread(target=talk)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


def last_heard(room: Room) -> list[float]:
    """When each heard the last message; 0 for those who heard none."""
    return [max((at for _id, _data, at, _name in heard["events"]), default=0.0) for heard in room.ask("all")]


def seconds_on(
    stage: Stage, tmp_path: Path, planted: str, addresses: list[str], change: Callable[[], Any], *, aside: bool = False
) -> tuple[list[float], list[dict[str, Any]]]:
    """How long after the change each still heard something, and what became of them; the last listens to the end.

    ``aside``: what is said is written in another process, too.
    """
    with ExitStack() as stack:
        served = stack.enter_context(house(tmp_path / "house", planted=planted))
        room = stack.enter_context(audience([Listener(one, (served.port,)) for one in addresses]))
        stack.enter_context(talking(stage.write if aside else partial(stage.say, served.port)))
        room.all_open()
        room.all_heard(1)
        change()
        changed = time.time()
        time.sleep(MOST_SECONDS + 3)
        heard = last_heard(room)
        assert heard[-1] > changed + MOST_SECONDS
        return [max(0.0, at - changed) for at in heard[:-1]], room.ask("all")


def lose_role(stage: Stage, tmp_path: Path, planted: str) -> tuple[list[float], list[dict[str, Any]]]:
    channel = stage.channel
    leaves, stays = TeamRoleFactory.create_batch(2, community=stage.admission.event.community)
    addresses = [live.address_of(channel, one.person_id) for one in (leaves, stays)]

    def end() -> None:
        type(leaves).objects.filter(pk=leaves.pk).update(ended_at=clock.now())

    return seconds_on(stage, tmp_path, planted, addresses, end)


def test_whoever_loses_access_gets_nothing_private_after_five_seconds(
    stage: Stage, tmp_path: Path, figure: Callable[[str], None]
) -> None:
    [seconds], [left, _stays] = lose_role(stage, tmp_path, PRIVATE)
    figure(f"a right that ends, nobody tells of it: nothing private came after {seconds:.1f} s")
    assert seconds < MOST_SECONDS
    assert all(data.startswith("private") for _id, data, _at, _name in left["events"])
    assert left["status"] == 403  # it came back, with a token that still runs


def test_lost_access_turns_red(stage: Stage, tmp_path: Path) -> None:
    assert lose_role(stage, tmp_path, PRIVATE + NEVER_LOOKS)[0][0] > MOST_SECONDS


def block(stage: Stage, tmp_path: Path, planted: str = "") -> tuple[list[float], list[dict[str, Any]]]:
    author, one = PersonFactory.create_batch(2)
    channel = f"public/{stage.channel}"
    addresses = [live.address_of(channel, one.pk), live.address_of(channel, author.pk), live.address_of(channel)]

    def change() -> None:
        actions.block_person(person=author, by=one, at=clock.now())

    return seconds_on(stage, tmp_path, SIGNED % author.pk + planted, addresses, change)


def test_block_takes_effect_in_an_open_stream_within_five_seconds(
    stage: Stage, tmp_path: Path, figure: Callable[[str], None]
) -> None:
    [seconds, own], [blocker, _author, _anybody] = block(stage, tmp_path)
    figure(f"a block, nobody tells of it: left out of an open stream after {seconds:.1f} s")
    assert seconds < MOST_SECONDS
    assert own > MOST_SECONDS  # one's own words are one's own
    assert (blocker["open"], len(blocker["opened"])) == (True, 1)


def test_block_turns_red(stage: Stage, tmp_path: Path) -> None:
    assert block(stage, tmp_path, NEVER_LOOKS)[0][0] > MOST_SECONDS


def hide_event(stage: Stage, tmp_path: Path, planted: str = "") -> tuple[list[float], list[dict[str, Any]]]:
    event, somebody = stage.admission.event, PersonFactory()
    team = TeamRoleFactory(community=event.community).person
    channel = f"public/{stage.channel}"
    addresses = [live.address_of(channel), live.address_of(channel, somebody.pk), live.address_of(channel, team.pk)]

    def hide() -> None:
        Event.objects.filter(pk=event.pk).update(hidden_at=clock.now())

    return seconds_on(stage, tmp_path, planted, addresses, hide, aside=True)  # its door is closed


def test_event_that_was_hidden_is_heard_by_its_team_alone_after_five_seconds(
    stage: Stage, tmp_path: Path, figure: Callable[[str], None]
) -> None:
    seconds, heard = hide_event(stage, tmp_path)
    figure(f"an event is hidden, nobody tells of it: streams ended after {max(seconds):.1f} s")
    assert max(seconds) < MOST_SECONDS
    assert [one["status"] for one in heard] == [403, 403, 200]


def test_hidden_event_turns_red(stage: Stage, tmp_path: Path) -> None:
    assert min(hide_event(stage, tmp_path, NEVER_LOOKS)[0]) > MOST_SECONDS
