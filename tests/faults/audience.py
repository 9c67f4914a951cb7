"""Many listeners in a process of their own, each as a browser's EventSource is: it comes back with what it heard last.

As a program: reads its plan as a line of JSON, then answers each line "state" or "all" with a line of JSON.
"""

from __future__ import annotations

import asyncio
import json
import resource
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

BROWSERS_PAUSE = 3.0  # seconds until Chromium comes back when nobody told it otherwise


@dataclass(frozen=True)
class Listener:
    """Where somebody listens; those of several ports come back to the next. ``slow`` ones never read."""

    path: str
    ports: tuple[int, ...]
    slow: bool = False


class Heard:
    """What one listener heard: id, data, second and name of each event, and what became of the stream."""

    def __init__(self, audience: Audience, listener: Listener) -> None:
        self.audience = audience
        self.listener = listener
        self.events: list[tuple[int, str, float, str]] = []
        self.last_id = ""
        self.opened: list[float] = []
        self.status = 0
        self.is_open = False
        self.tries = 0
        self.pause = BROWSERS_PAUSE

    async def open(self) -> None:
        ports, loop = self.listener.ports, asyncio.get_running_loop()
        port = ports[self.tries % len(ports)]
        self.tries += 1
        try:
            with socket.socket() as connection:
                connection.setblocking(False)
                if self.listener.slow:
                    connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
                await loop.sock_connect(connection, ("127.0.0.1", port))
                await loop.create_connection(lambda: Stream(self), sock=connection.dup())
        except OSError:
            self.come_back()

    def come_back(self) -> None:
        if self.status not in {0, 200}:
            return  # refused: a browser does not ask again
        loop = asyncio.get_running_loop()
        loop.call_later(self.pause, lambda: self.audience.keep(loop.create_task(self.open())))


class Stream(asyncio.Protocol):
    """One connection of a listener."""

    def __init__(self, heard: Heard) -> None:
        self.heard = heard
        self.data = b""
        self.in_head = True

    def connection_made(self, transport: Any) -> None:
        last = f"Last-Event-ID: {self.heard.last_id}\r\n" if self.heard.last_id else ""
        transport.write(f"GET {self.heard.listener.path} HTTP/1.1\r\nHost: localhost\r\n{last}\r\n".encode())
        if self.heard.listener.slow:
            transport.pause_reading()

    def data_received(self, data: bytes) -> None:
        self.data += data
        if self.in_head:
            head, empty, rest = self.data.partition(b"\r\n\r\n")
            if not empty:
                return
            self.in_head, self.data = False, rest
            self.heard.status = int(head.split()[1])
            self.heard.is_open = self.heard.status == 200
            self.heard.opened.append(time.time())
        *frames, self.data = self.data.split(b"\n\n")
        for frame in frames:
            self.take(frame.decode())

    def take(self, frame: str) -> None:
        fields = dict(line.split(": ", 1) for line in frame.split("\n") if not line.startswith(":") and ": " in line)
        if "retry" in fields:
            self.heard.pause = int(fields["retry"]) / 1000
        if "id" in fields:
            self.heard.last_id = fields["id"]
            self.heard.events.append((int(fields["id"]), fields["data"][:300], time.time(), fields["event"]))

    def connection_lost(self, exc: Exception | None) -> None:
        self.heard.is_open = False
        self.heard.come_back()


class Audience:
    """All listeners of this process."""

    def __init__(self) -> None:
        self.heard: list[Heard] = []
        self.tasks: set[asyncio.Task[None]] = set()

    def keep(self, task: asyncio.Task[None]) -> None:
        self.tasks.add(task)
        task.add_done_callback(self.tasks.discard)

    def answer(self, command: str) -> list[Any]:
        if command == "all":
            return [
                {"events": one.events, "opened": one.opened, "status": one.status, "open": one.is_open}
                for one in self.heard
            ]
        return [[one.is_open, len(one.opened), one.events[-1][0] if one.events else 0] for one in self.heard]

    async def play(self) -> None:
        loop = asyncio.get_running_loop()
        asking = asyncio.StreamReader(limit=1 << 24)
        await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(asking), sys.stdin)
        plan = json.loads(await asking.readline())
        self.heard = [Heard(self, Listener(path, tuple(ports), slow)) for path, ports, slow in plan]
        for start in range(0, len(self.heard), 100):
            await asyncio.gather(*(one.open() for one in self.heard[start : start + 100]))
        while line := await asking.readline():
            sys.stdout.write(json.dumps(self.answer(line.decode().strip())) + "\n")
            sys.stdout.flush()


class Room:
    """An audience as the test sees it."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process = process

    def ask(self, command: str) -> list[Any]:
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(command + "\n")
        self.process.stdin.flush()
        found: list[Any] = json.loads(self.process.stdout.readline())
        return found

    def wait_until(self, holds: Callable[[list[bool], list[int], list[int]], bool], seconds: float) -> float:
        """Ask until it holds of who is open, how often each was, and the last id of each. How long that took."""
        began = time.monotonic()
        while True:
            state = self.ask("state")
            if holds(*(list(column) for column in zip(*state, strict=True))):
                return time.monotonic() - began
            assert time.monotonic() - began < seconds, f"not within {seconds} s: {state[:5]} …"
            time.sleep(0.05)

    def all_open(self, seconds: float = 30) -> float:
        return self.wait_until(lambda is_open, _times, _last: all(is_open), seconds)

    def all_heard(self, last_id: int, seconds: float = 10) -> float:
        return self.wait_until(lambda _open, _times, last: all(one >= last_id for one in last), seconds)


@contextmanager
def audience(listeners: Sequence[Listener]) -> Iterator[Room]:
    """Have all these listen, in a process that ends with the block."""
    process = subprocess.Popen(
        [sys.executable, __file__], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )  # fmt: skip
    assert process.stdin is not None
    process.stdin.write(json.dumps([[one.path, one.ports, one.slow] for one in listeners]) + "\n")
    process.stdin.flush()
    with process:
        try:
            yield Room(process)
        finally:
            process.kill()


if __name__ == "__main__":
    _soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    asyncio.run(Audience().play())
