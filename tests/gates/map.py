"""docs/map.md names every package, fact and panel."""

from __future__ import annotations

from pathlib import Path

from tools.map import filled_in

from .tree import SHELVES_OF_PACKAGES


def violations(root: Path) -> list[str]:
    page = root / "docs" / "map.md"
    text = page.read_text(encoding="utf-8")
    found = [f"docs/map.md does not name hallway/{name}" for name in _packages(root) if f"`{name}`" not in text]
    try:
        listed = filled_in(text, root)
    except ValueError as error:
        return [*found, str(error)]
    stale = sorted(set(listed.splitlines()) ^ set(text.splitlines()))
    found += [f"docs/map.md: {line} (write it with: python -m tools.map --write)" for line in stale]
    return found


def _packages(root: Path) -> list[str]:
    names = []
    for path in sorted((root / "hallway").iterdir()):
        if not (path / "__init__.py").exists():
            continue
        inside = [entry.name for entry in sorted(path.iterdir()) if (entry / "__init__.py").exists()]
        names += [f"{path.name}/{name}" for name in inside] if path.name in SHELVES_OF_PACKAGES else [path.name]
    return names
