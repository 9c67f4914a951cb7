"""In the room: let in, refuse, take up, answer, and take all of it back."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from hallway.kit.actors import Actor
from hallway.kit.models import FactRow
from hallway.kit.visitors import new_visitor
from hallway.sharing.questions import actions
from hallway.sharing.questions.models import Question
from hallway.sharing.questions.policies import moderator_link
from tests.factories import PersonFactory, QuestionFactory
from tests.sharing.questions.scene import Scene, a_scene, counted, now_of, refusal

pytestmark = pytest.mark.django_db
State = Question.State


def told(kind: str) -> int:
    return FactRow.objects.filter(kind=f"questions.{kind}").count()


def moderators(scene: Scene) -> list[Actor]:
    return [scene.speaker, scene.organiser, scene.helper, moderator_link(scene.floor)]


def test_let_question_in_shows_what_waits_or_was_refused_once(at: datetime) -> None:
    scene = a_scene()
    for by in moderators(scene):
        row = QuestionFactory(floor=scene.floor, state=State.HELD, shown_at=None)
        for _twice in range(2):
            assert actions.let_question_in(question=row, by=by, at=at).state == State.SHOWN
        refused = QuestionFactory(floor=scene.floor, state=State.REFUSED, reason="Not here.")
        assert actions.let_question_in(question=refused, by=by, at=at).reason == ""
    assert told("question_shown") == 8
    assert now_of(row).shown_at == at


@pytest.mark.parametrize(
    "name",
    ["let_question_in", "take_question", "leave_question", "answer_live", "undo_answer_live", "take_back_refusal"],
)
def test_moderating_is_for_moderators_and_not_of_what_is_withdrawn(name: str, at: datetime) -> None:
    scene, other = a_scene(), a_scene()
    row, act = QuestionFactory(floor=scene.floor), getattr(actions, name)
    for by in (PersonFactory(), new_visitor(), moderator_link(other.floor), other.organiser, other.speaker):
        assert refusal(act, question=row, by=by, at=at) == "questions.not_moderator"
    for gone in ({"state": State.WITHDRAWN}, {"erased_at": at}):
        row = QuestionFactory(floor=scene.floor, **gone)
        assert refusal(act, question=row, by=scene.helper, at=at) == "questions.withdrawn"


def test_refuse_question_says_why_and_counts_beside_the_ledger(at: datetime) -> None:
    scene = a_scene()
    row = QuestionFactory(floor=scene.floor)
    assert refusal(actions.refuse_question, question=row, reason=" ", by=scene.helper, at=at) == "questions.empty"
    for reason in ("Off topic.", "Another reason."):
        actions.refuse_question(question=row, reason=reason, by=scene.helper, at=at)
    assert (now_of(row).reason, told("question_refused"), counted(scene.floor)) == ("Off topic.", 1, (0, 0, 0, 1))


def test_refuse_question_takes_it_from_the_stage(at: datetime) -> None:
    scene = a_scene()
    row = actions.take_question(question=QuestionFactory(floor=scene.floor), by=scene.speaker, at=at)
    actions.refuse_question(question=row, reason="Off topic.", by=scene.helper, at=at)
    assert now_of(row).on_stage_at is None


def test_refuse_question_that_is_settled_is_refused(at: datetime) -> None:
    scene = a_scene()
    settled = ({"answered_live_at": at}, {"answered_later_at": at}, {"state": State.MERGED})
    for fields in settled:
        row = QuestionFactory(floor=scene.floor, **fields)
        outcome = refusal(actions.refuse_question, question=row, reason="Late.", by=scene.helper, at=at)
        assert outcome == "questions.settled_already"


def test_take_question_is_one_at_a_time_and_lets_in_what_waits(at: datetime) -> None:
    scene = a_scene()
    first, second = (QuestionFactory(floor=scene.floor, state=state) for state in (State.HELD, State.REFUSED))
    for _twice in range(2):
        assert actions.take_question(question=first, by=scene.helper, at=at).state == State.SHOWN
    actions.take_question(question=second, by=scene.helper, at=at)
    assert [now_of(row).on_stage_at for row in (first, second)] == [None, at]
    assert told("question_taken") == 2


def test_take_question_that_is_not_there_is_refused_and_changes_nothing(at: datetime) -> None:
    scene = a_scene()
    merged = QuestionFactory(floor=scene.floor, state=State.MERGED)
    hidden = QuestionFactory(floor=scene.floor, state=State.HELD, hidden_at=at)
    for row in (merged, hidden):
        for act in (actions.take_question, actions.answer_live):
            assert refusal(act, question=row, by=scene.helper, at=at) == "questions.not_shown"
    assert now_of(hidden).state == State.HELD


def test_leave_question_keeps_it_open_once(at: datetime) -> None:
    scene = a_scene()
    row = actions.take_question(question=QuestionFactory(floor=scene.floor), by=scene.speaker, at=at)
    for _twice in range(2):
        assert actions.leave_question(question=row, by=scene.helper, at=at).on_stage_at is None
    assert (told("question_taken"), counted(scene.floor)) == (2, (0, 0, 1, 0))


def test_answer_live_with_a_line_that_can_be_written_later_and_undone(at: datetime) -> None:
    scene = a_scene()
    row = QuestionFactory(floor=scene.floor, state=State.HELD)
    taken = actions.take_question(question=row, by=scene.speaker, at=at)
    for moment in (at, at + timedelta(minutes=1)):
        answered = actions.answer_live(question=taken, by=scene.helper, at=moment)
        assert (answered.answered_live_at, answered.on_stage_at, answered.said) == (at, None, "")
    line = actions.answer_live(question=row, summary=" Yes. ", language="fr", by=scene.helper, at=at)
    assert (line.said, line.said_language, told("answered_live")) == ("Yes.", "fr", 2)
    assert actions.answer_live(question=row, summary="", by=scene.helper, at=at).said == "Yes."
    assert counted(scene.floor) == (1, 0, 0, 0)
    for _twice in range(2):
        undone = actions.undo_answer_live(question=row, by=scene.helper, at=at)
        assert (undone.answered_live_at, undone.said, undone.said_language) == (None, "", "")
    assert (told("answered_live"), counted(scene.floor)) == (3, (0, 0, 1, 0))


def test_answer_live_lets_in_what_was_answered_without_being_shown(at: datetime) -> None:
    scene = a_scene()
    row = QuestionFactory(floor=scene.floor, state=State.HELD)
    assert actions.answer_live(question=row, by=scene.helper, at=at).state == State.SHOWN
    long = {"question": row, "summary": "a" * 1001, "by": scene.helper, "at": at}
    assert refusal(actions.answer_live, **long) == "questions.too_long"
