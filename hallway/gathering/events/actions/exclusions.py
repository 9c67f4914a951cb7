"""Muting somebody at an event, banning them from it, and taking that back."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from hallway.gathering.communities import policies as communities
from hallway.gathering.communities.actions.exclusions import (
    NOT_YOURS,
    as_person,
    end_exclusion,
    put_exclusion,
    refuse_if,
    refuse_team,
    terms_of,
)
from hallway.kit.actors import Actor, Visitor
from hallway.kit.facts import announce
from hallway.kit.held import held
from hallway.kit.refusal import require
from hallway.people.models import Person

from .. import policies
from ..facts import BannedFromEvent, EventExclusionLifted, MutedAtEvent
from ..models import Event, EventExclusion
from .rows import locked

Kind = EventExclusion.Kind


def ban_from_event(
    *, event: Event, who: Person | Visitor, reason: str, until: datetime | None = None, by: Actor, at: datetime
) -> EventExclusion:
    """Let somebody take no part in an event; what they registered for is given up, and the seat goes on.

    The same again changes nothing; another reason or end takes the place of what was decided before.
    """
    require(policies.can_ban(by, event), "exclusion.not_yours", NOT_YOURS)
    with transaction.atomic():
        terms = terms_of(who, reason, until, by=by, at=at)
        refuse_team(_is_team(who, event))
        row = locked(event)
        new = EventExclusion(event=row, kind=Kind.BAN, **terms)
        exclusion, is_new = put_exclusion(new, row.exclusions.all())
        if is_new:
            fact = BannedFromEvent(
                event_id=row.pk, community_id=row.community_id, event_exclusion_id=exclusion.pk
            )  # fmt: skip
            announce(fact, by=by, at=at)
    return exclusion


def mute_at_event(
    *, event: Event, who: Person | Visitor, reason: str, until: datetime | None = None, by: Actor, at: datetime
) -> EventExclusion:
    """Let somebody read, and write nothing, at an event. The same again changes nothing."""
    require(policies.can_mute(by, event), "exclusion.not_yours", NOT_YOURS)
    with transaction.atomic():
        terms = terms_of(who, reason, until, by=by, at=at)
        refuse_team(_is_team(who, event))
        row = locked(event)
        new = EventExclusion(event=row, kind=Kind.MUTE, **terms)
        exclusion, is_new = put_exclusion(new, row.exclusions.all())
        if is_new:
            fact = MutedAtEvent(event_id=row.pk, community_id=row.community_id, event_exclusion_id=exclusion.pk)
            announce(fact, by=by, at=at)
    return exclusion


def lift_event_exclusion(*, exclusion: EventExclusion, by: Actor, at: datetime) -> None:
    """Let somebody take part, or write, again. Twice is once."""
    allowed = policies.can_mute if exclusion.kind == Kind.MUTE else policies.can_ban
    require(allowed(by, exclusion.event), "exclusion.not_yours", NOT_YOURS)
    with transaction.atomic():
        row = held(exclusion, "exclusion.gone")
        if end_exclusion(row, by=by, at=at):
            fact = EventExclusionLifted(
                event_id=row.event_id, community_id=row.event.community_id, event_exclusion_id=row.pk
            )  # fmt: skip
            announce(fact, by=by, at=at)


def refuse_banned(who: Actor | None, event: Event) -> None:
    """Say to somebody who is banned from an event, or its community, what they can do about it."""
    refuse_if(not policies.may_come(who, event), event.community)


def _is_team(who: Person | Visitor, event: Event) -> bool:
    person = as_person(who)
    return communities.can_see_team_pages(person, event.community) or policies.can_edit_event(person, event)
