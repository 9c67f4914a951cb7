"""Who may do what with an event. No side effects."""

from __future__ import annotations

from collections.abc import Callable

from hallway.gathering.communities import policies as communities
from hallway.gathering.communities.models import Community
from hallway.kit.actors import Actor
from hallway.people.models import Person

from .models import Event, Host, Venue

JOINING_RULES: list[Callable[[Person, Event], bool]] = []


def can_create_event(by: Actor | None, community: Community) -> bool:
    return communities.can_edit_community(by, community)


def can_edit_event(by: Actor | None, event: Event) -> bool:
    """Organisers of its community, and of communities that co-host it."""
    if communities.can_edit_community(by, event.community):
        return True
    if not isinstance(by, Person):
        return False
    hosts = event.hosts.filter(accepted_at__isnull=False).select_related("community")
    return any(communities.can_edit_community(by, host.community) for host in hosts)


def can_run_event(by: Actor | None, event: Event) -> bool:
    """Publish, postpone, cancel, delete, ask others to co-host: for the community the event belongs to."""
    return communities.can_edit_community(by, event.community)


def can_edit_programme(by: Actor | None, event: Event) -> bool:
    """Organisers and programme editors of its community, organisers of its hosts."""
    return communities.can_edit_programme(by, event.community) or can_edit_event(by, event)


def can_edit_venue(by: Actor | None, venue: Venue) -> bool:
    return communities.can_edit_community(by, venue.community)


def can_answer_host(by: Actor | None, host: Host) -> bool:
    """Organisers of the community that was asked."""
    return communities.can_edit_community(by, host.community)


def joining_rule(rule: Callable[[Person, Event], bool]) -> Callable[[Person, Event], bool]:
    """Register a reason to see joining details: attendance says who is going. Any rule that agrees suffices."""
    JOINING_RULES.append(rule)
    return rule


def can_see_joining(person: Person | None, event: Event) -> bool:
    """Whether a reader may have the joining details of an on-line event: its team, and whom a rule lets in."""
    if person is None:
        return False
    return can_edit_programme(person, event) or any(rule(person, event) for rule in JOINING_RULES)
