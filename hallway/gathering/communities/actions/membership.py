"""Following, joining, quitting, and being named or not."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from hallway.gathering.communities import policies
from hallway.gathering.communities.facts import CommunityJoined, CommunityQuit, MembershipShown
from hallway.gathering.communities.models import Community, Membership
from hallway.kit.facts import announce
from hallway.kit.refusal import Refusal, require
from hallway.people.models import Person

from .exclusions import refuse_if


def join_community(*, community: Community, kind: str, by: Person, at: datetime) -> Membership:
    """Follow a community, or become a member. The same again does nothing."""
    require(
        policies.can_join_community(by, community),
        "community.cannot_join",
        _("This community is not open yet. Come back when it is published."),
    )
    refuse_if(policies.is_excluded(by, community.pk), community)
    if kind not in Membership.Kind.values:
        raise Refusal("community.unknown_membership", _("Choose to follow or to become a member."))
    with transaction.atomic():
        membership, made = Membership.objects.select_for_update().get_or_create(
            community=community, person=by, defaults={"kind": kind, "since": at}
        )
        if not made and membership.kind == kind:
            return membership
        membership.kind = kind
        if kind == Membership.Kind.FOLLOWER:
            membership.shown_at = None
        membership.save(update_fields=["kind", "shown_at"])
        announce(CommunityJoined(community_id=community.pk, person_id=by.pk, membership=kind), by=by, at=at)
    return membership


def quit_community(*, community: Community, by: Person, at: datetime) -> None:
    """Stop following or being a member. Doing it twice does nothing."""
    with transaction.atomic():
        gone, _rows = Membership.objects.filter(community=community, person=by).delete()
        if gone:
            announce(CommunityQuit(community_id=community.pk, person_id=by.pk), by=by, at=at)


def show_membership(*, community: Community, shown: bool, by: Person, at: datetime) -> None:
    """Be named among the members on the community's page, or no longer."""
    with transaction.atomic():
        mine = Membership.objects.select_for_update().filter(community=community, person=by)
        membership = mine.filter(kind=Membership.Kind.MEMBER).first()
        if membership is None:
            raise Refusal("community.not_a_member", _("Only members can be named here. Join first."))
        if (membership.shown_at is not None) == shown:
            return
        membership.shown_at = at if shown else None
        membership.save(update_fields=["shown_at"])
        announce(MembershipShown(community_id=community.pk, person_id=by.pk, shown=shown), by=by, at=at)
