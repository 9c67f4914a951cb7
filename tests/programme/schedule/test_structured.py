"""What pages say to machines in the words of schema.org."""

from __future__ import annotations

import json
import re
from datetime import datetime
from typing import Any

import pytest
from django.test import Client

from hallway.gathering.events.models import Event
from hallway.programme.schedule.models import Session
from hallway.programme.schedule.panels import MOST_PARTS, sessions_of
from tests.factories import SessionFactory, SlotFactory

from .test_views import programme

pytestmark = pytest.mark.django_db


def structured_on(client: Client, address: str) -> dict[str, Any]:
    found = re.search(r'<script type="application/ld\+json">(.*?)</script>', client.get(address).content.decode(), re.S)
    assert found
    data: dict[str, Any] = json.loads(found[1])
    return data


def test_event_names_its_sessions_as_parts(client: Client, at: datetime) -> None:
    event = programme(3, at)
    SlotFactory(session=SessionFactory(event=event, talk=None, title={"en": "Lunch"}, kind="break"))
    SlotFactory(session=SessionFactory(event=event, hidden_at=at))
    parts = structured_on(client, f"/e/{event.slug}/")["subEvent"]
    assert [part["name"] for part in parts] == ["Talk 0", "Talk 1", "Talk 2"]
    assert parts[0]["url"].endswith(f"/e/{event.slug}/sessions/{Session.objects.order_by('pk')[0].pk}-talk-0/")
    assert parts[0]["startDate"].endswith("+02:00")
    assert parts[0]["eventStatus"] == "https://schema.org/EventScheduled"


@pytest.mark.parametrize(
    ("state", "status"), [("published", "Scheduled"), ("postponed", "Postponed"), ("cancelled", "Cancelled")]
)
def test_session_takes_place_as_its_event_does(client: Client, at: datetime, state: str, status: str) -> None:
    event = programme(1, at)
    Event.objects.filter(pk=event.pk).update(state=state, attendance="online")
    data = structured_on(client, f"/e/{event.slug}/sessions/{Session.objects.get().pk}-talk-0/")
    assert data["eventStatus"] == f"https://schema.org/Event{status}"
    assert data["eventAttendanceMode"] == "https://schema.org/OnlineEventAttendanceMode"
    assert data["location"]["@type"] == "VirtualLocation"
    assert data["superEvent"]["name"]
    assert data["inLanguage"] == ["en"]
    assert data["image"].endswith(f"/sessions/{Session.objects.get().pk}.png")


def test_parts_of_a_giant_are_the_first_ones(at: datetime) -> None:
    assert len(sessions_of(programme(MOST_PARTS + 20, at), "https://hallway.example")) == MOST_PARTS
