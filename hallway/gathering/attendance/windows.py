"""How long the seat somebody is offered waits for their answer. Pure: values in, values out, no clock."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta, tzinfo

LONGEST = timedelta(hours=24)
FIRST_COME = timedelta(hours=3)
SHORTEST = timedelta(minutes=30)
PART = 8  # of the time that is left, so that several people in a row can still be asked
FAR = timedelta(hours=36)
EVENING, MORNING = time(22), time(9)
_MINUTE = timedelta(minutes=1)


def offer_ends(
    now: datetime,
    starts_at: datetime | None,
    zone: tzinfo,
    *,
    longest: timedelta = LONGEST,
    first_come: timedelta = FIRST_COME,
) -> datetime | None:
    """Until when an offer made ``now`` holds, in UTC; None when seats are first come.

    The window is an eighth of the time until the start, at least half an hour and at most ``longest``, in whole
    minutes (up), and over ``first_come`` before the start. While the start is more than 36 hours away, nobody has to
    answer at night: an end between 22:00 and 09:00 on the event's clock (``zone``) waits for 09:00. An event without a
    date (``starts_at`` None) leaves ``longest``.
    """
    now = now.astimezone(UTC)
    if starts_at is None:
        return _whole_minutes(now + longest)
    left = starts_at.astimezone(UTC) - now
    last = now + left - first_come
    if last <= now:
        return None
    end = _whole_minutes(now + min(longest, max(SHORTEST, left / PART)))
    if left > FAR:
        end = _not_at_night(end, zone)
    return min(end, last)


def _whole_minutes(instant: datetime) -> datetime:
    begun = instant.replace(second=0, microsecond=0)
    return begun if begun == instant else begun + _MINUTE


def _not_at_night(instant: datetime, zone: tzinfo) -> datetime:
    """The instant, or the next 09:00 on the clock of ``zone`` when that clock shows night; never an earlier one."""
    local = instant.astimezone(zone)
    if MORNING <= local.time() < EVENING:
        return instant
    day = local.date() if local.time() < MORNING else local.date() + timedelta(days=1)
    return max(instant, datetime.combine(day, MORNING, tzinfo=zone).astimezone(UTC))
