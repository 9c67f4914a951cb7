from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from hallway.exchange import detect, sessionize
from hallway.exchange.assembling import public_programme
from hallway.gathering.events.actions import edit_room
from hallway.kit.models import Revision
from hallway.people.actions.adding import change_unclaimed
from hallway.people.models import Person
from hallway.programme.schedule.actions import add_session, add_slot, move_slot
from hallway.programme.schedule.models import Slot
from hallway.programme.talks.actions import edit_talk
from hallway.programme.talks.models import Talk
from tests.exchange.stored import AT, IMPORTER, LATER, bring_in, event_of
from tests.factories import EventFactory, SessionFactory, SlotFactory, SpeakingFactory

pytestmark = pytest.mark.django_db

FILES = ("schedule.xml", "schedule.json", "schedule.ics", "schedule.csv", "compat/sessionize/view/All")


@pytest.mark.parametrize(
    ("name", "media_type"),
    [
        ("schedule.xml", "application/vnd.c3voc.schedule+xml"),
        ("schedule.json", "application/json"),
        ("schedule.ics", "text/calendar; charset=utf-8"),
        ("schedule.csv", "text/csv; charset=utf-8"),
        *((f"compat/sessionize/view/{view}", "application/json") for view in sessionize.VIEWS),
    ],
)
def test_export_has_its_media_type_and_is_stored(client: Client, name: str, media_type: str) -> None:
    event = event_of(bring_in())
    answer = client.get(f"/e/{event.slug}/{name}")
    assert (answer.status_code, answer["Content-Type"]) == (200, media_type)
    assert f"event:{event.pk}" in answer["X-Hallway-Store"]
    assert answer["Access-Control-Allow-Origin"] == "*"
    assert detect.detect(answer.content, name)


def test_unknown_sessionize_view_is_not_found(client: Client) -> None:
    event = event_of(bring_in())
    assert client.get(f"/e/{event.slug}/compat/sessionize/view/Nothing").status_code == 404


@pytest.mark.parametrize("name", FILES)
def test_export_of_a_draft_event_is_not_found(client: Client, name: str) -> None:
    event = event_of(bring_in(publish=False))
    assert client.get(f"/e/{event.slug}/{name}").status_code == 404


@pytest.mark.parametrize("name", FILES)
def test_export_asks_as_many_queries_for_three_sessions_as_for_thirty(client: Client, name: str) -> None:
    counted = []
    for number in (3, 30):
        event = EventFactory()
        for _ in range(number):
            slot = SlotFactory(session=SessionFactory(event=event))
            SpeakingFactory(talk=slot.session.talk)
        client.get(f"/e/{event.slug}/{name}")
        with CaptureQueriesContext(connection) as queries:
            assert client.get(f"/e/{event.slug}/{name}").status_code == 200
        counted.append(len(queries))
    assert counted == [8, 8]


def _rename_talk() -> None:
    edit_talk(
        talk=Talk.objects.get(title__und="Tables & graphes"), changes={"title": {"und": "Neu"}}, by=IMPORTER, at=LATER
    )


def _rename_speaker() -> None:
    change_unclaimed(person=Person.objects.get(name="Ada Exemple"), changes={"name": "Ada Neu"}, by=IMPORTER, at=LATER)


def _rename_room() -> None:
    slot = Slot.objects.filter(room__name="Atelier").first()
    assert slot is not None
    edit_room(room=slot.room, changes={"name": "Neu"}, by=IMPORTER, at=LATER)


@pytest.mark.parametrize("change", [_rename_talk, _rename_speaker, _rename_room])
def test_edit_makes_stored_exports_old(client: Client, change: Callable[[], None]) -> None:
    event = event_of(bring_in())
    before = Revision.objects.get(key=f"event:{event.pk}").seq
    change()
    assert Revision.objects.get(key=f"event:{event.pk}").seq > before
    assert b"Neu" in client.get(f"/e/{event.slug}/schedule.csv").content


def test_export_shows_nothing_of_the_draft(client: Client) -> None:
    event = event_of(bring_in())
    slot = Slot.objects.filter(session__event=event, room__isnull=False).first()
    assert slot is not None
    move_slot(slot=slot, room=None, starts_at=LATER, ends_at=LATER + timedelta(hours=1), by=IMPORTER, at=LATER)
    added = add_session(event=event, kind="other", title={"en": "Not yet"}, by=IMPORTER, at=LATER)
    add_slot(session=added, room=None, starts_at=AT, ends_at=LATER, by=IMPORTER, at=LATER)
    before = public_programme(event)
    assert {one.title for one in before.sessions} == {"Ouverture", "Tables & graphes", "Pause", "Nuit du code"}
    data = json.loads(client.get(f"/e/{event.slug}/schedule.json").content)
    assert slot.starts_at.astimezone(event.tz).isoformat() in json.dumps(data)


def test_calendar_names_speakers_in_the_readers_language(client: Client) -> None:
    event = event_of(bring_in())
    assert "Speakers: Ada" in client.get(f"/e/{event.slug}/schedule.ics?lang=en").content.decode().replace("\r\n ", "")
    assert "Intervenants" in client.get(f"/e/{event.slug}/schedule.ics?lang=fr").content.decode()


def test_schedule_page_links_the_files(client: Client) -> None:
    event = event_of(bring_in())
    page = client.get(f"/e/{event.slug}/schedule/").content.decode()
    for ending in ("ics", "xml", "json", "csv"):
        assert page.count(f'href="/e/{event.slug}/schedule.{ending}"') == 2, ending


def test_formats_page_names_every_address_and_every_loss_of_this_programme(client: Client) -> None:
    event = event_of(bring_in())
    answer = client.get(f"/e/{event.slug}/export/")
    assert f"event:{event.pk}" in answer["X-Hallway-Store"]
    page = answer.content.decode()
    for name in (*FILES, *(f"compat/sessionize/view/{view}" for view in sessionize.VIEWS)):
        assert f'href="/e/{event.slug}/{name}"' in page, name
    assert f"%2Fe%2F{event.slug}%2Fschedule.xml" in page[page.index("https://ggt.gaa.st/#url=http") :]
    assert "Biographies, pictures and links of speakers are left out; their names stay." in page
    assert "A session in several slots becomes several rows." in page
    assert "A slot of 100 hours or more is cut to 99:59." not in page
    assert f'href="/e/{event.slug}/export/"' in client.get(f"/e/{event.slug}/schedule/").content.decode()


def test_formats_page_of_an_empty_programme_says_so(client: Client) -> None:
    page = client.get(f"/e/{EventFactory().slug}/export/").content.decode()
    assert "The files are empty until the organisers release it." in page


def test_session_kept_alone_and_with_its_programme_is_one_entry_in_a_calendar(client: Client) -> None:
    event = event_of(bring_in())
    slot = Slot.objects.filter(session__event=event, public_at__isnull=False).first()
    assert slot is not None
    one = client.get(f"/e/{event.slug}/sessions/{slot.session_id}.ics").content.decode()
    whole = client.get(f"/e/{event.slug}/schedule.ics").content.decode()
    assert set(re.findall(r"UID:.*", one)) <= set(re.findall(r"UID:.*", whole))
