"""One WSGI call: the environ it is given, and the answer in the three forms it can take."""

import asyncio
import logging
import sys
import threading
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from http import HTTPStatus
from typing import IO, Any
from urllib.parse import unquote_to_bytes

from hallway.front.asgi import Headers, Message, Reader, Receive, Request, Send
from hallway.front.files import FileBody, Stalled, patiently
from hallway.front.marks import PREFIX

log = logging.getLogger("hallway.front")

Environ = dict[str, Any]
WSGIApplication = Callable[[Environ, Callable[..., Any]], Iterable[bytes]]


def make_environ(request: Request, body: IO[bytes], length: int) -> Environ:
    """Return the environ of a request whose body was read already.

    Names with an underscore are dropped, since they would pass for those with a hyphen; so are our internal
    headers, which only an answer may carry.
    """
    scope = request.scope
    client = scope.get("client") or ("", 0)
    server = scope.get("server") or ("localhost", 80)
    environ: Environ = {
        "REQUEST_METHOD": scope["method"],
        "SCRIPT_NAME": scope.get("root_path", ""),
        "PATH_INFO": unquote_to_bytes(request.raw_path).decode("latin-1"),
        "QUERY_STRING": request.query.decode("latin-1"),
        "SERVER_PROTOCOL": f"HTTP/{scope['http_version']}",
        "SERVER_NAME": server[0] or "localhost",
        "SERVER_PORT": str(server[1] or 80),
        "REMOTE_ADDR": client[0],
        "REMOTE_PORT": str(client[1]),
        "CONTENT_LENGTH": str(length),
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope.get("scheme", "http"),
        "wsgi.input": body,
        "wsgi.input_terminated": True,
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
        "wsgi.file_wrapper": FileBody,
    }
    for name, value in request.headers.items():
        if name == b"content-type":
            environ["CONTENT_TYPE"] = value.decode("latin-1")
        elif b"_" not in name and not name.startswith(PREFIX) and name not in _CONSUMED:
            environ["HTTP_" + name.decode("latin-1").upper().replace("-", "_")] = value.decode("latin-1")
    return environ


_CONSUMED = {b"content-length", b"transfer-encoding", b"expect", b"proxy"}


@dataclass(slots=True)
class Answer:
    """What the application answered: the whole body, a file, or a stream that a thread goes on filling."""

    status: int
    headers: Headers
    body: "bytes | FileBody | Stream"


class StartResponse:
    """The `start_response` of one call."""

    def __init__(self) -> None:
        self.status = 0
        self.headers: Headers = []
        self.written: list[bytes] = []

    def __call__(self, status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> Callable[[bytes], None]:
        self.status = int(status[:3])
        self.headers = [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in headers]
        return self.written.append


class Stream:
    """Chunks on their way from a thread to the loop: four at most, so that memory stays flat."""

    CREDIT = 4
    PATIENCE = 60.0

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self.gone = False
        self._stalled = False
        self._loop = loop
        self._chunks: asyncio.Queue[bytes | BaseException | None] = asyncio.Queue()
        self._credit = threading.Semaphore(self.CREDIT)
        self._task: asyncio.Task[Any] | None = None

    def fill(self, first: bytes, chunks: Iterator[bytes]) -> None:
        """Hand over chunks until they end, the reader leaves, or nothing moves for a minute.

        In the thread.
        """
        try:
            if self._put(first):
                for chunk in chunks:
                    if chunk and not self._put(chunk):
                        return
            self._post(None)
        except Exception as error:
            log.exception("An answer broke off while it was being sent")
            self._post(error)

    def _put(self, chunk: bytes) -> bool:
        if not self._credit.acquire(timeout=self.PATIENCE):
            self._loop.call_soon_threadsafe(self._give_up)
            return False
        if self.gone:
            return False
        self._post(chunk)
        return True

    def _post(self, chunk: bytes | BaseException | None) -> None:
        self._loop.call_soon_threadsafe(self._chunks.put_nowait, chunk)

    def _give_up(self) -> None:
        self._stalled = True
        if self._task is not None:
            self._task.cancel()

    def _leave(self) -> None:
        self.gone = True
        self._credit.release()
        self._chunks.put_nowait(None)

    async def send_all(self, receive: Receive, send: Send) -> None:
        """Send the chunks as they come, after the head. Raises Stalled when the reader takes nothing."""
        self._task = asyncio.current_task()
        try:
            with Reader(receive, self._leave) as reader:
                while (chunk := await self._chunks.get()) is not None and not reader.gone:
                    if isinstance(chunk, BaseException):
                        raise chunk
                    message: Message = {"type": "http.response.body", "body": chunk, "more_body": True}
                    await patiently(send, message)
                    self._credit.release()
                if not reader.gone:
                    await patiently(send, {"type": "http.response.body", "body": b"", "more_body": False})
        except asyncio.CancelledError:
            if not self._stalled or self._task is None:
                raise
            self._task.uncancel()
            raise Stalled from None
        finally:
            self.gone = True
            self._credit.release()


def call(
    app: WSGIApplication, environ: Environ, loop: asyncio.AbstractEventLoop, post: Callable[[Answer], None]
) -> None:
    """Call the application in this thread and post its answer; everything it opened is closed here too."""
    start = StartResponse()
    result = app(environ, start)
    if isinstance(result, FileBody) and result.on_disk:
        post(Answer(start.status, start.headers, result))  # closed once it is sent
        return
    try:
        if _is_whole(result) or environ["REQUEST_METHOD"] == "HEAD":
            body = b"".join(start.written) + (b"".join(result) if _is_whole(result) else b"")
        else:
            chunks = iter(result)
            first = b"".join(start.written) + next(chunks, b"")
            stream = Stream(loop)
            post(Answer(start.status, start.headers, stream))
            stream.fill(first, chunks)
            return
    finally:
        if hasattr(result, "close"):
            result.close()
    headers = start.headers
    if _has_body(start.status) and _is_whole(result) and not any(n == b"content-length" for n, _ in headers):
        headers.append((b"content-length", b"%d" % len(body)))
    post(Answer(start.status, headers, body))


def _is_whole(result: Iterable[bytes]) -> bool:
    return isinstance(result, list | tuple) or getattr(result, "streaming", True) is False


def _has_body(status: int) -> bool:
    return status >= 200 and status not in (HTTPStatus.NO_CONTENT, HTTPStatus.NOT_MODIFIED)
