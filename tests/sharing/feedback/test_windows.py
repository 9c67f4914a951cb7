from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from hallway.sharing.feedback.windows import rewritten_until, settled_at, window

START = datetime(2026, 10, 8, 9, 0, tzinfo=UTC)


def test_window_opens_after_a_quarter_and_closes_two_weeks_after_the_last() -> None:
    found = window(START, START + timedelta(hours=1), START + timedelta(days=1))
    assert found.opens_at == START + timedelta(minutes=15)
    assert found.closes_at == START + timedelta(days=15)
    moments = (found.opens_at - timedelta(seconds=1), found.opens_at, found.closes_at)
    assert [found.state(moment) for moment in moments] == ["before", "open", "over"]


def test_settled_at_the_end_of_the_next_day_where_the_event_is() -> None:
    paris = ZoneInfo("Europe/Paris")
    assert settled_at(datetime(2026, 10, 8, 21, 59, tzinfo=UTC), paris) == datetime(2026, 10, 9, 22, tzinfo=UTC)
    assert settled_at(datetime(2026, 10, 8, 22, 1, tzinfo=UTC), paris) == datetime(2026, 10, 10, 22, tzinfo=UTC)
    # The night the clocks are set back is an hour longer.
    assert settled_at(datetime(2026, 10, 24, 10, tzinfo=UTC), paris) == datetime(2026, 10, 25, 23, tzinfo=UTC)


def test_rewritten_until_the_end_of_a_day_two_weeks_later() -> None:
    paris = ZoneInfo("Europe/Paris")
    assert rewritten_until(datetime(2026, 10, 8, 22, 1, tzinfo=UTC), paris) == datetime(2026, 10, 23, 22, tzinfo=UTC)
    assert rewritten_until(datetime(2026, 10, 12, 8, tzinfo=UTC), paris) == datetime(2026, 10, 26, 23, tzinfo=UTC)
