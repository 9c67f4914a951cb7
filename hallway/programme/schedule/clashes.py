"""What is wrong with a draft, and whom it hurts. Pure; the sentences are made where they are shown."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Placed:
    """A session in its draft slot. ``speakers`` are ids and names; ``everywhere`` pauses all rooms."""

    slot_id: int
    title: str
    room_id: int | None
    starts: datetime
    ends: datetime
    speakers: tuple[tuple[int, str], ...] = ()
    is_break: bool = False
    everywhere: bool = False


@dataclass(frozen=True, slots=True)
class Clash:
    """A problem of one slot: a code, and the names its sentence needs."""

    slot_id: int
    code: str
    words: Mapping[str, str] = field(default_factory=dict)


def clashes_of(
    placed: Sequence[Placed], *, rooms: Mapping[int, str], first: datetime | None, last: datetime | None
) -> dict[int, list[Clash]]:
    """Problems by slot. ``first`` and ``last`` bound the event's days; None means they are not settled."""
    found: dict[int, list[Clash]] = defaultdict(list)
    for clash in (
        *_same_room(placed, rooms),
        *_same_speaker(placed),
        *_in_breaks(placed),
        *_alone(placed, first, last),
    ):
        found[clash.slot_id].append(clash)
    return found


def _overlaps(ordered: Sequence[Placed]) -> Iterable[tuple[Placed, Placed]]:
    """Pairs that overlap, of a list in order of time."""
    running: list[Placed] = []
    for one in ordered:
        running = [other for other in running if other.ends > one.starts]
        for other in running:
            yield other, one
        running.append(one)


def _in_order(placed: Iterable[Placed]) -> list[Placed]:
    return sorted(placed, key=lambda one: (one.starts, one.slot_id))


def _same_room(placed: Sequence[Placed], rooms: Mapping[int, str]) -> Iterable[Clash]:
    by_room: dict[int, list[Placed]] = defaultdict(list)
    for one in placed:
        if one.room_id is not None:
            by_room[one.room_id].append(one)
    for room, inside in by_room.items():
        for one, other in _overlaps(_in_order(inside)):
            name = rooms.get(room, "")
            yield Clash(one.slot_id, "room_twice", {"other": other.title, "room": name})
            yield Clash(other.slot_id, "room_twice", {"other": one.title, "room": name})


def _same_speaker(placed: Sequence[Placed]) -> Iterable[Clash]:
    by_person: dict[int, list[Placed]] = defaultdict(list)
    names: dict[int, str] = {}
    for one in placed:
        for person, name in one.speakers:
            by_person[person].append(one)
            names[person] = name
    for person, theirs in by_person.items():
        for one, other in _overlaps(_in_order(theirs)):
            yield Clash(one.slot_id, "speaker_twice", {"name": names[person], "other": other.title})
            yield Clash(other.slot_id, "speaker_twice", {"name": names[person], "other": one.title})


def _in_breaks(placed: Sequence[Placed]) -> Iterable[Clash]:
    breaks = [one for one in placed if one.is_break]
    for one in placed:
        if one.is_break:
            continue
        for pause in breaks:
            here = pause.everywhere or pause.room_id == one.room_id
            # Two in one room are told of already.
            if here and pause.room_id != one.room_id and pause.starts < one.ends and one.starts < pause.ends:
                yield Clash(one.slot_id, "in_break", {"other": pause.title})


def _alone(placed: Sequence[Placed], first: datetime | None, last: datetime | None) -> Iterable[Clash]:
    for one in placed:
        if first and last and (one.starts < first or one.ends > last):
            yield Clash(one.slot_id, "outside")
        if one.is_break:
            continue
        if one.room_id is None and not one.everywhere:
            yield Clash(one.slot_id, "no_room")
        if not one.speakers:
            yield Clash(one.slot_id, "no_speaker")
