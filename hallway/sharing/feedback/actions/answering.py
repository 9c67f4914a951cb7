"""The makers answer, say what is fixed, and take the cards out; whoever wrote one hears of each once."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from hallway.kit import store
from hallway.kit.actors import Actor, SystemPerson
from hallway.kit.facts import announce
from hallway.kit.held import held
from hallway.kit.links import token_of
from hallway.kit.refusal import Refusal, require
from hallway.notices.actions import EnoughMail, send_notice
from hallway.people.actions.staying import stay
from hallway.people.models import Person

from .. import policies
from ..facts import AnswerHidden, CardsAnswered, CardsFixed, CardWriterTold, IssuesTaken
from ..models import Card, CardGroup, Product
from ..tokens import Right

_NOT_MAKER = _("Only the makers of this tool can do that. Prove that you are one on its page.")
_NOT_ADMINISTRATOR = _("Only the administration hides what makers answer. Report it, and they look at it.")
_is_web = URLValidator(schemes=["https", "http"])


def answer_cards(*, group: CardGroup, text: str, by: Actor, at: datetime) -> None:
    """Answer cards that say the same, for everybody to read; an empty text takes the answer back."""
    with transaction.atomic():
        _speak_for(group.product, by)
        row = held(group, "card.gone")
        if row.answer == text:
            return
        row.answered_at = (row.answered_at or at) if text else None
        row.answer = text
        row.answered_by = by if isinstance(by, Person) and text else None
        row.save(update_fields=["answer", "answered_at", "answered_by"])
        announce(CardsAnswered(product_id=row.product_id, group_id=row.pk), by=by, at=at)
        store.bump("products", f"product:{row.product_id}")


def _speak_for(product: Product, by: Actor) -> None:
    """Hold the tool, with which nobody ends speaking for it meanwhile, and whoever does. Refused to everybody else."""
    stay(by)
    row = held(product, "card.product_gone")
    require(policies.can_speak_for(by, row), "card.not_maker", _NOT_MAKER)


def hide_answer(*, group: CardGroup, by: Actor, at: datetime) -> None:
    """Take what the makers answered out of sight; a new text stays so, too. Twice is once."""
    _set_hidden(group, at, by=by, at=at)


def show_answer(*, group: CardGroup, by: Actor, at: datetime) -> None:
    """Show it again."""
    _set_hidden(group, None, by=by, at=at)


def _set_hidden(group: CardGroup, hidden_at: datetime | None, *, by: Actor, at: datetime) -> None:
    require(policies.can_hide_answer(by), "card.not_administrator", _NOT_ADMINISTRATOR)
    with transaction.atomic():
        row = held(group, "card.gone")
        if (row.answer_hidden_at is None) == (hidden_at is None):
            return
        row.answer_hidden_at = hidden_at
        row.save(update_fields=["answer_hidden_at"])
        announce(AnswerHidden(product_id=row.product_id, group_id=row.pk, hidden=hidden_at is not None), by=by, at=at)
        store.bump("products", f"product:{row.product_id}")


def mark_fixed(
    *, group: CardGroup, version: str = "", url: str = "", fixed: bool = True, by: Actor, at: datetime
) -> None:
    """Say in which version it is better, and where one can read about it; or take that back."""
    if fixed and not version and not url:
        raise Refusal("card.no_version", _("Name the version, or a page that says what changed."), field="version")
    if fixed and url:
        try:
            _is_web(url)
        except ValidationError as error:
            raise Refusal(
                "card.no_link", _("This is not an address on the web. It begins with https://."), field="url"
            ) from error
    with transaction.atomic():
        _speak_for(group.product, by)
        row = held(group, "card.gone")
        said = (version, url, True) if fixed else ("", "", False)
        if (row.fixed_in, row.fixed_url, row.fixed_at is not None) == said:
            return
        row.fixed_in, row.fixed_url = said[:2]
        row.fixed_at = (row.fixed_at or at) if fixed else None
        row.fixed_by = by if isinstance(by, Person) and fixed else None
        row.save(update_fields=["fixed_in", "fixed_url", "fixed_at", "fixed_by"])
        announce(CardsFixed(product_id=row.product_id, group_id=row.pk, fixed=fixed), by=by, at=at)
        store.bump("products", f"product:{row.product_id}")


def take_out_issues(*, product: Product, what: str, by: Actor, at: datetime) -> None:
    """Note that a maker took the cards out, as ``markdown`` or ``table``; nothing in them says who wrote."""
    with transaction.atomic():
        _speak_for(product, by)
        announce(IssuesTaken(product_id=product.pk, what=what), by=by, at=at)


def tell_card_writer(*, card_id: int, by: SystemPerson, at: datetime) -> bool:
    """Mail whoever wrote a card of the answer and of the fix, each once. Returns whether a mail was written."""
    require(isinstance(by, SystemPerson), "card.not_hallway", _("Hallway itself does that, by the clock."))
    with transaction.atomic():
        rows = Card.objects.select_for_update(no_key=True, of=("self",)).select_related("group__product", "writer")
        card = rows.filter(pk=card_id, hidden_at=None).first()
        if card is None:
            return False
        group = card.group
        news = [
            name
            for name, so, told in (
                ("answer", None if group.answer_hidden_at else group.answered_at, card.answer_told_at),
                ("fix", group.fixed_at, card.fix_told_at),
            )
            if so is not None and told is None
        ]  # fmt: skip
        if not news or not _mail(card, news, by=by, at=at):
            return False
        for name in news:
            setattr(card, f"{name}_told_at", at)
        card.save(update_fields=[f"{name}_told_at" for name in news])
        announce(CardWriterTold(card_id=card.pk, what=" ".join(news)), by=by, at=at)
    return True


def _mail(card: Card, news: list[str], *, by: SystemPerson, at: datetime) -> bool:
    token = token_of(Right.CARD, card.pk, card.nonce)
    try:
        with transaction.atomic():
            mail = send_notice(
                template="feedback/mail/card",
                context={
                    "card": card, "group": card.group, "product": card.group.product, "news": news,
                    "answered": "answer" in news, "fixed": "fix" in news,
                    # Nobody confirmed the address: what strangers wrote is read behind the link.
                    "is_stranger": card.writer is None,
                    "url": settings.HALLWAY_BASE_URL + reverse("feedback:card", args=[token]),
                },
                to_person=card.writer,
                to_address=card.address or None,
                language=(card.writer.page_language if card.writer else "") or card.language,
                dedupe_key=f"feedback:card:{card.pk}:{'-'.join(news)}",
                by=by,
                at=at,
            )  # fmt: skip
    except EnoughMail:
        return False
    return mail is not None
