from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client

from hallway.gathering.events.models import Event

from . import SOON, messages_of, post

pytestmark = pytest.mark.django_db


def test_publish_postpone_cancel_and_back_from_the_pages(event: Event, team: Client) -> None:
    Event.objects.filter(pk=event.pk).update(
        state="draft", public_at=None, first_public_at=None, starts_at=SOON, ends_at=SOON + timedelta(hours=2)
    )
    base = "/e/jacaranda-conf/"
    assert messages_of(team, f"{base}publish/", {})[0].startswith("The event is published.")
    assert messages_of(team, f"{base}unpublish/", {})[0].startswith("The event is a draft again.")
    messages_of(team, f"{base}publish/", {})
    assert team.get(f"{base}postpone/").status_code == 200
    data = {"starts_on": "2026-10-27", "starts_time": "18:30", "reason.en": "Rain"}
    assert messages_of(team, f"{base}postpone/", data)[0].startswith("The event is postponed.")
    assert b"This is the date it has." in post(team, f"{base}postpone/", data).content
    assert team.get(f"{base}cancel/").status_code == 200
    assert messages_of(team, f"{base}cancel/", {"reason.en": "No"})[0].startswith("The event is cancelled.")
    assert messages_of(team, f"{base}publish/", {})[0].startswith("The event is published.")
    event.refresh_from_db()
    assert (event.state, event.revision) == ("published", 6)


def test_pages_of_actions_change_nothing_on_get(event: Event, team: Client) -> None:
    for part in ("publish", "unpublish", "edit/rooms/1/remove", "edit/hosts/1/withdraw"):
        assert team.get(f"/e/jacaranda-conf/{part}/").status_code == 302
    event.refresh_from_db()
    assert event.revision == 0


def test_copy_and_delete_from_the_pages(event: Event, team: Client) -> None:
    assert team.get("/e/jacaranda-conf/copy/").status_code == 200
    messages_of(team, "/e/jacaranda-conf/copy/", {"starts_on": "2027-10-08", "starts_time": "09:00"})
    copied = Event.objects.exclude(pk=event.pk).get()
    assert copied.starts_at == datetime(2027, 10, 8, 7, 0, tzinfo=UTC)
    assert team.get(f"/e/{copied.slug}/delete/").status_code == 200
    assert messages_of(team, f"/e/{copied.slug}/delete/", {}) == ["The draft is gone."]
    assert list(Event.objects.all()) == [event]
    assert post(team, "/e/jacaranda-conf/delete/").status_code in {302, 409}
    assert Event.objects.exists()
