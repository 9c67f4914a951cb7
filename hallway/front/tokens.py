"""Short-lived proofs of who opens a live channel; checked without session or database."""

import base64
import hashlib
import hmac
import time
from typing import NamedTuple


class Pass(NamedTuple):
    """What a good token says: until which unix second it holds, and who listens (None: nobody it names)."""

    until: int
    viewer: int | None


def sign(channel: str, key: bytes, expires: int, viewer: int | None = None) -> str:
    """Return a token for one channel that holds until the unix second `expires`, for a person by their id."""
    stamp = f"{expires}.{viewer or 0}"
    return f"{stamp}.{_signature(channel, key, stamp)}"


def check(channel: str, token: str, key: bytes, now: float | None = None) -> Pass | None:
    """Return what a good token says, or None for a forged, foreign or outdated one."""
    stamp, _, signature = token.rpartition(".")
    expires, _, viewer = stamp.partition(".")
    if not (_is_number(expires, 12) and _is_number(viewer, 19) and signature.isascii()):
        return None
    if not hmac.compare_digest(signature, _signature(channel, key, stamp)):
        return None
    return Pass(int(expires), int(viewer) or None) if int(expires) > (time.time() if now is None else now) else None


def _is_number(text: str, digits: int) -> bool:
    return text.isascii() and text.isdecimal() and len(text) <= digits


def _signature(channel: str, key: bytes, stamp: str) -> str:
    digest = hmac.digest(key, f"hallway.live\n{stamp}\n{channel}".encode(), hashlib.sha256)
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
