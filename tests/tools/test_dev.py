"""The one entry for people who work here, loaded as the program it is."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
from importlib.machinery import SourceFileLoader
from importlib.util import module_from_spec, spec_from_loader
from pathlib import Path
from typing import Any

import pytest

from tests.gates.tree import ROOT


@pytest.fixture
def dev(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Any:
    """The program, in a checkout whose path has a space in it."""
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    loader = SourceFileLoader("dev", str(ROOT / "dev"))
    spec = spec_from_loader("dev", loader)
    assert spec is not None
    module = module_from_spec(spec)
    loader.exec_module(module)
    root = tmp_path / "a checkout"
    (root / ".venv").mkdir(parents=True)
    (root / "pyproject.toml").write_text("[project]\n")
    (root / "constraints.txt").write_text("brotli==1.2.0\n")
    names = {"ROOT": root, "VENV": root / ".venv", "FILLED": root / ".venv" / "filled.json"}
    for name, value in names.items():
        monkeypatch.setattr(module, name, value)
    return module


def pip_that_notes(root: Path, exit_code: int = 0) -> Path:
    """A python whose pip only writes down how it was called."""
    program = root / "python"
    program.write_text(f'#!/bin/sh\necho "$PIP_CONSTRAINT|$*" >> "{root}/called"\nexit {exit_code}\n')
    program.chmod(0o755)
    return program


def test_fill_venv_installs_once_until_something_changes(dev: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dev, "PYTHON", pip_that_notes(dev.ROOT))
    called = dev.ROOT / "called"
    for extras in ([], ["test"], ["test"], []):
        dev.fill_venv(*extras)
    first, second = called.read_text().splitlines()
    assert first.endswith("-e .")
    assert second.endswith("-e .[test]")
    # pip takes a space in a path for the end of it; an address has none.
    assert first.startswith("file://")
    assert " " not in first.partition("|")[0]
    (dev.ROOT / "constraints.txt").write_text("brotli==1.2.1\n")
    dev.fill_venv("test")
    assert len(called.read_text().splitlines()) == 3
    assert json.loads(dev.FILLED.read_text())["extras"] == ["test"]


def test_fill_venv_says_so_when_pip_fails(
    dev: Any, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(dev, "PYTHON", pip_that_notes(dev.ROOT, exit_code=1))
    with pytest.raises(SystemExit):
        dev.fill_venv()
    assert "could not be installed" in capsys.readouterr().err
    assert not dev.FILLED.exists()


def test_bare_leaves_settings_of_an_instance_behind(dev: Any) -> None:
    given = {"PATH": "/bin", "HALLWAY_DATABASE_URL": "postgresql://real", "HALLWAY_SHARED": "/shared"}
    assert dev.bare(given) == {"PATH": "/bin", "HALLWAY_SHARED": "/shared"}


def test_free_port_takes_another_when_the_wanted_one_is_taken(dev: Any) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        taken = server.getsockname()[1]
        assert dev.free_port(taken) not in {0, taken}
    assert dev.free_port(taken) == taken


def test_debian_packages_without_rights_says_what_to_install(
    dev: Any, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    monkeypatch.setenv("PATH", "")
    assert dev.debian_packages(["chromium"], "browser journeys") is False
    assert "sudo apt-get install chromium" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("runs", "code", "said"),
    [
        ([(0, {"passed": 3, "skipped": 1}), (0, {"passed": 2})], 0, "5 passed, 1 skipped in"),
        ([(0, {"passed": 3}), (1, {"failed": 1})], 1, "1 failed, 3 passed in"),
        ([(0, {"passed": 3}), (3, {})], 3, "3 passed, 1 error in"),
        ([], 5, "no tests ran"),
    ],
)
def test_closing_line_counts_all_runs_together(
    runs: list[tuple[int, dict[str, int]]], code: int, said: str, dev: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    assert dev.closing_line(runs, 1.0) == code
    assert said in capsys.readouterr().out


def test_unknown_command_ends_in_usage() -> None:
    done = subprocess.run([sys.executable, ROOT / "dev", "tset"], capture_output=True, text=True)
    assert (done.returncode, "demo|test|check|bench|messages" in done.stderr) == (2, True)
