from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from hallway.gathering.communities.actions import ban_from_community, lift_community_exclusion, mute_in_community
from hallway.gathering.communities.models import TeamRole
from hallway.gathering.events import policies, queries
from hallway.gathering.events.actions import ban_from_event, lift_event_exclusion, mute_at_event
from hallway.gathering.events.models import Event, EventExclusion, Host
from hallway.kit import clock, trail
from hallway.kit.actors import SystemPerson, Visitor
from hallway.kit.models import FactRow
from hallway.kit.refusal import NotAllowed, Refusal
from hallway.people.actions import leave_hallway, merge_persons
from hallway.people.models import Person
from tests.factories import EventFactory, PersonFactory, TeamRoleFactory

pytestmark = pytest.mark.django_db

DEVICE = Visitor("4b0d8f52-0000-4000-8000-000000000000")
WHY = "Insults in the chat."
HALLWAY = SystemPerson("tests")


@pytest.fixture
def now() -> datetime:
    """Policies look at the clock."""
    return clock.now()


@pytest.fixture
def event() -> Event:
    return EventFactory(title={"en": "Savanna Conf"}, community__name="Ubuntu Coders")


@pytest.fixture
def organiser(event: Event) -> Person:
    return TeamRoleFactory(community=event.community, person__name="Naledi").person


@pytest.fixture
def subject() -> Person:
    return PersonFactory(name="Piet")


def may(who: Any, event: Event) -> tuple[bool, bool]:
    """Whether somebody may come, and whether they may write."""
    return policies.may_come(who, event), policies.may_take_part(who, event)


def test_mute_lets_come_and_write_nothing(event: Event, organiser: Person, subject: Person, now: datetime) -> None:
    row = mute_at_event(event=event, who=subject, reason=WHY, by=organiser, at=now)
    assert mute_at_event(event=event, who=subject, reason=WHY, by=organiser, at=now).pk == row.pk
    assert may(subject, event) == (True, False)
    assert may(subject, EventFactory(community=event.community)) == (True, True)
    lift_event_exclusion(exclusion=row, by=organiser, at=now)
    assert may(subject, event) == (True, True)


def test_ban_lets_neither(event: Event, organiser: Person, subject: Person, now: datetime) -> None:
    row = ban_from_event(event=event, who=subject, reason=WHY, by=organiser, at=now)
    assert ban_from_event(event=event, who=subject, reason=WHY, by=organiser, at=now).pk == row.pk
    assert may(subject, event) == (False, False)
    for _times in range(2):
        lift_event_exclusion(exclusion=row, by=organiser, at=now)
    assert may(subject, event) == (True, True)
    assert FactRow.objects.filter(kind="events.exclusion_lifted").count() == 1


def test_what_holds_in_the_community_holds_at_its_events(
    event: Event, organiser: Person, subject: Person, now: datetime
) -> None:
    other = PersonFactory()
    ban_from_community(community=event.community, who=subject, reason=WHY, by=organiser, at=now)
    mute_in_community(community=event.community, who=other, reason=WHY, by=organiser, at=now)
    assert may(subject, event) == (False, False)
    assert may(other, event) == (True, False)
    assert may(subject, EventFactory()) == (True, True)


def test_device_and_nobody(event: Event, organiser: Person, now: datetime, django_assert_num_queries: Any) -> None:
    mute_at_event(event=event, who=DEVICE, reason=WHY, by=organiser, at=now)
    with django_assert_num_queries(1):
        assert not policies.may_take_part(DEVICE, event)
    assert policies.may_come(DEVICE, event)
    with django_assert_num_queries(0):
        assert may(None, event) == may(HALLWAY, event) == (True, True)


def test_exclusion_is_over_when_its_time_is(
    event: Event, organiser: Person, subject: Person, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    until = now + timedelta(hours=1)
    ban_from_event(event=event, who=subject, reason=WHY, until=until, by=organiser, at=now)
    assert may(subject, event) == (False, False)
    monkeypatch.setattr("hallway.kit.clock.now", lambda: until)
    assert may(subject, event) == (True, True)


def test_nobody_lifts_their_own(event: Event, organiser: Person, subject: Person, now: datetime) -> None:
    here = ban_from_event(event=event, who=subject, reason=WHY, by=organiser, at=now)
    around = mute_in_community(community=event.community, who=subject, reason=WHY, by=organiser, at=now)
    TeamRoleFactory(community=event.community, person=subject)
    for lift, row in ((lift_event_exclusion, here), (lift_community_exclusion, around)):
        with pytest.raises(NotAllowed) as refused:
            lift(exclusion=row, by=subject, at=now)
        assert refused.value.code == "exclusion.own"
        lift(exclusion=row, by=organiser, at=now)


def test_who_may_mute_and_ban(event: Event, organiser: Person, subject: Person, now: datetime) -> None:
    editor = TeamRoleFactory(community=event.community, role=TeamRole.Role.EDITOR).person
    helper = TeamRoleFactory(community=event.community, role=TeamRole.Role.HELPER).person
    hosting = TeamRoleFactory()
    Host.objects.create(event=event, community=hosting.community, invited_at=now, accepted_at=now)
    mute = mute_at_event(event=event, who=subject, reason=WHY, by=editor, at=now)
    ban = ban_from_event(event=event, who=subject, reason=WHY, by=hosting.person, at=now)
    for by in (helper, TeamRoleFactory().person, DEVICE):
        with pytest.raises(NotAllowed):
            mute_at_event(event=event, who=subject, reason="again", by=by, at=now)
    for by in (editor, helper):
        with pytest.raises(NotAllowed):
            ban_from_event(event=event, who=subject, reason="again", by=by, at=now)
        with pytest.raises(NotAllowed):
            lift_event_exclusion(exclusion=ban, by=by, at=now)
    lift_event_exclusion(exclusion=mute, by=editor, at=now)
    for team in (hosting.person, helper, organiser):
        with pytest.raises(Refusal) as refused:
            ban_from_event(event=event, who=team, reason=WHY, by=organiser, at=now)
        assert refused.value.code == "exclusion.team"
    assert mute_at_event(event=event, who=DEVICE, reason=WHY, by=HALLWAY, at=now).decided_by is None


def test_trail_of_event_and_community_says_it(event: Event, organiser: Person, subject: Person, now: datetime) -> None:
    ban_from_event(event=event, who=subject, reason=WHY, by=organiser, at=now)
    mute_at_event(event=event, who=DEVICE, reason=WHY, by=organiser, at=now)
    said = [entry.sentence for entry in trail.entries(f"event:{event.pk}")]
    assert said == ["Naledi muted a visitor at Savanna Conf", "Naledi banned Piet from Savanna Conf"]
    assert [entry.sentence for entry in trail.entries(f"community:{event.community_id}")] == said


def test_leaving_merging_and_export(event: Event, organiser: Person, subject: Person, now: datetime) -> None:
    TeamRoleFactory(community=event.community)
    keep = PersonFactory()
    ban_from_event(event=event, who=subject, reason=WHY, by=organiser, at=now)
    merge_persons(keep=keep, gone=subject, by=HALLWAY, at=now)
    row = EventExclusion.objects.get()
    assert row.person == keep
    assert [one["reason"] for one in queries.own_data(keep)["exclusions"]] == [WHY]
    assert queries.own_data(PersonFactory()) == {}
    leave_hallway(person=organiser, by=organiser, at=now)
    row.refresh_from_db()
    assert row.decided_by is None
    leave_hallway(person=Person.objects.get(pk=keep.pk), by=keep, at=now)
    assert not EventExclusion.objects.exists()
