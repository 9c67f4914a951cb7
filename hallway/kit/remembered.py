"""Things worked out once and kept in this process until a tag they carry is bumped, as the front keeps pages.

A request looks once whether anything changed: one query that as a rule finds nothing. Inside a transaction nothing is
remembered, since what is read there may never come true.

Where several write at once, one may take its number first and commit last. So a look reads again what was given out in
the last minute, and notices whatever is not as it was.
"""

from __future__ import annotations

import threading
import time
from collections import OrderedDict, deque
from collections.abc import Callable, Hashable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, TypeVar

from django.db import connection
from django.db.models import Max

from . import clock
from .models import Revision
from .prepared import Prepared

Thing = TypeVar("Thing")
MOST = 512
LATE = timedelta(minutes=1)  # between taking a number and the commit
STEP = 1.0  # seconds that count as one moment

_since = Prepared(lambda seq: Revision.objects.filter(seq__gte=seq).values_list("key", "seq"))


@dataclass(frozen=True, slots=True)
class _Kept:
    value: Any
    tags: frozenset[str]
    mark: int


class _Memory:
    """What is kept, and when each tag was last noticed to move: ``mark`` counts the times."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.forget()

    def forget(self) -> None:
        self.kept: OrderedDict[Hashable, _Kept] = OrderedDict()
        self.noticed: dict[str, int] = {}
        self.known: dict[str, int] = {}
        self.seen: int | None = None
        self.floor = 0  # numbers below it are not given out any more
        self.risen: deque[tuple[float, int]] = deque()  # up to which number was seen, and when
        self.mark = 0

    def look(self) -> None:
        """Notice what was bumped since the last look. Raises what the database raises."""
        if self.seen is None:
            self._begin()
            return
        late, now = _late().total_seconds(), time.monotonic()
        while self.risen and now - self.risen[0][0] >= late:
            self.floor = self.risen.popleft()[1]
        rows = _since(self.floor)
        if max((seq for _tag, seq in rows), default=0) < self.seen:  # backwards: a restored database
            self.forget()
            self._begin()
            return
        moved = [(tag, seq) for tag, seq in rows if self.known.get(tag) != seq]
        if moved:
            self.mark += 1
            self.known.update(moved)
            self.noticed.update((tag, self.mark) for tag, _seq in moved)
            self._rise(max(self.seen, *(seq for _tag, seq in moved)), now)

    def _begin(self) -> None:
        earlier = Revision.objects.filter(changed_at__lte=clock.now() - _late())
        self.floor = earlier.aggregate(last=Max("seq"))["last"] or 0
        self.known = dict(_since(self.floor))
        self._rise(max(self.known.values(), default=0), time.monotonic())

    def _rise(self, seen: int, now: float) -> None:
        if self.risen and now - self.risen[-1][0] < STEP:
            now = self.risen.pop()[0]
        self.risen.append((now, seen))
        self.seen = seen

    def find(self, key: Hashable) -> _Kept | None:
        found = self.kept.get(key)
        if found is None or any(self.noticed.get(tag, 0) > found.mark for tag in found.tags):
            return None
        self.kept.move_to_end(key)
        return found

    def keep(self, key: Hashable, kept: _Kept) -> None:
        self.kept[key] = kept
        while len(self.kept) > MOST:
            self.kept.popitem(last=False)


def _late() -> timedelta:
    return timedelta(0) if connection.vendor == "sqlite" else LATE  # which has one writer at a time


_memory = _Memory()
_looked: ContextVar[list[bool] | None] = ContextVar("hallway_looked", default=None)


def forget() -> None:
    """Forget everything: the database is another one now."""
    with _memory.lock:
        _memory.forget()


@contextmanager
def one_look() -> Iterator[None]:
    """While it lasts, in this request: look once. For requests that only read."""
    token = _looked.set([False])
    try:
        yield
    finally:
        _looked.reset(token)


def look_again() -> None:
    """Something was changed by this very request."""
    looked = _looked.get()
    if looked is not None:
        looked[0] = False


def remember(key: Hashable, make: Callable[[], Thing], tags: Callable[[Thing], Iterable[str]]) -> Thing:
    """What ``make`` returned the last time, unless one of its tags moved since. Shared by threads: only to be read."""
    if connection.in_atomic_block:
        return make()
    looked = _looked.get()
    with _memory.lock:
        if looked is None or not looked[0]:
            _memory.look()
            if looked is not None:
                looked[0] = True
        found = _memory.find(key)
        mark = _memory.mark
    if found is not None:
        value: Thing = found.value
        return value
    value = make()
    with _memory.lock:
        _memory.keep(key, _Kept(value, frozenset(tags(value)), mark))
    return value
