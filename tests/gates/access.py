"""Every page declares who may open it, which also stops the start (hallway/site/checks.py), by a rule that is asked."""

from __future__ import annotations

import re
from pathlib import Path

from django.urls import URLResolver, get_resolver

from hallway.site.checks import without_rule

from .tree import name_of, python_files

RULED = re.compile(r"""access\.ruled\(["'](\w+)["']\)""")


def violations(root: Path, resolver: URLResolver | None = None) -> list[str]:
    found = [f"{view}: declare a rule of kit.access" for view in without_rule(resolver or get_resolver())]
    return [*found, *_never_asked(root)]


def _never_asked(root: Path) -> list[str]:
    """A rule is a policy, or ``visible_to``, that some code of ours calls: a name alone keeps nobody out."""
    code = {path: path.read_text(encoding="utf-8") for path in python_files(root, "hallway")}
    everything = "\n".join(code.values())
    return [
        f"{name_of(path, root)}: “{rule}” is declared and never asked"
        for path, text in code.items()
        for rule in sorted(set(RULED.findall(text)))
        if not re.search(rf"(?<!def )\b{rule}\(", everything)
    ]
