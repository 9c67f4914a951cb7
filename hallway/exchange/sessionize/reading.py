"""Reads Sessionize's views. Their times are local and the zone is nowhere in the file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any
from zoneinfo import ZoneInfo

from hallway.exchange.draft import Draft
from hallway.exchange.findings import Unreadable, found
from hallway.exchange.frab import choose_zone
from hallway.exchange.identity import read_guid
from hallway.exchange.opening import as_json
from hallway.exchange.programme import Programme, SpeakerIn
from hallway.exchange.sessionize.categories import Meaning, items_by_id, labels_of
from hallway.exchange.shapes import first, listing, mapping, objects, strays, words
from hallway.exchange.text import one_line

_CONTACTS = ("email", "phone", "mobile", "phoneNumber")
_KNOWN = {
    *(
        "id",
        "title",
        "description",
        "startsAt",
        "endsAt",
        "isServiceSession",
        "isPlenumSession",
        "speakers",
        "categoryItems",
    ),
    *(
        "categories",
        "questionAnswers",
        "roomId",
        "room",
        "liveUrl",
        "recordingUrl",
        "status",
        "isInformed",
        "isConfirmed",
    ),
}


def read(data: bytes, *, zone: ZoneInfo | None = None) -> Programme:
    """View All, GridSmart, Sessions, Speakers or SpeakerWall as a programme; local times are taken in `zone`.

    Without `zone` times are read as UTC and a warning says so. Raises Unreadable for damaged JSON and other
    dialects.
    """
    root = as_json(data)
    sessions, speakers, rooms = _parts(root)
    odd = strays(mapping(root).get("sessions")) if isinstance(root, dict) else strays(root)
    zoned = choose_zone(None, zone, ())
    draft = Draft("sessionize", zoned.zone, zoned.origin)
    if zoned.doubt:
        draft.report.note(zoned.doubt)
    items = items_by_id(mapping(root).get("categories"))
    for room in sorted(rooms, key=_sort):
        draft.room(words(room.get("name")), ident=room.get("id"))
    for speaker in speakers:
        _read_speaker(draft, speaker, items)
    for session in sessions:
        _read_session(draft, session, items)
    for stray in odd:
        draft.report.refuse("not-an-entry", value=stray)
    if not sessions:
        draft.report.warn("no-sessions")
    return draft.finish(title="", generator="Sessionize")


def _sort(room: Mapping[str, Any]) -> float:
    place = room.get("sort")
    return place if isinstance(place, int | float) else 0


_Objects = list[Mapping[str, Any]]


def is_sessionize(root: object) -> bool:
    """Whether parsed JSON has the shape of one of the views."""
    return _found(root) is not None


def _parts(root: object) -> tuple[_Objects, _Objects, _Objects]:
    """The sessions, speakers and rooms of any view; Unreadable when it is none."""
    parts = _found(root)
    if parts is None:
        raise Unreadable(found("unknown-dialect", format="Sessionize"))
    return parts


def _found(root: object) -> tuple[_Objects, _Objects, _Objects] | None:
    source = mapping(root)
    if isinstance(source.get("sessions"), list) and isinstance(source.get("speakers"), list):
        parts = objects(source["sessions"]), objects(source["speakers"]), objects(source.get("rooms"))
        return parts if _are_sessions(parts[0]) and source.keys() & {"rooms", "categories"} else None
    entries = objects(root) if isinstance(root, list) else []
    if not entries:
        return None
    if all("rooms" in entry for entry in entries):
        rooms = [room for day in entries for room in objects(day["rooms"])]
        sessions = list(_sessions_of(rooms))
        return (sessions, [], rooms) if _are_sessions(sessions) else None
    if all("sessions" in entry and entry.keys() & {"groupName", "groupId"} for entry in entries):
        sessions = list(_sessions_of(entries))
        return (sessions, [], []) if _are_sessions(sessions) else None
    if all(entry.keys() & {"fullName", "firstName"} for entry in entries):
        return [], entries, []
    return None


def _are_sessions(sessions: _Objects) -> bool:
    return all("title" in session and session.keys() & {"startsAt", "isServiceSession"} for session in sessions)


def _sessions_of(groups: _Objects) -> Iterator[Mapping[str, Any]]:
    for group in groups:
        yield from objects(group.get("sessions"))


def _read_speaker(draft: Draft, speaker: Mapping[str, Any], items: Mapping[str, tuple[Meaning, str]]) -> str | None:
    name = " ".join(filter(None, (one_line(speaker.get("firstName")), one_line(speaker.get("lastName")))))
    links = (
        draft.link(
            link.get("url"),
            link.get("title"),
            link.get("linkType"),
            of=words(first(speaker, "fullName", "name")) or name,
        )
        for link in objects(speaker.get("links"))
    )
    labels = labels_of(speaker, items)
    private = (
        *labels.private,
        *labels.tags,
        *filter(None, (labels.track, labels.level, labels.language, labels.kind)),
    )
    for label in private:
        draft.report.warn("private-labels", value=label)
    if speaker.get("questionAnswers"):
        draft.report.count("answers-dropped")
    return draft.person(
        words(first(speaker, "fullName", "name")) or name,
        guid=speaker.get("id"),
        ident=speaker.get("id"),
        biography=speaker.get("bio"),
        tagline=speaker.get("tagLine"),
        picture=speaker.get("profilePicture"),
        links=[link for link in links if link is not None],
        private_labels=private,
        contacts=any(speaker.get(field) for field in _CONTACTS),
    )


def _read_session(draft: Draft, session: Mapping[str, Any], items: Mapping[str, tuple[Meaning, str]]) -> None:
    for name in session.keys() - _KNOWN:
        draft.report.count("unknown-field", name)
    if session.get("questionAnswers"):
        draft.report.count("answers-dropped")
    title = one_line(words(session.get("title")))
    labels = labels_of(session, items)
    for label in labels.private:
        draft.report.warn("private-labels", value=label)
    made = draft.session(
        title,
        kind=labels.kind,
        language=labels.language,
        guid=read_guid(session.get("id")),
        description=session.get("description"),
        track=draft.track(labels.track),
        level=labels.level,
        tags=tuple(dict.fromkeys(labels.tags)),
        private_labels=tuple(labels.private),
        speakers=_speakers(draft, session, title),
        recording_url=session.get("recordingUrl"),
        joining_url=session.get("liveUrl"),
        is_break=session.get("isServiceSession") is True,
        plenum=session.get("isPlenumSession") is True,
    )
    slot = draft.slot(
        title,
        start=session.get("startsAt"),
        end=session.get("endsAt"),
        room=_room(draft, session, title),
        guid=session.get("id"),
        ident=session.get("id"),
    )
    draft.add(made, slot, [("id", words(session.get("id")))])


def _room(draft: Draft, session: Mapping[str, Any], title: str) -> str | None:
    if session.get("room"):
        return draft.room(words(session["room"]), ident=session.get("roomId"))
    return draft.room_with_id(session.get("roomId"), title)


def _speakers(draft: Draft, session: Mapping[str, Any], title: str) -> tuple[SpeakerIn, ...]:
    speakers: dict[str, SpeakerIn] = {}
    for speaker in listing(session.get("speakers")):
        if isinstance(speaker, dict):
            key = draft.person(words(speaker.get("name")), guid=speaker.get("id"), ident=speaker.get("id"))
        else:
            key = draft.person_with_id(words(speaker), title)
        if key is not None:
            speakers.setdefault(key, SpeakerIn(key))
    return tuple(speakers.values())
