"""What the page says that another number of seats does is what it does."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta

import pytest

from hallway.gathering.attendance import actions
from hallway.gathering.attendance.actions.outlook import Outlook, seats_outlook
from hallway.gathering.attendance.models import Admission, Registration
from hallway.gathering.events.models import Event
from tests.factories import TeamRoleFactory
from tests.gathering.attendance.line import come, list_of, now_of, states

pytestmark = pytest.mark.django_db
State = Registration.State


def crowd(at: datetime, begins: datetime, **fields: object) -> Admission:
    """Five go (one with a guest), two have an offer, four stand in line, one of them with a guest: eight seats."""
    admission = list_of(8, begins, **fields)
    come(admission, at, 2, guests=1)
    going = come(admission, at, 4)
    come(admission, at, 2)
    come(admission, at, guests=1)
    come(admission, at, 2)
    for row in going[:2]:
        actions.give_up_seat(registration=row, by=row.person, at=at)
    return admission


def test_outlook_of_more_seats_counts_those_in_line_who_fit(at: datetime) -> None:
    admission = crowd(at, at + timedelta(days=30))
    assert states(admission).count("offered") == 2
    assert seats_outlook(admission=admission, capacity=9, at=at) == Outlook(seats=9, free=1), "a group holds the line"
    assert seats_outlook(admission=admission, capacity=11, at=at) == Outlook(seats=11, offered=2, free=0)
    assert seats_outlook(admission=admission, capacity=20, at=at) == Outlook(seats=20, offered=3, free=8)
    assert seats_outlook(admission=admission, capacity=None, at=at) == Outlook(seats=None, seated=3)


def test_outlook_of_fewer_seats_says_which_offers_go_and_who_keeps_theirs(at: datetime) -> None:
    admission = crowd(at, at + timedelta(days=30))
    assert seats_outlook(admission=admission, capacity=7, at=at) == Outlook(seats=7, withdrawn=1, free=0)
    assert seats_outlook(admission=admission, capacity=4, at=at) == Outlook(seats=4, withdrawn=2, over=2, free=0)


def test_outlook_counts_seats_beyond_the_chairs(at: datetime) -> None:
    admission = crowd(at, at + timedelta(days=30))
    admission.extra = 3
    assert seats_outlook(admission=admission, capacity=8, at=at) == Outlook(seats=11, offered=2, free=0)


def test_outlook_in_the_last_hours_and_after(at: datetime) -> None:
    admission = crowd(at, at + timedelta(days=30))
    late = at + timedelta(days=30) - timedelta(hours=1)
    assert seats_outlook(admission=admission, capacity=12, at=late) == Outlook(seats=12, called=3, free=4)
    assert seats_outlook(admission=admission, capacity=8, at=late) == Outlook(seats=8, free=0)
    over = at + timedelta(days=40)
    assert seats_outlook(admission=admission, capacity=12, at=over) == Outlook(seats=12, free=4)
    Event.objects.filter(pk=admission.event_id).update(state=Event.State.CANCELLED)
    assert seats_outlook(admission=now_of(admission.registrations.all()[0]).admission, capacity=12, at=at).offered == 0


@pytest.mark.parametrize("seats", [1, 4, 6, 7, 8, 9, 10, 11, 12, 30, None])
@pytest.mark.parametrize("rule", ["in_order", "lottery", "first_timers"])
def test_outlook_is_what_happens(at: datetime, seats: int | None, rule: str) -> None:
    admission = crowd(at, at + timedelta(days=30), rule=rule)
    organiser = TeamRoleFactory(community=admission.event.community).person
    said = seats_outlook(admission=admission, capacity=seats, at=at)
    before = dict(admission.registrations.values_list("pk", "state"))
    actions.change_seats(admission=admission, seats=seats, by=organiser, at=at)
    after = dict(admission.registrations.values_list("pk", "state"))
    moves = Counter((before[pk], after[pk]) for pk in before if before[pk] != after[pk])
    assert moves == Counter(
        {
            move: number
            for move, number in {
                ("waiting", "going"): said.seated,
                ("waiting", "offered"): said.offered,
                ("offered", "waiting"): said.withdrawn,
            }.items()
            if number
        }
    )
