"""The one named exception to "every change is an action": django-allauth's own flows, with our mail and our people."""

from __future__ import annotations

from allauth.account.adapter import DefaultAccountAdapter


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Sends allauth's mail through the outbox."""
