"""How an event reaches the listeners of every front:
directly in one process, through Valkey between several.
"""

import asyncio
import contextlib
import json
import logging
from collections.abc import Sequence
from typing import Any, Protocol

from hallway.front.hub import Hub
from hallway.front.told import Told

log = logging.getLogger("hallway.front")

QUIET = 15.0  # seconds without a message after which Valkey is asked whether it is still there
ANSWERING = 5.0  # seconds it may take to say so


class Backplane(Protocol):
    """Carries events from whoever publishes to every hub."""

    async def start(self, hub: Hub) -> None:
        """Begin to deliver to a hub; on its loop."""

    def publish(self, channel: str, told: Told) -> None:
        """Send an event from any thread, after the commit."""

    def look_again(self, persons: Sequence[int], channels: Sequence[str]) -> None:
        """Have every hub ask anew who may listen, from any thread, after the commit."""

    async def close(self) -> None:
        """Stop delivering."""


class Local:
    """One process: straight to its hub."""

    def __init__(self) -> None:
        self._hub: Hub | None = None

    async def start(self, hub: Hub) -> None:
        """Begin to deliver to a hub."""
        self._hub = hub

    def publish(self, channel: str, told: Told) -> None:
        """Send an event from any thread."""
        if self._hub is not None:
            self._hub.publish_threadsafe(channel, told)

    def look_again(self, persons: Sequence[int], channels: Sequence[str]) -> None:
        """Have it asked anew who may listen."""
        if self._hub is not None:
            self._hub.look_again_threadsafe(persons, channels)

    async def close(self) -> None:
        """Stop delivering."""
        self._hub = None


class Valkey:
    """Several processes: publish and subscribe.

    Valkey keeps what is stored apart by database, but not what is published: each subject has the database's number,
    so that two instances in two databases of one server hear nothing of each other. What was lost while Valkey was
    away is fetched when it is back, or at the hub's next look at the database.
    """

    def __init__(self, url: str) -> None:
        import redis  # optional: only those with several fronts have it installed
        import redis.asyncio

        self._errors = (redis.RedisError, OSError)
        self._publisher: Any = redis.Redis.from_url(url, socket_timeout=2, socket_connect_timeout=2)
        self._subscriber: Any = redis.asyncio.Redis.from_url(url, socket_connect_timeout=2)
        database = self._publisher.get_connection_kwargs().get("db") or 0
        self._live, self._again = f"hallway:{database}:live:", f"hallway:{database}:look-again"
        self._task: asyncio.Task[None] | None = None

    async def start(self, hub: Hub) -> None:
        """Subscribe and deliver; returns once subscribed or once it is clear that Valkey is away for now."""
        ready = asyncio.Event()
        self._task = asyncio.create_task(self._deliver(hub, ready))
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(2):
                await ready.wait()

    def publish(self, channel: str, told: Told) -> None:
        """Send an event to all fronts from any thread; when Valkey is away, they find it a little later."""
        self._send(self._live + channel, told)

    def look_again(self, persons: Sequence[int], channels: Sequence[str]) -> None:
        """Have all fronts ask anew who may listen; when Valkey is away, they do so a little later by themselves."""
        self._send(self._again, [persons, channels])

    def _send(self, subject: str, message: Sequence[object]) -> None:
        try:
            self._publisher.publish(subject, json.dumps(message))
        except self._errors as error:
            log.warning("%s has to be found by looking; Valkey does not answer: %s", subject, error)

    async def close(self) -> None:
        """Unsubscribe and let go of the connections."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
        await self._subscriber.aclose()
        self._publisher.close()

    async def _deliver(self, hub: Hub, ready: asyncio.Event) -> None:
        pause, interrupted = 0.2, False
        while True:
            try:
                async with self._subscriber.pubsub() as subscription:
                    await subscription.psubscribe(f"{self._live}*", self._again)
                    ready.set()
                    if interrupted:
                        await hub.interrupted()
                    pause = 0.2
                    await self._listen(hub, subscription)
            except Exception as error:  # whatever it was: nobody else would begin to listen again
                log.warning("Valkey does not answer; live events wait: %r", error)
            interrupted = True
            await asyncio.sleep(pause)
            pause = min(pause * 2, 5.0)

    async def _listen(self, hub: Hub, subscription: Any) -> None:
        """Deliver what comes. Raises an OSError when nothing does, not even an answer: connections vanish unsaid."""
        is_asked = False
        while True:
            message = await subscription.get_message(timeout=ANSWERING if is_asked else QUIET)
            if message is None and is_asked:
                raise ConnectionError("it is silent")
            is_asked = message is None
            if is_asked:
                await subscription.ping()
            elif message["type"] == "pmessage":
                self._hand_over(hub, message)

    def _hand_over(self, hub: Hub, message: dict[str, Any]) -> None:
        """Give the hub a message. One that cannot be read, of another version say, is left to its look."""
        try:
            self._read_out(hub, message)
        except Exception:
            log.exception("A message on %r cannot be read; it has to be found by looking", message["channel"])

    def _read_out(self, hub: Hub, message: dict[str, Any]) -> None:
        subject, found = message["channel"].decode(), json.loads(message["data"])
        if subject == self._again:
            hub.look_again(*found)
        else:
            hub.publish(subject.removeprefix(self._live), Told(*found))
