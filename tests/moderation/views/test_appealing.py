"""The page behind the link of a mail about a decision."""

from __future__ import annotations

from datetime import datetime

import pytest
from django.test import Client

from hallway.kit.links import token_of
from hallway.moderation.actions import answer_appeal
from hallway.moderation.models import Appeal, Decision
from hallway.moderation.queries import APPEAL
from tests.factories import PersonFactory
from tests.moderation.matters import WHY, appealed, team_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]


def page(decision: Decision) -> str:
    return f"/appeals/{token_of(APPEAL, decision.pk, decision.nonce)}/"


def test_link_shows_the_reason_and_takes_one_appeal(client: Client, decided: Decision) -> None:
    said = client.get(page(decided)).content.decode()
    assert WHY in said and "You read, and write nothing: Savanna Conf." in said and "It was hidden" in said
    assert "Say in a few words" in client.post(page(decided), {"text": " "}).content.decode()
    client.post(page(decided), {"text": "<b>I</b> did not."})
    client.post(page(decided), {"text": "Again"})
    assert Appeal.objects.get().text == "<b>I</b> did not."
    said = client.get(page(decided)).content.decode()
    assert "&lt;b&gt;I&lt;/b&gt; did not." in said and 'name="text"' not in said


def test_link_works_for_whoever_is_signed_in(decided: Decision) -> None:
    client = Client()
    client.force_login(PersonFactory())
    assert client.post(page(decided), {"text": "I did not."}).status_code == 302


def test_answer_is_shown(client: Client, decided: Decision, now: datetime) -> None:
    appeal, second = appealed(decided, now), team_of(decided.case)[1]
    answer_appeal(appeal=appeal, granted=False, answer="It is an insult.", by=second, at=now)
    said = client.get(page(decided)).content.decode()
    assert "The decision stays." in said and "It is an insult." in said and "Sipho" not in said


@pytest.mark.parametrize("token", ["1.aaaaaaaaaaaaaaaaaaaaaaaa", "x", "99999999999999999.aaaaaaaaaaaaaaaaaaaaaaaa"])
def test_forged_link_opens_nothing(client: Client, decided: Decision, token: str) -> None:
    assert client.get(f"/appeals/{token}/").status_code == 404
    assert client.post(f"/appeals/{token}/", {"text": "x"}).status_code == 404
    other = token_of("hallway.attendance.confirm", decided.pk, decided.nonce)
    assert client.get(f"/appeals/{other}/").status_code == 404
