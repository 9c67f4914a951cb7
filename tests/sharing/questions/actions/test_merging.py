"""Two questions put together: everything that hung on either hangs on one, once."""

from __future__ import annotations

from datetime import datetime

import pytest

from hallway.kit.actors import Actor
from hallway.kit.visitors import new_visitor
from hallway.notices.models import OutboxMail
from hallway.sharing.questions import actions, queries
from hallway.sharing.questions.models import Question
from hallway.sharing.questions.policies import QUESTIONS
from tests.factories import FloorFactory, PersonFactory, QuestionFactory
from tests.sharing.questions.scene import a_scene, counted, now_of, refusal

pytestmark = pytest.mark.django_db
State = Question.State


def merge(row: Question, into: Question, by: Actor, at: datetime) -> Question:
    return actions.merge_question(question=row, into=into, by=by, at=at)


def test_merge_question_counts_each_person_once_and_the_asker_of_the_double(at: datetime) -> None:
    scene, both, one, other = a_scene(), new_visitor(), new_visitor(), PersonFactory()
    first, second = PersonFactory(), PersonFactory()
    stays, double = QuestionFactory(floor=scene.floor, by=first), QuestionFactory(floor=scene.floor, by=second)
    for question, voters in ((stays, (both, one)), (double, (both, other, first))):
        for voter in voters:
            actions.vote_for(question=question, by=voter, at=at)
    actions.vote_for(question=double, by=(fickle := new_visitor()), at=at)
    actions.take_back_vote(question=double, by=fickle, at=at)
    kept = merge(double, stays, scene.helper, at)
    assert (kept.pk, kept.votes) == (stays.pk, 4), "both, one, other, and who asked the double; not who asked this one"
    assert actions.vote_for(question=stays, by=second, at=at).votes == 4
    gone = now_of(double)
    assert (gone.state, gone.merged_into, gone.vote_rows.count()) == (State.MERGED, stays, 0)
    assert counted(scene.floor) == (0, 0, 1, 0)


def test_merge_question_knows_who_voted_with_their_name_and_without_it(at: datetime) -> None:
    scene, person, asker = a_scene(), PersonFactory(), PersonFactory()
    stays, double = QuestionFactory(floor=scene.floor), QuestionFactory(floor=scene.floor, by=asker)
    actions.tell_case(question=stays, text="Mine", language="en", named=True, by=person, at=at)
    actions.vote_for(question=stays, by=asker, at=at)
    actions.vote_for(question=double, by=person, at=at)
    assert merge(double, stays, scene.helper, at).votes == 2
    third = QuestionFactory(floor=scene.floor, by=asker)
    assert merge(third, stays, scene.helper, at).votes == 2, "asker has one vote, under either trace"


def test_merge_question_brings_cases_followers_and_earlier_doubles(at: datetime) -> None:
    scene, both, one = a_scene(), PersonFactory(), PersonFactory()
    stays, double, earlier = QuestionFactory.create_batch(3, floor=scene.floor)
    for question, people in ((stays, (both,)), (double, (both, one))):
        for person in people:
            actions.tell_case(question=question, text=f"Case of {person.pk}", language="en", by=person, at=at)
            actions.follow_question(question=question, language="en", by=person, at=at)
    actions.follow_question(question=double, address="a@example.org", language="fr", by=new_visitor(), at=at)
    merge(earlier, double, scene.helper, at)
    merge(double, stays, scene.helper, at)
    assert now_of(earlier).merged_into == stays
    assert (stays.cases.count(), stays.follows.count()) == (2, 3)
    assert queries.follow_of(stays, one) is not None
    assert queries.follow_of(double, one) is None
    answer = actions.answer_question(question=stays, text="Like this.", language="en", by=scene.speaker, at=at)
    assert actions.tell_followers(answer=answer, by=QUESTIONS, at=at) == 3
    assert OutboxMail.objects.filter(dedupe_key__startswith="questions-told").count() == 3


def test_merge_question_of_the_queue_and_from_the_stage(at: datetime) -> None:
    scene = a_scene()
    stays, waits = QuestionFactory(floor=scene.floor), QuestionFactory(floor=scene.floor, state=State.HELD)
    taken = actions.take_question(question=QuestionFactory(floor=scene.floor), by=scene.helper, at=at)
    for row in (waits, taken):
        merge(row, stays, scene.helper, at)
        assert (now_of(row).state, now_of(row).on_stage_at) == (State.MERGED, None)
    assert refusal(merge, row=waits, into=stays, by=scene.helper, at=at) == "questions.settled"


def test_merge_question_into_what_is_not_there_is_refused(at: datetime) -> None:
    scene = a_scene()
    row = QuestionFactory(floor=scene.floor)
    wrong = [
        row,
        QuestionFactory(floor=FloorFactory()),
        QuestionFactory(floor=scene.floor, state=State.HELD),
        QuestionFactory(floor=scene.floor, hidden_at=at),
        QuestionFactory(floor=scene.floor, erased_at=at, text=""),
    ]
    for into in wrong:
        assert refusal(merge, row=row, into=into, by=scene.helper, at=at) == "questions.not_into"
    stays = QuestionFactory(floor=scene.floor)
    gone = QuestionFactory(floor=scene.floor)
    Question.objects.filter(pk=gone.pk).delete()
    assert refusal(merge, row=row, into=gone, by=scene.helper, at=at) == "questions.question_gone"
    assert refusal(merge, row=row, into=stays, by=PersonFactory(), at=at) == "questions.not_moderator"


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"answered_live_at": True}, "questions.answered"),
        ({"answered_later_at": True}, "questions.answered"),
        ({"erased_at": True}, "questions.settled"),
        ({"state": State.REFUSED}, "questions.settled"),
    ],
)
def test_merge_question_that_is_settled_is_refused(fields: dict[str, object], code: str, at: datetime) -> None:
    scene = a_scene()
    values = {name: at if value is True else value for name, value in fields.items()}
    row, stays = QuestionFactory(floor=scene.floor, **values), QuestionFactory(floor=scene.floor)
    assert refusal(merge, row=row, into=stays, by=scene.helper, at=at) == code
