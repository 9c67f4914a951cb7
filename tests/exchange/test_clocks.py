"""Times, lengths, zones and day boundaries as files write them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from hallway.exchange.clocks import (
    Unreachable,
    boundary_of_days,
    is_skipped,
    quiet_boundary,
    read_day,
    read_instant,
    read_length,
    read_zone,
    zone_of_offsets,
)

PARIS = ZoneInfo("Europe/Paris")


@pytest.mark.parametrize(
    ("raw", "instant", "kind"),
    [
        ("2026-10-08T09:00:00+02:00", "2026-10-08T07:00:00+00:00", "offset"),
        ("2026-10-08T09:00:00Z", "2026-10-08T09:00:00+00:00", "utc"),
        ("2026-10-08 09:00", "2026-10-08T07:00:00+00:00", "local"),
        ("2026-10-08T00:00:00.123+05:45", "2026-10-07T18:15:00+00:00", "offset"),
    ],
)
def test_read_instant_takes_offsets_and_local_times(raw: str, instant: str, kind: str) -> None:
    read = read_instant(raw, PARIS)
    assert (read.at.isoformat(), read.kind) == (instant, kind)


@pytest.mark.parametrize("raw", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", "1969-12-31", "2200-01-01"])
def test_read_instant_refuses_years_out_of_range(raw: str) -> None:
    with pytest.raises(Unreachable):
        read_instant(raw, PARIS)


@pytest.mark.parametrize("raw", ["", None, 12, "soon", "2026-13-01", "0000-01-01", "2" * 50])
def test_read_instant_refuses_what_is_no_time(raw: object) -> None:
    with pytest.raises(ValueError):
        read_instant(raw, PARIS)


@pytest.mark.parametrize(
    ("raw", "minutes"),
    [
        ("1:30", 90), ("01:30:00", 90), ("00:00", 0), ("36:00", 2160), ("PT1H30M", 90), ("PT0S", 0), ("P1D", 1440),
        ("P1W", 10080), ("90", 90), (45, 45), ("90 min", 90), ("1h30", 90), ("2 heures", 120), ("1 h", 60),
    ],
)  # fmt: skip
def test_read_length_takes_usual_writings(raw: object, minutes: int) -> None:
    assert read_length(raw) == timedelta(minutes=minutes)


@pytest.mark.parametrize("raw", ["", None, True, "long", "-1:00", "-PT1H", "P", "PT", "P99999999D", "x" * 50])
def test_read_length_refuses_the_rest(raw: object) -> None:
    assert read_length(raw) is None


@pytest.mark.parametrize("name", ["", None, "Europe", "Europe/Atlantis", "../../etc/passwd", "/etc/passwd", "a\0b", 3])
def test_read_zone_refuses_what_is_no_zone(name: object) -> None:
    assert read_zone(name) is None


def test_zone_of_offsets_shows_the_most_frequent_one() -> None:
    hours = [timedelta(hours=2), timedelta(hours=2), timedelta(hours=1), timedelta(hours=5, minutes=45)]
    assert zone_of_offsets(hours).key == "Etc/GMT-2"
    assert zone_of_offsets([timedelta(hours=-5)]).key == "Etc/GMT+5"
    assert zone_of_offsets([timedelta(hours=5, minutes=45)]).key == "UTC"


def test_boundary_of_days_counts_a_minute_before_as_the_hour() -> None:
    start = datetime(2026, 10, 8, 4, tzinfo=UTC)
    assert boundary_of_days([(start, start + timedelta(hours=23, minutes=59))]) == 240
    assert boundary_of_days([(start, start + timedelta(hours=10))]) is None


def test_quiet_boundary_puts_the_night_with_the_evening() -> None:
    night = datetime(2026, 10, 9, 1, tzinfo=PARIS)
    morning = datetime(2026, 10, 9, 9, tzinfo=PARIS)
    hour = timedelta(hours=1)
    assert quiet_boundary([(morning, morning + hour)], PARIS) == 0
    assert quiet_boundary([(night, night + 4 * hour), (morning, morning + hour)], PARIS) == 300


def test_is_skipped_knows_the_missing_hour() -> None:
    assert is_skipped(datetime(2026, 3, 29, 2, 30), PARIS)
    assert not is_skipped(datetime(2026, 10, 25, 2, 30), PARIS)


def test_read_day_never_cuts_a_text() -> None:
    assert str(read_day("2026-10-08T00:00:00+02:00", PARIS)) == "2026-10-08"
    assert str(read_day("2019-10-20T22:00:00Z", PARIS)) == "2019-10-21", "midnight in Paris"
    assert str(read_day("2019-10-20T22:00:00", PARIS)) == "2019-10-20"
    for raw in ("9999-01-01", "2026-10-0", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00"):
        assert read_day(raw, PARIS) is None
