"""Writing to the team about an event."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from hallway.gathering.communities.models import TeamMessage
from hallway.gathering.events.actions import mute_at_event, write_about_event
from hallway.gathering.events.models import Event
from hallway.kit import clock
from hallway.kit.actors import Visitor
from hallway.kit.refusal import NotAllowed
from hallway.notices.models import OutboxMail
from hallway.people.models import Person
from tests.factories import PersonFactory

pytestmark = pytest.mark.django_db
SAME = {"Sec-Fetch-Site": "same-origin"}


def text(answer: Any) -> str:
    return str(answer.content.decode())


def test_the_event_leads_to_the_team_that_reads_which_it_is(client: Client, event: Event, organiser: Person) -> None:
    path = f"/e/{event.slug}/write/"
    assert f'href="{path}"' in text(client.get(f"/e/{event.slug}/"))
    title = event.title["en"]
    assert title in text(client.get(path))
    assert client.post(path, {"text": "May I come?"}, headers=SAME).url == f"{path}?sent"
    message = TeamMessage.objects.get()
    assert (message.community, message.about, message.path) == (event.community, title, f"/e/{event.slug}/")
    mail = OutboxMail.objects.get()
    assert mail.to_person == organiser
    assert title in mail.subject


def test_whoever_is_muted_at_the_event_writes_nothing_about_it(client: Client, event: Event, organiser: Person) -> None:
    writer = PersonFactory()
    mute_at_event(event=event, who=writer, reason="Insults.", by=organiser, at=clock.now())
    client.force_login(writer)
    path = f"/e/{event.slug}/write/"
    assert 'name="text"' not in text(client.get(path))
    assert client.post(path, {"text": "Hello"}, headers=SAME).status_code == 403
    with pytest.raises(NotAllowed):
        write_about_event(event=event, text="Hello", by=writer, at=clock.now())
    assert not TeamMessage.objects.exists()
    by = Visitor("4b0d8f52-0000-4000-8000-000000000000")
    assert write_about_event(event=event, text="Hello", path="/x/", by=by, at=clock.now()).path == "/x/"
