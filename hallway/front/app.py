"""The front itself: decides who answers a request, and keeps what may be kept."""

import asyncio
import json
import logging
import re
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from typing import NamedTuple

from hallway.front import live
from hallway.front.asgi import (
    Headers,
    Message,
    Receive,
    Refused,
    Request,
    Scope,
    Send,
    send_answer,
    send_refusal,
)
from hallway.front.backplane import Backplane, Local
from hallway.front.bridge import Bridge
from hallway.front.conditional import best_coding, digest_of, not_modified, write_etag
from hallway.front.files import Stalled
from hallway.front.hub import Hub
from hallway.front.marks import Marks, is_personal, reason_against, take_marks
from hallway.front.static import StaticFiles
from hallway.front.stored import Entry, Key, Store
from hallway.front.told import Told

log = logging.getLogger("hallway.front")

HOST = re.compile(r"([a-z0-9.-]+|\[[a-f0-9:.]+\])(:\d{1,5})?")
CHECK_SECONDS = 2.0
HEALTH = b"/healthz"


class Line(NamedTuple):
    """One answered request, for the access log;
    `seconds` until the answer was handed over, `by` who answered.
    """

    method: str
    path: str
    status: int
    seconds: float
    client: str
    by: str


class Front:
    """The ASGI application.

    `bridge` answers what nobody else does. `files` are static files and uploads. `security` are the headers
    the application sends with its own answers; stored pages carry them already. `check` returns what /healthz
    shows and raises when something is wrong; it runs in a thread of its own. `https_only` sends plain
    requests away.
    """

    def __init__(
        self,
        bridge: Bridge,
        *,
        allowed_hosts: Sequence[str],
        store: Store | None = None,
        files: Sequence[StaticFiles] = (),
        hub: Hub | None = None,
        live: live.Live | None = None,
        backplane: Backplane | None = None,
        security: Sequence[tuple[bytes, bytes]] = (),
        check: Callable[[], Mapping[str, object]] = dict,
        access_log: Callable[[Line], None] | None = None,
        https_only: bool = False,
    ) -> None:
        self.bridge = bridge
        self.store = store
        self.hub = live.hub if live is not None else hub or Hub()
        self.backplane = backplane or Local()
        self._live = live
        self._files = tuple(files)
        self._security = tuple(security)
        self._check = check
        self._access_log = access_log
        self._https_only = https_only
        self._allowed = lru_cache(maxsize=256)(lambda host: host_is_allowed(host, allowed_hosts))
        self._health = ThreadPoolExecutor(1, "hallway-health")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, or take part in start and stop."""
        if scope["type"] == "lifespan":
            await self._lifespan(receive, send)
        elif scope["type"] == "http":
            await self._http(Request(scope), receive, send)

    def publish(self, channel: str, told: Told) -> None:
        """Send an event to every listener of a channel in every front; from any thread, after the commit."""
        self.backplane.publish(channel, told)

    def look_again(self, persons: Sequence[int], channels: Sequence[str]) -> None:
        """Have every front ask anew who may listen to what; from any thread, after the commit."""
        self.backplane.look_again(persons, channels)

    def counters(self) -> dict[str, int]:
        """Figures for the metrics page."""
        figures = {"listeners": self.hub.count, **self.bridge.counters()}
        if self.store is not None:
            counters = self.store.counters
            figures.update({f"store_{name}": getattr(counters, name) for name in counters.__slots__})
            figures.update(store_pages=len(self.store), store_bytes=self.store.size)
        return figures

    async def _lifespan(self, receive: Receive, send: Send) -> None:
        while True:
            message = await receive()
            if message["type"] == "lifespan.startup":
                await self._start()
                await send({"type": "lifespan.startup.complete"})
            elif message["type"] == "lifespan.shutdown":
                await self._stop()
                await send({"type": "lifespan.shutdown.complete"})
                return

    async def _start(self) -> None:
        await self.bridge.start()
        self.hub.start()
        if self._live is not None:
            self._live.start()
        await self.backplane.start(self.hub)

    async def _stop(self) -> None:
        await self.hub.close()
        if self._live is not None:
            self._live.close()
        await self.backplane.close()
        await self.bridge.close()
        if self.store is not None:
            self.store.close()
            await self.store.revisions.close()
        for files in self._files:
            files.close()
        self._health.shutdown(wait=False, cancel_futures=True)

    async def _http(self, request: Request, receive: Receive, send: Send) -> None:
        key = self._key(request)
        if key is not None and await self._answer_stored(request, key, send):
            return
        capture = Capture(request, send)
        try:
            by = await self._route(request, key, receive, capture)
        except Refused as refused:
            by = "front"
            await send_refusal(request, receive, capture, refused, self._security)
        except Stalled:
            by = "front"
            log.info("A reader took nothing for too long: %s", request.raw_path)
            if request.connection is None:
                raise
            request.connection.transport.abort()
        except Exception:
            if capture.status:
                raise  # the answer has begun: the server cuts the connection
            by = "front"
            log.exception("The application failed on %s", request.raw_path)
            await send_refusal(request, receive, capture, Refused(500), self._security)
        self._log(request, capture.answered or capture.status, by)

    async def _route(self, request: Request, key: Key | None, receive: Receive, send: "Capture") -> str:
        if request.raw_path == HEALTH:
            await self._answer_health(request, send)
            return "front"
        self._admit(request)
        if self._https_only and request.scope.get("scheme") != "https":
            await self._redirect(request, send)
            return "front"
        for files in self._files:
            if request.raw_path.startswith(files.prefix):
                await files.answer(request, receive, send)
                return "static"
        if self._live is not None and request.raw_path.startswith(live.PREFIX):
            await self._live.answer(request, receive, send)
            send.status = send.status or 200
            return "live"
        mark = self.store.revisions.mark if self.store is not None else 0
        await self.bridge(request.scope, receive, send)
        if send.marks is not None:
            await self._keep(request, send, send.marks, mark)
        return "bridge"

    def _admit(self, request: Request) -> None:
        """Let a request in whose host is ours and whose address can be read. Raises Refused 400."""
        if not self._allowed(request.header(b"host")):
            raise Refused(400)
        if b"%00" in request.raw_path or b"%00" in request.query or b"\0" in request.raw_path:
            raise Refused(400)

    def _key(self, request: Request, names: frozenset[str] | None = None) -> Key | None:
        """Return what the request's page is stored under; None when the store has no say in it."""
        if self.store is None or request.method not in ("GET", "HEAD") or is_personal(request):
            return None
        scheme = request.scope.get("scheme", "http")
        if self._https_only and scheme != "https":
            return None
        return self.store.key(
            f"{scheme}://{request.header(b'host').lower()}",
            request.raw_path.decode("ascii"),
            request.query.decode("latin-1"),
            request.language,
            names,
        )

    async def _answer_stored(self, request: Request, key: Key, send: Send) -> bool:
        if self.store is None or not await self.store.fresh():
            return False
        found = self._find(request, key)
        if found is None:
            return False
        status, entry = found
        if status == 304:
            await send_answer(send, 304, entry.head304, b"")
        else:
            await send_answer(send, 200, entry.head, entry.body)
        self._log(request, status, "store")
        return True

    def answer_at_once(self, scope: Scope) -> tuple[int, bytes, bytes] | None:
        """Return status, head and body of a stored page for our own server, or None to go the usual way.

        The head lacks its status line and date. This spares a task and two rounds through send() a page.
        """
        request = Request(scope)
        if self.store is None or b"x-forwarded-proto" in request.headers:
            return None
        key = self._key(request)
        if key is None or key not in self.store or not self.store.fresh_now():
            return None
        found = self._find(request, key)
        if found is None:
            return None
        status, entry = found
        self._log(request, status, "store")
        if status == 304:
            return 304, entry.wire304, b""
        return 200, entry.wire, entry.body if request.method == "GET" else b""

    def _find(self, request: Request, key: Key) -> tuple[int, Entry] | None:
        """Return 200 or 304 and the entry that answers a request; the store is fresh."""
        now = time.time()
        page = self.store.get(key, now) if self.store is not None else None
        if page is None:
            return None
        headers = request.headers
        entry = page.select(headers.get(b"accept-encoding", b""))
        entry.settle(now)
        conditional = b"if-none-match" in headers or b"if-modified-since" in headers
        return (304 if conditional and _keeps(request, entry) else 200), entry

    async def _keep(self, request: Request, capture: "Capture", marks: Marks, mark: int) -> None:
        """Store the answer just given, if it is the same for everybody."""
        reason = reason_against(request, capture.status, capture.headers)
        if self.store is None or capture.body is None or reason is not None:
            log.debug("Not stored: %s (%s)", request.raw_path, reason)
            return
        key = self._key(request, marks.names)
        if key is None:
            return
        headers = dict(capture.headers)
        try:
            await self.store.put(
                key,
                capture.body,
                headers.get(b"content-type", b"text/html; charset=utf-8").decode("latin-1"),
                capture.headers,
                marks.tags,
                marks.good_until,
                marks.seq,
                names=marks.names,
                mark=mark,
            )
        except Exception:
            # The person has their answer; a page that is not stored is only slower.
            log.exception("Storing %s failed", request.raw_path)

    async def _answer_health(self, request: Request, send: Send) -> None:
        loop = asyncio.get_running_loop()
        try:
            async with asyncio.timeout(CHECK_SECONDS):
                shown = {"status": "ok", **await loop.run_in_executor(self._health, self._check)}
                status = 200
        except Exception:
            log.exception("The health check failed")
            shown, status = {"status": "failing"}, 503
        body = json.dumps(shown).encode()
        headers: Headers = [
            (b"content-type", b"application/json"),
            (b"content-length", b"%d" % len(body)),
            (b"cache-control", b"no-store"),
            *self._security,
        ]
        await send_answer(send, status, headers, body)

    async def _redirect(self, request: Request, send: Send) -> None:
        host = request.headers[b"host"].partition(b":")[0]
        target = b"https://" + host + request.raw_path + (b"?" + request.query if request.query else b"")
        status = 301 if request.method in ("GET", "HEAD") else 308
        headers = [(b"location", target), (b"content-length", b"0"), *self._security]
        await send_answer(send, status, headers, b"")

    def _log(self, request: Request, status: int, by: str) -> None:
        if self._access_log is not None:
            client = (request.scope.get("client") or ("",))[0]
            seconds = time.perf_counter() - request.began
            path = request.raw_path.decode("ascii", "replace")
            self._access_log(Line(request.method, path, status, seconds, client, by))


class Capture:
    """Stands before send(): takes the internal headers away, and keeps a whole body that asks to be
    stored. Such an answer has an ETag and is compared with what the reader has, as it is once it is stored.
    """

    def __init__(self, request: Request, send: Callable[[Message], Awaitable[None]]) -> None:
        self.status = 0
        self.answered = 0
        self.headers: Headers = []
        self.marks: Marks | None = None
        self.body: bytes | None = None
        self._request = request
        self._send = send
        self._start: Message | None = None

    async def __call__(self, message: Message) -> None:
        """Send one message on; the head of what is to be stored waits for its body."""
        if message["type"] == "http.response.start":
            self.status = message["status"]
            self.headers, self.marks = take_marks(message["headers"])
            message = {**message, "headers": list(self.headers)}
            if self.marks is not None:
                self._start = message
                return
        elif self._start is not None:
            start, self._start = self._start, None
            if message.get("more_body", False):
                self.marks = None
            else:
                self.body = message.get("body", b"")
                if reason_against(self._request, self.status, self.headers) is None:
                    start, message = self._compared(start, message, self.body)
            await self._send(start)
        await self._send(message)

    def _compared(self, start: Message, message: Message, body: bytes) -> tuple[Message, Message]:
        """Give the answer its ETag, weak where later ones are compressed; 304 to whoever has it in any coding."""
        request, digest = self._request, digest_of(body)
        coding = best_coding(request.headers.get(b"accept-encoding", b""))
        etag = write_etag(digest, coding)
        head = [*start["headers"], (b"etag", (etag if coding == "identity" else f"W/{etag}").encode())]
        known = request.header(b"if-none-match")
        codings = ("identity", "gzip", "br")
        if not known or not any(not_modified(known, "", write_etag(digest, one), None) for one in codings):
            return {**start, "headers": head}, message
        self.answered = 304
        kept = [(name, value) for name, value in head if name not in (b"content-length", b"content-type")]
        return {**start, "status": 304, "headers": kept}, {**message, "body": b""}


def host_is_allowed(host: str, allowed: Sequence[str]) -> bool:
    """Say whether a Host header names us: exactly, below a name with a leading dot, or anything for "*"."""
    match = HOST.fullmatch(host.lower())
    if match is None:
        return False
    name = match.group(1).removesuffix(".")
    for pattern in allowed:
        wanted = pattern.lower()
        if wanted in ("*", name) or (wanted.startswith(".") and (name == wanted[1:] or name.endswith(wanted))):
            return True
    return False


def _keeps(request: Request, entry: Entry) -> bool:
    return not_modified(
        request.header(b"if-none-match"),
        request.header(b"if-modified-since"),
        entry.etag,
        entry.last_modified if entry.dated else None,
    )
