"""Parts of an event's page. Higher packages register theirs; the masthead shows them as doors, with counts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from .models import Event

Maker = Callable[[Event, Any], "Tab | None"]
MAKERS: list[tuple[int, Maker]] = []


@dataclass(frozen=True)
class Tab:
    """One door: ``key`` is compared with the page's own, ``count`` stands behind the label when there is one."""

    key: str
    label: str | Promise
    address: str
    count: int | None = None


def tab(*, order: int) -> Callable[[Maker], Maker]:
    """Register a function ``(event, reader) -> Tab | None``; lower ``order`` comes first. It may run two queries."""

    def register(maker: Maker) -> Maker:
        MAKERS.append((order, maker))
        MAKERS.sort(key=lambda entry: entry[0])
        return maker

    return register


def tabs_of(event: Event, reader: Any = None) -> list[Tab]:
    """The doors of an event for a reader (a person or None)."""
    return [made for _order, maker in MAKERS if (made := maker(event, reader)) is not None]


@tab(order=90)
def about(event: Event, reader: Any) -> Tab:
    return Tab("about", _("About"), reverse("events:page", args=[event.slug]))
