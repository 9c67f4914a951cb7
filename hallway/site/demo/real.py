"""One real past programme as facts: titles, speakers' names, rooms and times, and nothing else.

``content/devfest-toulouse-2018.csv`` was cut by ``tools/cut_devfest.py`` from the openly licensed site of DevFest
Toulouse 2018 (MIT), and is read as any table is. Biographies, abstracts and links were never taken over.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from hallway.exchange import table
from hallway.exchange.programme import Programme, SessionIn
from hallway.gathering.communities.actions import found_community
from hallway.gathering.communities.models import Community
from hallway.gathering.events.actions import add_room, add_venue, create_event, publish_event
from hallway.gathering.events.models import Event, Room
from hallway.kit.localised import UNKNOWN
from hallway.people.actions import NewPerson, add_persons_in_bulk
from hallway.people.models import Person
from hallway.programme.schedule.actions import NewSession, NewSlot, add_sessions_in_bulk, release_schedule
from hallway.programme.schedule.models import Session
from hallway.programme.talks.actions import NewTalk, write_talks_in_bulk
from hallway.programme.talks.models import Talk

from .people import WHO

ZONE = "Europe/Paris"
FILE = Path(__file__).parent / "content" / "devfest-toulouse-2018.csv"
PAGE = "https://github.com/GDGToulouse/site-devfest-toulouse-2018"
TITLE = "DevFest Toulouse 2018"
CREDIT = "Titles, speakers and times: the site of DevFest Toulouse 2018 by GDG Toulouse, MIT licence"
ARCHIVE = {
    "name": "Open programme archive",
    "slug": "open-programme-archive",
    "tagline": {"en": "Programmes of the past, as facts", "fr": "Les programmes passés, tels quels"},
    "description": {
        "en": "Titles, speakers and times of conferences that published their programme under an open licence. "
        "Nobody here speaks for those conferences.",
        "fr": "Titres, noms et horaires de conférences qui ont publié leur programme sous licence libre. "
        "Personne ici ne parle au nom de ces conférences.",
    },
    "place_name": "Toulouse",
    "country": "FR",
    "latitude": 43.60426,
    "longitude": 1.44367,
    "zone": ZONE,
    "languages": ["fr", "en"],
    "hue": 8,
    "state": Community.State.DORMANT,
}


def show_past_programme(people: Mapping[str, Person], at: datetime) -> Event:
    """Put the programme into an archive of its own."""
    programme = table.read(FILE.read_bytes(), zone=ZoneInfo(ZONE))
    by = people[WHO["admin"]]
    spans = [slot for session in programme.sessions for slot in session.slots]
    archive = found_community(details=ARCHIVE, by=by, at=at)
    venue = add_venue(community=archive, name="Toulouse", country="FR", by=by, at=at)
    event = create_event(
        community=archive, title={"fr": TITLE}, slug="devfest-toulouse-2018", zone=ZONE, venue=venue,
        starts_at=min(slot.starts_at for slot in spans), ends_at=max(slot.ends_at for slot in spans),
        languages=["fr", "en"], credit=CREDIT, url=PAGE, by=by, at=at,
    )  # fmt: skip
    event = publish_event(event=event, by=by, at=at)
    rooms = {room.key: add_room(event=event, name=room.name, by=by, at=at) for room in programme.rooms}
    add_sessions_in_bulk(event=event, sessions=_sessions(programme, rooms, by, at), by=by, at=at)
    release_schedule(event=event, by=by, at=at)
    return event


def _sessions(programme: Programme, rooms: Mapping[str, Room], by: Person, at: datetime) -> list[NewSession]:
    """Titles, speakers and places; what was never scheduled is left out."""
    placed = [session for session in programme.sessions if session.slots]
    given = [session for session in placed if session.speakers]
    keys = list(dict.fromkeys(speaker.person for session in given for speaker in session.speakers))
    names = {person.key: person.name for person in programme.people}
    rows = add_persons_in_bulk(persons=[NewPerson(name=names[key]) for key in keys], by=by, at=at)
    speakers = dict(zip(keys, rows, strict=True))
    new = [
        NewTalk(
            title={session.languages[0] if session.languages else UNKNOWN: session.title},
            languages=list(session.languages),
            speakers=[speakers[speaker.person] for speaker in session.speakers],
        )
        for session in given
    ]
    talks = dict(zip((session.key for session in given), write_talks_in_bulk(talks=new, by=by, at=at), strict=True))
    return [_session(session, talks.get(session.key), rooms) for session in placed]


def _session(session: SessionIn, talk: Talk | None, rooms: Mapping[str, Room]) -> NewSession:
    kind: str = session.kind
    if kind == Session.Kind.BREAK and talk is not None:
        kind = Session.Kind.TALK
    elif kind != Session.Kind.BREAK and talk is None:
        kind = Session.Kind.OTHER
    return NewSession(
        kind=kind,
        talk=talk,
        title={} if talk else {"fr": session.title},
        plenum=all(slot.room is None for slot in session.slots),
        slots=[
            NewSlot(slot.starts_at, slot.ends_at, rooms[slot.room] if slot.room else None) for slot in session.slots
        ],
    )
