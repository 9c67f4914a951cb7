from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from hallway.gathering.communities import policies, queries
from hallway.gathering.communities.actions import (
    ban_from_community,
    join_community,
    lift_community_exclusion,
    mute_in_community,
)
from hallway.gathering.communities.models import Community, CommunityExclusion, Exclusion, Membership, TeamRole
from hallway.kit import clock, trail
from hallway.kit.actors import SystemPerson, Visitor
from hallway.kit.models import FactRow, Revision
from hallway.kit.refusal import NotAllowed, Refusal
from hallway.people.actions import leave_hallway, merge_persons
from hallway.people.models import Person
from tests.factories import CommunityFactory, MembershipFactory, PersonFactory, TeamRoleFactory

pytestmark = pytest.mark.django_db

BAN, MUTE = Exclusion.Kind.BAN, Exclusion.Kind.MUTE
DEVICE = Visitor("4b0d8f52-0000-4000-8000-000000000000")
WHY = "Insults in the chat."


@pytest.fixture
def now() -> datetime:
    """Policies look at the clock."""
    return clock.now()


@pytest.fixture
def community() -> Community:
    return CommunityFactory(name="Ubuntu Coders")


@pytest.fixture
def organiser(community: Community) -> Person:
    return TeamRoleFactory(community=community, person__name="Naledi").person


@pytest.fixture
def subject() -> Person:
    return PersonFactory(name="Piet")


def ban(community: Community, who: Any, by: Any, at: datetime, **more: Any) -> CommunityExclusion:
    return ban_from_community(community=community, who=who, reason=more.pop("reason", WHY), by=by, at=at, **more)


def code_of(raised: Any) -> tuple[str, str | None]:
    return raised.value.code, raised.value.field


def test_ban_ends_membership_and_bars_joining(
    community: Community, organiser: Person, subject: Person, now: datetime
) -> None:
    MembershipFactory(community=community, person=subject)
    there = MembershipFactory(community=community)
    row = ban(community, subject, organiser, now)
    assert (row.person, row.kind, row.reason, row.until, row.decided_by) == (subject, BAN, WHY, None, organiser)
    assert list(Membership.objects.all()) == [there]
    assert Revision.objects.filter(key=f"community:{community.pk}").exists()
    with pytest.raises(Refusal) as refused:
        join_community(community=community, kind="member", by=subject, at=now)
    assert refused.value.code == "exclusion.banned"
    assert "legal notice" in str(refused.value)
    join_community(community=CommunityFactory(), kind="member", by=subject, at=now)


def test_same_ban_again_changes_nothing_and_another_takes_its_place(
    community: Community, organiser: Person, subject: Person, now: datetime
) -> None:
    first = ban(community, subject, organiser, now)
    assert ban(community, subject, organiser, now).pk == first.pk
    later = ban(community, subject, organiser, now + timedelta(hours=1), until=now + timedelta(days=9))
    first.refresh_from_db()
    assert (first.lifted_at, first.lifted_by) == (now + timedelta(hours=1), organiser)
    assert list(CommunityExclusion.objects.filter(lifted_at=None)) == [later]
    assert FactRow.objects.filter(kind="communities.banned").count() == 2


def test_exclusion_ends_by_the_clock_or_by_hand(
    community: Community, organiser: Person, subject: Person, now: datetime
) -> None:
    row = ban(community, subject, organiser, now, until=now + timedelta(days=1))
    assert row.holds(now) and not row.holds(now + timedelta(days=1))
    rows = CommunityExclusion.objects.all()
    assert queries.holding(rows, subject, now).exists()
    assert not queries.holding(rows, subject, now + timedelta(days=1)).exists()
    for _times in range(2):
        lift_community_exclusion(exclusion=row, by=organiser, at=now)
    row.refresh_from_db()
    assert not row.holds(now)
    assert not policies.is_excluded(subject, community.pk)
    assert FactRow.objects.filter(kind="communities.exclusion_lifted").count() == 1
    join_community(community=community, kind="member", by=subject, at=now)


def test_device_is_banned_without_any_person(community: Community, organiser: Person, now: datetime) -> None:
    row = ban(community, DEVICE, organiser, now)
    assert (row.person, row.device) == (None, DEVICE.device)
    assert policies.is_excluded(DEVICE, community.pk)
    assert not policies.is_excluded(Visitor("4b0d8f52-0000-4000-8000-000000000001"), community.pk)
    assert not policies.is_excluded(SystemPerson("seats"), community.pk)
    assert not policies.is_excluded(None, community.pk)


def test_mute_is_no_ban(community: Community, organiser: Person, subject: Person, now: datetime) -> None:
    row = mute_in_community(community=community, who=subject, reason=WHY, by=organiser, at=now)
    assert (row.person, row.device) == (subject, "")
    assert policies.is_excluded(subject, community.pk, MUTE) and not policies.is_excluded(subject, community.pk)
    assert mute_in_community(community=community, who=subject, reason=WHY, by=organiser, at=now).pk == row.pk
    join_community(community=community, kind="member", by=subject, at=now)


def test_trail_names_whom_it_was_about(community: Community, organiser: Person, subject: Person, now: datetime) -> None:
    ban(community, subject, organiser, now)
    mute_in_community(community=community, who=DEVICE, reason=WHY, by=organiser, at=now)
    assert CommunityExclusion.objects.filter(lifted_at=None).count() == 2
    said = [entry.sentence for entry in trail.entries(f"community:{community.pk}")]
    assert said == ["Naledi muted a visitor at Ubuntu Coders", "Naledi banned Piet from Ubuntu Coders"]
    assert not FactRow.objects.filter(payload__has_key="person_id").exists()


def test_team_is_not_muted(community: Community, organiser: Person, now: datetime) -> None:
    helper = TeamRoleFactory(community=community, role=TeamRole.Role.HELPER).person
    with pytest.raises(Refusal) as refused:
        mute_in_community(community=community, who=helper, reason=WHY, by=organiser, at=now)
    assert code_of(refused) == ("exclusion.team", None)


def test_nobody_bans_an_administrator_or_themselves(community: Community, organiser: Person, now: datetime) -> None:
    for who in (PersonFactory(is_administrator=True), organiser):
        with pytest.raises(Refusal) as refused:
            ban(community, who, organiser, now)
        assert refused.value.code == "exclusion.team"


def test_only_organisers_exclude_and_lift(
    community: Community, organiser: Person, subject: Person, now: datetime
) -> None:
    row = ban(community, subject, organiser, now)
    foreign = TeamRoleFactory().person
    editor = TeamRoleFactory(community=community, role=TeamRole.Role.EDITOR).person
    for by in (foreign, editor, subject, DEVICE):
        for act in (
            lambda by=by: ban(community, subject, by, now),
            lambda by=by: mute_in_community(community=community, who=subject, reason=WHY, by=by, at=now),
            lambda by=by: lift_community_exclusion(exclusion=row, by=by, at=now),
        ):
            with pytest.raises(NotAllowed) as refused:
                act()
            assert refused.value.code == "exclusion.not_yours"
    lift_community_exclusion(exclusion=row, by=SystemPerson("tests"), at=now)
    row.refresh_from_db()
    assert row.lifted_at == now and row.lifted_by is None


def test_exclusion_needs_a_reason_and_an_end_to_come(
    community: Community, organiser: Person, subject: Person, now: datetime
) -> None:
    with pytest.raises(Refusal) as refused:
        ban(community, subject, organiser, now, reason="  ")
    assert code_of(refused) == ("exclusion.no_reason", "reason")
    with pytest.raises(Refusal) as refused:
        ban(community, subject, organiser, now, until=now)
    assert code_of(refused) == ("exclusion.past", "until")
    assert not CommunityExclusion.objects.exists()


def test_nobody_who_is_gone_is_excluded(
    community: Community, organiser: Person, subject: Person, now: datetime
) -> None:
    leave_hallway(person=Person.objects.get(pk=subject.pk), by=subject, at=now)
    with pytest.raises(Refusal) as refused:
        ban(community, subject, organiser, now)
    assert refused.value.code == "people.gone"


def test_exclusion_is_of_a_person_or_a_device(community: Community, subject: Person, now: datetime) -> None:
    for who in ({}, {"person": subject, "device": DEVICE.device}):
        with pytest.raises(IntegrityError), transaction.atomic():
            CommunityExclusion.objects.create(community=community, kind=BAN, reason=WHY, since=now, **who)


def test_leaving_takes_exclusions_along_and_signatures(
    community: Community, organiser: Person, subject: Person, now: datetime
) -> None:
    TeamRoleFactory(community=community)
    ban(community, subject, organiser, now)
    kept = ban(community, DEVICE, organiser, now)
    leave_hallway(person=subject, by=subject, at=now)
    leave_hallway(person=organiser, by=organiser, at=now)
    row = CommunityExclusion.objects.get()
    assert (row.pk, row.decided_by) == (kept.pk, None)


@pytest.mark.parametrize(("kept_days", "gone_days", "days"), [(1, 3, 3), (3, 1, 3), (None, 3, None), (3, None, None)])
def test_merged_entries_stay_out_as_long_as_either(
    community: Community, organiser: Person, now: datetime, kept_days: int | None, gone_days: int | None,
    days: int | None,
) -> None:  # fmt: skip
    def end(number: int | None) -> datetime | None:
        return None if number is None else now + timedelta(days=number)

    keep, gone = PersonFactory(), PersonFactory()
    ban(community, keep, organiser, now, until=end(kept_days))
    ban(community, gone, organiser, now, until=end(gone_days))
    elsewhere = CommunityFactory()
    ban(elsewhere, gone, SystemPerson("tests"), now)
    merge_persons(keep=keep, gone=gone, by=SystemPerson("tests"), at=now)
    rows = CommunityExclusion.objects.filter(person=keep).values_list("community", "until")
    assert set(rows) == {(community.pk, end(days)), (elsewhere.pk, None)}
    assert not CommunityExclusion.objects.filter(person=gone).exists()


def test_export_says_what_one_was_kept_from(
    community: Community, organiser: Person, subject: Person, now: datetime
) -> None:
    ban(community, subject, organiser, now)
    rows = queries.own_data(subject)["exclusions"]
    assert [(row["community__slug"], row["kind"], row["reason"]) for row in rows] == [(community.slug, BAN, WHY)]
