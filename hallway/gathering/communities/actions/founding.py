"""Founding a community: what is written on the four screens, the founding itself, and its approval."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from hallway.gathering.communities import policies, queries
from hallway.gathering.communities.facts import (
    CommunityFounded,
    FounderInvited,
    FoundingApproved,
    FoundingDeclined,
    FoundingKept,
)
from hallway.gathering.communities.models import (
    Community,
    FounderInvitation,
    Founding,
    FoundingRequest,
    TeamRole,
)
from hallway.kit import store
from hallway.kit.actors import Actor
from hallway.kit.facts import announce
from hallway.kit.pace import require_pace
from hallway.kit.refusal import Refusal, require
from hallway.kit.slugs import one_at_a_time, propose_slug
from hallway.notices.actions import send_notice
from hallway.people.models import Person

from .editing import DETAILS, require_edit
from .series import SeriesTerms, start_series
from .team import invite_to_team

INVITED_FOR = timedelta(days=30)
MOST_A_DAY = 10


def keep_founding(*, screen: str, answers: Mapping[str, list[str]], by: Person, at: datetime) -> Founding:
    """Keep what somebody wrote on one of the screens, right or wrong, until they found or give up."""
    with transaction.atomic():
        founding, _made = Founding.objects.select_for_update().get_or_create(
            person=by, defaults={"answers": {}, "updated_at": at}
        )
        founding.answers = {**founding.answers, screen: dict(answers)}
        founding.updated_at = at
        founding.save(update_fields=["answers", "updated_at"])
        announce(FoundingKept(person_id=by.pk), by=by, at=at)
    return founding


def drop_founding(*, by: Person, at: datetime) -> None:
    """Throw away what was written."""
    with transaction.atomic():
        gone, _rows = Founding.objects.filter(person=by).delete()
        if gone:
            announce(FoundingKept(person_id=by.pk), by=by, at=at)


def found_community(
    *,
    details: Mapping[str, Any],
    topics: Sequence[Any] = (),
    terms: SeriesTerms | None = None,
    invited: Sequence[tuple[str, str]] = (),
    by: Actor,
    at: datetime,
) -> Community:
    """Make a community: its page, its founder as organiser, its series and its invitations, or nothing at all.

    ``details`` are columns named in ``editing.DETAILS``; without a ``slug`` a free one is made from the name. Where
    the instance asks for approval the community stays unseen until an administrator has decided.
    """
    require(
        policies.can_found_community(by, at),
        "community.cannot_found",
        _("Only people whom an administrator invited can found a community here. Ask for an invitation."),
    )
    require_pace(CommunityFounded, most=MOST_A_DAY, by=by, at=at)
    at_once = policies.founds_at_once(by)
    with transaction.atomic(), store.bumped_last():
        community = _make(details, at, at if at_once else None)
        community.topics.set(topics)
        if isinstance(by, Person):
            TeamRole.objects.create(community=community, person=by, role=TeamRole.Role.ORGANISER, since=at)
            Founding.objects.filter(person=by).delete()
            _use_invitation(by, at)
        announce(CommunityFounded(community_id=community.pk, waits=not at_once), by=by, at=at)
        if not at_once:
            _ask_administrators(community, by, at)
        if terms is not None:
            start_series(community=community, terms=terms, by=by, at=at)
        if invited:
            invite_to_team(community=community, invited=invited, by=by, at=at)
    return community


def _make(details: Mapping[str, Any], at: datetime, public_at: datetime | None) -> Community:
    columns = {name: value for name, value in details.items() if name in DETAILS}
    one_at_a_time("community")
    slug = columns.pop("slug", "") or propose_slug(columns["name"], queries.is_slug_taken, fallback="community")
    if queries.is_slug_taken(slug):
        raise Refusal("community.slug_taken", _("This address is or was somebody else’s. Choose another one."))
    return Community.objects.create(slug=slug, founded_at=at, public_at=public_at, **columns)


def _use_invitation(founder: Person, at: datetime) -> None:
    invitation = queries.founder_invitation_of(founder, at)
    if invitation is not None:
        FounderInvitation.objects.filter(pk=invitation.pk).update(used_at=at, used_by=founder)


def _ask_administrators(community: Community, by: Actor, at: datetime) -> None:
    asked_by = by if isinstance(by, Person) else None
    request, made = FoundingRequest.objects.get_or_create(
        community=community, defaults={"asked_by": asked_by, "asked_at": at}
    )
    if not made:
        FoundingRequest.objects.filter(pk=request.pk).update(asked_at=at, decided_at=None, reason="")
    for administrator in Person.objects.filter(is_administrator=True, is_active=True, left_at=None):
        send_notice(
            to_person=administrator,
            template="communities/mail/founding_asked",
            context={
                "community": community.name,
                "founder": asked_by.name if asked_by else "",
                "url": f"{settings.HALLWAY_BASE_URL}/communities/requests/",
            },
            dedupe_key=f"founding:{community.pk}:{administrator.pk}:{at.isoformat()}",
            by=by,
            at=at,
        )


def ask_founding_again(*, community: Community, by: Actor, at: datetime) -> None:
    """After a founding was declined: ask the administrators to look once more."""
    require_edit(by, community)
    with transaction.atomic():
        community = Community.objects.select_for_update().get(pk=community.pk)
        request = FoundingRequest.objects.filter(community=community, approved=False).first()
        if request is None or request.decided_at is None:
            raise Refusal("founding.not_declined", _("There is nothing to ask again."))
        _ask_administrators(community, by, at)
        announce(CommunityFounded(community_id=community.pk, waits=True), by=by, at=at)


def approve_founding(*, request: FoundingRequest, by: Actor, at: datetime) -> None:
    """Let a new community be seen, and tell its founder."""
    with transaction.atomic():
        _decide(request, approved=True, reason="", by=by, at=at)
        Community.objects.filter(pk=request.community_id, public_at=None).update(public_at=at)
        announce(FoundingApproved(community_id=request.community_id), by=by, at=at)
        _tell_founder(request, "communities/mail/founding_approved", by, at)


def decline_founding(*, request: FoundingRequest, reason: str, by: Actor, at: datetime) -> None:
    """Do not let a new community be seen, and tell its founder why."""
    if not reason.strip():
        raise Refusal("founding.reason_missing", _("Say why, so that the founder knows what to do."), field="reason")
    with transaction.atomic():
        _decide(request, approved=False, reason=reason, by=by, at=at)
        announce(FoundingDeclined(community_id=request.community_id), by=by, at=at)
        _tell_founder(request, "communities/mail/founding_declined", by, at)


def _decide(request: FoundingRequest, *, approved: bool, reason: str, by: Actor, at: datetime) -> None:
    require(policies.can_decide_foundings(by), "founding.cannot_decide", _("Only administrators can decide this."))
    undecided = FoundingRequest.objects.filter(pk=request.pk, decided_at=None)
    if not undecided.update(decided_at=at, approved=approved, reason=reason):
        raise Refusal("founding.decided", _("Another administrator has decided this already."))
    request.refresh_from_db()


def _tell_founder(request: FoundingRequest, template: str, by: Actor, at: datetime) -> None:
    if request.asked_by is None:
        return
    community = request.community
    send_notice(
        to_person=request.asked_by,
        template=template,
        context={
            "community": community.name,
            "reason": request.reason,
            "url": f"{settings.HALLWAY_BASE_URL}/c/{community.slug}/",
        },
        dedupe_key=f"founding-decided:{request.pk}:{at.isoformat()}",
        by=by,
        at=at,
    )


def invite_founder(*, address: str, by: Actor, at: datetime) -> FounderInvitation:
    """An administrator invites an address to found a community; good for thirty days and one community."""
    require(policies.can_decide_foundings(by), "founding.cannot_invite", _("Only administrators can invite founders."))
    with transaction.atomic():
        present = FounderInvitation.objects.filter(address__iexact=address, used_at=None, expires_at__gt=at)
        if present.exists():
            raise Refusal("founding.already_invited", _("This address is invited already."), field="address")
        invitation = FounderInvitation.objects.create(
            address=address,
            invited_by=by if isinstance(by, Person) else None,
            created_at=at,
            expires_at=at + INVITED_FOR,
        )
        announce(FounderInvited(invitation_id=invitation.pk), by=by, at=at)
        send_notice(
            to_address=address,
            template="communities/mail/founder_invited",
            context={
                "inviter": by.name if isinstance(by, Person) else "",
                "url": f"{settings.HALLWAY_BASE_URL}/c/new/",
                "expires_at": invitation.expires_at,
            },
            by=by,
            at=at,
        )
    return invitation
