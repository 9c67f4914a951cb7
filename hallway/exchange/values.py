"""The fields an import writes, as plain JSON values: as the file has them, and as the rows have them now.

The file's side expects a programme that was fitted. Both sides give the same shape, so that ``file == rows`` means
"nothing to do" and ``rows != last read`` means "somebody edited it here".
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.conf import settings

from hallway.gathering.events.models import Event, Room
from hallway.people.models import Person
from hallway.programme.schedule.models import Session, Slot, Track
from hallway.programme.talks.models import Talk

from .programme import LinkIn, PersonIn, Programme, RoomIn, SessionIn, SlotIn

Values = dict[str, Any]

TALK_FIELDS = (
    "title", "subtitle", "abstract", "description", "languages", "language_raw", "level", "tags", "links",
)  # fmt: skip
SESSION_FIELDS = (
    "kind", "kind_raw", "code", "track", "plenum", "recording_url", "feedback_url", "origin_url", "do_not_record",
    "do_not_stream",
)  # fmt: skip
LEVELS = {
    "beginner": "beginner", "introductory": "beginner", "introduction": "beginner", "novice": "beginner",
    "débutant": "beginner", "100": "beginner", "l100": "beginner", "easy": "beginner",
    "intermediate": "intermediate", "intermédiaire": "intermediate", "medium": "intermediate", "200": "intermediate",
    "advanced": "advanced", "expert": "advanced", "avancé": "advanced", "confirmé": "advanced", "300": "advanced",
    "400": "advanced", "hard": "advanced",
}  # fmt: skip


def language_key(languages: tuple[str, ...]) -> str:
    """Under which language a session's texts are kept: its one language, or "not stated" for none or several."""
    return languages[0] if len(languages) == 1 else "und"


def read_level(raw: str) -> str:
    """The level a word means; unknown words stay with the tags."""
    return LEVELS.get(raw.strip().casefold(), "")


def of_event(programme: Programme) -> Values:
    """What the file says of the event as a whole. Its days come from its slots."""
    slots = [slot for _session, slot in programme.slots()]
    starts = min((slot.starts_at for slot in slots), default=None)
    ends = max((slot.ends_at for slot in slots), default=None)
    return {
        "title": {"und": programme.title or "…"},
        "description": {"und": programme.description} if programme.description else {},
        "zone": programme.zone.key,
        "day_boundary": programme.day_boundary,
        "url": programme.url,
        "starts_at": starts.isoformat() if starts else None,
        "ends_at": ends.isoformat() if ends else None,
        "joining": {"und": programme.joining} if programme.joining else {},
    }


def now_event(event: Event) -> Values:
    return {
        "title": event.title,
        "description": event.description,
        "zone": event.zone,
        "day_boundary": event.day_boundary,
        "url": event.url,
        "starts_at": event.starts_at.isoformat() if event.starts_at else None,
        "ends_at": event.ends_at.isoformat() if event.ends_at else None,
        "joining": event.joining,
    }


def of_room(room: RoomIn) -> Values:
    return {"name": room.name, "capacity": room.capacity}


def now_room(room: Room) -> Values:
    return {"name": room.name, "capacity": room.capacity}


def of_person(person: PersonIn) -> Values:
    links = [link.url for link in person.links] + ([person.url] if person.url else [])
    links = [url for url in links if not url.startswith(f"{settings.HALLWAY_BASE_URL}/p/")]  # our own exports name it
    return {
        "name": person.name,
        "biography": {"und": person.biography} if person.biography else {},
        "links": list(dict.fromkeys(links))[:20],
        "tagline": person.tagline,
    }


def now_person(person: Person) -> Values:
    return {"name": person.name, "biography": person.biography, "links": person.links, "tagline": person.tagline}


def _links(session: SessionIn) -> list[dict[str, str]]:
    def plain(link: LinkIn, kind: str) -> dict[str, str]:
        return {"url": link.url, "title": link.title, "kind": kind or link.kind}

    made = [plain(link, "") for link in session.links] + [plain(link, "attachment") for link in session.attachments]
    return [link for link in made if link["url"]]


def of_session(session: SessionIn, tracks: Mapping[str, str], people: Mapping[str, Person]) -> Values:
    """``tracks`` names the file's tracks by key, ``people`` are the rows of its people; speakers are ids in order."""
    key = language_key(session.languages)
    # A break has no talk: its two texts become one. Where somebody speaks, it is no mere break.
    is_break = session.is_break and not session.speakers
    abstract = "\n\n".join(filter(None, (session.abstract, session.description))) if is_break else session.abstract
    level = read_level(session.level)
    tags = list(session.tags) + ([session.level] if session.level and not level else [])
    return {
        "title": {key: session.title},
        "subtitle": {key: session.subtitle} if session.subtitle else {},
        "abstract": {key: abstract} if abstract else {},
        "description": {key: session.description} if session.description else {},
        "languages": list(session.languages),
        "language_raw": session.language_raw,
        "level": level,
        "tags": list(dict.fromkeys(tags)),
        "links": _links(session),
        "speakers": list(dict.fromkeys(people[s.person].pk for s in session.speakers if s.person in people)),
        "kind": "break" if is_break else session.kind if session.kind != "break" else "other",
        "kind_raw": session.kind_raw,
        "code": session.code,
        "track": tracks.get(session.track or "", ""),
        "plenum": session.plenum,
        "recording_url": session.recording_url,
        "feedback_url": session.feedback_url,
        "origin_url": session.origin_url or session.url,
        "do_not_record": session.do_not_record,
        "do_not_stream": session.do_not_stream,
    }


def now_session(session: Session, talk: Talk | None, speakers: list[int], track: Track | None) -> Values:
    """The same shape from the rows. A session without a talk keeps its title and abstract itself."""
    values: Values = {name: getattr(session, name) for name in SESSION_FIELDS if name != "track"}
    values["track"] = track.name if track else ""
    values["speakers"] = speakers
    for name in TALK_FIELDS:
        if talk is not None:
            values[name] = getattr(talk, name)
        elif name in {"title", "abstract"}:
            values[name] = getattr(session, name)
    return values


def of_slot(slot: SlotIn, rooms: Mapping[str, Room]) -> Values:
    """``rooms`` are the rows of the file's rooms by key."""
    room = rooms.get(slot.room or "")
    return {
        "room": room.pk if room else None,
        "starts_at": slot.starts_at.isoformat(),
        "ends_at": slot.ends_at.isoformat(),
    }


def now_slot(slot: Slot) -> Values:
    return {"room": slot.room_id, "starts_at": slot.starts_at.isoformat(), "ends_at": slot.ends_at.isoformat()}


def keeps_talk(values: Values) -> bool:
    """Whether a session of the file has a talk behind it: breaks, and bare titles like "Doors open", have none."""
    said = ("speakers", "subtitle", "abstract", "description", "languages", "language_raw", "level", "tags", "links")
    return values["kind"] != "break" and (values["kind"] != "other" or any(values[name] for name in said))
