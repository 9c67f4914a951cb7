"""What moderation has due: those who may decide are told, and cases are forgotten."""

from __future__ import annotations

from datetime import timedelta

from hallway.kit import clock
from hallway.kit.actors import SystemPerson
from hallway.kit.sweeps import sweep

from .actions import forget_cases, tell_deciders
from .queries import untold

MESSENGER = SystemPerson("notices")


@sweep(every=timedelta(seconds=30))
def tell_of_reports() -> int:
    """Those who may decide read that something waits, soon, and not more often than hourly."""
    now = clock.now()
    return tell_deciders(by=MESSENGER, at=now) if untold(now).exists() else 0


@sweep(every=timedelta(hours=6))
def forget_old_cases() -> int:
    """Half a year after a decision nothing of it is left."""
    return forget_cases(by=SystemPerson("moderation"), at=clock.now())
