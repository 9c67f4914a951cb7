"""Who is likely to come. Pure: values in, values out; no clock, no chance, nothing read or written.

Two questions, both from what happened before and both with weights that fade, so that old habits are forgotten:
:func:`reliability` of one person (private, never a reason to refuse anybody), and :func:`overbooking` of the events of
one organiser: how many more people than chairs may say yes.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

FEWEST_TURNS = 3
HALF_LIFE_OF_TURNS = timedelta(days=180)

FEWEST_EVENTS = 8
MOST_EVENTS = 60  # the newest; older ones weigh next to nothing
HALF_LIFE_OF_EVENTS = timedelta(days=365)
MOST_EXTRA = 0.5  # of the seats
TOO_MANY = 0.05  # how likely it may be that somebody stands
EXPECTED = 0.80  # how likely the range of people to expect holds

_SHARES = tuple((step + 0.5) / 100 for step in range(100))
_ALIKE = (2.0, 4.0, 8.0, 16.0, 32.0, 64.0, 128.0, 256.0, 512.0)
_PRIOR_CAME, _PRIOR_STAYED = 1.5, 0.5
_LEFT_OUT = 1e-3


class Outcome(StrEnum):
    """What somebody who had a seat did with it."""

    CAME = "came"
    GAVE_UP_IN_TIME = "gave_up_in_time"
    GAVE_UP_LATE = "gave_up_late"
    ABSENT = "absent"


@dataclass(frozen=True)
class Turn:
    """One seat somebody had, ``at`` the time of the event."""

    at: datetime
    outcome: Outcome


@dataclass(frozen=True)
class Reliability:
    """How often somebody came: ``came`` of ``of`` turns, and the same in weights between 0 and the number of turns.

    ``share`` is between 0 and 1; giving up late is half an absence in it, and none in ``came``.
    """

    came: int
    of: int
    came_weight: float
    of_weight: float
    share: float

    @property
    def percent(self) -> int:
        """The share in whole hundredths."""
        return round(self.share * 100)


def reliability(turns: Sequence[Turn], now: datetime) -> Reliability | None:
    """How reliably somebody came, of the turns that count; None under three of them.

    A turn weighs half as much every 180 days. Giving up in time counts nothing: the seat found somebody else.
    """
    counted = [turn for turn in turns if turn.outcome != Outcome.GAVE_UP_IN_TIME]
    if len(counted) < FEWEST_TURNS:
        return None
    credit = {Outcome.CAME: 1.0, Outcome.GAVE_UP_LATE: 0.5, Outcome.ABSENT: 0.0}
    newest = max(turn.at for turn in counted)
    came = of = kept = total = 0.0
    for turn in counted:
        weight = _weight(now - turn.at, HALF_LIFE_OF_TURNS)
        came += weight * (turn.outcome == Outcome.CAME)
        of += weight
        # In the share only the turns' weights beside each other matter: by the newest, none of it is lost in age.
        beside = _weight(newest - turn.at, HALF_LIFE_OF_TURNS)
        kept += beside * credit[turn.outcome]
        total += beside
    return Reliability(
        came=sum(turn.outcome == Outcome.CAME for turn in counted),
        of=len(counted),
        came_weight=came,
        of_weight=of,
        share=kept / total,
    )


def _weight(age: timedelta, half_life: timedelta) -> float:
    """Between 0 and 1; what is still to come weighs as much as what is now."""
    return float(0.5 ** (max(age, timedelta(0)) / half_life))


@dataclass(frozen=True)
class Closed:
    """An event that is over: how many had a seat at its beginning, and how many of those came."""

    going: int
    came: int
    at: datetime


@dataclass(frozen=True)
class Advice:
    """How much to overbook: ``extra`` seats beyond those there are, so that more people than chairs come in at most
    one event of twenty.

    ``low`` to ``high`` people are to be expected with 80 % probability when all of these seats are taken; ``share`` of
    those who say yes come (0 to 1), with 80 % probability on average between ``share_low`` and ``share_high``.
    ``events`` says of how many events this is known.
    """

    extra: int
    low: int
    high: int
    share: float
    share_low: float
    share_high: float
    events: int


@dataclass(frozen=True)
class _Belief:
    """One way it could be: a number of people come as in a beta-binomial with these two shapes."""

    share: float
    alpha: float
    beta: float
    probability: float


def overbooking(past: Sequence[Closed], seats: int) -> Advice | None:
    """What the events so far say about how many may say yes to ``seats`` chairs; None under eight of them.

    The model is the beta-binomial distribution (Skellam 1948): each event has a share of its own of those who come,
    drawn around a common share ``m`` and the more alike from event to event the larger ``s`` is (shapes ``m·s`` and
    ``(1-m)·s``); rain and football are in ``s``. Both are unknown, so every pair on a grid is weighed by how well it
    explains the past (Bayes' rule, with the likelihood of an event to the power of its weight: half for each year it is
    older than the newest, so-called power priors, Ibrahim and Chen 2000). Prior: ``m`` as Beta(1.5, 0.5), the weight of
    two people, rather full than empty; ``s`` from 2 to 512, each doubling alike. What comes of a seat more is the mean
    over all pairs.

    Never more than half as many again. Everybody always came: nothing extra, however few they were. In processes that
    really are beta-binomials (mean 0.5 to 0.9, ``s`` 10 to 100, 40 or 60 seats) too many came in 2.0 to 5.8 % after
    eight events and in 2.6 to 4.8 % after twenty and more; the range held in 80 to 88 %.
    """
    known = sorted((one for one in past if one.going > 0), key=lambda one: one.at)[-MOST_EVENTS:]
    if len(known) < FEWEST_EVENTS:
        return None
    beliefs = _beliefs(known)
    always = all(one.came >= one.going for one in known)
    extra = 0 if always else _most_extra(beliefs, seats)
    low, high = _range([(number, one) for number, one in enumerate(_people(beliefs, seats + extra))])
    share_low, share_high = _range(_by_share(beliefs))
    share = sum(belief.probability * belief.share for belief in beliefs)
    return Advice(extra, int(low), int(high), share, share_low, share_high, len(known))


def _beliefs(known: Sequence[Closed]) -> list[_Belief]:
    """Each pair of the grid with its probability; those that hardly matter are left out."""
    newest = known[-1].at
    seen = [
        (min(max(one.came, 0), one.going), one.going, _weight(newest - one.at, HALF_LIFE_OF_EVENTS)) for one in known
    ]
    together = sum(weight for _came, _going, weight in seen)
    weighed: list[tuple[float, float, float]] = []
    for share in _SHARES:
        prior = (_PRIOR_CAME - 1) * math.log(share) + (_PRIOR_STAYED - 1) * math.log(1 - share)
        for alike in _ALIKE:
            alpha, beta = share * alike, (1 - share) * alike
            told = sum(weight * _log_beta(came + alpha, going - came + beta) for came, going, weight in seen)
            weighed.append((prior + told - together * _log_beta(alpha, beta), alpha, beta))
    top = max(weight for weight, _alpha, _beta in weighed)
    likely = sorted(((math.exp(weight - top), alpha, beta) for weight, alpha, beta in weighed), reverse=True)
    total, kept = sum(weight for weight, _alpha, _beta in likely), 0.0
    beliefs: list[_Belief] = []
    while kept < (1 - _LEFT_OUT) * total:
        weight, alpha, beta = likely[len(beliefs)]
        kept += weight
        beliefs.append(_Belief(alpha / (alpha + beta), alpha, beta, weight))
    return [_Belief(one.share, one.alpha, one.beta, one.probability / kept) for one in beliefs]


def _log_beta(one: float, other: float) -> float:
    return math.lgamma(one) + math.lgamma(other) - math.lgamma(one + other)


def _most_extra(beliefs: Sequence[_Belief], seats: int) -> int:
    """The most seats more that leave the chairs enough for those who come: each one more makes it less so."""
    fits, too_many = 0, int(seats * MOST_EXTRA) + 1
    while too_many - fits > 1:
        middle = (fits + too_many) // 2
        if sum(_people(beliefs, seats + middle)[seats + 1 :]) <= TOO_MANY:
            fits = middle
        else:
            too_many = middle
    return fits


def _people(beliefs: Sequence[_Belief], going: int) -> list[float]:
    """How likely it is that 0, 1, … ``going`` of those who said yes come."""
    together = [0.0] * (going + 1)
    for belief in beliefs:
        likely = _beta_binomial(going, belief.alpha, belief.beta)
        together = [sofar + belief.probability * one for sofar, one in zip(together, likely, strict=True)]
    return together


def _beta_binomial(going: int, alpha: float, beta: float) -> list[float]:
    """The distribution itself, from its highest point downwards on both sides, so that nothing large gets lost."""

    def log_of(number: int) -> float:
        ways = math.lgamma(going + 1) - math.lgamma(number + 1) - math.lgamma(going - number + 1)
        return ways + _log_beta(number + alpha, going - number + beta) - _log_beta(alpha, beta)

    middle = round(going * (alpha - 1) / (alpha + beta - 2)) if alpha > 1 and beta > 1 else 0
    top = max((0, min(middle, going), going), key=log_of)
    likely = [0.0] * (going + 1)
    likely[top] = math.exp(log_of(top))
    for number in range(top, going):
        step = (going - number) * (number + alpha) / ((number + 1) * (going - number - 1 + beta))
        likely[number + 1] = likely[number] * step
    for number in range(top, 0, -1):
        step = number * (going - number + beta) / ((going - number + 1) * (number - 1 + alpha))
        likely[number - 1] = likely[number] * step
    return likely


def _by_share(beliefs: Iterable[_Belief]) -> list[tuple[float, float]]:
    return sorted((belief.share, belief.probability) for belief in beliefs)


def _range(likely: Sequence[tuple[float, float]]) -> tuple[float, float]:
    """From which value to which, in order, the middle part of the probability reaches."""
    edge = (1 - EXPECTED) / 2
    low, high, passed = likely[0][0], likely[-1][0], 0.0
    for value, probability in likely:
        if passed < edge:
            low = value
        if passed < 1 - edge:
            high = value
        passed += probability
    return low, high
