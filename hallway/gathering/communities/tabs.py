"""Parts of a community's pages. Higher packages register theirs; the masthead shows them as doors, with counts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from .models import Community

Maker = Callable[[Community, Any], "Tab | None"]
MAKERS: list[tuple[int, Maker]] = []


@dataclass(frozen=True)
class Tab:
    """One door: ``key`` is compared with the page's own, ``count`` stands behind the label when there is one."""

    key: str
    label: str | Promise
    address: str
    count: int | None = None


def tab(*, order: int) -> Callable[[Maker], Maker]:
    """Register a function ``(community, reader) -> Tab | None``; lower ``order`` comes first. One query at most."""

    def register(maker: Maker) -> Maker:
        MAKERS.append((order, maker))
        MAKERS.sort(key=lambda entry: entry[0])
        return maker

    return register


def community_tabs(community: Community, reader: Any = None) -> list[Tab]:
    """The doors of a community for a reader (a person or None)."""
    return [made for _order, maker in MAKERS if (made := maker(community, reader)) is not None]


@tab(order=10)
def meetups(community: Community, reader: Any) -> Tab:
    return Tab("meetups", _("Meet-ups"), reverse("communities:page", args=[community.slug]))


@tab(order=70)
def people(community: Community, reader: Any) -> Tab:
    return Tab("people", _("People"), reverse("communities:people", args=[community.slug]))


@tab(order=90)
def about(community: Community, reader: Any) -> Tab:
    return Tab("about", _("About"), reverse("communities:about", args=[community.slug]))
