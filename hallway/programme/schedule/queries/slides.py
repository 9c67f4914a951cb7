"""Whose slides are missing, who would like them, and whom to tell."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Exists, Max, OuterRef, QuerySet

from hallway.gathering.events.models import Event
from hallway.kit.actors import Actor
from hallway.programme.schedule.models import Session, SlidesReminder, SlidesRequest
from hallway.programme.talks.models import Speaking, Talk
from hallway.programme.talks.queries import has_slides

DAYS = (1, 7)
# A sweep that did not run for two days does not remind of what is long past.
LATE = timedelta(days=2)
KEPT = timedelta(days=183)


@dataclass(frozen=True)
class Missing:
    """A speaker whose slides of a session are missing, so many days after it."""

    speaking: Speaking
    session: Session
    days: int


def count_asked(session: Session) -> int:
    """How many would like the slides of a session."""
    return SlidesRequest.objects.filter(session=session).count()


def how_many_wait(talk: Talk) -> int:
    """How many would like the slides of a talk, wherever it was given, and have not been told of any."""
    return SlidesRequest.objects.filter(session__talk=talk, told_at=None).count()


def request_of(session: Session, by: Actor | None) -> SlidesRequest | None:
    """Whether this person or device asked already."""
    return SlidesRequest.objects.filter(session=session, asker=by.actor_key).first() if by is not None else None


def can_have_slides(session: Session) -> bool:
    """Whether one may ask: somebody speaks in it, and did not say that there are none."""
    talk = session.talk
    return talk is not None and session.kind != Session.Kind.BREAK and not (talk.withdrawn_at or talk.no_slides_at)


def missing_slides(at: datetime) -> Iterator[Missing]:
    """Speakers to be reminded now: of public sessions that took place, a day and a week after their last slot."""
    for days in DAYS:
        until = at - timedelta(days=days)
        for session in _ended(until - LATE, until):
            if session.talk is not None and not has_slides(session.talk, session.event_id):
                for speaking in _not_reminded(session, days):
                    yield Missing(speaking, session, days)


def _ended(after: datetime, until: datetime) -> QuerySet[Session]:
    """Sessions that are over since a while and took place: not hidden, taken out, postponed or called off."""
    rows = Session.objects.filter(
        # The index of slots says which are near in time; the last one of a session decides.
        slots__public_ends_at__gt=after, slots__public_starts_at__gt=after - LATE, slots__public_starts_at__lte=until,
        public_at__isnull=False, hidden_at=None, removed_at=None, event__state=Event.State.PUBLISHED,
        event__public_at__isnull=False, event__hidden_at=None, talk__isnull=False, talk__hidden_at=None,
        talk__withdrawn_at=None, talk__no_slides_at=None,
    ).exclude(kind=Session.Kind.BREAK)  # fmt: skip
    last = Max("slots__public_ends_at")
    over = Session.objects.filter(pk__in=rows.values("pk")).annotate(last=last).filter(last__gt=after, last__lte=until)
    return over.select_related("talk", "event").order_by("pk")


def _not_reminded(session: Session, days: int) -> QuerySet[Speaking]:
    told = SlidesReminder.objects.filter(
        talk=session.talk_id, event=session.event_id, person=OuterRef("person_id"), days__gte=days
    )
    rows = Speaking.objects.filter(~Exists(told), talk=session.talk_id, person__left_at=None)
    return rows.exclude(person__email=None).select_related("person", "talk").order_by("position", "pk")


def waiting_for(talk_id: int) -> QuerySet[SlidesRequest]:
    """Those who would like slides of this talk and were not told yet."""
    return SlidesRequest.objects.filter(session__talk_id=talk_id, told_at=None)


def to_be_told(at: datetime) -> list[SlidesRequest]:
    """Whose slides have arrived, a few at a time."""
    rows = SlidesRequest.objects.filter(told_at=None, due_at__lte=at).order_by("due_at", "pk")
    return list(rows.select_related("session__event", "session__talk", "person")[:100])


def waited_too_long(at: datetime) -> QuerySet[SlidesRequest]:
    """Addresses that were left for slides which never came."""
    return SlidesRequest.objects.filter(asked_at__lt=at - KEPT).exclude(address="")
