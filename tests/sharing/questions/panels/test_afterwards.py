"""What stays open, on pages of sessions, talks, events and communities."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
import time_machine
from django.test import Client

from hallway.gathering.events.models import Event
from hallway.kit import remembered
from hallway.kit.store import STORE_HEADER
from hallway.programme.schedule.models import Session
from hallway.programme.talks.models import Talk
from hallway.sharing.questions import actions
from tests.factories import FloorFactory, PersonFactory, QuestionFactory, SessionFactory, SlotFactory, TeamRoleFactory

from ..evening_before import Stage, make_stage, page_of, signed_in, topic

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def clock(at: datetime) -> Iterator[None]:
    with time_machine.travel(at, tick=False):
        yield


@pytest.fixture
def stage(at: datetime) -> Stage:
    return make_stage(at)


def session_page(stage: Stage, session: Session | None = None) -> str:
    one = session or stage.floor.session
    return f"/e/{one.event.slug}/sessions/{one.pk}-{one.slug}/"


def again(stage: Stage, at: datetime) -> Stage:
    """The same talk, given elsewhere in two months: its floor is not open yet."""
    session = SessionFactory(talk=stage.floor.session.talk)
    SlotFactory(session=session)
    begins = at + timedelta(days=60)
    floor = FloorFactory(session=session, event=session.event, starts_at=begins, ends_at=begins + timedelta(hours=1))
    return Stage(floor, stage.speaker, stage.asker, stage.question)


def test_same_talk_elsewhere_shows_what_is_still_open(stage: Stage, at: datetime) -> None:
    actions.answer_live(question=QuestionFactory(floor=stage.floor, text="Answered"), by=stage.speaker, at=at)
    elsewhere = again(stage, at)
    page = page_of(Client(), session_page(elsewhere))
    assert "Still open from other times this talk was given" in page
    assert f'href="{stage.question.address}"' in page
    assert "Answered</a>" not in page
    tags = Client().get(session_page(elsewhere))[STORE_HEADER].split()
    assert f"floor:{stage.floor.pk}" in tags
    assert f"questions:talk:{stage.floor.session.talk_id}" in tags


def test_later_talk_on_the_topic_shows_open_questions_of_the_other(stage: Stage, at: datetime) -> None:
    for talk in Talk.objects.all():
        talk.topics.add(topic())
    session = SessionFactory()
    assert session.talk is not None
    SlotFactory(session=session)
    FloorFactory(session=session, event=session.event)
    assert "Open questions on the same topics" not in page_of(Client(), session_page(stage, session))
    session.talk.topics.add(topic())
    remembered.forget()
    page = page_of(Client(), session_page(stage, session))
    assert "Open questions on the same topics" in page
    assert f'href="{stage.question.address}"' in page


def test_talk_page_keeps_the_whole_history(stage: Stage, at: datetime) -> None:
    elsewhere = again(stage, at)
    answered = QuestionFactory(floor=elsewhere.floor, text="Asked the second time")
    actions.answer_question(question=answered, text="Yes.", language="en", by=stage.speaker, at=at)
    QuestionFactory(floor=elsewhere.floor, text="Open the second time")
    page = page_of(Client(), f"/talks/{stage.floor.session.talk_id}/")
    heading = page.index("What was asked, each time it was given")
    said = ("Open the second time", "Asked the second time", "Is there a recording?")
    order = [page.index(words, heading) for words in said]
    assert order == sorted(order)
    assert "1 question: 0 answered in the room, 0 later, 1 open." in page
    assert "2 questions: 0 answered in the room, 1 later, 1 open." in page


def test_event_and_community_have_the_door(stage: Stage) -> None:
    event = stage.floor.event
    assert f'href="/e/{event.slug}/hallway/"' in page_of(Client(), f"/e/{event.slug}/")
    page = page_of(Client(), f"/c/{event.community.slug}/")
    assert f'href="/c/{event.community.slug}/hallway/"' in page
    assert "The hallway is still open" in page
    assert "Is there a recording?" in page


def test_draft_has_no_door(stage: Stage) -> None:
    event = stage.floor.event
    Event.objects.filter(pk=event.pk).update(state=Event.State.DRAFT, public_at=None)
    organiser = TeamRoleFactory(community=event.community).person
    assert "/hallway/" not in page_of(signed_in(organiser), f"/e/{event.slug}/")


def test_own_page_leads_to_what_one_can_help_with() -> None:
    assert 'href="/me/help/"' in page_of(signed_in(PersonFactory()), "/me/")
