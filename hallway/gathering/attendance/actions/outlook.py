"""What another number of seats would do, said before it is done. Nothing changes here."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from .. import queries
from ..entries import walked_in_seats
from ..models import Admission, Registration
from .seats import kept_until, takes_place

State = Registration.State


@dataclass(frozen=True)
class Outlook:
    """Whom a number of seats touches: people, but ``over`` and ``free``, which count seats.

    ``seated`` get a seat at once, ``offered`` one that is kept for them for a while, ``called`` hear that the first to
    come has it, ``withdrawn`` lose an offer and stand in line again. ``over`` is how many more go than there are seats,
    ``free`` what is left after all that.
    """

    seats: int | None
    seated: int = 0
    offered: int = 0
    called: int = 0
    withdrawn: int = 0
    over: int = 0
    free: int | None = None


def seats_outlook(*, admission: Admission, capacity: int | None, at: datetime) -> Outlook:
    """What :func:`change_seats` would do with so many chairs now, by the same rules."""
    total = None if capacity is None else capacity + admission.extra
    held = list(admission.registrations.filter(state__in=queries.HOLDS_SEATS))
    taken = sum(row.seats for row in held)
    withdrawn: list[Registration] = []
    if total is not None:
        offered = [row for row in held if row.state == State.OFFERED]
        for row in sorted(offered, key=lambda one: queries.in_line(admission, one), reverse=True):
            if taken <= total:
                break
            taken -= row.seats
            withdrawn.append(row)
    waiting = sorted([*queries.line_of(admission), *withdrawn], key=lambda one: queries.in_line(admission, one))
    sitting = walked_in_seats([admission], at).get(admission.pk, 0)
    free = None if total is None else total - taken - sitting
    seated, offered_to, called = _passed_on(admission, waiting, free, at)
    left = None if free is None else free - sum(row.seats for row in waiting[:offered_to])
    return Outlook(
        seats=total,
        seated=seated,
        offered=offered_to,
        called=called,
        withdrawn=len(withdrawn),
        over=max(0, -(left or 0)),
        free=None if left is None else max(0, left),
    )


def _passed_on(
    admission: Admission, waiting: list[Registration], free: int | None, at: datetime
) -> tuple[int, int, int]:
    """How many in line are seated, offered a seat, or called to come first."""
    if not takes_place(admission, at) or not waiting:
        return 0, 0, 0
    if free is None:
        return len(waiting), 0, 0
    if kept_until(admission, at) is None:
        return 0, 0, len(waiting) if free > 0 else 0
    number = 0
    for row in waiting:
        if row.seats > free:
            break
        free -= row.seats
        number += 1
    return 0, number, 0
