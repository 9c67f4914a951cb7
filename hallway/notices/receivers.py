"""Notices' part in what others need: it carries their mail, and forgets the mail of people who left."""

from __future__ import annotations

from typing import Any

from hallway.kit import export, mailing
from hallway.kit.facts import inside
from hallway.kit.models import FactRow
from hallway.people.facts import PersonLeft, PersonsMerged
from hallway.people.models import Person

from .actions import send_notice
from .models import OutboxMail

mailing.carrier(send_notice)


@inside(PersonLeft)
def mail_is_forgotten(fact: PersonLeft, row: FactRow) -> None:
    """Mail to somebody who left is neither sent nor kept."""
    OutboxMail.objects.filter(to_person_id=fact.person_id).delete()


@inside(PersonsMerged)
def mail_moves(fact: PersonsMerged, row: FactRow) -> None:
    """Mail belongs to the person who stays."""
    OutboxMail.objects.filter(to_person_id=fact.gone_id).update(to_person_id=fact.person_id)


def mail_of(person: Person) -> list[Any]:
    """For the export: what was written to them lately, without the codes of sign-in mail."""
    rows = OutboxMail.objects.filter(to_person=person, kind=OutboxMail.Kind.NOTICE).order_by("created_at")
    return list(rows.values("subject", "text", "attachments", "language", "to_address", "created_at", "sent_at"))


export.contributes("mail", mail_of)
