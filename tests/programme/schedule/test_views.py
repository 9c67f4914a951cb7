from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
import time_machine
from defusedxml.ElementTree import fromstring
from django.test import Client
from icalendar import Calendar

from hallway.gathering.events.models import Event
from hallway.kit.actors import SystemPerson
from hallway.kit.store import QUERY_HEADER, STORE_HEADER, UNTIL_HEADER
from hallway.programme.schedule.actions import (
    NewSession,
    NewSlot,
    add_sessions_in_bulk,
    add_slot,
    move_slot,
    release_schedule,
    remove_session,
)
from hallway.programme.talks.actions import NewTalk, edit_talk, write_talks_in_bulk
from hallway.vocabulary.models import Topic
from tests.factories import (
    EventFactory,
    PersonFactory,
    RoomFactory,
    SessionFactory,
    SlotFactory,
    SpeakingFactory,
    TalkFactory,
    TrackFactory,
)

pytestmark = pytest.mark.django_db
SYSTEM = SystemPerson("importer")
HOUR = timedelta(hours=1)
HOSTILE = "<script>alert(1)</script>\"'&</title>"


def programme(sessions: int, at: datetime) -> Event:
    """A released event with that many sessions, each with a speaker, a track and a topic."""
    event = EventFactory(slug=f"conf-{sessions}")
    rooms, track = [RoomFactory(event=event) for _ in range(2)], TrackFactory(event=event)
    topic = Topic.objects.get_or_create(slug="asyncio-x", defaults={"name_en": "Asyncio", "name_fr": "Asyncio"})[0]
    speakers = [PersonFactory() for _ in range(min(3, sessions))]
    talks = write_talks_in_bulk(
        talks=[
            NewTalk(title={"en": f"Talk {n}"}, speakers=[speakers[n % len(speakers)]], topics=[topic], languages=["en"])
            for n in range(sessions)
        ],
        by=SYSTEM,
        at=at,
    )
    new = [
        NewSession(
            kind="talk",
            talk=talk,
            track=track,
            slots=[
                NewSlot(at + (n // 2) * timedelta(minutes=5), at + (n // 2 + 1) * timedelta(minutes=5), rooms[n % 2])
            ],
        )
        for n, talk in enumerate(talks)
    ]
    add_sessions_in_bulk(event=event, sessions=new, by=SYSTEM, at=at)
    release_schedule(event=event, by=SYSTEM, at=at)
    return event


@pytest.mark.parametrize(
    ("address", "queries"),
    [
        ("/e/{slug}/schedule/", 11),
        ("/e/{slug}/speakers/", 9),
        ("/e/{slug}/changes/", 5),
        ("/e/{slug}/changes.atom", 3),
        ("/e/{slug}/now", 6),
        ("/talks/", 8),
        ("/e/{slug}/sessions/{pk}/", 15),
    ],
)
@pytest.mark.parametrize("sessions", [1, 3])
def test_page_asks_as_often_for_one_row_as_for_three(
    address: str,
    queries: int,
    sessions: int,
    client: Client,
    at: datetime,
    django_assert_num_queries: Callable[..., object],
) -> None:
    event = programme(sessions, at)
    pk = event.sessions.order_by("pk").values_list("pk", flat=True)[0]
    client.get("/e/none/")
    with django_assert_num_queries(queries):
        assert client.get(address.format(slug=event.slug, pk=pk)).status_code == 200


def test_schedule_of_a_thousand_sessions_asks_as_often_and_stays_light(
    client: Client, at: datetime, django_assert_num_queries: Callable[..., object]
) -> None:
    event = programme(1000, at)
    with django_assert_num_queries(11):
        page = client.get(f"/e/{event.slug}/schedule/?day=all")
    assert len(re.findall(rb"<[a-z]", page.content)) <= 9_000
    with django_assert_num_queries(8):
        client.get("/talks/")


@pytest.mark.parametrize(("language", "words"), [("en", "What changed"), ("fr", "Ce qui a changé")])
def test_schedule_shows_what_is_released_in_both_languages(
    language: str, words: str, client: Client, at: datetime
) -> None:
    event = programme(3, at)
    page = client.get(f"/e/{event.slug}/schedule/", {"lang": language})
    text = page.content.decode()
    assert words in text
    assert "Talk 2" in text
    assert f"event:{event.pk}" in page[STORE_HEADER].split()
    assert page[QUERY_HEADER] == "day room track topic language level"


def test_draft_content_never_shows_anywhere(client: Client, at: datetime) -> None:
    slot = SlotFactory()
    event = slot.session.event
    person = SpeakingFactory(talk=slot.session.talk).person
    secret = SessionFactory(event=event, public_at=None, talk=TalkFactory(title={"en": "Zebra secret"}, public_at=None))
    SpeakingFactory(talk=secret.talk, person=person)
    add_slot(session=secret, room=slot.room, starts_at=at, ends_at=at + HOUR, by=SYSTEM, at=at)
    attic = RoomFactory(event=event, name="Attic")
    move_slot(slot=slot, room=attic, starts_at=at + 5 * HOUR, ends_at=at + 6 * HOUR, by=SYSTEM, at=at)
    pages = (
        "schedule/", "now", "speakers/", "changes/", "changes.atom", f"sessions/{slot.session_id}/",
        f"sessions/{slot.session_id}.ics", "",
    )  # fmt: skip
    for page in pages:
        answer = client.get(f"/e/{event.slug}/{page}")
        assert answer.status_code == 200
        assert "Zebra" not in answer.content.decode(), page
        assert "Attic" not in answer.content.decode() or not page, "the event's own page lists its rooms"
    for page in ("/talks/", f"/p/{person.slug}/", f"/c/{event.community.slug}/talks/"):
        assert "Zebra" not in client.get(page).content.decode(), page
    for page in (f"sessions/{secret.pk}/", f"sessions/{secret.pk}.ics", f"sessions/{secret.pk}.png"):
        assert client.get(f"/e/{event.slug}/{page}").status_code == 404
    assert client.get(f"/talks/{secret.talk_id}/").status_code == 404


def test_sessions_of_other_events_and_hidden_events_are_not_found(client: Client) -> None:
    slot = SlotFactory()
    other = EventFactory()
    assert client.get(f"/e/{other.slug}/sessions/{slot.session_id}/").status_code == 404
    Event.objects.filter(pk=slot.session.event_id).update(public_at=None)
    for page in ("schedule/", "now", "speakers/", "changes/", "changes.atom", f"sessions/{slot.session_id}/"):
        assert client.get(f"/e/{slot.session.event.slug}/{page}").status_code == 404, page


def test_hostile_text_is_shown_as_text(client: Client, at: datetime) -> None:
    event = EventFactory(title={"en": HOSTILE})
    talk = TalkFactory(
        title={"en": HOSTILE}, abstract={"en": HOSTILE}, links=[{"url": "javascript:alert(1)", "title": HOSTILE}]
    )
    SpeakingFactory(talk=talk, person__name=HOSTILE[:60])
    slot = SlotFactory(session__event=event, session__talk=talk, room__name=HOSTILE[:100])
    event.releases.create(number=1, version=HOSTILE[:60], note={"en": HOSTILE}, released_at=at)
    for page in ("schedule/", "now", "speakers/", "changes/", f"sessions/{slot.session_id}/"):
        text = client.get(f"/e/{event.slug}/{page}").content.decode()
        assert "<script>alert" not in text, page
        assert "javascript:" not in text, page
    assert "<script>alert" not in client.get("/talks/").content.decode()
    fromstring(client.get(f"/e/{event.slug}/changes.atom").content)


@pytest.mark.parametrize(
    "asked", ["room=999999999999999999999", "day=x", "track=-1", "level=%00", "language=<b>", "topic=٣"]
)
def test_schedule_filters_that_cannot_be_are_as_if_not_asked(asked: str, client: Client, at: datetime) -> None:
    event = programme(3, at)
    assert client.get(f"/e/{event.slug}/schedule/?{asked}").content.count(b"Talk ") == 3


def test_schedule_filters_narrow_and_only_one_besides_the_day_is_stored(client: Client, at: datetime) -> None:
    event = programme(3, at)
    room = event.rooms.first()
    assert room is not None
    page = client.get(f"/e/{event.slug}/schedule/", {"room": room.pk})
    assert page.content.count(b"<strong>Talk ") == 2
    assert STORE_HEADER in page
    page = client.get(f"/e/{event.slug}/schedule/", {"room": room.pk, "language": "en", "level": "advanced"})
    assert STORE_HEADER not in page, "three filters at once are answered, but there are too many to keep"


def test_schedule_marks_what_is_on_and_turns_old_when_it_ends(client: Client, at: datetime) -> None:
    event = programme(1, at)
    with time_machine.travel(at + timedelta(minutes=2), tick=False):
        page = client.get(f"/e/{event.slug}/schedule/")
        fragment = client.get(f"/e/{event.slug}/now")
    assert b"live-dot" in page.content
    assert int(page[UNTIL_HEADER]) == int((at + timedelta(minutes=5)).timestamp())
    assert b"On now" in fragment.content
    with time_machine.travel(at + 2 * HOUR, tick=False):
        assert b"live-dot" not in client.get(f"/e/{event.slug}/schedule/").content


def test_schedule_of_a_night_belongs_to_the_day_before(client: Client, at: datetime) -> None:
    event = EventFactory(day_boundary=360, zone="Europe/Paris")
    late = datetime.fromisoformat("2026-10-09T01:30:00+02:00")
    SlotFactory(session__event=event, starts_at=late, ends_at=late + 8 * HOUR)
    text = client.get(f"/e/{event.slug}/schedule/").content.decode()
    assert 'id="d2026-10-08"' in text
    assert "01:30" in text


def test_session_page_says_who_what_where_and_to_machines_too(client: Client, at: datetime) -> None:
    event = programme(3, at)
    session = event.sessions.order_by("pk").first()
    assert session is not None
    assert client.get(f"/e/{event.slug}/sessions/{session.pk}-wrong/").status_code == 301
    page = client.get(f"/e/{event.slug}/sessions/{session.pk}-{session.slug}/")
    text = page.content.decode()
    found = re.search(r'<script type="application/ld\+json">(.*?)</script>', text, re.S)
    assert found
    thing = json.loads(found[1])
    assert thing["name"] == "Talk 0"
    assert thing["performer"][0]["name"] in text
    assert {f"event:{event.pk}", f"talk:{session.talk_id}"} <= set(page[STORE_HEADER].split())
    assert "Talk 1" in text, "also on its track"
    assert client.get(f"/e/{event.slug}/sessions/{session.pk}.png")["Content-Type"] == "image/png"


def test_session_page_counts_down_while_it_runs(client: Client, at: datetime) -> None:
    event = programme(1, at)
    session = event.sessions.get()
    with time_machine.travel(at + timedelta(minutes=2), tick=False):
        page = client.get(f"/e/{event.slug}/sessions/{session.pk}/")
    assert b"3 minutes left" in page.content
    # Until the next minute, or until something on the page changes sooner.
    assert at.timestamp() + 120 < int(page[UNTIL_HEADER]) <= (at + timedelta(minutes=3)).timestamp()


def test_session_calendar_has_every_slot(client: Client, at: datetime) -> None:
    slot = SlotFactory()
    SlotFactory(session=slot.session)
    text = client.get(f"/e/{slot.session.event.slug}/sessions/{slot.session_id}.ics").content
    entries = list(Calendar.from_ical(text).walk("VEVENT"))
    assert len(entries) == 2
    assert entries[0]["DTSTART"].params["TZID"] == "Africa/Johannesburg"
    assert b"BEGIN:VTIMEZONE" in text
    assert {str(entry["STATUS"]) for entry in entries} == {"CONFIRMED"}
    Event.objects.update(state="cancelled")
    text = client.get(f"/e/{slot.session.event.slug}/sessions/{slot.session_id}.ics").content
    assert text.count(b"STATUS:CANCELLED") == 2


def test_edit_of_a_public_text_shows_at_once(client: Client, at: datetime) -> None:
    event = programme(1, at)
    session = event.sessions.get()
    assert session.talk
    edit_talk(talk=session.talk, changes={"title": {"en": "Renamed"}}, by=SYSTEM, at=at)
    assert b"Renamed" in client.get(f"/e/{event.slug}/schedule/").content


def test_changes_say_what_moved_and_what_went(client: Client, at: datetime) -> None:
    event = programme(3, at)
    first, second, _third = event.sessions.order_by("pk")
    slot = first.slots.get()
    move_slot(slot=slot, room=None, starts_at=at + HOUR, ends_at=at + 2 * HOUR, by=SYSTEM, at=at)
    remove_session(session=second, by=SYSTEM, at=at)
    release_schedule(event=event, version="Two", note={"en": "Sorry"}, by=SYSTEM, at=at + HOUR)
    page = client.get(f"/e/{event.slug}/changes/").content.decode()
    assert "Version Two" in page
    assert "Taken out" in page
    feed = client.get(f"/e/{event.slug}/changes.atom")
    assert feed["Content-Type"].startswith("application/atom+xml")
    text = feed.content.decode()
    assert "Moved: Talk 0" in text
    assert "The first version, with 3 sessions." in text


def test_talk_given_twice_has_a_page_of_its_own(client: Client, at: datetime) -> None:
    slot = SlotFactory()
    talk = slot.session.talk
    person = SpeakingFactory(talk=talk).person
    assert client.get(f"/talks/{talk.pk}/").status_code == 302
    again = SlotFactory(session__talk=talk)
    page = client.get(f"/talks/{talk.pk}/").content.decode()
    assert again.session.event.title["en"] in page
    assert slot.session.event.title["en"] in page
    assert (
        again.session.event.title["en"]
        in client.get(f"/e/{slot.session.event.slug}/sessions/{slot.session_id}/").content.decode()
    )
    assert f"/talks/{talk.pk}/" in client.get(f"/p/{person.slug}/").content.decode()


def test_talks_filters_and_pages(client: Client, at: datetime) -> None:
    programme(35, at)
    assert b"Page 1 of 2" in client.get("/talks/").content
    assert b"Page 2 of 2" in client.get("/talks/?page=2").content
    assert b"Page 2 of 2" in client.get("/talks/?page=99").content
    assert b"Talk 34" in client.get("/talks/?year=2026&topic=asyncio-x&language=en").content
    assert b"Nothing fits" in client.get("/talks/?language=fr").content
    assert client.get("/talks/?year=1&level=%00&topic=';--").status_code == 200


def test_old_address_of_an_event_leads_to_the_new_one(client: Client, at: datetime) -> None:
    from hallway.kit.slugs import remember_slug

    event = programme(1, at)
    session = event.sessions.get()
    remember_slug("event", "old-slug", event.pk)
    for page in ("schedule/", "now", "changes/", "changes.atom", "speakers/", f"sessions/{session.pk}/"):
        answer = client.get(f"/e/old-slug/{page}")
        assert answer.status_code == 301, page
        assert event.slug in answer["Location"]


def test_empty_pages_say_what_to_expect(client: Client) -> None:
    event = EventFactory()
    for page in ("schedule/", "speakers/", "changes/"):
        assert b'class="empty"' in client.get(f"/e/{event.slug}/{page}").content
    assert b'class="empty"' in client.get("/talks/").content
