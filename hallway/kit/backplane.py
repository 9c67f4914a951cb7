"""How processes hear of each other's changes: nothing to do on SQLite (the front asks the file), Valkey beyond it."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from django.conf import settings

if TYPE_CHECKING:
    from redis import Redis


@cache
def valkey() -> Redis | None:
    """The connection to Valkey, or None on an embedded instance."""
    if not settings.HALLWAY_VALKEY_URL:
        return None
    from redis import Redis

    return Redis.from_url(settings.HALLWAY_VALKEY_URL, socket_timeout=2)


def publish_revisions(tags: list[str]) -> None:
    """Give the changed tags a new place in Valkey's order; every front looks there before a stored answer."""
    server = valkey()
    if server is None:
        return
    seq = int(server.incr("hallway:revision:next"))
    pipe = server.pipeline(transaction=True)
    pipe.zadd("hallway:revisions", dict.fromkeys(tags, seq))
    pipe.set("hallway:revision", seq)
    pipe.execute()
