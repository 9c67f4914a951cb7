"""Floors come with a release, follow its times, and are set and handed over by those who run them."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from hallway.gathering.events import actions as events
from hallway.gathering.events.models import Event
from hallway.kit.links import ALPHABET
from hallway.kit.models import FactRow
from hallway.people.models import Person
from hallway.programme.schedule import actions as schedule
from hallway.programme.schedule.models import Session
from hallway.sharing.questions import actions, queries
from hallway.sharing.questions.actions import floors
from hallway.sharing.questions.models import Floor
from hallway.sharing.questions.policies import QUESTIONS, moderator_link
from tests.factories import EventFactory, FloorFactory, PersonFactory, SessionFactory, SlotFactory, TeamRoleFactory
from tests.sharing.questions.scene import Scene, a_scene, refusal

pytestmark = pytest.mark.django_db


def settle(at: datetime) -> int:
    return actions.settle_floors(sessions=Session.objects.all(), by=QUESTIONS, at=at)


def test_floor_of_a_release_has_the_times_of_its_session(at: datetime) -> None:
    session = SessionFactory()
    assert settle(at) == 1
    assert settle(at) == 0
    session.refresh_from_db()
    assert session.floor.starts_at == session.event.starts_at
    assert (len(session.floor.code), set(session.floor.code) <= set(ALPHABET)) == (6, True)


def test_settle_floors_makes_none_for_drafts_and_breaks(at: datetime) -> None:
    SessionFactory(public_at=None)
    SessionFactory(kind="break", talk=None)
    assert settle(at) == 0


def test_settle_floors_writes_nothing_but_times_of_floors_that_are_there(at: datetime) -> None:
    floor = FloorFactory(starts_at=None, ends_at=None)
    with CaptureQueriesContext(connection) as done:
        assert settle(at) == 1
    (written,) = [query["sql"] for query in done if query["sql"].startswith('UPDATE "questions_floor"')]
    assert "paused_at" not in written, "a moderator who pauses at this moment is overwritten"
    floor.refresh_from_db()
    assert floor.starts_at == floor.session.event.starts_at


def test_settle_floors_takes_another_code_where_one_is_taken(at: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    FloorFactory(code="AAAAAA")
    SessionFactory()
    codes = iter(("AAAAAA", "BBBBBB"))
    monkeypatch.setattr(floors, "new_code", lambda: next(codes))
    settle(at)
    assert Floor.objects.filter(code="BBBBBB").exists()


def test_settle_floors_has_the_span_of_all_places_and_the_times_of_an_event_that_moved(at: datetime) -> None:
    event = EventFactory(starts_at=at, ends_at=at + timedelta(hours=8))
    session = SessionFactory(event=event)
    for hours in (1, 3):
        begins = at + timedelta(hours=hours)
        SlotFactory(session=session, starts_at=begins, ends_at=begins + timedelta(minutes=30))
    settle(at)
    floor = Floor.objects.get()
    assert (floor.starts_at, floor.ends_at) == (at + timedelta(hours=1), at + timedelta(hours=3, minutes=30))
    for moved in (timedelta(days=30), timedelta(days=-30)):
        event.starts_at, event.ends_at = at + moved, at + moved + timedelta(hours=8)
        event.save()
        assert (settle(at), settle(at)) == (1, 0)
        floor.refresh_from_db()
        assert (floor.starts_at, floor.ends_at) == (event.starts_at, event.ends_at)


def test_floor_follows_a_release_that_moves_removes_and_brings_back(at: datetime) -> None:
    organiser = TeamRoleFactory().person
    community = organiser.team_roles.get().community
    event = EventFactory(community=community, starts_at=at, ends_at=at + timedelta(hours=8))
    session = SessionFactory(event=event, public_at=None)
    draft = {"public_at": None, "public_starts_at": None, "public_ends_at": None, "public_room": None}
    slot = SlotFactory(session=session, **draft)
    other = SlotFactory(session=SessionFactory(event=event, public_at=None), **draft)

    def release() -> list[tuple[datetime | None, bool]]:
        schedule.release_schedule(event=event, by=organiser, at=at)
        rows = Floor.objects.filter(session__in=(session, other.session)).order_by("session")
        seen = set(queries.floors_visible_to(None))
        return [(row.starts_at, row in seen) for row in rows]

    assert release() == [(at, True), (at, True)]
    code = session.floor.code
    question = actions.ask_question(floor=session.floor, text="Why?", language="en", by=PersonFactory(), at=at)
    slot.refresh_from_db()
    later = at + timedelta(hours=4)
    schedule.move_slot(
        slot=slot, room=slot.room, starts_at=later, ends_at=later + timedelta(minutes=45), by=organiser, at=at
    )
    assert release() == [(later, True), (at, True)]
    slot.refresh_from_db()
    schedule.remove_slot(slot=slot, by=organiser, at=at)
    assert release() == [(later, False), (at, True)]
    schedule.add_slot(
        session=session, room=slot.room, starts_at=at, ends_at=at + timedelta(minutes=45), by=organiser, at=at
    )
    assert release() == [(at, True), (at, True)]
    session.floor.refresh_from_db()
    assert (session.floor.code, session.floor.questions.get()) == (code, question)
    schedule.hide_session(session=session, by=organiser, at=at)
    assert queries.floor_by_code(code, None) is None
    schedule.show_session(session=session, by=organiser, at=at)
    assert queries.floor_by_code(f"{code[:3]}-{code[3:]}".lower(), None) == session.floor


def test_floor_follows_an_event_that_is_postponed_dated_and_edited(at: datetime) -> None:
    scene = a_scene(session__event__starts_at=at + timedelta(days=9), session__event__ends_at=None)
    event = scene.floor.event

    def times() -> tuple[datetime | None, datetime | None]:
        scene.floor.refresh_from_db()
        return scene.floor.starts_at, scene.floor.ends_at

    named = {"event": event, "reason": {}, "by": scene.organiser, "at": at}
    events.postpone_event(starts_at=None, **named)
    assert times() == (None, None)
    assert not scene.floor.is_open(at)
    new = at + timedelta(days=3)
    events.postpone_event(starts_at=new, ends_at=new + timedelta(hours=2), **named)
    assert times() == (new, new + timedelta(hours=2))
    changes = {"ends_at": new + timedelta(hours=3)}
    events.edit_event(event=event, changes=changes, by=scene.organiser, at=at)
    assert times() == (new, new + timedelta(hours=3))


def change(scene: Scene, at: datetime, by: Person | None = None, **changes: object) -> Floor:
    return actions.change_floor(floor=scene.floor, changes=changes, by=by or scene.helper, at=at)


def test_change_floor_by_moderators_leaves_one_fact_for_what_changed(at: datetime) -> None:
    scene = a_scene()
    row = change(scene, at, queue=True, order="next", open_days=60)
    assert (row.queue, row.order, row.open_days) == (True, "next", 60)
    change(scene, at, queue=True, order="next", open_days=60)
    assert change(scene, at, paused=True).paused_at == at
    change(scene, at + timedelta(hours=1), paused=True)
    assert change(scene, at, paused=False).paused_at is None
    change(scene, at, paused=False)
    facts = FactRow.objects.filter(kind="questions.floor_changed").order_by("pk")
    assert [row.payload["fields"] for row in facts] == [["open_days", "order", "queue"], ["paused_at"], ["paused_at"]]


def test_change_floor_refuses_strangers_and_what_makes_no_sense(at: datetime) -> None:
    scene = a_scene()
    assert refusal(change, scene=scene, at=at, by=PersonFactory(), queue=True) == "questions.not_moderator"
    assert [refusal(change, scene=scene, at=at, open_days=days) for days in (0, 401)] == ["questions.open_days"] * 2
    assert refusal(change, scene=scene, at=at, order="by_name") == "questions.order"
    with pytest.raises(ValueError, match="code"):
        change(scene, at, code="AAAAAA")


def test_reopen_floor_once_it_can_only_be_read_for_thirty_days_more(at: datetime) -> None:
    scene, late = a_scene(), at + timedelta(days=60)
    named = {"floor": scene.floor, "by": scene.speaker}
    assert actions.reopen_floor(at=at, **named).reopened_until is None, "it is open"
    row = actions.reopen_floor(at=late, **named)
    assert (row.is_open(late), row.closes_at, row.reopenings) == (True, late + timedelta(days=30), 1)
    assert actions.reopen_floor(at=late + timedelta(days=1), **named).closes_at == row.closes_at
    change(scene, late, paused=True)
    row = actions.reopen_floor(at=late, **named)
    assert (row.paused_at, row.closes_at, row.reopenings) == (None, late + timedelta(days=30), 1)
    assert FactRow.objects.filter(kind="questions.floor_reopened").count() == 2
    assert refusal(actions.reopen_floor, floor=scene.floor, by=PersonFactory(), at=late) == "questions.not_moderator"
    untimed = FloorFactory(starts_at=None, ends_at=None)
    assert refusal(actions.reopen_floor, floor=untimed, by=QUESTIONS, at=late) == "questions.no_time"


def test_reopen_floor_of_an_event_that_does_not_take_place_is_refused(at: datetime) -> None:
    scene, late = a_scene(), at + timedelta(days=60)
    Event.objects.filter(pk=scene.floor.event_id).update(state=Event.State.CANCELLED)
    for moment in (at, late):
        assert refusal(actions.reopen_floor, floor=scene.floor, by=scene.speaker, at=moment) == "questions.cancelled"
    assert not FactRow.objects.filter(kind="questions.floor_reopened").exists()


def test_hand_over_floor_in_one_tap_to_a_person_a_name_or_nobody(at: datetime) -> None:
    scene = a_scene()
    named = {"floor": scene.floor, "by": moderator_link(scene.floor), "at": at}
    for _twice in range(2):
        row = actions.hand_over_floor(person=scene.helper, **named)
        assert (row.moderator, row.moderator_name) == (scene.helper, scene.helper.name)
    row = actions.hand_over_floor(name="  Piet\u202e ", **named)
    assert (row.moderator, row.moderator_name) == (None, "Piet")
    assert actions.hand_over_floor(**named).moderator_name == ""
    assert FactRow.objects.filter(kind="questions.floor_handed_over").count() == 3
    assert refusal(actions.hand_over_floor, person=PersonFactory(), **named) == "questions.not_to_them"
    assert refusal(actions.hand_over_floor, name="n" * 121, **named) == "questions.name_too_long"
    stranger = {"floor": scene.floor, "by": PersonFactory(), "at": at}
    assert refusal(actions.hand_over_floor, **stranger) == "questions.not_moderator"


def test_floor_knows_when_it_is_on_and_over(at: datetime) -> None:
    floor = FloorFactory()
    assert floor.ends_at is not None
    assert (floor.is_live(at), floor.is_over(at)) == (True, False)
    assert (floor.is_live(floor.ends_at), floor.is_over(floor.ends_at)) == (False, True)
    untimed = FloorFactory(starts_at=None, ends_at=None)
    assert (untimed.is_live(at), untimed.is_over(at), untimed.closes_at, untimed.opens_at) == (False, False, None, None)
