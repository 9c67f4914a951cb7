from __future__ import annotations

import io
import json
import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from PIL import Image
from pytest_django import DjangoAssertNumQueries

from hallway.gathering.communities.models import Community
from hallway.gathering.events import actions, policies
from hallway.gathering.events.models import Event
from hallway.kit import clock
from hallway.kit.store import STORE_HEADER, UNTIL_HEADER
from hallway.people.models import Person
from tests.factories import CommunityFactory, EventFactory, PersonFactory, RoomFactory, TeamRoleFactory, VenueFactory

from . import SOON, post

pytestmark = pytest.mark.django_db


def test_event_page_says_what_where_and_when(event: Event, public: Client) -> None:
    RoomFactory(event=event, name="Ballroom", equipment=["hdmi"])
    page = public.get("/e/jacaranda-conf/").content.decode()
    for words in ("Jacaranda Conf", "Karee Hall", "Step-free way in", "Ballroom", "Projector, HDMI", "Live now"):
        assert words in page
    assert 'aria-current="page">About' in page


def test_event_page_in_french_and_with_the_language_of_its_texts(event: Event, public: Client) -> None:
    page = public.get("/e/jacaranda-conf/?lang=fr").content.decode()
    assert '<span lang="fr" dir="auto">Conférence Jacaranda</span>' in page
    assert 'lang="en" dir="auto"' in page


def test_event_page_is_built_in_a_few_queries_however_many_rooms(
    event: Event, public: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    RoomFactory(event=event)
    public.get("/e/jacaranda-conf/")
    with django_assert_num_queries(11):
        public.get("/e/jacaranda-conf/")
    RoomFactory.create_batch(2, event=event)
    with django_assert_num_queries(11):
        public.get("/e/jacaranda-conf/")


def test_event_page_is_stored_until_it_ends_and_never_with_joining_details(event: Event, public: Client) -> None:
    response = public.get("/e/jacaranda-conf/")
    assert f"event:{event.pk}" in response[STORE_HEADER].split()
    assert response[UNTIL_HEADER] == str(int(event.ends_at.timestamp()))
    for address in ("/e/jacaranda-conf/", "/e/jacaranda-conf/calendar.ics", "/events/", f"/c/{event.community.slug}/"):
        assert b"4821" not in public.get(address).content
        assert b"meet.example.org" not in public.get(address).content


def test_pages_that_show_an_event_are_old_when_its_seats_change(event: Event, public: Client) -> None:
    community, tag = event.community, f"seats:{event.pk}"
    other = EventFactory()
    pages = ["/", "/e/jacaranda-conf/", "/events/", f"/c/{community.slug}/", f"/c/{community.slug}/events/"]
    for address in pages:
        assert tag in public.get(address)[STORE_HEADER].split(), address
    # Those after the next one on the community's page, and where nothing is to come those that are over.
    later = EventFactory(community=community, starts_at=event.starts_at + timedelta(days=30), ends_at=None)
    assert {tag, f"seats:{later.pk}"} <= set(public.get(f"/c/{community.slug}/")[STORE_HEADER].split())
    Event.objects.filter(community=community).update(starts_at=event.created_at, ends_at=event.created_at)
    for address in (f"/c/{community.slug}/", f"/c/{community.slug}/events/?when=past", "/events/?when=past"):
        assert tag in public.get(address)[STORE_HEADER].split(), address
    for address in (f"/c/{community.slug}/", f"/c/{community.slug}/events/", "/e/jacaranda-conf/"):
        assert f"seats:{other.pk}" not in public.get(address)[STORE_HEADER].split()


def test_schedule_stays_when_seats_change(event: Event, public: Client) -> None:
    assert "seats:" not in public.get("/e/jacaranda-conf/schedule/")[STORE_HEADER]


def test_event_page_shows_joining_details_to_the_team_and_is_not_stored(event: Event, team: Client) -> None:
    response = team.get("/e/jacaranda-conf/")
    assert b"4821" in response.content
    assert STORE_HEADER not in response


def test_event_page_shows_joining_details_to_those_a_rule_lets_in(
    event: Event, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    goer = PersonFactory()
    client.force_login(goer, backend="allauth.account.auth_backends.AuthenticationBackend")
    assert b"4821" not in client.get("/e/jacaranda-conf/").content
    monkeypatch.setattr(policies, "JOINING_RULES", [lambda person, event: person == goer])
    assert b"4821" in client.get("/e/jacaranda-conf/").content


def structured_of(page: str) -> dict[str, Any]:
    found = re.search(r'<script type="application/ld\+json">(.*?)</script>', page, re.DOTALL)
    assert found
    assert "<" not in found[1]
    data: dict[str, Any] = json.loads(found[1])
    return data


def test_event_page_speaks_schema_org(event: Event, public: Client) -> None:
    data = structured_of(public.get("/e/jacaranda-conf/").content.decode())
    assert data["name"] == "Jacaranda Conf"
    assert data["eventStatus"] == "https://schema.org/EventScheduled"
    assert data["eventAttendanceMode"] == "https://schema.org/MixedEventAttendanceMode"
    assert [place["@type"] for place in data["location"]] == ["Place", "VirtualLocation"]
    assert data["startDate"] == "2026-10-08T11:00:00+02:00"
    assert "alert(1)" in data["description"]


def test_structured_data_of_hostile_titles_cannot_leave_its_element(event: Event, public: Client) -> None:
    Event.objects.filter(pk=event.pk).update(title={"en": "</script><script>alert(1)</script>\u2028&"})
    page = public.get("/e/jacaranda-conf/").content.decode()
    assert structured_of(page)["name"] == "</script><script>alert(1)</script>\u2028&"
    assert "<script>alert" not in page


def test_postponed_and_cancelled_pages_say_so_on_top(event: Event, organiser: Person, public: Client) -> None:
    at = clock.now()
    start = event.starts_at + timedelta(days=9)
    moved = actions.postpone_event(event=event, starts_at=start, reason={"en": "Rain"}, by=organiser, at=at)
    page = public.get("/e/jacaranda-conf/").content.decode()
    assert "This event has a new date." in page
    data = structured_of(page)
    assert data["eventStatus"].endswith("EventRescheduled")
    assert data["previousStartDate"] == "2026-10-08T11:00:00+02:00"
    actions.postpone_event(event=moved, starts_at=None, reason={}, by=organiser, at=at)
    page = public.get("/e/jacaranda-conf/").content.decode()
    assert "This event is postponed. There is no new date yet." in page
    assert structured_of(page)["eventStatus"].endswith("EventPostponed")
    actions.cancel_event(event=event, reason={"en": "No **hall**"}, by=organiser, at=at)
    page = public.get("/e/jacaranda-conf/").content.decode()
    assert "This event is cancelled." in page
    assert "No <strong>hall</strong>" in page
    assert structured_of(page)["eventStatus"].endswith("EventCancelled")


def test_drafts_are_not_there_for_others(event: Event, organiser: Person, public: Client, team: Client) -> None:
    Event.objects.filter(pk=event.pk).update(state="draft", public_at=None)
    for part in ("", "preview.png", "calendar.ics", "edit/", "publish/"):
        address = f"/e/jacaranda-conf/{part}"
        stranger = Client()
        stranger.force_login(PersonFactory(), backend="allauth.account.auth_backends.AuthenticationBackend")
        assert stranger.get(address).status_code == 404
        if part in {"", "preview.png", "calendar.ics"}:
            assert public.get(address).status_code == 404
    assert "Jacaranda" not in public.get("/events/").content.decode()
    assert b"Only the team sees this draft." in team.get("/e/jacaranda-conf/").content


@pytest.mark.parametrize("slug", ["nope-nope", "a", "x%00y", "A" * 300, "%F0%9F%98%80", "..%2F.."])
def test_hostile_addresses_are_not_found(slug: str, public: Client, db: None) -> None:
    for address in (f"/e/{slug}/", f"/c/{slug}/events/", f"/c/{slug}/calendar.ics", f"/series/{slug}/calendar.ics"):
        assert public.get(address).status_code == 404


def test_hostile_numbers_are_not_found(event: Event, team: Client) -> None:
    big = 10**30
    assert team.get(f"/hosting/{big}/").status_code == 404
    assert team.get(f"/e/jacaranda-conf/edit/rooms/{big}/").status_code == 404
    assert team.get(f"/c/{event.community.slug}/venues/{big}/").status_code == 404
    other = RoomFactory()
    assert team.get(f"/e/jacaranda-conf/edit/rooms/{other.pk}/").status_code == 404
    assert post(team, f"/e/jacaranda-conf/edit/rooms/{other.pk}/remove/").status_code == 404


def test_old_addresses_redirect_with_the_rest_of_the_path(event: Event, organiser: Person, public: Client) -> None:
    actions.rename_event(event=event, slug="jacaranda-2026", by=organiser, at=clock.now())
    response = public.get("/e/jacaranda-conf/calendar.ics?lang=fr")
    assert (response.status_code, response["Location"]) == (301, "/e/jacaranda-2026/calendar.ics?lang=fr")
    Event.objects.update(public_at=None)
    assert public.get("/e/jacaranda-conf/").status_code == 404


def test_preview_picture_is_a_png_of_the_right_size(event: Event, public: Client) -> None:
    Event.objects.filter(pk=event.pk).update(title={"en": "\u65e5\u672c \u0141\u00f3d\u017a " + "long " * 60})
    response = public.get("/e/jacaranda-conf/preview.png")
    assert response["Content-Type"] == "image/png"
    assert Image.open(io.BytesIO(response.content)).size == (1200, 630)
    assert f"event:{event.pk}" in response[STORE_HEADER].split()
    page = public.get("/e/jacaranda-conf/").content.decode()
    assert 'property="og:image" content="http://localhost:8000/e/jacaranda-conf/preview.png?lang=en"' in page


@pytest.mark.parametrize("address", ["/events/", "/events/?when=past", "COMMUNITY"])
def test_lists_take_the_same_queries_for_one_and_three_rows(
    address: str, public: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    community = CommunityFactory()
    address = f"/c/{community.slug}/events/" if address == "COMMUNITY" else address
    start = SOON - timedelta(days=60) if "past" in address else SOON
    number = {"/events/": 10, "/events/?when=past": 10}.get(address, 16)

    def more(count: int) -> None:
        for each in range(count):
            EventFactory(
                community=community,
                venue=VenueFactory(community=community),
                starts_at=start + timedelta(days=each),
                ends_at=start + timedelta(days=each, hours=2),
            )

    more(1)
    public.get(address)
    with django_assert_num_queries(number):
        one = public.get(address).content.decode()
    more(2)
    with django_assert_num_queries(number):
        three = public.get(address).content.decode()
    assert (one.count('class="day"'), three.count('class="day"')) == (1, 3)


def test_list_narrows_and_is_stored_only_for_questions_it_offers(public: Client) -> None:
    south = CommunityFactory(country="ZA")
    west = CommunityFactory(country="SN")
    EventFactory(community=south, languages=["en"], title={"en": "Southern evening"}, starts_at=SOON, ends_at=SOON)
    EventFactory(
        community=west,
        languages=["fr"],
        attendance="online",
        title={"en": "Western evening"},
        starts_at=SOON,
        ends_at=SOON,
    )
    for question in ("country=SN", "language=fr", "online=1"):
        response = public.get(f"/events/?{question}")
        page = response.content.decode()
        assert ("Western evening" in page, "Southern evening" in page) == (True, False)
        assert STORE_HEADER in response
    for question in ("country=XX", "language=%00", "topic=nothing", "when=never", "online=yes"):
        response = public.get(f"/events/?{question}")
        assert b"Southern evening" in response.content
        assert STORE_HEADER not in response
    assert b"Nothing fits" in public.get("/events/?country=SN&language=en").content
    for page_number in ("2", "0", "-1", "x", "9" * 40):
        assert public.get(f"/events/?page={page_number}").status_code == 404


def test_list_pages_keep_the_filters(public: Client) -> None:
    community = CommunityFactory(country="ZA")
    EventFactory(community=CommunityFactory(country="SN"), starts_at=SOON, ends_at=SOON)
    for each in range(41):
        EventFactory(community=community, starts_at=SOON + timedelta(hours=each), ends_at=None)
    page = public.get("/events/?country=ZA").content.decode()
    assert 'href="?country=ZA&amp;page=2"' in page
    assert public.get("/events/?country=ZA&page=2").content.decode().count('class="day"') == 1


def test_empty_list_explains(public: Client) -> None:
    assert "Nothing is announced at the moment" in public.get("/events/").content.decode()
    assert "Nothing is over yet" in public.get("/events/?when=past").content.decode()


def test_community_page_shows_next_and_coming(event: Event, public: Client) -> None:
    EventFactory(community=event.community, title={"en": "Another evening"}, starts_at=SOON, ends_at=SOON)
    page = public.get(f"/c/{event.community.slug}/").content.decode()
    for words in ("Look inside", "Another evening"):
        assert words in page


def offered(person: Person, address: str) -> set[str]:
    """Addresses on the page, links and forms alike, that lead to what one may do with a community or an event."""
    client = Client()
    client.force_login(person)
    page = client.get(address).content.decode()
    found = set(re.findall(r'(?:href|action)="(/(?:c|e|hosting)/[^"?#]+)', page))
    for one in found:
        assert client.get(one).status_code < 400, f"{address} offers {one}"
    return found


@pytest.mark.parametrize("role", ["organiser", "editor", "helper"])
@pytest.mark.parametrize("state", ["published", "postponed", "draft", "cancelled"])
def test_pages_offer_the_team_nothing_that_is_refused(event: Event, role: str, state: str) -> None:
    Event.objects.update(state=state)
    person = TeamRoleFactory(community=event.community, role=role).person
    offered(person, f"/c/{event.community.slug}/")
    found = offered(person, f"/e/{event.slug}/")
    assert (f"/e/{event.slug}/edit/" in found) == (role == "organiser")
    assert (f"/e/{event.slug}/edit/rooms/" in found) == (role == "editor")
    if role == "editor":
        assert not {one for one in offered(person, f"/e/{event.slug}/edit/rooms/") if one.endswith("/edit/what/")}


def test_organiser_of_a_host_edits_but_does_not_run(event: Event, community: Community, organiser: Person) -> None:
    theirs = TeamRoleFactory()
    host = actions.invite_host(event=event, community=theirs.community, by=organiser, at=clock.now())
    actions.accept_host(host=host, by=theirs.person, at=clock.now())
    found = offered(theirs.person, f"/e/{event.slug}/")
    assert {f"/e/{event.slug}/edit/", f"/hosting/{host.pk}/"} <= found
    assert not {one for one in found if one.endswith(("/cancel/", "/postpone/", "/copy/", "/unpublish/"))}
