"""What listeners of a floor hear, and what nobody hears."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

import pytest
from django.db import connection
from django.test import TestCase
from django.test.utils import CaptureQueriesContext

from hallway.kit import live
from hallway.kit.facts import announce
from hallway.kit.live import Told
from hallway.kit.visitors import new_visitor
from hallway.sharing.questions import actions
from hallway.sharing.questions.facts import QuestionEdited
from hallway.sharing.questions.models import Question
from hallway.sharing.questions.policies import QUESTIONS
from tests.factories import AnswerFactory, PersonFactory, QuestionFactory, TeamRoleFactory

from .views.room import floor_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("on_the_day")]
Heard = list[tuple[str, Told]]


@pytest.fixture
def heard(monkeypatch: pytest.MonkeyPatch) -> Iterator[Heard]:
    """Whatever was sent, with its channel."""
    sent: Heard = []
    before, again = list(live._publisher), list(live._again)
    live.use(lambda channel, told: sent.append((channel, told)))
    yield sent
    live._publisher[:], live._again[:] = before, again


def do(heard: Heard, act: Callable[[], Any], channel: str = "") -> Any:
    """Do something, commit, and return what the channel heard last (of all channels when none is named)."""
    heard.clear()
    with TestCase.captureOnCommitCallbacks(execute=True):
        act()
    found = [told for name, told in heard if not channel or name == channel]
    return json.loads(found[-1].data) if found else None


def test_new_question_is_heard_in_every_language_with_the_ledger(heard: Heard, at: datetime) -> None:
    floor = floor_of()
    channel = f"public/floor:{floor.pk}"
    said = do(
        heard,
        lambda: actions.ask_question(floor=floor, text="How?", language="en", by=new_visitor(), at=at),
        channel,
    )
    question = Question.objects.get()
    assert (said["id"], said["votes"], said["state"]) == (question.pk, 0, "open")
    assert "Asked without a name" in said["html"]["en"]
    assert "Posée sans nom" in said["html"]["fr"]
    assert (said["words"]["fr"]["asked"], "ledger" in said) == ("1 question", False)
    assert [told.author for name, told in heard if name == channel] == [None]


def test_unnamed_asker_is_nowhere_in_what_is_sent(heard: Heard, at: datetime) -> None:
    floor, person = floor_of(), PersonFactory(name="Zebra Quagga")
    do(heard, lambda: actions.ask_question(floor=floor, text="How?", language="en", place="remote", by=person, at=at))
    question = Question.objects.get()
    everything = " ".join(f"{name} {told}" for name, told in heard)
    for secret in ("Zebra", person.slug, question.asker_key, "remote", "elsewhere", "first_time"):
        assert secret not in everything
    assert {told.author for _name, told in heard} == {None}


def test_named_question_carries_its_author_for_those_who_blocked_them(heard: Heard, at: datetime) -> None:
    floor, person = floor_of(), PersonFactory(name="Joseph Kato")
    do(heard, lambda: actions.ask_question(floor=floor, text="How?", language="en", named=True, by=person, at=at))
    assert {told.author for _name, told in heard} == {person.pk}
    assert "Joseph Kato" in heard[0][1].data


def test_held_question_is_for_moderators_alone_until_it_is_let_in(heard: Heard, at: datetime) -> None:
    floor, by = floor_of(queue=True), new_visitor()
    said = do(
        heard, lambda: actions.ask_question(floor=floor, text="May I?", language="en", by=by, at=at), f"room:{floor.pk}"
    )
    assert (said["text"], said["state"]) == ("May I?", "held")
    knock = f"public/room:{floor.pk}"  # to those who came by a link
    assert {name: told.data for name, told in heard if name != f"room:{floor.pk}"} == {knock: '{"waits": true}'}
    question = Question.objects.get()
    said = do(heard, lambda: actions.withdraw_question(question=question, by=by, at=at), f"room:{floor.pk}")
    assert said == {"gone": [question.pk]}
    assert {name: told.data for name, told in heard if name != f"room:{floor.pk}"} == {knock: '{"waits": true}'}
    do(heard, lambda: actions.ask_question(floor=floor, text="And I?", language="en", by=by, at=at))
    other = Question.objects.get(state="held")
    said = do(heard, lambda: actions.let_question_in(question=other, by=QUESTIONS, at=at), f"public/floor:{floor.pk}")
    assert "And I?" in said["html"]["en"]


def test_room_admits_its_moderators_and_nobody_else() -> None:
    floor = floor_of()
    speaker, stranger = floor.session.talk.speakers.get(), PersonFactory()
    helper = TeamRoleFactory(community=floor.event.community, role="helper").person
    channel = f"room:{floor.pk}"
    asked = [(channel, one) for one in (speaker.pk, helper.pk, stranger.pk, None)]
    assert [found is not None for found in live.admit(asked)] == [True, True, False, False]
    assert live.admit([("room:0", speaker.pk), ("room:x", speaker.pk)]) == [None, None]


def test_votes_are_told_as_the_newest_count(heard: Heard, at: datetime) -> None:
    question = QuestionFactory(floor=floor_of())
    said = do(heard, lambda: actions.vote_for(question=question, by=new_visitor(), at=at))
    assert said == {"id": question.pk, "votes": 1}
    assert heard[0][1].key, "many votes within a moment are one message"


def test_question_that_is_gone_is_told_as_gone(heard: Heard, at: datetime) -> None:
    question = QuestionFactory(floor=floor_of())
    channel = f"public/floor:{question.floor_id}"
    said = do(
        heard, lambda: actions.refuse_question(question=question, reason="Off topic", by=QUESTIONS, at=at), channel
    )
    assert said["gone"] == [question.pk]
    assert "1 not shown" in said["words"]["en"]["ledger"]
    assert "Off topic" not in json.dumps(said)


def test_merged_question_leads_to_the_other(heard: Heard, at: datetime) -> None:
    floor = floor_of()
    double, stays = QuestionFactory(floor=floor), QuestionFactory(floor=floor)
    said = do(
        heard, lambda: actions.merge_question(question=double, into=stays, by=QUESTIONS, at=at),
        f"public/floor:{floor.pk}",
    )  # fmt: skip
    assert (said["gone"], said["id"], said["votes"]) == ([double.pk], stays.pk, 1)
    said = do(
        heard, lambda: actions.separate_question(question=double, by=QUESTIONS, at=at), f"public/floor:{floor.pk}"
    )
    assert (said["back"], said["id"], said["votes"]) == (double.pk, stays.pk, 0)


def test_stage_and_answers_in_the_room_are_heard(heard: Heard, at: datetime) -> None:
    question = QuestionFactory(floor=floor_of())
    channel = f"public/floor:{question.floor_id}"
    said = do(heard, lambda: actions.take_question(question=question, by=QUESTIONS, at=at), channel)
    assert said["stage"] == question.pk
    assert "on-stage" in said["html"]["en"]
    said = do(heard, lambda: actions.leave_question(question=question, by=QUESTIONS, at=at), channel)
    assert said == {"stage": 0}
    said = do(
        heard,
        lambda: actions.answer_live(question=question, summary="With a flag", language="en", by=QUESTIONS, at=at),
        channel,
    )
    assert said["state"] == "live"
    assert "With a flag" in said["html"]["fr"]


def test_answers_and_cases_of_people_are_looked_at_and_not_sent(heard: Heard, at: datetime) -> None:
    question = QuestionFactory(floor=floor_of())
    channel = f"public/floor:{question.floor_id}"
    person = PersonFactory()
    said = do(
        heard,
        lambda: actions.tell_case(question=question, text="Here too", language="en", named=True, by=person, at=at),
        f"{channel}",
    )
    told = [json.loads(one.data) for name, one in heard if name == channel and "look" in one.data]
    assert told[0]["look"] is True
    assert "Here too" not in json.dumps(told)
    assert said is not None
    speaker = question.floor.session.talk.speakers.get()
    said = do(
        heard,
        lambda: actions.answer_question(question=question, text="It does.", language="en", by=speaker, at=at),
        channel,
    )
    assert (said["look"], said["state"]) == (True, "later")
    assert "It does." not in json.dumps(said)


def test_marks_on_which_no_page_waits_are_not_told(heard: Heard, at: datetime) -> None:
    answer = AnswerFactory(question=QuestionFactory(floor=floor_of()))
    do(heard, lambda: actions.mark_answer(answer=answer, kind="helped", by=new_visitor(), at=at))
    assert heard == []


def test_many_facts_about_a_question_are_caught_up_with_by_looking_it_up_once(
    at: datetime, django_assert_num_queries: Callable[[int], CaptureQueriesContext]
) -> None:
    question = QuestionFactory(floor=floor_of())
    asked = [(f"public/floor:{question.floor_id}", 0, frozenset[int]())]

    def edit() -> None:
        announce(QuestionEdited(question_id=question.pk, floor_id=question.floor_id, held=False), by=QUESTIONS, at=at)

    edit()
    live.missed(asked)
    with CaptureQueriesContext(connection) as one:
        live.missed(asked)
    for _time in range(4):
        edit()
    with django_assert_num_queries(len(one)):
        _newest, [(events, _ends_at)] = live.missed(asked)
    assert len(events) == 5


def test_floor_that_is_paused_says_so(heard: Heard, at: datetime) -> None:
    floor = floor_of()
    channel = f"public/floor:{floor.pk}"
    said = do(heard, lambda: actions.change_floor(floor=floor, changes={"paused": True}, by=QUESTIONS, at=at), channel)
    assert said == {"floor": {"open": False, "order": "votes"}}


def test_question_of_a_session_that_was_hidden_is_gone(heard: Heard, at: datetime) -> None:
    floor = floor_of()
    floor.session.hidden_at = at
    floor.session.save()
    question = QuestionFactory(floor=floor)
    said = do(
        heard, lambda: actions.refuse_question(question=question, reason="x", by=QUESTIONS, at=at),
        f"public/floor:{floor.pk}",
    )  # fmt: skip
    assert "html" not in said
