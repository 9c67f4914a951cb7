"""Answers, what others say of them, and what the ledger says of an evening with twelve questions."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from hallway.gathering.events.actions import mute_at_event
from hallway.kit.actors import Actor
from hallway.kit.models import FactRow
from hallway.kit.visitors import new_visitor
from hallway.notices.models import OutboxMail
from hallway.people.models import Person
from hallway.sharing.questions import actions, queries
from hallway.sharing.questions.actions.answering import MOST_TAPS
from hallway.sharing.questions.models import Answer, Mark, Question
from hallway.sharing.questions.policies import QUESTIONS
from hallway.sharing.questions.tokens import UNNAMED, traces_of
from tests.factories import (
    AnswerFactory,
    FloorFactory,
    PersonFactory,
    QuestionFactory,
    RegistrationFactory,
    SessionFactory,
    SpeakingFactory,
    TalkFactory,
)
from tests.sharing.questions.scene import a_scene, now_of, refusal

pytestmark = pytest.mark.django_db


def test_ledger_keeps_what_was_asked_through_the_session_and_after(at: datetime) -> None:
    talk = TalkFactory()
    speaker = SpeakingFactory(talk=talk).person
    floor = FloorFactory(starts_at=at - timedelta(minutes=30), ends_at=at + timedelta(minutes=30))
    floor.session.talk = talk
    floor.session.save()
    asked = [
        actions.ask_question(
            floor=floor, text=f"Question {number} of the evening", language="en", named=number % 2 == 0,
            tell=True, by=PersonFactory(), at=at,
        )
        for number in range(12)
    ]  # fmt: skip
    for question in asked[:3]:
        actions.take_question(question=question, by=speaker, at=at)
        actions.answer_live(question=question, summary="Yes, with a flag.", language="en", by=speaker, at=at)
    later = at + timedelta(days=2)
    late = actions.ask_question(
        floor=floor, text="Et sous Windows ?", language="fr", place="room", tell=True, by=PersonFactory(), at=later
    )
    assert late.place == "later"
    assert queries.ledger_of(floor) == queries.Ledger(live=3, later=0, open=10)
    for question in [*asked[3:6], late]:
        actions.answer_question(question=question, text="It works like this.", language="en", by=speaker, at=later)
    another = actions.answer_question(
        question=asked[3], text="We do it without.", language="en", kind=Answer.Kind.ANOTHER_WAY, by=PersonFactory(),
        at=later,
    )  # fmt: skip
    for _number in range(3):
        actions.mark_answer(answer=another, kind=Mark.Kind.HELPED, by=new_visitor(), at=later)
    ledger = queries.ledger_of(floor)
    assert (ledger.asked, ledger.live, ledger.later, ledger.open) == (13, 3, 4, 6)
    another.refresh_from_db()
    assert another.helped == 3
    for answer in Answer.objects.exclude(pk=another.pk):
        assert actions.tell_followers(answer=answer, by=QUESTIONS, at=later) == 1
        assert actions.tell_followers(answer=answer, by=QUESTIONS, at=later) == 0, "once"
    assert OutboxMail.objects.filter(dedupe_key__startswith="questions-told").count() == 4
    elsewhere = FloorFactory(session=SessionFactory(talk=talk))
    shown = queries.floor_shown(elsewhere.session, None, later)
    assert shown is not None
    assert {one.id for one in shown.of_talk} == {question.pk for question in asked[6:]}


def told(kind: str) -> int:
    return FactRow.objects.filter(kind=f"questions.{kind}").count()


def answer(question: Question, by: Person, at: datetime, text: str = "Like this.", **named: str) -> Answer:
    return actions.answer_question(question=question, text=text, language="en", by=by, at=at, **named)


def test_answer_question_by_the_speaker_and_by_somebody_who_was_there(at: datetime) -> None:
    scene, person = a_scene(), PersonFactory()
    row = QuestionFactory(floor=scene.floor)
    first = answer(row, scene.speaker, at)
    assert (first.by_speaker, first.kind, now_of(row).answered_later_at) == (True, "answer", at)
    second = answer(row, person, at, text="Without.", kind="another_way")
    assert (second.by_speaker, second.kind) == (False, "another_way")
    assert answer(row, person, at, text=" Without. ").pk == second.pk, "the same words are the same answer"
    assert answer(row, person, at, text="Or so.", kind="nonsense").kind == "answer"
    assert told("answer_written") == 3


def test_answer_question_is_for_those_who_were_there_while_it_is_open(at: datetime) -> None:
    scene, going, absent = a_scene(), PersonFactory(), PersonFactory()
    RegistrationFactory(admission__event=scene.floor.event, person=going)
    row, late = QuestionFactory(floor=scene.floor), at + timedelta(days=40)
    assert refusal(answer, question=row, by=absent, at=at) == "questions.not_answering"
    assert refusal(answer, question=row, by=new_visitor(), at=at) == "questions.not_answering"
    assert refusal(answer, question=row, by=PersonFactory(left_at=at), at=at) == "people.gone"
    assert refusal(answer, question=row, by=going, at=at) == ""
    assert refusal(answer, question=row, by=going, at=late, text="Late") == "questions.not_answering"
    assert refusal(answer, question=row, by=scene.speaker, at=late) == ""
    hidden = QuestionFactory(floor=FloorFactory(session__hidden_at=at))
    assert refusal(answer, question=hidden, by=going, at=at) == "questions.not_answering"


@pytest.mark.parametrize("gone", [{"state": "refused"}, {"hidden_at": True}, {"erased_at": True, "text": ""}])
def test_answer_to_a_question_that_is_not_there_is_a_sentence(gone: dict[str, object], at: datetime) -> None:
    scene = a_scene()
    row = QuestionFactory(floor=scene.floor, **{name: at if one is True else one for name, one in gone.items()})
    assert refusal(answer, question=row, by=scene.speaker, at=at) == "questions.not_shown"
    given = AnswerFactory(question=row, author=scene.speaker)
    mark = {"answer": given, "kind": "helped", "by": new_visitor(), "at": at}
    assert refusal(actions.mark_answer, **mark) == "questions.not_shown"
    assert refusal(actions.accept_answer, answer=given, by=scene.speaker, at=at) == "questions.not_shown"
    assert refusal(actions.edit_answer, answer=given, text="More", by=scene.speaker, at=at) == ""
    row.delete()
    assert refusal(answer, question=row, by=scene.speaker, at=at)
    assert refusal(actions.withdraw_answer, answer=given, by=scene.speaker, at=at) == "questions.question_gone"


def test_answer_question_too_often_within_a_day_but_not_for_the_speaker(at: datetime) -> None:
    scene, person = a_scene(), PersonFactory()
    row = QuestionFactory(floor=scene.floor)
    for by in (person, scene.speaker):
        for number in range(60):
            answer(row, by, at, text=f"Answer {number}")
    assert refusal(answer, question=row, by=person, at=at, text="One more") == "pace.too_often"
    assert refusal(answer, question=row, by=scene.speaker, at=at, text="One more") == ""


@pytest.mark.parametrize(("text", "code"), [("", "questions.empty"), ("a" * 5001, "questions.too_long")])
def test_answer_question_says_what_is_wrong_with_the_text(text: str, code: str, at: datetime) -> None:
    scene = a_scene()
    given = AnswerFactory(question__floor=scene.floor, author=scene.speaker)
    assert refusal(answer, question=given.question, by=scene.speaker, at=at, text=text) == code
    assert refusal(actions.edit_answer, answer=given, by=scene.speaker, at=at, text=text) == code


def test_edit_answer_by_its_writer_alone(at: datetime) -> None:
    given = AnswerFactory()
    named = {"answer": given, "by": given.author, "at": at}
    assert actions.edit_answer(text=given.text, **named).edited_at is None
    assert actions.edit_answer(text="Better.", **named).edited_at == at
    other = {"answer": given, "text": "Mine", "by": PersonFactory(), "at": at}
    assert refusal(actions.edit_answer, **other) == "questions.not_your_answer"
    assert told("answer_edited") == 1
    for gone in ("withdrawn_at", "hidden_at", "erased_at"):
        given = AnswerFactory(**{gone: at})
        outcome = refusal(actions.edit_answer, answer=given, text="Back", by=given.author, at=at)
        assert outcome == "questions.answer_not_there"


def test_withdraw_answer_opens_the_question_again_unless_another_stands(at: datetime) -> None:
    scene = a_scene()
    row = QuestionFactory(floor=scene.floor)
    first, second = answer(row, scene.speaker, at), answer(row, PersonFactory(), at + timedelta(hours=1))
    actions.accept_answer(answer=first, by=scene.speaker, at=at)
    other = {"answer": first, "by": PersonFactory(), "at": at}
    assert refusal(actions.withdraw_answer, **other) == "questions.not_your_answer"
    for _twice in range(2):
        gone = actions.withdraw_answer(answer=first, by=scene.speaker, at=at)
        assert (gone.text, gone.withdrawn_at) == ("", at)
    assert (now_of(row).answered_later_at, now_of(row).accepted) == (at + timedelta(hours=1), None)
    actions.withdraw_answer(answer=second, by=second.author, at=at)
    assert now_of(row).answered_later_at is None
    assert told("answer_withdrawn") == 2


def test_accept_answer_by_its_asker_or_the_speaker_one_at_a_time_and_back(at: datetime) -> None:
    scene, person, device = a_scene(), PersonFactory(), new_visitor()
    unnamed = actions.ask_question(floor=scene.floor, text="Why?", language="en", by=device, at=at)
    named = QuestionFactory(floor=scene.floor, by=person)
    for row, by, key in ((unnamed, device, UNNAMED), (named, person, person), (named, scene.speaker, UNNAMED)):
        one, two = AnswerFactory(question=row), AnswerFactory(question=row)
        for given in (one, one, two):
            actions.accept_answer(answer=given, by=by, at=at)
        assert now_of(row).accepted == two
        actions.accept_answer(answer=one, by=by, at=at, accepted=False)
        assert now_of(row).accepted == two, "what is not accepted is not taken back"
        actions.accept_answer(answer=two, by=by, at=at, accepted=False)
        assert now_of(row).accepted is None
        last = FactRow.objects.filter(kind="questions.answer_accepted").latest("pk")
        assert (last.by_key, last.payload["answer_id"]) == (key.actor_key, 0)
    assert told("answer_accepted") == 9
    assert refusal(actions.accept_answer, answer=one, by=PersonFactory(), at=at) == "questions.not_accepting"


def marks(given: Answer, by: Actor, kind: str, at: datetime, *, marked: bool = True) -> tuple[int, int]:
    row = actions.mark_answer(answer=given, kind=kind, by=by, at=at, marked=marked)
    return row.helped, row.tried


def test_mark_answer_counts_each_once_and_can_be_taken_back(at: datetime) -> None:
    given, device = AnswerFactory(), new_visitor()
    assert [marks(given, by, "helped", at) for by in (device, device, PersonFactory())] == [(1, 0), (1, 0), (2, 0)]
    assert marks(given, device, "tried", at) == (2, 1)
    assert queries.marks_by(traces_of(device), [given]) == {(given.pk, "helped"), (given.pk, "tried")}
    assert [marks(given, device, "helped", at, marked=False) for _twice in range(2)] == [(1, 1), (1, 1)]
    assert marks(given, new_visitor(), "tried", at, marked=False) == (1, 1)
    assert set(FactRow.objects.values_list("by_key", flat=True)) == {UNNAMED.actor_key}


def test_mark_answer_of_ones_own_or_of_no_kind_or_kept_out_is_refused(at: datetime) -> None:
    given = AnswerFactory()
    assert refusal(marks, given=given, by=given.author, kind="helped", at=at) == "questions.own_mark"
    assert refusal(marks, given=given, by=new_visitor(), kind="loved", at=at) == "questions.mark"
    unseen = AnswerFactory(question__floor__session__hidden_at=at)
    assert refusal(marks, given=unseen, by=new_visitor(), kind="helped", at=at) == "questions.not_here"


def test_mark_answer_has_an_end_in_a_day_and_in_playing(at: datetime) -> None:
    device, player = new_visitor(), new_visitor()
    floor = FloorFactory()
    for given in AnswerFactory.create_batch(60, question__floor=floor):
        marks(given, device, "helped", at)
    one = AnswerFactory(question__floor=floor)
    assert refusal(marks, given=one, by=device, kind="tried", at=at) == "questions.marks_too_often"
    assert refusal(marks, given=one, by=device, kind="tried", at=at + timedelta(days=1, seconds=1)) == ""
    for _pair in range(MOST_TAPS // 2):
        marks(one, player, "helped", at)
        marks(one, player, "helped", at, marked=False)
    assert refusal(marks, given=one, by=player, kind="helped", at=at) == "questions.taps"


def test_whoever_is_kept_out_writes_nothing_anew(at: datetime) -> None:
    scene, person = a_scene(), PersonFactory()
    asked = actions.ask_question(floor=scene.floor, text="How?", language="en", by=person, at=at)
    answer = AnswerFactory(question=QuestionFactory(floor=scene.floor), author=person, text="Like this.")
    mute_at_event(event=scene.floor.event, who=person, reason="Insults", by=scene.organiser, at=at)
    assert refusal(actions.edit_question, question=asked, text="Rude", by=person, at=at) == "questions.not_here"
    assert refusal(actions.edit_answer, answer=answer, text="Rude", by=person, at=at) == "questions.not_here"
    actions.withdraw_question(question=asked, by=person, at=at)
    actions.withdraw_answer(answer=answer, by=person, at=at)
