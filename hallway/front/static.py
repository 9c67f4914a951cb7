"""Static files and uploads, answered by the front:
small ones from memory, large ones by the loop, in parts if asked.
"""

import asyncio
import hashlib
import mimetypes
import re
from collections import OrderedDict
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from os import PathLike, stat_result
from pathlib import Path
from urllib.parse import quote, unquote

from hallway.front.asgi import Headers, Receive, Refused, Request, Send, send_answer
from hallway.front.conditional import best_coding, not_modified, read_date, write_date
from hallway.front.files import read_range, send_blocks
from hallway.front.stored import compressed

Find = Callable[[str], str | PathLike[str] | None]
"""Returns the file for a path below the prefix (decoded, never leading upwards), or None."""

HASHED = re.compile(r"\.[0-9a-f]{8,64}\.[A-Za-z0-9.]+$")
SMALL = 512 * 1024
IMMUTABLE = b"public, max-age=31536000, immutable"
TEXTUAL = re.compile(r"text/|application/(json|javascript|xml|manifest\+json|.*\+xml|.*\+json|wasm)|image/svg")
EXTRA_TYPES = {
    ".avif": "image/avif",
    ".js": "text/javascript",
    ".mjs": "text/javascript",
    ".vtt": "text/vtt",
    ".webmanifest": "application/manifest+json",
    ".webp": "image/webp",
    ".woff2": "font/woff2",
}
# What a browser may show by itself. Everything else is a download of plain bytes, whatever its name says.
SHOWN = re.compile(r"image/(png|jpeg|gif|webp|avif)|audio/[\w.+-]+|video/[\w.+-]+|text/vtt")
UPLOAD_POLICY = (b"content-security-policy", b"sandbox; default-src 'none'")


@dataclass(slots=True)
class Held:
    """A small file in memory, by coding, as it was at `stamp` (its time and size on disk)."""

    stamp: tuple[int, int]
    etag: str
    codings: dict[str, bytes]


class StaticFiles:
    """Files below a URL prefix. `security` are the headers the application sends with its own answers."""

    def __init__(
        self,
        prefix: str,
        find: Find,
        *,
        security: Sequence[tuple[bytes, bytes]] = (),
        budget: int = 16 * 1024 * 1024,
    ) -> None:
        self.prefix = prefix.encode()
        self._find = find
        self._security = tuple(security)
        self._budget = budget
        self._size = 0
        self._held: OrderedDict[Path, Held] = OrderedDict()
        self._compressor = ThreadPoolExecutor(1, "hallway-static")

    async def answer(self, request: Request, receive: Receive, send: Send) -> int:
        """Answer a request below the prefix and return the status. Raises Refused 404, 405 or 416."""
        if request.method not in ("GET", "HEAD"):
            raise Refused(405)
        file, stat = self._look_up(unquote(request.raw_path[len(self.prefix) :].decode("ascii")))
        headers = self._headers(file)
        whole = stat.st_size > SMALL or b"range" in request.headers
        held = None if whole or not TEXTUAL.match(content_type(file)) else await self._hold(file, stat)
        if held is None:
            return await self._answer_from_disk(request, receive, send, file, stat, headers)
        coding = best_coding(request.headers.get(b"accept-encoding", b""))
        coding = coding if coding in held.codings else "identity"
        etag = held.etag if coding == "identity" else f'{held.etag[:-1]}-{coding}"'
        headers += [(b"etag", etag.encode()), (b"vary", b"Accept-Encoding")]
        if not_modified(request.header(b"if-none-match"), request.header(b"if-modified-since"), etag, None):
            await send_answer(send, 304, headers, b"")
            return 304
        if coding != "identity":
            headers.append((b"content-encoding", coding.encode()))
        body = held.codings[coding]
        headers.append((b"content-length", b"%d" % len(body)))
        await send_answer(send, 200, headers, body)
        return 200

    def _look_up(self, path: str) -> tuple[Path, stat_result]:
        parts = path.split("/")
        if not path or "\0" in path or "\\" in path or any(part in ("", ".", "..") for part in parts):
            raise Refused(404)
        found = self._find(path)
        if found is None:
            raise Refused(404)
        file = Path(found)
        try:
            stat = file.stat()
        except OSError:
            raise Refused(404) from None
        if not file.is_file():
            raise Refused(404)
        return file, stat

    def _headers(self, file: Path) -> Headers:
        kind = content_type(file)
        if kind.startswith("text/"):
            kind += "; charset=utf-8"
        return [
            (b"content-type", kind.encode()),
            (b"cache-control", IMMUTABLE if HASHED.search(file.name) else b"no-cache"),
            *_without(self._security, b"x-content-type-options"),
            (b"x-content-type-options", b"nosniff"),
        ]

    async def _hold(self, file: Path, stat: stat_result) -> Held:
        stamp = (stat.st_mtime_ns, stat.st_size)
        held = self._held.get(file)
        if held is not None and held.stamp == stamp:
            self._held.move_to_end(file)
            return held
        loop = asyncio.get_running_loop()
        held = await loop.run_in_executor(self._compressor, _load, file, stamp)
        self._release(file)
        self._held[file] = held
        self._size += _weight(held)
        while self._size > self._budget:
            self._release(next(iter(self._held)))
        return held

    def _release(self, file: Path) -> None:
        held = self._held.pop(file, None)
        if held is not None:
            self._size -= _weight(held)

    async def _answer_from_disk(
        self, request: Request, receive: Receive, send: Send, file: Path, stat: stat_result, headers: Headers
    ) -> int:
        etag = f'"{stat.st_mtime_ns:x}-{stat.st_size:x}"'
        modified = int(stat.st_mtime)
        headers += [
            (b"etag", etag.encode()),
            (b"last-modified", write_date(modified)),
            (b"accept-ranges", b"bytes"),
        ]
        if not_modified(request.header(b"if-none-match"), request.header(b"if-modified-since"), etag, modified):
            await send_answer(send, 304, headers, b"")
            return 304
        part = self._part(request, etag, modified, stat.st_size)
        begin, count = part if part is not None else (0, stat.st_size)
        if part is not None:
            headers.append((b"content-range", f"bytes {begin}-{begin + count - 1}/{stat.st_size}".encode()))
        headers.append((b"content-length", b"%d" % count))
        status = 200 if part is None else 206
        with file.open("rb") as opened:
            opened.seek(begin)
            await send({"type": "http.response.start", "status": status, "headers": headers})
            await send_blocks(opened, 0 if request.method == "HEAD" else count, receive, send)
        return status

    def _part(self, request: Request, etag: str, modified: int, size: int) -> tuple[int, int] | None:
        wanted = request.header(b"range")
        condition = request.header(b"if-range")
        if not wanted or (condition and condition != etag and read_date(condition) != modified):
            return None
        try:
            return read_range(wanted, size)
        except ValueError:
            raise Refused(416) from None

    def close(self) -> None:
        """Let the compressing thread go."""
        self._compressor.shutdown(wait=False, cancel_futures=True)


class Uploads(StaticFiles):
    """What people uploaded: never a page or a script, at most a picture, a recording or a download."""

    def _headers(self, file: Path) -> Headers:
        kind = content_type(file)
        shown = SHOWN.fullmatch(kind) is not None
        disposition = "inline" if shown else "attachment"
        return [
            (b"content-type", kind.encode() if shown else b"application/octet-stream"),
            (b"content-disposition", f"{disposition}; filename*=UTF-8''{quote(file.name, safe='')}".encode()),
            (b"cache-control", IMMUTABLE if HASHED.search(file.name) else b"no-cache"),
            *_without(self._security, b"x-content-type-options", b"content-security-policy"),
            (b"x-content-type-options", b"nosniff"),
            UPLOAD_POLICY,
        ]


def content_type(file: Path) -> str:
    """Return the media type of a file by its name; plain bytes when unknown."""
    return EXTRA_TYPES.get(file.suffix.lower()) or mimetypes.guess_type(file.name)[0] or "application/octet-stream"


def _load(file: Path, stamp: tuple[int, int]) -> Held:
    body = file.read_bytes()
    codings = compressed(body, quality=9)
    return Held(stamp, f'"{hashlib.blake2b(body, digest_size=12).hexdigest()}"', codings)


def _weight(held: Held) -> int:
    return sum(len(content) for content in held.codings.values())


def _without(headers: Sequence[tuple[bytes, bytes]], *names: bytes) -> Headers:
    return [(name, value) for name, value in headers if name not in names]
