"""Every change of a community."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from hallway.kit.facts import announce
from hallway.kit.refusal import require
from hallway.people.models import Person

from . import policies
from .facts import CommunityJoined, CommunityQuit
from .models import Community, Membership


def join_community(*, community: Community, kind: str, by: Person, at: datetime) -> Membership:
    """Follow a community, or become a member. The same again does nothing."""
    require(
        policies.can_join_community(by, community),
        "community.cannot_join",
        _("This community is not open yet. Come back when it is published."),
    )
    with transaction.atomic():
        membership, made = Membership.objects.get_or_create(
            community=community, person=by, defaults={"kind": kind, "since": at}
        )
        if not made and membership.kind == kind:
            return membership
        membership.kind = kind
        membership.save(update_fields=["kind"])
        announce(CommunityJoined(community_id=community.pk, person_id=by.pk, membership=kind), by=by, at=at)
    return membership


def quit_community(*, community: Community, by: Person, at: datetime) -> None:
    """Stop following or being a member. Doing it twice does nothing."""
    with transaction.atomic():
        gone, _rows = Membership.objects.filter(community=community, person=by).delete()
        if gone:
            announce(CommunityQuit(community_id=community.pk, person_id=by.pk), by=by, at=at)
