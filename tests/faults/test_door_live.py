"""Five hundred pages show how many people are here: each knows of a check-in within a second, on the real server."""

from __future__ import annotations

import gzip
import http.client
import json
import selectors
import socket
import time
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from hallway.gathering.attendance.models import Admission, Registration
from hallway.kit import clock
from hallway.kit.links import new_nonce
from tests.factories import PersonFactory, RegistrationFactory
from tests.faults.crowd import percentile
from tests.faults.house import House, house
from tests.gathering.attendance.doorway import evening, helper_of
from tests.pace import slower

pytestmark = [pytest.mark.database, pytest.mark.fault, pytest.mark.django_db(transaction=True)]
LISTENERS, CHECK_INS, MOST_SECONDS = 500, 40, 1.0
# The fault: whatever is told to the listeners waits first.
LATE = """
import time
from hallway.front.hub import Hub
told = Hub._publish
Hub._publish = lambda self, *event: (time.sleep(1.2), told(self, *event))[1]
"""


@pytest.fixture
def door() -> tuple[Admission, str]:
    """An evening with a thousand people on its list, and the address of its door."""
    now = clock.now()
    admission = evening(now)
    people = [PersonFactory.build(name=f"Bontle Mashaba {n}", slug=f"many-{n}", email=None) for n in range(1000)]
    type(people[0]).objects.bulk_create(people)
    Registration.objects.bulk_create(
        RegistrationFactory.build(admission=admission, person=one, position=n + 1, code=f"{n:06}", nonce=new_nonce())
        for n, one in enumerate(type(people[0]).objects.filter(slug__startswith="many-"))
    )
    return admission, f"/door/{helper_of(admission, now)[1]}/"


def listen(served: House, admission: Admission, stack: ExitStack) -> list[socket.socket]:
    """So many open streams, each greeted."""
    request = f"GET /live/public/door:{admission.event_id} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode()
    opened = []
    for _one in range(LISTENERS):
        stream = stack.enter_context(socket.create_connection(("127.0.0.1", served.port), 10))
        stream.sendall(request)
        heard = b""
        while b": hello" not in heard:
            heard += stream.recv(4096)
        stream.setblocking(False)
        opened.append(stream)
    return opened


def ask(served: House, method: str, path: str, body: str | None = None) -> dict[str, Any]:
    connection = http.client.HTTPConnection("127.0.0.1", served.port, timeout=20)
    headers = {"Host": "localhost", "Content-Type": "application/json", "Sec-Fetch-Site": "same-origin"}
    connection.request(method, path, body, headers)
    answer = connection.getresponse()
    told: dict[str, Any] = json.loads(answer.read())
    assert answer.status == 200, told
    connection.close()
    return told


def check_in(served: House, door: str, registration: int, known: dict[str, Any]) -> dict[str, Any]:
    """As a phone does it that knows the list already; what it knows then."""
    line = {
        "uid": str(uuid4()), "kind": "came", "how": "list", "done_at": int(time.time() * 1000), "seats": 1,
        "registration": registration,
    }  # fmt: skip
    body = json.dumps({"lines": [line], "after": known["last"]})
    told = ask(served, "POST", f"{door}book/?rev={known['rev']}", body)
    assert (len(told["kept"]), "rows" in told) == (1, False), told
    return told


def seconds_until_all_know(served: House, admission: Admission, door: str, *, times: int = CHECK_INS) -> list[float]:
    """From the moment a check-in is sent until each listener has heard of it: one time for each of them, sorted."""
    ids = list(admission.registrations.order_by("position").values_list("pk", flat=True)[:times])
    took: list[float] = []
    known = ask(served, "GET", f"{door}list.json")
    with ExitStack() as stack, selectors.DefaultSelector() as ready:
        for stream in listen(served, admission, stack):
            ready.register(stream, selectors.EVENT_READ, bytearray())
        for number, pk in enumerate(ids, 1):
            began, wanted, waiting = time.perf_counter(), b'"came": %d,' % number, LISTENERS
            known = check_in(served, door, pk, known)
            while waiting:
                found = ready.select(10)
                assert found, f"{waiting} of {LISTENERS} never heard of check-in {number}"
                for key, _mask in found:
                    key.data.extend(key.fileobj.recv(65536))
                    if wanted in key.data:
                        took.append(time.perf_counter() - began)
                        key.data.clear()
                        waiting -= 1
    return sorted(took)


def test_five_hundred_pages_know_of_a_check_in_within_a_second(
    door: tuple[Admission, str], tmp_path: Path, figure: Callable[[str], None]
) -> None:
    admission, address = door
    with house(tmp_path / "house") as served:
        took = seconds_until_all_know(served, admission, address)
        figure(
            f"{CHECK_INS} check-ins before {LISTENERS} open pages: p50 {percentile(took, 50) * 1000:.0f} ms, "
            f"p99 {percentile(took, 99) * 1000:.0f} ms, the last {took[-1] * 1000:.0f} ms"
        )
        assert len(took) == CHECK_INS * LISTENERS
        assert percentile(took, 99) <= MOST_SECONDS


def test_late_news_turns_red(door: tuple[Admission, str], tmp_path: Path) -> None:
    admission, address = door
    with house(tmp_path / "house", planted=LATE) as served:
        assert percentile(seconds_until_all_know(served, admission, address, times=2), 99) > MOST_SECONDS


def test_door_list_of_a_thousand_is_quick_and_small(
    door: tuple[Admission, str], tmp_path: Path, figure: Callable[[str], None]
) -> None:
    _admission, address = door
    rounds = 20
    with house(tmp_path / "house") as served:
        for page, name in ((f"{address}list.json", "door list of 1,000 as JSON"), (address, "door page of 1,000")):
            sizes, took = [], []
            before = 0.0
            for round_ in range(rounds + 2):
                if round_ == 2:
                    before = served.cpu()
                connection = http.client.HTTPConnection("127.0.0.1", served.port, timeout=20)
                began = time.perf_counter()
                connection.request("GET", page, headers={"Host": "localhost", "Accept-Encoding": "gzip"})
                answer = connection.getresponse()
                body = answer.read()
                took.append(time.perf_counter() - began)
                sizes.append(len(body))
                connection.close()
                assert answer.status == 200
            cpu = (served.cpu() - before) / rounds * 1000
            figure(f"{name}: {cpu:.0f} ms CPU, p50 {percentile(sorted(took), 50) * 1000:.0f} ms, {max(sizes)} bytes")
            if page.endswith(".json"):
                assert len(json.loads(gzip.decompress(body))["rows"]) == 1000
                assert max(sizes) <= 40_000
                assert cpu <= 60 * slower()
