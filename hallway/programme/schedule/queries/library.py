"""Talks over all events: lists with their speakers and where they were given."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Max, Q, QuerySet, TextField
from django.db.models.functions import Cast

from hallway.gathering.communities.models import Community
from hallway.people.models import Person
from hallway.programme.schedule.models import Session, Slot
from hallway.programme.talks.models import Speaking, Talk

SHOWN = Q(
    sessions__public_at__isnull=False,
    sessions__hidden_at=None,
    sessions__event__public_at__isnull=False,
    sessions__event__hidden_at=None,
    sessions__event__community__public_at__isnull=False,
    sessions__event__community__hidden_at=None,
)


@dataclass(frozen=True)
class Given:
    """A talk at an event."""

    session: Session
    starts_at: datetime


@dataclass
class Listed:
    """A talk of a list: who gives it, and where it was given, latest first."""

    talk: Talk
    speakers: list[tuple[str, str]] = field(default_factory=list)
    given: list[Given] = field(default_factory=list)


def public_talks(
    *, topic: str = "", language: str = "", level: str = "", year: str = "", community: Community | None = None
) -> QuerySet[Talk]:
    """Talks of released programmes, latest first, narrowed by what is given."""
    wanted = SHOWN
    if community is not None:
        wanted &= Q(sessions__event__community=community)
    if year:
        wanted &= Q(sessions__slots__public_starts_at__year=int(year))
    talks = Talk.objects.filter(wanted, public_at__isnull=False, hidden_at=None, withdrawn_at=None)
    if topic:
        talks = talks.filter(topics__slug=topic)
    if level:
        talks = talks.filter(level=level)
    if language:
        talks = talks.annotate(spoken=Cast("languages", TextField())).filter(spoken__contains=f'"{language}"')
    return talks.annotate(latest=Max("sessions__slots__public_starts_at")).order_by("-latest", "-pk")


def talks_of(person: Person) -> QuerySet[Talk]:
    """A person's talks in released programmes, latest first."""
    return public_talks().filter(pk__in=person.speakings.values("talk_id"))


def listed(talks: Iterable[Talk]) -> list[Listed]:
    """The talks with speakers and occasions. Two queries however many."""
    rows = {talk.pk: Listed(talk) for talk in talks}
    speakings = (
        Speaking.objects.filter(talk__in=rows, person__left_at=None)
        .order_by("position", "pk")
        .values_list("talk_id", "person__slug", "person__name")
    )
    for talk, slug, name in speakings:
        rows[talk].speakers.append((slug, name))
    slots = (
        Slot.objects.filter(session__talk__in=rows, public_at__isnull=False, session__hidden_at=None)
        .filter(session__event__public_at__isnull=False, session__event__hidden_at=None)
        .filter(session__event__community__public_at__isnull=False, session__event__community__hidden_at=None)
        .select_related("session__event")
        .defer("session__event__description", "session__abstract")
        .order_by("-public_starts_at")
    )
    for slot in slots:
        one = rows[slot.session.talk_id or 0]
        if slot.public_starts_at and all(given.session.pk != slot.session_id for given in one.given):
            one.given.append(Given(slot.session, slot.public_starts_at))
    return list(rows.values())


def years_of_talks() -> list[int]:
    """The years in which public talks were given, latest first."""
    years = Slot.objects.filter(public_at__isnull=False, session__talk__isnull=False).dates("public_starts_at", "year")
    return sorted({day.year for day in years}, reverse=True)
