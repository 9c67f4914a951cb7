"""Jacaranda Conf: two days, four rooms, and something is on whenever the demonstration is started."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from hallway.gathering.events.actions import (
    accept_host,
    add_room,
    create_event,
    edit_event,
    invite_host,
    publish_event,
)
from hallway.gathering.events.models import Event, Room
from hallway.people.models import Person
from hallway.programme.schedule.actions import (
    NewSession,
    NewSlot,
    add_sessions_in_bulk,
    add_track,
    move_slot,
    release_schedule,
)
from hallway.programme.schedule.models import Session, Slot, Track
from hallway.vocabulary.models import Topic

from . import reading
from .communities import Made
from .meetups import Given, write_talks
from .people import DEMONSTRATION
from .reading import WrittenSlot

SLUG = "jacaranda-conf"
ZONE = "Africa/Johannesburg"
# The programme opens at nine and lasts eight hours; whoever starts the demonstration sees some of its first day.
OPENS = time(9)
LASTS, LATEST = timedelta(hours=8), timedelta(hours=6, minutes=30)
BREATH = timedelta(minutes=5)
NOON = 12 * 60
ANNOUNCED, FIRST_RELEASE, SECOND_RELEASE = timedelta(days=90), timedelta(days=30), timedelta(days=2)
DESCRIPTION = {
    "en": "Two days for people who write Python and for their neighbours: four rooms, long breaks, and a hallway with "
    "chairs in it. A third of the speakers have never spoken before.",
    "fr": "Deux jours pour celles et ceux qui écrivent du Python, et pour leur voisinage\u202f: quatre salles, "
    "de longues pauses, et un couloir avec des chaises. Un tiers des personnes qui interviennent le font pour la "
    "première fois.",
}
TAGLINE = {"en": "Python and its neighbours, in four rooms", "fr": "Python et ses voisins, dans quatre salles"}
JOINING = {
    "en": "Follow Main hall and Ballroom at https://live.example.org/jacaranda. The room code is in your mail.",
    "fr": "Main hall et Ballroom se suivent sur https://live.example.org/jacaranda. Le code est dans votre courriel.",
}
CHANGED = {
    "en": "Two talks changed rooms, since one of them drew more people, and one more was added.",
    "fr": "Deux présentations ont échangé leurs salles, car l’une attirait plus de monde, et une autre s’est ajoutée.",
}
PRESENT = {
    "en": "The demonstration moved to the present.",
    "fr": "La démonstration a été ramenée au présent.",
}
ROOMS: tuple[tuple[str, int, list[str], list[str]], ...] = (
    ("Main hall", 320, ["hdmi", "usb_c", "microphone", "audience_microphone", "recording", "livestream"],
     ["step_free", "induction_loop", "captions", "wheelchair_seats"]),
    ("Ballroom", 160, ["hdmi", "microphone", "recording", "livestream"], ["step_free", "lift", "wheelchair_seats"]),
    ("Committee room", 70, ["hdmi", "usb_c", "whiteboard"], ["step_free", "lift", "quiet_room"]),
    ("Long room", 36, ["hdmi", "whiteboard", "power", "tables", "wifi"], ["lift"]),
)  # fmt: skip
# In the first release these two stood in each other's room, and the third was not there yet.
SWAPPED = ("Packaging, again, and calmly", "The feature store nobody asked for")
ADDED = "Radio, rain and Python"


@dataclass(frozen=True)
class Clock:
    """When the first day opens, and where days end, in minutes after midnight."""

    opens: datetime
    day_boundary: int


def clock_at(now: datetime, written: Sequence[WrittenSlot]) -> Clock:
    """The clock of a conference whose first day is on now: today's, moved by as few whole hours as it takes."""
    today = now.astimezone(ZoneInfo(ZONE)).replace(hour=OPENS.hour, minute=0, second=0, microsecond=0)
    for hours in sorted(range(-10, 11), key=abs):
        opens = today + timedelta(hours=hours)
        if _is_on(now - opens, written) and _is_on(now + BREATH - opens, written):
            over_night = (opens + LASTS).date() > opens.date()
            return Clock(opens, NOON if over_night else 0)
    raise ValueError("the written programme leaves a gap of an hour")


def _is_on(since: timedelta, written: Sequence[WrittenSlot]) -> bool:
    """Whether a session of the first day is on so long after its opening, and much of the day still to come.

    A break is none: nobody asks anything in it.
    """
    return since <= LATEST and any(
        _after_opening(slot) <= since < _after_opening(slot) + timedelta(minutes=slot.talk.minutes)
        for slot in written
        if slot.day == 1 and slot.kind != Session.Kind.BREAK
    )


def _after_opening(slot: WrittenSlot) -> timedelta:
    return timedelta(days=slot.day - 1, hours=slot.at.hour - OPENS.hour, minutes=slot.at.minute)


def hold(made: Mapping[str, Made], people: Mapping[str, Person], now: datetime) -> None:
    """Announce the conference three months ago, release its programme twice, and let it be on now."""
    one, written = made["jacaranda-developers"], reading.conference()
    clock = clock_at(now, written)
    event = _announce(one, made["lake-code"], clock, written, now - ANNOUNCED)
    rooms = _rooms(event, one.organiser, now - ANNOUNCED)
    names = dict.fromkeys(slot.track for slot in written if slot.track)
    tracks = {name: add_track(event=event, name=name, by=one.organiser, at=now - FIRST_RELEASE) for name in names}
    topics = {topic.slug: topic for topic in Topic.objects.all()}
    texts = [slot.talk for slot in written if slot.kind != Session.Kind.BREAK]
    talks = iter(write_talks(texts, one.organiser, people, topics, at=now - FIRST_RELEASE - timedelta(days=20)))
    new = [
        _session(slot, None if slot.kind == Session.Kind.BREAK else next(talks), clock, rooms, tracks)
        for slot in written
    ]
    _release_twice(event, one.organiser, new, now)


def _announce(one: Made, host: Made, clock: Clock, written: Sequence[WrittenSlot], at: datetime) -> Event:
    ends = max(_after_opening(slot) + timedelta(minutes=slot.talk.minutes) for slot in written)
    title = f"Jacaranda Conf {clock.opens.year}"
    event = create_event(
        community=one.community, title={"en": title, "fr": title}, slug=SLUG, tagline=TAGLINE,
        description=DESCRIPTION, starts_at=clock.opens, ends_at=clock.opens + ends, zone=ZONE,
        day_boundary=clock.day_boundary, attendance=Event.Attendance.HYBRID, venue=one.venue, joining=JOINING,
        languages=["en", "fr"], topics=list(one.community.topics.all()), seats=420, by=one.organiser, at=at,
    )  # fmt: skip
    event = publish_event(event=event, by=one.organiser, at=at)
    asked = invite_host(event=event, community=host.community, by=one.organiser, at=at + timedelta(days=2))
    accept_host(host=asked, by=host.organiser, at=at + timedelta(days=4))
    return event


def _rooms(event: Event, by: Person, at: datetime) -> dict[str, Room]:
    return {
        name: add_room(event=event, name=name, capacity=seats, equipment=equipment, access=access, by=by, at=at)
        for name, seats, equipment, access in ROOMS
    }


def _session(
    slot: WrittenSlot, given: Given | None, clock: Clock, rooms: Mapping[str, Room], tracks: Mapping[str, Track]
) -> NewSession:
    """A break or a keynote is for everybody; a keynote stands in the biggest room."""
    for_all = slot.room == ""
    starts = clock.opens + _after_opening(slot)
    room = rooms.get(slot.room) or (rooms["Main hall"] if given else None)
    place = NewSlot(starts, starts + timedelta(minutes=slot.talk.minutes), room)
    return NewSession(
        kind=slot.kind,
        talk=given.talk if given else None,
        title={} if given else slot.talk.title,
        track=tracks.get(slot.track),
        plenum=for_all,
        slots=[place],
    )


def _release_twice(event: Event, by: Person, new: Sequence[NewSession], now: datetime) -> None:
    """First without one talk and with two in each other's room; then as it stands."""
    one, other, added = (_named(title, new) for title in (*SWAPPED, ADDED))
    rooms = {one.talk: other.slots[0].room, other.talk: one.slots[0].room}
    at_first = [
        replace(each, slots=[replace(each.slots[0], room=rooms[each.talk])]) if each.talk in rooms else each
        for each in new
        if each is not added
    ]
    first, second = now - FIRST_RELEASE, now - SECOND_RELEASE
    add_sessions_in_bulk(event=event, sessions=at_first, by=by, at=first)
    release_schedule(event=event, by=by, at=first)
    for each in (one, other):
        slot = Slot.objects.select_related("session__event").get(session__event=event, session__talk=each.talk)
        place = each.slots[0]
        move_slot(slot=slot, room=place.room, starts_at=place.starts_at, ends_at=place.ends_at, by=by, at=second)
    add_sessions_in_bulk(event=event, sessions=[added], by=by, at=second)
    release_schedule(event=event, note=CHANGED, by=by, at=second)


def _named(title: str, new: Sequence[NewSession]) -> NewSession:
    return next(each for each in new if each.talk and each.talk.title.get("en") == title)


def bring_to_now(now: datetime) -> bool:
    """When nothing is on any more, begin the conference again today. Returns whether it moved."""
    event = Event.objects.filter(slug=SLUG, state=Event.State.PUBLISHED).first()
    slots = Slot.objects.filter(session__event=event, removed_at=None)
    if event is None or event.starts_at is None or slots.filter(starts_at__lte=now, ends_at__gt=now).exists():
        return False
    clock = clock_at(now, reading.conference())
    moved = clock.opens - event.starts_at
    changes = {
        "starts_at": clock.opens,
        "ends_at": event.ends_at + moved if event.ends_at else None,
        "day_boundary": clock.day_boundary,
    }
    event = edit_event(event=event, changes=changes, by=DEMONSTRATION, at=now)
    for slot in slots.select_related("session__event", "room"):
        move_slot(slot=slot, room=slot.room, starts_at=slot.starts_at + moved, ends_at=slot.ends_at + moved,
                  by=DEMONSTRATION, at=now)  # fmt: skip
    release_schedule(event=event, note=PRESENT, by=DEMONSTRATION, at=now)
    return True
