"""What a page shows of a floor: everything in one query, and for a reader without whom they blocked."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from hallway.kit.models import FactRow, FactScope
from hallway.kit.visitors import new_visitor
from hallway.people.actions import block_person
from hallway.programme.schedule.models import Session
from hallway.sharing.questions import actions, queries
from hallway.sharing.questions.models import Floor
from hallway.sharing.questions.policies import QUESTIONS
from hallway.vocabulary.models import Topic
from tests.factories import AnswerFactory, PersonFactory, QuestionFactory, SessionFactory, TalkFactory

from ..views.room import floor_of

pytestmark = pytest.mark.django_db
DjangoAssertNumQueries = Callable[[int], Any]
MONTH = timedelta(days=30)


def shown(floor: Floor, at: datetime, reader: Any = None, **how: Any) -> queries.FloorShown:
    found = queries.floor_shown(floor.session, reader, at, **how)
    assert found is not None
    return found


@pytest.mark.parametrize("number", [0, 1, 3])
def test_page_of_a_floor_is_one_query(
    number: int, at: datetime, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    floor = floor_of()
    for question in QuestionFactory.create_batch(number, floor=floor):
        AnswerFactory.create_batch(2, question=question)
    shown(floor, at)
    with django_assert_num_queries(1):
        found = shown(floor, at)
    assert [one.answers for one in found.questions] == [2] * number
    assert found.ledger.asked == number


def test_rows_are_as_the_database_has_them(at: datetime) -> None:
    floor = floor_of(queue=True, paused_at=at, open_days=12)
    question = QuestionFactory(floor=floor, on_stage_at=at, said="Yes", said_language="en", votes=4)
    found = shown(floor, at)
    for name in ("code", "starts_at", "ends_at", "queue", "order", "open_days", "paused_at", "reopened_until"):
        assert getattr(found.floor, name) == getattr(floor, name)
    one = found.questions[0]
    for name in ("text", "language", "asker_id", "name", "state", "votes", "asked_at", "on_stage_at", "said"):
        assert getattr(one.question, name) == getattr(question, name)
    assert one.on_stage
    assert one.standing.state == "open", "apart from being spoken of just now"


def test_newest_is_the_last_fact_its_listeners_heard_of(at: datetime) -> None:
    floor, other = floor_of(), QuestionFactory(floor=floor_of())
    assert shown(floor, at).newest == 0
    question = actions.ask_question(floor=floor, text="How?", language="en", by=new_visitor(), at=at)
    actions.vote_for(question=question, by=new_visitor(), at=at)
    actions.vote_for(question=other, by=new_visitor(), at=at)
    heard = FactScope.objects.filter(key=f"floor:{floor.pk}").order_by("-fact_id").values_list("fact_id", flat=True)
    assert shown(floor, at).newest == heard[0] < FactRow.objects.order_by("-pk")[0].pk


def test_break_and_session_without_floor_show_nothing(at: datetime) -> None:
    assert queries.floor_shown(SessionFactory(), None, at) is None
    floor = floor_of()
    floor.session.kind = Session.Kind.BREAK
    assert queries.floor_shown(floor.session, None, at) is None


def test_accepted_answer_stands_first_then_the_speakers(at: datetime) -> None:
    question = QuestionFactory(floor=floor_of())
    AnswerFactory(question=question, text="First")
    speakers = AnswerFactory(question=question, text="The speaker’s", by_speaker=True)
    AnswerFactory(question=question, text="Gone", withdrawn_at=at)
    found = shown(question.floor, at).questions[0]
    assert found.first is not None
    assert (found.first.text, found.first.by_speaker, found.answers, found.more_answers) == (
        "The speaker’s",
        True,
        2,
        1,
    )
    accepted = AnswerFactory(question=question, text="Another way", kind="another_way")
    question.accepted = accepted
    question.save()
    found = queries.question_shown(question, None, at)
    assert found.first is not None
    assert (found.first.text, found.first.is_accepted, found.first.is_another_way) == ("Another way", True, True)
    assert found.first.author == accepted.author
    assert speakers.pk != found.first.id


def test_words_of_whom_the_reader_blocked_are_left_out(at: datetime) -> None:
    floor, reader, blocked = floor_of(), PersonFactory(), PersonFactory(name="Blocked")
    theirs = QuestionFactory(floor=floor, by=blocked, text="Theirs")
    other = QuestionFactory(floor=floor, text="Another’s")
    AnswerFactory(question=other, author=blocked, text="Their answer")
    actions.tell_case(question=other, text="Their case", language="en", named=True, by=blocked, at=at)
    actions.tell_case(question=other, text="Unnamed case", language="en", by=PersonFactory(), at=at)
    block_person(person=blocked, by=reader, at=at)
    found = shown(floor, at, reader)
    assert [one.question.pk for one in found.questions] == [other.pk]
    assert (found.questions[0].answers, found.questions[0].first) == (0, None)
    assert [case.text for case in found.questions[0].cases] == ["Unnamed case"]
    alone = queries.question_shown(other, reader, at)
    assert (alone.answers, [case.text for case in alone.cases]) == (0, ["Unnamed case"])
    assert len(shown(floor, at).questions) == 2
    assert theirs.asker == blocked


def test_list_folds_a_few_cases_and_counts_them_all(at: datetime) -> None:
    question = QuestionFactory(floor=floor_of())
    for number in range(7):
        actions.tell_case(question=question, text=f"Case {number}", language="en", by=PersonFactory(), at=at)
    found = shown(question.floor, at).questions[0]
    assert (len(found.folded), len(found.cases)) == (5, 7)


def test_ledger_counts_what_is_held_back_beside_the_others(at: datetime) -> None:
    floor = floor_of()
    QuestionFactory(floor=floor, answered_live_at=at)
    QuestionFactory(floor=floor, answered_later_at=at)
    QuestionFactory(floor=floor)
    QuestionFactory(floor=floor, state="refused")
    QuestionFactory(floor=floor, state="held")
    QuestionFactory(floor=floor, hidden_at=at)
    assert shown(floor, at).ledger == queries.Ledger(live=1, later=1, open=1, refused=2) == queries.ledger_of(floor)


def test_same_talk_elsewhere_shows_what_is_still_open(at: datetime) -> None:
    talk = TalkFactory()
    before = floor_of(talk, starts_at=at - 2 * MONTH, ends_at=at - 2 * MONTH + timedelta(hours=1))
    first = QuestionFactory(floor=before, text="Still open", votes=2)
    second = QuestionFactory(floor=before, text="Most wanted", votes=9)
    QuestionFactory(floor=before, text="Answered", answered_live_at=at - MONTH)
    QuestionFactory(floor=before, text="Left", erased_at=at)
    planned = floor_of(talk, starts_at=at + MONTH, ends_at=at + MONTH)
    QuestionFactory(floor=planned, text="Not over yet")
    found = shown(floor_of(talk), at)
    assert [one.id for one in found.of_talk] == [second.pk, first.pk]
    assert (found.of_topic, found.of_talk[0].code) == ([], before.code)
    assert found.of_talk[0].event_title == before.event.title
    assert {f"floor:{before.pk}", f"questions:talk:{talk.pk}"} <= found.tags


def test_later_talk_on_the_topic_shows_three_at_most(at: datetime) -> None:
    topic = Topic.objects.first() or Topic.objects.create(slug="testing", name_en="Testing", name_fr="Tests")
    talks = TalkFactory.create_batch(3)
    for talk in talks[:2]:
        talk.topics.add(topic)
    before = floor_of(talks[0], starts_at=at - MONTH, ends_at=at - MONTH)
    QuestionFactory.create_batch(5, floor=before)
    unrelated = floor_of(talks[2], starts_at=at - MONTH, ends_at=at - MONTH)
    QuestionFactory(floor=unrelated)
    found = shown(floor_of(talks[1]), at)
    assert len(found.of_topic) == 3
    assert {one.code for one in found.of_topic} == {before.code}
    assert found.of_topic[0].talk_title == talks[0].title
    later = floor_of(talks[1], starts_at=at - 2 * MONTH, ends_at=at - 2 * MONTH)
    assert shown(later, at).of_topic == [], "it was before"
    hidden = before.session
    hidden.hidden_at = at
    hidden.save()
    assert shown(floor_of(talks[1]), at).of_topic == []


def test_session_page_shows_the_most_wanted_and_how_many_there_are(at: datetime) -> None:
    floor = floor_of()
    QuestionFactory.create_batch(queries.ON_SESSION_PAGE + 1, floor=floor)
    found = shown(floor, at, most=queries.ON_SESSION_PAGE)
    assert (len(found.questions), found.total) == (queries.ON_SESSION_PAGE, queries.ON_SESSION_PAGE + 1)


def test_what_is_spoken_of_stands_first(at: datetime) -> None:
    floor = floor_of()
    QuestionFactory(floor=floor, votes=9)
    spoken = QuestionFactory(floor=floor)
    actions.take_question(question=spoken, by=QUESTIONS, at=at)
    assert shown(floor, at).questions[0].question.pk == spoken.pk
