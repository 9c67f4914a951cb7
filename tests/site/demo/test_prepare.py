"""The demonstration is made once, wholly, by actions; a later start only brings its conference to the present."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.apps import apps
from django.db import transaction
from django.test import Client

from hallway.gathering.communities.models import Community
from hallway.gathering.events import queries as events
from hallway.gathering.events.models import Event
from hallway.kit import clock
from hallway.people.models import Person
from hallway.programme.schedule import queries as schedule
from hallway.programme.schedule.models import Session, Slot
from hallway.site.demo import prepare, reading
from hallway.site.demo.people import WHO


def counts() -> dict[str, int]:
    return {model._meta.label: model._default_manager.count() for model in apps.get_models()}


def on_now(event: Event, now: datetime) -> bool:
    return schedule.public_slots(event).filter(public_starts_at__lte=now, public_ends_at__gt=now).exists()


@pytest.fixture(scope="module")
def made(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """Made once for all tests of this file; each of them works in a savepoint above it."""
    with django_db_blocker.unblock(), transaction.atomic():
        assert prepare() is True
        yield
        transaction.set_rollback(True)


@pytest.fixture
def prepared(made: None, db: None) -> datetime:
    return clock.now()


def test_prepare_twice_leaves_everything_as_it_is(prepared: datetime) -> None:
    before = counts()
    assert prepare() is False
    assert counts() == before


def test_prepare_makes_a_year_of_meetups_and_a_conference_that_is_on(prepared: datetime, client: Client) -> None:
    assert Community.objects.filter(public_at__isnull=False).exclude(state="dormant").count() == 5
    for community in Community.objects.exclude(state="dormant"):
        own = events.visible_to(None).filter(community=community, series__isnull=False)
        held = events.gone_by(own, prepared).filter(starts_at__gt=prepared - timedelta(days=366))
        assert held.count() >= 12
        for event in held:
            assert event.releases.exists()
        talks = {Session.objects.filter(event=event, talk__isnull=False).count() for event in held}
        assert {1, 2} <= talks <= {1, 2, 3}
        coming = events.to_come(Event.objects.filter(series__community=community), prepared)
        assert coming.filter(starts_at__gt=prepared).count() == 3  # beside the one that is on, on such a day
    states = set(Event.objects.values_list("state", flat=True))
    assert states >= {Event.State.DRAFT, Event.State.PUBLISHED, Event.State.CANCELLED}
    assert Event.objects.filter(previous_starts_at__isnull=False).exists()
    assert Event.objects.filter(attendance=Event.Attendance.ONLINE).exclude(joining={}).exists()
    conference = Event.objects.get(slug="jacaranda-conf")
    assert on_now(conference, prepared)
    assert conference.rooms.count() == 4
    assert Slot.objects.filter(session__event=conference).count() == len(reading.conference())
    assert [host.slug for host in events.accepted_hosts(conference)] == ["lake-code"]
    newest = conference.releases.first()
    assert newest is not None
    assert newest.number == 2
    assert {change["what"] for change in newest.changes} == {"new", "moved"}
    for address in ("/", "/events/", "/communities/", "/talks/", "/e/jacaranda-conf/schedule/"):
        assert client.get(address).status_code == 200


def test_prepare_knows_whom_one_can_be(prepared: datetime) -> None:
    people = {who: Person.objects.get(slug=slug) for who, slug in WHO.items()}
    assert [who for who, person in people.items() if person.is_administrator] == ["admin"]
    assert people["organisatrice"].page_language == "fr"
    assert all(person.claimed_at for person in people.values())
    assert not EmailAddress.objects.filter(verified=False).exists()


def test_prepare_days_later_brings_the_conference_to_the_present(prepared: datetime, settings: Any) -> None:
    settings.HALLWAY_CLOCK_OFFSET = 3 * 86_400 + 7 * 3_600
    slots = Slot.objects.filter(session__event__slug="jacaranda-conf").count()
    assert prepare() is True
    now = clock.now()
    conference = Event.objects.get(slug="jacaranda-conf")
    assert conference.is_running(now)
    assert on_now(conference, now)
    assert Slot.objects.filter(session__event__slug="jacaranda-conf").count() == slots
    assert prepare() is False


def test_prepare_credits_the_one_real_programme(prepared: datetime) -> None:
    assert [event.slug for event in Event.objects.exclude(credit="")] == ["devfest-toulouse-2018"]
