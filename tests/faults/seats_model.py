"""The rules of a waiting list once more, in plain Python: a list of people and what becomes of them.

It shares nothing with the actions. What it writes down is compared with the facts that they left.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

ALIVE = {"asked", "waiting", "offered", "going"}


@dataclass
class Guest:
    """Somebody with so many seats to find; ``lot`` and ``is_new`` count where the rule asks for them."""

    key: int
    size: int
    position: int
    lot: int
    is_new: bool
    state: str = ""
    until: datetime | None = None


@dataclass
class Line:
    """One admission. Each method does one thing and writes down what came of it in ``log``, in order."""

    seats: int | None
    rule: str = "in_order"
    asks: bool = False
    guests: dict[int, Guest] = field(default_factory=dict)
    walked_in: int = 0
    log: list[tuple[str, int | None, str]] = field(default_factory=list)

    def taken_by(self, *states: str) -> int:
        return sum(one.size for one in self.guests.values() if one.state in states)

    @property
    def free(self) -> float:
        return float("inf") if self.seats is None else self.seats - self.taken_by("going", "offered") - self.walked_in

    def order(self, one: Guest) -> tuple[int, int]:
        by_rule = {"in_order": 0, "lottery": one.lot, "first_timers": 0 if one.is_new else 1}
        return (by_rule[self.rule], one.position)

    def waiting(self) -> list[Guest]:
        return sorted((one for one in self.guests.values() if one.state == "waiting"), key=self.order)

    def goes_now(self, size: int, rush: bool) -> bool:
        return (rush or not self.waiting()) and size <= self.free

    def pass_on(self, rush: bool) -> None:
        for one in self.waiting():
            if one.size > self.free or (rush and self.seats is not None):
                return
            one.state = "going" if self.seats is None else "offered"
            self.log.append(("taken" if self.seats is None else "offered", one.key, ""))

    def register(self, one: Guest, rush: bool) -> None:
        there = self.guests.get(one.key)
        if there is not None and there.state in ALIVE:
            return
        one.state = "asked" if self.asks else "going" if self.goes_now(one.size, rush) else "waiting"
        self.guests[one.key] = one
        self.log.append(("registered", one.key, one.state))
        self.pass_on(rush)

    def take(self, key: int, at: datetime, rush: bool) -> bool:
        one = self.guests[key]
        in_time = one.state == "offered" and one.until is not None and one.until > at
        was_free = one.state == "waiting" and rush and one.size <= self.free
        if in_time or was_free:
            self._to(one, "going", "taken")
        return one.state == "going"

    def give_up(self, key: int, rush: bool) -> None:
        if self.guests[key].state in ALIVE:
            self._to(self.guests[key], "given_up", "given_up")
            self.pass_on(rush)

    def decline(self, key: int, rush: bool) -> None:
        if self.guests[key].state in ALIVE:
            self._to(self.guests[key], "declined", "declined")
            self.pass_on(rush)

    def approve(self, key: int, rush: bool) -> None:
        one = self.guests[key]
        if one.state == "asked":
            one.state = "going" if self.goes_now(one.size, rush) else "waiting"
            self.log.append(("approved", key, one.state))
            self.pass_on(rush)

    def change(self, key: int, size: int, rush: bool) -> bool:
        one = self.guests[key]
        if one.state not in ALIVE:
            return False
        more = size - one.size
        if more > 0 and one.state in {"going", "offered"} and not self.goes_now(more, rush):
            return False
        if more:
            one.size = size
            self.log.append(("changed", key, ""))
            self.pass_on(rush)
        return True

    def end_due(self, at: datetime, rush: bool) -> None:
        due = [one for one in self.guests.values() if one.state == "offered" and one.until and one.until <= at]
        for one in sorted(due, key=lambda one: one.position):
            self._to(one, "given_up", "ended")
        if due:
            self.pass_on(rush)

    def resize(self, seats: int | None, rush: bool) -> None:
        if seats == self.seats:
            return
        self.seats = seats
        self.log.append(("seats", seats, ""))
        # Whoever walked in takes no offer back: it was made before they came.
        while self.free + self.walked_in < 0 and (
            kept := [one for one in self.guests.values() if one.state == "offered"]
        ):
            self._to(max(kept, key=self.order), "waiting", "withdrawn")
        self.pass_on(rush)

    def undo_walk_in(self, rush: bool) -> None:
        self.walked_in -= 1
        self.pass_on(rush)

    def _to(self, one: Guest, state: str, said: str) -> None:
        one.state, one.until = state, None
        self.log.append((said, one.key, ""))

    def troubles(self, before: Line | None, rush: bool) -> Iterable[str]:
        """What no step may leave behind: more seats held than there are, or an empty chair and its person in line."""
        held, going = self.taken_by("going", "offered"), self.taken_by("going")
        if self.seats is not None and held > max(self.seats, going):
            yield f"{held} seats are held of {self.seats}"
        if before is not None and self.free < 0 and held > before.taken_by("going", "offered"):
            yield "a seat was given where there are none"
        line = self.waiting()
        if line and not rush and line[0].size <= self.free:
            yield f"guest {line[0].key} is next and has not been offered what is free"
