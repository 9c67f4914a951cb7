"""The Hallway of an event and of a community, and what one can help with."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
import time_machine
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from hallway.gathering.events.models import Event
from hallway.kit.store import QUERY_HEADER, STORE_HEADER
from hallway.people.models import PersonBlock
from hallway.sharing.questions import actions
from hallway.sharing.questions.models import HelpOffer, Question
from tests.factories import EventFactory, FloorFactory, PersonFactory, QuestionFactory, SessionFactory

from ..evening_before import Stage, make_stage, page_of, signed_in, topic

pytestmark = pytest.mark.django_db
EVENT_QUERIES = 11
COMMUNITY_QUERIES = 10


@pytest.fixture(autouse=True)
def clock(at: datetime) -> Iterator[None]:
    with time_machine.travel(at, tick=False):
        yield


@pytest.fixture
def stage(at: datetime) -> Stage:
    return make_stage(at)


def hallway_of(stage: Stage, query: str = "") -> str:
    return f"/e/{stage.floor.event.slug}/hallway/{query}"


def community_of(stage: Stage, query: str = "") -> str:
    return f"/c/{stage.floor.event.community.slug}/hallway/{query}"


def test_event_marks_what_is_being_answered_now(stage: Stage, at: datetime) -> None:
    assert "Being answered now" not in page_of(Client(), hallway_of(stage))
    Question.objects.filter(pk=stage.question.pk).update(on_stage_at=at)
    page = page_of(Client(), hallway_of(stage))
    assert '<span class="badge live">Being answered now</span>' in page
    assert "I know this" not in page


def test_event_without_questions_does_not_speak_of_answered_ones(stage: Stage) -> None:
    assert "What was asked here is answered" in page_of(Client(), hallway_of(stage))
    stage.question.delete()
    page = page_of(Client(), hallway_of(stage))
    assert ("Nothing was asked yet" in page, "What was asked here is answered" in page) == (True, False)


def test_event_shows_what_is_open_and_the_ledger_in_words(stage: Stage, at: datetime) -> None:
    answered = QuestionFactory(floor=stage.floor, text="Does it rain here?")
    actions.answer_live(question=answered, by=stage.speaker, at=at)
    later = QuestionFactory(floor=stage.floor, text="What did it cost?")
    actions.answer_question(question=later, text="Little.", language="en", by=stage.speaker, at=at)
    QuestionFactory(floor=stage.floor, state=Question.State.REFUSED, text="Refused words")
    page = page_of(Client(), hallway_of(stage))
    assert "Is there a recording?" in page
    assert "Does it rain here?" not in page
    assert "Refused words" not in page
    words = " ".join(page.split())
    assert '<span class="figure">3</span> <span>questions were asked</span>' in words
    for name in ("Answered in the room", "Answered later", "Open"):
        assert f"<dt>{name}</dt><dd>1</dd>" in words
    assert "1 more was not shown" in words
    assert "Asked is always the sum of the three." in words
    assert '<rect class="told-live" x="0.00" width="33.33"' in words
    answered_page = page_of(Client(), hallway_of(stage, "?show=answered"))
    assert "Does it rain here?" in answered_page
    assert "Is there a recording?" not in answered_page
    everything = page_of(Client(), hallway_of(stage, "?show=all"))
    assert "Does it rain here?" in everything
    assert "Is there a recording?" in everything


def test_event_is_narrowed_to_one_session(stage: Stage) -> None:
    other = FloorFactory(session=SessionFactory(event=stage.floor.event), event=stage.floor.event)
    QuestionFactory(floor=other, text="Of the other session?")
    page = page_of(Client(), hallway_of(stage, f"?session={other.session_id}"))
    assert "Of the other session?" in page
    assert "Is there a recording?" not in page
    assert "Is there a recording?" in page_of(Client(), hallway_of(stage, "?session=999999"))
    assert "Is there a recording?" in page_of(Client(), hallway_of(stage, "?session=x&show=nothing&page=99"))


@pytest.mark.parametrize("number", [1, 3])
def test_event_asks_the_same_number_of_queries(
    stage: Stage, number: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    QuestionFactory.create_batch(number - 1, floor=stage.floor)
    page_of(Client(), hallway_of(stage))
    with django_assert_num_queries(EVENT_QUERIES):
        page_of(Client(), hallway_of(stage))


def test_event_comes_in_pages(stage: Stage) -> None:
    QuestionFactory.create_batch(20, floor=stage.floor, votes=1)
    assert "Is there a recording?" not in page_of(Client(), hallway_of(stage))
    assert "Is there a recording?" in page_of(Client(), hallway_of(stage, "?page=2"))


def test_event_is_stored_with_what_makes_it_old(stage: Stage) -> None:
    response = Client().get(hallway_of(stage))
    event = stage.floor.event
    assert {f"event:{event.pk}", f"questions:event:{event.pk}", f"floor:{stage.floor.pk}"} <= set(
        response[STORE_HEADER].split()
    )
    assert response[QUERY_HEADER] == "show session page"
    assert STORE_HEADER not in signed_in(PersonFactory()).get(hallway_of(stage))


def test_empty_event_explains_and_leads_to_the_programme(at: datetime) -> None:
    event = EventFactory(slug="nothing-yet")
    page = page_of(Client(), "/e/nothing-yet/hallway/")
    assert "Nothing was asked yet" in page
    assert f"/e/{event.slug}/schedule/" in page


def test_event_with_every_question_answered_says_so(stage: Stage, at: datetime) -> None:
    actions.answer_live(question=stage.question, by=stage.speaker, at=at)
    assert "Nothing is open here: every question has an answer." in page_of(Client(), hallway_of(stage))


def test_event_nobody_answered_at_says_so(stage: Stage) -> None:
    assert "Nothing was answered yet." in page_of(Client(), hallway_of(stage, "?show=answered"))


def test_draft_has_no_hallway(stage: Stage) -> None:
    Event.objects.update(state=Event.State.DRAFT, public_at=None)
    assert Client().get(hallway_of(stage)).status_code == 404
    assert Client().get(community_of(stage)).content.decode().count("Is there a recording?") == 0


def test_blocked_asker_is_not_read_by_name(stage: Stage, at: datetime) -> None:
    person = PersonFactory()
    PersonBlock.objects.create(blocker=person, blocked=stage.asker, since=at)
    for address in (hallway_of(stage), community_of(stage)):
        assert "Is there a recording?" not in page_of(signed_in(person), address)
        assert "Is there a recording?" in page_of(Client(), address)


def test_community_shows_all_its_events_the_newest_first(stage: Stage, at: datetime) -> None:
    community = stage.floor.event.community
    newer = EventFactory(
        community=community,
        title={"en": "The evening after"},
        starts_at=at + timedelta(days=2),
        ends_at=at + timedelta(days=3),
    )
    floor = FloorFactory(session=SessionFactory(event=newer), event=newer)
    QuestionFactory(floor=floor, text="And tomorrow?")
    page = page_of(Client(), community_of(stage))
    assert page.index("The evening after") < page.index("And tomorrow?") < page.index("Rain evening")
    assert "questions were asked" in page
    assert "Nothing was answered yet." in page_of(Client(), community_of(stage, "?show=answered"))
    assert "And tomorrow?" in page_of(Client(), community_of(stage, "?show=all"))


@pytest.mark.parametrize("number", [1, 3])
def test_community_asks_the_same_number_of_queries(
    stage: Stage, number: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    QuestionFactory.create_batch(number - 1, floor=stage.floor)
    page_of(Client(), community_of(stage))
    with django_assert_num_queries(COMMUNITY_QUERIES):
        page_of(Client(), community_of(stage))


def test_community_is_stored_with_what_makes_it_old(stage: Stage) -> None:
    tags = set(Client().get(community_of(stage))[STORE_HEADER].split())
    community = stage.floor.event.community_id
    assert {f"community:{community}", f"questions:community:{community}", f"floor:{stage.floor.pk}"} <= tags


def test_empty_community_explains(at: datetime) -> None:
    event = EventFactory()
    assert "Nothing was asked yet" in page_of(Client(), f"/c/{event.community.slug}/hallway/")


def test_topics_to_help_with_are_chosen_by_name(at: datetime) -> None:
    topic("python")
    person = PersonFactory()
    client = signed_in(person)
    assert Client().get("/me/help/")["Location"].startswith("/accounts/login/")
    assert "I can help with" in page_of(client, "/me/help/")
    wrong = client.post("/me/help/", {"topics": "Python, rain dances"})
    assert "We do not know the topic" in wrong.content.decode()
    assert client.post("/me/help/", {"topics": "Python"})["Location"] == "/"
    assert [one.topic.slug for one in HelpOffer.objects.filter(person=person)] == ["python"]
    assert 'value="Python"' in page_of(client, "/me/help/")


def test_too_many_topics_are_refused_beside_the_field(at: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    topic("python")
    monkeypatch.setattr("hallway.sharing.questions.actions.offering.MOST_TOPICS", 0)
    response = signed_in(PersonFactory()).post("/me/help/", {"topics": "Python"})
    assert response.status_code == 400
    assert "Choose at most thirty topics" in response.content.decode()
