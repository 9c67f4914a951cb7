"""A small keep-alive loader, run as a process of its own so that only the server's CPU is counted.

As a program: python benchmarks/loader.py URL [--requests N] [--connections N] [--header "Name: value"] prints one
JSON line. As a module: `measure()` runs that program and reads the CPU of the serving processes around it.
"""

import argparse
import asyncio
import json
import os
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Figures:
    """CPU of all serving processes in milliseconds a request; latencies in milliseconds; bytes of one answer."""

    cpu_ms: float
    per_second: float
    p50_ms: float
    p99_ms: float
    size: int
    statuses: dict[str, int]


def serving_processes(pid: int) -> list[int]:
    """Return a process and all that descend from it."""
    parents: dict[int, list[int]] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdecimal():
            try:
                fields = (entry / "stat").read_text().rpartition(")")[2].split()
            except OSError:
                continue
            parents.setdefault(int(fields[1]), []).append(int(entry.name))
    found, new = [], [pid]
    while new:
        found += new
        new = [child for parent in new for child in parents.get(parent, [])]
    return found


def cpu_seconds(pid: int) -> float:
    """Return user and system seconds used so far by a process and all that descend from it."""
    total = 0
    for process in serving_processes(pid):
        fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
        total += int(fields[11]) + int(fields[12])
    return total / TICKS


def memory_mb(pid: int) -> float:
    """Return the proportional memory (PSS) of a process and all that descend from it, in MB."""
    total = 0
    for process in serving_processes(pid):
        for line in Path(f"/proc/{process}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                total += int(line.split()[1])
    return total / 1024


def measure(
    url: str, pid: int, *, requests: int, connections: int = 8, headers: tuple[str, ...] = (), warm: int = 50
) -> Figures:
    """Load a URL and return what it cost the processes that descend from `pid`."""
    run(url, requests=warm, connections=connections, headers=headers)
    before = cpu_seconds(pid)
    found = run(url, requests=requests, connections=connections, headers=headers)
    cpu = cpu_seconds(pid) - before
    return Figures(cpu_ms=cpu * 1000 / requests, **found)


def run(url: str, *, requests: int, connections: int = 8, headers: tuple[str, ...] = ()) -> dict[str, object]:
    """Run the loader in its own process and return what it printed."""
    command = [sys.executable, __file__, url, "--requests", str(requests), "--connections", str(connections)]
    for header in headers:
        command += ["--header", header]
    return json.loads(subprocess.run(command, check=True, capture_output=True).stdout)


class Connection(asyncio.Protocol):
    """Sends the next request when an answer is complete."""

    def __init__(self, load: "Load") -> None:
        self.load = load

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = transport
        self.next()

    def next(self) -> None:
        self.data = bytearray()
        self.wanted = -1
        if self.load.left <= 0:
            self.transport.close()
            return
        self.load.left -= 1
        self.began = time.perf_counter()
        self.transport.write(self.load.request)

    def data_received(self, data: bytes) -> None:
        self.data += data
        if self.wanted < 0:
            end = self.data.find(b"\r\n\r\n")
            if end < 0:
                return
            head = bytes(self.data[:end]).lower()
            self.status = head[9:12].decode()
            length = head.partition(b"content-length:")[2].partition(b"\r\n")[0].strip()
            self.wanted = end + 4 + (int(length) if length else 0)
            if b"transfer-encoding: chunked" in head:
                self.wanted = sys.maxsize
        if len(self.data) >= self.wanted or (self.wanted == sys.maxsize and self.data.endswith(b"\r\n0\r\n\r\n")):
            self.load.note(self.status, len(self.data), time.perf_counter() - self.began)
            self.next()

    def connection_lost(self, exc: Exception | None) -> None:
        self.load.ended(self)


class Load:
    """One run over several connections."""

    def __init__(self, url: str, requests: int, connections: int, headers: list[str]) -> None:
        parts = urlsplit(url)
        self.host, self.port = parts.hostname or "127.0.0.1", parts.port or 80
        target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        lines = [f"GET {target} HTTP/1.1", f"Host: {parts.netloc}", *headers, "", ""]
        self.request = "\r\n".join(lines).encode()
        self.left, self.requests, self.open = requests, requests, connections
        self.times: list[float] = []
        self.statuses: dict[str, int] = {}
        self.size = 0

    def note(self, status: str, size: int, seconds: float) -> None:
        self.statuses[status] = self.statuses.get(status, 0) + 1
        self.size = size
        self.times.append(seconds)

    def ended(self, connection: Connection) -> None:
        self.open -= 1
        if self.open == 0:
            self.done.set_result(None)

    async def play(self) -> dict[str, object]:
        loop = asyncio.get_running_loop()
        self.done: asyncio.Future[None] = loop.create_future()
        began = time.perf_counter()
        for _ in range(self.open):
            await loop.create_connection(lambda: Connection(self), self.host, self.port)
        await self.done
        seconds = time.perf_counter() - began
        if len(self.times) != self.requests:
            sys.exit(f"only {len(self.times)} of {self.requests} requests were answered")
        times = sorted(self.times)
        return {
            "per_second": len(times) / seconds,
            "p50_ms": times[len(times) // 2] * 1000,
            "p99_ms": times[len(times) * 99 // 100] * 1000,
            "size": self.size,
            "statuses": self.statuses,
        }


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("url")
    parser.add_argument("--requests", type=int, default=1000)
    parser.add_argument("--connections", type=int, default=8)
    parser.add_argument("--header", action="append", default=[])
    given = parser.parse_args()
    with asyncio.Runner() as runner:
        load = Load(given.url, given.requests, min(given.connections, given.requests), given.header)
        print(json.dumps(runner.run(load.play())))
