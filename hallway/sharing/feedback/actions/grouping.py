"""Cards that say the same stand together, by the hand of the makers or a team."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from hallway.kit import store
from hallway.kit.actors import Actor
from hallway.kit.facts import announce
from hallway.kit.held import held
from hallway.kit.refusal import Refusal, require
from hallway.people.actions.staying import stay

from .. import policies
from ..facts import CardParted, CardsJoined
from ..models import Card, CardGroup

_NOT_YOURS = _("Only the makers, and the team of the event the cards come from, can put cards together.")


def join_cards(*, group: CardGroup, other: CardGroup, by: Actor, at: datetime) -> CardGroup:
    """Put the cards of ``other`` to those of ``group``. Who wrote one hears of the answer like the others."""
    if group.product_id != other.product_id or group.pk == other.pk:
        raise Refusal("card.not_alike", _("Choose cards about the same tool."))
    with transaction.atomic():
        stay(by)
        held(group.product, "card.product_gone")
        kept, gone = held(group, "card.gone"), held(other, "card.gone")
        for one in (kept, gone):
            require(policies.can_join_cards(by, one), "card.not_maker", _NOT_YOURS)
        if gone.answered_at is not None or gone.fixed_at is not None:
            if kept.answered_at is not None or kept.fixed_at is not None:
                raise Refusal(
                    "card.both_answered",
                    _("Both were answered already. Take one answer back, then put the cards together."),
                )
            kept, gone = gone, kept
        gone.cards.update(group=kept)
        gone.delete()
        announce(CardsJoined(product_id=kept.product_id), by=by, at=at)
        store.bump("products", f"product:{kept.product_id}")
    return kept


def part_card(*, card: Card, by: Actor, at: datetime) -> CardGroup:
    """Let a card stand by itself again: it said something else."""
    with transaction.atomic():
        stay(by)
        held(card.product, "card.product_gone")
        row = held(card, "card.gone")
        require(policies.can_join_cards(by, row.group), "card.not_maker", _NOT_YOURS)
        if not Card.objects.filter(group=row.group_id).exclude(pk=row.pk).exists():
            return row.group
        # Its key goes with it, so that the next card of its words finds it and not the others.
        made = CardGroup.objects.create(product_id=row.product_id, made_at=at)
        Card.objects.filter(group=row.group_id, kind=row.kind, likeness=row.likeness).exclude(likeness="").update(
            group=made
        )
        Card.objects.filter(pk=row.pk).update(group=made)
        CardGroup.objects.filter(product=row.product_id, cards=None).delete()
        announce(CardParted(product_id=row.product_id), by=by, at=at)
        store.bump("products", f"product:{row.product_id}")
    return made
