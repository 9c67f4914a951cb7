"""Sessions one registers for: seats given and taken away, and lists that follow the released programme."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
import time_machine

from hallway.gathering.attendance import actions as attendance
from hallway.gathering.attendance.models import Admission, Registration
from hallway.gathering.events.actions import edit_room, remove_room
from hallway.kit.models import FactRow
from hallway.kit.refusal import NotAllowed, Refusal
from hallway.people.models import Person
from hallway.programme.schedule import policies, queries
from hallway.programme.schedule.actions import (
    add_session,
    add_slot,
    delete_sessions_in_bulk,
    edit_session,
    give_session_seats,
    move_slot,
    release_schedule,
    remove_session,
    remove_slot,
    reset_to_release,
    take_seats_from_session,
)
from hallway.programme.schedule.models import Session
from hallway.programme.talks.actions import edit_talk
from tests.factories import (
    PersonFactory,
    RoomFactory,
    SessionFactory,
    TeamRoleFactory,
)
from tests.programme.schedule.workshops import HOUR, SYSTEM, again, come, conference, draft, list_of, released

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def now(at: datetime) -> object:
    with time_machine.travel(at, tick=False):
        yield at


def move(session: Session, at: datetime, hours: int, room: str) -> None:
    """To another room, so many hours later, in the draft."""
    slot = session.slots.select_related("session__event").get()
    where = RoomFactory(event=session.event, name=room)
    move_slot(
        slot=slot, room=where, starts_at=slot.starts_at + hours * HOUR, ends_at=slot.ends_at + hours * HOUR,
        by=SYSTEM, at=at,
    )  # fmt: skip


def test_give_session_seats_of_a_released_session_opens_its_list(at: datetime) -> None:
    session = released(at, seats=12)
    admission, slot = list_of(session), session.slots.get()
    assert (admission.title, admission.capacity, admission.off_at) == (queries.title_of(session), 12, None)
    assert (admission.starts_at, admission.ends_at) == (slot.public_starts_at, slot.public_ends_at)
    assert admission.place == slot.public_room.name
    assert come(session, at)[0].state == "going"
    assert FactRow.objects.get(kind="schedule.session_changed").payload["fields"] == ["admission"]


def test_give_session_seats_of_a_draft_opens_its_list_with_the_release(at: datetime) -> None:
    session = draft(at)
    admission = give_session_seats(session=session, seats=4, by=SYSTEM, at=at)
    assert (admission.off_at, admission.place, admission.title) == (at, "Cellar", {"en": "Soldering"})
    person = PersonFactory()
    with pytest.raises(Refusal) as refused:
        attendance.register(admission=admission, person=person, by=person, at=at)
    assert refused.value.code == "attendance.off"
    release_schedule(event=session.event, by=SYSTEM, at=at)
    assert list_of(session).off_at is None
    assert come(session, at)[0].state == "going"


def test_give_session_seats_of_a_session_without_a_place(at: datetime) -> None:
    session = add_session(event=conference(at), kind="workshop", title={"en": "Later"}, by=SYSTEM, at=at)
    admission = give_session_seats(session=session, seats=4, by=SYSTEM, at=at)
    assert (admission.starts_at, admission.ends_at, admission.place) == (None, None, "")


def test_give_session_seats_again_changes_how_many_and_passes_them_on(at: datetime) -> None:
    session = released(at, seats=1)
    _going, waiting = come(session, at, 2)
    give_session_seats(session=session, seats=2, by=SYSTEM, at=at)
    assert list_of(session).capacity == 2
    assert Registration.objects.get(pk=waiting.pk).state == "offered"
    assert Admission.objects.count() == 1


@pytest.mark.parametrize("seats", [0, -1, 10_001])
def test_give_session_seats_of_no_such_number_refused(seats: int, at: datetime) -> None:
    with pytest.raises(Refusal) as refused:
        give_session_seats(session=released(at, seats=None), seats=seats, by=SYSTEM, at=at)
    assert (refused.value.code, refused.value.field) == ("schedule.seats", "seats")


def test_give_session_seats_of_a_break_or_a_removed_session_refused(at: datetime) -> None:
    pause = SessionFactory(kind="break", talk=None, title={"en": "Lunch"})
    with pytest.raises(Refusal) as refused:
        give_session_seats(session=pause, seats=4, by=SYSTEM, at=at)
    assert refused.value.code == "schedule.break_with_seats"
    session = released(at, seats=None)
    remove_session(session=session, by=SYSTEM, at=at)
    with pytest.raises(Refusal) as refused:
        give_session_seats(session=session, seats=4, by=SYSTEM, at=at)
    assert refused.value.code == "schedule.session_removed"


@pytest.mark.parametrize(("role", "may"), [("organiser", True), ("editor", False), ("helper", False)])
def test_seats_are_for_organisers(role: str, may: bool, at: datetime) -> None:
    session = released(at)
    person = TeamRoleFactory(community=session.event.community, role=role).person
    assert policies.can_give_seats(person, session.event) is may
    for change in (
        lambda: give_session_seats(session=session, seats=4, by=person, at=at),
        lambda: take_seats_from_session(session=session, by=person, at=at),
    ):
        if may:
            change()
        else:
            with pytest.raises(NotAllowed) as refused:
                change()
            assert refused.value.code == "schedule.cannot_give_seats"


def test_take_seats_from_session_nobody_registered_for(at: datetime) -> None:
    session = released(at)
    take_seats_from_session(session=session, by=SYSTEM, at=at)
    assert again(session).admission is None
    assert not Admission.objects.exists()
    facts = FactRow.objects.count()
    take_seats_from_session(session=session, by=SYSTEM, at=at)
    assert FactRow.objects.count() == facts, "twice is once"


def test_take_seats_from_session_people_registered_for_refused(at: datetime) -> None:
    session = released(at)
    come(session, at)
    with pytest.raises(Refusal) as refused:
        take_seats_from_session(session=session, by=SYSTEM, at=at)
    assert refused.value.code == "attendance.people_registered"
    assert list_of(session).registrations.count() == 1


def test_release_writes_down_where_a_workshop_moved_and_those_registered_hear_it_once(at: datetime) -> None:
    session = released(at)
    come(session, at, 2)
    before = list_of(session)
    move(session, at, 3, "Ballroom")
    assert (list_of(session).place, list_of(session).moved_at) == (before.place, None), "a draft is nobody's news"
    release_schedule(event=session.event, by=SYSTEM, at=at)
    after = list_of(session)
    assert (after.place, after.starts_at, after.sequence) == ("Ballroom", before.starts_at + 3 * HOUR, 1)
    later = at + timedelta(minutes=11)
    assert attendance.tell_changes(admission=after, by=SYSTEM, at=later) == "moved"
    assert attendance.tell_changes(admission=after, by=SYSTEM, at=later) == ""


def test_release_that_moves_other_sessions_leaves_the_list_alone(at: datetime) -> None:
    session = released(at)
    other = released(at, seats=None, event=session.event)
    move(other, at, 1, "Ballroom")
    release_schedule(event=session.event, by=SYSTEM, at=at)
    assert list_of(session).sequence == 0


def test_release_without_a_session_people_registered_for_closes_its_list_and_tells_them(at: datetime) -> None:
    session = released(at)
    released(at, seats=None, event=session.event)
    row = come(session, at)[0]
    remove_session(session=session, by=SYSTEM, at=at)
    assert list_of(session).off_at is None, "it stays readable until the release"
    release_schedule(event=session.event, by=SYSTEM, at=at)
    admission = list_of(session)
    assert (admission.off_at, admission.registrations.get()) == (at, row)
    later = at + timedelta(minutes=11)
    assert attendance.tell_changes(admission=admission, by=SYSTEM, at=later) == "workshop_off"


def test_release_without_a_removed_session_nobody_registered_for_takes_its_list_away(at: datetime) -> None:
    session = released(at)
    remove_session(session=session, by=SYSTEM, at=at)
    release_schedule(event=session.event, by=SYSTEM, at=at)
    assert not Admission.objects.exists()


def test_release_without_a_place_keeps_seats_for_the_release_that_gives_it_one(at: datetime) -> None:
    session = released(at)
    slot = session.slots.select_related("session__event").get()
    remove_slot(slot=slot, by=SYSTEM, at=at)
    release_schedule(event=session.event, by=SYSTEM, at=at)
    assert list_of(session).off_at == at
    starts = at + timedelta(days=6)
    add_slot(session=session, room=None, starts_at=starts, ends_at=starts + HOUR, by=SYSTEM, at=at)
    release_schedule(event=session.event, by=SYSTEM, at=at)
    admission = list_of(session)
    assert (admission.off_at, admission.starts_at, admission.place, admission.capacity) == (None, starts, "", 2)


def test_reset_before_the_release_leaves_the_list_open(at: datetime) -> None:
    session = released(at)
    session.event.releases.create(number=1, version="1", released_at=at)
    remove_session(session=session, by=SYSTEM, at=at)
    reset_to_release(event=session.event, by=SYSTEM, at=at)
    assert list_of(session).off_at is None


def test_removed_draft_takes_its_list_along(at: datetime) -> None:
    session = draft(at)
    give_session_seats(session=session, seats=4, by=SYSTEM, at=at)
    remove_session(session=session, by=SYSTEM, at=at)
    assert not Admission.objects.exists()


def test_removed_draft_that_once_was_public_leaves_the_list_of_those_registered(at: datetime) -> None:
    session = released(at)
    row = come(session, at)[0]
    remove_slot(slot=session.slots.select_related("session__event").get(), by=SYSTEM, at=at)
    release_schedule(event=session.event, by=SYSTEM, at=at)
    remove_session(session=again(session), by=SYSTEM, at=at)
    assert not Session.objects.exists()
    assert Registration.objects.get() == row


def test_sessions_deleted_in_bulk_call_off_lists_with_people(at: datetime) -> None:
    session = released(at)
    empty = released(at, event=session.event)
    row = come(session, at)[0]
    delete_sessions_in_bulk(event=session.event, sessions=[session, empty], by=SYSTEM, at=at)
    admission = Admission.objects.get()
    assert (admission.off_at, admission.registrations.get()) == (at, row)


def test_titles_of_public_sessions_follow_at_once(at: datetime) -> None:
    session = released(at)
    edit_talk(talk=session.talk, changes={"title": {"en": "Of the talk"}}, by=SYSTEM, at=at)
    assert list_of(session).title == {"en": "Of the talk"}
    edit_session(session=again(session), changes={"title": {"en": "Of the session"}}, by=SYSTEM, at=at)
    assert list_of(session).title == {"en": "Of the session"}


def test_title_of_a_draft_follows_with_the_release(at: datetime) -> None:
    session = draft(at)
    give_session_seats(session=session, seats=4, by=SYSTEM, at=at)
    edit_session(session=again(session), changes={"title": {"en": "Another"}}, by=SYSTEM, at=at)
    assert (list_of(session).title, list_of(session).off_at) == ({"en": "Soldering"}, at)
    release_schedule(event=session.event, by=SYSTEM, at=at)
    assert list_of(session).title == {"en": "Another"}


def test_renamed_and_removed_rooms_are_written_down(at: datetime) -> None:
    session = released(at)
    room = session.slots.get().public_room
    edit_room(room=room, changes={"name": "Tank"}, by=SYSTEM, at=at)
    assert list_of(session).place == "Tank"
    remove_room(room=room, by=SYSTEM, at=at)
    assert list_of(session).place == ""


def test_own_seats_says_where_a_reader_stands(at: datetime) -> None:
    session = released(at, seats=1)
    going, first, second = come(session, at, 3)

    def of(person: Person | None) -> tuple[object, ...]:
        found = queries.own_seats(again(session), person)
        assert found is not None
        return (found.seats.free, found.seats.waiting, found.mine and found.mine.state, found.ahead)

    assert of(None) == (0, 2, None, None)
    assert of(PersonFactory()) == (0, 2, None, None)
    assert of(going.person) == (0, 2, "going", None)
    assert [of(row.person)[3] for row in (first, second)] == [0, 1]
    Registration.objects.filter(pk=first.pk).update(first_time=False)
    Admission.objects.update(rule="first_timers")
    assert [of(row.person)[3] for row in (first, second)] == [1, 0]
    Admission.objects.update(rule="lottery")
    assert of(first.person) == (0, 2, "waiting", None)
    Admission.objects.update(capacity=None)
    assert of(None) == (None, 2, None, None)
