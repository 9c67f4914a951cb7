from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client

from hallway.kit.visitors import COOKIE
from hallway.sharing.feedback.actions import refuse_feedback
from hallway.sharing.feedback.models import Feedback
from tests.factories import NOW, PersonFactory
from tests.factories.feedback import FeedbackFactory

from ..conftest import Room

pytestmark = pytest.mark.django_db


def page(room: Room) -> str:
    return f"/e/{room.session.event.slug}/sessions/{room.session.pk}/feedback/"


@pytest.fixture(autouse=True)
def clock() -> Any:
    with time_machine.travel(NOW, tick=False) as moved:
        yield moved


def test_a_device_gives_changes_and_takes_back(room: Room, client: Client, clock: Any) -> None:
    first = client.get(page(room)).content.decode()
    assert room.speaker.name in first and "named" not in first
    assert COOKIE not in client.cookies, "reading sets no cookie"
    answer = client.post(page(room), {"words": ["clear", "pace"], "text": "  Bravo\u202e  ", "may_publish": "on"})
    assert answer.status_code == 302 and COOKIE in client.cookies
    said = Feedback.objects.get()
    assert (said.words, said.text, said.may_publish) == (["clear", "pace"], "Bravo", True)
    thanks = client.get(answer["Location"]).content.decode()
    assert "Thank you" in thanks and "Bravo" in thanks and "The team reads your text first" in thanks
    client.post(page(room), {"words": ["joy"], "text": "Bravo"})
    assert Feedback.objects.get().words == ["joy"]
    clock.move_to(NOW + timedelta(days=3))
    late = client.get(page(room)).content.decode()
    assert "What you said" in late and "<textarea" not in late
    assert client.post(page(room), {"words": ["clear"], "text": "x"}).status_code == 409
    client.post(page(room), {"do": "take_back"})
    assert not Feedback.objects.exists()


def test_another_device_sees_nothing_of_it(room: Room) -> None:
    one, other = Client(), Client()
    one.post(page(room), {"text": "Mine alone"})
    assert "Mine alone" in one.get(page(room)).content.decode()
    assert "Mine alone" not in other.get(page(room)).content.decode()
    other.post(page(room), {"do": "take_back"})
    assert Feedback.objects.count() == 1


def test_a_forged_device_is_a_new_one(room: Room, client: Client) -> None:
    FeedbackFactory(session=room.session, writer=None, writer_key="visitor:1")
    client.cookies[COOKIE] = "visitor:1"
    assert "Take my feedback back" not in client.get(page(room)).content.decode()


def test_a_person_may_be_named(room: Room, client: Client) -> None:
    person = PersonFactory()
    client.force_login(person)
    assert f"my name: {person.name}" in client.get(page(room)).content.decode()
    client.post(page(room), {"text": "Thanks", "named": "on"})
    said = Feedback.objects.get()
    assert (said.writer, said.named) == (person, True)
    assert COOKIE not in client.cookies


def test_what_was_typed_is_kept_when_it_cannot_be_taken(room: Room, client: Client) -> None:
    answer = client.post(page(room), {"words": ["clear", "pace", "joy", "honest", "answers", "slides"], "text": "Kept"})
    told = answer.content.decode()
    assert answer.status_code == 409
    assert "Choose 5 words at most" in told and "Kept" in told and told.count(" checked") == 6
    assert client.post(page(room), {}).status_code == 409
    assert client.post(page(room), {"words": ["nonsense"]}).status_code == 200
    too_long = client.post(page(room), {"text": "x" * 2_001})
    assert "too long" in too_long.content.decode() and not Feedback.objects.exists()


@pytest.mark.parametrize(
    ("when", "words"),
    [(-timedelta(days=1), "Not yet"), (timedelta(days=20), "It is closed")],
)
def test_before_and_after_it_says_when(when: timedelta, words: str, room: Room, client: Client, clock: Any) -> None:
    clock.move_to(NOW + when)
    told = client.get(page(room)).content.decode()
    assert words in told and "<textarea" not in told


def test_it_says_why_nothing_is_taken(room: Room, client: Client) -> None:
    client.force_login(room.speaker)
    assert "your own talk" in client.get(page(room)).content.decode()
    client.logout()
    room.session.feedback_url = "https://feedback.example/form"
    room.session.save()
    assert "https://feedback.example/form" in client.get(page(room)).content.decode()


def test_refused_text_says_why(room: Room, client: Client) -> None:
    person = PersonFactory()
    FeedbackFactory(session=room.session, writer=person, state="refused", reason="No insults, please", text="Bad")
    client.force_login(person)
    told = client.get(page(room)).content.decode()
    assert "No insults, please" in told and "Write it in another way" in told


def test_refused_text_is_written_anew_days_later(room: Room, client: Client, clock: Any) -> None:
    client.post(page(room), {"text": "Idiot."})
    said = Feedback.objects.get()
    told = client.get(f"{page(room)}?done=1").content.decode()
    assert "this page says why" in told and "you get a mail" not in told
    refuse_feedback(feedback=said, revision=1, reason="No insults", by=room.organiser, at=NOW + timedelta(days=3))
    clock.move_to(NOW + timedelta(days=16))
    told = client.get(page(room)).content.decode()
    assert "No insults" in told and "Write it in another way" in told and "<textarea" in told
    assert client.post(page(room), {"text": "Too fast for me."}).status_code == 302
    assert Feedback.objects.get().state == "held"
    Feedback.objects.update(state="refused", reason="No", decided_at=NOW)
    clock.move_to(NOW + timedelta(days=20))
    late = client.get(page(room)).content.decode()
    assert "The speaker did not get it" in late and "Take my feedback back" in late and "<textarea" not in late


def test_hostile_text_is_text(room: Room, client: Client) -> None:
    client.post(page(room), {"text": "<script>alert(1)</script> [x](javascript:alert(1))"})
    told = client.get(page(room)).content.decode()
    assert "<script>alert" not in told and "&lt;script&gt;" in told


def test_other_peoples_sessions_are_not_there(room: Room, client: Client) -> None:
    assert client.get(f"/e/{room.session.event.slug}/sessions/999/feedback/").status_code == 404
    room.session.public_at = None
    room.session.save()
    assert client.get(page(room)).status_code == 404
