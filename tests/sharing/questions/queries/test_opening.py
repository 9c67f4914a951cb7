"""Whether one may ask now, and until when a page that says so is good."""

from __future__ import annotations

from datetime import datetime, timedelta

from hallway.gathering.events.models import Event
from hallway.sharing.questions import queries
from hallway.sharing.questions.models import Floor

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def floor_from(starts: datetime | None, ends: datetime | None, **more: object) -> Floor:
    return Floor(starts_at=starts, ends_at=ends, event=Event(zone="Africa/Johannesburg"), **more)


def test_opening_says_when_in_the_zone_of_the_event(at: datetime) -> None:
    soon = queries.opening_of(floor_from(at + 20 * DAY, at + 20 * DAY + HOUR), at)
    assert (soon.state, soon.until) == ("soon", at + 6 * DAY)
    assert "Wednesday 14 October 2026, 11:00" in soon.words
    now = queries.opening_of(floor_from(at - HOUR, at + HOUR), at)
    assert (now.is_open, now.is_live, now.session_is_over, now.words) == (True, True, False, "")
    after = queries.opening_of(floor_from(at - DAY, at - HOUR), at)
    assert (after.is_open, after.is_live, after.session_is_over) == (True, False, True)
    over = queries.opening_of(floor_from(at - 60 * DAY, at - 59 * DAY), at)
    assert (over.state, over.is_open) == ("over", False)
    assert "9 September 2026" in over.words
    paused = queries.opening_of(floor_from(at - HOUR, at + HOUR, paused_at=at), at)
    assert (paused.state, paused.is_open) == ("paused", False)
    assert queries.opening_of(floor_from(None, None), at).state == "untimed"
    off = floor_from(at - HOUR, at + HOUR)
    off.event.state = Event.State.CANCELLED
    assert queries.opening_of(off, at).state == "off"


def test_page_is_good_until_the_next_turn_and_shorter_while_people_vote(at: datetime) -> None:
    def until(floor: Floor) -> datetime | None:
        return queries.good_until(floor, queries.opening_of(floor, at), at)

    assert until(floor_from(at - HOUR, at + HOUR)) == at + timedelta(seconds=10)
    assert until(floor_from(at + HOUR, at + 2 * HOUR)) == at + timedelta(minutes=1)
    assert until(floor_from(at + timedelta(seconds=5), at + HOUR)) == at + timedelta(seconds=5)
    assert until(floor_from(at + 20 * DAY, at + 21 * DAY)) == at + 6 * DAY
    assert until(floor_from(at - 60 * DAY, at - 59 * DAY)) is None
