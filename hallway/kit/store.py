"""Stored public pages: what Django says to the front, and how a change makes stored pages old.

A page is stored under its path, language and the few query parameters it names. It carries tags; a change bumps the
tags' revisions inside its own transaction, and the front drops every page that carries one before it answers again.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime, timedelta

from django.db import connection, transaction
from django.db.models import Max
from django.http import HttpRequest, HttpResponse

from . import clock, remembered
from .models import Revision

STORE_HEADER = "X-Hallway-Store"
UNTIL_HEADER = "X-Hallway-Good-Until"
QUERY_HEADER = "X-Hallway-Query"
_CARRIED = "hallway.store.tags"
_CARRIED_UNTIL = "hallway.store.until"
_gathered: ContextVar[set[str] | None] = ContextVar("hallway_gathered_tags", default=None)


def bump(*tags: str) -> None:
    """Make every stored page that carries one of these tags old. Only inside the transaction of the change."""
    if not tags:
        return
    if not connection.in_atomic_block:
        raise RuntimeError("bump() belongs inside the transaction of its change")
    if (gathered := _gathered.get()) is not None:
        gathered.update(tags)
        return
    seq = (Revision.objects.aggregate(last=Max("seq"))["last"] or 0) + 1
    at = clock.now()
    rows = [Revision(key=tag, seq=seq, changed_at=at) for tag in sorted(set(tags))]
    Revision.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["key"], update_fields=["seq", "changed_at"]
    )
    transaction.on_commit(remembered.look_again)
    # What was committed stays so when Valkey is away: fronts that cannot ask it answer nothing from their store.
    transaction.on_commit(lambda: _tell_others(sorted(set(tags))), robust=True)


@contextmanager
def bumped_last() -> Iterator[None]:
    """Write what is bumped inside once, at the end: whoever holds the revision of a page waits for no other row.

    Two changes of several packages each would otherwise wait for one another, one for a page and one for a row.
    Inside another one it is the outer one's end. Nothing is bumped when it ends in an exception.
    """
    if _gathered.get() is not None:
        yield
        return
    tags: set[str] = set()
    token = _gathered.set(tags)
    try:
        yield
    finally:
        _gathered.reset(token)
    bump(*tags)


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


def carry(request: HttpRequest | None, *tags: str, good_until: datetime | None = None) -> None:
    """Let the page of this request carry these tags too, if it is stored: for what a panel puts on a lower page.

    ``good_until`` is when what the panel says is no longer so by the clock alone.
    """
    if request is None:
        return
    request.META.setdefault(_CARRIED, set()).update(tags)
    if good_until is not None:
        until = request.META.get(_CARRIED_UNTIL)
        request.META[_CARRIED_UNTIL] = min(good_until, until or good_until)


def carry_along(request: HttpRequest, response: HttpResponse) -> None:
    """Write what was carried into the mark of a page that is stored."""
    if carried := request.META.get(_CARRIED):
        response[STORE_HEADER] = " ".join(sorted({*response[STORE_HEADER].split(), *carried}))
    if until := request.META.get(_CARRIED_UNTIL):
        ends = int(until.timestamp())
        response[UNTIL_HEADER] = str(min(ends, int(response.get(UNTIL_HEADER) or ends)))


def tell_again(within: timedelta) -> int:
    """Tell the other processes once more what changed lately, in case this one died between commit and telling."""
    tags = list(Revision.objects.filter(changed_at__gte=clock.now() - within).values_list("key", flat=True))
    if tags:
        _tell_others(tags)
    return len(tags)
