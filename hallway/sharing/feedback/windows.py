"""When feedback is open, and until when one may change one's own. Pure: values in, values out, no clock."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo

LASTS = timedelta(days=14)


@dataclass(frozen=True)
class Window:
    """From the first quarter of a session on until two weeks after it."""

    opens_at: datetime
    closes_at: datetime

    def state(self, now: datetime) -> str:
        """``before``, ``open`` or ``over``."""
        return "before" if now < self.opens_at else "open" if now < self.closes_at else "over"


def window(starts_at: datetime, ends_at: datetime, last_ends_at: datetime) -> Window:
    """Of a session whose first slot is from ``starts_at`` to ``ends_at``, and whose last one ends later."""
    return Window(starts_at + (ends_at - starts_at) / 4, last_ends_at + LASTS)


def settled_at(written_at: datetime, zone: tzinfo) -> datetime:
    """Until when one may change what one wrote: the end of the next day, on the clock of the event."""
    return _end_of_day(written_at, timedelta(days=1), zone)


def rewritten_until(decided_at: datetime, zone: tzinfo) -> datetime:
    """Until when one may write anew what the team refused: the end of a day two weeks later."""
    return _end_of_day(decided_at, LASTS, zone)


def _end_of_day(instant: datetime, later: timedelta, zone: tzinfo) -> datetime:
    day = instant.astimezone(zone).date() + later + timedelta(days=1)
    return datetime(day.year, day.month, day.day, tzinfo=zone).astimezone(UTC)
