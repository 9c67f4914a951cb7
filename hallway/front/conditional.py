"""Conditional requests: may the client keep what it has?"""

import hashlib
from email.utils import formatdate, parsedate_to_datetime
from functools import lru_cache


def not_modified(if_none_match: str, if_modified_since: str, etag: str, last_modified: int | None) -> bool:
    """Say whether to answer 304, given the two raw headers and the answer's quoted ETag and unix second.

    If-None-Match decides alone when present. `last_modified` None means that the page is too new to be dated.
    """
    if if_none_match:
        return _matches(if_none_match, etag)
    if not if_modified_since or last_modified is None:
        return False
    since = read_date(if_modified_since)
    return since is not None and since >= last_modified


def _matches(header: str, etag: str) -> bool:
    if header.strip() == "*":
        return True
    return any(candidate.strip().removeprefix("W/") == etag for candidate in header.split(","))


def digest_of(body: bytes) -> str:
    """Return what the ETags of a body are made of."""
    return hashlib.blake2b(body, digest_size=12).hexdigest()


def write_etag(digest: str, coding: str) -> str:
    """Return the quoted ETag of a body in a coding: each coding has its own."""
    return f'"{digest}"' if coding == "identity" else f'"{digest}-{coding}"'


@lru_cache(maxsize=1024)
def read_date(value: str) -> int | None:
    """Return an HTTP date as a unix second, or None when it cannot be read."""
    try:
        return int(parsedate_to_datetime(value).timestamp())
    except (ValueError, TypeError, OverflowError):
        return None


def write_date(second: float) -> bytes:
    """Return a unix second as an HTTP date."""
    return formatdate(second, usegmt=True).encode()


@lru_cache(maxsize=512)
def best_coding(accept_encoding: bytes) -> str:
    """Return "br", "gzip" or "identity": the best coding we keep that a raw Accept-Encoding header allows."""
    weights: dict[str, float] = {}
    for part in accept_encoding[:500].decode("latin-1").lower().split(","):
        name, _, parameters = part.partition(";")
        quality = parameters.strip().removeprefix("q=") if parameters else "1"
        try:
            weights[name.strip()] = float(quality)
        except ValueError:
            weights[name.strip()] = 0.0
    anything = weights.get("*", 0.0)
    ranked = sorted(("br", "gzip"), key=lambda coding: weights.get(coding, anything), reverse=True)
    return ranked[0] if weights.get(ranked[0], anything) > 0 else "identity"
