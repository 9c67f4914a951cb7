"""Writes a table that opens in any spreadsheet and can do no harm there."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from hallway.exchange.findings import _
from hallway.exchange.programme import Programme, SessionIn, SlotIn
from hallway.exchange.strict import hours_minutes, local, made_guid, spoken, type_of
from hallway.kit.table import csv_bytes

LOSSES: dict[str, str] = {
    "event": _("Title, dates and addresses of the event are left out."),
    "zone": _("Times are local, without a time zone."),
    "people": _("Only the names of speakers are kept, and semicolons in them become commas."),
    "links": _("Links, attachments, feedback addresses and pictures are left out."),
    "recordings": _("“Do not stream” is left out."),
    "private": _("Addresses for joining online and private labels are left out."),
    "cancelled": _("Cancelled slots are left out."),
    "slots": _("A session in several slots becomes several rows."),
    "rooms": _("Only the names of rooms and tracks are kept."),
    "plenum": _("That a session is for everyone is not marked."),
    "languages": _("Languages are written as codes."),
    "breaks": _("Breaks keep no type of their own."),
}

_HEADER = (
    *("id", "code", "title", "subtitle", "type", "break", "track", "level", "language", "tags", "speakers"),
    *(
        "room",
        "date",
        "start",
        "end date",
        "end",
        "duration",
        "abstract",
        "description",
        "url",
        "recording url",
    ),
    "do not record",
)


def write(programme: Programme) -> bytes:
    """One row a slot, then the sessions without one."""
    return csv_bytes(_HEADER, _rows(programme))


def _rows(programme: Programme) -> Iterator[list[str]]:
    names = _Names(programme)
    for session, slot in programme.slots():
        if not slot.cancelled:
            yield _row(programme, names, session, slot)
    for session in programme.sessions:
        if not session.slots:
            yield _row(programme, names, session, None)


class _Names:
    """What people, rooms and tracks are called, by key."""

    def __init__(self, programme: Programme) -> None:
        self.people = {person.key: person.name for person in programme.people}
        self.rooms = {room.key: room.name for room in programme.rooms}
        self.tracks = {track.key: track.name for track in programme.tracks}


def _row(programme: Programme, names: _Names, session: SessionIn, slot: SlotIn | None) -> list[str]:
    return [
        made_guid(slot.guid if slot else session.guid, slot.key if slot else session.key, programme),
        session.code,
        session.title,
        session.subtitle,
        type_of(session),
        "yes" if session.is_break else "",
        names.tracks.get(session.track or "", ""),
        session.level,
        spoken(session),
        _listed(session.tags),
        _listed(names.people.get(speaker.person, "") for speaker in session.speakers),
        names.rooms.get((slot.room if slot else "") or "", ""),
        *(_times(programme, slot) if slot else ("",) * 5),
        session.abstract,
        session.description,
        session.url,
        session.recording_url,
        "yes" if session.do_not_record else "",
    ]


def _times(programme: Programme, slot: SlotIn) -> tuple[str, ...]:
    starts_at, ends_at = local(slot.starts_at, programme), local(slot.ends_at, programme)
    return (
        starts_at.date().isoformat(),
        f"{starts_at:%H:%M:%S}",
        ends_at.date().isoformat(),
        f"{ends_at:%H:%M:%S}",
        hours_minutes(slot.duration),
    )


def _listed(names: Iterable[str]) -> str:
    """Names in one cell; semicolons keep commas inside a name whole."""
    kept = [" ".join(name.replace(";", ",").split()) for name in names if name]
    return "; ".join(kept) + (";" if len(kept) == 1 and "," in kept[0] else "")
