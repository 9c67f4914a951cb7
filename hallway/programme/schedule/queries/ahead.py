"""What lists and cards of events say of their programmes: how many talks, and which come next."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, QuerySet

from hallway.gathering.events.models import Event
from hallway.people.models import Person
from hallway.programme.schedule.models import Session, Slot
from hallway.programme.talks.models import Speaking

from .visible import title_of

EVENING, NEXT = 5, 3


@dataclass(frozen=True)
class Ahead:
    """A session of a card: its page, title, length and speakers."""

    session_id: int
    slug: str
    title: dict[str, str]
    starts_at: datetime
    minutes: int
    is_now: bool
    speakers: list[Person]


def _public_sessions() -> QuerySet[Session]:
    return Session.objects.filter(public_at__isnull=False, hidden_at=None, talk__isnull=False)


def count_talks(among: Sequence[Event]) -> None:
    """Note on each event how many talks its programme has. One query for those that do not know yet."""
    asked = [event for event in among if "talk_count" not in event.__dict__]
    if not asked:
        return
    rows = _public_sessions().filter(event__in=[event.pk for event in asked]).order_by()
    counts = dict(rows.values_list("event_id").annotate(number=Count("pk")))
    for event in asked:
        event.__dict__["talk_count"] = counts.get(event.pk, 0)


def talk_count(event: Event) -> int:
    """How many talks its programme has."""
    count_talks([event])
    count: int = event.__dict__["talk_count"]
    return count


def talks_ahead(event: Event, now: datetime) -> list[Ahead]:
    """All sessions of an evening, breaks left out; of a bigger programme the next few. Two queries."""
    slots = (
        Slot.objects.filter(session__event=event, session__hidden_at=None, public_at__isnull=False)
        .exclude(session__kind=Session.Kind.BREAK)
        .select_related("session__talk", "public_room")
        .order_by("public_starts_at", "public_room__position", "pk")
    )
    found = list(slots[: EVENING + 1])
    if len(found) > EVENING:
        found = list(slots.filter(public_ends_at__gt=now)[:NEXT])
    speakers: dict[int, list[Person]] = defaultdict(list)
    talks = [slot.session.talk_id for slot in found if slot.session.talk_id]
    speakings = Speaking.objects.filter(talk__in=talks, person__left_at=None).select_related("person")
    for speaking in speakings.order_by("position", "pk"):
        speakers[speaking.talk_id].append(speaking.person)
    return [_ahead(slot, speakers[slot.session.talk_id or 0], now) for slot in found]


def _ahead(slot: Slot, speakers: list[Person], now: datetime) -> Ahead:
    session, starts, ends = slot.session, slot.public_starts_at, slot.public_ends_at
    if starts is None or ends is None:
        raise ValueError("a public slot has its times")
    return Ahead(
        session_id=session.pk,
        slug=session.slug,
        title=title_of(session),
        starts_at=starts,
        minutes=int((ends - starts).total_seconds() // 60),
        is_now=starts <= now < ends,
        speakers=speakers,
    )
