"""Muting somebody in a community, banning them from it, and taking that back."""

from __future__ import annotations

from datetime import datetime
from typing import Any, TypeVar

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from hallway.gathering.communities import policies
from hallway.gathering.communities.facts import BannedFromCommunity, CommunityExclusionLifted, MutedInCommunity
from hallway.gathering.communities.models import Community, CommunityExclusion, Exclusion, Membership
from hallway.kit.actors import Actor, Visitor
from hallway.kit.facts import announce
from hallway.kit.held import held
from hallway.kit.refusal import Refusal, require
from hallway.people.models import Person

Kind = Exclusion.Kind
SomeExclusion = TypeVar("SomeExclusion", bound=Exclusion)
NOT_YOURS = _("Only organisers can decide that. Ask one of them.")
OWN = _("This is about you, so another organiser decides. Ask one of them.")


def ban_from_community(
    *, community: Community, who: Person | Visitor, reason: str, until: datetime | None = None, by: Actor, at: datetime
) -> CommunityExclusion:
    """Let somebody take no part in anything of a community; they belong to it no longer, and their seats go on.

    The same again changes nothing; another reason or end takes the place of what was decided before.
    """
    require(policies.can_exclude(by, community), "exclusion.not_yours", NOT_YOURS)
    with transaction.atomic():
        terms = terms_of(who, reason, until, by=by, at=at)
        refuse_team(policies.can_see_team_pages(as_person(who), community))
        held(community, "community.gone")
        new = CommunityExclusion(community=community, kind=Kind.BAN, **terms)
        row, is_new = put_exclusion(new, community.exclusions.all())
        if is_new:
            Membership.objects.filter(community=community, person=row.person).delete()
            announce(BannedFromCommunity(community_id=community.pk, community_exclusion_id=row.pk), by=by, at=at)
    return row


def mute_in_community(
    *, community: Community, who: Person | Visitor, reason: str, until: datetime | None = None, by: Actor, at: datetime
) -> CommunityExclusion:
    """Let somebody read, and write nothing, at anything of a community. The same again changes nothing."""
    require(policies.can_exclude(by, community), "exclusion.not_yours", NOT_YOURS)
    with transaction.atomic():
        terms = terms_of(who, reason, until, by=by, at=at)
        refuse_team(policies.can_see_team_pages(as_person(who), community))
        held(community, "community.gone")
        new = CommunityExclusion(community=community, kind=Kind.MUTE, **terms)
        row, is_new = put_exclusion(new, community.exclusions.all())
        if is_new:
            announce(MutedInCommunity(community_id=community.pk, community_exclusion_id=row.pk), by=by, at=at)
    return row


def lift_community_exclusion(*, exclusion: CommunityExclusion, by: Actor, at: datetime) -> None:
    """Let somebody take part, or write, again. Twice is once."""
    require(policies.can_exclude(by, exclusion.community), "exclusion.not_yours", NOT_YOURS)
    with transaction.atomic():
        row = held(exclusion, "exclusion.gone")
        if end_exclusion(row, by=by, at=at):
            fact = CommunityExclusionLifted(community_id=row.community_id, community_exclusion_id=row.pk)
            announce(fact, by=by, at=at)


def as_person(who: Person | Visitor) -> Person | None:
    """The person, if it is one and not a device."""
    return who if isinstance(who, Person) else None


def terms_of(who: Person | Visitor, reason: str, until: datetime | None, *, by: Actor, at: datetime) -> dict[str, Any]:
    """What every exclusion holds. The person is locked: they can neither leave nor be merged meanwhile."""
    reason = reason.strip()
    if not reason:
        raise Refusal("exclusion.no_reason", _("Say why: whoever it is about reads it."), field="reason")
    if until is not None and until <= at:
        raise Refusal("exclusion.past", _("Choose an end that is still to come, or none."), field="until")
    if isinstance(who, Person):
        who = held(who, "people.gone")
        if who.left_at is not None or who.merged_into_id is not None:
            raise Refusal("people.gone", _("This person is no longer here, so there is nobody to keep out."))
    return {
        "person": as_person(who),
        "device": "" if isinstance(who, Person) else who.device,
        "reason": reason[:1_000],
        "until": until,
        "since": at,
        "decided_by": by if isinstance(by, Person) else None,
    }


def refuse_team(is_team: bool) -> None:
    """Nobody is muted or banned where they help to run things."""
    if is_team:
        raise Refusal(
            "exclusion.team",
            _("This person helps to run this, or looks after the whole site. End their part in the team first."),
        )


def refuse_if(is_banned: bool, community: Community) -> None:
    """Say to somebody who is banned what they can do about it."""
    if is_banned:
        raise Refusal(
            "exclusion.banned",
            _(
                "The team of %(community)s decided that you take no part here for now. The mail about it says why, and "
                "how to have it looked at again. Without such a mail, ask the administrators of this site; their "
                "address is in the legal notice."
            )
            % {"community": community.name},
            status=403,
        )


def put_exclusion(new: SomeExclusion, among: QuerySet[SomeExclusion]) -> tuple[SomeExclusion, bool]:
    """Write an exclusion in the place of one that holds already; False where that says the very same."""
    mine = among.filter(person=new.person, device=new.device, kind=new.kind, lifted_at=None)
    there = mine.first()
    if there is not None and (there.reason, there.until) == (new.reason, new.until):
        return there, False
    mine.update(lifted_at=new.since, lifted_by=new.decided_by)
    new.save()
    return new, True


def end_exclusion(row: Exclusion, *, by: Actor, at: datetime) -> bool:
    """Note that an exclusion was lifted; False when it was before. The row is locked. Nobody lifts their own."""
    require(not isinstance(by, Person) or row.person_id != by.pk, "exclusion.own", OWN)
    if row.lifted_at is not None:
        return False
    row.lifted_at, row.lifted_by = at, by if isinstance(by, Person) else None
    row.save(update_fields=["lifted_at", "lifted_by"])
    return True


def fold_exclusions(among: QuerySet[Any], place: str, kept_id: int, gone_id: int) -> None:
    """What either entry was kept out of, the one who stays is; where both were, for as long as the longer one says."""
    holding = among.filter(person=kept_id, lifted_at=None)
    mine = {(getattr(row, place), row.kind): row for row in holding}
    for row in among.filter(person=gone_id):
        kept = mine.get((getattr(row, place), row.kind)) if row.lifted_at is None else None
        if kept is not None:
            kept.until = None if None in (kept.until, row.until) else max(kept.until, row.until)
            kept.save(update_fields=["until"])
            row.delete()
            continue
        row.person_id = kept_id
        row.save(update_fields=["person"])
