from __future__ import annotations

import io
import json
import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from PIL import Image
from pytest_django import DjangoAssertNumQueries

from hallway.gathering.communities.models import Community
from hallway.gathering.events import actions, policies
from hallway.gathering.events.models import Event, Host, Room, Venue
from hallway.kit import clock
from hallway.kit.store import STORE_HEADER, UNTIL_HEADER
from hallway.people.models import Person
from tests.factories import CommunityFactory, EventFactory, PersonFactory, RoomFactory, TeamRoleFactory, VenueFactory

pytestmark = pytest.mark.django_db
SECRET = "https://meet.example.org/jacaranda code 4821"
SOON = datetime(2026, 10, 20, 16, 30, tzinfo=UTC)


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


def messages_of(client: Client, address: str, data: dict[str, Any]) -> list[str]:
    response = client.post(address, data, follow=True, headers={"Sec-Fetch-Site": "same-origin"})
    assert response.status_code == 200
    return [str(message) for message in response.context["messages"]]


def post(client: Client, address: str, data: dict[str, Any] | None = None) -> Any:
    return client.post(address, data or {}, headers={"Sec-Fetch-Site": "same-origin"})


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
    with django_assert_num_queries(7):
        public.get("/e/jacaranda-conf/")
    RoomFactory.create_batch(2, event=event)
    with django_assert_num_queries(7):
        public.get("/e/jacaranda-conf/")


def test_event_page_is_stored_until_it_ends_and_never_with_joining_details(event: Event, public: Client) -> None:
    response = public.get("/e/jacaranda-conf/")
    assert f"event:{event.pk}" in response[STORE_HEADER].split()
    assert response[UNTIL_HEADER] == str(int(event.ends_at.timestamp()))
    for address in ("/e/jacaranda-conf/", "/e/jacaranda-conf/calendar.ics", "/events/", f"/c/{event.community.slug}/"):
        assert b"4821" not in public.get(address).content
        assert b"meet.example.org" not in public.get(address).content


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
    assert "This event is postponed. The new date is open." in page
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
    number = {"/events/": 8, "/events/?when=past": 8}.get(address, 12)

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


def test_community_page_shows_next_coming_and_doors(
    event: Event, public: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    EventFactory(community=event.community, title={"en": "Another evening"}, starts_at=SOON, ends_at=SOON)
    page = public.get(f"/c/{event.community.slug}/").content.decode()
    for words in ("Look inside", "Another evening", "Events a month", "October 2026"):
        assert words in page
    assert 'd="M360 ' in page


def test_new_event_on_one_screen(community: Community, team: Client) -> None:
    address = f"/c/{community.slug}/events/new/"
    assert team.get(address).status_code == 200
    said = messages_of(
        team,
        address,
        {
            "title.en": "Small databases", "starts_on": "2026-10-20", "starts_time": "18:30", "ends_time": "00:30",
            "zone": "Africa/Johannesburg", "attendance": "on_site", "place": "The Kiln", "town": "Sandton",
        },
    )  # fmt: skip
    made = Event.objects.get()
    assert said == ["The draft is made. Only the team sees it until you publish it."]
    assert (made.venue and made.venue.name, made.ends_at - made.starts_at) == ("The Kiln", timedelta(hours=6))
    assert made.starts_at == datetime(2026, 10, 20, 16, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"starts_on": "0001-01-01"}, "Choose a year between 1970 and 2199."),
        ({"starts_on": "9999-12-31"}, "Choose a year between 1970 and 2199."),
        ({"starts_on": "soon"}, "Enter a valid date."),
        ({"starts_time": ""}, "Say at what time."),
        ({"starts_on": ""}, "Choose the day as well."),
        ({"ends_on": "2026-10-19", "ends_time": "10:00"}, "The end is before the start. Check both."),
        ({"zone": "Nowhere/Town"}, "Select a valid choice."),
        ({"title.en": ""}, "Write this in at least one language."),
        ({"title.en": "x" * 20_000}, "characters too long"),
        ({"venue": "999999"}, "Select a valid choice."),
        ({"venue": "\0"}, "Null characters are not allowed."),
    ],
)
def test_new_event_refuses_with_a_sentence_and_keeps_what_was_typed(
    community: Community, team: Client, changes: dict[str, str], words: str
) -> None:
    VenueFactory(community=community, name="Karee Hall")
    good = {
        "title.en": "Small databases", "starts_on": "2026-10-20", "starts_time": "18:30", "zone": "Africa/Johannesburg",
        "attendance": "on_site", "place": "The Kiln",
    }  # fmt: skip
    response = post(team, f"/c/{community.slug}/events/new/", {**good, **changes})
    assert response.status_code == 200
    page = response.content.decode()
    assert words in page
    assert "The Kiln" in page
    assert not Event.objects.exists()
    assert Venue.objects.count() == 1


def test_new_event_in_a_skipped_hour_is_moved_and_says_so(community: Community, team: Client) -> None:
    data = {
        "title.fr": "\u202eNuit\u0000 blanche",
        "starts_on": "2027-03-28", "starts_time": "02:30", "zone": "Europe/Paris",
        "attendance": "online",
    }  # fmt: skip
    said = messages_of(team, f"/c/{community.slug}/events/new/", data)
    assert any("does not exist" in words for words in said)
    made = Event.objects.get()
    assert made.title == {"fr": "Nuit blanche"}
    assert made.starts_at == datetime(2027, 3, 28, 1, 30, tzinfo=UTC)


def test_new_event_is_for_organisers(community: Community, client: Client) -> None:
    address = f"/c/{community.slug}/events/new/"
    assert client.get(address).status_code == 302
    client.force_login(PersonFactory(), backend="allauth.account.auth_backends.AuthenticationBackend")
    assert client.get(address).status_code == 403
    assert post(client, address, {"title.en": "Mine"}).status_code == 403


@pytest.mark.parametrize(
    ("section", "data", "field", "value"),
    [
        ("what", {"title.en": "New", "slug": "jacaranda-conf", "hue": "4", "languages": "", "topics": ""}, "hue", 4),
        (
            "when",
            {"zone": "Europe/Paris", "starts_on": "2026-10-20", "starts_time": "18:30", "day_boundary": "04:00"},
            "day_boundary",
            240,
        ),
        ("where", {"attendance": "online", "seats": "30"}, "seats", 30),
        ("words", {"description.en": "**Bold** words"}, "description", {"en": "**Bold** words"}),
        ("joining", {"joining.fr": "Lien"}, "joining", {"fr": "Lien"}),
    ],
)
def test_edit_event_section_by_section(
    event: Event, team: Client, section: str, data: dict[str, str], field: str, value: object
) -> None:
    address = f"/e/jacaranda-conf/edit/{section}/"
    assert team.get(address).status_code == 200
    assert messages_of(team, address, data) == ["Saved."]
    event.refresh_from_db()
    assert getattr(event, field) == value


def test_edit_event_again_unchanged_changes_nothing(event: Event, team: Client) -> None:
    for section in ("what", "when", "where", "words", "joining"):
        form = team.get(f"/e/jacaranda-conf/edit/{section}/").context["form"]
        data: dict[str, Any] = {}
        for bound in form:
            shown = bound.field.prepare_value(bound.value()) if hasattr(bound.field, "prepare_value") else bound.value()
            if isinstance(shown, dict):
                data |= {f"{bound.html_name}.{code}": text for code, text in shown.items()}
            elif shown not in (None, "", []):
                data[bound.html_name] = bound.field.widget.format_value(shown)
        assert messages_of(team, f"/e/jacaranda-conf/edit/{section}/", data) == ["Saved."]
    event.refresh_from_db()
    assert event.revision == 0


def test_edit_event_warns_of_joining_details_in_public_texts(event: Event, team: Client) -> None:
    data = {"description.en": "Join https://zoom.us/j/81234567890, passcode: 3141"}
    page = team.post("/e/jacaranda-conf/edit/words/", data, follow=True, headers={"Sec-Fetch-Site": "same-origin"})
    text = page.content.decode()
    assert "A public text seems to contain joining details." in text
    assert "zoom.us/j/81234567890" in text
    assert "passcode: 3141" in text


def test_edit_event_unknown_section_is_not_found(event: Event, team: Client) -> None:
    assert team.get("/e/jacaranda-conf/edit/everything/").status_code == 404


def test_edit_event_shows_which_dates_change_before_it_does(organiser: Person, team: Client, at: datetime) -> None:
    from hallway.gathering.communities.actions import SeriesTerms, start_series

    terms = SeriesTerms(
        title={"en": "Evening"}, rule="FREQ=MONTHLY;BYDAY=3WE", starts_on=at.date(),
        local_time=at.time().replace(hour=18), minutes=120, zone="Africa/Johannesburg",
    )  # fmt: skip
    series = start_series(community=organiser.team_roles.get().community, terms=terms, by=organiser, at=at)
    first, second, _third = series.editions.order_by("starts_at")
    actions.edit_event(event=second, changes={"description": {"en": "Its own"}}, by=organiser, at=at)
    address = f"/e/{first.slug}/edit/words/"
    data = {"description.en": "For all", "scope": "all"}
    page = post(team, address, data).content.decode()
    assert "Besides this date, 2 others change." in page
    assert "stays as it is there:" in page
    assert not Event.objects.filter(description={"en": "For all"}).exists()
    assert messages_of(team, address, {**data, "confirmed": "1"}) == ["Saved."]
    assert Event.objects.filter(description={"en": "For all"}).count() == 2


def test_publish_postpone_cancel_and_back_from_the_pages(event: Event, team: Client) -> None:
    Event.objects.filter(pk=event.pk).update(
        state="draft", public_at=None, first_public_at=None, starts_at=SOON, ends_at=SOON + timedelta(hours=2)
    )
    base = "/e/jacaranda-conf/"
    assert messages_of(team, f"{base}publish/", {})[0].startswith("The event is published.")
    assert messages_of(team, f"{base}unpublish/", {})[0].startswith("The event is a draft again.")
    messages_of(team, f"{base}publish/", {})
    assert team.get(f"{base}postpone/").status_code == 200
    data = {"starts_on": "2026-10-27", "starts_time": "18:30", "reason.en": "Rain"}
    assert messages_of(team, f"{base}postpone/", data)[0].startswith("The event is postponed.")
    assert b"This is the date it has." in post(team, f"{base}postpone/", data).content
    assert team.get(f"{base}cancel/").status_code == 200
    assert messages_of(team, f"{base}cancel/", {"reason.en": "No"})[0].startswith("The event is cancelled.")
    assert messages_of(team, f"{base}publish/", {})[0].startswith("The event is published.")
    event.refresh_from_db()
    assert (event.state, event.revision) == ("published", 6)


def test_pages_of_actions_change_nothing_on_get(event: Event, team: Client) -> None:
    for part in ("publish", "unpublish", "edit/rooms/1/remove", "edit/hosts/1/withdraw"):
        assert team.get(f"/e/jacaranda-conf/{part}/").status_code == 302
    event.refresh_from_db()
    assert event.revision == 0


def test_copy_and_delete_from_the_pages(event: Event, team: Client) -> None:
    assert team.get("/e/jacaranda-conf/copy/").status_code == 200
    messages_of(team, "/e/jacaranda-conf/copy/", {"starts_on": "2027-10-08", "starts_time": "09:00"})
    copied = Event.objects.exclude(pk=event.pk).get()
    assert copied.starts_at == datetime(2027, 10, 8, 7, 0, tzinfo=UTC)
    assert team.get(f"/e/{copied.slug}/delete/").status_code == 200
    assert messages_of(team, f"/e/{copied.slug}/delete/", {}) == ["The draft is gone."]
    assert list(Event.objects.all()) == [event]
    assert post(team, "/e/jacaranda-conf/delete/").status_code in {302, 409}
    assert Event.objects.exists()


def test_rooms_from_the_pages(event: Event, team: Client) -> None:
    address = "/e/jacaranda-conf/edit/rooms/"
    assert messages_of(team, address, {"name": "Ballroom", "equipment": ["hdmi", "power"]}) == ["Saved."]
    room = Room.objects.get()
    assert b"Another room of this event has that name." in post(team, address, {"name": "ballroom"}).content
    assert team.get(f"{address}{room.pk}/").status_code == 200
    assert messages_of(team, f"{address}{room.pk}/", {"name": "Long room", "capacity": "90"}) == ["Saved."]
    assert messages_of(team, f"{address}{room.pk}/remove/", {}) == ["The room is gone."]
    assert not Room.objects.exists()


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


def test_hosts_from_the_pages(event: Event, team: Client) -> None:
    theirs = TeamRoleFactory()
    answering = Client()
    answering.force_login(theirs.person, backend="allauth.account.auth_backends.AuthenticationBackend")
    address = "/e/jacaranda-conf/edit/hosts/"
    assert b"No public community has this address." in post(team, address, {"community": "nobody"}).content
    messages_of(team, address, {"community": f"http://localhost/c/{theirs.community.slug}/?lang=fr"})
    host = Host.objects.get()
    assert team.get(f"/hosting/{host.pk}/").status_code == 404
    assert answering.get(f"/hosting/{host.pk}/").status_code == 200
    messages_of(answering, f"/hosting/{host.pk}/", {"answer": "decline"})
    messages_of(answering, f"/hosting/{host.pk}/", {"answer": "accept"})
    assert theirs.community.name in Client().get("/e/jacaranda-conf/").content.decode()
    assert answering.get("/e/jacaranda-conf/edit/").status_code == 200
    messages_of(answering, f"/hosting/{host.pk}/", {"answer": "withdraw"})
    messages_of(team, address, {"community": theirs.community.slug})
    messages_of(team, f"{address}{Host.objects.get().pk}/withdraw/", {})
    assert not Host.objects.exists()
