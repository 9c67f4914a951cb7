from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from hallway.gathering.attendance.windows import FAR, FIRST_COME, LONGEST, SHORTEST, offer_ends

HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
PARIS = ZoneInfo("Europe/Paris")
ZONES = [
    ZoneInfo(name)
    for name in (
        "Africa/Johannesburg", "Europe/Paris", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu", "UTC",
    )
]  # fmt: skip
NOON = datetime(2026, 11, 26, 12, 0, tzinfo=UTC)

instants = st.datetimes(datetime(2020, 1, 1), datetime(2035, 1, 1), timezones=st.just(UTC))
spans = st.timedeltas(timedelta(0), timedelta(days=90))
hours = st.timedeltas(timedelta(0), timedelta(hours=48))


def ends(now: datetime, starts_at: datetime | None, zone: ZoneInfo = PARIS, **given: timedelta) -> datetime:
    end = offer_ends(now, starts_at, zone, **given)
    assert end is not None
    return end


@pytest.mark.parametrize(
    ("left", "window"),
    [
        (timedelta(days=30), 24 * HOUR),
        (timedelta(days=7), 21 * HOUR),
        (timedelta(days=2), 6 * HOUR),
        (8 * HOUR, HOUR),
        (4 * HOUR, 30 * MINUTE),
        (3 * HOUR + 20 * MINUTE, 20 * MINUTE),
        (3 * HOUR + timedelta(seconds=5), timedelta(seconds=5)),
    ],
)
def test_offer_ends_after_an_eighth_of_what_is_left(left: timedelta, window: timedelta) -> None:
    assert ends(NOON, NOON + left, ZoneInfo("UTC")) == NOON + window


@pytest.mark.parametrize("left", [3 * HOUR, HOUR, timedelta(0), -HOUR])
def test_offer_ends_never_when_seats_are_first_come(left: timedelta) -> None:
    assert offer_ends(NOON, NOON + left, PARIS) is None
    assert offer_ends(NOON, NOON + left, PARIS, first_come=left - MINUTE) == NOON + MINUTE


def test_offer_ends_after_the_longest_window_without_a_date() -> None:
    assert ends(NOON, None) == NOON + 24 * HOUR
    assert ends(NOON + timedelta(microseconds=1), None, longest=2 * HOUR) == NOON + 2 * HOUR + MINUTE


def test_offer_ends_in_the_morning_rather_than_at_night() -> None:
    starts_at = NOON + timedelta(days=3)
    for at, until in [((21, 59), (21, 59)), ((22, 0), (33, 0)), ((23, 30), (33, 0)), ((32, 59), (33, 0))]:
        midnight = datetime(2026, 11, 26, tzinfo=PARIS).astimezone(UTC)
        wanted = midnight + timedelta(hours=at[0], minutes=at[1])
        now = starts_at - (starts_at - wanted) * 8 / 7
        assert ends(now, starts_at) == midnight + timedelta(hours=until[0], minutes=until[1])


def test_offer_ends_at_night_when_the_start_is_near() -> None:
    now = datetime(2026, 11, 26, 20, 0, tzinfo=UTC)
    assert ends(now, now + FAR) == now + FAR / 8, "half past one in Paris"
    assert ends(now, now + FAR + 8 * MINUTE).astimezone(PARIS).time() == time(9)


@pytest.mark.parametrize(
    ("day", "length"),
    [((2026, 3, 29), 10 * HOUR), ((2026, 10, 25), 12 * HOUR), ((2026, 11, 26), 11 * HOUR)],
    ids=["clocks forward", "clocks back", "any night"],
)
def test_offer_ends_at_nine_on_the_clock_whatever_the_night_does(day: tuple[int, int, int], length: timedelta) -> None:
    nine = datetime(*day, 9, tzinfo=PARIS).astimezone(UTC)
    ten = nine - length
    assert ten.astimezone(PARIS).hour == 22
    for minutes in range(0, int(length / MINUTE), 7):
        wanted = ten + minutes * MINUTE
        assert ends(wanted - LONGEST, wanted + timedelta(days=30)) == nine
    assert ends(ten - MINUTE - LONGEST, ten + timedelta(days=30)) == ten - MINUTE
    assert ends(nine - LONGEST, nine + timedelta(days=30)) == nine


def test_offer_ends_by_instants_not_by_wall_clocks() -> None:
    """Two times on one wall clock with an hour skipped between them are not as far apart as they look."""
    now = datetime(2026, 3, 28, 23, 0, tzinfo=PARIS)
    starts_at = datetime(2026, 3, 29, 8, 0, tzinfo=PARIS)
    assert ends(now, starts_at) == now.astimezone(UTC) + HOUR


@given(now=instants, left=spans, zone=st.sampled_from(ZONES), longest=hours, first_come=hours)
def test_offer_ends_after_now_and_before_seats_are_first_come(
    now: datetime, left: timedelta, zone: ZoneInfo, longest: timedelta, first_come: timedelta
) -> None:
    assume(longest >= MINUTE)
    end = offer_ends(now, now + left, zone, longest=longest, first_come=first_come)
    assert (end is None) == (left <= first_come)
    if end is None:
        return
    assert now < end <= now + left - first_come
    window = min(longest, max(SHORTEST, left / 8))
    assert end >= min(now + window, now + left - first_come), "never shortened"
    clock, last = end.astimezone(zone).time(), now + left - first_come
    if left > FAR:
        assert end == last or time(9) <= clock < time(22)
        assert end - now < window + 12 * HOUR + MINUTE
    else:
        assert end - now < window + MINUTE
    assert end == last or end.second == end.microsecond == 0


@given(start=instants, left=spans, nearer=spans, zone=st.sampled_from(ZONES))
def test_offer_ends_sooner_the_nearer_the_date(
    start: datetime, left: timedelta, nearer: timedelta, zone: ZoneInfo
) -> None:
    start, left, nearer = (start.replace(second=0, microsecond=0), left // MINUTE * MINUTE, nearer // MINUTE * MINUTE)
    assume(FIRST_COME < nearer <= left)
    one, two = ends(start - left, start, zone), ends(start - nearer, start, zone)
    at_night = any(end.astimezone(zone).time() == time(9) for end in (one, two))
    assert at_night or two - (start - nearer) <= one - (start - left)
