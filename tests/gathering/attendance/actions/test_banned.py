"""Whoever is banned has no seat, gets none, and does not check in; seats go to the next in line."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import uuid4

import pytest

from hallway.gathering.attendance import actions
from hallway.gathering.attendance.models import Registration, StandingRegistration
from hallway.gathering.communities.actions import ban_from_community
from hallway.gathering.events.actions import ban_from_event, lift_event_exclusion, mute_at_event
from hallway.kit.actors import SystemPerson, Visitor
from hallway.kit.refusal import Refusal
from hallway.kit.sweeps import run_due
from hallway.notices.models import OutboxMail
from hallway.people.models import Person
from tests.factories import AdmissionFactory, PersonFactory, RegistrationFactory, SeriesFactory
from tests.gathering.attendance.doorway import evening, going
from tests.gathering.attendance.line import come, list_of, now_of, states

pytestmark = pytest.mark.django_db
State = Registration.State
HALLWAY = SystemPerson("tests")
PHONE = Visitor("4b0d8f52-0000-4000-8000-000000000000")


def refusal_of(refused: pytest.ExceptionInfo[Refusal]) -> str:
    return refused.value.code


def test_ban_gives_the_seat_to_the_next_in_line(at: datetime) -> None:
    admission = list_of(1, at + timedelta(days=30))
    workshop = AdmissionFactory(event=admission.event, is_event=False, capacity=5)
    first, second = come(admission, at, 2)
    there = RegistrationFactory(admission=workshop, person=first.person)
    elsewhere = RegistrationFactory(person=first.person)
    ban_from_event(event=admission.event, who=first.person, reason="Insults", by=HALLWAY, at=at)
    assert states(admission) == ["given_up", "offered"]
    assert (now_of(first).cause, now_of(there).state, now_of(there).cause) == ("banned", State.GIVEN_UP, "banned")
    assert now_of(elsewhere).state == State.GOING
    assert now_of(second).person != first.person


def test_ban_from_the_community_covers_all_its_events_to_come(at: datetime) -> None:
    admission = list_of(1, at + timedelta(days=30))
    registration = come(admission, at)[0]
    before = at - timedelta(days=1)
    over = RegistrationFactory(
        person=registration.person, admission__event__community=admission.event.community,
        admission__event__starts_at=before, admission__event__ends_at=before,
    )  # fmt: skip
    elsewhere = RegistrationFactory(person=registration.person)
    community = admission.event.community
    ban_from_community(community=community, who=registration.person, reason="Insults", by=HALLWAY, at=at)
    assert [now_of(one).state for one in (registration, over, elsewhere)] == [State.GIVEN_UP, State.GOING, State.GOING]


def test_ban_of_a_device_touches_no_registration(at: datetime) -> None:
    admission = list_of(1, at + timedelta(days=30))
    come(admission, at)
    ban_from_event(event=admission.event, who=PHONE, reason="Insults", by=HALLWAY, at=at)
    ban_from_community(community=admission.event.community, who=PHONE, reason="Insults", by=HALLWAY, at=at)
    assert states(admission) == ["going"]
    with pytest.raises(Refusal) as refused:
        actions.request_place(admission=admission, address="a@example.org", language="en", by=PHONE, at=at)
    assert refusal_of(refused) == "exclusion.banned"
    assert not OutboxMail.objects.exists()


def test_banned_person_cannot_register_until_it_is_lifted(at: datetime) -> None:
    admission = list_of(9, at + timedelta(days=30))
    person = PersonFactory()
    row = ban_from_event(event=admission.event, who=person, reason="Insults", by=HALLWAY, at=at)
    with pytest.raises(Refusal) as refused:
        actions.register(admission=admission, person=person, by=person, at=at)
    assert refusal_of(refused) == "exclusion.banned"
    assert refused.value.status == 403
    lift_event_exclusion(exclusion=row, by=HALLWAY, at=at)
    assert actions.register(admission=admission, person=person, by=person, at=at).state == State.GOING


def test_muted_person_registers_as_everybody(at: datetime) -> None:
    admission = list_of(9, at + timedelta(days=30))
    person = PersonFactory()
    mute_at_event(event=admission.event, who=person, reason="Insults", by=HALLWAY, at=at)
    assert actions.register(admission=admission, person=person, by=person, at=at).state == State.GOING


def test_banned_person_neither_checks_in_nor_walks_in(at: datetime) -> None:
    admission = evening(at)
    registration = going(admission)[0]
    ban_from_event(event=admission.event, who=registration.person, reason="Insults", by=HALLWAY, at=at)
    ban_from_event(event=admission.event, who=PHONE, reason="Insults", by=HALLWAY, at=at)
    with pytest.raises(Refusal) as refused:
        actions.check_self_in(registration=registration, by=registration.person, at=at)
    assert refusal_of(refused) == "exclusion.banned"
    with pytest.raises(Refusal) as refused:
        actions.walk_in(admission=admission, name="Piet", walk_in=uuid4(), by=PHONE, at=at)
    assert refusal_of(refused) == "exclusion.banned"
    actions.walk_in(admission=admission, name="Naledi", walk_in=uuid4(), by=PersonFactory(), at=at)


def test_banned_person_is_not_counted_in_every_time(at: datetime) -> None:
    series = SeriesFactory()
    person = PersonFactory()
    ban_from_community(community=series.community, who=person, reason="Insults", by=HALLWAY, at=at)
    with pytest.raises(Refusal) as refused:
        actions.count_me_in(series=series, person=person, by=person, at=at)
    assert refusal_of(refused) == "exclusion.banned"
    assert not StandingRegistration.objects.exists()


@pytest.mark.usefixtures("english")
def test_mail_says_that_the_team_decided_it(at: datetime) -> None:
    person: Person = PersonFactory()
    admission = list_of(1, datetime(2199, 1, 1, 9, tzinfo=at.tzinfo))
    registration = actions.register(admission=admission, person=person, by=person, at=at)
    ban_from_event(event=admission.event, who=registration.person, reason="Insults", by=HALLWAY, at=at)
    run_due()
    mail = OutboxMail.objects.get(to_person=person, subject__startswith="Your registration has ended")
    assert "The team of" in mail.text and "Thank you for saying so" not in mail.text
    assert "Register again" not in mail.text
