"""uvicorn's HTTP connection with limits on the head, and sockets that can be taken over for live streams."""

import asyncio
import socket
from collections.abc import Callable
from http import HTTPStatus
from typing import Any, cast

import httptools
from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol

from hallway.front.asgi import Scope, read_headers
from hallway.front.language import chosen_in, language_of
from hallway.front.sentences import sentence

HEAD_LIMIT = 32 * 1024
HEAD_SECONDS = 10.0
CLOSING_SECONDS = 30.0


class Answered:
    """Stands where uvicorn keeps the exchange under way, after one that was answered at once."""

    response_started = response_complete = True
    disconnected = keep_alive = False
    message_event = asyncio.Event()


ANSWERED: Any = Answered()
AtOnce = Callable[[Scope], tuple[int, bytes, bytes] | None]


class FrontProtocol(HttpToolsProtocol):
    """One connection. `since` is the loop's time at which a head began to come, 0.0 outside of heads.

    `at_once` may answer a request before a task is made for it: status, rest of the head, body.
    """

    at_once: AtOnce | None = None

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.since = 0.0
        self._in_head = False
        self._head_bytes = 0
        self._refusal = 400
        self._closing_since = 0.0

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # asyncio hands over a Transport, its types say less
        """Start the clock: who connects and says nothing is closed as well."""
        super().connection_made(transport)
        self.since = self.loop.time()
        found = transport.get_extra_info("socket")
        if self.client is None and found is not None and found.family == socket.AF_UNIX:
            # Only the proxy on this machine can reach the socket: trusted like the loopback address.
            self.client = ("127.0.0.1", 0)

    def data_received(self, data: bytes) -> None:
        """Feed the parser, counting what belongs to a head that is not complete."""
        if self._in_head or self.cycle is None or self.cycle.response_complete:
            self._head_bytes += len(data)
            # Also for bytes that begin no message (blank lines), or they would hold the connection for ever.
            self.since = self.since or self.loop.time()
        super().data_received(data)
        if self._in_head and self._head_bytes > HEAD_LIMIT and not self.transport.is_closing():
            self._refusal = 431 if self.headers else 414
            self.send_400_response("")

    def on_message_begin(self) -> None:
        """Start the clock of a head, and let the application reach this connection."""
        super().on_message_begin()
        self._in_head = True
        self.since = self.loop.time()
        self.scope["extensions"] = {"front": self}  # type: ignore[dict-item]  # an extension of our own

    def on_header(self, name: bytes, value: bytes) -> None:
        """Take a header of the head; trailers after a body could pass for headers and are refused."""
        if not self._in_head:
            raise ValueError("trailers")
        super().on_header(name, value)

    def on_headers_complete(self) -> None:
        """Check the size of the head and stop its clock."""
        size = len(self.url) + sum(len(name) + len(value) + 4 for name, value in self.headers)
        if size > HEAD_LIMIT:
            self._refusal = 414 if len(self.url) > HEAD_LIMIT // 2 else 431
            raise ValueError("head too large")
        self._in_head = False
        self._head_bytes = 0
        self.since = 0.0
        if not self._answer_at_once():
            super().on_headers_complete()

    def _answer_at_once(self) -> bool:
        """Answer a stored page without a task, when nothing else is under way here and nothing follows."""
        if self.at_once is None or self.pipeline or self.flow.write_paused:
            return False
        method = self.parser.get_method()
        if method not in (b"GET", b"HEAD") or not (self.cycle is None or self.cycle.response_complete):
            return False
        if self.parser.get_http_version() != "1.1" or not self.parser.should_keep_alive():
            return False
        address = httptools.parse_url(self.url)
        self.scope["method"] = method.decode("ascii")
        self.scope["path"] = address.path.decode("ascii")
        self.scope["raw_path"] = address.path
        self.scope["query_string"] = address.query or b""
        found = self.at_once(cast(Scope, self.scope))
        if found is None:
            return False
        status, head, body = found
        date = b"".join(b"%s: %s\r\n" % pair for pair in self.server_state.default_headers)
        self.cycle = ANSWERED
        self.transport.write(STATUS_LINE[status] + date + head)
        if body:
            self.transport.write(body)
        self.on_response_complete()
        return True

    def send_400_response(self, msg: str) -> None:
        """Refuse what cannot be read, with the status that fits, and close."""
        # By the headers that came: an address may be the very thing that is too long to be read.
        found = read_headers(self.headers or [])
        cookie, accept = (found.get(name, b"").decode("latin-1") for name in (b"cookie", b"accept-language"))
        body = sentence(self._refusal, language_of("", chosen_in(cookie), accept)).encode()
        self.transport.write(
            f"HTTP/1.1 {self._refusal} {HTTPStatus(self._refusal).phrase}\r\n"
            "content-type: text/plain; charset=utf-8\r\nx-content-type-options: nosniff\r\n"
            f"content-length: {len(body)}\r\nconnection: close\r\n\r\n".encode()
            + body
        )
        self.transport.close()

    def takeover(self, listener: asyncio.Protocol, head: bytes) -> bool:
        """Write a head and give the socket to a listener; False when the client is gone already."""
        if self.transport.is_closing() or self.cycle.response_started:
            return False
        self._unset_keepalive_if_required()
        self.flow.resume_reading()  # or its end would go unnoticed
        self.connections.discard(self)  # uvicorn's stop must not wait for it
        self.cycle.response_started = self.cycle.response_complete = True
        self.transport.write(head)
        self.transport.set_protocol(listener)
        listener.connection_made(self.transport)
        return True

    def sweep(self, now: float) -> None:
        """Close a connection whose head is too slow, or whose reader will not even take the end."""
        if self.transport.is_closing():
            self._closing_since = self._closing_since or now
            if now - self._closing_since > CLOSING_SECONDS:
                self.transport.abort()
        elif self.since and now - self.since > HEAD_SECONDS and self._is_idle():
            if self._head_bytes or self._in_head:
                self._refusal = 408
                self.send_400_response("")
            else:
                self.transport.close()

    def _is_idle(self) -> bool:
        return self.cycle is None or self.cycle.response_complete
