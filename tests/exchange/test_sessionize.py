"""Sessionize's views, in and out."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings

from hallway.exchange import sessionize
from hallway.exchange.findings import Unreadable
from hallway.exchange.programme import Programme
from tests.exchange.programmes import PARIS, hostile_programmes, is_uuid, quickly, small_programme

ADA = {"id": "aaaaaaaa-0000-4000-8000-000000000001", "firstName": "", "lastName": "", "fullName": "Ada Exemple"}
CATEGORIES = [
    {"id": 1, "title": "Track", "type": "session", "items": [{"id": 11, "name": "Data"}]},
    {"id": 2, "title": "Niveau", "type": "session", "items": [{"id": 21, "name": "Débutant"}]},
    {"id": 3, "title": "Langue", "type": "session", "items": [{"id": 31, "name": "Français approximatif"}]},
    {"id": 4, "title": "Session format", "type": "session", "items": [{"id": 41, "name": "Workshop"}]},
    {"id": 5, "title": "Topics", "type": "session", "items": [{"id": 51, "name": "sql"}]},
    {"id": 6, "title": "First-time speaker", "type": "session", "items": [{"id": 61, "name": "Yes"}]},
    {"id": 7, "title": "Shirt", "type": "speaker", "items": [{"id": 71, "name": "XL"}]},
]


def codes(programme: Programme) -> list[str]:
    return [finding.code for finding in programme.warnings]


def view_all(*sessions: dict[str, Any], **parts: Any) -> bytes:
    whole = {"sessions": list(sessions), "speakers": [ADA], "rooms": [{"id": 9, "name": "Serre", "sort": 0}]}
    return json.dumps(whole | {"categories": CATEGORIES, "questions": []} | parts).encode()


def session(**fields: Any) -> dict[str, Any]:
    return {
        "id": "12", "title": "Graphes", "description": "Un\r\ndeux", "startsAt": "2026-10-08T09:00:00",
        "endsAt": "2026-10-08T09:45:00", "isServiceSession": False, "isPlenumSession": False, "speakers": [ADA["id"]],
        "categoryItems": [11, 21, 31, 41, 51, 61], "questionAnswers": [], "roomId": 9,
    } | fields  # fmt: skip


def test_read_sorts_categories_by_their_titles_and_keeps_personal_ones_private() -> None:
    programme = sessionize.read(view_all(session(), speakers=[ADA | {"categoryItems": [71]}]), zone=PARIS)
    talk = programme.sessions[0]
    assert programme.tracks[0].name == "Data"
    assert (talk.level, talk.languages, talk.language_raw) == ("Débutant", ("fr",), "Français approximatif")
    assert (talk.kind, talk.kind_raw, talk.tags, talk.private_labels) == ("workshop", "Workshop", ("sql",), ("Yes",))
    assert programme.people[0].private_labels == ("XL",)
    assert "private-labels" in codes(programme)


def test_read_takes_local_times_in_the_asked_zone() -> None:
    programme = sessionize.read(view_all(session()), zone=PARIS)
    assert programme.sessions[0].slots[0].starts_at.isoformat() == "2026-10-08T07:00:00+00:00"
    assert programme.zone_origin == "asked"


def test_read_without_zone_says_what_it_assumed() -> None:
    programme = sessionize.read(view_all(session()))
    assert (programme.zone.key, programme.zone_origin) == ("UTC", "guessed")
    assert "zone-assumed" in codes(programme)


def test_read_warns_of_times_that_the_clock_change_skips() -> None:
    data = view_all(session(startsAt="2026-03-29T02:30:00", endsAt="2026-03-29T04:00:00"))
    assert "clock-change" in codes(sessionize.read(data, zone=PARIS))


def test_read_keeps_live_addresses_for_attendees_and_flags_service_sessions() -> None:
    data = view_all(session(liveUrl="https://zoom.us/j/1", isServiceSession=True, isPlenumSession=True))
    programme = sessionize.read(data, zone=PARIS)
    talk = programme.sessions[0]
    assert (talk.joining_url, talk.is_break, talk.plenum, talk.kind) == ("https://zoom.us/j/1", True, True, "break")
    assert "joining-kept-back" in codes(programme)
    assert b"zoom.us" not in sessionize.write(programme)


def test_read_reports_unknown_people_rooms_and_missing_times() -> None:
    data = view_all(session(speakers=["ghost"], roomId=77, startsAt=None, endsAt=None))
    programme = sessionize.read(data, zone=PARIS)
    assert {"unknown-person", "unknown-room", "unscheduled"} <= set(codes(programme))
    assert programme.sessions[0].slots == ()


def test_read_refuses_entries_that_are_no_objects() -> None:
    programme = sessionize.read(view_all(session(), "stray"), zone=PARIS)
    assert [finding.code for finding in programme.refused] == ["not-an-entry"]


@pytest.mark.parametrize(
    "data",
    [b"[]", b"{}", b'[{"rooms": 1}, {}]', b'{"sessions": [{"title": "x", "starts": 1}], "speakers": [], "rooms": []}'],
)
def test_read_refuses_other_dialects(data: bytes) -> None:
    with pytest.raises(Unreadable) as refusal:
        sessionize.read(data)
    assert refusal.value.code == "unknown-dialect"


def test_read_counts_the_published_views(shared: Path) -> None:
    def counts(name: str, zone: str) -> tuple[int, int, int]:
        programme = sessionize.read((shared / f"sessionize/{name}.json").read_bytes(), zone=ZoneInfo(zone))
        assert programme.refused == ()
        return len(programme.sessions), len(programme.people), len(programme.rooms)

    assert counts("ddd-melbourne-2024-all", "Australia/Melbourne") == (26, 30, 4)
    assert counts("droidcon-sf-2019-gridsmart", "America/Los_Angeles")[0] == 99
    assert counts("droidcon-sf-2019-speakers", "America/Los_Angeles") == (0, 85, 0)
    assert counts("droidkaigi-2018-all", "Asia/Tokyo")[0] == 9


def test_read_refuses_kotlinconf_which_only_looks_alike(shared: Path) -> None:
    with pytest.raises(Unreadable):
        sessionize.read((shared / "kotlinconf-2025/conference.json").read_bytes())


@pytest.mark.parametrize("view", ["All", "GridSmart", "Sessions"])
def test_write_then_read_keeps_what_the_view_holds(view: sessionize.View) -> None:
    before = small_programme()
    after = sessionize.read(sessionize.write(before, view), zone=PARIS)
    scheduled = {(s.title, slot.starts_at, slot.ends_at) for s, slot in before.slots()}
    assert {(s.title, slot.starts_at, slot.ends_at) for s, slot in after.slots()} == scheduled
    talk = next(session for session in after.sessions if session.title == "Tables & graphes")
    assert (talk.languages, talk.level, talk.tags) == (("fr", "en"), "Débutant", ("sql", "graphes"))
    assert [room.name for room in after.rooms] == ["Grande salle", "Atelier"]
    assert {session.title for session in after.sessions if session.is_break} == {"Pause"}
    assert any(session.plenum for session in after.sessions)


@pytest.mark.parametrize("view", ["Speakers", "SpeakerWall"])
def test_write_lists_everyone(view: sessionize.View) -> None:
    people = sessionize.read(sessionize.write(small_programme(), view), zone=PARIS).people
    assert [person.name for person in people] == ["Ada Exemple", "Bo Beispiel"]


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(programme=hostile_programmes())
def test_write_gives_unique_identifiers_for_any_programme(programme: Programme) -> None:
    whole = json.loads(sessionize.write(programme))
    idents = [written["id"] for written in whole["sessions"]]
    assert len(set(idents)) == len(idents)
    assert all(is_uuid(person["id"]) for person in whole["speakers"])
    items = {item["id"] for category in whole["categories"] for item in category["items"]}
    assert all(set(written["categoryItems"]) <= items for written in whole["sessions"])
    for view in sessionize.VIEWS:
        json.loads(sessionize.write(programme, view))


def test_write_stays_quick(congress: Programme) -> None:
    for view in sessionize.VIEWS:
        with quickly(0.5):
            sessionize.write(congress, view)
