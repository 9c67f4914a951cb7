"""Engines are pure: the same input gives the same output, today and tomorrow."""

from __future__ import annotations

import ast
from pathlib import Path

from .tree import name_of, parsed, python_files

OUTSIDE = {"django", "time", "random", "secrets", "uuid", "socket", "os", "subprocess", "threading"}
CLOCKS = {"now", "today", "utcnow"}


def violations(root: Path) -> list[str]:
    found = []
    for path in python_files(root, "hallway/engines"):
        for node in ast.walk(parsed(path)):
            modules = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            modules += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            found += [f"{name_of(path, root)}: imports {name}" for name in modules if _is_outside(name)]
            if isinstance(node, ast.Attribute) and node.attr in CLOCKS:
                found.append(f"{name_of(path, root)}:{node.lineno}: reads the clock; take the instant as an argument")
    return found


def _is_outside(module: str) -> bool:
    return module.split(".")[0] in OUTSIDE or (
        module.startswith("hallway.") and not module.startswith("hallway.engines")
    )
