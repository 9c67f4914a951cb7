"""Links for those at the door, and the code on the wall."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from hallway.gathering.attendance import actions, policies, queries
from hallway.gathering.attendance.models import DoorHelper
from hallway.gathering.events import actions as events
from hallway.gathering.events.models import Event
from hallway.kit.actors import SystemPerson
from hallway.kit.models import FactRow
from hallway.kit.refusal import NotAllowed, Refusal
from tests.factories import AdmissionFactory, EventFactory, PersonFactory, TeamRoleFactory
from tests.gathering.attendance.doorway import evening, going, helper_of, team_of

pytestmark = pytest.mark.django_db


def kinds() -> list[str]:
    return [kind.removeprefix("attendance.") for kind in FactRow.objects.order_by("pk").values_list("kind", flat=True)]


def test_invite_helper_makes_a_link_for_the_evening(at: datetime) -> None:
    admission = evening(at)
    helper, token = helper_of(admission, at)
    assert queries.helper_by(token) == helper
    assert helper.opens_at == admission.event.starts_at - timedelta(hours=12)
    assert helper.expires_at == admission.event.ends_at + timedelta(hours=6)
    assert (helper.name, helper.made_by is not None, "helper_invited" in kinds()) == ("Lerato", True, True)
    assert policies.can_open_door(helper, at)
    assert not policies.can_open_door(helper, helper.opens_at - timedelta(seconds=1))
    assert not policies.can_open_door(helper, helper.expires_at)


def test_invite_helper_by_hallway_itself_names_nobody(at: datetime) -> None:
    event = EventFactory(starts_at=at, ends_at=None)
    helper, _token = actions.invite_helper(event=event, name="", by=SystemPerson("demo"), at=at)
    assert (helper.made_by, helper.expires_at) == (None, at + timedelta(hours=6))


def test_invite_helper_by_somebody_outside_is_refused(at: datetime) -> None:
    admission = evening(at)
    with pytest.raises(NotAllowed):
        actions.invite_helper(event=admission.event, name="x", by=PersonFactory(), at=at)
    assert DoorHelper.objects.count() == 0


def test_invite_helper_needs_an_event_with_a_door(at: datetime) -> None:
    admission = evening(at)
    team = team_of(admission)
    with pytest.raises(Refusal, match="door_over"):
        actions.invite_helper(event=admission.event, name="x", by=team, at=at + timedelta(days=1))
    Event.objects.filter(pk=admission.event_id).update(state=Event.State.DRAFT)
    with pytest.raises(Refusal, match="no_door"):
        actions.invite_helper(event=admission.event, name="x", by=team, at=at)


def test_end_helper_twice_is_once(at: datetime) -> None:
    admission = evening(at)
    helper, token = helper_of(admission, at)
    team = team_of(admission)
    actions.end_helper(helper=helper, by=team, at=at)
    ended = actions.end_helper(helper=helper, by=team, at=at + timedelta(minutes=1))
    assert (ended.ended_at, kinds().count("helper_ended")) == (at, 1)
    found = queries.helper_by(token)
    assert found is not None
    assert not policies.can_open_door(found, at)
    assert policies.door_ends(found) == at


def test_end_helper_by_somebody_outside_is_refused(at: datetime) -> None:
    helper, _token = helper_of(evening(at), at)
    with pytest.raises(NotAllowed):
        actions.end_helper(helper=helper, by=PersonFactory(), at=at)


def test_links_to_the_door_move_with_their_event(at: datetime) -> None:
    admission = evening(at)
    event, organiser = admission.event, TeamRoleFactory(community=admission.event.community).person
    helper, _token = actions.invite_helper(event=event, name="Lindiwe", by=organiser, at=at)
    ended, _other = actions.invite_helper(event=event, name="Kabelo", by=organiser, at=at)
    actions.end_helper(helper=ended, by=organiser, at=at)
    later = at + timedelta(days=9)
    events.postpone_event(event=event, starts_at=later, reason={}, by=organiser, at=at)
    helper.refresh_from_db()
    event.refresh_from_db()
    assert helper.opens_at == later - timedelta(hours=12)
    assert helper.expires_at == event.ends_at + timedelta(hours=6)
    assert DoorHelper.objects.get(pk=ended.pk).opens_at < helper.opens_at, "what was ended stays as it was"
    events.edit_event(event=event, changes={"tagline": {"en": "Words"}}, by=organiser, at=at)
    assert actions.move_helpers(event=event, by=organiser, at=at) == 0
    events.postpone_event(event=event, starts_at=None, reason={}, by=organiser, at=at)
    assert DoorHelper.objects.get(pk=helper.pk).opens_at == helper.opens_at, "without a date nothing opens or ends"
    with pytest.raises(NotAllowed):
        actions.move_helpers(event=event, by=PersonFactory(), at=at)


def test_change_wall_ends_the_old_code(at: datetime) -> None:
    admission = AdmissionFactory()
    team = team_of(admission)
    old = actions.change_wall(admission=admission, by=team, at=at)
    assert queries.admission_by_wall(old) == admission
    new = actions.change_wall(admission=admission, by=team, at=at)
    assert queries.admission_by_wall(old) is None
    assert queries.admission_by_wall(new) == admission
    assert kinds().count("wall_changed") == 2
    with pytest.raises(NotAllowed):
        actions.change_wall(admission=admission, by=PersonFactory(), at=at)


def test_print_people_is_noted_for_those_who_are_on_it(at: datetime) -> None:
    admission = evening(at)
    seated, waiting = going(admission)[0], going(admission, state="waiting")[0]
    online = going(admission, online=True)[0]
    going(admission, state="declined")
    team = team_of(admission)
    badges = actions.print_people(admission=admission, what="badges", by=team, at=at)
    listed = actions.print_people(admission=admission, what="list", by=team, at=at)
    assert set(badges.registrations.all()) == {seated}
    assert set(listed.registrations.all()) == {seated, waiting, online}
    assert (listed.by, listed.what, "code" in listed.columns) == (team, "list", True)
    assert kinds().count("list_exported") == 2


def test_print_people_by_somebody_outside_or_of_nobody_is_refused(at: datetime) -> None:
    admission = evening(at)
    with pytest.raises(NotAllowed):
        actions.print_people(admission=admission, what="list", by=PersonFactory(), at=at)
    with pytest.raises(Refusal, match="empty_list"):
        actions.print_people(admission=admission, what="list", by=team_of(admission), at=at)
