"""Somebody leaves, is kept out or renamed between opening a page and sending it: what holds is what is so by then."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from hallway.gathering.events.actions import mute_at_event
from hallway.kit.visitors import new_visitor
from hallway.people.actions import change_profile, leave_hallway, merge_persons
from hallway.people.models import Person
from hallway.sharing.questions import actions, policies, queries
from hallway.sharing.questions.actions import answering, asking, following, meeting
from hallway.sharing.questions.models import Answer, HelpOffer, MutedAsker, Question
from hallway.sharing.questions.policies import QUESTIONS
from hallway.sharing.questions.tokens import traces_of
from tests.factories import AnswerFactory, PersonFactory, QuestionFactory
from tests.sharing.questions.evening_before import topic
from tests.sharing.questions.scene import Scene, a_scene, now_of, refusal

pytestmark = pytest.mark.django_db


def as_read(person: Person) -> Person:
    """As a request has them, whatever happens after it began."""
    return Person.objects.get(pk=person.pk)


def merged_into(keep: Person, gone: Person, at: datetime) -> None:
    merge_persons(keep=keep, gone=gone, by=PersonFactory(is_administrator=True), at=at)


def test_mute_asker_is_about_whoever_the_trace_is_of_by_now(at: datetime) -> None:
    scene, leaves, gone, keep = a_scene(), *PersonFactory.create_batch(3)
    of_who_leaves, of_gone = (QuestionFactory(floor=scene.floor, by=one) for one in (leaves, gone))
    left, merged = now_of(of_who_leaves), now_of(of_gone)
    leave_hallway(person=leaves, by=leaves, at=at)
    merged_into(keep, gone, at)
    for row in (left, merged):
        actions.mute_asker(question=row, by=scene.helper, at=at)
    assert not MutedAsker.objects.filter(asker_key__in=traces_of(leaves, gone)).exists()
    assert policies.is_muted(scene.floor, keep)


def test_unmute_asker_by_who_has_a_link_leaves_what_moderation_decided(at: datetime) -> None:
    scene, person = a_scene(), PersonFactory()
    row = QuestionFactory(floor=scene.floor, by=person)
    actions.mute_asker(question=row, cause="conduct-7", by=scene.organiser, at=at)
    actions.mute_asker(question=row, by=scene.speaker, at=at)
    for by in (policies.moderator_link(scene.floor), scene.speaker):
        actions.unmute_asker(question=row, by=by, at=at)
        assert policies.is_muted(scene.floor, person)
    assert MutedAsker.objects.get().causes.get().cause == "conduct-7"
    actions.unmute_asker(question=row, by=scene.helper, at=at)
    assert not policies.is_muted(scene.floor, person)


@pytest.mark.parametrize("who", ["speaker", "helper"])
def test_hand_over_floor_to_somebody_who_left_names_nobody(who: str, at: datetime) -> None:
    scene = a_scene()
    person = getattr(scene, who)
    read = as_read(person)
    leave_hallway(person=person, by=person, at=at)
    assert refusal(actions.hand_over_floor, floor=scene.floor, person=read, by=scene.organiser, at=at) == "people.gone"
    scene.floor.refresh_from_db()
    assert (scene.floor.moderator, scene.floor.moderator_name) == (None, "")


def test_offer_help_by_somebody_who_left_offers_nothing(at: datetime) -> None:
    person = PersonFactory()
    read = as_read(person)
    leave_hallway(person=person, by=person, at=at)
    assert refusal(actions.offer_help, topics=[topic("python")], by=read, at=at) == "people.gone"
    assert not HelpOffer.objects.exists()


def test_ask_question_and_case_stand_under_the_name_one_has_by_then(at: datetime) -> None:
    scene, person = a_scene(), PersonFactory(name="Zanele")
    read, other = as_read(person), QuestionFactory(floor=scene.floor)
    change_profile(person=person, changes={"name": "Zanele Dube"}, by=person, at=at)
    said = {"language": "en", "named": True, "by": read, "at": at}
    asked = actions.ask_question(floor=scene.floor, text="Why?", **said)
    case = actions.tell_case(question=other, text="Mine", **said)
    assert (asked.name, case.name) == ("Zanele Dube", "Zanele Dube")


def _answer(scene: Scene, person: Person, at: datetime) -> Any:
    row = QuestionFactory(floor=scene.floor)
    return actions.answer_question(question=row, text="So.", language="en", by=person, at=at)


def _edit_answer(scene: Scene, person: Person, at: datetime) -> Any:
    row = AnswerFactory(question__floor=scene.floor, author=person)
    return actions.edit_answer(answer=row, text="So it is.", by=person, at=at)


def _edit_question(scene: Scene, person: Person, at: datetime) -> Any:
    row = QuestionFactory(floor=scene.floor, by=person, asked_at=at)
    return actions.edit_question(question=row, text="Why not?", by=person, at=at)


def _propose(scene: Scene, person: Person, at: datetime) -> Any:
    row, then = QuestionFactory(floor=scene.floor), at + timedelta(hours=1)
    return actions.propose_rendezvous(question=row, place="Bar", starts_at=then, by=person, at=at)


Writes = Callable[[Scene, Person, datetime], Any]


@pytest.mark.parametrize(
    ("module", "write"),
    [(answering, _answer), (answering, _edit_answer), (asking, _edit_question), (meeting, _propose)],
)
def test_writing_is_refused_to_who_was_kept_out_a_moment_ago(
    module: Any, write: Writes, at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    scene, person = a_scene(), PersonFactory()
    write(scene, person, at)
    stay = module.stay

    def kept_out(by: Person) -> Person:
        mute_at_event(event=scene.floor.event, who=person, reason="Rude.", by=scene.organiser, at=at)
        held: Person = stay(by)
        return held

    monkeypatch.setattr(module, "stay", kept_out)
    assert refusal(write, scene=scene, person=person, at=at) in {
        "questions.not_answering", "questions.not_here", "questions.not_there",
    }  # fmt: skip


def test_withdraw_and_edit_question_after_leaving_change_no_count(at: datetime) -> None:
    scene, person = a_scene(), PersonFactory()
    row = QuestionFactory(floor=scene.floor, by=person, asked_at=at)
    read = now_of(row)
    leave_hallway(person=person, by=as_read(person), at=at)
    for act, more in ((actions.withdraw_question, {}), (actions.edit_question, {"text": "Back again?"})):
        assert refusal(act, question=read, by=person, at=at, **more) == "people.gone"
    assert (queries.ledger_of(scene.floor).asked, now_of(row).text) == (1, "")


def test_mark_answer_by_who_turned_out_to_be_its_author_counts_nothing(at: datetime) -> None:
    keep, gone = PersonFactory.create_batch(2)
    row = AnswerFactory(author=gone, question__answered_later_at=at)
    read = Answer.objects.get(pk=row.pk)
    merged_into(keep, gone, at)
    assert refusal(actions.mark_answer, answer=read, kind="helped", by=keep, at=at) == "questions.own_mark"


def test_edit_answer_again_within_seconds_is_refused(at: datetime) -> None:
    row = AnswerFactory()
    named = {"answer": row, "by": row.author}
    assert refusal(actions.edit_answer, text="So.", at=at, **named) == ""
    soon = at + timedelta(seconds=2)
    assert refusal(actions.edit_answer, text="So.", at=soon, **named) == "", "the same words are no change"
    assert refusal(actions.edit_answer, text="Or so.", at=soon, **named) == "questions.edits_too_often"
    assert refusal(actions.edit_answer, text="Or so.", at=at + timedelta(seconds=3), **named) == ""


def test_tell_followers_writes_to_nobody_who_stopped_meanwhile(at: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    scene, (first, second) = a_scene(), PersonFactory.create_batch(2)
    row = QuestionFactory(floor=scene.floor)
    for person in (first, second):
        actions.follow_question(question=row, language="en", by=person, at=at)
    answer = AnswerFactory(question=row, author=scene.speaker)
    tell = following._tell

    def while_the_other_stops(follow: Any, said: Any, **named: Any) -> bool:
        other = row.follows.exclude(pk=follow.pk).get()
        by = policies.follow_link(other)
        actions.end_following(follow=other, by=by, at=at)
        return tell(follow, said, **named)

    monkeypatch.setattr(following, "_tell", while_the_other_stops)
    assert actions.tell_followers(answer=answer, by=QUESTIONS, at=at) == 1


def test_leaving_takes_the_words_of_a_meeting_and_calls_it_off(at: datetime) -> None:
    scene, person, other = a_scene(), *PersonFactory.create_batch(2)
    made = _propose(scene, person, at)
    actions.join_rendezvous(rendezvous=made, by=other, at=at)
    leave_hallway(person=person, by=person, at=at)
    made.refresh_from_db()
    assert (made.place, made.proposed_by, made.cancelled_at) == ("", None, at)


def test_one_person_on_a_device_and_signed_in_is_one(at: datetime) -> None:
    scene, device, person = a_scene(), new_visitor(), PersonFactory()
    row = QuestionFactory(floor=scene.floor)
    asked = actions.ask_question(floor=scene.floor, text="Why?", language="en", by=device, at=at)
    said = {"text": "Mine", "language": "en", "by": person, "also": [device], "at": at}
    actions.tell_case(question=row, text="On a phone", language="en", by=device, at=at)
    actions.tell_case(question=row, **said)
    assert (now_of(row).votes, [case.text for case in row.cases.all()]) == (1, ["Mine"])
    actions.tell_case(question=asked, **said)
    actions.vote_for(question=asked, by=person, also=[device], at=at)
    assert now_of(asked).votes == 0, "one's own question"
    both = Question.objects.create(
        floor=scene.floor, text="Both?", language="en", asker_key="somebody", asked_at=at, shown_at=at, state="shown"
    )
    for by in (device, person):
        actions.vote_for(question=both, by=by, at=at)
    assert now_of(both).votes == 2, "nobody said that the two are one"
    actions.take_back_vote(question=both, by=person, also=[device], at=at)
    assert now_of(both).votes == 0


def test_muted_device_asks_no_more_after_signing_in_on_it(at: datetime) -> None:
    scene, device, person = a_scene(), new_visitor(), PersonFactory()
    row = actions.ask_question(floor=scene.floor, text="Why?", language="en", by=device, at=at)
    actions.mute_asker(question=row, by=scene.helper, at=at)
    said = {"text": "Again?", "language": "en", "by": person, "also": [device], "at": at}
    assert refusal(actions.ask_question, floor=scene.floor, **said) == "questions.muted"
    assert refusal(actions.tell_case, question=QuestionFactory(floor=scene.floor), **said) == "questions.muted"
