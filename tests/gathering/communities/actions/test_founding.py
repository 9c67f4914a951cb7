from __future__ import annotations

from datetime import datetime, time, timedelta

import pytest

from hallway.gathering.communities import policies, queries
from hallway.gathering.communities.actions import (
    SeriesTerms,
    approve_founding,
    ask_founding_again,
    decline_founding,
    drop_founding,
    found_community,
    invite_founder,
    keep_founding,
)
from hallway.gathering.communities.models import Community, FounderInvitation, Founding, FoundingRequest, Series
from hallway.kit import instance
from hallway.kit.actors import SystemPerson
from hallway.kit.models import FactRow
from hallway.kit.refusal import NotAllowed, Refusal
from hallway.notices.models import OutboxMail
from hallway.people.models import Person
from tests.factories import CommunityFactory, PersonFactory, TeamRoleFactory

pytestmark = pytest.mark.django_db
DETAILS = {"name": "Highveld Makers", "place_name": "Johannesburg", "zone": "Africa/Johannesburg", "languages": ["en"]}


def terms(at: datetime) -> SeriesTerms:
    return SeriesTerms(
        title={"en": "Monthly meet-up"},
        rule="FREQ=MONTHLY;BYDAY=3WE",
        starts_on=at.date(),
        local_time=time(18, 30),
        minutes=150,
        zone="Africa/Johannesburg",
        seats=60,
    )


def found(by: Person, at: datetime) -> Community:
    return found_community(details=DETAILS, by=by, at=at)


def test_found_community_makes_page_team_series_and_invitations(at: datetime) -> None:
    founder = PersonFactory()
    keep_founding(screen="name", answers={"name": ["x"]}, by=founder, at=at)
    community = found_community(
        details=DETAILS, terms=terms(at), invited=[("khaya@example.org", "helper")], by=founder, at=at
    )
    assert (community.slug, community.public_at) == ("highveld-makers", at)
    assert queries.role_of(founder, community.pk) == "organiser"
    assert Series.objects.get().community == community
    assert community.invitations.count() == 1
    assert not Founding.objects.exists()
    kinds = FactRow.objects.values_list("kind", flat=True)
    assert {"communities.community_founded", "communities.series_started", "communities.team_invited"} <= set(kinds)


def test_found_community_twice_with_one_name_gives_two_addresses(at: datetime) -> None:
    founder = PersonFactory()
    assert [found(founder, at).slug for _ in range(2)] == ["highveld-makers", "highveld-makers-2"]


def test_found_community_stores_nothing_half_when_an_invitation_is_refused(at: datetime) -> None:
    founder = PersonFactory()
    with pytest.raises(Refusal):
        found_community(details=DETAILS, invited=[("a@example.org", "helper")] * 2, by=founder, at=at)
    assert not Community.objects.exists()
    assert not OutboxMail.objects.exists()


def test_found_community_refuses_a_taken_address(at: datetime) -> None:
    CommunityFactory(slug="taken-one")
    with pytest.raises(Refusal, match=r"community\.slug_taken"):
        found_community(details={**DETAILS, "slug": "taken-one"}, by=PersonFactory(), at=at)


def test_found_community_by_hallway_itself_has_no_team(at: datetime) -> None:
    community = found_community(details=DETAILS, by=SystemPerson("importer"), at=at)
    assert community.public_at == at
    assert not community.team_roles.exists()


def test_found_community_waits_where_approval_is_asked_for(at: datetime) -> None:
    instance.change({"communities.who_may_found": "approved"})
    administrator, founder = PersonFactory(is_administrator=True), PersonFactory()
    community = found(founder, at)
    assert community.public_at is None
    assert OutboxMail.objects.get().to_person == administrator
    assert not policies.can_publish_community(founder, Community.objects.get())
    request = FoundingRequest.objects.get()
    approve_founding(request=request, by=administrator, at=at)
    assert Community.objects.get().public_at == at
    assert OutboxMail.objects.filter(to_person=founder).count() == 1
    with pytest.raises(Refusal, match=r"founding\.decided"):
        approve_founding(request=request, by=administrator, at=at)


def test_decline_founding_says_why_and_can_be_asked_again(at: datetime) -> None:
    instance.change({"communities.who_may_found": "approved"})
    administrator, founder = PersonFactory(is_administrator=True), PersonFactory()
    community = found(founder, at)
    request = FoundingRequest.objects.get()
    with pytest.raises(Refusal, match=r"founding\.reason_missing"):
        decline_founding(request=request, reason=" ", by=administrator, at=at)
    with pytest.raises(Refusal, match=r"founding\.not_declined"):
        ask_founding_again(community=community, by=founder, at=at)
    decline_founding(request=request, reason="Say where you meet.", by=administrator, at=at)
    assert "Say where you meet." in OutboxMail.objects.get(to_person=founder).text
    ask_founding_again(community=community, by=founder, at=at + timedelta(hours=1))
    assert queries.waiting_foundings().count() == 1
    assert OutboxMail.objects.filter(to_person=administrator).count() == 2


def test_decide_founding_refused_for_everybody_else(at: datetime) -> None:
    instance.change({"communities.who_may_found": "approved"})
    founder = PersonFactory()
    found(founder, at)
    with pytest.raises(NotAllowed, match=r"founding\.cannot_decide"):
        approve_founding(request=FoundingRequest.objects.get(), by=founder, at=at)


def test_found_community_by_invitation_works_once_and_for_that_address(at: datetime) -> None:
    instance.change({"communities.who_may_found": "invited"})
    administrator, founder = PersonFactory(is_administrator=True), PersonFactory(email="khaya@example.org")
    with pytest.raises(NotAllowed, match=r"community\.cannot_found"):
        found(founder, at)
    invite_founder(address="Khaya@example.org", by=administrator, at=at)
    with pytest.raises(Refusal, match=r"founding\.already_invited"):
        invite_founder(address="khaya@example.org", by=administrator, at=at)
    assert found(founder, at).public_at == at
    assert FounderInvitation.objects.get().used_by == founder
    with pytest.raises(NotAllowed):
        found(founder, at)
    with pytest.raises(NotAllowed, match=r"founding\.cannot_invite"):
        invite_founder(address="other@example.org", by=founder, at=at)


def test_founder_invitation_runs_out(at: datetime) -> None:
    instance.change({"communities.who_may_found": "invited"})
    founder = PersonFactory(email="khaya@example.org")
    invite_founder(address="khaya@example.org", by=PersonFactory(is_administrator=True), at=at)
    assert not policies.can_found_community(founder, at + timedelta(days=30))
    assert not policies.can_found_community(PersonFactory(email=None), at)
    assert not policies.can_found_community(None, at)


def test_keep_founding_keeps_each_screen_and_drop_forgets(at: datetime) -> None:
    founder = PersonFactory()
    keep_founding(screen="name", answers={"name": ["A"]}, by=founder, at=at)
    keep_founding(screen="meet", answers={"every": ["no"]}, by=founder, at=at)
    assert Founding.objects.get().answers == {"name": {"name": ["A"]}, "meet": {"every": ["no"]}}
    for _ in range(2):
        drop_founding(by=founder, at=at)
    assert not Founding.objects.exists()


def test_ask_founding_again_refused_for_helpers(at: datetime) -> None:
    helper = TeamRoleFactory(role="helper")
    with pytest.raises(NotAllowed):
        ask_founding_again(community=helper.community, by=helper.person, at=at)


def test_approve_founding_of_somebody_who_is_gone_writes_to_nobody(at: datetime) -> None:
    community = CommunityFactory(public_at=None)
    request = FoundingRequest.objects.create(community=community, asked_at=at)
    judge = PersonFactory(is_administrator=True)
    assert policies.can_publish_community(judge, community)
    approve_founding(request=request, by=judge, at=at)
    community.refresh_from_db()
    assert (community.public_at, OutboxMail.objects.count()) == (at, 0)
