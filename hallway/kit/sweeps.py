"""Sweeps, not queues: what must happen is a row; a sweep claims what is due by lease, acts, and marks it.

Packages register functions in their ``sweeps.py``. A killed process only lets a lease run out.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from django.db import close_old_connections, transaction
from django.db.models import F, Q

from . import clock, facts, store, wake
from .backplane import valkey
from .models import Delivery, FactRow
from .refusal import Refusal

log = logging.getLogger(__name__)

LEASE = timedelta(minutes=2)
MOST_ATTEMPTS = 12
MOST_TOGETHER = 500
TURN_SECONDS = 1.0
HELD_SECONDS = 5.0
RISES = timedelta(minutes=1)
KEPT = timedelta(days=30)


@dataclass(frozen=True)
class Sweep:
    name: str
    run: Callable[[], int]
    every: timedelta


SWEEPS: list[Sweep] = []


def sweep(*, every: timedelta = timedelta(seconds=5)) -> Callable[[Callable[[], int]], Callable[[], int]]:
    """Register a function that works off what is due and returns how many rows it did."""

    def register(function: Callable[[], int]) -> Callable[[], int]:
        SWEEPS.append(Sweep(f"{function.__module__}.{function.__qualname__}", function, every))
        return function

    return register


def run_due() -> int:
    """Run every sweep once, whatever its clock says. Returns how many rows were done. For tests and commands."""
    return sum(_guarded(entry) for entry in SWEEPS)


def _guarded(entry: Sweep) -> int:
    try:
        return entry.run()
    except Refusal as refusal:
        log.info("sweep %s was refused: %s", entry.name, refusal.code)
    except Exception:
        log.exception("sweep %s failed; it will be tried again", entry.name)
    return 0


def work(stop: threading.Event, *, pause: float = 1.0, crowded: Callable[[], bool] = lambda: False) -> None:
    """The loop: run what is due by the clock, sleep until woken. Ends soon after ``stop`` is set.

    Whoever rings wakes what looks once a minute or more often. What tidies up by the hour sleeps on: it reads much, and
    on a busy evening somebody rings several times a second.
    While many people wait for an answer of this process (``crowded``), they go first, for some seconds each time.
    """
    last_run: dict[str, float] = {}
    while not stop.is_set():
        held_until = time.monotonic() + HELD_SECONDS
        while crowded() and time.monotonic() < held_until and not stop.wait(0.1):
            pass
        close_old_connections()
        done = 0
        now = clock.now().timestamp()
        # Noted before the work: who rings while it goes on is heard the next time round.
        woken = wake.rung()
        wake.silence()
        for entry in SWEEPS:
            rises = woken and entry.every <= RISES
            if rises or now - last_run.get(entry.name, 0) >= entry.every.total_seconds():
                done += _guarded(entry)
                last_run[entry.name] = now
        if not done:
            wake.wait(pause)


@sweep(every=timedelta(seconds=1))
def deliver_facts() -> int:
    """Tell ``later`` receivers what happened; a second at a time, so that a thousand facts do not hold up a mail."""
    done, begun = 0, time.monotonic()
    while time.monotonic() - begun < TURN_SECONDS and (rows := _claim_deliveries()):
        _deliver(rows)
        done += len(rows)
    return done


def _claim_deliveries() -> list[Delivery]:
    """The delivery that is due first; with those for the same receiver, where it hears many facts at once.

    What failed before is tried alone, so that it cannot spoil the others again.
    """
    now = clock.now()
    free = Q(claimed_until=None) | Q(claimed_until__lt=now)
    with transaction.atomic():
        due = Delivery.objects.filter(free, done_at=None, due_at__lte=now, attempts__lt=MOST_ATTEMPTS)
        # What another process is about to claim is its own; SQLite has one writer and needs no such word.
        due = due.select_for_update(skip_locked=True).order_by("due_at", "id")
        rows = list(due[:1])
        if rows and rows[0].receiver in facts.TOGETHER_BY_NAME and not rows[0].attempts:
            rows = list(due.filter(receiver=rows[0].receiver, attempts=0)[:MOST_TOGETHER])
        claimed = Delivery.objects.filter(pk__in=[row.pk for row in rows])
        if rows:
            claimed.update(claimed_until=now + LEASE, attempts=F("attempts") + 1)
    return list(claimed.select_related("fact").order_by("due_at", "id")) if rows else []


def _deliver(rows: list[Delivery]) -> None:
    ids = [row.pk for row in rows]
    try:
        _tell(rows[0].receiver, [row.fact for row in rows])
    except Exception as error:
        log.exception("receiver %s failed on facts %s", rows[0].receiver, [row.fact_id for row in rows])
        wait = timedelta(seconds=min(3600, 5 * 2 ** rows[0].attempts))
        Delivery.objects.filter(pk__in=ids).update(
            claimed_until=None, due_at=clock.now() + wait, error=repr(error)[:2000]
        )
    else:
        Delivery.objects.filter(pk__in=ids).update(done_at=clock.now(), claimed_until=None, error="")


def _tell(name: str, rows: list[FactRow]) -> None:
    """Call a receiver, if this version still has it and knows what happened."""
    if together := facts.TOGETHER_BY_NAME.get(name):
        together([row for row in rows if facts.revive(row) is not None])
        return
    receiver = facts.LATER_BY_NAME.get(name)
    for row in rows:
        fact = facts.revive(row)
        if receiver is not None and fact is not None:
            receiver(fact, row)


@sweep(every=timedelta(seconds=20))
def tell_revisions_again() -> int:
    """Beyond one process: say again what a process killed right after its commit could not. Nothing to do on SQLite."""
    if valkey() is not None:
        store.tell_again(timedelta(seconds=45))
    return 0


@sweep(every=timedelta(hours=6))
def forget_deliveries() -> int:
    """Take away deliveries that were done a month ago."""
    old = Delivery.objects.filter(done_at__lt=clock.now() - KEPT).values("pk")[:5_000]
    gone, _rows = Delivery.objects.filter(pk__in=list(old.values_list("pk", flat=True))).delete()
    return gone
