"""The first page, signed out: around a place, stored once a place, in both languages."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from hallway.gathering.events.models import Event
from hallway.kit import clock
from hallway.kit.store import QUERY_HEADER, STORE_HEADER, UNTIL_HEADER
from tests.factories import CommunityFactory, EventFactory, PersonFactory, VenueFactory

pytestmark = pytest.mark.django_db
JOHANNESBURG, LYON = (-26.2, 28.05), (45.75, 4.85)


def make_event(town: str, spot: tuple[float, float], *, days: int = 1, **fields: Any) -> Event:
    community = CommunityFactory(place_name=town, latitude=spot[0], longitude=spot[1])
    venue = VenueFactory(community=community, place_name=town, latitude=spot[0], longitude=spot[1])
    starts = clock.now() + timedelta(days=days)
    return EventFactory(
        community=community, venue=venue, starts_at=starts, ends_at=starts + timedelta(hours=3), **fields
    )


def rows_of(client: Client, address: str) -> list[str]:
    html = client.get(address).content.decode()
    coming = re.search(r'<ol class="coming">.*?</ol>', html, re.S)
    return re.findall(r"<strong><span[^>]*>(.*?)</span></strong>", coming[0]) if coming else []


def test_home_of_an_empty_instance_offers_the_first_step(client: Client) -> None:
    html = client.get("/").content.decode()
    assert "Nothing is planned yet" in html
    assert "/c/new/" in html
    assert '<ol class="coming">' not in html


def test_home_looks_from_the_next_event_when_nobody_chose(client: Client) -> None:
    make_event("Lyon", LYON, days=9, title={"fr": "Une soirée"})
    make_event("Johannesburg", JOHANNESBURG, days=2, title={"en": "Small databases"})
    html = client.get("/?lang=en").content.decode()
    assert "Coming up around Johannesburg" in html
    assert rows_of(client, "/?lang=en") == ["Small databases"]
    assert rows_of(client, "/?lang=en&wider=1") == ["Small databases", "Une soirée"]


def test_home_puts_what_is_on_first(client: Client) -> None:
    make_event("Johannesburg", JOHANNESBURG, days=1, title={"en": "Tomorrow"})
    now = clock.now()
    on = make_event("Johannesburg", JOHANNESBURG, title={"en": "Today"})
    Event.objects.filter(pk=on.pk).update(starts_at=now - timedelta(hours=1), ends_at=now + timedelta(hours=1))
    assert rows_of(client, "/") == ["Today", "Tomorrow"]
    assert "On now" in client.get("/?lang=en").content.decode()


def test_home_redirects_a_name_to_one_address_a_place(client: Client) -> None:
    assert client.get("/?near=johannesburg").headers["Location"] == "/?near=993800"
    assert client.get("/?near=Joburg+&wider=1&lang=fr").headers["Location"].startswith("/?near=")
    assert client.get("/?near=").headers["Location"] == "/"


def test_home_around_a_chosen_place_says_how_far(client: Client) -> None:
    make_event("Johannesburg", JOHANNESBURG, title={"en": "Small databases"})
    html = client.get("/?near=964137&lang=en").content.decode()  # Pretoria
    assert "Coming up around Pretoria" in html
    assert re.search(r"Johannesburg, \d\d\u00a0km", html)


def test_home_where_nothing_is_near_shows_everything(client: Client) -> None:
    make_event("Lyon", LYON, title={"fr": "Une soirée"})
    html = client.get("/?near=993800&lang=en").content.decode()
    assert "Nothing within 600 km yet" in html
    assert rows_of(client, "/?near=993800") == ["Une soirée"]


def test_home_shows_what_is_on_line_everywhere(client: Client) -> None:
    make_event("Lyon", LYON, title={"fr": "Sur place"})
    make_event("Lyon", LYON, days=2, title={"fr": "En ligne"}, attendance=Event.Attendance.ONLINE)
    assert rows_of(client, "/?near=993800") == ["En ligne"]


@pytest.mark.parametrize("near", ["Johanesbourg", "99999999999", "0993800", "²", "<script>", "x" * 300])
def test_home_with_an_unknown_place_says_what_to_do_and_is_not_stored(client: Client, near: str) -> None:
    make_event("Johannesburg", JOHANNESBURG)
    response = client.get("/", {"near": near, "lang": "en"})
    html = response.content.decode()
    assert response.status_code == 200
    assert "We know no town called" in html
    assert "<script>”" not in html
    assert STORE_HEADER not in response


def test_home_suggests_names_that_begin_alike(client: Client) -> None:
    assert "/?near=993800" in client.get("/?near=Johanesbourg").content.decode()


def test_home_is_stored_until_something_begins_or_ends(client: Client) -> None:
    event = make_event("Johannesburg", JOHANNESBURG)
    response = client.get("/")
    assert response.headers[STORE_HEADER].split() == [
        "communities", "events", "home", "instance", f"seats:{event.pk}",
    ]  # fmt: skip
    assert response.headers[QUERY_HEADER] == "near wider"
    assert event.starts_at is not None
    assert response.headers[UNTIL_HEADER] == str(int(event.starts_at.timestamp()))


@pytest.mark.parametrize("count", [1, 3])
def test_home_asks_the_same_few_queries(client: Client, count: int, django_assert_num_queries: Any) -> None:
    for days in range(1, count + 1):
        make_event("Johannesburg", JOHANNESBURG, days=days)
    with django_assert_num_queries(8):
        client.get("/")


def test_home_leaves_out_drafts_and_what_is_hidden(client: Client) -> None:
    make_event("Johannesburg", JOHANNESBURG, state=Event.State.DRAFT, public_at=None)
    make_event("Johannesburg", JOHANNESBURG, hidden_at=clock.now())
    assert rows_of(client, "/") == []


def test_home_speaks_french(client: Client) -> None:
    make_event("Lyon", LYON)
    html = client.get("/?lang=fr").content.decode()
    assert "Le couloir reste ouvert." in html
    assert "À venir\u202f: Lyon et alentours" in html
    assert "À moins de 600\u00a0km" in html


def test_home_describes_itself_to_machines(client: Client) -> None:
    html = client.get("/?lang=fr").content.decode()
    data = json.loads(re.search(r'<script type="application/ld\+json">(.*?)</script>', html, re.S)[1])
    assert data["@type"] == "WebSite"
    assert data["inLanguage"] == "fr"
    assert 'property="og:title" content="Le couloir reste ouvert."' in html


def test_home_signed_in_is_ones_own_and_never_stored(client: Client) -> None:
    client.force_login(PersonFactory(), backend="allauth.account.auth_backends.AuthenticationBackend")
    response = client.get("/?lang=en")
    assert "Your hallway" in response.content.decode()
    assert "Make it yours in three steps" in response.content.decode()
    assert STORE_HEADER not in response
