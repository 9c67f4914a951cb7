"""Questions and answers as a reader may see them, in the order a room or a page wants them."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from hallway.kit.visitors import new_visitor
from hallway.people.actions import block_person
from hallway.sharing.questions import actions, queries
from hallway.sharing.questions.models import Question, Rendezvous
from hallway.sharing.questions.tokens import traces_of
from tests.factories import AnswerFactory, FloorFactory, PersonFactory, QuestionFactory
from tests.sharing.questions.evening_before import make_stage
from tests.sharing.questions.scene import a_scene

pytestmark = pytest.mark.django_db
State = Question.State


def test_visible_is_what_is_shown_and_not_of_somebody_blocked_unless_unnamed(at: datetime) -> None:
    scene, reader, other = a_scene(), PersonFactory(), PersonFactory()
    named = QuestionFactory(floor=scene.floor, by=other)
    unnamed = actions.ask_question(floor=scene.floor, text="Why?", language="en", by=other, at=at)
    for fields in ({"state": State.HELD}, {"hidden_at": at}, {"state": State.MERGED}):
        QuestionFactory(floor=scene.floor, **fields)
    answer = AnswerFactory(question=unnamed, author=other)
    for gone in ("hidden_at", "withdrawn_at"):
        AnswerFactory(question=unnamed, **{gone: at})
    case = actions.tell_case(question=unnamed, text="Mine", language="en", named=True, by=other, at=at)
    meeting = Rendezvous.objects.create(question=unnamed, place="Bar", starts_at=at, proposed_by=other, proposed_at=at)

    def seen(by: Any) -> list[Any]:
        reads = (queries.questions_visible_to, queries.answers_visible_to, queries.cases_visible_to)
        return [one for read in (*reads, queries.rendezvous_visible_to) for one in read(by).order_by("pk")]

    assert seen(None) == seen(reader) == [named, unnamed, answer, case, meeting]
    block_person(person=other, by=reader, at=at)
    assert seen(reader) == [unnamed]
    assert seen(other)[0] == named, "who was blocked sees their own still"
    scene.floor.session.hidden_at = at
    scene.floor.session.save()
    assert seen(None) == []


def test_ordered_by_votes_time_or_turn_with_the_stage_first(at: datetime) -> None:
    floor = FloorFactory()

    def row(minute: int, votes: int, **fields: Any) -> Question:
        return QuestionFactory(floor=floor, asked_at=at + timedelta(minutes=minute), votes=votes, **fields)

    a, b, c, d = row(0, 1), row(1, 9), row(2, 1, place="remote"), row(3, 0, first_time=True)
    assert queries.ordered([d, c, b, a], "votes") == [b, a, c, d]
    assert queries.ordered([d, c, b, a], "time") == [a, b, c, d]
    assert queries.ordered([a, b, c, d], "next") == [d, c, b, a]
    a.on_stage_at = at
    for order in ("votes", "time", "next"):
        assert queries.ordered([d, c, b, a], order)[0] == a


def test_similar_finds_open_questions_in_other_words_then_answered_ones(at: datetime) -> None:
    floor = FloorFactory()
    answered = QuestionFactory(floor=floor, text="Does that behave well on slow phones?", answered_live_at=at)
    wanted = QuestionFactory(floor=floor, text="How does it behave on slow phones?")
    QuestionFactory(floor=floor, text="Who pays for the coffee?")
    for fields in ({"state": State.HELD}, {"erased_at": at}, {"answered_live_at": at, "erased_at": at}):
        QuestionFactory(floor=floor, text="How does it behave on slow phones?", **fields)
    assert queries.similar("Does that behave well on a slow phone?", floor, None) == [wanted, answered]
    assert queries.similar("Windows", floor, None) == []


@pytest.mark.parametrize(
    ("fields", "state", "says"),
    [
        ({"state": State.HELD}, "held", "A moderator looks at it first."),
        ({"state": State.REFUSED, "reason": "Off topic."}, "refused", "Off topic."),
        ({"on_stage_at": True}, "on_stage", ""),
        ({"answered_live_at": True}, "live", ""),
        ({"answered_later_at": True}, "later", ""),
        ({}, "open", "Can be answered until 7 November 2026."),
        ({"floor__paused_at": True}, "open", ""),
        ({"floor__starts_at": None, "floor__ends_at": None}, "open", ""),
    ],
)
def test_standing_says_in_words_where_a_question_is(
    fields: dict[str, Any], state: str, says: str, at: datetime
) -> None:
    row = QuestionFactory(**{name: at if value is True else value for name, value in fields.items()})
    found = queries.standing(row, row.floor, at)
    assert (found.state, found.next_step) == (state, says)
    assert found.words


def test_own_questions_of_an_account_and_a_device_named_or_not(at: datetime) -> None:
    floor, person, device = FloorFactory(), PersonFactory(), new_visitor()
    QuestionFactory(floor=floor)
    asked = [
        actions.ask_question(floor=floor, text=f"{by} {named}", language="en", named=named, name="Piet", by=by, at=at)
        for by in (person, device) for named in (True, False)
    ]  # fmt: skip
    assert list(queries.own_questions(traces_of(person, device), floor)) == asked[::-1]
    assert list(queries.own_questions(traces_of(device), floor)) == [asked[3], asked[2]]


def test_open_for_speaker_leaves_out_what_lost_its_words(at: datetime) -> None:
    stage = make_stage(at)
    assert list(queries.open_for_speaker(stage.floor, stage.speaker)) == [stage.question]
    Question.objects.update(text="", erased_at=at)
    assert list(queries.open_for_speaker(stage.floor, stage.speaker)) == []
