"""The rows of BENCHMARKS: CPU of all serving processes in milliseconds a request, and bytes of an answer."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.instance import LARGE, MEDIUM, Instance, Size, first_session, say, served
from benchmarks.loader import Figures, measure, memory_mb

# Passing by the store, to see what a page costs when it is built. The front never stores for such a request.
BUILT = ("Authorization: none",)
COMPRESSED = ("Accept-Encoding: br",)


def row(
    name: str,
    instance: Instance,
    path: str,
    *,
    requests: int,
    to_reach: float,
    headers: tuple[str, ...] = (),
    connections: int = 8,
    **more: object,
) -> Figures:
    """Measure one page three times and print the cheapest beside what is to be reached.

    CPU time grows when other work fills the same caches: the cheapest run is the one least disturbed.
    """
    at = instance.url + path
    how: dict[str, Any] = {"requests": requests, "connections": connections, "headers": headers + COMPRESSED}
    runs = [measure(at, instance.pid, warm=min(50, requests), **how) for _ in range(3)]
    figures = min(runs, key=lambda run: run.cpu_ms)
    wrong = {status: count for status, count in figures.statuses.items() if status != "200"}
    say(
        name, figures.cpu_ms, "ms CPU", to_reach=to_reach, sent_kb=round(figures.size / 1000, 1),
        p99_ms=round(figures.p99_ms, 2), connections=connections, **more, **({"statuses": wrong} if wrong else {}),
    )  # fmt: skip
    return figures


@dataclass(frozen=True)
class Built:
    """A page that is measured as it is built, and what is to be reached: milliseconds, queries, bytes."""

    name: str
    path: str
    requests: int
    ms: float
    queries: int
    signed_in: bool = False

    @property
    def connections(self) -> int:
        """Pages of a tenth of a second are built one at a time, after an edit; small ones for many at once."""
        return 1 if self.requests < 100 else 8

    @property
    def address(self) -> str:
        return f"@{self.path}" if self.signed_in else self.path


def built_pages(size: Size, session: str) -> list[Built]:
    """Every page of an event that is not answered from the store, or not always."""
    base = f"/e/{size.slug}"
    exports = [
        Built(f"schedule_{format}_cold_{size.talks}", f"{base}/schedule.{format}", 8, 150, 8)
        for format in ("xml", "json", "ics")
    ]
    return [
        *exports,
        # The page has three panels, one of which asks.
        Built(f"session_built_{size.talks}", session, 300, 4, 5),
        Built(f"session_signed_in_{size.talks}", session, 300, 6, 8, signed_in=True),
        Built(f"schedule_built_{size.talks}", f"{base}/schedule/", 20, 150, 12),
        Built(f"speakers_built_{size.talks}", f"{base}/speakers/", 20, 150, 12),
        Built(f"editor_{size.talks}", f"{base}/edit/programme/", 20, 60, 16, signed_in=True),
    ]


def queries_of(instance: Instance, pages: list[Built]) -> dict[str, int]:
    """How many queries each page takes, counted in another process over the same data."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("HALLWAY_")}
    environment |= {
        "HALLWAY_DATA": str(instance.data), "HALLWAY_BASE_URL": instance.url,
        "DJANGO_SETTINGS_MODULE": "hallway.site.settings",
    }  # fmt: skip
    command = [sys.executable, str(Path(__file__).parent / "queries.py"), instance.cookie]
    command += [page.address for page in pages]
    done = subprocess.run(command, env=environment, check=True, capture_output=True, text=True)
    counts: dict[str, int] = json.loads(done.stdout)
    return counts


def of_event(instance: Instance, size: Size) -> dict[str, float]:
    """Every page of one event, stored and built."""
    base, many = f"/e/{size.slug}", 4000
    session = first_session(instance.url, size.slug)
    stored = {
        "schedule": f"{base}/schedule/", "session": session, "speakers": f"{base}/speakers/",
        **{f"schedule_{format}": f"{base}/schedule.{format}" for format in ("xml", "json", "ics")},
    }  # fmt: skip
    found = {
        name: row(f"{name}_stored_{size.talks}", instance, path, requests=many, to_reach=0.1)
        for name, path in stored.items()
    }
    pages = built_pages(size, session)
    queries = queries_of(instance, pages)
    for page in pages:
        headers = (f"Cookie: {instance.cookie}",) if page.signed_in else BUILT
        row(
            page.name, instance, page.path, requests=page.requests, to_reach=page.ms, headers=headers,
            connections=page.connections, queries=queries[page.address], queries_to_reach=page.queries,
        )  # fmt: skip
    return {name: figures.cpu_ms for name, figures in found.items()}


def main() -> None:
    """Serve one instance and measure everything on it."""
    with tempfile.TemporaryDirectory() as folder, served(Path(folder)) as instance:
        say("memory_at_start", memory_mb(instance.pid), "MB PSS", to_reach=130)
        large = of_event(instance, LARGE)
        medium = of_event(instance, MEDIUM)
        for name in large:
            say(f"{name}_large_to_medium", large[name] / medium[name], "times", to_reach=1.1)
        row("landing_stored", instance, "/", requests=4000, to_reach=0.1)
        row("login", instance, "/accounts/login/", requests=300, to_reach=3)
        row("search", instance, "/search?q=power+cut", requests=100, to_reach=30)
        say("memory_after", memory_mb(instance.pid), "MB PSS", to_reach=130)


if __name__ == "__main__":
    main()
