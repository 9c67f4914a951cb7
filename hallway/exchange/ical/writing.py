"""Writes iCalendar with full zones, stable UIDs and cancelled entries marked as such."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, timedelta
from urllib.parse import urlsplit

from icalendar import Timezone

from hallway.exchange.findings import _
from hallway.exchange.ical.lines import escaped, folded
from hallway.exchange.programme import Programme, SessionIn, SlotIn
from hallway.exchange.strict import acronym, made_guid
from hallway.exchange.trust import web_address

MEDIA_TYPE = "text/calendar; charset=utf-8"

LOSSES: dict[str, str] = {
    "texts": _("Subtitle, abstract and description become one text."),
    "people": _("Speakers are a line in the text: biographies, roles and identifiers are left out."),
    "tracks": _("Track, type, level and tags become one list of categories."),
    "unscheduled": _("Sessions without a time are left out."),
    "slots": _("A session in several slots becomes several entries."),
    "links": _("Links, feedback addresses and recordings are left out."),
    "recordings": _("“Do not record” and “do not stream” are left out."),
    "private": _("Addresses for joining online and private labels are left out."),
    "languages": _("Only the first language of a session is kept."),
    "rooms": _("Capacity and order of rooms are left out."),
    "breaks": _("Breaks are known by their titles only."),
    "boundary": _("The hour at which event days change is left out."),
}

_CSS_COLOURS = {
    "black": 0x000000,
    "gray": 0x808080,
    "silver": 0xC0C0C0,
    "white": 0xFFFFFF,
    "maroon": 0x800000,
    "red": 0xFF0000,
    "purple": 0x800080,
    "fuchsia": 0xFF00FF,
    "green": 0x008000,
    "lime": 0x00FF00,
    "olive": 0x808000,
    "yellow": 0xFFFF00,
    "navy": 0x000080,
    "blue": 0x0000FF,
    "teal": 0x008080,
    "aqua": 0x00FFFF,
    "orange": 0xFFA500,
    "tomato": 0xFF6347,
    "coral": 0xFF7F50,
    "gold": 0xFFD700,
    "orchid": 0xDA70D6,
    "royalblue": 0x4169E1,
    "seagreen": 0x2E8B57,
    "brown": 0xA52A2A,
}


def write(programme: Programme, *, speakers_label: str = "Speakers") -> bytes:
    """The programme as a calendar, always the same bytes for the same programme.

    `speakers_label` opens the line of names in each text, in the reader's language.
    """
    lines = [*_head(programme)]
    body = "".join(folded(line) for line in lines) + _zone_block(programme)
    people = {person.key: person.name for person in programme.people}
    rooms = {room.key: room.name for room in programme.rooms}
    tracks = {track.key: track.name for track in programme.tracks}
    entries: list[str] = [*_whole_event(programme)]
    for session, slot in programme.slots():
        names = ", ".join(people[s.person] for s in session.speakers if people.get(s.person))
        room = rooms.get(slot.room or "", "")
        track = tracks.get(session.track or "", "")
        text = _text(session, f"{speakers_label}: {names}" if names else "")
        entries.extend(_entry(programme, session, slot, text, room, track))
    body += "".join(folded(line) for line in entries)
    return (body + "END:VCALENDAR\r\n").encode()


def _head(programme: Programme) -> Iterator[str]:
    yield from (
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Hallway//Programme//EN",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
    )
    yield f"NAME:{escaped(programme.title)}"
    yield f"X-WR-CALNAME:{escaped(programme.title)}"
    yield f"X-WR-TIMEZONE:{programme.zone.key}"
    if programme.description:
        yield f"DESCRIPTION:{escaped(programme.description)}"
    if colour := _css_colour(programme.colour):
        yield f"COLOR:{colour}"
        yield f"X-APPLE-CALENDAR-COLOR:{programme.colour}"
    if url := web_address(programme.url):
        yield f"URL:{url}"
    if source := web_address(programme.feed_url):
        yield f"SOURCE;VALUE=URI:{source}"
    yield "REFRESH-INTERVAL;VALUE=DURATION:PT1H"
    yield "X-PUBLISHED-TTL:PT1H"


def _css_colour(colour: str) -> str:
    """The nearest colour with a name; RFC 7986 allows no other."""
    if not re.fullmatch(r"#[0-9a-fA-F]{6}", colour):
        return ""
    wanted = int(colour[1:], 16)

    def distance(other: int) -> int:
        return sum(((wanted >> shift & 255) - (other >> shift & 255)) ** 2 for shift in (0, 8, 16))

    return min(_CSS_COLOURS, key=lambda name: distance(_CSS_COLOURS[name]))


def _zone_block(programme: Programme) -> str:
    """The VTIMEZONE of the programme's years; none for UTC."""
    if programme.zone.key in {"UTC", "Etc/UTC"}:
        return ""
    days = programme.days()
    first, last = (days[0], days[-1]) if days else (date(1970, 1, 1), date(1970, 1, 1))
    block = Timezone.from_tzinfo(
        programme.zone,
        programme.zone.key,
        first_date=first.replace(month=1, day=1),
        last_date=last + timedelta(days=400),
    )
    return str(block.to_ical().decode())


def _host(programme: Programme) -> str:
    return urlsplit(web_address(programme.base_url) or web_address(programme.url)).hostname or "hallway.invalid"


def _stamp(programme: Programme, slot: SlotIn | None) -> datetime:
    """When this was last changed; without that, the start, so that the bytes stay the same."""
    known = (slot and slot.updated_at) or programme.updated_at or (slot and slot.starts_at)
    return known.astimezone(UTC) if known else datetime(1970, 1, 1, tzinfo=UTC)


def _whole_event(programme: Programme) -> Iterable[str]:
    """An all-day entry over the days of a conference of several days."""
    first, last = programme.starts_on, programme.ends_on
    if first is None or last is None or last <= first:
        return
    yield "BEGIN:VEVENT"
    yield f"UID:event-{acronym(programme)}@{_host(programme)}"
    yield f"DTSTAMP:{_stamp(programme, None):%Y%m%dT%H%M%SZ}"
    yield f"DTSTART;VALUE=DATE:{first:%Y%m%d}"
    yield f"DTEND;VALUE=DATE:{last + timedelta(days=1):%Y%m%d}"
    yield f"SUMMARY:{escaped(programme.title)}"
    if programme.place:
        yield f"LOCATION:{escaped(programme.place)}"
    if url := web_address(programme.url):
        yield f"URL:{url}"
    yield "TRANSP:TRANSPARENT"
    yield f"STATUS:{'CANCELLED' if programme.cancelled else 'CONFIRMED'}"
    yield "END:VEVENT"


def _text(session: SessionIn, speakers: str) -> str:
    parts = (speakers, session.subtitle, session.abstract, session.description)
    return "\n\n".join(part for part in parts if part)


def _entry(programme: Programme, session: SessionIn, slot: SlotIn, text: str, room: str, track: str) -> Iterator[str]:
    changed = _stamp(programme, slot)
    yield "BEGIN:VEVENT"
    yield f"UID:{made_guid(slot.guid, slot.key, programme)}@{_host(programme)}"
    yield f"DTSTAMP:{changed:%Y%m%dT%H%M%SZ}"
    if slot.updated_at:
        yield f"LAST-MODIFIED:{changed:%Y%m%dT%H%M%SZ}"
    yield f"SEQUENCE:{slot.sequence}"
    yield _time("DTSTART", slot.starts_at, programme)
    yield _time("DTEND", slot.ends_at, programme)
    language = f";LANGUAGE={session.languages[0]}" if session.languages else ""
    yield f"SUMMARY{language}:{escaped(session.title)}"
    if text:
        yield f"DESCRIPTION{language}:{escaped(text)}"
    if room:
        yield f"LOCATION:{escaped(room)}"
    if categories := [escaped(name) for name in (track, session.kind_raw, session.level, *session.tags) if name]:
        yield f"CATEGORIES:{','.join(categories)}"
    if url := web_address(session.url):
        yield f"URL:{url}"
    for attachment in session.attachments:
        if safe := web_address(attachment.url):
            yield f"ATTACH:{safe}"
    yield f"STATUS:{'CANCELLED' if slot.cancelled or programme.cancelled else 'CONFIRMED'}"
    yield "END:VEVENT"


def _time(name: str, instant: datetime, programme: Programme) -> str:
    """Local time with its zone; UTC for UTC and where an instant falls into a repeated hour a second time."""
    shown = instant.astimezone(programme.zone)
    if programme.zone.key in {"UTC", "Etc/UTC"} or shown.fold:
        return f"{name}:{instant.astimezone(UTC):%Y%m%dT%H%M%SZ}"
    return f"{name};TZID={programme.zone.key}:{shown:%Y%m%dT%H%M%S}"
