"""Hoverboard's Firebase export."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from hallway.exchange import hoverboard
from hallway.exchange.findings import Unreadable
from tests.exchange.programmes import PARIS

SOURCE = {
    "sessions": {
        "1": {
            "title": "Graphes",
            "speakers": ["ada"],
            "language": "Français",
            "complexity": "Débutant",
            "videoId": "abc",
        },
        "2": {"title": "Pause", "isBreak": True},
        "3": {"title": "Jamais", "presentation": "https://x.example/p.pdf"},
        "4": {"title": "Long", "speakers": ["nobody"]},
    },
    "speakers": {"ada": {"name": "Ada Exemple", "email": "ada@x.example", "socials": [{"link": "https://a.example"}]}},
    "schedule": {
        "2026-10-08": {
            "date": "2026-10-08",
            "tracks": [{"title": "Serre"}, {"title": "Verger"}],
            "timeslots": [
                {"startTime": "9:00", "endTime": "09:40", "sessions": [{"items": [1]}, {"items": [4], "extend": 2}]},
                {"startTime": "09:40", "endTime": "10:00", "sessions": [{"items": [2]}]},
                {"startTime": "11:00", "endTime": "11:20", "sessions": [{"items": [2]}]},
            ],
        }
    },
}


def test_read_puts_sessions_where_the_slots_point() -> None:
    programme = hoverboard.read(json.dumps(SOURCE).encode(), zone=PARIS)
    talk, pause, never, long = programme.sessions
    assert [room.name for room in programme.rooms] == ["Serre", "Verger"]
    assert (talk.slots[0].starts_at.hour, talk.languages, talk.level) == (7, ("fr",), "Débutant")
    assert (len(pause.slots), pause.is_break, never.slots) == (2, True, ())
    assert long.slots[0].duration.total_seconds() == 3600
    assert {"contact-dropped", "unknown-person", "unscheduled"} <= {finding.code for finding in programme.warnings}


def test_read_refuses_other_shapes() -> None:
    with pytest.raises(Unreadable):
        hoverboard.read(b'{"sessions": []}')


def test_read_counts_toulouse_as_its_source_says(shared: Path) -> None:
    programme = hoverboard.read((shared / "devfest-toulouse-2018/firebase-data.json").read_bytes(), zone=PARIS)
    assert (len(programme.sessions), len(programme.people), len(programme.rooms)) == (50, 42, 5)
    languages = [session.languages for session in programme.sessions]
    assert (languages.count(("fr",)), languages.count(("en",)), languages.count(())) == (31, 6, 13)
    assert sum(not session.slots for session in programme.sessions) == 1
    assert len(programme.days()) == 1
