"""Keeps the search entries true: whatever carries the id of a thing makes its entry new, soon after the commit."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from hallway.gathering.events.models import Event
from hallway.kit.facts import FACTS, Fact, later
from hallway.kit.models import FactRow
from hallway.programme.schedule.models import Session
from hallway.programme.talks.models import Speaking

from . import indexing

_NAMES = {"community_id", "event_id", "talk_id", "talk_ids", "person_id", "person_ids", "gone_id", "session_ids"}
# Facts that change nothing one could search for.
_SILENT = {"communities.community_joined", "communities.community_quit"}


def _about_things() -> list[type[Fact]]:
    return [
        fact
        for kind, fact in FACTS.items()
        if kind not in _SILENT and _NAMES & set(getattr(fact, "__dataclass_fields__", ()))
    ]


@later(*_about_things())
def entries_are_old(fact: Any, row: FactRow) -> None:
    """Index what the fact names, and what is shown with it."""
    payload = row.payload
    communities = _ids(payload, "community_id")
    events = _ids(payload, "event_id")
    talks = _ids(payload, "talk_id", "talk_ids")
    people = _ids(payload, "person_id", "person_ids", "gone_id")
    if communities:
        events |= set(Event.objects.filter(community_id__in=communities).values_list("pk", flat=True))
    sessions = Session.objects.filter(talk__isnull=False)
    if touched := _ids(payload, "session_ids", "session_id"):
        talks |= set(sessions.filter(pk__in=touched).values_list("talk_id", flat=True))
    elif events:
        talks |= set(sessions.filter(event_id__in=events).values_list("talk_id", flat=True))
    talks |= set(Speaking.objects.filter(person_id__in=people).values_list("talk_id", flat=True))
    people |= set(Speaking.objects.filter(talk_id__in=talks).values_list("person_id", flat=True))
    with transaction.atomic():
        indexing.index_communities(communities)
        indexing.index_events(events)
        indexing.index_talks(talks)
        indexing.index_people(people)


def _ids(payload: dict[str, Any], *names: str) -> set[int]:
    found: set[int] = set()
    for name in names:
        value = payload.get(name)
        found |= set(value) if isinstance(value, list) else {value} if isinstance(value, int) else set()
    return found
