"""The server is killed again and again while people register: nothing acknowledged is lost, nothing happens twice."""

from __future__ import annotations

import os
import time
from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from django.db import connection, connections

from hallway.gathering.attendance.models import Admission, Registration, RegistrationRequest
from hallway.kit import clock
from hallway.kit.models import Delivery, FactRow
from hallway.kit.sweeps import LEASE
from hallway.notices.models import OutboxMail
from hallway.people.models import Person
from tests.faults.crowd import room_for, troubles_of
from tests.faults.house import House, Post, house, send_at_once
from tests.faults.links import Visitors, confirm_links

pytestmark = [pytest.mark.database, pytest.mark.fault, pytest.mark.django_db(transaction=True)]
MOST_SECONDS_AWAY = 5.0


def let_leases_end(killed_at: datetime) -> None:
    """What the dead had in hand is free again after two minutes: let those be over."""
    for model in (Delivery, OutboxMail):
        model.objects.filter(claimed_until__lt=killed_at + LEASE).update(claimed_until=None)


def wait_for_deliveries(seconds: float = 60) -> int:
    """Until the sweeps have told everybody what happened; how much is left untold."""
    until = time.monotonic() + seconds
    while (left := Delivery.objects.filter(done_at=None).count()) and time.monotonic() < until:
        time.sleep(0.2)
    return left


def picture_of(admission: Admission) -> dict[str, object]:
    """What a retry must not change."""
    rows = Registration.objects.filter(admission=admission).order_by("position")
    return {
        "rows": list(rows.values_list("pk", "person_id", "position", "state", "code")),
        "people": Person.objects.count(),
        "facts": FactRow.objects.filter(kind="attendance.registered").count(),
        "mails": OutboxMail.objects.count(),
    }


def lost(posts: list[Post], links: list[int], acknowledged: set[int]) -> list[str]:
    """Acknowledged registrations that are not there."""
    there = set(RegistrationRequest.objects.exclude(registration=None).values_list("pk", flat=True))
    return [posts[place].path for place in sorted(acknowledged) if links[place] not in there]


def play(folder: Path, *, writes: int, kills: int, planted: str = "") -> tuple[list[str], House]:
    """So many people register while the server is killed so often, then all try again. What went wrong, in words."""
    admission = room_for(writes // 5, clock.now() + timedelta(days=30))
    posts, links = confirm_links(admission, writes)
    wrong: list[str] = []
    with house(folder, planted=planted) as served:
        visitors = Visitors(served, posts, pause=0.02)
        visitors.start()
        for number in range(kills):
            while len(visitors.told) < writes * number // kills and visitors.is_alive():
                time.sleep(0.005)
            served.kill()
        killed_at = clock.now()
        visitors.join()
        let_leases_end(killed_at)
        wrong += [f"lost: {path}" for path in lost(posts, links, visitors.acknowledged)]
        send_at_once(served.port, posts)
        unsaid = wait_for_deliveries()
        before = picture_of(admission)
        again = send_at_once(served.port, posts)
        if unsaid + wait_for_deliveries():
            wrong.append("some receivers never heard what happened")
        if Counter(answer.status for answer in again) != {302: writes}:
            wrong.append(f"a retry was answered {Counter(answer.status for answer in again)}")
        if picture_of(admission) != before:
            wrong.append("a retry changed something")
        connections.close_all()
    return wrong + counted_twice(admission, writes) + troubles_of(admission), served


def counted_twice(admission: Admission, writes: int) -> list[str]:
    """Registrations, people and mails there are too many or too few of, and rows that point nowhere."""
    rows = Registration.objects.filter(admission=admission)
    positions = list(rows.order_by("position").values_list("position", flat=True))
    counts = {
        "registrations": rows.count(),
        "people": Person.objects.filter(registrations__isnull=False).count(),
        "facts": FactRow.objects.filter(kind="attendance.registered").count(),
        "mails": OutboxMail.objects.filter(dedupe_key__startswith="attendance:registered:").count(),
        "people written to": OutboxMail.objects.values("to_address").distinct().count(),
    }
    found = [f"{number} {name} of {writes} people" for name, number in counts.items() if number != writes]
    if positions != list(range(1, writes + 1)):
        found.append("places in line have gaps")
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            sound = cursor.execute("PRAGMA integrity_check").fetchone()[0]
            pointless = cursor.execute("PRAGMA foreign_key_check").fetchall()
        found += [] if sound == "ok" and not pointless else [f"the database: {sound}, {pointless}"]
    return found


def say(figure: Callable[[str], None], served: House, writes: int) -> None:
    away, load = sorted(served.back), os.getloadavg()[0]
    figure(
        f"seats, {connection.vendor}: killed {len(away)} times during {writes} writes: nothing lost, nothing twice, "
        f"back after {away[0]:.1f} to {away[-1]:.1f} s, {away[len(away) // 2]:.1f} in the middle (load {load:.0f})"
    )


def most_seconds_away() -> float:
    """Five, on a machine that has a core for us; others may be at work on it."""
    return MOST_SECONDS_AWAY * max(1.0, os.getloadavg()[0] / (os.cpu_count() or 1))


@pytest.mark.parametrize(
    ("kills", "writes"), [(5, 120), pytest.param(20, 500, marks=pytest.mark.full)], ids=["a few", "twenty"]
)
def test_killed_again_and_again_loses_and_doubles_nothing(
    kills: int, writes: int, tmp_path: Path, figure: Callable[[str], None]
) -> None:
    wrong, served = play(tmp_path / "house", writes=writes, kills=kills)
    say(figure, served, writes)
    assert wrong == []
    assert len(served.back) == kills
    assert max(served.back) <= most_seconds_away()


FAULTS = {
    "an answer before the commit": """
import threading
from django.db import transaction
from hallway.gathering.attendance import actions
from hallway.gathering.attendance.views import attending
true = attending.actions.confirm_request
def soon(**named):
    threading.Timer(3.0, lambda: true(**named)).start()
    with transaction.atomic():
        registration = true(**named)
        transaction.set_rollback(True)
    return registration
attending.actions.confirm_request = soon
""",
    "a link that registers each time": """
from hallway.gathering.attendance.actions import registering
true = registering.RegistrationRequest.save
def forget(row, **named):
    row.registration = None
    true(row, **named)
registering.RegistrationRequest.save = forget
""",
    "a mail without a key": """
from hallway.gathering.attendance import receivers
true = receivers.send_notice
def twice(**named):
    named["dedupe_key"] = None
    true(**named)
    return true(**named)
receivers.send_notice = twice
""",
}


@pytest.mark.parametrize("fault", sorted(FAULTS))
def test_killed_turns_red_for(fault: str, tmp_path: Path) -> None:
    assert play(tmp_path / "house", writes=24, kills=1, planted=FAULTS[fault])[0] != []
