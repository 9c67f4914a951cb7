"""Facts are rows: what happened, written in the transaction that made it happen.

Receivers are ``inside`` (run at once, in the same transaction: revisions, counters, erasure) or ``later`` (a row in
``Delivery`` that a sweep works off, so a receiver must bear hearing a fact twice). A killed process loses nothing.
"""

from __future__ import annotations

import dataclasses
from collections import defaultdict
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any, ClassVar

from django.db import transaction

from . import store, wake
from .actors import Actor
from .models import Delivery, FactRow, FactScope

FACTS: dict[str, type[Fact]] = {}
INSIDE: dict[type[Fact], list[Callable[[Any, FactRow], None]]] = defaultdict(list)
LATER: dict[type[Fact], list[str]] = defaultdict(list)
LATER_BY_NAME: dict[str, Callable[[Any, FactRow], None]] = {}
TOGETHER_BY_NAME: dict[str, Callable[[list[FactRow]], None]] = {}


@dataclasses.dataclass(frozen=True)
class Fact:
    """Base of all facts. A subclass is frozen, holds ids and plain values, and names itself.

    ``kind`` is stable (``communities.community_founded``). ``sentence`` is what the trail says, a gettext message with
    ``%(field)s`` places. ``scopes()`` says in whose trails it shows.
    """

    kind: ClassVar[str]
    sentence: ClassVar[str]

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        if cls.kind in FACTS and FACTS[cls.kind].__qualname__ != cls.__qualname__:
            raise TypeError(f"two facts are called {cls.kind}")
        FACTS[cls.kind] = cls

    def scopes(self) -> Iterable[str]:
        """Trails this fact shows in. By default one for each ``community_id`` and ``event_id`` it carries."""
        for name in ("community", "event", "person"):
            value = getattr(self, f"{name}_id", None)
            if value:
                yield f"{name}:{value}"


def inside(
    *kinds: type[Fact], first: bool = False
) -> Callable[[Callable[[Any, FactRow], None]], Callable[[Any, FactRow], None]]:
    """Register a receiver that runs in the transaction of the fact. It must be quick and must not fail lightly.

    ``first`` is for what has to read rows before their packages erase them: it runs before all that are not.
    """

    def register(receiver: Callable[[Any, FactRow], None]) -> Callable[[Any, FactRow], None]:
        for kind in kinds:
            INSIDE[kind].insert(0 if first else len(INSIDE[kind]), receiver)
        return receiver

    return register


def later(*kinds: type[Fact]) -> Callable[[Callable[[Any, FactRow], None]], Callable[[Any, FactRow], None]]:
    """Register a receiver that a sweep calls after the commit, at least once."""

    def register(receiver: Callable[[Any, FactRow], None]) -> Callable[[Any, FactRow], None]:
        name = f"{receiver.__module__}.{receiver.__qualname__}"
        LATER_BY_NAME[name] = receiver
        for kind in kinds:
            LATER[kind].append(name)
        return receiver

    return register


def later_together(
    *kinds: type[Fact],
) -> Callable[[Callable[[list[FactRow]], None]], Callable[[list[FactRow]], None]]:
    """The same for a receiver that is spared work by hearing at once whatever has come together meanwhile."""

    def register(receiver: Callable[[list[FactRow]], None]) -> Callable[[list[FactRow]], None]:
        name = f"{receiver.__module__}.{receiver.__qualname__}"
        TOGETHER_BY_NAME[name] = receiver
        for kind in kinds:
            LATER[kind].append(name)
        return receiver

    return register


def announce(fact: Fact, *, by: Actor, at: datetime) -> FactRow:
    """Write a fact, tell the inside receivers, and leave a row for each later one. Only inside a transaction."""
    connection = transaction.get_connection()
    if not connection.in_atomic_block:
        raise RuntimeError("announce() belongs inside the transaction of its change")
    row = FactRow.objects.create(kind=fact.kind, payload=dataclasses.asdict(fact), by_key=by.actor_key, at=at)
    FactScope.objects.bulk_create(FactScope(fact=row, key=key) for key in fact.scopes())
    with store.bumped_last():
        for receiver in INSIDE[type(fact)]:
            receiver(fact, row)
    if names := LATER[type(fact)]:
        Delivery.objects.bulk_create(Delivery(fact=row, receiver=name, due_at=at) for name in names)
        transaction.on_commit(wake.sweeps)
    return row


def revive(row: FactRow) -> Fact | None:
    """The fact of a row, or None when its kind or shape is no longer known to this version."""
    known = FACTS.get(row.kind)
    if known is None:
        return None
    names = {field.name for field in dataclasses.fields(known)}
    try:
        return known(**{name: value for name, value in row.payload.items() if name in names})
    except TypeError:
        return None
