"""Who is here: the door's book read from its first line to its last."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from .models import Admission, CheckIn, Registration

Subject = int | UUID
OPENS_BEFORE = timedelta(hours=12)


@dataclass(frozen=True, slots=True)
class Entry:
    """One registration, or one who walked in: ``seats`` who are here, none once it was undone, since ``came_at``."""

    seats: int
    came_at: datetime | None
    name: str = ""


@dataclass(frozen=True, slots=True)
class Book:
    """What the lines come to, whatever the order in which they were brought. ``last_id`` is the newest of them."""

    entries: dict[Subject, Entry]
    last_id: int

    @property
    def came(self) -> int:
        """How many people are here."""
        return sum(entry.seats for entry in self.entries.values())

    @property
    def walked_in(self) -> dict[UUID, Entry]:
        return {subject: entry for subject, entry in self.entries.items() if isinstance(subject, UUID)}

    @property
    def walked_in_seats(self) -> int:
        return sum(entry.seats for entry in self.walked_in.values())

    def seats_of(self, subject: Subject) -> int:
        """How many of them are here."""
        entry = self.entries.get(subject)
        return entry.seats if entry is not None else 0


Row = tuple[int, UUID, int | None, UUID | None, str, str, int, datetime]
_COLUMNS = ("id", "uid", "registration_id", "walk_in", "name", "kind", "seats", "done_at")


def book_of(admission: Admission) -> Book:
    """The whole book of an admission, in one query."""
    return read(CheckIn.objects.filter(admission=admission).values_list(*_COLUMNS))


def read(rows: Iterable[Row]) -> Book:
    """Lines in the order of the door's clock, then of their ``uid``: the last one says how it is.

    Somebody is here since the first line that says so after the last that took it back.
    """
    entries: dict[Subject, Entry] = {}
    last_id = 0
    in_order = sorted(rows, key=lambda row: (row[7], row[1]))
    for pk, _uid, registration_id, walk_in, name, kind, seats, done_at in in_order:
        last_id = max(last_id, pk)
        subject: Subject = registration_id if walk_in is None else walk_in  # type: ignore[assignment]  # one is set
        before = entries.get(subject)
        called = name or (before.name if before is not None else "")
        if kind == CheckIn.Kind.UNDONE:
            entries[subject] = Entry(0, None, called)
        else:
            since = before.came_at if before is not None and before.came_at is not None else done_at
            entries[subject] = Entry(seats, since, called)
    return Book(entries, last_id)


def walked_in_seats(admissions: Iterable[Admission], at: datetime) -> dict[int, int]:
    """``{admission id: seats}`` of those who sit without having registered, in one query where a door is open now.

    Before it opens nobody sits there: a date that is another has no such people yet.
    """
    open_now = [
        one.pk
        for one in admissions
        if one.seats is not None
        and one.begins_at is not None
        and one.begins_at - OPENS_BEFORE <= at
        and not one.is_over(at)
    ]
    if not open_now:
        return {}
    rows: dict[int, list[Row]] = {}
    lines = CheckIn.objects.filter(admission__in=open_now, walk_in__isnull=False)
    for admission_id, *row in lines.values_list("admission_id", *_COLUMNS):
        rows.setdefault(admission_id, []).append(tuple(row))
    return {pk: read(found).walked_in_seats for pk, found in rows.items()}


def seats_going(admission: Admission) -> int:
    """How many people have a seat in the room and are expected."""
    going = admission.registrations.filter(state=Registration.State.GOING)
    return sum(going.values_list("seats", flat=True))
