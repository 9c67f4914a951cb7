import asyncio
import gzip
import time

import brotli
import pytest

from hallway.front.revisions import Latest
from hallway.front.stored import Key, Store, make_page

BODY = b"<p>word</p>" * 200
HEADERS = [(b"x-frame-options", b"DENY"), (b"content-type", b"x"), (b"vary", b"Cookie"), (b"etag", b"x")]


class Told(Latest):
    """Revisions that a test tells."""

    def __init__(self):
        super().__init__()
        self.rows = []

    async def changed(self):
        rows, self.rows = self.rows, []
        return None if rows is None else self.note(rows)

    async def close(self):
        pass


@pytest.fixture
def store():
    made = Store(Told(), budget=60_000, variants=3)
    yield made
    made.close()


def put(store, key, *, tags=("t",), seq=0, good_until=None, body=BODY, names=frozenset(), mark=None):
    if isinstance(key, str):
        key = Key("http://h", key, "en")
    return asyncio.run(store.put(key, body, "text/html", HEADERS, tags, good_until, seq, names=names, mark=mark))


def test_make_page_keeps_each_coding_with_its_own_etag_and_the_headers_of_the_answer():
    page = make_page(BODY, "text/html", HEADERS, frozenset("t"), None)
    assert gzip.decompress(page.codings["gzip"].body) == BODY
    assert brotli.decompress(page.codings["br"].body) == BODY
    assert len({entry.etag for entry in page.codings.values()}) == 3
    entry = page.select(b"gzip, br")
    head = dict(entry.head)
    assert head[b"content-encoding"] == b"br"
    assert head[b"vary"] == b"Accept-Encoding, Accept-Language, Cookie"
    assert head[b"x-frame-options"] == b"DENY"
    assert head[b"cache-control"] == b"no-cache"
    assert head[b"etag"].startswith(b'"')
    assert [name for name, _ in entry.head].count(b"etag") == 1
    assert b"content-length" not in dict(entry.head304)
    assert page.select(b"").body == BODY


def test_make_page_leaves_small_pages_uncompressed():
    assert set(make_page(b"short", "text/html", [], frozenset("t"), None).codings) == {"identity"}


def test_settle_dates_a_page_only_after_its_second():
    entry = make_page(BODY, "text/html", [], frozenset("t"), None).select(b"")
    entry.settle(entry.last_modified - 0.1)
    assert b"last-modified" not in dict(entry.head)
    entry.settle(entry.last_modified)
    entry.settle(entry.last_modified)
    assert [name for name, _ in entry.head].count(b"last-modified") == 1


def test_put_then_get_counts_hits_and_misses(store):
    assert put(store, "/a")
    assert store.get(Key("http://h", "/a", "en"), time.time()).select(b"").body == BODY
    assert store.get(Key("http://h", "/a", "fr"), time.time()) is None
    assert (store.counters.hits, store.counters.misses, store.counters.stored) == (1, 1, 1)


def test_get_forgets_a_page_past_its_time(store):
    put(store, "/a", good_until=100.0)
    assert store.get(Key("http://h", "/a", "en"), 99.9)
    assert store.get(Key("http://h", "/a", "en"), 100.0) is None
    assert len(store) == 0 and store.size == 0


def test_drop_forgets_by_tag_and_everything_by_the_star(store):
    put(store, "/a", tags=("x", "y"))
    put(store, "/b", tags=("y",))
    put(store, "/c", tags=("z",))
    store.drop({"x"})
    assert len(store) == 2
    store.drop({"y"})
    assert len(store) == 1
    store.drop({"*"})
    assert len(store) == 0 and store.size == 0
    assert store.counters.dropped == 3


def test_put_refuses_a_page_whose_tag_moved_while_it_was_built(store):
    store.revisions.rows = [("t", 5)]
    assert not put(store, "/a", seq=4)
    assert put(store, "/a", seq=5)
    mark = store.revisions.mark
    store.revisions.rows = [("t", 6)]
    assert not put(store, "/a", seq=None, mark=mark)
    assert len(store) == 0  # and what was stored before is gone as well


def test_put_refuses_without_tags_without_revisions_and_what_is_too_large(store):
    assert not put(store, "/a", tags=())
    assert not put(store, "/a", body=b"x" * 20_000)
    store.revisions.rows = None
    assert not put(store, "/a")
    assert store.counters.refused == 3


def test_put_keeps_to_the_budget_and_lets_the_least_read_go(store):
    for name in "abcdefghijklmnop":
        put(store, f"/{name}")
        store.get(Key("http://h", "/a", "en"), 0)
    assert store.size <= 60_000
    assert store.counters.evicted > 0
    assert store.get(Key("http://h", "/a", "en"), 0)
    assert store.get(Key("http://h", "/b", "en"), 0) is None


def test_put_bounds_the_variants_of_a_path_and_keeps_the_plain_one(store):
    names = frozenset({"day"})
    put(store, "/a", names=names)
    for day in range(5):
        put(store, f"/a?day={day}", names=names, body=b"small")
    assert len(store) == 3
    assert store.get(Key("http://h", "/a", "en"), 0)


def test_key_holds_only_parameters_that_matter(store):
    names = frozenset({"day", "room"})
    assert store.key("http://h", "/a", "", "en") == Key("http://h", "/a", "en")
    assert store.key("http://h", "/a", "room=2&day=1", "en", names).path == "/a?day=1&room=2"
    assert store.key("http://h", "/a", "day=2&day=1", "en", names).path == "/a?day=2&day=1"
    assert store.key("http://h", "/a", "lang=fr", "fr", names).path == "/a"
    assert store.key("http://h", "/a", "lang=de", "en", names) is None
    assert store.key("http://h", "/a", "utm_source=x", "en", names) is None
    assert store.key("http://h", "/a", "&", "en", names) is None
    assert store.key("http://h", "/a", "day=1", "en") is None
    put(store, "/a", names=names)
    assert store.key("http://h", "/a", "day=1", "en").path == "/a?day=1"
