"""Texts sealed with the instance's key: a copy of the database does not say them."""

from __future__ import annotations

import base64

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.utils.crypto import salted_hmac

# A sealed text would carry the second it was sealed in, in clear.
_NO_TIME = 0


def _box(key: str | bytes) -> Fernet:
    digest = salted_hmac("hallway.kit.sealed", "", secret=key, algorithm="sha256").digest()
    return Fernet(base64.urlsafe_b64encode(digest))


def seal(text: str) -> str:
    """The text as nobody reads it; twice the same text is sealed in two ways."""
    return _box(settings.SECRET_KEY).encrypt_at_time(text.encode(), _NO_TIME).decode("ascii")


def unseal(sealed: str) -> str | None:
    """The text again, or None where this instance has not sealed it."""
    try:
        keys = (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
        return MultiFernet([_box(key) for key in keys]).decrypt(sealed.encode()).decode()
    except InvalidToken:
        return None
