from __future__ import annotations

import json
from pathlib import Path

import pytest

from hallway.exchange import frab_xml
from hallway.gathering.communities.models import Community
from hallway.gathering.events.models import Event
from hallway.site.cli import main
from tests.factories import CommunityFactory

from .programmes import small_programme
from .stored import row_counts, without_session

pytestmark = pytest.mark.django_db
KEYS = {"format", "event", "url", "sessions", "slots", "people", "rooms", "refused", "warnings"}


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "schedule.xml"
    path.write_bytes(frab_xml.write(small_programme()))
    return path


def test_import_makes_the_community_and_prints_its_report(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["import", str(file), "--community", "new-one", "--json"]) == 0
    report = json.loads(capsys.readouterr().out)
    assert set(report) == KEYS
    assert (report["format"], report["sessions"], report["people"], report["rooms"]) == ("frab-xml", 4, 2, 2)
    assert report["url"].endswith(f"/e/{report['event']}/")
    assert Event.objects.get().community == Community.objects.get(slug="new-one")


@pytest.mark.parametrize("community", ["new-one", "there-already"])
def test_dry_run_stores_nothing(file: Path, capsys: pytest.CaptureFixture[str], community: str) -> None:
    main(["import", str(file), "--community", "there-already"])
    file.write_bytes(frab_xml.write(without_session(small_programme(), "s1")))
    before = row_counts()
    capsys.readouterr()
    assert main(["import", str(file), "--community", community, "--dry-run", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["sessions"] == 3
    assert row_counts() == before


BOMB = b'<!DOCTYPE a [<!ENTITY b "bbbb"><!ENTITY c "&b;&b;&b;">]><schedule>&c;</schedule>'


@pytest.mark.parametrize(
    ("content", "arguments"),
    [
        (None, []),
        (b"", []),
        (BOMB, []),
        (b"<schedule>\x00</schedule>", []),
        (b"PK\x03\x04", []),
        (b'{"schedule": ', []),
        (b'{"schedule": {"conference": {"title": "\\ud800", "days": []}}}', []),
        (frab_xml.write(small_programme()), ["--zone", "Nowhere/Atall"]),
        (b"title,start\n", []),
        (b"title,start\nTalk,0001-01-01 10:00\n" * 0 + b"\xff\xfe", []),
    ],
)
def test_what_cannot_be_read_ends_in_one_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], content: bytes | None, arguments: list[str]
) -> None:
    path = tmp_path / "x.xml"
    if content is not None:
        path.write_bytes(content)
    before = row_counts()
    assert main(["import", str(path), "--community", "new-one", *arguments]) == 2
    said = capsys.readouterr()
    assert (said.out, said.err.count("\n")) == ("", 1)
    assert len(said.err) > 10
    assert row_counts() == before


def test_folder_large_file_and_bad_slug_end_in_one_sentence(
    tmp_path: Path, file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    large = tmp_path / "large.xml"
    with large.open("wb") as handle:
        handle.truncate(100 * 1024 * 1024 + 1)
    before = row_counts()
    for path, community in ((tmp_path, "new-one"), (large, "new-one"), (file, "No!"), (file, "admin")):
        assert main(["import", str(path), "--community", community]) == 2
        assert capsys.readouterr().err.count("\n") == 1
    assert row_counts() == before


def test_export_writes_every_format_and_refuses_unknown_events(
    tmp_path: Path, file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    main(["import", str(file), "--community", "new-one"])
    slug = Event.objects.get().slug
    for format in ("frab-xml", "frab-json", "ical", "sessionize", "csv"):
        target = tmp_path / format
        assert main(["export", slug, "--format", format, "-o", str(target)]) == 0
        assert target.stat().st_size > 500
    said = capsys.readouterr()
    assert "- A session’s short code is on its first slot only.\n" in said.err
    assert "Cancelled slots" not in said.err
    assert main(["export", slug, "--format", "csv"]) == 0
    assert capsys.readouterr().out.startswith("\ufeffid,code,title")
    assert main(["export", "nothing-here", "--format", "csv"]) == 2
    assert capsys.readouterr().err.count("\n") == 1


def test_times_without_a_zone_are_the_communitys_and_the_report_says_so(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    CommunityFactory(slug="jozi", zone="Africa/Johannesburg")
    path = tmp_path / "talks.csv"
    path.write_text("title,start,end\nOpening,2026-10-08 09:00,2026-10-08 10:00\n")
    assert main(["import", str(path), "--community", "jozi", "--json"]) == 0
    doubts = json.loads(capsys.readouterr().out)["warnings"]
    assert [doubt for doubt in doubts if "Africa/Johannesburg" in doubt]
    event = Event.objects.get()
    assert event.starts_at is not None
    assert (event.zone, event.starts_at.isoformat()) == ("Africa/Johannesburg", "2026-10-08T07:00:00+00:00")
