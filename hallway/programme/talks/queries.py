"""Reads of talks used more than once."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet

from hallway.gathering.communities.queries import present_roles
from hallway.kit.localised import pick
from hallway.people.models import Person

from .models import Talk


def visible_to(person: Person | None) -> QuerySet[Talk]:
    """Talks the reader may open: public ones, their own, those they wrote down or their team may correct."""
    allowed = Q(public_at__isnull=False, hidden_at=None)
    if person is not None:
        if person.is_administrator:
            return Talk.objects.all()
        mine = present_roles().filter(person=person, role__in=["organiser", "editor"]).values("community_id")
        allowed |= (
            Q(pk__in=person.speakings.values("talk_id"))
            | Q(written_by=person.actor_key)
            | Q(grants__event__community_id__in=mine)
        )
        return Talk.objects.filter(pk__in=Talk.objects.filter(allowed).values("pk"))
    return Talk.objects.filter(allowed)


def names_of(ids: set[int]) -> dict[int, str]:
    """Titles by id, for the trail."""
    return {pk: pick(title).text for pk, title in Talk.objects.filter(pk__in=ids).values_list("pk", "title")}


def own_data(person: Person) -> list[dict[str, Any]]:
    """For the export: the talks a person speaks in or wrote down, whole, with who else speaks."""
    mine = Talk.objects.filter(Q(pk__in=person.speakings.values("talk_id")) | Q(written_by=person.actor_key))
    columns = (
        "guid", "title", "subtitle", "abstract", "description", "languages", "level", "tags", "links", "public_at",
        "withdrawn_at", "created_at", "updated_at",
    )  # fmt: skip
    return [
        {
            **{name: getattr(talk, name) for name in columns},
            "topics": [topic.slug for topic in talk.topics.all()],
            "speakers": [speaking.person.name for speaking in talk.speakings.all()],
        }
        for talk in mine.prefetch_related("topics", "speakings__person").order_by("created_at", "pk")
    ]
