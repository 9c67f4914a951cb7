"""Going on in person: a time and a place at the event."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from hallway.kit.models import FactRow
from hallway.people.models import Person
from hallway.sharing.questions import actions
from hallway.sharing.questions.models import Question, Rendezvous
from tests.factories import EventFactory, FloorFactory, PersonFactory, QuestionFactory
from tests.sharing.questions.scene import a_scene, refusal

pytestmark = pytest.mark.django_db
SOON = timedelta(minutes=30)


def propose(question: Question, by: Person, at: datetime, place: str = "Bar", **named: Any) -> Rendezvous:
    return actions.propose_rendezvous(question=question, place=place, by=by, at=at, **{"starts_at": at + SOON} | named)


def told(kind: str) -> int:
    return FactRow.objects.filter(kind=f"questions.rendezvous_{kind}").count()


def test_propose_rendezvous_comes_with_who_proposes_and_the_same_again_joins(at: datetime) -> None:
    row, one, other = QuestionFactory(), PersonFactory(), PersonFactory()
    made = propose(row, one, at, "  By the   window ")
    assert (made.place, made.proposed_by, made.joins.get().person) == ("By the window", one, one)
    assert propose(row, other, at, "By the window") == made
    assert (made.joins.count(), told("proposed"), told("joined")) == (2, 1, 2)


@pytest.mark.parametrize("off", [timedelta(minutes=-1), timedelta(hours=15), timedelta(days=-3)])
def test_propose_rendezvous_at_another_time_than_the_event_is_refused(off: timedelta, at: datetime) -> None:
    row = QuestionFactory()
    assert refusal(propose, question=row, by=PersonFactory(), at=at, starts_at=at + off) == "questions.not_then"


def test_propose_rendezvous_at_an_event_without_a_date_or_end(at: datetime) -> None:
    undated = FloorFactory()
    undated.event.state, undated.event.starts_at, undated.event.ends_at = "postponed", None, None
    undated.event.save()
    assert refusal(propose, question=QuestionFactory(floor=undated), by=PersonFactory(), at=at) == "questions.not_then"
    brief = FloorFactory(session__event=EventFactory(starts_at=at, ends_at=None))
    assert refusal(propose, question=QuestionFactory(floor=brief), by=PersonFactory(), at=at) == ""


def test_propose_rendezvous_five_to_a_question_and_twenty_a_day(at: datetime) -> None:
    floor, person = FloorFactory(), PersonFactory()
    rows = QuestionFactory.create_batch(5, floor=floor)
    for row in rows[:4]:
        for number in range(5):
            propose(row, person, at, f"Table {number}")
    assert refusal(propose, question=rows[0], by=PersonFactory(), at=at, place="Six") == "questions.rendezvous_enough"
    assert refusal(propose, question=rows[4], by=person, at=at) == "pace.too_often"


@pytest.mark.parametrize(("place", "code"), [("", "questions.empty"), ("a" * 161, "questions.too_long")])
def test_propose_rendezvous_says_what_is_wrong_with_the_place(place: str, code: str, at: datetime) -> None:
    assert refusal(propose, question=QuestionFactory(), by=PersonFactory(), at=at, place=place) == code


def test_rendezvous_of_what_is_hidden_or_closed_is_refused(at: datetime) -> None:
    scene, person = a_scene(), PersonFactory()
    row = QuestionFactory(floor=scene.floor)
    made = propose(row, person, at)
    actions.hide_said(said=row, by=scene.helper, at=at)
    assert refusal(propose, question=row, by=person, at=at) == "questions.not_shown"
    join = {"rendezvous": made, "by": PersonFactory()}
    assert refusal(actions.join_rendezvous, at=at, **join) == "questions.not_shown"
    actions.show_said(said=row, by=scene.helper, at=at)
    late = at + timedelta(days=60)
    assert refusal(actions.join_rendezvous, at=late, **join) == "questions.not_there"
    assert refusal(propose, question=row, by=person, at=late) == "questions.not_there"


def test_join_and_leave_rendezvous_each_once(at: datetime) -> None:
    made, person = propose(QuestionFactory(), PersonFactory(), at), PersonFactory()
    for _twice in range(2):
        actions.join_rendezvous(rendezvous=made, by=person, at=at)
    assert made.joins.count() == 2
    for _twice in range(2):
        actions.leave_rendezvous(rendezvous=made, by=person, at=at)
    assert (made.joins.count(), told("joined")) == (1, 3)


@pytest.mark.parametrize("fields", [{"cancelled_at": True}, {"hidden_at": True}, {"starts_at": timedelta(hours=-7)}])
def test_join_rendezvous_that_is_off_or_over_is_refused(fields: dict[str, Any], at: datetime) -> None:
    made = propose(QuestionFactory(), PersonFactory(), at)
    for name, value in fields.items():
        setattr(made, name, at if value is True else at + value)
    made.save()
    assert refusal(actions.join_rendezvous, rendezvous=made, by=PersonFactory(), at=at) == "questions.rendezvous_off"


def test_cancel_rendezvous_by_who_proposed_it_or_a_moderator_once(at: datetime) -> None:
    scene, person = a_scene(), PersonFactory()
    for by in (person, scene.helper):
        made = propose(QuestionFactory(floor=scene.floor), person, at)
        cancel = {"rendezvous": made, "at": at}
        assert refusal(actions.cancel_rendezvous, by=PersonFactory(), **cancel) == "questions.not_your_rendezvous"
        for _twice in range(2):
            assert actions.cancel_rendezvous(by=by, **cancel).cancelled_at == at
    assert told("cancelled") == 2
    assert propose(made.question, person, at).pk != made.pk, "what is off is proposed anew"
