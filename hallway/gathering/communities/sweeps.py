"""What is due in communities: roles that end on their day, and rows nobody needs any more."""

from __future__ import annotations

from datetime import timedelta

from hallway.kit import clock
from hallway.kit.actors import SystemPerson
from hallway.kit.sweeps import sweep

from .actions import expire_role
from .models import FounderInvitation, Founding, TeamInvitation, TeamMessage, TeamRole

TIDY = SystemPerson("communities")
KEPT = timedelta(days=90)


@sweep(every=timedelta(minutes=5))
def end_due_roles() -> int:
    """End roles whose last day is over."""
    now = clock.now()
    due = list(TeamRole.objects.filter(ended_at=None, ends_on__lt=now.date()).order_by("ends_on", "pk")[:200])
    for role in due:
        expire_role(role=role, by=TIDY, at=now)
    return len(due)


@sweep(every=timedelta(hours=6))
def forget_old_rows() -> int:
    """Invitations, unfinished foundings and messages to teams are kept for ninety days."""
    before = clock.now() - KEPT
    old = (
        TeamInvitation.objects.filter(expires_at__lt=before),
        FounderInvitation.objects.filter(expires_at__lt=before),
        Founding.objects.filter(updated_at__lt=before),
        TeamMessage.objects.filter(at__lt=before),
    )
    return sum(rows.delete()[0] for rows in old)
