"""Whose turn it is: requests wait in a line for each address, and the lines take turns.

So a thousand votes a second from one place make that place wait, and nobody else.
"""

import threading
import time
from collections import OrderedDict, deque
from collections.abc import Callable

Job = Callable[[], None]


class Turns:
    """A queue for many threads: first come, first served within an address, and one from each address in turn."""

    def __init__(self) -> None:
        self._lines: OrderedDict[str, deque[Job | None]] = OrderedDict()
        self._ready = threading.Condition()
        self._size = 0

    def put(self, job: Job | None, whose: str = "") -> None:
        """Let a job wait in the line of an address; from any thread."""
        with self._ready:
            self._lines.setdefault(whose, deque()).append(job)
            self._size += 1
            self._ready.notify()

    def get(self, seconds: float | None = None) -> Job | None:
        """The job whose turn it is. Raises TimeoutError when none came within so many seconds."""
        deadline = None if seconds is None else time.monotonic() + seconds
        with self._ready:
            while not self._size:
                rest = None if deadline is None else deadline - time.monotonic()
                if rest is not None and rest <= 0:
                    raise TimeoutError
                self._ready.wait(rest)
            whose, line = next(iter(self._lines.items()))
            job = line.popleft()
            self._size -= 1
            if line:
                self._lines.move_to_end(whose)
            else:
                del self._lines[whose]
            return job

    def of(self, whose: str) -> int:
        """How many wait in the line of an address."""
        with self._ready:
            return len(self._lines.get(whose, ()))

    def __len__(self) -> int:
        return self._size
