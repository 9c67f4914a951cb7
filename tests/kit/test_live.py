from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

import pytest
from django.db import transaction

from hallway.kit import live
from hallway.kit.actors import SystemPerson
from hallway.kit.facts import INSIDE, Fact, announce
from hallway.kit.models import FactRow

HERE = SystemPerson("tests")


@dataclass(frozen=True)
class DoorOpened(Fact):
    kind = "tests.door_opened"
    sentence = ""
    event_id: int


@pytest.fixture
def sent() -> Iterator[list[tuple[str, int, str, str]]]:
    heard: list[tuple[str, int, str, str]] = []
    live.renders(DoorOpened)(lambda fact, row: f"door of {fact.event_id}")
    before = list(live._publisher)
    live.use(lambda channel, number, name, data: heard.append((channel, number, name, data)))
    yield heard
    live._publisher[:] = before
    live.RENDERERS.pop(DoorOpened.kind)
    INSIDE.pop(DoorOpened, None)


@pytest.mark.django_db(transaction=True)
def test_a_fact_is_sent_after_its_commit_and_not_before(at: datetime, sent: list[tuple[str, int, str, str]]) -> None:
    with transaction.atomic():
        row = announce(DoorOpened(event_id=7), by=HERE, at=at)
        assert sent == []
    assert sent == [("public/event:7", row.pk, "door_opened", "door of 7")]


@pytest.mark.django_db(transaction=True)
def test_a_fact_that_is_rolled_back_is_never_sent(at: datetime, sent: list[tuple[str, int, str, str]]) -> None:
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        announce(DoorOpened(event_id=7), by=HERE, at=at)
        _ = 1 / 0
    assert sent == []


@pytest.mark.django_db(transaction=True)
def test_catch_up_gives_what_was_missed_in_order(at: datetime, sent: list[tuple[str, int, str, str]]) -> None:
    rows: list[FactRow] = []
    for event in (7, 8, 7, 7):
        with transaction.atomic():
            rows.append(announce(DoorOpened(event_id=event), by=HERE, at=at))
    missed = live.catch_up("public/event:7", rows[0].pk)
    assert missed == [(row.pk, "door_opened", "door of 7") for row in rows[2:]]
