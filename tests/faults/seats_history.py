"""What the database says happened to an admission, in the order of its lock, and the same told to the model."""

from __future__ import annotations

import copy
from datetime import datetime, timedelta

from hallway.gathering.attendance.models import Admission, Registration, SeatOffer
from hallway.kit.models import FactRow
from tests.faults.seats_model import Guest, Line

WORDS = {
    "attendance.registered": "registered",
    "attendance.seat_taken": "taken",
    "attendance.seat_offered": "offered",
    "attendance.seat_given_up": "given_up",
    "attendance.seat_offer_ended": "ended",
    "attendance.seat_offer_withdrawn": "withdrawn",
    "attendance.seats_changed": "seats",
    "attendance.registration_approved": "approved",
    "attendance.registration_declined": "declined",
    "attendance.registration_changed": "changed",
}
Entry = tuple[str, int | None, str]


def is_rush(admission: Admission, at: datetime) -> bool:
    """Whether the last hours have come; worked out here, not asked of the admission."""
    assert admission.event.starts_at is not None
    return at >= admission.event.starts_at - timedelta(hours=admission.first_come_hours)


def rows_after(last: int) -> list[FactRow]:
    return list(FactRow.objects.filter(kind__in=WORDS, pk__gt=last).order_by("pk"))


def entry_of(row: FactRow) -> Entry:
    """A fact as the model writes it down."""
    word, said = WORDS[row.kind], row.payload
    about = said["seats"] if word == "seats" else said["registration_id"]
    return (word, about, said.get("state", ""))


def troubles_in_history(admission: Admission, line: Line) -> list[str]:
    """Tell the model everything that happened, fact by fact; what it would have done otherwise, in words."""
    guests = {
        row.pk: Guest(row.pk, row.seats, row.position, row.lot, row.first_time)
        for row in Registration.objects.filter(admission=admission)
    }
    until = dict(SeatOffer.objects.filter(registration__admission=admission).values_list("pk", "until"))
    rows = rows_after(0)
    place = 0
    while place < len(rows):
        row, before = rows[place], copy.deepcopy(line)
        line.log.clear()
        _tell(line, entry_of(row), guests, row.at, rush := is_rush(admission, row.at))
        found = [entry_of(one) for one in rows[place : place + max(1, len(line.log))]]
        if found != line.log:
            return [f"after {place} facts the database says {found}, the rules say {line.log}"]
        if wrong := list(line.troubles(before, rush)):
            return [f"after {place} facts: {one}" for one in wrong]
        for one in rows[place : place + len(line.log)]:
            if WORDS[one.kind] == "offered":
                line.guests[one.payload["registration_id"]].until = until[one.payload["offer_id"]]
        place += len(line.log)
    now = {row.pk: row.state for row in Registration.objects.filter(admission=admission)}
    said = {key: one.state for key, one in line.guests.items()}
    return [] if now == said else [f"in the end the database says {now}, the rules say {said}"]


def _tell(line: Line, entry: Entry, guests: dict[int, Guest], at: datetime, rush: bool) -> None:
    word, about, _state = entry
    if word == "seats":
        line.resize(about, rush)
        return
    assert about is not None
    tell = {
        "registered": lambda: line.register(guests[about], rush),
        "taken": lambda: line.take(about, at, rush),
        "given_up": lambda: line.give_up(about, rush),
        "ended": lambda: line.end_due(at, rush),
        "approved": lambda: line.approve(about, rush),
        "declined": lambda: line.decline(about, rush),
    }
    if word in tell:
        tell[word]()
