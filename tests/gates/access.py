"""Every page declares who may open it. The same check stops the start (hallway/site/checks.py)."""

from __future__ import annotations

from pathlib import Path

from django.urls import URLResolver, get_resolver

from hallway.site.checks import without_rule


def violations(root: Path, resolver: URLResolver | None = None) -> list[str]:
    return [f"{view}: declare a rule of kit.access" for view in without_rule(resolver or get_resolver())]
