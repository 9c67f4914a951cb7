"""iCalendar, in and out."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import icalendar
import pytest
from hypothesis import HealthCheck, given, settings

from hallway.exchange import ical
from hallway.exchange.findings import Unreadable
from hallway.exchange.programme import Programme, shifted
from tests.exchange.programmes import PARIS, hostile_programmes, quickly, small_programme

ENTRY = (
    "UID:1@jardin\nSUMMARY:Graphes\nDTSTART;TZID=Europe/Paris:20261008T090000\nDTEND;TZID=Europe/Paris:20261008T100000"
)


def codes(programme: Programme) -> list[str]:
    return [finding.code for finding in programme.warnings]


def calendar(*entries: str, head: str = "X-WR-CALNAME:Jardin") -> bytes:
    inner = "\n".join(f"BEGIN:VEVENT\n{entry}\nEND:VEVENT" for entry in entries)
    return f"BEGIN:VCALENDAR\nVERSION:2.0\n{head}\n{inner}\nEND:VCALENDAR\n".replace("\n", "\r\n").encode()


def test_read_takes_zones_without_vtimezone() -> None:
    programme = ical.read(calendar(ENTRY))
    slot = programme.sessions[0].slots[0]
    assert (programme.title, programme.zone, programme.zone_origin) == ("Jardin", PARIS, "file")
    assert (slot.starts_at.isoformat(), slot.duration) == ("2026-10-08T07:00:00+00:00", timedelta(hours=1))


@pytest.mark.parametrize(
    "tzid", ["/freeassociation.sourceforge.net/Europe/Paris", "Romance Standard Time", '"Europe/Paris"']
)
def test_read_knows_zones_by_other_names(tzid: str) -> None:
    programme = ical.read(calendar(ENTRY.replace("Europe/Paris", tzid)))
    assert programme.zone == PARIS


def test_read_says_when_a_zone_is_unknown() -> None:
    programme = ical.read(calendar(ENTRY.replace("Europe/Paris", "Custom Zone 7")), zone=PARIS)
    assert "zone-unknown" in codes(programme)
    assert programme.sessions[0].slots[0].starts_at.hour == 7


@pytest.mark.parametrize(
    ("end", "minutes", "code"),
    [
        ("DURATION:PT1H30M", 90, ""),
        ("DURATION:PT0S", 0, ""),
        ("", 0, "end-missing"),
        ("DTEND:20261008T060000Z", 0, "end-before-start"),
    ],
)
def test_read_takes_lengths_in_place_of_ends(end: str, minutes: int, code: str) -> None:
    programme = ical.read(calendar(f"{ENTRY.rsplit('DTEND', 1)[0]}{end}".replace("\n\n", "\n")))
    assert programme.sessions[0].slots[0].duration == timedelta(minutes=minutes)
    assert not code or code in codes(programme)


def test_read_keeps_cancelled_entries_marked() -> None:
    slot = ical.read(calendar(f"{ENTRY}\nSTATUS:CANCELLED\nSEQUENCE:4")).sessions[0].slots[0]
    assert (slot.cancelled, slot.sequence) == (True, 4)


def test_read_joins_moved_occurrences_and_tells_repeated_uids_apart() -> None:
    later = ENTRY.replace("20261008", "20261108")
    moved = f"{later}\nRECURRENCE-ID:20261107T080000Z"
    programme = ical.read(calendar(ENTRY, moved, ENTRY.replace("Graphes", "Arbres")))
    assert sorted((session.title, len(session.slots)) for session in programme.sessions) == [
        ("Arbres", 1),
        ("Graphes", 2),
    ]
    assert "repeated-id" in codes(programme)


def test_read_reports_rules_of_recurrence_and_whole_days() -> None:
    whole = "UID:2\nSUMMARY:Sprint\nDTSTART;VALUE=DATE:20261009"
    programme = ical.read(calendar(f"{ENTRY}\nRRULE:FREQ=WEEKLY", whole))
    assert {"recurring", "all-day"} <= set(codes(programme))
    assert programme.sessions[1].slots[0].duration == timedelta(days=1)


def test_read_takes_speakers_html_and_categories() -> None:
    text = (
        'DESCRIPTION:Speakers: Ada Exemple\\, Bo Beispiel\\n<p>Un <b>bon</b> <a href="https://x.example">lien</a></p>'
    )
    programme = ical.read(
        calendar(f"{ENTRY}\n{text}\nCATEGORIES:sql,a\\,b\nLOCATION:Serre\nCONFERENCE:https://zoom.us/j/1")
    )
    session = programme.sessions[0]
    assert [person.name for person in programme.people] == ["Ada Exemple", "Bo Beispiel"]
    assert session.description == "Un **bon** [lien](https://x.example)"
    assert session.tags == ("sql", "a,b")
    assert session.joining_url == "https://zoom.us/j/1"


def test_read_offers_the_other_reading_of_a_false_z() -> None:
    entries = [
        f"UID:{hour}\nSUMMARY:Talk {hour}\nDTSTART:20260715T{hour:02d}0000Z\nDTEND:20260715T{hour + 1:02d}0000Z"
        for hour in range(9, 22)
    ]
    programme = ical.read(calendar(*entries), zone=PARIS)
    assert "false-utc" in codes(programme)
    other = shifted(programme)
    assert "false-utc" not in codes(other)
    assert other.sessions[0].slots[0].starts_at.astimezone(PARIS).hour == 9


@pytest.mark.parametrize("year", ["0001", "9999"])
def test_read_refuses_impossible_years(year: str) -> None:
    programme = ical.read(calendar(ENTRY.replace("2026", year)))
    assert [finding.code for finding in programme.refused] == ["time-out-of-range"]


@pytest.mark.parametrize(
    ("data", "code"),
    [(b"hello", "unknown-dialect"), (b"BEGIN:VCALENDAR\0", "forbidden-character"), (b"BEGIN:\xe9", "wrong-encoding")],
)
def test_read_refuses_what_is_no_calendar(data: bytes, code: str) -> None:
    with pytest.raises(Unreadable) as refusal:
        ical.read(data)
    assert refusal.value.code == code


def test_read_counts_lca_as_its_source_says(shared: Path) -> None:
    programme = ical.read((shared / "ical-lca-2020/linux_conf_au_2020.ics").read_bytes())
    assert (len(programme.sessions), len(programme.rooms), len(programme.days())) == (262, 7, 6)
    assert sum(slot.room is None for _session, slot in programme.slots()) == 17
    assert (programme.title, programme.zone.key) == ("linux.conf.au 2020", "Australia/Brisbane")
    assert programme.refused == ()
    again = ical.read(ical.write(programme))
    assert {(s.title, s.description, slot.starts_at, slot.ends_at) for s, slot in again.slots()} == {
        (s.title, s.description, slot.starts_at, slot.ends_at) for s, slot in programme.slots()
    }


def test_write_holds_zone_whole_event_status_and_calendar_names() -> None:
    before = small_programme()
    slot = replace(before.sessions[0].slots[0], cancelled=True, sequence=5, updated_at=datetime(2026, 9, 1, tzinfo=UTC))
    before = replace(before, sessions=(replace(before.sessions[0], slots=(slot,)), *before.sessions[1:]))
    text = ical.write(before, speakers_label="Intervenants").decode()
    unfolded = text.replace("\r\n ", "")
    for line in (
        "NAME:Rencontres d’automne", "X-WR-CALNAME:Rencontres d’automne", "COLOR:brown", "TZID:Europe/Paris",
        "SOURCE;VALUE=URI:https://hallway.example/e/rencontres-2026/schedule.xml", "DTSTART;VALUE=DATE:20261008",
        "REFRESH-INTERVAL;VALUE=DURATION:PT1H", "STATUS:CANCELLED", "SEQUENCE:5", "LAST-MODIFIED:20260901T000000Z",
        "DTEND;VALUE=DATE:20261010", "DTSTART;TZID=Europe/Paris:20261008T090000",
    ):  # fmt: skip
        assert f"{line}\r\n" in unfolded, line
    assert "Intervenants: Ada Exemple" in unfolded
    assert ical.read(text.encode()).people[0].name == "Ada Exemple"


def test_write_then_read_keeps_what_the_format_holds() -> None:
    before = small_programme()
    after = ical.read(ical.write(before))
    assert (after.title, after.zone, after.starts_on, after.ends_on) == (
        before.title,
        PARIS,
        before.starts_on,
        before.ends_on,
    )
    assert {(s.title, slot.starts_at, slot.ends_at) for s, slot in after.slots()} == {
        (s.title, slot.starts_at, slot.ends_at) for s, slot in before.slots()
    }
    talk = next(session for session in after.sessions if session.title == "Tables & graphes")
    assert talk.description == "Deux mondes.\n\n# Plan\n\n- un\n- deux"
    assert talk.tags == ("Données", "Talk", "Débutant", "sql", "graphes")


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(programme=hostile_programmes())
def test_write_is_read_by_another_library_for_any_programme(programme: Programme) -> None:
    written = ical.write(programme)
    assert all(len(line) <= 75 for line in written.split(b"\r\n"))
    entries = [e for e in icalendar.Calendar.from_ical(written).walk("VEVENT") if "SEQUENCE" in e]
    slots = [slot for _session, slot in programme.slots()]
    assert len(entries) == len(slots)
    assert sorted(entry.start.astimezone(UTC) for entry in entries) == sorted(slot.starts_at for slot in slots)
    assert len({str(entry["UID"]) for entry in entries}) == len(entries)


def test_write_stays_quick(congress: Programme) -> None:
    with quickly(0.5):
        ical.write(congress)
