"""What is due for events: the next dates of series, after one has passed."""

from __future__ import annotations

from datetime import timedelta

from django.db.models import Count, Q

from hallway.gathering.communities.models import Series
from hallway.kit import clock
from hallway.kit.actors import SystemPerson
from hallway.kit.sweeps import sweep

from .actions import keep_dates_made
from .actions.editions import KEPT_MADE

SERIES_KEEPER = SystemPerson("series")


@sweep(every=timedelta(hours=1))
def make_next_dates() -> int:
    """Make dates for series that have fewer than three to come, however long the machine was off."""
    now = clock.now()
    to_come = Count("editions", filter=Q(editions__starts_at__gt=now) | Q(editions__starts_at=None))
    short = Series.objects.filter(paused_at=None, ended_at=None).annotate(number=to_come).filter(number__lt=KEPT_MADE)
    return sum(len(keep_dates_made(series=series, by=SERIES_KEEPER, at=now)) for series in short)
