"""Changes that share a page and wait for one another's rows: whoever holds the page's revision waits for no row."""

from __future__ import annotations

import time
from datetime import datetime, timedelta

import pytest

from hallway.gathering.attendance import actions as attendance
from hallway.kit import clock
from hallway.kit.actors import SystemPerson
from hallway.kit.models import FactRow
from hallway.moderation.actions import decide_case
from hallway.moderation.models import ConductCase
from hallway.people.models import Person
from hallway.sharing.questions import actions as questions
from hallway.sharing.questions.models import Answer, Question
from tests.factories import FloorFactory, QuestionFactory, TeamRoleFactory
from tests.faults.crowd import people, press_on, room_for
from tests.faults.test_races import at_once, codes
from tests.gathering.attendance.line import come, states
from tests.moderation.matters import case_of, matter, report

pytestmark = [pytest.mark.database, pytest.mark.fault, pytest.mark.django_db(transaction=True)]
ROUNDS = range(4)
HALLWAY = SystemPerson("tests")


@pytest.mark.parametrize("_round", ROUNDS)
def test_event_given_up_while_others_register_at_its_workshop(_round: int, at: datetime) -> None:
    event_list = room_for(None, at + timedelta(days=30))
    organiser = TeamRoleFactory(community=event_list.event.community).person
    event = event_list.event
    workshop = attendance.add_workshop(event=event, title={"en": "Soldering"}, capacity=None, by=organiser, at=at)
    leaving, coming = come(event_list, at, 6), come(event_list, at, 6)
    for row in leaving:
        attendance.register(admission=workshop, person=row.person, by=row.person, at=at)
    calls = [
        call
        for gone, new in zip(leaving, coming, strict=True)
        for call in (
            lambda gone=gone: attendance.give_up_seat(registration=gone, by=gone.person, at=at),
            lambda new=new: attendance.register(admission=workshop, person=new.person, by=new.person, at=at),
        )
    ]
    failed, _took = press_on(calls, hands=len(calls))
    assert failed == []
    assert sorted(states(workshop)) == ["given_up"] * 6 + ["going"] * 6


@pytest.mark.parametrize("_round", ROUNDS)
def test_question_let_in_and_taken_up_while_the_one_before_is_answered(_round: int, at: datetime) -> None:
    floor = FloorFactory()
    before = QuestionFactory(floor=floor, on_stage_at=at)
    held = QuestionFactory(floor=floor, state=Question.State.HELD, shown_at=None)
    answers = [
        lambda one=one: questions.answer_question(
            question=before, text="So", language="en", by=Person.objects.get(pk=one.pk), at=at
        )
        for one in people(12)
    ]

    def take() -> None:
        while not Answer.objects.exists():  # in the middle of those who answer
            time.sleep(0.001)
        questions.take_question(question=held, by=HALLWAY, at=at)

    assert codes(at_once(*answers, take)) == []
    assert Question.objects.get(on_stage_at__isnull=False) == held


@pytest.mark.parametrize("_round", ROUNDS)
def test_report_beside_a_decision_is_of_it_or_opens_a_case(_round: int) -> None:
    now = clock.now()
    it = matter()
    case = case_of(it.session, now)
    reports = [lambda by=by: report(it.session, by, now) for by in people(4)]
    decide = lambda: decide_case(case=case, by=it.organiser, at=now)  # noqa: E731 - one of the calls
    assert codes(at_once(*reports, decide)) == []
    decided = FactRow.objects.get(kind="moderation.case_decided")
    late = FactRow.objects.filter(kind="moderation.thing_reported", payload__case_id=case.pk, pk__gt=decided.pk)
    assert not late.exists(), "who reported it hears nothing of a decision that was made already"
    assert ConductCase.objects.count() <= 2
