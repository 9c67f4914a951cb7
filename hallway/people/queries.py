"""Reads of people used more than once."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from .models import Person


def visible_to(person: Person | None) -> QuerySet[Person]:
    """People whose page the reader may open: those who made it public (speakers' pages are), and oneself."""
    allowed = Q(public_at__isnull=False)
    if person is not None:
        allowed |= Q(pk=person.pk)
        if person.is_administrator:
            allowed = Q()
    return Person.objects.filter(allowed, left_at=None, merged_into=None)


def names_of(ids: set[int]) -> dict[int, str]:
    """Names by id, for the trail. People who left are not in it."""
    return dict(Person.objects.filter(pk__in=ids, left_at=None).values_list("pk", "name"))
