"""Live is one way out: people act by POST, the action commits, the fact is rendered once and sent to every listener.

A package renders its facts in ``live.py`` with :func:`renders`. A fact reaches the channels ``public/<scope>`` of its
scopes (``public/event:14``). The row's id is the event's id, so a reader who comes back gets what they missed.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db import transaction

from . import facts
from .models import FactRow

Publisher = Callable[[str, int, str, str], None]

RENDERERS: dict[str, Callable[[Any, FactRow], str]] = {}
MOST_MISSED = 500
_publisher: list[Publisher] = []


def renders(*kinds: type[facts.Fact]) -> Callable[[Callable[[Any, FactRow], str]], Callable[[Any, FactRow], str]]:
    """Register what a fact looks like to listeners: one line or some HTML, the same for everybody."""

    def register(renderer: Callable[[Any, FactRow], str]) -> Callable[[Any, FactRow], str]:
        for kind in kinds:
            RENDERERS[kind.kind] = renderer
            facts.inside(kind)(_send_after_commit)
        return renderer

    return register


def use(publisher: Publisher) -> None:
    """Tell the kit how this process reaches listeners: ``publish(channel, id, name, data)``, from any thread."""
    _publisher[:] = [publisher]


def _send_after_commit(fact: facts.Fact, row: FactRow) -> None:
    channels = [f"public/{scope}" for scope in fact.scopes()]

    def send() -> None:
        data = RENDERERS[row.kind](fact, row)
        for publish in _publisher:
            for channel in channels:
                publish(channel, row.pk, name_of(row.kind), data)

    transaction.on_commit(send)


def name_of(kind: str) -> str:
    """The event's name in the stream: ``schedule.schedule_released`` → ``schedule_released``."""
    return kind.rpartition(".")[2]


def catch_up(channel: str, last_id: int) -> list[tuple[int, str, str]]:
    """What a channel said after ``last_id``: ``(id, name, data)``, oldest first, at most MOST_MISSED."""
    rows = FactRow.objects.filter(
        pk__gt=last_id, scopes__key=channel.removeprefix("public/"), kind__in=list(RENDERERS)
    ).order_by("pk")[:MOST_MISSED]
    revived = ((row, facts.revive(row)) for row in rows)
    return [(row.pk, name_of(row.kind), RENDERERS[row.kind](fact, row)) for row, fact in revived if fact is not None]
