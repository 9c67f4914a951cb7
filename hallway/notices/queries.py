"""How much mail an address had."""

from __future__ import annotations

from datetime import datetime, timedelta

from allauth.account.models import EmailAddress
from django.db.models import Q

from .models import OutboxMail

MOST_TO_STRANGERS = 3


def mails_lately(address: str, at: datetime) -> int:
    """How many mails the whole instance wrote to a mailbox within a day, whatever follows a + in its address."""
    local, _at, domain = address.rpartition("@")
    name = local.partition("+")[0]
    same = Q(to_address__iexact=address)
    if name:
        tagged = Q(to_address__istartswith=f"{name}+", to_address__iendswith=f"@{domain}")
        same |= Q(to_address__iexact=f"{name}@{domain}") | tagged
    return OutboxMail.objects.filter(same, created_at__gt=at - timedelta(days=1)).count()


def is_confirmed(address: str) -> bool:
    """Whether the owner of an address ever showed that it is theirs."""
    return bool(EmailAddress.objects.filter(email=address.lower(), verified=True).exists())


def has_enough_mail(address: str, at: datetime) -> bool:
    """Whether an address that nobody confirmed had its three mails of a day."""
    return mails_lately(address, at) >= MOST_TO_STRANGERS and not is_confirmed(address)
