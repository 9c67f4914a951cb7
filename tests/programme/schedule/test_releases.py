from __future__ import annotations

import sys
import time
from datetime import datetime, timedelta

import pytest

from hallway.kit.actors import SystemPerson
from hallway.kit.models import FactRow, Revision
from hallway.kit.refusal import NotAllowed, Refusal
from hallway.people.actions import NewPerson, add_persons_in_bulk
from hallway.programme.schedule.actions import (
    NewSession,
    NewSlot,
    add_session,
    add_sessions_in_bulk,
    add_slot,
    move_slot,
    release_schedule,
    remove_session,
    remove_slot,
    reset_to_release,
)
from hallway.programme.schedule.models import Session, Slot
from hallway.programme.schedule.queries import visible_to
from hallway.programme.talks.actions import NewTalk, write_talk, write_talks_in_bulk
from tests.factories import EventFactory, PersonFactory, RoomFactory, SessionFactory, SlotFactory, TeamRoleFactory
from tests.pace import slower

pytestmark = pytest.mark.django_db
SYSTEM = SystemPerson("importer")
HOUR = timedelta(hours=1)


def test_release_schedule_makes_sessions_talks_and_speakers_public(at: datetime) -> None:
    event = EventFactory()
    speaker = PersonFactory(public_at=None)
    talk = write_talk(title={"en": "Asyncio"}, speakers=[speaker], by=SYSTEM, at=at)
    session = add_session(event=event, talk=talk, kind="talk", by=SYSTEM, at=at)
    room = RoomFactory(event=event)
    slot = add_slot(session=session, room=room, starts_at=at, ends_at=at + HOUR, by=SYSTEM, at=at)
    assert not visible_to(None).exists()
    release = release_schedule(event=event, by=SYSTEM, at=at)
    for row in (session, talk, speaker, slot):
        row.refresh_from_db()
        assert row.public_at == at
    assert (slot.public_room, slot.public_starts_at, slot.public_ends_at) == (room, at, at + HOUR)
    assert (release.number, release.version, release.changes, slot.sequence) == (1, "1", [], 0)
    assert release.placements == [
        [slot.pk, session.pk, room.pk, at.isoformat(), (at + HOUR).isoformat()],
    ]
    assert list(visible_to(None)) == [session]
    tags = {f"event:{event.pk}", f"talk:{talk.pk}", f"person:{speaker.pk}", "home", "talks"}
    assert tags <= set(Revision.objects.values_list("key", flat=True))


def test_release_schedule_lists_new_moved_and_removed(at: datetime) -> None:
    event = EventFactory()
    kept, moved, gone, unplaced = (SlotFactory(session__event=event) for _ in range(4))
    event.releases.create(number=1, version="1", released_at=at)
    fresh = SlotFactory(
        session=SessionFactory(event=event, public_at=None),
        public_room=None, public_starts_at=None, public_ends_at=None, public_at=None,
    )  # fmt: skip
    hall = RoomFactory(event=event, name="Hall")
    move_slot(slot=moved, room=hall, starts_at=moved.starts_at + HOUR, ends_at=moved.ends_at + HOUR, by=SYSTEM, at=at)
    remove_session(session=gone.session, by=SYSTEM, at=at)
    remove_slot(slot=unplaced, by=SYSTEM, at=at)
    assert visible_to(None).count() == 4, "removed ones stay readable until the release"
    release = release_schedule(event=event, version=" Autumn ", note={"en": "Sorry"}, by=SYSTEM, at=at)
    assert release.version == "Autumn"
    whats = {change["session"]: change["what"] for change in release.changes}
    assert whats == {
        fresh.session_id: "new", moved.session_id: "moved", gone.session_id: "removed", unplaced.session_id: "removed",
    }  # fmt: skip
    change = next(change for change in release.changes if change["what"] == "moved")
    assert change["after"]["room"] == "Hall"
    assert change["before"]["room"] == moved.public_room.name
    moved.refresh_from_db()
    kept.refresh_from_db()
    assert (moved.sequence, kept.sequence) == (1, 0)
    assert set(visible_to(None)) == {kept.session, moved.session, fresh.session}
    assert not Slot.objects.filter(pk__in=[gone.pk, unplaced.pk]).exists()
    fact = FactRow.objects.get(kind="schedule.schedule_released")
    assert set(fact.payload["session_ids"]) == set(whats)


def test_release_schedule_counts_a_lost_room_as_moved(at: datetime) -> None:
    event = EventFactory()
    slot = SlotFactory(session__event=event)
    move_slot(slot=slot, room=None, starts_at=slot.starts_at, ends_at=slot.ends_at, by=SYSTEM, at=at)
    release_schedule(event=event, by=SYSTEM, at=at)
    slot.refresh_from_db()
    assert (slot.public_room, slot.sequence) == (None, 1)


def test_release_schedule_refused_without_changes(at: datetime) -> None:
    event = EventFactory()
    SlotFactory(session__event=event)
    with pytest.raises(Refusal, match=r"schedule\.nothing_changed"):
        release_schedule(event=event, by=SYSTEM, at=at)


def test_release_schedule_refused_to_strangers(at: datetime) -> None:
    with pytest.raises(NotAllowed, match=r"schedule\.cannot_edit"):
        release_schedule(event=EventFactory(), by=PersonFactory(), at=at)


def test_release_schedule_allowed_to_programme_editors(at: datetime) -> None:
    event = EventFactory()
    editor = TeamRoleFactory(community=event.community, role="editor").person
    session = add_session(event=event, kind="break", title={"en": "Coffee"}, by=editor, at=at)
    add_slot(session=session, room=None, starts_at=at, ends_at=at + HOUR, by=editor, at=at)
    assert release_schedule(event=event, by=editor, at=at).released_by == editor


def test_reset_to_release_puts_places_back(at: datetime) -> None:
    event = EventFactory()
    moved, gone = SlotFactory(session__event=event), SlotFactory(session__event=event)
    event.releases.create(number=1, version="1", released_at=at)
    before = (moved.room_id, moved.starts_at, moved.ends_at)
    extra = add_slot(session=moved.session, room=None, starts_at=at, ends_at=at, by=SYSTEM, at=at)
    move_slot(slot=moved, room=None, starts_at=at + HOUR, ends_at=at + HOUR, by=SYSTEM, at=at)
    remove_session(session=gone.session, by=SYSTEM, at=at)
    reset_to_release(event=event, by=SYSTEM, at=at)
    moved.refresh_from_db()
    gone.refresh_from_db()
    assert (moved.room_id, moved.starts_at, moved.ends_at) == before
    assert gone.removed_at is None
    assert gone.session.removed_at is None or Session.objects.get(pk=gone.session_id).removed_at is None
    assert not Slot.objects.filter(pk=extra.pk).exists()


def test_reset_to_release_refused_before_the_first(at: datetime) -> None:
    with pytest.raises(Refusal, match=r"schedule\.no_release"):
        reset_to_release(event=EventFactory(), by=SYSTEM, at=at)


def test_release_schedule_of_a_thousand_sessions_is_quick(at: datetime) -> None:
    event = EventFactory()
    rooms = [RoomFactory(event=event) for _ in range(35)]
    people = add_persons_in_bulk(persons=[NewPerson(f"Speaker {n}") for n in range(852)], by=SYSTEM, at=at)
    talks = write_talks_in_bulk(
        talks=[NewTalk(title={"en": f"Talk {n}"}, speakers=[people[n % 852]]) for n in range(1000)], by=SYSTEM, at=at
    )
    add_sessions_in_bulk(
        event=event,
        sessions=[
            NewSession(
                kind="talk",
                talk=talk,
                slots=[NewSlot(at + (n // 35) * HOUR, at + (n // 35 + 1) * HOUR, room=rooms[n % 35])],
            )
            for n, talk in enumerate(talks)
        ],
        by=SYSTEM,
        at=at,
    )
    began = time.process_time()
    release = release_schedule(event=event, by=SYSTEM, at=at)
    spent = time.process_time() - began
    assert sys.gettrace() is not None or spent < 2 * slower()  # coverage would be measured, too
    assert len(release.placements) == 1000
    assert visible_to(None).count() == 1000
