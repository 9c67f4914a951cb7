"""Keeps the search entries true: whatever carries the id of a thing makes its entry new, soon after the commit."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Q

from hallway.gathering.events.models import Event
from hallway.kit.facts import FACTS, Fact, later_together
from hallway.kit.models import FactRow
from hallway.programme.schedule.models import Session
from hallway.programme.talks.models import Speaking

from . import indexing

_NAMES = {"community_id", "event_id", "talk_id", "talk_ids", "person_id", "person_ids", "gone_id", "session_ids"}
# Facts that change nothing one could search for: who follows and helps, rooms and tracks, what is still a draft.
_SILENT = re.compile(
    r"communities\.(community_(joined|quit)|membership_|team_|role_|series_|network_|founding_declined)"
    r"|events\.(room_|host_|venue_added)|schedule\.(track_|slot_|schedule_reset)|talks\.talk_shared"
    r"|exchange\.import_(asked|agreed|refused)|people\.(logins_|account_|administrator_|claim_invited)"
)
# Of what concerns a whole community, only this decides whether the talks at its events are found.
_OPENS_OR_CLOSES = re.compile(r"communities\.(founding_approved|community_(founded|published|unpublished|hidden))")


def _about_things() -> list[type[Fact]]:
    return [
        fact
        for kind, fact in FACTS.items()
        if not _SILENT.match(kind) and _NAMES & set(getattr(fact, "__dataclass_fields__", ()))
    ]


@dataclass
class _Old:
    """What has to be indexed anew."""

    communities: set[int] = field(default_factory=set)
    events: set[int] = field(default_factory=set)
    talks: set[int] = field(default_factory=set)
    people: set[int] = field(default_factory=set)
    sessions: set[int] = field(default_factory=set)
    # Those whose talks are all old; the others are old themselves and nothing more.
    whole_communities: set[int] = field(default_factory=set)
    whole_events: set[int] = field(default_factory=set)

    def add(self, row: FactRow) -> None:
        """Take in what a fact names."""
        payload = row.payload
        communities, events = _ids(payload, "community_id"), _ids(payload, "event_id")
        sessions = _ids(payload, "session_ids", "session_id")
        self.communities |= communities
        self.events |= events
        self.sessions |= sessions
        self.talks |= _ids(payload, "talk_id", "talk_ids")
        self.people |= _ids(payload, "person_id", "person_ids", "gone_id")
        if _OPENS_OR_CLOSES.match(row.kind):
            self.whole_communities |= communities
        elif not sessions and "title" in payload.get("fields", ["title"]):  # talks are shown with the event's title
            self.whole_events |= events

    def find(self) -> None:
        """Add what is shown with what was named."""
        events = Event.objects.all()
        self.events |= set(events.filter(community_id__in=self.communities).values_list("pk", flat=True))
        whole = events.filter(Q(pk__in=self.whole_events) | Q(community_id__in=self.whole_communities))
        held = Session.objects.filter(Q(pk__in=self.sessions) | Q(event__in=whole), talk__isnull=False)
        self.talks |= set(held.values_list("talk_id", flat=True))
        self.talks |= set(Speaking.objects.filter(person_id__in=self.people).values_list("talk_id", flat=True))
        self.people |= set(Speaking.objects.filter(talk_id__in=self.talks).values_list("person_id", flat=True))


@later_together(*_about_things())
def entries_are_old(rows: list[FactRow]) -> None:
    """Index what the facts name, and what is shown with it; each thing once, however many facts name it."""
    old = _Old()
    for row in rows:
        old.add(row)
    old.find()
    indexing.in_parts(indexing.index_communities, old.communities)
    indexing.in_parts(indexing.index_events, old.events)
    indexing.in_parts(indexing.index_talks, old.talks)
    indexing.in_parts(indexing.index_people, old.people)


def _ids(payload: dict[str, Any], *names: str) -> set[int]:
    found: set[int] = set()
    for name in names:
        value = payload.get(name)
        found |= set(value) if isinstance(value, list) else {value} if isinstance(value, int) else set()
    return found
