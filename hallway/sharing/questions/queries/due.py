"""What the clock asks for."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db.models import (
    DateTimeField,
    DurationField,
    Exists,
    ExpressionWrapper,
    F,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
)
from django.db.models.functions import Cast

from hallway.gathering.events import queries as events
from hallway.gathering.events.models import Event
from hallway.people.models import Person

from ..models import Answer, Digest, Floor, Follow, Question
from ..models.floors import FORGOTTEN_AFTER, REOPENED_FOR
from .floors import ANSWERABLE, LIVE

DAYS = (1, 7, 21)
LATE = 30  # the one mail of the last day, whatever day that is
A_DAY = timedelta(days=1)
SPAN = timedelta(days=30)
RETRIED_FOR = timedelta(days=7)
TO_WRITE = timedelta(minutes=15)


def digests_due(at: datetime, *, most: int) -> list[tuple[Floor, Person, int]]:
    """Floors with open questions whose session ended a day, a week or three weeks ago, with each speaker to write to.

    The days count anew from when a floor was opened again. Who was not written to for days hears once, of the last
    day that came. Nothing before a session is a day over or once it is thirty days over, nor for an event that did
    not take place; but on the last day before the questions close, :data:`LATE`, of what was asked since.
    """
    ends = (*DAYS[1:], SPAN.days)
    pairs: list[tuple[int, int, int]] = []
    for day, end in zip(DAYS, ends, strict=True):
        over = _begun(until=at - timedelta(days=day)) & _begun_after(at - timedelta(days=end))
        pairs += [(floor, person, day) for floor, person in _pairs(_unwritten(over, day), most - len(pairs))]
    pairs += [(floor, person, LATE) for floor, person in _pairs(_late(at), most - len(pairs))]
    floors = Floor.objects.select_related("event__community", "session__talk").in_bulk([one[0] for one in pairs])
    people = Person.objects.in_bulk([one[1] for one in pairs])
    return [(floors[floor], people[person], day) for floor, person, day in pairs]


def _begun(*, until: datetime) -> Q:
    """The session ended by then, and the floor was not opened again since."""
    return Q(ends_at__lte=until) & (Q(reopened_until=None) | Q(reopened_until__lte=until + REOPENED_FOR))


def _begun_after(after: datetime) -> Q:
    """The session ended after that, or the floor was opened again after it."""
    return Q(ends_at__gt=after) | Q(reopened_until__gt=after + REOPENED_FOR)


def _unwritten(over: Q, day: int) -> QuerySet[Floor]:
    """Floors with something open, each with a ``speaker`` who was not written to for that day or a later one."""
    rows = Floor.objects.filter(
        over,
        Exists(Question.objects.filter(ANSWERABLE, floor=OuterRef("pk"))),
        event__in=events.visible_to(None),
        session__public_at__isnull=False,
        session__hidden_at=None,
    ).exclude(event__state=Event.State.CANCELLED)
    reachable = Person.objects.filter(left_at=None).exclude(email=None)
    speaking = rows.annotate(speaker=F("session__talk__speakings__person"))
    return speaking.filter(~Exists(_written(day)), speaker__in=reachable)


def _written(day: int) -> QuerySet[Digest]:
    """What a speaker was written for that day or a later one, since the floor was opened."""
    told = Digest.objects.filter(floor=OuterRef("pk"), person=OuterRef("speaker"))
    return told.filter(round=OuterRef("reopenings"), day__gte=day)


def _late(at: datetime) -> QuerySet[Floor]:
    """Floors that close within a day, on which something was asked since the speaker was last written to.

    Not while one of the three days is still to be written of: that mail has it all.
    """
    stays = ExpressionWrapper(Cast("open_days", IntegerField()) * Value(A_DAY), output_field=DurationField())
    closing = ExpressionWrapper(F("ends_at") + stays, output_field=DateTimeField())
    soon = Q(closing__lte=at + A_DAY) & (Q(reopened_until=None) | Q(reopened_until__lte=at + A_DAY))
    is_open = Q(closing__gt=at) | Q(reopened_until__gt=at)
    lately = Digest.objects.filter(floor=OuterRef("pk"), person=OuterRef("speaker")).order_by("-at")
    rows = _unwritten(_begun(until=at - timedelta(days=DAYS[-1])), LATE)
    rows = rows.annotate(closing=closing, heard=Subquery(lately.values("at")[:1])).filter(soon, is_open)
    since = Question.objects.filter(ANSWERABLE, floor=OuterRef("pk"), shown_at__gt=OuterRef("heard"))
    return rows.filter(Exists(_written(DAYS[-1])) | _begun(until=at - SPAN), Q(heard=None) | Exists(since))


def _pairs(floors: QuerySet[Any], most: int) -> list[tuple[int, int]]:
    """Ids of floors and of their speakers, those first that wait longest."""
    return list(floors.order_by("ends_at", "pk", "speaker").values_list("pk", "speaker").distinct()[:most])


def stages_forgotten(at: datetime, most: int) -> list[Floor]:
    """Floors where a question stands as being answered, although it was taken up, and the session over, an hour ago."""
    forgotten = Question.objects.filter(floor=OuterRef("pk"), on_stage_at__lte=at - FORGOTTEN_AFTER)
    rows = Floor.objects.filter(Exists(forgotten), ends_at__lte=at - FORGOTTEN_AFTER)
    return list(rows.select_related("event").order_by("pk")[:most])


def live_answers_untold(at: datetime, most: int) -> QuerySet[Question]:
    """Questions answered in the room of which a follower has still to hear, for a week.

    It begins a quarter of an hour after the session, so that what was said can be written down first; or when
    somebody says that it was answered there, which speakers are asked three weeks later as well.
    """
    waits = Follow.objects.filter(question=OuterRef("pk"), is_over=False, heard_live=False)
    lately = Q(floor__ends_at__gt=at - RETRIED_FOR) | Q(answered_live_at__gt=at - RETRIED_FOR)
    rows = Question.objects.filter(LIVE, lately, Exists(waits), floor__ends_at__lte=at - TO_WRITE)
    return rows.select_related("floor__event", "floor__session__talk").order_by("pk")[:most]


def answers_untold(at: datetime, most: int) -> QuerySet[Answer]:
    """Answers of the last week that some address has still to hear of."""
    waits = Follow.objects.filter(
        question=OuterRef("question"), by_address=True, is_over=False, after__lt=OuterRef("pk")
    )  # fmt: skip
    untold = waits.exclude(told__answer=OuterRef("pk"))
    rows = Answer.objects.filter(
        Exists(untold), written_at__gt=at - RETRIED_FOR, withdrawn_at=None, hidden_at=None, question__hidden_at=None
    )
    return rows.select_related("question__floor__event").order_by("pk")[:most]
