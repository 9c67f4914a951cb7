"""A card for the makers of a tool: written, taken back, hidden, and the address behind it forgotten."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from hallway.kit import store
from hallway.kit.actors import Actor
from hallway.kit.facts import announce
from hallway.kit.held import held
from hallway.kit.links import is_true, new_nonce
from hallway.kit.pace import require_pace
from hallway.kit.refusal import Refusal, require
from hallway.people.actions.staying import stay
from hallway.people.models import Person
from hallway.programme.schedule.models import Session

from .. import policies
from ..facts import CardAddressForgotten, CardHidden, CardTakenBack, CardWritten
from ..likeness import key_of
from ..models import Card, CardGroup
from ..tokens import Right
from .products import product_named

MOST_A_DAY = 20
MOST_VISITORS = 300
_NOT_HERE = _("You cannot write a card from this session. Look at another one, or ask the team of the event.")
_NOT_YOURS = _("Only whoever wrote this card can do that.")
_NOT_TEAM = _("Only the team of the event and the administration can hide a card, and nobody their own.")


def write_card(
    *,
    session: Session,
    tool: str,
    kind: str,
    text: str,
    url: str = "",
    address: str = "",
    named: bool = False,
    language: str = "en",
    by: Actor,
    at: datetime,
) -> Card:
    """Say to the makers of a tool what one would do with it, or what gets in the way. The same twice is one card.

    ``tool`` is its name as people say it; a tool nobody named before is added, with ``url`` if it is known. Somebody
    without an account may leave an address: it gets the answer, and nobody else gets it.
    """
    if kind not in Card.Kind.values:
        raise Refusal("card.no_kind", _("Say whether it interests you or gets in your way."), field="kind")
    if not text:
        raise Refusal("card.empty", _("Write a sentence: the makers read nothing else."), field="text")
    person = by if isinstance(by, Person) else None
    with transaction.atomic():
        stay(by)
        # Whoever shuts somebody out holds them: the right is asked for when nobody can take it any more.
        require(policies.can_write_card(by, session), "card.not_here", _NOT_HERE)
        require_pace(CardWritten, most=MOST_A_DAY, by=by, at=at)
        _require_room(session, by)
        product = held(product_named(name=tool, url=url, by=by, at=at), "card.product_gone")
        key = key_of(text)
        mine = Card.objects.filter(product=product, kind=kind, text=text, writer_key=by.actor_key).first()
        if mine is not None:
            return mine
        alike = Card.objects.filter(product=product, kind=kind, likeness=key).exclude(likeness="")
        first = alike.select_related("group").order_by("pk").first()
        group = first.group if first else CardGroup.objects.create(product=product, made_at=at)
        card = Card.objects.create(
            product=product, group=group, kind=kind, text=text, language=language, likeness=key, session=session,
            talk_id=session.talk_id, writer=person, writer_key=by.actor_key,
            address="" if person else address.strip().lower(), named=named and person is not None, nonce=new_nonce(),
            # What is answered already they read at once.
            written_at=at, answer_told_at=at if group.answered_at else None, fix_told_at=at if group.fixed_at else None,
        )  # fmt: skip
        announce(CardWritten(product_id=product.pk), by=by, at=at)
        store.bump(*tags_of(card))
    return card


def _require_room(session: Session, by: Actor) -> None:
    if not isinstance(by, Person) and Card.objects.filter(session=session, writer=None).count() >= MOST_VISITORS:
        raise Refusal(
            "card.crowded",
            _("Very many cards were written here without an account. Sign in, then yours is taken too."),
            status=429,
        )


def tags_of(card: Card) -> list[str]:
    """Stored pages that show a card: the product’s, the list, and those of its talk."""
    return ["products", f"product:{card.product_id}", *([f"feedback:{card.talk_id}"] if card.talk_id else [])]


def take_back_card(*, card: Card, token: str = "", by: Actor, at: datetime) -> None:
    """It is its writer's: by their account, their device, or the link in a mail. Nobody reads it from now on."""
    require(_is_writer(card, token, by), "card.not_yours", _NOT_YOURS)
    with transaction.atomic():
        held(card.product, "card.product_gone")
        row = held(card, "card.gone")
        group_id = row.group_id
        row.delete()
        CardGroup.objects.filter(pk=group_id, cards=None).delete()
        announce(CardTakenBack(product_id=card.product_id), by=by, at=at)
        store.bump(*tags_of(card))


def forget_card_address(*, card: Card, token: str = "", by: Actor, at: datetime) -> None:
    """No mail about this card any more; the card stays, without an address."""
    require(_is_writer(card, token, by), "card.not_yours", _NOT_YOURS)
    with transaction.atomic():
        row = held(card, "card.gone")
        if not row.address:
            return
        row.address = ""
        row.save(update_fields=["address"])
        announce(CardAddressForgotten(product_id=row.product_id), by=by, at=at)


def _is_writer(card: Card, token: str, by: Actor) -> bool:
    return policies.can_take_back(by, card) or is_true(Right.CARD, token, card.pk, card.nonce)


def hide_card(*, card: Card, by: Actor, at: datetime) -> None:
    """Take a card out of sight, also from the makers."""
    _set_hidden(card, at, by=by, at=at)


def show_card(*, card: Card, by: Actor, at: datetime) -> None:
    """Show a card again that was hidden."""
    _set_hidden(card, None, by=by, at=at)


def _set_hidden(card: Card, hidden_at: datetime | None, *, by: Actor, at: datetime) -> None:
    require(policies.can_hide_card(by, card), "card.not_team", _NOT_TEAM)
    with transaction.atomic():
        row = held(card, "card.gone")
        if (row.hidden_at is None) == (hidden_at is None):
            return
        row.hidden_at = hidden_at
        row.save(update_fields=["hidden_at"])
        announce(CardHidden(product_id=row.product_id, card_id=row.pk, hidden=hidden_at is not None), by=by, at=at)
        store.bump(*tags_of(row))
