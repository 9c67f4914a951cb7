"""The rules of a floor once more, in plain Python: questions, who wants them, and what the ledger says.

It shares nothing with the actions.
"""

from __future__ import annotations

from dataclasses import dataclass, field

SHOWN, HELD = "shown", "held"


@dataclass
class Asked:
    """A question: whose it is and who wants it answered, by number of person.

    ``own`` are those who want this one, whatever it was put together with; ``put`` is what it was put into.
    """

    asker: int | None
    state: str
    own: set[int] = field(default_factory=set)
    cases: set[int] = field(default_factory=set)
    into: int | None = None
    put: int | None = None
    asked_by: int | None = None
    was: str = SHOWN  # before it was put together, and what was answered there by then
    known: set[int] = field(default_factory=set)
    was_live: bool = False
    is_live: bool = False
    answers: dict[int, bool] = field(default_factory=dict)  # by id: does it stand
    is_hidden: bool = False
    is_erased: bool = False

    @property
    def is_later(self) -> bool:
        return any(self.answers.values())

    @property
    def is_there(self) -> bool:
        return self.state == SHOWN and not self.is_hidden and not self.is_erased


@dataclass
class Room:
    """One floor. Each method says whether it is done, and does it."""

    queue: bool
    asked: dict[int, Asked] = field(default_factory=dict)
    stage: int | None = None

    def ask(self, key: int, person: int) -> None:
        self.asked[key] = Asked(person, HELD if self.queue else SHOWN, asked_by=person)

    def vote(self, key: int, person: int, wanted: bool) -> bool:
        one = self.asked[key]
        if one.is_there and wanted and one.asker != person and person not in self.wants(key):
            one.own.add(person)
        if one.is_there and not wanted:
            for part in self._together(key):
                part.own.discard(person)
        return one.is_there

    def wants(self, key: int) -> set[int]:
        """Who wants a question, or one of those that stand with it; who asked a double does, who asked it does not."""
        one = self.asked[key]
        if one.state == "merged":
            return set()
        return {person for part in self._together(key) for person in part.own} - {one.asked_by or 0}

    def _together(self, key: int) -> list[Asked]:
        return [self.asked[key], *(other for other in self.asked.values() if other.into == key)]

    def tell(self, key: int, person: int) -> bool:
        one = self.asked[key]
        if one.is_there:
            one.cases.add(person)
            one.own |= {person} - {one.asker}
        return one.is_there

    def show(self, key: int) -> bool:
        one = self.asked[key]
        if one.state == "withdrawn" or one.is_erased:
            return False
        if one.state in {HELD, "refused"}:
            one.state = SHOWN
        return True

    def refuse(self, key: int) -> bool:
        one = self.asked[key]
        if one.state in {"withdrawn", "merged"} or one.is_erased or one.is_live or one.is_later:
            return False
        one.state = "refused"
        self._clear(key)
        return True

    def merge(self, key: int, into: int) -> bool:
        one, stays = self.asked[key], self.asked[into]
        movable = one.state in {HELD, SHOWN} and not one.is_erased and not one.is_live and not one.is_later
        if key == into or not stays.is_there or not movable:
            return False
        one.own |= {one.asker} if one.asker is not None else set()
        stays.cases |= one.cases
        one.was, one.state, one.into, one.put = one.state, "merged", into, into
        one.known, one.was_live = set(stays.answers), stays.is_live
        for other in self.asked.values():
            other.into = into if other.into == key else other.into
        self._clear(key)
        return True

    def separate(self, key: int) -> bool:
        one = self.asked[key]
        if one.state != "merged":
            return True
        if one.is_erased or one.into is None or one.into != one.put:
            return False
        stays = self.asked[one.into]
        since = any(stands for answer, stands in stays.answers.items() if answer not in one.known)
        if since or (stays.is_live and not one.was_live):
            return False
        one.state, one.into, one.put = one.was, None, None
        one.own.discard(one.asked_by or 0)
        for other in self.asked.values():
            other.into = key if self._leads(other, key) else other.into
        return True

    def _leads(self, one: Asked, key: int) -> bool:
        return one.put == key or (one.put is not None and self._leads(self.asked[one.put], key))

    def take(self, key: int) -> bool:
        one = self.asked[key]
        if one.state == "merged" or one.is_hidden or not self.show(key):
            return False
        self.stage = key
        return True

    def answer_live(self, key: int) -> bool:
        one = self.asked[key]
        if one.state in {"withdrawn", "merged"} or one.is_erased or one.is_hidden:
            return False
        self.show(key)
        one.is_live = True
        self._clear(key)
        return True

    def answer(self, key: int, answer: int) -> None:
        self.asked[key].answers[answer] = True

    def withdraw(self, key: int, person: int) -> bool:
        one = self.asked[key]
        if one.asker != person:
            return False
        shared = any(other.into == key for other in self.asked.values())
        free = one.state in {HELD, SHOWN} and not one.is_hidden and not one.is_live and not one.is_later
        if one.state != "withdrawn" and (not free or shared or self.stage == key):
            return False
        one.state = "withdrawn"
        return True

    def hide(self, key: int, hidden: bool) -> None:
        self.asked[key].is_hidden = hidden
        if hidden:
            self._clear(key)

    def leave(self, person: int) -> None:
        for key, one in self.asked.items():
            if one.asker == person:
                one.asker, one.is_erased = None, True
                one.state = "withdrawn" if one.state == HELD else one.state
                self._clear(key)

    def _clear(self, key: int) -> None:
        self.stage = None if self.stage == key else self.stage

    def ledger(self) -> tuple[int, int, int, int]:
        """Live, later, open, not shown."""
        shown = [one for one in self.asked.values() if one.state == SHOWN and not one.is_hidden]
        live = sum(one.is_live for one in shown)
        later = sum(one.is_later and not one.is_live for one in shown)
        hidden = sum(one.is_hidden and one.state in {SHOWN, HELD} for one in self.asked.values())
        refused = sum(one.state == "refused" for one in self.asked.values())
        return live, later, len(shown) - live - later, refused + hidden
