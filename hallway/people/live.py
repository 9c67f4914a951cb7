"""Whose words are left out of whose streams: a block holds while a page is open, too."""

from __future__ import annotations

from hallway.kit.live import Again, hides, looks_again

from .facts import PersonBlocked, PersonUnblocked
from .queries import blocks_among


@hides
def whom_a_block_keeps_apart(viewers: set[int]) -> dict[int, set[int]]:
    """Neither gets what the other says."""
    return blocks_among(viewers)


@looks_again(PersonBlocked, PersonUnblocked)
def both(fact: PersonBlocked | PersonUnblocked) -> Again:
    """The streams of the two."""
    return Again(persons=(fact.person_id, fact.blocked_id))
