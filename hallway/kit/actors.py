"""Who did it: a person, a visitor (signed device cookie) or a named system person.

Everything an action needs of its ``by`` is ``actor_key``; policies look at the rest.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol, runtime_checkable


@runtime_checkable
class Actor(Protocol):
    @property
    def actor_key(self) -> str:
        """``person:12``, ``visitor:9f…`` or ``system:importer``; stable, never shown."""


@dataclass(frozen=True)
class Visitor:
    """Somebody without an account, known only by the device they use."""

    device: str

    @property
    def actor_key(self) -> str:
        return f"visitor:{self.device}"


@dataclass(frozen=True)
class SystemPerson:
    """The instance itself doing its internal work, under a name that the trail shows."""

    name: str

    @property
    def actor_key(self) -> str:
        return f"system:{self.name}"
