from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from icalendar import Calendar

from hallway.gathering.events import actions
from hallway.gathering.events.calendars import OneOf, calendar_for
from hallway.gathering.events.models import Event
from hallway.kit.store import STORE_HEADER
from tests.factories import CommunityFactory, EventFactory, PersonFactory, SeriesFactory, TeamRoleFactory, VenueFactory

pytestmark = pytest.mark.django_db
START = datetime(2026, 11, 18, 17, 30, tzinfo=UTC)


def read(address: str) -> Calendar:
    response = Client().get(address)
    assert response.status_code == 200
    assert response["Content-Type"] == "text/calendar; charset=utf-8"
    assert STORE_HEADER in response
    return Calendar.from_ical(response.content)


@pytest.fixture
def event() -> Event:
    community = CommunityFactory(slug="highveld", zone="Europe/Paris", hue=2)
    venue = VenueFactory(
        community=community,
        name="The Kiln",
        address="3 Clay Street",
        place_name="Sandton",
        latitude=-26.1,
        longitude=28.05,
    )
    return EventFactory(
        community=community, venue=venue, slug="flutter-evening", title={"en": "Flutter, one year in; more\nwords"},
        zone="Europe/Paris", starts_at=START, ends_at=START + timedelta(hours=2), revision=3,
        description={"en": "Bring a **laptop**"}, joining={"en": "secret-room"},
    )  # fmt: skip


def test_event_calendar_holds_what_calendars_need(event: Event) -> None:
    calendar = read("/e/flutter-evening/calendar.ics")
    (entry,) = calendar.walk("VEVENT")
    assert entry["UID"] == f"event-{event.pk}@localhost"
    assert (entry["SEQUENCE"], entry["STATUS"]) == (3, "CONFIRMED")
    assert entry["DTSTART"].params["TZID"] == "Europe/Paris"
    assert entry["DTSTART"].dt == START
    assert entry["SUMMARY"] == "Flutter, one year in; more words"
    assert entry["LOCATION"] == "The Kiln, 3 Clay Street, Sandton"
    assert entry["GEO"].to_ical() == "-26.1;28.05"
    assert entry["DESCRIPTION"] == "Bring a laptop"
    assert [str(zone["TZID"]) for zone in calendar.walk("VTIMEZONE")] == ["Europe/Paris"]
    body = Client().get("/e/flutter-evening/calendar.ics").content
    assert b"secret-room" not in body
    assert b"REFRESH-INTERVAL;VALUE=DURATION:PT6H" in body
    assert b"COLOR:" in body


def test_feeds_are_the_same_bytes_while_nothing_changed(event: Event) -> None:
    first, second = (Client().get("/c/highveld/calendar.ics").content for _ in range(2))
    assert first == second


def test_several_days_stand_as_one_whole_entry_too(event: Event) -> None:
    Event.objects.filter(pk=event.pk).update(ends_at=START + timedelta(days=1, hours=3))
    timed, whole = read("/e/flutter-evening/calendar.ics").walk("VEVENT")
    assert (whole["DTSTART"].dt, whole["DTEND"].dt) == (date(2026, 11, 18), date(2026, 11, 20))
    assert timed["UID"] != whole["UID"]


def test_a_night_is_one_evening(event: Event) -> None:
    Event.objects.filter(pk=event.pk).update(ends_at=START + timedelta(hours=8))
    assert len(read("/e/flutter-evening/calendar.ics").walk("VEVENT")) == 1


def test_feeds_follow_postponing_and_cancelling(event: Event, at: datetime) -> None:
    by = TeamRoleFactory(community=event.community).person
    actions.postpone_event(event=event, starts_at=None, reason={}, by=by, at=at)
    (entry,) = read("/c/highveld/calendar.ics").walk("VEVENT")
    assert (entry["STATUS"], entry["SEQUENCE"], entry["DTSTART"].dt) == ("CANCELLED", 4, START)
    actions.postpone_event(event=event, starts_at=START + timedelta(days=7), reason={}, by=by, at=at)
    (entry,) = read("/c/highveld/calendar.ics").walk("VEVENT")
    assert (entry["STATUS"], entry["DTSTART"].dt) == ("CONFIRMED", START + timedelta(days=7))
    actions.cancel_event(event=event, reason={"en": "No hall"}, by=by, at=at)
    (entry,) = read("/c/highveld/calendar.ics").walk("VEVENT")
    assert (entry["STATUS"], entry["DESCRIPTION"].split("\n")[0]) == ("CANCELLED", "No hall")


def test_community_calendar_holds_co_hosted_and_no_drafts(event: Event, at: datetime) -> None:
    draft = EventFactory(community=event.community, state="draft", public_at=None)
    theirs = EventFactory(starts_at=START, ends_at=None)
    theirs.hosts.create(community=event.community, invited_at=at, accepted_at=at)
    undated = EventFactory(community=event.community, state="date_open", starts_at=None, ends_at=None)
    uids = {str(entry["UID"]) for entry in read("/c/highveld/calendar.ics").walk("VEVENT")}
    assert uids == {f"event-{event.pk}@localhost", f"event-{theirs.pk}@localhost"}
    assert f"event-{draft.pk}@localhost" not in uids
    assert undated.pk


def test_calendars_stay_public_for_those_signed_in(event: Event) -> None:
    EventFactory(community=event.community, state="draft", public_at=None)
    client = Client()
    person = TeamRoleFactory(community=event.community, person=PersonFactory()).person
    client.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
    calendar = Calendar.from_ical(client.get("/c/highveld/calendar.ics").content)
    assert len(calendar.walk("VEVENT")) == 1


def test_series_calendar_holds_its_editions(event: Event) -> None:
    series = SeriesFactory(community=event.community, slug="monthly")
    Event.objects.filter(pk=event.pk).update(series=series, occurrence_on=date(2026, 11, 18))
    EventFactory(community=event.community)
    calendar = read("/series/monthly/calendar.ics")
    for page in (f"/c/{series.community.slug}/about/", f"/e/{series.editions.all()[0].slug}/"):
        assert 'href="/series/monthly/calendar.ics"' in Client().get(page).content.decode()
    assert [str(entry["UID"]) for entry in calendar.walk("VEVENT")] == [f"event-{event.pk}@localhost"]
    assert str(calendar["NAME"]).startswith("Monthly evening")


def mailed(event: Event, **about: Any) -> tuple[Any, Any, Any]:
    """The file that comes with a mail, its calendar and its only entry."""
    file = calendar_for(event, **{"at": START, "base_url": "https://hallway.example", "language": "en", **about})
    assert file is not None
    calendar = Calendar.from_ical(file.text)
    (entry,) = calendar.walk("VEVENT")
    assert not calendar.walk("VALARM")
    return file, calendar, entry


def test_calendar_for_somebody_who_goes_is_the_entry_of_the_feed(event: Event, settings: Any) -> None:
    settings.HALLWAY_BASE_URL = "https://hallway.example"
    (fed,) = read("/e/flutter-evening/calendar.ics").walk("VEVENT")
    file, calendar, entry = mailed(event, words="Join at https://meet.example/4821", url="https://hallway.example/s/1")
    assert (file.filename, file.content_type) == (
        "flutter-evening.ics", "text/calendar; method=PUBLISH; charset=utf-8",
    )  # fmt: skip
    assert (calendar["METHOD"], entry["DTSTAMP"].dt) == ("PUBLISH", START)
    for name in ("UID", "SEQUENCE", "SUMMARY", "STATUS", "LOCATION", "LAST-MODIFIED"):
        assert entry[name] == fed[name]
    assert (entry["DTSTART"].dt, entry["DTEND"].dt) == (fed["DTSTART"].dt, fed["DTEND"].dt)
    assert entry["DESCRIPTION"] == "Join at https://meet.example/4821\n\nBring a laptop"
    assert (entry["URL"], fed["URL"]) == ("https://hallway.example/s/1", "https://hallway.example/e/flutter-evening/")
    assert [str(zone["TZID"]) for zone in calendar.walk("VTIMEZONE")] == ["Europe/Paris"]
    assert file.text.endswith("END:VCALENDAR\r\n")
    assert mailed(event, words="Join")[0] == mailed(event, words="Join")[0]


def test_calendar_for_somebody_who_gave_up_takes_it_out_again(event: Event) -> None:
    _file, _calendar, first = mailed(event)
    file, calendar, entry = mailed(event, is_off=True, at=START + timedelta(minutes=1))
    assert "method=CANCEL" in file.content_type
    assert (calendar["METHOD"], entry["STATUS"]) == ("CANCEL", "CANCELLED")
    assert (entry["UID"], entry["SEQUENCE"]) == (first["UID"], first["SEQUENCE"])
    assert entry["DTSTAMP"].dt > first["DTSTAMP"].dt
    assert entry["DESCRIPTION"] == "Bring a laptop"


def test_calendar_for_follows_postponing_and_cancelling(event: Event, at: datetime) -> None:
    by = TeamRoleFactory(community=event.community).person
    event = actions.postpone_event(event=event, starts_at=None, reason={}, by=by, at=at)
    _file, calendar, entry = mailed(event)
    assert (calendar["METHOD"], entry["DTSTART"].dt, "DTEND" in entry) == ("CANCEL", START, False)
    event = actions.postpone_event(event=event, starts_at=START + timedelta(days=7), reason={}, by=by, at=at)
    _file, calendar, entry = mailed(event)
    assert (calendar["METHOD"], entry["DTSTART"].dt) == ("PUBLISH", START + timedelta(days=7))
    event = actions.cancel_event(event=event, reason={}, by=by, at=at)
    assert mailed(event)[1]["METHOD"] == "CANCEL"
    undated = EventFactory(community=event.community, state="date_open", starts_at=None, ends_at=None)
    assert calendar_for(undated, at=at, base_url="https://hallway.example", language="en") is None


def test_calendar_for_a_workshop_has_its_own_time_and_name(event: Event) -> None:
    Event.objects.filter(pk=event.pk).update(description={})
    event.refresh_from_db()
    begin = START + timedelta(minutes=30)
    part = OneOf("session-7", 12, "Throwing\nclay", begin, begin + timedelta(hours=1), place="Room 2, The Kiln")
    file, _calendar, entry = mailed(event, part=part, words="Bring an apron")
    assert entry["UID"] == f"event-{event.pk}-session-7@hallway.example"
    assert (entry["SEQUENCE"], entry["SUMMARY"], entry["LOCATION"]) == (12, "Throwing clay", "Room 2, The Kiln")
    assert (entry["DTSTART"].dt, entry["DTEND"].dt) == (begin, begin + timedelta(hours=1))
    assert (file.filename, entry["DESCRIPTION"]) == ("flutter-evening.ics", "Bring an apron")
    _file, _calendar, entry = mailed(event, part=OneOf("session-7", 13, "Clay", begin))
    assert ("DTEND" in entry, entry["LOCATION"]) == (False, "The Kiln, 3 Clay Street, Sandton")
    assert mailed(event, part=part, is_off=True)[1]["METHOD"] == "CANCEL"


def test_calendar_for_speaks_the_language_of_the_mail(event: Event) -> None:
    event.title = {"en": "Small databases", "fr": "Petites bases"}
    assert mailed(event, language="fr")[2]["SUMMARY"] == "Petites bases"


def test_calendars_take_the_same_queries_for_one_and_three(event: Event, django_assert_num_queries: object) -> None:
    with django_assert_num_queries(2):
        Client().get("/c/highveld/calendar.ics")
    EventFactory.create_batch(2, community=event.community, venue=event.venue)
    with django_assert_num_queries(2):
        Client().get("/c/highveld/calendar.ics")
