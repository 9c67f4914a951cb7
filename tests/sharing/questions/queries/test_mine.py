"""What is one's own on a floor, and until when it can be changed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from hallway.kit.visitors import new_visitor
from hallway.sharing.questions import actions, queries
from hallway.sharing.questions.models import Question
from hallway.sharing.questions.tokens import traces_of
from tests.factories import PersonFactory, QuestionFactory

from ..views.room import floor_of

pytestmark = pytest.mark.django_db


def test_mine_is_what_account_and_device_did(at: datetime, django_assert_num_queries: Callable[[int], Any]) -> None:
    floor, person, device = floor_of(), PersonFactory(), new_visitor()
    named = actions.ask_question(floor=floor, text="Named", language="en", named=True, by=person, at=at)
    unnamed = actions.ask_question(floor=floor, text="Unnamed", language="en", by=person, at=at)
    earlier = actions.ask_question(floor=floor, text="Earlier", language="en", by=device, at=at)
    other = QuestionFactory(floor=floor)
    actions.vote_for(question=other, by=device, at=at)
    with django_assert_num_queries(2):
        mine = queries.mine_on(floor, traces_of(person, device), at)
    assert mine.ids == {named.pk, unnamed.pk, earlier.pk}
    assert mine.voted == {other.pk}
    assert queries.mine_on(floor, traces_of(new_visitor()), at) == queries.Mine()
    with django_assert_num_queries(0):
        assert queries.mine_on(floor, (), at) == queries.Mine()


@pytest.mark.parametrize(
    ("fields", "seconds"),
    [
        ({}, 300), ({"state": "held"}, 300), ({"state": "refused"}, None), ({"on_stage_at": True}, None),
        ({"answered_live_at": True}, None), ({"answered_later_at": True}, None), ({"hidden_at": True}, None),
    ],
)  # fmt: skip
def test_question_can_be_changed_for_five_minutes_unless_it_was_taken_up(
    at: datetime, fields: dict[str, Any], seconds: int | None
) -> None:
    question = Question(asked_at=at, **{"state": "shown", **{k: at if v is True else v for k, v in fields.items()}})
    until = at + timedelta(seconds=seconds) if seconds else None
    assert queries.editable_until(question, at) == until
    assert queries.editable_until(question, at + timedelta(seconds=301)) is None


def test_own_case_is_found_until_it_is_taken_back(at: datetime) -> None:
    question, person = QuestionFactory(floor=floor_of()), PersonFactory()
    case = actions.tell_case(question=question, text="Here too", language="en", by=person, at=at)
    assert queries.own_case(question, traces_of(person)) == case
    actions.withdraw_case(case=case, by=person, at=at)
    assert queries.own_case(question, traces_of(person)) is None
