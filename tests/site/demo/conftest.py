"""The demonstration is made once for all tests of this folder: it takes as long as hundreds of others."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.db import transaction

from hallway.site.demo import prepare

NOON = datetime.fromisoformat("2026-11-26T10:20+02:00")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """One worker has them all, and those that make it of their own stand first, where nothing is made yet."""
    here = Path(__file__).parent
    own = [item for item in items if isinstance(item, pytest.Function) and item.path.parent == here]
    for item in own:
        item.add_marker(pytest.mark.xdist_group("demonstration"))
    own.sort(key=lambda item: "made" in item.fixturenames)
    places = [place for place, item in enumerate(items) if item in own]
    for place, item in zip(places, own, strict=True):
        items[place] = item


@pytest.fixture(scope="package")
def made(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """Each test works in a savepoint above it."""
    with django_db_blocker.unblock(), transaction.atomic():
        with time_machine.travel(NOON, tick=False):
            assert prepare() is True
        yield
        transaction.set_rollback(True)


@pytest.fixture
def now(made: None, db: None) -> Iterator[time_machine.Traveller]:
    """The moment it was made at; the clock stands still and is moved by the test."""
    with time_machine.travel(NOON, tick=False) as travelled:
        yield travelled


@pytest.fixture
def prepared(now: time_machine.Traveller) -> datetime:
    return NOON
