from __future__ import annotations

import threading
import time
from datetime import datetime, timedelta

import pytest

from hallway.kit import clock, facts, sweeps, wake
from hallway.kit.models import Delivery, FactRow
from hallway.kit.refusal import Refusal


@pytest.mark.django_db
def test_deliver_facts_leaves_leased_rows_to_their_holder(at: datetime) -> None:
    fact = FactRow.objects.create(kind="tests.nothing", payload={}, by_key="system:tests", at=at)
    lease = clock.now() + timedelta(minutes=1)
    Delivery.objects.create(fact=fact, receiver="tests.gone", due_at=at, claimed_until=lease)
    assert sweeps.deliver_facts() == 0
    Delivery.objects.update(claimed_until=clock.now() - timedelta(seconds=1))
    assert sweeps.deliver_facts() == 1


@pytest.mark.django_db
def test_facts_heard_together_are_tried_alone_after_one_failed(at: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    heard: list[list[int]] = []

    def hear(rows: list[FactRow]) -> None:
        heard.append([row.payload["person_id"] for row in rows])
        if 2 in heard[-1]:
            raise OSError("two is too many")

    monkeypatch.setitem(facts.TOGETHER_BY_NAME, "tests.hear", hear)
    for number in (1, 2, 3):
        fact = FactRow.objects.create(
            kind="people.person_changed", payload={"person_id": number}, by_key="system:tests", at=at
        )
        Delivery.objects.create(fact=fact, receiver="tests.hear", due_at=at)
    assert sweeps.deliver_facts() == 3
    assert heard == [[1, 2, 3]]
    assert not Delivery.objects.exclude(done_at=None).exists()
    Delivery.objects.update(due_at=at)
    sweeps.deliver_facts()
    assert heard[1:] == [[1], [2], [3]]
    assert [row.fact.payload["person_id"] for row in Delivery.objects.filter(done_at=None)] == [2]


@pytest.mark.django_db
def test_forget_deliveries_keeps_what_is_not_done(at: datetime) -> None:
    fact = FactRow.objects.create(kind="tests.nothing", payload={}, by_key="system:tests", at=at)
    old = clock.now() - timedelta(days=40)
    Delivery.objects.create(fact=fact, receiver="a", due_at=old, done_at=old)
    Delivery.objects.create(fact=fact, receiver="b", due_at=old)
    assert sweeps.forget_deliveries() == 1
    assert Delivery.objects.get().receiver == "b"


def test_a_sweep_that_fails_stops_no_other(monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    def fail() -> int:
        raise OSError("disk")

    def refuse() -> int:
        raise Refusal("tests.no", "No.")

    entries = [sweeps.Sweep(name, run, timedelta(0)) for name, run in (("a", fail), ("b", refuse), ("c", lambda: 3))]
    monkeypatch.setattr(sweeps, "SWEEPS", entries)
    assert sweeps.run_due() == 3
    assert "sweep a failed" in caplog.text


@pytest.mark.django_db
def test_work_runs_what_is_woken_and_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    ran, tidied = threading.Event(), []

    def note() -> int:
        ran.set()
        return 0

    def tidy() -> int:
        tidied.append(1)
        return 0

    entries = [
        sweeps.Sweep("tests.tidy", tidy, timedelta(hours=1)),
        sweeps.Sweep("tests", note, timedelta(minutes=1)),
    ]
    monkeypatch.setattr(sweeps, "SWEEPS", entries)
    monkeypatch.setattr(sweeps, "close_old_connections", lambda: None)
    stop = threading.Event()
    loop = threading.Thread(target=sweeps.work, args=(stop,), kwargs={"pause": 0.05})
    loop.start()
    try:
        assert ran.wait(20)
        ran.clear()
        wake.sweeps()
        assert ran.wait(20)
        assert len(tidied) == 1, "what tidies up by the hour is not woken"
    finally:
        stop.set()
        wake.sweeps()
        loop.join(20)
    assert not loop.is_alive()


@pytest.mark.django_db
def test_work_lets_a_crowd_go_first_but_not_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    ran, begun = threading.Event(), time.monotonic()
    monkeypatch.setattr(sweeps, "SWEEPS", [sweeps.Sweep("tests", lambda: ran.set() or 0, timedelta(hours=1))])
    monkeypatch.setattr(sweeps, "close_old_connections", lambda: None)
    monkeypatch.setattr(sweeps, "HELD_SECONDS", 0.5)
    stop = threading.Event()
    loop = threading.Thread(target=sweeps.work, args=(stop,), kwargs={"pause": 0.05, "crowded": lambda: True})
    loop.start()
    try:
        assert ran.wait(20)
        assert time.monotonic() - begun >= 0.5
    finally:
        stop.set()
        wake.sweeps()
        loop.join(20)
    assert not loop.is_alive()
