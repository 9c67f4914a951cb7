from __future__ import annotations

from datetime import datetime

import pytest

from hallway.gathering.communities.actions import join_community, quit_community
from hallway.gathering.communities.models import Membership
from hallway.kit.models import FactRow, Revision
from hallway.kit.refusal import NotAllowed
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
