"""Several people do the same thing in the same moment, on the real database."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from allauth.account.models import EmailAddress
from django.db import connection
from django.test import Client

from hallway.gathering.communities import actions as communities
from hallway.gathering.communities.models import Community, TeamRole
from hallway.gathering.communities.queries import lasting_organisers
from hallway.gathering.events import actions as events
from hallway.gathering.events.models import Event
from hallway.kit.models import FactRow, OldSlug
from hallway.kit.refusal import Refusal
from hallway.people import actions as people
from hallway.people.actions.adding import add_person
from hallway.people.models import Person, PersonClaim
from hallway.programme.schedule import actions as schedule
from hallway.programme.schedule.models import Release
from tests.factories import (
    CommunityFactory,
    EventFactory,
    MembershipFactory,
    PersonFactory,
    SessionFactory,
    SlotFactory,
    TeamRoleFactory,
)
from tests.matrix.world import FAR, invite, token_of

pytestmark = [pytest.mark.database, pytest.mark.fault, pytest.mark.django_db(transaction=True)]


def at_once(*calls: Callable[[], object]) -> list[BaseException]:
    """Run all calls in threads of their own from one moment on; the exceptions they raised."""
    failures: list[BaseException] = []
    gate = threading.Barrier(len(calls))

    def run(call: Callable[[], object]) -> None:
        try:
            gate.wait(20)
            call()
        except BaseException as error:
            failures.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(call,)) for call in calls]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return failures


def codes(failures: list[BaseException]) -> list[str]:
    """The codes of refusals; anything else is said in full."""
    return sorted(error.code if isinstance(error, Refusal) else repr(error) for error in failures)


def test_two_organisers_who_remove_each_other_leave_one(at: datetime) -> None:
    one = TeamRoleFactory()
    two = TeamRoleFactory(community=one.community)
    failures = at_once(
        lambda: communities.end_role(role=two, by=one.person, at=at),
        lambda: communities.end_role(role=one, by=two.person, at=at),
    )
    assert codes(failures) == ["team.cannot_manage"]
    assert lasting_organisers(one.community_id).count() == 1


def test_two_organisers_who_leave_at_once_leave_one(at: datetime) -> None:
    one = TeamRoleFactory()
    two = TeamRoleFactory(community=one.community)
    failures = at_once(
        lambda: communities.end_role(role=one, by=one.person, at=at),
        lambda: communities.end_role(role=two, by=two.person, at=at),
    )
    assert codes(failures) == ["team.last_organiser"]
    assert lasting_organisers(one.community_id).count() == 1


def test_release_at_once_is_one_version(at: datetime) -> None:
    organiser = TeamRoleFactory()
    event = EventFactory(community=organiser.community)
    none = {"public_room": None, "public_starts_at": None, "public_ends_at": None, "public_at": None}
    SlotFactory(session=SessionFactory(event=event, public_at=None), **none)
    release = lambda: schedule.release_schedule(  # noqa: E731 - a call to be made twice
        event=event, by=organiser.person, at=at
    )
    assert codes(at_once(release, release)) == ["schedule.nothing_changed"]
    assert Release.objects.filter(event=event).count() == 1
    assert FactRow.objects.filter(kind="schedule.schedule_released").count() == 1


def test_found_community_at_once_at_one_address_is_a_sentence_for_one(at: datetime) -> None:
    founders = [PersonFactory() for _ in range(4)]
    failures = at_once(
        *(
            lambda founder=founder: communities.found_community(
                details={"name": "Kiln Makers", "slug": "kiln-makers", "zone": "UTC"}, by=founder, at=at
            )
            for founder in founders
        )
    )
    assert codes(failures) == ["community.slug_taken"] * 3
    assert Community.objects.filter(slug="kiln-makers").count() == 1


def test_create_event_at_once_with_one_title_finds_two_addresses(at: datetime) -> None:
    organiser = TeamRoleFactory()
    failures = at_once(
        *[
            lambda: events.create_event(
                community=organiser.community, title={"en": "Kiln night"}, starts_at=at, by=organiser.person, at=at
            )
        ]
        * 4
    )
    assert codes(failures) == []
    assert Event.objects.filter(slug__startswith="kiln-night").count() == 4


def test_change_profile_at_once_to_one_address_is_a_sentence_for_one(at: datetime) -> None:
    both = [PersonFactory(), PersonFactory()]
    failures = at_once(
        *(lambda one=one: people.change_profile(person=one, changes={"slug": "lindiwe"}, by=one, at=at) for one in both)
    )
    assert codes(failures) == ["person.slug_taken"]
    assert Person.objects.filter(slug="lindiwe").count() == 1


def test_add_person_at_once_and_after_a_renaming_takes_nobodys_address(at: datetime) -> None:
    organiser, renamed = PersonFactory(), PersonFactory()
    OldSlug.objects.create(kind="person", slug="thandi-zulu", target_id=renamed.pk)
    failures = at_once(*[lambda: add_person(name="Thandi Zulu", by=organiser, at=at)] * 3)
    assert codes(failures) == []
    slugs = set(Person.objects.filter(name="Thandi Zulu").values_list("slug", flat=True))
    assert len(slugs) == 3
    assert "thandi-zulu" not in slugs


def test_open_account_at_once_makes_one_person(at: datetime) -> None:
    by = PersonFactory()
    failures = at_once(*[lambda: people.open_account(email="new@example.org", by=by, at=at)] * 4)
    assert codes(failures) == []
    assert Person.objects.filter(email="new@example.org").count() == 1


def test_know_by_address_at_once_makes_one_person(at: datetime) -> None:
    by = PersonFactory()
    know = lambda: people.know_by_address(email="new@example.org", name="Thabo Nel", language="en", by=by, at=at)  # noqa: E731 - a call to be made twice
    ask = lambda: people.open_account(email="new@example.org", by=by, at=at)  # noqa: E731 - a call to be made twice
    failures = at_once(know, ask, know, ask, know)
    assert codes(failures) == []
    person = Person.objects.get(email="new@example.org")
    assert (person.name, person.slug) == ("Thabo Nel", "thabo-nel")
    assert EmailAddress.objects.values_list("user", "verified", "primary").get() == (person.pk, True, True)
    assert FactRow.objects.filter(kind="people.person_met").count() == 1


def test_add_track_at_once_is_a_sentence_for_one(at: datetime) -> None:
    organiser = TeamRoleFactory()
    event = EventFactory(community=organiser.community)
    add = lambda: schedule.add_track(event=event, name="Compilers", by=organiser.person, at=at)  # noqa: E731 - a call to be made twice
    assert codes(at_once(add, add)) == ["schedule.track_taken"]


def test_accept_invitation_at_once_gives_one_role(at: datetime) -> None:
    organiser, guest = TeamRoleFactory(), PersonFactory()
    invitation = invite(organiser.community, organiser.person, "race")
    invitation.address = guest.email
    invitation.save()
    accept = lambda: communities.accept_team_invitation(invitation=invitation, by=guest, at=at)  # noqa: E731 - a call to be made twice
    assert codes(at_once(accept, accept, accept)) == ["team.invitation_used"] * 2
    assert TeamRole.objects.filter(person=guest, ended_at=None).count() == 1


def test_accept_claim_at_once_by_two_is_one_persons(at: datetime) -> None:
    written_down, one, two = PersonFactory(claimed_at=None, email=None), PersonFactory(), PersonFactory()
    PersonClaim.objects.create(
        person=written_down, address="x@example.org", token_hash=token_of("race"), created_at=at, expires_at=FAR
    )
    failures = at_once(
        lambda: people.accept_claim(token="race", by=one, at=at),
        lambda: people.accept_claim(token="race", by=two, at=at),
    )
    assert codes(failures) == ["claim.used"]
    written_down.refresh_from_db()
    assert written_down.merged_into_id in {one.pk, two.pk}


def test_edit_of_one_event_at_once_loses_no_field(at: datetime) -> None:
    organiser = TeamRoleFactory()
    later = datetime(2040, 5, 2, 9, tzinfo=UTC)
    event = EventFactory(community=organiser.community, starts_at=later, ends_at=later + timedelta(hours=2))
    changes = [{"tagline": {"en": "At the kiln"}}, {"seats": 60}, {"hue": 5}, {"url": "https://example.org/"}]
    failures = at_once(
        *(
            lambda change=change: events.edit_event(event=event, changes=change, by=organiser.person, at=at)
            for change in changes
        )
    )
    assert codes(failures) == []
    event.refresh_from_db()
    assert (event.tagline, event.seats, event.hue, event.url) == (
        {"en": "At the kiln"}, 60, 5, "https://example.org/"
    )  # fmt: skip


def test_thirty_posts_at_once_all_succeed(at: datetime) -> None:
    community = CommunityFactory()
    answers: list[int] = []
    clients = []
    for number in range(30):
        client = Client()
        client.force_login(PersonFactory() if number % 2 else MembershipFactory(community=community).person)
        clients.append(client)

    def post(client: Client, number: int) -> None:
        wanted = {"do": "member" if number % 2 else "quit"}
        answers.append(client.post(f"/c/{community.slug}/membership/", wanted).status_code)

    calls = [lambda client=client, number=number: post(client, number) for number, client in enumerate(clients)]
    assert codes(at_once(*calls)) == []
    assert answers == [302] * 30
    assert community.memberships.count() == 15
