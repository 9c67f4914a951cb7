from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

import pytest
import time_machine
from django.db import transaction

from hallway.gathering.communities.actions import SeriesTerms, start_series
from hallway.gathering.events import actions, queries
from hallway.gathering.events.models import Event, Host
from hallway.kit import sweeps, trail
from hallway.kit.facts import announce
from hallway.kit.models import Revision
from hallway.notices.models import OutboxMail
from hallway.people.facts import PersonLeft, PersonsMerged
from hallway.people.models import Person
from tests.factories import EventFactory, MembershipFactory, PersonFactory, TeamRoleFactory

pytestmark = pytest.mark.django_db
LATER = datetime(2026, 12, 3, 16, 30, tzinfo=UTC)


@pytest.fixture
def organiser() -> Person:
    return TeamRoleFactory(person__name="Phindile Were").person


@pytest.fixture
def event(organiser: Person) -> Event:
    return EventFactory(
        community=organiser.team_roles.get().community, title={"en": "Small databases", "fr": "Petites bases"},
        starts_at=LATER, ends_at=LATER + timedelta(hours=2),
    )  # fmt: skip


def drafted(event: Event, by: Person, at: datetime) -> Event:
    return actions.create_event(community=event.community, title={"en": "Queues"}, starts_at=LATER, by=by, at=at)


def test_followers_and_members_hear_once_in_their_language(event: Event, organiser: Person, at: datetime) -> None:
    follower = MembershipFactory(community=event.community, kind="follower", person__page_language="fr").person
    both = MembershipFactory(community=event.community).person
    hosting = TeamRoleFactory().community
    event.hosts.create(community=hosting, invited_at=at, accepted_at=at)
    MembershipFactory(community=hosting, person=both)
    elsewhere = MembershipFactory(community=hosting).person
    MembershipFactory(person__name="Somebody else")
    MembershipFactory(community=event.community, person__email=None)
    MembershipFactory(community=event.community, person=organiser)
    for _ in range(2):
        actions.cancel_event(event=event, reason={"en": "No hall", "fr": "Pas de salle"}, by=organiser, at=at)
        sweeps.deliver_facts()
    mails = {mail.to_person_id: mail for mail in OutboxMail.objects.all()}
    assert OutboxMail.objects.count() == 3
    assert set(mails) == {follower.pk, both.pk, elsewhere.pk}
    assert mails[both.pk].subject == "Cancelled: Small databases"
    assert mails[follower.pk].language == "fr"
    assert "Petites bases" in mails[follower.pk].subject
    assert "Pas de salle" in mails[follower.pk].text
    assert f"/e/{event.slug}/" in mails[both.pk].text


def test_those_who_go_hear_from_the_higher_package_alone_but_of_new_dates_here(
    event: Event, organiser: Person, at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    follower, going = (MembershipFactory(community=event.community).person for _ in range(2))
    monkeypatch.setattr(queries, "TOLD_OTHERWISE", [])
    asked: list[Event] = []

    @queries.told_otherwise
    def those_who_go(of: Event) -> list[int]:
        asked.append(of)
        return [going.pk]

    Event.objects.update(first_public_at=at)
    week = timedelta(days=7)
    changes = {"starts_at": LATER + 2 * week, "ends_at": LATER + 2 * week + timedelta(hours=2)}
    for act in (
        lambda: actions.postpone_event(event=event, starts_at=LATER + week, reason={}, by=organiser, at=at),
        lambda: actions.postpone_event(event=event, starts_at=None, reason={}, by=organiser, at=at),
        lambda: actions.edit_event(event=event, changes=changes, by=organiser, at=at),
        lambda: actions.cancel_event(event=event, reason={}, by=organiser, at=at),
        lambda: actions.publish_event(event=event, by=organiser, at=at),
    ):
        act()
        sweeps.deliver_facts()
    assert asked == [event] * 5
    mails = list(OutboxMail.objects.order_by("pk").values_list("to_person", "subject"))
    assert {who for who, _subject in mails} == {follower.pk}
    assert [subject.partition(":")[0] for _who, subject in mails] == [
        "New date", "Postponed", "The date is settled", "Cancelled", "Takes place after all",
    ]  # fmt: skip
    draft, then = drafted(event, organiser, at), at + timedelta(minutes=1)
    with time_machine.travel(then, tick=False):
        actions.publish_event(event=draft, by=organiser, at=then)
        sweeps.deliver_facts()
    assert set(OutboxMail.objects.filter(subject="Coming up: Queues").values_list("to_person", flat=True)) == {
        follower.pk, going.pk,
    }  # fmt: skip
    assert asked == [event] * 5


@pytest.mark.parametrize(
    ("start", "words"), [(LATER + timedelta(days=7), "has a new date"), (None, "There is no new date yet")]
)
def test_followers_hear_of_postponing(
    event: Event, organiser: Person, at: datetime, start: datetime | None, words: str
) -> None:
    MembershipFactory(community=event.community)
    actions.postpone_event(event=event, starts_at=start, reason={}, by=organiser, at=at)
    sweeps.deliver_facts()
    assert words in OutboxMail.objects.get().text


def test_followers_hear_that_a_postponed_date_is_settled(event: Event, organiser: Person, at: datetime) -> None:
    MembershipFactory(community=event.community)
    actions.postpone_event(event=event, starts_at=None, reason={}, by=organiser, at=at)
    sweeps.deliver_facts()
    changes = {"starts_at": LATER + timedelta(days=14), "ends_at": LATER + timedelta(days=14, hours=2)}
    actions.edit_event(event=event, changes=changes, by=organiser, at=at + timedelta(days=1))
    sweeps.deliver_facts()
    mail = OutboxMail.objects.latest("pk")
    assert (OutboxMail.objects.count(), mail.subject) == (2, "The date is settled: Small databases")
    assert "Thursday 17 December 2026" in mail.text


def test_followers_hear_that_it_takes_place_after_all(event: Event, organiser: Person, at: datetime) -> None:
    MembershipFactory(community=event.community)
    Event.objects.update(first_public_at=at)
    actions.cancel_event(event=event, reason={}, by=organiser, at=at)
    actions.publish_event(event=event, by=organiser, at=at)
    sweeps.deliver_facts()
    assert OutboxMail.objects.filter(subject__startswith="Takes place after all").count() == 1


def test_followers_hear_once_of_a_new_date_on_both_clocks(event: Event, organiser: Person, at: datetime) -> None:
    far = MembershipFactory(community=event.community, person__zone="America/New_York").person
    near = MembershipFactory(community=event.community, person__zone="Africa/Maputo").person
    draft = actions.create_event(
        community=event.community, title={"en": "Queues"}, starts_at=LATER, by=organiser, at=at
    )
    with time_machine.travel(at, tick=False):
        for act in (actions.publish_event, actions.unpublish_event, actions.publish_event):
            act(event=draft, by=organiser, at=at)
            sweeps.deliver_facts()
    mails = {mail.to_person_id: mail for mail in OutboxMail.objects.all()}
    assert (set(mails), OutboxMail.objects.count()) == ({far.pk, near.pk}, 2)
    assert mails[far.pk].subject == "Coming up: Queues"
    assert "When: Thursday 3 December 2026, 18:30, Johannesburg (UTC+2)" in mails[far.pk].text
    assert "Where you are: Thursday 3 December, 11:30, New York (UTC−5)" in mails[far.pk].text
    assert "Where you are" not in mails[near.pk].text
    assert mails[near.pk].text.rstrip().endswith("/me/")


def test_new_date_that_is_cancelled_meanwhile_is_only_cancelled(event: Event, organiser: Person, at: datetime) -> None:
    MembershipFactory(community=event.community)
    draft = drafted(event, organiser, at)
    with time_machine.travel(at, tick=False):
        actions.publish_event(event=draft, by=organiser, at=at)
        actions.cancel_event(event=draft, reason={}, by=organiser, at=at)
        sweeps.deliver_facts()
    assert [mail.subject for mail in OutboxMail.objects.all()] == ["Cancelled: Queues"]


def test_first_dates_of_a_series_are_one_mail(organiser: Person, at: datetime) -> None:
    community = organiser.team_roles.get().community
    MembershipFactory(community=community)
    terms = SeriesTerms({"en": "Monthly"}, "FREQ=MONTHLY;BYDAY=3WE", at.date(), time(18, 30), 120, community.zone)
    with time_machine.travel(at, tick=False):
        start_series(community=community, terms=terms, by=organiser, at=at)
        while sweeps.deliver_facts():
            pass
    mail = OutboxMail.objects.get()
    assert mail.subject == f"3 new dates at {community.name}"
    assert [day in mail.text for day in ("21 October", "18 November", "16 December")] == [True] * 3


@pytest.mark.parametrize("late", [timedelta(days=3), LATER - datetime(2026, 10, 8, 9, tzinfo=UTC)])
def test_old_news_are_none(event: Event, organiser: Person, at: datetime, late: timedelta) -> None:
    MembershipFactory(community=event.community)
    draft = actions.create_event(
        community=event.community, title={"en": "Queues"}, starts_at=LATER, by=organiser, at=at
    )
    actions.publish_event(event=draft, by=organiser, at=at)
    with time_machine.travel(at + late, tick=False):
        sweeps.deliver_facts()
    assert not OutboxMail.objects.exists()


def test_nobody_hears_of_hidden_events(event: Event, organiser: Person, at: datetime) -> None:
    MembershipFactory(community=event.community)
    actions.cancel_event(event=event, reason={}, by=organiser, at=at)
    Event.objects.update(hidden_at=at)
    sweeps.deliver_facts()
    assert not OutboxMail.objects.exists()


def test_organisers_of_an_asked_community_get_a_mail(event: Event, organiser: Person, at: datetime) -> None:
    theirs = TeamRoleFactory()
    TeamRoleFactory(community=theirs.community, role="helper")
    host = actions.invite_host(event=event, community=theirs.community, by=organiser, at=at)
    sweeps.deliver_facts()
    mail = OutboxMail.objects.get()
    assert (mail.to_person_id, f"/hosting/{host.pk}/" in mail.text) == (theirs.person_id, True)


def test_organisers_get_no_mail_once_it_was_answered(event: Event, organiser: Person, at: datetime) -> None:
    theirs = TeamRoleFactory()
    host = actions.invite_host(event=event, community=theirs.community, by=organiser, at=at)
    actions.decline_host(host=host, by=theirs.person, at=at)
    sweeps.deliver_facts()
    assert [mail.to_person for mail in OutboxMail.objects.all()] == [organiser], "who hears the answer"


@pytest.mark.parametrize(("answer", "words"), [("accept", "agreed to co-host"), ("decline", "declined to co-host")])
def test_whoever_asked_a_host_hears_the_answer_once(
    event: Event, organiser: Person, at: datetime, answer: str, words: str
) -> None:
    theirs = TeamRoleFactory()
    host = actions.invite_host(event=event, community=theirs.community, by=organiser, at=at)
    for _ in range(2):
        (actions.accept_host if answer == "accept" else actions.decline_host)(host=host, by=theirs.person, at=at)
        sweeps.deliver_facts()
    mail = OutboxMail.objects.get()
    assert (mail.to_person, words in mail.text) == (organiser, True)


def test_pages_of_hosts_are_old_when_the_event_changes(event: Event, organiser: Person, at: datetime) -> None:
    hosting = TeamRoleFactory().community
    event.hosts.create(community=hosting, invited_at=at, accepted_at=at)
    actions.edit_event(event=event, changes={"hue": 7}, by=organiser, at=at)
    assert Revision.objects.filter(key=f"community:{hosting.pk}").exists()


def test_person_left_is_not_named_as_inviter(event: Event, organiser: Person, at: datetime) -> None:
    TeamRoleFactory(community=event.community)  # the last organiser could not leave
    host = actions.invite_host(event=event, community=TeamRoleFactory().community, by=organiser, at=at)
    with transaction.atomic():
        announce(PersonLeft(person_id=organiser.pk), by=organiser, at=at)
    assert Host.objects.get(pk=host.pk).invited_by is None


def test_persons_merged_keeps_the_inviter(event: Event, organiser: Person, at: datetime) -> None:
    host = actions.invite_host(event=event, community=TeamRoleFactory().community, by=organiser, at=at)
    other = PersonFactory()
    with transaction.atomic():
        announce(PersonsMerged(person_id=other.pk, gone_id=organiser.pk), by=other, at=at)
    assert Host.objects.get(pk=host.pk).invited_by == other


def test_trail_names_events_venues_and_rooms(event: Event, organiser: Person, at: datetime) -> None:
    room = actions.add_room(event=event, name="Ballroom", by=organiser, at=at)
    actions.add_venue(community=event.community, name="The Kiln", by=organiser, at=at)
    actions.cancel_event(event=event, reason={}, by=organiser, at=at)
    said = [entry.sentence for entry in trail.entries(f"community:{event.community_id}")]
    assert said == ["Phindile Were cancelled Small databases", "Phindile Were added the venue The Kiln"]
    assert trail.entries(f"event:{event.pk}")[-1].sentence == f"Phindile Were added the room {room.name}"
