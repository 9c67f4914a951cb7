"""Two things at once that take something from each other: leaving, merging, undoing, removing."""

from __future__ import annotations

from datetime import datetime

import pytest

from hallway.exchange.actions import undo_import
from hallway.exchange.actions.importing import import_programme
from hallway.gathering.communities import actions as communities
from hallway.gathering.communities.models import TeamRole
from hallway.gathering.communities.queries import lasting_organisers
from hallway.gathering.events import actions as events
from hallway.gathering.events.models import Event
from hallway.people import actions as people
from hallway.people.models import Person
from hallway.programme.schedule import actions as schedule
from hallway.programme.schedule.models import Session
from tests.exchange.programmes import small_programme
from tests.exchange.stored import bring_in, event_of
from tests.factories import EventFactory, PersonFactory, SessionFactory, SlotFactory, TeamRoleFactory
from tests.faults.test_races import at_once, codes

pytestmark = [pytest.mark.database, pytest.mark.fault, pytest.mark.django_db(transaction=True)]
ROUNDS = range(4)


def test_two_organisers_who_leave_hallway_at_once_leave_one(at: datetime) -> None:
    one = TeamRoleFactory()
    two = TeamRoleFactory(community=one.community)
    failures = at_once(
        lambda: people.leave_hallway(person=one.person, by=one.person, at=at),
        lambda: people.leave_hallway(person=two.person, by=two.person, at=at),
    )
    assert codes(failures) == ["person.needed"]
    assert lasting_organisers(one.community_id).count() == 1


def test_one_leaves_hallway_while_the_other_is_removed(at: datetime) -> None:
    one = TeamRoleFactory()
    two = TeamRoleFactory(community=one.community)
    failures = at_once(
        lambda: people.leave_hallway(person=one.person, by=one.person, at=at),
        lambda: communities.end_role(role=two, by=one.person, at=at),
    )
    assert codes(failures) in (["person.needed"], ["team.cannot_manage"], ["team.last_organiser"])
    assert lasting_organisers(one.community_id).count() == 1


@pytest.mark.parametrize("_round", ROUNDS)
def test_merge_while_the_one_who_stays_leaves(_round: int, at: datetime) -> None:
    keep, administrator = PersonFactory(), PersonFactory(is_administrator=True)
    gone = TeamRoleFactory(role="helper").person
    failures = at_once(
        lambda: people.merge_persons(keep=keep, gone=gone, by=administrator, at=at),
        lambda: people.leave_hallway(person=keep, by=keep, at=at),
    )
    assert codes(failures) in ([], ["person.merged_already"])
    assert not TeamRole.objects.filter(person__left_at__isnull=False, ended_at=None).exists()


def test_leave_twice_at_once_is_one_leaving(at: datetime) -> None:
    one = PersonFactory()
    leave = lambda: people.leave_hallway(person=Person.objects.get(pk=one.pk), by=one, at=at)  # noqa: E731 - a call to be made twice
    assert set(codes(at_once(leave, leave))) <= {"person.cannot_leave"}


def test_merge_twice_at_once_is_one_merging(at: datetime) -> None:
    keep, gone, administrator = PersonFactory(), PersonFactory(), PersonFactory(is_administrator=True)
    merge = lambda: people.merge_persons(keep=keep, gone=gone, by=administrator, at=at)  # noqa: E731 - a call to be made twice
    assert codes(at_once(merge, merge)) == []


@pytest.mark.parametrize("_round", ROUNDS)
def test_edit_of_a_session_while_it_is_removed(_round: int, at: datetime) -> None:
    organiser = TeamRoleFactory()
    session = SessionFactory(event=EventFactory(community=organiser.community), public_at=None)
    mine, yours = Session.objects.get(pk=session.pk), Session.objects.get(pk=session.pk)
    failures = at_once(
        lambda: schedule.edit_session(session=mine, changes={"plenum": True}, by=organiser.person, at=at),
        lambda: schedule.remove_session(session=yours, by=organiser.person, at=at),
    )
    assert set(codes(failures)) <= {"session.gone"}
    assert not Session.objects.filter(pk=session.pk).exists()


@pytest.mark.parametrize("_round", ROUNDS)
def test_slot_added_to_a_session_while_it_is_removed(_round: int, at: datetime) -> None:
    organiser = TeamRoleFactory()
    event = EventFactory(community=organiser.community)
    session = SessionFactory(event=event, public_at=None)
    yours = Session.objects.get(pk=session.pk)
    failures = at_once(
        lambda: schedule.add_slot(session=session, room=None, starts_at=at, ends_at=at, by=organiser.person, at=at),
        lambda: schedule.remove_session(session=yours, by=organiser.person, at=at),
    )
    assert set(codes(failures)) <= {"session.gone"}
    assert not Session.objects.filter(pk=session.pk).exists()


def test_remove_session_twice_at_once_is_a_sentence_for_one(at: datetime) -> None:
    organiser = TeamRoleFactory()
    session = SessionFactory(event=EventFactory(community=organiser.community), public_at=None)
    both = [Session.objects.get(pk=session.pk) for _ in range(2)]
    failures = at_once(
        *[lambda one=one: schedule.remove_session(session=one, by=organiser.person, at=at) for one in both]
    )
    assert codes(failures) == ["session.gone"]


@pytest.mark.parametrize("_round", ROUNDS)
def test_remove_while_it_is_released_keeps_what_became_public(_round: int, at: datetime) -> None:
    organiser = TeamRoleFactory()
    event = EventFactory(community=organiser.community)
    none = {"public_room": None, "public_starts_at": None, "public_ends_at": None, "public_at": None}
    session = SlotFactory(session=SessionFactory(event=event, public_at=None), **none).session
    failures = at_once(
        lambda: schedule.release_schedule(event=event, by=organiser.person, at=at),
        lambda: schedule.remove_session(session=session, by=organiser.person, at=at),
    )
    assert set(codes(failures)) <= {"schedule.nothing_changed"}
    left = Session.objects.filter(pk=session.pk).first()
    released = event.releases.exists()
    assert (left is not None and left.removed_at is not None) if released else left is None


@pytest.mark.parametrize("_round", ROUNDS)
def test_undo_while_editing_loses_neither(_round: int, at: datetime) -> None:
    role = TeamRoleFactory()
    run, organiser = bring_in(community=role.community), role.person
    session = Session.objects.filter(event=event_of(run)).first()
    assert session is not None
    failures = at_once(
        lambda: undo_import(run=run, by=organiser, at=at),
        lambda: schedule.edit_session(session=session, changes={"code": "EDITED"}, by=organiser, at=at),
    )
    assert set(codes(failures)) <= {"session.gone"}
    left = Session.objects.filter(pk=session.pk).first()
    assert (left.code == "EDITED") if left is not None else codes(failures) == ["session.gone"]


def test_same_file_twice_at_once_is_one_event(at: datetime) -> None:
    organiser = TeamRoleFactory()
    bring = lambda: import_programme(  # noqa: E731 - a call to be made twice
        programme=small_programme(), community=organiser.community, publish=True, by=organiser.person, at=at
    )
    assert codes(at_once(bring, bring)) == []
    assert Event.objects.filter(community=organiser.community).count() == 1
    assert Session.objects.count() == len(small_programme().sessions)


def test_host_answers_yes_and_no_at_once(at: datetime) -> None:
    organiser, theirs = TeamRoleFactory(), TeamRoleFactory()
    host = events.invite_host(
        event=EventFactory(community=organiser.community), community=theirs.community, by=organiser.person, at=at
    )
    failures = at_once(
        lambda: events.accept_host(host=host, by=theirs.person, at=at),
        lambda: events.decline_host(host=host, by=theirs.person, at=at),
    )
    assert all(not said.startswith("Integrity") for said in codes(failures))
    host.refresh_from_db()
    assert bool(host.accepted_at) != bool(host.declined_at)
