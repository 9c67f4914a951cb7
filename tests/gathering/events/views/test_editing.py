from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from hallway.gathering.communities.models import Community
from hallway.gathering.events import actions
from hallway.gathering.events.models import Event, Room, Venue
from hallway.people.models import Person
from tests.factories import PersonFactory, VenueFactory

from . import messages_of, post

pytestmark = pytest.mark.django_db


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
        ({"title.en": "x" * 20_000}, "This is too long"),
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
    Event.objects.update(description={}, url="https://meet.jit.si/jacaranda")
    assert "meet.jit.si/jacaranda</code>" in team.get("/e/jacaranda-conf/edit/where/").content.decode()


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


def test_rooms_from_the_pages(event: Event, team: Client) -> None:
    address = "/e/jacaranda-conf/edit/rooms/"
    assert messages_of(team, address, {"name": "Ballroom", "equipment": ["hdmi", "power"]}) == ["Saved."]
    room = Room.objects.get()
    assert b"Another room of this event has that name." in post(team, address, {"name": "ballroom"}).content
    assert team.get(f"{address}{room.pk}/").status_code == 200
    assert messages_of(team, f"{address}{room.pk}/", {"name": "Long room", "capacity": "90"}) == ["Saved."]
    assert messages_of(team, f"{address}{room.pk}/remove/", {}) == ["The room is gone."]
    assert not Room.objects.exists()
