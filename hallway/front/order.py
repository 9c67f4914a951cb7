"""In which order a channel's events go out: one that comes too early waits, and of a state only the newest goes."""

from collections.abc import Iterable
from typing import NamedTuple

from hallway.front.told import Told, encode

REMEMBERED = 1000


class Framed(NamedTuple):
    """An event and its bytes on the wire."""

    told: Told
    frame: bytes


def framed(told: Told) -> Framed:
    """Encode an event, once for all."""
    return Framed(told, encode(told.id, told.name, told.data))


class Order:
    """What a channel said lately, what waits, and why.

    `floor`: every event up to it was dealt with (None: not known yet, then nothing is taken to be missing). `held` are
    events whose predecessor has not come: the caller fetches it and calls `fill`. `open`: an event with a key went out
    a moment ago; then any other with a key waits for the caller's `tick`, and whatever comes after waits behind it.

    Ids on the wire only grow. An event that comes late all the same (its channel's facts were not announced under one
    lock) goes out under the highest id sent so far: a reader who comes back then gets no other event twice.
    """

    __slots__ = ("_head", "_newest", "_sent", "_waiting", "floor", "held", "open")

    def __init__(self) -> None:
        self.floor: int | None = None
        self.held: dict[int, Framed] = {}
        self.open = False
        self._head = 0
        self._newest: dict[str, int] = {}
        self._sent: dict[int, None] = {}
        self._waiting: list[Framed] = []

    @property
    def known(self) -> frozenset[int]:
        """The ids beyond the floor that have come."""
        floor = self.floor or 0
        return frozenset(id for id in (*self._sent, *self.held) if id > floor)

    def take(self, event: Framed) -> list[Framed]:
        """Return what may go out now that this event has come: nothing, itself, and those that waited for it."""
        told = event.told
        if told.id in self._sent or told.id in self.held:
            return []
        if self._lacks(told.previous):
            self.held[told.id] = event
            return []
        out = self._let_pass(event)
        for id in sorted(self.held):
            if not self._lacks(self.held[id].told.previous):
                out += self._let_pass(self.held.pop(id))
        return out

    def fill(self, events: Iterable[Told]) -> list[Framed]:
        """Take what was found to have been said, oldest first; whatever is held then waits no longer."""
        found = [framed(told) for told in events if told.id not in self._sent and told.id not in self.held]
        found += self.held.values()
        self.held = {}
        out: list[Framed] = []
        for event in sorted(found, key=_by_id):
            out += self._let_pass(event)
        return out

    def tick(self) -> list[Framed]:
        """Return what waited for this moment, in order; `open` says whether there is to be another."""
        waited, self._waiting = sorted(self._waiting, key=_by_id), []
        self.open = bool(waited)
        return [self._stamped(event) for event in waited]

    def _lacks(self, previous: int) -> bool:
        return self.floor is not None and previous > self.floor and previous not in self._sent

    def _let_pass(self, event: Framed) -> list[Framed]:
        told = event.told
        self._sent[told.id] = None
        if len(self._sent) > 2 * REMEMBERED:
            self._sent = dict.fromkeys(list(self._sent)[-REMEMBERED:])
        if told.key:
            if told.id < self._newest.get(told.key, 0):
                return []
            self._newest.pop(told.key, None)  # so that the keys stand in the order of their last use
            self._newest[told.key] = told.id
            if len(self._newest) > REMEMBERED:
                del self._newest[next(iter(self._newest))]
        if self.open and (told.key or self._waiting):
            if told.key:
                self._waiting = [one for one in self._waiting if one.told.key != told.key]
            self._waiting.append(event)
            return []
        self.open = self.open or bool(told.key)
        return [self._stamped(event)]

    def _stamped(self, event: Framed) -> Framed:
        """The event under an id that is not lower than the one before."""
        told = event.told
        if told.id < self._head:
            return Framed(told, encode(self._head, told.name, told.data))
        self._head = told.id
        return event


def _by_id(event: Framed) -> int:
    return event.told.id
