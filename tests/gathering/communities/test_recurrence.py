from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from dateutil.rrule import rrulestr
from hypothesis import given
from hypothesis import strategies as st

from hallway.gathering.communities.recurrence import LAST, Rule, occurrences, read_rule, say_cadence, say_rule

ZONES = ("Europe/Paris", "Africa/Johannesburg", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu", "UTC")
RULES = st.builds(
    Rule,
    weekday=st.integers(0, 6),
    ordinal=st.sampled_from([None, 1, 2, 3, 4, LAST]),
    interval=st.integers(1, 12),
)
DAYS = st.dates(date(1990, 1, 1), date(2120, 1, 1))
TIMES = st.times().map(lambda moment: moment.replace(second=0, microsecond=0))


def starts(rule: str, *, from_: date, at: time, zone: str, after: datetime, count: int = 3) -> list[str]:
    return [moment.isoformat() for moment in occurrences(rule, from_, at, zone, after, count)]


def test_third_wednesday_gives_the_next_three_dates() -> None:
    made = starts(
        "FREQ=MONTHLY;BYDAY=3WE",
        from_=date(2026, 10, 8),
        at=time(18, 30),
        zone="Africa/Johannesburg",
        after=datetime(2026, 10, 8, 9, tzinfo=UTC),
    )
    assert made == ["2026-10-21T18:30:00+02:00", "2026-11-18T18:30:00+02:00", "2026-12-16T18:30:00+02:00"]


def test_wall_time_is_kept_over_a_clock_change() -> None:
    made = starts(
        "FREQ=WEEKLY;INTERVAL=2;BYDAY=TH",
        from_=date(2026, 10, 15),
        at=time(19),
        zone="Europe/Paris",
        after=datetime(2026, 10, 14, tzinfo=UTC),
    )
    assert made == ["2026-10-15T19:00:00+02:00", "2026-10-29T19:00:00+01:00", "2026-11-12T19:00:00+01:00"]


def test_a_time_the_clock_jumps_over_moves_forward() -> None:
    made = starts(
        "FREQ=MONTHLY;BYDAY=-1SU",
        from_=date(2026, 3, 1),
        at=time(2, 30),
        zone="Europe/Paris",
        after=datetime(2026, 3, 1, tzinfo=UTC),
        count=2,
    )
    assert made == ["2026-03-29T03:30:00+02:00", "2026-04-26T02:30:00+02:00"]


def test_a_time_that_comes_twice_means_the_first() -> None:
    made = starts(
        "FREQ=MONTHLY;BYDAY=-1SU",
        from_=date(2026, 10, 1),
        at=time(2, 30),
        zone="Europe/Paris",
        after=datetime(2026, 10, 1, tzinfo=UTC),
        count=1,
    )
    assert made == ["2026-10-25T02:30:00+02:00"]


@pytest.mark.parametrize("year", [1, 9999])
def test_the_edges_of_the_calendar_give_fewer_dates(year: int) -> None:
    day, after = date(year, 12, 20), datetime(year, 12, 20, tzinfo=UTC)
    made = occurrences("FREQ=WEEKLY;BYDAY=FR", day, time(23), "America/New_York", after, 3)
    assert len(made) == (3 if year == 1 else 1)


@pytest.mark.parametrize(
    "text",
    ["", "FREQ=DAILY", "FREQ=MONTHLY;BYDAY=WE", "FREQ=WEEKLY;BYDAY=3WE", "FREQ=MONTHLY;BYDAY=5WE", "x" * 20_000],
)
def test_read_rule_refuses_other_shapes(text: str) -> None:
    with pytest.raises(ValueError, match="not a rule"):
        read_rule(text)


@given(RULES)
def test_read_rule_reads_what_is_written(rule: Rule) -> None:
    assert read_rule(str(rule)) == rule


@given(RULES, DAYS, TIMES, st.sampled_from(ZONES), DAYS)
def test_occurrences_are_later_in_order_and_on_the_rule(
    rule: Rule, starts_on: date, at: time, zone: str, after_day: date
) -> None:
    after = datetime.combine(after_day, time(12), UTC)
    made = occurrences(str(rule), starts_on, at, zone, after, 4)
    assert len(made) == 4
    assert all(moment > after for moment in made)
    assert all(second - first > timedelta(days=5) for first, second in pairwise(made))
    for moment in made:
        wall = datetime.combine(moment.date(), at, ZoneInfo(zone))
        if wall.astimezone(UTC).astimezone(wall.tzinfo).time() == at:
            assert (moment.time(), moment.weekday()) == (at, rule.weekday)
        assert moment.date() >= starts_on


@given(RULES.filter(lambda rule: rule.interval == 1 or rule.ordinal is None), DAYS)
def test_days_agree_with_icalendar(rule: Rule, starts_on: date) -> None:
    # iCalendar counts weeks from Monday, we from the first date: begin there and both say the same.
    first = occurrences(str(rule), starts_on, time(12), "UTC", datetime.combine(starts_on, time(0), UTC), 5)
    theirs = rrulestr(str(rule), dtstart=first[0].replace(tzinfo=None))
    assert [moment.date() for moment in first] == [moment.date() for moment in theirs[:5]]


def test_a_far_beginning_is_found_quickly() -> None:
    made = occurrences("FREQ=WEEKLY;BYDAY=MO", date(1, 1, 1), time(9), "UTC", datetime(2026, 1, 1, tzinfo=UTC), 1)
    assert made[0].date() == date(2026, 1, 5)


@pytest.mark.parametrize(
    ("rule", "language", "said"),
    [
        ("FREQ=MONTHLY;BYDAY=3WE", "en", "third Wednesday of the month, 18:30"),
        ("FREQ=MONTHLY;BYDAY=3WE", "fr", "le troisième mercredi du mois à 18\u00a0h\u00a030"),
        ("FREQ=MONTHLY;BYDAY=-1TH", "fr", "le dernier jeudi du mois à 18\u00a0h\u00a030"),
        ("FREQ=MONTHLY;INTERVAL=2;BYDAY=1MO", "en", "first Monday, every 2 months, 18:30"),
        ("FREQ=WEEKLY;BYDAY=TU", "en", "every Tuesday, 18:30"),
        ("FREQ=WEEKLY;INTERVAL=2;BYDAY=TU", "fr", "un mardi sur deux à 18\u00a0h\u00a030"),
        ("FREQ=WEEKLY;INTERVAL=3;BYDAY=TU", "en", "Tuesday, every 3 weeks, 18:30"),
    ],
)
def test_say_rule_says_it_as_people_do(rule: str, language: str, said: str) -> None:
    assert say_rule(rule, language, time(18, 30)) == said


def test_say_rule_without_time_says_the_days() -> None:
    assert say_rule("FREQ=WEEKLY;BYDAY=TU", "en") == "every Tuesday"


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        ("FREQ=MONTHLY;BYDAY=3WE", "Every month"),
        ("FREQ=MONTHLY;INTERVAL=3;BYDAY=3WE", "Every 3 months"),
        ("FREQ=WEEKLY;BYDAY=WE", "Every week"),
        ("FREQ=WEEKLY;INTERVAL=2;BYDAY=WE", "Every 2 weeks"),
    ],
)
def test_say_cadence_says_how_often(rule: str, said: str) -> None:
    assert say_cadence(rule) == said
