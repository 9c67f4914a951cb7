"""A small WSGI application behind the real front, run as a program of its own by the tests of the front."""

import argparse
import json
import logging
import os
import sqlite3
import sys
import tempfile
import threading
import time
from pathlib import Path
from urllib.parse import parse_qs

from hallway.front.app import Front
from hallway.front.bridge import PATIENCE, WAITING, Pool
from hallway.front.hub import Hub
from hallway.front.live import Live
from hallway.front.revisions import SqliteRevisions
from hallway.front.server import serve
from hallway.front.static import StaticFiles, Uploads
from hallway.front.stored import Store
from hallway.front.told import Told
from hallway.front.watch import Watch

KEY = b"a key only the tests know"
SECURITY = [("Content-Security-Policy", "default-src 'self'"), ("X-Content-Type-Options", "nosniff")]
CLOSED = {"streams": 0, "files": 0, "ended": 0}
CALLS = {"page": 0}


class Application:
    """Pages by path: a method each."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.front: Front | None = None
        self.local = threading.local()

    def __call__(self, environ, start_response):
        name = environ["PATH_INFO"].strip("/").split("/")[0]
        view = getattr(self, f"view_{name}", None)
        environ["args"] = {k: v[-1] for k, v in parse_qs(environ["QUERY_STRING"]).items()}
        if view is None:
            start_response("404 Not Found", [("Content-Type", "text/plain")])
            return [b"no such view"]
        return view(environ, start_response)

    def database(self):
        return sqlite3.connect(self.folder / "site.sqlite3", timeout=10)

    def stored(self, start_response, text, *, tags="page:one", more=(), seq=None):
        headers = [("Content-Type", "text/html; charset=utf-8"), ("X-Hallway-Store", tags), *SECURITY, *more]
        start_response("200 OK", [*headers, ("X-Hallway-Seq", str(self.seq() if seq is None else seq))])
        return [text.encode()]

    def seq(self):
        with self.database() as db:
            return db.execute("SELECT coalesce(max(seq), 0) FROM kit_revision").fetchone()[0]

    def plain(self, start_response, text, status="200 OK", more=()):
        start_response(status, [("Content-Type", "text/plain; charset=utf-8"), *more])
        return [text.encode()]

    def view_page(self, environ, start_response):
        CALLS["page"] += 1
        name = environ["PATH_INFO"].rsplit("/", 1)[-1]
        seq = self.seq()
        with self.database() as db:
            row = db.execute("SELECT text FROM page WHERE name = ?", (name,)).fetchone()
        time.sleep(float(environ["args"].get("day", "0")) / 1000)
        text = f"{row[0] if row else 'nothing'} {environ['QUERY_STRING']} call {CALLS['page']} " + "word " * 300
        more = [("X-Hallway-Query", "day room")]
        if name == "fleeting":
            more.append(("X-Hallway-Good-Until", str(time.time() + 0.4)))
        return self.stored(start_response, text, tags=f"page:{name}", more=more, seq=seq)

    def view_same(self, environ, start_response):
        CALLS["page"] += 1
        return self.stored(start_response, "always the same " * 100, tags="page:same")

    def view_marked(self, environ, start_response):
        CALLS["page"] += 1
        header, _, value = environ["args"].get("with", "").partition(":")
        more = [("X-Hallway-Query", "with"), *([(header, value)] if header else [])]
        return self.stored(start_response, f"call {CALLS['page']}", more=more)

    def view_count(self, environ, start_response):
        CALLS["page"] += 1
        return self.plain(start_response, f"call {CALLS['page']}")

    def view_echo(self, environ, start_response):
        shown = {k: v for k, v in environ.items() if isinstance(v, str)}
        return self.plain(start_response, json.dumps(shown))

    def view_upload(self, environ, start_response):
        return self.plain(start_response, str(len(environ["wsgi.input"].read())))

    def view_slow(self, environ, start_response):
        time.sleep(float(environ["args"]["s"]))
        return self.plain(start_response, "at last")

    def view_raise(self, environ, start_response):
        raise RuntimeError("planted")

    def view_stream(self, environ, start_response):
        start_response("200 OK", [("Content-Type", "text/plain")])

        def chunks():
            try:
                for number in range(100_000):
                    if number == 3 and "break" in environ["args"]:
                        raise RuntimeError("planted")
                    yield b"x" * 65536
            finally:
                CLOSED["streams"] += 1

        return chunks()

    def view_file(self, environ, start_response):
        file = (self.folder / "large.bin").open("rb")  # the bridge closes it
        size = os.fstat(file.fileno()).st_size
        start_response("200 OK", [("Content-Type", "video/mp4"), ("Content-Length", str(size))])
        wrapped = environ["wsgi.file_wrapper"](file, 4096)
        close = wrapped.close

        def closing():
            CLOSED["files"] += 1
            close()

        wrapped.close = closing
        return wrapped

    def view_publish(self, environ, start_response):
        args = environ["args"]
        with self.database() as db:
            row = (int(args["id"]), args["channel"], args["data"], args.get("author"))
            db.execute("INSERT INTO event VALUES (?, ?, ?, ?)", row)
        told = Told(int(args["id"]), "note", args["data"], int(args["author"]) if "author" in args else None)
        if "lost" not in args:
            self.front.publish(args["channel"], told)
        return self.plain(start_response, "published")

    def view_state(self, environ, start_response):
        return self.plain(start_response, json.dumps({**self.front.counters(), **CLOSED}))

    def view_context(self, environ, start_response):
        seen = getattr(self.local, "seen", 0)
        self.local.seen = seen + 1
        return self.plain(start_response, threading.current_thread().name)

    def view_rule(self, environ, start_response):
        """Somebody is hidden from a viewer, or (author 0) may not listen to what is private."""
        args = environ["args"]
        with self.database() as db:
            if "ends" in args:
                db.execute("DELETE FROM rule WHERE viewer = ? AND author = ?", (args["viewer"], args["author"]))
            else:
                db.execute("INSERT INTO rule VALUES (?, ?)", (args["viewer"], args["author"]))
        if "tell" in args:
            self.front.look_again([int(args["viewer"])], [])
        return self.plain(start_response, "noted")

    def admit(self, asked):
        if (self.folder / "database-is-away").exists():
            raise sqlite3.OperationalError("planted")
        with self.database() as db:
            rules = db.execute("SELECT viewer, author FROM rule").fetchall()
        found = []
        for channel, viewer in asked:
            hidden = frozenset(author for one, author in rules if one == viewer)
            found.append(None if 0 in hidden and not channel.startswith("public/") else hidden)
        return found

    def missed(self, asked):
        with self.database() as db:
            newest = db.execute("SELECT coalesce(max(id), 0) FROM event").fetchone()[0]
            found = []
            for channel, last_id, known in asked:
                rows = db.execute(
                    "SELECT id, 'note', data, author FROM event WHERE channel = ? AND id > ? ORDER BY id LIMIT 101",
                    (channel, last_id),
                ).fetchall()
                ends_at = rows[99][0] if len(rows) > 100 else None
                found.append(([row for row in rows[:100] if row[0] not in known], ends_at))
        if any(channel == "public/slow-catch-up" and last_id == 301 for channel, last_id, _known in asked):
            time.sleep(0.5)
        return newest, found


def prepare(folder: Path) -> None:
    with sqlite3.connect(folder / "site.sqlite3") as db:
        db.execute("PRAGMA journal_mode=WAL")
        db.execute("CREATE TABLE IF NOT EXISTS kit_revision (key TEXT PRIMARY KEY, seq BIGINT, changed_at TEXT)")
        db.execute("CREATE INDEX IF NOT EXISTS by_seq ON kit_revision (seq)")
        db.execute("CREATE TABLE IF NOT EXISTS page (name TEXT PRIMARY KEY, text TEXT)")
        db.execute("CREATE TABLE IF NOT EXISTS event (id INTEGER PRIMARY KEY, channel TEXT, data TEXT, author INT)")
        db.execute("CREATE TABLE IF NOT EXISTS rule (viewer INT, author INT)")
    large = folder / "large.bin"
    if not large.exists():
        large.write_bytes(bytes(range(256)) * 4 * 16384)
    static = folder / "static"
    static.mkdir(exist_ok=True)
    (static / "site.0123456789ab.css").write_text("body { color: teal }\n" * 200)
    (static / "plain.js").write_text("export const one = 1;\n" * 100)
    uploads = folder / "media"
    uploads.mkdir(exist_ok=True)
    (uploads / "evil.html").write_text("<script>alert(1)</script>")
    (uploads / "film.mp4").write_bytes(bytes(range(256)) * 40)
    (uploads / "é.png").write_bytes(b"\x89PNG")


def build(folder: Path, **options) -> Front:
    """Return a whole front over a folder."""
    application = Application(folder)
    security = [(name.lower().encode(), value.encode()) for name, value in SECURITY]
    revisions = SqliteRevisions(folder / "site.sqlite3")
    hub = Hub(beat=1.0)

    def ended() -> None:
        CLOSED["ended"] += 1

    front = Front(
        Pool(
            application,
            waiting=options.get("waiting", WAITING),
            patience=options.get("patience", PATIENCE),
            on_thread_end=ended,
            limit_for=lambda path: 4_000_000 if path.startswith("/upload/large") else 20_000_000,
        ),
        allowed_hosts=["127.0.0.1", ".hallway.example"],
        store=Store(revisions),
        files=[
            StaticFiles("/static/", lambda path: folder / "static" / path, security=security),
            Uploads("/media/", lambda path: folder / "media" / path, security=security),
        ],
        live=Live(hub, key=KEY, watch=Watch(hub, application.admit, application.missed), security=security),
        security=security,
        check=lambda: {"database": application.seq() >= 0},
    )
    application.front = front
    return front


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path)
    parser.add_argument("port", type=int)
    parser.add_argument("--waiting", type=int, default=WAITING)
    parser.add_argument("--patience", type=float, default=PATIENCE)
    parser.add_argument("--fallback", action="store_true", help="as if another server ran the front")
    parser.add_argument("--quick-limits", action="store_true", help="shorter waits than in earnest")
    given = parser.parse_args()
    logging.basicConfig(level=logging.WARNING)
    tempfile.tempdir = str(given.folder)
    prepare(given.folder)
    if given.quick_limits:
        from hallway.front import body, files, protocol

        protocol.HEAD_SECONDS = 1.5
        body.read_body.__kwdefaults__["seconds"] = 2.0
        files.PATIENCE = 2.0
    front = build(given.folder, waiting=given.waiting, patience=given.patience)
    if given.fallback:
        inner = front.__call__

        async def without_extension(scope, receive, send):
            scope.pop("extensions", None)
            await inner(scope, receive, send)

        without_extension.hub = front.hub
        without_extension.answer_at_once = lambda scope: None
        serve(without_extension, "127.0.0.1", given.port)
    serve(front, "127.0.0.1", given.port)
    sys.exit("unreachable")
