"""What the team decides: yes, no, and whom it invites."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from hallway.kit import store
from hallway.kit.actors import Actor
from hallway.kit.facts import announce
from hallway.kit.held import held
from hallway.kit.links import new_nonce, token_of
from hallway.kit.pace import require_pace
from hallway.kit.refusal import Refusal, require
from hallway.notices.actions import send_notice
from hallway.people.actions import know_by_address
from hallway.people.models import Person

from .. import policies, queries
from ..facts import InvitationSent, InvitationWithdrawn, RegistrationApproved, RegistrationDeclined
from ..models import Admission, AdmissionInvitation, Registration, SeatOffer
from ..tokens import Right
from .registering import register
from .rows import NOT_TEAM, again, locked, locked_person
from .seats import close_offer, give_up_workshops, goes_at_once, let_stand, pass_on, put, refuse_unless_on

State = Registration.State
MOST_INVITATIONS = 200


def approve_registration(*, registration: Registration, by: Actor, at: datetime) -> Registration:
    """Say yes to somebody who asked: a seat, or the place in line they have since they asked. Twice is once."""
    require(policies.can_run_registrations(by, registration.admission.event), "attendance.not_team", NOT_TEAM)
    with transaction.atomic():
        admission = locked(registration.admission)
        row = again(registration, admission)
        if row.state in {State.GOING, State.WAITING, State.OFFERED}:
            return row
        if row.state != State.ASKED:
            raise Refusal("attendance.not_asked", _("This person gave up or was declined. Invite them instead."))
        refuse_unless_on(admission, at)
        put(row, State.GOING if goes_at_once(admission, row.seats, at) else State.WAITING, at)
        fact = RegistrationApproved(registration_id=row.pk, event_id=admission.event_id, state=row.state)
        announce(fact, by=by, at=at)
        let_stand(row, by=by, at=at)
    return row


def decline_registration(*, registration: Registration, reason: str, by: Actor, at: datetime) -> Registration:
    """Say no, and why. A seat that was held goes to the next in line, those at workshops too. Twice is once.

    An invitation they came by is taken back with that: its link would let them in again.
    """
    require(policies.can_run_registrations(by, registration.admission.event), "attendance.not_team", NOT_TEAM)
    reason = reason.strip()
    if not reason:
        raise Refusal("attendance.no_reason", _("Say why: one friendly sentence is enough."), field="reason")
    with transaction.atomic(), store.bumped_last():
        admission = locked(registration.admission)
        row = again(registration, admission)
        if row.state not in queries.ALIVE:
            return row
        close_offer(row, SeatOffer.Outcome.WITHDRAWN, at)
        row.reason = reason[:500]
        row.save(update_fields=["reason"])
        put(row, State.DECLINED, at)
        row.invitations.filter(withdrawn_at=None).update(withdrawn_at=at)
        announce(RegistrationDeclined(registration_id=row.pk, event_id=admission.event_id), by=by, at=at)
        give_up_workshops(row, "", by=by, at=at)
        pass_on(admission, by=by, at=at)
    return row


def invite(*, admission: Admission, address: str, by: Person, at: datetime) -> AdmissionInvitation:
    """Mail an address a link with which it may register, where others may not. The same address is invited once."""
    require(policies.can_run_registrations(by, admission.event), "attendance.not_team", NOT_TEAM)
    require_pace(InvitationSent, most=MOST_INVITATIONS, by=by, at=at)
    address = address.strip().lower()
    with transaction.atomic():
        row = locked(admission)
        invitation = AdmissionInvitation.objects.filter(admission=row, address=address).first()
        if invitation is not None and invitation.withdrawn_at is None:
            return invitation
        if invitation is None:
            invitation = AdmissionInvitation(admission=row, address=address, created_at=at)
        invitation.nonce, invitation.invited_by, invitation.withdrawn_at = new_nonce(), by, None
        invitation.save()
        announce(InvitationSent(invitation_id=invitation.pk, event_id=row.event_id), by=by, at=at)
        token = token_of(Right.INVITATION, invitation.pk, invitation.nonce)
        send_notice(
            template="attendance/mail/invited",
            context={
                "admission": row,
                "event": row.event,
                "url": settings.HALLWAY_BASE_URL + reverse("attendance:invitation", args=[token]),
            },
            to_address=address,
            language=(get_language() or "en")[:2],
            by=by,
            at=at,
        )
    return invitation


def withdraw_invitation(*, invitation: AdmissionInvitation, by: Actor, at: datetime) -> None:
    """Take an invitation back before it was used; afterwards decline the registration instead."""
    require(policies.can_run_registrations(by, invitation.admission.event), "attendance.not_team", NOT_TEAM)
    with transaction.atomic():
        row = held(invitation, "attendance.invitation_gone")
        if row.withdrawn_at is not None:
            return
        if row.registration_id is not None:
            raise Refusal("attendance.invitation_used", _("They registered already. Decline the registration instead."))
        row.withdrawn_at = at
        row.save(update_fields=["withdrawn_at"])
        announce(InvitationWithdrawn(invitation_id=row.pk, event_id=row.admission.event_id), by=by, at=at)


def accept_invitation(
    *,
    invitation: AdmissionInvitation,
    name: str,
    guests: int = 0,
    online: bool = False,
    answers: dict[int, str] | None = None,
    language: str = "",
    by: Actor,
    at: datetime,
) -> Registration:
    """Whoever holds a mailed invitation registers. The same link again gives the same registration."""
    with transaction.atomic(), store.bumped_last():
        there = AdmissionInvitation.objects.select_related("registration").filter(pk=invitation.pk).first()
        if there is not None and there.registration is not None and there.registration.state in queries.ALIVE:
            return there.registration
        # Person, admission, invitation: leaving and declining take them in that order.
        person = locked_person(know_by_address(email=invitation.address, name=name, language=language, by=by, at=at))
        admission = locked(invitation.admission)
        row = held(invitation, "attendance.invitation_gone")
        if row.withdrawn_at is not None:
            raise Refusal("attendance.invitation_withdrawn", _("The team took this invitation back."), status=410)
        return register(
            admission=admission, person=person, name=name, guests=guests, online=online, answers=answers,
            invitation=row, by=person, at=at,
        )  # fmt: skip
