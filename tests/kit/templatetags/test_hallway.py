from __future__ import annotations

from datetime import UTC, date, datetime, time
from urllib.parse import unquote
from zoneinfo import ZoneInfo

import pytest
from django.utils import translation

from hallway.kit.templatetags.hallway import (
    colon,
    days,
    drawn_here,
    minutes_long,
    say_clock,
    say_day,
    until_the_end_of,
    weekday,
)


@pytest.mark.parametrize(
    ("moment", "language", "said"),
    [
        (time(9, 45), "en", "09:45"),
        (time(9), "en", "09:00"),
        (time(9, 5), "fr", "9\u00a0h\u00a005"),
        (time(18), "fr", "18\u00a0h"),
        (time(0), "fr", "0\u00a0h"),
    ],
)
def test_say_clock_writes_a_time_as_the_language_does(moment: time, language: str, said: str) -> None:
    with translation.override(language):
        assert say_clock(moment) == said


@pytest.mark.parametrize(
    ("day", "pattern", "language", "said"),
    [
        (date(2026, 12, 1), "EEEE d MMMM y", "fr", "mardi 1er décembre 2026"),
        (date(2026, 12, 1), "EEEE d MMMM y", "en", "Tuesday 1 December 2026"),
        (date(2026, 12, 11), "d MMMM y", "fr", "11 décembre 2026"),
        (date(2026, 1, 1), "MMMM y", "fr", "janvier 2026"),
    ],
)
def test_say_day_has_the_first_of_a_month_in_words(day: date, pattern: str, language: str, said: str) -> None:
    with translation.override(language):
        assert say_day(day, pattern) == said


def test_days_and_weekday_have_the_first_of_a_month_in_words() -> None:
    zone = ZoneInfo("Africa/Dakar")
    with translation.override("fr"):
        range_of_days = days(datetime(2026, 12, 1, 9, tzinfo=zone), datetime(2026, 12, 2, 18, tzinfo=zone), zone.key)
        assert range_of_days == "1er–2 décembre 2026"
        assert weekday(date(2026, 10, 1)) == "jeu. 1er"


@pytest.mark.parametrize(
    ("hour", "language", "said"),
    [
        (0, "en", "the end of Sunday 29 November"),
        (0, "fr", "dimanche 29 novembre à minuit"),
        (18, "en", "Monday 30 November, 18:00"),
        (18, "fr", "lundi 30 novembre, 18\u00a0h"),
    ],
)
def test_an_end_at_midnight_is_that_of_the_day_before(hour: int, language: str, said: str) -> None:
    ends = datetime(2026, 11, 30, hour, tzinfo=ZoneInfo("Africa/Johannesburg"))
    with translation.override(language):
        assert until_the_end_of(ends.astimezone(UTC), "Africa/Johannesburg") == said


def test_minutes_long_does_not_break_between_figure_and_unit() -> None:
    assert minutes_long(150) == "2\u00a0h\u00a030"


def test_drawn_here_holds_the_file_without_what_would_end_the_attribute() -> None:
    address = drawn_here("kit/mark.svg")
    assert unquote(address).startswith("data:image/svg+xml,<svg ")
    assert not set("\"'<>#&") & set(address)


def test_drawn_here_refuses_a_name_without_a_file() -> None:
    with pytest.raises(ValueError, match="nowhere"):
        drawn_here("kit/nowhere.svg")


def test_colon_has_its_space_in_french() -> None:
    said = []
    for language in ("en", "fr"):
        with translation.override(language):
            said.append(colon())
    assert said == [":", "\u202f:"]
