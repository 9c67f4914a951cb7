"""Asking, thinking again for five minutes, and everything that keeps somebody from it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from hallway.gathering.events import actions as events
from hallway.kit.models import FactRow
from hallway.kit.visitors import new_visitor
from hallway.people.models import Person
from hallway.sharing.questions import actions, policies, queries
from hallway.sharing.questions.models import Floor, Follow, Question
from hallway.sharing.questions.policies import QUESTIONS
from hallway.sharing.questions.tokens import UNNAMED, trace_of
from tests.factories import FloorFactory, PersonFactory, QuestionFactory
from tests.sharing.questions.scene import a_scene, counted, now_of, refusal

pytestmark = pytest.mark.django_db
State = Question.State


def ask(floor: Floor, at: datetime, text: str = "Does it scale?", **named: Any) -> Question:
    return actions.ask_question(floor=floor, text=text, language="en", at=at, **{"by": PersonFactory()} | named)


def test_ask_question_by_somebody_with_an_account_and_their_name(at: datetime) -> None:
    floor, person = FloorFactory(), PersonFactory(name="Naledi")
    row = ask(floor, at, named=True, by=person, place="remote")
    assert (row.asker, row.name, row.state, row.place, row.first_time) == (person, "Naledi", "shown", "remote", True)
    assert row.asker_key == trace_of(person, named=True) != trace_of(person)
    assert list(FactRow.objects.values_list("kind", "by_key")) == [("questions.question_asked", person.actor_key)]
    assert not ask(floor, at, "And on a phone?", by=person).first_time


def test_ask_question_unnamed_by_an_account_or_a_device(at: datetime) -> None:
    floor, person, device = FloorFactory(), PersonFactory(), new_visitor()
    for by in (person, device):
        row = ask(floor, at, by=by, place="nowhere")
        assert (row.asker, row.name, row.asker_key, row.place) == (None, "", trace_of(by), "room")
    typed = ask(floor, at, "Why?", by=device, named=True, name="  Piet ")
    assert (typed.asker, typed.name, typed.asker_key) == (None, "Piet", trace_of(device, named=True))
    assert ask(floor, at, "How?", by=device, named=True, name=" ").asker_key == trace_of(device), "no name is unnamed"
    assert ask(floor, at, "When?", by=PersonFactory(name=""), named=True).asker is None
    assert set(FactRow.objects.values_list("by_key", flat=True)) == {UNNAMED.actor_key}


def test_ask_question_twice_is_once_and_counts_once(at: datetime) -> None:
    floor, device = FloorFactory(), new_visitor()
    assert ask(floor, at, by=device) == ask(floor, at, "  Does it scale? ", by=device)
    assert ask(floor, at, by=new_visitor()) != ask(floor, at, by=device)
    assert counted(floor) == (0, 0, 2, 0)


@pytest.mark.parametrize(
    ("text", "named", "code"),
    [
        ("", {}, "questions.empty"),
        ("\u200b \u202e", {}, "questions.empty"),
        ("a" * 501, {}, "questions.too_long"),
        ("Why?", {"named": True, "name": "n" * 121, "by": new_visitor()}, "questions.name_too_long"),
        ("Why?", {"address": "not an address"}, "questions.address"),
        ("Why?", {"tell": True, "by": new_visitor()}, "questions.address"),
    ],
)
def test_ask_question_is_refused_and_leaves_nothing(text: str, named: dict[str, Any], code: str, at: datetime) -> None:
    assert refusal(ask, floor=FloorFactory(), at=at, text=text, **named) == code
    assert not Question.objects.exists()
    assert not FactRow.objects.exists()


def test_ask_question_of_a_closed_floor_says_when_it_opens(at: datetime) -> None:
    scene = a_scene()
    floor = scene.floor
    assert floor.starts_at is not None
    assert refusal(ask, floor=floor, at=floor.starts_at - timedelta(days=15)) == "questions.not_yet"
    assert refusal(ask, floor=floor, at=floor.starts_at - timedelta(days=13)) == ""
    assert refusal(ask, floor=floor, at=at + timedelta(days=31)) == "questions.over"
    assert refusal(ask, floor=FloorFactory(starts_at=None, ends_at=None), at=at) == "questions.not_yet"
    actions.change_floor(floor=floor, changes={"paused": True}, by=scene.helper, at=at)
    assert refusal(ask, floor=floor, at=at) == "questions.paused"
    events.cancel_event(event=floor.event, reason={}, by=scene.organiser, at=at)
    assert refusal(ask, floor=Floor.objects.get(pk=floor.pk), at=at) == "questions.cancelled"


def test_ask_question_of_what_one_cannot_read_is_refused(at: datetime) -> None:
    hidden = FloorFactory(session__hidden_at=at)
    assert refusal(ask, floor=hidden, at=at) == "questions.not_here"
    assert refusal(ask, floor=FloorFactory(session__event__state="draft", session__event__public_at=None), at=at)
    assert refusal(ask, floor=FloorFactory(session__public_at=None), at=at) == "questions.not_here"
    assert refusal(ask, floor=FloorFactory(session__kind="break", session__talk=None), at=at) == "questions.not_here"
    gone = FloorFactory()
    Floor.objects.filter(pk=gone.pk).delete()
    assert refusal(ask, floor=gone, at=at) == "questions.floor_gone"


def test_ask_question_too_often_is_refused_named_or_not_until_a_while_later(at: datetime) -> None:
    floor, person = FloorFactory(), PersonFactory()
    for number in range(6):
        ask(floor, at, f"Question {number}?", by=person, named=number % 2 == 0)
    assert refusal(ask, floor=floor, at=at, text="One more?", by=person) == "questions.too_often"
    assert refusal(ask, floor=FloorFactory(), at=at, text="Elsewhere?", by=person) == "questions.too_often"
    assert refusal(ask, floor=floor, at=at + timedelta(minutes=11), text="One more?", by=person) == ""


def test_ask_question_in_a_room_that_is_flooded_waits_a_minute_and_other_rooms_go_on(at: datetime) -> None:
    floor = FloorFactory()
    for _number in range(60):
        ask(floor, at, by=new_visitor())
    assert refusal(ask, floor=floor, at=at) == "questions.too_many"
    assert refusal(ask, floor=FloorFactory(), at=at) == ""
    assert refusal(ask, floor=floor, at=at + timedelta(seconds=61)) == ""


def test_ask_question_on_a_floor_with_a_queue_waits_but_not_for_the_team(at: datetime) -> None:
    scene = a_scene(queue=True)
    waits = ask(scene.floor, at)
    assert (waits.state, waits.shown_at) == (State.HELD, None)
    assert ask(scene.floor, at, by=scene.helper).state == State.SHOWN
    assert counted(scene.floor) == (0, 0, 1, 0)
    assert list(queries.doubtful(scene.floor)) == [waits]
    told = FactRow.objects.get(payload__question_id=waits.pk)
    assert list(told.scopes.values_list("key", flat=True)) == [f"room:{scene.floor.pk}"]


def test_ask_question_after_the_session_is_from_later_wherever_one_sits(at: datetime) -> None:
    floor = FloorFactory(ends_at=at)
    assert ask(floor, at + timedelta(minutes=1), place="room").place == "later"


def test_ask_question_and_hear_of_answers_by_account_or_address(at: datetime) -> None:
    floor = FloorFactory()
    ask(floor, at, tell=True)
    ask(floor, at, address=" Thandi@Example.org ", by=new_visitor())
    assert list(Follow.objects.order_by("pk").values_list("by_address", flat=True)) == [False, True]
    assert [queries.recipient_of(one)[1] for one in Follow.objects.order_by("pk")] == ["", "thandi@example.org"]


def test_ask_question_by_somebody_muted_is_refused_under_either_name(at: datetime) -> None:
    scene, person = a_scene(), PersonFactory()
    elsewhere = FloorFactory()
    actions.mute_asker(question=ask(scene.floor, at, by=person), by=scene.helper, at=at)
    assert refusal(ask, floor=scene.floor, at=at, text="Again?", by=person) == "questions.muted"
    assert refusal(ask, floor=scene.floor, at=at, text="Again?", by=person, named=True) == "questions.muted"
    assert refusal(ask, floor=elsewhere, at=at, text="Again?", by=person) == ""
    assert refusal(ask, floor=scene.floor, at=at, text="Again?") == ""


def edit(question: Question, at: datetime, text: str, by: Any) -> Question:
    return actions.edit_question(question=question, text=text, by=by, at=at)


def test_edit_question_within_five_minutes_and_not_after(at: datetime) -> None:
    floor, device = FloorFactory(), new_visitor()
    row = ask(floor, at, by=device)
    assert edit(row, at, "Does it scale?", device).edited_at is None, "the same words change nothing"
    assert edit(row, at + timedelta(minutes=5), "Does it scale well?", device).text == "Does it scale well?"
    late = {"question": row, "by": device, "at": at + timedelta(minutes=5, seconds=1)}
    assert refusal(edit, text="Or not?", **late) == "questions.five_minutes"
    assert refusal(actions.withdraw_question, **late) == "questions.five_minutes"
    assert refusal(edit, question=row, text="Mine", by=new_visitor(), at=at) == "questions.not_yours"


def test_edit_question_again_and_again_needs_a_breath(at: datetime) -> None:
    device = new_visitor()
    row = ask(FloorFactory(), at, by=device)
    edit(row, at, "One", device)
    assert refusal(edit, question=row, text="Two", by=device, at=at) == "questions.edits_too_often"
    assert refusal(edit, question=row, text="Two", by=device, at=at + timedelta(seconds=3)) == ""


def test_edit_question_of_the_queue_until_somebody_let_it_in(at: datetime) -> None:
    scene, device = a_scene(queue=True), new_visitor()
    row = ask(scene.floor, at, by=device)
    edit(row, at, "What of Windows?", device)
    actions.let_question_in(question=row, by=scene.helper, at=at + timedelta(seconds=9))
    later = at + timedelta(seconds=20)
    assert refusal(edit, question=row, text="Buy my course", by=device, at=later) == "questions.let_in"
    assert actions.withdraw_question(question=row, by=device, at=later).state == State.WITHDRAWN


def test_edit_question_by_somebody_muted_meanwhile_is_refused(at: datetime) -> None:
    scene, device = a_scene(), new_visitor()
    row = ask(scene.floor, at, by=device)
    actions.mute_asker(question=row, by=scene.helper, at=at)
    assert refusal(edit, question=row, text="Worse", by=device, at=at) == "questions.muted"


@pytest.mark.parametrize("change", ["edit_question", "withdraw_question"])
def test_change_of_a_question_that_others_took_up_is_refused(change: str, at: datetime) -> None:
    scene, asker = a_scene(), PersonFactory()
    act = getattr(actions, change)
    more = {"text": "Other words"} if change == "edit_question" else {}

    def outcome(row: Question) -> str:
        return refusal(act, question=row, by=asker, at=at, **more)

    def another() -> Question:
        return QuestionFactory(floor=scene.floor, by=asker, asked_at=at, shown_at=at)

    taken, hidden, refused, double, shared = another(), another(), another(), another(), another()
    actions.take_question(question=taken, by=scene.speaker, at=at)
    assert outcome(taken) == "questions.taken_up"
    actions.answer_live(question=taken, by=scene.speaker, at=at)
    assert outcome(taken) == "questions.taken_up"
    actions.hide_said(said=hidden, by=scene.helper, at=at)
    assert outcome(hidden) == "questions.settled"
    actions.refuse_question(question=refused, reason="Not here.", by=scene.helper, at=at)
    assert outcome(refused) == "questions.settled"
    actions.merge_question(question=double, into=shared, by=scene.helper, at=at)
    assert outcome(double) == "questions.settled"
    assert outcome(shared) == "questions.shared", "it is somebody else's question as well now"
    gone = another()
    Question.objects.filter(pk=gone.pk).delete()
    assert outcome(gone) == "questions.question_gone"


def test_withdraw_question_takes_text_name_and_followers_and_counts_nowhere(at: datetime) -> None:
    floor, person = FloorFactory(), PersonFactory()
    row = ask(floor, at, by=person, named=True, tell=True)
    for _twice in range(2):
        gone = actions.withdraw_question(question=row, by=person, at=at)
        assert (gone.state, gone.text, gone.name, gone.asker) == (State.WITHDRAWN, "", "", None)
    assert counted(floor) == (0, 0, 0, 0)
    assert not Follow.objects.exists()
    assert FactRow.objects.filter(kind="questions.question_withdrawn", by_key=person.actor_key).count() == 1
    assert refusal(actions.withdraw_question, question=row, by=new_visitor(), at=at) == "questions.not_yours"
    assert not list(queries.own_questions([row.asker_key], floor))
    assert policies.can_change_question(person, now_of(row)), "known again, so that asking stays counted"


def test_hallway_itself_asks_for_a_demonstration(at: datetime) -> None:
    assert ask(FloorFactory(), at, by=QUESTIONS).state == State.SHOWN
    assert isinstance(PersonFactory(), Person)
