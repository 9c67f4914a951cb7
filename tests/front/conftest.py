"""The real server in a process of its own, and a client that speaks plain sockets."""

import contextlib
import http.client
import json
import os
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SAMPLE = Path(__file__).with_name("sample.py")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Answer:
    """Status, headers (lower-case names) and body."""

    def __init__(self, response: http.client.HTTPResponse) -> None:
        self.status = response.status
        self.headers = {name.lower(): value for name, value in response.getheaders()}
        self.body = response.read()

    @property
    def text(self) -> str:
        return self.body.decode()


class Site:
    """A running server with its folder; writes to its database come from this process, not from its own."""

    def __init__(self, folder: Path, *options: str) -> None:
        self.folder = folder
        self.port = free_port()
        self.began = time.monotonic()
        self.process = subprocess.Popen(
            [sys.executable, str(SAMPLE), str(folder), str(self.port), *options],
            env={**os.environ, "PYTHONPATH": str(ROOT)},
        )
        self.wait()

    def wait(self, seconds: float = 10.0) -> None:
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            with contextlib.suppress(OSError), self.connect():
                return
            time.sleep(0.02)
        raise AssertionError("the server did not come up")

    def connect(self, timeout: float = 10.0) -> socket.socket:
        return socket.create_connection(("127.0.0.1", self.port), timeout)

    def get(self, path: str, method: str = "GET", body: bytes | None = None, **headers: str) -> Answer:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        with contextlib.closing(connection):
            names = {name.replace("_", "-"): value for name, value in headers.items()}
            connection.request(method, path, body, names)
            return Answer(connection.getresponse())

    def raw(self, data: bytes, timeout: float = 10.0) -> bytes:
        """Send bytes, return all that comes until the server closes."""
        with self.connect(timeout) as connection:
            connection.sendall(data)
            return read_all(connection)

    def state(self) -> dict[str, int]:
        return json.loads(self.get("/state", cookie="hallway_session=x").text)

    def write(self, name: str, text: str, *, tags: tuple[str, ...] | None = None) -> None:
        """Change a page and raise its revision in one transaction, as the application would."""
        with contextlib.closing(sqlite3.connect(self.folder / "site.sqlite3", timeout=10)) as db, db:
            db.execute("INSERT OR REPLACE INTO page VALUES (?, ?)", (name, text))
            for tag in tags or (f"page:{name}",):
                seq = db.execute("SELECT coalesce(max(seq), 0) + 1 FROM kit_revision").fetchone()[0]
                db.execute("INSERT OR REPLACE INTO kit_revision VALUES (?, ?, '')", (tag, seq))

    def settled(self, path: str, **headers: str) -> Answer:
        """Fetch until the page comes from the store (compressing goes on after the first answer was sent)."""
        before = self.state()["store_hits"]
        for _ in range(100):
            answer = self.get(path, **headers)
            if self.state()["store_hits"] > before:
                return answer
            time.sleep(0.02)
        raise AssertionError(f"{path} was never stored")

    def stop(self) -> int:
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        return self.process.wait(15)


def read_all(connection: socket.socket) -> bytes:
    parts = []
    with contextlib.suppress(ConnectionResetError):
        while part := connection.recv(65536):
            parts.append(part)
    return b"".join(parts)


def read_until(connection: socket.socket, ending: bytes) -> bytes:
    data = b""
    while ending not in data:
        part = connection.recv(65536)
        assert part, f"closed after {data!r}"
        data += part
    return data


@pytest.fixture(scope="session")
def site(tmp_path_factory):
    running = Site(tmp_path_factory.mktemp("front"), "--quick-limits")
    yield running
    assert running.stop() == -signal.SIGTERM


@pytest.fixture
def own_site(tmp_path):
    """Returns a function that starts a server for one test alone."""
    started = []

    def start(*options: str) -> Site:
        started.append(Site(tmp_path, *options))
        return started[-1]

    yield start
    for running in started:
        if running.process.poll() is None:
            running.process.kill()
        running.process.wait(10)


def eventually(condition, *, seconds: float = 3.0) -> None:
    until = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < until, "it did not happen in time"
        time.sleep(0.05)


@pytest.fixture(scope="session")
def portable(tmp_path_factory):
    """The same as another ASGI server would run it: no sockets to take over, no answers at once."""
    running = Site(tmp_path_factory.mktemp("portable"), "--fallback", "--quick-limits")
    yield running
    running.stop()


@pytest.fixture(params=["site", "portable"])
def either(request):
    return request.getfixturevalue(request.param)
