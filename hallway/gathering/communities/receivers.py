"""What communities do when something happened: old pages, leaving and merging people."""

from __future__ import annotations

from typing import Any

from hallway.kit import store, trail
from hallway.kit.facts import inside
from hallway.kit.models import FactRow

from .facts import CommunityJoined, CommunityQuit
from .queries import names_of

trail.name_of("community", names_of)


@inside(CommunityJoined, CommunityQuit)
def pages_are_old(fact: Any, row: FactRow) -> None:
    """The community's page shows its number of members."""
    store.bump(f"community:{fact.community_id}")
