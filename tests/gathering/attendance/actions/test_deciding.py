"""Yes, no, and invitations."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from hallway.gathering.attendance import actions, queries
from hallway.gathering.attendance.models import Admission, AdmissionInvitation, Registration, SeatOffer
from hallway.gathering.attendance.tokens import Right
from hallway.gathering.events.models import Event
from hallway.kit.actors import Visitor
from hallway.kit.links import token_of
from hallway.kit.refusal import NotAllowed, Refusal
from hallway.notices.models import OutboxMail
from hallway.people.models import Person
from tests.factories import AdmissionFactory, PersonFactory, TeamRoleFactory
from tests.gathering.attendance.line import come, list_of, now_of, states

pytestmark = pytest.mark.django_db
State = Registration.State
PHONE = Visitor("a-phone")


def with_team(admission: Admission) -> Person:
    person: Person = TeamRoleFactory(community=admission.event.community).person
    return person


def test_approve_registration_gives_a_seat_or_the_place_since_they_asked(at: datetime) -> None:
    admission = list_of(1, at + timedelta(days=30), how=Admission.How.APPROVAL)
    organiser = with_team(admission)
    first, second, third = come(admission, at, 3)
    for row in (third, second, first):
        actions.approve_registration(registration=row, by=organiser, at=at)
    assert states(admission) == ["waiting", "waiting", "going"]
    assert [queries.standing_of(now_of(row)).ahead for row in (first, second)] == [0, 1]
    again = actions.approve_registration(registration=third, by=organiser, at=at + timedelta(hours=1))
    assert again.state_at == at


def test_approve_registration_for_what_does_not_take_place_is_refused(at: datetime) -> None:
    admission = list_of(1, at + timedelta(days=30), how=Admission.How.APPROVAL)
    row, organiser = come(admission, at)[0], with_team(admission)
    with pytest.raises(Refusal, match="not_on"):
        actions.approve_registration(registration=row, by=organiser, at=at + timedelta(days=40))
    Event.objects.update(state=Event.State.CANCELLED)
    with pytest.raises(Refusal, match="not_on"):
        actions.approve_registration(registration=now_of(row), by=organiser, at=at)
    assert states(admission) == ["asked"]


def test_decline_registration_frees_seats_at_workshops_too(at: datetime) -> None:
    admission = list_of(2, at + timedelta(days=30))
    workshop = AdmissionFactory(event=admission.event, is_event=False, title={"en": "Rust"}, capacity=1)
    row, next_one = come(admission, at, 2)
    theirs, waiting = (
        actions.register(admission=workshop, person=one.person, by=one.person, at=at) for one in (row, next_one)
    )
    actions.decline_registration(registration=row, reason="Full of us.", by=with_team(admission), at=at)
    assert (now_of(theirs).state, now_of(waiting).state) == (State.GIVEN_UP, State.OFFERED)


def test_approve_registration_of_somebody_who_gave_up_is_refused(at: datetime) -> None:
    admission = list_of(1, at + timedelta(days=30), how=Admission.How.APPROVAL)
    row = come(admission, at)[0]
    actions.give_up_seat(registration=row, by=row.person, at=at)
    with pytest.raises(Refusal, match="not_asked"):
        actions.approve_registration(registration=row, by=with_team(admission), at=at)
    with pytest.raises(NotAllowed):
        actions.approve_registration(registration=row, by=row.person, at=at)


def test_decline_registration_says_why_and_frees_the_seat(at: datetime) -> None:
    admission = list_of(1, at + timedelta(days=30))
    organiser = with_team(admission)
    going, waiting = come(admission, at, 2)
    with pytest.raises(Refusal, match="no_reason"):
        actions.decline_registration(registration=going, reason="  ", by=organiser, at=at)
    actions.decline_registration(registration=going, reason="For teachers only", by=organiser, at=at)
    assert states(admission) == ["declined", "offered"]
    actions.decline_registration(registration=waiting, reason="For teachers only", by=organiser, at=at)
    assert SeatOffer.objects.get().outcome == "withdrawn"
    actions.decline_registration(registration=going, reason="Other words", by=organiser, at=at)
    assert now_of(going).reason == "For teachers only"
    with pytest.raises(NotAllowed):
        actions.decline_registration(registration=going, reason="No", by=going.person, at=at)


def invited(admission: Admission, by: Person, at: datetime, address: str = "Thabo@example.org") -> AdmissionInvitation:
    return actions.invite(admission=admission, address=address, by=by, at=at)


def test_invite_mails_a_link_once(at: datetime) -> None:
    admission = list_of(1, at + timedelta(days=30), how=Admission.How.INVITATION)
    organiser = with_team(admission)
    one = invited(admission, organiser, at)
    assert invited(admission, organiser, at, "thabo@example.org").pk == one.pk
    mail = OutboxMail.objects.get()
    assert token_of(Right.INVITATION, one.pk, one.nonce) in mail.text
    with pytest.raises(NotAllowed):
        invited(admission, PersonFactory(), at)


def test_accept_invitation_registers_once(at: datetime) -> None:
    admission = list_of(5, at + timedelta(days=30), how=Admission.How.INVITATION)
    invitation = invited(admission, with_team(admission), at)
    row = actions.accept_invitation(invitation=invitation, name="Thabo", language="fr", by=PHONE, at=at)
    assert (row.state, row.person.email) == (State.GOING, "thabo@example.org")
    again = actions.accept_invitation(invitation=invitation, name="Somebody", by=PHONE, at=at)
    assert again.pk == row.pk
    actions.give_up_seat(registration=row, by=row.person, at=at)
    assert actions.accept_invitation(invitation=invitation, name="Thabo", by=PHONE, at=at).state == State.GOING


def test_accept_invitation_where_the_team_says_yes_needs_no_yes(at: datetime) -> None:
    admission = list_of(1, at + timedelta(days=30), how=Admission.How.APPROVAL)
    invitation = invited(admission, with_team(admission), at)
    assert actions.accept_invitation(invitation=invitation, name="Thabo", by=PHONE, at=at).state == State.GOING


def test_decline_registration_ends_the_invitation_they_came_by(at: datetime) -> None:
    admission = list_of(5, at + timedelta(days=30), how=Admission.How.INVITATION)
    organiser = with_team(admission)
    invitation = invited(admission, organiser, at)
    row = actions.accept_invitation(invitation=invitation, name="Thabo", by=PHONE, at=at)
    actions.decline_registration(registration=row, reason="For teachers only", by=organiser, at=at)
    with pytest.raises(Refusal, match="invitation_withdrawn"):
        actions.accept_invitation(invitation=invitation, name="Thabo", by=PHONE, at=at)
    assert now_of(row).state == State.DECLINED
    anew = invited(admission, organiser, at)
    assert (anew.pk, OutboxMail.objects.filter(to_address="thabo@example.org").count()) == (invitation.pk, 2)
    assert actions.accept_invitation(invitation=anew, name="Thabo", by=PHONE, at=at).state == State.GOING


def test_withdraw_invitation_ends_its_link(at: datetime) -> None:
    admission = list_of(5, at + timedelta(days=30), how=Admission.How.INVITATION)
    organiser = with_team(admission)
    invitation = invited(admission, organiser, at)
    old = token_of(Right.INVITATION, invitation.pk, invitation.nonce)
    assert queries.invitation_by(old) is not None
    actions.withdraw_invitation(invitation=invitation, by=organiser, at=at)
    actions.withdraw_invitation(invitation=invitation, by=organiser, at=at)
    taken_back = queries.invitation_by(old)
    assert taken_back is not None
    assert taken_back.withdrawn_at == at, "its page says so, and lets nobody in"
    with pytest.raises(Refusal, match="invitation_withdrawn"):
        actions.accept_invitation(invitation=invitation, name="Thabo", by=PHONE, at=at)
    anew = invited(admission, organiser, at)
    assert (anew.pk, anew.withdrawn_at) == (invitation.pk, None)
    assert queries.invitation_by(old) is None, "the old link stays closed"


def test_withdraw_invitation_that_was_used_is_refused(at: datetime) -> None:
    admission = list_of(5, at + timedelta(days=30), how=Admission.How.INVITATION)
    organiser = with_team(admission)
    invitation = invited(admission, organiser, at)
    actions.accept_invitation(invitation=invitation, name="Thabo", by=PHONE, at=at)
    with pytest.raises(Refusal, match="invitation_used"):
        actions.withdraw_invitation(invitation=invitation, by=organiser, at=at)


def test_invite_an_address_that_had_three_mails_today_is_put_off(at: datetime) -> None:
    for _one in range(3):
        admission = list_of(5, at + timedelta(days=30))
        invited(admission, with_team(admission), at)
    admission = list_of(5, at + timedelta(days=30))
    with pytest.raises(Refusal, match=r"mail\.enough"):
        invited(admission, with_team(admission), at)
    assert OutboxMail.objects.count() == 3
    assert AdmissionInvitation.objects.count() == 3, "nothing half stored"
