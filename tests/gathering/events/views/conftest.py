from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
import time_machine
from django.test import Client

from hallway.gathering.communities.models import Community
from hallway.gathering.events.models import Event
from hallway.kit import clock
from hallway.people.models import Person
from tests.factories import EventFactory, TeamRoleFactory, VenueFactory

SECRET = "https://meet.example.org/jacaranda code 4821"


@pytest.fixture(autouse=True)
def on_the_day(at: datetime) -> Any:
    with time_machine.travel(at, tick=False):
        yield


@pytest.fixture
def organiser() -> Person:
    return TeamRoleFactory(person__name="Phindile Were").person


@pytest.fixture
def community(organiser: Person) -> Community:
    return organiser.team_roles.get().community


@pytest.fixture
def event(community: Community) -> Event:
    venue = VenueFactory(
        community=community, name="Karee Hall", place_name="Johannesburg", access=["step_free", "lift"]
    )
    return EventFactory(
        community=community,
        slug="jacaranda-conf",
        title={"en": "Jacaranda Conf", "fr": "Conférence Jacaranda"},
        description={"en": "Two days <script>alert(1)</script> & more"},
        venue=venue,
        attendance="hybrid",
        joining={"en": SECRET},
        first_public_at=clock.now(),
    )


@pytest.fixture
def team(organiser: Person, client: Client) -> Client:
    client.force_login(organiser, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


@pytest.fixture
def public() -> Client:
    return Client()
