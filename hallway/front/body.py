"""Reads request bodies on the loop, so that no thread ever waits for a client."""

import asyncio
import tempfile
import threading
from collections.abc import Callable, Mapping

from hallway.front.asgi import Receive, Refused

IN_MEMORY = 1024 * 1024  # bytes; a larger body lies in a temporary file
BODY_LIMIT = 20 * 1024 * 1024
PART_SECONDS = 20.0
SLOWEST = 2 * 1024  # bytes a second, on the whole; a telephone far out manages more

LimitFor = Callable[[str], int]
"""Returns the most bytes a body may have for a decoded path."""


class Desk:
    """All bodies that are being read or wait for a thread: so much in memory, the rest on disk, and no more.

    Many who send a little and never finish can fill neither. Lives on the loop, but
    `Body.close` may come from a thread.
    """

    def __init__(self, *, memory: int = 64 * 1024 * 1024, disk: int = 2 * 1024 * 1024 * 1024) -> None:
        self.held = 0
        self._memory = memory
        self._disk = disk
        self._lock = threading.Lock()

    def take(self, size: int) -> None:
        """Make room for `size` bytes more. Raises Refused 503 when there is none."""
        with self._lock:
            if self.held + size > self._disk:
                raise Refused(503, linger=True)
            self.held += size

    def give_back(self, size: int) -> None:
        """That many bytes are gone again."""
        with self._lock:
            self.held -= size

    @property
    def is_crowded(self) -> bool:
        """Whether bodies go to disk at once, however small."""
        return self.held > self._memory


class Body:
    """One body: in memory while it is small and there is room, else in a temporary file."""

    def __init__(self, desk: Desk) -> None:
        self.file = tempfile.SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115 - the bridge closes it
        self.length = 0
        self._desk = desk

    def write(self, part: bytes) -> None:
        """Add a part. Raises Refused 503."""
        self._desk.take(len(part))
        self.length += len(part)
        self.file.write(part)
        if self._desk.is_crowded:
            self.file.rollover()

    def close(self) -> None:
        """Let go of it; a second time is fine."""
        self.file.close()
        self._desk.give_back(self.length)
        self.length = 0


class Gone(Exception):  # noqa: N818 - an outcome, not an error
    """The client left before its request was complete."""


def limit_everywhere(path: str) -> int:
    """Return the usual limit, whatever the path."""
    return BODY_LIMIT


async def read_body(
    receive: Receive, headers: Mapping[bytes, bytes], limit: int, desk: Desk, *, seconds: float = PART_SECONDS
) -> Body:
    """Return the whole body, its file at its beginning.

    Raises Refused 413 over `limit` bytes, 408 when no part came for `seconds` or they come too slowly, 503 when there
    is no room; Gone when the client left.
    """
    announced = headers.get(b"content-length", b"")
    if announced.isdigit() and int(announced) > limit:
        raise Refused(413, linger=True)
    body, more = Body(desk), True
    began = asyncio.get_running_loop().time()
    try:
        while more:
            try:
                async with asyncio.timeout(seconds):
                    message = await receive()
            except TimeoutError:
                raise Refused(408) from None
            if message["type"] == "http.disconnect":
                raise Gone
            part = message.get("body", b"")
            more = message.get("more_body", False)
            if body.length + len(part) > limit:
                raise Refused(413, linger=more)
            body.write(part)
            if more and asyncio.get_running_loop().time() - began > seconds + body.length / SLOWEST:
                raise Refused(408)
    except BaseException:
        body.close()
        raise
    body.file.seek(0)
    return body
