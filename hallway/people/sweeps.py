"""What people have due: accounts nobody came for, links nobody used."""

from __future__ import annotations

from datetime import timedelta

from hallway.kit import clock
from hallway.kit.sweeps import sweep

from .models import Person, PersonClaim


@sweep(every=timedelta(hours=1))
def forget_empty_accounts() -> int:
    """Delete accounts that were asked for and never signed in to within a day: a mistyped address, usually."""
    old = clock.now() - timedelta(days=1)
    return Person.objects.filter(
        name="", claimed_at=None, last_login=None, email__isnull=False, created_at__lt=old, slug__startswith="new-"
    ).delete()[0]


@sweep(every=timedelta(hours=6))
def forget_old_claims() -> int:
    """Delete invitations ninety days after they expired."""
    return PersonClaim.objects.filter(expires_at__lt=clock.now() - timedelta(days=90)).delete()[0]
