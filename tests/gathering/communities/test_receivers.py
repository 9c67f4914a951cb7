from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.db import transaction

from hallway.gathering.communities.actions import edit_community, invite_to_team, join_community, keep_founding
from hallway.gathering.communities.models import Founding, Membership, TeamInvitation, TeamRole
from hallway.gathering.communities.receivers import last_organisers_stay
from hallway.kit import trail
from hallway.kit.actors import SystemPerson
from hallway.kit.facts import announce
from hallway.kit.models import Revision
from hallway.people.facts import PersonChanged, PersonLeft, PersonsMerged
from hallway.people.models import Person
from tests.factories import CommunityFactory, MembershipFactory, PersonFactory, TeamRoleFactory

pytestmark = pytest.mark.django_db
SYSTEM = SystemPerson("people")


def leave(person: Person, at: datetime) -> None:
    with transaction.atomic():
        Person.objects.filter(pk=person.pk).update(left_at=at)
        announce(PersonLeft(person_id=person.pk), by=SYSTEM, at=at)


def merge(kept: Person, gone: Person, at: datetime) -> None:
    with transaction.atomic():
        announce(PersonsMerged(person_id=kept.pk, gone_id=gone.pk), by=SYSTEM, at=at)


def seq(key: str) -> int:
    row = Revision.objects.filter(key=key).first()
    return row.seq if row else 0


def test_editing_makes_pages_of_network_and_chapters_old(at: datetime) -> None:
    network = CommunityFactory()
    community = CommunityFactory(parent=network)
    chapter = CommunityFactory(parent=community)
    organiser = TeamRoleFactory(community=community)
    edit_community(community=community, changes={"name": "New"}, by=organiser.person, at=at)
    assert all(seq(f"community:{one.pk}") for one in (network, community, chapter))
    assert seq("communities")


def test_a_changed_profile_makes_the_team_page_old(at: datetime) -> None:
    role = TeamRoleFactory()
    with transaction.atomic():
        announce(PersonChanged(person_id=role.person_id), by=role.person, at=at)
    assert seq(f"community:{role.community_id}")


def test_last_organiser_has_to_find_another_before_leaving() -> None:
    role = TeamRoleFactory(community__name="Highveld Makers")
    assert "Highveld Makers" in last_organisers_stay(role.person)[0]
    TeamRoleFactory(community=role.community)
    assert last_organisers_stay(role.person) == []


def test_whoever_leaves_is_gone_from_team_members_and_trail(at: datetime) -> None:
    role = TeamRoleFactory()
    person = role.person
    other = TeamRoleFactory(community=role.community)
    join_community(community=role.community, kind="member", by=person, at=at)
    edit_community(community=role.community, changes={"name": "New"}, by=person, at=at)
    invite_to_team(community=role.community, invited=[("khaya@example.org", "helper")], by=person, at=at)
    keep_founding(screen="name", answers={}, by=person, at=at)
    leave(person, at)
    assert list(TeamRole.objects.all()) == [other]
    assert not Membership.objects.exists()
    assert not Founding.objects.exists()
    assert TeamInvitation.objects.get().invited_by is None
    said = [entry.sentence for entry in trail.entries(f"community:{role.community_id}")]
    assert said
    assert not any(person.name in sentence for sentence in said)


def test_merging_folds_memberships_and_roles(at: datetime) -> None:
    kept, gone = PersonFactory(), PersonFactory()
    both = CommunityFactory()
    MembershipFactory(community=both, person=kept, kind="follower", since=at)
    MembershipFactory(community=both, person=gone, kind="member", since=at - timedelta(days=9))
    only = MembershipFactory(person=gone)
    TeamRoleFactory(community=both, person=kept, role="helper")
    TeamRoleFactory(community=both, person=gone, role="organiser")
    alone = TeamRoleFactory(person=gone)
    keep_founding(screen="name", answers={"name": ["x"]}, by=gone, at=at)
    merge(kept, gone, at)
    assert Founding.objects.get().person == kept
    assert not Membership.objects.filter(person=gone).exists()
    assert not TeamRole.objects.filter(person=gone).exists()
    membership = Membership.objects.get(community=both)
    assert (membership.kind, membership.since) == ("member", at - timedelta(days=9))
    assert Membership.objects.filter(community=only.community, person=kept).exists()
    assert TeamRole.objects.get(community=both).role == "organiser"
    assert TeamRole.objects.get(community=alone.community).person == kept


def test_merging_keeps_the_founding_of_the_one_who_stays(at: datetime) -> None:
    kept, gone = PersonFactory(), PersonFactory()
    keep_founding(screen="name", answers={"name": ["kept"]}, by=kept, at=at)
    keep_founding(screen="name", answers={"name": ["gone"]}, by=gone, at=at)
    merge(kept, gone, at)
    assert Founding.objects.get().answers == {"name": {"name": ["kept"]}}
