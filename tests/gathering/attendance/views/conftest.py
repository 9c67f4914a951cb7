from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.core.cache import cache
from django.test import Client

from hallway.gathering.attendance.models import Admission
from tests.factories import AdmissionFactory, EventFactory, VenueFactory
from tests.gathering.attendance.doorway import helper_of

BEGINS = timedelta(days=30)


@pytest.fixture(autouse=True)
def on_the_day(at: datetime) -> Any:
    cache.clear()
    with time_machine.travel(at, tick=False):
        yield


@pytest.fixture
def admission(at: datetime) -> Admission:
    """The list of an evening in Johannesburg with two seats."""
    event = EventFactory(
        slug="jacaranda-evening", title={"en": "Jacaranda evening", "fr": "Soirée Jacaranda"},
        zone="Africa/Johannesburg", starts_at=at + BEGINS, ends_at=at + BEGINS + timedelta(hours=3), seats=2,
        venue=VenueFactory(name="Karee Hall"),
    )  # fmt: skip
    made: Admission = AdmissionFactory(event=event, capacity=2)
    return made


@pytest.fixture
def public() -> Client:
    return Client()


@pytest.fixture
def door(admission: Admission, at: datetime) -> str:
    """The address of a helper's door."""
    return f"/door/{helper_of(admission, at)[1]}/"
