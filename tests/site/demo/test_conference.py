"""Whenever the demonstration is started, something is on at its conference."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from hallway.programme.schedule.models import Session
from hallway.site.demo import conference, reading

WRITTEN = reading.conference()


def slots_at(clock: conference.Clock) -> list[tuple[datetime, datetime]]:
    starts = [clock.opens + conference._after_opening(slot) for slot in WRITTEN]
    return [(start, start + timedelta(minutes=slot.talk.minutes)) for start, slot in zip(starts, WRITTEN, strict=True)]


BREAK = Session.Kind.BREAK


@pytest.mark.parametrize("minute", [0, 12, 13, 41, 44, 57])
@pytest.mark.parametrize("hour", range(24))
def test_clock_at_any_hour_has_something_on(hour: int, minute: int) -> None:
    now = datetime(2026, 11, 23, hour, minute, tzinfo=UTC)
    clock = conference.clock_at(now, WRITTEN)
    on = [(start, end) for (start, end), slot in zip(slots_at(clock), WRITTEN, strict=True) if slot.kind != BREAK]
    assert any(start <= now and now + conference.BREATH < end for start, end in on), "a session, which a break is not"
    assert clock.opens.minute == 0


@pytest.mark.parametrize("hour", range(24))
def test_clock_at_any_hour_keeps_two_whole_days(hour: int) -> None:
    now = datetime(2026, 11, 23, hour, 20, tzinfo=UTC)
    clock = conference.clock_at(now, WRITTEN)
    zone = ZoneInfo(conference.ZONE)
    days = {(start.astimezone(zone) - timedelta(minutes=clock.day_boundary)).date() for start, _end in slots_at(clock)}
    assert len(days) == 2


def test_clock_at_working_hours_leaves_the_programme_where_it_is() -> None:
    now = datetime(2026, 11, 23, 10, 15, tzinfo=ZoneInfo(conference.ZONE))
    clock = conference.clock_at(now, WRITTEN)
    assert (clock.opens.date(), clock.opens.hour, clock.day_boundary) == (now.date(), 9, 0)
