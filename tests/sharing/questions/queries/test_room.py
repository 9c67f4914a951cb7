"""What moderators and the wall read of a floor."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from hallway.sharing.questions import queries
from hallway.sharing.questions.models import Question
from tests.factories import FloorFactory, QuestionFactory

pytestmark = pytest.mark.django_db
State = Question.State


def test_room_now_puts_each_question_in_one_place(at: datetime) -> None:
    floor = FloorFactory()
    made = {
        "stage": QuestionFactory(floor=floor, on_stage_at=at),
        "open": QuestionFactory(floor=floor),
        "answered": QuestionFactory(floor=floor, answered_live_at=at),
        "later": QuestionFactory(floor=floor, answered_later_at=at),
        "waiting": QuestionFactory(floor=floor, state=State.HELD),
        "refused": QuestionFactory(floor=floor, state=State.REFUSED),
        "merged": QuestionFactory(floor=floor, state=State.MERGED),
    }
    QuestionFactory(floor=floor, state=State.WITHDRAWN)
    QuestionFactory(floor=floor, hidden_at=at)
    QuestionFactory(floor=floor, erased_at=at)
    now = queries.room_now(floor, "votes")
    assert now.stage == made["stage"]
    for place in ("open", "answered", "later", "waiting", "refused", "merged"):
        assert getattr(now, place) == [made[place]], place
    assert now.without_words == 1
    assert now.on_stage_first() == [made["stage"], made["open"]]


def test_wall_now_has_room_for_five(at: datetime) -> None:
    floor = FloorFactory()
    QuestionFactory.create_batch(6, floor=floor)
    assert (len(queries.wall_now(floor, at).rows), queries.wall_now(floor, at).more) == (5, 1)
    QuestionFactory(floor=floor, on_stage_at=at)
    QuestionFactory(floor=floor, text="", erased_at=at, votes=9)
    QuestionFactory(floor=floor, answered_live_at=at - timedelta(seconds=44))
    now = queries.wall_now(floor, at)
    assert (len(now.rows), now.more, now.faded is not None, now.asked) == (2, 4, True, 9)


def test_waiting_on_counts_what_waits_by_floor(at: datetime) -> None:
    one, other = FloorFactory(), FloorFactory()
    QuestionFactory.create_batch(2, floor=one, state=State.HELD)
    QuestionFactory(floor=other)
    assert queries.waiting_on([one, other]) == {one.pk: 2}


def test_wall_now_takes_as_many_as_fit(at: datetime) -> None:
    floor = FloorFactory()
    for number in range(5):
        QuestionFactory(floor=floor, text=f"{number} {'long ' * 15}", votes=9 - number)
    now = queries.wall_now(floor, at)
    assert (len(now.rows), now.more) == (4, 1)
    QuestionFactory(floor=floor, on_stage_at=at)
    now = queries.wall_now(floor, at)
    assert (len(now.rows), now.more) == (2, 3)
