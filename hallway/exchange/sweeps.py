"""Works off imports in child processes, one at a time, so that pages stay quick and mail goes on leaving."""

from __future__ import annotations

import contextlib
import os
import resource
import subprocess
import sys
import time
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from hallway.kit import clock
from hallway.kit.actors import SystemPerson
from hallway.kit.refusal import Refusal
from hallway.kit.sweeps import sweep

from .actions import forget_old_imports, refuse_import
from .actions.working import too_heavy
from .models import ImportRun

IMPORTER = SystemPerson("importer")
LONGEST_SECONDS = 300
MOST_MEMORY = 2 * 1024**3
LEASE = timedelta(seconds=LONGEST_SECONDS + 60)
MOST_ATTEMPTS = 3
DUE = (ImportRun.State.WAITING, ImportRun.State.AGREED)


@dataclass
class _Child:
    run_id: int
    process: subprocess.Popen[bytes]
    deadline: float


_children: list[_Child] = []


@sweep(every=timedelta(seconds=1))
def work_off_imports() -> int:
    """See to the child that works, and start the next one when there is none."""
    for child in list(_children):
        _see_to(child)
    if _children or (run := _claim()) is None:
        return 0
    _children.append(_Child(run.pk, start_child(run.pk), time.monotonic() + LONGEST_SECONDS))
    return 1


def start_child(run_id: int) -> subprocess.Popen[bytes]:
    """A process of its own for one run, on the same data and with the same settings."""
    environment = {**os.environ, "HALLWAY_DATA": str(settings.HALLWAY_DATA), "HALLWAY_MODE": settings.HALLWAY_MODE}
    environment["HALLWAY_BASE_URL"] = settings.HALLWAY_BASE_URL
    command = [sys.executable, "-m", "hallway", "manage", "exchange_run", str(run_id)]
    process = subprocess.Popen(command, env=environment, stdin=subprocess.DEVNULL)  # noqa: S603 - our own command
    keep_small(process.pid)
    return process


def keep_small(pid: int) -> None:
    """A file that swells must not take the machine: the child has its limit, and where memory ends it goes first."""
    if sys.platform == "linux":
        with contextlib.suppress(OSError):  # it ended already
            resource.prlimit(pid, resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
            Path(f"/proc/{pid}/oom_score_adj").write_text("500", encoding="ascii")


def _see_to(child: _Child) -> None:
    """Forget a child that ended; what it left undone is tried again. One that takes too long is ended for good."""
    if child.process.poll() is None:
        if time.monotonic() < child.deadline:
            return
        child.process.kill()
        child.process.wait()
        _children.remove(child)
        _refuse_for_good(child.run_id)
        return
    _children.remove(child)
    if child.process.returncode:
        ImportRun.objects.filter(pk=child.run_id).update(claimed_until=None)


def _refuse_for_good(run_id: int) -> None:
    """A file that took too long would again: others wait for their turn."""
    with transaction.atomic():
        run = ImportRun.objects.select_for_update(of=("self",)).filter(pk=run_id, state__in=DUE).first()
        if run is not None:
            refuse_import(run=run, refusal=too_heavy(), by=IMPORTER, at=clock.now())


def _claim() -> ImportRun | None:
    """The next run that waits, for us alone while the lease lasts; one that failed too often is refused instead."""
    now = clock.now()
    free = Q(claimed_until=None) | Q(claimed_until__lt=now)
    due = ImportRun.objects.filter(free, state__in=DUE)
    with transaction.atomic():
        run = due.select_related("community").order_by("at", "pk").first()
        if run is None:
            return None
        if run.attempts >= MOST_ATTEMPTS:
            refuse_import(run=run, refusal=_too_often(), by=IMPORTER, at=now)
            return None
        claimed = due.filter(pk=run.pk).update(claimed_until=now + LEASE, attempts=F("attempts") + 1)
    return run if claimed else None


def _too_often() -> Refusal:
    return Refusal(
        "exchange.too_often",
        _("We tried three times and could not finish. Nothing was stored. Split the file, or ask an administrator."),
    )


@sweep(every=timedelta(hours=1))
def forget_files() -> int:
    """Files handed in are kept for a day, reports for a year."""
    return forget_old_imports(by=IMPORTER, at=clock.now())
