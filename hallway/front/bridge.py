"""The bridge to the WSGI application: few threads, kept for long, that never wait for a client."""

import asyncio
import contextlib
import contextvars
import logging
import sys
import threading
import time
import traceback
from collections.abc import Callable
from typing import Any, Protocol, TypeVar

from hallway.front.asgi import Receive, Refused, Request, Scope, Send, send_answer
from hallway.front.body import Desk, Gone, LimitFor, limit_everywhere, read_body
from hallway.front.files import FileBody, send_blocks
from hallway.front.turns import Turns
from hallway.front.wsgi import Answer, Stream, WSGIApplication, call, make_environ

log = logging.getLogger("hallway.front")
T = TypeVar("T")

TICK = 0.25
BUSY_SECONDS = 2.0
HUNG_SECONDS = 10.0
IDLE_SECONDS = 30.0
# A thousand people who press the same button in one moment wait, and are let in one after the other: 15 KB each.
WAITING = 1_500
# Of these places so many are never one address's, whatever comes from it.
FOR_OTHERS = 200
# Nobody waits longer for a page; whoever closed it before is noticed, and not worked for either.
PATIENCE = 100.0


class Bridge(Protocol):
    """Answers what the front does not answer itself; threads here, child processes in another variant."""

    async def start(self) -> None:
        """Get ready; on the running loop."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request. Raises Refused before the answer has begun."""

    def counters(self) -> dict[str, int]:
        """Figures for the metrics page."""

    async def close(self) -> None:
        """Finish what is under way, within some seconds."""


class Worker(threading.Thread):
    """One thread of the pool; `busy_since` is monotonic seconds, 0.0 while it waits for work."""

    def __init__(self, pool: "Pool", *, spare: bool) -> None:
        super().__init__(name="hallway-spare" if spare else "hallway-bridge", daemon=True)
        self.busy_since = 0.0
        self.told = False
        self._pool = pool
        self._spare = spare

    def run(self) -> None:
        """Do jobs until told to leave; a spare thread leaves when there was nothing to do for a while."""
        try:
            while (job := self._next()) is not None:
                self.told = False
                self.busy_since = time.monotonic()
                # A context of its own: what one request leaves behind, the next must not see.
                contextvars.Context().run(job)
                self.busy_since = 0.0
        finally:
            self._pool.on_leave(self)

    def _next(self) -> Callable[[], None] | None:
        try:
            return self._pool.jobs.get(IDLE_SECONDS if self._spare else None)
        except TimeoutError:
            return None


class Pool:
    """The bridge in threads: `threads` always, up to `spare` more while all of them hang.

    `on_thread_end` runs in each thread as it leaves (close database connections there); `limit_for` gives
    the most bytes a body may have for a path; `waiting` requests may queue before the next is refused (503), all but
    FOR_OTHERS of them from one address, and one that has queued for `patience` seconds is refused. Addresses take
    turns. What its sender no longer waits for is not run at all.
    """

    def __init__(
        self,
        app: WSGIApplication,
        *,
        threads: int = 2,
        spare: int = 2,
        waiting: int = WAITING,
        patience: float = PATIENCE,
        limit_for: LimitFor = limit_everywhere,
        on_thread_end: Callable[[], None] | None = None,
        grace: float = 2.0,
    ) -> None:
        self.jobs = Turns()
        self._app = app
        self._threads = threads
        self._spare = spare
        self._waiting = waiting
        self._most_of_one = waiting - min(FOR_OTHERS, waiting // 4)
        self._patience = patience
        self._limit_for = limit_for
        self._desk = Desk()
        self._on_thread_end = on_thread_end
        self._grace = grace
        self._workers: set[Worker] = set()
        self._in_hand = 0  # jobs that wait or run; a job on its way to an idle thread waits for nobody
        self._lock = threading.Lock()
        self._watcher: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Start the threads and the watch over them."""
        self._loop = asyncio.get_running_loop()
        for _ in range(self._threads):
            self._add(spare=False)
        self._watcher = asyncio.create_task(self._watch())

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Read the body, have the application called in a thread, send what it answers."""
        request = Request(scope)
        limit = self._limit_for(scope["path"])
        try:
            body = await read_body(receive, request.headers, limit, self._desk)
        except Gone:
            return
        environ = make_environ(request, body.file, body.length)
        answer: asyncio.Future[Answer] = self._loop.create_future()
        connection = (scope.get("extensions") or {}).get("front")  # None under another server

        def job() -> None:
            if connection is not None and connection.transport.is_closing():
                raise Gone
            with contextlib.closing(body):
                call(self._app, environ, self._loop, lambda found: self._settle(answer, found))

        try:
            self._submit(job, answer, (scope.get("client") or ("",))[0])
            found = await answer
        except Refused:
            body.close()
            raise
        except Gone:
            body.close()
            return
        await self._send(request.method, found, receive, send)

    def counters(self) -> dict[str, int]:
        """Threads in all, threads at work, requests waiting."""
        workers = self._present()
        return {
            "threads": len(workers),
            "busy": sum(worker.busy_since > 0 for worker in workers),
            "waiting": len(self.jobs),
        }

    async def close(self) -> None:
        """Let the threads finish; those that hang are left behind (they end with the process)."""
        if self._watcher is not None:
            self._watcher.cancel()
        for _ in self._present():
            self.jobs.put(None)
        deadline = time.monotonic() + self._grace
        while self._present() and time.monotonic() < deadline:
            await asyncio.sleep(0.02)

    def on_leave(self, worker: Worker) -> None:
        """A thread of the pool ends; called in it."""
        with self._lock:
            self._workers.discard(worker)
        if self._on_thread_end is not None:
            self._on_thread_end()

    def _present(self) -> list[Worker]:
        with self._lock:
            return list(self._workers)

    def _add(self, *, spare: bool) -> None:
        worker = Worker(self, spare=spare)
        with self._lock:
            self._workers.add(worker)
        worker.start()

    def _submit(self, job: Callable[[], None], future: asyncio.Future[Any], whose: str) -> None:
        with self._lock:
            full = self._in_hand >= len(self._workers) + self._waiting
        if full or self.jobs.of(whose) >= self._most_of_one > 0:
            raise Refused(503)
        until = time.monotonic() + self._patience

        def in_time() -> None:
            if time.monotonic() > until:
                raise Refused(503)
            job()

        self._put(in_time, future, whose)

    def _put(self, job: Callable[[], None], future: asyncio.Future[Any], whose: str) -> None:
        def guarded() -> None:
            try:
                job()
            except BaseException as error:  # the thread must live on, whatever the application raised
                self._settle(future, error=error)
            finally:
                with self._lock:
                    self._in_hand -= 1

        with self._lock:
            self._in_hand += 1
        self.jobs.put(guarded, whose)

    def _settle(self, future: asyncio.Future[T], value: Any = None, error: BaseException | None = None) -> None:
        def settle() -> None:
            if future.done():
                if error is not None:
                    log.error("After its answer was given, a request failed", exc_info=error)
            elif error is not None:
                future.set_exception(error)
            else:
                future.set_result(value)

        # RuntimeError: the loop ended before this thread did.
        with contextlib.suppress(RuntimeError):
            self._loop.call_soon_threadsafe(settle)

    async def _send(self, method: str, answer: Answer, receive: Receive, send: Send) -> None:
        if isinstance(answer.body, bytes):
            await send_answer(send, answer.status, answer.headers, answer.body)
            return
        body: FileBody | Stream = answer.body
        try:
            await send({"type": "http.response.start", "status": answer.status, "headers": answer.headers})
            if isinstance(body, Stream):
                await body.send_all(receive, send)
            else:
                await send_blocks(body.file, 0 if method == "HEAD" else None, receive, send)
        finally:
            if isinstance(body, FileBody):
                # Closing ends the request for the application: that belongs in one of its threads.
                closed: asyncio.Future[None] = self._loop.create_future()
                self._put(body.close, closed, "")

    async def _watch(self) -> None:
        while True:
            await asyncio.sleep(TICK)
            now = time.monotonic()
            workers = self._present()
            since = [worker.busy_since for worker in workers]
            stuck = all(moment and now - moment > BUSY_SECONDS for moment in since)
            if stuck and len(self.jobs) and len(workers) < self._threads + self._spare:
                self._add(spare=True)
            for worker in workers:
                if not worker.told and worker.busy_since and now - worker.busy_since > HUNG_SECONDS:
                    worker.told = True
                    self._tell(worker)

    def _tell(self, worker: Worker) -> None:
        frame = sys._current_frames().get(worker.ident or 0)
        stack = "".join(traceback.format_stack(frame)) if frame is not None else ""
        log.warning("A thread has been busy for over %d s:\n%s", HUNG_SECONDS, stack)
