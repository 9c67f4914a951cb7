from __future__ import annotations

import uuid
from datetime import UTC, datetime, timedelta

import pytest

from hallway.kit.actors import SystemPerson
from hallway.kit.models import FactRow
from hallway.kit.refusal import NotAllowed, Refusal
from hallway.people.models import Person
from hallway.programme.schedule.actions import (
    NewSession,
    NewSlot,
    Plan,
    add_session,
    add_sessions_in_bulk,
    add_slot,
    add_track,
    delete_sessions_in_bulk,
    edit_session,
    edit_track,
    move_slot,
    plan_session,
    remove_session,
    remove_slot,
    remove_track,
    replan_session,
)
from hallway.programme.schedule.models import Session, Slot, Track
from hallway.programme.talks.models import Talk
from hallway.programme.talks.policies import can_edit_talk
from tests.factories import (
    EventFactory,
    PersonFactory,
    RoomFactory,
    SessionFactory,
    SlotFactory,
    SpeakingFactory,
    TalkFactory,
    TeamRoleFactory,
    TrackFactory,
)

pytestmark = pytest.mark.django_db
SYSTEM = SystemPerson("importer")
HOUR = timedelta(hours=1)


def facts() -> list[str]:
    return [kind.removeprefix("schedule.") for kind in FactRow.objects.order_by("id").values_list("kind", flat=True)]


def test_add_track_takes_the_next_colour_and_place(at: datetime) -> None:
    event = EventFactory()
    first = add_track(event=event, name="Core", by=SYSTEM, at=at)
    second = add_track(event=event, name="Data", hue=5, position=9, by=SYSTEM, at=at)
    third = add_track(event=event, name="Science", by=SYSTEM, at=at)
    assert [(t.hue, t.position) for t in (first, second, third)] == [(1, 0), (5, 9), (4, 10)]
    assert facts() == ["track_added"] * 3


@pytest.mark.parametrize(("name", "code"), [("  ", "track_no_name"), ("Core", "track_taken")])
def test_add_track_refused_without_a_name_of_its_own(name: str, code: str, at: datetime) -> None:
    event = TrackFactory(name="Core").event
    with pytest.raises(Refusal, match=code):
        add_track(event=event, name=name, by=SYSTEM, at=at)


def test_edit_track_changes_only_what_changed(at: datetime) -> None:
    track = TrackFactory(name="Core", hue=2)
    edit_track(track=track, changes={"name": "Core", "hue": 2}, by=SYSTEM, at=at)
    assert facts() == []
    edit_track(track=track, changes={"name": "Kernel"}, by=SYSTEM, at=at)
    track.refresh_from_db()
    assert (track.name, facts()) == ("Kernel", ["track_changed"])
    with pytest.raises(ValueError, match="event"):
        edit_track(track=track, changes={"event": 1}, by=SYSTEM, at=at)


def test_remove_track_leaves_sessions(at: datetime) -> None:
    session = SessionFactory()
    session.track = TrackFactory(event=session.event)
    session.save()
    remove_track(track=session.track, by=SYSTEM, at=at)
    session.refresh_from_db()
    assert (session.track, Track.objects.count()) == (None, 0)


def test_add_session_keeps_everything_and_shares_the_talk(at: datetime) -> None:
    event = EventFactory()
    editor = TeamRoleFactory(community=event.community, role="editor").person
    talk = TalkFactory(public_at=None, written_by=editor.actor_key)
    guid = uuid.uuid4()
    session = add_session(
        event=event, talk=talk, kind="workshop", abstract={"en": "Own"}, track=TrackFactory(event=event), code="ABC",
        guid=guid, kind_raw="Workshop!", plenum=True, recording_url="https://e.org/r", feedback_url="https://e.org/f",
        origin_url="https://e.org/o", do_not_record=True, do_not_stream=True, by=editor, at=at,
    )  # fmt: skip
    session.refresh_from_db()
    assert (session.guid, session.public_at, session.slug[:21]) == (guid, None, "asyncio-without-fear-")
    assert can_edit_talk(TeamRoleFactory(community=event.community, role="editor").person, talk)
    assert "session_added" in facts()


def test_add_session_with_a_foreign_talk_gives_no_right_over_it(at: datetime) -> None:
    event = EventFactory()
    editor = TeamRoleFactory(community=event.community, role="editor").person
    talk = TalkFactory()
    add_session(event=event, talk=talk, kind="talk", by=editor, at=at)
    assert not can_edit_talk(editor, talk)
    with pytest.raises(NotAllowed, match=r"talk\.cannot_view"):
        add_session(event=event, talk=TalkFactory(public_at=None), kind="talk", by=editor, at=at)


def test_add_session_refused(at: datetime) -> None:
    event = EventFactory()
    cases = {
        "schedule.cannot_edit": {"title": {"en": "x"}, "by": PersonFactory()},
        "schedule.other_event": {"title": {"en": "x"}, "track": TrackFactory()},
        "schedule.no_title": {},
        "schedule.break_with_talk": {"kind": "break", "talk": TalkFactory()},
    }
    for code, given in cases.items():
        with pytest.raises(Refusal, match=code):
            add_session(**({"event": event, "kind": "talk", "by": SYSTEM, "at": at} | given))
    assert not Session.objects.exists()


def test_edit_session_changes_only_what_changed(at: datetime) -> None:
    session = SessionFactory()
    edit_session(session=session, changes={"kind": session.kind, "track": None}, by=SYSTEM, at=at)
    assert facts() == []
    edit_session(session=session, changes={"title": {"fr": "Autre"}, "kind": "panel"}, by=SYSTEM, at=at)
    assert FactRow.objects.get().payload["fields"] == ["kind", "title"]
    edit_session(session=session, changes={"talk": TalkFactory()}, by=SYSTEM, at=at)
    with pytest.raises(ValueError, match="public_at"):
        edit_session(session=session, changes={"public_at": at}, by=SYSTEM, at=at)
    with pytest.raises(Refusal, match=r"schedule\.other_event"):
        edit_session(session=session, changes={"track": TrackFactory()}, by=SYSTEM, at=at)


def test_remove_session_never_public_is_gone(at: datetime) -> None:
    session = SessionFactory(public_at=None)
    remove_session(session=session, by=SYSTEM, at=at)
    assert not Session.objects.exists()


def test_remove_session_public_waits_for_the_release(at: datetime) -> None:
    slot = SlotFactory()
    draft = add_slot(session=slot.session, room=None, starts_at=at, ends_at=at, by=SYSTEM, at=at)
    for _ in range(2):
        remove_session(session=slot.session, by=SYSTEM, at=at)
    slot.refresh_from_db()
    assert slot.session.removed_at == slot.removed_at == at
    assert not Slot.objects.filter(pk=draft.pk).exists()
    assert facts() == ["slot_added", "session_removed"]
    with pytest.raises(Refusal, match=r"schedule\.session_removed"):
        add_slot(session=slot.session, room=None, starts_at=at, ends_at=at, by=SYSTEM, at=at)


def test_move_slot_changes_the_draft_only(at: datetime) -> None:
    slot = SlotFactory()
    room = RoomFactory(event=slot.session.event)
    public = (slot.public_room_id, slot.public_starts_at)
    for _ in range(2):
        move_slot(slot=slot, room=room, starts_at=at + HOUR, ends_at=at + HOUR, by=SYSTEM, at=at)
    slot.refresh_from_db()
    assert (slot.room, slot.starts_at) == (room, at + HOUR)
    assert (slot.public_room_id, slot.public_starts_at) == public
    assert facts() == ["slot_moved"]


def test_slots_refused(at: datetime) -> None:
    slot = SlotFactory()
    far = datetime(9999, 1, 1, tzinfo=UTC)
    cases = [
        ("schedule.other_event", {"room": RoomFactory()}),
        ("schedule.ends_first", {"ends_at": at - HOUR}),
        ("schedule.far_date", {"starts_at": far, "ends_at": far}),
        ("schedule.far_date", {"starts_at": datetime(1, 1, 2, tzinfo=UTC)}),
        ("schedule.cannot_edit", {"by": PersonFactory()}),
    ]
    for code, given in cases:
        place = {"room": None, "starts_at": at, "ends_at": at, "by": SYSTEM, "at": at} | given
        with pytest.raises(Refusal, match=code):
            add_slot(session=slot.session, **place)
        with pytest.raises(Refusal, match=code):
            move_slot(slot=slot, **place)


def test_move_slot_that_was_just_removed_is_refused(at: datetime) -> None:
    draft = add_slot(session=SlotFactory().session, room=None, starts_at=at, ends_at=at, by=SYSTEM, at=at)
    Slot.objects.filter(pk=draft.pk).delete()
    with pytest.raises(Refusal, match=r"slot\.gone"):
        move_slot(slot=draft, room=None, starts_at=at + HOUR, ends_at=at + HOUR, by=SYSTEM, at=at)


def test_remove_slot_of_a_draft_is_gone(at: datetime) -> None:
    slot = SlotFactory()
    draft = add_slot(session=slot.session, room=None, starts_at=at, ends_at=at, by=SYSTEM, at=at)
    remove_slot(slot=draft, by=SYSTEM, at=at)
    for _ in range(2):
        remove_slot(slot=slot, by=SYSTEM, at=at)
    assert list(Slot.objects.values_list("removed_at", flat=True)) == [at]
    assert facts() == ["slot_added", "slot_removed", "slot_removed"]


def test_plan_session_writes_talk_speakers_and_place(at: datetime) -> None:
    event = EventFactory()
    editor = TeamRoleFactory(community=event.community, role="editor").person
    known = PersonFactory()
    plan = Plan(kind="talk", title={"en": "New"}, speakers=[known, "Aïcha Diallo"], starts_at=at, ends_at=at + HOUR)
    session = plan_session(event=event, plan=plan, by=editor, at=at)
    assert session.talk is not None
    assert list(session.talk.speakers.order_by("speakings__position").values_list("name", flat=True)) == [
        known.name, "Aïcha Diallo",
    ]  # fmt: skip
    assert Person.objects.get(name="Aïcha Diallo").public_at is None, "a draft publishes nobody"
    assert session.slots.get().ends_at == at + HOUR
    unplaced = plan_session(event=event, plan=Plan(kind="break", title={"en": "Tea"}), by=editor, at=at)
    assert (unplaced.talk, unplaced.slots.count()) == (None, 0)
    with pytest.raises(NotAllowed):
        plan_session(event=event, plan=plan, by=PersonFactory(), at=at)


def test_replan_session_changes_talk_and_place(at: datetime) -> None:
    event = EventFactory()
    editor = TeamRoleFactory(community=event.community, role="editor").person
    session = plan_session(event=event, plan=Plan(kind="talk", title={"en": "Old"}), by=editor, at=at)
    plan = Plan(kind="panel", title={"en": "New"}, speakers=["Mei Tanaka"], starts_at=at, ends_at=at + HOUR)
    replan_session(session=session, slot=None, plan=plan, by=editor, at=at)
    slot = session.slots.get()
    later = Plan(kind="panel", title={"en": "New"}, speakers=[], starts_at=at + HOUR, ends_at=at + 2 * HOUR)
    replan_session(session=session, slot=slot, plan=later, by=editor, at=at)
    session.refresh_from_db()
    slot.refresh_from_db()
    assert session.talk is not None
    assert (session.kind, session.talk.title, slot.starts_at) == ("panel", {"en": "New"}, at + HOUR)
    assert session.talk.speakers.count() == 0


def test_replan_session_with_a_foreign_talk_writes_its_own_texts(at: datetime) -> None:
    event = EventFactory()
    editor = TeamRoleFactory(community=event.community, role="editor").person
    talk = SpeakingFactory().talk
    session = add_session(event=event, talk=talk, kind="talk", by=editor, at=at)
    replan_session(session=session, slot=None, plan=Plan(kind="talk", title={"en": "Ours"}), by=editor, at=at)
    session.refresh_from_db()
    assert session.title == {"en": "Ours"}
    assert Talk.objects.get().title == talk.title
    assert talk.speakers.count() == 1


def test_add_sessions_in_bulk_and_delete_them_again(at: datetime) -> None:
    event = EventFactory()
    room = RoomFactory(event=event)
    new = NewSession(kind="talk", title={"en": "A"}, slots=[NewSlot(at, at + HOUR, room=room), NewSlot(at, at)])
    made = add_sessions_in_bulk(event=event, sessions=[new, new], by=SYSTEM, at=at)
    assert (len(made), Slot.objects.count(), facts()) == (2, 4, ["sessions_added"])
    foreign = SessionFactory()
    delete_sessions_in_bulk(event=event, sessions=[*made, foreign], by=SYSTEM, at=at)
    delete_sessions_in_bulk(event=event, sessions=[foreign], by=SYSTEM, at=at)
    assert list(Session.objects.all()) == [foreign]
    assert add_sessions_in_bulk(event=event, sessions=[], by=SYSTEM, at=at) == []
    with pytest.raises(Refusal, match=r"schedule\.other_event"):
        slots = [NewSlot(at, at, room=RoomFactory())]
        add_sessions_in_bulk(event=event, sessions=[NewSession(kind="talk", slots=slots)], by=SYSTEM, at=at)


def test_edit_track_may_change_its_colour_alone(at: datetime) -> None:
    track = TrackFactory(name="Core", hue=1)
    edit_track(track=track, changes={"hue": 6}, by=SYSTEM, at=at)
    track.refresh_from_db()
    assert (track.name, track.hue) == ("Core", 6)
