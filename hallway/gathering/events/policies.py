"""Who may do what with an event. No side effects."""

from __future__ import annotations

from collections.abc import Callable

from django.db.models import Exists, OuterRef

from hallway.gathering.communities import policies as communities
from hallway.gathering.communities.models import Community, CommunityExclusion, Exclusion
from hallway.gathering.communities.queries import holding
from hallway.kit import clock
from hallway.kit.actors import Actor, SystemPerson, Visitor
from hallway.people.models import Person

from .models import Event, EventExclusion, Host, Venue

JOINING_RULES: list[Callable[[Person, Event], bool]] = []
OBJECTIONS: list[Callable[[Event], str]] = []


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


def objects_to_taking_back(function: Callable[[Event], str]) -> Callable[[Event], str]:
    """Register what speaks against hiding or deleting an event: ``function(event)`` gives a sentence, or nothing.

    The sentence says what to do instead. Registered in the ``receivers.py`` of the package that knows.
    """
    OBJECTIONS.append(function)
    return function


def objection_to_taking_back(event: Event) -> str:
    """The first thing that speaks against making the event a draft again, or deleting it; empty for nothing."""
    return next((sentence for function in OBJECTIONS if (sentence := function(event))), "")


def can_hide_event(by: Actor | None) -> bool:
    """Administrators, whatever its team says."""
    return communities.can_hide_community(by)


def can_ban(by: Actor | None, event: Event) -> bool:
    """Keep somebody from an event, and take that back: organisers of its community and of its hosts."""
    return can_edit_event(by, event)


def can_mute(by: Actor | None, event: Event) -> bool:
    """Let somebody write nothing at an event: whoever looks after its programme, and Hallway itself for them."""
    return isinstance(by, SystemPerson) or can_edit_programme(by, event)


def may_come(by: Actor | None, event: Event) -> bool:
    """Whether somebody may take part in an event at all: False for those banned from it or its community now."""
    return not _is_excluded(by, event, Exclusion.Kind.BAN)


def may_take_part(by: Actor | None, event: Event) -> bool:
    """Whether somebody may ask, answer and write at an event: False for those banned or muted there now."""
    return not _is_excluded(by, event, Exclusion.Kind.BAN, Exclusion.Kind.MUTE)


def _is_excluded(by: Actor | None, event: Event, *kinds: Exclusion.Kind) -> bool:
    if not isinstance(by, Person | Visitor):
        return False
    at = clock.now()
    here = holding(EventExclusion.objects.filter(event=OuterRef("pk"), kind__in=kinds), by, at)
    around = holding(CommunityExclusion.objects.filter(community=OuterRef("community"), kind__in=kinds), by, at)
    return Event.objects.filter(Exists(here) | Exists(around), pk=event.pk).exists()
