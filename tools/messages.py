"""Collects the texts of templates and code into the catalogues: ``python -m tools.messages [--check]``.

Without places in the code and sorted, so that two people who add texts seldom meet in the same line.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po

ROOT = Path(__file__).resolve().parents[1]
LANGUAGES = ("en", "fr")
FILE = Path("LC_MESSAGES", "django.po")


def collect(package: Path) -> None:
    """Bring both catalogues of a package folder up to date. Entries whose text is gone are dropped."""
    locale = package / "locale"
    locale.mkdir(exist_ok=True)
    languages = [part for language in LANGUAGES for part in ("--locale", language)]
    command = [sys.executable, "-m", "django", "makemessages", *languages, "--no-location", "--no-obsolete"]
    subprocess.run([*command, "--extension", "html,txt,py", "--verbosity", "0"], cwd=package, env=_bare(), check=True)
    for language in LANGUAGES:
        path = locale / language / FILE
        subprocess.run(["msgcat", "--sort-output", "--no-location", "--output-file", path, path], check=True)
        path.write_text(_without_dates(path.read_text(encoding="utf-8")), encoding="utf-8")


def _bare() -> dict[str, str]:
    """Without our settings, Django collects into ``./locale`` of the folder it runs in."""
    return {name: value for name, value in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"}


def _without_dates(text: str) -> str:
    """Dates in headers only make two branches differ."""
    return "\n".join(line for line in text.split("\n") if not line.startswith(('"POT-Creation', '"PO-Revision')))


def missing(root: Path) -> list[str]:
    """Texts of the code that the French catalogue lacks, and entries whose text is gone, without changing anything."""
    with tempfile.TemporaryDirectory(prefix="hallway-messages-") as folder:
        copy = Path(folder) / "hallway"
        shutil.copytree(root / "hallway", copy, ignore=shutil.ignore_patterns("static", "__pycache__", "*.mo"))
        (copy / "locale" / "fr" / FILE).parent.mkdir(parents=True, exist_ok=True)
        before = _texts(root / "hallway" / "locale" / "fr" / FILE)
        collect(copy)
        after = _texts(copy / "locale" / "fr" / FILE)
    said = [f"fr: not in the catalogue: {text!r} (./dev messages)" for text in sorted(after - before)]
    return [*said, *(f"fr: nothing says this any more: {text!r} (./dev messages)" for text in sorted(before - after))]


def _texts(path: Path) -> set[str]:
    if not path.exists():
        return set()
    with path.open("rb") as file:
        catalogue: Catalog = read_po(file)
    return {entry.id if isinstance(entry.id, str) else entry.id[0] for entry in catalogue if entry.id}


def main() -> int:
    if "--check" not in sys.argv:
        collect(ROOT / "hallway")
        return 0
    found = missing(ROOT)
    print(*found, sep="\n")
    return int(bool(found))


if __name__ == "__main__":
    sys.exit(main())
