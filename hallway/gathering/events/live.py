"""Who may listen to an event: whoever may open its page, as long as they may."""

from __future__ import annotations

from collections.abc import Iterable

from hallway.kit.live import Again, Viewer, admits, looks_again

from .facts import EventDeleted, EventPublished, EventUnpublished
from .queries import readers_among


@admits("public/event:")
def readers(event: str, viewers: set[Viewer]) -> Iterable[Viewer]:
    """Everybody while it is public, its teams while it is not."""
    return readers_among(int(event), viewers)


@looks_again(EventPublished, EventUnpublished, EventDeleted)
def its_streams(fact: EventPublished | EventUnpublished | EventDeleted) -> Again:
    """All who listen to the event."""
    return Again(channels=(f"public/event:{fact.event_id}",))
