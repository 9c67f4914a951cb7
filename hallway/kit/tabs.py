"""The doors from a page to its parts: the package of the page opens a row of them, higher packages add theirs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from django.utils.functional import Promise

Thing = TypeVar("Thing")


@dataclass(frozen=True)
class Tab:
    """One door: ``key`` is compared with the page's own, ``count`` stands behind the label when there is one."""

    key: str
    label: str | Promise
    address: str
    count: int | None = None


class Tabs(Generic[Thing]):
    """The doors of one kind of thing, in their order."""

    def __init__(self) -> None:
        self._makers: list[tuple[int, Callable[[Thing, Any], Tab | None]]] = []

    def add(self, *, order: int) -> Callable[[Callable[[Thing, Any], Tab | None]], Callable[[Thing, Any], Tab | None]]:
        """Register ``(thing, reader) -> Tab | None``; lower ``order`` comes first. Two queries at most."""

        def register(maker: Callable[[Thing, Any], Tab | None]) -> Callable[[Thing, Any], Tab | None]:
            self._makers.append((order, maker))
            self._makers.sort(key=lambda entry: entry[0])
            return maker

        return register

    def of(self, thing: Thing, reader: Any = None) -> list[Tab]:
        """The doors of a thing for a reader (a person or None)."""
        return [made for _order, maker in self._makers if (made := maker(thing, reader)) is not None]
