"""The real server under its supervisor, over the test's own database: rows are made and looked at with the ORM."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote, urlencode

from django.conf import settings
from django.core.cache import cache
from django.db import connection, connections

from benchmarks.loader import cpu_seconds, serving_processes

ROOT = Path(__file__).resolve().parents[2]
# Runs in every process of the house: what is planted takes its place as soon as Django is loaded.
PLANT = """
import django
set_up = django.setup
def set_up_and_plant(*args, **more):
    set_up(*args, **more)
    import planted
django.setup = set_up_and_plant
"""


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@dataclass
class House:
    """A running instance; ``process`` is the supervisor."""

    port: int
    folder: Path
    process: subprocess.Popen[bytes]
    log: Path
    back: list[float] = field(default_factory=list)

    @property
    def server(self) -> int | None:
        """The process that serves now, below the supervisor."""
        return next((pid for pid in serving_processes(self.process.pid) if pid != self.process.pid), None)

    def answers(self) -> bool:
        try:
            with socket.create_connection(("127.0.0.1", self.port), 1) as one:
                one.settimeout(2)
                one.sendall(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
                return one.recv(12) == b"HTTP/1.1 200"
        except OSError:
            return False

    def wait(self, seconds: float = 30) -> float:
        """Until it answers; how long that took."""
        began = time.perf_counter()
        while not self.answers():
            assert self.process.poll() is None, self.log.read_text(errors="replace")[-2000:]
            assert time.perf_counter() - began < seconds, self.log.read_text(errors="replace")[-2000:]
            time.sleep(0.01)
        return time.perf_counter() - began

    def kill(self) -> None:
        """Kill the serving process as the system would, without a word, and note how long it took to come back."""
        pid = self.server
        assert pid is not None, "nothing serves"
        os.kill(pid, signal.SIGKILL)
        began = time.perf_counter()
        while Path(f"/proc/{pid}").exists() and self.server == pid:
            time.sleep(0.002)
        self.wait()
        self.back.append(time.perf_counter() - began)

    def cpu(self) -> float:
        return cpu_seconds(self.process.pid)


def database_url(name: str = "") -> str:
    """The address of the test's database, or of another one beside it; empty on SQLite."""
    if connection.vendor == "sqlite":
        return ""
    rows = connection.settings_dict
    return f"postgresql://{quote(rows['USER'])}@{quote(rows['HOST'], safe='')}/{quote(name or rows['NAME'])}"


def plant_in(folder: Path, planted: str) -> Path:
    """Write down what a process below is to run; the folder to put first in its PYTHONPATH."""
    plants = folder / "plants"
    plants.mkdir(exist_ok=True)
    (plants / "sitecustomize.py").write_text(PLANT, encoding="utf-8")
    (plants / "planted.py").write_text(planted, encoding="utf-8")
    return plants


def environment(folder: Path, port: int, *, planted: str = "", database: str = "") -> dict[str, str]:
    """What a house is told: a folder, and the test's database unless another is named.

    ``planted`` is Python that the serving process runs once Django is loaded: a fault that the test has to notice.
    """
    # Measured for coverage a server takes twice as long, and its figures would be the measurement's. Its bytecode is
    # kept, as where pip installed it: a start that compiles everything again is not what its users wait for.
    apart = ("HALLWAY_", "PYTEST_", "COVERAGE_", "PYTHONDONTWRITEBYTECODE")
    kept = {name: text for name, text in os.environ.items() if not name.startswith(apart)}
    path = [str(ROOT)]
    if planted:
        path.insert(0, str(plant_in(folder, planted)))
    found = {
        "PYTHONPATH": os.pathsep.join(path),
        "HALLWAY_DATA": str(folder),
        "HALLWAY_MODE": "demo",  # its mail stays in the house
        "HALLWAY_BASE_URL": f"http://localhost:{port}",
    }
    if connection.vendor == "postgresql":
        found |= {"HALLWAY_DATABASE_URL": database_url(database), "HALLWAY_VALKEY_URL": settings.HALLWAY_VALKEY_URL}
    return kept | found


def move_in(folder: Path) -> None:
    """A data folder whose rows are the test's own, and nothing counted of what tests before did from this address."""
    cache.clear()
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "secret.key").write_text(settings.SECRET_KEY, encoding="ascii")
    if connection.vendor == "sqlite":
        (folder / "hallway.sqlite3").symlink_to(connection.settings_dict["NAME"])


@contextmanager
def house(folder: Path, *, planted: str = "") -> Iterator[House]:
    """Serve the test's database under the supervisor, and end it. Make rows before."""
    move_in(folder)
    connections.close_all()
    with serving(folder, planted=planted) as served:
        yield served


@contextmanager
def serving(folder: Path, *, planted: str = "", database: str = "") -> Iterator[House]:
    """Serve a data folder under the supervisor, and end it."""
    port, log = free_port(), folder / "server.log"
    with log.open("wb") as out:
        process = subprocess.Popen(
            [sys.executable, "-m", "hallway", "serve", "--port", str(port)],
            cwd=ROOT, env=environment(folder, port, planted=planted, database=database), stdout=out,
            stderr=subprocess.STDOUT,
        )  # fmt: skip
    served = House(port, folder, process, log)
    try:
        served.wait()
        yield served
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


@dataclass(frozen=True)
class Post:
    """A form somebody sends; ``cookie`` is what their browser sends with it, ``accept`` what it hopes for."""

    path: str
    fields: dict[str, str]
    cookie: str = ""
    accept: str = ""

    def written(self, port: int) -> bytes:
        body = urlencode(self.fields).encode()
        lines = (
            f"POST {self.path} HTTP/1.1", f"Host: localhost:{port}", f"Origin: http://localhost:{port}",
            "Sec-Fetch-Site: same-origin", "Content-Type: application/x-www-form-urlencoded",
            f"Content-Length: {len(body)}", "Connection: close",
        )  # fmt: skip
        own = {"Cookie": self.cookie, "Accept": self.accept}
        own_lines = (f"{name}: {text}" for name, text in own.items() if text)
        return "\r\n".join([*lines, *own_lines, "", ""]).encode() + body


@dataclass(frozen=True)
class Answer:
    """What came back: status 0 for a connection that was cut, the address it leads on to, and after how long.

    ``sent`` is when the form went out, by the clock of ``time.perf_counter``.
    """

    status: int
    location: str
    seconds: float
    body: bytes
    sent: float = 0.0


async def _send(port: int, post: Post, gate: asyncio.Event, patience: float) -> Answer:
    reader = writer = None
    began = time.perf_counter()
    try:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        await gate.wait()
        began = time.perf_counter()
        writer.write(post.written(port))
        answer = await asyncio.wait_for(reader.read(), patience)
    except (OSError, TimeoutError):
        answer = b""
    finally:
        if writer is not None:
            writer.close()
    head, _empty, body = answer.partition(b"\r\n\r\n")
    if not _empty:
        return Answer(0, "", time.perf_counter() - began, answer, began)
    lines = head.decode("latin-1").split("\r\n")
    location = next((line.split(": ", 1)[1] for line in lines if line.lower().startswith("location: ")), "")
    return Answer(int(lines[0].split()[1]), location, time.perf_counter() - began, body, began)


def send_at_once(port: int, posts: Sequence[Post], *, patience: float = 120, together: float = 0.5) -> list[Answer]:
    """Open a connection for each, then send everything in one moment. The answers, in the order of the posts.

    ``together`` is the seconds all have for connecting.
    """

    async def play() -> list[Answer]:
        gate = asyncio.Event()
        tasks = [asyncio.create_task(_send(port, post, gate, patience)) for post in posts]
        await asyncio.sleep(together)
        gate.set()
        return list(await asyncio.gather(*tasks))

    return asyncio.run(play())


def statuses(answers: Sequence[Answer]) -> dict[int, int]:
    return dict(Counter(answer.status for answer in answers))
