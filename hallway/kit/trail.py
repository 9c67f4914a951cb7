"""The trail: who did what, read from the facts, in the reader's language.

A package registers how its ids are named: ``name_of("event", function)`` where the function takes a set of ids and
returns ``{id: name}``. Names are looked up when the trail is read, so an erased person's name is gone from it too.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from . import facts
from .models import FactRow

NAMES: dict[str, Callable[[set[int]], dict[int, str]]] = {}


@dataclass(frozen=True)
class Entry:
    """One line of a trail."""

    at: datetime
    sentence: str
    kind: str


def name_of(kind: str, function: Callable[[set[int]], dict[int, str]]) -> None:
    """Register how ids of this kind (the ``<kind>_id`` fields of facts) are named."""
    NAMES[kind] = function


def entries(scope: str, *, most: int = 100) -> list[Entry]:
    """The newest lines of one trail (``community:3``), newest first."""
    return _said(FactRow.objects.filter(scopes__key=scope).order_by("-at", "-id")[:most])


def done_by(actor_key: str) -> list[Entry]:
    """Everything one person did, oldest first, in words."""
    return _said(FactRow.objects.filter(by_key=actor_key).order_by("at", "id"))


def _said(rows: Iterable[FactRow]) -> list[Entry]:
    pairs = [(row, fact) for row in rows if (fact := facts.revive(row)) is not None]
    names = _look_up((row.by_key, row.payload) for row, _fact in pairs)
    return [Entry(row.at, _(fact.sentence) % _params(row, names), row.kind) for row, fact in pairs if fact.sentence]


def _look_up(pairs: Iterable[tuple[str, dict[str, Any]]]) -> dict[str, dict[int, str]]:
    wanted: dict[str, set[int]] = defaultdict(set)
    for by_key, payload in pairs:
        kind, _sep, ident = by_key.partition(":")
        if kind == "person" and ident.isdigit():
            wanted["person"].add(int(ident))
        for key, value in payload.items():
            if key.endswith("_id") and isinstance(value, int):
                wanted[_kind_of(key)].add(value)
    return {kind: NAMES[kind](ids) for kind, ids in wanted.items() if kind in NAMES}


def _kind_of(key: str) -> str:
    return key.removesuffix("_id")


def _params(row: FactRow, names: dict[str, dict[int, str]]) -> defaultdict[str, str]:
    nobody = _("somebody who left")
    params: defaultdict[str, str] = defaultdict(lambda: "…")
    kind, _sep, ident = row.by_key.partition(":")
    if kind == "person" and ident.isdigit():
        params["by"] = names.get("person", {}).get(int(ident), nobody)
    else:
        params["by"] = _("Hallway itself") if kind == "system" else _("a visitor")
    for key, value in row.payload.items():
        if key.endswith("_id") and isinstance(value, int):
            params[_kind_of(key)] = names.get(_kind_of(key), {}).get(value, _("something removed"))
        params[key] = str(value)
    return params
