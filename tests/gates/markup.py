"""The content policy allows no inline style or script, and only the kit may call a text safe."""

from __future__ import annotations

import re
from pathlib import Path

from .tree import name_of, package_of, python_files, templates

FORBIDDEN = {
    r"<[a-zA-Z][^>]*\sstyle\s*=": "a style attribute; use a class",
    r"<style[\s>]": "a style element; put it into a style sheet",
    r"<script(?![^>]*\ssrc=)[^>]*>(?!\s*</script>)": "a script without src; write an ES module in static/",
    r"<[a-zA-Z][^>]*\son[a-z]+\s*=": "an on… attribute; listen in an ES module",
    r"javascript:": "a javascript: address",
    r"\|\s*safe\b": "the filter “safe”; text becomes HTML in kit/text.py alone",
    r"\{%\s*autoescape\s+off": "escaping switched off",
}
# Data for programs, not a script: the browser never runs it.
DATA = re.compile(r'<script[^>]*type="application/(ld\+json|json)"[^>]*>')
TRUST = re.compile(r"\b(mark_safe|SafeString|SafeText)\s*\(")


def violations(root: Path) -> list[str]:
    found = []
    for path in templates(root):
        text = DATA.sub("", path.read_text(encoding="utf-8"))
        if path.suffix != ".html":
            continue
        found += [
            f"{name_of(path, root)}:{text.count(chr(10), 0, match.start()) + 1}: {why}"
            for pattern, why in FORBIDDEN.items()
            for match in re.finditer(pattern, text)
            if not _may(path, root, pattern)
        ]
    for path in python_files(root, "hallway"):
        if package_of(path, root) != "kit" and TRUST.search(path.read_text(encoding="utf-8")):
            found.append(f"{name_of(path, root)}: marks text as safe; only hallway/kit may")
    return found


def _may(path: Path, root: Path, pattern: str) -> bool:
    """The kit may call its own HTML safe; letters carry their style, since mail programs load no style sheets."""
    if "safe" in pattern or "autoescape" in pattern:
        return package_of(path, root) == "kit"
    is_letter = path.name == "mail.html" or path.with_name(f"{path.stem}.subject.txt").exists()
    return is_letter and "style" in pattern
