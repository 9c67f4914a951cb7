"""Writes Sessionize-shaped views, so that existing event sites can point to us."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from datetime import date, datetime
from typing import Any, Literal, get_args

from hallway.exchange.findings import _
from hallway.exchange.programme import PersonIn, Programme, SessionIn, SlotIn
from hallway.exchange.strict import (
    JSON_SLUG,
    legal,
    local,
    made_guid,
    person_guid,
    room_names,
    strict_slots,
    type_of,
)
from hallway.exchange.trust import web_address
from hallway.vocabulary.languages import language_name, parse_languages

View = Literal["All", "GridSmart", "Sessions", "Speakers", "SpeakerWall"]
VIEWS: tuple[View, ...] = get_args(View)
MEDIA_TYPE = "application/json"

LOSSES: dict[str, str] = {
    "zone": _("Times are local, without a time zone."),
    "slots": _("A session in several slots becomes several sessions."),
    "texts": _("Abstract and description become one text; subtitles are left out."),
    "roles": _("Hosts and moderators are listed as speakers."),
    "links": _("Links, attachments and feedback addresses of sessions are left out."),
    "recordings": _("“Do not record” and “do not stream” are left out."),
    "breaks": _("Breaks keep no type of their own."),
    "private": _("Addresses for joining online and private labels are left out."),
    "cancelled": _("Cancelled slots are left out."),
    "event": _("Title, dates and addresses of the event are left out."),
    "identifiers": _("Identifiers of sessions are those of their slots; rooms and tracks get numbers."),
    "guids": _("Rooms keep no capacity."),
}

_CATEGORIES = ("Track", "Level", "Language", "Session format", "Tags")


def write(programme: Programme, view: View = "All") -> bytes:
    """One view as UTF-8 JSON, always the same bytes for the same programme."""
    book = _Book(programme)
    views: dict[View, Callable[[], Any]] = {
        "All": book.all,
        "GridSmart": book.grid,
        "Sessions": book.groups,
        "Speakers": lambda: book.speakers(nested=True),
        "SpeakerWall": book.wall,
    }
    return json.dumps(views[view](), ensure_ascii=False, separators=(",", ":")).encode()


class _Book:
    """The programme with the numbers Sessionize's views refer to."""

    def __init__(self, programme: Programme) -> None:
        self._programme = programme
        self._placed = tuple(strict_slots(programme, JSON_SLUG))
        self._rooms = {room.key: number for number, room in enumerate(programme.rooms, start=1)}
        self._room_names = room_names(programme)
        self._tracks = {track.key: legal(track.name) for track in programme.tracks}
        self._guids = {person.key: person_guid(person, programme) for person in programme.people}
        self._people = {person.key: person for person in programme.people}
        self._items: dict[tuple[int, str], int] = {}
        self._sessions = [*self._scheduled(), *self._unscheduled()]

    def _scheduled(self) -> Iterable[tuple[dict[str, Any], SessionIn]]:
        for entry in self._placed:
            ident = entry.guid if entry.session.is_break else str(entry.id)
            yield self._session(ident, entry.session, entry.slot), entry.session

    def _unscheduled(self) -> Iterable[tuple[dict[str, Any], SessionIn]]:
        for session in self._programme.sessions:
            if not session.slots:
                yield (
                    self._session(made_guid(session.guid, session.key, self._programme), session, None),
                    session,
                )

    def _session(self, ident: str, session: SessionIn, slot: SlotIn | None) -> dict[str, Any]:
        return {
            "id": ident,
            "title": legal(session.title),
            "description": legal("\n\n".join(filter(None, (session.abstract, session.description)))) or None,
            "startsAt": self._time(slot.starts_at) if slot else None,
            "endsAt": self._time(slot.ends_at) if slot else None,
            "isServiceSession": session.is_break,
            "isPlenumSession": session.plenum,
            "speakers": [self._guids[s.person] for s in session.speakers if s.person in self._guids],
            "categoryItems": [self._item(place, name) for place, name in self._labels(session)],
            "questionAnswers": [],
            "roomId": self._rooms.get(slot.room or "") if slot else None,
            "liveUrl": None,
            "recordingUrl": web_address(session.recording_url) or None,
            "status": "Accepted",
            "isInformed": True,
            "isConfirmed": True,
        }

    def _time(self, instant: datetime) -> str:
        return local(instant, self._programme).replace(tzinfo=None).isoformat()

    def _labels(self, session: SessionIn) -> list[tuple[int, str]]:
        """Pairs of the place in _CATEGORIES and the item's name."""
        languages = [_language_name(code) for code in session.languages] or [session.language_raw]
        kind = "" if session.is_break else type_of(session)
        columns = (
            [self._tracks.get(session.track or "", "")],
            [session.level],
            languages,
            [kind],
            session.tags,
        )
        return [(place, legal(name)) for place, names in enumerate(columns) for name in names if legal(name).strip()]

    def _item(self, place: int, name: str) -> int:
        return self._items.setdefault((place, name), len(self._items) + 101)

    def _categories(self) -> list[dict[str, Any]]:
        return [
            {
                "id": place + 1,
                "title": title,
                "items": [
                    {"id": number, "name": name, "sort": sort}
                    for sort, ((_place, name), number) in enumerate(
                        (pair for pair in self._items.items() if pair[0][0] == place), start=1
                    )
                ],
                "sort": place,
                "type": "session",
            }
            for place, title in enumerate(_CATEGORIES)
        ]

    def all(self) -> dict[str, Any]:
        """View All: identifiers everywhere, resolved in the lists beside."""
        rooms = [
            {"id": number, "name": self._room_names[key], "sort": number - 1} for key, number in self._rooms.items()
        ]
        sessions = [written for written, _session in self._sessions]
        return {
            "sessions": sessions,
            "speakers": self.speakers(nested=False),
            "questions": [],
            "categories": self._categories(),
            "rooms": rooms,
        }

    def groups(self) -> list[dict[str, Any]]:
        """View Sessions: all in one group."""
        return [{"groupId": None, "groupName": "All", "sessions": self.full_sessions(), "isDefault": True}]

    def full_sessions(self) -> list[dict[str, Any]]:
        """Sessions with names in place of identifiers, as the other views have them."""
        return [self._full(written, session) for written, session in self._sessions]

    def _full(self, written: dict[str, Any], session: SessionIn) -> dict[str, Any]:
        speakers = [
            {"id": self._guids[s.person], "name": legal(self._people[s.person].name)}
            for s in session.speakers
            if s.person in self._guids
        ]
        found: dict[int, list[dict[str, Any]]] = {}
        for place, name in self._labels(session):
            found.setdefault(place, []).append({"id": self._item(place, name), "name": name})
        categories = [
            {"id": place + 1, "name": _CATEGORIES[place], "categoryItems": items, "sort": place}
            for place, items in found.items()
        ]
        keys = {number: key for key, number in self._rooms.items()}
        room = self._room_names.get(keys.get(written["roomId"], ""))
        full = {name: value for name, value in written.items() if name != "categoryItems"}
        return full | {"speakers": speakers, "categories": categories, "room": room}

    def grid(self) -> list[dict[str, Any]]:
        """View GridSmart: days, their rooms with sessions, and the same by start."""
        by_day: dict[date, list[dict[str, Any]]] = {}
        for entry, written in zip(self._placed, self.full_sessions(), strict=False):
            by_day.setdefault(self._programme.day_of(entry.slot.starts_at), []).append(written)
        return [self._grid_day(day, sessions) for day, sessions in sorted(by_day.items())]

    def _grid_day(self, day: date, sessions: list[dict[str, Any]]) -> dict[str, Any]:
        rooms: dict[int, dict[str, Any]] = {}
        starts: dict[str, list[dict[str, Any]]] = {}
        for session in sorted(sessions, key=lambda s: (s["startsAt"], s["roomId"] or 0)):
            place = {"id": session["roomId"], "name": session["room"]}
            rooms.setdefault(session["roomId"] or 0, place | {"sessions": []})["sessions"].append(session)
            cell = place | {"session": session, "index": (session["roomId"] or 1) - 1}
            starts.setdefault(session["startsAt"][11:19], []).append(cell)
        for room in rooms.values():
            room["hasOnlyPlenumSessions"] = all(session["isPlenumSession"] for session in room["sessions"])
        return {
            "date": f"{day.isoformat()}T00:00:00",
            "isDefault": False,
            "rooms": [rooms[number] for number in sorted(rooms)],
            "timeSlots": [{"slotStart": start, "rooms": cells} for start, cells in starts.items()],
        }

    def speakers(self, *, nested: bool) -> list[dict[str, Any]]:
        """Everyone with their sessions: identifiers in view All, names beside them in view Speakers."""
        sessions: dict[str, list[Any]] = {}
        for written, session in self._sessions:
            for speaker in session.speakers:
                ident: int | str = int(written["id"]) if written["id"].isdigit() else written["id"]
                entry = {"id": ident, "name": written["title"]} if nested else ident
                sessions.setdefault(speaker.person, []).append(entry)
        return [
            self._speaker(person)
            | {
                "bio": legal(person.biography) or None,
                "links": [
                    {"title": legal(link.title), "url": safe, "linkType": legal(link.kind) or "Other"}
                    for link in person.links
                    if (safe := web_address(link.url))
                ],
                "sessions": sessions.get(person.key, []),
                "categoryItems" if not nested else "categories": [],
                "questionAnswers": [],
            }
            for person in self._programme.people
        ]

    def wall(self) -> list[dict[str, Any]]:
        """Everyone with name, line and picture."""
        return [self._speaker(person) for person in self._programme.people]

    def _speaker(self, person: PersonIn) -> dict[str, Any]:
        first, _space, last = legal(person.name).partition(" ")
        return {
            "id": self._guids[person.key],
            "firstName": first,
            "lastName": last,
            "fullName": legal(person.name),
            "tagLine": legal(person.tagline) or None,
            "profilePicture": web_address(person.picture_url) or None,
            "isTopSpeaker": False,
        }


def _language_name(code: str) -> str:
    """The English name where reading it gives the code again, else the code."""
    name = language_name(code, "en")
    return name if parse_languages(name) == [code] else code
