from __future__ import annotations

from datetime import UTC, date, datetime, time

import pytest

from hallway.gathering.events.wall_time import instant_of


def test_instant_of_an_ordinary_evening() -> None:
    moment = instant_of(date(2026, 11, 18), time(18, 30), "Africa/Johannesburg")
    assert moment == (datetime(2026, 11, 18, 16, 30, tzinfo=UTC), False)


def test_instant_of_a_time_that_does_not_exist_is_moved_on() -> None:
    moment = instant_of(date(2026, 3, 29), time(2, 30), "Europe/Paris")
    assert moment == (datetime(2026, 3, 29, 1, 30, tzinfo=UTC), True)


def test_instant_of_a_time_that_comes_twice_is_the_first() -> None:
    moment = instant_of(date(2026, 10, 25), time(2, 30), "Europe/Paris")
    assert moment == (datetime(2026, 10, 25, 0, 30, tzinfo=UTC), False)


@pytest.mark.parametrize("year", [1, 1969, 2200, 9999])
def test_instant_of_a_year_nobody_meets_in_is_refused(year: int) -> None:
    with pytest.raises(ValueError, match="year"):
        instant_of(date(year, 1, 1), time(0), "Pacific/Kiritimati")


@pytest.mark.parametrize("zone", ["", "Nowhere/Town", "../../etc/passwd", "europe\0paris", "posixrules"])
def test_instant_of_an_unknown_zone_is_refused(zone: str) -> None:
    with pytest.raises(ValueError, match="zone"):
        instant_of(date(2026, 1, 1), time(0), zone)
