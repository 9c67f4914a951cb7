"""Writes the lists of facts and panels in docs/map.md from the code: ``python -m tools.map [--write]``."""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
ASKED = re.compile(r"""\{%\s*panels\s+["']([\w.-]+)["']""")


def facts(root: Path) -> Iterator[str]:
    """One line a fact: its kind and the first line of its docstring."""
    for path in _modules(root, "facts"):
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.ClassDef) and (kind := _kind(node)):
                yield f"- `{kind}`: {(ast.get_docstring(node) or '').splitlines()[0]}"


def _kind(node: ast.ClassDef) -> str:
    for line in node.body:
        named = isinstance(line, ast.Assign) and any(isinstance(t, ast.Name) and t.id == "kind" for t in line.targets)
        if named and isinstance(line.value, ast.Constant):
            return str(line.value.value)
    return ""


def panels(root: Path) -> Iterator[str]:
    """One line a panel: its place, the templates that ask for it, and the packages that fill it."""
    asked: dict[str, set[str]] = {}
    filled: dict[str, set[str]] = {}
    for path in sorted((root / "hallway").rglob("templates/**/*.html")):
        for place in ASKED.findall(path.read_text(encoding="utf-8")):
            asked.setdefault(place, set()).add(path.as_posix().split("/templates/")[1])
    for path in _modules(root, "panels"):
        package = ".".join(path.relative_to(root / "hallway").with_suffix("").parts).removesuffix(".panels")
        for place in _places(ast.parse(path.read_text(encoding="utf-8"))):
            filled.setdefault(place, set()).add(package)
    for place in sorted(asked.keys() | filled.keys()):
        pages = ", ".join(sorted(asked.get(place, ()))) or "no page yet"
        packages = ", ".join(sorted(filled.get(place, ()))) or "nobody yet"
        yield f"- `{place}` on {pages}; filled by {packages}"


def _places(module: ast.Module) -> Iterator[str]:
    for node in ast.walk(module):
        if isinstance(node, ast.Call) and getattr(node.func, "id", getattr(node.func, "attr", "")) == "panel":
            yield from (str(first.value) for first in node.args[:1] if isinstance(first, ast.Constant))


def _modules(root: Path, name: str) -> list[Path]:
    found = [*(root / "hallway").rglob(f"{name}.py"), *(root / "hallway").rglob(f"{name}/*.py")]
    return sorted(path for path in found if path.parent.name not in {"kit", "migrations"})


def filled_in(text: str, root: Path) -> str:
    """The page with both lists as the code has them now."""
    for name, lines in (("facts", facts(root)), ("panels", panels(root))):
        begin, end = f"<!-- {name}: written by tools/map.py -->", f"<!-- end of {name} -->"
        listed = "\n".join(lines) or "None yet."
        if begin not in text or end not in text:
            raise ValueError(f"the page has no place for {name}: {begin} … {end}")
        text = f"{text.split(begin)[0]}{begin}\n{listed}\n{end}{text.split(end, 1)[1]}"
    return text


def main() -> int:
    page = ROOT / "docs" / "map.md"
    before = page.read_text(encoding="utf-8")
    after = filled_in(before, ROOT)
    if "--write" in sys.argv:
        page.write_text(after, encoding="utf-8")
        return 0
    return int(before != after)


if __name__ == "__main__":
    sys.exit(main())
