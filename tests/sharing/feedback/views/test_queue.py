from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client

from hallway.sharing.feedback.models import Feedback
from tests.factories import TeamRoleFactory
from tests.factories.feedback import FeedbackFactory

from ..conftest import Room

pytestmark = pytest.mark.django_db


@pytest.fixture
def team(room: Room, client: Client) -> Client:
    client.force_login(room.organiser)
    return client


def page(room: Room) -> str:
    return f"/e/{room.session.event.slug}/feedback/"


def test_release_all_that_was_shown(room: Room, team: Client) -> None:
    texts = [FeedbackFactory(session=room.session) for _ in range(2)]
    told = team.get(page(room)).content.decode()
    assert all(f'value="{one.pk}.1"' in told for one in texts)
    late = FeedbackFactory(session=room.session)
    answer = team.post(page(room), {"do": "release", "read": [f"{one.pk}.1" for one in texts]}, follow=True)
    assert "2 texts are with their speakers" in answer.content.decode()
    assert Feedback.objects.get(state="held") == late


def test_all_at_once_is_offered_below_what_is_to_be_read(room: Room, team: Client) -> None:
    one = FeedbackFactory(session=room.session)
    assert "Let all" not in team.get(page(room)).content.decode(), "one has its own button"
    FeedbackFactory(session=room.session)
    told = team.get(page(room)).content.decode()
    assert told.index(f'id="text-{one.pk}"') < told.index("Let all 2 through")
    assert "button primary" not in told and "Feedback to read first" in told


def test_release_of_what_changed_says_so(room: Room, team: Client) -> None:
    one = FeedbackFactory(session=room.session, revision=2)
    answer = team.post(page(room), {"do": "release", "read": [f"{one.pk}.1"]}, follow=True)
    assert "changed by its writer" in answer.content.decode()


def test_refuse_with_a_reason(room: Room, team: Client) -> None:
    one = FeedbackFactory(session=room.session)
    without = team.post(page(room), {"do": "refuse", "read": f"{one.pk}.1"})
    assert without.status_code == 400 and "Say why in a sentence" in without.content.decode()
    # What is wrong may stand below many texts: the page opens there.
    assert re.search(rf'id="reason-{one.pk}"[^>]*aria-invalid="true" autofocus', without.content.decode())
    stale = team.post(page(room), {"do": "refuse", "read": f"{one.pk}.9", "reason": "No"}, follow=True)
    assert "Read it again" in stale.content.decode()
    answer = team.post(page(room), {"do": "refuse", "read": f"{one.pk}.1", "reason": "No insults"}, follow=True)
    assert "Its writer reads why" in answer.content.decode()
    again = team.post(page(room), {"do": "refuse", "read": f"{one.pk}.1", "reason": "No"}, follow=True)
    assert "decided about this text" in again.content.decode()
    assert Feedback.objects.get().reason == "No insults"


@pytest.mark.parametrize("read", ["", "x", "1", "1.", "9" * 30 + ".1", "-1.1", "1.1; drop"])
def test_forged_ids_do_nothing(read: str, room: Room, team: Client) -> None:
    FeedbackFactory()
    assert team.post(page(room), {"do": "release", "read": read}).status_code == 302
    assert team.post(page(room), {"do": "refuse", "read": read, "reason": "x"}).status_code == 302
    assert Feedback.objects.get().state == "held"


def test_a_speaker_in_the_team_sees_that_something_waits_and_not_what(room: Room, client: Client) -> None:
    one = FeedbackFactory(session=room.session, text="Unread words")
    TeamRoleFactory(community=room.session.event.community, person=room.speaker)
    client.force_login(room.speaker)
    told = client.get(page(room)).content.decode()
    assert "Unread words" not in told and "somebody else decides" in told
    for data in ({"do": "release", "read": f"{one.pk}.1"}, {"do": "refuse", "read": f"{one.pk}.1", "reason": "x"}):
        client.post(page(room), data)
    assert Feedback.objects.get().state == "held"


@pytest.mark.parametrize("rows", [1, 3])
def test_queue_asks_as_often_for_one_text_as_for_three(
    rows: int, room: Room, team: Client, django_assert_num_queries: Any
) -> None:
    for _ in range(rows):
        FeedbackFactory(session=room.session, named=True)
    team.get(page(room))
    with django_assert_num_queries(12):
        assert team.get(page(room)).status_code == 200
