"""How many: in which state, how many came to what is over, how many are likely to. In numbers, never by person."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache

from django.db.models import Count, Min, Q, Sum

from hallway.gathering.communities.models import Community
from hallway.gathering.events import queries as events
from hallway.gathering.events.models import Event
from hallway.kit.localised import pick

from . import queries
from .forecast import FEWEST_EVENTS, MOST_EVENTS, Advice, Closed, overbooking
from .models import Admission, CheckIn, Registration

State = Registration.State
# The same past gives the same advice, and for a large hall it takes a third of a second.
_advice = lru_cache(maxsize=256)(overbooking)


@dataclass(frozen=True)
class Crowd:
    """Those in one state: how many registrations, with how many seats, and when the first offer among them ends."""

    people: int
    seats: int
    until: datetime | None = None


NOBODY = Crowd(0, 0)


def crowds_of(admissions: Iterable[Admission]) -> dict[int, dict[str, Crowd]]:
    """``{admission id: {state: crowd}}``, in one query."""
    found: dict[int, dict[str, Crowd]] = {}
    rows = Registration.objects.filter(admission__in=list(admissions)).order_by().values_list("admission_id", "state")
    for pk, state, *figures in rows.annotate(number=Count("pk"), held=Sum("seats"), until=Min("offered_until")):
        found.setdefault(pk, {})[state] = Crowd(*figures)
    return found


def waiting_for_an_answer(community: Community, at: datetime) -> list[tuple[Event, int]]:
    """Events the community runs or co-hosts that are not over, with how many people wait for a yes or no."""
    coming = events.to_come(events.of_community(Event.objects.all(), community), at)
    asked = Count("admissions__registrations", filter=Q(admissions__registrations__state=State.ASKED), distinct=True)
    rows = coming.annotate(asked=asked).filter(asked__gt=0)
    return [(event, event.asked) for event in rows]


@dataclass
class Turnout:
    """One event: seats of those who said they come, how many of these were taken, and by how people came in.

    Guests count. ``came`` counts those who were registered; who walked in without a seat is counted apart.
    """

    admission: Admission
    going: int = 0
    came: int = 0
    walked_in: int = 0
    ways: Counter[str] = field(default_factory=Counter)

    @property
    def absent(self) -> int:
        return max(0, self.going - self.came)

    @property
    def there(self) -> int:
        return self.came + self.walked_in

    @property
    def share(self) -> int | None:
        """How many of a hundred seats were taken; None where nobody had said that they come."""
        return min(100, round(100 * self.came / self.going)) if self.going else None

    @property
    def title(self) -> str:
        return pick(self.admission.event.title).text


def turnouts_of(admissions: Iterable[Admission]) -> list[Turnout]:
    """One for each, in the same order, in two queries."""
    found = {admission.pk: Turnout(admission) for admission in admissions}
    crowds = crowds_of([one.admission for one in found.values()])
    for pk, turnout in found.items():
        turnout.going = crowds.get(pk, {}).get(State.GOING, NOBODY).seats
    # The last line of the door's book about somebody says how it is.
    lines = CheckIn.objects.filter(admission__in=found).order_by("done_at", "uid")
    columns = lines.values_list("admission_id", "registration_id", "walk_in", "kind", "how", "seats")
    last = {}
    for pk, registration, walk_in, kind, how, seats in columns:
        last[pk, registration, walk_in] = (kind, how, seats)
    for (pk, registration, _walk_in), (kind, how, seats) in last.items():
        if kind != CheckIn.Kind.CAME:
            continue
        turnout = found[pk]
        turnout.ways[how] += seats
        if registration is None:
            turnout.walked_in += seats
        else:
            turnout.came += seats
    return list(found.values())


@dataclass(frozen=True)
class Foresight:
    """What is known of how many come: the advice, or how many closed events are missing for it."""

    advice: Advice | None
    missing: int
    seats: int | None

    @property
    def share(self) -> int:
        return round(100 * self.advice.share) if self.advice else 0

    @property
    def share_low(self) -> int:
        return round(100 * self.advice.share_low) if self.advice else 0

    @property
    def share_high(self) -> int:
        return round(100 * self.advice.share_high) if self.advice else 0


def foresight_for(admission: Admission, at: datetime) -> Foresight:
    """What earlier events of the community say of this one's seats."""
    past = turnouts_of(queries.closed_events_of(admission.event.community, at)[:MOST_EVENTS])
    closed = [
        Closed(going=one.going, came=one.came, at=one.admission.event.starts_at)
        for one in past
        if one.going and one.admission.event.starts_at
    ]
    seats = admission.capacity
    advice = _advice(tuple(closed), seats) if seats else None
    return Foresight(advice, max(0, FEWEST_EVENTS - len(closed)), seats)
