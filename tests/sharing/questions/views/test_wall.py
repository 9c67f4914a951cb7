"""The wall: what stands on it, and what never does."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
import time_machine
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from hallway.kit.store import STORE_HEADER, UNTIL_HEADER
from hallway.sharing.questions import actions
from hallway.sharing.questions.models import Floor, Question
from hallway.sharing.questions.policies import QUESTIONS
from tests.factories import FloorFactory, PersonFactory, QuestionFactory, RoomFactory, SessionFactory, SlotFactory
from tests.sharing.questions.stage import stage, words

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("on_the_day")]
State = Question.State


def test_wall_shows_the_most_wanted_and_how_to_ask(client: Client, floor: Floor) -> None:
    for votes in range(7):
        QuestionFactory(floor=floor, text=f"Wanted by {votes}?", votes=votes)
    page = words(client.get(f"/q/{floor.code}/wall/"))
    assert [f"Wanted by {votes}?" in page for votes in range(7)] == [False, False, True, True, True, True, True]
    assert (floor.code in page, "/q/" in page, "7 questions" in page, "2 more are waiting" in page) == (True,) * 4
    assert ("<button" in page, "<form" in page, "<a " in page) == (False, False, False), "nothing to press"


def test_wall_shows_large_what_is_being_answered_and_fades_what_was(client: Client, floor: Floor, at: datetime) -> None:
    one, two = QuestionFactory(floor=floor, text="First?"), QuestionFactory(floor=floor, text="Second?")
    actions.take_question(question=one, by=QUESTIONS, at=at)
    page = words(client.get(f"/q/{floor.code}/wall/"))
    assert (page.index("Being answered now") < page.index("First?") < page.index("Second?"), "qwall-faded" in page) == (
        True, False,
    )  # fmt: skip
    actions.answer_live(question=one, by=QUESTIONS, at=at)
    answer = client.get(f"/q/{floor.code}/wall/")
    assert ("qwall-faded" in words(answer), "Being answered now" in words(answer)) == (True, False)
    assert int(answer[UNTIL_HEADER]) == int((at + timedelta(seconds=45)).timestamp())
    with time_machine.travel(at + timedelta(seconds=46), tick=False):
        assert "First?" not in words(client.get(f"/q/{floor.code}/wall/"))
    assert two.text in words(client.get(f"/q/{floor.code}/wall/"))


def test_wall_never_shows_what_is_not_shown(client: Client, floor: Floor, at: datetime) -> None:
    for state in (State.HELD, State.REFUSED, State.MERGED, State.WITHDRAWN):
        QuestionFactory(floor=floor, text=f"secret {state}", state=state, votes=99)
    QuestionFactory(floor=floor, text="secret hidden", hidden_at=at, votes=99)
    QuestionFactory(floor=floor, text="", erased_at=at, votes=99)
    asked = actions.ask_question(floor=floor, text="Why?", language="en", by=PersonFactory(name="Zyx"), at=at)
    actions.take_question(question=asked, by=QUESTIONS, at=at)
    page = words(client.get(f"/q/{floor.code}/wall/"))
    assert ("secret" in page, "Zyx" in page, "somebody in the room" in page) == (False, False, True)


def test_wall_is_stored_for_everybody_and_old_after_a_vote(client: Client, floor: Floor, at: datetime) -> None:
    answer = client.get(f"/q/{floor.code}/wall/?light")
    assert {f"floor:{floor.pk}", f"votes:{floor.pk}"} <= set(answer[STORE_HEADER].split())
    assert int(answer[UNTIL_HEADER]) == int((at + timedelta(minutes=1)).timestamp()), "minutes that are left"
    assert "on-wall light" in words(answer)
    client.force_login(PersonFactory())
    assert STORE_HEADER not in client.get(f"/q/{floor.code}/wall/")
    assert client.get("/q/ZZZZZZ/wall/").status_code == 404


@pytest.mark.parametrize(
    ("hours", "says"),
    [(-1, "The hallway stays open"), (-24 * 60, "Questions can be read"), (1, "What do you want to know?")],
)
def test_wall_says_what_time_it_is(client: Client, hours: int, says: str, at: datetime) -> None:
    ends = at + timedelta(hours=hours)
    floor, _speakers = stage(starts_at=ends - timedelta(minutes=45), ends_at=ends)
    assert says in words(client.get(f"/q/{floor.code}/wall/"))


def test_wall_says_that_asking_is_paused_or_all_is_answered(client: Client, floor: Floor, at: datetime) -> None:
    actions.change_floor(floor=floor, changes={"paused": True}, by=QUESTIONS, at=at)
    assert "No questions at the moment" in words(client.get(f"/q/{floor.code}/wall/"))
    actions.change_floor(floor=floor, changes={"paused": False}, by=QUESTIONS, at=at)
    QuestionFactory(floor=floor, answered_live_at=at - timedelta(minutes=5))
    assert "What else?" in words(client.get(f"/q/{floor.code}/wall/"))


def test_wall_of_a_room_follows_the_programme(client: Client, at: datetime) -> None:
    room = RoomFactory()
    floors = []
    for hour in range(2):
        starts = at + timedelta(hours=hour, minutes=-10)
        session = SessionFactory(event=room.event, title={"en": f"Talk {hour}"})
        times = {"starts_at": starts, "ends_at": starts + timedelta(minutes=40)}
        public = {f"public_{name}": value for name, value in times.items()}
        SlotFactory(session=session, room=room, public_room=room, public_at=at, **times, **public)
        floors.append(FloorFactory(session=session, event=room.event, **times))
    address = f"/e/{room.event.slug}/wall/{room.pk}/"
    for minutes, there, left in ((0, 0, "30 min left"), (35, 1, "begins at"), (55, 1, "35 min left")):
        with time_machine.travel(at + timedelta(minutes=minutes), tick=False):
            page = words(client.get(address))
            assert (floors[there].code in page, floors[1 - there].code in page, left in page) == (True, False, True)
    with time_machine.travel(at + timedelta(hours=3), tick=False):
        assert "Nothing more in this room" in words(client.get(address))
    assert client.get(f"/e/{room.event.slug}/wall/{RoomFactory().pk}/").status_code == 404


@pytest.mark.parametrize("number", [1, 3])
def test_wall_asks_as_often_for_three_questions_as_for_one(
    client: Client, floor: Floor, number: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    QuestionFactory.create_batch(number, floor=floor)
    client.get(f"/q/{floor.code}/wall/")
    with django_assert_num_queries(3):
        client.get(f"/q/{floor.code}/wall/")
