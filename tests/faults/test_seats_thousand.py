"""A thousand people in one moment in front of a hundred seats: the first hundred go, nine hundred stand in line."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from django.db import connection

from hallway.gathering.attendance.actions import register, registering
from hallway.gathering.attendance.models import Admission, Registration
from hallway.kit import clock
from hallway.kit.models import FactRow
from hallway.people.models import Person
from tests.faults.crowd import in_line_without_gaps, people, percentile, press_on, room_for
from tests.faults.house import environment, house, move_in, send_at_once, statuses
from tests.faults.links import confirm_links

pytestmark = [pytest.mark.database, pytest.mark.fault, pytest.mark.django_db(transaction=True)]

# Another process registers people: ADMISSION PERSON… on standard input, what failed as JSON on standard output.
APART = """
import json, os, sys
os.environ["DJANGO_SETTINGS_MODULE"] = "hallway.site.settings"
import django
django.setup()
from datetime import datetime
from hallway.gathering.attendance.actions import register
from hallway.gathering.attendance.models import Admission
from hallway.people.models import Person
from tests.faults.crowd import press_on
given = json.loads(sys.stdin.readline())
admission = Admission.objects.get(pk=given["admission"])
persons = list(Person.objects.filter(pk__in=given["persons"]))
at = datetime.fromisoformat(given["at"])
print("ready", flush=True)
sys.stdin.readline()
calls = [lambda one=one: register(admission=admission, person=one, by=one, at=at) for one in persons]
failed, took = press_on(calls, hands=8)
print(json.dumps(failed))
"""


def register_all(admission: Admission, persons: list[Person], at: datetime) -> list[str]:
    calls = [lambda one=one: register(admission=admission, person=one, by=one, at=at) for one in persons]
    return press_on(calls)[0]


@pytest.fixture
def apart(tmp_path: Path) -> Callable[[Admission, list[Person], datetime], subprocess.Popen[str]]:
    """A process of its own that is about to register people; a line on its input lets it begin."""

    def begin(admission: Admission, persons: list[Person], at: datetime) -> subprocess.Popen[str]:
        data = tmp_path / "apart"
        if not data.exists():
            move_in(data)
        process = subprocess.Popen(
            [sys.executable, "-c", APART], env=environment(data, 1), stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            text=True,
        )  # fmt: skip
        assert process.stdin is not None
        wanted = {"admission": admission.pk, "persons": [one.pk for one in persons], "at": at.isoformat()}
        process.stdin.write(json.dumps(wanted) + "\n")
        process.stdin.flush()
        return process

    return begin


def test_register_thousand_at_once_from_threads_and_processes(
    at: datetime, apart: Callable[..., subprocess.Popen[str]], figure: Callable[[str], None]
) -> None:
    admission = room_for(100, at + timedelta(days=30))
    crowd = people(1_000)
    others = [apart(admission, crowd[:250], at), apart(admission, crowd[250:500], at)]
    assert [other.stdout.readline() for other in others if other.stdout] == ["ready\n"] * 2
    began = time.perf_counter()
    for other in others:
        assert other.stdin is not None
        other.stdin.write("go\n")
        other.stdin.flush()
    failed = register_all(admission, crowd[500:], at)
    failed += [line for other in others for line in json.loads(other.communicate(timeout=120)[0])]
    took = time.perf_counter() - began
    assert failed == []
    assert in_line_without_gaps(admission, 100, 900) == []
    assert FactRow.objects.filter(kind="attendance.registered").count() == 1_000
    figure(f"seats, {connection.vendor}: 1,000 at once for 100, 40 threads in 3 processes: 0 errors, {took:.1f} s")


def test_register_at_once_turns_red_when_the_admission_is_not_read_again_under_its_lock(
    at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    admission = room_for(5, at + timedelta(days=30))
    monkeypatch.setattr(registering, "locked", lambda one: one)
    pairs = [(one, Admission.objects.get(pk=admission.pk)) for one in people(30)]
    calls = [lambda one=one, row=row: register(admission=row, person=one, by=one, at=at) for one, row in pairs]
    failed, _took = press_on(calls)
    assert failed or in_line_without_gaps(admission, 5, 25)


def test_thousand_posts_at_once_through_the_real_server(
    tmp_path: Path, figure: Callable[[str], None], pytestconfig: pytest.Config
) -> None:
    # PostgreSQL has its thousand above, and here in a full run.
    whole = connection.vendor == "sqlite" or "not full" not in pytestconfig.getoption("-m")
    number = 1_000 if whole else 300
    admission = room_for(number // 10, clock.now() + timedelta(days=30))
    posts, _links = confirm_links(admission, number)
    with house(tmp_path / "house") as served:
        before, began = served.cpu(), time.perf_counter()
        answers = send_at_once(served.port, posts)
        took, cpu = time.perf_counter() - began, served.cpu() - before
    assert statuses(answers) == {302: number}
    assert len({answer.location for answer in answers}) == number
    assert in_line_without_gaps(admission, number // 10, number - number // 10) == []
    assert Registration.objects.count() == Person.objects.filter(registrations__isnull=False).count() == number
    seconds = sorted(answer.seconds for answer in answers)
    figure(
        f"seats, {connection.vendor}: {number} confirm links POSTed at once, real server: 0 errors, {took:.1f} s, "
        f"p50 {percentile(seconds, 50):.1f} s, p99 {percentile(seconds, 99):.1f} s, "
        f"{cpu * 1000 / number:.0f} ms CPU a POST with what its mail costs meanwhile"
    )


PLANTED = {
    "a count of free seats that was true a moment ago": """
from hallway.gathering.attendance import queries
true, remembered = queries.free_seats, {}
queries.free_seats = lambda admission, at: remembered.setdefault(admission.pk, true(admission, at))
""",
    "a front that sends people away": """
from hallway.front import bridge
bridge.Pool.__init__.__kwdefaults__["waiting"] = 20
""",
    "a place in line given twice": """
from hallway.gathering.attendance.actions import registering
registering.next_position = lambda admission: 1 + admission.registrations.count() % 7
""",
}


@pytest.mark.parametrize("fault", sorted(PLANTED))
def test_posts_at_once_turn_red_for(fault: str, tmp_path: Path) -> None:
    admission = room_for(5, clock.now() + timedelta(days=30))
    posts, _links = confirm_links(admission, 60)
    with house(tmp_path / "house", planted=PLANTED[fault]) as served:
        answers = send_at_once(served.port, posts)
    assert statuses(answers) != {302: 60} or in_line_without_gaps(admission, 5, 55)
