"""The rows of BENCHMARKS: CPU of all serving processes in milliseconds a request, and bytes of an answer."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.instance import LARGE, MEDIUM, Instance, Size, first_session, say, served
from benchmarks.loader import Figures, measure, memory_mb

# Passing by the store, to see what a page costs when it is built. The front never stores for such a request.
BUILT = ("Authorization: none",)
COMPRESSED = ("Accept-Encoding: br",)


def row(
    name: str, instance: Instance, path: str, *, requests: int, to_reach: float, headers: tuple[str, ...] = ()
) -> Figures:
    """Measure one page three times and print the cheapest beside what is to be reached.

    CPU time grows when other work fills the same caches: the cheapest run is the one least disturbed.
    """
    at = instance.url + path
    runs = [measure(at, instance.pid, requests=requests, headers=headers + COMPRESSED) for _ in range(3)]
    figures = min(runs, key=lambda run: run.cpu_ms)
    wrong = {status: count for status, count in figures.statuses.items() if status != "200"}
    say(
        name, figures.cpu_ms, "ms CPU", to_reach=to_reach, sent_kb=round(figures.size / 1000, 1),
        p99_ms=round(figures.p99_ms, 2), **({"statuses": wrong} if wrong else {}),
    )  # fmt: skip
    return figures


def of_event(instance: Instance, size: Size) -> dict[str, float]:
    """Every page of one event, stored and built."""
    base, many = f"/e/{size.slug}", 4000
    session = first_session(instance.url, size.slug)
    signed_in = (f"Cookie: {instance.cookie}",)
    found = {
        "schedule": row(f"schedule_stored_{size.talks}", instance, f"{base}/schedule/", requests=many, to_reach=0.1),
        "session": row(f"session_stored_{size.talks}", instance, session, requests=many, to_reach=0.1),
        "speakers": row(f"speakers_stored_{size.talks}", instance, f"{base}/speakers/", requests=many, to_reach=0.1),
    }
    for format in ("xml", "json", "ics"):
        name = f"schedule_{format}"
        found[name] = row(
            f"{name}_warm_{size.talks}", instance, f"{base}/schedule.{format}", requests=2000, to_reach=0.1
        )
        row(f"{name}_cold_{size.talks}", instance, f"{base}/schedule.{format}", requests=8, to_reach=150, headers=BUILT)
    row(f"session_built_{size.talks}", instance, session, requests=300, to_reach=4, headers=BUILT)
    row(f"session_signed_in_{size.talks}", instance, session, requests=300, to_reach=6, headers=signed_in)
    row(f"schedule_built_{size.talks}", instance, f"{base}/schedule/", requests=20, to_reach=150, headers=BUILT)
    row(f"editor_{size.talks}", instance, f"{base}/edit/programme/", requests=20, to_reach=60, headers=signed_in)
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
