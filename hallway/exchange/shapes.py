"""Picking values out of foreign JSON, where anything may be missing or of another type."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def mapping(value: object) -> Mapping[str, Any]:
    """The value when it is an object, else an empty one."""
    return value if isinstance(value, dict) else {}


def listing(value: object) -> list[Any]:
    """The value when it is a list, the values of an object, else an empty list."""
    if isinstance(value, dict):
        return list(value.values())
    return value if isinstance(value, list) else []


def objects(value: object) -> list[Mapping[str, Any]]:
    """The objects in a list (or in an object's values)."""
    return [item for item in listing(value) if isinstance(item, dict)]


def strays(value: object) -> list[str]:
    """What stands in a list of objects and is none, as text."""
    return [str(item) for item in listing(value) if not isinstance(item, dict)]


def words(value: object) -> str:
    """A text; of a translated one (`{en, fr}`) the English or else the first text; a number as text."""
    if isinstance(value, dict):
        texts = {key: text for key, text in value.items() if isinstance(text, str) and text}
        return texts.get("en") or next(iter(texts.values()), "")
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return ""
    return str(value)


def first(source: Mapping[str, Any], *names: str) -> Any:
    """The first of these fields that is neither missing, null nor empty; else an empty text."""
    return next((source[name] for name in names if source.get(name) not in (None, "", [], {})), "")
