"""Who may do what with an event. No side effects."""

from __future__ import annotations

from hallway.gathering.communities import policies as communities
from hallway.kit.actors import Actor
from hallway.people.models import Person

from . import queries
from .models import Event


def can_view_event(person: Person | None, event: Event) -> bool:
    return queries.visible_to(person).filter(pk=event.pk).exists()


def can_edit_event(by: Actor | None, event: Event) -> bool:
    """Organisers of its community, and of communities that co-host it."""
    if communities.can_edit_community(by, event.community):
        return True
    hosts = event.hosts.filter(accepted_at__isnull=False).select_related("community")
    return any(communities.can_edit_community(by, host.community) for host in hosts)


def can_edit_programme(by: Actor | None, event: Event) -> bool:
    """Organisers and programme editors of its community, organisers of its hosts."""
    return communities.can_edit_programme(by, event.community) or can_edit_event(by, event)
