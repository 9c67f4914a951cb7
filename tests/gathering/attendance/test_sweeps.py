"""What the clock does for seats."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
import time_machine

from hallway.gathering.attendance import actions, queries, sweeps
from hallway.gathering.attendance.facts import SeatsFirstCome
from hallway.gathering.attendance.models import Admission
from hallway.gathering.events import actions as events
from hallway.gathering.events.models import Event
from hallway.kit.models import FactRow
from tests.factories import TeamRoleFactory
from tests.gathering.attendance.line import come, list_of, now_of, states

pytestmark = pytest.mark.django_db


def test_end_offers_by_the_clock(at: datetime) -> None:
    admission = list_of(1, at + timedelta(days=30))
    going, first, _second = come(admission, at, 3)
    actions.give_up_seat(registration=going, by=going.person, at=at)
    until = now_of(first).offered_until
    assert until is not None
    with time_machine.travel(until - timedelta(seconds=1), tick=False):
        assert sweeps.end_offers() == 0
    with time_machine.travel(until, tick=False):
        assert sweeps.end_offers() == 1
    assert states(admission) == ["given_up", "given_up", "offered"]


def test_ask_whether_people_come_by_the_clock(at: datetime) -> None:
    begins = at + timedelta(days=20)
    admission = list_of(2, begins)
    come(admission, at, 2)
    for moment, number in ((begins - timedelta(days=8), 0), (begins - timedelta(days=7), 2), (begins, 0)):
        with time_machine.travel(moment, tick=False):
            assert sweeps.ask_whether_people_come() == number


def test_ask_about_a_workshop_by_its_own_clock(at: datetime) -> None:
    admission = list_of(2, at + timedelta(days=20), ask_days=[])
    organiser = TeamRoleFactory(community=admission.event.community).person
    begins = at + timedelta(days=20, hours=3)
    workshop = actions.add_workshop(
        event=admission.event, title={"en": "Soldering"}, capacity=3, starts_at=begins, by=organiser, at=at
    )
    going = come(admission, at)[0]
    actions.register(admission=workshop, person=going.person, by=going.person, at=at)
    with time_machine.travel(begins - timedelta(hours=23), tick=False):
        assert sweeps.ask_whether_people_come() == 1


def test_tell_what_changed_by_the_clock(at: datetime) -> None:
    admission = list_of(1, at + timedelta(days=30))
    organiser = TeamRoleFactory(community=admission.event.community).person
    come(admission, at)
    events.cancel_event(event=admission.event, reason={}, by=organiser, at=at)
    with time_machine.travel(at, tick=False):
        assert sweeps.tell_what_changed() == 1
        assert sweeps.tell_what_changed() == 0


def test_call_in_the_last_hours_once(at: datetime) -> None:
    begins = at + timedelta(days=1)
    admission = list_of(2, begins, guests_most=3)
    come(admission, at)
    come(admission, at, guests=1)
    moment = begins - timedelta(hours=3)
    with time_machine.travel(moment - timedelta(minutes=1), tick=False):
        sweeps.call_in_the_last_hours()
        admission.refresh_from_db()
        assert admission.hurried_at is None
    with time_machine.travel(moment, tick=False):
        sweeps.call_in_the_last_hours()
        sweeps.call_in_the_last_hours()
    admission.refresh_from_db()
    assert admission.hurried_at == moment


def test_a_seat_that_became_free_right_after_a_call_is_called_later(at: datetime) -> None:
    begins = at + timedelta(days=1)
    admission = list_of(2, begins)
    one, two, *_waiting = come(admission, at, 4)
    late = begins - timedelta(hours=2)
    actions.give_up_seat(registration=one, by=one.person, at=late)
    actions.give_up_seat(registration=two, by=two.person, at=late + timedelta(minutes=5))
    for minutes, called in ((10, late), (20, late + timedelta(minutes=20)), (50, late + timedelta(minutes=20))):
        with time_machine.travel(late + timedelta(minutes=minutes), tick=False):
            sweeps.call_in_the_last_hours()
        admission.refresh_from_db()
        assert admission.hurried_at == called


def calls(admission: Admission) -> list[datetime]:
    """When those in line were called."""
    said = FactRow.objects.filter(kind=SeatsFirstCome.kind, payload__admission_id=admission.pk)
    return list(said.order_by("pk").values_list("at", flat=True))


def test_chairs_added_right_after_a_call_are_called_at_once(at: datetime) -> None:
    begins = at + timedelta(days=1)
    admission = list_of(1, begins)
    organiser = TeamRoleFactory(community=admission.event.community).person
    going, *_waiting = come(admission, at, 5)
    first, second, third = (begins - timedelta(minutes=minutes) for minutes in (120, 115, 110))
    actions.give_up_seat(registration=going, by=going.person, at=first)
    actions.change_seats(admission=admission, seats=3, by=organiser, at=second)
    actions.change_admission(admission=admission, changes={"extra": 1}, by=organiser, at=third)
    assert calls(admission) == [first, second, third], "the team has just read that those in line hear of it"
    actions.change_admission(admission=admission, changes={"extra": 0}, by=organiser, at=third)
    actions.change_seats(admission=admission, seats=2, by=organiser, at=third)
    assert calls(admission) == [first, second, third], "fewer chairs are no news"


def test_guests_who_stay_at_home_right_after_a_call_are_called_later(at: datetime) -> None:
    begins = at + timedelta(days=1)
    admission = list_of(3, begins, guests_most=1)
    one, group = come(admission, at)[0], come(admission, at, guests=1)[0]
    come(admission, at, 2)
    late = begins - timedelta(hours=2)
    actions.give_up_seat(registration=one, by=one.person, at=late)
    for minutes in (1, 2):
        moment = late + timedelta(minutes=minutes)
        actions.change_registration(registration=group, guests=0, by=group.person, at=moment)
        actions.change_registration(registration=group, guests=1, by=group.person, at=moment)
    actions.change_registration(registration=group, guests=0, by=group.person, at=late + timedelta(minutes=3))
    assert calls(admission) == [late], "nobody makes everybody in line hear something every minute"
    for minutes in (19, 20, 50):
        with time_machine.travel(late + timedelta(minutes=minutes), tick=False):
            sweeps.call_in_the_last_hours()
    assert calls(admission) == [late, late + timedelta(minutes=20)]


def test_forget_what_is_over_by_the_clock(at: datetime) -> None:
    with time_machine.travel(at, tick=False):
        assert sweeps.forget_what_is_over() == 0


def test_nothing_is_due_where_everybody_was_asked(at: datetime) -> None:
    begins = at + timedelta(days=20)
    admission = list_of(2, begins)
    come(admission, at, 2)
    moment = begins - timedelta(days=7)
    assert [one.pk for one in queries.to_be_asked(moment)] == [admission.pk]
    with time_machine.travel(moment, tick=False):
        sweeps.ask_whether_people_come()
    assert queries.to_be_asked(moment) == [], "its row is not locked again every half minute"


def test_nothing_is_due_for_a_question_about_another_date(at: datetime) -> None:
    begins = at + timedelta(days=20)
    admission = list_of(2, begins, must_answer=True)
    come(admission, at)
    with time_machine.travel(begins - timedelta(days=7), tick=False):
        sweeps.ask_whether_people_come()
    moment = begins - timedelta(days=4)
    assert [one.pk for one in queries.with_time_over(moment)] == [admission.pk]
    assert queries.with_time_over(begins) == [], "what has begun is asked about no longer"
    later = begins + timedelta(days=10)
    Event.objects.update(starts_at=later, ends_at=later + timedelta(hours=2))
    assert queries.with_time_over(moment) == []


def test_a_workshop_is_due_by_its_own_date(at: datetime) -> None:
    admission = list_of(2, at + timedelta(days=20), ask_days=[])
    Admission.objects.create(
        event=admission.event, is_event=False, starts_at=at + timedelta(days=20, hours=3), must_answer=True,
        guests_most=0, ask_days=[1], created_at=at,
    )  # fmt: skip
    workshop = Admission.objects.get(is_event=False)
    going = come(admission, at)[0]
    actions.register(admission=workshop, person=going.person, by=going.person, at=at)
    begins = at + timedelta(days=20, hours=3)
    with time_machine.travel(begins - timedelta(hours=23), tick=False):
        sweeps.ask_whether_people_come()
    assert [one.pk for one in queries.with_time_over(begins - timedelta(hours=4))] == [workshop.pk]


def test_the_last_hours_of_what_is_over_are_over(at: datetime) -> None:
    begins = at + timedelta(days=1)
    admission = list_of(2, begins, guests_most=3)
    come(admission, at)
    come(admission, at, guests=1)
    assert [one.pk for one in queries.in_the_last_hours(begins)] == [admission.pk]
    Event.objects.update(ends_at=None)
    assert [one.pk for one in queries.in_the_last_hours(begins - timedelta(hours=1))] == [admission.pk]
    assert queries.in_the_last_hours(begins + timedelta(days=1)) == []
