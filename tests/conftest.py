"""What every test may ask for."""

from __future__ import annotations

import gc
import os
from collections.abc import Callable, Generator, Iterator
from contextlib import nullcontext
from datetime import UTC, datetime
from pathlib import Path

import coverage
import hypothesis
import pytest
from django.conf import settings
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.signals import connection_created
from django.dispatch import receiver
from django.utils import translation

from hallway.kit import remembered, sweeps

from .pages_last import is_watched, pages_come_last

ROOT = Path(__file__).resolve().parent.parent
LONG_WALKS = (
    "tests/matrix/", "tests/faults/test_hostile_forms.py", "tests/exchange/test_real_files.py", "tests/site/demo/",
)  # fmt: skip


# How long one example takes says something about the machine, nothing about the code.
hypothesis.settings.register_profile("hallway", deadline=None)
hypothesis.settings.load_profile("hallway")


def pytest_configure(config: pytest.Config) -> None:
    """Each worker has its own part of Valkey: one that clears its cache must not clear another's."""
    worker = os.environ.get("PYTEST_XDIST_WORKER", "")
    if worker and settings.HALLWAY_VALKEY_URL:
        settings.HALLWAY_VALKEY_URL = f"{settings.HALLWAY_VALKEY_URL.rstrip('/')}/{int(worker.removeprefix('gw')) + 1}"
        settings.CACHES["default"]["LOCATION"] = settings.HALLWAY_VALKEY_URL


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Whatever touches rows runs on PostgreSQL as well, but for long walks that ask nothing of the database itself.

    What is about the other database is left out rather than skipped: a skip says that something is missing.
    """
    other = "postgresql_only" if "sqlite" in settings.DATABASES["default"]["ENGINE"] else "sqlite_only"
    config.hook.pytest_deselected(items=[item for item in items if item.get_closest_marker(other)])
    items[:] = [item for item in items if not item.get_closest_marker(other)]
    for item in items:
        walk = item.path.relative_to(ROOT).as_posix().startswith(LONG_WALKS)
        if item.get_closest_marker("django_db") and not walk and not item.get_closest_marker("sqlite_only"):
            item.add_marker(pytest.mark.database)
        if item.get_closest_marker("fault") or (walk and "demo" not in item.path.parts):
            item.add_marker(pytest.mark.unmeasured)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None, None, None]:
    """Without coverage where it would take twice as long to walk over what has tests of its own.

    ``no_cover`` of pytest-cov stops one measurement; beside it a worker has two more, which then go on.
    """
    stopped = []
    while item.get_closest_marker("unmeasured") and (one := coverage.Coverage.current()):
        one.stop()
        stopped.append(one)
    try:
        yield
    finally:
        for one in reversed(stopped):
            one.start()


def pytest_collection_finish(session: pytest.Session) -> None:
    """What was loaded stays: the collector need not walk through it in each test, an eighth of the time of all."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 50, 100)


@receiver(connection_created)
def rows_in_no_order_come_reversed(connection: BaseDatabaseWrapper, **kwargs: object) -> None:
    """SQLite answers by row id where nothing orders: what leans on that fails here rather than now and then elsewhere.

    PostgreSQL gives an updated row another place, so the same question is answered in another order after it.
    """
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA reverse_unordered_selects = ON")


@pytest.fixture(scope="session")
def django_db_modify_db_settings_xdist_suffix() -> None:
    """Each worker has its own database: a file on SQLite, by a suffix on PostgreSQL.

    A file, as in production: SQLite's shared memory locks whole tables, and says so to a reader beside a writer.
    """
    worker = os.environ.get("PYTEST_XDIST_WORKER", "alone")
    database = settings.DATABASES["default"]
    if "sqlite" in database["ENGINE"]:
        database.setdefault("TEST", {})["NAME"] = str(settings.HALLWAY_DATA / f"test_{worker}.sqlite3")
    else:
        database.setdefault("TEST", {})["NAME"] = f"test_{database['NAME']}_{worker}"


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    """A test does not inherit the language of the page that the one before looked at."""
    with translation.override("en"):
        yield


@pytest.fixture(autouse=True)
def nothing_remembered() -> None:
    """A test does not inherit what the process worked out from the rows of the one before."""
    remembered.forget()


@pytest.fixture(autouse=True)
def pages_last(request: pytest.FixtureRequest) -> Iterator[None]:
    """Where actions and receivers are tested, none locks a row once it holds a page's revision."""
    with pages_come_last() if is_watched(request.path) else nullcontext():
        yield


@pytest.fixture(autouse=True, scope="session")
def deliveries_take_their_time() -> Iterator[None]:
    """On a busy machine one turn of a second would deliver a part of what a test waits for."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sweeps, "TURN_SECONDS", 60.0)
        yield


@pytest.fixture
def at() -> datetime:
    """The instant most tests act at."""
    return datetime(2026, 10, 8, 9, 0, tzinfo=UTC)


@pytest.fixture
def figure(record_property: Callable[[str, object], None]) -> Callable[[str], None]:
    """``figure("1,000 for 100 seats: 8.2 s")``: what a test measured, one line each at the end of the run."""
    return lambda line: record_property("figure", line)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print the figures of all tests, whichever process measured them."""
    reports = [one for found in terminalreporter.stats.values() for one in found if isinstance(one, pytest.TestReport)]
    said = [pair for one in reports if one.when == "call" for pair in one.user_properties if pair[0] == "figure"]
    if said:
        terminalreporter.section("figures")
        for _name, line in sorted(said):
            terminalreporter.write_line(str(line))


@pytest.fixture(scope="session")
def shared() -> Path:
    """Real input beside the checkout; tests on it are skipped where it is absent."""
    folder = Path(os.environ.get("HALLWAY_SHARED", ROOT.parent / "shared"))
    if not (folder / "data").is_dir():
        pytest.skip("no shared data beside this checkout")
    return folder / "data"
