"""Who takes a question, what a refusal can be taken back to, and the link for moderators without an account."""

from __future__ import annotations

from datetime import datetime

import pytest
from django.db import transaction

from hallway.kit.facts import announce
from hallway.kit.links import is_true
from hallway.kit.models import FactRow
from hallway.kit.refusal import NotAllowed
from hallway.people.facts import PersonLeft, PersonsMerged
from hallway.people.models import Person
from hallway.sharing.questions import actions, policies
from hallway.sharing.questions.models import Floor, Question
from hallway.sharing.questions.policies import QUESTIONS
from hallway.sharing.questions.tokens import Right, moderator_nonce, moderator_token, speaker_token
from tests.factories import FloorFactory, QuestionFactory, SpeakingFactory, TalkFactory, TeamRoleFactory

pytestmark = pytest.mark.django_db
State = Question.State


def stage_of(*, speakers: int = 2) -> tuple[Floor, list[Person]]:
    floor = FloorFactory()
    floor.session.talk = TalkFactory()
    floor.session.save()
    return floor, [SpeakingFactory(talk=floor.session.talk).person for _one in range(speakers)]


def told(kind: str) -> int:
    return FactRow.objects.filter(kind=f"questions.{kind}").count()


def test_take_question_names_the_speaker_who_takes_it(at: datetime) -> None:
    floor, (one, other) = stage_of()
    question, second = QuestionFactory(floor=floor), QuestionFactory(floor=floor)
    moderator = TeamRoleFactory(community=floor.event.community, role="helper").person
    assert actions.take_question(question=question, by=moderator, at=at).taken_by is None
    for speaker in (one, one, other):
        assert actions.take_question(question=question, by=speaker, at=at).taken_by == speaker
    assert actions.take_question(question=question, by=moderator, at=at).taken_by == other
    assert told("question_taken") == 3
    actions.take_question(question=second, by=one, at=at)
    question.refresh_from_db()
    assert (question.on_stage_at, question.taken_by) == (None, None)
    assert actions.leave_question(question=second, by=one, at=at).taken_by is None


def test_undo_answer_live_forgets_who_answered(at: datetime) -> None:
    floor, (one, _other) = stage_of()
    question = actions.take_question(question=QuestionFactory(floor=floor), by=one, at=at)
    assert actions.answer_live(question=question, by=one, at=at).taken_by == one
    assert actions.undo_answer_live(question=question, by=one, at=at).taken_by is None


@pytest.mark.parametrize("shown", [True, False])
def test_take_back_refusal_puts_it_where_it_stood(shown: bool, at: datetime) -> None:
    before = State.SHOWN if shown else State.HELD
    question = QuestionFactory(state=before, shown_at=at if shown else None)
    actions.refuse_question(question=question, reason="Not here.", by=QUESTIONS, at=at)
    for _twice in range(2):
        row = actions.take_back_refusal(question=question, by=QUESTIONS, at=at)
    assert (row.state, row.reason, told("refusal_taken_back")) == (before, "", 1)


def test_renew_moderator_link_ends_the_old_one_and_leaves_those_of_speakers(at: datetime) -> None:
    floor, (speaker, _other) = stage_of()
    old, mailed = moderator_token(floor), speaker_token(floor, speaker)
    new = actions.renew_moderator_link(floor=floor, by=speaker, at=at)
    floor.refresh_from_db()
    assert is_true(Right.MODERATE, new, floor.pk, moderator_nonce(floor))
    assert not is_true(Right.MODERATE, old, floor.pk, moderator_nonce(floor))
    assert (speaker_token(floor, speaker), told("moderator_link_renewed")) == (mailed, 1)


def test_renew_moderator_link_is_not_for_who_holds_one(at: datetime) -> None:
    floor = FloorFactory()
    with pytest.raises(NotAllowed):
        actions.renew_moderator_link(floor=floor, by=policies.moderator_link(floor), at=at)


def test_whose_question_it_is_follows_and_forgets_its_speaker(at: datetime) -> None:

    floor, (one, other) = stage_of()
    question = actions.take_question(question=QuestionFactory(floor=floor), by=one, at=at)

    with transaction.atomic():
        announce(PersonsMerged(person_id=other.pk, gone_id=one.pk), by=QUESTIONS, at=at)
    question.refresh_from_db()
    assert question.taken_by == other
    with transaction.atomic():
        announce(PersonLeft(person_id=other.pk), by=QUESTIONS, at=at)
    question.refresh_from_db()
    assert question.taken_by is None
