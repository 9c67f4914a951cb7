"""What the page of a session reads: few queries, each written once, and the event as this process remembers it."""

from __future__ import annotations

from typing import Any

from django.db import DEFAULT_DB_ALIAS
from django.db.models import Case, CharField, F, Q, QuerySet, Subquery, Value, When

from hallway.gathering.events import queries as events
from hallway.gathering.events.models import Event
from hallway.kit.prepared import Prepared
from hallway.kit.remembered import remember
from hallway.people.models import Person
from hallway.programme.schedule.models import Session, Slot
from hallway.programme.talks.models import Speaking, Talk
from hallway.vocabulary.models import Topic

_PLACE = (
    "session_id", "session__slug", "session__title", "session__talk__title", "session__event_id",
    "session__event__slug", "session__event__title", "session__event__zone", "public_room__name",
    "public_starts_at", "public_ends_at",
)  # fmt: skip
_PERSON, _TOPIC = ("id", "name", "slug", "picture"), ("id", "slug", "name_en", "name_fr")


def public_event(slug: str) -> Event | None:
    """The event at an address if everybody may open it, with its community and venue. Shared: only to be read."""

    def read() -> Event | None:
        return events.visible_to(None).select_related("community", "venue").filter(slug=slug).first()

    def tags(event: Event | None) -> list[str]:
        return [f"event:{event.pk}", f"community:{event.community_id}"] if event else ["events"]

    return remember(("event", slug), read, tags)


def session_count(event: Event) -> int:
    """How many sessions its programme has, breaks left out. Asked once for each event object."""
    if "session_count" not in event.__dict__:
        rows = Session.objects.filter(event=event, public_at__isnull=False, hidden_at=None).exclude(kind="break")
        event.__dict__["session_count"] = rows.count()
    count: int = event.__dict__["session_count"]
    return count


def first_places(event: Event, most: int) -> list[tuple[Any, ...]]:
    """The first released slots of an event without its breaks, in order of time: rows as of ``places_around``."""
    rows = Slot.objects.filter(session__event=event, session__hidden_at=None, public_at__isnull=False)
    talks = rows.exclude(session__kind=Session.Kind.BREAK).order_by("public_starts_at", "public_room__position", "pk")
    return list(talks.values_list(*_PLACE)[:most])


_session = Prepared(
    lambda event, pk: Session.objects.filter(
        pk=pk, event_id=event, public_at__isnull=False, hidden_at=None
    ).select_related("talk", "track", "admission")
)


def public_session(event: Event, pk: int) -> Session | None:
    """A released session of an event everybody may open, with talk, track and list."""
    for session in _session(event.pk, pk):
        session.event = event
        return session
    return None


def _near(session: int, track: int, talk: int, most: int) -> QuerySet[Slot, tuple[Any, ...]]:
    """Own slots and other occasions first, then what follows in the track, then what came before, nearest first."""
    public = Q(event__public_at__isnull=False, event__hidden_at=None)
    elsewhere = Session.objects.filter(public, talk_id=talk)
    around = Session.objects.filter(
        Q(pk=session) | Q(track_id=track) | Q(pk__in=elsewhere.values("pk")), hidden_at=None
    )
    rows = Slot.objects.filter(session__in=around, public_at__isnull=False)
    own = Slot.objects.filter(session_id=session, public_at__isnull=False).order_by("public_starts_at")
    begin = own.values("public_starts_at")[:1]
    first = Q(session_id=session) | Q(session__talk_id=talk)
    rank = Case(When(first, then=0), When(public_starts_at__gte=Subquery(begin), then=1), default=2)
    later = Case(When(public_starts_at__gte=Subquery(begin), then=F("public_starts_at")))
    return rows.order_by(rank, later.asc(nulls_last=True), "-public_starts_at", "pk").values_list(*_PLACE)[:most]


_places = Prepared(lambda session, track, talk: _near(session, track, talk, 16))


def places_around(session: Session) -> list[tuple[Any, ...]]:
    """Its own slots, those of its track around them, and where else its talk is given: rows in order of time."""
    rows = _places(session.pk, session.track_id or 0, session.talk_id or 0)
    return sorted(rows, key=lambda row: (row[-2], row[0]))


def _named(talk: int) -> QuerySet[Speaking, tuple[Any, ...]]:
    people = Speaking.objects.filter(talk_id=talk, person__left_at=None).order_by()
    topics = Talk.topics.through.objects.filter(talk_id=talk).order_by()
    return people.values_list(Value("person", CharField()), "position", *(f"person__{name}" for name in _PERSON)).union(
        topics.values_list(Value("topic", CharField()), "id", *(f"topic__{name}" for name in _TOPIC)), all=True
    )


_people_and_topics = Prepared(_named)


def people_and_topics(talk: Talk) -> tuple[list[Person], list[Topic]]:
    """Who speaks, in their order, and what about, in the order of the alphabet: one query."""
    rows = sorted(_people_and_topics(talk.pk), key=lambda row: row[:3])
    people = [Person.from_db(DEFAULT_DB_ALIAS, _PERSON, row[2:]) for row in rows if row[0] == "person"]
    topics = [Topic.from_db(DEFAULT_DB_ALIAS, _TOPIC, row[2:]) for row in rows if row[0] == "topic"]
    return people, sorted(topics, key=lambda topic: topic.slug)
