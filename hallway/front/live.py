"""`/live/<channel>`: checks who may listen, catches up what was missed, then hands the reader to the hub."""

import asyncio
import logging
import re
from collections import deque
from collections.abc import Callable, Sequence
from email.utils import formatdate
from urllib.parse import parse_qs, unquote

from hallway.front import tokens
from hallway.front.asgi import Headers, Receive, Refused, Request, Send
from hallway.front.bridge import Bridge
from hallway.front.hub import HELLO, HIGH_WATER, Event, Hub, Listener

log = logging.getLogger("hallway.front")

PREFIX = b"/live/"
CHANNEL = re.compile(r"[A-Za-z0-9_.:/-]{1,200}")
CatchUp = Callable[[str, int], Sequence[Event]]


def is_public(channel: str) -> bool:
    """Say whether anybody may listen: channels named `public/…`. All others need a token."""
    return channel.startswith("public/")


class Live:
    """Opens streams. `catch_up(channel, last_id)` returns the events after an id, oldest first, in a
    thread.
    """

    def __init__(
        self,
        hub: Hub,
        *,
        key: bytes,
        catch_up: CatchUp | None = None,
        public: Callable[[str], bool] = is_public,
        security: Sequence[tuple[bytes, bytes]] = (),
    ) -> None:
        self.hub = hub
        self._key = key
        self._catch_up = catch_up
        self._public = public
        self._headers: Headers = [
            (b"content-type", b"text/event-stream; charset=utf-8"),
            (b"cache-control", b"no-cache, no-transform"),
            (b"x-accel-buffering", b"no"),
            (b"connection", b"close"),
            *security,
        ]

    async def answer(self, request: Request, receive: Receive, send: Send, bridge: Bridge) -> None:
        """Open one stream. Raises Refused 403, 404, 405 or 503."""
        channel = unquote(request.raw_path[len(PREFIX) :].decode("ascii"))
        parameters = parse_qs(request.query.decode("latin-1"))
        if request.method != "GET":
            raise Refused(405)
        if not CHANNEL.fullmatch(channel):
            raise Refused(404)
        until = self._leave(channel, parameters.get("token", [""])[-1])
        open_pages = len(request.connection.connections) if request.connection is not None else 0
        if self.hub.closed or self.hub.count + open_pages >= self.hub.room_for:
            raise Refused(503)
        last_id = _number(request.header(b"last-event-id") or parameters.get("after", [""])[-1])
        if self._catch_up is None:
            last_id = None
        if request.connection is not None:
            listener = Listener(self.hub, channel, last_id, until)
            if request.connection.takeover(listener, self._head()) and last_id is not None:
                await self._bring_up(channel, listener.transport, last_id, bridge)
            return
        await self._answer_by_send(channel, last_id, until, receive, send, bridge)

    def _leave(self, channel: str, token: str) -> float | None:
        """Return until when a reader may listen (None: for ever). Raises Refused 403."""
        if not token and self._public(channel):
            return None
        until = tokens.check(channel, token, self._key)
        if until is None:
            raise Refused(403)
        return until

    def _head(self) -> bytes:
        lines = [b"HTTP/1.1 200 OK", b"date: " + formatdate(usegmt=True).encode()]
        lines += [name + b": " + value for name, value in self._headers]
        return b"\r\n".join(lines) + b"\r\n\r\n" + HELLO

    async def _bring_up(
        self, channel: str, outlet: "asyncio.Transport | SendOutlet", last_id: int, bridge: Bridge
    ) -> None:
        catch_up = self._catch_up
        if catch_up is None:
            return
        try:
            events = await bridge.run(lambda: list(catch_up(channel, last_id)))
        except Exception:
            # The reader comes back by itself and asks again; nothing is lost.
            log.exception("Catching up on %s failed", channel)
            outlet.close()
            return
        self.hub.caught_up(channel, outlet, events)

    async def _answer_by_send(
        self,
        channel: str,
        last_id: int | None,
        until: float | None,
        receive: Receive,
        send: Send,
        bridge: Bridge,
    ) -> None:
        """The portable way, for a server whose sockets cannot be taken over; dearer for each listener."""
        outlet = SendOutlet()
        await send({"type": "http.response.start", "status": 200, "headers": self._headers})
        outlet.write(HELLO)
        self.hub.join(channel, outlet, last_id=last_id, until=until)
        outlet.writer = writer = asyncio.create_task(outlet.send_all(send))
        gone = asyncio.create_task(_disconnected(receive))
        try:
            if last_id is not None:
                await self._bring_up(channel, outlet, last_id, bridge)
            await asyncio.wait({writer, gone}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            self.hub.leave(channel, outlet)
            writer.cancel()
            gone.cancel()
            await asyncio.gather(writer, gone, return_exceptions=True)


class SendOutlet:
    """Stands in for a socket where there is only ASGI send(): a bounded box and one task that empties it."""

    def __init__(self) -> None:
        self._box: deque[bytes] = deque()
        self._size = 0
        self._high = HIGH_WATER
        self._filled = asyncio.Event()
        self._closing = False
        self.writer: asyncio.Task[None] | None = None

    def write(self, data: bytes, /) -> None:
        """Queue bytes; too slow a reader is dropped."""
        self._box.append(data)
        self._size += len(data)
        self._filled.set()
        if self._size > self._high:
            self.abort()

    def close(self) -> None:
        """End after what is queued."""
        self._closing = True
        self._filled.set()

    def abort(self) -> None:
        """End at once."""
        self.close()
        if self.writer is not None:
            self.writer.cancel()

    def set_write_buffer_limits(self, high: int) -> None:
        """How many unsent bytes make the reader too slow."""
        self._high = high

    def is_closing(self) -> bool:
        """Whether writing is over."""
        return self._closing

    async def send_all(self, send: Send) -> None:
        """Send what is queued until closed."""
        while self._box or not self._closing:
            await self._filled.wait()
            self._filled.clear()
            while self._box:
                data = self._box.popleft()
                self._size -= len(data)
                await send({"type": "http.response.body", "body": data, "more_body": True})
        await send({"type": "http.response.body", "body": b"", "more_body": False})


async def _disconnected(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= 18 else None
