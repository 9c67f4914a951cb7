"""Walks over a tree of Hallway: its files, its packages and their order."""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
CODE = ("hallway", "tests", "tools", "benchmarks")
SHELVES_OF_PACKAGES = {"gathering", "programme", "learning", "sharing", "networking", "collaboration"}


def python_files(root: Path, *folders: str) -> Iterator[Path]:
    """Every Python file of these folders, migrations left out."""
    for folder in folders or CODE:
        for path in sorted((root / folder).rglob("*.py")):
            if "migrations" not in path.parts and "__pycache__" not in path.parts:
                yield path


def templates(root: Path) -> Iterator[Path]:
    """Every template: pages, fragments and letters."""
    yield from sorted(
        path for path in (root / "hallway").rglob("templates/**/*") if path.suffix in {".html", ".txt", ".xml", ".svg"}
    )


def name_of(path: Path, root: Path) -> str:
    """The path as people say it."""
    return path.relative_to(root).as_posix()


def parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), filename=str(path))


def package_of(path: Path, root: Path) -> str:
    """``gathering.events`` for everything below hallway/gathering/events, ``kit`` for everything below hallway/kit."""
    return package_of_module(".".join(path.relative_to(root).parts))


def package_of_module(dotted: str) -> str:
    """The package a dotted name under ``hallway`` belongs to; an empty text for names of others."""
    parts = dotted.split(".")
    if parts[0] != "hallway" or len(parts) < 2:
        return ""
    deep = parts[1] in SHELVES_OF_PACKAGES and len(parts) > 2
    return ".".join(parts[1:3]) if deep else parts[1]


@cache
def height() -> dict[str, int]:
    """How high each package stands, as the contracts in pyproject.toml say: a higher one may name a lower one."""
    lines = _shelves()
    heights: dict[str, int] = {}
    for line in reversed(lines):
        for name in line:
            inner = [inside for group in reversed(_layers(f"hallway.{name}")) for inside in group]
            for at, inside in enumerate(inner):
                heights[f"{name}.{inside}"] = len(heights) * 100 + at
            heights[name] = len(heights) * 100
    return heights


def _shelves() -> list[list[str]]:
    return _layers("hallway")


@cache
def _contracts() -> list[dict[str, object]]:
    with (ROOT / "pyproject.toml").open("rb") as file:
        contracts: list[dict[str, object]] = tomllib.load(file)["tool"]["importlinter"]["contracts"]
    return contracts


def _layers(container: str) -> list[list[str]]:
    """The layers of one container, highest first, each as a list of names."""
    if container.split(".")[-1] not in {"hallway", *SHELVES_OF_PACKAGES}:
        return []
    for contract in _contracts():
        if contract["type"] == "layers" and contract.get("containers") == [container]:
            return [re.findall(r"\w+", line) for line in contract["layers"]]
    return []


def action_modules() -> set[str]:
    """``actions``, and what stands beside it in the contract because it holds actions too."""
    for contract in _contracts():
        for line in contract.get("layers", ()):
            names = re.findall(r"\w+", line)
            if "actions" in names and len(names) > 1:
                return set(names)
    return {"actions"}
