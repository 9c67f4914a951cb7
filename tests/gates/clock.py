"""One clock: kit.clock.now(). Whoever reads another cannot be moved by a test or a demonstration."""

from __future__ import annotations

import ast
from pathlib import Path

from .tree import name_of, parsed, python_files

# Where another clock is right, and why.
EXCEPTIONS = {
    "hallway/kit/clock.py": "it is the clock",
    "hallway/people/models.py": "Django's own machinery makes people, and passes no instant",
}
READERS = {("timezone", "now"), ("datetime", "now"), ("datetime", "today"), ("datetime", "utcnow"), ("date", "today")}


def violations(root: Path) -> list[str]:
    found = []
    for path in python_files(root, "hallway"):
        if name_of(path, root) in EXCEPTIONS or path.relative_to(root).parts[1] == "front":
            continue
        for node in ast.walk(parsed(path)):
            reads = isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name)
            if reads and (node.value.id, node.attr) in READERS:
                found.append(f"{name_of(path, root)}:{node.lineno}: reads the wall clock; ask kit.clock.now()")
    return found
