"""Every setting stands in docs/operating.md, and nothing stands there that is none."""

from __future__ import annotations

import re
from pathlib import Path

from .tree import python_files

NAME = re.compile(r"""["'](HALLWAY_[A-Z][A-Z_]*[A-Z])["']""")
DOCUMENTED = re.compile(r"`(HALLWAY_[A-Z][A-Z_]*[A-Z])`")
# Composed while running, from the name of a sign-in site.
COMPOSED = re.compile(r"HALLWAY_(GITHUB|GITLAB|GOOGLE|OIDC)_CLIENT_(ID|SECRET)")


def violations(root: Path) -> list[str]:
    used = {name for path in python_files(root, "hallway") for name in NAME.findall(path.read_text(encoding="utf-8"))}
    used -= {"HALLWAY_DEMO"}  # worked out from HALLWAY_MODE, not read from the environment
    page = root / "docs" / "operating.md"
    documented = set(DOCUMENTED.findall(page.read_text(encoding="utf-8"))) if page.exists() else set()
    missing = [f"docs/operating.md does not name {name}" for name in sorted(used - documented)]
    surplus = sorted(name for name in documented - used if not COMPOSED.fullmatch(name))
    return [*missing, *(f"docs/operating.md names {name}, which nothing reads" for name in surplus)]
