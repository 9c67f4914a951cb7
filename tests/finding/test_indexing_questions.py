"""Questions and answers are found by search while they are shown."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.test import Client

from hallway.finding import queries
from hallway.finding.models import SearchEntry
from hallway.gathering.events.actions import edit_event
from hallway.kit import sweeps
from hallway.kit.actors import SystemPerson
from hallway.kit.models import Delivery
from hallway.people.actions import leave_hallway
from hallway.people.models import Person, PersonBlock
from hallway.sharing.questions import actions
from hallway.sharing.questions.models import Question
from tests.factories import PersonFactory
from tests.sharing.questions.evening_before import Stage, make_stage

pytestmark = pytest.mark.django_db


@pytest.fixture
def stage(at: datetime) -> Stage:
    made = make_stage(at)
    Question.objects.all().delete()
    made.question = actions.ask_question(
        floor=made.floor, text="Where is the Zambezi gauge?", language="en", named=True, by=made.asker, at=at
    )
    sweeps.deliver_facts()
    return made


def found(words: str, reader: Person | None = None) -> list[int]:
    return [one.object_id for one in queries.matching(words, reader).filter(kind=SearchEntry.Kind.QUESTION)]


def test_question_is_found_and_says_where_it_is_from(stage: Stage) -> None:
    page = Client().get("/search?q=zambezi+gauge").content.decode()
    assert f'href="{stage.question.address}"' in page
    assert "Measuring rain with radio · Rain evening" in page
    assert ">Questions <" in page


def test_it_is_found_by_what_was_answered_as_long_as_that_stands(stage: Stage, at: datetime) -> None:
    answer = actions.answer_question(
        question=stage.question, text="Below the *Kariba* wall.", language="en", by=stage.speaker, at=at
    )
    sweeps.deliver_facts()
    assert found("kariba") == [stage.question.pk]
    actions.edit_answer(answer=answer, text="Above the falls.", by=stage.speaker, at=at)
    sweeps.deliver_facts()
    assert (found("kariba"), found("falls")) == ([], [stage.question.pk])
    actions.withdraw_answer(answer=answer, by=stage.speaker, at=at)
    sweeps.deliver_facts()
    assert found("falls") == []


def test_it_is_found_by_what_was_said_in_the_room(stage: Stage, at: datetime) -> None:
    actions.answer_live(question=stage.question, summary="Near Livingstone.", by=stage.speaker, at=at)
    sweeps.deliver_facts()
    assert found("livingstone") == [stage.question.pk]


def test_it_is_found_no_more_once_it_is_not_shown(stage: Stage, at: datetime) -> None:
    actions.refuse_question(question=stage.question, reason="Off the point", by=stage.speaker, at=at)
    sweeps.deliver_facts()
    assert found("zambezi") == []
    actions.let_question_in(question=stage.question, by=stage.speaker, at=at)
    sweeps.deliver_facts()
    assert found("zambezi") == [stage.question.pk]
    actions.withdraw_question(question=stage.question, by=stage.asker, at=at + timedelta(minutes=1))
    sweeps.deliver_facts()
    assert found("zambezi") == []


def test_question_that_waits_is_not_found(stage: Stage, at: datetime) -> None:
    actions.change_floor(floor=stage.floor, changes={"queue": True}, by=stage.speaker, at=at)
    held = actions.ask_question(floor=stage.floor, text="Held Limpopo", language="en", by=PersonFactory(), at=at)
    sweeps.deliver_facts()
    assert held.state == "held"
    assert found("limpopo") == []


def test_text_of_somebody_who_left_is_gone_from_the_index(stage: Stage, at: datetime) -> None:
    writer = PersonFactory()
    actions.answer_question(question=stage.question, text="Ask at Kazungula.", language="en", by=writer, at=at)
    sweeps.deliver_facts()
    leave_hallway(person=writer, by=writer, at=at + timedelta(hours=1))
    sweeps.deliver_facts()
    assert (found("kazungula"), found("zambezi")) == ([], [stage.question.pk])
    leave_hallway(person=stage.asker, by=stage.asker, at=at + timedelta(hours=2))
    sweeps.deliver_facts()
    assert found("zambezi") == []


def test_blocked_people_do_not_find_each_others_questions(stage: Stage, at: datetime) -> None:
    person = PersonFactory()
    PersonBlock.objects.create(blocker=person, blocked=stage.asker, since=at)
    assert found("zambezi", person) == []
    assert found("zambezi", PersonFactory()) == [stage.question.pk]


def test_question_follows_the_title_of_its_event(stage: Stage, at: datetime) -> None:
    edit_event(event=stage.floor.event, changes={"title": {"en": "Flood night"}}, by=SystemPerson("tests"), at=at)
    sweeps.deliver_facts()
    entry = SearchEntry.objects.get(kind=SearchEntry.Kind.QUESTION)
    assert entry.detail["en"] == "Measuring rain with radio · Flood night"


def test_what_happens_on_a_floor_makes_no_event_and_no_talk_old(stage: Stage, at: datetime) -> None:
    Delivery.objects.all().delete()
    actions.vote_for(question=stage.question, by=PersonFactory(), at=at)
    actions.change_floor(floor=stage.floor, changes={"order": "time"}, by=stage.speaker, at=at)
    assert not Delivery.objects.filter(receiver__contains="finding").exists()
