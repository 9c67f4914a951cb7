"""Who may import and export. No side effects."""

from __future__ import annotations

from hallway.gathering.communities import policies as communities
from hallway.gathering.communities.models import Community
from hallway.gathering.events import policies as events
from hallway.gathering.events.models import Event
from hallway.kit.actors import Actor

from .models import ImportRun


def can_import(by: Actor | None, community: Community, into: Event | None = None) -> bool:
    """Organisers bring programmes in as new events; programme editors into events that are there."""
    if into is None:
        return communities.can_edit_community(by, community)
    return events.can_edit_programme(by, into)


def can_undo(by: Actor | None, run: ImportRun) -> bool:
    if run.event is not None and not run.made_event:
        return events.can_edit_programme(by, run.event)
    return communities.can_edit_community(by, run.community)
