"""What pages say of sessions one registers for, and the page on which organisers give them seats."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
import time_machine
from django.test import Client

from hallway.gathering.attendance import actions as attendance
from hallway.gathering.attendance.models import Registration
from hallway.kit.store import STORE_HEADER, UNTIL_HEADER
from hallway.programme.schedule.actions import (
    add_session,
    add_slot,
    give_session_seats,
    release_schedule,
    take_seats_from_session,
)
from hallway.programme.schedule.models import Slot
from tests.factories import AdmissionFactory, EventFactory, SessionFactory, TeamRoleFactory
from tests.programme.schedule.workshops import HOUR, SYSTEM, again, come, draft, list_of, released

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def now(at: datetime) -> object:
    with time_machine.travel(at, tick=False):
        yield at


@pytest.mark.parametrize("people", [1, 3])
def test_session_page_asks_one_query_for_seats_and_none_without(
    people: int, client: Client, at: datetime, django_assert_num_queries: Callable[..., object]
) -> None:
    session, plain = released(at), released(at, seats=None, event=EventFactory(slug="other"))
    rows = come(session, at, people)
    address = "/e/{}/sessions/{}-{}/"
    client.get("/e/none/")
    counted = []
    for one in (plain, session):
        page = address.format(one.event.slug, one.pk, one.slug)
        with django_assert_num_queries(14 if one is plain else 15):
            counted.append(client.get(page))
    assert f"seats:{session.event_id}" in counted[1][STORE_HEADER].split()
    assert "seats:" not in counted[0][STORE_HEADER]
    client.force_login(rows[0].person)
    assert client.get(address.format("conf", session.pk, session.slug)).status_code == 200


def test_session_page_has_the_button_the_state_and_the_end(client: Client, at: datetime) -> None:
    session = released(at, seats=1)
    page = f"/e/conf/sessions/{session.pk}-{session.slug}/"
    button = f'href="/e/conf/register/{list_of(session).pk}/"'
    assert button in client.get(page).content.decode()
    going, waiting = come(session, at, 2)
    text = client.get(page).content.decode()
    assert button in text
    assert "Put me in line" in text
    assert "1 person is in line." in text
    client.force_login(going.person)
    text = client.get(page).content.decode()
    assert "You are going." in text
    assert button not in text
    client.force_login(waiting.person)
    assert "You are next in line." in client.get(page).content.decode()
    client.logout()
    closes = at + timedelta(days=1)
    attendance.change_admission(admission=list_of(session), changes={"closes_at": closes}, by=SYSTEM, at=at)
    assert int(client.get(page)[UNTIL_HEADER]) == int(closes.timestamp())
    with time_machine.travel(closes, tick=False):
        text = client.get(page).content.decode()
    assert "Registration closed." in text
    assert button not in text
    with time_machine.travel(at + timedelta(days=6), tick=False):
        assert "Seats of its own" not in client.get(page).content.decode()


@pytest.mark.parametrize(("language", "words"), [("en", "own seats"), ("fr", "sur inscription")])
def test_schedule_names_sessions_with_seats_of_their_own_without_numbers(
    language: str, words: str, client: Client, at: datetime
) -> None:
    session = released(at, seats=12)
    released(at, seats=None, event=session.event)
    page = client.get("/e/conf/schedule/", {"lang": language})
    assert page.content.decode().count(words) == 1
    assert "seats:" not in page[STORE_HEADER]
    take_seats_from_session(session=session, by=SYSTEM, at=at)
    assert words not in client.get("/e/conf/schedule/", {"lang": language}).content.decode()


def test_organiser_gives_changes_and_takes_away_seats_on_the_page(client: Client, at: datetime) -> None:
    session = released(at, seats=None)
    client.force_login(TeamRoleFactory(community=session.event.community).person)
    form, page = f"/e/conf/edit/programme/{session.pk}/", f"/e/conf/edit/programme/{session.pk}/seats/"
    assert f'href="{page}"' in client.get(form).content.decode()
    assert "Give it seats of its own" in client.get(page).content.decode()
    assert client.post(page, {"seats": "20"}).status_code == 302
    come(session, at, 1)
    for address in (form, page):
        assert "20 seats, 19 left" in client.get(address).content.decode()
    answer = client.post(page, {"remove": "1"}, headers={"referer": f"http://testserver{page}"}, follow=True)
    assert "People registered for this." in answer.content.decode()
    client.post(page, {"seats": "1"})
    come(session, at, 2)
    assert "1 seat, none left, 2 in line" in client.get(form).content.decode()
    for row in Registration.objects.all():
        attendance.give_up_seat(registration=row, by=row.person, at=at)
    client.post(page, {"remove": "1"})
    assert again(session).admission is None


def test_page_of_seats_says_what_is_special(client: Client, at: datetime) -> None:
    session = released(at, seats=2)
    come(session, at, 2)
    client.force_login(TeamRoleFactory(community=session.event.community).person)
    page = f"/e/conf/edit/programme/{session.pk}/seats/"
    client.post(page, {"seats": "1"})
    assert "More people have a seat than there are." in client.get(page).content.decode()
    slot: Slot = session.slots.get()
    add_slot(session=session, room=None, starts_at=slot.ends_at, ends_at=slot.ends_at + HOUR, by=SYSTEM, at=at)
    assert "This session has several times." in client.get(page).content.decode()
    assert client.post(page, {"seats": "0"}).status_code == 200
    pause = SessionFactory(event=session.event, kind="break", talk=None, title={"en": "Lunch"})
    answer = client.post(f"/e/conf/edit/programme/{pause.pk}/seats/", {"seats": "4"})
    assert "Nobody registers for a break." in answer.content.decode()
    unseen = add_session(event=session.event, kind="workshop", title={"en": "Later"}, by=SYSTEM, at=at)
    page = f"/e/conf/edit/programme/{unseen.pk}/seats/"
    client.post(page, {"seats": "4"})
    assert "Nobody can register yet." in client.get(page).content.decode()


def test_editor_reads_the_seats_but_cannot_change_them(client: Client, at: datetime) -> None:
    session = released(at, seats=2)
    client.force_login(TeamRoleFactory(community=session.event.community, role="editor").person)
    page = f"/e/conf/edit/programme/{session.pk}/"
    text = client.get(page).content.decode()
    assert "2 seats, 2 left" in text
    assert f"{page}seats/" not in text
    assert client.get(f"{page}seats/").status_code == 403


def test_unreleased_workshops_show_on_no_page_of_the_event(client: Client, at: datetime) -> None:
    session = draft(at)
    admission = give_session_seats(session=session, seats=4, by=SYSTEM, at=at)
    assert "Soldering" not in client.get("/e/conf/").content.decode()
    assert client.get(f"/e/conf/register/{admission.pk}/").status_code == 404
    release_schedule(event=session.event, by=SYSTEM, at=at)
    assert "Soldering" in client.get("/e/conf/").content.decode()
    assert client.get(f"/e/conf/register/{admission.pk}/").status_code == 200


def test_team_reads_on_the_list_that_a_workshop_is_not_in_the_programme(client: Client, at: datetime) -> None:
    session = draft(at)
    admission = give_session_seats(session=session, seats=4, by=SYSTEM, at=at)
    client.force_login(TeamRoleFactory(community=session.event.community).person)
    AdmissionFactory(event=session.event)
    page = f"/e/conf/registrations/?list={admission.pk}"
    words = "Not in the programme: nobody can register until a release holds this session."
    assert words in client.get(page).content.decode()
    release_schedule(event=session.event, by=SYSTEM, at=at)
    text = client.get(page).content.decode()
    assert words not in text
    assert "Registration is open." in text
