"""What is one session in several slots, and what merely shares an identifier."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hallway.exchange.identity import MOST_KEY, Entry, gather, made_key, read_guid
from hallway.exchange.programme import SessionIn, SlotIn
from hallway.exchange.report import Report

START = datetime(2026, 10, 8, 9, tzinfo=UTC)
GUID = "aaaaaaaa-0000-4000-8000-000000000001"


def entry(title: str, hours: int, *tokens: str, guid: str = "") -> Entry:
    starts_at = START + timedelta(hours=hours)
    return Entry(SessionIn("", title), SlotIn("", starts_at, starts_at, None, guid), tokens)


def test_gather_joins_equal_content_under_one_identifier() -> None:
    report = Report()
    sessions = gather([entry("A", 0, "id:1"), entry("A", 1, "id:1")], report)
    assert [(session.key, [slot.key for slot in session.slots]) for session in sessions] == [
        ("id:1", ["id:1/1", "id:1/2"])
    ]
    assert report.warnings() == ()


def test_gather_never_joins_by_title_alone() -> None:
    sessions = gather([entry("Löten", hour, f"id:{hour}") for hour in range(10)], Report())
    assert len(sessions) == 10


def test_gather_without_identifiers_keeps_each_entry() -> None:
    sessions = gather([entry("Pause", 0), entry("Pause", 1), entry("Pause", 1)], Report())
    assert len({session.key for session in sessions}) == 3


def test_gather_falls_back_to_title_start_and_room_where_identifiers_repeat() -> None:
    report = Report()
    sessions = gather([entry("A", 0, "id:1"), entry("B", 0, "id:1")], report)
    assert all(session.key.startswith("made:") for session in sessions)
    assert [finding.code for finding in report.warnings()] == ["repeated-id"]


def test_gather_keeps_a_guid_for_one_slot_only() -> None:
    report = Report()
    token = f"guid:{GUID}"
    sessions = gather([entry("A", 0, token, guid=GUID), entry("A", 1, token, guid=GUID)], report)
    assert [slot.guid for slot in sessions[0].slots] == [GUID, ""]


def test_gather_refuses_the_very_same_slot_twice() -> None:
    report = Report()
    gather([entry("A", 0, "id:1"), entry("A", 0, "id:1")], report)
    assert [finding.code for finding in report.refused()] == ["repeated-entry"]


def test_gather_gives_the_same_keys_again() -> None:
    entries = [entry("A", 0), entry("B", 0, "id:1"), entry("C", 2, "uid:" + "x" * 900)]
    first, second = gather(entries, Report()), gather(entries, Report())
    assert [session.key for session in first] == [session.key for session in second]
    assert all(len(session.key) <= MOST_KEY for session in first)


def test_made_key_holds_any_text() -> None:
    assert made_key("\ud800") != made_key("a")


def test_read_guid_takes_only_uuids() -> None:
    assert read_guid(f" {GUID.upper()} ") == GUID
    assert [read_guid(raw) for raw in ("", "x", None, 5, "a" * 60)] == [""] * 5
