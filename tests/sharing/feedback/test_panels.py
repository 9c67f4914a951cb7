from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client, RequestFactory

from hallway.kit.panels import fill
from hallway.kit.store import STORE_HEADER, UNTIL_HEADER
from hallway.sharing.feedback import panels
from hallway.sharing.feedback.models import Feedback
from tests.factories import (
    NOW,
    EventFactory,
    PersonFactory,
    SessionFactory,
    SlotFactory,
    SpeakingFactory,
    TeamRoleFactory,
)
from tests.factories.feedback import CardFactory, FeedbackFactory, MakerFactory

from .conftest import Room

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def clock() -> Any:
    with time_machine.travel(NOW, tick=False) as moved:
        yield moved


def session_page(room: Room) -> str:
    return f"/e/{room.session.event.slug}/sessions/{room.session.pk}-{room.session.slug}/"


def shown(place: str, thing: Any, reader: Any = None) -> str:
    return "".join(fill(place, thing, reader=reader, request=RequestFactory().get("/")))


def test_session_page_offers_it_at_the_right_time(room: Room, client: Client, clock: Any) -> None:
    give = f"/e/{room.session.event.slug}/sessions/{room.session.pk}/feedback/"
    opens = NOW - timedelta(minutes=20)
    for when, offered, words in (
        (opens - timedelta(hours=2), False, "opens while the session is on"),
        (opens, True, "Feedback to the speaker"),
        (NOW + timedelta(days=13), True, "Feedback to the speaker"),
        (NOW + timedelta(days=15), False, "was open until"),
    ):
        clock.move_to(when)
        told = client.get(session_page(room)).content.decode()
        assert (give in told, words in told) == (offered, True), when
        assert ("/said/" in told) is (when >= opens), "what was said is found again, also once it is closed"
    clock.move_to(opens - timedelta(hours=2))
    answer = client.get(session_page(room))
    assert f"feedback:{room.session.talk_id}" in answer[STORE_HEADER]
    assert int(answer[UNTIL_HEADER]) <= int(opens.timestamp())


def test_session_page_shows_cards_and_published_pieces(room: Room, client: Client) -> None:
    FeedbackFactory(session=room.session, state="released", text="Worth it", may_publish=True, published_at=NOW)
    FeedbackFactory(session=room.session, state="released", text="Private words", may_publish=True)
    card = CardFactory(session=room.session, text="It stops")
    told = client.get(session_page(room)).content.decode()
    assert "Worth it" in told and "Private words" not in told and "It stops" in told and card.product.name in told


def test_a_piece_shows_where_the_talk_is_given_elsewhere(room: Room, client: Client) -> None:
    FeedbackFactory(session=room.session, state="released", text="Worth it", may_publish=True, published_at=NOW)
    again = SessionFactory(talk=room.session.talk)
    SlotFactory(session=again)
    assert "Worth it" in client.get(f"/e/{again.event.slug}/sessions/{again.pk}-{again.slug}/").content.decode()
    assert "Worth it" in client.get(f"/talks/{room.session.talk_id}/").content.decode()


def test_nothing_on_breaks_cancelled_events_and_where_it_is_asked_elsewhere(room: Room, client: Client) -> None:
    room.session.feedback_url = "https://feedback.example/"
    room.session.save()
    told = client.get(session_page(room)).content.decode()
    assert "Feedback to the speaker" not in told and "https://feedback.example/" in told
    room.session.event.state = "cancelled"
    assert panels.said_about_a_session(room.session) == ""
    pause = SessionFactory(talk=None, kind="break")
    assert panels.said_about_a_session(pause) == ""
    loose = SessionFactory(talk=None)
    assert panels.said_about_a_session(loose).strip() == ""


def test_speakers_see_what_was_said_before_and_nobody_else_does(room: Room, client: Client) -> None:
    FeedbackFactory(session=room.session, state="released", text="Said in spring")
    again = SessionFactory(talk=room.session.talk)
    assert "Said in spring" in shown("session_page.side", again, room.speaker)
    assert "Said in spring" not in shown("session_page.side", room.session, room.speaker)
    assert "Said in spring" not in shown("session_page.side", again, PersonFactory())
    client.force_login(room.speaker)
    assert "What was said about my talk" in client.get(session_page(room)).content.decode()


def test_talk_page_is_silent_without_pieces(room: Room) -> None:
    assert room.session.talk and panels.said_about_a_talk(room.session.talk) == ""


@pytest.mark.parametrize(
    ("when", "says"), [(-2, False), (0, True), (24 * 13, True), (24 * 20, False)], ids=["before", "on", "after", "over"]
)
def test_event_page_offers_its_talks(when: int, says: bool, room: Room, clock: Any) -> None:
    clock.move_to(NOW + timedelta(hours=when))
    assert ("How was it?" in shown("event_about.below", room.session.event)) is says


def test_event_page_is_silent_where_there_is_nothing_to_say(room: Room) -> None:
    room.session.feedback_url = "https://feedback.example/"
    room.session.save()
    assert shown("event_about.below", room.session.event).find("How was it?") == -1
    assert "How was it?" not in shown(
        "event_about.below", EventFactory(starts_at=None, ends_at=None, state="date_open")
    )


def test_event_page_does_not_offer_what_has_just_begun(room: Room, clock: Any) -> None:
    clock.move_to(NOW - timedelta(minutes=25))
    assert "How was it?" not in shown("event_about.below", room.session.event)


def test_hallway_shows_figures_from_five_on_and_tools(room: Room, clock: Any) -> None:
    event = room.session.event
    for _ in range(4):
        FeedbackFactory(session=room.session)
    assert "gave feedback" not in shown("hallway_page.below", event)
    FeedbackFactory(session=room.session)
    CardFactory(session=room.session, text="It stops")
    told = shown("hallway_page.below", event)
    assert "5 people gave feedback" in told and "It stops" in told and 'href="/products/"' in told
    Feedback.objects.all().delete()
    clock.move_to(NOW + timedelta(days=30))
    assert "To the speakers" not in shown("hallway_page.below", event)
    assert "gave feedback" not in shown("hallway_page.below", EventFactory())


def test_team_sees_how_many_wait_and_a_speaker_only_of_others(room: Room) -> None:
    event = room.session.event
    TeamRoleFactory(community=event.community, person=room.speaker)
    assert "wait" not in shown("event_about.team", event, room.organiser)
    FeedbackFactory(session=room.session)
    assert "1 text to a speaker waits" in shown("event_about.team", event, room.organiser)
    assert "waits" not in shown("event_about.team", event, room.speaker)
    assert "waits" not in shown("event_about.team", event, PersonFactory())
    assert "waits" not in shown("event_about.team", event)


def test_own_page_has_the_ways(room: Room) -> None:
    assert "/me/feedback/" in shown("me.links", room.speaker)
    nobody = PersonFactory()
    assert "/me/feedback/" not in shown("me.links", nobody) and "/said/" not in shown("me.links", nobody)
    FeedbackFactory(writer=nobody)
    assert "/said/" in shown("me.links", nobody)
    maker = MakerFactory(person=nobody)
    assert maker.product.name in shown("me.links", nobody)
    administrator = PersonFactory(is_administrator=True)
    assert "/makers/proofs/" not in shown("me.links", administrator)
    MakerFactory(how="file", proved_at=None, placed_at=NOW)
    assert "/makers/proofs/" in shown("me.links", administrator)


def test_the_list_of_talks_leads_to_the_tools_once_there_is_one(client: Client) -> None:
    answer = client.get("/talks/")
    assert "/products/" not in answer.content.decode() and "products" in answer[STORE_HEADER]
    card = CardFactory()
    assert 'href="/products/"' in client.get("/talks/").content.decode()
    told = client.get("/products/").content.decode()
    assert card.product.name in told and "Do you make one of them?" in told


def test_speaking_twice_is_one_talk(room: Room) -> None:
    SpeakingFactory(talk=room.session.talk)
    SlotFactory(session=room.session, starts_at=NOW - timedelta(hours=3), ends_at=NOW - timedelta(hours=2))
    told = shown("event_about.below", room.session.event)
    assert told.count(f"/sessions/{room.session.pk}/feedback/") == 1
