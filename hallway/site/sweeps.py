"""What the demonstration does by the clock; nothing anywhere else."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings

from hallway.kit import clock
from hallway.kit.sweeps import sweep

from .demo import asking

_played: list[int] = []


@sweep(every=timedelta(seconds=asking.STEP.total_seconds()))
def play_the_room() -> int:
    """In the sessions that are on somebody asks, votes or answers every few seconds, once a beat whoever rings."""
    now = clock.now()
    beat = int(now.timestamp() // asking.STEP.total_seconds())
    if not settings.HALLWAY_DEMO or _played == [beat]:
        return 0
    _played[:] = [beat]
    return asking.play(now)
