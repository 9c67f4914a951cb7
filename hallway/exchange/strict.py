"""What the frab formats insist on: acronyms, unique numbers, UUIDs and slugs, offsets without seconds."""

from __future__ import annotations

import hashlib
import re
import unicodedata
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from hallway.exchange.identity import read_guid
from hallway.exchange.programme import PersonIn, Programme, RoomIn, SessionIn, SlotIn
from hallway.exchange.text import one_line

NO_ROOM = "–"
_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
XML_SLUG = re.compile(r"[a-z0-9_]{4,}-[a-z0-9_-]{4,}")
JSON_SLUG = re.compile(r"[a-z0-9_-]+[a-z0-9]")
_CODE = re.compile(r"[0-9A-Z]{6}")
_MOST_ID = 2**31 - 1
_SLUG_LENGTH = 100


@dataclass(frozen=True, slots=True)
class StrictSlot:
    """A slot with everything the frab formats need, each unique in its file."""

    session: SessionIn
    slot: SlotIn
    id: int
    guid: str
    slug: str
    code: str
    room_name: str


@dataclass(frozen=True, slots=True)
class StrictDay:
    """An event day: its index from 1, its borders as local times with offset, its slots by room name."""

    index: int
    date: date
    starts_at: datetime
    ends_at: datetime
    rooms: tuple[tuple[str, RoomIn | None, tuple[StrictSlot, ...]], ...]


def legal(text: str) -> str:
    """The text without the characters XML 1.0 forbids."""
    return _ILLEGAL.sub("", text)


def plain_slug(text: str) -> str:
    """Lower-case ASCII letters, digits and single hyphens; may be empty."""
    ascii_text = unicodedata.normalize("NFKD", text.casefold()).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", ascii_text).strip("-")


def acronym(programme: Programme) -> str:
    """`[a-z0-9_-]{4,}`, from the slug, else the title."""
    found = re.sub(r"[^a-z0-9_-]+", "-", programme.slug.lower()).strip("-") or plain_slug(programme.title)
    return (found if len(found) >= 4 else f"{found}-event".strip("-"))[:_SLUG_LENGTH]


def local(instant: datetime, programme: Programme) -> datetime:
    """The instant in the programme's zone; in UTC where the zone's offset has seconds, which no format can
    hold.
    """
    shown = instant.astimezone(programme.zone).replace(microsecond=0)
    offset = shown.utcoffset() or timedelta()
    return instant.astimezone(UTC).replace(microsecond=0) if offset % timedelta(minutes=1) else shown


def strict_slots(programme: Programme, slug_pattern: re.Pattern[str]) -> Iterator[StrictSlot]:
    """Every slot by start and room, as files list them: so the first of a session stays the first when read again.

    Numbers, UUIDs and slugs are kept where they are valid and free, else made from the slot's key.

    They are made the same way each time, so that applications keep their users' bookmarks.
    """
    ids, guids, slugs, codes = set[int](), set[str](), set[str](), set[str]()
    names = room_names(programme)
    prefix = acronym(programme).replace("-", "_")
    claimed = {slot.id for _, slot in programme.slots() if slot.id and slot.id <= _MOST_ID}
    order = {room.key: place for place, room in enumerate(programme.rooms)}
    placed = sorted(programme.slots(), key=lambda one: (one[1].starts_at, order.get(one[1].room or "", len(order))))
    for session, slot in placed:
        if slot.cancelled:
            continue
        number = _free_id(slot, ids, claimed)
        guid = _free_guid(slot, programme, guids)
        slug = _free_slug(session, number, prefix, slugs, slug_pattern)
        code = session.code if _CODE.fullmatch(session.code) and session.code not in codes else ""
        codes.add(code)
        yield StrictSlot(session, slot, number, guid, slug, code, names.get(slot.room or "", NO_ROOM))


def _free_id(slot: SlotIn, taken: set[int], claimed: set[int]) -> int:
    number = slot.id if slot.id and 0 < slot.id <= _MOST_ID else 0
    if not number or number in taken:
        number = int.from_bytes(hashlib.sha256(slot.key.encode("utf-8", "replace")).digest()[:4]) % _MOST_ID + 1
        while number in taken or number in claimed:
            number = number % _MOST_ID + 1
    taken.add(number)
    return number


def made_guid(known: str, key: str, programme: Programme) -> str:
    """The known UUID, or one made from the key and the event's address, the same each time."""
    return read_guid(known) or str(uuid.uuid5(uuid.NAMESPACE_URL, f"{programme.base_url or acronym(programme)}#{key}"))


def person_guid(person: PersonIn, programme: Programme) -> str:
    """A UUID for a person."""
    return made_guid(person.guid, f"person:{person.key}", programme)


def _free_guid(slot: SlotIn, programme: Programme, taken: set[str]) -> str:
    guid = made_guid(slot.guid, slot.key, programme)
    while guid in taken:
        guid = str(uuid.uuid5(uuid.NAMESPACE_URL, f"{guid}#{slot.key}"))
    taken.add(guid)
    return guid


def _free_slug(session: SessionIn, number: int, prefix: str, taken: set[str], pattern: re.Pattern[str]) -> str:
    slug = session.slug
    if not pattern.fullmatch(slug) or slug in taken:
        words = plain_slug(session.title)[:_SLUG_LENGTH].strip("-")
        slug = f"{prefix}-{number}-{words}" if len(words) > 1 else f"{prefix}-{number}-session"
        while slug in taken:
            slug += "0"
    taken.add(slug)
    return slug


def room_names(programme: Programme) -> dict[str, str]:
    """Room keys to names that are not empty and differ from one another."""
    names: dict[str, str] = {}
    for room in programme.rooms:
        name = legal(room.name).strip() or "?"
        number = 1
        while name in names.values():
            number += 1
            name = f"{legal(room.name).strip() or '?'} ({number})"
        names[room.key] = name
    return names


def strict_days(programme: Programme, slug_pattern: re.Pattern[str]) -> list[StrictDay]:
    """At least one day; rooms in their order in every day that uses them, slots by start."""
    by_day: dict[date, dict[str, list[StrictSlot]]] = {day: {} for day in programme.days()}
    for placed in strict_slots(programme, slug_pattern):
        rooms = by_day.setdefault(programme.day_of(placed.slot.starts_at), {})
        rooms.setdefault(placed.room_name, []).append(placed)
    if not by_day:
        stamp = programme.updated_at
        by_day[programme.starts_on or (stamp.date() if stamp else date(1970, 1, 1))] = {}
    names = room_names(programme)
    by_name = {names[room.key]: room for room in programme.rooms}
    order = {name: place for place, name in enumerate(by_name)}
    days = []
    for index, day in enumerate(sorted(by_day), start=1):
        starts_at = _at_boundary(day, programme)
        ends_at = _at_boundary(day + timedelta(days=1), programme)
        used = sorted(by_day[day].items(), key=lambda pair: order.get(pair[0], len(order)))
        rooms_used = tuple((name, by_name.get(name), tuple(slots)) for name, slots in used)
        days.append(StrictDay(index, day, starts_at, ends_at, rooms_used))
    return days


def _at_boundary(day: date, programme: Programme) -> datetime:
    midnight = datetime.combine(day, time(), programme.zone)
    wall = midnight + timedelta(minutes=programme.day_boundary)
    return local(wall.astimezone(UTC), programme)


def hours_minutes(length: timedelta) -> str:
    """A length as HH:MM, hours beyond 24 included; seconds are cut."""
    minutes = int(length.total_seconds()) // 60
    return f"{minutes // 60:02d}:{minutes % 60:02d}"


def spoken(session: SessionIn) -> str:
    """The language field: the codes, else the source's word."""
    return ", ".join(session.languages) or one_line(session.language_raw)


def type_of(session: SessionIn) -> str:
    """The type field: "break" for breaks, else the source's word, else our kind."""
    return "break" if session.is_break else one_line(session.kind_raw) or session.kind
