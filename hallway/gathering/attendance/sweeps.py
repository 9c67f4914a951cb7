"""What is due for seats: offers that end, questions to ask, changes to tell, words whose time is over."""

from __future__ import annotations

from datetime import timedelta

from hallway.kit import clock
from hallway.kit.actors import SystemPerson
from hallway.kit.sweeps import sweep

from . import queries
from .actions import ask_still_coming, end_due_offers, forget_old_words, pass_seats_on, tell_changes

SEAT_KEEPER = SystemPerson("seats")


@sweep(every=timedelta(seconds=10))
def end_offers() -> int:
    """End offers nobody took in time, and seats whose people did not answer; the next in line get them."""
    now = clock.now()
    return sum(end_due_offers(admission=admission, by=SEAT_KEEPER, at=now) for admission in queries.with_time_over(now))


@sweep(every=timedelta(seconds=30))
def ask_whether_people_come() -> int:
    """Ask those going, fifty at a time, so many days before the start as their admission says."""
    now = clock.now()
    return sum(ask_still_coming(admission=admission, by=SEAT_KEEPER, at=now) for admission in queries.to_be_asked(now))


@sweep(every=timedelta(seconds=15))
def tell_what_changed() -> int:
    """Tell those registered what is different from what they were told last."""
    now = clock.now()
    return sum(bool(tell_changes(admission=admission, by=SEAT_KEEPER, at=now)) for admission in queries.with_news(now))


@sweep(every=timedelta(seconds=60))
def call_in_the_last_hours() -> int:
    """When the last hours begin and seats are free, say so to those in line, once."""
    now = clock.now()
    return sum(
        pass_seats_on(admission=admission, by=SEAT_KEEPER, at=now) for admission in queries.in_the_last_hours(now)
    )


@sweep(every=timedelta(hours=6))
def forget_what_is_over() -> int:
    """Delete answers, requests, invitations and names of those who walked in when their time is over."""
    return forget_old_words(by=SEAT_KEEPER, at=clock.now())
