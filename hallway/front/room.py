"""The listeners of one channel: who they are as far as that is known, and what each of them is not to get."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import NamedTuple, Protocol

from hallway.front.order import Framed, Order
from hallway.front.told import Told

HIGH_WATER = 65536
MOST_PENDING = 1000
NOBODY: frozenset[int] = frozenset()


class Outlet(Protocol):
    """What a listener is written to: a socket's transport, or a stand-in that goes through ASGI send()."""

    def write(self, data: bytes, /) -> None:
        """Send bytes without waiting."""

    def close(self) -> None:
        """End after what was written."""

    def abort(self) -> None:
        """End at once."""

    def is_closing(self) -> bool:
        """Whether writing is over."""

    def get_write_buffer_size(self) -> int:
        """How many bytes were written and not sent."""

    def set_write_buffer_limits(self, high: int) -> None:
        """How many unsent bytes make the reader too slow."""


class Seat(NamedTuple):
    """What is known of a listener as they come: the last id they have, until which unix second their leave runs,
    who they are, and whose words are left out for them.
    """

    last_id: int | None = None
    until: float | None = None
    viewer: int | None = None
    hidden: frozenset[int] = NOBODY


ANYBODY = Seat()


@dataclass(slots=True)
class Joining:
    """A listener that is catching up: live events wait in `pending`; later those `seen` are passed over."""

    seen: set[int]
    pending: list[Framed] | None = field(default_factory=list)
    states: dict[str, int] = field(default_factory=dict)
    beats: int = 0

    def knows(self, told: Told) -> bool:
        """Whether what was caught up with said it, or something newer about the same."""
        return told.id in self.seen or (bool(told.key) and told.id < self.states.get(told.key, 0))


@dataclass(slots=True)
class Guest:
    """A person who listens, with one page open or several."""

    hidden: frozenset[int]
    outlets: set[Outlet] = field(default_factory=set)


class Room:
    """All who listen to a channel. Words reach whoever is not in `deaf` to their author."""

    __slots__ = ("deaf", "filling", "guests", "joining", "names", "order", "outlets", "ticking", "until")

    def __init__(self) -> None:
        self.order = Order()
        self.filling = False  # what is missing is being fetched
        self.ticking = False
        self.outlets: set[Outlet] = set()
        self.joining: dict[Outlet, Joining] = {}
        self.until: dict[Outlet, float] = {}
        self.names: dict[Outlet, int] = {}  # those who said who they are
        self.guests: dict[int, Guest] = {}
        self.deaf: dict[int, set[Outlet]] = {}  # by author

    def __contains__(self, outlet: Outlet) -> bool:
        return outlet in self.outlets or outlet in self.joining

    def add(self, outlet: Outlet, seat: Seat) -> None:
        """Seat a listener; one with a last id waits for `caught_up`."""
        if seat.last_id is None:
            self.outlets.add(outlet)
        else:
            self.joining[outlet] = Joining({seat.last_id})
        if seat.until is not None:
            self.until[outlet] = seat.until
        if seat.viewer is not None:
            self.names[outlet] = seat.viewer
            self.guests.setdefault(seat.viewer, Guest(NOBODY)).outlets.add(outlet)
            self.hide(seat.viewer, seat.hidden)

    def remove(self, outlet: Outlet) -> None:
        """Take a listener's seat away, and all that was known of them."""
        self.outlets.discard(outlet)
        self.joining.pop(outlet, None)
        self.until.pop(outlet, None)
        viewer = self.names.pop(outlet, None)
        if viewer is None:
            return
        guest = self.guests[viewer]
        for author in guest.hidden:
            self.deaf[author].discard(outlet)
        guest.outlets.discard(outlet)
        if not guest.outlets:
            self.hide(viewer, NOBODY)
            del self.guests[viewer]

    def hide(self, viewer: int, authors: frozenset[int]) -> None:
        """From now on leave out what these say, and nothing else."""
        guest = self.guests[viewer]
        for author in guest.hidden - authors:
            self.deaf[author] -= guest.outlets
            if not self.deaf[author]:
                del self.deaf[author]
        for author in authors:
            self.deaf.setdefault(author, set()).update(guest.outlets)
        guest.hidden = authors

    def who(self, viewer: int | None) -> list[Outlet]:
        """The streams of a person, or those of all who did not say who they are."""
        if viewer is not None:
            return list(self.guests[viewer].outlets) if viewer in self.guests else []
        return [outlet for outlet in (*self.outlets, *self.joining) if outlet not in self.names]

    def viewers(self) -> list[int | None]:
        """Everybody who listens, each once; None for those who did not say who they are."""
        unnamed = len(self.outlets) + len(self.joining) > len(self.names)
        return [*self.guests, None] if unnamed else [*self.guests]

    def targets(self, event: Framed) -> list[Outlet]:
        """Whom to write an event to now. Those who are catching up get it later, those whom it is hidden from never."""
        told = event.told
        deaf = self.deaf.get(told.author) if told.author is not None else None
        found = list(self.outlets - deaf) if deaf else list(self.outlets)
        for outlet, joining in list(self.joining.items()):
            if deaf and outlet in deaf:
                continue
            if joining.pending is None:
                if not joining.knows(told):
                    found.append(outlet)
            elif len(joining.pending) < MOST_PENDING:
                joining.pending.append(event)
            else:
                outlet.abort()
        return found

    def caught_up(self, outlet: Outlet, events: Iterable[Framed], *, is_all: bool = True) -> bytes | None:
        """What a listener missed and what came meanwhile, each event once and in order; None when nobody waits.

        Is what they missed not all, what came meanwhile is beyond what they still miss, and waits for them with it.
        """
        joining = self.joining.get(outlet)
        if joining is None or joining.pending is None:
            return None
        viewer = self.names.get(outlet)
        hidden = self.guests[viewer].hidden if viewer is not None else NOBODY
        frames = []
        for event in (*events, *(joining.pending if is_all else ())):
            told = event.told
            if not joining.knows(told) and told.author not in hidden:
                frames.append(event.frame)
            joining.seen.add(told.id)
            if told.key:
                joining.states[told.key] = max(told.id, joining.states.get(told.key, 0))
        joining.pending = None
        return b"".join(frames)

    def settle(self) -> None:
        """A beat has passed. After a whole one no event that was caught up with can still be on its way."""
        for outlet, joining in list(self.joining.items()):
            joining.beats += joining.pending is None
            if joining.beats >= 2:
                del self.joining[outlet]
                self.outlets.add(outlet)
