"""What is due by the clock: what a room forgot, digests for speakers, mail that had to wait, addresses to forget."""

from __future__ import annotations

from datetime import timedelta

from hallway.kit import clock
from hallway.kit.sweeps import sweep

from . import actions, queries
from .policies import QUESTIONS

AT_ONCE = 200


@sweep(every=timedelta(minutes=10))
def write_digests() -> int:
    """Speakers whose session is a day, a week or three weeks over, with what is open."""
    at, written = clock.now(), 0
    for floor, person, day in queries.digests_due(at, most=AT_ONCE):
        written += actions.write_digest(floor=floor, person=person, day=day, by=QUESTIONS, at=at) is not None
    return written


@sweep(every=timedelta(minutes=10))
def clear_stages() -> int:
    """Nothing is being answered in a room that is empty, whatever its moderator forgot to press."""
    at = clock.now()
    return sum(actions.clear_stage(floor=one, by=QUESTIONS, at=at) for one in queries.stages_forgotten(at, AT_ONCE))


@sweep(every=timedelta(minutes=10))
def tell_of_live_answers() -> int:
    """Who asked and was not in the room hears after the session what was said there."""
    at = clock.now()
    found = queries.live_answers_untold(at, AT_ONCE)
    return sum(actions.tell_of_live_answer(question=one, by=QUESTIONS, at=at) for one in found)


@sweep(every=timedelta(hours=1))
def tell_the_rest() -> int:
    """Addresses that had enough mail on the day of the answer."""
    at = clock.now()
    return sum(actions.tell_followers(answer=one, by=QUESTIONS, at=at) for one in queries.answers_untold(at, AT_ONCE))


@sweep(every=timedelta(hours=6))
def forget_addresses() -> int:
    """A year after the session nobody needs them."""
    return actions.forget_addresses(by=QUESTIONS, at=clock.now())
