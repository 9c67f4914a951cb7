"""uvicorn's HTTP connection with limits on the head, and sockets that can be taken over for live streams."""

import asyncio
import socket
from http import HTTPStatus
from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

HEAD_LIMIT = 32 * 1024
HEAD_SECONDS = 10.0
CLOSING_SECONDS = 30.0


class FrontProtocol(HttpToolsProtocol):
    """One connection. `since` is the loop's time at which a head began to come, 0.0 outside of heads."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.since = 0.0
        self._in_head = False
        self._head_bytes = 0
        self._refusal = 400
        self._closing_since = 0.0

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
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
        self.scope["extensions"] = {"front": self}  # type: ignore[dict-item]

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
        super().on_headers_complete()

    def send_400_response(self, msg: str) -> None:
        """Refuse what cannot be read, with the status that fits, and close."""
        phrase = HTTPStatus(self._refusal).phrase
        body = f"{phrase}\n".encode()
        self.transport.write(
            f"HTTP/1.1 {self._refusal} {phrase}\r\n"
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
