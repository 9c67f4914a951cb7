"""One message to ten thousand listeners: ours and nchan's, on the same machine, by the same client, by turns.

python benchmarks/live.py [--listeners N] [--rounds N]. Needs nginx and nchan (Debian: nginx-light, libnginx-mod-nchan);
without them only ours is measured. Everything listens on the loopback address alone, and is ended.
"""

from __future__ import annotations

import argparse
import contextlib
import gc
import http.client
import json
import os
import resource
import select
import shutil
import socket
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

sys.path[:0] = [str(Path(__file__).resolve().parents[1])]

from benchmarks.instance import say  # noqa: E402 - needs the path above
from benchmarks.loader import cpu_seconds, memory_mb  # noqa: E402 - the same

OURS = "hallway"
HERE = Path(__file__).resolve().parent
MODULE = Path("/usr/lib/nginx/modules/ngx_nchan_module.so")
NCHAN = """
load_module {module};
daemon off;
{user}
worker_processes {workers};
worker_rlimit_nofile {files};
pid {folder}/nginx.pid;
error_log {folder}/error.log;
events {{ worker_connections {files}; }}
http {{
  access_log off;
  client_body_temp_path {folder}/body;
  proxy_temp_path {folder}/proxy;
  fastcgi_temp_path {folder}/fastcgi;
  uwsgi_temp_path {folder}/uwsgi;
  scgi_temp_path {folder}/scgi;
  server {{
    listen 127.0.0.1:{port} backlog=4096;
    location = /publish {{ nchan_publisher; nchan_channel_id room; nchan_message_buffer_length 10; }}
    location = /listen {{ nchan_subscriber eventsource; nchan_channel_id room; }}
  }}
}}
"""


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def answers(port: int, process: subprocess.Popen[bytes]) -> None:
    """Wait until somebody listens."""
    while True:
        if process.poll() is not None:
            raise SystemExit("a server did not start")
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return
        time.sleep(0.01)


@contextmanager
def ended(process: subprocess.Popen[Any]) -> Iterator[subprocess.Popen[Any]]:
    """End a process with the block."""
    try:
        yield process
    finally:
        process.terminate()
        process.wait(20)


class Client:
    """Many streams of one server, in a process of its own: descriptors, and what Python does of itself, are its own."""

    def __init__(self, name: str, port: int, path: str, count: int) -> None:
        self.name, self.count = name, count
        self.publisher = http.client.HTTPConnection("127.0.0.1", port)
        self.poll = select.epoll()
        self.sockets: dict[int, socket.socket] = {}
        request = f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: text/event-stream\r\n\r\n".encode()
        for _ in range(count):
            connection = socket.create_connection(("127.0.0.1", port), 10)
            connection.sendall(request)
            self.sockets[connection.fileno()] = connection
            self.poll.register(connection, select.EPOLLIN)
        self.read(1.0, 0)

    def read(self, quiet: float, wanted: int) -> list[float]:
        """Read until all have it or nothing came for so many seconds: after how many milliseconds each had it."""
        delays: list[float] = []
        while ready := self.poll.poll(quiet, 4096):
            for number, _mask in ready:
                data = self.sockets[number].recv(8192)
                now = time.monotonic_ns()
                at = data.find(b"data: ")
                if at >= 0:
                    delays.append((now - int(data[at + 6 :].split(b" ", 1)[0])) / 1e6)
            if len(delays) == wanted > 0:
                break
        return delays

    def tell(self) -> list[float]:
        """Publish a message of about 200 bytes that says when it was sent, and read it everywhere."""
        at = time.monotonic_ns()
        if self.name == OURS:
            self.publisher.request("GET", f"/publish?{at}")
        else:
            self.publisher.request("POST", "/publish", f"{at} {'x' * 170}")
        self.publisher.getresponse().read()
        return self.read(2.0, self.count)


def listen(name: str, port: str, path: str, count: str) -> None:
    """Open the streams, then tell everybody something for each line read, and print the delays."""
    raise_descriptor_limit()
    client = Client(name, int(port), path, int(count))
    gc.disable()
    sys.stdout.write("[]\n")
    sys.stdout.flush()
    for _line in sys.stdin:
        sys.stdout.write(json.dumps(client.tell()) + "\n")
        sys.stdout.flush()


def raise_descriptor_limit() -> int:
    """Allow this process as many open descriptors as it may have; how many that is."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    return hard


@dataclass
class Side:
    """A server, its client, and for each message the milliseconds from sending it until each listener had read it."""

    name: str
    port: int
    pid: int
    path: str
    delays: list[list[float]] = field(default_factory=list)
    grown: float = 0.0
    cpu: float = 0.0

    def open(self, count: int, stack: ExitStack) -> None:
        """Have so many listen, and note what that takes of the server's memory."""
        before = memory_mb(self.pid)
        command = [sys.executable, __file__, "--listen", self.name, str(self.port), self.path, str(count)]
        self.client = stack.enter_context(
            ended(subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True))
        )
        self._answer()
        self.grown = memory_mb(self.pid) - before

    def _answer(self) -> list[float]:
        line = self.client.stdout.readline()
        if not line:
            raise SystemExit(f"the listeners of {self.name} are gone")
        found: list[float] = json.loads(line)
        return found

    def tell(self, count: int) -> None:
        """One message to everybody."""
        self.client.stdin.write("tell\n")
        self.client.stdin.flush()
        delays = self._answer()
        if len(delays) != count:
            raise SystemExit(f"a message reached {len(delays)} of {count} listeners of {self.name}")
        self.delays.append(sorted(delays))

    def at(self, share: float) -> float:
        """The delay that so many did not exceed, over all messages."""
        delays = sorted(delay for message in self.delays for delay in message)
        return delays[int(len(delays) * share)]

    def middle(self, share: float) -> float:
        """The same of each message, and of those the middle one: one that was disturbed says little."""
        found = sorted(message[int(len(message) * share)] for message in self.delays)
        return found[len(found) // 2]


def our_side(folder: Path, stack: ExitStack) -> Side:
    """The front as it is, over a tiny application."""
    with contextlib.closing(sqlite3.connect(folder / "site.sqlite3")) as db, db:
        db.execute("PRAGMA journal_mode=WAL")
        db.execute("CREATE TABLE kit_revision (key TEXT PRIMARY KEY, seq BIGINT, changed_at TEXT)")
        db.execute("INSERT INTO kit_revision VALUES ('schedule', 1, '')")
    port = free_port()
    command = [sys.executable, HERE / "front.py", "--serve", folder, str(port)]
    process = stack.enter_context(ended(subprocess.Popen(command)))
    answers(port, process)
    return Side(OURS, port, process.pid, "/live/public/room")


def nchan_side(folder: Path, stack: ExitStack, workers: int) -> Side | None:
    """nginx with nchan and a configuration of its own; None where there is none."""
    program = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")
    if program is None or not MODULE.exists():
        return None
    folder.mkdir()
    port = free_port()
    user = "user root;" if os.geteuid() == 0 else ""
    text = NCHAN.format(
        module=MODULE, folder=folder, port=port, workers=workers, user=user, files=raise_descriptor_limit()
    )
    (folder / "nginx.conf").write_text(text)
    command = [program, "-p", folder, "-c", folder / "nginx.conf"]
    process = stack.enter_context(ended(subprocess.Popen(command, stderr=subprocess.DEVNULL)))
    answers(port, process)
    return Side(f"nchan_{workers}_worker{'s' * (workers > 1)}", port, process.pid, "/listen")


def visit(port: int, seconds: float) -> None:
    """Fetch a stored page and a built one by turns, and print how long each took; in a process of its own."""
    times: dict[str, list[float]] = {"/schedule": [], "/built": []}
    until = time.monotonic() + seconds
    connection = http.client.HTTPConnection("127.0.0.1", port)
    while time.monotonic() < until:
        for path, took in times.items():
            began = time.perf_counter()
            connection.request("GET", path, headers={"Accept-Encoding": "gzip"})
            connection.getresponse().read()
            took.append((time.perf_counter() - began) * 1000)
        time.sleep(0.02)
    sys.stdout.write(json.dumps(times))


def measure_pages(side: Side, count: int, seconds: float = 20.0) -> None:
    """Pages while a message a second goes to everybody."""
    command = [sys.executable, __file__, "--visit", str(side.port), str(seconds)]
    visitor = subprocess.Popen(command, stdout=subprocess.PIPE)
    while visitor.poll() is None:
        side.tell(count)
        time.sleep(1.0)
    times = json.loads(visitor.communicate()[0])
    for name, path in (("stored", "/schedule"), ("built", "/built")):
        took = sorted(times[path])
        say(f"live_{count}_{name}_page_p99_meanwhile", took[len(took) * 99 // 100], "ms", pages=len(took))


def compare(sides: list[Side], count: int, rounds: int) -> None:
    """Tell something to the listeners of each by turns, in both orders; the first two messages do not count."""
    for round_ in range(rounds + 2):
        for side in sides[:: 1 if round_ % 2 else -1]:
            if round_ == 2:
                side.delays.clear()
                side.cpu = cpu_seconds(side.pid)
            side.tell(count)
            time.sleep(0.1)
    for side in sides:
        more = {"p50_ms": round(side.at(0.5), 1), "middle_message_p99_ms": round(side.middle(0.99), 1)}
        more["us_cpu_each"] = round((cpu_seconds(side.pid) - side.cpu) * 1e6 / (count * len(side.delays)), 1)
        say(f"live_{count}_p99_{side.name}", side.at(0.99), "ms", **more)
        say(f"live_listener_memory_{side.name}", side.grown * 1024 / count, "KB", all_mb=round(memory_mb(side.pid)))


def main(count: int, rounds: int) -> None:
    """Both sides listen all the time, and are told something by turns."""
    raise_descriptor_limit()
    with tempfile.TemporaryDirectory() as name, ExitStack() as stack:
        folder = Path(name)
        sides = [our_side(folder, stack)]
        for workers in (1, 2):
            other = nchan_side(folder / f"nchan{workers}", stack, workers)
            sides += [other] if other is not None else []
        if len(sides) == 1:
            sys.stderr.write("nchan is not installed here (nginx-light, libnginx-mod-nchan): only ours is measured.\n")
        for side in sides:
            side.open(count, stack)
        compare(sides, count, rounds)
        measure_pages(sides[0], count)


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--listeners", type=int, default=10_000)
    parser.add_argument("--rounds", type=int, default=20)
    parser.add_argument("--visit", nargs=2, metavar=("PORT", "SECONDS"))
    parser.add_argument("--listen", nargs=4, metavar=("NAME", "PORT", "PATH", "COUNT"))
    given = parser.parse_args()
    if given.visit:
        visit(int(given.visit[0]), float(given.visit[1]))
    elif given.listen:
        listen(*given.listen)
    else:
        main(given.listeners, given.rounds)
