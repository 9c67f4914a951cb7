from __future__ import annotations

from datetime import datetime

import pytest

from hallway.gathering.communities.actions import join_community, quit_community, show_membership
from hallway.gathering.communities.models import Membership
from hallway.kit import trail
from hallway.kit.models import FactRow, Revision
from hallway.kit.refusal import NotAllowed, Refusal
from tests.factories import CommunityFactory, PersonFactory

pytestmark = pytest.mark.django_db


def test_join_community_once_even_when_asked_twice(at: datetime) -> None:
    community, person = CommunityFactory(), PersonFactory()
    for _ in range(2):
        join_community(community=community, kind="member", by=person, at=at)
    assert list(Membership.objects.values_list("person_id", "kind")) == [(person.pk, "member")]
    assert FactRow.objects.filter(kind="communities.community_joined").count() == 1
    assert Revision.objects.filter(key=f"community:{community.pk}").exists()


def test_join_community_refused_before_it_is_public(at: datetime) -> None:
    with pytest.raises(NotAllowed, match=r"community\.cannot_join"):
        join_community(community=CommunityFactory(public_at=None), kind="member", by=PersonFactory(), at=at)
    assert not Membership.objects.exists()


def test_quit_community_twice_leaves_one_fact(at: datetime) -> None:
    community, person = CommunityFactory(), PersonFactory()
    join_community(community=community, kind="follower", by=person, at=at)
    for _ in range(2):
        quit_community(community=community, by=person, at=at)
    assert FactRow.objects.filter(kind="communities.community_quit").count() == 1


def test_show_membership_names_members_only(at: datetime) -> None:
    community, person = CommunityFactory(), PersonFactory()
    with pytest.raises(Refusal, match=r"community\.not_a_member"):
        show_membership(community=community, shown=True, by=person, at=at)
    join_community(community=community, kind="member", by=person, at=at)
    for _ in range(2):
        show_membership(community=community, shown=True, by=person, at=at)
    assert FactRow.objects.filter(kind="communities.membership_shown").count() == 1
    join_community(community=community, kind="follower", by=person, at=at)
    assert Membership.objects.get().shown_at is None


def test_join_community_refuses_an_unknown_kind(at: datetime) -> None:
    with pytest.raises(Refusal, match=r"community\.unknown_membership"):
        join_community(community=CommunityFactory(), kind="emperor", by=PersonFactory(), at=at)


def test_who_joined_is_not_in_the_trail_of_the_community(at: datetime) -> None:
    community, person = CommunityFactory(), PersonFactory()
    join_community(community=community, kind="member", by=person, at=at)
    assert trail.entries(f"community:{community.pk}") == []
