"""Short-lived proofs that a reader may open a private live channel; checked without session or database."""

import base64
import hashlib
import hmac
import time


def sign(channel: str, key: bytes, expires: int) -> str:
    """Return a token for one channel that holds until the unix second `expires`."""
    return f"{expires}.{_signature(channel, key, expires)}"


def check(channel: str, token: str, key: bytes, now: float | None = None) -> int | None:
    """Return the unix second at which a good token ends, or None for a forged, foreign or outdated one."""
    stamp, _, signature = token.partition(".")
    if not (stamp.isascii() and stamp.isdecimal() and len(stamp) <= 12 and signature.isascii()):
        return None
    expires = int(stamp)
    if not hmac.compare_digest(signature, _signature(channel, key, expires)):
        return None
    return expires if expires > (time.time() if now is None else now) else None


def _signature(channel: str, key: bytes, expires: int) -> str:
    digest = hmac.digest(key, f"hallway.live\n{expires}\n{channel}".encode(), hashlib.sha256)
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
