from __future__ import annotations

import argparse
import json
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from hallway.exchange import frab_xml
from hallway.kit.models import Delivery
from hallway.site import cli, starting
from tests.exchange.programmes import small_programme

ROOT = Path(__file__).resolve().parents[2]


def hallway(*arguments: str, data: Path, **more: str) -> subprocess.CompletedProcess[str]:
    """Run the command as a person does, in a process and a data folder of its own."""
    command = [sys.executable, "-m", "hallway", *arguments]
    return subprocess.run(command, env=environment(data, **more), capture_output=True, text=True, timeout=60)


def environment(data: Path, **more: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("HALLWAY_", "COV_", "PYTEST_"))}
    return {**kept, "PYTHONPATH": str(ROOT), "HALLWAY_DATA": str(data), **more}


def test_help_names_every_command(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as end:
        cli.main(["--help"])
    said = capsys.readouterr().out
    assert end.value.code == 0
    assert [name for name in cli.OURS if name not in said] == []


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["serv"],
        ["serve", "--port", "70000"],
        ["import", "schedule.xml"],
        ["export", "jacaranda", "--format", "pdf"],
        ["backup"],
    ],
    ids=" ".join,
)
def test_main_refuses_wrong_arguments_in_one_sentence(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as end:
        cli.main(arguments)
    said = capsys.readouterr()
    assert end.value.code == 2
    assert (said.out, said.err.count("\n")) == ("", 1)


def test_import_reads_the_arguments_of_the_handles() -> None:
    args = cli.parser().parse_args(
        ["import", "s.xml", "--community", "highveld", "--zone", "Africa/Johannesburg", "--dry-run", "--json"]
    )
    assert (args.file, args.community, args.zone, args.dry_run, args.json) == (
        "s.xml", "highveld", "Africa/Johannesburg", True, True,
    )  # fmt: skip


def test_export_reads_the_arguments_of_the_handles() -> None:
    args = cli.parser().parse_args(["export", "jacaranda", "--format", "frab-xml", "-o", "s.xml"])
    assert (args.event, args.format, args.output) == ("jacaranda", "frab-xml", "s.xml")


def test_import_and_export_work_before_the_first_start(tmp_path: Path) -> None:
    file = tmp_path / "talks.csv"
    file.write_text("title,start,end\nOpening,2026-10-08 09:00,2026-10-08 10:00\n")
    done = hallway("import", str(file), "--community", "first-one", "--json", data=tmp_path / "data")
    assert (done.returncode, done.stderr) == (0, "")
    assert json.loads(done.stdout)["sessions"] == 1
    done = hallway("export", "talks", "--format", "ical", data=tmp_path / "data")
    assert (done.returncode, "SUMMARY:Opening" in done.stdout) == (0, True)


def test_backup_refuses_in_one_sentence_where_there_is_nothing(tmp_path: Path) -> None:
    done = hallway("backup", str(tmp_path / "monday.tar.gz"), data=tmp_path / "data")
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)
    assert "There is no Hallway" in done.stderr


def test_backup_and_restore_name_the_data_folder(tmp_path: Path) -> None:
    assert hallway("migrate", "-v0", data=tmp_path / "data").returncode == 0
    assert hallway("backup", str(tmp_path / "monday.tar.gz"), data=tmp_path / "data").returncode == 0
    done = hallway(
        "restore", str(tmp_path / "monday.tar.gz"), "--data", str(tmp_path / "other"), data=tmp_path / "data"
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert hallway("migrate", "--check", data=tmp_path / "other").returncode == 0


def test_manage_passes_to_django(tmp_path: Path) -> None:
    assert hallway("manage", "check", data=tmp_path).stdout.startswith("System check identified")


def test_serve_refuses_wrong_settings_in_one_sentence(tmp_path: Path) -> None:
    done = hallway("serve", data=tmp_path, HALLWAY_SMTP_PORT="post")
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)


def test_serve_refuses_a_second_server_without_valkey(tmp_path: Path) -> None:
    with starting.only_server(tmp_path):
        done = hallway("serve", "--port", "0", data=tmp_path)
    assert (done.returncode, done.stderr.count("\n"), "HALLWAY_VALKEY_URL" in done.stderr) == (2, 1, True)


@pytest.mark.parametrize("command", ["serve", "demo"])
def test_taken_port_is_refused_in_one_sentence_before_anything_is_made(command: str, tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        done = hallway(command, "--port", str(server.getsockname()[1]), data=tmp_path / "data")
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)
    assert not (tmp_path / "data").exists()


def wait_until_it_works(process: subprocess.Popen[bytes], data: Path) -> None:
    """Until it has the database open: then its loop runs and it listens to signals."""
    database = str(data / "hallway.sqlite3")
    for _ in range(600):
        assert process.poll() is None
        if database in {str(entry.readlink()) for entry in Path(f"/proc/{process.pid}/fd").iterdir() if entry.exists()}:
            return
        time.sleep(0.1)
    pytest.fail("it never began to work")


def test_work_ends_on_sigterm(tmp_path: Path) -> None:
    assert hallway("migrate", "-v0", data=tmp_path).returncode == 0
    worker = subprocess.Popen([sys.executable, "-m", "hallway", "work"], env=environment(tmp_path))
    try:
        wait_until_it_works(worker, tmp_path)
        worker.send_signal(signal.SIGTERM)
        assert worker.wait(timeout=10) == 0
    finally:
        if worker.poll() is None:
            worker.kill()
            worker.wait()


# --- in this process, on the tests' database
@pytest.mark.django_db
def test_main_imports_exports_and_works(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file, out = tmp_path / "s.xml", tmp_path / "out.xml"
    file.write_bytes(frab_xml.write(small_programme()))
    assert cli.main(["import", str(file), "--community", "highveld", "--zone", "Europe/Paris", "--json"]) == 0
    event = json.loads(capsys.readouterr().out)["event"]
    assert cli.main(["export", event, "--format", "frab-xml", "-o", str(out)]) == 0
    assert b"<schedule" in out.read_bytes()
    assert cli.main(["work", "--once"]) == 0
    assert not Delivery.objects.filter(done_at=None).exists()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["import", "gone.xml", "--community", "highveld"], "gone.xml"),
        (["export", "nowhere", "--format", "csv"], "nowhere"),
        pytest.param(["backup", "/nowhere/at/all.tar.gz"], "There is no Hallway", marks=pytest.mark.sqlite_only),
        (["restore", "gone.tar.gz"], "gone.tar.gz"),
    ],
    ids=lambda value: value[0] if isinstance(value, list) else "",
)
def test_main_says_in_one_sentence_what_went_wrong(
    arguments: list[str], said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("HALLWAY_DATA", str(tmp_path))
    if arguments[0] in {"backup", "restore"}:
        arguments = [*arguments, "--data", str(tmp_path / "data")]
    assert cli.main(arguments) == 2
    err = capsys.readouterr().err
    assert (said in err, err.count("\n")) == (True, 1)


@pytest.mark.parametrize("arguments", [["manage", "check"], ["check"]], ids=" ".join)
def test_main_passes_to_django(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(arguments) == 0
    assert capsys.readouterr().out.startswith("System check identified no issues")


def test_main_ended_by_hand_is_no_error(monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(args: argparse.Namespace) -> int:
        raise KeyboardInterrupt

    monkeypatch.setitem(cli.HANDLERS, "work", interrupted)
    assert cli.main(["work"]) == 130
