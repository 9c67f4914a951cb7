"""Whatever people, moderators and moderation do on a floor, the plain rules would have done the same."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from hallway.kit.refusal import Refusal
from hallway.people.actions import leave_hallway
from hallway.people.models import Person
from hallway.sharing.questions import actions, queries
from hallway.sharing.questions.actions import answering, merging, room, wanting
from hallway.sharing.questions.models import Question, Vote
from hallway.sharing.questions.policies import QUESTIONS
from hallway.sharing.questions.tokens import traces_of
from tests.factories import FloorFactory, PersonFactory
from tests.faults.questions_model import Room
from tests.faults.test_questions_races import troubles_of
from tests.faults.test_seats_model import Step, walks

pytestmark = [pytest.mark.database, pytest.mark.fault]

BEGINS = datetime(2027, 3, 2, 18, 0, tzinfo=UTC)
WHICH, WHO = st.integers(0, 40), st.integers(0, 4)


class FloorBesideModel(RuleBasedStateMachine):
    """Each step is done by an action and by the model; both have to say the same afterwards."""

    @initialize(queue=st.booleans())
    def open(self, queue: bool) -> None:
        self.floor = FloorFactory(starts_at=BEGINS, ends_at=BEGINS + timedelta(hours=1), queue=queue)
        self.people: dict[int, Person] = {person.pk: person for person in PersonFactory.create_batch(5)}
        self.traces = {pk: traces_of(person) for pk, person in self.people.items()}
        self.room, self.at = Room(queue), BEGINS
        self.asked = 0

    def one(self, number: int) -> Question | None:
        keys = sorted(self.room.asked)
        return Question.objects.get(pk=keys[number % len(keys)]) if keys else None

    def who(self, number: int) -> Person | None:
        there = sorted(self.people)
        return self.people[there[number % len(there)]] if there else None

    def try_to(self, act: Callable[..., Any], **named: Any) -> bool:
        """Whether the action was done rather than refused."""
        self.at += timedelta(seconds=5)
        try:
            act(**named, at=self.at)
        except Refusal:
            return False
        return True

    @rule(person=WHO, named=st.booleans())
    def somebody_asks(self, person: int, named: bool) -> None:
        by = self.who(person)
        self.asked += 1
        if by is None or sum(one.asker == by.pk for one in self.room.asked.values()) >= 6:
            return
        text = f"Question {self.asked}?"
        row = actions.ask_question(floor=self.floor, text=text, language="en", named=named, by=by, at=self.at)
        self.room.ask(row.pk, by.pk)

    @rule(number=WHICH, person=WHO, wanted=st.booleans())
    def somebody_votes(self, number: int, person: int, wanted: bool) -> None:
        row, by = self.one(number), self.who(person)
        if row is not None and by is not None:
            act = actions.vote_for if wanted else actions.take_back_vote
            assert self.try_to(act, question=row, by=by) == self.room.vote(row.pk, by.pk, wanted)

    @rule(number=WHICH, person=WHO, named=st.booleans())
    def somebody_tells_a_case(self, number: int, person: int, named: bool) -> None:
        row, by = self.one(number), self.who(person)
        if row is not None and by is not None:
            text = f"Case {self.at}"
            done = self.try_to(actions.tell_case, question=row, text=text, language="en", named=named, by=by)
            assert done == self.room.tell(row.pk, by.pk)

    @rule(number=WHICH)
    def moderator_shows(self, number: int) -> None:
        if row := self.one(number):
            assert self.try_to(actions.let_question_in, question=row, by=QUESTIONS) == self.room.show(row.pk)

    @rule(number=WHICH)
    def moderator_refuses(self, number: int) -> None:
        if (row := self.one(number)) and number % 3 == 0:
            done = self.try_to(actions.refuse_question, question=row, reason="No.", by=QUESTIONS)
            assert done == self.room.refuse(row.pk)

    @rule(number=WHICH, other=WHICH)
    def moderator_merges(self, number: int, other: int) -> None:
        row, into = self.one(number), self.one(other)
        if row is not None and into is not None:
            done = self.try_to(actions.merge_question, question=row, into=into, by=QUESTIONS)
            assert done == self.room.merge(row.pk, into.pk)

    @rule(number=WHICH)
    def moderator_separates(self, number: int) -> None:
        if row := self.one(number):
            assert self.try_to(actions.separate_question, question=row, by=QUESTIONS) == self.room.separate(row.pk)

    @rule(number=WHICH)
    def moderator_takes(self, number: int) -> None:
        if row := self.one(number):
            assert self.try_to(actions.take_question, question=row, by=QUESTIONS) == self.room.take(row.pk)

    @rule(number=WHICH)
    def room_answers(self, number: int) -> None:
        if (row := self.one(number)) and number % 2 == 0:
            assert self.try_to(actions.answer_live, question=row, by=QUESTIONS) == self.room.answer_live(row.pk)

    @rule(number=WHICH, person=WHO)
    def somebody_answers(self, number: int, person: int) -> None:
        row, by = self.one(number), self.who(person)
        if row is None or by is None:
            return
        named = {"question": row, "text": f"Answer {self.at}", "language": "en", "by": by}
        assert self.try_to(actions.answer_question, **named) == self.room.asked[row.pk].is_there
        if written := row.answers.filter(written_at=self.at, author=by).first():
            self.room.answer(row.pk, written.pk)

    @rule(number=WHICH, person=WHO)
    def asker_withdraws(self, number: int, person: int) -> None:
        row, by = self.one(number), self.who(person)
        if row is not None and by is not None:
            done = self.try_to(actions.withdraw_question, question=row, by=by)
            assert done == self.room.withdraw(row.pk, by.pk)

    @rule(number=WHICH, hidden=st.booleans())
    def moderation_hides_or_shows(self, number: int, hidden: bool) -> None:
        if row := self.one(number):
            act = actions.hide_said if hidden else actions.show_said
            assert self.try_to(act, said=row, by=QUESTIONS)
            self.room.hide(row.pk, hidden)

    @rule(number=WHICH, stands=st.booleans())
    def moderation_hides_or_shows_an_answer(self, number: int, stands: bool) -> None:
        row = self.one(number)
        if row is not None and (answer := row.answers.order_by("pk").first()):
            act = actions.show_said if stands else actions.hide_said
            assert self.try_to(act, said=answer, by=QUESTIONS)
            self.room.asked[row.pk].answers[answer.pk] = stands

    @rule(person=WHO)
    def somebody_leaves(self, person: int) -> None:
        by = self.who(person)
        if by is not None and len(self.people) > 2:
            leave_hallway(person=by, by=by, at=self.at)
            self.room.leave(by.pk)
            del self.people[by.pk]

    @invariant()
    def both_say_the_same(self) -> None:
        if not hasattr(self, "room"):
            return
        rows = {row.pk: row for row in self.floor.questions.all()}
        said = {key: (row.state, row.votes, row.merged_into_id, bool(row.hidden_at)) for key, row in rows.items()}
        wanted = {
            key: (one.state, len(self.room.wants(key)), one.into, one.is_hidden) for key, one in self.room.asked.items()
        }  # fmt: skip
        assert said == wanted
        stage = next((key for key, row in rows.items() if row.on_stage_at is not None), None)
        assert stage == self.room.stage
        found = queries.ledger_of(self.floor)
        assert (found.live, found.later, found.open, found.refused) == self.room.ledger()
        assert troubles_of(self.floor) == []
        votes = Vote.objects.filter(question__floor=self.floor, is_wanted=True).values_list("question_id", "voter_key")
        own = {(key, trace) for key, one in self.room.asked.items() if one.asker for trace in self.traces[one.asker]}
        assert not own & set(votes), "a vote for one's own question, under either trace"


@pytest.mark.django_db
def test_any_history_of_a_floor_is_what_the_rules_say(figure: Callable[[str], None]) -> None:
    began = time.perf_counter()
    run_state_machine_as_test(FloorBesideModel, settings=walks(12, 30))
    took = time.perf_counter() - began
    figure(f"questions, {connection.vendor}: 12 histories of 30 steps as the model has them, {took:.1f} s")


@pytest.mark.full
@pytest.mark.django_db
def test_any_of_many_long_histories_of_a_floor_is_what_the_rules_say() -> None:
    run_state_machine_as_test(FloorBesideModel, settings=walks(300, 50))


ASKS: Step = ("somebody_asks", {"person": 0, "named": False})
ANOTHER_ASKS: Step = ("somebody_asks", {"person": 1, "named": True})
VOTES: Step = ("somebody_votes", {"number": 0, "person": 2, "wanted": True})
MERGES: Step = ("moderator_merges", {"number": 0, "other": 1})
# A fault, and a short history in which it shows: chance alone may look for it for minutes.
PLANTED: dict[str, tuple[Callable[[pytest.MonkeyPatch], None], list[Step]]] = {
    "a vote that is not counted": (
        lambda plant: plant.setattr(wanting, "_count", lambda row, votes, *, at: None),
        [ASKS, VOTES],
    ),
    "votes lost with a double": (
        lambda plant: plant.setattr(merging, "_bring_votes", lambda *_all: None),
        [ASKS, ANOTHER_ASKS, VOTES, MERGES],
    ),
    "a vote that came along is gone with a case": (
        lambda plant: plant.setattr(wanting, "_vote_is_its_own", lambda *_all: None),
        [
            ASKS, ANOTHER_ASKS, MERGES, ("somebody_tells_a_case", {"number": 1, "person": 0, "named": True}),
            ("moderator_separates", {"number": 0}),
        ],
    ),
    "an answer that nobody counts": (
        lambda plant: plant.setattr(answering, "settle_answered", lambda row: None),
        [ASKS, ("somebody_answers", {"number": 0, "person": 1})],
    ),
    "shown and not let in": (
        lambda plant: plant.setattr(room, "_show", lambda row, floor, **_named: None),
        [ASKS, ("moderator_refuses", {"number": 0}), ("moderator_shows", {"number": 0})],
    ),
}  # fmt: skip


def play(history: list[Step]) -> None:
    """A history step by step beside the model. Raises AssertionError where they part."""
    floor = FloorBesideModel()
    floor.open(queue=False)
    for step, named in history:
        getattr(floor, step)(**named)
        floor.both_say_the_same()


@pytest.mark.django_db
@pytest.mark.parametrize("fault", sorted(PLANTED))
def test_history_of_a_floor_turns_red_for(fault: str, monkeypatch: pytest.MonkeyPatch) -> None:
    plant, history = PLANTED[fault]
    play(history)
    plant(monkeypatch)
    with pytest.raises(AssertionError):
        play(history)
