"""Who may do what with questions."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from hallway.gathering.events.actions import ban_from_event
from hallway.gathering.events.models import Event
from hallway.kit.visitors import new_visitor
from hallway.sharing.questions import actions, policies
from hallway.sharing.questions.models import Floor
from hallway.sharing.questions.policies import QUESTIONS, moderator_link
from tests.factories import (
    FloorFactory,
    PersonFactory,
    QuestionFactory,
    RegistrationFactory,
    SessionFactory,
    SpeakingFactory,
    TeamRoleFactory,
)
from tests.sharing.questions.scene import a_scene, refusal

pytestmark = pytest.mark.django_db


def test_can_ask_is_for_everybody_who_may_read_and_is_not_kept_out(at: datetime) -> None:
    scene, person, banned = a_scene(), PersonFactory(), PersonFactory()
    ban_from_event(event=scene.floor.event, who=banned, reason="Rude.", by=scene.organiser, at=at)
    asks = [policies.can_ask(by, scene.floor) for by in (person, new_visitor(), QUESTIONS, banned, None)]
    assert asks == [True, True, True, False, False]
    hidden = FloorFactory(session__hidden_at=at)
    assert [policies.can_ask(by, hidden) for by in (person, new_visitor(), QUESTIONS)] == [False, False, True]
    row = QuestionFactory(floor=scene.floor)
    assert refusal(actions.vote_for, question=row, by=banned, at=at) == "questions.not_here"


def test_can_moderate_and_who_may_give_that_on(at: datetime) -> None:
    scene, other = a_scene(), a_scene()
    follower = TeamRoleFactory(community=scene.floor.event.community, ends_on=at.date() - timedelta(days=9)).person
    link = moderator_link(scene.floor)
    who = [scene.organiser, scene.helper, scene.speaker, QUESTIONS, link, other.speaker, follower, new_visitor(), None]
    assert [policies.can_moderate(by, scene.floor) for by in who] == [True] * 5 + [False] * 4
    assert [policies.can_run_floor(by, scene.floor) for by in who] == [True] * 4 + [False] * 5
    scene.speaker.left_at = at
    scene.speaker.save()
    assert not policies.is_speaker(scene.speaker, scene.floor)
    assert not policies.is_speaker(new_visitor(), scene.floor)


def test_was_there_by_registration_team_or_talk(at: datetime) -> None:
    scene, going, waiting, speaks = a_scene(), PersonFactory(), PersonFactory(), PersonFactory()
    event = scene.floor.event
    assert policies.was_there(going, scene.floor), "an event without a list of people"
    admission = RegistrationFactory(admission__event=event, person=going).admission
    RegistrationFactory(admission=admission, person=waiting, state="waiting")
    SpeakingFactory(talk=SessionFactory(event=event).talk, person=speaks)
    who = (going, waiting, speaks, scene.helper, PersonFactory())
    assert [policies.was_there(one, scene.floor) for one in who] == [True, False, True, True, False]


def test_can_accept_change_and_cancel_is_for_whose_it_is(at: datetime) -> None:
    scene, person, device = a_scene(), PersonFactory(), new_visitor()
    row = actions.ask_question(floor=scene.floor, text="Why?", language="en", named=True, by=person, at=at)
    who = (person, scene.speaker, scene.helper, device)
    assert [policies.can_accept(one, row) for one in who] == [True, True, False, False]
    assert [policies.can_change_question(one, row) for one in who] == [True, False, False, False]
    case = actions.tell_case(question=row, text="Mine", language="en", by=device, at=at)
    assert [policies.can_change_case(one, case) for one in who] == [False, False, False, True]
    answer = actions.answer_question(question=row, text="So", language="en", by=scene.speaker, at=at)
    assert [policies.can_change_answer(one, answer) for one in who] == [False, True, False, False]
    meeting = actions.propose_rendezvous(
        question=row, place="Bar", starts_at=at + timedelta(minutes=20), by=person, at=at
    )
    assert [policies.can_cancel_rendezvous(one, meeting) for one in who] == [True, True, True, False]


def test_can_reopen_once_it_can_only_be_read(at: datetime) -> None:
    scene, late = a_scene(), at + timedelta(days=60)
    assert not policies.can_reopen(scene.helper, scene.floor, at)
    assert policies.can_reopen(scene.helper, scene.floor, late)
    assert not policies.can_reopen(PersonFactory(), scene.floor, late)
    paused = actions.change_floor(floor=scene.floor, changes={"paused": True}, by=scene.helper, at=at)
    assert policies.can_reopen(scene.speaker, paused, at)
    scene.floor.event.state = Event.State.CANCELLED
    assert not policies.can_reopen(scene.helper, scene.floor, late)
    assert not policies.can_reopen(scene.helper, Floor(event=scene.floor.event, session=scene.floor.session), at)


def test_can_offer_help_with_an_account(at: datetime) -> None:
    who = (PersonFactory(), PersonFactory(left_at=at), new_visitor(), None)
    assert [policies.can_offer_help(one) for one in who] == [True, False, False, False]
