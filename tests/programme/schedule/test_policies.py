"""Who may hand a speaker's page over: the team whose programme names them, and nobody else's does."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from django.test import Client

from hallway.people.models import Person
from hallway.people.policies import can_invite_to_claim
from hallway.programme.schedule.models import Session
from tests.factories import EventFactory, PersonFactory, SessionFactory, SpeakingFactory, TeamRoleFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def session() -> Session:
    made: Session = SessionFactory()
    SpeakingFactory(talk=made.talk, person=PersonFactory(claimed_at=None, email=None, slug="camille", public_at=None))
    return made


@pytest.fixture
def speaker(session: Session) -> Person:
    assert session.talk is not None
    return session.talk.speakers.get()


@pytest.mark.parametrize(("role", "may"), [("organiser", True), ("editor", True), ("helper", False)])
def test_the_team_of_the_programme_invites_its_speakers(
    session: Session, speaker: Person, role: str, may: bool
) -> None:
    by = TeamRoleFactory(community=session.event.community, role=role).person
    assert can_invite_to_claim(by, speaker) is may
    client = Client()
    client.force_login(by)
    assert client.get("/p/camille/").status_code == (200 if may else 404)
    answer = client.post("/p/camille/invite/", {"address": "c@example.org"})
    assert answer.status_code == (302 if may else 404)
    assert speaker.claims.count() == may


def test_organisers_of_co_hosts_invite_too(session: Session, speaker: Person, at: datetime) -> None:
    role = TeamRoleFactory()
    assert not can_invite_to_claim(role.person, speaker)
    session.event.hosts.create(community=role.community, invited_at=at, accepted_at=at)
    assert can_invite_to_claim(role.person, speaker)


def test_writing_a_known_speaker_into_ones_programme_does_not_hand_their_page_over(
    session: Session, speaker: Person
) -> None:
    owner = TeamRoleFactory(community=session.event.community).person
    thief = TeamRoleFactory()
    stolen = SessionFactory(event=EventFactory(community=thief.community), public_at=None)
    SpeakingFactory(talk=stolen.talk, person=speaker)
    assert not can_invite_to_claim(thief.person, speaker)
    assert can_invite_to_claim(owner, speaker)
    Session.objects.filter(pk=stolen.pk).update(public_at=session.public_at)
    assert not can_invite_to_claim(owner, speaker)  # two public programmes name them: an administrator decides


def test_a_removed_session_grants_nothing(session: Session, speaker: Person, at: datetime) -> None:
    by = TeamRoleFactory(community=session.event.community).person
    Session.objects.filter(pk=session.pk).update(removed_at=at)
    assert not can_invite_to_claim(by, speaker)


def test_readers_without_a_team_cost_one_query(speaker: Person, django_assert_num_queries: Any) -> None:
    reader = PersonFactory()
    with django_assert_num_queries(1):
        assert not can_invite_to_claim(reader, speaker)
