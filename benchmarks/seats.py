"""Seats and the door: what a registration costs, and the door's list of a thousand people."""

from __future__ import annotations

import http.client
import json
import os
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.instance import PORT, Instance, command, running, say, settle
from benchmarks.loader import cpu_seconds, measure

POSTS, AT_ONCE, ALONE = 400, 8, 40

# An event of 1,000 seats with 1,000 people going; another of 100 seats before which others hold their mailed links.
PREPARE = """
import json
from datetime import timedelta
from hallway.gathering.attendance.models import Admission, DoorHelper, Registration, RegistrationRequest
from hallway.gathering.attendance.tokens import Right
from hallway.gathering.communities.models import Community
from hallway.gathering.events.models import Event
from hallway.kit import clock
from hallway.kit.links import new_code, new_nonce, token_of
from hallway.people.models import Person
now = clock.now()
community = Community.objects.create(name="Bench", slug="bench", zone="UTC", founded_at=now, public_at=now)
def list_of(slug, seats, begins):
    event = Event.objects.create(
        community=community, title={"en": slug}, slug=slug, zone="UTC", starts_at=begins, ends_at=begins +
        timedelta(hours=8), state="published", public_at=now, created_at=now, updated_at=now, seats=seats)
    return Admission.objects.create(event=event, capacity=seats, created_at=now)
full = list_of("full-house", 1000, now + timedelta(minutes=30))
people = Person.objects.bulk_create(
    Person(name=f"Ada Example {n}", slug=f"ada-{n}", email=f"ada{n}@example.org", created_at=now) for n in range(1000))
Registration.objects.bulk_create(
    Registration(admission=full, person=one, name=one.name, state="going", position=n, code=new_code(),
                 nonce=new_nonce(), asked_at=now, state_at=now) for n, one in enumerate(people, 1))
Admission.objects.filter(pk=full.pk).update(last_position=1000)
helper = DoorHelper.objects.create(event=full.event, name="Bench", nonce=new_nonce(), made_at=now, opens_at=now,
                                   expires_at=now + timedelta(hours=9))
coming = list_of("small-room", 100, now + timedelta(days=30))
links = RegistrationRequest.objects.bulk_create(
    RegistrationRequest(admission=coming, address=f"guest{n}@example.org", nonce=new_nonce(), created_at=now,
                        expires_at=now + timedelta(days=2)) for n in range(%d))
print("prepared", json.dumps({
    "links": [f"/registrations/confirm/{token_of(Right.CONFIRM, row.pk, row.nonce)}/" for row in links],
    "door": f"/door/{token_of(Right.DOOR, helper.pk, helper.nonce)}/"}))
"""

# The same button pressed inside one process: the cheapest press, and its queries.
PRESS = """
import json, time
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
links, client = json.load(open(%r)), Client(HTTP_HOST="localhost")
took, queries = [], []
for number, path in enumerate(links):
    with CaptureQueriesContext(connection) as seen:
        began = time.process_time()
        form = {"name": f"Alone {number}", "guests": "0"}
        answer = client.post(path, form, headers={"Sec-Fetch-Site": "same-origin"})
        took.append(time.process_time() - began)
    assert answer.status_code == 302, answer.status_code
    queries.append(len(seen))
print("pressed", json.dumps({"ms": min(took) * 1000, "queries": max(queries[5:])}))
"""


def said(printed: str, word: str) -> dict[str, Any]:
    """What a script printed after its word."""
    line = next(line for line in printed.splitlines() if line.startswith(f"{word} "))
    found: dict[str, Any] = json.loads(line.split(" ", 1)[1])
    return found


@contextmanager
def house(folder: Path) -> Iterator[tuple[Instance, list[str], str]]:
    """A served instance, links to confirm, and the way to the door."""
    url = f"http://localhost:{PORT}"
    environment = {name: value for name, value in os.environ.items() if not name.startswith("HALLWAY_")}
    environment |= {"HALLWAY_DATA": str(folder / "data"), "HALLWAY_BASE_URL": url, "HALLWAY_MODE": "demo"}
    command(environment, "manage", "migrate", "-v0")
    printed = command(environment, "manage", "shell", "--no-imports", "-c", PREPARE % (POSTS + ALONE))
    prepared = said(printed, "prepared")
    links, door = prepared["links"], prepared["door"]
    (folder / "links.json").write_text(json.dumps(links[:ALONE]))
    printed = command(environment, "manage", "shell", "--no-imports", "-c", PRESS % str(folder / "links.json"))
    alone = said(printed, "pressed")
    say("registration_post_alone", alone["ms"], "ms CPU", queries=alone["queries"])
    with running(environment) as (pid, seconds):
        instance = Instance(url, pid, folder / "data", "", seconds)
        settle(instance)
        yield instance, links[ALONE:], door


def press(path: str) -> float:
    """One person presses the button; how long it took."""
    connection = http.client.HTTPConnection("localhost", PORT, timeout=60)
    form = urlencode({"name": f"Guest {path[-12:-1]}", "guests": "0"})
    headers = {"Content-Type": "application/x-www-form-urlencoded", "Sec-Fetch-Site": "same-origin"}
    began = time.perf_counter()
    connection.request("POST", path, form, headers)
    answer = connection.getresponse()
    answer.read()
    connection.close()
    if answer.status != 302:
        raise SystemExit(f"{path} was answered {answer.status}")
    return time.perf_counter() - began


def main() -> None:
    """Register people, then look at the door's list."""
    with tempfile.TemporaryDirectory() as folder, house(Path(folder)) as (instance, links, door):
        before = cpu_seconds(instance.pid)
        with ThreadPoolExecutor(AT_ONCE) as hands:
            took = sorted(hands.map(press, links))
        settle(instance)
        with_mail = (cpu_seconds(instance.pid) - before) * 1000 / len(links)
        middle, last = took[len(took) // 2] * 1000, took[len(took) * 99 // 100] * 1000
        say(
            "registration_post_with_its_mail", with_mail, "ms CPU", p50_ms=round(middle, 1), p99_ms=round(last, 1),
            connections=AT_ONCE,
        )  # fmt: skip
        for name, path in (("door_page_1000", door), ("door_list_1000", f"{door}list.json")):
            figures = measure(instance.url + path, instance.pid, requests=40, connections=1, warm=5)
            more = {"sent_kb": round(figures.size / 1000, 1), "p99_ms": round(figures.p99_ms, 1)}
            wrong = {status: count for status, count in figures.statuses.items() if status != "200"}
            say(name, figures.cpu_ms, "ms CPU", **more, **({"statuses": wrong} if wrong else {}))


if __name__ == "__main__":
    main()
