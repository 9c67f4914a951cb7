"""Sessions with seats of their own, for tests."""

from __future__ import annotations

from datetime import datetime, timedelta

from hallway.gathering.attendance import actions as attendance
from hallway.gathering.attendance.models import Admission, Registration
from hallway.gathering.events.models import Event
from hallway.kit.actors import SystemPerson
from hallway.programme.schedule.actions import add_session, add_slot, give_session_seats
from hallway.programme.schedule.models import Session
from tests.factories import EventFactory, PersonFactory, RoomFactory, SessionFactory, SlotFactory

SYSTEM = SystemPerson("tests")
HOUR = timedelta(hours=1)


def conference(at: datetime, **fields: object) -> Event:
    return EventFactory(slug="conf", starts_at=at + timedelta(days=5), ends_at=at + timedelta(days=7), **fields)


def released(at: datetime, seats: int | None = 2, event: Event | None = None) -> Session:
    """A released workshop of two hours, with so many seats of its own."""
    slot = SlotFactory(
        session=SessionFactory(event=event or conference(at), kind="workshop"),
        starts_at=at + timedelta(days=5), ends_at=at + timedelta(days=5) + 2 * HOUR,
    )  # fmt: skip
    if seats is not None:
        give_session_seats(session=slot.session, seats=seats, by=SYSTEM, at=at)
    return again(slot.session)


def draft(at: datetime) -> Session:
    event = conference(at)
    session = add_session(event=event, kind="workshop", title={"en": "Soldering"}, by=SYSTEM, at=at)
    room = RoomFactory(event=event, name="Cellar")
    starts = at + timedelta(days=5)
    add_slot(session=session, room=room, starts_at=starts, ends_at=starts + HOUR, by=SYSTEM, at=at)
    return session


def again(session: Session) -> Session:
    return Session.objects.select_related("event", "talk", "admission").get(pk=session.pk)


def list_of(session: Session) -> Admission:
    """The list as it stands."""
    found = again(session).admission
    assert found is not None
    return found


def come(session: Session, at: datetime, number: int = 1) -> list[Registration]:
    people = [PersonFactory() for _one in range(number)]
    admission = list_of(session)
    return [attendance.register(admission=admission, person=one, by=one, at=at) for one in people]
