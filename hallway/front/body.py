"""Reads request bodies on the loop, so that no thread ever waits for a client."""

import asyncio
import tempfile
from collections.abc import Callable, Mapping
from typing import IO

from hallway.front.asgi import Receive, Refused

IN_MEMORY = 1024 * 1024  # bytes; a larger body lies in a temporary file
BODY_LIMIT = 20 * 1024 * 1024
PART_SECONDS = 20.0

LimitFor = Callable[[str], int]
"""Returns the most bytes a body may have for a decoded path."""


class Gone(Exception):  # noqa: N818 - an outcome, not an error
    """The client left before its request was complete."""


def limit_everywhere(path: str) -> int:
    """Return the usual limit, whatever the path."""
    return BODY_LIMIT


async def read_body(
    receive: Receive, headers: Mapping[bytes, bytes], limit: int, *, seconds: float = PART_SECONDS
) -> tuple[IO[bytes], int]:
    """Return the whole body, at its beginning, and its length in bytes.

    Raises Refused 413 over `limit` bytes, Refused 408 when no part came for `seconds`, Gone when the client
    left.
    """
    announced = headers.get(b"content-length", b"")
    if announced.isdigit() and int(announced) > limit:
        raise Refused(413, linger=True)
    body: IO[bytes] = tempfile.SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115 - the bridge closes it
    length, more = 0, True
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
            length += len(part)
            more = message.get("more_body", False)
            if length > limit:
                raise Refused(413, linger=more)
            body.write(part)
    except BaseException:
        body.close()
        raise
    body.seek(0)
    return body, length
