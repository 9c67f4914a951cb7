"""From a date and a time on the wall of a venue to an instant. Pure."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from typing import NamedTuple
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from hallway.vocabulary.zones import is_zone

FIRST_YEAR, LAST_YEAR = 1970, 2199


class Moment(NamedTuple):
    """An instant, and whether it had to be moved because the clock on the wall skips the time asked for."""

    instant: datetime
    moved: bool


def instant_of(day: date, clock: time, zone: str) -> Moment:
    """The instant a wall clock in ``zone`` shows this date and time.

    A time that a change to summer time skips is moved on by the length of the gap; one that comes twice is the first.
    Raises ``ValueError`` for years outside 1970 to 2199 and for unknown zones.
    """
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise ValueError("year")
    wall = datetime.combine(day, clock.replace(tzinfo=None), tzinfo=zone_named(zone))
    instant = wall.astimezone(UTC)
    shown = instant.astimezone(wall.tzinfo).replace(tzinfo=None)
    return Moment(instant, shown != wall.replace(tzinfo=None))


def zone_named(zone: str) -> ZoneInfo:
    """The zone of an IANA name. Raises ``ValueError`` for anything else, paths and nonsense included."""
    if not is_zone(zone):
        raise ValueError("zone")
    try:
        return ZoneInfo(zone)
    except ZoneInfoNotFoundError as error:
        raise ValueError("zone") from error
