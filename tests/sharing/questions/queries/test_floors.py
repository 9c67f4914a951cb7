"""Floors a reader may open, and the ledger of a session, an event, a community."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest

from hallway.sharing.questions import queries
from hallway.sharing.questions.models import Question
from hallway.sharing.questions.queries import Ledger
from tests.factories import EventFactory, FloorFactory, QuestionFactory, SessionFactory, SpeakingFactory

pytestmark = pytest.mark.django_db
State = Question.State


def a_ledger(at: datetime) -> Any:
    """A floor with two live, one later, three open; one each refused, hidden, withdrawn, merged, waiting."""
    floor = FloorFactory()
    kinds: list[dict[str, Any]] = [
        {"answered_live_at": at}, {"answered_live_at": at, "answered_later_at": at}, {"answered_later_at": at},
        {}, {}, {"erased_at": at, "text": ""}, {"state": State.REFUSED}, {"hidden_at": at},
        {"state": State.HELD, "hidden_at": at}, {"state": State.WITHDRAWN}, {"state": State.MERGED},
        {"state": State.HELD}, {"state": State.REFUSED, "hidden_at": at},
    ]  # fmt: skip
    for fields in kinds:
        QuestionFactory(floor=floor, **fields)
    return floor


def test_ledger_counts_each_question_in_one_place(at: datetime, django_assert_num_queries: Any) -> None:
    floor, empty = a_ledger(at), FloorFactory()
    wanted = Ledger(live=2, later=1, open=3, refused=4)
    with django_assert_num_queries(1):
        assert queries.ledger_of(floor) == wanted
    with django_assert_num_queries(1):
        assert queries.ledgers_of([floor, empty]) == {floor.pk: wanted, empty.pk: Ledger()}
    assert (wanted.asked, (wanted + wanted).asked) == (6, 12)


def test_ledger_of_an_event_and_a_community_holds_what_the_reader_may_open(at: datetime) -> None:
    floor = a_ledger(at)
    event = floor.event
    QuestionFactory(floor=FloorFactory(session=SessionFactory(event=event)))
    QuestionFactory(floor=FloorFactory(session=SessionFactory(event=event, hidden_at=at)))
    other = EventFactory(community=event.community)
    QuestionFactory(floor=FloorFactory(session=SessionFactory(event=other)))
    QuestionFactory(
        floor=FloorFactory(
            session=SessionFactory(event=EventFactory(community=event.community, state="draft", public_at=None))
        )
    )
    QuestionFactory()
    assert queries.ledger_of_event(event, None) == Ledger(2, 1, 4, 4)
    assert queries.ledger_of_community(event.community, None) == Ledger(2, 1, 5, 4)


def test_floors_of_event_in_order_of_time_and_by_code(at: datetime) -> None:
    event = EventFactory()
    late, soon = (
        FloorFactory(session=SessionFactory(event=event), starts_at=at.replace(hour=hour)) for hour in (12, 8)
    )
    assert list(queries.floors_of_event(event, None)) == [soon, late]
    assert queries.floor_by_code(f" {soon.code.lower()} ", None) == soon
    assert queries.floor_by_code("AAAAAA", None) is None


def test_speakers_of_a_floor_are_those_who_did_not_leave_in_their_order(at: datetime) -> None:
    floor = FloorFactory()
    talk = floor.session.talk
    second, first, gone = (SpeakingFactory(talk=talk, position=number).person for number in (2, 1, 0))
    gone.left_at = at
    gone.save()
    assert list(queries.speakers_of(floor)) == [first, second]
    assert not queries.speakers_of(FloorFactory(session__kind="break", session__talk=None)).exists()
