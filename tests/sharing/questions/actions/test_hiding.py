"""What moderation takes from the page and puts back, and who asks no more."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest

from hallway.kit.models import FactRow
from hallway.kit.visitors import new_visitor
from hallway.sharing.questions import actions, policies, queries
from hallway.sharing.questions.models import Case, MutedAsker, Rendezvous
from hallway.sharing.questions.policies import QUESTIONS, moderator_link
from tests.factories import AnswerFactory, PersonFactory, QuestionFactory
from tests.sharing.questions.scene import a_scene, counted, now_of, refusal

pytestmark = pytest.mark.django_db


def test_hide_said_takes_a_question_from_page_and_stage_and_counts_it_as_not_shown(at: datetime) -> None:
    scene = a_scene()
    row = actions.take_question(question=QuestionFactory(floor=scene.floor), by=scene.speaker, at=at)
    for _twice in range(2):
        actions.hide_said(said=row, by=scene.helper, at=at)
    assert (now_of(row).hidden_at, now_of(row).on_stage_at) == (at, None)
    assert not queries.questions_visible_to(scene.organiser).exists()
    assert counted(scene.floor) == (0, 0, 0, 1), "everybody can read that it was not shown"
    for _twice in range(2):
        actions.show_said(said=row, by=scene.helper, at=at)
    assert counted(scene.floor) == (0, 0, 1, 0)
    facts = FactRow.objects.filter(kind="questions.said_hidden").order_by("pk")
    assert [(one.payload["what"], one.payload["hidden"]) for one in facts] == [("question", True), ("question", False)]


def test_hide_said_of_an_answer_opens_the_question_again(at: datetime) -> None:
    scene = a_scene()
    row = QuestionFactory(floor=scene.floor)
    answer = actions.answer_question(question=row, text="Buy it.", language="en", by=scene.speaker, at=at)
    actions.accept_answer(answer=answer, by=scene.speaker, at=at)
    actions.hide_said(said=answer, by=scene.helper, at=at)
    assert (now_of(row).answered_later_at, now_of(row).accepted) == (None, None)
    assert not queries.answers_visible_to(None).exists()
    actions.show_said(said=answer, by=scene.helper, at=at)
    assert now_of(row).answered_later_at == at


def test_hide_said_of_cases_and_rendezvous(at: datetime) -> None:
    scene = a_scene()
    row = QuestionFactory(floor=scene.floor)
    case = actions.tell_case(question=row, text="Mine", language="en", by=new_visitor(), at=at)
    meeting = Rendezvous.objects.create(question=row, place="Bar", starts_at=at, proposed_at=at)
    for said in (case, meeting):
        actions.hide_said(said=said, by=QUESTIONS, at=at)
        said.refresh_from_db()
        assert said.hidden_at == at
    Case.objects.all().delete()
    assert refusal(actions.show_said, said=case, by=QUESTIONS, at=at) == "questions.said_gone"


def test_hide_said_is_for_the_team_and_moderation_not_for_speakers_and_links(at: datetime) -> None:
    scene = a_scene()
    answer = AnswerFactory(question__floor=scene.floor)
    for by in (scene.speaker, moderator_link(scene.floor), new_visitor(), PersonFactory()):
        assert refusal(actions.hide_said, said=answer, by=by, at=at) == "questions.not_hiding"
    for by in (scene.organiser, scene.helper, PersonFactory(is_administrator=True), QUESTIONS):
        assert policies.can_hide(by, scene.floor)
    assert not policies.can_hide(None, scene.floor)


def asked(scene: Any, by: Any, at: datetime, text: str = "Rude", **named: Any) -> Any:
    return actions.ask_question(floor=scene.floor, text=text, language="en", by=by, at=at, **named)


def test_mute_asker_and_back_without_a_word_who_it_is(at: datetime) -> None:
    scene, person = a_scene(), PersonFactory()
    row = asked(scene, person, at)
    for _twice in range(2):
        muted = actions.mute_asker(question=row, by=scene.helper, at=at)
        assert (muted.muted_by, muted.lifted_at, muted.asker_key) == (scene.helper, None, row.asker_key)
    assert policies.is_muted(scene.floor, person)
    for _twice in range(2):
        assert actions.unmute_asker(question=row, by=scene.organiser, at=at).lifted_at == at
    assert not policies.is_muted(scene.floor, person)
    assert actions.mute_asker(question=row, by=moderator_link(scene.floor), at=at).muted_by is None
    assert (MutedAsker.objects.count(), FactRow.objects.filter(kind="questions.asker_muted").count()) == (1, 3)
    assert person.pk not in {value for one in FactRow.objects.all() for value in one.payload.values()} - {row.pk}


def test_mute_asker_of_a_named_question_mutes_them_unnamed_and_shows_nothing_there(at: datetime) -> None:
    scene, person = a_scene(), PersonFactory()
    unnamed, named = asked(scene, person, at), asked(scene, person, at, "Mine", named=True)
    actions.mute_asker(question=named, by=scene.helper, at=at)
    assert refusal(asked, scene=scene, by=person, at=at, text="More") == "questions.muted"
    muted = {row.pk: row.is_muted for row in queries.room_now(scene.floor, "votes").open}
    assert muted == {unnamed.pk: False, named.pk: True}


def test_mute_asker_of_the_team_by_name_is_refused_and_unnamed_says_nothing(at: datetime) -> None:
    scene = a_scene()
    named, unnamed = asked(scene, scene.speaker, at, named=True), asked(scene, scene.speaker, at, "Why?")
    assert refusal(actions.mute_asker, question=named, by=scene.helper, at=at) == "questions.mute_team"
    assert refusal(actions.mute_asker, question=unnamed, by=scene.helper, at=at) == ""
    assert refusal(actions.mute_asker, question=unnamed, by=PersonFactory(), at=at) == "questions.not_moderator"


def test_let_ask_again_from_the_list_whatever_became_of_the_question(at: datetime) -> None:
    scene, person = a_scene(), PersonFactory()
    row = asked(scene, person, at)
    muted = actions.mute_asker(question=row, by=scene.helper, at=at)
    actions.hide_said(said=row, by=scene.helper, at=at)
    for by in (person, new_visitor(), PersonFactory(), moderator_link(scene.floor)):
        assert refusal(actions.let_ask_again, muted=muted, by=by, at=at) == "questions.not_moderator"
    for _twice in range(2):
        assert actions.let_ask_again(muted=muted, by=scene.helper, at=at).lifted_at == at
    assert not policies.is_muted(scene.floor, person)
    facts = FactRow.objects.filter(kind="questions.asker_muted").order_by("pk")
    assert [(one.payload["question_id"], one.payload["lifted"]) for one in facts] == [(row.pk, False), (row.pk, True)]


def test_let_ask_again_where_no_question_is_left(at: datetime) -> None:
    scene, person = a_scene(), PersonFactory()
    muted = actions.mute_asker(question=asked(scene, person, at), by=scene.helper, at=at)
    scene.floor.questions.all().delete()
    actions.let_ask_again(muted=muted, by=QUESTIONS, at=at)
    assert not policies.is_muted(scene.floor, person)


def test_unmute_asker_who_was_never_muted_changes_nothing(at: datetime) -> None:
    scene = a_scene()
    row = asked(scene, PersonFactory(), at)
    assert actions.unmute_asker(question=row, by=scene.helper, at=at).lifted_at == at
    assert not FactRow.objects.filter(kind="questions.asker_muted").exists()


def test_take_back_mute_leaves_what_others_pressed_and_decided(at: datetime) -> None:
    scene, person = a_scene(), PersonFactory()
    first, second = asked(scene, person, at), asked(scene, person, at, "Ruder")
    for _twice in range(2):
        actions.mute_asker(question=first, by=scene.helper, at=at)
        actions.mute_asker(question=first, by=scene.speaker, at=at)
        actions.mute_asker(question=second, by=scene.speaker, at=at)
        actions.mute_asker(question=first, cause="conduct-7", by=scene.organiser, at=at)
    presses = [(first, "", scene.speaker), (first, "conduct-7", scene.helper), (second, "", scene.speaker)]
    for question, cause, by in [*presses, *presses]:
        actions.take_back_mute(question=question, cause=cause, by=by, at=at)
        assert policies.is_muted(scene.floor, person), "the first moderator's press stands"
    actions.take_back_mute(question=first, by=scene.helper, at=at)
    assert not policies.is_muted(scene.floor, person)
    facts = FactRow.objects.filter(kind="questions.asker_muted").order_by("pk")
    assert [one.payload["lifted"] for one in facts] == [False, True]


@pytest.mark.parametrize("how", ["room", "list"])
def test_unmute_asker_ends_all_of_it_and_an_old_decision_ends_no_newer_one(how: str, at: datetime) -> None:
    scene, person = a_scene(), PersonFactory()
    row = asked(scene, person, at)
    muted = actions.mute_asker(question=row, cause="conduct-7", by=scene.helper, at=at)
    actions.mute_asker(question=row, by=scene.speaker, at=at)
    if how == "room":
        actions.unmute_asker(question=row, by=scene.helper, at=at)
    else:
        actions.let_ask_again(muted=muted, by=scene.helper, at=at)
    assert not policies.is_muted(scene.floor, person)
    actions.mute_asker(question=row, cause="conduct-8", by=scene.helper, at=at)
    actions.take_back_mute(question=row, cause="conduct-7", by=scene.helper, at=at)
    assert policies.is_muted(scene.floor, person)
    assert refusal(actions.take_back_mute, question=row, by=PersonFactory(), at=at) == "questions.not_moderator"
