"""The shapes of ASGI the front speaks: a request read once, short answers, a reader who leaves."""

import asyncio
import time
from collections.abc import Awaitable, Callable, MutableMapping, Sequence
from typing import Any
from urllib.parse import quote

from hallway.front.language import chosen_in, language_of
from hallway.front.sentences import sentence

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Headers = list[tuple[bytes, bytes]]


class Refused(Exception):  # noqa: N818 - an outcome, not an error
    """The front will not take a request: the HTTP status, and whether to read on a little so that it is
    heard.
    """

    def __init__(self, status: int, *, linger: bool = False) -> None:
        super().__init__(status)
        self.status = status
        self.linger = linger


class Request:
    """One request: its scope, its headers as a mapping of lower-case names to bytes, and when it began."""

    __slots__ = ("began", "headers", "method", "query", "raw_path", "scope")

    def __init__(self, scope: Scope) -> None:
        self.scope = scope
        self.method: str = scope["method"]
        self.raw_path: bytes = scope.get("raw_path") or quote(scope["path"]).encode()
        self.query: bytes = scope["query_string"]
        self.headers = read_headers(scope["headers"])
        self.began = time.perf_counter()

    def header(self, name: bytes) -> str:
        """Return a header's value, or an empty string."""
        return self.headers.get(name, b"").decode("latin-1")

    @property
    def language(self) -> str:
        """ "en" or "fr", chosen exactly as the application behind will choose."""
        return language_of(
            self.query.decode("latin-1"),
            chosen_in(self.header(b"cookie")),
            self.header(b"accept-language"),
        )

    @property
    def connection(self) -> Any:
        """The connection's protocol when our own server runs us, else None."""
        return self.scope.get("extensions", {}).get("front")


def read_headers(headers: Sequence[tuple[bytes, bytes]]) -> dict[bytes, bytes]:
    """Return headers by name; repeated ones are joined, and a repeated Host becomes empty (nobody may
    choose).
    """
    found = dict(headers)
    if len(found) == len(headers):
        return found
    joined: dict[bytes, bytes] = {}
    for name, value in headers:
        if name not in joined:
            joined[name] = value
        elif name == b"host":
            joined[name] = b""
        else:
            joined[name] += (b"; " if name == b"cookie" else b", ") + value
    return joined


async def send_answer(send: Send, status: int, headers: Headers, body: bytes, *, more: bool = False) -> None:
    """Send a whole answer; with `more` the body is on its way but the exchange stays open."""
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body, "more_body": more})


async def send_refusal(
    request: Request, receive: Receive, send: Send, refused: Refused, security: Sequence[tuple[bytes, bytes]]
) -> None:
    """Tell a person in their language why the front did not take the request, and close the connection."""
    body = sentence(refused.status, request.language).encode()
    headers = [
        (b"content-type", b"text/plain; charset=utf-8"),
        (b"content-length", b"%d" % len(body)),
        (b"cache-control", b"no-store"),
        (b"connection", b"close"),
        *security,
    ]
    if refused.status == 503:
        headers.append((b"retry-after", b"3"))
    await send_answer(send, refused.status, headers, body, more=refused.linger)
    if refused.linger:
        await _linger(receive)
        await send({"type": "http.response.body", "body": b"", "more_body": False})


async def _linger(receive: Receive, seconds: float = 2.0, size: int = 64 * 1024 * 1024) -> None:
    """Read on and throw away, so that a client that is still sending reads our answer and not a reset.

    Clients that send everything before they read need the whole body taken, hence a generous size and a
    hard time.
    """
    try:
        async with asyncio.timeout(seconds):
            while size > 0:
                message = await receive()
                size -= len(message.get("body", b""))
                if message["type"] == "http.disconnect" or not message.get("more_body"):
                    return
    except TimeoutError:
        return


class Reader:
    """Notices that the person at the other end left; use as a context round a long answer."""

    def __init__(self, receive: Receive, on_leave: Callable[[], None] | None = None) -> None:
        self.gone = False
        self._receive = receive
        self._on_leave = on_leave

    async def _watch(self) -> None:
        while (await self._receive())["type"] != "http.disconnect":
            pass
        self.gone = True
        if self._on_leave is not None:
            self._on_leave()

    def __enter__(self) -> "Reader":
        self._task = asyncio.get_running_loop().create_task(self._watch())
        return self

    def __exit__(self, *exc: object) -> None:
        self._task.cancel()
