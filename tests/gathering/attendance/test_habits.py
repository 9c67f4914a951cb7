"""How reliably somebody comes, for their own eyes."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from hallway.gathering.attendance.forecast import Outcome
from hallway.gathering.attendance.habits import habit_of, turns_of
from hallway.gathering.attendance.models import CheckIn, Registration, SeatOffer, StillComing
from hallway.people.models import Person
from tests.factories import PersonFactory, RegistrationFactory

pytestmark = pytest.mark.django_db
State = Registration.State


def evening(person: Person, at: datetime, days: int, *, door: bool = True, **fields: object) -> Registration:
    """Somebody's registration for an evening so many days ago, whose door was used."""
    begins = at - timedelta(days=days)
    row: Registration = RegistrationFactory(
        person=person,
        admission__event__starts_at=begins,
        admission__event__ends_at=begins + timedelta(hours=2),
        **fields,
    )
    if door:
        line = {"kind": "came", "how": "walked_in", "done_at": begins, "received_at": begins}
        CheckIn.objects.create(uid=uuid.uuid4(), walk_in=uuid.uuid4(), admission=row.admission, **line)
    return row


def test_turns_of_somebody_are_the_seats_they_had(
    at: datetime, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    person = PersonFactory()
    evening(person, at, 50, came_at=at)
    evening(person, at, 40)
    gone = {"state": State.GIVEN_UP, "cause": "self"}
    late = evening(person, at, 30, state_at=at - timedelta(days=30, hours=2), **gone)
    early = evening(person, at, 20, state_at=at - timedelta(days=23), **gone)
    StillComing.objects.create(registration=late, days=1, starts_at=at, asked_at=at)
    SeatOffer.objects.create(registration=early, made_at=at, until=at, outcome="accepted")
    evening(person, at, 10, state_at=at - timedelta(days=10, hours=2), **gone)  # in line only
    evening(person, at, 9, door=False)
    evening(person, at, -9)
    evening(person, at, 8, online=True)
    with django_assert_num_queries(1):
        found = {turn.at: turn.outcome for turn in turns_of(person, at)}
    assert found == {
        at - timedelta(days=50): Outcome.CAME,
        at - timedelta(days=40): Outcome.ABSENT,
        at - timedelta(days=30): Outcome.GAVE_UP_LATE,
        at - timedelta(days=20): Outcome.GAVE_UP_IN_TIME,
    }


def test_habit_is_shown_to_oneself_and_fades(at: datetime, client: Client) -> None:
    person = PersonFactory()
    for days in (900, 800, 700):
        evening(person, at, days)
    for days in (30, 20, 10):
        evening(person, at, days, came_at=at)
    habit = habit_of(person, at)
    assert habit is not None
    assert (habit.came, habit.of) == (3, 6)
    assert habit.percent > 90
    client.force_login(person)
    page = client.get("/me/").content.decode()
    assert "You came to 3." in page
    assert "Nobody else sees this." in page
    client.force_login(PersonFactory())
    assert "You came to" not in client.get("/me/").content.decode()
    assert "You came to" not in client.get(f"/p/{person.slug}/").content.decode()


def test_habit_of_somebody_new_says_nothing(at: datetime) -> None:
    assert habit_of(PersonFactory(), at) is None
