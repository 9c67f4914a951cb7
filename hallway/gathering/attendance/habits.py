"""How reliably somebody comes: from their own rows, for their own eyes. Nothing is decided by it."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef, Q

from hallway.people.models import Person

from .forecast import Outcome, Reliability, Turn, reliability
from .models import CheckIn, Registration, SeatOffer, StillComing

State = Registration.State
LATE = timedelta(hours=24)


def habit_of(person: Person, at: datetime) -> Reliability | None:
    """How reliably the person came to what is over; None while there is too little to say."""
    return reliability(turns_of(person, at), at)


def turns_of(person: Person, at: datetime) -> list[Turn]:
    """Seats the person had at events that are over and whose door was used, in one query.

    Whoever gives up within a day of the start gave up late, if the seat was theirs: they had taken an offer, or had
    been asked whether they still come.
    """
    used = CheckIn.objects.filter(admission=OuterRef("admission"))
    took = SeatOffer.objects.filter(registration=OuterRef("pk"), outcome=SeatOffer.Outcome.ACCEPTED)
    asked = StillComing.objects.filter(registration=OuterRef("pk"))
    held = Q(state=State.GOING) | Q(state=State.GIVEN_UP, cause=Registration.Cause.SELF)
    rows = (
        Registration.objects.filter(held, person=person, online=False, admission__is_event=True)
        .filter(Exists(used), Exists(took) | Exists(asked) | Q(state=State.GOING))
        .filter(admission__event__ends_at__lte=at)
        .values_list("admission__event__starts_at", "state", "came_at", "state_at")
    )
    return [
        Turn(starts_at, _outcome(state, came_at, starts_at - since))
        for starts_at, state, came_at, since in rows
        if starts_at is not None
    ]


def _outcome(state: str, came_at: datetime | None, before: timedelta) -> Outcome:
    if came_at is not None:
        return Outcome.CAME
    if state == State.GOING:
        return Outcome.ABSENT
    return Outcome.GAVE_UP_LATE if before < LATE else Outcome.GAVE_UP_IN_TIME
