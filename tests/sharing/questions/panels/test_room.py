"""The ways to the room on the pages of a session and of an event: for whoever may moderate."""

from __future__ import annotations

import pytest

from hallway.kit.panels import fill
from hallway.sharing.questions.models import Floor
from tests.factories import PersonFactory, SessionFactory
from tests.sharing.questions.stage import moderator_of, stage

pytestmark = pytest.mark.django_db


def on_session(floor: Floor, reader: object) -> bool:
    return f"/q/{floor.code}/room/" in "".join(fill("session_page.side", floor.session, reader=reader))


def on_event(floor: Floor, reader: object) -> bool:
    return f"/e/{floor.event.slug}/questions/" in "".join(fill("event_about.team", floor.event, reader=reader))


def test_panels_lead_the_team_and_the_speaker_to_the_room() -> None:
    floor, (speaker,) = stage()
    readers = (None, PersonFactory(), speaker, moderator_of(floor))
    assert [on_session(floor, reader) for reader in readers] == [False, False, True, True]
    assert [on_event(floor, reader) for reader in readers] == [False, False, False, True]


def test_panels_are_silent_without_a_floor() -> None:
    floor, (speaker,) = stage()
    bare, helper = SessionFactory(talk=floor.session.talk), moderator_of(floor)
    assert not any("/room/" in part for part in fill("session_page.side", bare, reader=speaker))
    floor.delete()
    assert not on_event(floor, helper)
