"""What ``./dev check`` runs: every static gate, one line each, and the output of those that are red."""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from importlib.util import find_spec
from pathlib import Path
from shutil import which

ROOT = Path(__file__).resolve().parents[1]
MOST = 60
BESIDE = Path(sys.executable).parent


def gates(folder: str) -> dict[str, list[str]]:
    """Name and command of each gate. ``folder`` takes what a gate writes."""
    python = sys.executable
    pages = sorted(path.relative_to(ROOT).as_posix() for path in (ROOT / "hallway").rglob("templates/**/*.html"))
    commands = {
        "style (ruff check)": [f"{BESIDE}/ruff", "check", "--quiet", "."],
        "layout (ruff format)": [f"{BESIDE}/ruff", "format", "--check", "--quiet", "."],
        "templates (djade)": [f"{BESIDE}/djade", "--target-version", "5.2", "--check", *pages],
        "types (mypy --strict)": [f"{BESIDE}/mypy", "--no-error-summary"],
        "layers (import-linter)": [f"{BESIDE}/lint-imports", "--no-logo"],
        "migrations (makemigrations)": [python, "-m", "hallway", "makemigrations", "--check", "--dry-run", "-v", "1"],
        "system check (Django)": [python, "-m", "hallway", "check", "--fail-level", "WARNING"],
        "repository (gates)": [python, "-m", "pytest", "-q", "-p", "no:cacheprovider", "tests/test_repository.py"],
    }
    if which("xgettext"):
        commands["French (catalogue)"] = [python, "-m", "tools.messages", "--check"]
    if find_spec("furo"):
        commands["documentation (Sphinx)"] = [python, "-m", "sphinx", "-W", "-q", "-b", "html", "docs", folder]
    return commands


def _shown(lines: list[str]) -> str:
    more = [f"… and {len(lines) - MOST} lines more"] if len(lines) > MOST else []
    return "\n".join(f"      {line}" for line in [*more, *lines[-MOST:]])


def main() -> int:
    begun = time.monotonic()
    red = 0
    with tempfile.TemporaryDirectory(prefix="hallway-docs-") as folder:
        commands = gates(folder)
        for name, command in commands.items():
            start = time.monotonic()
            done = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
            red += bool(done.returncode)
            print(f"{'red  ' if done.returncode else 'green'} {name} {time.monotonic() - start:.1f}s", flush=True)
            if done.returncode:
                print(_shown(done.stdout.strip().splitlines()), flush=True)
    missing = [] if which("xgettext") else ["French (xgettext is not installed)"]
    print(*(f"skipped {name}" for name in missing), sep="\n", end="\n" if missing else "")
    print(f"{len(commands) - red} green, {red} red in {time.monotonic() - begun:.1f}s")
    return int(bool(red))


if __name__ == "__main__":
    sys.exit(main())
