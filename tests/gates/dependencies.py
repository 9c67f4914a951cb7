"""What Hallway builds on: each thing is used, has its reason beside it, and one exact version without an address."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from importlib.metadata import Distribution, distributions
from pathlib import Path

from packaging.specifiers import SpecifierSet

from .tree import python_files

# A dependency whose module has another name, or that is used by being there.
MODULES = {
    "django": "django", "django-allauth": "allauth", "argon2-cffi": "argon2", "django-csp": "csp",
    "markdown-it-py": "markdown_it", "linkify-it-py": "linkify", "python-dateutil": "dateutil", "Pillow": "PIL",
    "Babel": "babel", "factory-boy": "factory", "time-machine": "time_machine", "css-inline": "css_inline",
    "axe-playwright-python": "axe_playwright_python", "pytest-playwright": "playwright", "Sphinx": "sphinx",
    "myst-parser": "myst_parser", "import-linter": "importlinter", "zxing-cpp": "zxingcpp",
}  # fmt: skip
PRESENT = {
    "tzdata": "zoneinfo finds it by itself", "django-stubs": "mypy's plug-in", "types-defusedxml": "read by mypy",
    "lxml-stubs": "read by mypy", "pytest-xdist": "a plug-in", "pytest-django": "a plug-in", "pytest-cov": "a plug-in",
    "psycopg": "Django finds it by itself", "argon2-cffi": "Django's hasher finds it by itself",
}  # fmt: skip
OLDEST = "3.11.2"  # Debian 12's
NAME = re.compile(r"^\s*\"?(?P<name>[A-Za-z][\w.-]*)(?:\[[\w,]+\])?")
PINNED = re.compile(r"[A-Za-z][\w.-]*==[\w.!+-]+")


def violations(root: Path) -> list[str]:
    text = (root / "pyproject.toml").read_text(encoding="utf-8")
    project = tomllib.loads(text)["project"]
    asked = [*project["dependencies"], *(one for extra in project["optional-dependencies"].values() for one in extra)]
    names = [match["name"] for one in asked if (match := NAME.match(one)) and match["name"] != "hallway"]
    return [
        *_reasons(text, names),
        *_unused(root, text, names),
        *_versions(root, names),
        *too_new(root, distributions()),
    ]


def too_new(root: Path, installed: Iterable[Distribution]) -> list[str]:
    """What is pinned runs on the oldest Python we promise, not only on the one it was installed with."""
    pinned = {_folded(line) for line in (root / "constraints.txt").read_text(encoding="utf-8").split()}
    ours = [one for one in installed if _folded(f"{one.name}=={one.version}") in pinned]
    asks = ((one.name, one.version, one.metadata["Requires-Python"] or "") for one in ours)
    return [
        f"constraints.txt: {name} {version} does not run on Python {OLDEST}; take an older version"
        for name, version, wanted in asks
        if not SpecifierSet(wanted).contains(OLDEST)
    ]


def _reasons(text: str, names: list[str]) -> list[str]:
    lines = text.splitlines()
    found = []
    for name in names:
        if not any(f'"{name}' in line and "#" in line for line in lines):
            found.append(f"pyproject.toml: {name} gives no reason")
    return found


def _unused(root: Path, text: str, names: list[str]) -> list[str]:
    code = [path.read_text(encoding="utf-8") for path in python_files(root) if path.name != Path(__file__).name]
    code += [page.read_text(encoding="utf-8") for page in (root / "docs").glob("conf.py")]
    everything = "\n".join([*code, text.partition("[tool.")[2]])
    found = []
    for name in names:
        word = re.escape(MODULES.get(name, name))
        if name not in PRESENT and not re.search(rf"(?<![\w-]){word}\b", everything):
            found.append(f"pyproject.toml: nothing uses {name}")
    return found


def _versions(root: Path, names: list[str]) -> list[str]:
    lines = (root / "constraints.txt").read_text(encoding="utf-8").split()
    found = [f"constraints.txt: {line} is no exact version" for line in lines if not PINNED.fullmatch(line)]
    pinned = {_folded(line.partition("==")[0]) for line in lines}
    return found + [f"constraints.txt: no version of {name}" for name in names if _folded(name) not in pinned]


def _folded(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()
