"""frab schedule.xml: what is read, what is refused, and that what we write is always valid."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from lxml import etree

from hallway.exchange import frab_xml
from hallway.exchange.findings import Unreadable
from hallway.exchange.programme import Programme, RoomIn, SessionIn, SlotIn
from tests.exchange.programmes import PARIS, hostile_programmes, is_uuid, quickly, small_programme

FIXTURE = Path(__file__).parent / "fixtures" / "frab.xml"


def codes(programme: Programme) -> list[str]:
    return [finding.code for finding in programme.warnings]


def test_read_gives_sessions_rooms_people_and_tracks() -> None:
    programme = frab_xml.read(FIXTURE.read_bytes())
    assert (programme.title, programme.slug, programme.zone.key) == (
        "Jardin des données",
        "jardin-2026",
        "Europe/Paris",
    )
    assert [session.title for session in programme.sessions] == ["Semer des graphes", "Minuit", "Pause", "Deux fois"]
    assert [room.name for room in programme.rooms] == ["Serre", "Verger"]
    assert [(person.name, person.id) for person in programme.people] == [
        ("Lou Semis", 5),
        ("Lou Semis", 6),
        ("Équipe Abeille", None),
    ]
    assert [(track.name, track.colour, track.slug) for track in programme.tracks] == [("Racines", "#00aa55", "racines")]
    assert programme.day_boundary == 360


def test_read_keeps_texts_languages_links_and_opt_outs() -> None:
    talk = frab_xml.read(FIXTURE.read_bytes()).sessions[0]
    assert talk.languages == ("fr", "en")
    assert talk.language_raw == "fr, en"
    assert talk.abstract == "Des **graphes** au jardin."
    assert talk.description == "Un premier paragraphe.\n\nUn second, en retrait."
    assert talk.do_not_record and talk.do_not_stream
    assert talk.recording_licence == "CC BY 4.0"
    assert [link.url for link in talk.links] == ["https://jardin.example/code"]
    assert [(file.title, file.url) for file in talk.attachments] == [("Plan", "https://jardin.example/files/plan.pdf")]
    assert talk.feedback_url == "https://jardin.example/t/1/feedback"


def test_read_lets_the_instant_win_over_the_local_clock() -> None:
    programme = frab_xml.read(FIXTURE.read_bytes())
    slot = programme.sessions[0].slots[0]
    assert slot.starts_at.isoformat() == "2026-10-08T07:30:00+00:00"
    assert "clock-disagrees" in codes(programme)


def test_read_keeps_the_night_in_its_event_day() -> None:
    programme = frab_xml.read(FIXTURE.read_bytes())
    night = programme.sessions[1].slots[0]
    assert night.starts_at.astimezone(PARIS).isoformat() == "2026-10-09T00:30:00+02:00"
    assert programme.day_of(night.starts_at).isoformat() == "2026-10-08"
    assert night.duration == timedelta(hours=13)


def test_read_joins_slots_of_one_code_and_flags_breaks() -> None:
    programme = frab_xml.read(FIXTURE.read_bytes())
    twice = programme.sessions[3]
    assert len(twice.slots) == 2
    assert programme.sessions[2].is_break
    assert programme.sessions[2].slots[0].duration == timedelta()


def test_read_reports_same_names_answers_unsafe_links_and_unknown_fields() -> None:
    programme = frab_xml.read(FIXTURE.read_bytes())
    assert {"same-name", "answers-dropped", "unsafe-link", "unknown-field"} <= set(codes(programme))


def test_read_tells_sessions_with_one_guid_apart() -> None:
    source = FIXTURE.read_text().replace("aaaaaaaa-0000-4000-8000-000000000002", "aaaaaaaa-0000-4000-8000-000000000001")
    programme = frab_xml.read(source.encode())
    assert len(programme.sessions) == 4
    assert len({session.key for session in programme.sessions}) == 4
    assert "repeated-id" in codes(programme)


def test_read_without_zone_guesses_from_offsets_and_says_so() -> None:
    source = FIXTURE.read_text().replace("<time_zone_name>Europe/Paris</time_zone_name>", "")
    programme = frab_xml.read(source.encode())
    assert programme.zone.key == "Etc/GMT-2"
    assert (programme.zone_origin, "zone-guessed" in codes(programme)) == ("guessed", True)
    assert frab_xml.read(source.encode(), zone=PARIS).zone_origin == "asked"


@pytest.mark.parametrize("year", ["0001", "9999"])
def test_read_refuses_slots_in_impossible_years_and_keeps_the_rest(year: str) -> None:
    programme = frab_xml.read(FIXTURE.read_text().replace("<date>2026-10-08", f"<date>{year}-10-08", 1).encode())
    assert [finding.code for finding in programme.refused] == ["time-out-of-range"]
    assert len(programme.sessions) == 4
    assert programme.sessions[0].slots == ()


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "empty-file"),
        (b"<schedule><conference>", "not-well-formed"),
        (b"<rss><channel/></rss>", "unknown-dialect"),
        (b'<!DOCTYPE s [<!ENTITY a "b"><!ENTITY c "&a;&a;">]><schedule>&c;</schedule>', "dangerous-xml"),
        (b"<schedule>\0</schedule>", "forbidden-character"),
        ('<?xml version="1.0" encoding="utf-8"?><schedule>é</schedule>'.encode("latin-1"), "not-well-formed"),
        (b'<?xml version="1.0" encoding="klingon"?><schedule/>', "wrong-encoding"),
        (b" " * (100 * 1024 * 1024 + 1), "too-large"),
    ],
    ids=["empty", "cut", "dialect", "bomb", "nul", "latin", "klingon", "large"],
)
def test_read_refuses_what_is_no_schedule(data: bytes, code: str) -> None:
    with pytest.raises(Unreadable) as refusal:
        frab_xml.read(data)
    assert refusal.value.code == code


def test_read_holds_long_and_right_to_left_texts() -> None:
    long_text = "שלום עולם " * 2_500
    programme = frab_xml.read(FIXTURE.read_text().replace("Un premier paragraphe.", long_text).encode())
    assert len(programme.sessions[0].description) > 20_000


def assert_valid(data: bytes) -> None:
    """The frab rules, spelt out, so that they hold where the published schema is not at hand."""
    root = etree.fromstring(data)
    acronym = root.findtext("conference/acronym") or ""
    assert re.fullmatch(r"[a-z0-9_-]{4,}", acronym)
    assert root.findall("day")
    events = root.findall("day/room/event")
    for name in ("id", "guid"):
        values = [event.get(name) for event in events]
        assert len(set(values)) == len(values)
    slugs = [event.findtext("slug") for event in events]
    assert len(set(slugs)) == len(slugs)
    for event in events:
        assert int(event.get("id") or 0) > 0
        assert is_uuid(event.get("guid") or "")
        assert re.fullmatch(r"[0-9A-Z]{6}", event.get("code") or "AAAAAA")
        assert re.fullmatch(r"[a-z0-9_]{4,}-[a-z0-9\-_]{4,}", event.findtext("slug") or "")
        assert re.fullmatch(r"[0-9]{1,2}:[0-9]{2}", event.findtext("duration") or "")
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[+-]\d\d:\d\d", event.findtext("date") or "")
        assert (event.findtext("feedback_url") or "https://").startswith(("https://", "http://"))
        assert {"title", "subtitle", "room", "track", "type", "abstract"} <= {child.tag for child in event}


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(programme=hostile_programmes())
def test_write_is_valid_for_any_programme(programme: Programme) -> None:
    written = frab_xml.write(programme)
    assert_valid(written)
    assert frab_xml.write(programme) == written


@pytest.fixture(scope="session")
def schema(shared: Path) -> etree.XMLSchema:
    return etree.XMLSchema(etree.parse(str(shared / "c3voc-formats/schema/schedule.xml.xsd")))


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(programme=hostile_programmes())
def test_write_follows_the_published_schema(schema: etree.XMLSchema, programme: Programme) -> None:
    schema.assertValid(etree.fromstring(frab_xml.write(programme)))


@settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))
@given(programme=hostile_programmes())
def test_write_then_read_changes_nothing_more_the_second_time(programme: Programme) -> None:
    once = frab_xml.read(frab_xml.write(programme), zone=programme.zone)
    once = frab_xml.read(frab_xml.write(once), zone=programme.zone)
    twice = frab_xml.read(frab_xml.write(once), zone=programme.zone)
    assert set(twice.sessions) == set(once.sessions)
    assert len(twice.sessions) == len(once.sessions)


def test_write_then_read_keeps_what_the_format_holds() -> None:
    before = small_programme()
    after = frab_xml.read(frab_xml.write(before))
    assert (after.title, after.slug, after.zone, after.day_boundary) == (before.title, before.slug, before.zone, 240)
    assert (after.starts_on, after.ends_on, after.colour) == (before.starts_on, before.ends_on, before.colour)
    assert [room.name for room in after.rooms] == ["Grande salle", "Atelier"]
    assert after.tracks[0].colour == "#aa3300"
    titles = {session.title: session for session in after.sessions}
    assert set(titles) == {"Ouverture", "Tables & graphes", "Pause", "Nuit du code"}
    talk, source = titles["Tables & graphes"], before.sessions[1]
    kept = ("code", "abstract", "description", "kind_raw", "languages", "url", "feedback_url", "do_not_record", "links")
    assert [getattr(talk, name) for name in kept] == [getattr(source, name) for name in kept]
    assert [(slot.starts_at, slot.ends_at) for slot in talk.slots] == [(s.starts_at, s.ends_at) for s in source.slots]
    assert titles["Pause"].is_break and titles["Pause"].slots[0].room is None


def test_write_keeps_38c3_and_stays_quick(shared: Path, schema: etree.XMLSchema) -> None:
    data = (shared / "schedule-38c3/schedule.xml").read_bytes()
    with quickly(1.5):
        programme = frab_xml.read(data)
    with quickly(0.5):
        written = frab_xml.write(programme)
    schema.assertValid(etree.fromstring(written))
    again = frab_xml.read(written)
    changed = {"slug", "do_not_stream"}
    by_key = {session.key: session for session in again.sessions}
    for session in programme.sessions:
        differing = {n for n in session.__dataclass_fields__ if getattr(session, n) != getattr(by_key[session.key], n)}
        assert differing <= changed
    assert (again.rooms, set(again.people), again.tracks) == (programme.rooms, set(programme.people), programme.tracks)


def test_read_counts_38c3_as_its_source_says(congress: Programme) -> None:
    programme = congress
    slots = [slot for _session, slot in programme.slots()]
    assert (len(programme.sessions), len(slots), len(programme.rooms), len(programme.days())) == (1007, 1007, 72, 4)
    assert (len(programme.people), len({person.name for person in programme.people})) == (571, 567)
    assert (len(programme.tracks), programme.day_boundary, programme.zone.key) == (7, 360, "Europe/Berlin")
    assert sum(session.track is None for session in programme.sessions) == 858
    assert sum(not session.speakers for session in programme.sessions) == 118
    assert sum(session.do_not_record for session in programme.sessions) == 25
    assert sum(not session.language_raw for session in programme.sessions) == 44
    assert sum(slot.duration == timedelta(hours=12) for slot in slots) == 3
    zone = programme.zone
    spans = [(slot.starts_at.astimezone(zone), slot.ends_at.astimezone(zone)) for slot in slots]
    crossing = [end for start, end in spans if end.date() > start.date() and (end.hour, end.minute) != (0, 0)]
    assert len(crossing) == 26
    assert programme.refused == ()


def test_write_then_read_keeps_the_short_name_of_a_session_in_two_rooms_at_once() -> None:
    at = datetime(2026, 10, 24, 9, tzinfo=UTC)
    session = SessionIn("s", "", url="https://a.example/", slots=(SlotIn("a", at, at, None), SlotIn("b", at, at, "r")))
    programme = Programme(title="x", slug="conf-2026", rooms=(RoomIn("r", "Attic"),), sessions=(session,))
    once = frab_xml.read(frab_xml.write(programme))
    once = frab_xml.read(frab_xml.write(once))
    assert frab_xml.read(frab_xml.write(once)).sessions == once.sessions
