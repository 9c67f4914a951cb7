"""How a lower package has mail written without knowing the outbox: notices registers itself as the carrier."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from .actors import Actor

_carriers: list[Callable[..., Any]] = []


def carrier(function: Callable[..., Any]) -> None:
    """Register who writes mail (``notices.actions.send_notice``)."""
    _carriers[:] = [function]


def mail(
    *,
    template: str,
    context: dict[str, Any],
    to_person: Any = None,
    to_address: str | None = None,
    language: str | None = None,
    by: Actor,
    at: datetime,
) -> None:
    """Write a mail in the caller's transaction; see ``notices.actions.send_notice`` for what the names mean."""
    for function in _carriers:
        function(
            template=template,
            context=context,
            to_person=to_person,
            to_address=to_address,
            language=language,
            by=by,
            at=at,
        )
