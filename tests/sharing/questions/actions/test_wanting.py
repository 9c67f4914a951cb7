"""A vote each, a case each, and what makes them count no more."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from hallway.kit.actors import Actor
from hallway.kit.models import FactRow
from hallway.kit.visitors import new_visitor
from hallway.sharing.questions import actions, queries
from hallway.sharing.questions.actions import wanting
from hallway.sharing.questions.actions.wanting import MOST_TAPS
from hallway.sharing.questions.models import Case, Question, Vote
from hallway.sharing.questions.tokens import UNNAMED, trace_of, traces_of
from tests.factories import FloorFactory, PersonFactory, QuestionFactory
from tests.sharing.questions.scene import a_scene, now_of, refusal

pytestmark = pytest.mark.django_db


def vote(question: Question, by: Actor, at: datetime) -> int:
    return actions.vote_for(question=question, by=by, at=at).votes


def back(question: Question, by: Actor, at: datetime) -> int:
    return actions.take_back_vote(question=question, by=by, at=at).votes


def tell(question: Question, by: Actor, at: datetime, text: str = "On four boards.", **named: Any) -> Case:
    return actions.tell_case(question=question, text=text, language="en", by=by, at=at, **named)


def test_vote_for_counts_each_once_and_is_taken_back_once(at: datetime) -> None:
    row, person, device = QuestionFactory(), PersonFactory(), new_visitor()
    assert [vote(row, one, at) for one in (person, person, device)] == [1, 1, 2]
    assert [back(row, one, at) for one in (person, person, new_visitor())] == [1, 1, 1]
    assert vote(row, person, at) == 2
    assert queries.wanted_by(traces_of(person), row.floor) == {row.pk}
    assert queries.wanted_by(traces_of(new_visitor()), row.floor) == set()
    told = FactRow.objects.filter(kind="questions.question_voted").order_by("pk")
    assert list(told.values_list("payload__votes", flat=True)) == [1, 2, 1, 2]
    assert set(told.values_list("by_key", flat=True)) == {UNNAMED.actor_key}


def test_vote_for_ones_own_question_counts_nothing_named_or_not(at: datetime) -> None:
    floor, person = FloorFactory(), PersonFactory()
    for named in (True, False):
        own = actions.ask_question(
            floor=floor, text=f"Why? {named}", language="en", named=named, by=person, at=at
        )  # fmt: skip
        assert vote(own, person, at) == 0
    assert not Vote.objects.exists()


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"state": "held"}, "questions.not_shown"),
        ({"state": "refused"}, "questions.not_shown"),
        ({"state": "withdrawn"}, "questions.not_shown"),
        ({"hidden_at": datetime.fromisoformat("2026-10-08T09:00Z")}, "questions.not_shown"),
        ({"erased_at": datetime.fromisoformat("2026-10-08T09:00Z")}, "questions.not_shown"),
        ({"floor__session__hidden_at": datetime.fromisoformat("2026-10-08T09:00Z")}, "questions.not_here"),
        ({"floor__ends_at": datetime.fromisoformat("2026-09-01T09:00Z")}, "questions.over"),
    ],
)
def test_vote_for_what_is_not_there_or_over_is_refused(fields: dict[str, Any], code: str, at: datetime) -> None:
    row = QuestionFactory(**fields)
    for act in (actions.vote_for, actions.take_back_vote):
        assert refusal(act, question=row, by=new_visitor(), at=at) == code
    assert refusal(tell, question=row, by=new_visitor(), at=at) == code
    Question.objects.all().delete()
    assert refusal(actions.vote_for, question=row, by=new_visitor(), at=at) == "questions.question_gone"


def test_vote_for_sixty_within_a_minute_is_enough(at: datetime) -> None:
    floor, device = FloorFactory(), new_visitor()
    rows = QuestionFactory.create_batch(61, floor=floor)
    for row in rows[:60]:
        vote(row, device, at)
    assert refusal(actions.vote_for, question=rows[60], by=device, at=at) == "questions.votes_too_often"
    assert refusal(actions.vote_for, question=rows[60], by=device, at=at + timedelta(seconds=61)) == ""


def test_vote_for_and_back_ends_after_twenty_taps(at: datetime) -> None:
    row, device = QuestionFactory(), new_visitor()
    for _pair in range(MOST_TAPS // 2):
        vote(row, device, at)
        back(row, device, at)
    assert refusal(actions.vote_for, question=row, by=device, at=at) == "questions.taps"
    assert (now_of(row).votes, vote(row, new_visitor(), at)) == (0, 1)


def test_tell_case_is_one_each_with_a_vote_and_can_be_written_anew(at: datetime) -> None:
    row, person = QuestionFactory(), PersonFactory(name="Naledi")
    first = tell(row, person, at)
    assert (first.author, first.name, first.author_key) == (None, "", trace_of(person))
    assert tell(row, person, at) == first
    named = tell(row, person, at, named=True)
    assert (named.pk, named.author, named.name) == (first.pk, person, "Naledi")
    assert named.author_key == trace_of(person, named=True)
    assert (now_of(row).votes, Case.objects.count(), Vote.objects.count()) == (1, 1, 1)
    assert Vote.objects.get().voter_key == named.author_key, "a vote with a name leads to none without"
    keys = FactRow.objects.filter(kind="questions.case_told").order_by("pk").values_list("by_key", flat=True)
    assert list(keys) == [UNNAMED.actor_key, person.actor_key]


def test_tell_case_to_ones_own_question_is_no_vote(at: datetime) -> None:
    row = QuestionFactory(by=(person := PersonFactory()))
    tell(row, person, at)
    assert now_of(row).votes == 0


def test_withdraw_case_takes_text_name_and_vote_once(at: datetime) -> None:
    row, person = QuestionFactory(), PersonFactory()
    case = tell(row, person, at, named=True)
    vote(row, new_visitor(), at)
    assert refusal(actions.withdraw_case, case=case, by=new_visitor(), at=at) == "questions.not_your_case"
    for _twice in range(2):
        gone = actions.withdraw_case(case=case, by=person, at=at)
        assert (gone.text, gone.name, gone.author, gone.withdrawn_at) == ("", "", None, at)
    assert now_of(row).votes == 1
    assert tell(row, person, at, text="Again.").withdrawn_at is None
    assert now_of(row).votes == 2
    told = FactRow.objects.filter(kind="questions.case_withdrawn")
    assert list(told.values_list("by_key", flat=True)) == [person.actor_key]


def test_withdraw_case_of_ones_own_question_changes_no_count(at: datetime) -> None:
    row = QuestionFactory(by=(person := PersonFactory()))
    case = tell(row, person, at)
    actions.withdraw_case(case=case, by=person, at=at)
    assert now_of(row).votes == 0


def test_tell_case_is_refused_to_who_is_muted_hidden_or_too_quick(at: datetime) -> None:
    scene, person = a_scene(), PersonFactory()
    row = QuestionFactory(floor=scene.floor)
    case = tell(row, person, at)
    actions.hide_said(said=case, by=scene.helper, at=at)
    assert refusal(tell, question=row, by=person, at=at, text="Again", named=True) == "questions.case_hidden"
    for number in range(9):
        tell(QuestionFactory(floor=scene.floor), person, at, text=f"Case {number}", named=number % 2 == 0)
    another = QuestionFactory(floor=scene.floor)
    assert refusal(tell, question=another, by=person, at=at) == "questions.cases_too_often"
    assert refusal(tell, question=another, by=person, at=at + timedelta(minutes=11)) == ""
    asked = actions.ask_question(floor=scene.floor, text="Rude", language="en", by=person, at=at)
    actions.mute_asker(question=asked, by=scene.helper, at=at)
    assert refusal(tell, question=another, by=person, at=at + timedelta(minutes=30)) == "questions.muted"


def test_a_question_bears_so_many_cases_of_devices_without_number(at: datetime, monkeypatch: Any) -> None:
    monkeypatch.setattr(wanting, "MOST_OF_A_QUESTION", 2)
    row, first = QuestionFactory(), new_visitor()
    tell(row, first, at)
    tell(row, new_visitor(), at)
    assert refusal(tell, question=row, by=new_visitor(), at=at) == "questions.cases_enough"
    tell(row, first, at, text="In other words")
    assert row.cases.count() == 2


@pytest.mark.parametrize(("text", "code"), [(" ", "questions.empty"), ("a" * 1001, "questions.too_long")])
def test_tell_case_says_what_is_wrong_with_the_text(text: str, code: str, at: datetime) -> None:
    assert refusal(tell, question=QuestionFactory(), by=new_visitor(), at=at, text=text) == code
