"""One place for the team: every room of an event, and the sheet with the code."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
import time_machine
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from hallway.kit.visitors import new_visitor
from hallway.sharing.questions import actions, printing
from hallway.sharing.questions.models import MutedAsker, Question
from hallway.sharing.questions.policies import QUESTIONS
from tests.factories import FloorFactory, PersonFactory, QuestionFactory, RoomFactory, SessionFactory, SlotFactory
from tests.sharing.questions.stage import moderator_of, stage, words

pytestmark = pytest.mark.django_db


def test_rooms_lists_each_session_with_its_ways_for_the_team_alone(client: Client) -> None:
    floor, (speaker,) = stage()
    QuestionFactory(floor=floor, state=Question.State.HELD, shown_at=None)
    QuestionFactory(floor=floor)
    hall = RoomFactory(event=floor.event, name="Ballroom")
    address = f"/e/{floor.event.slug}/questions/"
    assert "/accounts/login/" in client.get(address)["Location"]
    for person in (speaker, PersonFactory()):
        client.force_login(person)
        assert client.get(address).status_code == 403
    client.force_login(moderator_of(floor))
    page = words(client.get(address))
    assert "1 asked, 0 answered in the room, 0 later, 1 open" in page
    for part in (f"/q/{floor.code}/room/", f"/q/{floor.code}/wall/", f"/q/{floor.code}/poster/", "1 to let in"):
        assert part in page
    assert f"/wall/{hall.pk}/" in page


def test_rooms_begins_with_what_is_on_and_folds_what_is_over(
    client: Client, at: datetime, on_the_day: time_machine.Coordinates
) -> None:
    now, _speakers = stage()
    hall = RoomFactory(event=now.event, name="Ballroom")
    SlotFactory(session=now.session, room=hall, public_room=hall)
    times = {"over": at - timedelta(hours=3), "long over": at - timedelta(hours=6), "next": at + timedelta(hours=3)}
    for title, begins in times.items():
        session = SessionFactory(event=now.event, talk=None, title={"en": title})
        FloorFactory(session=session, starts_at=begins, ends_at=begins + timedelta(hours=1))
    client.force_login(moderator_of(now))
    page = words(client.get(f"/e/{now.event.slug}/questions/"))
    places = [page.index(part) for part in (f"/q/{now.code}/room/", ">next<", "<details", ">over<", ">long over<")]
    assert places == sorted(places)
    assert page.count("<bdi>Ballroom</bdi>") == 1


def test_rooms_lists_who_is_muted_and_lets_them_ask_again(client: Client, at: datetime) -> None:
    floor, _speakers = stage()
    team, secret = moderator_of(floor), PersonFactory(name="Zyx Secret")
    hidden = actions.ask_question(floor=floor, text="Hidden one?", language="en", by=secret, at=at)
    named = actions.ask_question(
        floor=floor, text="Rude.", language="en", named=True, by=PersonFactory(name="Piet"), at=at
    )
    back = actions.ask_question(floor=floor, text="Taken back.", language="en", by=new_visitor(), at=at)
    for one in (hidden, named, back):
        actions.mute_asker(question=one, by=team, at=at)
    actions.hide_said(said=hidden, by=team, at=at)
    Question.objects.filter(pk=back.pk).update(state=Question.State.WITHDRAWN)
    other = actions.ask_question(floor=stage()[0], text="Elsewhere", language="en", by=PersonFactory(), at=at)
    elsewhere = actions.mute_asker(question=other, by=QUESTIONS, at=at)
    client.force_login(team)
    address = f"/e/{floor.event.slug}/questions/"
    page = words(client.get(address))
    for part in ("Muted at this event", "Hidden one?", "Rude.", "Piet", "Their questions are gone."):
        assert part in page
    assert not any(part in page for part in ("Zyx Secret", "Taken back.", "Elsewhere"))
    assert client.post(address, {"muted": elsewhere.pk}).status_code == 404
    for row in MutedAsker.objects.filter(event=floor.event):
        assert client.post(address, {"muted": row.pk})["Location"] == f"{address}#muted"
    assert list(MutedAsker.objects.filter(lifted_at=None)) == [elsewhere]
    after = words(client.get(address))
    assert "Muted at this event" not in after and "They can ask again from now on." in after


def test_rooms_before_the_release_says_what_comes(client: Client) -> None:
    session = SessionFactory()
    floor = FloorFactory()
    client.force_login(moderator_of(floor))
    floor.delete()
    assert "No session is released yet" in words(client.get(f"/e/{floor.event.slug}/questions/"))
    assert session.pk


@pytest.mark.parametrize("number", [1, 3])
def test_rooms_asks_as_often_for_three_sessions_as_for_one(
    client: Client, number: int, at: datetime, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    floor, _speakers = stage()
    client.force_login(moderator_of(floor))
    for _one in range(number - 1):
        FloorFactory(session=SessionFactory(event=floor.event))
    for _one in range(number):
        question = actions.ask_question(floor=floor, text="Why?", language="en", by=PersonFactory(), at=at)
        actions.mute_asker(question=question, by=QUESTIONS, at=at)
    client.get(f"/e/{floor.event.slug}/questions/")
    with django_assert_num_queries(16):
        client.get(f"/e/{floor.event.slug}/questions/")


@pytest.mark.parametrize(("kind", "begins"), [("svg", b"<svg "), ("png", b"\x89PNG")])
def test_code_is_a_file_for_a_slide_for_everybody(client: Client, kind: str, begins: bytes) -> None:
    floor, (speaker,) = stage()
    answer = client.get(f"/q/{floor.code}/code.{kind}")
    assert (answer.status_code, answer["Content-Type"].partition("/")[0]) == (200, "image")
    assert answer.content.startswith(begins)
    assert answer["Content-Disposition"] == f'attachment; filename="{floor.event.slug}-{floor.code}.{kind}"'
    assert client.get(f"/q/{floor.code.lower()}/code.{kind}")["Location"] == f"/q/{floor.code}/code.{kind}"
    assert client.get(f"/q/ZZZZZZ/code.{kind}").status_code == 404
    client.force_login(speaker)
    assert f"/q/{floor.code}/code.{kind}" in words(client.get(f"/q/{floor.code}/poster/"))
    session = floor.session
    page = words(client.get(f"/e/{floor.event.slug}/sessions/{session.pk}-{session.slug}/"))
    assert f"/q/{floor.code}/code.png" in page


def test_poster_is_a_page_to_print_and_a_pdf(client: Client) -> None:
    floor, (speaker,) = stage()
    client.force_login(speaker)
    page = words(client.get(f"/q/{floor.code}/poster/"))
    assert (floor.code in page, "Ask, or vote" in page, 'class="qr"' in page) == (True, True, True)
    assert ("poster.pdf" in page) == printing.available()
    client.force_login(PersonFactory())
    for name in ("poster/", "poster.pdf"):
        assert client.get(f"/q/{floor.code}/{name}").status_code == 403


@pytest.mark.skipif(not printing.available(), reason="typst is not installed")
def test_poster_pdf_is_one_tagged_page(client: Client) -> None:
    floor, (speaker,) = stage()
    client.force_login(speaker)
    answer = client.get(f"/q/{floor.code}/poster.pdf?lang=fr")
    assert (answer["Content-Type"], answer.content[:5]) == ("application/pdf", b"%PDF-")
    assert f"{floor.event.slug}-{floor.code}.pdf" in answer["Content-Disposition"]
