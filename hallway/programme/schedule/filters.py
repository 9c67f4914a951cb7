"""The filters of a programme: plain GET parameters, each checked against what the event has."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from urllib.parse import urlencode

from babel import Locale, UnknownLocaleError
from django.utils.translation import get_language

from hallway.programme.talks.models import Talk

from .queries import Entry, Programme

MOST_AT_ONCE = 400
FILTERS = ("day", "room", "track", "topic", "language", "level")


@dataclass(frozen=True)
class Filters:
    """What the reader asked for; unknown values are as if they had not asked."""

    day: date | None = None
    room: int | None = None
    track: int | None = None
    topic: int | None = None
    language: str = ""
    level: str = ""
    is_large: bool = False

    @classmethod
    def of(cls, asked: Mapping[str, str], programme: Programme, now: datetime, *, first_day: bool = False) -> Filters:
        """Read a query string. Whatever the event does not have is left out.

        A programme too large for one light page opens on today, or its first day, and so does
        one asked to (``first_day``); ``day=all`` shows everything.
        """
        days = {day.isoformat(): day for day in programme.days}
        day = days.get(asked.get("day", ""))
        is_large = first_day or len(programme.entries) > MOST_AT_ONCE
        if is_large and "day" not in asked and days:
            day = days.get(programme.event.day_of(now), programme.days[0])
        return cls(
            is_large=is_large,
            day=day,
            room=_known(asked.get("room", ""), programme.rooms),
            track=_known(asked.get("track", ""), programme.tracks),
            topic=_known(asked.get("topic", ""), programme.topics),
            language=_one_of(asked.get("language", ""), languages_of(programme)),
            level=_one_of(asked.get("level", ""), [level for level in Talk.Level.values if level]),
        )

    @property
    def narrowing(self) -> dict[str, str]:
        """The filters that are set besides the day, as query parameters."""
        values = {name: getattr(self, name) for name in FILTERS[1:]}
        return {name: str(value) for name, value in values.items() if value}

    @property
    def without_day(self) -> str:
        """The query string of everything but the day."""
        return urlencode(self.narrowing)

    @property
    def all_days(self) -> str:
        """The query string for the whole event."""
        return urlencode(({"day": "all"} if self.is_large else {}) | self.narrowing)

    @property
    def are_bounded(self) -> bool:
        """Whether the page is one of few: a day and one more filter. Others are answered, but not stored."""
        return len(self.narrowing) <= 1

    def allow(self, entry: Entry) -> bool:
        """Whether an entry passes. Breaks pass unless something only talks have is asked for."""
        if self.day and entry.day != self.day:
            return False
        if entry.is_break:
            return not self.narrowing or (self.room is not None and len(self.narrowing) == 1 and not entry.room_id)
        return (
            (not self.room or entry.room_id == self.room or entry.plenum)
            and (not self.track or entry.track_id == self.track)
            and (not self.topic or self.topic in entry.topics)
            and (not self.language or self.language in entry.languages)
            and (not self.level or entry.level == self.level)
        )


@dataclass(frozen=True)
class Option:
    """One choice of a filter."""

    value: str
    label: str


def options_of(programme: Programme) -> dict[str, list[Option]]:
    """The choices of each filter; a filter with fewer than two has none."""
    used_rooms = {entry.room_id for entry in programme.entries}
    used_levels = {entry.level for entry in programme.entries if entry.level}
    levels = dict(Talk.Level.choices)
    options = {
        "room": [Option(str(pk), room.name) for pk, room in programme.rooms.items() if pk in used_rooms],
        "track": [Option(str(pk), track.name) for pk, track in programme.tracks.items()],
        "topic": sorted((Option(str(pk), name) for pk, name in programme.topics.items()), key=lambda o: o.label),
        "language": [Option(code, language_name(code)) for code in languages_of(programme)],
        "level": [Option(level, str(levels[level])) for level in levels if level in used_levels],
    }
    return {name: choices for name, choices in options.items() if len(choices) > 1}


def languages_of(programme: Programme) -> list[str]:
    """The languages talks are held in, in the order of how many are."""
    counts: dict[str, int] = {}
    for entry in programme.entries:
        for code in entry.languages:
            counts[code] = counts.get(code, 0) + 1
    return sorted(counts, key=lambda code: (-counts[code], code))


def language_name(code: str) -> str:
    """``français`` for a French reader, ``French`` for an English one; the code itself when nobody knows it."""
    try:
        name: Any = Locale.parse(code.replace("-", "_")).get_language_name((get_language() or "en")[:2])
    except (UnknownLocaleError, ValueError):
        name = None
    return name or code


def _known(value: str, rows: Mapping[int, object]) -> int | None:
    return int(value) if value.isascii() and value.isdigit() and len(value) < 19 and int(value) in rows else None


def _one_of(value: str, known: list[str]) -> str:
    return value if value in known else ""
