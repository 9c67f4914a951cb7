"""Journeys play in a real browser against the real server: one of each for a worker, with the demonstration's data."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.base import AxeResults
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Error, Page

from tests.faults.house import plant_in

from .evening import open_evening

ROOT = Path(__file__).resolve().parents[2]
EVERY = [(language, size) for language in ("en", "fr") for size in ("phone", "desk")]
# One worker walks over all pages and plays these; the other plays all others, so that both end at about the same time.
BESIDE_THE_WALKS = {
    "test_every_page", "test_door_wall", "test_feedback", "test_moderation", "test_offline", "test_room",
    "test_scanner", "test_takeaways", "test_visitor", "test_workshop",
}  # fmt: skip
# What waits for the clock comes round at once: what is played is that a mail comes, not that it takes a minute.
OFTEN = """
from dataclasses import replace
from datetime import timedelta
from hallway.kit.sweeps import SWEEPS
often = timedelta(seconds=2)
SWEEPS[:] = [replace(one, every=min(one.every, often)) if one.every <= timedelta(minutes=1) else one for one in SWEEPS]
"""
SIZES = {"phone": {"width": 320, "height": 640}, "desk": {"width": 1280, "height": 900}}


def in_every_way(*now: tuple[str, str]) -> pytest.MarkDecorator:
    """Play a journey in each language and size: ``now`` in every run, the others in a full one."""
    ways = [pytest.param(*way, marks=() if way in now else pytest.mark.full) for way in EVERY]
    return pytest.mark.parametrize(("language", "size"), ways)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything in this folder is a journey, played by two workers: a server for each."""
    here = Path(__file__).parent
    for item in items:
        if here in Path(item.path).parents:
            item.add_marker(pytest.mark.journey)
            item.add_marker(pytest.mark.xdist_group("walks" if item.path.stem in BESIDE_THE_WALKS else "journeys"))


@dataclass
class Server:
    """A running instance with the demonstration's data."""

    url: str
    data: Path
    process: subprocess.Popen[bytes]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def wait_until_healthy(url: str, process: subprocess.Popen[bytes], seconds: float = 300) -> None:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if process.poll() is not None:
            pytest.fail(f"the server ended with {process.returncode} before it answered")
        try:
            with urllib.request.urlopen(f"{url}/healthz", timeout=2) as answer:  # noqa: S310 - our own server
                if answer.status == 200:
                    return
        except OSError:
            time.sleep(0.1)
    pytest.fail(f"the server did not answer within {seconds} s")


@pytest.fixture(scope="session")
def hallway(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """``./dev demo`` as a person starts it, on a free port, in an empty folder."""
    data, port = tmp_path_factory.mktemp("hallway"), free_port()
    environment = {
        name: value for name, value in os.environ.items() if not name.startswith(("HALLWAY_", "DJANGO_", "COV_"))
    }
    environment["PYTHONPATH"] = os.pathsep.join([str(plant_in(data, OFTEN)), str(ROOT)])
    log = (data / "server.log").open("wb")
    process = subprocess.Popen(
        [sys.executable, "-m", "hallway", "demo", "--port", str(port), "--data", str(data / "data")],
        cwd=ROOT, env=environment, stdout=log, stderr=subprocess.STDOUT,
    )  # fmt: skip
    server = Server(f"http://localhost:{port}", data / "data", process)
    try:
        wait_until_healthy(server.url, process)
        yield server
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
        log.close()


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """Debian's chromium, quiet and without a network of its own."""
    chromium = shutil.which("chromium")
    if chromium is None:
        pytest.skip("no chromium on this machine")
    flags = (
        "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
        "--disable-component-update --disable-sync --disable-dev-shm-usage"
    )
    return {**browser_type_launch_args, "executable_path": chromium, "args": flags.split()}


Visit = Callable[..., Page]


@pytest.fixture
def visit(browser: Browser, hallway: Server) -> Iterator[Visit]:
    """``visit("fr", "phone", path="/events/")`` opens a page of a fresh browser; any console message fails the test.

    ``as_`` is one of the demonstration's people (``organiser``, ``speaker``, ``attendee``), signed in by one click.
    """
    contexts, said = [], []

    def open_page(
        language: str = "en",
        size: str = "desk",
        *,
        path: str = "/",
        scheme: str = "light",
        as_: str = "",
        js: bool = True,
    ) -> Page:
        context = browser.new_context(
            viewport=SIZES[size],
            locale={"en": "en-GB", "fr": "fr-FR"}[language],
            color_scheme=scheme,
            has_touch=size == "phone",
            java_script_enabled=js,
            base_url=hallway.url,
            reduced_motion="reduce",
        )
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(10_000)

        def note(message: ConsoleMessage) -> None:
            if message.type in {"error", "warning"}:
                said.append(f"{page.url}: {message.text}")

        page.on("console", note)
        page.on("pageerror", lambda error: said.append(f"{page.url}: {error}"))
        if as_:
            answer = context.request.post(f"{hallway.url}/demo/sign-in/{as_}/", headers={"Origin": hallway.url})
            assert answer.ok, f"{answer.status} on signing in as {as_}"
        page.goto(path)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert not said, "the console said: " + "; ".join(said)


@pytest.fixture
def evening(hallway: Server, request: pytest.FixtureRequest) -> dict[str, Any]:
    """An evening of this test's own."""
    slug = "door-" + "".join(c if c.isalnum() else "-" for c in request.node.name.removeprefix("test_").lower())[-50:]
    return {"slug": slug, **open_evening(hallway.data, slug)}


Phones = Callable[..., Page]


@pytest.fixture
def phone(browser: Browser, hallway: Server) -> Iterator[Phones]:
    """A phone of its own, which may lose its network; that its browser complains of that is no fault."""
    contexts: list[BrowserContext] = []
    said: list[str] = []

    def fresh(path: str, language: str = "en", size: str = "phone", *, js: bool = True) -> Page:
        context = browser.new_context(
            viewport=SIZES[size], locale={"en": "en-GB", "fr": "fr-FR"}[language], base_url=hallway.url,
            reduced_motion="reduce", java_script_enabled=js,
        )  # fmt: skip
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(10_000)
        page.on("pageerror", lambda error: said.append(f"{page.url}: {error}"))
        page.goto(path)
        return page

    yield fresh
    for context in contexts:
        context.close()
    assert not said, said


def broken_rules(page: Page, **options: Any) -> AxeResults:
    """What axe finds. A page that was just then left for another is not looked at, but the one that comes."""
    engine, options = Axe(), {"resultTypes": ["violations"], **options}
    page.wait_for_load_state()
    try:
        return engine.run(page, options=options)
    except Error:
        page.wait_for_load_state()
        return engine.run(page, options=options)


@pytest.fixture(scope="session")
def axe() -> Callable[[Page], None]:
    """Asserts that axe finds nothing on a page, and that nothing scrolls sideways."""

    def check(page: Page) -> None:
        found = broken_rules(page)
        assert found.violations_count == 0, f"{page.url}\n{found.generate_report()}"
        wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wide <= 0, f"{page.url} scrolls sideways by {wide} px"

    return check


@pytest.fixture(scope="session")
def look(axe: Callable[[Page], None]) -> Callable[[Page], None]:
    """Asserts that axe finds nothing in light or dark, that nothing scrolls sideways, that the page is in form."""

    def check(page: Page) -> None:
        axe(page)
        is_light = page.evaluate("matchMedia('(prefers-color-scheme: light)').matches")
        page.emulate_media(color_scheme="dark" if is_light else "light")
        found = broken_rules(page, runOnly=["color-contrast"])  # the other scheme differs in colours only
        assert found.violations_count == 0, f"{page.url} in the other scheme\n{found.generate_report()}"
        in_form(page)

    return check


def in_form(page: Page, language: str = "") -> None:
    """One first heading, no id twice, and the language that was asked for."""
    found = page.evaluate(
        "(() => { const ids = [...document.querySelectorAll('[id]')].map(e => e.id);"
        " return { twice: ids.filter((id, n) => ids.indexOf(id) !== n), lang: document.documentElement.lang,"
        " headings: document.querySelectorAll('h1').length }; })()"
    )
    assert found["twice"] == [], f"{page.url} has an id twice: {found['twice']}"
    assert found["headings"] == 1, f"{page.url} has {found['headings']} first headings"
    assert found["lang"] in ({language} if language else {"en", "fr"}), f"{page.url} says it is in {found['lang']}"


def press(page: Page, name: str, *, most: int = 120) -> None:
    """Tab to a button or link, and press it by the keyboard."""
    tab_to(page, name, most=most)
    page.keyboard.press("Enter")


def tab_to(page: Page, name: str, *, most: int = 80) -> None:
    """Press Tab until the element one of whose lines begins so has the focus: a warning may name it further in."""
    for _ in range(most):
        page.keyboard.press("Tab")
        focused = page.evaluate(
            # The body has the focus when nothing has it, and the words of the whole page.
            "(() => { const e = document.activeElement; if (!e || e === document.body) return '';"
            " return e.getAttribute('aria-label')"
            " || (e.labels && e.labels[0] && e.labels[0].innerText) || e.innerText || e.value || ''; })()"
        )
        if any(line.strip().casefold().startswith(name.casefold()) for line in str(focused).splitlines()):
            return
    pytest.fail(f"{most} times Tab did not reach “{name}” on {page.url}")
