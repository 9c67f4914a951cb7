"""`/live/<channel>`: asks who may listen, hands the reader to the hub, and brings them what they missed."""

import asyncio
import logging
import re
from collections import deque
from collections.abc import Callable, Sequence
from email.utils import formatdate
from urllib.parse import parse_qs, unquote

from hallway.front import tokens
from hallway.front.asgi import Headers, Receive, Refused, Request, Send, send_answer
from hallway.front.hub import Hub, Listener, farewell, hello
from hallway.front.room import HIGH_WATER, NOBODY, Outlet, Seat
from hallway.front.watch import Watch

log = logging.getLogger("hallway.front")

PREFIX = b"/live/"
CHANNEL = re.compile(r"[A-Za-z0-9_.:/-]{1,200}")


def is_public(channel: str) -> bool:
    """Say whether one may listen without a token: channels named `public/…`."""
    return channel.startswith("public/")


class Live:
    """Opens streams. A token says who listens; `watch` asks whether they may, and what they missed.

    Without a watch a good token is enough, and nobody catches up.
    """

    def __init__(
        self,
        hub: Hub,
        *,
        key: bytes,
        watch: Watch | None = None,
        public: Callable[[str], bool] = is_public,
        security: Sequence[tuple[bytes, bytes]] = (),
    ) -> None:
        self.hub = hub
        self._key = key
        self._watch = watch
        self._public = public
        self._headers: Headers = [
            (b"content-type", b"text/event-stream; charset=utf-8"),
            (b"cache-control", b"no-cache, no-transform"),
            (b"x-accel-buffering", b"no"),
            (b"connection", b"close"),
            *security,
        ]

    def start(self) -> None:
        """Begin to watch; on the loop."""
        if self._watch is not None:
            self._watch.start()

    def close(self) -> None:
        """Watch no more."""
        if self._watch is not None:
            self._watch.close()

    async def answer(self, request: Request, receive: Receive, send: Send) -> None:
        """Open one stream. Raises Refused 403, 404, 405 or 503."""
        channel = unquote(request.raw_path[len(PREFIX) :].decode("ascii"))
        parameters = parse_qs(request.query.decode("latin-1"))
        if request.method != "GET":
            raise Refused(405)
        if not CHANNEL.fullmatch(channel):
            raise Refused(404)
        leave = self._leave(channel, parameters.get("token", [""])[-1])
        open_pages = len(request.connection.connections) if request.connection is not None else 0
        if self.hub.closed or self.hub.count + open_pages >= self.hub.room_for:
            raise Refused(503)
        try:
            hidden = await self._admit(channel, leave.viewer)
        except Refused:
            raise
        except Exception as error:
            # No refusal, after which a browser would not come back.
            log.warning("Who may listen to %s cannot be asked now: %r", channel, error)
            await send_answer(send, 200, self._headers, hello() + farewell())
            return
        last_id = _number(request.header(b"last-event-id") or parameters.get("after", [""])[-1])
        if self._watch is None:
            last_id = None
        seat = Seat(last_id, leave.until, leave.viewer, hidden)
        if request.connection is not None:
            listener = Listener(self.hub, channel, seat)
            if request.connection.takeover(listener, self._head()) and last_id is not None:
                await self._bring_up(channel, listener.transport, last_id)
            return
        await self._answer_by_send(channel, seat, receive, send)

    def _leave(self, channel: str, token: str) -> Seat:
        """Return who listens and until when they may (None: for ever). Raises Refused 403."""
        if not token and self._public(channel):
            return Seat()
        found = tokens.check(channel, token, self._key)
        if found is None:
            raise Refused(403)
        return Seat(until=found.until, viewer=found.viewer)

    async def _admit(self, channel: str, viewer: int | None) -> frozenset[int]:
        """Return whose words a viewer does not get. Raises Refused 403, or whatever the question raised."""
        if self._watch is None:
            return NOBODY
        hidden = await self._watch.admit(channel, viewer)
        if hidden is None:
            raise Refused(403)
        return hidden

    def _head(self) -> bytes:
        lines = [b"HTTP/1.1 200 OK", b"date: " + formatdate(usegmt=True).encode()]
        lines += [name + b": " + value for name, value in self._headers]
        return b"\r\n".join(lines) + b"\r\n\r\n" + hello()

    async def _bring_up(self, channel: str, outlet: Outlet, last_id: int) -> None:
        if self._watch is None:
            return
        try:
            found = await self._watch.missed(channel, last_id)
        except Exception:
            # The reader comes back by itself and asks again; nothing is lost.
            log.exception("Catching up on %s failed", channel)
            outlet.close()
            return
        self.hub.caught_up(channel, outlet, found.events, ends_at=found.ends_at)

    async def _answer_by_send(self, channel: str, seat: Seat, receive: Receive, send: Send) -> None:
        """The portable way, for a server whose sockets cannot be taken over; dearer for each listener."""
        outlet = SendOutlet()
        await send({"type": "http.response.start", "status": 200, "headers": self._headers})
        outlet.write(hello())
        self.hub.join(channel, outlet, seat)
        outlet.writer = writer = asyncio.create_task(outlet.send_all(send))
        gone = asyncio.create_task(_disconnected(receive))
        try:
            if seat.last_id is not None:
                await self._bring_up(channel, outlet, seat.last_id)
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

    def get_write_buffer_size(self) -> int:
        """How many bytes were written and not sent."""
        return self._size

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
