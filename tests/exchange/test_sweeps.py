from __future__ import annotations

import subprocess
import sys
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from hallway.exchange import sweeps
from hallway.exchange.actions import work_off_import
from hallway.exchange.actions.asking import FOLDER
from hallway.exchange.models import ImportRun
from tests.factories import CommunityFactory, PersonFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _own_folder(settings: object, tmp_path: Path) -> None:
    settings.HALLWAY_DATA = tmp_path


def waiting(at: datetime, **fields: object) -> ImportRun:
    return ImportRun.objects.create(community=CommunityFactory(), by_key="x", at=at, filename="a.xml", **fields)


def children(monkeypatch: pytest.MonkeyPatch, code: str) -> list[int]:
    """Let each run be worked off by a process that runs this code; returns the ids of the runs that were started."""
    started: list[int] = []

    def start(run_id: int) -> subprocess.Popen[bytes]:
        started.append(run_id)
        return subprocess.Popen([sys.executable, "-c", code])

    monkeypatch.setattr(sweeps, "start_child", start)
    return started


def let_end() -> None:
    for child in sweeps._children:
        child.process.wait(30)


def test_one_run_is_claimed_at_a_time(monkeypatch: pytest.MonkeyPatch, at: datetime) -> None:
    first, second = waiting(at), waiting(at)
    started = children(monkeypatch, "pass")
    assert sweeps.work_off_imports() == 1
    assert started == [first.pk]
    let_end()
    sweeps.work_off_imports()
    assert started == [first.pk, second.pk]
    let_end()
    sweeps.work_off_imports()


def test_child_that_dies_is_tried_three_times_then_refused(monkeypatch: pytest.MonkeyPatch, at: datetime) -> None:
    run = waiting(at)
    started = children(monkeypatch, "import sys; sys.exit(1)")
    for _ in range(5):
        sweeps.work_off_imports()
        let_end()
    assert started == [run.pk] * 3
    run.refresh_from_db()
    assert run.state == "refused"
    assert run.report["refusal"]["code"] == "exchange.too_often"
    assert "Nothing was stored" in run.report["refusal"]["said"]["en"]


def test_child_that_takes_too_long_is_ended_and_the_next_has_its_turn(
    monkeypatch: pytest.MonkeyPatch, at: datetime
) -> None:
    run, second = waiting(at), waiting(at)
    started = children(monkeypatch, "import time; time.sleep(60)")
    sweeps.work_off_imports()
    monkeypatch.setattr(sweeps._children[0], "deadline", 0.0)
    started = children(monkeypatch, "pass")
    sweeps.work_off_imports()
    let_end()
    sweeps.work_off_imports()
    assert started == [second.pk]
    run.refresh_from_db()
    assert (run.state, run.report["refusal"]["code"]) == ("refused", "exchange.too_heavy")


@pytest.mark.fault
def test_work_off_import_without_enough_memory_is_refused_with_a_sentence(
    monkeypatch: pytest.MonkeyPatch, at: datetime, tmp_path: Path
) -> None:
    (tmp_path / FOLDER).mkdir()
    (tmp_path / FOLDER / "big").write_bytes(b"<schedule/>")

    def swells(*_args: object, **_named: object) -> None:
        raise MemoryError

    monkeypatch.setattr("hallway.exchange.actions.working.read_programme", swells)
    ended = work_off_import(run=waiting(at, stored_file="big"), by=PersonFactory(), at=at)
    assert (ended.state, ended.report["refusal"]["code"]) == ("refused", "exchange.too_heavy")


@pytest.mark.fault
@pytest.mark.skipif(sys.platform != "linux", reason="limits of another process are Linux's")
def test_file_that_swells_is_refused_with_a_sentence(
    monkeypatch: pytest.MonkeyPatch, at: datetime, tmp_path: Path
) -> None:
    monkeypatch.setattr(sweeps, "MOST_MEMORY", 300 * 1024**2)
    greedy = "import sys; sys.stdin.read(1); held = bytearray(10**9)"
    child = subprocess.Popen([sys.executable, "-c", greedy], stdin=subprocess.PIPE, stderr=subprocess.PIPE)
    sweeps.keep_small(child.pid)
    assert Path(f"/proc/{child.pid}/oom_score_adj").read_text().strip() == "500"
    assert b"MemoryError" in child.communicate(b"x")[1]
    sweeps.keep_small(child.pid)  # it ended: nothing to keep


def test_files_go_after_a_day_and_reports_after_a_year(
    tmp_path: Path, at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / FOLDER
    folder.mkdir()
    for name in ("old", "new"):
        (folder / name).write_bytes(b"x")
    monkeypatch.setattr("hallway.kit.clock.now", lambda: at)
    old = waiting(at - timedelta(hours=25), stored_file="old", state="done")
    new = waiting(at - timedelta(hours=1), stored_file="new", state="done")
    waiting(at - timedelta(days=366), state="done")
    assert sweeps.forget_files() == 1
    assert [path.name for path in folder.iterdir()] == ["new"]
    assert set(ImportRun.objects.values_list("pk", "stored_file")) == {(old.pk, ""), (new.pk, "new")}
