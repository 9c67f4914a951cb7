"""Reads hoverboard's Firebase export (DevFests): sessions by id, speakers by slug, a schedule of time slots
by day.

The position in a time slot is the track, and one session (a break) may fill many slots.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from hallway.exchange.draft import Draft
from hallway.exchange.findings import Unreadable, found
from hallway.exchange.frab import choose_zone
from hallway.exchange.opening import as_json
from hallway.exchange.programme import Programme, SessionIn, SpeakerIn
from hallway.exchange.shapes import first, listing, mapping, objects, words
from hallway.exchange.text import one_line


class _Place(NamedTuple):
    start: str
    end: str
    track: str


def read(data: bytes, *, zone: ZoneInfo | None = None) -> Programme:
    """A hoverboard export as a programme; its local times are taken in `zone`. Raises Unreadable for other
    shapes.
    """
    root = mapping(as_json(data))
    sessions, schedule = root.get("sessions"), root.get("schedule")
    if not isinstance(sessions, dict) or not isinstance(schedule, dict | list):
        raise Unreadable(found("unknown-dialect", format="hoverboard"))
    zoned = choose_zone(None, zone, ())
    draft = Draft("hoverboard", zoned.zone, zoned.origin)
    if zoned.doubt:
        draft.report.note(zoned.doubt)
    for key, speaker in mapping(root.get("speakers")).items():
        _read_speaker(draft, key, mapping(speaker))
    places = _places(objects(schedule))
    for key, source in sessions.items():
        session = _session(draft, mapping(source))
        spots = places.get(key, [])
        if not spots:
            draft.add(session, draft.slot(session.title, start=None), [("id", key)])
        for spot in spots:
            room = draft.room(spot.track)
            slot = draft.slot(session.title, start=spot.start, end=spot.end, room=room)
            draft.add(session, slot, [("id", key)])
    return draft.finish(title="", generator="hoverboard")


def _places(days: list[Mapping[str, Any]]) -> dict[str, list[_Place]]:
    """Session ids to where and when they are, from every day's time slots."""
    places: defaultdict[str, list[_Place]] = defaultdict(list)
    for day in days:
        tracks = [words(track.get("title")) for track in objects(day.get("tracks"))]
        slots = objects(day.get("timeslots"))
        for place, slot in enumerate(slots):
            for position, cell in enumerate(objects(slot.get("sessions"))):
                span = cell.get("extend")
                last = slots[min(place + span - 1, len(slots) - 1)] if isinstance(span, int) and span > 1 else slot
                start, end = (
                    f"{words(day.get('date'))}T{words(t).zfill(5)}"
                    for t in (slot.get("startTime"), last.get("endTime"))
                )
                track = tracks[position] if position < len(tracks) and len(objects(slot.get("sessions"))) > 1 else ""
                for ident in _items(cell):
                    places[ident].append(_Place(start, end, track))
    return places


def _items(cell: Mapping[str, Any]) -> Iterator[str]:
    return (words(item) for item in listing(cell.get("items")) if words(item))


def _read_speaker(draft: Draft, key: str, speaker: Mapping[str, Any]) -> None:
    links = (
        draft.link(link.get("link"), words(link.get("name")), words(link.get("icon")), of=words(speaker.get("name")))
        for link in objects(speaker.get("socials"))
    )
    draft.person(
        words(speaker.get("name")),
        ident=key,
        biography=words(first(speaker, "bio", "shortBio")),
        tagline=", ".join(filter(None, (words(speaker.get("title")), words(speaker.get("company"))))),
        picture=first(speaker, "photoUrl", "photo"),
        links=[link for link in links if link is not None],
        contacts=bool(first(speaker, "email", "phone")),
    )


def _session(draft: Draft, source: Mapping[str, Any]) -> SessionIn:
    title = one_line(words(source.get("title")))
    speakers = [draft.person_with_id(words(ident), title) for ident in listing(source.get("speakers"))]
    slides = draft.link(first(source, "presentation"), kind="slides", of=title)
    video = words(source.get("videoId"))
    tags = tuple(dict.fromkeys(tag for item in listing(source.get("tags")) if (tag := one_line(words(item)))))
    return draft.session(
        title,
        kind=words(first(source, "type", "format")),
        language=words(source.get("language")),
        description=words(source.get("description")),
        level=one_line(words(source.get("complexity"))),
        tags=tags,
        speakers=tuple(SpeakerIn(key) for key in dict.fromkeys(speakers) if key is not None),
        attachments=(slides,) if slides else (),
        recording_url=f"https://www.youtube.com/watch?v={video}" if video else "",
        is_break=source.get("isBreak") is True or source.get("service") is True,
    )
