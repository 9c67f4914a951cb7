"""Everybody registered hears once what became of it."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from hallway.gathering.attendance import actions, queries
from hallway.gathering.attendance.models import Admission, Registration
from hallway.gathering.events import actions as events
from hallway.gathering.events.models import Event
from hallway.kit.actors import SystemPerson
from hallway.kit.refusal import NotAllowed
from hallway.people.models import Person
from tests.factories import PersonFactory, TeamRoleFactory, VenueFactory
from tests.gathering.attendance.line import come, list_of, now_of

pytestmark = pytest.mark.django_db
KEEPER = SystemPerson("seats")


def scene(at: datetime) -> tuple[Admission, Person, list[Registration]]:
    admission = list_of(1, at + timedelta(days=30))
    organiser = TeamRoleFactory(community=admission.event.community).person
    return admission, organiser, come(admission, at, 3)


def told(admission: Admission, at: datetime) -> str:
    return actions.tell_changes(admission=Admission.objects.get(pk=admission.pk), by=KEEPER, at=at)


def test_tell_changes_is_silent_where_nothing_changed(at: datetime) -> None:
    admission, organiser, _rows = scene(at)
    assert told(admission, at) == ""
    events.edit_event(event=admission.event, changes={"tagline": {"en": "New words"}}, by=organiser, at=at)
    assert told(admission, at + timedelta(hours=1)) == ""
    assert queries.with_news(at) == []
    with pytest.raises(NotAllowed):
        actions.tell_changes(admission=admission, by=PersonFactory(), at=at)


def test_tell_changes_before_anybody_registered_remembers_only(at: datetime) -> None:
    admission = list_of(1, at + timedelta(days=30))
    assert told(admission, at) == ""
    assert Admission.objects.get().told["state"] == "published"


def test_tell_changes_of_a_postponed_date_at_once_and_offers_come_back(at: datetime) -> None:
    admission, organiser, rows = scene(at)
    actions.give_up_seat(registration=rows[0], by=rows[0].person, at=at)
    events.postpone_event(event=admission.event, starts_at=None, reason={"en": "Flood"}, by=organiser, at=at)
    assert told(admission, at) == "postponed"
    assert told(admission, at) == ""
    assert now_of(rows[1]).state == "waiting"
    event = Event.objects.get()
    events.edit_event(event=event, changes={"starts_at": at + timedelta(days=60)}, by=organiser, at=at)
    assert told(admission, at) == "", "an edit waits for ten quiet minutes"
    assert told(admission, at + timedelta(minutes=10)) == "moved"
    assert now_of(rows[1]).state == "offered"


def test_tell_changes_of_an_event_moved_once_for_three_corrections(at: datetime) -> None:
    admission, organiser, _rows = scene(at)
    for hours in (1, 2, 3):
        begins = at + timedelta(days=31, hours=hours)
        events.postpone_event(event=Event.objects.get(), starts_at=begins, reason={}, by=organiser, at=at)
    assert told(admission, at + timedelta(minutes=9)) == ""
    assert told(admission, at + timedelta(minutes=11)) == "moved"


def test_tell_changes_of_another_place(at: datetime) -> None:
    admission, organiser, rows = scene(at)
    actions.give_up_seat(registration=rows[0], by=rows[0].person, at=at)
    venue = VenueFactory(community=admission.event.community)
    events.edit_event(event=admission.event, changes={"venue": venue}, by=organiser, at=at)
    assert told(admission, at + timedelta(hours=1)) == "place"
    assert now_of(rows[1]).state == "offered", "the hour of an offer does not depend on the place"


def test_tell_changes_of_a_cancelled_event_that_is_on_again(at: datetime) -> None:
    admission, organiser, _rows = scene(at)
    events.cancel_event(event=admission.event, reason={"en": "Storm"}, by=organiser, at=at)
    assert told(admission, at) == "cancelled"
    events.publish_event(event=Event.objects.get(), by=organiser, at=at)
    assert told(admission, at) == "back"


def test_tell_changes_of_an_event_taken_back_and_shown_again(at: datetime) -> None:
    admission, organiser, _rows = scene(at)
    Event.objects.update(state=Event.State.DRAFT, public_at=None)
    assert told(admission, at) == "withdrawn"
    events.publish_event(event=Event.objects.get(), by=organiser, at=at)
    assert told(admission, at) == "back"
    Event.objects.update(state=Event.State.DRAFT, public_at=None)
    told(admission, at)
    Event.objects.update(starts_at=at + timedelta(days=50), ends_at=None)
    events.publish_event(event=Event.objects.get(), by=organiser, at=at)
    assert told(admission, at + timedelta(hours=1)) == "moved"


def test_tell_changes_of_a_cancelled_event_made_a_draft_says_nothing_more(at: datetime) -> None:
    admission, organiser, _rows = scene(at)
    events.cancel_event(event=admission.event, reason={}, by=organiser, at=at)
    told(admission, at)
    Event.objects.update(state=Event.State.DRAFT)
    assert told(admission, at) == ""


def test_tell_changes_of_a_workshop_that_the_programme_moved(at: datetime) -> None:
    admission, organiser, rows = scene(at)
    workshop = actions.add_workshop(event=admission.event, title={"en": "Soldering"}, capacity=1, by=organiser, at=at)
    actions.register(admission=workshop, person=rows[0].person, by=rows[0].person, at=at)
    begins = at + timedelta(days=30, hours=1)
    actions.place_workshop(
        admission=workshop, title={"en": "Soldering"}, starts_at=begins, ends_at=begins, place="Attic", by=organiser,
        at=at,
    )  # fmt: skip
    assert [one.pk for one in queries.with_news(at)] == [workshop.pk]
    assert told(workshop, at + timedelta(minutes=5)) == ""
    assert told(workshop, at + timedelta(minutes=20)) == "moved"
    assert queries.with_news(at) == []


def test_tell_changes_of_another_place_to_those_whose_workshop_has_none_of_its_own(at: datetime) -> None:
    admission, organiser, rows = scene(at)
    attic, nowhere = (
        actions.add_workshop(
            event=admission.event, title={"en": "Rust"}, capacity=1, place=place, by=organiser, at=at
        )
        for place in ("Attic", "")
    )  # fmt: skip
    for workshop in (attic, nowhere):
        actions.register(admission=workshop, person=rows[0].person, by=rows[0].person, at=at)
    venue = VenueFactory(community=admission.event.community)
    events.edit_event(event=admission.event, changes={"venue": venue}, by=organiser, at=at)
    later = at + timedelta(hours=1)
    assert [told(one, later) for one in (admission, attic, nowhere)] == ["place", "", "place"]
    assert queries.with_news(at) == []
    actions.place_workshop(
        admission=attic, title={"en": "Rust"}, starts_at=None, ends_at=None, place="Cellar", by=organiser, at=later
    )
    assert told(attic, later + timedelta(hours=1)) == "place"
