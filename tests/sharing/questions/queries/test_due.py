"""What the clock asks for, in as many queries for one floor as for many."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from hallway.gathering.events.models import Event
from hallway.people.models import Person
from hallway.sharing.questions import queries
from hallway.sharing.questions.models import Digest, Floor
from hallway.sharing.questions.models.floors import REOPENED_FOR
from hallway.sharing.questions.queries import LATE
from tests.factories import FloorFactory, PersonFactory, QuestionFactory, SpeakingFactory

pytestmark = pytest.mark.django_db
Due = list[tuple[int, int]]


def ended(at: datetime, days: float, **fields: Any) -> Floor:
    """A floor with an open question and a speaker, so many days over."""
    over = at - timedelta(days=days)
    floor = FloorFactory(starts_at=over - timedelta(hours=1), ends_at=over, **fields)
    SpeakingFactory(talk=floor.session.talk)
    QuestionFactory(floor=floor)
    return floor


def due(at: datetime, most: int = 99) -> Due:
    return [(floor.pk, day) for floor, _person, day in queries.digests_due(at, most=most)]


@pytest.mark.parametrize(
    ("days", "day"), [(0.99, 0), (1, 1), (6.99, 1), (7, 7), (20.99, 7), (21, 21), (29.99, 21), (30, 0), (-1, 0)]
)
def test_digests_due_by_days_since_the_session(days: float, day: int, at: datetime) -> None:
    floor = ended(at, days)
    assert due(at) == ([(floor.pk, day)] if day else [])


def test_digests_due_to_each_speaker_with_an_address_who_did_not_leave(at: datetime) -> None:
    floor = ended(at, 8)
    for fields in ({"email": None}, {"left_at": at}):
        SpeakingFactory(talk=floor.session.talk, person=PersonFactory(**fields))
    second = SpeakingFactory(talk=floor.session.talk).person
    QuestionFactory(floor=floor)
    assert due(at) == [(floor.pk, 7)] * 2
    for day, left in ((1, 2), (7, 1)):
        Digest.objects.create(floor=floor, person=second, day=day, open_count=1, at=at)
        assert len(due(at)) == left
    assert due(at, most=0) == []


def test_digests_due_for_nothing_that_is_not_public_or_did_not_happen(at: datetime) -> None:
    ended(at, 2, session__hidden_at=at)
    ended(at, 2, session__public_at=None)
    ended(at, 2, session__event__hidden_at=at)
    cancelled = ended(at, 2)
    Event.objects.filter(pk=cancelled.event_id).update(state="cancelled")
    answered = ended(at, 2)
    answered.questions.update(answered_later_at=at)
    erased = ended(at, 2)
    erased.questions.update(text="", erased_at=at)
    assert due(at) == []


def test_digests_due_takes_as_many_queries_for_many_floors(at: datetime, django_assert_num_queries: Any) -> None:
    for wanted in (1, 4):
        while Floor.objects.count() < wanted:
            ended(at, 2)
        with django_assert_num_queries(6):
            assert len(due(at)) == wanted


@pytest.mark.parametrize(
    ("days", "day"), [(0.99, 0), (1, 1), (7, 7), (20.99, 7), (21, 21), (29.99, 21), (30, 0), (-1, 0)]
)
def test_digests_due_by_days_since_the_floor_was_opened_again(days: float, day: int, at: datetime) -> None:
    floor = ended(at, 200, reopened_until=at - timedelta(days=days) + REOPENED_FOR, reopenings=2)
    for round_, written in ((0, 1), (0, 7), (0, 21), (0, LATE), (1, 21)):
        told = {"round": round_, "day": written, "at": at - timedelta(days=150)}
        Digest.objects.create(floor=floor, person=speaker_of(floor), open_count=1, **told)
    assert due(at) == ([(floor.pk, day)] if day else [])


def test_digests_due_of_a_session_are_over_once_it_is_opened_again(at: datetime) -> None:
    floor = ended(at, 21.5, open_days=20, reopened_until=at + timedelta(days=29.5), reopenings=1)
    assert due(at) == [], "opened again half a day ago, so a day after that"
    assert due(at + timedelta(days=1)) == [(floor.pk, 1)]


def speaker_of(floor: Floor) -> Person:
    return floor.session.talk.speakings.get().person


def heard(floor: Floor, at: datetime, *, day: int = 21, round_: int = 0) -> Digest:
    """The speaker was written to, and something was asked an hour later."""
    QuestionFactory(floor=floor, shown_at=at + timedelta(hours=1))
    named = {"floor": floor, "person": speaker_of(floor), "round": round_, "day": day}
    return Digest.objects.create(open_count=1, at=at, **named)


@pytest.mark.parametrize(
    ("open_days", "days", "day"),
    [(30, 28.99, 0), (30, 29, LATE), (30, 29.99, LATE), (30, 30, 0), (25, 24.1, LATE), (25, 25.1, 0), (90, 89.5, LATE)],
)
def test_digests_due_late_on_the_last_day_of_what_was_asked_since(
    open_days: int, days: float, day: int, at: datetime
) -> None:
    floor = ended(at, days, open_days=open_days)
    digest = heard(floor, at - timedelta(days=days - 21.5))
    assert due(at) == ([(floor.pk, day)] if day else [])
    floor.questions.exclude(shown_at__lt=digest.at).update(shown_at=digest.at)
    assert due(at) == [], "nothing new"


def test_digests_due_late_once_and_not_beside_the_mail_of_three_weeks(at: datetime) -> None:
    floor = ended(at, 29.5)
    digest = heard(floor, at - timedelta(days=20), day=7)
    assert due(at) == [(floor.pk, 21)]
    digest.day = 21
    digest.save()
    assert due(at) == [(floor.pk, LATE)]
    heard(floor, at, day=LATE)
    assert due(at + timedelta(hours=2)) == []


def test_digests_due_late_also_to_who_was_never_written_to(at: datetime) -> None:
    floor = ended(at, 59.5, open_days=60)
    assert due(at) == [(floor.pk, LATE)]
    assert due(at - timedelta(days=5)) == []


def test_digests_due_late_of_a_floor_opened_again(at: datetime) -> None:
    floor = ended(at, 100, reopened_until=at + timedelta(hours=5), reopenings=1)
    heard(floor, at - timedelta(days=2), round_=1)
    assert due(at) == [(floor.pk, LATE)]
    Floor.objects.filter(pk=floor.pk).update(open_days=200)
    assert due(at) == [], "it stays open longer"
    Floor.objects.filter(pk=floor.pk).update(open_days=30, reopened_until=at)
    assert due(at) == [], "it is closed"


def test_digests_due_no_more_at_once_than_asked_for(at: datetime) -> None:
    for days in (2, 8, 22):
        ended(at, days)
    assert len(due(at, most=2)) == 2
