from __future__ import annotations

from datetime import datetime

import pytest
from django.test import Client

from hallway.kit import trail
from hallway.kit.actors import SystemPerson
from hallway.programme.schedule import policies, queries
from hallway.programme.schedule.actions import add_session, add_track
from hallway.programme.schedule.models import Session
from tests.factories import EventFactory, PersonFactory, SessionFactory, SlotFactory, TeamRoleFactory

pytestmark = pytest.mark.django_db
SYSTEM = SystemPerson("importer")


def test_visible_to_shows_released_sessions_of_open_events_only() -> None:
    public, draft = SlotFactory().session, SessionFactory(public_at=None)
    hidden = SlotFactory(session__event__public_at=None).session
    organiser = TeamRoleFactory(community=hidden.event.community).person
    assert set(queries.visible_to(None)) == {public}
    assert set(queries.visible_to(organiser)) == {public, hidden}
    assert {slot.session for slot in queries.slots_visible_to(None)} == {public}
    assert policies.can_view_session(None, public)
    assert not policies.can_view_session(organiser, draft)


def test_public_slots_come_in_order_of_time(at: datetime) -> None:
    event = EventFactory()
    late = SlotFactory(session__event=event, public_starts_at=at.replace(hour=12), public_ends_at=at.replace(hour=13))
    early = SlotFactory(session__event=event)
    SlotFactory(session__event=event, session__hidden_at=at)
    assert list(queries.public_slots(event)) == [early, late]


def test_trail_names_sessions_and_tracks(at: datetime) -> None:
    event = EventFactory()
    add_session(event=event, kind="break", title={"en": "Coffee"}, by=SYSTEM, at=at)
    add_track(event=event, name="Core", by=SYSTEM, at=at)
    said = [entry.sentence for entry in trail.entries(f"event:{event.pk}")]
    assert any("Core" in sentence for sentence in said)
    assert any("Coffee" in sentence for sentence in said)


def test_the_team_finds_its_way_to_the_editor(client: Client) -> None:
    slot = SlotFactory()
    event = slot.session.event
    way, form = f"/e/{event.slug}/edit/programme/", f"/e/{event.slug}/edit/programme/{slot.session_id}/"
    client.force_login(PersonFactory())
    assert form not in client.get(f"/e/{event.slug}/sessions/{slot.session_id}/").content.decode()
    client.force_login(TeamRoleFactory(community=event.community).person)
    assert form in client.get(f"/e/{event.slug}/sessions/{slot.session_id}/").content.decode()
    assert way in client.get(f"/e/{event.slug}/").content.decode()


def test_session_page_names_kind_level_language_and_wishes(client: Client) -> None:
    slot = SlotFactory(session__kind=Session.Kind.WORKSHOP, session__do_not_record=True)
    session = slot.session
    session.talk.level = "beginner"
    session.talk.save()
    text = client.get(f"/e/{session.event.slug}/sessions/{session.pk}/").content.decode()
    for words in ("Workshop", "For beginners", "In English", "nobody records"):
        assert words in text
