"""Co-hosting: a community is asked, agrees or declines, and may end it later."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from hallway.gathering.communities.models import Community
from hallway.kit.actors import Actor
from hallway.kit.facts import announce
from hallway.kit.pace import require_pace
from hallway.kit.refusal import Refusal, require
from hallway.people.models import Person

from .. import policies
from ..facts import HostAccepted, HostDeclined, HostInvited, HostWithdrawn
from ..models import Event, Host

MOST_A_DAY = 30
NOT_YOURS = _("Only organisers of the community this event belongs to may do that.")
NOT_ASKED = _("Only organisers of the community that was asked may answer.")


def invite_host(*, event: Event, community: Community, by: Actor, at: datetime) -> Host:
    """Ask a community to co-host. Again after it declined asks again; while it has not answered it does nothing."""
    require(policies.can_run_event(by, event), "host.not_yours", NOT_YOURS)
    if community.pk == event.community_id:
        raise Refusal("host.own", _("This community runs the event already."), field="community")
    if community.public_at is None or community.hidden_at is not None:
        raise Refusal("host.unknown", _("No public community has this address."), field="community")
    require_pace(HostInvited, most=MOST_A_DAY, by=by, at=at)
    inviter = by if isinstance(by, Person) else None
    with transaction.atomic():
        host, made = Host.objects.select_for_update().get_or_create(
            event=event, community=community, defaults={"invited_by": inviter, "invited_at": at}
        )
        if not made and host.declined_at is None:
            return host
        host.invited_by, host.invited_at, host.declined_at = inviter, at, None
        host.save(update_fields=["invited_by", "invited_at", "declined_at"])
        announce(HostInvited(event_id=event.pk, community_id=community.pk, host_id=host.pk), by=by, at=at)
    return host


def accept_host(*, host: Host, by: Actor, at: datetime) -> Host:
    """Agree to co-host. Its organisers may edit the event from now on."""
    require(policies.can_answer_host(by, host), "host.not_asked", NOT_ASKED)
    with transaction.atomic():
        row = _locked(host)
        if row.accepted_at is not None:
            return row
        row.accepted_at, row.declined_at = at, None
        row.save(update_fields=["accepted_at", "declined_at"])
        announce(HostAccepted(event_id=row.event_id, community_id=row.community_id), by=by, at=at)
    return row


def decline_host(*, host: Host, by: Actor, at: datetime) -> Host:
    """Say no. An accepted invitation is ended with :func:`withdraw_host` instead."""
    require(policies.can_answer_host(by, host), "host.not_asked", NOT_ASKED)
    with transaction.atomic():
        row = _locked(host)
        if row.accepted_at is not None:
            raise Refusal("host.accepted", _("Your community co-hosts this event already. You can end that."))
        if row.declined_at is None:
            row.declined_at = at
            row.save(update_fields=["declined_at"])
            announce(HostDeclined(event_id=row.event_id, community_id=row.community_id), by=by, at=at)
    return row


def withdraw_host(*, host: Host, by: Actor, at: datetime) -> None:
    """End co-hosting or take an invitation back; either side may. Twice does nothing."""
    allowed = policies.can_answer_host(by, host) or policies.can_run_event(by, host.event)
    require(allowed, "host.not_yours", NOT_YOURS)
    with transaction.atomic():
        gone, _rows = Host.objects.filter(pk=host.pk).delete()
        if gone:
            announce(HostWithdrawn(event_id=host.event_id, community_id=host.community_id), by=by, at=at)


def _locked(host: Host) -> Host:
    row = Host.objects.select_for_update().filter(pk=host.pk).first()
    if row is None:
        raise Refusal("host.gone", _("This invitation was taken back meanwhile."), status=404)
    return row
