"""Who may do what with a community. No side effects."""

from __future__ import annotations

from datetime import datetime

from hallway.kit import instance
from hallway.kit.actors import Actor, SystemPerson
from hallway.people.models import Person

from . import queries
from .models import Community, TeamRole

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
