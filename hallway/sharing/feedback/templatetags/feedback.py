"""Addresses that stand for a right, and tapped words, in templates."""

from __future__ import annotations

from collections.abc import Iterable

from django import template
from django.urls import reverse
from django.utils.functional import Promise

from hallway.kit.links import token_of
from hallway.sharing.feedback.models import Card, Maker
from hallway.sharing.feedback.tokens import Right
from hallway.sharing.feedback.wording import WORDS, known

register = template.Library()


@register.simple_tag
def maker_url(maker: Maker) -> str:
    """The makers' page."""
    return reverse("feedback:maker", args=[token_of(Right.MAKER, maker.pk, maker.nonce)])


@register.simple_tag
def card_url(card: Card) -> str:
    """The page of a card, its writer's alone."""
    return reverse("feedback:card", args=[token_of(Right.CARD, card.pk, card.nonce)])


@register.filter
def as_words(codes: Iterable[str]) -> list[Promise]:
    """Tapped words as people read them."""
    return [WORDS[code] for code in known(codes)]
