from __future__ import annotations

import fcntl
import io
import os
import sqlite3
import tarfile
from contextlib import closing
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.db import connection, connections

from hallway.kit.models import InstanceValue
from hallway.kit.refusal import Refusal
from hallway.site import backup
from hallway.site.starting import lock


def instance(folder: Path) -> backup.Place:
    """A data folder with a row that still stands in the write-ahead log, an upload and a key."""
    (folder / "media" / "faces").mkdir(parents=True)
    (folder / "media" / "faces" / "bontle.webp").write_bytes(b"a picture")
    (folder / "secret.key").write_text("the key")
    return backup.Place(folder)


@pytest.fixture
def running(tmp_path: Path):
    """An instance whose database is open in another connection, as under a running server."""
    place = instance(tmp_path / "data")
    with closing(sqlite3.connect(place.folder / backup.DATABASE)) as server:
        server.execute("PRAGMA journal_mode=WAL")
        server.execute("CREATE TABLE talk (title TEXT)")
        server.execute("INSERT INTO talk VALUES ('Asyncio without fear')")
        server.commit()
        yield place


def everything(folder: Path) -> dict[str, object]:
    with closing(sqlite3.connect(folder / backup.DATABASE)) as connection:
        rows = connection.execute("SELECT title FROM talk").fetchall()
    files = {p.relative_to(folder).as_posix(): p.read_bytes() for p in (folder / "media").rglob("*") if p.is_file()}
    return {"rows": rows, "files": files, "key": (folder / "secret.key").read_text()}


def test_restore_brings_back_what_write_took_from_a_running_instance(running: backup.Place, tmp_path: Path) -> None:
    backup.write(running, tmp_path / "monday.tar.gz")
    target = backup.Place(tmp_path / "elsewhere")
    backup.restore(target, tmp_path / "monday.tar.gz")
    assert everything(target.folder) == everything(running.folder)
    assert everything(target.folder)["rows"] == [("Asyncio without fear",)]


def test_write_keeps_the_file_for_its_owner_alone(running: backup.Place, tmp_path: Path) -> None:
    backup.write(running, tmp_path / "monday.tar.gz")
    assert (tmp_path / "monday.tar.gz").stat().st_mode & 0o777 == 0o600


def test_write_refused_over_an_existing_file(running: backup.Place, tmp_path: Path) -> None:
    (tmp_path / "monday.tar.gz").write_text("last week")
    with pytest.raises(Refusal, match=r"backup\.exists"):
        backup.write(running, tmp_path / "monday.tar.gz")
    assert (tmp_path / "monday.tar.gz").read_text() == "last week"


def test_write_refused_without_a_database(tmp_path: Path) -> None:
    with pytest.raises(Refusal, match=r"backup\.nothing"):
        backup.write(backup.Place(tmp_path), tmp_path / "monday.tar.gz")


def test_restore_refused_over_existing_data_until_forced(running: backup.Place, tmp_path: Path) -> None:
    backup.write(running, tmp_path / "monday.tar.gz")
    target = instance(tmp_path / "used")
    (target.folder / "media" / "new.webp").write_bytes(b"later")
    with pytest.raises(Refusal, match=r"backup\.not_empty"):
        backup.restore(target, tmp_path / "monday.tar.gz")
    backup.restore(target, tmp_path / "monday.tar.gz", force=True)
    assert everything(target.folder) == everything(running.folder)


def test_restore_refused_under_a_running_server(running: backup.Place, tmp_path: Path) -> None:
    backup.write(running, tmp_path / "monday.tar.gz")
    with lock(tmp_path / "served", fcntl.LOCK_EX), pytest.raises(Refusal, match=r"backup\.serving"):
        backup.restore(backup.Place(tmp_path / "served"), tmp_path / "monday.tar.gz")


def test_restore_refused_for_a_backup_of_the_other_database(running: backup.Place, tmp_path: Path) -> None:
    backup.write(running, tmp_path / "monday.tar.gz")
    target = backup.Place(tmp_path / "elsewhere", "postgresql://hallway@localhost/hallway")
    with pytest.raises(Refusal, match=r"backup\.other_engine"):
        backup.restore(target, tmp_path / "monday.tar.gz")


@pytest.mark.parametrize(
    ("content", "code"), [(b"not an archive", "backup.unreadable"), (None, "backup.foreign")], ids=["noise", "foreign"]
)
def test_restore_refused_for_other_files(tmp_path: Path, content: bytes | None, code: str) -> None:
    file = tmp_path / "something.tar.gz"
    if content is None:
        with tarfile.open(file, "w:gz") as archive:
            entry = tarfile.TarInfo("../outside")
            entry.size = 3
            archive.addfile(entry, io.BytesIO(b"out"))
    else:
        file.write_bytes(content)
    with pytest.raises(Refusal, match=code.replace(".", r"\.")):
        backup.restore(backup.Place(tmp_path / "elsewhere"), file)
    assert not (tmp_path / "outside").exists()
    assert [entry.name for entry in (tmp_path / "elsewhere").iterdir()] == ["serving.lock"]


def test_restore_refused_for_a_damaged_database(running: backup.Place, tmp_path: Path) -> None:
    backup.write(running, tmp_path / "monday.tar.gz")
    with tarfile.open(tmp_path / "monday.tar.gz") as old, tarfile.open(tmp_path / "hurt.tar.gz", "w:gz") as new:
        for entry in old:
            content = old.extractfile(entry)
            body = content.read() if content else b""
            if entry.name == backup.DATABASE:
                body = b"no database".ljust(entry.size, b".")
            new.addfile(entry, io.BytesIO(body) if content else None)
    with pytest.raises(Refusal, match=r"backup\.damaged"):
        backup.restore(backup.Place(tmp_path / "elsewhere"), tmp_path / "hurt.tar.gz")


@pytest.mark.postgresql_only
@pytest.mark.django_db(transaction=True)
def test_restore_brings_back_postgresql(tmp_path: Path) -> None:
    url = urlsplit(os.environ["HALLWAY_DATABASE_URL"])._replace(path=f"/{connection.settings_dict['NAME']}").geturl()
    source = backup.Place(tmp_path / "data", url)
    InstanceValue.objects.create(key="site.name", value="Highveld")
    (tmp_path / "data").mkdir()
    backup.write(source, tmp_path / "monday.tar.gz")
    InstanceValue.objects.all().delete()
    connections.close_all()
    backup.restore(source, tmp_path / "monday.tar.gz", force=True)
    assert InstanceValue.objects.get(key="site.name").value == "Highveld"
