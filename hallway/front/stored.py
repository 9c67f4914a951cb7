"""Finished public pages, kept compressed in memory and dropped the moment their facts change."""

import asyncio
import gzip
import logging
import time
from collections import OrderedDict
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import NamedTuple
from urllib.parse import parse_qsl, urlencode

import brotli

from hallway.front.asgi import Headers
from hallway.front.conditional import best_coding, digest_of, write_date, write_etag
from hallway.front.language import LANGUAGES, PARAMETER
from hallway.front.revisions import EVERYTHING, Revisions

log = logging.getLogger("hallway.front")

VARY = (b"vary", b"Accept-Encoding, Accept-Language, Cookie")
OWN_HEADERS = {b"content-length", b"content-type", b"connection", b"date", b"etag", b"last-modified", b"vary"}
OVERHEAD = 4096  # bytes a stored page takes besides its bodies


class Key(NamedTuple):
    """What a stored page is found by: origin ("https://host"), path with sorted query, language."""

    host: str
    path: str
    language: str


@dataclass(slots=True)
class Entry:
    """One coding of a stored page: body and ready heads; `good_until` and `last_modified` in unix seconds."""

    body: bytes
    etag: str
    head: Headers
    head304: Headers
    tags: frozenset[str]
    good_until: float | None
    last_modified: int
    dated: bool = False
    wire: bytes = b""
    wire304: bytes = b""

    def __post_init__(self) -> None:
        self._spell_out()

    def _spell_out(self) -> None:
        """Write both heads as they go over the wire, without the status line and the date."""
        self.wire, self.wire304 = (
            b"".join(b"%s: %s\r\n" % pair for pair in head) + b"\r\n" for head in (self.head, self.head304)
        )

    def settle(self, now: float) -> None:
        """Show Last-Modified once its second has begun.

        A page is dated with the second after it was stored. Whoever holds that date got the page when no
        other version could still be stored under it, so a date never vouches for an older version.
        """
        if not self.dated and now >= self.last_modified:
            stamp = (b"last-modified", write_date(self.last_modified))
            self.head.append(stamp)
            self.head304.append(stamp)
            self.dated = True
            self._spell_out()


@dataclass(slots=True)
class Page:
    """A stored page in every coding that pays."""

    codings: dict[str, Entry]
    tags: frozenset[str]
    good_until: float | None
    size: int

    def select(self, accept_encoding: bytes) -> Entry:
        """Return the best entry a raw Accept-Encoding header allows."""
        return self.codings.get(best_coding(accept_encoding)) or self.codings["identity"]


@dataclass(slots=True)
class Variants:
    """The stored pages of one path, and the query parameters that make a difference there."""

    names: frozenset[str]
    keys: dict[Key, None] = field(default_factory=dict)


@dataclass(slots=True)
class Counters:
    """How the store fared since the start, for the metrics page."""

    hits: int = 0
    misses: int = 0
    stored: int = 0
    refused: int = 0
    dropped: int = 0
    evicted: int = 0


class Store:
    """Stored pages within a budget of bytes, the least recently read leaving first. Lives on the loop."""

    def __init__(self, revisions: Revisions, *, budget: int = 64 * 1024 * 1024, variants: int = 64) -> None:
        self.revisions = revisions
        self.counters = Counters()
        self.size = 0
        self._budget = budget
        self._variants = variants
        self._pages: OrderedDict[Key, Page] = OrderedDict()
        self._paths: dict[tuple[str, str], Variants] = {}
        self._tagged: dict[str, set[Key]] = {}
        self._compressor = ThreadPoolExecutor(1, "hallway-compress")

    def __len__(self) -> int:
        return len(self._pages)

    def __contains__(self, key: Key) -> bool:
        return key in self._pages

    def key(self, host: str, path: str, query: str, language: str, names: frozenset[str] | None = None) -> Key | None:
        """Return the key of a request, or None when its query holds anything not known to matter there.

        `names` are the parameters that matter; without it those of the path's last stored page are taken.
        """
        if not query:
            return Key(host, path, language)
        if names is None:
            known = self._paths.get((host, path))
            names = known.names if known is not None else frozenset()
        pairs = parse_qsl(query, keep_blank_values=True)
        kept = []
        for name, value in pairs:
            if name in names:
                kept.append((name, value))
            elif name != PARAMETER or value not in LANGUAGES:
                return None
        if not pairs:
            return None
        kept.sort(key=lambda pair: pair[0])  # by name only: the order of one name's values may matter
        return Key(host, f"{path}?{urlencode(kept)}" if kept else path, language)

    async def fresh(self) -> bool:
        """Drop what changed elsewhere; False when that cannot be known, and then nothing stored may be
        used.
        """
        tags = await self.revisions.changed()
        if tags:
            self.drop(tags)
        return tags is not None

    def fresh_now(self) -> bool:
        """The same without waiting; False as well when asking would mean waiting."""
        ask = getattr(self.revisions, "changed_now", None)
        tags = ask() if ask is not None else None
        if tags:
            self.drop(tags)
        return tags is not None

    def get(self, key: Key, now: float) -> Page | None:
        """Return a page that is still good. Await `fresh()` first, in the same breath."""
        page = self._pages.get(key)
        if page is not None and page.good_until is not None and page.good_until <= now:
            self._remove(key)
            page = None
        if page is None:
            self.counters.misses += 1
            return None
        self.counters.hits += 1
        self._pages.move_to_end(key)
        return page

    async def put(
        self,
        key: Key,
        body: bytes,
        content_type: str,
        headers: Headers,
        tags: Iterable[str],
        good_until: float | None,
        built_at_seq: int | None,
        *,
        names: frozenset[str] = frozenset(),
        mark: int | None = None,
    ) -> bool:
        """Compress a page in a thread and keep it, unless a tag of it moved on since it was built.

        `headers` are the answer's own (security headers included); `mark` is the revisions' mark from
        before the page was built. Returns whether the page is now stored.
        """
        tags = frozenset(tags)
        if not tags or len(body) > self._budget // 4:
            self.counters.refused += 1
            return False
        loop = asyncio.get_running_loop()
        page = await loop.run_in_executor(self._compressor, make_page, body, content_type, headers, tags, good_until)
        if not await self.fresh() or self.revisions.moved(tags, built_at_seq, mark):
            self.counters.refused += 1
            return False
        self._insert(key, page, names)
        return True

    def drop(self, tags: Iterable[str]) -> None:
        """Forget every page that carries one of the tags."""
        tags = set(tags)
        keys = list(self._pages) if EVERYTHING in tags else [k for t in tags for k in self._tagged.get(t, ())]
        for key in set(keys):
            self._remove(key)
            self.counters.dropped += 1

    def close(self) -> None:
        """Let the compressing thread go."""
        self._compressor.shutdown(wait=False, cancel_futures=True)

    def _insert(self, key: Key, page: Page, names: frozenset[str]) -> None:
        self._remove(key)
        where = (key.host, key.path.partition("?")[0])
        variants = self._paths.setdefault(where, Variants(names))
        variants.names = names
        variants.keys[key] = None
        self._pages[key] = page
        self.size += page.size
        for tag in page.tags:
            self._tagged.setdefault(tag, set()).add(key)
        self.counters.stored += 1
        while len(variants.keys) > self._variants:
            self._evict(next((k for k in variants.keys if "?" in k.path), key))
        while self.size > self._budget:
            self._evict(next(iter(self._pages)))

    def _evict(self, key: Key) -> None:
        self._remove(key)
        self.counters.evicted += 1

    def _remove(self, key: Key) -> None:
        page = self._pages.pop(key, None)
        if page is None:
            return
        self.size -= page.size
        for tag in page.tags:
            keys = self._tagged[tag]
            keys.discard(key)
            if not keys:
                del self._tagged[tag]
        where = (key.host, key.path.partition("?")[0])
        variants = self._paths[where]
        del variants.keys[key]
        if not variants.keys:
            del self._paths[where]


def make_page(body: bytes, content_type: str, headers: Headers, tags: frozenset[str], good_until: float | None) -> Page:
    """Build a page's entries: as it is, and by gzip and brotli where that is smaller.

    Slow: not on the loop.
    """
    digest = digest_of(body)
    last_modified = int(time.time()) + 1
    codings = {
        coding: _entry(coding, content, digest, content_type, headers, tags, good_until, last_modified)
        for coding, content in compressed(body).items()
    }
    size = sum(len(entry.body) for entry in codings.values()) + OVERHEAD
    return Page(codings, tags, good_until, size)


def compressed(body: bytes, *, quality: int = 5) -> dict[str, bytes]:
    """Return a body by coding; the compressed ones only where they save a tenth."""
    codings = {"identity": body}
    if len(body) >= 500:
        # mtime=0 so that equal pages have equal bytes
        for coding, content in (
            ("gzip", gzip.compress(body, 6, mtime=0)),
            ("br", brotli.compress(body, quality=quality)),
        ):
            if len(content) < 0.9 * len(body):
                codings[coding] = content
    return codings


def _entry(
    coding: str,
    content: bytes,
    digest: str,
    content_type: str,
    headers: Headers,
    tags: frozenset[str],
    good_until: float | None,
    last_modified: int,
) -> Entry:
    etag = write_etag(digest, coding)
    shared = [(name, value) for name, value in headers if name not in OWN_HEADERS]
    if not any(name == b"cache-control" for name, _ in shared):
        shared.append((b"cache-control", b"no-cache"))
    shared += [(b"etag", etag.encode()), VARY]
    head = [
        (b"content-type", content_type.encode("latin-1")),
        (b"content-length", b"%d" % len(content)),
        *shared,
    ]
    if coding != "identity":
        head.append((b"content-encoding", coding.encode()))
    return Entry(content, etag, head, list(shared), tags, good_until, last_modified)
