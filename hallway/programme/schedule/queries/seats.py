"""What pages say of the seats a session has of its own."""

from __future__ import annotations

from dataclasses import dataclass

from hallway.gathering.attendance.models import Admission, Registration
from hallway.gathering.attendance.queries import ALIVE, HOLDS_SEATS, Seats, in_line
from hallway.people.models import Person
from hallway.programme.schedule.models import Session

from .changes import Place

State = Registration.State
_COLUMNS = (
    "admission_id", "person_id", "state", "seats", "position", "lot", "first_time", "offered_until", "online", "nonce",
    "cause",
)  # fmt: skip


@dataclass(frozen=True)
class OwnSeats:
    """How full a session is, and what the reader has to do with it: their registration, how many are before them.

    ``ahead`` is None for those not in line, and where chance decides.
    """

    admission: Admission
    seats: Seats
    mine: Registration | None = None
    ahead: int | None = None


def first_place(session: Session) -> Place | None:
    """The first place of a session as released, else in the draft: what its own list of people says."""
    slots = session.slots.select_related("room", "public_room")
    slot = slots.filter(public_at__isnull=False).order_by("public_starts_at", "pk").first()
    if slot is not None and slot.public_starts_at and slot.public_ends_at:
        return Place(slot.public_room.name if slot.public_room else "", slot.public_starts_at, slot.public_ends_at)
    slot = slots.filter(removed_at=None).order_by("starts_at", "pk").first()
    return None if slot is None else Place(slot.room.name if slot.room else "", slot.starts_at, slot.ends_at)


def own_seats(session: Session, reader: Person | None) -> OwnSeats | None:
    """The seats of a session, for this reader, in one query; None, without asking, for one that has none."""
    admission = session.admission
    if admission is None:
        return None
    admission.event = session.event
    alive = admission.registrations.filter(state__in=ALIVE).only(*_COLUMNS)
    rows = sorted(alive, key=lambda row: in_line(admission, row))
    waiting = [row for row in rows if row.state == State.WAITING]
    taken = sum(row.seats for row in rows if row.state in HOLDS_SEATS)
    total = admission.seats
    seats = Seats(total, taken, None if total is None else total - taken, len(waiting))
    mine = next((row for row in rows if reader is not None and row.person_id == reader.pk), None)
    if mine is not None:
        mine.admission = admission
    by_lot = admission.rule == Admission.Rule.LOTTERY
    ahead = None if mine not in waiting or by_lot else waiting.index(mine)
    return OwnSeats(admission, seats, mine, ahead)
