"""A whole programme in memory, in a handful of queries whatever its size: for the grid, the editor and exports."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django.utils.translation import get_language

from hallway.gathering.events.models import Event, Room
from hallway.kit.localised import UNKNOWN, pick
from hallway.programme.schedule.models import Session, Slot, Track
from hallway.programme.talks.models import Speaking, Talk

_COLUMNS = (
    "pk", "session_id", "session__talk_id", "session__slug", "session__kind", "session__title",
    "session__talk__title", "session__track_id", "session__plenum", "session__talk__languages",
    "session__talk__level", "session__admission_id", "public_at",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Entry:
    """A session in its slot, as a programme shows it. Times are in the event's zone; ``day`` ends at its boundary."""

    slot_id: int
    session_id: int
    talk_id: int | None
    slug: str
    kind: str
    title: str
    title_language: str
    speakers: tuple[tuple[int, str], ...]
    track_id: int | None
    room_id: int | None
    starts: datetime
    ends: datetime
    day: date
    plenum: bool
    languages: tuple[str, ...]
    level: str
    topics: frozenset[int]
    is_public: bool
    has_seats: bool

    @property
    def who(self) -> str:
        return ", ".join(name for _pk, name in self.speakers)

    @property
    def is_break(self) -> bool:
        return self.kind == Session.Kind.BREAK

    @property
    def minutes(self) -> int:
        return int((self.ends - self.starts).total_seconds() // 60)

    @property
    def address(self) -> str:
        """The session's page, as seen from a page one below the event's; short, since a programme has a thousand."""
        return f"../sessions/{self.session_id}/"


@dataclass(frozen=True)
class Programme:
    """All entries in order of time and room, and the rooms, tracks and topics they name."""

    event: Event
    entries: list[Entry]
    rooms: dict[int, Room]
    tracks: dict[int, Track]
    topics: dict[int, str] = field(default_factory=dict)

    @property
    def days(self) -> list[date]:
        return sorted({entry.day for entry in self.entries})

    def room_name(self, entry: Entry) -> str:
        room = self.rooms.get(entry.room_id or 0)
        return room.name if room else ""

    def room_worth_saying(self, entry: Entry) -> str:
        """The room's name where there is a choice; everybody finds an event's only room."""
        return self.room_name(entry) if len(self.rooms) > 1 else ""

    def next_change(self, now: datetime) -> datetime | None:
        """When something begins or ends next."""
        moments = (moment for entry in self.entries for moment in (entry.starts, entry.ends) if moment > now)
        return min(moments, default=None)


def programme_of(event: Event, *, draft: bool = False) -> Programme:
    """The released programme, or the draft for its team. Five queries."""
    prefix = "" if draft else "public_"
    slots = Slot.objects.filter(session__event=event)
    if draft:
        slots = slots.filter(removed_at=None, session__removed_at=None)
    else:
        slots = slots.filter(public_at__isnull=False, session__hidden_at=None)
    rows = list(slots.values_list(*_COLUMNS, f"{prefix}room_id", f"{prefix}starts_at", f"{prefix}ends_at"))
    rooms = {room.pk: room for room in Room.objects.filter(event=event)}
    order = {pk: position for position, pk in enumerate(rooms)}
    speakers = speakers_of(event)
    topics, names = _topics_of(event)
    entries = [_entry(row, event, speakers, topics) for row in rows]
    entries.sort(key=lambda entry: (entry.starts, order.get(entry.room_id or 0, -1), entry.ends, entry.slot_id))
    tracks = {track.pk: track for track in Track.objects.filter(event=event)}
    return Programme(event, entries, rooms, tracks, names)


def _entry(
    row: tuple[Any, ...],
    event: Event,
    speakers: dict[int, list[tuple[int, str]]],
    topics: dict[int, set[int]],
) -> Entry:
    slot, session, talk, slug, kind, own, talks, track, plenum, languages, level, admission, public_at, *place = row
    room, starts, ends = place
    title = pick(own or talks)
    starts, ends = starts.astimezone(event.tz), ends.astimezone(event.tz)
    return Entry(
        slot_id=slot,
        session_id=session,
        talk_id=talk,
        slug=slug,
        kind=kind,
        title=title.text,
        title_language="" if title.language == UNKNOWN else title.language,
        speakers=tuple(speakers.get(talk, ())),
        track_id=track,
        room_id=room,
        starts=starts,
        ends=ends,
        day=(starts - timedelta(minutes=event.day_boundary)).date(),
        plenum=plenum,
        languages=tuple(languages or ()),
        level=level or "",
        topics=frozenset(topics.get(talk, ())),
        is_public=public_at is not None,
        has_seats=admission is not None,
    )


def speakers_of(event: Event) -> dict[int, list[tuple[int, str]]]:
    """Ids and names of the speakers of every talk of an event, by talk, in their order."""
    talks = Session.objects.filter(event=event, talk__isnull=False).values("talk_id")
    rows: Iterable[tuple[int, int, str]] = (
        Speaking.objects.filter(talk__in=talks, person__left_at=None)
        .order_by("talk_id", "position", "pk")
        .values_list("talk_id", "person_id", "person__name")
    )
    found: dict[int, list[tuple[int, str]]] = defaultdict(list)
    for talk, person, name in rows:
        found[talk].append((person, name))
    return found


def _topics_of(event: Event) -> tuple[dict[int, set[int]], dict[int, str]]:
    talks = Session.objects.filter(event=event, talk__isnull=False).values("talk_id")
    column = "topic__name_fr" if (get_language() or "en").startswith("fr") else "topic__name_en"
    rows = Talk.topics.through.objects.filter(talk_id__in=talks).values_list("talk_id", "topic_id", column)
    found: dict[int, set[int]] = defaultdict(set)
    names: dict[int, str] = {}
    for talk, topic, name in rows:
        found[talk].add(topic)
        names[topic] = name
    return found, names
