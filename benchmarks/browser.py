"""The schedule page of 1,000 talks in a real browser: weight, requests, nodes, and LCP on a slow phone."""

from __future__ import annotations

import shutil
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from playwright.sync_api import Page, sync_playwright

from benchmarks.instance import LARGE, MEDIUM, Instance, Size, say, served

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
]
LCP = """() => new Promise((done) => new PerformanceObserver((list) => {
  const entries = list.getEntries(); done(entries[entries.length - 1].startTime);
}).observe({ type: "largest-contentful-paint", buffered: true }))"""


def open_slowly(page: Page, url: str) -> dict[str, float]:
    """Open a page on a CPU four times slower and at 1.6 Mbit/s, 150 ms away; return what it took."""
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    session.send("Emulation.setCPUThrottlingRate", {"rate": 4})
    session.send(
        "Network.emulateNetworkConditions",
        {"offline": False, "latency": 150, "downloadThroughput": 200_000, "uploadThroughput": 96_000},
    )
    received = {"bytes": 0.0, "requests": 0.0}

    def note(event: dict[str, float]) -> None:
        received["bytes"] += event["encodedDataLength"]
        received["requests"] += 1

    session.on("Network.loadingFinished", note)
    page.goto(url, wait_until="load")
    page.wait_for_timeout(1500)
    return {
        **received,
        "nodes": page.evaluate("document.getElementsByTagName('*').length"),
        "lcp": page.evaluate(LCP),
    }


def of_event(instance: Instance, size: Size, *, lcp: float) -> None:
    """Print the figures of one event's schedule page, as a phone sees it."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)
        page = browser.new_page(viewport={"width": 390, "height": 844})
        url = f"{instance.url}/e/{size.slug}/schedule/"
        page.context.request.get(url)
        found = open_slowly(page, url)
        browser.close()
    say(f"page_weight_{size.talks}", found["bytes"] / 1000, "KB", to_reach=110)
    say(f"page_requests_{size.talks}", found["requests"], "requests", to_reach=7)
    say(f"page_nodes_{size.talks}", found["nodes"], "nodes", to_reach=9000)
    say(f"page_lcp_{size.talks}", found["lcp"] / 1000, "s", to_reach=lcp)


def main() -> None:
    """Serve one instance and look at both events."""
    if shutil.which("chromium") is None:
        raise SystemExit("There is no chromium on this machine. On Debian: apt-get install chromium")
    with tempfile.TemporaryDirectory() as folder, served(Path(folder)) as instance:
        of_event(instance, LARGE, lcp=1.8)
        of_event(instance, MEDIUM, lcp=1.2)


if __name__ == "__main__":
    main()
