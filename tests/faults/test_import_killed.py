"""An import that is killed in the middle leaves nothing half, and a run handed in is tried again."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from hallway.exchange import frab_xml
from hallway.exchange.programme import Programme
from tests.exchange.programmes import small_programme

pytestmark = pytest.mark.fault
ROOT = Path(__file__).resolve().parents[2]
# Stops for good right before the import would commit.
STOPPED = """
import os, sys, time
import django
os.environ["DJANGO_SETTINGS_MODULE"] = "hallway.site.settings"
django.setup()
from hallway.exchange.actions import importing
def stop(*args, **kwargs):
    print("stopped", flush=True)
    time.sleep(60)
importing._report = stop
from hallway.site.cli import main
sys.exit(main(sys.argv[1:]))
"""


def hallway(data: Path, *arguments: str, code: str = "") -> subprocess.Popen[bytes]:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("HALLWAY_")}
    environment |= {"HALLWAY_DATA": str(data), "PYTHONPATH": str(ROOT)}
    start = [sys.executable, "-c", code] if code else [sys.executable, "-m", "hallway"]
    return subprocess.Popen([*start, *arguments], env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE)


def rows(data: Path) -> dict[str, int]:
    with sqlite3.connect(data / "hallway.sqlite3") as connection:
        tables = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
        return {name: connection.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0] for (name,) in tables}  # noqa: S608 - names from the schema itself


def test_import_killed_in_the_middle_stores_nothing_and_works_the_next_time(tmp_path: Path) -> None:
    programme: Programme = small_programme()
    file = tmp_path / "schedule.xml"
    file.write_bytes(frab_xml.write(programme))
    data = tmp_path / "data"
    migrated = hallway(data, "manage", "migrate", "-v0")
    migrated.communicate(timeout=240)
    assert migrated.returncode == 0
    before = rows(data)
    killed = hallway(data, "import", str(file), "--community", "new-one", code=STOPPED)
    assert killed.stdout is not None
    assert killed.stdout.readline() == b"stopped\n"
    killed.send_signal(signal.SIGKILL)
    killed.communicate()
    assert rows(data) == before
    again = hallway(data, "import", str(file), "--community", "new-one")
    out, err = again.communicate(timeout=240)
    assert (again.returncode, err) == (0, b""), out
    assert rows(data)["schedule_session"] == 4
