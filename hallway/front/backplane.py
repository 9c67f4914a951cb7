"""How an event reaches the listeners of every front:
directly in one process, through Valkey between several.
"""

import asyncio
import contextlib
import json
import logging
from typing import Any, Protocol

from hallway.front.hub import Hub

log = logging.getLogger("hallway.front")


class Backplane(Protocol):
    """Carries events from whoever publishes to every hub."""

    async def start(self, hub: Hub) -> None:
        """Begin to deliver to a hub; on its loop."""

    def publish(self, channel: str, id: int, name: str, data: str) -> None:
        """Send an event from any thread, after the commit."""

    async def close(self) -> None:
        """Stop delivering."""


class Local:
    """One process: straight to its hub."""

    def __init__(self) -> None:
        self._hub: Hub | None = None

    async def start(self, hub: Hub) -> None:
        """Begin to deliver to a hub."""
        self._hub = hub

    def publish(self, channel: str, id: int, name: str, data: str) -> None:
        """Send an event from any thread."""
        if self._hub is not None:
            self._hub.publish_threadsafe(channel, id, name, data)

    async def close(self) -> None:
        """Stop delivering."""
        self._hub = None


class Valkey:
    """Several processes: publish and subscribe.

    What was missed while Valkey was away is caught up by readers.
    """

    PREFIX = "hallway:live:"

    def __init__(self, url: str) -> None:
        import redis  # optional: only those with several fronts have it installed
        import redis.asyncio

        self._errors = (redis.RedisError, OSError)
        self._publisher: Any = redis.Redis.from_url(url, socket_timeout=2, socket_connect_timeout=2)
        self._subscriber: Any = redis.asyncio.Redis.from_url(url, socket_connect_timeout=2)
        self._task: asyncio.Task[None] | None = None

    async def start(self, hub: Hub) -> None:
        """Subscribe and deliver; returns once subscribed or once it is clear that Valkey is away for now."""
        ready = asyncio.Event()
        self._task = asyncio.create_task(self._deliver(hub, ready))
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(2):
                await ready.wait()

    def publish(self, channel: str, id: int, name: str, data: str) -> None:
        """Send an event to all fronts from any thread; when Valkey is away, readers catch up later."""
        message = json.dumps({"id": id, "name": name, "data": data})
        try:
            self._publisher.publish(self.PREFIX + channel, message)
        except self._errors as error:
            log.warning("An event on %s waits for catching up; Valkey does not answer: %s", channel, error)

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
                async with self._subscriber.pubsub(ignore_subscribe_messages=True) as subscription:
                    await subscription.psubscribe(f"{self.PREFIX}*")
                    ready.set()
                    if interrupted:
                        await hub.recall()
                    pause = 0.2
                    async for message in subscription.listen():
                        self._hand_over(hub, message)
            except self._errors as error:
                log.warning("Valkey does not answer; live events wait: %s", error)
            interrupted = True
            await asyncio.sleep(pause)
            pause = min(pause * 2, 5.0)

    def _hand_over(self, hub: Hub, message: dict[str, Any]) -> None:
        channel = message["channel"].decode().removeprefix(self.PREFIX)
        event = json.loads(message["data"])
        hub.publish(channel, event["id"], event["name"], event["data"])
