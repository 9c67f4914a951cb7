"""Who helps to run a community: invitations by mail, roles, their end. A community always keeps an organiser."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import date, datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from hallway.gathering.communities import policies, queries
from hallway.gathering.communities.facts import (
    RoleChanged,
    RoleEnded,
    RoleGiven,
    TeamInvitationDeclined,
    TeamInvitationResent,
    TeamInvitationWithdrawn,
    TeamInvited,
)
from hallway.gathering.communities.models import Community, TeamInvitation, TeamRole
from hallway.kit.actors import Actor, SystemPerson
from hallway.kit.facts import announce
from hallway.kit.refusal import NotAllowed, Refusal, require
from hallway.notices.actions import send_notice
from hallway.people.models import Person
from hallway.people.queries import has_address

MOST_A_DAY = 30
GOOD_FOR = timedelta(days=14)
_RANK = {TeamRole.Role.HELPER: 0, TeamRole.Role.EDITOR: 1, TeamRole.Role.ORGANISER: 2}


def invite_to_team(
    *, community: Community, invited: Sequence[tuple[str, str]], by: Actor, at: datetime
) -> list[TeamInvitation]:
    """Mail invitations to pairs of address and role. All or none: the first one that cannot be refuses the rest."""
    with transaction.atomic():
        community = _locked(community.pk)
        _require_team(by, community)
        _check_limit(community, len(invited), by, at)
        return [_invite(community, address, role, by, at) for address, role in invited]


def _locked(community_id: int) -> Community:
    """The community's row, held until the end of the transaction, so that changes of a team come one by one."""
    return Community.objects.select_for_update().get(pk=community_id)


def _require_team(by: Actor, community: Community) -> None:
    require(
        policies.can_manage_team(by, community),
        "team.cannot_manage",
        _("Only organisers can change the team. Ask one of them."),
    )


def _check_limit(community: Community, wanted: int, by: Actor, at: datetime) -> None:
    if isinstance(by, SystemPerson):
        return
    left = MOST_A_DAY - queries.invitations_lately(community, by if isinstance(by, Person) else None, at)
    if wanted > left:
        raise Refusal(
            "team.too_many_invitations",
            ngettext_lazy(
                "You can invite %(left)s more person today. Invite the others tomorrow.",
                "You can invite %(left)s more people today. Invite the others tomorrow.",
                max(left, 0),
            )
            % {"left": max(left, 0)},
            field="addresses",
        )


def _invite(community: Community, address: str, role: str, by: Actor, at: datetime) -> TeamInvitation:
    if role not in TeamRole.Role.values:
        raise Refusal("team.unknown_role", _("Choose what they will help with."), field="role")
    if queries.present_roles().filter(community=community, person__email__iexact=address).exists():
        raise Refusal(
            "team.already_in",
            _("%(address)s is in the team already. Change the role there.") % {"address": address},
            field="addresses",
        )
    if queries.open_invitations(community).filter(address__iexact=address, expires_at__gt=at).exists():
        raise Refusal(
            "team.already_invited",
            _("%(address)s is invited already. You can send that invitation again.") % {"address": address},
            field="addresses",
        )
    token = secrets.token_urlsafe(32)
    invitation = TeamInvitation.objects.create(
        community=community,
        address=address,
        role=role,
        token_hash=queries.hash_token(token),
        invited_by=by if isinstance(by, Person) else None,
        created_at=at,
        expires_at=at + GOOD_FOR,
    )
    announce(TeamInvited(community_id=community.pk, invitation_id=invitation.pk, role=role), by=by, at=at)
    _mail(invitation, token, by, at)
    return invitation


def _mail(invitation: TeamInvitation, token: str, by: Actor, at: datetime) -> None:
    community = invitation.community
    send_notice(
        to_address=invitation.address,
        template="communities/mail/team_invited",
        context={
            "community": community.name,
            "role": TeamRole.Role(invitation.role).label,
            "inviter": by.name if isinstance(by, Person) else "",
            "url": f"{settings.HALLWAY_BASE_URL}/c/{community.slug}/invitation/{token}/",
            "expires_at": invitation.expires_at,
            "zone": community.zone,
        },
        by=by,
        at=at,
    )


def resend_team_invitation(*, invitation: TeamInvitation, by: Actor, at: datetime) -> None:
    """Mail the invitation again with a new link; the old link no longer works. Counts as one of the day."""
    with transaction.atomic():
        community = _locked(invitation.community_id)
        _require_team(by, community)
        _check_limit(community, 1, by, at)
        token = secrets.token_urlsafe(32)
        changed = TeamInvitation.objects.filter(pk=invitation.pk, answered_at=None, withdrawn_at=None).update(
            token_hash=queries.hash_token(token), created_at=at, expires_at=at + GOOD_FOR
        )
        if not changed:
            raise Refusal("team.invitation_closed", _("This invitation was answered or withdrawn in the meantime."))
        invitation.refresh_from_db()
        announce(TeamInvitationResent(community_id=community.pk, invitation_id=invitation.pk), by=by, at=at)
        _mail(invitation, token, by, at)


def withdraw_team_invitation(*, invitation: TeamInvitation, by: Actor, at: datetime) -> None:
    """Take an invitation back; its link says so."""
    with transaction.atomic():
        community = _locked(invitation.community_id)
        _require_team(by, community)
        open_one = TeamInvitation.objects.filter(pk=invitation.pk, answered_at=None, withdrawn_at=None)
        if open_one.update(withdrawn_at=at):
            announce(TeamInvitationWithdrawn(community_id=community.pk, invitation_id=invitation.pk), by=by, at=at)


def accept_team_invitation(*, invitation: TeamInvitation, by: Person, at: datetime) -> TeamRole:
    """Join the team. Only somebody who has the invited address among their own can."""
    if not has_address(by, invitation.address):
        raise NotAllowed(
            "team.invitation_foreign",
            _("This invitation was sent to another address. Add that one to your account, or ask to be invited anew."),
        )
    with transaction.atomic():
        community = _locked(invitation.community_id)
        invitation = TeamInvitation.objects.select_for_update().get(pk=invitation.pk)
        _refuse_closed(invitation, at)
        invitation.answered_at, invitation.answered_by, invitation.accepted = at, by, True
        invitation.save(update_fields=["answered_at", "answered_by", "accepted"])
        return _give_role(community, by, invitation.role, by, at)


def _give_role(community: Community, person: Person, role: str, by: Actor, at: datetime) -> TeamRole:
    """The person's role from now on; one who already has a higher one without end keeps it. Under the lock."""
    held = TeamRole.objects.filter(community=community, person=person, ended_at=None).first()
    if held is not None:
        lasts = held.ends_on is None
        if lasts and _RANK[TeamRole.Role(held.role)] >= _RANK[TeamRole.Role(role)]:
            return held
        TeamRole.objects.filter(pk=held.pk).update(ended_at=at)
    given = TeamRole.objects.create(community=community, person=person, role=role, since=at)
    announce(RoleGiven(community_id=community.pk, person_id=person.pk, role=role), by=by, at=at)
    return given


def _refuse_closed(invitation: TeamInvitation, at: datetime) -> None:
    if invitation.withdrawn_at is not None:
        raise Refusal("team.invitation_withdrawn", _("This invitation was withdrawn. Ask the team what happened."))
    if invitation.answered_at is not None:
        raise Refusal("team.invitation_used", _("This invitation was already answered."))
    if invitation.expires_at <= at:
        raise Refusal("team.invitation_expired", _("This invitation has expired. Ask the team to send it again."))


def decline_team_invitation(*, invitation: TeamInvitation, by: Actor, at: datetime) -> None:
    """Say no. Whoever holds the link may, signed in or not."""
    with transaction.atomic():
        invitation = TeamInvitation.objects.select_for_update().get(pk=invitation.pk)
        _refuse_closed(invitation, at)
        invitation.answered_at = at
        invitation.save(update_fields=["answered_at"])
        announce(
            TeamInvitationDeclined(community_id=invitation.community_id, invitation_id=invitation.pk), by=by, at=at
        )


def change_role(*, role: TeamRole, new_role: str, ends_on: date | None, by: Actor, at: datetime) -> TeamRole:
    """Give somebody in the team another role, or a last day (None: no end)."""
    with transaction.atomic():
        community = _locked(role.community_id)
        _require_team(by, community)
        role = _present(role.pk)
        if new_role not in TeamRole.Role.values:
            raise Refusal("team.unknown_role", _("Choose what they will help with."), field="role")
        if ends_on is not None and ends_on != role.ends_on and ends_on < at.date():
            raise Refusal("team.end_in_the_past", _("Choose a last day from today on."), field="ends_on")
        if (role.role, role.ends_on) == (new_role, ends_on):
            return role
        if new_role != TeamRole.Role.ORGANISER or ends_on is not None:
            _keep_an_organiser(role)
        role.role, role.ends_on = new_role, ends_on
        role.save(update_fields=["role", "ends_on"])
        _announce_changed(role, by, at)
    return role


def _present(role_id: int) -> TeamRole:
    role = TeamRole.objects.filter(pk=role_id, ended_at=None).select_related("person").first()
    if role is None:
        raise Refusal("team.role_ended", _("This role has ended in the meantime."))
    return role


def _keep_an_organiser(role: TeamRole) -> None:
    """Refuse when nobody but the holder of this role is organiser without an end date."""
    if role.role != TeamRole.Role.ORGANISER or role.ends_on is not None:
        return
    if not queries.lasting_organisers(role.community_id).exclude(pk=role.pk).exists():
        raise Refusal(
            "team.last_organiser",
            _("A community needs an organiser without an end date. Make somebody else organiser first."),
        )


def _announce_changed(role: TeamRole, by: Actor, at: datetime) -> None:
    ends_on = role.ends_on.isoformat() if role.ends_on else None
    announce(
        RoleChanged(community_id=role.community_id, person_id=role.person_id, role=role.role, ends_on=ends_on),
        by=by,
        at=at,
    )


def end_role(*, role: TeamRole, by: Actor, at: datetime) -> None:
    """Remove somebody from the team, or leave it oneself."""
    with transaction.atomic():
        community = _locked(role.community_id)
        # Asked under the lock: two organisers may be removing each other at this moment.
        if not (isinstance(by, Person) and by.pk == role.person_id):
            _require_team(by, community)
        role = _present(role.pk)
        _keep_an_organiser(role)
        _close(role, by, at)


def expire_role(*, role: TeamRole, by: SystemPerson, at: datetime) -> bool:
    """End a role whose last day is over. A team that would be without any organiser keeps it, without end date."""
    with transaction.atomic():
        _locked(role.community_id)
        role = _present(role.pk)
        organisers = queries.present_roles().filter(community_id=role.community_id, role=TeamRole.Role.ORGANISER)
        if role.role == TeamRole.Role.ORGANISER and not organisers.exclude(pk=role.pk).exists():
            role.ends_on = None
            role.save(update_fields=["ends_on"])
            _announce_changed(role, by, at)
            return False
        _close(role, by, at)
        return True


def _close(role: TeamRole, by: Actor, at: datetime) -> None:
    role.ended_at = at
    role.save(update_fields=["ended_at"])
    announce(RoleEnded(community_id=role.community_id, person_id=role.person_id, role=role.role), by=by, at=at)
