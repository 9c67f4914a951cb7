"""Makes a programme fit what an event can hold, and says of every loss what it was. Pure: values in, values out."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from .findings import Finding, found
from .programme import LinkIn, PersonIn, Programme, RoomIn, SessionIn, SlotIn, TrackIn
from .trust import without_joining_details

LONGEST_NAME = 120
LONGEST_TITLE = 300
LONGEST_TEXT = 20_000
LONGEST_ADDRESS = 500
LONGEST_JOINING = 3_000
MOST_LINKS = 20
_SESSION_LIMITS = {
    "title": LONGEST_TITLE, "subtitle": LONGEST_TITLE, "abstract": LONGEST_TEXT, "description": LONGEST_TEXT,
    "language_raw": LONGEST_NAME, "kind_raw": LONGEST_NAME, "code": 20,
}  # fmt: skip
_PERSON_LIMITS = {"name": LONGEST_NAME, "biography": 5_000, "tagline": 160}
_ROLES = {"", "speaker", "presenter"}


class _Fitting:
    """Collects what had to be cut or left out on the way."""

    def __init__(self) -> None:
        self.warnings: dict[Finding, None] = {}
        self.refused: list[Finding] = []
        self.joining: list[str] = []

    def warn(self, code: str, where: str = "", **params: str | int) -> None:
        self.warnings.setdefault(found(code, where, **params))

    def cut(self, text: str, limit: int, title: str, where: str = "") -> str:
        if len(text) <= limit:
            return text
        self.warn("text-cut", where, title=title, limit=limit)
        return text[:limit].rstrip() or text[:limit]

    def address(self, url: str, title: str, where: str) -> str:
        if len(url) <= LONGEST_ADDRESS:
            return url
        self.warn("address-too-long", where, title=title, limit=LONGEST_ADDRESS)
        return ""

    def links(self, links: Iterable[LinkIn], title: str, where: str) -> tuple[LinkIn, ...]:
        fitted = [replace(link, title=self.cut(link.title, 200, title, where)) for link in links]
        return tuple(link for link in fitted if self.address(link.url, title, where))

    def room(self, room: RoomIn) -> RoomIn:
        return replace(room, name=self.cut(room.name, LONGEST_NAME, room.name))

    def rooms(self, rooms: Iterable[RoomIn]) -> tuple[RoomIn, ...]:
        """With names that differ: an event cannot have two rooms of one name."""
        taken: set[str] = set()
        made = []
        for room in map(self.room, rooms):
            name, number = room.name, 1
            while name.casefold() in taken:
                number += 1
                name = f"{room.name[: LONGEST_NAME - 6]} ({number})"
            if name != room.name:
                self.warn("repeated-room-name", room.key, name=room.name, value=name)
            taken.add(name.casefold())
            made.append(replace(room, name=name))
        return tuple(made)

    def track(self, track: TrackIn) -> TrackIn:
        return replace(track, name=self.cut(track.name, LONGEST_NAME, track.name))

    def person(self, person: PersonIn) -> PersonIn:
        texts: dict[str, Any] = {
            name: self.cut(getattr(person, name), limit, person.name, person.key)
            for name, limit in _PERSON_LIMITS.items()
        }
        links = self.links(person.links, person.name, person.key)
        if len(links) > MOST_LINKS:
            self.warn("links-cut", person.key, title=person.name, limit=MOST_LINKS)
        url = self.address(person.url, person.name, person.key)
        return replace(person, links=links[:MOST_LINKS], url=url, **texts)

    def session(self, session: SessionIn) -> SessionIn:
        texts: dict[str, Any] = {name: getattr(session, name) for name in _SESSION_LIMITS}
        for name in ("subtitle", "abstract", "description"):
            texts[name], kept_back = without_joining_details(texts[name])
            self.joining += [f"{session.title}: {words}" for words in kept_back]
        if session.joining_url:
            self.joining.append(f"{session.title}: {session.joining_url}")
        texts = {
            name: self.cut(text, _SESSION_LIMITS[name], session.title, session.key) for name, text in texts.items()
        }
        texts |= {
            name: self.address(getattr(session, name), session.title, session.key)
            for name in ("url", "origin_url", "recording_url", "feedback_url")
        }
        return replace(
            session,
            links=self.links(session.links, session.title, session.key),
            attachments=self.links(session.attachments, session.title, session.key),
            slots=tuple(slot for slot in session.slots if self.takes(slot, session)),
            joining_url="",
            private_labels=(),
            **texts,
        )

    def takes(self, slot: SlotIn, session: SessionIn) -> bool:
        if slot.cancelled:
            self.refused.append(found("slot-cancelled", session.key, title=session.title))
        return not slot.cancelled

    def warn_of_what_no_event_holds(self, programme: Programme) -> None:
        """Each loss once, with how many it concerns."""
        sessions = programme.sessions
        for code, count in (
            ("pictures-left", sum(bool(person.picture_url) for person in programme.people)),
            ("session-pictures-left", sum(bool(session.picture_url) for session in sessions)),
            ("licences-left", sum(bool(session.recording_licence) for session in sessions)),
            ("roles-left", sum(who.role.casefold() not in _ROLES for one in sessions for who in one.speakers)),
        ):
            if count:
                self.warn(code, count=count)
        if programme.colour or programme.logo_url or any(track.colour for track in programme.tracks):
            self.warn("look-left")
        if programme.place:
            self.warn("place-left", value=programme.place)


def fitted(programme: Programme) -> Programme:
    """The programme as an event can hold it: texts not too long, no cancelled slots, nothing private in public texts.

    Links and passcodes for joining online go from public texts to ``joining``, which only attendees see. What was cut,
    moved or left out is in ``warnings`` and ``refused``. Fitting twice changes nothing more.
    """
    fitting = _Fitting()
    made = replace(
        programme,
        title=fitting.cut(programme.title, 200, programme.title),
        description=fitting.cut(programme.description, LONGEST_TEXT, programme.title),
        url=fitting.address(programme.url, programme.title, ""),
        rooms=fitting.rooms(programme.rooms),
        tracks=tuple(fitting.track(track) for track in programme.tracks),
        people=tuple(fitting.person(person) for person in programme.people),
        sessions=tuple(fitting.session(session) for session in programme.sessions),
    )
    fitting.warn_of_what_no_event_holds(programme)
    joining = "\n".join(dict.fromkeys([*filter(None, [programme.joining]), *fitting.joining]))
    return replace(
        made,
        joining=fitting.cut(joining, LONGEST_JOINING, programme.title),
        warnings=tuple(dict.fromkeys([*programme.warnings, *fitting.warnings])),
        refused=tuple(dict.fromkeys([*programme.refused, *fitting.refused])),
    )
