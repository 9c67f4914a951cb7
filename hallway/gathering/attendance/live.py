"""What listeners see of the door: how many people are here, and nothing of whom."""

from __future__ import annotations

import json
from collections.abc import Iterable

from hallway.gathering.events.facts import EventDeleted, EventUnpublished
from hallway.gathering.events.queries import readers_among
from hallway.kit.live import Again, Viewer, admits, looks_again, renders
from hallway.kit.models import FactRow

from .facts import DoorBookWritten


@renders(DoorBookWritten)
def counter(fact: DoorBookWritten, row: FactRow) -> str:
    """Counts, and the newest line, by which a door knows whether it has missed one."""
    return json.dumps({"came": fact.came, "going": fact.going, "last": fact.last_id})


@admits("public/door:")
def readers(event: str, viewers: set[Viewer]) -> Iterable[Viewer]:
    """Whoever may open the event."""
    return readers_among(int(event), viewers)


@looks_again(EventUnpublished, EventDeleted)
def its_doors(fact: EventUnpublished | EventDeleted) -> Again:
    """Nobody listens to the door of an event they may not open any more."""
    return Again(channels=(f"public/door:{fact.event_id}",))
