"""A backup taken while people register is whole, and the house restored from it goes on giving seats."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, connections

from hallway.gathering.attendance.models import Registration
from hallway.kit import clock
from hallway.kit.models import Revision
from hallway.kit.refusal import Refusal
from hallway.site import backup
from tests.faults.crowd import room_for
from tests.faults.house import ROOT, database_url, environment, house, send_at_once, serving, statuses
from tests.faults.links import Visitors, confirm_links

pytestmark = [pytest.mark.database, pytest.mark.fault, pytest.mark.django_db(transaction=True)]
ELSEWHERE = f"test_hallway_restored_{os.environ.get('PYTEST_XDIST_WORKER', 'alone')}"
PEOPLE, SEATS = 180, 30
WRITES_A_SECOND = 50
BACKUPS = 40  # at most, until one has had its writes: others are at work on the machine, too, for seconds at a time

# Looks at an instance from within, as Django sees it.
LOOK = """
import json, os
os.environ["DJANGO_SETTINGS_MODULE"] = "hallway.site.settings"
import django
django.setup()
from django.core.management import call_command
from django.db import connection
from hallway.gathering.attendance.models import Admission, Registration, RegistrationRequest
from hallway.kit.models import FactRow, Revision
from tests.faults.crowd import troubles_of
troubles = [wrong for admission in Admission.objects.all() for wrong in troubles_of(admission)]
try:
    connection.check_constraints()
except Exception as error:
    troubles.append(str(error))
if connection.vendor == "sqlite":
    sound = connection.cursor().execute("PRAGMA integrity_check").fetchone()[0]
    troubles += [] if sound == "ok" else [sound]
print(json.dumps({
    "troubles": troubles,
    "positions": list(Registration.objects.order_by("position").values_list("position", flat=True)),
    "states": list(Registration.objects.order_by("position").values_list("state", flat=True)),
    "confirmed": list(RegistrationRequest.objects.exclude(registration=None).values_list("pk", flat=True)),
    "beats": list(Revision.objects.filter(key__startswith="beat:").order_by("key").values_list("key", flat=True)),
    "facts": FactRow.objects.filter(kind="attendance.registered").count(),
}))
"""


class Beats(threading.Thread):
    """Numbered rows, as fast as they are taken, each in a transaction of its own; ``done`` were committed."""

    def __init__(self) -> None:
        super().__init__()
        self.done, self.ended = 0, threading.Event()

    def run(self) -> None:
        try:
            while not self.ended.wait(1 / 1000):
                Revision.objects.create(key=f"beat:{self.done + 1:06}", seq=0, changed_at=clock.now())
                self.done += 1
        finally:
            connection.close()


def look_at(folder: Path) -> dict[str, Any]:
    around = environment(folder, 1, database=ELSEWHERE)
    done = subprocess.run([sys.executable, "-c", LOOK], env=around, capture_output=True, text=True, check=True)
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def run(folder: Path, *arguments: str, database: str = "") -> None:
    """A command as a person types it."""
    around = environment(folder, 1, database=database)
    done = subprocess.run(
        [sys.executable, "-m", "hallway", *arguments], cwd=ROOT, env=around, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr


@pytest.fixture
def empty_machine(tmp_path: Path) -> Iterator[Path]:
    """A folder with nothing in it, and on PostgreSQL a database with nothing in it."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(f"DROP DATABASE IF EXISTS {ELSEWHERE}")
            cursor.execute(f"CREATE DATABASE {ELSEWHERE}")
    yield tmp_path / "elsewhere"
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(f"DROP DATABASE IF EXISTS {ELSEWHERE} WITH (FORCE)")


def whole(found: dict[str, Any], known: set[int]) -> list[str]:
    """What a restored instance lacks of what was acknowledged before the backup began, or has by halves."""
    wrong: list[str] = found["troubles"]
    number = len(found["positions"])
    if missing := known - set(found["confirmed"]):
        wrong.append(f"{len(missing)} acknowledged registrations are lost")
    if found["positions"] != list(range(1, number + 1)):
        wrong.append("places in line have gaps")
    if found["states"] != ["going"] * min(SEATS, number) + ["waiting"] * max(0, number - SEATS):
        wrong.append("not the first have seats")
    if (len(found["confirmed"]), found["facts"]) != (number, number):
        wrong.append(f"{number} registrations, {len(found['confirmed'])} links used, {found['facts']} facts")
    return wrong


def test_backup_during_fifty_writes_a_second_restores_whole_and_goes_on(
    tmp_path: Path, empty_machine: Path, figure: Callable[[str], None]
) -> None:
    admission = room_for(SEATS, clock.now() + timedelta(days=30))
    posts, links = confirm_links(admission, PEOPLE)
    with house(tmp_path / "house") as served:
        visitors, beats = Visitors(served, posts, pause=0.1), Beats()
        visitors.start()
        beats.start()
        while len(visitors.told) < PEOPLE // 3:
            time.sleep(0.01)
        known = {links[place] for place in visitors.acknowledged}
        paces: list[float] = []
        while max(paces, default=0) < WRITES_A_SECOND and len(paces) < BACKUPS:
            began, before, beaten = time.perf_counter(), Registration.objects.count(), beats.done
            file = tmp_path / f"monday-{len(paces)}.tar.gz"
            run(served.folder, "backup", str(file))
            written = Registration.objects.count() - before + beats.done - beaten
            paces.append(written / (time.perf_counter() - began))
        visitors.join()
        beats.ended.set()
        beats.join()
        assert len(visitors.acknowledged) == PEOPLE
    connections.close_all()
    run(empty_machine, "restore", str(file), database=ELSEWHERE)
    found = look_at(empty_machine)
    assert whole(found, known) == []
    assert found["beats"] == [f"beat:{number:06}" for number in range(1, len(found["beats"]) + 1)]
    assert len(found["beats"]) >= beaten
    with serving(empty_machine, database=ELSEWHERE) as restored:
        assert statuses(send_at_once(restored.port, posts)) == {302: PEOPLE}
    after = look_at(empty_machine)
    assert whole(after, set(links)) == []
    assert len(after["positions"]) == PEOPLE
    assert paces[-1] >= WRITES_A_SECOND, paces
    figure(
        f"seats, {connection.vendor}: backup {len(paces)} taken while {paces[-1]:.0f} rows a second were written "
        f"(load {os.getloadavg()[0]:.0f}): {len(known)} acknowledged before, {len(found['positions'])} restored, "
        f"whole; then to {PEOPLE}"
    )


def test_backup_turns_red_when_it_copies_what_lies_in_the_file(
    tmp_path: Path, empty_machine: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    true = backup._copy_rows

    def careless(source: backup.Place, working: Path) -> Path:
        if source.engine == "sqlite":
            shutil.copy(source.folder / backup.DATABASE, working / backup.DATABASE)
            return working / backup.DATABASE
        programs = backup._postgres
        monkeypatch.setattr(
            backup, "_postgres", lambda one, name, *more: programs(one, name, "--exclude-table-data=kit_*", *more)
        )
        copy = true(source, working)
        monkeypatch.setattr(backup, "_postgres", programs)
        return copy

    monkeypatch.setattr(backup, "_copy_rows", careless)
    admission = room_for(SEATS, clock.now() + timedelta(days=30))
    posts, links = confirm_links(admission, 24)
    file = tmp_path / "monday.tar.gz"
    with house(tmp_path / "house") as served:
        assert statuses(send_at_once(served.port, posts)) == {302: 24}
        backup.write(backup.Place(served.folder, database_url()), file)
    try:
        backup.restore(backup.Place(empty_machine, database_url(ELSEWHERE)), file)
        wrong = whole(look_at(empty_machine), set(links))
    except (Refusal, subprocess.CalledProcessError) as error:
        wrong = [str(error)]
    assert wrong != []
