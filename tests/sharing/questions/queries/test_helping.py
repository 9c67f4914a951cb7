"""Questions somebody could answer, and what changed around what they asked and said."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from pytest_django import DjangoAssertNumQueries

from hallway.people.models import Person, PersonBlock
from hallway.sharing.questions import actions, queries
from hallway.sharing.questions.models import Floor, Mark
from tests.factories import (
    PersonFactory,
    QuestionFactory,
    RegistrationFactory,
    SpeakingFactory,
    TalkFactory,
    TeamRoleFactory,
)

from ..evening_before import Stage, make_stage, topic

pytestmark = pytest.mark.django_db


@pytest.fixture
def stage(at: datetime) -> Stage:
    """The talk is about radio."""
    made = make_stage(at)
    talk = made.floor.session.talk
    assert talk is not None
    talk.topics.add(topic())
    return made


def proposed(person: Person, at: datetime) -> list[tuple[str, str]]:
    found = queries.questions_to_answer(person, at, most=4)
    return [(one.question.text, one.reason) for one in found]


def test_somebody_who_gave_a_talk_on_it_could_answer(stage: Stage, at: datetime) -> None:
    other = TalkFactory()
    other.topics.add(topic())
    person = SpeakingFactory(talk=other).person
    assert proposed(person, at) == [("Is there a recording?", "Because you gave a talk on Radio.")]


def test_who_answered_on_it_before_could_answer(stage: Stage, at: datetime) -> None:
    person = PersonFactory()
    before = QuestionFactory(floor=stage.floor)
    actions.answer_question(question=before, text="Yes.", language="en", by=person, at=at)
    assert proposed(person, at) == [("Is there a recording?", "Because you answered a question on Radio.")]


def test_who_offers_to_help_with_the_topic_of_the_event_could_answer(stage: Stage, at: datetime) -> None:
    person = PersonFactory()
    stage.floor.event.topics.add(topic("rain"))
    actions.offer_help(topics=[topic("rain")], by=person, at=at)
    assert proposed(person, at) == [("Is there a recording?", "Because you can help with Rain.")]
    actions.offer_help(topics=[topic("rain"), topic()], by=person, at=at)
    assert len(proposed(person, at)) == 1, "once, whatever it matches by"


def test_strongest_reason_is_said(stage: Stage, at: datetime) -> None:
    other = TalkFactory()
    other.topics.add(topic())
    person = SpeakingFactory(talk=other).person
    actions.offer_help(topics=[topic()], by=person, at=at)
    assert proposed(person, at)[0][1] == "Because you gave a talk on Radio."


def test_most_wanted_come_first_and_no_more_than_asked_for(stage: Stage, at: datetime) -> None:
    person = PersonFactory()
    actions.offer_help(topics=[topic()], by=person, at=at)
    for number in range(5):
        QuestionFactory(floor=stage.floor, text=f"Wanted {number}", votes=number)
    assert [text for text, _reason in proposed(person, at)] == ["Wanted 4", "Wanted 3", "Wanted 2", "Wanted 1"]


def helper(at: datetime) -> Person:
    person: Person = PersonFactory()
    actions.offer_help(topics=[topic()], by=person, at=at)
    return person


def test_never_ones_own_questions_and_talks(stage: Stage, at: datetime) -> None:
    for person in (stage.asker, stage.speaker):
        actions.offer_help(topics=[topic()], by=person, at=at)
        assert proposed(person, at) == []
    person = helper(at)
    assert proposed(person, at)
    actions.ask_question(floor=stage.floor, text="Unnamed by me", language="en", by=person, at=at)
    assert [text for text, _reason in proposed(person, at)] == ["Is there a recording?"]


def test_never_of_somebody_blocked(stage: Stage, at: datetime) -> None:
    person = helper(at)
    PersonBlock.objects.create(blocker=stage.asker, blocked=person, since=at)
    assert proposed(person, at) == []


def test_only_what_is_open_on_floors_still_open(stage: Stage, at: datetime) -> None:
    person = helper(at)
    assert proposed(person, at + timedelta(days=40)) == []
    Floor.objects.update(paused_at=at)
    assert proposed(person, at) == []
    Floor.objects.update(paused_at=None)
    actions.answer_live(question=stage.question, by=stage.speaker, at=at)
    assert proposed(person, at) == []


def test_only_where_somebody_may_answer(stage: Stage, at: datetime) -> None:
    event = stage.floor.event
    RegistrationFactory(admission__event=event)
    assert proposed(helper(at), at) == [], "they do not take part"
    goes = helper(at)
    RegistrationFactory(admission=event.admissions.get(), person=goes)
    runs = helper(at)
    TeamRoleFactory(community=event.community, person=runs)
    for person in (goes, runs):
        assert len(proposed(person, at)) == 1
        assert queries.floors_to_answer(person).filter(pk=stage.floor.pk).exists()


def test_nothing_is_proposed_to_somebody_of_whom_nothing_is_known(stage: Stage, at: datetime) -> None:
    assert proposed(PersonFactory(), at) == []


@pytest.mark.parametrize("number", [1, 3])
def test_proposing_asks_the_same_number_of_queries(
    stage: Stage, at: datetime, number: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    person = helper(at)
    QuestionFactory.create_batch(number, floor=stage.floor)
    with django_assert_num_queries(7):
        proposed(person, at)


def news(person: Person, at: datetime) -> list[str]:
    return [one.sentence for one in queries.news_for(person, at - timedelta(days=30))]


def test_asker_and_followers_read_of_an_answer_its_writer_does_not(stage: Stage, at: datetime) -> None:
    follower = PersonFactory()
    actions.follow_question(question=stage.question, language="en", by=follower, at=at)
    answer = actions.answer_question(question=stage.question, text="Yes.", language="en", by=stage.speaker, at=at)
    found = queries.news_for(stage.asker, at - timedelta(days=1))
    assert [one.sentence for one in found] == ["Peter Odongo answered your question: Is there a recording?"]
    assert found[0].address == f"{stage.question.address}#answer-{answer.pk}"
    assert news(follower, at) == ["Peter Odongo answered a question you follow: Is there a recording?"]
    assert "Peter Odongo answered" not in " ".join(news(stage.speaker, at))
    assert queries.news_for(stage.asker, at) == [], "not what is older than the last look"


def test_asker_reads_that_it_was_answered_in_the_room(stage: Stage, at: datetime) -> None:
    actions.answer_live(question=stage.question, by=stage.speaker, at=at)
    assert news(stage.asker, at) == ["Your question was answered in the room: Is there a recording?"]


def test_speaker_reads_of_questions_a_line_a_session(stage: Stage, at: datetime) -> None:
    QuestionFactory(floor=stage.floor)
    actions.ask_question(floor=stage.floor, text="By the speaker", language="en", by=stage.speaker, at=at)
    found = queries.news_for(stage.speaker, at - timedelta(days=30))
    assert [one.sentence for one in found] == ["2 new questions on your talk: Measuring rain with radio"]
    assert found[0].address == stage.floor.address


def test_writer_reads_whom_their_answer_helped(stage: Stage, at: datetime) -> None:
    answer = actions.answer_question(question=stage.question, text="Yes.", language="en", by=stage.speaker, at=at)
    actions.mark_answer(answer=answer, kind=Mark.Kind.TRIED, by=PersonFactory(), at=at)
    assert not any("helped" in one for one in news(stage.speaker, at))
    for _number in range(2):
        actions.mark_answer(answer=answer, kind=Mark.Kind.HELPED, by=PersonFactory(), at=at)
    assert "Your answer helped 2 people: Is there a recording?" in news(stage.speaker, at)


@pytest.mark.parametrize("number", [1, 3])
def test_news_ask_the_same_number_of_queries(
    stage: Stage, at: datetime, number: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for _number in range(number):
        question = QuestionFactory(floor=stage.floor, by=stage.asker)
        actions.answer_question(question=question, text="Yes.", language="en", by=stage.speaker, at=at)
    with django_assert_num_queries(8):
        assert len(news(stage.asker, at)) == number
