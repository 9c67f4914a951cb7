"""Two moderators at once: the second hears of it, and nothing is done twice."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from hallway.kit.refusal import Refusal
from hallway.sharing.questions import actions, queries
from hallway.sharing.questions.actions.seen import as_it_was_seen
from hallway.sharing.questions.models import Question
from hallway.sharing.questions.policies import QUESTIONS
from tests.factories import QuestionFactory

pytestmark = pytest.mark.django_db
State = Question.State


@pytest.mark.parametrize(
    ("before", "word"),
    [
        ({"state": State.WITHDRAWN}, "took this question back"),
        ({"state": State.REFUSED, "reason": "No."}, "is not shown"),
        ({"state": State.HELD}, "waits to be let in"),
        ({"state": State.MERGED}, "put together"),
        ({"on_stage_at": datetime.fromisoformat("2026-10-08T09:00Z")}, "being answered now"),
        ({"answered_live_at": datetime.fromisoformat("2026-10-08T09:00Z")}, "was answered"),
        ({"edited_at": datetime.fromisoformat("2026-10-08T09:00Z")}, "Read it again"),
    ],
)
def test_as_it_was_seen_says_where_the_question_stands_now(before: dict[str, Any], word: str) -> None:
    question = QuestionFactory()
    mark = queries.mark_of(question)
    Question.objects.filter(pk=question.pk).update(**before)
    with pytest.raises(Refusal, match=word) as refused, as_it_was_seen(question, mark):
        pytest.fail("it was held all the same")
    assert refused.value.code == "questions.quicker"


def test_as_it_was_seen_undoes_what_is_refused_inside(at: datetime) -> None:
    question = QuestionFactory()
    with pytest.raises(Refusal), as_it_was_seen(question, queries.mark_of(question)) as row:
        actions.take_question(question=row, by=QUESTIONS, at=at)
        raise Refusal("questions.test", "No.")
    question.refresh_from_db()
    assert question.on_stage_at is None


def test_mark_changes_with_what_is_done_and_not_with_votes(at: datetime) -> None:
    question = QuestionFactory()
    marks = [queries.mark_of(question)]
    question.votes = 9
    assert queries.mark_of(question) == marks[0]
    for row in (
        actions.take_question(question=question, by=QUESTIONS, at=at),
        actions.answer_live(question=question, by=QUESTIONS, at=at + timedelta(minutes=1)),
        actions.answer_live(question=question, summary="Yes.", by=QUESTIONS, at=at + timedelta(minutes=2)),
    ):
        marks.append(queries.mark_of(row))
    assert len(set(marks)) == len(marks)
