"""How an answer asks to be stored: internal headers that never leave the house, and the rules that say no."""

import logging
from dataclasses import dataclass

from hallway.front.asgi import Headers, Request

log = logging.getLogger("hallway.front")

PREFIX = b"x-hallway-"
PERSONAL_COOKIES = (b"hallway_session", b"hallway_flash")
VARIES_BY = {"accept-language", "cookie", "accept-encoding", ""}


@dataclass(frozen=True, slots=True)
class Marks:
    """What an answer says about storing it:
    tags, revision it was built from, end, query names that matter.
    """

    tags: frozenset[str]
    seq: int | None
    good_until: float | None
    names: frozenset[str]


def take_marks(headers: Headers) -> tuple[Headers, Marks | None]:
    """Split an answer's headers into those for the client and what the internal ones say (None:
    not to store).
    """
    if not any(name.startswith(PREFIX) for name, _ in headers):
        return headers, None
    clean = [(name, value) for name, value in headers if not name.startswith(PREFIX)]
    said = {name: value.decode("latin-1") for name, value in headers if name.startswith(PREFIX)}
    try:
        marks = Marks(
            tags=frozenset(said[b"x-hallway-store"].split()),
            seq=int(said[b"x-hallway-seq"]) if b"x-hallway-seq" in said else None,
            good_until=float(said[b"x-hallway-good-until"]) if b"x-hallway-good-until" in said else None,
            names=frozenset(said.get(b"x-hallway-query", "").split()),
        )
    except (KeyError, ValueError) as error:
        log.error("An answer asks to be stored without a readable mark: %r", error)
        return clean, None
    return clean, marks


def is_personal(request: Request) -> bool:
    """Say whether an answer may be meant for one person: then the store is neither read nor filled."""
    cookie = request.headers.get(b"cookie")
    if cookie is not None and any(name in cookie for name in PERSONAL_COOKIES):
        return True
    return b"authorization" in request.headers


def reason_against(request: Request, status: int, headers: Headers) -> str | None:
    """Return why a marked answer must not be stored, or None when it is the same for everybody."""
    if request.method != "GET":
        return "not a GET"
    if is_personal(request):
        return "the request is personal"
    if status != 200:
        return f"status {status}"
    for name, value in headers:
        reason = _reason_in(name, value.decode("latin-1").lower())
        if reason is not None:
            return reason
    return None


def _reason_in(name: bytes, value: str) -> str | None:
    if name == b"set-cookie":
        return "it sets a cookie"
    if name == b"content-encoding":
        return "it is compressed already"
    if name == b"cache-control" and ("private" in value or "no-store" in value):
        return "Cache-Control forbids it"
    if name == b"vary" and not {part.strip() for part in value.split(",")} <= VARIES_BY:
        return f"it varies by {value}"
    if name.startswith(b"content-security-policy") and "'nonce-" in value:
        return "its policy holds a nonce"
    return None
