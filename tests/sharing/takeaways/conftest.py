from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from hallway.programme.schedule.models import Session
from tests.factories import SessionFactory, SlotFactory


@pytest.fixture
def session(at: datetime) -> Session:
    made: Session = SessionFactory()
    SlotFactory(session=made, starts_at=at, ends_at=at + timedelta(minutes=45))
    return made
