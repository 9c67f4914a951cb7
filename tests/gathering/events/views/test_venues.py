from __future__ import annotations

import pytest
from django.test import Client

from hallway.gathering.communities.models import Community
from hallway.gathering.events.models import Venue

from . import messages_of, post

pytestmark = pytest.mark.django_db


def test_venues_from_the_pages(community: Community, team: Client) -> None:
    address = f"/c/{community.slug}/venues/"
    assert b"No venue yet" in team.get(address).content
    data = {"name": "The Kiln", "place_name": "Sandton", "country": "ZA", "access": ["lift"], "latitude": "-26.1"}
    assert b"Give both latitude and longitude" in post(team, f"{address}new/", data).content
    assert messages_of(team, f"{address}new/", {**data, "longitude": "28.05"}) == ["Saved."]
    venue = Venue.objects.get()
    assert (venue.access, venue.country) == (["lift"], "ZA")
    assert messages_of(team, f"{address}{venue.pk}/", {"name": "The Old Kiln"}) == ["Saved."]
    assert messages_of(team, f"{address}{venue.pk}/remove/", {}) == ["The venue is gone."]
    assert post(team, f"{address}new/", {"name": ""}).status_code == 200
    assert not Venue.objects.exists()
