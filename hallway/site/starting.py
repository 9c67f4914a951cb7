"""What has to hold before Hallway serves: sound settings, an up-to-date database, and no second server by mistake."""

from __future__ import annotations

import errno
import fcntl
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from hallway.kit.refusal import Refusal

LOCK = "serving.lock"


def set_up() -> None:
    """Load Django. Wrong settings become a refusal in one sentence."""
    import django
    from django.core.exceptions import ImproperlyConfigured

    try:
        django.setup()
    except (ImproperlyConfigured, ValueError) as error:
        raise Refusal("site.settings_wrong", f"The settings cannot be used: {error}.") from error


def refuse_taken_port(host: str, port: int) -> None:
    """Say at once that somebody listens there already, rather than after everything was made ready."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            if error.errno != errno.EADDRINUSE:
                raise
            raise Refusal(
                "site.port_taken",
                f"Something listens on port {port} of {host} already. Stop it, or name another port with --port.",
            ) from error


def bring_up_to_date() -> None:
    """Check the system and the database's tables, before anything is served."""
    from django.core.management import call_command
    from django.core.management.base import SystemCheckError

    try:
        call_command("check", fail_level="ERROR")
    except SystemCheckError as error:
        raise Refusal("site.check_failed", str(error)) from error
    prepare_tables()


def prepare_tables() -> None:
    """On SQLite make the database's tables or change them to what this version needs, elsewhere say what to run."""
    from django.core.management import call_command
    from django.db import OperationalError, connection
    from django.db.migrations.executor import MigrationExecutor

    try:
        executor = MigrationExecutor(connection)
    except OperationalError as error:
        raise Refusal("site.no_database", f"The database does not answer: {str(error).strip()}.") from error
    if not executor.migration_plan(executor.loader.graph.leaf_nodes()):
        return
    if connection.vendor != "sqlite":
        raise Refusal(
            "site.database_behind",
            "The database is older than this version of Hallway. Run: hallway manage migrate",
        )
    call_command("migrate", verbosity=0)


@contextmanager
def only_server(folder: Path | None = None) -> Iterator[None]:
    """Hold the data folder's lock while serving. Where Valkey joins the processes, any number may hold it."""
    from django.conf import settings

    mode = fcntl.LOCK_SH if settings.HALLWAY_VALKEY_URL else fcntl.LOCK_EX
    with lock(folder or settings.HALLWAY_DATA, mode) as got:
        if not got:
            raise Refusal(
                "site.already_serving",
                "Another Hallway serves from this data folder. Stop it, name another folder with --data, "
                "or set HALLWAY_VALKEY_URL to run several.",
            )
        yield


@contextmanager
def lock(folder: Path, mode: int) -> Iterator[bool]:
    """Try to take the lock of a data folder without waiting; gives whether it was free. Ends with the process."""
    folder.mkdir(parents=True, exist_ok=True)
    handle = os.open(folder / LOCK, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        try:
            fcntl.flock(handle, mode | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
        else:
            yield True
    finally:
        os.close(handle)
