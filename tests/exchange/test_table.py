"""CSV as organisers keep it, and CSV that is safe to open."""

from __future__ import annotations

import csv
import io
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings

from hallway.exchange import table
from hallway.exchange.findings import Unreadable
from hallway.exchange.programme import Programme
from tests.exchange.programmes import PARIS, hostile_programmes, quickly, small_programme

FIXTURE = Path(__file__).parent / "fixtures" / "organiser.csv"


def codes(programme: Programme) -> list[str]:
    return [finding.code for finding in programme.warnings]


def test_suggest_maps_french_headers() -> None:
    preview = table.suggest(FIXTURE.read_bytes())
    assert preview.delimiter == ";"
    assert dict(preview.mapping) == {
        "title": "Titre", "date": "Jour", "start": "Heure de début", "duration": "Durée", "room": "Salle",
        "speakers": "Intervenants", "tags": "Étiquettes", "language": "Langue",
    }  # fmt: skip
    assert preview.rows[0][0] == "Semer des graphes"


def test_suggest_maps_english_headers() -> None:
    preview = table.suggest(
        b"Session title,StartsAt,EndsAt,Room,Speakers,Level\nx,2026-10-08 09:00,2026-10-08 10:00,A,B,C\n"
    )
    assert set(preview.mapping) == {"title", "start", "end", "room", "speakers", "level"}


def test_suggest_refuses_more_columns_than_a_page_can_offer() -> None:
    wide = ",".join(f"c{number}" for number in range(100_000))
    with pytest.raises(Unreadable, match="too-many-columns"):
        table.suggest(f"title,{wide}\n".encode() + b"a\n" * 100_000)
    assert len(table.suggest(b"title" + b",x" * 199 + b"\na\n").header) == 200


def test_read_takes_day_start_and_length() -> None:
    programme = table.read(FIXTURE.read_bytes(), zone=PARIS)
    talk, night, lunch, undated = programme.sessions
    assert talk.slots[0].starts_at.isoformat() == "2026-10-08T07:30:00+00:00"
    assert (talk.slots[0].duration, night.slots[0].duration) == (timedelta(minutes=90), timedelta(minutes=90))
    assert (talk.tags, talk.languages) == (("sql", "graphes"), ("fr",))
    assert [person.name for person in programme.people] == ["Lou Semis", "Équipe Abeille", "Semis, Lou", "Bo"]
    assert (lunch.is_break, undated.slots) == (True, ())
    assert {"column-ignored", "end-missing", "unscheduled"} <= set(codes(programme))


def test_read_takes_an_end_after_midnight_for_the_next_day() -> None:
    programme = table.read(b"title,date,start,end\nFete,2026-10-08,22:00,02:30\n", zone=PARIS)
    assert programme.sessions[0].slots[0].duration == timedelta(hours=4, minutes=30)


def test_read_takes_twelve_hour_clocks_and_month_first_dates_where_they_must_be() -> None:
    programme = table.read(b"title,date,start,end\na,10/08/2026,1:30 PM,2 pm\nb,10/28/2026,9am,10am\n", zone=PARIS)
    assert [slot.starts_at.isoformat() for _session, slot in programme.slots()] == [
        "2026-10-08T11:30:00+00:00", "2026-10-28T08:00:00+00:00",
    ]  # fmt: skip


def test_read_uses_the_columns_it_is_given() -> None:
    data = b"Thing,When,Who\nGraphes,2026-10-08T09:00:00+02:00,Ada\n"
    programme = table.read(data, zone=PARIS, columns={"title": "Thing", "start": "When", "speakers": "Who", "x": "y"})
    assert (programme.sessions[0].title, programme.people[0].name) == ("Graphes", "Ada")
    assert programme.sessions[0].slots[0].starts_at.hour == 7


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_read_takes_usual_encodings(encoding: str) -> None:
    programme = table.read("title,room\nÉté – déjà,Forêt\n".encode(encoding), zone=PARIS)
    assert (programme.sessions[0].title, programme.rooms[0].name) == ("Été – déjà", "Forêt")
    assert ("encoding-guessed" in codes(programme)) == (encoding == "cp1252")


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"when,where\n1,2\n", "no-title-column"),
        (b"only one column\n", "unknown-dialect"),
        (b"title,x\n\0,1\n", "forbidden-character"),
        (b'title,x\n"' + b"y" * 300_000 + b'",1\n', "not-well-formed"),
    ],
    ids=["no-title", "one-column", "nul", "huge-cell"],
)
def test_read_refuses_what_is_no_table(data: bytes, code: str) -> None:
    with pytest.raises(Unreadable) as refusal:
        table.read(data)
    assert refusal.value.code == code


def test_write_then_read_keeps_what_the_format_holds() -> None:
    before = small_programme()
    after = table.read(table.write(before), zone=PARIS)
    assert {(s.title, slot.starts_at, slot.ends_at) for s, slot in after.slots()} == {
        (s.title, slot.starts_at, slot.ends_at) for s, slot in before.slots()
    }
    talk = next(session for session in after.sessions if session.code == "ABC123")
    assert (talk.abstract, talk.description, talk.tags) == (
        "Deux mondes.",
        "# Plan\n\n- un\n- deux",
        ("sql", "graphes"),
    )
    assert len(talk.slots) == 2
    assert any(session.title == "Jamais placée" and not session.slots for session in after.sessions)


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(programme=hostile_programmes())
def test_write_is_a_table_of_safe_cells_for_any_programme(programme: Programme) -> None:
    rows = list(csv.reader(io.StringIO(table.write(programme).decode("utf-8-sig"), newline="")))
    assert len({len(row) for row in rows}) == 1
    assert not any(cell.startswith(("=", "+", "-", "@")) for row in rows for cell in row)


def test_write_stays_quick(congress: Programme) -> None:
    with quickly(0.5):
        table.write(congress)
