"""What the front itself costs: stored pages, the bridge, ten thousand listeners. One JSON line a figure.

python benchmarks/front.py [--listeners N] [--requests N]
"""

import argparse
import contextlib
import http.client
import json
import os
import platform
import resource
import select
import signal
import socket
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

sys.path[:0] = [str(Path(__file__).resolve().parents[1]), str(Path(__file__).resolve().parent)]

from loader import measure, memory_mb  # noqa: E402 - needs the path above

ON = f"{os.cpu_count()} cores, Python {platform.python_version()}, loopback, load before {os.getloadavg()[0]:.1f}"
SCHEDULE = "".join(
    f"<article><h3><a href=/t/{n}>Talk {n * 7919} on something worth an hour</a></h3><p>Room {n % 35}, {n % 24}:00"
    f"</p><p>{'A sentence about it. ' * (n % 40)}</p></article>\n"
    for n in range(2000)
)


def serve(folder: Path, port: int) -> None:
    """Run the front over a tiny application; in a process of its own."""
    from hallway.front.app import Front
    from hallway.front.bridge import Pool
    from hallway.front.hub import Hub
    from hallway.front.live import Live
    from hallway.front.revisions import SqliteRevisions
    from hallway.front.server import serve as run
    from hallway.front.static import StaticFiles
    from hallway.front.stored import Store
    from hallway.front.told import Told
    from hallway.front.watch import Watch

    def application(environ, start_response):
        headers = [("Content-Type", "text/html; charset=utf-8"), ("Content-Security-Policy", "default-src 'self'")]
        body = b"<p>built</p>" * 100
        if environ["PATH_INFO"] == "/schedule":
            headers += [("X-Hallway-Store", "schedule"), ("X-Hallway-Seq", "1")]
            body = SCHEDULE.encode()
        elif environ["PATH_INFO"] == "/publish":
            at = environ["QUERY_STRING"] or time.monotonic_ns()
            front.publish("public/room", Told(time.monotonic_ns(), "note", f"{at} {'x' * 170}"))
        start_response("200 OK", headers)
        return [body]

    hub = Hub()
    watch = Watch(hub, lambda asked: [frozenset() for _one in asked], lambda asked: (0, [([], None) for _one in asked]))
    front = Front(
        Pool(application),
        allowed_hosts=["127.0.0.1"],
        store=Store(SqliteRevisions(folder / "site.sqlite3")),
        files=[StaticFiles("/static/", lambda name: folder / name)],
        live=Live(hub, key=b"key", watch=watch),
    )
    run(front, "127.0.0.1", port)


def say(name: str, value: float, unit: str) -> None:
    print(json.dumps({"name": name, "value": round(value, 4), "unit": unit, "on": ON}), flush=True)


def fetch(connection: http.client.HTTPConnection, path: str) -> float:
    began = time.perf_counter()
    connection.request("GET", path)
    connection.getresponse().read()
    return (time.perf_counter() - began) * 1000


def p99(values: list[float]) -> float:
    return sorted(values)[len(values) * 99 // 100]


class Listeners:
    """Many streams in this process; notes when each event arrived at each of them."""

    def __init__(self, port: int, count: int) -> None:
        self.poll = select.epoll()
        self.sockets: dict[int, socket.socket] = {}
        self.delays: list[float] = []
        request = b"GET /live/public/room HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"
        for _ in range(count):
            connection = socket.create_connection(("127.0.0.1", port), 10)
            connection.sendall(request)
            self.sockets[connection.fileno()] = connection
            self.poll.register(connection, select.EPOLLIN)
        self.drain(1.0)

    def drain(self, quiet: float) -> int:
        """Read until nothing came for `quiet` seconds; return how many events were read."""
        read = 0
        while ready := self.poll.poll(quiet, 4096):
            for number, _ in ready:
                data = self.sockets[number].recv(4096)
                now = time.monotonic_ns()
                at = data.find(b"data: ")
                if at >= 0:
                    self.delays.append((now - int(data[at + 6 :].split(b" ", 1)[0])) / 1e6)
                    read += 1
        return read


def measure_pages(port: int, pid: int, requests: int) -> None:
    address = f"http://127.0.0.1:{port}"
    stored = ("Accept-Encoding: gzip, br", "Accept-Language: fr-FR,fr;q=0.9,en;q=0.8", "User-Agent: Mozilla/5.0")
    etag = ""
    for _ in range(100):
        with contextlib.closing(http.client.HTTPConnection("127.0.0.1", port)) as connection:
            connection.request("GET", "/schedule", headers=dict(line.split(": ", 1) for line in stored))
            answer = connection.getresponse()
            answer.read()
        if etag := answer.getheader("etag") or "":
            break
        time.sleep(0.05)
    found = measure(f"{address}/schedule", pid, requests=requests, headers=stored)
    assert found.statuses == {"200": requests}, found
    say("front_stored_cpu", found.cpu_ms, "ms/request")
    say("front_stored_size", found.size / 1024, "KB")
    say("front_stored_p99", found.p99_ms, "ms")
    found = measure(f"{address}/schedule", pid, requests=requests, headers=(*stored, f"If-None-Match: {etag}"))
    assert found.statuses == {"304": requests}, found
    say("front_stored_304_cpu", found.cpu_ms, "ms/request")
    found = measure(f"{address}/static/site.0123456789ab.css", pid, requests=requests, headers=stored)
    say("front_static_cpu", found.cpu_ms, "ms/request")
    found = measure(f"{address}/built", pid, requests=requests // 4, headers=stored)
    say("front_bridge_cpu", found.cpu_ms, "ms/request")


def measure_listeners(port: int, pid: int, count: int, rounds: int = 15) -> None:
    from loader import cpu_seconds

    quiet = memory_mb(pid)
    listeners = Listeners(port, count)
    say(f"front_{count}_listeners_memory", memory_mb(pid), "MB PSS")
    say("front_listener_memory", (memory_mb(pid) - quiet) * 1024 / count, "KB/listener")
    publisher = http.client.HTTPConnection("127.0.0.1", port)
    before = cpu_seconds(pid)
    for _ in range(rounds):
        fetch(publisher, "/publish")
        assert listeners.drain(0.3) == count, "an event did not reach everybody"
    say("front_delivery_cpu", (cpu_seconds(pid) - before) * 1e6 / (count * rounds), "us/delivery")
    say(f"front_{count}_listeners_p50", sorted(listeners.delays)[len(listeners.delays) // 2], "ms")
    say(f"front_{count}_listeners_p99", p99(listeners.delays), "ms")
    measure_meanwhile(port, listeners, publisher, count)


def measure_meanwhile(port: int, listeners: Listeners, publisher: http.client.HTTPConnection, count: int) -> None:
    times: dict[str, list[float]] = {"stored": [], "built": []}
    over = threading.Event()

    def visit() -> None:
        with contextlib.closing(http.client.HTTPConnection("127.0.0.1", port)) as visitor:
            while not over.wait(0.02):
                times["stored"].append(fetch(visitor, "/static/site.0123456789ab.css"))
                times["built"].append(fetch(visitor, "/built"))

    listeners.delays.clear()
    thread = threading.Thread(target=visit)
    thread.start()
    for _ in range(8):
        fetch(publisher, "/publish")
        listeners.drain(0.5)
    over.set()
    thread.join()
    # The visitor shares its interpreter with the listeners' client, so these are upper bounds.
    say(f"front_{count}_listeners_static_p99_meanwhile", p99(times["stored"]), "ms")
    say(f"front_{count}_listeners_built_p99_meanwhile", p99(times["built"]), "ms")


def main(listeners: int, requests: int) -> None:
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with contextlib.closing(sqlite3.connect(folder / "site.sqlite3")) as db, db:
            db.execute("PRAGMA journal_mode=WAL")
            db.execute("CREATE TABLE kit_revision (key TEXT PRIMARY KEY, seq BIGINT, changed_at TEXT)")
            db.execute("INSERT INTO kit_revision VALUES ('schedule', 1, '')")
        (folder / "site.0123456789ab.css").write_text("body { color: teal }\n" * 500)
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        began = time.monotonic()
        server = subprocess.Popen([sys.executable, __file__, "--serve", name, str(port)])
        try:
            while True:
                with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
                    break
                time.sleep(0.005)
            say("front_start", time.monotonic() - began, "s")
            say("front_start_memory", memory_mb(server.pid), "MB PSS")
            measure_pages(port, server.pid, requests)
            measure_listeners(port, server.pid, listeners)
            began = time.monotonic()
            server.send_signal(signal.SIGTERM)
            server.wait(20)
            say(f"front_stop_with_{listeners}_listeners", time.monotonic() - began, "s")
        finally:
            server.kill()


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--listeners", type=int, default=10_000)
    parser.add_argument("--requests", type=int, default=20_000)
    parser.add_argument("--serve", nargs=2, metavar=("FOLDER", "PORT"))
    given = parser.parse_args()
    if given.serve:
        serve(Path(given.serve[0]), int(given.serve[1]))
    else:
        main(given.listeners, given.requests)
