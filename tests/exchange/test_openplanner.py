"""OpenPlanner's and Conference Hall's exports."""

from __future__ import annotations

import json

import pytest

from hallway.exchange import detect, openplanner
from hallway.exchange.findings import Unreadable
from tests.exchange.programmes import PARIS

PLANNER = {
    "event": {
        "name": "Jardin", "tracks": [{"id": "t", "name": "Serre"}], "formats": [{"id": "f", "name": "Workshop"}],
        "categories": [{"id": "c", "name": "Web"}],
    },
    "speakers": [
        {"id": "s", "name": "Ada Exemple", "email": "a@x.example", "socials": [{"link": "https://a.example"}]}
    ],
    "sessions": [
        {
            "id": "1", "title": "Graphes", "abstract": "Un.", "dateStart": "2026-10-08T09:00:00+02:00",
            "durationMinutes": 50,
            "speakerIds": ["s"], "trackId": "t", "formatId": "f", "categoryId": "c", "language": "fr", "tags": ["sql"],
        }
    ],
}  # fmt: skip
HALL = {
    "name": "Jardin", "timeZone": "Europe/Paris", "days": ["2026-10-08"],
    "sessions": [
        {
            "id": "1", "start": "2026-10-08T07:00:00Z", "end": "2026-10-08T08:00:00Z", "track": "Serre",
            "title": "Graphes", "language": None,
            "proposal": {
                "id": "p", "abstract": "Un.", "level": "BEGINNER", "formats": ["Quickie"], "categories": ["Web"],
                "speakers": [{"id": "s", "name": "Ada Exemple", "socialLinks": ["https://a.example"]}],
            },
        },
        {
            "id": "2", "start": "2026-10-08T08:00:00Z", "end": "2026-10-08T08:30:00Z", "track": "Serre",
            "title": "Café", "proposal": None,
        },
    ],
}  # fmt: skip


def test_read_takes_openplanner() -> None:
    programme = openplanner.read(json.dumps(PLANNER).encode(), zone=PARIS)
    session = programme.sessions[0]
    assert (programme.title, programme.rooms[0].name, programme.people[0].name) == ("Jardin", "Serre", "Ada Exemple")
    assert (session.kind, session.tags, session.languages, session.abstract) == (
        "workshop",
        ("sql", "Web"),
        ("fr",),
        "Un.",
    )
    assert session.slots[0].duration.total_seconds() == 3000
    assert "contact-dropped" in {finding.code for finding in programme.warnings}


def test_read_takes_conference_hall() -> None:
    programme = openplanner.read(json.dumps(HALL).encode())
    talk, coffee = programme.sessions
    assert (programme.zone, programme.zone_origin) == (PARIS, "file")
    assert (talk.kind, talk.level, talk.tags, len(talk.speakers)) == ("lightning", "BEGINNER", ("Web",), 1)
    assert (coffee.is_break, coffee.slots[0].room) == (True, talk.slots[0].room)


@pytest.mark.parametrize("source", [PLANNER, HALL])
def test_detect_knows_both(source: object) -> None:
    assert detect.detect(json.dumps(source).encode()) == "openplanner"


def test_read_refuses_other_shapes() -> None:
    with pytest.raises(Unreadable):
        openplanner.read(b'{"sessions": [{"title": "x"}]}')
