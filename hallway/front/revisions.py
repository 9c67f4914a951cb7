"""What changed since the last look: asked before every stored answer, so that an edit shows on the next
fetch.

Writers raise a tag's revision inside the transaction that changes it. The numbers must become visible in
order on SQLite, which has one writer. Beyond it fronts go by the numbers Valkey gives after the commit, and read
some of them again, since two writers may tell of their changes out of order.
"""

import asyncio
import logging
import math
import sqlite3
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import quote

log = logging.getLogger("hallway.front")

EVERYTHING = "*"
"""The tag that stands for every stored page;
raised by a change of settings, seen after a restored database.
"""

REPLACED_SECONDS = 1.0


class Revisions(Protocol):
    """Tells which tags changed, and whether a page built from an older state may still be stored."""

    @property
    def mark(self) -> int:
        """A counter that grows whenever a change is noticed; taken when a page starts being built."""

    async def changed(self) -> set[str] | None:
        """Return the tags changed since the last call, or None when that cannot be known:
        then store nothing.
        """

    def moved(self, tags: Iterable[str], built_at_seq: int | None, mark: int | None) -> bool:
        """Say whether a tag moved on after `built_at_seq`, or was noticed to move after `mark`.

        Either may be None; with both None nothing is known, and the answer is yes.
        """

    async def close(self) -> None:
        """Let go of connections."""


class Latest:
    """The newest revision of every tag seen, and when it was noticed here; both refuse pages built before."""

    def __init__(self) -> None:
        self.mark = 0
        self.latest: dict[str, int] = {}
        self._noticed: dict[str, int] = {}

    def note(self, rows: Iterable[tuple[str, int]]) -> set[str]:
        """Take in (tag, revision) rows and return the tags that are new."""
        tags = {tag for tag, seq in rows if self.latest.get(tag) != seq}
        if tags:
            self.mark += 1
            self.latest.update(rows)
            self._noticed.update(dict.fromkeys(tags, self.mark))
        return tags

    def forget(self) -> set[str]:
        """The numbers began anew (a restored database): everything stored is void."""
        self.latest.clear()
        self.mark += 1
        self._noticed[EVERYTHING] = self.mark
        return {EVERYTHING}

    def moved(self, tags: Iterable[str], built_at_seq: int | None, mark: int | None) -> bool:
        """Say whether a tag moved on after `built_at_seq`, or was noticed to move after `mark`."""
        if built_at_seq is None and mark is None:
            return True
        return any(
            (built_at_seq is not None and self.latest.get(tag, 0) > built_at_seq)
            or (mark is not None and self._noticed.get(tag, 0) > mark)
            for tag in (*tags, EVERYTHING)
        )


class SqliteRevisions(Latest):
    """Revisions in a SQLite file, read over a connection of its own; about 5 µs when nothing changed."""

    def __init__(self, path: str | Path) -> None:
        super().__init__()
        self._path = Path(path)
        self._connection: sqlite3.Connection | None = None
        self._file = (0, 0)
        self._look_again = 0.0
        self._version = -1
        self._seq = 0

    async def changed(self) -> set[str] | None:
        """Return the tags changed since the last call; None while the table cannot be read."""
        return self.changed_now()

    def changed_now(self) -> set[str] | None:
        """Answer the same without waiting: the file lies on this machine."""
        try:
            return self._changed()
        except (OSError, sqlite3.Error) as error:
            if not isinstance(error, FileNotFoundError) and "no such table" not in str(error):
                log.warning("Revisions cannot be read; stored pages wait: %s", error)
            self._version = -1
            return None

    def _changed(self) -> set[str]:
        tags: set[str] = set()
        now = time.monotonic()
        if self._connection is None or now >= self._look_again:
            # Now and then: was the file itself replaced by another, say a restored one?
            tags = self._connect()
            self._look_again = now + REPLACED_SECONDS
        assert self._connection is not None  # noqa: S101 - narrows the type
        version = self._connection.execute("PRAGMA data_version").fetchone()[0]
        if version == self._version:
            return tags
        highest = self._connection.execute("SELECT max(seq) FROM kit_revision").fetchone()[0] or 0
        if highest < self._seq:
            tags = self.forget()
            self._seq = 0
        if highest > self._seq:
            rows = self._connection.execute("SELECT key, seq FROM kit_revision WHERE seq > ?", (self._seq,))
            tags |= self.note(rows.fetchall())
            self._seq = highest
        self._version = version
        return tags

    def _connect(self) -> set[str]:
        stat = self._path.stat()
        if self._connection is not None and self._file == (stat.st_dev, stat.st_ino):
            return set()
        tags: set[str] = set()
        if self._connection is not None:
            self._connection.close()
            self._seq = 0
            tags = self.forget()
        self._connection = self._open()
        self._file = (stat.st_dev, stat.st_ino)
        self._version = -1
        return tags

    def _open(self) -> sqlite3.Connection:
        # timeout=0: the loop must never sleep on a lock. Writers in WAL mode do not lock readers out.
        uri = f"file:{quote(str(self._path.absolute()))}?mode=ro"
        return sqlite3.connect(uri, uri=True, timeout=0, isolation_level=None, check_same_thread=False)

    async def close(self) -> None:
        """Close the connection."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None


class ValkeyRevisions(Latest):
    """Revisions shared through Valkey by several fronts: `hallway:revision` and the sorted set of tags."""

    KEY = "hallway:revision"
    TAGS = "hallway:revisions"
    OVERLAP = 1000  # numbers read again, in case two writers became visible out of order
    BACKWARDS = 50  # a number this much lower is no late writer: Valkey lost its memory
    AWAY = 2.0  # seconds of silence after which a writer gives up telling

    def __init__(self, url: str, *, timeout: float = 0.5) -> None:
        from redis.asyncio import Redis  # optional: only those with several fronts have it installed

        super().__init__()
        self._client: Any = Redis.from_url(url, decode_responses=True, socket_connect_timeout=timeout)
        self._timeout = timeout
        self._seq = -1
        self._silent_since = math.inf

    async def changed(self) -> set[str] | None:
        """Return the tags changed since the last call; None when Valkey does not answer in time."""
        from redis.exceptions import RedisError

        began = time.monotonic()
        try:
            # A timeout in this very task: nothing may run between the last line below and the caller's drop.
            async with asyncio.timeout(self._timeout):
                seq = int(await self._client.get(self.KEY) or 0)
                if seq == self._seq and self._silent_since == math.inf:
                    return set()
                rows = await self._rows(seq)
        except (TimeoutError, OSError, RedisError) as error:
            log.warning("Valkey does not answer; stored pages wait: %s", error)
            self._silent_since = min(self._silent_since, began if isinstance(error, TimeoutError) else 0.0)
            return None
        lost = seq < self._seq - self.BACKWARDS or (seq == 0 and self._seq > 0)
        # Was it away itself, or silent for long? Then changes were committed of which nobody could tell.
        lost = lost or time.monotonic() - self._silent_since > self.AWAY
        self._silent_since = math.inf
        tags = self.forget() if lost else set()
        self._seq = seq
        return tags | self.note(rows)

    def moved(self, tags: Iterable[str], built_at_seq: int | None, mark: int | None) -> bool:
        """As above, by the mark alone: Valkey counts for itself, and a page's number is the database's."""
        return super().moved(tags, None, mark)

    async def _rows(self, seq: int) -> list[tuple[str, int]]:
        low = min(self._seq, seq) - self.OVERLAP if self._seq > 0 else 0
        rows = await self._client.zrangebyscore(self.TAGS, low, "+inf", withscores=True)
        return [(tag, int(score)) for tag, score in rows]

    async def close(self) -> None:
        """Close the connections."""
        await self._client.aclose()
