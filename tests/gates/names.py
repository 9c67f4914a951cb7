"""Names say what a thing is, and a test stands where its module stands."""

from __future__ import annotations

from pathlib import Path

from .tree import name_of, python_files

EMPTY = {"utils", "util", "helpers", "helper", "common", "core", "base", "misc", "manager", "managers", "service"}
EMPTY |= {"services", "data", "info"}
# Otherwise named on purpose, and why.
EXCEPTIONS = {
    "hallway/kit/sqlite/base.py": "Django looks for a database backend under this name",
    "tests/exchange/test_real_files.py": "readers and writers together against what other tools really wrote",
    "tests/kit/test_style.py": "the style sheet, which is no module",
    "tests/exchange/test_hostile_input.py": "every reader of the package against the same hostile files",
}
# Folders of tests that mirror nothing: they test the whole, or are what tests are made of.
WHOLE = {"journeys", "faults", "matrix", "factories", "gates", "tools", "fixtures", "benchmarks"}


def violations(root: Path) -> list[str]:
    return [*_empty_names(root), *_tests_without_module(root)]


def _empty_names(root: Path) -> list[str]:
    found = []
    for path in python_files(root):
        if name_of(path, root) in EXCEPTIONS:
            continue
        words = {path.stem, path.parent.name} if path.name == "__init__.py" else {path.stem}
        found += [f"{name_of(path, root)}: “{word}” says nothing; name what it is" for word in words & EMPTY]
    return found


def _tests_without_module(root: Path) -> list[str]:
    found = []
    for path in python_files(root, "tests"):
        inside = path.relative_to(root / "tests")
        if (
            name_of(path, root) in EXCEPTIONS
            or not path.name.startswith("test_")
            or len(inside.parts) == 1
            or inside.parts[0] in WHOLE
        ):
            continue
        folder = root / "hallway" / inside.parent
        subject = path.stem.removeprefix("test_")
        if not _is_about_a_module(folder, subject):
            found.append(f"{name_of(path, root)}: there is no {name_of(folder, root)}/{subject}.py it could be about")
    return found


def _is_about_a_module(folder: Path, subject: str) -> bool:
    """``test_actions``, ``test_actions_joining``, and ``test_joining`` for ``actions/joining.py``."""
    words = subject.split("_")
    heads = {"_".join(words[:n]) for n in range(1, len(words) + 1)}
    modules = {entry.stem for pattern in ("*", "*/*.py") for entry in folder.glob(pattern)}
    return bool(heads & modules)
