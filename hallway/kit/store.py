"""Stored public pages: what Django says to the front, and how a change makes stored pages old.

A page is stored under its path, language and the few query parameters it names. It carries tags; a change bumps the
tags' revisions inside its own transaction, and the front drops every page that carries one before it answers again.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import connection, transaction
from django.db.models import Max
from django.http import HttpResponse

from . import clock, remembered
from .models import Revision

STORE_HEADER = "X-Hallway-Store"
UNTIL_HEADER = "X-Hallway-Good-Until"
QUERY_HEADER = "X-Hallway-Query"


def bump(*tags: str) -> None:
    """Make every stored page that carries one of these tags old. Only inside the transaction of the change."""
    if not tags:
        return
    if not connection.in_atomic_block:
        raise RuntimeError("bump() belongs inside the transaction of its change")
    seq = (Revision.objects.aggregate(last=Max("seq"))["last"] or 0) + 1
    at = clock.now()
    rows = [Revision(key=tag, seq=seq, changed_at=at) for tag in sorted(set(tags))]
    Revision.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["key"], update_fields=["seq", "changed_at"]
    )
    transaction.on_commit(remembered.look_again)
    transaction.on_commit(lambda: _tell_others(sorted(set(tags))))


def _tell_others(tags: list[str]) -> None:
    from .backplane import publish_revisions  # needs settings, which need not exist for pure imports

    publish_revisions(tags)


def keep(
    response: HttpResponse,
    tags: Iterable[str],
    *,
    good_until: datetime | None = None,
    query: Iterable[str] = (),
) -> HttpResponse:
    """Let the front keep this answer: the same for everyone, until a tag is bumped or ``good_until`` has come.

    ``query`` names the query parameters that change the page; an address with any other is not stored. The middleware
    takes the mark away again when the request was signed in or the answer turned out personal.
    """
    response[STORE_HEADER] = " ".join(sorted({"instance", *tags}))
    if good_until is not None:
        response[UNTIL_HEADER] = str(int(good_until.timestamp()))
    names = " ".join(query)
    if names:
        response[QUERY_HEADER] = names
    return response


def tell_again(within: timedelta) -> int:
    """Tell the other processes once more what changed lately, in case this one died between commit and telling."""
    tags = list(Revision.objects.filter(changed_at__gte=clock.now() - within).values_list("key", flat=True))
    if tags:
        _tell_others(tags)
    return len(tags)
