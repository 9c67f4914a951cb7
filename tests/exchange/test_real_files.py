"""Real programmes of other tools, imported and exported again. Skipped where they are absent."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from lxml import etree

from hallway.exchange import frab_json, frab_xml
from hallway.exchange.actions import undo_import
from hallway.exchange.assembling import public_programme
from hallway.exchange.models import ImportRun
from hallway.exchange.programme import Programme
from hallway.exchange.reading import read_programme
from hallway.kit.refusal import Refusal
from hallway.people.models import Person
from hallway.programme.schedule.models import Session, Slot
from hallway.programme.talks.models import Speaking

from .programmes import quickly
from .stored import IMPORTER, LATER, bring_in, event_of, exports

pytestmark = pytest.mark.django_db

# File, sessions, slots, people, rooms: as its SOURCE.md counts them, where it does.
FILES = [
    ("ical-lca-2020/linux_conf_au_2020.ics", {"slots": 262, "rooms": 7}),
    ("sessionize/ddd-melbourne-2024-all.json", {"sessions": 26, "people": 30, "rooms": 4}),
    ("sessionize/droidcon-sf-2019-gridsmart.json", {"slots": 99}),
    ("sessionize/droidkaigi-2018-all.json", {"sessions": 9}),
    ("c3voc-formats/examples/frab-camp2019.json", {"slots": 79, "rooms": 2}),
    ("c3voc-formats/examples/pretalx-rc3.json", {"slots": 48, "rooms": 5}),
    ("c3voc-formats/examples/hub-schedule2.json", {}),
    ("c3voc-formats/examples/pretalx-democon.json", {}),
    ("devfest-toulouse-2018/firebase-data.json", {"sessions": 50, "people": 42, "rooms": 5}),
    ("devfest-nantes-2019/schedule.ics", {"slots": 69}),
]
# Dialects of one conference each: what is no format is no guess.
FOREIGN = (
    "kotlinconf-2025/conference.json", "devfest-nantes-2019/site.json", "mixit-2024-2025/talks_2025.json",
    "mixit-2024-2025/feedback.csv",
)  # fmt: skip


def read(path: Path) -> Programme:
    return read_programme(path.read_bytes(), path.name, fallback="Europe/Paris")


def assert_valid(shared: Path, written: dict[str, bytes]) -> None:
    """Our exports against the schemas that apps validate with."""
    schemas = shared / "c3voc-formats/schema"
    xsd = etree.XMLSchema(
        etree.parse(next(path for path in sorted(schemas.glob("*.xsd")) if "person" not in path.name))
    )
    xsd.assertValid(etree.fromstring(written["frab-xml"]))
    schema = json.loads(next(path for path in sorted(schemas.glob("*.json")) if "2" not in path.name).read_text())
    jsonschema.Draft7Validator(schema).validate(json.loads(written["frab-json"]))


def shape(programme: Programme) -> list[tuple[Any, ...]]:
    """Every slot with what the frab formats hold of it, whatever its identifiers."""
    rooms = {room.key: room.name for room in programme.rooms}
    tracks = {track.key: track.name for track in programme.tracks}
    people = {person.key: (person.name, person.biography) for person in programme.people}
    return [
        (
            slot.starts_at, slot.duration, rooms.get(slot.room or ""), session.title, session.subtitle,
            session.abstract, session.description, session.languages, tracks.get(session.track or ""),
            session.kind_raw, session.is_break, session.do_not_record,
            tuple(people[speaker.person] for speaker in session.speakers),
            tuple((link.url, link.title) for link in session.links), session.recording_url,
        )
        for session, slot in sorted(
            programme.slots(), key=lambda pair: (pair[1].starts_at, str(rooms.get(pair[1].room or "")), pair[0].title)
        )
    ]  # fmt: skip


@pytest.mark.parametrize(("name", "counts"), FILES, ids=lambda value: value if isinstance(value, str) else "")
def test_real_file_is_imported_whole_and_exports_are_valid(shared: Path, name: str, counts: dict[str, int]) -> None:
    programme = read(shared / name)
    run = bring_in(programme)
    assert {key: run.report[key] for key in counts} == counts
    event = event_of(run)
    assert Session.objects.filter(event=event).count() == run.report["sessions"]
    written = exports(event)
    assert_valid(shared, written)
    again = bring_in(read(shared / name), community=event.community)
    assert (again.event_id, again.report["made"], again.report["changed"], again.report["gone"]) == (event.pk, 0, 0, 0)


@pytest.mark.parametrize("name", [name for name, _counts in FILES])
@pytest.mark.parametrize("format", [frab_xml, frab_json], ids=["xml", "json"])
def test_real_programme_survives_export_and_import_elsewhere(shared: Path, name: str, format: Any) -> None:
    first = event_of(bring_in(read(shared / name)))
    there = format.read(format.write(public_programme(first)))
    second = event_of(bring_in(there))
    assert second.pk != first.pk
    assert shape(format.read(format.write(public_programme(second)))) == shape(there)


def test_38c3_counts_times_valid_exports_and_undo(shared: Path, congress: Programme) -> None:
    with quickly(10):
        run = bring_in(congress)
    counts = {name: run.report[name] for name in ("sessions", "slots", "people", "rooms", "tracks")}
    assert counts == {"sessions": 1007, "slots": 1007, "people": 571, "rooms": 72, "tracks": 7}
    event = event_of(run)
    written = exports(event)
    speakings = Speaking.objects.filter(talk__sessions__event=event).count()
    assert_valid(shared, written)
    with quickly(5):
        again = bring_in(congress, community=event.community)
    assert (again.report["made"], again.report["changed"], again.report["gone"], again.journal) == (0, 0, 0, {})
    assert exports(event) == written
    other = bring_in(frab_json.read(written["frab-json"]), community=event.community)
    assert (other.event_id, other.report["made"], other.report["gone"]) == (event.pk, 0, 0)
    assert (other.report["changed"], other.report["kept"]) == (0, [])
    assert Speaking.objects.filter(talk__sessions__event=event).count() == speakings
    assert Slot.objects.filter(session__event=event).count() == 1007
    hour = timedelta(hours=1)
    later = tuple(
        replace(slot, starts_at=slot.starts_at + hour, ends_at=slot.ends_at + hour)
        for slot in congress.sessions[0].slots
    )
    moved = (replace(congress.sessions[0], title="Moved", slots=later), *congress.sessions[1:-1])
    before = exports(event)
    changed = bring_in(replace(congress, sessions=moved), community=event.community)
    assert (changed.report["changed"], len(changed.report["taken_out"])) == (2, 1)
    assert undo_import(run=ImportRun.objects.get(pk=changed.pk), by=IMPORTER, at=LATER).kept == []
    assert exports(event) == before


@pytest.mark.parametrize("name", FOREIGN)
def test_dialect_of_one_conference_is_refused_with_what_to_do(shared: Path, name: str) -> None:
    with pytest.raises(Refusal) as refused:
        read(shared / name)
    assert refused.value.code in {"exchange.unknown-format", "exchange.no-title-column"}
    assert "CSV" in str(refused.value.sentence) or "Tell us" in str(refused.value.sentence)


def test_sessionize_speakers_tell_more_of_those_of_the_grid(shared: Path) -> None:
    grid = bring_in(read(shared / "sessionize/droidcon-sf-2019-gridsmart.json"))
    event = event_of(grid)
    told = bring_in(read(shared / "sessionize/droidcon-sf-2019-speakers.json"), community=event.community)
    assert (told.event_id, told.report["people"], told.report["made"], told.report["gone"]) == (event.pk, 85, 0, 0)
    speakers = Person.objects.filter(talks__sessions__event=event).distinct()
    assert speakers.exclude(biography={}).count() > 60
    assert speakers.count() == grid.report["people"] == 85
