"""Reads of communities used more than once."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from hallway.kit import clock
from hallway.people.models import Person

from .models import Community, TeamRole


def visible_to(person: Person | None) -> QuerySet[Community]:
    """Communities the reader may open: public ones, and those they help to run."""
    allowed = Q(public_at__isnull=False, hidden_at=None)
    if person is not None:
        if person.is_administrator:
            return Community.objects.all()
        allowed |= Q(pk__in=present_roles().filter(person=person).values("community_id"))
    return Community.objects.filter(allowed)


def present_roles() -> QuerySet[TeamRole]:
    """Team roles that hold today."""
    today = clock.now().date()
    return TeamRole.objects.filter(Q(ends_on=None) | Q(ends_on__gte=today), ended_at=None)


def role_of(person: Person | None, community_id: int) -> str | None:
    """``organiser``, ``editor``, ``helper`` or None: what the person is in the team today."""
    if person is None or not person.pk:
        return None
    return present_roles().filter(person=person, community_id=community_id).values_list("role", flat=True).first()


def names_of(ids: set[int]) -> dict[int, str]:
    """Names by id, for the trail."""
    return dict(Community.objects.filter(pk__in=ids).values_list("pk", "name"))
