"""Every change is one named action: keyword-only, told who and when, and it announces what it did."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from .tree import action_modules, name_of, parsed, python_files

# module::function and why it announces nothing.
SILENT: dict[str, str] = {
    "hallway/gathering/events/actions/writing.py::write_about_event": "communities announces the message",
    "hallway/programme/schedule/actions/seats.py::settle_seats": "attendance announces what became of each list",
    "hallway/programme/talks/actions/talks.py::share_talks_in_bulk": "only talks just written by the same hand, told",
}
# module::function and why it takes no ``by`` or ``at``.
UNTOLD: dict[str, str] = {}


def violations(root: Path) -> list[str]:
    found = []
    for modules in _packages(root):
        announcing = _announcing({f.name: f for module in modules for f in _functions(module)})
        for module in modules:
            for function in _functions(module):
                where = f"{name_of(module, root)}::{function.name}"
                if _is_action(function, module):
                    found += [f"{where}: {fault}" for fault in _faults(function, where, announcing)]
    return found


def _packages(root: Path) -> Iterator[list[Path]]:
    """For each package the modules that hold its actions; a folder ``actions/`` counts as one."""
    names = action_modules()
    homes: dict[Path, list[Path]] = {}
    for path in python_files(root, "hallway"):
        if path.stem in names:
            homes.setdefault(path.parent, []).append(path)
        elif path.parent.name in names and path.name != "__init__.py":
            homes.setdefault(path.parent.parent, []).append(path)
    yield from (homes[home] for home in sorted(homes))


def _functions(module: Path) -> list[ast.FunctionDef]:
    return [node for node in parsed(module).body if isinstance(node, ast.FunctionDef)]


def _is_action(function: ast.FunctionDef, module: Path) -> bool:
    """Public functions are actions; in a folder, those that its ``__init__`` hands out."""
    if function.name.startswith("_"):
        return False
    door = module.parent / "__init__.py"
    if module.parent.name not in action_modules():
        return True
    imports = [node for node in parsed(door).body if isinstance(node, ast.ImportFrom)]
    return any(alias.name in {function.name, "*"} for node in imports for alias in node.names)


def _faults(function: ast.FunctionDef, where: str, announcing: set[str]) -> Iterator[str]:
    arguments = function.args
    if arguments.args or arguments.posonlyargs or arguments.vararg:
        yield "takes arguments by position; an action is called by names alone"
    given = {argument.arg for argument in arguments.kwonlyargs}
    if where not in UNTOLD:
        yield from (f"does not take “{name}”" for name in ("by", "at") if name not in given)
    if function.name not in announcing and where not in SILENT:
        yield "announces no fact, so no trail row, no page and no receiver hears of it"


def _announcing(functions: dict[str, ast.FunctionDef]) -> set[str]:
    """Functions that call ``announce``, or another of the package's that does."""
    calls = {name: set(_called(function)) for name, function in functions.items()}
    sure = {name for name, called in calls.items() if "announce" in called}
    while True:
        more = {name for name, called in calls.items() if called & sure} - sure
        if not more:
            return sure
        sure |= more


def _called(function: ast.FunctionDef) -> Iterator[str]:
    for node in ast.walk(function):
        if isinstance(node, ast.Call):
            if isinstance(node.func, ast.Name):
                yield node.func.id
            elif isinstance(node.func, ast.Attribute):
                yield node.func.attr
