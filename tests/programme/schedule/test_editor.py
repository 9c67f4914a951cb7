from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.test import Client

from hallway.gathering.events.models import Event
from hallway.kit.actors import SystemPerson
from hallway.people.models import Person
from hallway.programme.schedule.actions import add_session, add_slot, release_schedule
from hallway.programme.schedule.models import Session, Slot
from hallway.programme.talks.actions import write_talk
from tests.factories import EventFactory, PersonFactory, RoomFactory, SlotFactory, TeamRoleFactory, TrackFactory

from .test_views import programme

pytestmark = pytest.mark.django_db
SYSTEM = SystemPerson("importer")
HOUR = timedelta(hours=1)


@pytest.fixture
def event() -> Event:
    made: Event = EventFactory(slug="jacaranda-conf")
    return made


@pytest.fixture
def editor(event: Event, client: Client) -> Person:
    person: Person = TeamRoleFactory(community=event.community, role="editor").person
    client.force_login(person)
    return person


def filled(event: Event, **given: object) -> dict[str, object]:
    return {
        "title.en": "Asyncio without fear", "abstract.en": "One loop.", "names": "Thabo Nel", "kind": "talk",
        "day": "2026-10-08", "start": "09:45", "minutes": "45", "languages": ["en"],
    } | given  # fmt: skip


PAGES = ["", "add/", "add-break/", "release/", "tracks/"]


@pytest.mark.parametrize("path", [f"programme/{path}" for path in PAGES] + ["preview/"])
def test_editor_is_for_the_team_alone(path: str, event: Event, client: Client) -> None:
    assert client.get(f"/e/{event.slug}/edit/{path}").status_code == 302
    client.force_login(PersonFactory())
    assert client.get(f"/e/{event.slug}/edit/{path}").status_code == 403
    client.force_login(TeamRoleFactory(community=event.community, role="editor").person)
    for language in ("en", "fr"):
        assert client.get(f"/e/{event.slug}/edit/{path}", {"lang": language}).status_code == 200


@pytest.mark.parametrize("sessions", [1, 3, 1000])
def test_editor_asks_as_often_for_one_row_as_for_a_thousand(
    sessions: int, client: Client, at: datetime, django_assert_num_queries: Callable[..., object]
) -> None:
    event = programme(sessions, at)
    client.force_login(TeamRoleFactory(community=event.community).person)
    client.get("/e/none/")
    with django_assert_num_queries(13):
        page = client.get(f"/e/{event.slug}/edit/programme/")
    assert len(page.content) < 120_000


def test_add_a_talk_by_hand_and_release_it(event: Event, editor: Person, client: Client) -> None:
    room, track = RoomFactory(event=event), TrackFactory(event=event)
    form = filled(event, names="Thabo Nel\n\n Thabo Nel \nMei Tanaka", room=room.pk, track=track.pk)
    assert client.post(f"/e/{event.slug}/edit/programme/add/", form).status_code == 302
    session = Session.objects.get()
    slot = session.slots.get()
    assert session.talk
    assert [p.name for p in session.talk.speakers.order_by("speakings__position")] == ["Thabo Nel", "Mei Tanaka"]
    assert slot.starts_at.isoformat() == "2026-10-08T07:45:00+00:00", "09:45 in Johannesburg"
    assert (slot.room, session.track) == (room, track)
    assert b"Asyncio without fear" not in Client().get(f"/e/{event.slug}/schedule/").content
    assert b"Asyncio without fear" in client.get(f"/e/{event.slug}/edit/preview/").content
    page = client.post(f"/e/{event.slug}/edit/programme/release/", {"version": "1", "note.en": "Here it is"})
    assert page.status_code == 302
    client.logout()
    assert b"Asyncio without fear" in client.get(f"/e/{event.slug}/schedule/").content


def test_add_a_talk_asks_whether_it_is_the_same_person(event: Event, editor: Person, client: Client) -> None:
    known = PersonFactory(name="Thabo Nel")
    address = f"/e/{event.slug}/edit/programme/add/"
    page = client.post(address, filled(event))
    assert b"Is this the same person?" in page.content
    assert not Session.objects.exists()
    other_name = filled(event, **{"same-0": known.pk, "same-0-name": "Somebody"})
    assert b"Is this the same person?" in client.post(address, other_name).content
    foreign = filled(event, **{"same-0": PersonFactory().pk, "same-0-name": "Thabo Nel"})
    assert b"Is this the same person?" in client.post(address, foreign).content, "only those offered can be chosen"
    client.post(address, filled(event, **{"same-0": known.pk, "same-0-name": "Thabo Nel"}))
    assert Session.objects.get().talk.speakers.get() == known
    client.post(address, filled(event, **{"same-0": "new", "same-0-name": "Thabo Nel"}))
    assert Person.objects.filter(name="Thabo Nel").count() == 2


def test_add_a_talk_does_not_offer_people_who_keep_to_themselves(event: Event, editor: Person, client: Client) -> None:
    PersonFactory(name="Thabo Nel", public_at=None)
    client.post(f"/e/{event.slug}/edit/programme/add/", filled(event))
    assert Person.objects.filter(name="Thabo Nel").count() == 2


@pytest.mark.parametrize(
    "wrong",
    [
        {"title.en": ""}, {"minutes": "-1"}, {"minutes": "99999999999"}, {"day": "0001-01-01"}, {"day": "9999-12-31"},
        {"day": "x"}, {"names": "x" * 121}, {"names": "\n".join(f"Name {n}" for n in range(21))}, {"kind": "break"},
        {"title.en": "x" * 301}, {"abstract.en": "x" * 20_001}, {"recording_url": "javascript:alert(1)"},
    ],
)  # fmt: skip
def test_add_a_talk_keeps_what_was_typed_when_refused(
    wrong: dict[str, str], event: Event, editor: Person, client: Client
) -> None:
    page = client.post(f"/e/{event.slug}/edit/programme/add/", filled(event, **wrong))
    assert page.status_code == 200
    assert b'class="errors"' in page.content
    assert b"One loop." in page.content or "abstract.en" in wrong
    assert not Session.objects.exists()


def test_ids_of_other_events_are_refused(event: Event, editor: Person, client: Client) -> None:
    foreign = SlotFactory()
    base = f"/e/{event.slug}/edit/programme"
    assert client.post(f"{base}/add/", filled(event, room=foreign.room_id)).status_code == 200
    assert client.post(f"{base}/add/", filled(event, track=TrackFactory().pk)).status_code == 200
    for page in (f"{foreign.session_id}/", f"{foreign.session_id}/slots/", f"slots/{foreign.pk}/"):
        assert client.get(f"{base}/{page}").status_code == 404
    assert client.post(f"{base}/{foreign.session_id}/remove/").status_code == 404
    assert client.get(f"{base}/tracks/{TrackFactory().pk}/").status_code == 404
    assert not event.sessions.exists()


def test_edit_a_session_its_slots_and_remove_it(event: Event, editor: Person, client: Client) -> None:
    base = f"/e/{event.slug}/edit/programme"
    client.post(f"{base}/add/", filled(event))
    session = Session.objects.get()
    assert session.talk
    speaker = session.talk.speakers.get()
    assert speaker.name.encode() in client.get(f"{base}/{session.pk}/").content
    changed = filled(event, **{"title.fr": "Sans peur", "keep": [speaker.pk], "names": "", "start": "10:00"})
    assert client.post(f"{base}/{session.pk}/", changed).status_code == 302
    session.talk.refresh_from_db()
    assert session.talk.title["fr"] == "Sans peur"
    assert session.talk.speakers.get() == speaker
    place = {"day": "2026-10-08", "start": "14:00", "minutes": "30"}
    assert client.post(f"{base}/{session.pk}/slots/", place).status_code == 302
    second = session.slots.order_by("-starts_at")[0]
    assert client.post(f"{base}/slots/{second.pk}/", place | {"start": "15:00"}).status_code == 302
    second.refresh_from_db()
    assert second.starts_at.isoformat() == "2026-10-08T13:00:00+00:00"
    assert client.post(f"{base}/{session.pk}/slots/", place | {"start": ""}).status_code == 200
    assert client.post(f"{base}/slots/{second.pk}/", {"remove": "1"}).status_code == 302
    assert Slot.objects.count() == 1
    assert client.post(f"{base}/{session.pk}/remove/").status_code == 302
    assert not Session.objects.exists()


def test_breaks_are_added_and_changed(event: Event, editor: Person, client: Client) -> None:
    base = f"/e/{event.slug}/edit/programme"
    form = {"title.en": "Coffee", "day": "2026-10-08", "start": "10:30", "minutes": "30"}
    assert client.post(f"{base}/add-break/", form).status_code == 302
    session = Session.objects.get()
    assert client.get(f"{base}/{session.pk}/").status_code == 200
    assert client.post(f"{base}/{session.pk}/", form | {"title.en": "Tea"}).status_code == 302
    session.refresh_from_db()
    assert (session.kind, session.title, session.talk) == ("break", {"en": "Tea"}, None)


def test_tracks_are_added_changed_and_removed(event: Event, editor: Person, client: Client) -> None:
    base = f"/e/{event.slug}/edit/programme/tracks/"
    assert client.post(base, {"name": "Core", "hue": "3"}).status_code == 302
    assert client.post(base, {"name": "Core", "hue": "3"}).status_code == 200, "a name once"
    track = event.tracks.get()
    assert b"Core" in client.get(f"{base}{track.pk}/").content
    assert client.post(f"{base}{track.pk}/", {"name": "Data", "hue": "2"}).status_code == 302
    other = TrackFactory(event=event, name="Other")
    assert client.post(f"{base}{other.pk}/", {"name": "Data", "hue": "2"}).status_code == 200
    assert client.post(f"{base}{track.pk}/", {"remove": "1"}).status_code == 302
    assert event.tracks.get() == other


def test_problems_are_said_in_words(event: Event, editor: Person, client: Client, at: datetime) -> None:
    room = RoomFactory(event=event, name="Hall")
    for title in ("A", "B"):
        session = add_session(event=event, kind="talk", title={"en": title}, by=SYSTEM, at=at)
        add_slot(session=session, room=room, starts_at=at, ends_at=at + HOUR, by=SYSTEM, at=at)
    add_session(event=event, kind="talk", title={"en": "Loose"}, by=SYSTEM, at=at)
    page = client.get(f"/e/{event.slug}/edit/programme/").content.decode()
    assert "Hall also holds “B” then: one audience would stand outside." in page
    assert "Nobody is named as its speaker." in page
    assert "Loose" in page
    assert "Hall" in client.get(f"/e/{event.slug}/edit/programme/release/").content.decode()
    for show in ("problems", "changes", "nonsense"):
        assert client.get(f"/e/{event.slug}/edit/programme/", {"show": show, "page": "x"}).status_code == 200


def test_release_without_changes_is_refused_on_the_page(
    event: Event, editor: Person, client: Client, at: datetime
) -> None:
    base = f"/e/{event.slug}/edit/programme"
    page = client.post(f"{base}/release/", {"version": "1"})
    assert b"Nothing changed since the last version" in page.content
    slot = SlotFactory(session__event=event)
    client.post(f"{base}/slots/{slot.pk}/", {"day": "2026-10-08", "start": "15:00", "minutes": "30"})
    release_schedule(event=event, by=SYSTEM, at=at)
    client.post(f"{base}/slots/{slot.pk}/", {"day": "2026-10-08", "start": "16:00", "minutes": "30"})
    assert client.post(f"{base}/reset/").status_code == 302
    slot.refresh_from_db()
    assert slot.starts_at == slot.public_starts_at


def texts_of_a_talk(**given: object) -> dict[str, object]:
    return {"title.en": "Asyncio without fear", "kind": "talk", "minutes": "45", "day": "2026-10-08"} | given


def test_long_text_and_subtitle_of_an_imported_talk_can_be_corrected(
    event: Event, editor: Person, client: Client, at: datetime
) -> None:
    talk = write_talk(title={"en": "Asyncio"}, description={"en": "Loong."}, by=SYSTEM, at=at)
    session = add_session(event=event, kind="talk", talk=talk, by=SYSTEM, at=at)
    address = f"/e/{event.slug}/edit/programme/{session.pk}/"
    page = client.get(address).content.decode()
    assert page.index("Loong.") < page.index('class="fold"'), "what is there stands open"
    form = texts_of_a_talk(**{"description.en": "Long.", "subtitle.en": "And without threads"})
    assert client.post(address, form).status_code == 302
    talk.refresh_from_db()
    assert (talk.description, talk.subtitle) == ({"en": "Long."}, {"en": "And without threads"})


def test_bare_title_gets_a_talk_once_somebody_speaks(
    event: Event, editor: Person, client: Client, at: datetime
) -> None:
    session = add_session(event=event, kind="other", title={"en": "Doors open"}, by=SYSTEM, at=at)
    address = f"/e/{event.slug}/edit/programme/{session.pk}/"
    assert client.post(address, texts_of_a_talk(**{"title.en": "Doors", "kind": "other"})).status_code == 302
    session.refresh_from_db()
    assert (session.talk, session.title) == (None, {"en": "Doors"})
    assert client.post(address, texts_of_a_talk(names="Mei Tanaka", **{"title.en": "Welcome"})).status_code == 302
    session.refresh_from_db()
    assert session.talk is not None
    assert [person.name for person in session.talk.speakers.all()] == ["Mei Tanaka"]
    assert (session.title, session.talk.title) == ({}, {"en": "Welcome"})


def test_team_that_may_not_change_a_talk_is_asked_for_nothing_that_would_be_lost(
    event: Event, editor: Person, client: Client, at: datetime
) -> None:
    talk = write_talk(title={"en": "Mine"}, speakers=[PersonFactory()], by=PersonFactory(), at=at, public=True)
    session = add_session(event=event, kind="talk", talk=talk, by=editor, at=at)
    address = f"/e/{event.slug}/edit/programme/{session.pk}/"
    page = client.get(address).content.decode()
    assert 'name="title.en"' in page
    assert [name for name in ("names", "keep", "level", "subtitle.en") if f'name="{name}"' in page] == []
    assert client.post(address, texts_of_a_talk(**{"title.en": "Here"})).status_code == 302
    talk.refresh_from_db()
    session.refresh_from_db()
    assert (talk.title, session.title) == ({"en": "Mine"}, {"en": "Here"})


def test_session_of_no_length_can_be_saved(event: Event, editor: Person, client: Client, at: datetime) -> None:
    session = add_session(event=event, kind="other", title={"en": "Fireworks"}, by=SYSTEM, at=at)
    add_slot(session=session, room=None, starts_at=at, ends_at=at, by=SYSTEM, at=at)
    form = texts_of_a_talk(kind="other", minutes="0", start="20:00", **{"title.en": "Fireworks, later"})
    assert client.post(f"/e/{event.slug}/edit/programme/{session.pk}/", form).status_code == 302
    slot = session.slots.get()
    assert slot.starts_at == slot.ends_at != at


def test_session_that_lost_its_released_place_waits_to_be_placed(
    event: Event, editor: Person, client: Client, at: datetime
) -> None:
    session = add_session(event=event, kind="other", title={"en": "Signing party"}, by=SYSTEM, at=at)
    slot = add_slot(session=session, room=None, starts_at=at, ends_at=at + HOUR, by=SYSTEM, at=at)
    release_schedule(event=event, by=SYSTEM, at=at)
    client.post(f"/e/{event.slug}/edit/programme/slots/{slot.pk}/", {"remove": "1"})
    page = client.get(f"/e/{event.slug}/edit/programme/").content.decode()
    assert "Signing party" in page[page.index('id="tray"') :]
