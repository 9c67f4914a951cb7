"""A line of people in front of an admission, for tests."""

from __future__ import annotations

from datetime import datetime

from hallway.gathering.attendance import actions
from hallway.gathering.attendance.models import Admission, Registration
from tests.factories import AdmissionFactory, EventFactory, PersonFactory

State = Registration.State


def list_of(seats: int | None, begins: datetime, **fields: object) -> Admission:
    """An admission with so many seats that begins then."""
    event = EventFactory(seats=seats, starts_at=begins, ends_at=begins.replace(hour=23))
    return AdmissionFactory(event=event, capacity=seats, **fields)


def come(admission: Admission, at: datetime, number: int = 1, **fields: object) -> list[Registration]:
    """So many people who register one after the other."""
    people = [PersonFactory() for _one in range(number)]
    return [actions.register(admission=admission, person=one, by=one, at=at, **fields) for one in people]


def states(admission: Admission) -> list[str]:
    """The states of all, in the order in which they came."""
    return list(admission.registrations.order_by("position").values_list("state", flat=True))


def now_of(row: Registration) -> Registration:
    """The registration as it stands in the database, its admission read again too."""
    return Registration.objects.select_related("person", "admission__event").get(pk=row.pk)
