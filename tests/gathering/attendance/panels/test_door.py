"""The way to the door, on the event's page."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
import time_machine
from django.test import Client

from hallway.gathering.communities.models import TeamRole
from hallway.gathering.events.models import Event
from tests.factories import PersonFactory, TeamRoleFactory
from tests.gathering.attendance.line import list_of

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("role", [TeamRole.Role.ORGANISER, TeamRole.Role.HELPER])
def test_everybody_of_the_team_finds_the_door(client: Client, at: datetime, role: str) -> None:
    admission = list_of(12, at + timedelta(hours=3))
    client.force_login(TeamRoleFactory(community=admission.event.community, role=role).person)
    address = f"/e/{admission.event.slug}/"
    with time_machine.travel(at, tick=False):
        page = client.get(address).content.decode()
        assert page.count(f'href="{address}door/"') == 1
        client.force_login(PersonFactory())
        assert "/door/" not in client.get(address).content.decode()
        client.logout()
        assert "/door/" not in client.get(address).content.decode()


def test_what_is_cancelled_has_no_way_to_a_door(client: Client, at: datetime) -> None:
    admission = list_of(12, at + timedelta(hours=3))
    client.force_login(TeamRoleFactory(community=admission.event.community, role=TeamRole.Role.HELPER).person)
    Event.objects.update(state=Event.State.CANCELLED)
    assert "/door/" not in client.get(f"/e/{admission.event.slug}/").content.decode()
