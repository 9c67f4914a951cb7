"""Keeps the search entries true: whatever carries the id of a thing makes its entry new, soon after the commit."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet

from hallway.gathering.events.models import Event
from hallway.kit.facts import FACTS, Fact, later_together
from hallway.kit.models import FactRow
from hallway.people.facts import PersonLeft
from hallway.programme.schedule.models import Session
from hallway.programme.talks.models import Speaking
from hallway.sharing.feedback.models import Card
from hallway.sharing.questions.models import Question

from . import indexing
from .models import SearchEntry

_NAMES = {"community_id", "event_id", "talk_id", "talk_ids", "person_id", "person_ids", "gone_id", "session_ids"}
# Facts that change nothing one could search for: who follows, helps and comes, rooms and tracks, what is still a draft.
_SILENT = re.compile(
    r"communities\.(community_(joined|quit)|banned|muted|exclusion_|membership_|team_|role_|series_|network_"
    r"|founding_(declined|kept))"
    r"|events\.(room_|host_|venue_added|banned|muted|exclusion_)|schedule\.(track_|slot_|schedule_reset|slides_)"
    r"|talks\.(talk_shared|material_|no_slides_)|attendance\.|feedback\.|takeaways\."
    r"|exchange\.import_(asked|agreed|refused)|people\.(logins_|account_|person_(un)?blocked|administrator_|claim_invited)"
)
# What is said on floors is indexed by itself: a question let in makes no talk and no event other than it was.
_ON_FLOORS = re.compile(
    r"questions\.(question_(asked|edited|withdrawn|shown|refused|merged|separated)|refusal_taken_back|answered_live"
    r"|answer_(written|edited|withdrawn)|said_hidden)"
)
# A tool is found by its name while there is a card about it, or somebody speaks for it.
_ON_TOOLS = re.compile(
    r"feedback\.(product_(added|edited|hidden)|card_(written|taken_back|hidden)|maker_(proved|ended))"
)
# Of what concerns a whole community, only this decides whether the talks at its events are found.
_OPENS_OR_CLOSES = re.compile(r"communities\.(founding_approved|community_(founded|published|unpublished|hidden))")


def _about_things() -> list[type[Fact]]:
    return [
        fact
        for kind, fact in FACTS.items()
        if not _SILENT.match(kind)
        and not kind.startswith("questions.")
        and _NAMES & set(getattr(fact, "__dataclass_fields__", ()))
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
    # When somebody left: what they asked and answered does not say any more whose it was, only when it went.
    left_at: set[datetime] = field(default_factory=set)
    questions: set[int] = field(default_factory=set)
    products: set[int] = field(default_factory=set)

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
        if row.kind == PersonLeft.kind:
            self.left_at.add(row.at)
        if _OPENS_OR_CLOSES.match(row.kind):
            self.whole_communities |= communities
        elif not sessions and "title" in payload.get("fields", ["title"]):  # talks are shown with the event's title
            self.whole_events |= events

    def find(self) -> None:
        """Add what is shown with what was named."""
        events = Event.objects.all()
        self.events |= set(events.filter(community_id__in=self.communities).values_list("pk", flat=True))
        whole = events.filter(Q(pk__in=self.whole_events) | Q(community_id__in=self.whole_communities))
        self.questions = self._questions(whole)
        self.products = self._products(whole)
        held = Session.objects.filter(Q(pk__in=self.sessions) | Q(event__in=whole), talk__isnull=False)
        self.talks |= set(held.values_list("talk_id", flat=True))
        self.talks |= set(Speaking.objects.filter(person_id__in=self.people).values_list("talk_id", flat=True))
        self.people |= set(Speaking.objects.filter(talk_id__in=self.talks).values_list("person_id", flat=True))

    def _questions(self, whole: QuerySet[Event]) -> set[int]:
        """Those of the sessions and events that changed, and those whose texts went with who wrote them."""
        shown = Q(floor__session__in=self.sessions) | Q(floor__event__in=whole) | Q(floor__session__talk__in=self.talks)
        gone = Q(erased_at__in=self.left_at) | Q(answers__erased_at__in=self.left_at)
        return set(Question.objects.filter(shown | gone).values_list("pk", flat=True))

    def _products(self, whole: QuerySet[Event]) -> set[int]:
        """Tools with a card from what changed; and all that are found, once somebody left with their cards."""
        cards = Card.objects.filter(Q(session__in=self.sessions) | Q(session__event__in=whole))
        found = set(cards.values_list("product_id", flat=True))
        if self.left_at:
            entries = SearchEntry.objects.filter(kind=SearchEntry.Kind.PRODUCT)
            found |= set(entries.values_list("object_id", flat=True))
        return found


@later_together(*(fact for kind, fact in FACTS.items() if _ON_FLOORS.fullmatch(kind)))
def questions_are_old(rows: list[FactRow]) -> None:
    """Index questions anew, whose words, answers or standing changed."""
    ids = {pk for row in rows for pk in _ids(row.payload, "question_id", "into_id")}
    indexing.in_parts(indexing.index_questions, ids)


@later_together(*(fact for kind, fact in FACTS.items() if _ON_TOOLS.fullmatch(kind)))
def tools_are_old(rows: list[FactRow]) -> None:
    """Index tools anew that got a card or a maker, or lost one."""
    indexing.in_parts(indexing.index_products, {pk for row in rows for pk in _ids(row.payload, "product_id")})


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
    indexing.in_parts(indexing.index_questions, old.questions)
    indexing.in_parts(indexing.index_products, old.products)


def _ids(payload: dict[str, Any], *names: str) -> set[int]:
    found: set[int] = set()
    for name in names:
        value = payload.get(name)
        found |= set(value) if isinstance(value, list) else {value} if isinstance(value, int) else set()
    return found
