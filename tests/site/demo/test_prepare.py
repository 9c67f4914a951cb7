"""The demonstration is made once, wholly, by actions; a later start only brings its conference to the present."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from allauth.account.models import EmailAddress
from django.apps import apps
from django.test import Client

from hallway.gathering.attendance.models import Admission
from hallway.gathering.attendance.tokens import Right
from hallway.gathering.communities.models import Community, Series
from hallway.gathering.events import queries as events
from hallway.gathering.events.models import Event
from hallway.kit import clock
from hallway.kit.links import token_of
from hallway.kit.models import FactRow
from hallway.kit.refusal import Refusal
from hallway.people.models import Person
from hallway.programme.schedule import queries as schedule
from hallway.programme.schedule.models import Session, Slot
from hallway.site.demo import prepare, reading
from hallway.site.demo.people import WHO
from tests.factories import PersonFactory


def counts() -> dict[str, int]:
    return {model._meta.label: model._default_manager.count() for model in apps.get_models()}


def on_now(event: Event, now: datetime) -> bool:
    return schedule.public_slots(event).filter(public_starts_at__lte=now, public_ends_at__gt=now).exists()


INSTANTS = (
    "2027-01-31T12:00", "2028-02-29T23:30", "2027-03-14T06:58", "2027-03-28T00:59", "2027-04-29T17:30",
    "2027-10-31T00:59", "2027-11-07T05:30", "2026-12-31T23:30",
)  # fmt: skip


@pytest.mark.full
@pytest.mark.django_db
@pytest.mark.parametrize("instant", INSTANTS)
def test_prepare_on_any_day_of_any_year(instant: str, client: Client) -> None:
    """Ends of months, a leap day, a last Thursday evening, clock changes in Europe and North America, New Year."""
    with time_machine.travel(datetime.fromisoformat(instant).replace(tzinfo=UTC)):
        assert prepare() is True
        now = clock.now()
        conference = Event.objects.get(slug="jacaranda-conf")
        assert conference.is_running(now)
        assert on_now(conference, now)
        for series in Series.objects.all():
            coming = events.to_come(series.editions.all(), now).filter(starts_at__gt=now)
            assert coming.count() == 3
            kept = [one for one in series.editions.all() if one.starts_at and "starts_at" not in one.overridden]
            assert {one.starts_at.astimezone(one.tz).time() for one in kept if one.starts_at} == {series.local_time}
        for address in ("/", "/events/", "/events/?when=past", "/e/jacaranda-conf/", "/e/jacaranda-conf/schedule/"):
            assert client.get(address).status_code == 200


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


def test_prepare_does_everything_in_an_order_that_can_have_been(prepared: datetime) -> None:
    for event in Event.objects.filter(series__isnull=False):
        assert event.created_at <= event.updated_at
        assert event.first_public_at is None or event.created_at <= event.first_public_at


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
    workshop = Admission.objects.get(event=conference, is_event=False)
    assert workshop.starts_at == workshop.session.slots.get().public_starts_at
    assert prepare() is False


def test_prepare_fills_a_workshop_of_the_conference_and_its_line(prepared: datetime) -> None:
    session = Session.objects.select_related("admission").get(admission__isnull=False)
    workshop = session.admission
    assert workshop is not None
    states = Counter(workshop.registrations.values_list("state", flat=True))
    assert (workshop.capacity, states) == (12, {"going": 12, "waiting": 4})
    assert workshop.registrations.order_by("position").last().person.slug == WHO["attendee"]
    assert session.talk is not None
    assert not workshop.registrations.filter(person__in=session.talk.speakers.all()).exists()
    assert workshop.starts_at is not None
    assert workshop.starts_at - prepared > timedelta(hours=workshop.first_come_hours)
    slot = session.slots.get()
    assert (workshop.starts_at, workshop.place) == (slot.public_starts_at, "Long room")


def test_prepare_has_a_line_in_front_of_the_next_evening(prepared: datetime) -> None:
    own = Event.objects.filter(series__community__slug="jacaranda-developers", state=Event.State.PUBLISHED)
    admission = Admission.objects.get(event=own.filter(starts_at__gt=prepared).earliest("starts_at"), is_event=True)
    states = Counter(admission.registrations.values_list("state", flat=True))
    assert (admission.capacity, states["going"], states["offered"]) == (40, 39, 1)
    assert states["waiting"] > 2


def test_prepare_has_a_door_one_can_open(prepared: datetime, client: Client) -> None:
    admission = Admission.objects.get(event__slug="jacaranda-conf", is_event=True)
    came = admission.check_ins.filter(kind="came")
    assert came.filter(registration__isnull=False).count() > 50
    assert came.filter(walk_in__isnull=False).count() == 3
    wall = token_of(Right.WALL, admission.pk, admission.wall_nonce)
    assert admission.wall_nonce
    assert client.get(f"/e/jacaranda-conf/here/{wall}/").status_code == 200
    client.force_login(Person.objects.get(slug=WHO["organiser"]))
    for page in ("door/", "door/list/", "door/wall/"):
        assert client.get(f"/e/jacaranda-conf/{page}").status_code == 200


def test_prepare_has_people_who_ask_for_a_yes(prepared: datetime, client: Client) -> None:
    admission = Admission.objects.get(event__slug="behind-the-racks", is_event=True)
    states = Counter(admission.registrations.values_list("state", flat=True))
    assert (admission.how, states) == ("approval", {"going": 3, "asked": 3, "declined": 1})
    assert admission.registrations.filter(person__slug=WHO["attendee"], state="asked").exists()
    assert "The house lets in twelve people." in client.get("/e/behind-the-racks/register/").content.decode()
    client.force_login(Person.objects.get(slug=WHO["organiser"]))
    assert "what becomes of old disks" in client.get("/e/behind-the-racks/registrations/").content.decode()


def test_prepare_credits_the_one_real_programme(prepared: datetime) -> None:
    assert [event.slug for event in Event.objects.exclude(credit="")] == ["devfest-toulouse-2018"]


@pytest.mark.django_db
def test_prepare_refuses_a_folder_that_people_use_for_real() -> None:
    PersonFactory()
    FactRow.objects.filter(kind="site.demonstration_prepared").delete()
    before = counts()
    with pytest.raises(Refusal, match=r"site\.no_demonstration"):
        prepare()
    assert counts() == before
