"""Two moderators press at the same moment: one does it, the other hears so, and nothing is done twice."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.http import QueryDict
from django.utils.http import urlencode

from hallway.kit import clock
from hallway.kit.models import FactRow
from hallway.sharing.questions import actions, queries
from hallway.sharing.questions.models import Floor, Question, Vote
from hallway.sharing.questions.policies import moderator_link
from hallway.sharing.questions.views.pressing import press
from tests.factories import FloorFactory, QuestionFactory
from tests.faults.crowd import press_on

pytestmark = [pytest.mark.database, pytest.mark.fault, pytest.mark.django_db(transaction=True)]
State = Question.State
MODERATORS = 8


def pressing(floor: Floor, question: Question, do: str, **more: object) -> Callable[[], object]:
    """A press by whoever has the page open as it is now."""
    sent = QueryDict(urlencode({"do": do, "question": question.pk, "seen": queries.mark_of(question), **more}))
    return lambda: press(sent, Floor.objects.get(pk=floor.pk), moderator_link(floor), "", clock.now())


def told(*kinds: str) -> int:
    return FactRow.objects.filter(kind__in=[f"questions.{kind}" for kind in kinds]).count()


@pytest.mark.parametrize("do", ["take", "answer", "refuse"])
def test_moderators_who_press_the_same_do_it_once(do: str) -> None:
    floor = FloorFactory()
    question = QuestionFactory(floor=floor)
    failed, _took = press_on([pressing(floor, question, do, ready="topic") for _one in range(MODERATORS)])
    assert failed == ["questions.quicker"] * (MODERATORS - 1)
    assert told("question_taken", "answered_live", "question_refused") == 1


def test_moderators_who_let_in_and_refuse_agree_on_one() -> None:
    floor = FloorFactory()
    question = QuestionFactory(floor=floor, state=State.HELD, shown_at=None)
    calls = [pressing(floor, question, ("let_in", "refuse")[n % 2], ready="topic") for n in range(MODERATORS)]
    failed, _took = press_on(calls)
    assert (failed, told("question_shown", "question_refused")) == (["questions.quicker"] * (MODERATORS - 1), 1)


def test_moderators_who_take_up_different_questions_leave_one_on_stage() -> None:
    floor = FloorFactory()
    rows = QuestionFactory.create_batch(MODERATORS, floor=floor)
    failed, _took = press_on([pressing(floor, row, "take") for row in rows])
    assert failed == []
    assert floor.questions.filter(on_stage_at__isnull=False).count() == 1


def test_two_put_together_crosswise_keep_one_and_all_votes() -> None:
    floor = FloorFactory()
    one, other = QuestionFactory.create_batch(2, floor=floor)
    for number in range(3):
        Vote.objects.create(question=one, voter_key=f"voter {number}", at=clock.now())
    failed, _took = press_on(
        [pressing(floor, one, "merge", into=other.pk), pressing(floor, other, "merge", into=one.pk)]
    )
    assert len(failed) == 1
    assert sorted(floor.questions.values_list("state", flat=True)) == [State.MERGED, State.SHOWN]
    stays = floor.questions.get(state=State.SHOWN)
    assert stays.votes == stays.vote_rows.count() == 3 + (stays == other) + (stays == one)
    assert actions.take_question(question=stays, by=moderator_link(floor), at=clock.now()).on_stage_at
