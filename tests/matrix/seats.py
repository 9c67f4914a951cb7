"""Registrations of the world: one in line that a link opens, and others whose names nobody outside may read."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from hallway.gathering.attendance.models import (
    AdmissionAnswer,
    AdmissionInvitation,
    AdmissionQuestion,
    Registration,
    RegistrationRequest,
)
from hallway.gathering.attendance.tokens import Right
from hallway.gathering.events.models import Event
from hallway.kit.links import token_of
from tests.factories import NOW, AdmissionFactory, PersonFactory, RegistrationFactory


def make_seats(event: Event, secret: str) -> dict[str, Any]:
    """A list with somebody going, somebody in line, a workshop, a request and an invitation; ids and tokens."""
    admission = AdmissionFactory(event=event, capacity=1, reason={"en": "We are few."})
    workshop = AdmissionFactory(event=event, is_event=False, title={"en": "Rust"}, capacity=5)
    going = RegistrationFactory(
        admission=admission, name=f"{secret} name", message=f"{secret} message", reason=f"{secret} why"
    )
    question = AdmissionQuestion.objects.create(
        admission=admission, text={"en": "What do you build?"}, purpose={"en": "To seat you well"}
    )
    AdmissionAnswer.objects.create(registration=going, question=question, text=f"{secret} answer")
    row = RegistrationFactory(admission=admission, person=PersonFactory(), state=Registration.State.WAITING)
    request = RegistrationRequest.objects.create(
        admission=workshop, address="amina@example.org", nonce=f"request-{event.pk}", created_at=NOW,
        expires_at=NOW + timedelta(days=99_999),
    )  # fmt: skip
    invitation = AdmissionInvitation.objects.create(
        admission=admission, address="vip@example.org", nonce=f"invitation-{event.pk}", created_at=NOW
    )
    return {
        "admission": workshop.pk,
        "person": going.pk,
        "question": question.pk,
        "asked_to_come": invitation.pk,
        "registrations/confirm/": token_of(Right.CONFIRM, request.pk, request.nonce),
        "registrations/invited/": token_of(Right.INVITATION, invitation.pk, invitation.nonce),
        "registrations/": token_of(Right.REGISTRATION, row.pk, row.nonce),
    }
