"""What happened to communities."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext_noop

from hallway.kit.facts import Fact


@dataclass(frozen=True)
class CommunityJoined(Fact):
    """A person follows a community or became a member of it."""

    kind = "communities.community_joined"
    sentence = gettext_noop("%(person)s joined")
    community_id: int
    person_id: int
    membership: str


@dataclass(frozen=True)
class CommunityQuit(Fact):
    """A person stopped following a community or being a member of it."""

    kind = "communities.community_quit"
    sentence = gettext_noop("%(person)s gave up their membership")
    community_id: int
    person_id: int
