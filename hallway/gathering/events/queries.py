"""Reads of events used more than once."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from hallway.gathering.communities.queries import present_roles
from hallway.kit.localised import pick
from hallway.people.models import Person

from .models import Event, Host


def visible_to(person: Person | None) -> QuerySet[Event]:
    """Events the reader may open: public ones of public communities, and those their teams run or co-host."""
    allowed = Q(public_at__isnull=False, hidden_at=None, community__public_at__isnull=False, community__hidden_at=None)
    if person is not None:
        if person.is_administrator:
            return Event.objects.all()
        mine = present_roles().filter(person=person).values("community_id")
        hosted = Host.objects.filter(community_id__in=mine, accepted_at__isnull=False).values("event_id")
        allowed |= Q(community_id__in=mine) | Q(pk__in=hosted)
    return Event.objects.filter(allowed)


def names_of(ids: set[int]) -> dict[int, str]:
    """Titles by id, for the trail."""
    return {pk: pick(title).text for pk, title in Event.objects.filter(pk__in=ids).values_list("pk", "title")}
