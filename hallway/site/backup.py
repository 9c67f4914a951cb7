"""One file with everything: the database, uploads and the secret key. Written while the server runs.

Works without Django, since a restore comes before there are settings to load: it reads HALLWAY_DATA and
HALLWAY_DATABASE_URL itself. The file is a .tar.gz of ``hallway.json`` (what it is), ``hallway.sqlite3`` or
``hallway.dump``, ``secret.key`` and ``media/``.
"""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import sqlite3
import subprocess
import tarfile
import tempfile
from contextlib import closing, suppress
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from io import BytesIO
from pathlib import Path, PurePosixPath
from typing import IO
from urllib.parse import unquote, urlsplit

from hallway.kit.refusal import Refusal

from .starting import LOCK, lock

DATABASE = "hallway.sqlite3"
DUMP = "hallway.dump"
KEY = "secret.key"
MEDIA = "media"
LABEL = "hallway.json"
SHAPE = 1


@dataclass(frozen=True)
class Place:
    """Where an instance keeps what is its own: the data folder, and PostgreSQL if the rows live there."""

    folder: Path
    database_url: str = ""

    @property
    def engine(self) -> str:
        return "postgresql" if self.database_url else "sqlite"


def place() -> Place:
    """The instance that the environment names."""
    folder = Path(os.environ.get("HALLWAY_DATA", "").strip() or "data").resolve()
    return Place(folder, os.environ.get("HALLWAY_DATABASE_URL", "").strip())


def write(source: Place, file: Path) -> None:
    """Write a backup into a new file. Refused when the file exists or there is nothing to back up."""
    if file.exists():
        raise Refusal("backup.exists", f"{file} exists already. Name a new file.")
    if source.engine == "sqlite" and not (source.folder / DATABASE).exists():
        raise Refusal("backup.nothing", f"There is no Hallway in {source.folder}. Name its data folder with --data.")
    with tempfile.TemporaryDirectory(prefix="hallway-backup-") as working:
        rows = _copy_rows(source, Path(working))
        part = file.with_name(f".{file.name}.part")
        try:
            with _create(part) as raw, tarfile.open(fileobj=raw, mode="w:gz") as archive:
                _add_label(archive, source)
                archive.add(rows, rows.name)
                for name in (KEY, MEDIA):
                    if (source.folder / name).exists():
                        archive.add(source.folder / name, name)
            part.rename(file)
        finally:
            part.unlink(missing_ok=True)


def restore(target: Place, file: Path, *, force: bool = False) -> None:
    """Bring a backup back, wholly or not at all. Refused over existing data without ``force``, or under a server."""
    target.folder.mkdir(parents=True, exist_ok=True)
    if not force and any(entry.name != LOCK for entry in target.folder.iterdir()):
        raise Refusal(
            "backup.not_empty", f"{target.folder} is not empty. Name another folder with --data, or add --force."
        )
    with lock(target.folder, fcntl.LOCK_EX) as free:
        if not free:
            raise Refusal("backup.serving", "Hallway serves from this folder. Stop it, then restore.")
        with tempfile.TemporaryDirectory(prefix=".restoring-", dir=target.folder) as working:
            unpacked = Path(working)
            _unpack(file, unpacked)
            _look_at(unpacked, target)
            if target.engine == "postgresql":
                _restore_dump(target, unpacked / DUMP)
            _move_in(unpacked, target)


def _create(file: Path) -> IO[bytes]:
    """A new file that only its owner can read: what is written holds addresses and the secret key."""
    return os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb")


def _copy_rows(source: Place, working: Path) -> Path:
    if source.engine == "postgresql":
        copy = working / DUMP
        _postgres(source, "pg_dump", "--format=custom", "--no-owner", f"--file={copy}")
        return copy
    copy = working / DATABASE
    # Copying the file would lose what still stands in its write-ahead log.
    with closing(sqlite3.connect(source.folder / DATABASE, timeout=30)) as connection:
        connection.execute("VACUUM INTO ?", (str(copy),))
    return copy


def _add_label(archive: tarfile.TarFile, source: Place) -> None:
    try:
        made_by = version("hallway")
    except PackageNotFoundError:
        made_by = ""
    text = json.dumps({"hallway": made_by, "engine": source.engine, "shape": SHAPE}).encode()
    entry = tarfile.TarInfo(LABEL)
    entry.size = len(text)
    archive.addfile(entry, BytesIO(text))


def _unpack(file: Path, folder: Path) -> None:
    """Write out the regular files that a backup holds; anything else in the archive is not ours."""
    try:
        with tarfile.open(file, mode="r:gz") as archive:
            for entry in archive:
                path = PurePosixPath(entry.name)
                ours = path.parts[:1] == (MEDIA,) or entry.name in {LABEL, DATABASE, DUMP, KEY}
                content = archive.extractfile(entry) if entry.isreg() else None
                if content is None or not ours or path.is_absolute() or ".." in path.parts:
                    continue
                goal = folder.joinpath(*path.parts)
                goal.parent.mkdir(parents=True, exist_ok=True)
                with _create(goal) as writable:
                    shutil.copyfileobj(content, writable)
    except (tarfile.TarError, EOFError, OSError) as error:
        raise Refusal("backup.unreadable", f"{file} cannot be read as a backup: {error}.") from error


def _look_at(unpacked: Path, target: Place) -> None:
    try:
        label = json.loads((unpacked / LABEL).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise Refusal("backup.foreign", "This file is not a backup of Hallway.") from error
    if label.get("shape") != SHAPE:
        raise Refusal("backup.newer", "This backup was written by another version. Restore it with that version.")
    if label.get("engine") != target.engine:
        names = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}
        raise Refusal(
            "backup.other_engine",
            f"This backup holds {names.get(label.get('engine'), 'another database')}, but the settings name "
            f"{names[target.engine]}. Set or remove HALLWAY_DATABASE_URL, then restore.",
        )
    if target.engine == "sqlite":
        with closing(sqlite3.connect(unpacked / DATABASE)) as connection:
            try:
                sound = connection.execute("PRAGMA quick_check").fetchone()[0] == "ok"
            except sqlite3.DatabaseError:
                sound = False
        if not sound:
            raise Refusal("backup.damaged", "The database in this backup is damaged. Take an older backup.")


def _move_in(unpacked: Path, target: Place) -> None:
    """Put what was unpacked in the place of what was there."""
    for name in (f"{DATABASE}-wal", f"{DATABASE}-shm"):
        (target.folder / name).unlink(missing_ok=True)
    for name in (DATABASE, KEY, MEDIA):
        old, new = target.folder / name, unpacked / name
        if old.is_dir():
            shutil.rmtree(old)
        else:
            with suppress(FileNotFoundError):
                old.unlink()
        if new.exists():
            new.rename(old)


def _restore_dump(target: Place, dump: Path) -> None:
    _postgres(target, "pg_restore", "--clean", "--if-exists", "--no-owner", "--single-transaction", str(dump))


def _postgres(instance: Place, program: str, *arguments: str) -> None:
    """Run one of PostgreSQL's programs; the address goes through the environment, where other users cannot read it."""
    found = shutil.which(program)
    if found is None:
        raise Refusal(
            "backup.no_program", f"{program} is missing. On Debian: apt-get install postgresql-client; then again."
        )
    parts = urlsplit(instance.database_url)
    address = {
        "PGHOST": unquote(parts.hostname or ""),
        "PGPORT": str(parts.port or ""),
        "PGUSER": unquote(parts.username or ""),
        "PGPASSWORD": unquote(parts.password or ""),
        "PGDATABASE": parts.path.lstrip("/"),
    }
    environment = {**os.environ, **{name: value for name, value in address.items() if value}}
    if program == "pg_restore":
        arguments = (f"--dbname={address['PGDATABASE']}", *arguments)
    done = subprocess.run([found, *arguments], env=environment, capture_output=True, text=True)  # noqa: S603 - our own arguments
    if done.returncode:
        reason = (done.stderr.strip().splitlines() or ["no reason given"])[-1]
        raise Refusal("backup.postgresql", f"{program} failed: {reason}.")
