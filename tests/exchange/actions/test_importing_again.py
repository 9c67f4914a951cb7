"""A programme comes again: what each kind of change in it does to what is there."""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import timedelta

import pytest

from hallway.exchange.programme import SlotIn, SpeakerIn, TrackIn
from hallway.gathering.communities.models import Community
from hallway.gathering.events.actions import add_room
from hallway.gathering.events.models import Event
from hallway.programme.schedule.actions import move_slot, remove_session, remove_slot
from hallway.programme.schedule.models import Session, Slot
from tests.exchange.programmes import small_programme
from tests.exchange.stored import IMPORTER, LATER, bring_in, event_of, with_session, without_session
from tests.factories import CommunityFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def community() -> Community:
    made: Community = CommunityFactory()
    return made


@pytest.fixture
def event(community: Community) -> Event:
    return event_of(bring_in(community=community))


def session(event: Event, title: str) -> Session:
    found = [one for one in event.sessions.select_related("talk") if title in str(one.talk.title if one.talk else one)]
    return found[0]


def test_room_is_not_renamed_to_one_that_is_there(event: Event, community: Community) -> None:
    add_room(event=event, name="Salle B", by=IMPORTER, at=LATER)
    first, second = small_programme().rooms
    renamed = replace(small_programme(), rooms=(replace(first, name="Salle B"), second))
    again = bring_in(renamed, community=community)
    assert {"kind": "room", "name": "Grande salle", "field": "name"} in again.report["kept"]
    assert sorted(event.rooms.values_list("name", flat=True)) == ["Atelier", "Grande salle", "Salle B"]


def test_track_and_speakers_of_a_talk_follow_the_file(event: Event, community: Community) -> None:
    tracks = (*small_programme().tracks, TrackIn("name:Code", "Code"))
    changed = with_session(replace(small_programme(), tracks=tracks), "s2", track="name:Code")
    changed = with_session(changed, "s2", speakers=(SpeakerIn("id:2"),))
    bring_in(changed, community=community)
    talk = session(event, "graphes")
    assert (talk.track.name if talk.track else "") == "Code"
    assert [one.name for one in talk.talk.speakers.all() if talk.talk] == ["Bo Beispiel"]


def test_break_takes_a_new_title_and_a_talk_never_becomes_a_break(event: Event, community: Community) -> None:
    changed = with_session(small_programme(), "s3", title="Déjeuner")
    changed = with_session(changed, "s4", kind="break", is_break=True)
    bring_in(changed, community=community)
    rest = Session.objects.get(event=event, talk=None)
    assert (rest.kind, list(rest.title.values())) == ("break", ["Déjeuner"])
    assert session(event, "Nuit").kind == "other"


def test_new_slot_of_a_known_session_is_added_under_a_free_id(event: Event, community: Community) -> None:
    taken = Slot.objects.filter(session__event=event).exclude(session=session(event, "Nuit"))[0].guid
    last = next(one for one in small_programme().sessions if one.key == "s4")
    more = SlotIn("s4/2", last.slots[0].starts_at + timedelta(days=1), last.slots[0].ends_at + timedelta(days=1), None)
    changed = with_session(small_programme(), "s4", slots=(*last.slots, replace(more, guid=str(taken))))
    again = bring_in(changed, community=community)
    slots = list(session(event, "Nuit").slots.values_list("guid", flat=True))
    assert (again.report["made"], len(slots), taken in slots) == (1, 2, False)


def test_slot_removed_here_stays_out_and_is_reported(event: Event, community: Community) -> None:
    slot = session(event, "graphes").slots.order_by("starts_at")[1]
    remove_slot(slot=slot, by=IMPORTER, at=LATER)
    again = bring_in(community=community, publish=False)
    assert {"kind": "slot", "name": "Tables & graphes", "field": "removed"} in again.report["kept"]
    assert session(event, "graphes").slots.filter(removed_at=None).count() == 1


def test_slot_moved_here_stays_when_the_file_loses_it(event: Event, community: Community) -> None:
    moved, removed = session(event, "graphes").slots.order_by("starts_at")
    hour = timedelta(hours=1)
    move_slot(
        slot=moved, room=moved.room, starts_at=moved.starts_at + hour, ends_at=moved.ends_at + hour,
        by=IMPORTER, at=LATER,
    )  # fmt: skip
    remove_slot(slot=removed, by=IMPORTER, at=LATER)
    again = bring_in(without_session(small_programme(), "s2"), community=community, publish=False)
    assert again.report["kept"] == [{"kind": "slot", "name": "Tables & graphes", "field": "moved"}]
    assert (again.report["gone"], session(event, "graphes").removed_at) == (0, None)


def test_same_programme_under_other_ids_finds_its_sessions_by_title_place_and_time(
    event: Event, community: Community
) -> None:
    """Those removed here are not found again; a slot at another time is a new one of the session that is there."""
    remove_session(session=session(event, "Nuit"), by=IMPORTER, at=LATER)
    renamed = small_programme()
    sessions = []
    for one in renamed.sessions:
        slots = [replace(slot, key=f"x{slot.key}") for slot in one.slots]
        if one.key == "s2":
            slots[1] = replace(
                slots[1],
                starts_at=slots[1].starts_at + timedelta(hours=3),
                ends_at=slots[1].ends_at + timedelta(hours=3),
            )
        sessions.append(replace(one, key=f"x{one.key}", slots=tuple(slots), guid=str(uuid.uuid4())))
    again = bring_in(replace(renamed, sessions=tuple(sessions)), community=community, publish=False)
    assert event.sessions.filter(removed_at=None, talk__title__und="Tables & graphes").count() == 1
    assert again.report["made"] >= 2
