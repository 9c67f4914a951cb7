"""The first start: a token on the console lets whoever started the instance become its administrator."""

from __future__ import annotations

import logging
import os
import secrets
from pathlib import Path

from django.conf import settings

from hallway.people.queries import there_is_an_administrator

log = logging.getLogger("hallway.start")


def token_file() -> Path:
    return Path(settings.HALLWAY_DATA) / "first-start.token"


def prepare() -> str | None:
    """Called when the server starts: make the token and print the address, unless somebody is administrator.

    Returns the address, or None when there is nothing to start. The token is read by its owner alone.
    """
    if settings.HALLWAY_DEMO or there_is_an_administrator():
        token_file().unlink(missing_ok=True)
        return None
    try:
        handle = os.open(token_file(), os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        token = token_file().read_text(encoding="ascii").strip()
    else:
        token = secrets.token_urlsafe(32)
        with os.fdopen(handle, "w", encoding="ascii") as file:
            file.write(token)
    address = f"{settings.HALLWAY_BASE_URL}/instance/start/?token={token}"
    log.warning("This instance has no administrator yet. Become it here: %s", address)
    return address


def is_due() -> bool:
    """Whether the first page should lead to the first start. Only instances for real start this way."""
    return settings.HALLWAY_MODE == "production" and token_file().exists()


def fits(token: str) -> bool:
    """Whether this is the token of the console."""
    try:
        right = token_file().read_text(encoding="ascii").strip()
    except FileNotFoundError:
        return False
    return bool(right) and secrets.compare_digest(right.encode(), token.encode(errors="replace"))


def finish() -> None:
    """The token opens nothing any more."""
    token_file().unlink(missing_ok=True)
