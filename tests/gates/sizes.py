"""Budgets: what a person can hold in their head at once."""

from __future__ import annotations

import ast
from pathlib import Path

from .tree import name_of, parsed, python_files, templates

FILE, FUNCTION, TEMPLATE = 400, 50, 120
# Larger on purpose: path (or path::function) and why.
EXCEPTIONS: dict[str, str] = {
    "tests/exchange/programmes.py::small_programme": "one programme with everything that a format can hold",
}


def violations(root: Path) -> list[str]:
    found = []
    for path in [*python_files(root), *([root / "dev"] if (root / "dev").exists() else [])]:
        name = name_of(path, root)
        if (lines := _lines(path)) > FILE and name not in EXCEPTIONS:
            found.append(f"{name}: {lines} lines, more than {FILE}")
        found += [
            f"{name}::{function.name}: {size} lines, more than {FUNCTION}"
            for function in ast.walk(parsed(path))
            if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef)
            and (size := (function.end_lineno or 0) - function.lineno + 1) > FUNCTION
            and f"{name}::{function.name}" not in EXCEPTIONS
        ]
    for path in templates(root):
        if (lines := _lines(path)) > TEMPLATE and name_of(path, root) not in EXCEPTIONS:
            found.append(f"{name_of(path, root)}: {lines} lines, more than {TEMPLATE}")
    return found


def _lines(path: Path) -> int:
    return len(path.read_text(encoding="utf-8").splitlines())
