"""Asking on the page of a session."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from hallway.kit.store import STORE_HEADER, UNTIL_HEADER
from hallway.programme.schedule.models import Session
from hallway.sharing.questions.models import Floor
from tests.factories import PersonFactory, QuestionFactory, SessionFactory, TalkFactory

from ..views.room import floor_of, words

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("on_the_day")]


def page_of(floor: Floor) -> str:
    return f"/e/{floor.event.slug}/sessions/{floor.session_id}-{floor.session.slug}/"


def test_session_page_has_the_field_the_questions_and_the_code(client: Client) -> None:
    question = QuestionFactory(floor=floor_of())
    page = words(client.get(page_of(question.floor)))
    assert page.count("<textarea") >= 1
    assert f'action="/q/{question.floor.code}/"' in page
    assert question.text in page
    assert "Ask from your phone" in page
    assert question.floor.code in page
    assert page.count("button primary") == 1, "one thing to press first"


def test_session_page_is_stored_and_made_old_by_its_floor(client: Client, at: datetime) -> None:
    floor = floor_of()
    page = client.get(page_of(floor))
    assert f"floor:{floor.pk}" in page[STORE_HEADER].split()
    assert int(page[UNTIL_HEADER]) <= int((at + timedelta(seconds=10)).timestamp())
    assert page.cookies == {}


def test_signed_in_reader_sees_what_is_their_own(client: Client) -> None:
    floor, person = floor_of(), PersonFactory(name="Ama Boateng")
    client.force_login(person)
    assert "With my name, Ama Boateng" in words(client.get(page_of(floor)))
    client.post(f"/q/{floor.code}/", {"text": "Mine?"}, headers={"Sec-Fetch-Site": "same-origin"})
    assert "What you asked" in words(client.get(page_of(floor)))


def test_session_without_floor_and_break_say_nothing(client: Client) -> None:
    session = SessionFactory(talk=TalkFactory())
    page = words(client.get(f"/e/{session.event.slug}/sessions/{session.pk}-{session.slug}/"))
    assert "data-floor" not in page
    floor = floor_of()
    Session.objects.filter(pk=floor.session_id).update(kind=Session.Kind.BREAK, talk=None, title={"en": "Lunch"})
    assert "data-floor" not in words(client.get(page_of(floor)))


def test_event_page_says_nothing_of_questions(client: Client) -> None:
    floor = floor_of()
    assert "Ask the room" not in words(client.get(f"/e/{floor.event.slug}/"))


def test_many_questions_lead_on_to_all_of_them(client: Client) -> None:
    floor = floor_of()
    QuestionFactory.create_batch(31, floor=floor)
    page = words(client.get(page_of(floor)))
    assert "See all 31 questions" in page
    assert len(re.findall('<article class="question"', page)) == 30


def test_open_questions_of_another_occasion_are_listed_with_where_they_come_from(client: Client, at: datetime) -> None:
    talk = TalkFactory()
    before = floor_of(talk, starts_at=at - timedelta(days=9), ends_at=at - timedelta(days=9))
    question = QuestionFactory(floor=before, text="Still open?")
    page = words(client.get(page_of(floor_of(talk))))
    assert "Still open from other times this talk was given" in page
    assert f'href="/q/{before.code}/{question.pk}/"' in page
    assert f"From {before.event.title['en']} · " in page
    assert "29 September 2026" in page[page.index("Still open from") :]


@pytest.mark.parametrize("number", [1, 3])
def test_panel_asks_once_more_however_many_questions(
    number: int, client: Client, figure: Callable[[str], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    floor = floor_of()
    QuestionFactory.create_batch(number, floor=floor)
    client.get(page_of(floor))

    def asked() -> int:
        with CaptureQueriesContext(connection) as done:
            client.get(page_of(floor))
        return len([one for one in done.captured_queries if "questions_" in one["sql"]])

    assert asked() == 1
    started = time.process_time()
    for _time in range(20):
        client.get(page_of(floor))
    spent = (time.process_time() - started) / 20 * 1000
    figure(f"questions: session page with {number} questions built in {spent:.1f} ms of CPU, one query for them")


def test_room_page_is_built_quickly(client: Client, figure: Callable[[str], None]) -> None:
    floor = floor_of()
    QuestionFactory.create_batch(40, floor=floor)
    client.get(f"/q/{floor.code}/")
    started = time.process_time()
    for _time in range(20):
        client.get(f"/q/{floor.code}/")
    spent = (time.process_time() - started) / 20 * 1000
    figure(f"questions: room page with 40 questions built in {spent:.1f} ms of CPU, 3 queries")
    send: Any = {"headers": {"Sec-Fetch-Site": "same-origin"}}
    started = time.process_time()
    for number in range(20):
        Client(REMOTE_ADDR=f"192.0.2.{number}").post(f"/q/{floor.code}/", {"text": f"Number {number}"}, **send)
    spent = (time.process_time() - started) / 20 * 1000
    figure(f"questions: a question asked in {spent:.1f} ms of CPU")
    assert floor.questions.count() == 60
