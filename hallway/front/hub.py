"""The live hub: one event, encoded once, written to every listener's socket in small batches."""

import asyncio
import logging
import random
import time
from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Protocol, cast

log = logging.getLogger("hallway.front")

Event = tuple[int, str, str]
"""An event as caught up with: database id, name, data."""

HELLO = b": hello\n\n"
BEAT = b": still here\n\n"
HIGH_WATER = 65536
MOST_PENDING = 1000


class Outlet(Protocol):
    """What a listener is written to: a socket's transport, or a stand-in that goes through ASGI send()."""

    def write(self, data: bytes, /) -> None:
        """Send bytes without waiting."""

    def close(self) -> None:
        """End after what was written."""

    def abort(self) -> None:
        """End at once."""

    def is_closing(self) -> bool:
        """Whether writing is over."""

    def set_write_buffer_limits(self, high: int) -> None:
        """How many unsent bytes make the reader too slow."""


def encode(id: int | None, name: str, data: str, *, retry: int | None = None) -> bytes:
    """Return one event as it goes over the wire; line breaks in the data become lines of data."""
    lines = [f"id: {id}"] if id is not None else []
    lines.append(f"event: {name.translate({10: None, 13: None})}")
    if retry is not None:
        lines.append(f"retry: {retry}")
    lines += [f"data: {line}" for line in data.replace("\r\n", "\n").replace("\r", "\n").split("\n")]
    return "\n".join(lines).encode() + b"\n\n"


@dataclass(slots=True)
class Joining:
    """A listener that is catching up: live events wait in `pending`; later those `seen` are passed over."""

    seen: set[int]
    pending: list[tuple[int, bytes]] | None = field(default_factory=list)
    beats: int = 0


class Room:
    """The listeners of one channel."""

    __slots__ = ("joining", "outlets", "until")

    def __init__(self) -> None:
        self.outlets: set[Outlet] = set()
        self.joining: dict[Outlet, Joining] = {}
        self.until: dict[Outlet, float] = {}


class Hub:
    """All listeners of this process. Everything but `publish_threadsafe` belongs to the loop."""

    def __init__(self, *, batch: int = 256, beat: float = 15.0) -> None:
        self.count = 0
        self.closed = False
        self.room_for = 1_000_000  # listeners; the server lowers it to what its descriptors allow
        self._batch = batch
        self._beat = beat
        self._rooms: dict[str, Room] = {}
        self._todo: deque[tuple[bytes, list[Outlet]]] = deque()
        self._busy = False
        self._loop: asyncio.AbstractEventLoop | None = None
        # A few ready farewells, so that ten thousand readers do not come back in the same moment.
        self._byes = [encode(None, "bye", "", retry=milliseconds) for milliseconds in range(500, 5000, 250)]

    def start(self) -> None:
        """Begin to beat; called on the running loop."""
        self._loop = asyncio.get_running_loop()
        self._timer = self._loop.call_later(self._beat, self._on_beat)

    def join(self, channel: str, outlet: Outlet, *, last_id: int | None = None, until: float | None = None) -> None:
        """Add a listener; with `last_id` it waits for `caught_up`.

        `until` is the unix second its leave ends.
        """
        room = self._rooms.setdefault(channel, Room())
        if last_id is None:
            room.outlets.add(outlet)
        else:
            room.joining[outlet] = Joining({last_id})
        if until is not None:
            room.until[outlet] = until
        self.count += 1

    def leave(self, channel: str, outlet: Outlet) -> None:
        """Remove a listener; harmless when it left already."""
        room = self._rooms.get(channel)
        if room is None or (outlet not in room.outlets and outlet not in room.joining):
            return
        room.outlets.discard(outlet)
        room.joining.pop(outlet, None)
        room.until.pop(outlet, None)
        self.count -= 1
        if not room.outlets and not room.joining:
            del self._rooms[channel]

    def caught_up(self, channel: str, outlet: Outlet, events: Iterable[Event]) -> None:
        """Write what a listener missed, then what came meanwhile, each event once and in order."""
        room = self._rooms.get(channel)
        joining = room.joining.get(outlet) if room is not None else None
        if joining is None or joining.pending is None:
            return
        frames = [encode(*event) for event in events if event[0] not in joining.seen]
        joining.seen.update(event[0] for event in events)
        for id, frame in joining.pending:
            if id not in joining.seen:
                frames.append(frame)
                joining.seen.add(id)
        joining.pending = None
        data = b"".join(frames)
        outlet.set_write_buffer_limits(high=HIGH_WATER + len(data))
        if data and not outlet.is_closing():
            outlet.write(data)

    def publish(self, channel: str, id: int, name: str, data: str) -> None:
        """Send an event to every listener of a channel; on the loop."""
        self._publish(channel, id, encode(id, name, data))

    def publish_threadsafe(self, channel: str, id: int, name: str, data: str) -> None:
        """Send an event from any thread; encoded there, once. Call it only after the commit."""
        if self._loop is None or self.closed:
            return
        try:
            self._loop.call_soon_threadsafe(self._publish, channel, id, encode(id, name, data))
        except RuntimeError:
            log.debug("The loop is gone; an event on %s is left to catching up", channel)

    def _publish(self, channel: str, id: int, frame: bytes) -> None:
        room = self._rooms.get(channel)
        if room is None:
            return
        targets = list(room.outlets)
        for outlet, joining in list(room.joining.items()):
            if joining.pending is None:
                if id not in joining.seen:
                    targets.append(outlet)
            elif len(joining.pending) < MOST_PENDING:
                joining.pending.append((id, frame))
            else:
                outlet.abort()
        self._push(frame, targets)

    def _push(self, frame: bytes, targets: list[Outlet]) -> None:
        if not targets:
            return
        self._todo.append((frame, targets))
        if not self._busy:
            self._busy = True
            self._drain()

    def _drain(self) -> None:
        frame, targets = self._todo[0]
        for outlet in targets[-self._batch :]:
            if not outlet.is_closing():
                outlet.write(frame)
        del targets[-self._batch :]
        if not targets:
            self._todo.popleft()
        if self._todo:
            # The next batch in the next turn: pages and publishers get their turn in between.
            asyncio.get_running_loop().call_soon(self._drain)
        else:
            self._busy = False

    def _on_beat(self) -> None:
        now = time.time()
        for room in list(self._rooms.values()):
            for outlet, joining in list(room.joining.items()):
                joining.beats += joining.pending is None
                # After a whole beat no event that was caught up with can still be on its way.
                if joining.beats >= 2:
                    del room.joining[outlet]
                    room.outlets.add(outlet)
            for outlet in [outlet for outlet, until in room.until.items() if until <= now]:
                self._dismiss(outlet)
            self._push(BEAT, [*room.outlets, *room.joining])
        if self._loop is not None and not self.closed:
            self._timer = self._loop.call_later(self._beat, self._on_beat)

    def _dismiss(self, outlet: Outlet) -> None:
        if not outlet.is_closing():
            outlet.write(random.choice(self._byes))  # noqa: S311 - jitter, not a secret
            outlet.close()

    async def recall(self) -> None:
        """Send every listener away to come back with its Last-Event-ID, spread over some seconds."""
        for room in list(self._rooms.values()):
            everybody = [*room.outlets, *room.joining]
            for position, outlet in enumerate(everybody):
                self._dismiss(outlet)
                if position % self._batch == 0:
                    await asyncio.sleep(0)

    async def close(self) -> None:
        """Take no more listeners and send everybody away."""
        self.closed = True
        if self._loop is not None:
            self._timer.cancel()
        await self.recall()


class Listener(asyncio.Protocol):
    """A connection taken over from HTTP: nothing is read from it any more."""

    __slots__ = ("_channel", "_hub", "_last_id", "_until", "transport")

    def __init__(self, hub: Hub, channel: str, last_id: int | None, until: float | None) -> None:
        self._hub = hub
        self._channel = channel
        self._last_id = last_id
        self._until = until

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Join the channel."""
        self.transport = cast(asyncio.Transport, transport)
        self.transport.set_write_buffer_limits(high=HIGH_WATER)
        self._hub.join(self._channel, self.transport, last_id=self._last_id, until=self._until)

    def pause_writing(self) -> None:
        """Too slow a reader is dropped; it comes back with its Last-Event-ID."""
        self.transport.abort()

    def connection_lost(self, exc: Exception | None) -> None:
        """Leave the channel."""
        self._hub.leave(self._channel, self.transport)
