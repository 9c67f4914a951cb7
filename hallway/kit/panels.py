"""Places on lower pages that higher packages fill: ``{% panels "event_about.below" event %}``.

A package's ``panels.py`` registers functions with :func:`panel`. Each gets the thing the page is about and the reader
(a person or None) and returns safe HTML, or an empty string to stay silent.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from typing import Any

PANELS: dict[str, list[tuple[int, Callable[..., str]]]] = defaultdict(list)


def panel(place: str, *, order: int = 50) -> Callable[[Callable[..., str]], Callable[..., str]]:
    """Register a function for a place; lower ``order`` comes first."""

    def register(function: Callable[..., str]) -> Callable[..., str]:
        PANELS[place].append((order, function))
        PANELS[place].sort(key=lambda entry: entry[0])
        return function

    return register


def fill(place: str, *things: Any, reader: Any = None, request: Any = None) -> list[str]:
    """What the higher packages have to say in this place, in order."""
    return [html for _, function in PANELS[place] if (html := function(*things, reader=reader, request=request))]
