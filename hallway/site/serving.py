"""Puts the front before Django: stored pages, static files, uploads, live streams, and the sweeps in a thread."""

from __future__ import annotations

import gc
import logging
import re
import threading
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TypeVar

from csp.middleware import CSPMiddleware
from django.conf import settings
from django.db import close_old_connections, connection, connections
from django.http import HttpRequest, HttpResponse
from django.middleware.clickjacking import XFrameOptionsMiddleware

from hallway.exchange.opening import LIMIT_BYTES
from hallway.front.app import Front, Line
from hallway.front.backplane import Backplane, Local, Valkey
from hallway.front.body import IN_MEMORY, limit_everywhere
from hallway.front.bridge import Pool
from hallway.front.hub import Hub
from hallway.front.live import Live
from hallway.front.revisions import Revisions, SqliteRevisions, ValkeyRevisions
from hallway.front.server import serve as run_server
from hallway.front.static import StaticFiles, Uploads
from hallway.front.stored import Store
from hallway.front.told import Told
from hallway.front.watch import Watch
from hallway.kit import live as kit_live
from hallway.kit import sweeps, wake
from hallway.kit.uploads import MOST_DOCUMENT_BYTES
from hallway.site import first_start
from hallway.site.middleware import SecurityHeadersMiddleware
from hallway.site.static import locate

log = logging.getLogger("hallway.access")
Asked = TypeVar("Asked")
Answered = TypeVar("Answered")
CROWD = 20  # requests that wait: then the sweeps let them go first
_SLIDES = re.compile(r"/(slides/[A-Za-z0-9._-]{1,60}|talks/\d{1,18}/materials)/")
_IMPORT = re.compile(r"/[ce]/[a-z0-9_-]{4,60}/import/")


def security_headers() -> list[tuple[bytes, bytes]]:
    """The headers Django's own answers carry, for what the front answers alone."""

    request, answer = HttpRequest(), HttpResponse()

    def nothing(_request: HttpRequest) -> HttpResponse:
        return answer

    XFrameOptionsMiddleware(nothing).process_response(request, answer)
    CSPMiddleware(nothing).process_response(request, answer)
    SecurityHeadersMiddleware(nothing)(request)
    headers = [(name.lower().encode(), value.encode()) for name, value in answer.items()]
    return [(name, value) for name, value in headers if name not in {b"content-type", b"content-length"}]


def find_static(name: str) -> Path | None:
    found = locate(name)
    return Path(found[0]) if found else None


def find_upload(name: str) -> Path | None:
    root = Path(settings.MEDIA_ROOT).resolve()
    try:
        path = (root / name).resolve()
        return path if path.is_relative_to(root) and path.is_file() else None
    except OSError:  # a name longer than any file's
        return None


def body_limit(path: str) -> int:
    """Most bytes of a request's body: a little more than a programme or slides handed in may have, else the usual."""
    if _SLIDES.fullmatch(path):
        return MOST_DOCUMENT_BYTES + IN_MEMORY
    return LIMIT_BYTES + IN_MEMORY if _IMPORT.fullmatch(path) else limit_everywhere(path)


def check_health() -> Mapping[str, object]:
    """One trivial query: the process answers and so does its database."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    finally:
        connections.close_all()
    return {"database": connection.vendor}


def note_access(line: Line) -> None:
    log.info("%s %s %s %.1f ms by %s", line.method, line.path, line.status, line.seconds * 1000, line.by)


def make_front() -> Front:
    """The front of this process, as the settings want it."""
    from hallway.site.wsgi import application  # loads Django's handler once the settings stand

    security = security_headers()
    revisions: Revisions
    backplane: Backplane
    if settings.HALLWAY_VALKEY_URL:
        revisions, backplane = ValkeyRevisions(settings.HALLWAY_VALKEY_URL), Valkey(settings.HALLWAY_VALKEY_URL)
    else:
        revisions, backplane = SqliteRevisions(settings.DATABASES["default"]["NAME"]), Local()
    front = Front(
        Pool(application, limit_for=body_limit),
        allowed_hosts=settings.ALLOWED_HOSTS,
        store=Store(revisions),
        files=[
            StaticFiles("/static/", find_static, security=security),
            Uploads("/media/", find_upload, security=security),
        ],
        live=make_live(security),
        backplane=backplane,
        security=security,
        check=check_health,
        access_log=note_access,
    )
    kit_live.use(lambda channel, told: front.publish(channel, Told(*told)), front.look_again)
    return front


def make_live(security: list[tuple[bytes, bytes]]) -> Live:
    """Streams whose questions are the kit's to answer, over a database connection that was looked at before."""
    hub = Hub()
    admit, missed = over_a_good_connection(kit_live.admit), over_a_good_connection(kit_live.missed)
    return Live(hub, key=settings.SECRET_KEY.encode(), watch=Watch(hub, admit, missed), security=security)


def over_a_good_connection(work: Callable[[Asked], Answered]) -> Callable[[Asked], Answered]:
    """Outside of requests nobody else lets go of a connection that the database has ended."""

    def run(asked: Asked) -> Answered:
        close_old_connections()
        return work(asked)

    return run


def spare_the_collector() -> None:
    """What stands at the start stays: the collector need not walk through all of Django again and again."""
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)
    gc.enable()


def serve(host: str, port: int) -> None:
    """Serve until told to stop; sweeps run in a thread of the same process."""
    first_start.prepare()
    stop = threading.Event()
    front = make_front()
    worker = threading.Thread(
        target=sweeps.work, args=(stop,), kwargs={"crowded": lambda: front.bridge.counters()["waiting"] > CROWD},
        name="hallway-sweeps", daemon=True,
    )  # fmt: skip
    worker.start()
    spare_the_collector()
    try:
        run_server(front, host, port)
    finally:
        stop.set()
        wake.sweeps()
        worker.join(timeout=5)
