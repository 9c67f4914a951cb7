"""Blocking somebody, and no longer: silent, mutual, and between persons alone."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from hallway.kit.facts import announce
from hallway.kit.pace import require_pace
from hallway.kit.refusal import Refusal, require

from .. import policies
from ..facts import PersonBlocked, PersonUnblocked
from ..models import Person, PersonBlock

MOST_A_DAY = 100
NOT_SIGNED_IN = _("Sign in to block somebody: a block is between two people.")


def block_person(*, person: Person, by: Person, at: datetime) -> PersonBlock:
    """Let two people no longer meet here: neither sees the other where people see people. Twice is once.

    The one who is blocked hears nothing of it. Programmes, and texts without a name, stay as they are.
    """
    require(policies.can_block(by), "person.block_sign_in", NOT_SIGNED_IN)
    if person.pk == by.pk:
        raise Refusal("person.block_oneself", _("This is you. Choose somebody else to block."))
    require_pace(PersonBlocked, most=MOST_A_DAY, by=by, at=at)
    with transaction.atomic():
        # Both, in the order of their ids: either may be leaving, or becoming one with somebody, at this moment.
        rows = Person.objects.select_for_update(no_key=True).in_bulk(sorted({by.pk, person.pk}))
        if len(rows) < 2 or any(row.left_at is not None or row.merged_into_id is not None for row in rows.values()):
            raise Refusal("person.gone", _("This person is no longer here, so there is nobody to block."), status=404)
        block, made = PersonBlock.objects.get_or_create(blocker=by, blocked=person, defaults={"since": at})
        if made:
            announce(PersonBlocked(person_id=by.pk, blocked_id=person.pk), by=by, at=at)
    return block


def unblock_person(*, person: Person, by: Person, at: datetime) -> None:
    """Let somebody be seen again. If they blocked in turn, that stays. Twice is once."""
    require(policies.can_block(by), "person.block_sign_in", NOT_SIGNED_IN)
    with transaction.atomic():
        gone, _rows = PersonBlock.objects.filter(blocker=by, blocked=person).delete()
        if gone:
            announce(PersonUnblocked(person_id=by.pk, blocked_id=person.pk), by=by, at=at)
