"""The live hub: one event, encoded once, written to every listener's socket in small batches."""

import asyncio
import logging
import random
import time
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from typing import Protocol, cast

from hallway.front.order import Framed, framed
from hallway.front.room import ANYBODY, HIGH_WATER, Outlet, Room, Seat
from hallway.front.told import Told, encode

log = logging.getLogger("hallway.front")

BEAT = b": still here\n\n"
WINDOW = 0.25  # seconds between two states of the same thing
FLUSH = 1.0  # seconds in which a listener who is sent away may read what was written
CATCHING_UP = 30.0  # seconds in which one who missed much may read it


def hello() -> bytes:
    """What a stream begins with. When it is cut, browsers come back sooner than by themselves, and not all at once."""
    return b"retry: %d\n: hello\n\n" % random.randrange(1000, 3000)  # noqa: S311 - jitter, not a secret


# A few ready farewells, so that ten thousand readers do not come back in the same moment.
BYES = [encode(None, "bye", "", retry=milliseconds) for milliseconds in range(500, 5000, 250)]


def farewell() -> bytes:
    """What a stream ends with that its reader is to open again, some seconds later."""
    return random.choice(BYES)  # noqa: S311 - jitter, not a secret


class Watcher(Protocol):
    """Who asks the application on the hub's behalf; see `hallway.front.watch`."""

    def on_open(self, channel: str) -> None:
        """The first listener of a channel has come."""

    def on_gap(self, channel: str) -> None:
        """An event came before the one it follows."""

    def look_again(self, persons: Sequence[int], channels: Sequence[str]) -> None:
        """Something changed about who may listen, or whose words are left out."""

    def look_soon(self) -> None:
        """Events may have been lost on their way."""


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
        self.watcher: Watcher | None = None

    def start(self) -> None:
        """Begin to beat; called on the running loop."""
        self._loop = asyncio.get_running_loop()
        self._timer = self._loop.call_later(self._beat, self._on_beat)

    def join(self, channel: str, outlet: Outlet, seat: Seat = ANYBODY) -> None:
        """Add a listener; with a last id it waits for `caught_up`."""
        room = self._rooms.get(channel)
        if room is None:
            room = self._rooms[channel] = Room()
            if self.watcher is not None:
                self.watcher.on_open(channel)
        room.add(outlet, seat)
        self.count += 1

    def leave(self, channel: str, outlet: Outlet) -> None:
        """Remove a listener; harmless when it left already."""
        room = self._rooms.get(channel)
        if room is None or outlet not in room:
            return
        room.remove(outlet)
        self.count -= 1
        if not room.outlets and not room.joining:
            del self._rooms[channel]

    def caught_up(self, channel: str, outlet: Outlet, events: Iterable[Told], *, ends_at: int | None = None) -> None:
        """Write what a listener missed, then what came meanwhile, each event once and in order.

        Is that not all there is but ends at an id, the listener is sent away to come back for what follows it.
        """
        room = self._rooms.get(channel)
        is_all = ends_at is None
        data = room.caught_up(outlet, map(framed, events), is_all=is_all) if room is not None else None
        if data is None or outlet.is_closing():
            return
        if len(data) > HIGH_WATER // 2 or not is_all:
            outlet.set_write_buffer_limits(high=HIGH_WATER + len(data))
            asyncio.get_running_loop().call_later(CATCHING_UP, _expect_read, outlet)
        if data:
            outlet.write(data)
        if ends_at is not None:
            outlet.write(b"id: %d\n\n" % ends_at)  # also when nothing before it is to be shown
            self._dismiss(outlet)

    def publish(self, channel: str, told: Told) -> None:
        """Send an event to every listener of a channel from whom it is not hidden; on the loop."""
        self._publish(channel, framed(told))

    def publish_threadsafe(self, channel: str, told: Told) -> None:
        """Send an event from any thread; encoded there, once. Call it only after the commit."""
        self._call_threadsafe(self._publish, channel, framed(told))

    def look_again(self, persons: Sequence[int], channels: Sequence[str]) -> None:
        """Have it asked anew who may listen and whose words are left out; on the loop."""
        if self.watcher is not None:
            self.watcher.look_again(persons, channels)

    def look_again_threadsafe(self, persons: Sequence[int], channels: Sequence[str]) -> None:
        """The same from any thread, after the commit."""
        self._call_threadsafe(self.look_again, persons, channels)

    def _call_threadsafe(self, call: Callable[..., None], *given: object) -> None:
        if self._loop is None or self.closed:
            return
        try:
            self._loop.call_soon_threadsafe(call, *given)
        except RuntimeError:
            log.debug("The loop is gone; listeners hear of it when they come back")

    def _publish(self, channel: str, event: Framed) -> None:
        room = self._rooms.get(channel)
        if room is not None:
            self._let_out(channel, room, room.order.take(event))

    def fill(self, channel: str, events: Iterable[Told], floor: int | None) -> None:
        """Send what was found to have been said since; up to `floor` nothing can be missing any more."""
        room = self._rooms.get(channel)
        if room is None:
            return
        out = room.order.fill(events)
        if floor is not None:
            room.order.floor = max(floor, room.order.floor or 0)
        room.filling = False
        self._let_out(channel, room, out)

    def _let_out(self, channel: str, room: Room, events: list[Framed]) -> None:
        for event in events:
            self._push(event.frame, room.targets(event))
        if room.order.held and not room.filling and self.watcher is not None:
            room.filling = True
            self.watcher.on_gap(channel)
        if room.order.open and not room.ticking:
            room.ticking = True
            asyncio.get_running_loop().call_later(WINDOW, self._tick, channel, room)

    def _tick(self, channel: str, room: Room) -> None:
        room.ticking = False
        self._let_out(channel, room, room.order.tick())

    def all_lacking(self) -> list[tuple[str, int, frozenset[int]]]:
        """What to look for: each channel, up to which id nothing is missing, and which later ones are known."""
        return [found for channel in self._rooms if (found := self.lacking(channel)) is not None]

    def lacking(self, channel: str) -> tuple[str, int, frozenset[int]] | None:
        """The same of one channel; None while it is not known from where on something may be missing."""
        room = self._rooms.get(channel)
        if room is None or room.order.floor is None:
            return None
        return channel, room.order.floor, room.order.known

    def viewers(self) -> list[tuple[str, int | None]]:
        """Who listens to what, each once; None for those who did not say who they are."""
        return [(channel, viewer) for channel, room in self._rooms.items() for viewer in room.viewers()]

    def judge(self, channel: str, viewer: int | None, hidden: frozenset[int] | None) -> None:
        """Leave out these authors' words for a viewer from now on; None sends them away at once."""
        room = self._rooms.get(channel)
        if room is None:
            return
        if hidden is None:
            for outlet in room.who(viewer):
                self._expel(outlet)
        elif viewer in room.guests:
            room.hide(viewer, hidden)

    def expel_guests(self) -> None:
        """Send everybody away whose rights cannot be looked at any more."""
        for room in list(self._rooms.values()):
            for outlet in list(room.names):
                self._expel(outlet)

    def expire(self) -> None:
        """Send those away whose leave has ended."""
        now = time.time()
        for room in list(self._rooms.values()):
            for outlet in [outlet for outlet, until in room.until.items() if until <= now]:
                self._expel(outlet)

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
        self.expire()
        for room in list(self._rooms.values()):
            room.settle()
            self._push(BEAT, [*room.outlets, *room.joining])
        if self._loop is not None and not self.closed:
            self._timer = self._loop.call_later(self._beat, self._on_beat)

    def _dismiss(self, outlet: Outlet) -> None:
        if not outlet.is_closing():
            outlet.write(farewell())
            outlet.close()

    def _expel(self, outlet: Outlet) -> None:
        """Dismiss a listener who must get nothing more, not even later what was written and they do not read now."""
        unsent = outlet.get_write_buffer_size()
        self._dismiss(outlet)
        if unsent:
            asyncio.get_running_loop().call_later(FLUSH, outlet.abort)

    async def interrupted(self) -> None:
        """Events may have been lost on their way: fetch them, or let everybody come back for them."""
        if self.watcher is not None:
            self.watcher.look_soon()
        else:
            await self.recall()

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


def _expect_read(outlet: Outlet) -> None:
    """By now a listener has read what they missed, or is too slow, or does not read at all."""
    if outlet.is_closing() or outlet.get_write_buffer_size() > HIGH_WATER:
        outlet.abort()
    else:
        outlet.set_write_buffer_limits(high=HIGH_WATER)


class Listener(asyncio.Protocol):
    """A connection taken over from HTTP: nothing is read from it any more."""

    __slots__ = ("_channel", "_hub", "_seat", "transport")

    def __init__(self, hub: Hub, channel: str, seat: Seat) -> None:
        self._hub = hub
        self._channel = channel
        self._seat = seat

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Join the channel."""
        self.transport = cast(asyncio.Transport, transport)
        self.transport.set_write_buffer_limits(high=HIGH_WATER)
        self._hub.join(self._channel, self.transport, self._seat)
        self._seat = ANYBODY  # the room knows it now

    def pause_writing(self) -> None:
        """Too slow a reader is dropped; it comes back with its Last-Event-ID."""
        self.transport.abort()

    def connection_lost(self, exc: Exception | None) -> None:
        """Leave the channel."""
        self._hub.leave(self._channel, self.transport)
