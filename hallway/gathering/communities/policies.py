"""Who may do what with a community. No side effects."""

from __future__ import annotations

from datetime import datetime

from hallway.kit import clock, instance
from hallway.kit.actors import Actor, SystemPerson, Visitor
from hallway.people.models import Person

from . import queries
from .models import Community, CommunityExclusion, Exclusion, TeamRole

ORGANISER, EDITOR, HELPER = TeamRole.Role.ORGANISER, TeamRole.Role.EDITOR, TeamRole.Role.HELPER


def has_role(by: Actor | None, community: Community, *roles: str) -> bool:
    """Whether the person holds one of the roles today. Administrators and Hallway itself hold all."""
    if is_administrator(by):
        return True
    return isinstance(by, Person) and queries.role_of(by, community.pk) in roles


def is_administrator(by: Actor | None) -> bool:
    """Administrators, and Hallway itself."""
    return isinstance(by, SystemPerson) or (isinstance(by, Person) and by.is_administrator)


def can_view_community(person: Person | None, community: Community) -> bool:
    return queries.visible_to(person).filter(pk=community.pk).exists()


def can_found_community(by: Actor | None, at: datetime) -> bool:
    """As the instance has settled it: everybody, everybody with approval, or those invited."""
    if is_administrator(by):
        return True
    if not isinstance(by, Person) or not by.is_active:
        return False
    if instance.value("communities.who_may_found") == "invited":
        return queries.founder_invitation_of(by, at) is not None
    return True


def founds_at_once(by: Actor | None) -> bool:
    """Whether a founding needs nobody's approval."""
    return is_administrator(by) or instance.value("communities.who_may_found") != "approved"


def can_decide_foundings(by: Actor | None) -> bool:
    return is_administrator(by)


def can_hide_community(by: Actor | None) -> bool:
    return is_administrator(by)


def can_join_community(by: Actor | None, community: Community) -> bool:
    return isinstance(by, Person) and community.public_at is not None and community.hidden_at is None


def can_edit_community(by: Actor | None, community: Community) -> bool:
    return has_role(by, community, ORGANISER)


def can_manage_team(by: Actor | None, community: Community) -> bool:
    """Invite, change and end roles."""
    return has_role(by, community, ORGANISER)


def can_publish_community(by: Actor | None, community: Community) -> bool:
    """Organisers; not while the founding still waits or was declined, unless an administrator does it."""
    if is_administrator(by):
        return True
    request = getattr(community, "founding_request", None)
    return can_edit_community(by, community) and (request is None or request.approved)


def can_edit_programme(by: Actor | None, community: Community) -> bool:
    """Organisers and programme editors write the programmes of a community's events."""
    return has_role(by, community, ORGANISER, EDITOR)


def can_see_team_pages(by: Actor | None, community: Community) -> bool:
    """The trail, the lists: for everybody in the team."""
    return has_role(by, community, ORGANISER, EDITOR, HELPER)


def can_write_to_team(by: Actor | None, community: Community) -> bool:
    """Everybody who can open the community, with or without an account, but for those muted there or banned."""
    reader = by if isinstance(by, Person) else None
    if not isinstance(by, Person | Visitor) or not can_view_community(reader, community):
        return False
    return not is_excluded(by, community.pk, Exclusion.Kind.BAN, Exclusion.Kind.MUTE)


def can_read_messages(by: Actor | None, community: Community) -> bool:
    """What people wrote to the team is for those who answer: organisers."""
    return has_role(by, community, ORGANISER)


def can_exclude(by: Actor | None, community: Community) -> bool:
    """Mute and ban, and take that back: organisers."""
    return has_role(by, community, ORGANISER)


def is_excluded(by: Actor | None, community_id: int, *kinds: Exclusion.Kind) -> bool:
    """Whether somebody is banned from a community now, or whatever kinds are asked for."""
    among = CommunityExclusion.objects.filter(community=community_id, kind__in=kinds or [Exclusion.Kind.BAN])
    return queries.holding(among, by, clock.now()).exists()
