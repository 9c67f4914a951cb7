"""A door for tests: an evening that began, its helper, lines of a device."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID, uuid4

from hallway.gathering.attendance import actions
from hallway.gathering.attendance.actions.book import Line
from hallway.gathering.attendance.models import Admission, DoorHelper, Registration
from hallway.people.models import Person
from tests.factories import AdmissionFactory, EventFactory, RegistrationFactory, TeamRoleFactory


def evening(at: datetime, *, seats: int | None = None, **fields: object) -> Admission:
    """An event that began half an hour ago and lasts three hours."""
    event = EventFactory(
        seats=seats, starts_at=at - timedelta(minutes=30), ends_at=at + timedelta(hours=2, minutes=30)
    )  # fmt: skip
    made: Admission = AdmissionFactory(event=event, capacity=seats, **fields)
    return made


def team_of(admission: Admission, role: str = "helper") -> Person:
    person: Person = TeamRoleFactory(community=admission.event.community, role=role).person
    return person


def helper_of(admission: Admission, at: datetime) -> tuple[DoorHelper, str]:
    """A helper and the token of their link."""
    team = team_of(admission)
    return actions.invite_helper(event=admission.event, name="Lerato", by=team, at=at)


def going(admission: Admission, number: int = 1, **fields: object) -> list[Registration]:
    return [RegistrationFactory(admission=admission, **fields) for _one in range(number)]


def came(about: Registration | UUID, done_at: datetime, **fields: object) -> Line:
    """A line of a device: they came, or ``kind="undone"``."""
    uid = fields.pop("uid", None) or uuid4()
    who = {"walk_in": about} if isinstance(about, UUID) else {"registration_id": about.pk}
    return Line(**{"uid": uid, "kind": "came", "how": "list", "done_at": done_at, **who, **fields})
