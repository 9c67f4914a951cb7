"""Links that stand for a right: ``12.dGhpcyBpcyBub3QgYSBzZWNyZXQ``, an id and 144 bits only this instance can make.

Nothing in the database opens a link: the bits come from the instance's key and the row's ``nonce``. A new nonce ends
the old links. A right is named with its package: ``hallway.attendance.confirm``.
"""

from __future__ import annotations

import base64
import re
import secrets

from django.utils.crypto import constant_time_compare, salted_hmac

_SHAPE = re.compile(r"([1-9]\d{0,17})\.([A-Za-z0-9_-]{24})")
# Without 0, 1, I and O, which are taken for one another.
ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"


def new_nonce() -> str:
    """128 random bits as 22 characters."""
    return secrets.token_urlsafe(16)


def new_code() -> str:
    """Six letters and figures that cannot be taken for one another."""
    return "".join(secrets.choice(ALPHABET) for _place in range(6))


def as_typed(code: str) -> str:
    """A code as somebody types it: without spaces and hyphens, in capital letters."""
    return re.sub(r"[\s-]", "", code).upper()


def token_of(right: str, pk: int, nonce: str) -> str:
    """The token of a row for a right."""
    return f"{pk}.{_bits(right, pk, nonce)}"


def id_in(token: str) -> int:
    """The id a token speaks of, or 0, which nothing has, when it is not shaped like one. It need not be true."""
    match = _SHAPE.fullmatch(token)
    return int(match[1]) if match else 0


def is_true(right: str, token: str, pk: int, nonce: str) -> bool:
    """Whether the token gives this right over this row."""
    return constant_time_compare(token, token_of(right, pk, nonce))


def _bits(right: str, pk: int, nonce: str) -> str:
    digest = salted_hmac(right, f"{pk}:{nonce}", algorithm="sha256").digest()
    return base64.urlsafe_b64encode(digest[:18]).decode()
