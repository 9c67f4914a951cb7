from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client

from hallway.kit.visitors import COOKIE
from hallway.sharing.feedback.models import Card, CardGroup, Feedback
from tests.factories import NOW, PersonFactory, SessionFactory
from tests.factories.feedback import CardFactory, FeedbackFactory

from ..conftest import Room

pytestmark = pytest.mark.django_db
WEEKS = timedelta(days=21)


@pytest.fixture(autouse=True)
def clock() -> Any:
    with time_machine.travel(NOW, tick=False) as moved:
        yield moved


def page(client: Client) -> str:
    return client.get("/said/").content.decode()


def test_nothing_said_shows_where_one_says_it(client: Client) -> None:
    told = page(client)
    assert "Nothing yet" in told and "/talks/" in told and COOKIE not in client.cookies
    client.force_login(PersonFactory())
    assert "Nothing yet" in page(client)


def test_what_was_said_weeks_ago_is_found_and_taken_back(room: Room, client: Client, clock: Any) -> None:
    person = PersonFactory()
    client.force_login(person)
    said = FeedbackFactory(session=room.session, writer=person, text="Half of it", words=["clear"], state="released")
    card = CardFactory(session=room.session, writer=person, text="It stops")
    other = FeedbackFactory(session=room.session, text="Of somebody else")
    clock.move_to(NOW + WEEKS)
    me = client.get("/me/").content.decode()
    assert "/said/" in me
    told = page(client)
    assert "Half of it" in told and "clear" in told and "It stops" in told and "Of somebody else" not in told
    assert "It is with the speaker" in told and "Change it" not in told
    link = told.partition('href="/cards/')[2].partition('"')[0]
    assert "It stops" in client.get(f"/cards/{link}").content.decode()
    gone = client.post("/said/", {"feedback": said.pk}, follow=True).content.decode()
    assert "You took your feedback back" in gone and "Half of it" not in gone
    client.post("/said/", {"card": card.pk})
    assert not Card.objects.exists() and Feedback.objects.get() == other
    for what in ({"feedback": other.pk}, {"feedback": "x"}, {}):
        assert "not there any more" in client.post("/said/", what, follow=True).content.decode()
    assert Feedback.objects.exists()
    assert "/said/" not in client.get("/me/").content.decode()


def test_a_device_finds_what_it_said_also_once_somebody_signs_in_on_it(room: Room, client: Client, clock: Any) -> None:
    give = f"/e/{room.session.event.slug}/sessions/{room.session.pk}/feedback/"
    client.post(give, {"text": "From the phone"})
    told = page(client)
    assert "From the phone" in told and "It waits for the team" in told and give in told
    assert "From the phone" not in page(Client())
    assert "/said/" in client.get(give).content.decode()
    client.force_login(PersonFactory())
    told = page(client)
    assert "From the phone" in told and give not in told, "there one acts as the person"
    assert "/said/" in client.get("/me/").content.decode()
    clock.move_to(NOW + WEEKS)
    client.post("/said/", {"feedback": Feedback.objects.get().pk})
    assert not Feedback.objects.exists()


def test_each_piece_says_what_became_of_it(client: Client) -> None:
    person = PersonFactory()
    client.force_login(person)
    states: list[tuple[dict[str, Any], str]] = [
        ({"state": "refused", "reason": "No insults", "decided_at": NOW}, "No insults"),
        ({"state": "released", "may_publish": True, "published_at": NOW}, "without your name"),
        ({"state": "words", "text": ""}, "counted with those of others"),
        ({"state": "words", "text": "", "words": []}, "do not keep the text"),
        ({"hidden_at": NOW}, "A moderator hid it"),
    ]
    for fields, _words in states:
        FeedbackFactory(writer=person, **fields)
    CardFactory(writer=person, session=None, talk=None), CardFactory(writer=person, hidden_at=NOW)
    for field in ("answered_at", "fixed_at"):
        group = CardFactory(writer=person).group
        CardGroup.objects.filter(pk=group.pk).update(**{"answer": "Yes", "answered_at": NOW} | {field: NOW})
    told = page(client)
    for _fields, words in states:
        assert words in told
    for words in ("There is no answer yet", "nobody else reads it", "The makers answered", "say it is fixed"):
        assert words in told
    assert "Change it" in told and told.count("Read why") == 1


def test_a_session_nobody_may_open_leads_nowhere(client: Client) -> None:
    person = PersonFactory()
    client.force_login(person)
    said = FeedbackFactory(writer=person, session=SessionFactory(hidden_at=NOW))
    told = page(client)
    assert "Change it" not in told
    client.post("/said/", {"feedback": said.pk})
    assert not Feedback.objects.exists()


@pytest.mark.parametrize("number", [1, 3])
def test_the_list_reads_a_fixed_number_of_rows(number: int, client: Client, django_assert_num_queries: Any) -> None:
    person = PersonFactory()
    for _ in range(number):
        FeedbackFactory(writer=person), CardFactory(writer=person)
    client.force_login(person)
    client.get("/said/")
    with django_assert_num_queries(8):
        assert client.get("/said/").status_code == 200


def test_many_pieces_are_parted_in_pages(client: Client) -> None:
    person = PersonFactory()
    for number in range(21):
        CardFactory(writer=person, text=f"Card {number:02}", written_at=NOW - timedelta(hours=number))
    client.force_login(person)
    assert "Card 20" not in page(client)
    assert "Card 20" in client.get("/said/?page=2").content.decode()
