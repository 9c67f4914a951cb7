"""Times as files write them: instants with offsets, local times in a zone, lengths, days that end at four."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

FIRST_YEAR, LAST_YEAR = 1970, 2199
LONGEST = timedelta(days=366)

_LENGTH = re.compile(r"(?P<hours>\d{1,4}):(?P<minutes>\d{2})(?::(?P<seconds>\d{1,2}))?")
_WORDS = re.compile(
    r"(?:(?P<hours>\d{1,3})\s*(?:h|hours?|heures?|std)\.?)?\s*"
    r"(?:(?P<minutes>\d{1,4})\s*(?:m|min|mins|minutes?)?\.?)?",
    re.IGNORECASE,
)
_ISO = re.compile(r"([+-])?P(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?", re.IGNORECASE)
_OFFSET_HOUR = timedelta(hours=1)


class Unreachable(ValueError):  # noqa: N818 - a time nobody can attend is not a programming error
    """A date outside FIRST_YEAR to LAST_YEAR."""


class Instant(NamedTuple):
    """An instant in UTC, and how it was written: `kind` is "utc" (a Z), "offset" or "local"; `wall` as
    written.
    """

    at: datetime
    kind: str
    wall: datetime


def read_instant(raw: object, zone: ZoneInfo) -> Instant:
    """ISO 8601 text, with or without offset, as an instant; local text is taken in `zone`.

    Raises Unreachable for years we do not keep, ValueError for anything else that is no time.
    """
    text = str(raw).strip() if isinstance(raw, str) else ""
    if not text or len(text) > 40:
        raise ValueError("no time")
    if re.match(r"(?!0000)\d{4}-", text) and not FIRST_YEAR <= int(text[:4]) <= LAST_YEAR:
        raise Unreachable(text)
    wall = datetime.fromisoformat(text).replace(microsecond=0)
    if not FIRST_YEAR <= wall.year <= LAST_YEAR:
        raise Unreachable(text)
    if wall.tzinfo is None:
        return Instant(in_zone(wall, zone), "local", wall)
    kind = "utc" if text[-1] in "zZ" else "offset"
    return Instant(wall.astimezone(UTC), kind, wall.replace(tzinfo=None))


def in_zone(wall: datetime, zone: ZoneInfo) -> datetime:
    """A local wall time as an instant in UTC."""
    return wall.replace(tzinfo=zone).astimezone(UTC)


def is_skipped(wall: datetime, zone: ZoneInfo) -> bool:
    """Whether the change of the clocks leaves out this local time."""
    return in_zone(wall, zone).astimezone(zone).replace(tzinfo=None) != wall


def read_day(raw: object, zone: ZoneInfo) -> date | None:
    """The calendar day of an ISO date or date-time, an instant's in `zone`; None when unreadable or out of range."""
    try:
        moment = datetime.fromisoformat(str(raw).strip())
        day = (moment.astimezone(zone) if moment.tzinfo else moment).date()
    except (ValueError, OverflowError):
        return None
    return day if FIRST_YEAR <= day.year <= LAST_YEAR else None


def read_length(raw: object) -> timedelta | None:
    """A length as `1:30`, `01:30:00`, `PT1H30M`, `90`, `90 min` or `1 h 30`; None when unreadable or over a
    year.
    """
    text = str(raw).strip() if isinstance(raw, str | int) and not isinstance(raw, bool) else ""
    if not text or len(text) > 40:
        return None
    length: timedelta | None = None
    if match := _LENGTH.fullmatch(text):
        length = timedelta(**{unit: int(value) for unit, value in match.groupdict("0").items()})
    elif match := _ISO.fullmatch(text):
        length = _iso_length(match)
    elif match := _WORDS.fullmatch(text):
        length = timedelta(**{unit: int(value) for unit, value in match.groupdict("0").items()})
    return length if length is not None and timedelta() <= length <= LONGEST else None


def _iso_length(match: re.Match[str]) -> timedelta | None:
    sign, *parts = match.groups()
    if not any(parts) or any(part and len(part) > 7 for part in parts):
        return None
    weeks, days, hours, minutes, seconds = (int(part or 0) for part in parts)
    length = timedelta(weeks=weeks, days=days, hours=hours, minutes=minutes, seconds=seconds)
    return -length if sign == "-" else length


def read_zone(name: object) -> ZoneInfo | None:
    """The zone of that name, or None when there is none."""
    if not isinstance(name, str) or not re.fullmatch(r"[A-Za-z0-9_+-]+(?:/[A-Za-z0-9_+-]+)*", name.strip()):
        return None
    try:
        return ZoneInfo(name.strip())
    except (KeyError, OSError, ValueError):
        return None


def zone_of_offsets(offsets: Iterable[timedelta]) -> ZoneInfo:
    """A zone that shows the most frequent offset unchanged; UTC when none of whole hours is there."""
    counted = Counter(offsets)
    for offset, _ in counted.most_common():
        hours, rest = divmod(offset, _OFFSET_HOUR)
        if not rest and (zone := read_zone(f"Etc/GMT{-hours:+d}" if hours else "UTC")):
            return zone
    return ZoneInfo("UTC")


def boundary_of_days(days: Iterable[tuple[datetime, datetime]]) -> int | None:
    """Minutes after midnight at which event days change, from the (start, end) wall times a file declares.

    An end at 03:59 counts as 04:00. Only ends between midnight and noon of the following day say anything.
    """
    ends: Counter[int] = Counter()
    for start, end in days:
        minutes = end.hour * 60 + end.minute
        minutes += 1 if minutes % 10 == 9 else 0
        if end.date() == start.date() + timedelta(days=1) and minutes <= 12 * 60:
            ends[minutes] += 1
    return ends.most_common(1)[0][0] if ends else None


def quiet_boundary(slots: Iterable[tuple[datetime, datetime]], zone: ZoneInfo) -> int:
    """Minutes after midnight where the fewest of the slots (instants) would be cut; 0 unless one starts at
    night.
    """
    local = [(a.astimezone(zone), b - a) for a, b in slots]
    if not any(start.hour < 6 for start, _ in local):
        return 0

    def cut(boundary: int) -> int:
        found = 0
        for start, length in local:
            since = (start.hour * 60 + start.minute - boundary) % 1440
            found += since + length.total_seconds() / 60 > 1440
        return found

    # A start between midnight and the boundary belongs to the night before: prefer what cuts least.
    early = Counter(start.hour for start, _ in local if start.hour < 9)
    return min((240, 300, 360, 180, 420), key=lambda minutes: (cut(minutes), early[minutes // 60]))
