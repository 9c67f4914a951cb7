from __future__ import annotations

import math
import random
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hallway.gathering.attendance import forecast
from hallway.gathering.attendance.forecast import Closed, Outcome, Turn, overbooking, reliability

NOW = datetime(2026, 11, 26, 12, 0, tzinfo=UTC)
DAY = timedelta(days=1)
moments = st.datetimes(datetime(2020, 1, 1), datetime(2026, 1, 1), timezones=st.just(UTC))
CAME, IN_TIME, LATE, ABSENT = (
    Outcome.CAME, Outcome.GAVE_UP_IN_TIME, Outcome.GAVE_UP_LATE, Outcome.ABSENT,
)  # fmt: skip


def turns(*outcomes: Outcome, age: timedelta = timedelta(0)) -> list[Turn]:
    return [Turn(NOW - age, outcome) for outcome in outcomes]


def events(*numbers: tuple[int, int], step: timedelta = 30 * DAY) -> list[Closed]:
    """The newest first."""
    return [Closed(going, came, NOW - place * step) for place, (going, came) in enumerate(numbers)]


# --- one person
def test_reliability_says_nothing_under_three_turns_that_count() -> None:
    assert reliability([], NOW) is None
    assert reliability(turns(CAME, ABSENT, IN_TIME, IN_TIME), NOW) is None
    assert reliability(turns(CAME, ABSENT, LATE), NOW) is not None


def test_reliability_counts_late_as_half_an_absence_and_in_time_as_nothing() -> None:
    found = reliability(turns(CAME, CAME, LATE, ABSENT, IN_TIME), NOW)
    assert found is not None
    assert (found.came, found.of, found.came_weight, found.of_weight) == (2, 4, 2.0, 4.0)
    assert found.share == 2.5 / 4


def test_reliability_weighs_half_as_much_after_half_a_year() -> None:
    found = reliability([*turns(CAME), *turns(ABSENT, age=180 * DAY), *turns(ABSENT, age=360 * DAY)], NOW)
    assert found is not None
    assert (found.came_weight, found.of_weight, found.share) == (1.0, 1.75, 1 / 1.75)
    later = reliability([*turns(CAME), *turns(ABSENT, age=180 * DAY), *turns(ABSENT, age=360 * DAY)], NOW + 180 * DAY)
    assert later is not None
    assert (later.of_weight, later.share) == (0.875, 1 / 1.75)


def test_reliability_bears_turns_to_come_and_turns_of_another_age() -> None:
    ahead = reliability(turns(CAME, CAME, ABSENT, age=-DAY), NOW)
    assert ahead is not None
    assert (ahead.of_weight, ahead.share) == (3.0, 2 / 3)
    ancient = reliability(turns(CAME, CAME, ABSENT, age=700_000 * DAY), NOW)
    assert ancient is not None
    assert (ancient.of_weight, ancient.share) == (0.0, 2 / 3)


@given(st.lists(st.builds(Turn, moments, st.sampled_from(Outcome)), min_size=1), st.randoms(use_true_random=False))
def test_reliability_is_a_share_and_coming_never_harms(past: list[Turn], shuffle: random.Random) -> None:
    found = reliability(past, NOW)
    if found is None:
        return
    assert 0 <= found.came <= found.of <= len(past)
    assert 0 <= found.came_weight <= found.of_weight <= found.of
    assert 0 <= found.share <= 1
    better = reliability([*past, Turn(NOW, CAME)], NOW)
    worse = reliability([*past, Turn(NOW, ABSENT)], NOW)
    assert better is not None
    assert worse is not None
    assert worse.share <= found.share <= better.share
    again = list(past)
    shuffle.shuffle(again)
    other = reliability(again, NOW)
    assert other is not None
    assert math.isclose(other.share, found.share)


# --- an organiser's events
def test_overbooking_says_nothing_under_eight_events() -> None:
    assert overbooking([], 40) is None
    assert overbooking(events(*[(40, 30)] * 7, *[(0, 0)] * 5), 40) is None
    advice = overbooking(events(*[(40, 30)] * 8, (0, 0)), 40)
    assert advice is not None
    assert advice.events == 8


@pytest.mark.parametrize("seats", [0, 1, 2, 40, 200])
@pytest.mark.parametrize("going", [1, 5, 60])
def test_overbooking_nothing_where_everybody_always_came(going: int, seats: int) -> None:
    advice = overbooking(events(*[(going, going)] * 8), seats)
    assert advice is not None
    assert (advice.extra, advice.high) == (0, seats)
    assert overbooking(events(*[(going, going + 3)] * 8), seats) == advice, "those who walked in are not in it"


@pytest.mark.parametrize(("seats", "extra"), [(0, 0), (1, 0), (2, 1), (3, 1), (41, 20), (200, 100)])
def test_overbooking_half_as_many_where_nobody_ever_came(seats: int, extra: int) -> None:
    advice = overbooking(events(*[(40, 0)] * 8), seats)
    assert advice is not None
    assert (advice.extra, advice.low) == (extra, 0)
    assert advice.share < 0.03


def test_overbooking_no_seats_is_nobody() -> None:
    advice = overbooking(events(*[(40, 20)] * 8), 0)
    assert advice is not None
    assert (advice.extra, advice.low, advice.high) == (0, 0, 0)


def test_overbooking_of_a_usual_meet_up() -> None:
    came = [29, 26, 31, 28, 24, 30, 27, 29, 25, 28, 30, 27]
    past = events(*[(40, one) for one in came])
    advice = overbooking(past, 40)
    assert advice is not None
    assert (advice.extra, advice.low, advice.high, advice.events) == (9, 29, 39, 12)
    assert (round(advice.share, 2), advice.share_low, advice.share_high) == (0.7, 0.665, 0.735)
    assert overbooking(past[::-1], 40) == advice, "whatever the order"


def test_overbooking_is_careful_where_events_differ() -> None:
    steady = overbooking(events(*[(40, 28)] * 12), 40)
    changeable = overbooking(events(*[(40, 16), (40, 40)] * 6), 40)
    assert steady is not None
    assert changeable is not None
    assert steady.extra > 4 * changeable.extra
    assert changeable.high - changeable.low > steady.high - steady.low


def test_overbooking_forgets_how_it_was_years_ago() -> None:
    new, old = [(40, 36)] * 10, [(40, 12)] * 10
    then = [Closed(going, came, NOW - 5 * 365 * DAY - 30 * DAY) for going, came in old]
    fresh, mixed = overbooking(events(*new), 40), overbooking([*events(*new), *then], 40)
    together = overbooking(events(*new, *old, step=timedelta(0)), 40)
    assert fresh is not None
    assert mixed is not None
    assert together is not None
    assert mixed.share > 0.82 > 0.7 > together.share
    many = events(*new * 6, *old * 6)
    assert overbooking(many, 40) == overbooking(many[:60], 40), "sixty events are enough"


def test_overbooking_less_the_more_people_come() -> None:
    advised = [overbooking(events(*[(40, came)] * 10), 40) for came in range(0, 41, 8)]
    extras = [advice.extra for advice in advised if advice is not None]
    assert len(extras) == 6
    assert all(fewer >= more for fewer, more in pairwise(extras))
    assert (extras[0], extras[-1]) == (20, 0)


@settings(max_examples=5)
@given(
    st.lists(st.integers(1, 60).flatmap(lambda n: st.tuples(st.just(n), st.integers(0, n))), min_size=8, max_size=12),
    st.integers(0, 80),
)
def test_overbooking_more_chairs_never_less_and_never_half_as_many_again(
    past: list[tuple[int, int]], seats: int
) -> None:
    one, two = overbooking(events(*past), seats), overbooking(events(*past), seats + 1)
    assert one is not None
    assert two is not None
    assert one.extra <= two.extra
    assert 0 <= one.extra <= seats / 2
    assert 0 <= one.low <= one.high <= seats + one.extra
    assert 0 < one.share_low <= one.share_high < 1
    assert one == overbooking(events(*past), seats)


def test_beta_binomial_against_exact_fractions() -> None:
    """The recurrence against the definition, with shapes that are whole numbers."""

    def rising(one: int, steps: int) -> int:
        return math.prod(range(one, one + steps))

    for going, alpha, beta in [(0, 2, 3), (1, 1, 1), (7, 2, 3), (12, 1, 9), (30, 40, 2), (25, 60, 60)]:
        exact = [
            Fraction(math.comb(going, number) * rising(alpha, number) * rising(beta, going - number), 1)
            / rising(alpha + beta, going)
            for number in range(going + 1)
        ]
        found = forecast._beta_binomial(going, alpha, beta)
        assert all(math.isclose(one, float(other), rel_tol=1e-9) for one, other in zip(found, exact, strict=True))


@pytest.mark.parametrize(("alpha", "beta"), [(0.01, 511.99), (511.99, 0.01), (0.5, 0.5), (256.0, 256.0), (0.02, 1.98)])
def test_beta_binomial_loses_nothing_of_large_numbers(alpha: float, beta: float) -> None:
    assert math.isclose(sum(forecast._beta_binomial(3000, alpha, beta)), 1, rel_tol=1e-6)


def invented(chance: random.Random, share: float, alike: float, number: int) -> list[Closed]:
    """Events of a process that is a beta-binomial: each has a share of its own around the common one."""
    past = []
    for place in range(number):
        going = chance.randint(25, 45)
        own = chance.betavariate(share * alike, (1 - share) * alike)
        past.append(Closed(going, sum(chance.random() < own for _ in range(going)), NOW - 30 * place * DAY))
    return past


def held(share: float, alike: float, number: int) -> tuple[float, float]:
    """How often more people than chairs would come, and how often the range holds; exact for each invented past."""
    chance, seats, over, inside = random.Random(2026), 40, [], []
    for _ in range(10):
        advice = overbooking(invented(chance, share, alike, number), seats)
        assert advice is not None
        people: Sequence[float] = forecast._beta_binomial(seats + advice.extra, share * alike, (1 - share) * alike)
        over.append(sum(people[seats + 1 :]))
        inside.append(sum(people[advice.low : advice.high + 1]))
    return sum(over) / len(over), sum(inside) / len(inside)


@pytest.mark.parametrize("number", [8, 20])
@pytest.mark.parametrize(("share", "alike"), [(0.5, 10.0), (0.8, 40.0)])
def test_overbooking_keeps_its_promise_where_the_world_is_as_it_thinks(
    record_property: Callable[[str, object], None], share: float, alike: float, number: int
) -> None:
    over, inside = held(share, alike, number)
    record_property("too many", f"{over:.1%}")
    record_property("in the range", f"{inside:.1%}")
    assert over <= forecast.TOO_MANY + 0.015
    assert over >= 0.01, "nor so careful that chairs stay empty for nothing"
    assert inside >= forecast.EXPECTED - 0.03
