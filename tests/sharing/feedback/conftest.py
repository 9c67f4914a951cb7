"""A talk that is on: three quarters of it are over, so people can say something."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest

from hallway.kit.actors import Visitor
from hallway.people.models import Person
from hallway.programme.schedule.models import Session
from tests.factories import EventFactory, SessionFactory, SlotFactory, SpeakingFactory, TeamRoleFactory


@dataclass
class Room:
    """A session with its speaker and an organiser who is not."""

    session: Session
    speaker: Person
    organiser: Person


@pytest.fixture
def room(at: datetime) -> Room:
    event = EventFactory(starts_at=at - timedelta(hours=1), ends_at=at + timedelta(hours=5))
    session = SessionFactory(event=event)
    SlotFactory(session=session, starts_at=at - timedelta(minutes=30), ends_at=at + timedelta(minutes=10))
    return Room(
        session=session,
        speaker=SpeakingFactory(talk=session.talk).person,
        organiser=TeamRoleFactory(community=event.community).person,
    )


@pytest.fixture
def visitor() -> Visitor:
    return Visitor("7d3a2f10-0000-4000-8000-000000000001")
