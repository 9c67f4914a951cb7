"""Rules of series: which dates they make, and how they are said. Pure: no rows, no wall clock.

A rule is written as iCalendar does, in the two shapes meet-ups have: ``FREQ=MONTHLY;BYDAY=3WE`` (third Wednesday,
``-1WE`` the last) and ``FREQ=WEEKLY;BYDAY=TH``, each with an optional ``INTERVAL``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import islice
from zoneinfo import ZoneInfo

from babel.dates import get_day_names
from django.utils import translation
from django.utils.translation import gettext as _

from hallway.kit.templatetags.hallway import say_clock

DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
LAST = -1
_SHAPE = re.compile(
    r"FREQ=(?P<frequency>MONTHLY|WEEKLY)(?:;INTERVAL=(?P<interval>[1-9]\d?))?"
    r";BYDAY=(?P<ordinal>[1-4]|-1)?(?P<day>MO|TU|WE|TH|FR|SA|SU)"
)
_WEEK = timedelta(days=7)


@dataclass(frozen=True)
class Rule:
    """``weekday`` 0 is Monday; ``ordinal`` 1 to 4 or ``LAST`` makes it monthly, None weekly; every ``interval``."""

    weekday: int
    ordinal: int | None = None
    interval: int = 1

    def __str__(self) -> str:
        frequency = "WEEKLY" if self.ordinal is None else "MONTHLY"
        interval = f";INTERVAL={self.interval}" if self.interval > 1 else ""
        return f"FREQ={frequency}{interval};BYDAY={'' if self.ordinal is None else self.ordinal}{DAYS[self.weekday]}"


def read_rule(text: str) -> Rule:
    """The rule written in a text. Raises ValueError when it has neither of the two shapes."""
    found = _SHAPE.fullmatch(text)
    if found is None or (found["frequency"] == "MONTHLY") != (found["ordinal"] is not None):
        raise ValueError(f"not a rule of a series: {text[:60]!r}")
    ordinal = int(found["ordinal"]) if found["ordinal"] else None
    return Rule(DAYS.index(found["day"]), ordinal, int(found["interval"] or 1))


def occurrences(rule: str, starts_on: date, local_time: time, zone: str, after: datetime, count: int) -> list[datetime]:
    """The next ``count`` beginnings later than ``after`` (aware), on or after the day ``starts_on``, in the zone.

    Wall time is kept over clock changes. A time the clock jumps over moves forward by the jump, a time that comes
    twice means the first. Fewer come back when the calendar ends. Raises ValueError for a rule or zone unknown here.
    """
    tz = ZoneInfo(zone)
    found = (_on_the_clock(day, local_time, tz) for day in _days(read_rule(rule), starts_on, after))
    later = (moment for moment in found if moment is not None and moment > after)
    return list(islice(later, max(count, 0)))


def _on_the_clock(day: date, local_time: time, tz: ZoneInfo) -> datetime | None:
    """The instant of a wall time; None at the edges of the calendar."""
    try:
        return datetime.combine(day, local_time.replace(fold=0), tzinfo=tz).astimezone(UTC).astimezone(tz)
    except OverflowError:
        return None


def _days(rule: Rule, starts_on: date, after: datetime) -> Iterator[date]:
    """Days of the rule from shortly before ``after``, in step with ``starts_on``."""
    # Zones differ from UTC by at most a day; two days before never leaves a date out.
    near = max(date.min.toordinal(), after.date().toordinal() - 2)
    return _weekly(rule, starts_on, near) if rule.ordinal is None else _monthly(rule, starts_on, near)


def _weekly(rule: Rule, starts_on: date, near: int) -> Iterator[date]:
    step = 7 * rule.interval
    day = starts_on.toordinal() + (rule.weekday - starts_on.weekday()) % 7
    if day < near:
        day += (near - day) // step * step
    for ordinal in range(day, date.max.toordinal() + 1, step):
        yield date.fromordinal(ordinal)


def _monthly(rule: Rule, starts_on: date, near: int) -> Iterator[date]:
    first = starts_on.year * 12 + starts_on.month - 1
    if _in_month(first, rule) < starts_on:
        first += 1
    nearest = date.fromordinal(near)
    behind = nearest.year * 12 + nearest.month - 2 - first
    if behind > 0:
        first += behind // rule.interval * rule.interval
    for month in range(first, (date.max.year + 1) * 12, rule.interval):
        yield _in_month(month, rule)


def _in_month(month: int, rule: Rule) -> date:
    """The day of the rule in a month counted from year 0."""
    year, index = divmod(month, 12)
    if rule.ordinal == LAST:
        # The seventh day from the end is the earliest that can be the last of its weekday.
        end = date(year, 12, 31) if index == 11 else date(year, index + 2, 1) - timedelta(days=1)
        return end - timedelta(days=(end.weekday() - rule.weekday) % 7)
    begin = date(year, index + 1, 1)
    return begin + timedelta(days=(rule.weekday - begin.weekday()) % 7) + (rule.ordinal or 1) * _WEEK - _WEEK


def say_rule(rule: str, language: str, local_time: time | None = None) -> str:
    """``third Wednesday of the month, 18:30`` / « le troisième mercredi du mois à 18 h 30 »."""
    read = read_rule(rule)
    with translation.override(language):
        words = _say_days(read, str(get_day_names("wide", locale=language.replace("-", "_"))[read.weekday]))
        if local_time is None:
            return words
        return _("%(days)s, %(time)s") % {"days": words, "time": say_clock(local_time)}


def ordinals() -> dict[int, str]:
    """The ordinals a rule may have, in words of the page's language."""
    return {1: _("first"), 2: _("second"), 3: _("third"), 4: _("fourth"), LAST: _("last")}


def _say_days(rule: Rule, weekday: str) -> str:
    parts = {"weekday": weekday, "interval": rule.interval}
    if rule.ordinal is None:
        if rule.interval == 1:
            return _("every %(weekday)s") % parts
        if rule.interval == 2:
            return _("every other %(weekday)s") % parts
        return _("%(weekday)s, every %(interval)s weeks") % parts
    parts["ordinal"] = ordinals()[rule.ordinal]
    if rule.interval == 1:
        return _("%(ordinal)s %(weekday)s of the month") % parts
    return _("%(ordinal)s %(weekday)s, every %(interval)s months") % parts


def say_cadence(rule: str) -> str:
    """How often, as a sentence begins in the page's language: ``Every month``."""
    read = read_rule(rule)
    if read.ordinal is None:
        if read.interval == 1:
            return _("Every week")
        return _("Every %(interval)s weeks") % {"interval": read.interval}
    if read.interval == 1:
        return _("Every month")
    return _("Every %(interval)s months") % {"interval": read.interval}
