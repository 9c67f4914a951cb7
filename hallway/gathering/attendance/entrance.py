"""Whether one may register now, and if not, why: for every page that has a button for it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Q, Sum

from hallway.gathering.events.models import Event
from hallway.gathering.events.queries import is_hidden

from .entries import walked_in_seats
from .models import Admission, Registration
from .queries import HOLDS_SEATS, Seats

State = Registration.State
_OFF = {Event.State.CANCELLED: "cancelled", Event.State.POSTPONED: "postponed", Event.State.DRAFT: "draft"}


@dataclass(frozen=True)
class Entrance:
    """An admission, how full it is, and whether it is ``open``; else one word for why not.

    ``cancelled``, ``off``, ``postponed``, ``draft``, ``over``, ``hidden``, ``elsewhere``, ``none``, ``not_yet``,
    ``closed``, ``invited``.
    """

    admission: Admission
    seats: Seats
    state: str

    @property
    def is_open(self) -> bool:
        return self.state == "open"

    @property
    def asks(self) -> bool:
        """Whether the team says yes or no to each."""
        return self.admission.how == Admission.How.APPROVAL


def entrance_of(admission: Admission, seats: Seats, at: datetime) -> Entrance:
    return Entrance(admission, seats, why_not(admission, at) or "open")


def why_not(admission: Admission, at: datetime) -> str:
    """One word for why nobody can register now; empty when everybody can."""
    event = admission.event
    if event.state == Event.State.CANCELLED:
        return "cancelled"
    if admission.off_at is not None:
        return "off"
    if admission.is_over(at):
        return "over"
    if is_hidden(event):
        return "hidden"
    if event.state in _OFF:
        return _OFF[Event.State(event.state)]
    if admission.how == Admission.How.NONE:
        return "elsewhere" if event.url else "none"
    if admission.opens_at is not None and at < admission.opens_at:
        return "not_yet"
    if admission.closes_at is not None and at >= admission.closes_at:
        return "closed"
    return "invited" if admission.how == Admission.How.INVITATION else ""


def entrances(events: Iterable[Event], at: datetime) -> dict[int, list[Entrance]]:
    """What one registers for at each event, its own list first and then workshops by time, in one query for all.

    In two while a door is open.
    """
    known = {event.pk: event for event in events}
    held = Sum("registrations__seats", filter=Q(registrations__state__in=HOLDS_SEATS))
    waiting = Count("registrations", filter=Q(registrations__state=State.WAITING))
    rows = Admission.objects.filter(event__in=known, off_at=None).annotate(held=held, in_line=waiting)
    found: dict[int, list[Entrance]] = {pk: [] for pk in known}
    lists = list(rows.order_by("-is_event", "starts_at", "pk"))
    for row in lists:
        row.event = known[row.event_id]
    sitting = walked_in_seats(lists, at)
    for row in lists:
        taken: int = (row.held or 0) + sitting.get(row.pk, 0)
        seats = Seats(row.seats, taken, None if row.seats is None else row.seats - taken, row.in_line)
        found[row.event_id].append(entrance_of(row, seats, at))
    return found


def next_turn(admission: Admission, at: datetime) -> datetime | None:
    """The next instant at which the answer becomes another without anybody doing something."""
    begins = admission.begins_at
    asks = [begins - timedelta(days=day) for day in admission.ask_days] if begins else []
    moments = (admission.opens_at, admission.closes_at, begins, admission.finishes_at, *asks)
    return min((moment for moment in moments if moment is not None and moment > at), default=None)
