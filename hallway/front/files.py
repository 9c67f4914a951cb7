"""Files sent by the loop: no thread waits for a slow reader. Whole, in part (Range), or for WSGI."""

import asyncio
import re
from collections.abc import Iterator
from typing import Any

from hallway.front.asgi import Message, Reader, Receive, Send

BLOCK = 128 * 1024
PATIENCE = 60.0  # seconds a reader may take for one block
RANGE = re.compile(r"bytes=(\d*)-(\d*)")


class Stalled(Exception):  # noqa: N818 - an outcome, not an error
    """The reader took nothing for too long."""


class FileBody:
    """The `wsgi.file_wrapper`: a file the application hands over to be sent, and closed afterwards."""

    def __init__(self, file: Any, block_size: int = BLOCK) -> None:
        self.file = file
        self.block_size = max(block_size, BLOCK)

    def __iter__(self) -> Iterator[bytes]:
        while block := self.file.read(self.block_size):
            yield block

    @property
    def on_disk(self) -> bool:
        """Whether reading is quick enough for the loop:
        a real file, not something that fetches as it goes.
        """
        try:
            return isinstance(self.file.fileno(), int)
        except (AttributeError, OSError):
            return False

    def close(self) -> None:
        """Close the file, or the answer the application tied to it."""
        if hasattr(self.file, "close"):
            self.file.close()


def read_range(header: str, size: int) -> tuple[int, int] | None:
    """Return (first byte, count) of a single range within `size`; None when there is none to honour.

    Raises ValueError when the range lies outside. Several ranges are answered as none, which is allowed.
    """
    match = RANGE.fullmatch(header.strip())
    if match is None or match.group(0) == "bytes=-":
        return None
    first, last = match.groups()
    if not first:
        count = min(int(last), size)
        if count == 0:
            raise ValueError(header)
        return size - count, count
    begin = int(first)
    end = min(int(last), size - 1) if last else size - 1
    if last and int(last) < begin:
        return None
    if begin >= size:
        raise ValueError(header)
    return begin, end - begin + 1


async def patiently(send: Send, message: Message) -> None:
    """Send, but raise Stalled when the reader takes nothing for `PATIENCE` seconds."""
    try:
        async with asyncio.timeout(PATIENCE):
            await send(message)
    except TimeoutError:
        raise Stalled from None


async def send_blocks(file: Any, count: int | None, receive: Receive, send: Send) -> None:
    """Send `count` bytes of a file from where it stands (None: all), after the head was sent."""
    with Reader(receive) as reader:
        while not reader.gone and (count is None or count > 0):
            block = file.read(BLOCK if count is None else min(BLOCK, count))
            if not block:
                break
            if count is not None:
                count -= len(block)
            await patiently(send, {"type": "http.response.body", "body": block, "more_body": True})
            # After a reader left, send() returns at once for ever: let the others have their turn.
            await asyncio.sleep(0)
        if not reader.gone:
            # Its last block may still be on its way: sending the end waits for that.
            await patiently(send, {"type": "http.response.body", "body": b"", "more_body": False})
