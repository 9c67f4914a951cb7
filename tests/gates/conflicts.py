"""No file holds what a merge left open."""

from __future__ import annotations

import re
from pathlib import Path

from .tree import name_of

MARK = re.compile(rb"^(?:<{7} |>{7} |={7}$)", re.MULTILINE)
FOLDERS = ("hallway", "tests", "tools", "benchmarks", "docs")
ENDINGS = {".py", ".html", ".txt", ".po", ".md", ".css", ".js", ".json", ".xml", ".svg", ".csv", ".toml"}


def violations(root: Path) -> list[str]:
    files = [*root.glob("*"), *(path for folder in FOLDERS for path in (root / folder).rglob("*"))]
    found = []
    for path in sorted(files):
        if not path.is_file() or not (path.suffix in ENDINGS or path.name == "dev") or "_build" in path.parts:
            continue
        if match := MARK.search(text := path.read_bytes()):
            line = text.count(b"\n", 0, match.start()) + 1
            found.append(f"{name_of(path, root)}:{line}: a merge was left open here")
    return found
