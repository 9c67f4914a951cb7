"""What the holder of a link may do, and the traces by which somebody who does not give their name is known again.

A trace is one-way, and there are two of everybody: what somebody wrote under their name carries another one than
what they did without it, so that no row with a name leads to one without. ``docs/decisions`` says what this is for.
"""

from __future__ import annotations

import base64
from enum import StrEnum

from django.utils.crypto import salted_hmac

from hallway.kit.actors import Actor, Visitor
from hallway.kit.links import token_of
from hallway.people.models import Person

from .models import Floor

# Who it is in the facts of everybody who did not give their name.
UNNAMED = Visitor("unnamed")


class Right(StrEnum):
    """What the holder of a link may do. How links are made is in ``kit/links.py``."""

    MODERATE = "hallway.questions.moderate"
    SPEAK = "hallway.questions.speak"
    FOLLOW = "hallway.questions.follow"


def _one_way(purpose: str, text: str) -> str:
    digest = salted_hmac(f"hallway.questions.{purpose}", text, algorithm="sha256").digest()
    return base64.urlsafe_b64encode(digest).decode().rstrip("=")


def trace_of(by: Actor, *, named: bool = False) -> str:
    """43 characters by which the same person or device is known again; who it is cannot be read from them.

    ``named`` is for what stands under a name, be it an account's or one that somebody typed.
    """
    return _one_way("named" if named else "trace", by.actor_key)


def traces_of(*actors: Actor) -> tuple[str, ...]:
    """All traces of somebody: of their account and, where that is given too, of their device."""
    return tuple(dict.fromkeys(trace_of(by, named=named) for by in actors for named in (False, True)))


def follower_key(question_id: int, recipient: str) -> str:
    """By which a recipient is found again among the followers of one question; with each question it is another."""
    return _one_way("follower", f"{question_id}:{recipient}")


def moderator_token(floor: Floor) -> str:
    """The token of the link by which somebody without an account moderates this floor."""
    return token_of(Right.MODERATE, floor.pk, moderator_nonce(floor))


def moderator_nonce(floor: Floor) -> str:
    """What the links for moderators are made of. Those of speakers are made of the floor's nonce and live on."""
    return f"{floor.nonce}:moderators:{floor.moderator_links}"


def speaker_token(floor: Floor, person: Person) -> str:
    """The token by which a speaker of this floor answers without signing in."""
    return token_of(Right.SPEAK, floor.pk, f"{floor.nonce}:{person.pk}")
