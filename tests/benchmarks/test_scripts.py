"""What the benches run inside an instance is text to every other check: its imports are looked at here."""

from __future__ import annotations

import ast
import importlib
from collections.abc import Iterator
from pathlib import Path

import pytest

BENCHES = sorted((Path(__file__).resolve().parents[2] / "benchmarks").glob("*.py"))


def scripts_in(bench: str) -> Iterator[ast.Module]:
    """The texts of a bench that are Python and import something."""
    for node in ast.walk(ast.parse(bench)):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and "import " in node.value:
            try:
                yield ast.parse(node.value.replace("%d", "1").replace("%r", "''"))
            except SyntaxError:
                continue


def lost_names(bench: str) -> list[str]:
    """What its scripts import from Hallway and is not there any more."""
    return [
        f"{node.module}.{name.name}"
        for script in scripts_in(bench)
        for node in ast.walk(script)
        if isinstance(node, ast.ImportFrom) and str(node.module).startswith("hallway")
        for name in node.names
        if not hasattr(importlib.import_module(str(node.module)), name.name)
    ]


@pytest.mark.parametrize("bench", BENCHES, ids=lambda path: path.stem)
def test_scripts_of_a_bench_import_what_is_there(bench: Path) -> None:
    assert lost_names(bench.read_text(encoding="utf-8")) == []


def test_what_moved_away_is_seen() -> None:
    planted = 'PREPARE = """\nfrom hallway.kit.links import token_of, moved_away\nprint(range(%d))\n"""'
    assert len(list(scripts_in(planted))) == 1
    assert lost_names(planted) == ["hallway.kit.links.moved_away"]
