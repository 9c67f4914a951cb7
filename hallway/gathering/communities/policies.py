"""Who may do what with a community. No side effects."""

from __future__ import annotations

from hallway.kit.actors import Actor, SystemPerson
from hallway.people.models import Person

from . import queries
from .models import Community, TeamRole

ORGANISER, EDITOR, HELPER = TeamRole.Role.ORGANISER, TeamRole.Role.EDITOR, TeamRole.Role.HELPER


def has_role(by: Actor | None, community: Community, *roles: str) -> bool:
    """Whether the person holds one of the roles today. Administrators and Hallway itself hold all."""
    if isinstance(by, SystemPerson):
        return True
    if not isinstance(by, Person):
        return False
    return by.is_administrator or queries.role_of(by, community.pk) in roles


def can_view_community(person: Person | None, community: Community) -> bool:
    return queries.visible_to(person).filter(pk=community.pk).exists()


def can_join_community(by: Actor | None, community: Community) -> bool:
    return isinstance(by, Person) and community.public_at is not None and community.hidden_at is None


def can_edit_community(by: Actor | None, community: Community) -> bool:
    return has_role(by, community, ORGANISER)


def can_edit_programme(by: Actor | None, community: Community) -> bool:
    """Organisers and programme editors write the programmes of a community's events."""
    return has_role(by, community, ORGANISER, EDITOR)


def can_see_team_pages(by: Actor | None, community: Community) -> bool:
    """The trail, the lists: for everybody in the team."""
    return has_role(by, community, ORGANISER, EDITOR, HELPER)
