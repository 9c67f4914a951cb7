"""frab schedule.json: both versions in, version 1 out, always valid."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import HealthCheck, given, settings

from hallway.exchange import frab_json
from hallway.exchange.findings import Unreadable
from hallway.exchange.programme import Programme
from tests.exchange.programmes import PARIS, hostile_programmes, is_uuid, quickly, small_programme


def codes(programme: Programme) -> list[str]:
    return [finding.code for finding in programme.warnings]


def schedule(*events: dict[str, Any], **conference: Any) -> bytes:
    """A version 1 file with one day and one room."""
    day = {"index": 1, "date": "2026-10-08", "rooms": {"Serre": list(events)}}
    meta = {"acronym": "jardin", "title": "Jardin", "time_zone_name": "Europe/Paris", "days": [day]} | conference
    return json.dumps({"schedule": {"version": "1", "base_url": "https://jardin.example", "conference": meta}}).encode()


def event(**fields: Any) -> dict[str, Any]:
    return {
        "id": 1,
        "title": "Graphes",
        "date": "2026-10-08T09:00:00+02:00",
        "duration": "00:30",
        "persons": [],
    } | fields


def test_read_takes_translated_names_roles_and_mixed_texts() -> None:
    person = {"id": 4, "public_name": "Lou Semis", "role": "MODERATOR", "biography": "Écrivez à lou@jardin.example !"}
    data = schedule(event(title={"fr": "Graphes", "en": "Graphs"}, description="Un<br />deux", persons=[person]))
    programme = frab_json.read(data)
    session = programme.sessions[0]
    assert (session.title, session.description, session.speakers[0].role) == ("Graphs", "Un\ndeux", "moderator")
    assert programme.people[0].emails_dropped
    assert "@" not in programme.people[0].biography
    assert "contact-in-text" in codes(programme)


def test_read_drops_contacts_and_answers_with_a_warning() -> None:
    person = {"id": 4, "name": "Lou Semis", "email": "lou@jardin.example", "answers": [{"answer": "M"}]}
    programme = frab_json.read(schedule(event(persons=[person])))
    assert {"contact-dropped", "answers-dropped"} <= set(codes(programme))
    assert "lou@" not in repr(programme)


def test_read_warns_of_joining_details_and_names_the_session() -> None:
    programme = frab_json.read(schedule(event(description="https://zoom.us/j/123 passcode: 4242")))
    warning = next(finding for finding in programme.warnings if finding.code == "joining-details")
    assert dict(warning.message_params)["title"] == "Graphes"


def test_read_takes_date_and_start_where_there_is_no_instant() -> None:
    programme = frab_json.read(schedule(event(date="2026-10-08", start="9:15")))
    assert programme.sessions[0].slots[0].starts_at.isoformat() == "2026-10-08T07:15:00+00:00"


def test_read_keeps_entries_with_unreadable_parts() -> None:
    odd = (event(id="x", date="soon"), event(id=2, title=""), event(id=3, duration="long"), event(id=4, date=None))
    programme = frab_json.read(schedule(*odd))
    assert len(programme.sessions) == 4
    assert [finding.code for finding in programme.refused] == ["time-unreadable"]
    assert {"id-not-a-number", "no-title", "duration-unreadable", "unscheduled"} <= set(codes(programme))


def test_read_refuses_entries_that_are_no_objects() -> None:
    programme = frab_json.read(schedule(event(), "stray", 7))
    assert [finding.code for finding in programme.refused] == ["not-an-entry", "not-an-entry"]


def test_read_tells_rooms_with_one_guid_apart() -> None:
    rooms = [{"name": name, "guid": "bbbbbbbb-0000-4000-8000-000000000001"} for name in ("Serre", "Verger")]
    programme = frab_json.read(schedule(event(), rooms=rooms))
    assert [room.name for room in programme.rooms] == ["Serre", "Verger"]
    assert "repeated-room-id" in codes(programme)


def test_read_keeps_the_very_same_entry_once() -> None:
    programme = frab_json.read(schedule(event(), event()))
    assert (len(programme.sessions), len(programme.sessions[0].slots)) == (1, 1)
    assert [finding.code for finding in programme.refused] == ["repeated-entry"]


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"{", "not-well-formed"),
        (b"[" * 100_000, "too-deep"),
        (b'{"sessions": []}', "unknown-dialect"),
        (b'{"schedule": {"conference": {"title": "x"}}}', "unknown-dialect"),
        (b'{"a": NaN}', "not-well-formed"),
        (b'{"a": "\\u0000"}', "forbidden-character"),
        (b'{"a": "\\ud800"}', "forbidden-character"),
        ('{"a": "é"}'.encode("latin-1"), "wrong-encoding"),
    ],
    ids=["cut", "deep", "dialect", "no-days", "nan", "nul", "surrogate", "latin"],
)
def test_read_refuses_what_is_no_schedule(data: bytes, code: str) -> None:
    with pytest.raises(Unreadable) as refusal:
        frab_json.read(data)
    assert refusal.value.code == code


@pytest.mark.parametrize(
    ("name", "title", "sessions", "rooms", "boundary"),
    [
        ("frab-camp2019", "Chaos Communication Camp 2019", 79, 2, 240),
        ("pretalx-rc3", "rC3 Channels", 48, 5, 240),
        ("pretalx-democon", "DemoCon", 36, 2, 180),
        ("hub-schedule2", "38C3", 2, 5, 360),
        ("invalid-example", "Winterchaos", 1, 1, 0),
    ],
)
def test_read_counts_the_published_examples(
    shared: Path, name: str, title: str, sessions: int, rooms: int, boundary: int
) -> None:
    programme = frab_json.read((shared / f"c3voc-formats/examples/{name}.json").read_bytes())
    assert (programme.title, len(programme.sessions), len(programme.rooms)) == (title, sessions, rooms)
    assert programme.day_boundary == boundary
    assert programme.refused == ()
    assert ("id-not-a-number" in codes(programme)) == (name == "invalid-example")


def assert_valid(data: bytes) -> None:
    """The rules of the schema that break readers, where the schema is not at hand."""
    conference = json.loads(data)["schedule"]["conference"]
    assert re.fullmatch(r"[a-z0-9_-][a-z0-9_]{3,}", conference["acronym"])
    assert conference["daysCount"] == len(conference["days"]) > 0
    events = [e for day in conference["days"] for room in day["rooms"].values() for e in room]
    for name in ("id", "guid", "slug"):
        assert len({e[name] for e in events}) == len(events)
    for e in events:
        assert e["id"] > 0 and is_uuid(e["guid"])
        assert re.fullmatch(r"[a-z0-9_-]+[a-z0-9]", e["slug"])
        assert re.fullmatch(r"[0-9]+:[0-9]{2}", e["duration"])
        assert e["url"].startswith(("http://", "https://", "urn:uuid:"))
        assert all(person["name"].strip() for person in e["persons"])


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(programme=hostile_programmes())
def test_write_is_valid_for_any_programme(programme: Programme) -> None:
    written = frab_json.write(programme)
    assert_valid(written)
    assert len(frab_json.read(written).sessions) <= sum(len(session.slots) for session in programme.sessions)


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(programme=hostile_programmes())
def test_write_follows_the_published_schema(shared: Path, programme: Programme) -> None:
    schema = json.loads((shared / "c3voc-formats/schema/schema.json").read_text())
    jsonschema.Draft6Validator(schema).validate(json.loads(frab_json.write(programme)))


def test_write_then_read_keeps_what_the_format_holds() -> None:
    before = small_programme()
    after = frab_json.read(frab_json.write(before))
    assert (after.title, after.zone, after.day_boundary) == (before.title, PARIS, 240)
    assert after.people[0].biography == "Écrit du *Python*."
    assert after.people[1].links == before.people[1].links
    talk = next(session for session in after.sessions if session.code == "ABC123")
    assert (talk.abstract, talk.languages, len(talk.slots)) == ("Deux mondes.", ("fr", "en"), 2)


def test_write_stays_quick_and_equals_the_xml(congress: Programme) -> None:
    with quickly(0.5):
        written = frab_json.write(congress)
    with quickly(1.5):
        again = frab_json.read(written)
    by_key = {session.key: session for session in again.sessions}
    for session in congress.sessions:
        names = session.__dataclass_fields__
        differing = {n for n in names if getattr(session, n) != getattr(by_key[session.key], n)}
        assert differing <= {"slug"}
