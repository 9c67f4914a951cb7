"""A checker is told to look away in one place, from one thing, and with the reason beside it."""

from __future__ import annotations

import io
import re
import tokenize
from collections.abc import Iterator
from pathlib import Path

from .tree import name_of, python_files

AWAY = re.compile(r"(?:type: ignore|noqa|pragma:?)(?P<what>\[[\w, -]+\]|: [A-Z]+\d+(?:, [A-Z]+\d+)*)?(?P<rest>.*)")
REASON = re.compile(r"\s+(?:-|#)\s\S.*")


def violations(root: Path) -> list[str]:
    found = []
    for path in [*python_files(root), *([root / "dev"] if (root / "dev").exists() else [])]:
        typed = path.is_relative_to(root / "hallway")
        for line, comment in comments(path.read_text(encoding="utf-8")):
            found += [f"{name_of(path, root)}:{line}: {fault}" for fault in _faults(comment, typed)]
    return found


def comments(source: str) -> Iterator[tuple[int, str]]:
    """Each comment of a file with its line."""
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type == tokenize.COMMENT:
            yield token.start[0], token.string


def _faults(comment: str, typed: bool) -> Iterator[str]:
    match = AWAY.search(comment)
    if match is None:
        return
    if not typed and "type:" in comment:
        yield f"“{comment}”: types are checked in hallway alone; take it out"
    elif not match["what"]:
        yield f"“{comment}” looks away from everything; name the one rule"
    elif not REASON.fullmatch(match["rest"]):
        yield f"“{comment}” gives no reason; write it behind a dash"
