"""What frab's XML and JSON have in common when they are read."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from hallway.exchange.clocks import Unreachable, boundary_of_days, read_day, read_instant, read_zone, zone_of_offsets
from hallway.exchange.draft import Draft
from hallway.exchange.findings import Finding, found
from hallway.exchange.programme import ZoneOrigin

OUR_GENERATOR = "Hallway"


@dataclass(frozen=True, slots=True)
class Zoned:
    """The zone a file is read in, where it comes from, and what there is to say about that."""

    zone: ZoneInfo
    origin: ZoneOrigin
    doubt: Finding | None = None


def choose_zone(named: object, asked: ZoneInfo | None, instants: Iterable[object]) -> Zoned:
    """The asked zone, else the one the file names, else one that shows the file's offsets unchanged, else
    UTC.
    """
    if asked is not None:
        return Zoned(asked, "asked")
    zone = read_zone(named)
    if zone is not None:
        return Zoned(zone, "file")
    offsets = [wall.utcoffset() for raw in instants if (wall := _aware(raw)) is not None]
    guessed = zone_of_offsets([offset for offset in offsets if offset is not None])
    if isinstance(named, str) and named.strip():
        return Zoned(guessed, "guessed", found("zone-unknown", value=named.strip(), zone=guessed.key))
    code = "zone-guessed" if offsets else "zone-assumed"
    return Zoned(guessed, "guessed", found(code, zone=guessed.key))


def _aware(raw: object) -> datetime | None:
    try:
        wall = datetime.fromisoformat(raw.strip()) if isinstance(raw, str) else None
    except ValueError:
        return None
    return wall if wall is not None and wall.tzinfo is not None else None


def declared_boundary(days: Iterable[tuple[object, object]], zone: ZoneInfo) -> int | None:
    """The day boundary in minutes after midnight that the days' (start, end) texts declare."""
    walls = []
    for start, end in days:
        try:
            first, last = read_instant(start, zone), read_instant(end, zone)
        except (Unreachable, ValueError):
            continue
        walls.append((first.at.astimezone(zone), last.at.astimezone(zone)))
    return boundary_of_days(walls)


def started(draft: Draft, day: object, date: object, start: object) -> object:
    """The start of an entry as text: its date with time, else its day and start. The date wins where they
    disagree.
    """
    date_text = date.strip() if isinstance(date, str) else ""
    start_text = start.strip() if isinstance(start, str) else ""
    if len(date_text) > 10:
        if len(start_text) >= 4 and start_text[:5].zfill(5) != date_text[11:16]:
            draft.report.count("clock-disagrees")
        return date_text
    day_text = date_text or (day.strip() if isinstance(day, str) else "")
    if read_day(day_text, draft.zone) is None:
        return day_text
    return f"{day_text}T{start_text[:8].zfill(5)}" if start_text else ""
